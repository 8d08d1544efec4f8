"""Whether treatment is taken and the latest laboratory results, on the patient page; the form of a record checked."""

import re
from datetime import timedelta

import pytest

from openfls.clinical.facts import (
    Answer,
    Death,
    DoseGiven,
    DoseNotGiven,
    FollowUpOutcome,
    LaboratoryResult,
    PrescriptionIssued,
    Status,
    TreatmentStopped,
)
from openfls.record.models import FactRow
from tests.pages.world import ELSEWHERE


@pytest.fixture
def nadia(signed_in):
    return signed_in("nadia")


def page_of(client, world, name: str = "Beryl") -> str:
    text = client.get(world.address(name)).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def tell(world, kind, days_ago: int, **more):
    medicine = kind in (PrescriptionIssued, DoseGiven, DoseNotGiven, TreatmentStopped)
    details = {"drug": "alendronate", "bone_drug": Answer.YES} if medicine else {}
    fact = world.said(kind, world.sightings["Beryl"].record, days_ago, "X1A/list", **details | more)
    world.enter(fact)
    return fact


def test_without_any_source_it_is_unknown_whether_treatment_is_taken(nadia, world):
    assert "unknown because no medicine issued, no dose given and no answer at a follow-up is on record" in page_of(
        nadia, world
    )


def test_days_covered_and_the_last_issue_are_told_with_their_source(nadia, world):
    first = world.sightings["Beryl"].occurred.start
    ago = (world.today - first).days
    tell(world, PrescriptionIssued, ago, days_supplied=5)
    page = page_of(nadia, world)
    assert f"covered 5 of {ago} days since {first:%d %b %Y} ({500 // ago}%)" in page
    assert f"Last issued : alendronate, {first:%d %b %Y}, for 5 days because X1A/list" in page
    assert "unknown because no medicine" not in page


@pytest.mark.parametrize(("days_ago", "said"), [(10, "Next injection due"), (300, "Next injection was due")])
def test_the_next_injection_is_due_from_the_dose_given_and_lateness_is_said(nadia, world, days_ago, said):
    tell(world, DoseGiven, days_ago, drug="denosumab")
    page = page_of(nadia, world)
    assert f"{said} : denosumab" in page
    assert "every 6 months by its label (not clinically checked)" in page
    assert ("days ago" in page.split(said)[1][:60]) == (days_ago == 300)


def test_nothing_is_due_for_one_who_has_died(nadia, world):
    tell(world, DoseGiven, 10, drug="denosumab")
    tell(world, Death, 1)
    page = page_of(nadia, world)
    assert "Next injection" not in page
    assert "Last dose : denosumab" in page


def test_what_was_said_refused_and_stopped_stands_beside_and_apart(nadia, world):
    tell(world, FollowUpOutcome, 3, on_treatment=Answer.NO, reason="side effects")
    tell(world, DoseNotGiven, 4, drug="denosumab", reason="DNA")
    tell(world, TreatmentStopped, 2, reason="dyspepsia", for_now=Answer.YES)
    page = page_of(nadia, world)
    for said in ("Said at follow-up : not on treatment", "because side effects", "Not given : denosumab", "because DNA",
                 "Held for now : alendronate", "because dyspepsia"):  # fmt: skip
        assert said in page


def test_what_another_trust_knows_of_her_medicines_is_not_told(nadia, world):
    tell(world, DoseGiven, 10, drug="denosumab", site=ELSEWHERE)
    assert "Next injection" not in page_of(nadia, world)


# --- a record that was looked into


def send(client, world, answers: dict):
    checked = {"day-day": str(world.today.day), "day-month": str(world.today.month), "day-year": str(world.today.year)}
    address = world.address("Beryl", "enter/record-checked/")
    return client.post(address, checked | {"looked_in": "general practice record", "form_mark": "m1"} | answers)


def issued_on(day) -> dict[str, str]:
    return {
        f"last_issued-{part}": str(getattr(day, part)) for part in ("day", "month", "year")
    }  # fmt: skip


def entered() -> list[tuple[str, dict]]:
    return [(row.kind, row.body) for row in FactRow.objects.filter(by="nadia").order_by("number")]


