"""Lists of medicines: practices' issues, discharge medicines, injection clinics, day units, homecare deliveries."""

import csv
import io
import json
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.codes import Dmd
from openfls.clinical.facts import (
    Answer,
    Demographics,
    DoseGiven,
    DoseNotGiven,
    Fact,
    MedicinesRecordChecked,
    MedicineSupplied,
    Note,
    PrescriptionIssued,
    Setting,
    TreatmentStopped,
)
from openfls.clinical.versions import current
from openfls.clinical.when import at, on
from openfls.feeds.csv import read
from openfls.feeds.csv.mapping import Gives, Mapping
from openfls.feeds.csv.mapping_files import mapping_in
from openfls.feeds.csv.mappings import packaged
from openfls.feeds.reading import Origin, Reading

RECEIVED = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
FOLDER = files("openfls.feeds.csv")
WHO = {"NHS Number": "9990000018", "Surname": "SMITH", "Forename": "Anne", "Date of Birth": "01/02/1940"}
ROWS = {
    "practice_issues": {"Medication": "Alendronic acid 70mg tablets", "Date of Issue": "02/03/2026"},
    "discharge_medicines": {"Medicine": "Alendronic acid 70mg tablets", "Discharge Date": "19/03/2026"},
    "injection_clinic": {"Drug": "Prolia 60mg", "Clinic Date": "10/03/2026", "Outcome": "Given"},
    "day_unit": {"Treatment": "Zoledronic acid 5mg", "Treatment Date": "09/03/2026", "Outcome": "Given"},
    "homecare_deliveries": {"Product": "Teriparatide pen", "Delivery Date": "05/03/2026"},
}
FIRST = {
    "practice_issues": PrescriptionIssued,
    "discharge_medicines": PrescriptionIssued,
    "injection_clinic": DoseGiven,
    "day_unit": DoseGiven,
    "homecare_deliveries": MedicineSupplied,
}


def sample(name: str) -> Reading:
    found = read((FOLDER / f"samples/{name}.csv").read_bytes(), origin(name))
    assert isinstance(found, Reading), found
    return found


def origin(name: str, known: datetime = RECEIVED) -> Origin:
    return Origin(f"X9A/{name}", known, site="X9A01", mapping=name)


def row(name: str, **changes: str) -> Reading:
    """The one row of a list; underscores stand for spaces in headers."""
    told = WHO | ROWS[name] | {header.replace("_", " "): value for header, value in changes.items()}
    out = io.StringIO()
    writer = csv.DictWriter(out, list(told))
    writer.writeheader()
    writer.writerow(told)
    found = read(out.getvalue().encode(), origin(name))
    assert isinstance(found, Reading), found
    return found


def told_by(found: Reading) -> list[Fact]:
    assert found.unreadable == (), found.unreadable
    return [fact for fact in found.facts if not isinstance(fact, Demographics)]


def test_lists_of_medicines_and_of_opt_outs_have_no_finder_and_all_others_have_one():
    gives = {name: packaged().known[name].gives for name in packaged().names}
    seen = {name for name, what in gives.items() if what in (Gives.SIGHTINGS, Gives.AUDIT_RECORDS)}
    assert set(gives) - seen == {*ROWS, "opt_outs"}
    assert all((packaged().known[name].finder is None) == (name not in seen) for name in gives)


@pytest.mark.parametrize(
    ("name", "change"), [("practice_issues", {"finder": "ward round"}), ("trauma_meeting", {"finder": None})]
)
def test_a_mapping_of_one_kind_cannot_pass_for_the_other(name, change):
    plain = json.loads((FOLDER / f"mappings/{name}.json").read_text())
    found = mapping_in(json.dumps(plain | change).encode(), name, "own.json")
    assert not isinstance(found, Mapping)
    assert "A list of sightings has a finder, and no other list has one." in {fault.reason for fault in found}


# --- practices' issues


