"""Tasks: taken, handed over, closed with a coded reason in somebody's name, opened again, seen."""

import pytest

from openfls.clinical.facts import FlsAssessment, LetterSent
from openfls.record.models import TaskRow


def task_of(world, name: str, step: str) -> TaskRow:
    return TaskRow.objects.get(person__records__key=world.key(name), step=step)


def act(client, world, what: str, answers: dict | None = None, name: str = "Beryl", slug: str = "assess"):
    return client.post(world.address(name, f"tasks/{slug}/{what}/"), answers or {})


def test_a_task_says_why_it_is_there(carys, world):
    page = carys.get(world.address("Beryl", "tasks/assess/")).content.decode()
    assert "Assessed by the service within" in page
    assert "days late" in page


def test_taking_a_task_makes_it_ones_own(carys, world):
    act(carys, world, "take")
    assert task_of(world, "Beryl", "assess").owner == "carys"
    assert "JONES, Beryl" in carys.get("/?role=&owner=mine").content.decode()


def test_taking_it_twice_at_different_times_is_two_statements(carys, world):
    act(carys, world, "take")
    act(carys, world, "hand-over", {"handover-owner": "-", "handover-form_mark": "m"})
    assert task_of(world, "Beryl", "assess").owner == ""
    act(carys, world, "take")
    assert task_of(world, "Beryl", "assess").owner == "carys"


def test_a_task_is_handed_to_a_colleague_of_the_same_site(carys, world):
    page = carys.get(world.address("Beryl", "tasks/assess/")).content.decode()
    assert "Nadia Tester" in page
    for stranger in ("Eamon Tester", "Morag Tester", "Ada Tester"):
        assert stranger not in page
    act(carys, world, "hand-over", {"handover-owner": "nadia", "handover-text": "rings on Mondays"})
    assert task_of(world, "Beryl", "assess").owner == "nadia"


def test_nobody_hands_a_task_to_a_stranger(carys, world):
    act(carys, world, "hand-over", {"handover-owner": "eamon"})
    assert task_of(world, "Beryl", "assess").owner == ""


def test_closing_needs_a_reason(carys, world):
    reply = act(carys, world, "close", {"close-reason": ""})
    assert "Choose why it is closed" in reply.content.decode()
    assert task_of(world, "Beryl", "assess").state == "open"


def test_a_judgement_needs_words(carys, world):
    reply = act(carys, world, "close", {"close-reason": "clinically not appropriate"})
    assert "Say why, in a few words" in reply.content.decode()
    assert task_of(world, "Beryl", "assess").state == "open"


def test_closed_in_a_name_and_opened_again(carys, world):
    act(carys, world, "close", {"close-reason": "moved away"})
    closed = task_of(world, "Beryl", "assess")
    assert (closed.state, closed.because) == ("closed", ["closed by carys: moved away"])
    act(carys, world, "reopen", {"reopen-text": "she is back"})
    assert task_of(world, "Beryl", "assess").state == "open"


def test_one_confirmation_after_a_death_closes_all(carys, world):
    page = carys.get(world.address("Doris", "tasks/confirm-closing/")).content.decode()
    assert "Confirm and close" in page
    assert "Make no contact" in page
    act(carys, world, "close", {"close-reason": "died"}, "Doris", "confirm-closing")
    assert not TaskRow.objects.filter(person__records__key=world.key("Doris"), state="open").exists()


def test_what_a_feed_did_stays_until_somebody_has_seen_it(carys, world):
    beryl = world.sightings["Beryl"]
    world.enter(world.by_hand(FlsAssessment, beryl, 60), world.said(LetterSent, beryl.record, 55, about=(beryl.id,)))
    assert task_of(world, "Beryl", "tell the GP").state == "met by feed"
    assert "JONES, Beryl" in carys.get("/?role=coordinator&met=1").content.decode()
    act(carys, world, "seen", {"next": "/?role=coordinator&met=1"}, slug="tell-gp")
    assert task_of(world, "Beryl", "tell the GP").state == "done"


def test_after_an_act_the_next_page_is_one_of_ours(carys, world):
    assert act(carys, world, "take", {"next": "https://elsewhere.example/"}).url == world.address("Beryl")
    assert act(carys, world, "take", {"next": "/?role=nurse"}).url == "/?role=nurse"


@pytest.mark.parametrize("what", ["take", "close", "hand-over", "reopen", "seen"])
def test_acts_are_sent_never_followed(carys, world, what):
    assert carys.get(world.address("Beryl", f"tasks/assess/{what}/")).status_code == 405


def test_a_task_that_there_is_not_is_not_found(carys, world):
    assert carys.get(world.address("Anne", "tasks/assess/")).status_code == 404
    assert carys.get(world.address("Anne", "tasks/dance/")).status_code == 404
    assert act(carys, world, "dance").status_code == 404
