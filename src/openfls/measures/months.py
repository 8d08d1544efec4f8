"""A standard month by month: of the windows that closed in a month, how many were met in time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openfls.measures.counting import Verdicted, cell_of

JUDGED = ("met", "met_late", "missed")


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month by its first day. ``judged`` are the episodes whose window closed in it."""

    start: date
    met: int
    judged: int

    @property
    def share(self) -> float | None:
        """Met in time among the judged, 0 to 1; None where no window closed."""
        return self.met / self.judged if self.judged else None


def monthly(verdicts: Iterable[Verdicted], today: date) -> tuple[Month, ...]:
    """The months from the first in which a window closed to the last that is over, gaps filled with empty ones.

    Taken by the day on which the window closed, so that a month that is over changes no more, except by what is
    learnt late. The month that runs is left out: its share would move with each day.
    """
    judged: Counter[date] = Counter()
    met: Counter[date] = Counter()
    for verdicted in verdicts:
        cell = cell_of(verdicted, today)
        if cell in JUDGED and verdicted.due and first_day(verdicted.due) < first_day(today):
            judged[first_day(verdicted.due)] += verdicted.episodes
            met[first_day(verdicted.due)] += verdicted.episodes if cell == "met" else 0
    if not judged:
        return ()
    return tuple(Month(start, met[start], judged[start]) for start in _months(min(judged), max(judged)))


def first_day(day: date) -> date:
    return day.replace(day=1)


def next_month(start: date) -> date:
    return date(start.year + start.month // 12, start.month % 12 + 1, 1)


def _months(first: date, last: date) -> list[date]:
    found = [first]
    while found[-1] < last:
        found.append(next_month(found[-1]))
    return found
