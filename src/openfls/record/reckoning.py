"""Standards counted and finders reconciled over rows of the record: one pass of SQL, then the measures' own rules.

Callers pass the rows that may be seen (`record.access`): nothing here widens what a viewer sees.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, TypeVar

from django.db.models import Case, CharField, Count, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from openfls.clinical.casefinding import NEVER_COUNTED
from openfls.clinical.facts import BodySite, Finder, FlsAssessment, Setting
from openfls.clinical.histories import EpisodeStatus
from openfls.clinical.standards import Verdict
from openfls.clinical.tasks import TaskState
from openfls.measures.backstop import Catch, Found
from openfls.measures.counting import Measure, Verdicted, count
from openfls.record.models import EpisodeRow, FactRow, RecordRow, StandingRow, TaskRow
from openfls.record.own_standards import in_force

OF_EPISODE = "record__person__episodes"
EVERY_SITE = ""

Hanging = TypeVar("Hanging", StandingRow, TaskRow)

Finding = dict[str, Any]  # as `EpisodeRow.finders` holds it

# What the finders are reconciled over: what counts or may count, not what a person has ruled out.
RECONCILED = (EpisodeStatus.TO_TRIAGE, EpisodeStatus.LOOK_AGAIN, EpisodeStatus.ENROLLED, EpisodeStatus.UNSURE)


def measured(standings: "QuerySet[StandingRow]", today: date) -> dict[str, Measure]:
    """Each standard counted over these standings, by name."""
    return count(_verdicts(standings), today, in_force())


def measured_of_period(standings: "QuerySet[StandingRow]", first: date, last: date, today: date) -> dict[str, Measure]:
    """The same over the fractures of these days."""
    return measured(of_period(standings, first, last), today)


def of_period(rows: "QuerySet[Hanging]", first: date, last: date) -> "QuerySet[Hanging]":
    """What hangs on the episodes of these days."""
    return rows.filter(episode__index_start__gte=first, episode__index_start__lte=last)


def measured_by_site(standings: "QuerySet[StandingRow]", today: date) -> dict[str, dict[str, Measure]]:
    """The same for each site that answers for an episode, by its code; the sum of all under `EVERY_SITE`."""
    of_site = verdicts_by_site(standings)
    if of_site:
        of_site[EVERY_SITE] = [verdicted for verdicts in of_site.values() for verdicted in verdicts]
    standards = in_force()
    return {site: count(verdicts, today, standards) for site, verdicts in of_site.items()}


def verdicts_of(standings: "QuerySet[StandingRow]", standard: str) -> list[Verdicted]:
    """The verdicts on one standard."""
    return list(_verdicts(standings.filter(standard=standard)))


def verdicts_by_site(standings: "QuerySet[StandingRow]") -> dict[str, list[Verdicted]]:
    """The verdicts of each site that answers for an episode, by its code; those of none under the empty code."""
    of_site: dict[str, list[Verdicted]] = defaultdict(list)
    grouped = standings.values_list("site", "standard", "verdict", "due").annotate(Count("id")).order_by()
    for site, standard, verdict, due, episodes in grouped:
        of_site[site or ""].append(Verdicted(standard, Verdict(verdict), due, episodes))
    return of_site


def verdicts_by_episode(
    standings: "QuerySet[StandingRow]", standards: Collection[str]
) -> Iterable[tuple[str, Verdicted]]:
    """Each verdict on these standards with the episode that it is on."""
    rows = standings.filter(standard__in=standards).values_list("episode", "standard", "verdict", "due").order_by()
    for episode, standard, verdict, due in rows.iterator(5000):
        yield episode, Verdicted(standard, Verdict(verdict), due)


def open_tasks(today: date) -> list[tuple[str | None, str, bool, int]]:
    """How many tasks wait, by site, role and whether they are past their day. For whoever keeps the service running."""
    waiting = TaskRow.objects.filter(state=TaskState.OPEN).order_by("site", "owner_role")
    late = Case(When(due__lt=today, then=Value(True)), default=Value(False))
    grouped = waiting.annotate(late=late).values_list("site", "owner_role", "late").annotate(Count("id"))
    return [(site, role, bool(late), count) for site, role, late, count in grouped]


def _verdicts(standings: "QuerySet[StandingRow]") -> Iterable[Verdicted]:
    grouped = standings.values_list("standard", "verdict", "due").annotate(Count("id")).order_by()
    return (Verdicted(standard, Verdict(verdict), due, episodes) for standard, verdict, due, episodes in grouped)


def answers(episodes: "QuerySet[EpisodeRow]", kinds: Collection[str], field: str) -> Iterable[tuple[str, Any, int]]:
    """How many of these episodes are of people of whom a fact of these kinds now says what in its ``field``: the site
    that answers for the episode, the answer, the number."""
    told = _standing(episodes, kinds).values_list(f"{OF_EPISODE}__site", field)
    for site, answer, number in told.annotate(Count(OF_EPISODE, distinct=True)).order_by():
        yield site or "", answer, number


def assessors_role() -> Coalesce:
    """For a standing: the role of who made the person's latest standing assessment, in SQL; empty where nobody did."""
    newer = FactRow.objects.filter(statement=OuterRef("statement"), number__gt=OuterRef("number"))
    hers = RecordRow.objects.filter(person=OuterRef(OuterRef("episode__person")))
    # The kind as an expression, so that SQLite goes by the person's records, not by every assessment on record.
    told = FactRow.objects.alias(of_kind=Coalesce("kind", Value(""))).filter(
        ~Exists(newer), of_kind=FlsAssessment.kind, retracted=False, record__in=hers.values("key")
    )
    role = Subquery(told.order_by("-number").values(role=KT("body__assessor_role"))[:1], output_field=CharField())
    return Coalesce(role, Value(""))