def test_an_issue_tells_drug_code_day_days_and_quantity():
    fact = told_by(sample("practice_issues"))[0]
    assert isinstance(fact, PrescriptionIssued)
    assert (fact.drug, fact.bone_drug, fact.codes) == ("alendronate", Answer.YES, (Dmd("39731311000001108"),))
    assert (fact.occurred, fact.days_supplied, fact.quantity) == (on(date(2026, 3, 2)), 28, 4)
    assert (fact.setting, fact.words) == (Setting.COMMUNITY, "Alendronic acid 70mg tablets")


def test_an_issue_that_ended_was_issued_and_then_stopped_with_its_reason():
    issued, stopped = told_by(row("practice_issues", Date_Ended="10/03/2026", Reason_Ended="Dyspepsia"))
    assert isinstance(issued, PrescriptionIssued)
    assert isinstance(stopped, TreatmentStopped)
    assert (stopped.occurred, stopped.reason, stopped.for_now) == (on(date(2026, 3, 10)), "Dyspepsia", Answer.NO)


def test_a_record_in_which_nothing_was_found_says_so_and_an_empty_cell_does_not():
    [fact] = told_by(row("practice_issues", Medication="Nothing found", Date_of_Issue="", Search_Date="18/03/2026"))
    assert isinstance(fact, MedicinesRecordChecked)
    assert (fact.found, fact.looked_in, fact.occurred) == (Answer.NO, "general practice record", on(date(2026, 3, 18)))
    empty = row("practice_issues", Medication="")
    assert [u.reason for u in empty.unreadable] == ["Nothing names the medicine."]
    assert "nothing found" in empty.unreadable[0].mend


def test_other_medicines_give_nothing_not_even_where_a_person_lives():
    found = row("practice_issues", Medication="Adcal-D3 Caplets", Postcode="ZZ1 1AA")
    assert found.facts == ()
    assert found.tally == "1 rows read: 0 tell of a bone drug, 1 of another or nothing yet"


def test_the_same_issue_in_next_months_list_is_the_same_statement_and_the_next_issue_another():
    first, again = (told_by(row("practice_issues", Search_Date=day))[0] for day in ("03/03/2026", "18/03/2026"))
    other = told_by(row("practice_issues", Date_of_Issue="16/03/2026"))[0]
    assert first.key == again.key != other.key
    assert len(current([first, again, other])) == 2


# --- medicines at discharge


@pytest.mark.parametrize(
    ("status", "kind", "for_now"),
    [
        ("New", PrescriptionIssued, None),
        ("continued", PrescriptionIssued, None),
        ("Stopped", TreatmentStopped, Answer.NO),
        ("Withheld", TreatmentStopped, Answer.YES),
    ],
)
def test_a_medicine_at_discharge_is_prescribed_stopped_or_held(status, kind, for_now):
    [fact] = told_by(row("discharge_medicines", Status=status))
    assert type(fact) is kind
    assert getattr(fact, "for_now", None) == for_now


def test_a_list_without_a_column_for_the_status_is_of_what_was_prescribed():
    assert [type(fact) for fact in told_by(row("discharge_medicines"))] == [PrescriptionIssued]


def test_the_strength_in_its_own_column_is_part_of_the_words():
    [fact] = told_by(row("discharge_medicines", Medicine="Denosumab", Strength="120 mg"))
    assert (fact.words, fact.bone_drug) == ("Denosumab 120 mg", Answer.UNKNOWN)


# --- doses


@pytest.mark.parametrize("name", ["injection_clinic", "day_unit"])
@pytest.mark.parametrize(
    ("outcome", "kind"),
    [("Given", DoseGiven), ("given", DoseGiven), ("DNA", DoseNotGiven), ("Refused", DoseNotGiven),
     ("Deferred", DoseNotGiven), ("Booked", None), ("", None)],
)  # fmt: skip
def test_a_dose_is_given_or_not_given_and_a_planned_or_blank_one_is_neither(name, outcome, kind):
    assert [type(fact) for fact in told_by(row(name, Outcome=outcome))] == ([kind] if kind else [])


