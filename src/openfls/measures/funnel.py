"""Hospitals compared fairly: who stands further from all others than chance explains, given how few or many they treat.

Spiegelhalter 2005 (Statistics in Medicine 24:1185): exact binomial limits about a target, interpolated between whole
patients; where hospitals differ more than chance explains (overdispersion), the limits are widened by a factor from
winsorised z scores. How the factor widens *exact* limits is our choice: see docs/safety/to-confirm.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor, isnan, sqrt

WARNING, ALARM = 0.95, 0.998  # the share of hospitals that chance alone leaves inside: two and three sigma
WINSORISED = 0.1  # of the z scores, at each end
FEWEST = 3  # hospitals; fewer make no funnel
# Overdispersion is only allowed for where the hospitals show it: a ratio above its own 95% under chance.
SHOWN = 0.95


class Position(StrEnum):
    INSIDE = "as chance explains"
    HIGH = "higher than 95% limits"
    VERY_HIGH = "higher than 99.8% limits"
    LOW = "lower than 95% limits"
    VERY_LOW = "lower than 99.8% limits"
    NOBODY = "nobody judged"


@dataclass(frozen=True, slots=True)
class Unit:
    """A hospital: so many met of so many judged."""

    name: str
    hits: int
    total: int


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a hospital stands. ``powerless``: with so few, no share low enough could fall below the 95% limit."""

    unit: Unit
    share: float | None
    position: Position
    powerless: bool


@dataclass(frozen=True, slots=True)
class Funnel:
    """``target``: the share of all hospitals together. ``dispersion``: the winsorised ratio, 1 where chance explains
    all; ``factor``: by how much the limits' distance from the target was widened, 1 where they are exact."""

    target: float
    dispersion: float
    factor: float
    placed: tuple[Placed, ...]

    def limits(self, total: int, inside: float = WARNING) -> tuple[float, float]:
        return widened(limits(self.target, total, inside), self.target, self.factor)

    def judged_by(self, total: int, inside: float = WARNING) -> tuple[float, float]:
        """In whole patients: one alone is never outside for being one."""
        return widened(whole_limits(self.target, total, inside), self.target, self.factor)


def funnel(units: Sequence[Unit]) -> Funnel | None:
    """The funnel of these hospitals; None where fewer than three have anybody judged."""
    judged = [unit for unit in units if unit.total]
    if len(judged) < FEWEST:
        return None
    target = sum(unit.hits for unit in judged) / sum(unit.total for unit in judged)
    ratio = dispersion(judged, target)
    factor = sqrt(ratio) if ratio > _by_chance(len(judged)) else 1.0
    made = Funnel(target, ratio, factor, ())
    return Funnel(target, ratio, factor, tuple(_placed(unit, made) for unit in units))


def limits(target: float, total: int, inside: float = WARNING) -> tuple[float, float]:
    """Between which shares this part of all hospitals with so many judged falls by chance alone: the lines of the
    picture, interpolated between whole patients as in Spiegelhalter's appendix."""
    tail = (1 - inside) / 2
    return _interpolated(target, total, tail), _interpolated(target, total, 1 - tail)


def whole_limits(target: float, total: int, inside: float = WARNING) -> tuple[float, float]:
    """The same in whole patients: what a hospital is judged by. At most half of what is left lies beyond each."""
    tail = (1 - inside) / 2
    return _quantile(target, total, tail) / total, _quantile(target, total, 1 - tail) / total


def widened(exact: tuple[float, float], target: float, factor: float) -> tuple[float, float]:
    """The limits as far again from the target; one that whole patients put beyond the target stays where it is."""
    low, high = exact
    wide_low, wide_high = target - factor * (target - low), target + factor * (high - target)
    return max(0.0, min(low, wide_low)), min(1.0, max(high, wide_high))


def dispersion(units: Sequence[Unit], target: float) -> float:
    """The mean of the squared z scores, a tenth at each end drawn in to the next; 1 is what chance makes."""
    spread = sqrt(target * (1 - target))
    if not spread:
        return 1.0
    scores = sorted((unit.hits / unit.total - target) * sqrt(unit.total) / spread for unit in units)
    cut = floor(WINSORISED * len(scores))
    low, high = scores[cut], scores[len(scores) - 1 - cut]
    return sum(min(max(score, low), high) ** 2 for score in scores) / len(scores)


def _by_chance(hospitals: int) -> float:
    """The ratio that chance alone exceeds in one of twenty: chi squared, over its degrees of freedom."""
    from scipy.special import chdtri

    return float(chdtri(hospitals, 1 - SHOWN)) / hospitals


def _quantile(target: float, total: int, below: float) -> int:
    """The smallest number of patients with at least so much chance of it or fewer."""
    from scipy.special import bdtr, bdtrik

    if target in (0.0, 1.0):
        return round(total * target)
    guess = bdtrik(below, total, target)  # continuous; not a number where even nobody has more chance than that
    whole = 0 if isnan(guess) else min(total, max(0, ceil(guess)))
    while whole > 0 and bdtr(whole - 1, total, target) >= below:
        whole -= 1
    while whole < total and bdtr(whole, total, target) < below:
        whole += 1
    return whole


def _interpolated(target: float, total: int, below: float) -> float:
    from scipy.special import bdtr

    whole = _quantile(target, total, below)
    upto = float(bdtr(whole, total, target))
    before = float(bdtr(whole - 1, total, target)) if whole else 0.0
    part = (upto - below) / (upto - before) if upto > before else 0.0
    return min(1.0, max(0.0, (whole - part) / total))


def _placed(unit: Unit, made: Funnel) -> Placed:
    if not unit.total:
        return Placed(unit, None, Position.NOBODY, True)
    share = unit.hits / unit.total
    low, high = made.judged_by(unit.total)
    very_low, very_high = made.judged_by(unit.total, ALARM)
    position = (
        Position.VERY_LOW if share < very_low
        else Position.LOW if share < low
        else Position.VERY_HIGH if share > very_high
        else Position.HIGH if share > high
        else Position.INSIDE
    )  # fmt: skip
    return Placed(unit, share, position, low <= 0.0)