def test_a_record_checked_tells_the_check_and_the_issue_that_was_found(nadia, world):
    day = world.today - timedelta(days=4)
    send(nadia, world, {"found": "yes", "drug": "Alendronate", "days": "28"} | issued_on(day))
    (checked, said), (issued, of) = entered()
    assert (checked, issued) == ("medicines record checked", "prescription issued")
    assert (said["found"], said["last_issued"]) == ("yes", day.isoformat())
    assert (of["occurred"], of["days_supplied"], of["bone_drug"]) == ([day.isoformat()], 28, "yes")
    page = page_of(nadia, world)
    assert f"Last issued : Alendronate, {day:%d %b %Y}, for 28 days" in page


def test_another_treatment_beside_a_chosen_one_is_not_dropped_in_silence(nadia, world):
    found = {"found": "yes", "drug": "Alendronate", "other_drug": "calcitonin"} | issued_on(world.today)
    assert "Choose “Another, named below”" in send(nadia, world, found).content.decode()
    assert entered() == []


def test_nothing_found_is_one_fact_and_leaves_it_unknown(nadia, world):
    send(nadia, world, {"found": "no"})
    [(kind, said)] = entered()
    assert (kind, said["found"]) == ("medicines record checked", "no")
    page = page_of(nadia, world)
    assert "general practice record checked" in page
    assert "nothing found" in page
    assert "Record checked" in page


def test_a_name_typed_in_is_known_by_the_list_of_bone_drugs(nadia, world):
    told = {"found": "yes", "drug": "other", "other_drug": "Alendronic acid 70mg"} | issued_on(world.today)
    send(nadia, world, told)
    assert entered()[1][1]["bone_drug"] == "yes"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "Choose what was found"),
        ({"found": "yes"}, "Choose the bone treatment"),
        ({"found": "yes", "drug": "Alendronate"}, "Enter the date it was last issued"),
        ({"found": "no", "drug": "Alendronate"}, "or empty what was issued"),
        ({"found": "yes", "drug": "other"}, "Enter the name of the treatment"),
        ({"found": "yes", "drug": "Alendronate", "days": "soon"}, "must be a whole number, like 28"),
        ({"found": "yes", "drug": "Alendronate", "days": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_is_missing_or_contradicts_itself_is_said_and_nothing_is_kept(nadia, world, answers, said):
    assert said in send(nadia, world, answers).content.decode()
    assert entered() == []


def test_it_cannot_have_been_issued_after_the_record_was_checked(nadia, world):
    checked = world.today - timedelta(days=3)
    answers = {"found": "yes", "drug": "Alendronate"} | issued_on(world.today)
    answers |= {f"day-{part}": str(getattr(checked, part)) for part in ("day", "month", "year")}
    assert "issued after the record was checked" in send(nadia, world, answers).content.decode()


# --- laboratory results


def result(world, days_ago: int, value: str, unit: str, analyte: str, **more):
    return tell(world, LaboratoryResult, days_ago, value=value, unit=unit, analyte=analyte, **more)


def test_the_latest_result_of_each_test_stands_with_date_age_unit_and_source(nadia, world):
    result(world, 40, "120", "umol/L", "creatinine")
    result(world, 3, "98.0", "umol/L", "creatinine")
    page = page_of(nadia, world)
    assert f"Creatinine 98 µmol/L {world.day(3):%d %b %Y} 3 days ago; X1A/list" in page
    latest, _, timeline = page.partition("Timeline")
    assert "120" not in latest.partition("Latest laboratory results")[2]
    assert "120 umol/L" in timeline


def test_another_unit_is_compared_in_one_and_shown_as_it_was_written(nadia, world):
    result(world, 1, "1.2", "mg/dL", "creatinine")
    result(world, 1, "55", "mL/min", "eGFR")
    page = page_of(nadia, world)
    assert "Creatinine 106 µmol/L written 1.2 mg/dL" in page
    assert "eGFR 55 mL/min " in page


def test_a_preliminary_result_and_words_in_place_of_a_number_say_so(nadia, world):
    result(world, 1, "2.31", "mmol/L", "adjusted calcium", status=Status.PRELIMINARY)
    result(world, 1, "Haemolysed", "", "creatinine")
    page = page_of(nadia, world)
    assert "Adjusted calcium 2.31 mmol/L preliminary" in page
    assert "Creatinine Haemolysed" in page


def test_what_has_no_result_is_unknown_and_not_normal(nadia, world):
    result(world, 1, "98", "umol/L", "creatinine")
    page = page_of(nadia, world)
    unknown = page.split("unknown eGFR")[1].split("no result is on record here")[0]
    assert "25-hydroxyvitamin D" in unknown
    assert "protein electrophoresis" in unknown
