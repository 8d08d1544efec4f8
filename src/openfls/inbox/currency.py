"""How current the record is: what each feed sent last, what still waits, which feed or finder has fallen silent."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min, Q, Value
from django.db.models.functions import TruncHour
from django.utils import timezone

from openfls.clinical.facts import Finder, FractureSighting
from openfls.clinical.parameters import DEFAULTS
from openfls.clinical.silence import HISTORY, silent
from openfls.inbox.models import Message, State
from openfls.inbox.owners import owners
from openfls.record.models import FactRow
from openfls.record.parameters import parameters_of_sites

FEED = ("site", "source", "origin__finder")
Feed = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class FeedCurrency:
    """One feed, or one finder at a site (then ``source`` is empty). ``backlog``: received but not yet read.

    ``site`` is the trust's code where the feed serves all its sites.

    ``finder`` is a `Finder` value, empty for a feed that speaks for several. ``silent``: against its own rhythm.
    """

    source: str
    site: str
    finder: str
    last_received: datetime
    backlog: int
    silent: bool
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the inbox is. ``as_of``: all that was received by then has been read; None before the first message."""

    received: int
    done: int
    waiting: int
    quarantined: int
    as_of: datetime | None


def progress(sites: Collection[str] | None = None) -> Progress:
    """Counts of messages of these sites, of all where None; done: read, ignored by rule, mended or dismissed."""
    new, held = Q(state=State.NEW), Q(state=State.QUARANTINED)
    found = _of(sites).aggregate(
        received=Count("number"),
        waiting=Count("number", filter=new),
        quarantined=Count("number", filter=held),
        last=Max("received_at"),
        oldest_waiting=Min("received_at", filter=new),
    )
    settled = found["received"] - found["waiting"] - found["quarantined"]
    as_of = found["oldest_waiting"] or found["last"]
    return Progress(found["received"], settled, found["waiting"], found["quarantined"], as_of)


def data_as_of(sites: Collection[str], *, now: datetime | None = None) -> list[FeedCurrency]:
    """Each feed of these sites, by site and source, judged at ``now`` (aware; the present moment by default)."""
    feeds = _of(sites).values("site", "source", "origin__finder")
    new = Q(state=State.NEW)
    counted = feeds.annotate(last=Max("received_at"), backlog=Count("number", filter=new)).order_by(*FEED)
    return _judged(list(counted), _hours(feeds, "received_at", counted), now)


def finders_as_of(sites: Collection[str], *, now: datetime | None = None) -> list[FeedCurrency]:
    """Each finder that ever sighted a fracture at these sites, by when its sightings became known here."""
    told = FactRow.objects.filter(kind=FractureSighting.kind, site__in=sites).exclude(body__finder=Finder.BY_HAND)
    finders = told.annotate(source=Value(""), origin__finder=F("body__finder")).values(*FEED)
    counted = finders.annotate(last=Max("known"), backlog=Value(0)).order_by(*FEED)
    return _judged(list(counted), _hours(finders, "known", counted), now)


def _judged(
    counted: Sequence[Mapping[str, Any]], hours: Mapping[Feed, list[datetime]], now: datetime | None
) -> list[FeedCurrency]:
    local, parameters = timezone.localtime(now), parameters_of_sites()
    feeds = []
    for row in counted:
        site, source, finder = _feed(row)
        decision = silent(hours[site, source, finder], local, parameters.get(site, DEFAULTS))
        feeds.append(FeedCurrency(source, site, finder, row["last"], row["backlog"], decision.yes, decision.because))
    return feeds


def _hours(rows: Any, column: str, counted: Any) -> dict[Feed, list[datetime]]:
    """For each feed the hours in which it sent, in local time, in the time that the rule looks at (and before)."""
    hours: dict[Feed, list[datetime]] = defaultdict(list)
    lasts = [row["last"] for row in counted]
    if lasts:
        recent = rows.filter(**{f"{column}__gte": min(lasts) - HISTORY}).order_by()
        for row in recent.annotate(hour=TruncHour(column)).values(*FEED, "hour").distinct():
            hours[_feed(row)].append(row["hour"])
    return hours


def _feed(row: Mapping[str, Any]) -> Feed:
    return row["site"], row["source"], row["origin__finder"] or ""


def _of(sites: Collection[str] | None) -> Any:
    return Message.objects.all() if sites is None else Message.objects.filter(site__in=owners(sites))
