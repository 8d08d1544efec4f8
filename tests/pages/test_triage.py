"""Triage: an answer is a fact in its author's name, about exactly what was shown, and can be taken back."""

import pytest

from openfls.clinical.facts import Answer, BodySite, Finder
from openfls.record.models import EpisodeRow, FactRow
from tests.pages.world import ELSEWHERE, HOME


def status_of(world, name: str) -> str:
    return EpisodeRow.objects.get(person__records__key=world.key(name)).status


def answer(client, world, name: str, words: str, mark: str = "m1", **more):
    row = world.sighting_id(name)
    sent = {"row": row, f"answer-{row}": words, f"about-{row}": row, "form_mark": mark}
    return client.post("/triage/", sent, **more)


def test_the_page_shows_what_the_finders_wrote(carys, world):
    page = carys.get("/triage/").content.decode()
    assert "SMITH, Anne" in page
    assert "# left neck of femur; tripped on rug" in page


def test_enrolling_makes_the_patient_the_services_own(carys, world):
    answer(carys, world, "Anne", "enrol")
    assert status_of(world, "Anne") == "enrolled"


@pytest.mark.parametrize(
    ("words", "status"), [("not a fragility fracture", "not a fragility fracture"), ("unsure", "unsure")]
)
def test_the_other_answers_leave_triage_too(carys, world, words, status):
    answer(carys, world, "Anne", words)
    assert status_of(world, "Anne") == status


def test_undo_takes_the_last_answer_back(carys, world):
    answer(carys, world, "Anne", "enrol")
    carys.post("/triage/undo/")
    assert status_of(world, "Anne") == "to triage"


def test_undo_without_an_answer_changes_nothing(carys, world):
    before = FactRow.objects.count()
    carys.post("/triage/undo/")
    assert FactRow.objects.count() == before


def test_the_same_form_sent_twice_counts_once(carys, world):
    answer(carys, world, "Anne", "enrol")
    before = FactRow.objects.count()
    answer(carys, world, "Anne", "enrol")
    assert FactRow.objects.count() == before


def test_answered_undone_and_answered_again_is_enrolled(carys, world):
    answer(carys, world, "Anne", "enrol", mark="m1")
    carys.post("/triage/undo/")
    answer(carys, world, "Anne", "enrol", mark="m11")
    assert status_of(world, "Anne") == "enrolled"


def test_the_answer_points_at_the_sightings_that_were_shown(carys, world):
    answer(carys, world, "Anne", "enrol")
    fact = FactRow.objects.get(kind="triage decision", by="carys", record=world.key("Anne"))
    assert fact.body["about"] == [world.sighting_id("Anne")]


def test_nobody_answers_for_a_patient_of_another_trust(carys, world):
    before = FactRow.objects.count()
    answer(carys, world, "Frank", "not a fragility fracture")
    assert FactRow.objects.count() == before
    assert status_of(world, "Frank") == "enrolled"


def test_an_unknown_answer_is_no_answer(carys, world):
    answer(carys, world, "Anne", "dismiss")
    assert status_of(world, "Anne") == "to triage"


def test_a_key_press_is_told_what_became_of_it(carys, world):
    reply = answer(carys, world, "Anne", "enrol", headers={"accept": "application/json"})
    assert reply.json() == {"answered": 1}
    reply = carys.post("/triage/undo/", headers={"accept": "application/json"})
    assert reply.json() == {"row": world.sighting_id("Anne"), "left": 0}


def test_twenty_a_screen_however_many_wait(carys, world):
    from tests.pages.world import crowd

    crowd(world, 30)
    page = carys.get("/triage/").content.decode()
    assert page.count('class="openfls-triage__answers"') == 20


def test_only_those_who_care_for_patients_triage(signed_in, world):
    for name in ("morag", "ada", "grace", "nobody"):
        assert signed_in(name).get("/triage/").status_code == 404
        assert answer(signed_in(name), world, "Anne", "enrol").status_code == 404
    assert status_of(world, "Anne") == "to triage"


@pytest.mark.parametrize(("page", "words"), [("1", "Save the answers and show the next"), ("99", "Save the answers")])
def test_the_button_promises_a_next_screen_only_where_there_is_one(carys, world, page, words):
    from tests.pages.world import crowd

    crowd(world, 30)
    shown = carys.get(f"/triage/?page={page}").content.decode()
    assert f">{words}</button>" in shown


# ---- dismissed, and then a finder says more


def test_what_was_dismissed_comes_back_with_what_is_new_and_with_who_dismissed_it(carys, world):
    answer(carys, world, "Anne", "not a fragility fracture")
    assert "SMITH, Anne" not in carys.get("/triage/").content.decode()
    anne = world.sightings["Anne"].record
    world.enter(world.saw(anne, 19, Finder.CODED_DISCHARGE, body_site=BodySite.WRIST, site=HOME))
    page = carys.get("/triage/").content.decode()
    assert "SMITH, Anne" in page
    assert "Look again: coded discharge says wrist" in page
    assert "dismissed before that was known, by carys" in page
    assert status_of(world, "Anne") == "to triage again"


def test_the_second_answer_weighs_what_is_new_and_ends_it(carys, world):
    answer(carys, world, "Anne", "not a fragility fracture")
    anne = world.sightings["Anne"].record
    world.enter(world.saw(anne, 19, Finder.CODED_DISCHARGE, body_site=BodySite.WRIST))
    row = EpisodeRow.objects.get(person__records__key=world.key("Anne")).sightings
    sent = {"row": row[0], f"answer-{row[0]}": "not a fragility fracture", f"about-{row[0]}": " ".join(row)}
    carys.post("/triage/", sent | {"form_mark": "m2"})
    assert status_of(world, "Anne") == "not a fragility fracture"
    assert FactRow.objects.filter(kind="triage decision", by="carys").count() >= 2


def test_a_feed_that_says_the_same_once_more_brings_nobody_back(carys, world):
    answer(carys, world, "Anne", "not a fragility fracture")
    anne = world.sightings["Anne"].record
    world.enter(world.saw(anne, 19, Finder.CODED_DISCHARGE, low_trauma=Answer.UNKNOWN))
    assert status_of(world, "Anne") == "not a fragility fracture"


def test_a_fracture_that_another_trust_sighted_first_can_be_triaged_here(signed_in, world):
    """The row is named by a sighting that is not in this viewer's sight; the answer points at it all the same."""
    frank = world.sightings["Frank"].record
    world.enter(world.saw(frank, 100, site=ELSEWHERE), world.saw(frank, 99, Finder.CODED_DISCHARGE, site=HOME))
    carys = signed_in("carys")
    episode = EpisodeRow.objects.get(person__records__key=world.key("Frank"), status="to triage")
    row = episode.sightings[0]
    assert FactRow.objects.get(fact_id=row).site == ELSEWHERE
    sent = {"row": row, f"answer-{row}": "enrol", f"about-{row}": " ".join(episode.sightings), "form_mark": "m1"}
    assert carys.post("/triage/", sent).status_code == 302
    episode.refresh_from_db()
    assert episode.status == "enrolled"
