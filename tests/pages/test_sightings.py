"""A fracture entered by hand: of somebody new, or of a patient on record."""

import pytest

from openfls.record.models import EpisodeRow, FactRow, Person
from tests.pages.test_entries import day
from tests.pages.world import NHS

FRACTURE = {
    "precision": "exact", "body_site": "wrist", "side": "left", "how": "fracture clinic", "setting": "outpatient",
    "low_trauma": "yes", "pathological": "unknown", "text": "fell in the garden",
}  # fmt: skip
GERTRUDE = {"family_name": "Gale", "given_name": "Gertrude", "sex": "female", "site": "X1A01"}


def send(client, world, answers: dict, when=None, mark: str = "m1"):
    sent = {**day("day", when or world.day(2)), **FRACTURE, **GERTRUDE, "form_mark": mark, **answers}
    return client.post("/sightings/new/", sent)


def test_somebody_new_waits_for_triage(carys, world):
    reply = send(carys, world, {"nhs_number": "999 000 0069"})
    assert reply.status_code == 302
    assert "GALE, Gertrude" in carys.get(reply.url).content.decode()
    assert "GALE, Gertrude" in carys.get("/triage/").content.decode()


def test_the_number_of_somebody_on_record_joins_her(carys, world):
    people = Person.objects.count()
    send(carys, world, {"nhs_number": NHS[0], "family_name": "Smith", "given_name": "Anne"})
    send(carys, world, {"hospital_number": "A100", "family_name": "Smith", "given_name": "Anne"}, mark="m2")
    assert Person.objects.count() == people


def test_a_hospital_number_belongs_to_the_sites_trust(carys, world):
    send(carys, world, {"hospital_number": "A999"})
    body = FactRow.objects.filter(by="carys").latest("number").body
    assert body["record"]["hospital_numbers"] == [["X1A", "A999"]]


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"nhs_number": "999 000 0019"}, "This NHS number fails its check"),
        ({}, "Enter a number, or the family name and the date of birth"),
        ({"nhs_number": "9990000069", "body_site": ""}, "Choose which bone is broken"),
        ({"nhs_number": "9990000069", "low_trauma": ""}, "Choose whether it was a fall from standing height or less"),
        ({"nhs_number": "9990000069", "site": "X1E01"}, "Select a valid choice"),
    ],
)
def test_a_form_that_does_not_add_up_saves_nothing(carys, world, answers, problem):
    before = FactRow.objects.count()
    assert problem in send(carys, world, answers).content.decode()
    assert FactRow.objects.count() == before


def test_an_approximate_date_says_how_exact_it_is(carys, world):
    send(carys, world, {"nhs_number": "9990000069", "precision": "month"})
    episode = EpisodeRow.objects.get(person__nhs_number="9990000069")
    assert (episode.index_precision, episode.index_start.day) == ("interval", 1)


def test_another_fracture_of_a_patient_on_record(carys, world):
    sent = {**day("day", world.day(2)), **FRACTURE, "form_mark": "m1"}
    carys.post(f"/patients/{world.key('Beryl')}/sightings/new/", sent)
    assert EpisodeRow.objects.filter(person__records__key=world.key("Beryl")).count() == 2


def test_a_sighting_in_the_future_is_refused(carys, world):
    from datetime import timedelta

    reply = send(carys, world, {"nhs_number": "9990000069"}, when=world.today + timedelta(days=1))
    assert "must be today or in the past" in reply.content.decode()


def test_nobody_is_born_after_the_fracture(carys, world):
    refused = send(carys, world, day("born", world.day(1)), when=world.day(3))
    assert "The date of birth lies after the fracture" in refused.content.decode()
    assert not Person.objects.filter(family_name="GALE").exists()
