"""When something occurred, as precisely as its source knew it: a day, about a day, or an interval of days."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Precision(StrEnum):
    EXACT = "exact"
    APPROXIMATE = "approximate"
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True)
class When:
    """The closed interval of days in which something occurred; ``at`` is the local wall-clock time where it is known.

    An exact day has equal ends. An approximate date spreads its margin to both sides. An interval (a month, a year)
    says that nothing inside it is likelier than the rest.
    """

    start: date
    end: date
    precision: Precision = Precision.EXACT
    at: datetime | None = None

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"an interval that ends before it begins: {self.start} to {self.end}")
        if self.precision is Precision.EXACT and self.start != self.end:
            raise ValueError(f"an exact date with two ends: {self.start} and {self.end}")
        if self.at and not self.exact:
            raise ValueError(f"a time of day without an exact day: {self.at} in {self.start} to {self.end}")
        if self.at and self.at.date() != self.start:
            raise ValueError(f"a time of another day: {self.at} on {self.start}")

    @property
    def exact(self) -> bool:
        return self.precision is Precision.EXACT

    def lies_ahead(self, today: date) -> bool:
        """Every day on which it may occur is still to come."""
        return self.start > today

    def days_from(self, other: "When") -> int:
        """The smallest number of days between the two, 0 where they overlap."""
        return max(0, (self.start - other.end).days, (other.start - self.end).days)

    def __str__(self) -> str:
        match self.precision:
            case Precision.EXACT:
                return f"{self.start:%d %b %Y}"
            case Precision.APPROXIMATE:
                return f"about {self.start + (self.end - self.start) / 2:%d %b %Y}"
            case Precision.INTERVAL:
                return f"between {self.start:%d %b %Y} and {self.end:%d %b %Y}"


def on(day: date, at: datetime | None = None) -> When:
    """Exactly this day."""
    return When(day, day, Precision.EXACT, at)


def at(moment: datetime) -> When:
    """Exactly this moment, by the clock on the wall where it happened."""
    return When(moment.date(), moment.date(), Precision.EXACT, moment)


def about(day: date, margin_days: int = 7) -> When:
    """About this day, give or take ``margin_days``."""
    margin = timedelta(days=margin_days)
    return When(day - margin, day + margin, Precision.APPROXIMATE)


def between(start: date, end: date) -> When:
    """Some day from ``start`` to ``end``."""
    return When(start, end, Precision.INTERVAL if start != end else Precision.EXACT)


def month(year: int, number: int) -> When:
    """Some day of this month."""
    return between(date(year, number, 1), date(year, number, monthrange(year, number)[1]))


def year(number: int) -> When:
    """Some day of this year."""
    return between(date(number, 1, 1), date(number, 12, 31))
