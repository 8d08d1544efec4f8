"""A board's report from the rows of the record. Callers pass the rows that may be seen (`record.access`)."""

from datetime import date
from importlib.metadata import version

from django.db.models import Count, QuerySet

from openfls.clinical.national import READ_WITHOUT_SEPARATORS, WEBTOOL
from openfls.clinical.tasks import TaskState
from openfls.measures.backstop import reconcile
from openfls.measures.board.content import BoardReport, Quarter, counted_in_words, deeds, line, quarters
from openfls.measures.missed import Estimate, estimate
from openfls.record.models import EpisodeRow, StandingRow, TaskRow
from openfls.record.reckoning import found, measured_of_period

NOTES = (
    "Only fractures whose window has closed are judged. Who died or declined within it is set apart, not counted as "
    "missed; what nobody recorded is unknown and counts neither way.",
    "The interval is Wilson's, of 95%: with few patients it is wide, and a difference inside it says nothing.",
    "Small counts are hidden, and with them whatever would give them away.",
    f"National figures: {WEBTOOL}, {READ_WITHOUT_SEPARATORS}. They are counted by its definitions, not by ours.",
)


def board_report(
    site_name: str,
    standings: "QuerySet[StandingRow]",
    episodes: "QuerySet[EpisodeRow]",
    tasks: "QuerySet[TaskRow]",
    first: date,
    last: date,
    today: date,
    below: int,
) -> BoardReport:
    """The report of these rows over the fractures of the period; counts ``below`` this are hidden."""
    over_time = [
        Quarter(words, begins, ends, measured_of_period(standings, begins, ends, today))
        for words, begins, ends in quarters(first, last)
    ]
    measures = list(measured_of_period(standings, first, last, today).values())
    return BoardReport(
        site=site_name,
        first=first,
        last=last,
        made_on=today,
        version=version("openfls"),
        quarters=tuple(quarter.words for quarter in over_time),
        lines=tuple(line(measure, over_time, below) for measure in measures),
        deeds=deeds(measures, _waiting(tasks, first, last), below),
        backstop=_backstop(episodes.filter(index_start__gte=first, index_start__lte=last), today, below),
        notes=NOTES,
    )


def _waiting(tasks: "QuerySet[TaskRow]", first: date, last: date) -> dict[str, int]:
    """How many tasks are open, by step, of the fractures of the period."""
    waiting = tasks.filter(state=TaskState.OPEN, episode__index_start__gte=first, episode__index_start__lte=last)
    return dict(waiting.values_list("step").annotate(Count("id")).order_by())


def _backstop(episodes: "QuerySet[EpisodeRow]", today: date, below: int) -> tuple[tuple[str, str], ...]:
    everything = found(episodes)
    stop = reconcile(everything)
    counts = counted_in_words(
        {
            "found by any method": len(stop.found),
            "found by one method alone": stop.by_number_of_finders.get(1, 0),
            "found first by a late method": sum(len(late) for late in stop.late.values()),
            "coded at discharge, but on no list that people keep": len(stop.coded_but_on_no_list),
        },
        below,
    )
    return counts + tuple(_missed(one) for one in estimate(everything, today))


def _missed(one: Estimate) -> tuple[str, str]:
    name, missed = f"found by nobody, estimated: {one.stratum.name}", one.missed
    return name, f"{missed.value:,.0f} ({missed.low:,.0f} to {missed.high:,.0f})" if missed else "can't be told"
