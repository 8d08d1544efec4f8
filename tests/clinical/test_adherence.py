"""Whether treatment is taken, by source: days covered by issues, doses and when the next is due, what was said."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.adherence import Adherence, Supply, adherence, banked, days_of, supplies
from openfls.clinical.dosing import months_after, months_to_the_next
from openfls.clinical.facts import (
    Answer,
    Death,
    DoseGiven,
    DoseNotGiven,
    Fact,
    FollowUpOutcome,
    MedicinesRecordChecked,
    MedicineSupplied,
    PrescriptionIssued,
    Source,
    TreatmentStopped,
)
from openfls.clinical.patients import PatientRecord
from openfls.clinical.when import When, about, on

INDEX = date(2026, 1, 1)
KNOWN = datetime(2026, 12, 31, tzinfo=UTC)
DRUGS = (PrescriptionIssued, MedicineSupplied, DoseGiven, DoseNotGiven, TreatmentStopped)


def day(number: int) -> date:
    return INDEX + timedelta(days=number)


def fact(kind: type[Fact], when: int | When, source: str = "GP/list", **said) -> Fact:
    occurred = when if isinstance(when, When) else on(day(when))
    told = {"drug": "alendronate", "bone_drug": Answer.YES} if kind in DRUGS else {}
    place = f"{kind.kind} {occurred} {sorted(said.items())}"
    common = {"record": PatientRecord(nhs_number="9990000018"), "known": KNOWN}
    return kind(**common, occurred=occurred, source=Source(source, "m", place), **told | said)


def issue(when: int, days: int | None = 28, **said) -> Fact:
    return fact(PrescriptionIssued, when, days_supplied=days, **said)


def seen(*facts: Fact, today: int = 100) -> Adherence:
    return adherence(facts, INDEX, day(today))


# --- days covered by issues


def test_the_published_example_of_adherer_comes_out_at_its_69_percent():
    told = [
        ("2035-12-13", 30), ("2036-01-18", 30), ("2036-01-23", 60), ("2036-04-25", 60), ("2036-08-08", 60),
        ("2036-10-03", 60), ("2036-11-29", 60), ("2036-12-21", 30), ("2037-01-05", 30), ("2037-07-13", 30),
        ("2037-10-11", 30),
    ]  # fmt: skip
    taken = [Supply("medA", date.fromisoformat(start), days, "s", start) for start, days in told]
    since = taken[0].start + timedelta(days=182)
    assert banked(taken, since, since + timedelta(days=365)) == 252
    assert round(100 * 252 / 365) == 69


@pytest.mark.parametrize(
    ("issues", "today", "covered", "of"),
    [
        ([(0, 28)], 28, 28, 28),
        ([(0, 28)], 29, 28, 29),
        ([(0, 28), (28, 28)], 56, 56, 56),
        ([(0, 28), (20, 28)], 56, 56, 56),  # eight days early: banked
        ([(0, 28), (29, 28)], 57, 56, 57),  # a day late: a gap
        ([(0, 84)], 28, 28, 28),  # what reaches beyond today is left out
        ([(10, 28)], 38, 28, 28),  # counted from the first issue, not from the fracture
        ([(-14, 28)], 28, 14, 28),  # running at the fracture: counted from it
        ([(-100, 28), (10, 28)], 38, 28, 28),  # ran out long before: counted from the first issue after
    ],
)
def test_issues_cover_days_one_after_the_other(issues, today, covered, of):
    found = seen(*(issue(start, days) for start, days in issues), today=today).issues
    assert (found.days, found.of) == (covered, of)


@pytest.mark.parametrize("issues", [[], [(-100, 28)], [(100, 28)]])
def test_without_an_issue_after_the_fracture_nothing_is_counted(issues):
    assert seen(*(issue(start, days) for start, days in issues)).issues is None


def test_an_issue_that_does_not_say_how_long_it_lasts_makes_the_figure_a_lower_bound():
    found = seen(issue(0), issue(28, None, words="Alendronic acid"), today=56).issues
    assert (found.days, found.of, found.at_least) == (28, 56, True)
    assert "1 more without a number of days" in found.because
    assert seen(issue(0, None)).issues is None


@pytest.mark.parametrize(
    ("words", "quantity", "days"),
    [
        ("Alendronic acid 70mg tablets", 4, 28),
        ("Alendronic acid 10mg tablets", 28, 28),
        ("Risedronate sodium 35mg tablets", 12, 84),
        ("Ibandronic acid 150mg tablets", 1, 30),
        ("Prolia 60mg/1ml solution for injection", 1, 182),
        ("Alendronic acid tablets", 4, None),  # no strength
        ("Alendronic acid 70mg tablets", None, None),
    ],
)
def test_a_number_of_tablets_tells_days_where_the_strength_is_listed(words, quantity, days):
    told = fact(PrescriptionIssued, 0, words=words, drug=words, quantity=quantity)
    assert days_of(told) == days


def test_days_that_the_source_counts_stand_before_the_number_of_tablets():
    assert days_of(issue(0, 56, words="Alendronic acid 70mg tablets", quantity=4)) == 56


def test_a_prescription_and_the_supply_that_fills_it_are_counted_once():
    ordered = issue(0, 28, key="X9A/order/1")
    handed_out = fact(MedicineSupplied, 1, days_supplied=28, order="X9A/order/1")
    assert [s.start for s in supplies([ordered, handed_out])] == [day(1)]


def test_one_issue_that_two_sources_tell_of_is_counted_once_and_two_of_one_source_twice():
    twice = [issue(0, source="GP/list"), issue(0, source="hand/nurse", drug="Alendronate")]
    assert [s.days for s in supplies(twice)] == [28]
    lines = [issue(0, words="first line"), issue(0, words="second line")]
    assert [s.days for s in supplies(lines)] == [28, 28]
    other = [issue(0), issue(0, drug="risedronate")]
    assert len(supplies(other)) == 2


def test_a_stop_after_which_nothing_was_issued_ends_the_count():
    stopped = fact(TreatmentStopped, 28, reason="side effects")
    assert seen(issue(0), stopped, today=100).issues.of == 28
    assert seen(issue(0), stopped, issue(50), today=100).issues.of == 100
    held = fact(TreatmentStopped, 28, for_now=Answer.YES)
    assert seen(issue(0), held, today=100).issues.of == 100


def test_days_after_a_death_are_not_counted():
    assert seen(issue(0), fact(Death, 40), today=100).issues.of == 40


def test_what_may_be_for_something_else_or_was_taken_back_counts_for_nothing():
    assert seen(issue(0, bone_drug=Answer.UNKNOWN)).issues is None
    assert seen(issue(0, retracted=True)).issues is None


supply_lists = st.lists(
    st.builds(
        lambda start, days: Supply("a", day(start), days, "s", f"{start}"), st.integers(-90, 200), st.integers(1, 90)
    ),
    max_size=8,
).map(lambda found: sorted(found, key=lambda supply: supply.start))


@given(supply_lists, st.integers(0, 100), st.integers(1, 200))
def test_covered_days_are_never_more_than_there_are_nor_than_were_supplied(taken, start, length):
    since, until = day(start), day(start + length)
    covered = banked(taken, since, until)
    assert 0 <= covered <= min(length, sum(supply.days for supply in taken))


@given(supply_lists, st.integers(1, 100), st.integers(1, 100))
def test_days_of_two_windows_side_by_side_add_up(taken, first, second):
    whole = banked(taken, day(0), day(first + second))
    assert whole == banked(taken, day(0), day(first)) + banked(taken, day(first), day(first + second))


@given(supply_lists)
def test_one_more_issue_never_covers_fewer_days(taken):
    more = sorted([*taken, Supply("a", day(50), 28, "s", "more")], key=lambda supply: supply.start)
    assert banked(more, day(0), day(200)) >= banked(taken, day(0), day(200))


# --- doses given, and when the next is due


@pytest.mark.parametrize(
    ("drug", "given_on", "due"),
    [
        ("denosumab", "2026-01-31", "2026-07-31"),
        ("denosumab", "2026-08-31", "2027-02-28"),  # a month without such a day
        ("zoledronate", "2024-02-29", "2025-02-28"),
        ("romosozumab", "2026-01-31", "2026-02-28"),
    ],
)
def test_the_next_dose_is_due_from_the_dose_that_was_given(drug, given_on, due):
    told = fact(DoseGiven, on(date.fromisoformat(given_on)), drug=drug)
    [last] = adherence([told], INDEX, date(2027, 12, 31)).last_doses
    assert last.due == date.fromisoformat(due)
    assert "given" in last.because


def test_the_latest_dose_of_each_drug_counts_and_one_asked_for_does_not():
    doses = [fact(DoseGiven, number, drug="denosumab") for number in (0, 60)]
    found = seen(*doses, fact(PrescriptionIssued, 90, drug="denosumab"), today=100)
    assert [last.given for last in found.last_doses] == [day(60)]


def test_a_dose_that_did_not_all_go_in_says_nothing_of_the_next():
    [last] = seen(fact(DoseGiven, 0, drug="zoledronate", complete=Answer.NO)).last_doses
    assert last.due is None
    assert "not the whole dose" in last.because


def test_a_drug_without_a_listed_interval_has_no_due_day():
    assert months_to_the_next("alendronate") is None
    assert months_to_the_next("ibandronate", "150mg tablet") is None
    assert months_to_the_next("ibandronate", "ibandronic acid 3mg/3ml injection") == 3
    [last] = seen(fact(DoseGiven, 0)).last_doses
    assert last.due is None


def test_a_dose_covers_days_until_the_next_is_due_and_an_early_one_banks_nothing():
    given_at = [fact(DoseGiven, number, drug="denosumab") for number in (0, 150)]
    found = seen(*given_at, today=400).doses
    assert (found.days, found.of) == ((months_after(day(150), 6) - day(0)).days, 400)
    late = seen(fact(DoseGiven, 0, drug="denosumab"), fact(DoseGiven, 200, drug="denosumab"), today=210).doses
    assert (late.days, late.of) == ((months_after(day(0), 6) - day(0)).days + 10, 210)


def test_a_dose_of_a_vague_day_is_counted_from_the_first_day_that_it_may_have_been():
    [last] = seen(fact(DoseGiven, about(day(20)), drug="denosumab")).last_doses
    assert last.given == day(13)


# --- which sources speak


def test_no_source_means_unknown_and_never_no():
    found = seen()
    assert found.speaks.unknown
    assert found.issues is found.doses is found.told is None


def test_a_record_in_which_nothing_was_found_is_no_source_but_is_told():
    checked = fact(MedicinesRecordChecked, 50, looked_in="general practice record", found=Answer.NO)
    found = seen(checked)
    assert found.speaks.unknown
    assert "general practice record checked 20 Feb 2026: nothing found" in found.speaks.because
    assert found.checked == checked


@pytest.mark.parametrize(
    "source",
    [
        fact(PrescriptionIssued, 10),
        fact(MedicineSupplied, 10),
        fact(DoseGiven, 10),
        fact(FollowUpOutcome, 10, on_treatment=Answer.YES),
        fact(FollowUpOutcome, 10, on_treatment=Answer.NO),
    ],
    ids=lambda told: told.kind,
)
def test_each_kind_of_source_speaks(source):
    assert seen(source).speaks.yes
    assert seen(replace(source, retracted=True)).speaks.unknown


def test_nobody_reached_is_no_answer_and_leaves_the_one_before():
    yes, unknown = (fact(FollowUpOutcome, at, on_treatment=a) for at, a in ((10, Answer.YES), (20, Answer.UNKNOWN)))
    assert seen(unknown).speaks.unknown
    assert seen(yes, unknown).told == yes


def test_what_lies_ahead_of_today_is_not_known_yet():
    assert seen(issue(50), today=49).speaks.unknown


def test_refusals_and_stops_are_told_beside():
    refused = fact(DoseNotGiven, 30, drug="denosumab", reason="refused")
    stopped = fact(TreatmentStopped, 40, drug="denosumab", reason="moved")
    found = seen(refused, stopped)
    assert (found.not_given, found.stopped) == (refused, stopped)
    assert found.speaks.unknown
