"""What stands in a board's report, in words and numbers that may leave the building: small ones are hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openfls.clinical.national import national
from openfls.clinical.standards import Component, Standard
from openfls.clinical.tasks import OWNER_ROLE
from openfls.measures.counting import Measure
from openfls.measures.small_numbers import both_told, few, told_in_series, words

HIDDEN = "hidden"
NOBODY = "nobody judged"
MOST_DEEDS = 5  # as many as one page of what to do can hold


@dataclass(frozen=True)
class Quarter:
    """Fractures of these days, counted."""

    words: str
    first: date
    last: date
    measures: Mapping[str, Measure]


@dataclass(frozen=True)
class Line:
    """One standard: its share with interval, on how many it rests, its trend by quarter, what was published."""

    component: str
    title: str
    source: str
    better: str
    share: str
    interval: str
    judged: str
    unknown: str
    trend: tuple[str, ...]
    national: str


@dataclass(frozen=True)
class Deed:
    """A standard that is missed often: for how many it was not met in time, who could meet it, and for how many it can
    still be met. Those missed for good alone are not told: beside the share they would give away who was late."""

    title: str
    why: str
    not_met: str
    who: str
    open_now: str


@dataclass(frozen=True)
class BoardReport:
    site: str
    first: date
    last: date
    made_on: date
    version: str
    quarters: tuple[str, ...]
    lines: tuple[Line, ...]
    deeds: tuple[Deed, ...]
    backstop: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def quarters(first: date, last: date, most: int = 8) -> list[tuple[str, date, date]]:
    """The calendar quarters of the period, the last so many of them: words, first day, last day."""
    found, year, number = [], first.year, (first.month - 1) // 3
    while (begins := date(year, number * 3 + 1, 1)) <= last:
        after = date(year + (number == 3), (number + 1) % 4 * 3 + 1, 1)
        ends = date.fromordinal(after.toordinal() - 1)
        found.append((f"{begins:%b}–{ends:%b %Y}", max(first, begins), min(last, ends)))
        year, number = after.year, (number + 1) % 4
    return found[-most:]


def line(measure: Measure, over_time: Sequence[Quarter], below: int) -> Line:
    """One standard's line; counts ``below`` this are hidden, and what would give them away."""
    standard = measure.standard
    by_quarter = [quarter.measures[standard.name] for quarter in over_time]
    told, sum_told = told_in_series([(one.met, one.judged) for one in by_quarter], below)
    share, interval = _share(measure, sum_told and both_told(measure.met, measure.judged, below))
    return Line(
        component=standard.component.value,
        title=standard.title,
        source=", ".join((*standard.aliases, f"{standard.source}, {standard.edition}")),
        better=standard.direction.value,
        share=share,
        interval=interval,
        judged=words(measure.judged, below),
        unknown=words(measure.unknown, below),
        trend=tuple(_at(one, may) for one, may in zip(by_quarter, told, strict=True)),
        national="; ".join(f"{one.year}: {one.percent:g}%" for one in national(standard.name) if one.usable),
    )


def _share(measure: Measure, may_tell: bool) -> tuple[str, str]:
    if measure.share is None:
        return NOBODY, ""
    if not may_tell:
        return HIDDEN, ""
    share = measure.share
    return f"{share.value:.0%}", f"{share.low:.0%} to {share.high:.0%}"


def _at(measure: Measure, may_tell: bool) -> str:
    if measure.share is None:
        return "–"
    return f"{measure.share.value:.0%}" if may_tell else HIDDEN


def deeds(measures: Sequence[Measure], open_tasks: Mapping[str, int], below: int) -> tuple[Deed, ...]:
    """The standards missed most, one for each step, the most missed first. ``open_tasks``: by step, how many wait."""
    by_missed = sorted((one for one in measures if one.missed), key=lambda one: -one.missed)
    first_of_step = {one.standard.step: one for one in reversed(by_missed)}
    chosen = [one for one in by_missed if first_of_step[one.standard.step] is one][:MOST_DEEDS]
    return tuple(_deed(one, open_tasks.get(one.standard.step, 0), below) for one in chosen)


def _deed(measure: Measure, waiting: int, below: int) -> Deed:
    standard: Standard = measure.standard
    not_met = words(measure.judged - measure.met, below) if both_told(measure.met, measure.judged, below) else HIDDEN
    return Deed(standard.title, standard.why, not_met, OWNER_ROLE[standard.step].value, words(waiting, below))


def by_component(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    return [(part.value, [one for one in lines if one.component == part.value]) for part in Component]


def counted_in_words(told: Mapping[str, int], below: int) -> tuple[tuple[str, str], ...]:
    """Counts beside each other, none of which is the sum of others that are told."""
    return tuple((name, HIDDEN if few(count, below) else f"{count:,}") for name, count in told.items())
