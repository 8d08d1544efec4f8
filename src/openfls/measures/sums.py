"""What follows from sums that are told: which small counts a reader could work out from them.

`suppression` does it for a table with its totals. Here the sums may be any: of finders' combinations by finder, of a
step's bars beside the share of its standard.
"""

from collections.abc import Collection, Hashable, Mapping
from itertools import product
from typing import TypeVar

ROUNDING = 1e-9

Name = TypeVar("Name", bound=Hashable)


def worked_out(
    counts: Mapping[Name, int], told: Collection[Collection[Name]], below: int, *, zeros_told: bool = True
) -> list[Name]:
    """The counts from 1 to ``below`` that can be no other number, where the sum of each of these groups is told.

    ``zeros_told``: the reader knows which counts are zero, so that every other is 1 at least.
    """
    names = [name for name, number in counts.items() if number or not zeros_told]
    small = [name for name in names if 0 < counts[name] < below]
    told_of = [[name for name in group if name in set(names)] for group in told]
    if not small or not any(told_of):
        return []
    matrix = [[int(name in set(group)) for name in names] for group in told_of]
    sums = [sum(counts[name] for name in group) for group in told_of]
    least = int(zeros_told)
    return [name for name in small if _settled(names.index(name), matrix, sums, least)]


def few_together(counts: Mapping[Name, int], told: Collection[Collection[Name]], below: int) -> bool:
    """Whether a small sum of any of the counts follows by adding and subtracting sums that are told."""
    import numpy as np

    names = list(counts)
    rows = np.array([[name in set(group) for name in names] for group in told], dtype=float)
    groups = np.array(list(product((0.0, 1.0), repeat=len(names))))
    sums = groups @ np.array([counts[name] for name in names])
    followed = np.linalg.norm(groups - groups @ np.linalg.pinv(rows) @ rows, axis=1) < ROUNDING
    return bool(np.any(followed & (sums > 0) & (sums < below)))


def _settled(place: int, matrix: list[list[int]], sums: list[int], least: int) -> bool:
    """Whether only one whole number agrees with all sums."""
    from scipy.optimize import linprog

    ends: list[int] = []
    for sign in (1, -1):
        aim = [sign if other == place else 0 for other in range(len(matrix[0]))]
        found = linprog(aim, A_eq=matrix, b_eq=sums, bounds=(least, None), method="highs", integrality=1)
        if found.status:  # nothing that is told bounds it
            return False
        ends.append(round(sign * found.fun))
    return ends[0] == ends[1]
