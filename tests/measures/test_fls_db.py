"""FLS-DB's fields follow from the facts, and the file that is written is read back to the same standings."""

import csv
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.assessment import (
    ASSESSED_WITHIN_12_WEEKS,
    ASSESSED_WITHIN_90_DAYS,
    DXA_WITHIN_90_DAYS,
    FALLS_ASSESSED,
)
from openfls.clinical.caseload import EpisodeCare, derive
from openfls.clinical.facts import Answer, AuditAnswer, BodySite, Demographics, FollowUpOutcome, TreatmentAdvice
from openfls.clinical.monitoring import FOLLOWED_UP_AT_16_WEEKS, FOLLOWED_UP_AT_ONE_YEAR, ON_TREATMENT_AT_ONE_YEAR
from openfls.clinical.patients import Sex
from openfls.clinical.treatment import STARTED_BY_16_WEEKS, STRENGTH_AND_BALANCE_BY_16_WEEKS, TREATMENT_DECIDED
from openfls.clinical.versions import current
from openfls.feeds.csv import read
from openfls.feeds.csv.audit_words import DRUGS, mended
from openfls.feeds.reading import Origin, Reading
from openfls.measures.audits.completeness import completeness
from openfls.measures.audits.fields import Audit, Case, Cell, State, row_of
from openfls.measures.audits.fls_db import FLS_DB
from openfls.measures.audits.writing import csv_of, shown
from tests.clinical.histories import Drawn, about, day, hip, person, vertebra, wrist

HELD = (  # the standards whose facts the file's fields hold
    ASSESSED_WITHIN_90_DAYS, ASSESSED_WITHIN_12_WEEKS, DXA_WITHIN_90_DAYS, FALLS_ASSESSED, TREATMENT_DECIDED,
    STARTED_BY_16_WEEKS, STRENGTH_AND_BALANCE_BY_16_WEEKS, FOLLOWED_UP_AT_16_WEEKS, FOLLOWED_UP_AT_ONE_YEAR,
    ON_TREATMENT_AT_ONE_YEAR,
)  # fmt: skip


def case_of(drawn: Drawn) -> Case:
    return Case(drawn.care, drawn.record, tuple(current(drawn.facts)))


def cells(drawn: Drawn, audit: Audit = FLS_DB) -> dict[str, Cell]:
    return dict(zip(audit.headers, row_of(audit, case_of(drawn), "p").cells, strict=True))


def text(drawn: Drawn, header: str) -> str:
    return cells(drawn)[header].text


def state(drawn: Drawn, header: str) -> State:
    return cells(drawn)[header].state


def written(*drawn: Drawn) -> bytes:
    return csv_of(FLS_DB, [row_of(FLS_DB, case_of(one), "p") for one in drawn])


def read_back(content: bytes, drawn: Drawn) -> Reading:
    known = datetime.combine(day(drawn.today), time(12), UTC)
    found = read(content, Origin("RX1/flsdb", known, site="RX101", mapping="fls_db"))
    assert isinstance(found, Reading), found
    return found


def care_read_back(drawn: Drawn) -> EpisodeCare:
    found = read_back(written(drawn), drawn)
    assert found.unreadable == ()
    [care] = derive(found.facts, day(drawn.today)).episodes
    return care


# --- there and back


