"""Which shares and counts of a report may leave the building, by the rule of `suppression`: a small count is hidden,
and with it whatever would give it away. From which number on a count is told is the site parameter ``suppress_below``.
"""

from collections.abc import Sequence


def few(count: int, below: int) -> bool:
    return 0 < count < below


def both_told(met: int, judged: int, below: int) -> bool:
    """Whether a share may be told: neither who met it nor who didn't is few."""
    return not few(met, below) and not few(judged - met, below)


def told_beside_sum(series: Sequence[tuple[int, int]], below: int) -> tuple[bool, ...]:
    """Which of these (met, judged) may be told where their sum is told too.

    A part is told whole or not at all, so that of those hidden nothing but their sum can be worked out: there are two
    of them at least, and neither side of that sum is few. The smallest are hidden until it is so.
    """
    told = [both_told(met, judged, below) for met, judged in series]
    free = sorted((judged, at) for at, (_, judged) in enumerate(series) if judged and told[at])
    for _, at in free:
        if not _follows([pair for pair, may in zip(series, told, strict=True) if not may], below):
            break
        told[at] = False
    return tuple(told)


def _follows(hidden: Sequence[tuple[int, int]], below: int) -> bool:
    """Whether a small number follows from the sum of what is hidden."""
    met, judged = sum(met for met, _ in hidden), sum(judged for _, judged in hidden)
    return len(hidden) == 1 or few(met, below) or few(judged - met, below)


def open_told(not_met: int, still_open: int, below: int) -> bool:
    """Whether it may be told how many are still open beside how many didn't meet it: the difference may be those who
    met it late."""
    return not few(still_open, below) and not few(abs(not_met - still_open), below)


def words(count: int, below: int) -> str:
    return f"fewer than {below}" if few(count, below) else f"{count:,}"
