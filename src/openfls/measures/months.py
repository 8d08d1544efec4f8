"""A standard month by month: of the windows that closed in a month, how many were met in time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openfls.measures.counting import Verdicted, cell_of

QUARTER = 3  # months
JUDGED = ("met", "met_late", "missed")


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month by its first day, or so many ``months`` together. ``judged`` are the episodes whose window
    closed in it: met in time, late, or ``missed``; that is None where it may not be told."""

    start: date
    met: int
    judged: int
    missed: int | None = 0
    months: int = 1

    @property
    def share(self) -> float | None:
        """Met in time among the judged, 0 to 1; None where no window closed."""
        return self.met / self.judged if self.judged else None


def monthly(verdicts: Iterable[Verdicted], today: date) -> tuple[Month, ...]:
    """The months from the first in which a window closed to the last that is over, gaps filled with empty ones.

    Taken by the day on which the window closed, so that a month that is over changes no more, except by what is
    learnt late. The month that runs is left out: its share would move with each day.
    """
    told: dict[str, Counter[date]] = {cell: Counter() for cell in JUDGED}
    for verdicted in verdicts:
        cell = cell_of(verdicted, today)
        if cell in JUDGED and verdicted.due and first_day(verdicted.due) < first_day(today):
            told[cell][first_day(verdicted.due)] += verdicted.episodes
    judged = sum(told.values(), Counter())
    if not judged:
        return ()
    months = _months(min(judged), max(judged))
    return tuple(Month(start, told["met"][start], judged[start], told["missed"][start]) for start in months)


def first_day(day: date) -> date:
    return day.replace(day=1)


def next_month(start: date) -> date:
    return date(start.year + start.month // 12, start.month % 12 + 1, 1)


def _months(first: date, last: date) -> list[date]:
    found = [first]
    while found[-1] < last:
        found.append(next_month(found[-1]))
    return found


def quarterly(months: Iterable[Month], today: date) -> tuple[Month, ...]:
    """The months put together by calendar quarter, without the quarter that runs."""
    of: dict[date, list[Month]] = {}
    for month in months:
        of.setdefault(_quarter(month.start), []).append(month)
    over = [(start, mine) for start, mine in of.items() if start < _quarter(first_day(today))]
    return tuple(
        Month(start, sum(m.met for m in mine), sum(m.judged for m in mine), sum(m.missed or 0 for m in mine), QUARTER)
        for start, mine in over
    )


def _quarter(start: date) -> date:
    return start.replace(month=start.month - (start.month - 1) % QUARTER)
