"""A death stops contact at once: forms that contact ask first why. A death told wrongly can be taken back."""

from datetime import timedelta

import pytest

from openfls.clinical.facts import Death
from openfls.pages.patient.entries import ENTRIES
from openfls.record.models import FactRow, Person, TaskRow
from tests.pages.test_entries import day

CONTACTING = ["follow-up", "contact", "letter"]
RANG = {"means": "phone", "outcome": "reached", "text": "spoke with the son"}


def offered(page: str, name: str) -> bool:
    """Whether the form is offered outside what stands folded away."""
    return f"/enter/{name}/" in page.split("Contact has stopped")[0]


def ring(client, world, name: str = "Doris", address: str = "", **more):
    sent = {**day("day", world.today), **RANG, "form_mark": "m1", **more}
    return client.post(world.address(name, "enter/contact/") + address, sent)


def test_forms_that_contact_are_those_about_reaching_somebody():
    assert [entry.name for entry in ENTRIES.values() if entry.contacts] == CONTACTING


def test_the_page_of_the_dead_offers_no_form_that_contacts_and_says_where_they_are(carys, world):
    dead, living = (carys.get(world.address(name)).content.decode() for name in ("Doris", "Beryl"))
    assert {name: (offered(living, name), offered(dead, name)) for name in ENTRIES if ENTRIES[name].of_fracture} == {
        name: (True, name not in CONTACTING) for name in ENTRIES if ENTRIES[name].of_fracture
    }
    assert all(f"/enter/{name}/" in dead for name in CONTACTING)
    assert "Make no contact" in dead
    assert "Contact has stopped" not in living
    assert "/enter/death/" in living
    assert "/enter/death/" not in dead


@pytest.mark.parametrize("name", CONTACTING)
def test_a_form_that_contacts_asks_first_why(carys, world, name):
    asked = carys.get(world.address("Doris", f"enter/{name}/")).content.decode()
    assert "Say first why you need it" in asked
    assert 'name="form_mark"' not in asked
    chosen = carys.get(world.address("Doris", f"enter/{name}/?although=family")).content.decode()
    assert 'name="form_mark"' in chosen
    assert 'value="family" checked' in chosen
    assert "Make no contact" in chosen


def test_no_answer_or_one_that_there_is_not_is_no_reason(carys, world):
    for query in ("although=", "although=because"):
        page = carys.get(world.address("Doris", f"enter/contact/?{query}")).content.decode()
        assert "There is a problem" in page


def test_the_reason_stands_on_the_record(carys, world):
    assert ring(carys, world, although="family").status_code == 302
    texts = [row.body["text"] for row in FactRow.objects.filter(kind="note", by="carys").order_by("number")]
    reason = "Attempt to reach the patient, after the death: Speaking with the family or a carer after the death."
    assert texts == ["spoke with the son", reason]


def test_a_death_that_came_in_while_the_form_stood_open_stops_it_and_keeps_what_was_typed(carys, world):
    before = FactRow.objects.count()
    page = ring(carys, world).content.decode()
    assert "The patient has died: choose why this is entered all the same" in page
    assert "spoke with the son" in page
    assert FactRow.objects.count() == before
    ring(carys, world, although="before")
    assert FactRow.objects.filter(kind="contact attempt").count() == 1


def test_the_living_are_asked_nothing(carys, world):
    assert "although" not in carys.get(world.address("Beryl", "enter/contact/")).content.decode()
    ring(carys, world, "Beryl")
    assert FactRow.objects.filter(kind="contact attempt").count() == 1


@pytest.mark.parametrize("name", ["assessment", "note", "treatment"])
def test_other_forms_warn(carys, world, name):
    page = carys.get(world.address("Doris", f"enter/{name}/")).content.decode()
    assert "Make no contact" in page
    assert "Enter only what was done before the death" in page


def death_of(world, name: str = "Doris") -> str:
    return FactRow.objects.filter(kind="death", record=world.key(name)).latest("number").fact_id


def take_back(client, world, fact: str, name: str = "Doris"):
    sent = {"reason": "she answered the telephone", "form_mark": fact[:8]}
    return client.post(f"/patients/{world.key(name)}/facts/{fact}/take-back/", sent)


def open_steps(world, name: str = "Doris") -> set[str]:
    tasks = TaskRow.objects.filter(person__records__key=world.key(name), state="open")
    return set(tasks.values_list("step", flat=True))


def test_a_death_that_a_feed_told_wrongly_is_taken_back_with_a_reason(carys, world):
    assert open_steps(world) == {"confirm closing"}
    page = carys.get(world.address("Doris")).content.decode()
    assert f"/facts/{death_of(world)}/take-back/" in page
    reply = take_back(carys, world, death_of(world))
    page = carys.get(reply.url).content.decode()
    assert "Ask the sender to correct it" in page
    assert "she answered the telephone" in page
    assert "Make no contact" not in page
    assert Person.objects.get(records__key=world.key("Doris")).died_on is None
    assert "confirm closing" not in open_steps(world)
    assert open_steps(world)


def test_after_a_confirmation_too_the_tasks_come_back_with_the_patient(carys, world):
    sent = {"close-reason": "died", "close-form_mark": "m"}
    carys.post(world.address("Doris", "tasks/confirm-closing/close/"), sent)
    assert open_steps(world) == set()
    take_back(carys, world, death_of(world))
    assert open_steps(world) == {"assess falls", "decide on DXA", "decide treatment", "tell the GP"}


def test_a_feed_that_says_it_again_is_believed(carys, world):
    first = FactRow.objects.get(fact_id=death_of(world)).to_fact()
    take_back(carys, world, first.id)
    later = {"version": world.known(0) + timedelta(days=1), "known": world.known(0), "key": first.statement}
    again = world.said(Death, first.record, 5, **later)
    world.enter(again)
    assert Person.objects.get(records__key=world.key("Doris")).died_on == world.day(5)


def test_it_stands_above_a_message_whose_clock_runs_ahead(carys, world):
    doris = world.sightings["Doris"].record
    ahead = {"version": world.known(0) + timedelta(days=2), "key": "X1A/patient/A103/death"}
    world.enter(world.said(Death, doris, 4, **ahead))
    for fact in FactRow.objects.filter(kind="death").values_list("fact_id", flat=True):
        take_back(carys, world, fact)
    assert Person.objects.get(records__key=world.key("Doris")).died_on is None


def test_nothing_else_that_a_feed_said_is_taken_back_here(carys, world):
    assert take_back(carys, world, world.sighting_id("Doris")).status_code == 404
    assert carys.get(f"/patients/{world.key('Doris')}/facts/{death_of(world)}/correct/").status_code == 404


def test_a_death_that_only_another_trust_tells_says_who_can_take_it_back(carys, world):
    record = world.sightings["Beryl"].record
    told = world.said(Death, record, 3, "X1E/pas", site="X1E01")
    world.enter(told)
    page = carys.get(world.address("Beryl")).content.decode()
    assert "Make no contact" in page
    assert "Only it can take the death back" in page
    assert take_back(carys, world, told.id, "Beryl").status_code == 404


def test_a_manager_is_offered_nothing_to_take_back(signed_in, world):
    page = signed_in("morag").get(world.address("Doris")).content.decode()
    assert "take-back" not in page
    assert "Is the death wrong" not in page
