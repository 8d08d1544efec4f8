"""When something occurred: a day, about a day, an interval of days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.facts import birthday_age
from openfls.clinical.when import Precision, When, about, at, between, month, on, year

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
whens = st.one_of(
    days.map(on),
    st.builds(about, days, st.integers(0, 60)),
    st.tuples(days, days).map(sorted).map(lambda pair: between(*pair)),
)


@pytest.mark.parametrize(
    ("when", "start", "end", "words"),
    [
        (on(date(2026, 3, 2)), (3, 2), (3, 2), "02 Mar 2026"),
        (at(datetime(2026, 3, 2, 23, 59, tzinfo=UTC)), (3, 2), (3, 2), "02 Mar 2026"),
        (about(date(2026, 3, 2), 3), (2, 27), (3, 5), "about 02 Mar 2026"),
        (month(2026, 2), (2, 1), (2, 28), "between 01 Feb 2026 and 28 Feb 2026"),
        (year(2026), (1, 1), (12, 31), "between 01 Jan 2026 and 31 Dec 2026"),
        (between(date(2026, 3, 2), date(2026, 3, 2)), (3, 2), (3, 2), "02 Mar 2026"),
    ],
)
def test_each_has_two_ends_and_words(when, start, end, words):
    assert (when.start, when.end, str(when)) == (date(2026, *start), date(2026, *end), words)


def test_february_of_a_leap_year_ends_on_the_29th():
    assert month(2028, 2).end == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ((date(2026, 3, 2), date(2026, 3, 1), Precision.INTERVAL), "ends before it begins: 2026-03-02 to 2026-03-01"),
        ((date(2026, 3, 1), date(2026, 3, 2)), "an exact date with two ends"),
        (
            (date(2026, 3, 1), date(2026, 3, 1), Precision.EXACT, datetime(2026, 3, 2, 1, tzinfo=UTC)),
            "time of another day",
        ),
        (
            (date(2026, 3, 1), date(2026, 3, 5), Precision.INTERVAL, datetime(2026, 3, 1, 1, tzinfo=UTC)),
            "time of day without",
        ),
    ],
)
def test_a_when_that_contradicts_itself_is_refused(fields, complaint):
    with pytest.raises(ValueError, match=complaint):
        When(*fields)


@given(whens, whens)
def test_the_distance_is_that_of_the_nearest_days_and_the_same_both_ways(one, other):
    nearest = one.days_from(other)
    assert nearest == other.days_from(one) >= 0
    apart = one.end < other.start or other.end < one.start
    ends = [abs((a - b).days) for a in (one.start, one.end) for b in (other.start, other.end)]
    assert nearest == (min(ends) if apart else 0)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1976, 3, 2), date(2026, 3, 1), 49),
        (date(1976, 3, 2), date(2026, 3, 2), 50),
        (date(1976, 2, 29), date(2026, 2, 28), 49),
        (date(1976, 2, 29), date(2026, 3, 1), 50),
        (date(1976, 2, 29), date(2028, 2, 28), 51),
        (date(1976, 2, 29), date(2028, 2, 29), 52),
    ],
)
def test_a_year_is_completed_on_the_birthday_and_born_on_29_february_on_1_march(born, day, age):
    assert birthday_age(born, day) == age


@given(days, st.integers(0, 120 * 365))
def test_age_never_falls_and_grows_by_one_at_a_time(born, lived):
    day = born + timedelta(days=lived)
    assert birthday_age(born, day + timedelta(days=1)) - birthday_age(born, day) in (0, 1)
