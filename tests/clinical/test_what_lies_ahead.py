"""What is said to occur on a day still to come: planned or mistyped, it is not done, and it is shown."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openfls.clinical.caseload import Caseload, derive
from openfls.clinical.facts import Answer, BodySite, Finder, FractureSighting, Triage
from openfls.clinical.histories import EpisodeStatus
from openfls.clinical.reach import stays
from openfls.clinical.standards import Step, Verdict
from openfls.clinical.tasks import TaskState
from openfls.clinical.when import about as about_a_day
from tests.clinical.drawing import exact_days, histories
from tests.clinical.histories import Drawn, about, between, day, hip, person

FAR = 36 * 365  # the year 2062, typed for 2026
enrolled = hip().enrolled()


def verdicts(caseload: Caseload) -> list[tuple[object, ...]]:
    return [(s.standard, s.verdict, s.due, s.met_by) for care in caseload.episodes for s in care.standings]


def doings(caseload: Caseload) -> list[tuple[object, ...]]:
    return [(t.step, t.state, t.due, t.owner, t.owner_role) for care in caseload.episodes for t in care.tasks]


# ---- whatever happens


@given(histories())
def test_what_lies_ahead_changes_no_status_no_verdict_and_no_task(drawn: Drawn):
    so_far = drawn.without_plans()
    assert [care.status for care in drawn.cares] == [care.status for care in so_far.cares]
    assert verdicts(drawn.caseload) == verdicts(so_far.caseload)
    assert doings(drawn.caseload) == doings(so_far.caseload)


@given(histories(), st.integers(1, 500))
def test_until_the_named_day_time_only_makes_missed_what_was_due(drawn: Drawn, days: int):
    """So that a daily derivation needs to look at those alone whose day has come, and at what was due."""
    changes_on = drawn.caseload.changes_on
    later = drawn.seen_on(drawn.today + days)
    assume(changes_on is None or day(later.today) < changes_on)
    for before, after in zip(verdicts(drawn.caseload), verdicts(later.caseload), strict=True):
        assert before == after or (before[1], after[1]) == (Verdict.DUE, Verdict.MISSED)
    assert doings(drawn.caseload) == doings(later.caseload)
    assert changes_on is None or changes_on > day(drawn.today)


@given(histories(), exact_days)
def test_nothing_is_planned_once_its_day_has_come(drawn: Drawn, later: int):
    planned = [fact for care in drawn.seen_on(later).cares for fact in care.history.planned]
    assert all(fact.occurred.start > day(later) for fact in planned)


# ---- one by one


def test_a_planned_scan_leaves_its_task_open_says_so_and_is_done_on_its_day():
    asked = enrolled.dxa_requested(10).scanned(30)
    before, after = asked.seen_on(29), asked.seen_on(30)
    task = before.task(Step.DXA)
    assert task
    assert task.state is TaskState.OPEN
    assert "DXA result dated 01 Apr 2026 lies ahead: not done yet, or the date is wrong" in task.because
    assert before.caseload.changes_on == day(30)
    done = after.task(Step.DXA)
    assert done
    assert done.state is TaskState.MET_BY_FEED
    assert after.caseload.changes_on is None


def test_an_act_in_a_mistyped_year_is_shown_and_counts_for_nothing():
    task = enrolled.assessed(FAR).seen_on(100).task(Step.ASSESS)
    assert task
    assert task.state is TaskState.OPEN
    assert any("FLS assessment dated 21 Feb 2062 lies ahead" in reason for reason in task.because)


def test_what_may_have_happened_by_now_counts_as_before():
    assert enrolled.assessed(between(20, 40)).seen_on(30).task(Step.ASSESS).state is TaskState.DONE
    assert enrolled.assessed(about(33, 7)).seen_on(30).task(Step.ASSESS).state is TaskState.DONE


def test_a_decision_for_a_later_day_excludes_nobody_today():
    planned = enrolled.recommended(5).decided("informed decline", 60)
    assert planned.seen_on(59).task(Step.START).state is TaskState.OPEN
    assert planned.seen_on(60).task(Step.START) is None


def test_nobody_is_dismissed_or_closed_ahead_of_time():
    assert hip().triaged(Triage.NOT_FRAGILITY, FAR).seen_on(5).care.status is EpisodeStatus.TO_TRIAGE
    assert enrolled.closed(Step.ASSESS, FAR).seen_on(5).task(Step.ASSESS).state is TaskState.OPEN


def test_a_stay_that_lies_ahead_is_no_ward_to_look_on():
    planned = enrolled.admitted(0, ward="Oak").admitted(FAR, ward="Elm")
    assert [stay.ward for stay in stays(planned.facts, day(10))] == ["Oak"]
    assert [stay.ward for stay in stays(planned.facts, day(FAR))] == ["Elm"]


# ---- a death with a date that can't be right


def test_a_death_dated_ahead_stops_contact_but_its_day_decides_nothing():
    dead = enrolled.died(FAR, known=45)
    seen = dead.seen_on(100)
    task = seen.task(Step.CONFIRM_CLOSING)
    assert task
    assert task.state is TaskState.OPEN
    assert task.because == ("died 21 Feb 2062, which lies ahead: all contact has stopped; find out the day",)
    verdicts = {standing.verdict for standing in seen.care.standings} - {Verdict.NOT_ASKED}
    assert verdicts == {Verdict.UNKNOWN}
    assert seen.caseload.changes_on == day(FAR)


def test_a_death_before_the_fracture_is_asked_about_in_these_words():
    [reason] = enrolled.died(-400, known=45).seen_on(50).task(Step.CONFIRM_CLOSING).because
    assert reason == "died 26 Jan 2025, before the fracture: all contact has stopped; find out who died"


# ---- a fracture cannot be reported before it happened


def misdated(**more) -> Drawn:
    """On the list of day 0, with the fracture's year mistyped."""
    return person().sighted(BodySite.HIP, FAR, known=0, key="hip", **more)


