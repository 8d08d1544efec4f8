"""Run charts and XmR charts: limits and rules at their boundaries, and what each says of which months."""

from itertools import groupby, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.measures.signals import (
    RUN_FEWEST,
    RUN_RULES,
    RUN_SHIFT,
    RUN_TREND,
    XMR_FEWEST,
    XMR_RULES,
    XMR_SHIFT,
    XMR_TREND,
    run_chart,
    runs_expected,
    xmr,
)

series = st.lists(st.floats(0, 1, allow_nan=False), min_size=2, max_size=40)


def rules(chart) -> list[str]:
    return [signal.rule for signal in chart.signals]


@given(series)
def test_process_limits_are_the_mean_and_2_66_mean_steps(values):
    made = xmr(values, floor=-10, ceiling=10)
    mean = sum(values) / len(values)
    step = 2.66 * sum(abs(b - a) for a, b in pairwise(values)) / (len(values) - 1)
    assert (made.low, made.mean, made.high) == pytest.approx((mean - step, mean, mean + step))


@given(series)
def test_limits_of_a_share_stay_between_none_and_all(values):
    made = xmr(values)
    assert 0 <= made.low <= made.mean + 1e-12
    assert made.mean - 1e-12 <= made.high <= 1


@given(series, st.floats(0.1, 10), st.floats(-5, 5))
def test_the_unit_of_the_values_changes_no_more_than_the_unit_of_the_limits(values, by, plus):
    made, other = xmr(values, -99, 99), xmr([by * v + plus for v in values], -99, 99)
    assert (other.low, other.high) == pytest.approx((by * made.low + plus, by * made.high + plus), abs=1e-6)


def test_of_one_value_there_is_no_xmr_chart_and_of_none_no_run_chart():
    assert xmr([0.5]) is None
    assert run_chart([]) is None


@given(st.lists(st.floats(0, 1), min_size=1, max_size=RUN_FEWEST - 1))
def test_a_run_chart_of_too_few_months_applies_no_rule(values):
    made = run_chart(values)
    assert (made.too_few, made.signals) == (True, ())


def test_an_xmr_chart_of_too_few_months_applies_no_rule():
    assert xmr([0.1] * (XMR_FEWEST - 2) + [0.9]).signals == ()


@pytest.mark.parametrize("length", [XMR_SHIFT - 1, XMR_SHIFT])
def test_a_shift_begins_at_its_length(length):
    values = [0.4 if n % 2 else 0.6 for n in range(14)] + [0.7 - 0.01 * (n % 2) for n in range(length)] + [0.1]
    found = [s for s in xmr(values).signals if s.rule == "Shift" and s.higher]
    assert bool(found) == (length == XMR_SHIFT)


@pytest.mark.parametrize("length", [XMR_TREND - 1, XMR_TREND])
def test_a_trend_begins_at_its_length(length):
    rise = [0.3 + 0.02 * n for n in range(length)]
    values = [0.5, 0.3, 0.5, 0.3, 0.5, *rise, 0.2, 0.5, 0.3, 0.5]
    trends = [s for s in xmr(values).signals if s.rule == "Trend"]
    assert [len(s.places) for s in trends] == ([length] if length == XMR_TREND else [])


def test_a_value_beyond_the_limits_is_named_by_its_place():
    values = [0.5, 0.52] * 8 + [0.9] + [0.5, 0.52] * 3
    assert [s.places for s in xmr(values).signals if s.rule == "Beyond a limit"] == [(16,)]


def test_values_that_never_change_speak_of_nothing():
    assert rules(xmr([0.5] * 20)) == []
    assert rules(run_chart([0.5] * 20)) == []


def test_on_a_run_chart_values_on_the_median_neither_count_nor_break():
    values = [0.7, 0.7, 0.5, 0.7, 0.7, 0.5, 0.7, 0.7, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.5]
    made = run_chart(values)
    assert made.median == 0.5
    assert [(len(s.places), s.higher) for s in made.signals if s.rule == "Shift"] == [(6, True), (6, False)]


def test_on_a_run_chart_equal_neighbours_count_once_in_a_trend():
    values = [0.5, 0.1, 0.2, 0.3, 0.3, 0.4, 0.5, 0.1, 0.6, 0.2, 0.7, 0.2]
    assert [s.places for s in run_chart(values).signals if s.rule == "Trend"] == [(1, 2, 3, 5, 6)]


@pytest.mark.parametrize(
    ("above", "below", "usual"), [(5, 5, (3, 9)), (10, 10, (7, 15)), (7, 7, (4, 12)), (20, 20, (15, 27))]
)
def test_the_usual_number_of_runs_is_that_of_the_published_table(above, below, usual):
    """Swed and Eisenhart 1943; the first rows stand in Perla 2011 as 3 to 9 of ten values."""
    assert runs_expected(above, below) == usual


@pytest.mark.parametrize(("above", "below"), [(5, 5), (4, 7), (6, 3)])
def test_the_usual_number_of_runs_agrees_with_counting_every_order(above, below):
    orders = [one for one in product((0, 1), repeat=above + below) if sum(one) == above]
    runs = sorted(sum(1 for _ in groupby(one)) for one in orders)
    low, high = runs_expected(above, below)
    assert sum(r < low for r in runs) / len(runs) <= 0.025 < sum(r <= low for r in runs) / len(runs)
    assert sum(r > high for r in runs) / len(runs) <= 0.025 < sum(r >= high for r in runs) / len(runs)


def test_a_series_that_swings_each_month_has_too_many_runs():
    assert rules(run_chart([0.2, 0.8] * 8)) == ["Runs"]


def test_the_printed_rules_name_the_lengths_in_force():
    assert str(RUN_SHIFT) in RUN_RULES[1]
    assert str(RUN_TREND) in RUN_RULES[2]
    assert str(XMR_SHIFT) in XMR_RULES[2]
    assert str(XMR_TREND) in XMR_RULES[3]
