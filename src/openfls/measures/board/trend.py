"""A standard over time in what may leave the building: by month, or by quarter where months are too small."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from openfls.measures.charts.drawing import Picture, published
from openfls.measures.charts.over_time import run_picture, signals_told, xmr_picture
from openfls.measures.counting import Measure
from openfls.measures.months import Month, quarterly
from openfls.measures.signals import RUN_FEWEST, XMR_FEWEST
from openfls.measures.small_numbers import both_told, few, told_beside_sum

FEWEST = 2  # points; one is no trend
ENOUGH = 0.75  # of the points must be told, else the next longer step is taken: a chart of holes misleads


@dataclass(frozen=True)
class Trend:
    """``months`` hold what may be told and nothing else; ``hidden`` of them are left out for being small."""

    measure: Measure
    months: tuple[Month, ...]
    hidden: int


def trend(measure: Measure, months: Sequence[Month], today: date, below: int) -> Trend | None:
    """The measure by the shortest step that can be told beside its own sum; None where not even quarters can."""
    for series in (months, quarterly(months, today)):
        made = _told(measure, series, below)
        if made:
            return made
    return None


def ruled(months: Sequence[Month], below: int) -> bool:
    """Whether the rules of a chart can say anything of these months: there are enough, and none has few judged."""
    judged = [month.judged for month in months if month.judged]
    return len(judged) >= RUN_FEWEST and not any(few(number, below) for number in judged)


def signals(measure: Measure, months: Sequence[Month], below: int) -> tuple[str, ...]:
    """What the rules say of all months, in words alone: which rule, from when to when. Nothing where a month has so few
    judged that a word about it would be about one of them."""
    if not ruled(months, below):
        return ()
    return signals_told(months, measure.standard.direction)


def _told(measure: Measure, series: Sequence[Month], below: int) -> Trend | None:
    judged = [month for month in series if month.judged]
    if not _enough(sum(both_told(month.met, month.judged, below) for month in judged), judged):
        return None  # before the dear search for what else must be hidden
    parts = [(month.met, month.judged) for month in judged]
    rest = (measure.met - sum(met for met, _ in parts), measure.judged - sum(number for _, number in parts))
    told = told_beside_sum([*parts, rest], below)
    shown = tuple(replace(month, missed=None) for month, may in zip(judged, told, strict=False) if may)
    return Trend(measure, shown, len(judged) - len(shown)) if _enough(len(shown), judged) else None


def _enough(told: int, judged: Sequence[Month]) -> bool:
    return told >= max(FEWEST, ENOUGH * len(judged))


def trend_picture(made: Trend) -> Picture | None:
    """The XmR chart where there are points enough for its rules, else the run chart: those of the pages."""
    standard = made.measure.standard
    draw = xmr_picture if len(made.months) >= XMR_FEWEST else run_picture
    notes = (f"Left out for small counts: {made.hidden}; the rules are read across the gaps.",) if made.hidden else ()
    return draw(standard.title, made.months, standard.direction, published(standard, doubt=False), notes)
