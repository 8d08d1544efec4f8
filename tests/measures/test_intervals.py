"""Intervals: proportions by Wilson, people whom nobody saw by Chapman."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.measures.intervals import Unseen, chapman, wilson

counts = st.integers(0, 2000)


@given(counts, counts)
def test_a_proportion_lies_within_its_interval(hits, more):
    interval = wilson(hits, hits + more)
    if interval is None:
        assert hits + more == 0
    else:
        assert 0 <= interval.low <= interval.value <= interval.high <= 1


def test_of_nothing_there_is_no_proportion():
    assert wilson(0, 0) is None


def test_wilson_agrees_with_the_published_example():
    """81 of 263: 0.2553 to 0.3662 (Newcombe 1998, Statistics in Medicine 17:857, table I, score method)."""
    interval = wilson(81, 263)
    assert interval
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)


def test_more_hits_than_cases_are_refused():
    with pytest.raises(ValueError, match="no proportion"):
        wilson(3, 2)


def test_chapman_by_hand():
    """(99+1)(49+1)/(24+1) - 1 = 199 in all, 124 of them seen, 75 not."""
    assert chapman(99, 49, 24).number == 75


def test_sources_that_agree_entirely_leave_nobody_unseen():
    unseen = chapman(30, 30, 30)
    assert (unseen.number, unseen.interval.low, unseen.interval.high) == (0, 0, 0)


@given(first=counts, second=counts, share=st.floats(0, 1))
def test_the_interval_holds_the_estimate_and_never_falls_below_nobody(first, second, share):
    both = int(share * min(first, second))
    interval = chapman(first, second, both).interval
    assert 0 <= interval.low <= interval.value <= interval.high


def test_strata_add_up_with_their_variances():
    assert Unseen(2, 3) + Unseen(5, 7) == Unseen(7, 10)


@pytest.mark.parametrize(("first", "second", "both"), [(3, 5, 4), (3, 5, -1)])
def test_counts_that_cannot_be_are_refused(first, second, both):
    with pytest.raises(ValueError, match="can't be"):
        chapman(first, second, both)
