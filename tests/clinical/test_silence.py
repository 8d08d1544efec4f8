"""When a feed counts as silent: by what is to be expected of it in each hour of the week, never by another feed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.decisions import Outcome
from openfls.clinical.parameters import DEFAULTS, Parameters
from openfls.clinical.silence import FEWEST_HOURS, HISTORY, SHORTEST_HISTORY, rhythm_of, silent

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 1, 5, tzinfo=LONDON)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def at(day: int, hour: float = 0) -> datetime:
    """So many days after the first Monday, by the clock of the wall."""
    return MONDAY + DAY * day + HOUR * hour


def weekly(count: int) -> list[datetime]:
    return [at(7 * n, 8.2) for n in range(count)]


def weekdays(weeks: int, hours: tuple[int, ...] = (8,)) -> list[datetime]:
    return [at(day, hour + 0.2) for day in range(7 * weeks) if day % 7 < 5 for hour in hours]


OFFICE = tuple(range(8, 18))  # several messages an hour say no more than one


@pytest.mark.parametrize(
    ("rhythm", "receipts", "now", "expected"),
    [
        ("no receipt ever", [], MONDAY, Outcome.UNKNOWN),
        ("four weeks of a weekly list, three between them", weekly(4), at(300), Outcome.UNKNOWN),
        ("weekly, before the second that is missing", weekly(14), at(14 * 7 + 7, 7.9), Outcome.NO),
        ("weekly, two missing", weekly(14), at(15 * 7, 9), Outcome.NO),
        ("weekly, the hour of the third isn't over", weekly(14), at(16 * 7, 8.9), Outcome.NO),
        ("weekly, three missing", weekly(14), at(16 * 7, 9), Outcome.YES),
        ("weekly and known for eight weeks, three missing", weekly(8), at(10 * 7, 9), Outcome.NO),
        ("weekly and known for eight weeks, four missing", weekly(8), at(11 * 7, 9), Outcome.YES),
        ("weekdays, over the weekend", weekdays(14), at(14 * 7, 7.9), Outcome.NO),
        ("weekdays, Monday and Tuesday missing", weekdays(14), at(14 * 7 + 2, 8.9), Outcome.NO),
        ("weekdays, Wednesday missing too", weekdays(14), at(14 * 7 + 2, 9), Outcome.YES),
        ("by office hours, Sunday night", weekdays(14, OFFICE), at(13 * 7 + 6, 23.9), Outcome.NO),
        ("by office hours, Monday at 10:50", weekdays(14, OFFICE), at(14 * 7, 10.9), Outcome.NO),
        ("by office hours, Monday at 11", weekdays(14, OFFICE), at(14 * 7, 11), Outcome.YES),
    ],
)
def test_a_feed_is_silent_once_so_long_a_silence_has_a_chance_below_one_in_a_thousand(rhythm, receipts, now, expected):
    decision = silent(receipts, now)
    assert decision.outcome is expected, f"{rhythm}: {decision.because}"


def test_a_feed_that_sends_now_and_then_is_waited_for_longer():
    """On every second weekday, at any hour of the office: a day without is nothing, three weeks without are."""
    receipts = [at(day, 8.2 + day * 3 % 10) for day in range(13 * 7) if day % 7 < 5 and day % 2]
    quiet = {weeks: silent(receipts, at(13 * 7 + 7 * weeks)).outcome for weeks in (1, 2, 3, 4)}
    assert quiet == {1: Outcome.NO, 2: Outcome.NO, 3: Outcome.YES, 4: Outcome.YES}


def test_a_site_may_want_the_alarm_sooner_or_not_at_all():
    now = at(15 * 7, 9)  # two are missing: 1 in 225
    assert silent(weekly(14), now).no
    assert silent(weekly(14), now, Parameters(silence_chance=0.01)).yes
    assert silent(weekly(14), now + 500 * DAY, Parameters(silence_chance=0.0)).no


def test_a_rare_long_gap_hardly_teaches_the_feed_to_be_slow():
    receipts = [moment for moment in weekdays(14) if not 35 <= (moment - MONDAY).days < 42]
    assert silent(receipts, at(14 * 7 + 2, 9)).no
    assert silent(receipts, at(14 * 7 + 3, 9)).yes


def test_receipts_from_the_future_and_from_long_ago_are_left_out():
    nightly = [at(-300 + n, 3) for n in range(30)]
    assert silent([*nightly, *weekly(14), at(2000)], at(16 * 7, 8.9)) == silent(weekly(14), at(16 * 7, 8.9))


def test_the_reason_says_when_the_last_one_came_what_was_to_be_expected_and_since_when_the_alarm_stands():
    assert silent(weekly(14), at(20 * 7, 12)).because == (
        "last received Mon 06 Apr 2026",
        "by its rhythm 2.8 hours with receipts were to be expected since, none came: "
        "the chance of that is 1 in 3,375 (alarm below 1 in 1,000)",
        "silent since Mon 27 Apr 2026, 09:00",
    )
    assert silent(weekdays(14, OFFICE), at(13 * 7 + 5, 12)).because[1:] == (
        "no hour in which it used to send has passed since",
    )


def test_too_short_a_history_says_what_is_needed():
    assert silent(weekly(3), at(400)).because == (
        "last received Mon 19 Jan 2026; too few receipts to know its rhythm: "
        "3 hours with receipts over 14 days, 5 over 4 weeks are needed",
    )


# --- Clocks that change ---------------------------------------------------------------------------------------------
SPRING, AUTUMN = datetime(2026, 3, 29, tzinfo=LONDON), datetime(2026, 10, 25, tzinfo=LONDON)  # Sundays


def by_the_wall(before: datetime, hours: tuple[int, ...] = OFFICE) -> list[datetime]:
    """Weekdays of 12 weeks before, at the same hours of the wall's clock whatever the season."""
    days = [before - DAY * n for n in range(84, 0, -1)]
    return [day.replace(hour=hour, minute=10) for day in days if day.weekday() < 5 for hour in hours]


