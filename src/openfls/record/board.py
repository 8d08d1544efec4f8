"""A board's report from the rows of the record. Callers pass the rows that may be seen (`record.access`)."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version

from django.db.models import Count, QuerySet

from openfls.clinical.national import READ_WITHOUT_SEPARATORS, WEBTOOL
from openfls.clinical.standards import Verdict
from openfls.clinical.tasks import TaskState
from openfls.measures.backstop import Backstop, reconcile
from openfls.measures.board.content import (
    BoardReport,
    Quarter,
    counted_in_words,
    deeds,
    line,
    most_telling,
    quarters,
    unknowns,
)
from openfls.measures.board.drawn import Drawn, drawn
from openfls.measures.board.finders import ALL, ALONE, CODED_ALONE, FindersTold, finders_told
from openfls.measures.counting import Measure
from openfls.measures.missed import Estimate, estimate
from openfls.measures.months import monthly
from openfls.measures.pathway import STEPS, flow
from openfls.measures.small_numbers import words
from openfls.record.models import EpisodeRow, StandingRow, TaskRow
from openfls.record.reckoning import (
    found,
    measured,
    measured_by_site,
    measured_of_period,
    of_period,
    verdicts_by_episode,
    verdicts_of,
)

NOTES = (
    "Only fractures whose window has closed are judged. Who died or declined within it is excluded, not counted as "
    "missed; what nobody recorded is unknown and counts neither way.",
    "The interval is Wilson's, of 95%: with few patients it is wide, and a difference inside it says nothing.",
    "Small counts are hidden, and with them whatever would give them away. Pictures are drawn from what is told.",
    "In the picture of a trend a fracture stands where its window closed, in the table by quarter where it happened; "
    "fractures of another period than the report's are in none.",
    f"National figures: {WEBTOOL}, {READ_WITHOUT_SEPARATORS}. They are counted by its definitions, not by ours.",
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the report is of; counts ``below`` this are hidden. ``as_of``: how current the record is, in words."""

    site: str
    site_name: str
    first: date
    last: date
    today: date
    below: int
    as_of: str = ""


@dataclass(frozen=True)
class Beside:
    """The hospitals whose figures the report's readers may see: the names by code, and their standings."""

    names: Mapping[str, str] = field(default_factory=dict)
    standings: "QuerySet[StandingRow] | None" = None


def two_years_before(day: date) -> date:
    """The period unless somebody says otherwise: the rules of a run chart want ten months and more."""
    return day.replace(year=day.year - 2, day=min(day.day, 28))


def board_report(
    asked: Asked,
    standings: "QuerySet[StandingRow]",
    episodes: "QuerySet[EpisodeRow]",
    tasks: "QuerySet[TaskRow]",
    beside: Beside | None = None,
) -> BoardReport:
    """The report of these rows over the fractures of the period."""
    today, below = asked.today, asked.below
    judged = of_period(standings, asked.first, asked.last)
    over_time = _over_time(asked, judged)
    by_name = measured(judged, today)
    measures = list(by_name.values())
    everything = found(episodes.filter(index_start__gte=asked.first, index_start__lte=asked.last))
    stop = reconcile(everything)
    finders = finders_told(stop, below)
    pictures = _drawn(asked, judged, by_name, finders, beside or Beside())
    return BoardReport(
        site=asked.site_name,
        first=asked.first,
        last=asked.last,
        made_on=today,
        as_of=asked.as_of,
        version=version("openfls"),
        fractures=words(len(everything), below) if everything else "",
        quarters=tuple(quarter.words for quarter in over_time),
        lines=tuple(line(one, () if one.standard.name in pictures.charted else over_time, below) for one in measures),
        deeds=deeds(measures, _waiting(of_period(tasks, asked.first, asked.last)), below),
        signals=pictures.signals,
        ruled=pictures.ruled,
        unknowns=unknowns(measures, _reasons(judged), below),
        backstop=_backstop(stop, finders, below) + tuple(_missed(one) for one in estimate(everything, today)),
        figures=pictures.figures,
        withheld=pictures.withheld,
        notes=NOTES,
    )


def _over_time(asked: Asked, judged: "QuerySet[StandingRow]") -> list[Quarter]:
    return [
        Quarter(named, begins, ends, measured_of_period(judged, begins, ends, asked.today))
        for named, begins, ends in quarters(asked.first, asked.last)
    ]


def _drawn(
    asked: Asked,
    judged: "QuerySet[StandingRow]",
    by_name: Mapping[str, Measure],
    finders: FindersTold,
    beside: Beside,
) -> Drawn:
    telling = most_telling(by_name.values())
    months = {one.standard.name: monthly(verdicts_of(judged, one.standard.name), asked.today) for one in telling}
    way = flow(verdicts_by_episode(judged, STEPS), asked.today)
    hospitals = _hospitals(asked, beside, [one.standard.name for one in telling])
    return drawn(asked.site_name, telling, months, hospitals, way, by_name, finders, asked.today, asked.below)


def _hospitals(asked: Asked, beside: Beside, standards: Sequence[str]) -> dict[str, dict[str, Measure]]:
    """By standard, each hospital's measure over the same period by its name."""
    if beside.standings is None:
        return {}
    rows = of_period(beside.standings.filter(standard__in=standards), asked.first, asked.last)
    by_site = measured_by_site(rows, asked.today)
    named = {beside.names[code]: measures for code, measures in by_site.items() if code in beside.names}
    return {standard: {name: measures[standard] for name, measures in named.items()} for standard in standards}


def _reasons(judged: "QuerySet[StandingRow]") -> dict[str, "Counter[str]"]:
    """By standard, why nobody can say: the last reason, which is the one that left it open, without its day."""
    why: dict[str, Counter[str]] = defaultdict(Counter)
    rows = judged.filter(verdict=Verdict.UNKNOWN).values_list("standard", "because").order_by()
    for standard, because in rows.iterator(2000):
        why[standard][_without_day(because[-1] if because else "no reason is told")] += 1
    return why


_DAY = r"\d{2} [A-Z][a-z]{2} \d{4}"


def _without_day(reason: str) -> str:
    """A day would be of one person, and keep reasons apart that are the same."""
    day = rf"(?:between {_DAY} and {_DAY}|(?:about )?{_DAY})"
    return re.sub(day, "a date", re.sub(rf" on {day}", "", reason))


def _waiting(tasks: "QuerySet[TaskRow]") -> dict[str, int]:
    """How many of these tasks are open, by step."""
    return dict(tasks.filter(state=TaskState.OPEN).values_list("step").annotate(Count("id")).order_by())


def _backstop(stop: Backstop, finders: FindersTold, below: int) -> tuple[tuple[str, str], ...]:
    counts = {
        ALL: len(stop.found),
        ALONE: stop.by_number_of_finders.get(1, 0),
        "found first by a late method": sum(len(late) for late in stop.late.values()),
        CODED_ALONE: len(stop.coded_but_on_no_list),
    }
    hidden = {ALL, ALONE, CODED_ALONE} - finders.sums
    return counted_in_words(counts, below, hidden)


def _missed(one: Estimate) -> tuple[str, str]:
    name, missed = f"found by nobody, estimated: {one.stratum.name}", one.missed
    return name, f"{missed.value:,.0f} ({missed.low:,.0f} to {missed.high:,.0f})" if missed else "can't be told"
