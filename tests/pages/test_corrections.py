"""What a person entered can be corrected or taken back; it is kept, and what a feed said is its sender's to correct."""

from openfls.record.models import FactRow, TaskRow
from tests.pages.test_entries import day


def note(client, world, text: str = "seen on Monday") -> FactRow:
    client.post(world.address("Beryl", "enter/note/"), {**day("day", world.today), "text": text, "form_mark": "m1"})
    return FactRow.objects.filter(kind="note").latest("number")


def place(world, fact: str, what: str, name: str = "Beryl") -> str:
    return f"/patients/{world.key(name)}/facts/{fact}/{what}/"


def test_a_correction_stands_and_the_first_version_is_kept(carys, world):
    fact = note(carys, world)
    sent = {**day("day", world.today), "text": "seen on Tuesday", "form_mark": "m2"}
    carys.post(place(world, fact.fact_id, "correct"), sent)
    page = carys.get(world.address("Beryl")).content.decode()
    assert "seen on Tuesday" in page
    assert "seen on Monday" not in page
    assert "2 versions" in page
    assert FactRow.objects.filter(kind="note").count() == 2


def test_the_form_opens_with_what_was_said(carys, world):
    fact = note(carys, world)
    assert "seen on Monday" in carys.get(place(world, fact.fact_id, "correct")).content.decode()


def test_every_kind_of_fact_that_a_form_makes_can_be_corrected(signed_in, world):
    from tests.pages.test_entries import ASSESSED, RECOMMENDED, send

    nadia = signed_in("nadia")
    send(nadia, world, "assessment", ASSESSED | {"tool": "FRAX UK", "major": "20"})
    send(nadia, world, "treatment", RECOMMENDED | {"begins": "prescribed", "where": "inpatient"})
    send(nadia, world, "dxa", {"neck": "-2.5"})
    for fact in FactRow.objects.filter(by="nadia"):
        assert nadia.get(place(world, fact.fact_id, "correct")).status_code == 200, fact.kind


def test_a_corrected_score_stays_a_number(carys, world):
    carys.post(world.address("Beryl", "enter/dxa/"), {**day("day", world.today), "neck": "-2.5", "form_mark": "m"})
    fact = FactRow.objects.get(kind="DXA result")
    sent = {**day("day", world.today), "region": "femoral neck", "side": "left", "t_score": "-2.7", "form_mark": "m2"}
    carys.post(place(world, fact.fact_id, "correct"), sent)
    corrected = FactRow.objects.filter(kind="DXA result").latest("number").body
    assert (corrected["t_score"], corrected["side"], corrected["by"]) == (-2.7, "left", "carys")


def test_taking_back_needs_a_reason_and_keeps_it(carys, world):
    fact = note(carys, world)
    assert "Enter why it is taken back" in carys.post(place(world, fact.fact_id, "take-back")).content.decode()
    carys.post(place(world, fact.fact_id, "take-back"), {"reason": "wrong patient", "form_mark": "m2"})
    page = carys.get(world.address("Beryl")).content.decode()
    assert "taken back" in page
    assert "wrong patient" in page


def test_an_assessment_taken_back_opens_its_task_again(carys, world):
    sent = {**day("day", world.today), "assessor": "nurse", "form_mark": "m1"}
    carys.post(world.address("Beryl", "enter/assessment/"), sent)
    task = TaskRow.objects.filter(person__records__key=world.key("Beryl"), step="assess")
    assert task.get().state == "done"
    fact = FactRow.objects.filter(kind="FLS assessment").latest("number")
    carys.post(place(world, fact.fact_id, "take-back"), {"reason": "wrong patient", "form_mark": "m2"})
    assert task.get().state == "open"


def test_what_was_taken_back_is_not_corrected_any_more(carys, world):
    fact = note(carys, world)
    carys.post(place(world, fact.fact_id, "take-back"), {"reason": "wrong patient", "form_mark": "m2"})
    assert carys.get(place(world, fact.fact_id, "correct")).status_code == 404


def test_what_a_feed_said_is_not_corrected_here(carys, world):
    assert carys.get(place(world, world.sighting_id("Beryl"), "correct")).status_code == 404
    assert carys.post(place(world, world.sighting_id("Beryl"), "take-back"), {"reason": "x"}).status_code == 404


def test_a_fact_of_one_patient_is_not_found_under_another(carys, world):
    fact = note(carys, world)
    assert carys.get(place(world, fact.fact_id, "correct", "Anne")).status_code == 404
