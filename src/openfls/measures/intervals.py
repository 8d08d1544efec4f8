"""Intervals for proportions and for numbers that nobody saw."""

from dataclasses import dataclass
from math import ceil, exp, floor, log1p, sqrt

Z_95 = 1.959963984540054  # the two-sided 95% quantile of the normal distribution


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its 95% interval, in the unit of the value."""

    value: float
    low: float
    high: float


def wilson(hits: int, total: int) -> Interval | None:
    """The proportion with Wilson's score interval (Wilson 1927); None of nothing. Unit: 0 to 1."""
    if total == 0:
        return None
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} is no proportion")
    share, z2 = hits / total, Z_95**2
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = Z_95 / (1 + z2 / total) * sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    return Interval(share, max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half)))


@dataclass(frozen=True, slots=True)
class Unseen:
    """An estimated number of people whom no source saw, with its variance (people squared). Adds up over strata."""

    number: float
    variance: float

    def __add__(self, other: "Unseen") -> "Unseen":
        return Unseen(self.number + other.number, self.variance + other.variance)

    @property
    def interval(self) -> Interval:
        """Log-normal on the number unseen (Chao 1987), so that it never falls below nobody; ends are whole people."""
        if self.number == 0:
            return Interval(0.0, 0.0, float(ceil(Z_95 * sqrt(self.variance))))
        spread = exp(Z_95 * sqrt(log1p(self.variance / self.number**2)))
        return Interval(self.number, float(floor(self.number / spread)), float(ceil(self.number * spread)))


def chapman(first: int, second: int, both: int) -> Unseen:
    """How many neither of two sources saw.

    ``first`` and ``second`` count what each source saw, ``both`` what the two share. Chapman's nearly unbiased
    estimator (Chapman 1951) with its variance (Seber 1970). Raises ``ValueError`` for counts that can't be.
    """
    if not 0 <= both <= min(first, second):
        raise ValueError(f"{both} in both of {first} and {second} can't be")
    population = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    return Unseen(max(0.0, population - (first + second - both)), variance)
