"""Standards counted, as the pages show them: the share with its interval, what it rests on, and who is behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from openfls.clinical.bands import Band
from openfls.clinical.national import NationalLine, national
from openfls.clinical.standards import Component, Family, Standard
from openfls.measures.counting import WORDS, Measure
from openfls.record.models import StandingRow
from openfls.record.reckoning import measured

SLUG_OF: dict[Component, str] = {
    Component.CASE_FINDING: "case-finding",
    Component.ASSESSMENT: "assessment",
    Component.TREATMENT: "treatment",
    Component.MONITORING: "monitoring-and-coordination",
}
COMPONENT_OF_SLUG = {slug: component for component, slug in SLUG_OF.items()}


DAILY = "what the tasks of every day ask for"


@dataclass(frozen=True)
class Cell:
    """One count of a measure; ``name`` stands in the address of the list behind it."""

    name: str
    words: str
    count: int


@dataclass(frozen=True)
class Counted:
    """A standard counted. ``share``, ``low`` and ``high`` are percent, None while nobody is judged."""

    name: str
    title: str
    why: str
    source: str
    aliases: str
    checked: str
    better: str
    notes: str
    edition: str
    family: str
    daily: bool
    choices: tuple[str, ...]
    band: str
    bands: str
    national: tuple[NationalLine, ...]
    share: float | None
    low: float | None
    high: float | None
    met: int
    judged: int
    cells: tuple[Cell, ...]
    if_unknown: str


@dataclass(frozen=True)
class Summary:
    component: str
    slug: str
    measures: tuple[Counted, ...]

    @property
    def groups(self) -> tuple[tuple[str, tuple[Counted, ...]], ...]:
        """What the tasks ask for first, then what only counts, by source."""
        beside = ((family.value, self._counting(family)) for family in Family)
        return tuple(group for group in ((DAILY, self.daily), *beside) if group[1])

    @property
    def daily(self) -> tuple[Counted, ...]:
        return tuple(measure for measure in self.measures if measure.daily)

    def _counting(self, family: Family) -> tuple[Counted, ...]:
        return tuple(m for m in self.measures if not m.daily and m.family == family.value)


def summaries(standings: "QuerySet[StandingRow]", today: date) -> list[Summary]:
    """The four components, each with its standards counted over these standings."""
    by_name = measured(standings, today)
    return [summary(component, by_name.values()) for component in Component]


def summary(component: Component, measures: Iterable[Measure]) -> Summary:
    """One component with those of the measures that belong to it."""
    mine = tuple(counted(measure) for measure in measures if measure.standard.component is component)
    return Summary(component.value, SLUG_OF[component], mine)


def counted(measure: Measure) -> Counted:
    standard: Standard = measure.standard
    share = measure.share
    return Counted(
        name=standard.name,
        title=standard.title,
        why=standard.why,
        source=f"{standard.source}, {standard.edition}",
        aliases=", ".join(standard.aliases),
        checked=standard.checked,
        better=standard.direction.value,
        notes=standard.notes,
        edition=standard.edition,
        family=standard.family.value,
        daily=standard.makes_task,
        choices=standard.choices,
        band="" if measure.band is Band.NONE else measure.band.value,
        bands=standard.bands.told() if standard.bands else "",
        national=national(standard.name),
        share=100 * share.value if share else None,
        low=100 * share.low if share else None,
        high=100 * share.high if share else None,
        met=measure.met,
        judged=measure.judged,
        cells=tuple(Cell(name, words, getattr(measure, name)) for name, words in WORDS.items()),
        if_unknown=_if_unknown(measure),
    )


def _if_unknown(measure: Measure) -> str:
    """How far the unknown could move the figure; empty where there is none."""
    bounds = measure.if_all_unknown
    if not measure.unknown or bounds is None:
        return ""
    return f"{100 * bounds[0]:.0f}% if every unknown were missed, {100 * bounds[1]:.0f}% if every one were met"
