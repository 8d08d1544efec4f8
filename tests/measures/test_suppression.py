"""Small numbers hidden: no subtraction, and no other reasoning from what is shown, brings one back."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.measures.suppression import ranges, suppress, with_totals

THRESHOLD = 5
small_tables = st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=1, max_size=3)
tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=1, max_size=6)
)


def placed(grid) -> dict[tuple[int, int], int]:
    return {(r, c): number for r, row in enumerate(grid) for c, number in enumerate(row)}


@given(tables, st.integers(5, 12))
def test_what_is_small_is_hidden_and_what_is_shown_is_true(counts, threshold):
    made, true = suppress(counts, threshold), placed(with_totals(counts))
    for place, number in placed(made.rows).items():
        assert number is None or number == true[place]
        assert number is None or number == 0 or number >= threshold


@settings(max_examples=60, deadline=None)
@given(tables)
def test_every_hidden_count_may_still_be_two_numbers(counts):
    made = suppress(counts, THRESHOLD)
    for low, high in ranges(with_totals(counts), made.hidden).values():
        assert low < high


@settings(max_examples=40, deadline=None)
@given(small_tables)
def test_counting_out_the_tables_around_the_true_one_leaves_at_least_two_numbers(counts):
    """By brute force, without the programme that the suppression itself uses.

    Two tables with the same sums differ by cycles of one more here, one less there. So where a hidden count may be
    another number at all, some table that is nowhere further than one from the true one has it so.
    """
    made, true = suppress(counts, THRESHOLD), placed(with_totals(counts))
    free = [place for place in made.hidden if place[0] < len(counts) and place[1] < len(counts[0])]
    fitting: dict[tuple[int, int], set[int]] = {place: set() for place in made.hidden}
    for steps in product((-1, 0, 1), repeat=len(free)):
        cells = placed(with_totals(_stepped(counts, dict(zip(free, steps, strict=True)))))
        as_shown = all(cells[place] == true[place] for place in cells.keys() - made.hidden)
        if as_shown and all(cells[place] >= 1 for place in made.hidden):
            for place in made.hidden:
                fitting[place].add(cells[place])
    assert all(len(found) >= 2 for found in fitting.values()), (made, fitting)


def _stepped(counts, steps) -> list[list[int]]:
    return [[number + steps.get((r, c), 0) for c, number in enumerate(row)] for r, row in enumerate(counts)]


@pytest.mark.parametrize(
    "counts", [[[20, 3, 40], [50, 60, 70], [9, 10, 30]], [[1, 1], [20, 30]], [[1, 1]], [[3]], [[1, 0], [0, 0]]]
)
def test_one_small_count_hides_others_in_its_row_and_column(counts):
    made = suppress(counts, 8)
    assert len(made.hidden) >= 4
    assert all(number != 0 for place, number in placed(with_totals(counts)).items() if place in made.hidden)


def test_a_table_without_small_counts_is_shown_whole():
    made = suppress([[8, 20], [30, 0]], 8)
    assert made.rows == ((8, 20, 28), (30, 0, 30), (38, 20, 58))


def test_what_is_shown_is_rounded_to_the_nearest_five():
    assert suppress([[8, 21], [33, 0]], 8).rounded() == ((10, 20, 30), (35, 0, 35), (40, 20, 60))


@pytest.mark.parametrize(
    ("counts", "threshold", "said"),
    [([[1]], 4, "hides too little"), ([], 8, "at least"), ([[1, 2], [3]], 8, "as long"), ([[-1]], 8, "negative")],
)
def test_what_can_not_be_is_refused_with_the_reason(counts, threshold, said):
    with pytest.raises(ValueError, match=said):
        suppress(counts, threshold)