def episodes_answered(
    episodes: "QuerySet[EpisodeRow]", kinds: Collection[str], field: str, answer: Any
) -> "QuerySet[EpisodeRow]":
    """The episodes behind one of the `answers`."""
    told = _standing(episodes, kinds).filter(**{field: answer} if answer is not None else {f"{field}__isnull": True})
    return episodes.filter(id__in=told.values(OF_EPISODE))


def _standing(episodes: "QuerySet[EpisodeRow]", kinds: Collection[str]) -> "QuerySet[FactRow]":
    """The newest version of each statement, by the order of entry, where it was not taken back."""
    newer = FactRow.objects.filter(statement=OuterRef("statement"), number__gt=OuterRef("number"))
    return FactRow.objects.filter(
        ~Exists(newer), kind__in=kinds, retracted=False, **{f"{OF_EPISODE}__in": episodes.values("id")}
    )


def found(episodes: "QuerySet[EpisodeRow]", statuses: Collection[EpisodeStatus] = RECONCILED) -> list[Found]:
    """These episodes as the backstop reconciles them, those ruled out left aside."""
    names = ("id", "site", "index_start", "main_site", "setting", "age", "finders", "status")
    rows = episodes.filter(status__in=statuses).exclude(main_site__in=NEVER_COUNTED).values_list(*names)
    return [_found(*row) for row in rows.iterator(2000)]


def _found(
    episode: str,
    site: str | None,
    index: date,
    main_site: str,
    setting: str,
    age: int | None,
    finders: list[Finding],
    status: str,
) -> Found:
    catches = tuple(_catch(finder) for finder in finders)
    enrolled = status == EpisodeStatus.ENROLLED
    return Found(episode, site, index, BodySite(main_site), Setting(setting), age, catches, enrolled)


def _catch(finding: Finding) -> Catch:
    suspected = finding.get("suspected", False)  # rows derived by an older version don't say
    return Catch(Finder(finding["finder"]), finding["site"], finding["days_after"], finding["late"], suspected)
