"""What stands in a board's report, in words and numbers that may leave the building: small ones are hidden."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openfls.clinical.national import national
from openfls.clinical.standards import Component
from openfls.clinical.tasks import OWNER_ROLE
from openfls.measures.board.figures import Figure, source_of
from openfls.measures.counting import Measure, most_missed
from openfls.measures.small_numbers import both_told, few, open_told, told_beside_sum, words

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
    """One standard: its share with interval, on how many it rests, its trend by quarter, what was published. ``trend``
    is empty where a chart tells it, or hardly a quarter of it may be told."""

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
    """A standard that is missed often: for how many it was not met in time, what closes the gap and whose task that is,
    and for how many it can still be done. Those missed for good alone are not told: beside the share they would give
    away who was late."""

    title: str
    why: str
    better: str
    not_met: str
    act: str
    who: str
    open_now: str


@dataclass(frozen=True)
class Unknown:
    """For how many nobody can say whether a standard was met, and the reasons that many of them share."""

    title: str
    number: str
    why: str


@dataclass(frozen=True)
class BoardReport:
    """``withheld``: pictures that could not be drawn without giving small numbers away, or for want of data, and why.
    ``signals``: what spoke, by standard; ``ruled``: of how many charts the rules could say anything."""

    site: str
    first: date
    last: date
    made_on: date
    as_of: str
    version: str
    fractures: str
    quarters: tuple[str, ...]
    lines: tuple[Line, ...]
    deeds: tuple[Deed, ...]
    signals: tuple[tuple[str, str], ...]
    ruled: int
    unknowns: tuple[Unknown, ...]
    backstop: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    withheld: tuple[str, ...]
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
    share, interval = _share(measure, below)
    return Line(
        component=standard.component.value,
        title=standard.title,
        source=source_of(standard),
        better=standard.direction.value,
        share=share,
        interval=interval,
        judged=words(measure.judged, below),
        unknown=words(measure.unknown, below),
        trend=_trend(measure, by_quarter, below),
        national="; ".join(f"{one.year}: {one.percent:g}%" for one in national(standard.name) if one.usable),
    )


def _share(measure: Measure, below: int) -> tuple[str, str]:
    if measure.share is None:
        return NOBODY, ""
    if not both_told(measure.met, measure.judged, below):
        return HIDDEN, ""
    share = measure.share
    return f"{share.value:.0%}", f"{share.low:.0%} to {share.high:.0%}"


def _trend(measure: Measure, by_quarter: Sequence[Measure], below: int) -> tuple[str, ...]:
    """The quarters and what is left of the period before them."""
    parts = [(one.met, one.judged) for one in by_quarter]
    rest = (measure.met - sum(met for met, _ in parts), measure.judged - sum(judged for _, judged in parts))
    if not _worth_telling(parts, below):
        return ()
    told = told_beside_sum([*parts, rest], below)[:-1]
    if not any(may and one.judged for one, may in zip(by_quarter, told, strict=True)):
        return ()
    return tuple(_at(one, may) for one, may in zip(by_quarter, told, strict=True))


def _worth_telling(parts: Sequence[tuple[int, int]], below: int) -> bool:
    """Of those with anybody judged one half at least: a row of holes is no trend."""
    judged = [(met, number) for met, number in parts if number]
    return bool(judged) and 2 * sum(both_told(met, number, below) for met, number in judged) >= len(judged)


def _at(measure: Measure, may_tell: bool) -> str:
    if measure.share is None:
        return "–"
    return f"{measure.share.value:.0%}" if may_tell else HIDDEN


def most_telling(measures: Iterable[Measure]) -> list[Measure]:
    """The standards missed most, one for each step, the most missed first."""
    first_of_step: dict[str, Measure] = {}
    for one in most_missed(measures):
        first_of_step.setdefault(one.standard.step, one)
    return list(first_of_step.values())


def deeds(measures: Iterable[Measure], open_tasks: Mapping[str, int], below: int) -> tuple[Deed, ...]:
    """What to do. ``open_tasks``: by step, how many wait."""
    return tuple(_deed(one, open_tasks.get(one.standard.step, 0), below) for one in most_telling(measures)[:MOST_DEEDS])


def _deed(measure: Measure, waiting: int, below: int) -> Deed:
    standard = measure.standard
    told, not_met = both_told(measure.met, measure.judged, below), measure.judged - measure.met
    return Deed(
        title=standard.title,
        why=standard.why,
        better=standard.direction.value,
        not_met=f"{not_met:,} of {measure.judged:,}" if told else HIDDEN,
        act=standard.step.value,
        who=OWNER_ROLE[standard.step].value,
        open_now=words(waiting, below) if few(waiting, below) or open_told(not_met, waiting, below) else HIDDEN,
    )


def unknowns(
    measures: Iterable[Measure], why: Mapping[str, "Counter[str]"], below: int
) -> tuple[Unknown, ...]:  # fmt: skip
    """The standards that make tasks with the most unknown, one for each step. ``why``: by standard, how many episodes
    are unknown for each reason; a reason is told where it is not of few, and without its number."""
    asked = sorted((m for m in measures if m.standard.makes_task and m.unknown), key=lambda m: -m.unknown)
    first_of_step: dict[str, Measure] = {}
    for one in asked:
        first_of_step.setdefault(one.standard.step, one)
    return tuple(
        Unknown(one.standard.title, words(one.unknown, below), _reasons(why.get(one.standard.name, Counter()), below))
        for one in list(first_of_step.values())[:MOST_DEEDS]
    )


def _reasons(why: "Counter[str]", below: int) -> str:
    shared = [reason for reason, number in why.most_common() if number >= below]
    return "; ".join(shared[:3]) or "for reasons that few share"


def by_component(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    return [(part.value, [one for one in lines if one.component == part.value]) for part in Component]


def counted_in_words(told: Mapping[str, int], below: int, hidden: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
    """Counts beside each other. ``hidden``: those from which, beside all that is told, a small one would follow."""
    return tuple(
        (name, HIDDEN if name in hidden or few(count, below) else f"{count:,}") for name, count in told.items()
    )
