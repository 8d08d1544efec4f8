"""A person known to two trusts: what one of them knows of address and ward is not the other's to see."""

from dataclasses import replace
from datetime import date

import pytest
from django.contrib.auth import get_user_model

from openfls.clinical.facts import Demographics, Note
from openfls.clinical.patients import PatientRecord
from openfls.clinical.standards import Role
from openfls.clinical.when import on
from openfls.coordination import enter, rebuild
from openfls.record import organisations, users
from openfls.record.access import facts_of, viewer_of, worklist_of
from openfls.record.models import DoubtRow, Person, TaskRow
from tests.coordination import stories

pytestmark = pytest.mark.django_db(databases="__all__")
TODAY = date(2026, 3, 20)
ANN = stories.record()


@pytest.fixture
def viewer():
    plain = {
        "trusts": [
            {"code": "X1A", "name": "One", "sites": [{"code": "X1A01", "name": "One"}]},
            {"code": "X2B", "name": "Two", "sites": [{"code": "X2B01", "name": "Two"}]},
        ]
    }
    organisations.load(plain, by="test")
    for name, site in (("here", "X1A01"), ("there", "X2B01")):
        users.create_user(name, "seven green bicycles", {site: [Role.COORDINATOR]}, by="test")
    home = Demographics(
        record=ANN,
        occurred=on(stories.DAY),
        known=stories.KNOWN,
        source=stories.source("X1A/pas"),
        phone="01632 960139",
    )
    enter([stories.sighting(ANN), home], by="X1A/pas", today=TODAY)
    return lambda name: viewer_of(get_user_model().objects.get(username=name))


def kinds(viewer, person) -> set[str]:
    return {row.kind for row in facts_of(person, viewer)}


def test_whoever_knows_only_an_nhs_number_comes_to_nobody_by_it(viewer):
    blank = PatientRecord(nhs_number=ANN.nhs_number)
    enter([stories.sighting(blank, site="X2B01")], by="there", today=TODAY)
    assert Person.objects.count() == 2
    assert "neither name nor date of birth" in DoubtRow.objects.get().because
    assert kinds(viewer("there"), Person.objects.get(records__key=blank.key)) == {"fracture sighting"}


def test_one_person_at_two_trusts_shows_each_its_own_facts_and_address(viewer):
    again = PatientRecord(nhs_number=ANN.nhs_number, family_name="Smith", birth_date=ANN.birth_date)
    said = {"occurred": on(stories.DAY), "known": stories.KNOWN, "source": stories.source("hand/there")}
    note = Note(record=again, text="x", by="there", **said)
    enter([stories.sighting(again, site="X2B01"), note], by="there", today=TODAY)
    person = Person.objects.get()
    assert kinds(viewer("here"), person) == {"fracture sighting", "demographics"}
    assert kinds(viewer("there"), person) == {"fracture sighting", "note"}
    assert {row.site for row in facts_of(person, viewer("there")).filter(kind="fracture sighting")} == {"X2B01"}


# ---- a place that nobody knows


@pytest.mark.parametrize(
    ("source", "seen_at", "answers"),
    [
        ("X1A/pas", {"MAIN", "X1A01"}, "X1A01"),
        ("X1A01/pas", {"MAIN", "X1A01"}, "X1A01"),
        ("X3C/pas", {"MAIN", "X3C01", "X3C02"}, None),
        ("exports", {"MAIN"}, "MAIN"),
    ],
    ids=["a trust of one site", "a site", "a trust of two sites: nobody's own yet", "a source that nobody knows"],
)
def test_a_patient_at_a_place_that_nobody_knows_is_on_the_list_of_whoever_answers_for_the_feed(
    viewer, source, seen_at, answers
):
    sites = [{"code": code, "name": code} for code in ("X3C01", "X3C02")]
    organisations.load({"trusts": [{"code": "X3C", "name": "Three", "sites": sites}]}, by="test")
    bea = stories.record("Bea", None, "2", date(1950, 1, 1))
    enter([replace(stories.sighting(bea, site="MAIN"), source=stories.source(source))], by="test", today=TODAY)
    person = Person.objects.get(family_name="Smith", birth_date=date(1950, 1, 1))
    task = TaskRow.objects.get(person=person)
    assert {row.site for row in person.sites.all()} == seen_at
    assert {row.site for row in task.episode.sites.all()} == seen_at
    assert task.site == task.episode.site == answers
    assert worklist_of(viewer("here")).filter(person=person).exists() is ("X1A01" in seen_at)
    assert not worklist_of(viewer("there")).filter(person=person).exists()
    enter([stories.enrolled(stories.sighting(bea))], by="test", today=TODAY)
    rebuild(TODAY)
    assert {row.site for row in Person.objects.get(key=person.key).sites.all()} == seen_at
