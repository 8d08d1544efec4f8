"""How many nobody saw, by several sources: against closed forms, and against populations that are made up."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.measures.recapture import Patterns, dependences, log_linear, lower_bound

A, B, C = "a", "b", "c"
MANY = st.integers(1, 400)


def patterns(**numbers: int) -> Patterns:
    """``ab=3``: three patients whom a and b saw and nobody else."""
    return Patterns(tuple(sorted(set("".join(numbers)))), {frozenset(name): n for name, n in numbers.items()})


def population(people: int, chances: dict[str, float], seed: int, *, follows: float = 0.0) -> tuple[Patterns, int]:
    """Whom sources that work independently saw, but that b also sees this share of those whom a saw; and the number
    whom none saw."""
    luck = Random(seed)
    seen_by: list[set[str]] = []
    for _ in range(people):
        seen = {source for source, chance in chances.items() if luck.random() < chance}
        if A in seen and luck.random() < follows:
            seen.add(B)
        seen_by.append(seen)
    return Patterns.of(tuple(chances), seen_by), sum(not seen for seen in seen_by)


# Against closed forms


@given(MANY, MANY, MANY)
def test_two_independent_sources_give_the_estimate_of_lincoln_and_petersen(only_a, only_b, both):
    unseen = log_linear(patterns(a=only_a, b=only_b, ab=both))
    expected = only_a * only_b / both
    told = unseen is not None
    assert not told or unseen.number == pytest.approx(expected, rel=1e-5)
    assert told or min(only_a, only_b, both) <= 1  # the variance of the logarithm is above 4 only of the rarest


@given(MANY, MANY, MANY, MANY, MANY, MANY, MANY)
def test_a_source_on_which_two_others_depend_leaves_them_to_tell(a, b, c, ab, ac, bc, abc):
    held = patterns(a=a, b=b, c=c, ab=ab, ac=ac, bc=bc, abc=abc)
    unseen = log_linear(held, [frozenset({A, B}), frozenset({A, C})])
    assert unseen is None or unseen.number == pytest.approx(b * c / bc, rel=1e-4)


@given(MANY, MANY, MANY, MANY, MANY, MANY, MANY)
def test_the_order_of_sources_and_pairs_changes_nothing(a, b, c, ab, ac, bc, abc):
    held = patterns(a=a, b=b, c=c, ab=ab, ac=ac, bc=bc, abc=abc)
    turned = Patterns((C, A, B), held.counts)
    one, other = log_linear(held, [frozenset({A, B})]), log_linear(turned, [frozenset({B, A})])
    assert (one is None) == (other is None)
    assert one is None or one.number == pytest.approx(other.number, rel=1e-4)


# Against populations


def covered(chances: dict[str, float], estimate, **more: float) -> float:
    """The share of 100 populations in which the interval holds the number whom nobody saw."""
    hits = 0
    for seed in range(100):
        held, unseen = population(500, chances, seed, **more)
        told = estimate(held)
        hits += told is not None and told.interval.low <= unseen <= told.interval.high
    return hits / 100


def test_of_independent_sources_the_interval_holds_the_truth_about_as_often_as_it_says():
    chances = {A: 0.5, B: 0.4, C: 0.3}
    assert covered(chances, log_linear) >= 0.88
    assert covered(chances, lower_bound) >= 0.88


def test_where_one_source_follows_another_only_the_model_that_knows_it_holds_the_truth():
    chances = {A: 0.5, B: 0.3, C: 0.4}
    assert covered(chances, log_linear, follows=0.6) < 0.5
    assert covered(chances, lambda held: log_linear(held, [frozenset({A, B})]), follows=0.6) >= 0.88


def test_where_some_patients_are_hard_to_see_the_lower_bound_stays_below_the_truth_and_above_independence():
    easy, one = population(1000, {A: 0.7, B: 0.6, C: 0.6}, 1)
    hard, other = population(1000, {A: 0.15, B: 0.1, C: 0.1}, 2)
    counts = {pattern: easy.counts.get(pattern, 0) + hard.counts.get(pattern, 0) for pattern, _ in easy.cells}
    mixed = Patterns(easy.sources, counts)
    at_least, independent = lower_bound(mixed), log_linear(mixed)
    assert independent.number < at_least.number < one + other


# What can't be told


@pytest.mark.parametrize(
    "held",
    [
        pytest.param(patterns(a=5, b=7), id="they share nobody"),
        pytest.param(patterns(ab=9, b=4), id="one saw nobody alone"),
        pytest.param(Patterns((A,), {frozenset({A}): 9}), id="one source"),
        pytest.param(Patterns((A, B), {}), id="nobody"),
    ],
)
def test_where_the_counts_tell_nothing_no_number_is_given(held):
    assert log_linear(held) is None or log_linear(held).number == pytest.approx(0, abs=1e-3)
    assert lower_bound(held) is None or lower_bound(held).number == pytest.approx(0, abs=1e-3)


def test_a_model_with_more_to_fit_than_there_are_patterns_is_refused():
    assert log_linear(patterns(a=9, b=9, ab=9), [frozenset({A, B})]) is None


@pytest.mark.parametrize("pair", [{A}, {A, "z"}, {A, B, C}])
def test_a_pair_that_is_not_two_of_the_sources_is_an_error(pair):
    held = patterns(a=9, b=9, c=9, ab=9, ac=9, bc=9, abc=9)
    with pytest.raises(ValueError, match="not two of the sources a, b, c"):
        log_linear(held, [frozenset(pair)])


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "ab", "ac", "bc", "abc"]), st.integers(0, 60)))
def test_whatever_the_counts_an_interval_holds_its_value_and_nothing_falls_below_nobody(numbers):
    held = Patterns((A, B, C), {frozenset(name): n for name, n in numbers.items()})
    for unseen in (log_linear(held), log_linear(held, [frozenset({A, B})]), lower_bound(held)):
        if unseen:
            assert 0 <= unseen.interval.low <= unseen.interval.value <= unseen.interval.high


# Dependence


def test_a_source_that_follows_another_is_shown_by_those_whom_a_third_saw():
    held, _ = population(2000, {A: 0.5, B: 0.3, C: 0.4}, 3, follows=0.5)
    shown = {one.pair: one.odds_ratio for one in dependences([held]) if one.shown}
    assert set(shown) == {(A, B)}
    assert shown[A, B].low > 1


def test_independent_sources_are_seldom_called_dependent():
    chances = dict.fromkeys("abc", 0.5)
    calls = [one.shown for seed in range(40) for one in dependences([population(800, chances, seed)[0]])]
    assert sum(calls) / len(calls) < 0.15


def test_hospitals_that_differ_do_not_make_sources_depend():
    one, _ = population(2000, dict.fromkeys("abc", 0.2), 1)
    other, _ = population(2000, dict.fromkeys("abc", 0.8), 2)
    assert [found.pair for found in dependences([one, other]) if found.shown] == []


def test_two_sources_cannot_test_themselves():
    assert dependences([patterns(a=9, b=9, ab=9)]) == []


def test_patients_seen_by_none_of_the_sources_are_left_aside():
    held = Patterns.of((A, B), [{"a"}, {"a", "z"}, {"z"}, set(), {"a", "b"}])
    assert held.counts == {frozenset("a"): 2, frozenset("ab"): 1}
    assert [number for _, number in held.cells] == [0, 2, 1]
