"""What in a row of monthly values is more than chance: run chart and XmR chart, each with its rules in words.

The rules of different houses differ in the length of a run, so that each chart prints those it was read by. Lengths
without a source at hand stand in docs/safety/to-confirm.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from math import comb
from statistics import fmean, median

# Run chart: Perla, Provost, Murray, BMJ Quality & Safety 2011;20:46.
RUN_SHIFT, RUN_TREND, RUN_FEWEST = 6, 5, 10
# XmR: NHS England, Making Data Count. 2.66 is 3 / 1.128 (Shewhart's constant for ranges of two).
XMR_SHIFT, XMR_TREND, XMR_FEWEST = 7, 7, 12
TO_LIMIT = 2.66
BEYOND = "Beyond a limit"

RUN_RULES = (
    "A run chart shows each value beside the median. Where none of the rules below speaks, values differ as chance "
    "makes them; one alone never says that care got better or worse.",
    f"Shift: {RUN_SHIFT} or more values in a row on one side of the median; values on it don't count and don't break.",
    f"Trend: {RUN_TREND} or more values in a row, each higher, or lower, than the one before; equal ones count once.",
    "Runs: fewer or more crossings of the median than 95 in 100 random series of this length would have.",
)
RUN_SOURCE = "Perla and others, BMJ Quality & Safety 2011; limits of runs by Swed and Eisenhart 1943"
XMR_RULES = (
    "An XmR chart shows each value beside the mean. Between the two process limits values differ by chance alone, as "
    "long as none of the rules below speaks.",
    f"{BEYOND}: a value above the upper or below the lower process limit.",
    f"Shift: {XMR_SHIFT} or more values in a row on one side of the mean.",
    f"Trend: {XMR_TREND} values in a row, each higher, or each lower, than the one before.",
    "Two of three: two of three values in a row within the outer third between mean and limit, on one side.",
    "Limits: the mean, plus and less 2.66 times the mean step from one value to the next.",
)
XMR_SOURCE = "NHS England, Making Data Count; lengths of runs to be confirmed"


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that spoke: ``rule`` by its first word, for the values at these places, and in words."""

    rule: str
    places: tuple[int, ...]
    higher: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class RunChart:
    """``too_few``: no rule was applied, since the series is shorter than they are made for."""

    values: tuple[float, ...]
    median: float
    signals: tuple[Signal, ...]
    too_few: bool


@dataclass(frozen=True, slots=True)
class XmR:
    """Values with their mean and process limits, in the unit of the values; the limits are cut at floor and ceiling."""

    values: tuple[float, ...]
    mean: float
    low: float
    high: float
    signals: tuple[Signal, ...]
    too_few: bool


def run_chart(values: Sequence[float]) -> RunChart | None:
    """The run chart of these values, oldest first; None of nothing."""
    if not values:
        return None
    middle, too_few = median(values), len(values) < RUN_FEWEST
    signals = () if too_few else (*_shifts(values, middle, RUN_SHIFT), *_run_trends(values), *_runs(values, middle))
    return RunChart(tuple(values), middle, tuple(signals), too_few)


def xmr(values: Sequence[float], floor: float = 0.0, ceiling: float = 1.0) -> XmR | None:
    """The XmR chart of these values, oldest first; None of fewer than two."""
    if len(values) < 2:
        return None
    mean = fmean(values)
    step = TO_LIMIT * fmean(abs(after - before) for before, after in pairwise(values))
    too_few = len(values) < XMR_FEWEST
    signals = () if too_few else tuple(_xmr_signals(values, mean, step))
    return XmR(tuple(values), mean, max(floor, mean - step), min(ceiling, mean + step), signals, too_few)


def _xmr_signals(values: Sequence[float], mean: float, step: float) -> list[Signal]:
    beyond = [
        Signal(BEYOND, (place,), value > mean, f"value {place + 1} lies beyond the {_side(value > mean)} limit")
        for place, value in enumerate(values)
        if abs(value - mean) > step * (1 + 1e-12)
    ]
    return [*beyond, *_shifts(values, mean, XMR_SHIFT), *_xmr_trends(values), *_two_of_three(values, mean, step)]


