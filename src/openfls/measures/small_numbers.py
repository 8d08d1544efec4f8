"""Small numbers hidden in what leaves the building, so that nobody is known by being one of few.

A count from 1 to 4 is few. Where one part of a whole is hidden another must be too, else the first is the difference:
so a whole of two parts is told with both or with neither, and of a series never one alone is hidden. Five is general
knowledge of the field, not confirmed (docs/safety/to-confirm.md).
"""

from collections.abc import Sequence

FEWEST = 5  # the smallest count above none that is told


def few(count: int) -> bool:
    return 0 < count < FEWEST


def both_told(met: int, judged: int) -> bool:
    """Whether a share may be told: neither part of the whole is few."""
    return not few(met) and not few(judged - met)


def told_in_series(series: Sequence[tuple[int, int]]) -> tuple[bool, ...]:
    """Which of these (met, judged), whose sum is told elsewhere, may be told: where one is hidden, the smallest of the
    others is hidden with it."""
    told = [both_told(met, judged) for met, judged in series]
    if told.count(False) == 1:
        others = [(judged, place) for place, (_, judged) in enumerate(series) if told[place] and judged]
        if others:
            told[min(others)[1]] = False
    return tuple(told)


def words(count: int) -> str:
    return f"fewer than {FEWEST}" if few(count) else f"{count:,}"
