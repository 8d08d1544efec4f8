"""All standards over all hospitals in view: where a hospital stands out, and what is missed most by whom."""

from collections.abc import Mapping
from dataclasses import dataclass

from openfls.clinical.standards import Component, Standard
from openfls.clinical.tasks import OWNER_ROLE
from openfls.measures.charts.compared import worse
from openfls.measures.counting import Measure, most_missed
from openfls.measures.funnel import Funnel, Position, Unit, funnel
from openfls.pages.components.measures import SLUG_OF, Counted, counted
from openfls.record.reckoning import EVERY_SITE

MOST = 6  # standards named as missed most

BySite = Mapping[str, Mapping[str, Measure]]


@dataclass(frozen=True)
class Mark:
    """One hospital at one standard. ``worse`` and ``better`` than chance explains; neither where it can't be said."""

    code: str
    site: str
    measure: Counted
    missed: int
    position: str
    worse: bool
    better: bool


@dataclass(frozen=True)
class Row:
    """A standard over the hospitals, the sum first."""

    measure: Counted
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Missed:
    """A standard by how many it missed, with the role that could meet it."""

    measure: Counted
    missed: int
    role: str


@dataclass(frozen=True)
class Short:
    """What the page of gaps shows of one component."""

    component: str
    slug: str
    rows: tuple[Row, ...]


def units(by_site: BySite, standard: str, sites: Mapping[str, str]) -> list[Unit]:
    """Each hospital as the funnel wants it, by name."""
    told = [(sites.get(code, code), measures[standard]) for code, measures in by_site.items() if code != EVERY_SITE]
    return [Unit(name, measure.met, measure.judged) for name, measure in sorted(told, key=lambda pair: pair[0])]


def components_short(by_site: BySite, everywhere: Mapping[str, Measure], sites: Mapping[str, str]) -> list[Short]:
    """Every component that has standards, each with its standards over the hospitals."""
    found = []
    for component in Component:
        mine = [one.standard for one in everywhere.values() if one.standard.component is component]
        rows = [_row(standard, by_site, everywhere, sites) for standard in mine]
        if rows:
            found.append(Short(component.value, SLUG_OF[component], tuple(rows)))
    return found


def standing_out(short: list[Short]) -> list[Mark]:
    """The hospitals that fall short by more than chance explains, the furthest out first."""
    marks = [mark for one in short for row in one.rows for mark in row.marks if mark.worse]
    return sorted(marks, key=lambda mark: (mark.position not in _VERY, -mark.missed))


_VERY = {Position.VERY_LOW.value, Position.VERY_HIGH.value}


def missed_most(everywhere: Mapping[str, Measure]) -> list[Missed]:
    """The standards that most fractures missed, and whose task it would have been."""
    most = most_missed(everywhere.values())[:MOST]
    return [Missed(counted(one), one.missed, OWNER_ROLE[one.standard.step].value) for one in most]


def _row(standard: Standard, by_site: BySite, everywhere: Mapping[str, Measure], sites: Mapping[str, str]) -> Row:
    made = funnel(units(by_site, standard.name, sites))
    codes = sorted((code for code in by_site if code != EVERY_SITE), key=lambda code: sites.get(code, code))
    marks = (_mark(code, sites.get(code, code), by_site[code][standard.name], made) for code in codes)
    return Row(counted(everywhere[standard.name]), tuple(marks))


def _mark(code: str, site: str, measure: Measure, made: Funnel | None) -> Mark:
    placed = next((one.position for one in made.placed if one.unit.name == site), None) if made else None
    out = placed not in (None, Position.INSIDE, Position.NOBODY)
    bad = placed is not None and worse(placed, measure.standard.direction)
    return Mark(code, site, counted(measure), measure.missed, placed or "", bad, out and not bad)