def months(first: int, last: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(first, last)


FINDINGS = [(Answer.YES, "denosumab", ""), (Answer.NO, "", "not started"), (Answer.UNKNOWN, "", "")]


@st.composite
def histories(draw: Any) -> Drawn:
    """A fracture with care at any days, one answer a question and one follow-up a wave: what the file can hold."""
    drawn = draw(st.sampled_from([hip, wrist, vertebra, lambda: person().sighted(BodySite.ANKLE, key="ankle")]))()
    bone = {"points_at": (drawn.facts[0].key,)}
    drawn = drawn.enrolled()
    if (assessed := draw(months(-20, 130))) is not None:
        drawn = drawn.assessed(assessed, **bone)
        if (advice := draw(st.none() | st.sampled_from(TreatmentAdvice))) is not None:
            named = advice in (TreatmentAdvice.RECOMMENDED, TreatmentAdvice.CONTINUE)
            drug = draw(st.sampled_from(sorted(DRUGS.values()))) if named else ""
            drawn = drawn.decided(advice, assessed, drug=drug, **bone)
        if (done := draw(st.sampled_from([None, Answer.YES, Answer.NO]))) is not None:
            drawn = drawn.falls_assessed(assessed, done=done, **bone)
    if draw(st.booleans()):
        drawn = drawn.dxa_requested(1)
        if (scanned := draw(months(-10, 120))) is not None:
            drawn = drawn.scanned(scanned, t_score=draw(st.sampled_from([None, -2.5, 0.4])), **bone)
    for first, last in ((60, 335), (336, 420)):
        if (on := draw(months(first, last))) is not None:
            taken, drug, reason = draw(st.sampled_from(FINDINGS))
            drawn = drawn.followed_up(on, taken, drug=drug, reason=reason)
    if (begun := draw(months(1, 150))) is not None:
        drawn = drawn.exercise(begun)
    return drawn.seen_on(draw(st.sampled_from([450, 500])))


@given(histories())
def test_what_is_written_is_read_back_to_the_same_standings(drawn: Drawn):
    care = care_read_back(drawn)
    names = {standard.name for standard in HELD}
    before = {one.standard: one.verdict for one in drawn.care.standings if one.standard in names}
    after = {one.standard: one.verdict for one in care.standings if one.standard in names}
    assert_same(before, after, drawn)


def assert_same(before: dict[str, Any], after: dict[str, Any], drawn: Drawn) -> None:
    exercise = STRENGTH_AND_BALANCE_BY_16_WEEKS.name
    if (before[exercise], after[exercise]) == ("met late", "missed"):  # the file says only whether by week 16
        before = before | {exercise: "missed"}
    assert before == after


@given(histories())
def test_a_file_written_again_from_what_was_read_is_the_same_in_every_field(drawn: Drawn):
    care = care_read_back(drawn)
    again = Case(care, drawn.record, ())
    first = dict(zip(FLS_DB.headers, row_of(FLS_DB, case_of(drawn), "p").cells, strict=True))
    second = dict(zip(FLS_DB.headers, row_of(FLS_DB, again, "p").cells, strict=True))
    free = {"Record ID", "1.06 DateFLSContact"}
    differing = {h: (first[h].text, second[h].text) for h in first if h not in free and first[h].text != second[h].text}
    assert differing == {}


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40))
def test_no_cell_runs_in_a_spreadsheet_and_every_cell_is_read_back(answer: str):
    written_cell = shown(answer)
    assert not written_cell.startswith(("=", "+", "@"))
    assert not written_cell.startswith("-") or written_cell[1:2].isdigit()
    drawn = hip().enrolled().said(AuditAnswer, 1, audit="FLS-DB", question="2.02 Weight", answer=answer, by="nurse")
    [row] = list(csv.reader(StringIO(written(drawn.seen_on(30)).decode("utf-8-sig"))))[2:]
    assert row[FLS_DB.headers.index("2.02 Weight")] == written_cell


def test_a_formula_in_a_field_is_kept_from_running_and_a_t_score_stays_a_number():
    assert [shown(cell) for cell in ("=1+1", "-2.5", "-2.5+cmd", "@x", "+44")] == [
        "'=1+1",
        "-2.5",
        "'-2.5+cmd",
        "'@x",
        "'+44",
    ]


# --- the fields


def test_the_file_says_first_that_it_is_not_the_official_specification():
    label, headers, *rows = csv.reader(StringIO(written(hip().enrolled().seen_on(30)).decode("utf-8-sig")))
    assert "NOT the official import specification" in label[0]
    assert (tuple(headers), len(rows)) == (FLS_DB.headers, 1)


def test_nobody_said_is_blank_and_asked_but_not_known_is_dont_know():
    drawn = hip().enrolled().seen_on(30)
    assert (text(drawn, "2.05 Smoker"), state(drawn, "2.05 Smoker")) == ("", State.BLANK)
    asked = drawn.said(AuditAnswer, 5, audit="FLS-DB", question="2.05 Smoker", answer="Don't know", by="nurse").seen_on(
        30
    )
    assert (text(asked, "2.05 Smoker"), state(asked, "2.05 Smoker")) == ("Don't know", State.DONT_KNOW)