@pytest.mark.parametrize("sunday", [SPRING, AUTUMN])
@pytest.mark.parametrize(("hour", "outcome"), [(7, Outcome.NO), (10, Outcome.NO), (11, Outcome.YES)])
def test_the_hours_are_those_of_the_wall_before_and_after_the_clocks_change(sunday, hour, outcome):
    monday = (sunday + DAY).replace(hour=hour)
    assert silent(by_the_wall(sunday), monday).outcome is outcome


@pytest.mark.parametrize(("sunday", "passed"), [(SPRING, 2), (AUTUMN, 4)])
def test_an_hour_that_the_clocks_skip_is_not_missed_and_one_that_they_repeat_is_awaited_twice(sunday, passed):
    """A feed that sends every hour sent last before midnight; at 3 by the wall two hours are over, or four."""
    start = (sunday - 13 * WEEK).astimezone(UTC)
    sent = [start + HOUR * n for n in range(13 * 168 + 1) if start + HOUR * n < sunday.astimezone(UTC)]
    expected = silent(sent, sunday.replace(hour=3)).because[1]
    assert expected.startswith(f"by its rhythm {min(passed, 3) * 13 / 14:.1f} hours")
    assert silent(sent, sunday.replace(hour=3)).yes == (passed > 2)


# --- Whatever the feed ----------------------------------------------------------------------------------------------
moments = st.integers(0, 150 * 24 * 60).map(lambda minutes: at(0) + timedelta(minutes=minutes))
resting = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 23)), min_size=1, max_size=100)


def every_week(slots: set[tuple[int, int]], weeks: int = 14) -> list[datetime]:
    return sorted(at(7 * week + day, hour) for week in range(weeks) for day, hour in slots)


@given(st.lists(moments, max_size=40), moments, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_silence_only_ends_when_something_is_received(receipts, now, later):
    seen = [moment for moment in receipts if moment <= now]
    if silent(seen, now).yes:
        assert silent(seen, now + later).yes


@given(resting)
def test_no_ordinary_night_or_weekend_of_a_feed_that_rests_then_raises_an_alarm(slots):
    """Through a whole ordinary week, judged just before each receipt: the longest that it is ever quiet."""
    sent = every_week(slots, 15)
    for last, following in pairwise(sent[-len(slots) - 1 :]):
        history = [moment for moment in sent if moment <= last]
        assert not silent(history, following).yes


@given(resting)
def test_whatever_its_hours_a_regular_feed_raises_the_alarm_when_the_third_of_them_has_passed_in_silence(slots):
    sent = every_week(slots, 18)
    count = 14 * len(slots)
    history, missed = sent[:count], sent[count : count + 3]
    assert silent(history, missed[2] + HOUR - timedelta(minutes=1)).no
    assert silent(history, missed[2] + 2 * HOUR).yes  # or one hour later, on a day when the clocks change


@given(st.lists(moments, max_size=FEWEST_HOURS - 1))
def test_too_few_receipts_are_unknown_never_no(receipts):
    assert silent(receipts, datetime(2026, 7, 1, tzinfo=LONDON)).unknown


@given(st.lists(st.timedeltas(timedelta(0), SHORTEST_HISTORY - HOUR), max_size=200), moments)
def test_too_short_a_history_is_unknown_however_much_came(ages, last):
    assert silent([last, *(last - age for age in ages)], last + 10 * WEEK).unknown


@given(st.lists(moments, min_size=30, max_size=60), st.integers(1, 20), st.timedeltas(timedelta(0), 10 * WEEK))
def test_a_burst_within_an_hour_tells_no_more_than_one_message(receipts, times, wait):
    now = max(receipts) + wait
    bursts = [moment.replace(minute=n) for moment in receipts for n in range(times) if moment.replace(minute=n) <= now]
    assert silent(bursts + receipts, now) == silent(receipts, now)


@given(st.sets(moments, min_size=2, max_size=60))
def test_an_expected_hour_is_a_chance_below_one_and_none_where_nothing_ever_came(receipts):
    hours = sorted({moment.astimezone(UTC).replace(minute=0) for moment in receipts})
    rhythm = rhythm_of(hours, LONDON)
    local = {(hour.astimezone(LONDON).weekday(), hour.astimezone(LONDON).hour) for hour in hours}
    for slot in ((day, hour) for day in range(7) for hour in range(24)):
        assert (rhythm.expected(slot) > 0) == (slot in local)
        assert rhythm.expected(slot) < 1
    assert sum(rhythm.brought.values()) == len(hours)


def test_the_defaults_are_those_that_these_tables_are_written_for():
    assert (DEFAULTS.silence_chance, HISTORY, SHORTEST_HISTORY) == (0.001, 13 * WEEK, 4 * WEEK)