def test_a_fracture_in_a_mistyped_year_is_due_from_its_receipt_not_in_that_year():
    care = misdated().enrolled(1).seen_on(100).care
    assert care.episode.index == about_a_day(day(0), 0)
    assert care.age == 85
    assert next(task.due for task in care.tasks if task.step is Step.ASSESS) == day(84)


def test_it_is_shown_to_whoever_triages_as_a_date_that_cannot_be_right():
    care = misdated().seen_on(1).care
    assert care.status is EpisodeStatus.TO_TRIAGE
    assert care.eligible.unknown
    assert care.eligible.because == ("dated 21 Feb 2062, after it was received: the date can't be right",)


def test_it_joins_the_fracture_that_another_finder_dates_rightly_and_does_not_date_it():
    both = misdated().sighted(BodySite.HIP, 0, by=Finder.CODED_DISCHARGE, known=20)
    [care] = both.seen_on(30).cares
    assert str(care.episode.index) == "02 Mar 2026"
    assert care.eligible.yes


def test_a_corrected_date_counts_as_corrected():
    care = misdated().corrected("hip", known=5, occurred=-2).seen_on(10).care
    assert str(care.episode.index) == "28 Feb 2026"
    assert care.eligible.yes


@pytest.mark.parametrize("dated_by", ["operation", "discharge"])
def test_a_list_of_operations_to_come_is_no_slip(dated_by: str):
    """The fracture is older than the operation that is planned for Monday: the day of the list stands for it."""
    care = person().sighted(BodySite.HIP, 3, known=0, by=Finder.THEATRE_LIST, dated_by=dated_by).seen_on(4).care
    assert str(care.episode.index) == "about 02 Mar 2026"
    assert care.eligible.yes


def test_the_day_after_a_receipt_in_utc_may_be_today_here():
    care = person().sighted(BodySite.HIP, 1, known=0).seen_on(1).care
    assert str(care.episode.index) == "03 Mar 2026"
    assert care.eligible.yes


@given(st.dates(date(2026, 1, 1), date(9999, 12, 31)), st.sampled_from(Answer))
def test_no_date_of_a_fracture_puts_its_tasks_out_of_sight(dated: date, low_trauma: Answer):
    """Whatever a feed writes, the assessment is due within its window from the receipt."""
    drawn = hip(low_trauma=low_trauma).enrolled()
    facts = [replace(f, occurred=about_a_day(dated, 0)) if isinstance(f, FractureSighting) else f for f in drawn.facts]
    [care] = derive(facts, day(30)).episodes
    [task] = [task for task in care.tasks if task.step is Step.ASSESS]
    assert task.due
    assert task.due <= day(1) + timedelta(days=84)