def test_a_dose_not_given_keeps_the_lists_word_and_the_reason():
    [fact] = told_by(row("injection_clinic", Outcome="Deferred", Reason_Not_Given="Calcium 1.98"))
    assert fact.reason == "Deferred; Calcium 1.98"


def test_an_infusion_that_was_broken_off_is_not_the_whole_dose():
    [fact] = told_by(row("day_unit", Outcome="Incomplete", Treatment_Date="09/03/2026 10:15"))
    assert (fact.complete, fact.occurred) == (Answer.NO, at(datetime(2026, 3, 9, 10, 15)))  # noqa: DTZ001


def test_an_outcome_that_the_mapping_does_not_know_makes_the_row_unreadable_and_names_those_it_knows():
    found = row("injection_clinic", Outcome="Sort of")
    [problem] = found.unreadable
    assert (problem.place, found.facts) == ("row 2, column Outcome", ())
    assert "deferred" in problem.mend


def test_a_planned_dose_that_was_then_given_is_told_by_the_later_list():
    planned = row("injection_clinic", Appointment_ID="I1", Outcome="Booked", Clinic_Date="14/04/2026")
    assert planned.facts == planned.unreadable == ()
    missed = told_by(row("injection_clinic", Appointment_ID="I1", Outcome="DNA", List_Date="11/03/2026"))
    corrected = told_by(row("injection_clinic", Appointment_ID="I1", Outcome="Given", List_Date="12/03/2026"))
    assert [type(fact) for fact in current(corrected + missed)] == [DoseGiven]


# --- deliveries


def test_a_delivery_names_the_company_and_a_failed_one_is_a_note_until_it_succeeds():
    [given_] = told_by(row("homecare_deliveries", Delivery_ID="H1", Homecare_Company="Example", Days_Supply="28"))
    assert (given_.supplied_by, given_.days_supplied) == ("homecare: Example", 28)
    told = {"Delivery_ID": "H1", "Delivery_Status": "Failed", "Reason": "Not at home", "Report_Date": "18/03/2026"}
    failed = told_by(row("homecare_deliveries", **told))
    assert isinstance(failed[0], Note)
    assert failed[0].text == "teriparatide was not delivered: Failed; Not at home"
    later = told_by(row("homecare_deliveries", Delivery_ID="H1", Delivery_Status="Delivered", Report_Date="19/03/2026"))
    assert [type(fact) for fact in current([*later, *failed])] == [MedicineSupplied]


# --- what can't be


WRONG = (
    ("medicine_date", "31/02/2026"), ("medicine_date", "01/01/2027"), ("medicine_date", ""), ("quantity", "lots"),
    ("days_supplied", "soon"), ("days_supplied", "0"), ("days_supplied", "9999"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "meaning", "value"),
    [(name, *wrong) for name in ROWS for wrong in WRONG if wrong[0] in packaged().known[name].columns],
)
def test_a_cell_that_cannot_be_makes_its_row_unreadable_and_says_how_to_mend_it(name, meaning, value):
    columns = packaged().known[name].columns
    found = row(name, **{columns[meaning][0]: value})
    [problem] = found.unreadable
    assert columns[meaning][0] in problem.place
    assert problem.mend
    assert found.facts == ()


@pytest.mark.parametrize("name", ROWS)
def test_every_sample_is_read_whole_and_gives_what_its_list_tells_of(name):
    found = sample(name)
    assert found.unreadable == ()
    assert type(found.facts[0]) is FIRST[name]
    assert len({fact.id for fact in found.facts}) == len(found.facts)


@given(st.sampled_from(sorted(ROWS)), st.data())
def test_a_row_with_any_cells_gives_facts_or_says_why_not(name, data):
    columns = packaged().known[name].columns
    cells = st.text(max_size=15) | st.sampled_from(["70 mg", "Given", "28", "02/03/2026", "Prolia", "Nothing found"])
    changes = {headers[0]: data.draw(cells) for headers in columns.values()}
    found = row(name, **changes)
    assert all(problem.reason and problem.place and problem.mend for problem in found.unreadable)
    assert not (found.facts and found.unreadable)