def test_a_follow_up_is_not_due_then_no_then_yes():
    treated = hip().enrolled().assessed(10).recommended(10, drug="alendronate")
    assert state(treated.seen_on(60), "6.01 FollowUp12_16") is State.NOT_DUE
    assert text(treated.seen_on(113), "6.01 FollowUp12_16") == "No"
    seen = treated.followed_up(100, drug="alendronate").seen_on(113)
    assert [text(seen, h) for h in ("6.01 FollowUp12_16", "6.02 Dateof16WeekAss", "6.05 BoneTherapy1216")] == [
        "Yes", f"{day(100):%d/%m/%Y}", "Alendronate",
    ]  # fmt: skip


def test_nobody_reached_is_dont_know_never_not_started():
    drawn = hip().enrolled().recommended(10).followed_up(100, Answer.UNKNOWN).seen_on(120)
    assert text(drawn, "6.05 BoneTherapy1216") == "Don't know"


def test_decisions_of_one_day_stand_side_by_side_and_a_later_one_replaces_them():
    drawn = hip().enrolled().recommended(10, drug="alendronate").decided(TreatmentAdvice.SPECIALIST, 10)
    assert text(drawn, "4.01 BoneTherapy") == "Alendronate;Referred for further clinical opinion"
    assert text(drawn.decided(TreatmentAdvice.DECLINED, 12), "4.01 BoneTherapy") == "Informed decline"


def test_a_drug_that_the_audit_has_no_word_for_is_said_to_be_so_and_not_passed_for_another():
    cell = cells(hip().enrolled().recommended(10, drug="abaloparatide"))["4.01 BoneTherapy"]
    assert (cell.text, cell.state, "abaloparatide" in cell.told) == ("", State.NO_WORD, True)


def test_the_lowest_t_score_of_the_first_scan_after_the_fracture_counts():
    drawn = hip().enrolled().scanned(-400, t_score=-3.9, points_at=("hip",)).scanned(20, t_score=-1.5, region="hip")
    drawn = drawn.scanned(20, t_score=-2.75, region="spine").scanned(300, t_score=-3.0).seen_on(310)
    assert (text(drawn, "3.03 DateofDXA"), text(drawn, "3.04 TScore")) == (f"{day(20):%d/%m/%Y}", "-2.8")


def test_an_index_date_that_is_not_exact_is_left_blank():
    drawn = person().sighted(BodySite.WRIST, on=about(3), key="w")
    assert state(drawn.enrolled(10).seen_on(30), "1.09 Date Index Frac Diagnosed") is State.BLANK


# --- completeness


def test_completeness_names_the_rows_in_which_a_field_is_missing():
    known = (
        hip(setting="inpatient")
        .enrolled()
        .said(AuditAnswer, 1, audit="FLS-DB", question="2.05 Smoker", answer="No", by="n")
    )
    rows = [
        row_of(FLS_DB, case_of(one.seen_on(30)), who) for one, who in ((known, "knows"), (hip().enrolled(), "lacks"))
    ]
    found = {one.field.header: one for one in completeness(FLS_DB, rows).fields}
    assert [row.patient for row in found["2.05 Smoker"].missing] == ["lacks"]
    assert found["2.05 Smoker"].share_missing == 0.5


def test_kpi_1_asks_for_fewer_than_five_of_seventeen_fields_short_and_of_no_record_it_is_unknown():
    assert sum(field.counted for field in FLS_DB.fields) == 17
    assert completeness(FLS_DB, []).complete_enough.unknown
    rows = [row_of(FLS_DB, case_of(hip().enrolled().seen_on(30)), "p")]
    assert completeness(FLS_DB, rows).complete_enough.no


# --- a file of another program

