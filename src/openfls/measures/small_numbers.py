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


def told_beside_sum(series: Sequence[tuple[int, int]], below: int) -> tuple[bool, ...]:
    """Which of these (met, judged) may be told beside their sum, which is told anyway where none of it is few: what
    the parts would hide of the sum is hidden of the parts instead."""
    if not series:
        return ()
    table = suppress([(met, judged - met) for met, judged in series], below)
    met, judged = sum(one for one, _ in series), sum(one for _, one in series)
    share = both_told(met, judged, below)
    told_anyway = (share, share, not few(judged, below))
    if any(anyway and shown is None for anyway, shown in zip(told_anyway, table.rows[-1], strict=True)):
        return (False,) * len(series)
    return tuple(all(cell is not None for cell in row) for row in table.rows[:-1])


def open_told(not_met: int, still_open: int, below: int) -> bool:
    """Whether it may be told how many are still open beside how many didn't meet it: the difference may be those who
    met it late."""
    return not few(still_open, below) and not few(abs(not_met - still_open), below)


def words(count: int, below: int) -> str:
    return f"fewer than {below}" if few(count, below) else f"{count:,}"
