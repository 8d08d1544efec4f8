"""When a feed counts as silent: against its own rhythm, never against somebody else's."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.decisions import Outcome
from openfls.clinical.parameters import Parameters
from openfls.clinical.silence import MINIMUM_HISTORY, sending_hours, silent

MONDAY = datetime(2026, 1, 5, 8, 10, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def weekly(count: int) -> list[datetime]:
    return [MONDAY + WEEK * n for n in range(count)]


def weekdays(weeks: int) -> list[datetime]:
    days = [MONDAY + DAY * n for n in range(7 * weeks)]
    return [day for day in days if day.weekday() < 5]


def busy_by_day(weeks: int) -> list[datetime]:
    """Several messages an hour from 8 to 17, Monday to Friday."""
    return [day + timedelta(hours=h, minutes=m) for day in weekdays(weeks) for h in range(10) for m in (0, 20, 40)]


@pytest.mark.parametrize(
    ("rhythm", "receipts", "now", "expected"),
    [
        ("no receipt ever", [], MONDAY, Outcome.UNKNOWN),
        ("five receipts, four gaps short of knowing", weekly(5), MONDAY + WEEK * 40, Outcome.UNKNOWN),
        ("weekly, a week later", weekly(8), weekly(8)[-1] + WEEK, Outcome.NO),
        ("weekly, three weeks later", weekly(8), weekly(8)[-1] + 3 * WEEK, Outcome.NO),
        ("weekly, four weeks later", weekly(8), weekly(8)[-1] + 4 * WEEK, Outcome.YES),
        ("weekdays, over the weekend", weekdays(4), weekdays(4)[-1] + 2 * DAY, Outcome.NO),
        ("weekdays, next Wednesday", weekdays(4), weekdays(4)[-1] + 5 * DAY, Outcome.NO),
        ("weekdays, next Thursday", weekdays(4), weekdays(4)[-1] + 6 * DAY, Outcome.YES),
        ("busy by day, Sunday night", busy_by_day(4), busy_by_day(4)[-1] + 2.4 * DAY, Outcome.NO),
        ("busy by day, Monday at noon", busy_by_day(4), MONDAY + 4 * WEEK + DAY / 6, Outcome.YES),
    ],
)
def test_a_feed_is_silent_past_three_of_its_usual_gaps_in_the_hours_when_it_sends(rhythm, receipts, now, expected):
    decision = silent(receipts, now)
    assert decision.outcome is expected, f"{rhythm}: {decision.because}"


def test_a_site_may_want_the_alarm_sooner():
    now = weekly(8)[-1] + 2 * WEEK
    assert silent(weekly(8), now).no
    assert silent(weekly(8), now, Parameters(silence_factor=1.5)).yes


def test_a_rare_long_gap_does_not_teach_the_feed_to_be_slow():
    receipts = weekdays(4)
    holiday = [moment for moment in receipts if not 7 <= (moment - MONDAY).days < 12]
    assert silent(holiday, holiday[-1] + WEEK).yes


def test_receipts_from_the_future_and_from_long_ago_are_left_out():
    old = [MONDAY - WEEK * 52 - DAY * n for n in range(30)]
    assert silent([*old, *weekly(8), MONDAY + WEEK * 90], weekly(8)[-1] + WEEK).no


def test_the_reason_says_when_the_last_one_came_and_what_is_usual():
    assert silent(weekly(8), weekly(8)[-1] + 5 * WEEK).because == (
        "last received 23 Feb 2026; 5 of its usual sending hours ago, usually at most 1 (1 a week)",
    )


moments = st.integers(0, 150 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
slots_of_a_week = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 23)))


@given(st.lists(moments, max_size=40), moments, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_silence_only_ends_when_something_is_received(receipts, now, later):
    seen = [moment for moment in receipts if moment <= now]
    if silent(seen, now).yes:
        assert silent(seen, now + later).yes


@given(st.lists(moments, max_size=MINIMUM_HISTORY))
def test_too_little_history_is_unknown_never_no(receipts):
    assert silent(receipts, datetime(2026, 7, 1, tzinfo=UTC)).unknown


@given(moments, st.timedeltas(timedelta(0), timedelta(days=30)), slots_of_a_week)
def test_sending_hours_agree_with_counting_them_one_by_one(start, span, slots):
    start = start.replace(minute=0, second=0, microsecond=0)
    hours = int(span / timedelta(hours=1))
    one_by_one = [start + timedelta(hours=n) for n in range(1, hours + 1)]
    counted = sum((hour.weekday(), hour.hour) in slots for hour in one_by_one)
    assert sending_hours(start, start + timedelta(hours=hours), slots) == counted