OTHER = """1.03 Gender,Age Frac diagnosed,NHS Number,Date of Birth,1.07 DateFLSAssess,1.09 Date Index Frac Diagnosed,\
1.10 TypeOfFractue,1.11 SiteFirstFrac,1.12 SiteSecFrac,3.01 DXA,4.01 BoneTherapy,6.01 FollowUp12_16,\
6.02 Dateof16WeekAss,6.05 BoneTherapy1216,7.05 BoneTherapy4856,site
Female,81,9990000018,01/02/1940,20/01/2024,10/01/2024,Non hip,Non hip/non spine,,Yes,Alendronate;Denosumab,Yes,\
20/04/2024,Donít know,,Bradford
Male,70,9990000026,17/09/1951,01/01/2024,10/01/2024,Spine,Spine,Wrist,No,Donâ€™t know,No,,,,Bradford
Female,66,,,01/01/2024,10/01/2024,Hip,Hip,,Yes,Zoledronate,,,,,Bradford
Female,66,9990000034,08/08/1960,01/01/2024,10/01/2024,Hip,Hip,,Yes,Zolendronate,,,,,Bradford
"""
RECEIVED = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def other() -> Reading:
    found = read(OTHER.encode(), Origin("X9A/flsdb", RECEIVED, site="X9A01", mapping="fls_db"))
    assert isinstance(found, Reading), found
    return found


def of(found: Reading, nhs_number: str) -> EpisodeCare:
    facts = [fact for fact in found.facts if fact.record.nhs_number == nhs_number]
    [care] = derive(facts, RECEIVED.date()).episodes
    return care


def test_typing_slips_in_headers_and_answers_broken_by_encodings_are_read(other):
    care = of(other, "9990000018")
    assert care.episode.body_sites == (BodySite.OTHER,)
    [follow_up] = care.history.recorded(FollowUpOutcome.kind)
    assert (follow_up.on_treatment, follow_up.drug) == (Answer.UNKNOWN, "")
    assert {mended(word) for word in ("Donít know", "Donâ€™t know", "DON’T KNOW", "Don't know")} == {"Don't know"}


def test_several_answers_to_one_field_are_as_many_decisions(other):
    decisions = of(other, "9990000018").history.recorded("treatment decision")
    assert sorted(decision.drug for decision in decisions) == ["alendronate", "denosumab"]


def test_a_row_without_a_number_waits_and_says_what_is_needed(other):
    nobody = other.unreadable[0]
    assert nobody.place == "row 4"
    assert "Ask the audit for an export with NHS numbers" in nobody.mend


def test_an_answer_that_nobody_knows_is_not_guessed(other):
    assert "'Zolendronate' is no answer" in other.unreadable[1].reason
    assert other.unreadable[1].place == "row 5, column 4.01 BoneTherapy"


def test_an_assessment_before_the_fracture_is_kept_remarked_and_meets_nothing(other):
    care = of(other, "9990000026")
    assert care.history.recorded("FLS assessment")
    assert {s.verdict for s in care.standings if s.standard == ASSESSED_WITHIN_90_DAYS.name} == {"missed"}
    assert any("before the fracture" in note for note in other.notes)


def test_two_bones_of_one_row_are_one_episode(other):
    assert of(other, "9990000026").episode.body_sites == (BodySite.SPINE, BodySite.WRIST)


def test_a_row_is_enrolled_by_the_register_not_by_a_person(other):
    care = of(other, "9990000018")
    assert (care.status, care.history.triage.by, care.history.triage.recorded_in) == ("enrolled", "", "FLS-DB")


def test_a_file_imported_again_states_the_same_statements(other):
    again = read(OTHER.encode(), Origin("X9A/flsdb", RECEIVED + timedelta(days=3), site="X9A01", mapping="fls_db"))
    assert {fact.id for fact in again.facts} == {fact.id for fact in other.facts}


def test_a_care_home_and_a_sex_come_through():
    drawn = person(sex=Sex.FEMALE).sighted(BodySite.HIP, key="hip").enrolled()
    drawn = drawn.said(Demographics, 1, postcode="ZZ1 1AA", care_home=Answer.YES).seen_on(30)
    assert [text(drawn, h) for h in ("1.03 Gender", "1.04 Post Code", "1.05 CareRes")] == ["Female", "ZZ1 1AA", "Yes"]
    care = care_read_back(drawn)
    assert care.history.birth_date == drawn.record.birth_date
