"""Small numbers hidden before a table leaves the building, and more beside them, so that none can be worked out.

A count from 1 to below the threshold is hidden (primary). Whoever holds the totals could subtract, so further counts
are hidden (secondary) until every hidden count could still be at least two different numbers. That is not argued but
computed: what a reader can work out is the smallest and largest value of each hidden count that agrees with all that is
shown. Staff's own pages aren't suppressed: they may see the names themselves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LEAST_THRESHOLD = 5  # no site may set less
TO_NEAREST = 5

Cell = tuple[int, int]
Grid = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A table with its totals as last row and last column; None is hidden. ``hidden`` names the places."""

    rows: tuple[tuple[int | None, ...], ...]
    hidden: frozenset[Cell]
    threshold: int

    def rounded(self) -> tuple[tuple[int | None, ...], ...]:
        """What is shown, to the nearest five; totals are rounded by themselves, so they may not add up."""
        return tuple(tuple(None if n is None else TO_NEAREST * round(n / TO_NEAREST) for n in row) for row in self.rows)


def suppress(counts: Sequence[Sequence[int]], threshold: int) -> Suppressed:
    """The table safe to give away. Raises ``ValueError`` for a threshold below five, a negative count, uneven rows."""
    _check(counts, threshold)
    grid = with_totals(counts)
    hidden = {cell for cell in _cells(grid) if 0 < _at(grid, cell) < threshold}
    while (told := _worked_out(grid, hidden)) and (more := _next(grid, hidden, told)):
        hidden.add(more)
    shown = tuple(
        tuple(None if (r, c) in hidden else n for c, n in enumerate(row)) for r, row in enumerate(grid)
    )  # fmt: skip
    return Suppressed(shown, frozenset(hidden), threshold)


def with_totals(counts: Sequence[Sequence[int]]) -> Grid:
    rows = [(*row, sum(row)) for row in counts]
    return (*rows, tuple(sum(column) for column in zip(*rows, strict=True)))


def ranges(grid: Grid, hidden: "set[Cell] | frozenset[Cell]") -> dict[Cell, tuple[int, int]]:
    """Between which numbers a reader of all that is shown can place each hidden count.

    He knows that a hidden one is at least 1, for a zero is shown. The equations of rows and columns are those of flows
    in a network, so that the ends of a range are whole numbers that really may be.
    """
    cells = sorted(hidden)
    if not cells:
        return {}
    matrix, sums = _equations(grid, cells)
    return {cell: _range(place, matrix, sums, len(cells)) for place, cell in enumerate(cells)}


def _range(place: int, matrix: list[list[int]], sums: list[int], size: int) -> tuple[int, int]:
    from scipy.optimize import linprog

    ends = []
    for sign in (1, -1):
        aim = [sign if other == place else 0 for other in range(size)]
        found = linprog(aim, A_eq=matrix, b_eq=sums, bounds=(1, None), method="highs")
        ends.append(round(sign * found.fun) if found.status == 0 else None)
    low, high = ends
    return (low or 1, high if high is not None else 10**9)  # without an end: nothing shown bounds it


def _equations(grid: Grid, cells: Sequence[Cell]) -> tuple[list[list[int]], list[int]]:
    """Each row and column sums to its total: of the hidden ones on the left, what is shown on the right."""
    matrix, sums = [], []
    for line in _lines(grid):
        signs = {cell: -1 if last else 1 for cell, last in line}
        if any(cell in signs for cell in cells):
            matrix.append([signs.get(cell, 0) for cell in cells])
            sums.append(-sum(sign * _at(grid, cell) for cell, sign in signs.items() if cell not in set(cells)))
    return matrix, sums


def _lines(grid: Grid) -> Iterator[list[tuple[Cell, bool]]]:
    height, width = len(grid), len(grid[0])
    for r in range(height):
        yield [((r, c), c == width - 1) for c in range(width)]
    for c in range(width):
        yield [((r, c), r == height - 1) for r in range(height)]


def _worked_out(grid: Grid, hidden: set[Cell]) -> list[Cell]:
    """The hidden counts that can only be one number."""
    return [cell for cell, (low, high) in ranges(grid, hidden).items() if low == high]


def _next(grid: Grid, hidden: set[Cell], told: Sequence[Cell]) -> Cell | None:
    """The smallest count still shown in a row or column of one that was worked out; zeros hide nothing."""
    lines = [[cell for cell, _ in line] for line in _lines(grid)]
    beside = {cell for line in lines if set(line) & set(told) for cell in line}
    free = [cell for cell in beside if cell not in hidden and _at(grid, cell) > 0]
    rest = free or [cell for cell in _cells(grid) if cell not in hidden and _at(grid, cell) > 0]
    return min(rest, key=lambda cell: (_is_total(grid, cell), _at(grid, cell), cell), default=None)


def _is_total(grid: Grid, cell: Cell) -> bool:
    return cell[0] == len(grid) - 1 or cell[1] == len(grid[0]) - 1


def _cells(grid: Grid) -> Iterator[Cell]:
    return ((r, c) for r, row in enumerate(grid) for c in range(len(row)))


def _at(grid: Grid, cell: Cell) -> int:
    return grid[cell[0]][cell[1]]


def _check(counts: Sequence[Sequence[int]], threshold: int) -> None:
    if threshold < LEAST_THRESHOLD:
        raise ValueError(f"a threshold of {threshold} hides too little; {LEAST_THRESHOLD} is the least")
    if not counts or not counts[0] or len({len(row) for row in counts}) > 1:
        raise ValueError("the rows of a table are all as long, and there is one at least")
    if any(count < 0 for row in counts for count in row):
        raise ValueError("a count can't be negative")