def _side(higher: bool) -> str:
    return "upper" if higher else "lower"


def _shifts(values: Sequence[float], centre: float, length: int) -> list[Signal]:
    aside = [(place, value > centre) for place, value in enumerate(values) if value != centre]
    return [
        Signal("Shift", places, higher, f"{len(places)} in a row {'above' if higher else 'below'} the middle")
        for higher, places in _stretches(aside)
        if len(places) >= length
    ]


def _stretches(told: Sequence[tuple[int, bool]]) -> list[tuple[bool, tuple[int, ...]]]:
    """Neighbours that say the same, with their places."""
    return [(same, tuple(place for place, _ in group)) for same, group in groupby(told, key=lambda one: one[1])]


def _run_trends(values: Sequence[float]) -> list[Signal]:
    """By Perla: equal neighbours count once."""
    kept = [place for place, value in enumerate(values) if place == 0 or value != values[place - 1]]
    return _trends([values[place] for place in kept], kept, RUN_TREND)


def _xmr_trends(values: Sequence[float]) -> list[Signal]:
    """Equal neighbours end a trend."""
    found: list[Signal] = []
    start = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] == values[place - 1]:
            found += _trends(values[start:place], range(start, place), XMR_TREND)
            start = place
    return found


def _trends(values: Sequence[float], places: Sequence[int], length: int) -> list[Signal]:
    rises = [(at, after > before) for at, (before, after) in enumerate(pairwise(values), start=1)]
    found = []
    for higher, ends in _stretches(rises):
        whole = tuple(places[at] for at in (ends[0] - 1, *ends))
        if len(whole) >= length:
            found.append(Signal("Trend", whole, higher, f"{len(whole)} in a row {'rising' if higher else 'falling'}"))
    return found


def _two_of_three(values: Sequence[float], mean: float, step: float) -> list[Signal]:
    """Places in the outer third of a window of three; windows that share places are told once."""
    found = []
    for higher in (True, False):
        sign = 1 if higher else -1
        near = {p for p, v in enumerate(values) if 2 * step / 3 < sign * (v - mean) <= step}
        windows = [near & {p, p + 1, p + 2} for p in range(len(values) - 2)]
        places = tuple(sorted(set().union(*(window for window in windows if len(window) >= 2))))
        if places:
            found.append(Signal("Two of three", places, higher, f"{len(places)} close to the {_side(higher)} limit"))
    return found


def _runs(values: Sequence[float], middle: float) -> list[Signal]:
    """Too few or too many runs about the median."""
    sides = [value > middle for value in values if value != middle]
    runs = sum(1 for _ in groupby(sides))
    above = sum(sides)
    low, high = runs_expected(above, len(sides) - above)
    if above in (0, len(sides)) or low <= runs <= high:
        return []
    words = f"{runs} runs about the median, where {low} to {high} are usual"
    return [Signal("Runs", tuple(range(len(values))), None, words)]


@cache
def runs_expected(above: int, below: int) -> tuple[int, int]:
    """The fewest and the most runs that chance makes of so many above and below (Swed and Eisenhart, 2.5% a side)."""
    if not above or not below:
        return (1, 1)
    chances = {runs: _chance(runs, above, below) for runs in range(2, above + below + 1)}
    low = next(r for r in chances if sum(c for s, c in chances.items() if s <= r) > 0.025)
    high = next(r for r in reversed(chances) if sum(c for s, c in chances.items() if s >= r) > 0.025)
    return (low, high)


def _chance(runs: int, above: int, below: int) -> float:
    half = runs // 2
    ways: Callable[[int, int], int] = lambda n, parts: comb(n - 1, parts - 1)  # noqa: E731
    if runs % 2 == 0:
        count = 2 * ways(above, half) * ways(below, half)
    else:
        count = ways(above, half + 1) * ways(below, half) + ways(above, half) * ways(below, half + 1)
    return count / comb(above + below, above)
