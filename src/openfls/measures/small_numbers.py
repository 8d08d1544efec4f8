"""Which shares and counts of a report may leave the building, by the rule of `suppression`: a small count is hidden,
and with it whatever would give it away. From which number on a count is told is the site parameter ``suppress_below``.
"""

from collections.abc import Sequence

from openfls.measures.suppression import suppress


def few(count: int, below: int) -> bool:
    return 0 < count < below


def both_told(met: int, judged: int, below: int) -> bool:
    """Whether a share may be told: neither who met it nor who didn't is few."""
    return not few(met, below) and not few(judged - met, below)


def told_in_series(series: Sequence[tuple[int, int]], below: int) -> tuple[tuple[bool, ...], bool]:
    """Which of these (met, judged) may be told, and whether their sum may be told beside them."""
    if not series:
        return (), True
    table = suppress([(met, judged - met) for met, judged in series], below)
    told = [all(cell is not None for cell in row) for row in table.rows]
    return tuple(told[:-1]), told[-1]


def words(count: int, below: int) -> str:
    return f"fewer than {below}" if few(count, below) else f"{count:,}"
