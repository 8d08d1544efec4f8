"""Funnels: limits exact against SciPy's binomial, widened only by what chance doesn't explain."""

from math import sqrt

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy.stats import binom

from openfls.measures.funnel import (
    ALARM,
    WARNING,
    Position,
    Unit,
    dispersion,
    funnel,
    limits,
    whole_limits,
    widened,
)

shares = st.floats(0.01, 0.99)
sizes = st.integers(1, 2000)
levels = st.sampled_from([WARNING, ALARM])


@given(shares, sizes, levels)
def test_the_limits_that_hospitals_are_judged_by_are_the_exact_binomial_quantiles(target, total, inside):
    tail = (1 - inside) / 2
    wanted = (max(0.0, binom.ppf(tail, total, target)) / total, binom.ppf(1 - tail, total, target) / total)
    assert whole_limits(target, total, inside) == pytest.approx(wanted)


@given(shares, sizes, levels)
def test_beyond_a_limit_lies_no_more_chance_than_it_says(target, total, inside):
    low, high = whole_limits(target, total, inside)
    tail = (1 - inside) / 2 + 1e-9
    assert binom.cdf(round(low * total) - 1, total, target) <= tail
    assert binom.sf(round(high * total), total, target) <= tail


@given(shares, sizes, levels)
def test_the_drawn_line_lies_within_one_patient_of_the_exact_limit(target, total, inside):
    for drawn, exact in zip(limits(target, total, inside), whole_limits(target, total, inside), strict=True):
        assert exact - 1 / total - 1e-9 <= drawn <= exact + 1e-9


@given(shares, sizes, levels)
def test_four_times_the_patients_narrow_the_funnel(target, total, inside):
    """Below that, whole patients make the lines jump."""
    assume(total * target * (1 - target) > 5)
    (low, high), (closer_low, closer_high) = limits(target, total, inside), limits(target, 4 * total, inside)
    assert closer_high - closer_low <= high - low + 1e-9


@given(shares, sizes)
def test_the_outer_lines_lie_outside_the_inner_ones(target, total):
    inner, outer = limits(target, total, WARNING), limits(target, total, ALARM)
    assert outer[0] <= inner[0] <= inner[1] <= outer[1]


@given(shares, sizes, st.floats(1, 5))
@example(0.015625, 1, 2.0)  # of one patient none is the upper limit, which lies below the target
def test_widening_never_narrows_and_stays_between_none_and_all(target, total, factor):
    low, high = whole_limits(target, total)
    wide_low, wide_high = widened((low, high), target, factor)
    assert 0 <= wide_low <= low + 1e-12
    assert high - 1e-12 <= wide_high <= 1


def test_the_dispersion_is_the_mean_of_squared_z_scores_with_the_ends_drawn_in():
    """Ten hospitals of 100 at a half: z is 0 for eight, 2 for one, and 6 for one, which is drawn in to 2."""
    units = [Unit(str(n), 50, 100) for n in range(8)] + [Unit("two", 60, 100), Unit("six", 80, 100)]
    assert dispersion(units, 0.5) == pytest.approx((2**2 + 2**2) / 10)


def test_hospitals_that_chance_explains_are_judged_by_exact_limits():
    made = funnel([Unit(str(n), hits, 100) for n, hits in enumerate((48, 52, 50, 47, 53, 51))])
    assert made
    assert made.factor == 1
    assert {one.position for one in made.placed} == {Position.INSIDE}


def test_hospitals_that_differ_more_than_chance_explains_widen_the_limits():
    made = funnel([Unit(str(n), hits, 100) for n, hits in enumerate((20, 80, 30, 70, 40, 60, 25, 75))])
    assert made
    assert made.factor == pytest.approx(sqrt(made.dispersion))
    assert made.factor > 2
    assert made.judged_by(100)[0] < whole_limits(made.target, 100)[0]


def test_one_hospital_far_off_is_named_and_on_the_right_side():
    hits = {"A": 80, "B": 82, "C": 78, "D": 81, "E": 79, "F": 80, "G": 79, "H": 81, "I": 80, "J": 80, "K": 50}
    made = funnel([Unit(name, number, 100) for name, number in hits.items()])
    assert made
    assert {one.unit.name: one.position for one in made.placed if one.position is not Position.INSIDE} == {
        "K": Position.VERY_LOW
    }


@pytest.mark.parametrize("hits", [0, 1])
def test_one_patient_alone_never_stands_out(hits):
    made = funnel([Unit("one", hits, 1), *(Unit(str(n), 55, 100) for n in range(5))])
    assert made
    alone = made.placed[0]
    assert (alone.position, alone.powerless) == (Position.INSIDE, True)


def test_a_hospital_without_anybody_judged_is_shown_and_not_placed():
    made = funnel([Unit("none", 0, 0), *(Unit(str(n), 5, 10) for n in range(3))])
    assert made
    assert (made.placed[0].position, made.placed[0].share) == (Position.NOBODY, None)


def test_two_hospitals_make_no_funnel():
    assert funnel([Unit("A", 5, 10), Unit("B", 6, 10), Unit("C", 0, 0)]) is None


@pytest.mark.parametrize("hits", [0, 10])
def test_where_nobody_or_everybody_met_it_there_is_a_funnel_still(hits):
    made = funnel([Unit(str(n), hits, 10) for n in range(4)])
    assert made
    assert {one.position for one in made.placed} == {Position.INSIDE}
