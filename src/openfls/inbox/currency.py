"""How current the record is: what each feed sent last, what still waits, which feed or finder has fallen silent."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min, TextField, Value
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from openfls.clinical.decisions import Outcome
from openfls.clinical.facts import Finder, FractureSighting
from openfls.clinical.parameters import DEFAULTS
from openfls.clinical.silence import HISTORY, silent
from openfls.inbox import rhythm
from openfls.inbox.models import Message, State
from openfls.inbox.owners import owners
from openfls.inbox.rhythm import Feed
from openfls.record.models import FactRow
from openfls.record.parameters import parameters_of_sites

FEED = ("site", "source", "finder")


@dataclass(frozen=True, slots=True)
class FeedCurrency:
    """One feed, or one finder at a site (then ``source`` is empty). ``backlog``: received but not yet read.

    ``site`` is the trust's code where the feed serves all its sites.

    ``finder`` is a `Finder` value, empty for a feed that speaks for several. ``silence``: whether it fell silent, by
    its own rhythm; unknown where its history is too short to tell.
    """

    source: str
    site: str
    finder: str
    last_received: datetime
    backlog: int
    silence: Outcome
    because: tuple[str, ...]

    @property
    def silent(self) -> bool:
        return self.silence is Outcome.YES

    @property
    def unjudged(self) -> bool:
        """Nobody can say whether it fell silent: no alarm, and no all-clear."""
        return self.silence is Outcome.UNKNOWN


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the inbox is. ``as_of``: all that was received by then has been read; None before the first message."""

    received: int
    done: int
    waiting: int
    quarantined: int
    as_of: datetime | None


def progress(sites: Collection[str] | None = None) -> Progress:
    """Counts of messages of these sites, of all where None; done: read, ignored by rule, mended or dismissed.

    Each question is answered from one index: the messages themselves, which are wide, are not touched.
    """
    messages = _of(sites)
    received = messages.aggregate(count=Count("number"), last=Max("received_at"))
    new = messages.filter(state=State.NEW).aggregate(count=Count("number"), oldest=Min("received_at"))
    held = messages.filter(state=State.QUARANTINED).count()
    done = received["count"] - new["count"] - held
    return Progress(received["count"], done, new["count"], held, new["oldest"] or received["last"])


def as_of(told: Progress) -> str:
    """How current the record is, in a sentence."""
    if told.as_of is None:
        return "No message has come in yet."
    words = f"Data as of {timezone.localtime(told.as_of):%d %b %Y, %H:%M}"
    if told.waiting:
        share = 100 * (told.received - told.waiting) // told.received
        return f"{words}; reading goes on: {share}% of {told.received:,} messages done."
    return f"{words}."


def data_as_of(sites: Collection[str] | None, *, now: datetime | None = None) -> list[FeedCurrency]:
    """Each feed of these sites, of all where None, by site and source.

    Judged at ``now`` (aware; the present moment by default).
    """
    answering = None if sites is None else owners(sites)
    lasts = {feed: last for feed, last in rhythm.lasts().items() if answering is None or feed[0] in answering}
    waiting = _of(sites).filter(state=State.NEW).values(*FEED).annotate(count=Count("number"))
    backlogs = {_feed(row): row["count"] for row in waiting}
    return _judged(lasts, backlogs, rhythm.hours(answering, HISTORY), now)


def finders_as_of(sites: Collection[str], *, now: datetime | None = None) -> list[FeedCurrency]:
    """Each finder that ever sighted a fracture at these sites, by when its sightings became known here."""
    told = FactRow.objects.filter(kind=FractureSighting.kind, site__in=sites).exclude(body__finder=Finder.BY_HAND)
    finders = told.annotate(source=Value(""), finder=F("body__finder")).values(*FEED)
    lasts = {_feed(row): row["last"] for row in finders.annotate(last=Max("known"))}
    return _judged(lasts, {}, _hours(finders, lasts), now)


def _judged(
    lasts: Mapping[Feed, datetime],
    backlogs: Mapping[Feed, int],
    hours: Mapping[Feed, list[datetime]],
    now: datetime | None,
) -> list[FeedCurrency]:
    local, parameters = timezone.localtime(now), parameters_of_sites()
    feeds = []
    for (site, source, finder), last in sorted(lasts.items()):
        feed = site, source, finder
        decision = silent(hours[feed], local, parameters.get(site, DEFAULTS))
        backlog = backlogs.get(feed, 0)
        feeds.append(FeedCurrency(source, site, finder, last, backlog, decision.outcome, decision.because))
    return feeds


def _hours(finders: Any, lasts: Mapping[Feed, datetime]) -> dict[Feed, list[datetime]]:
    """For each finder the hours in which it told of anything, in the time that the rule looks at (and before).

    The database cuts the hour from the text of the time, which both engines write in UTC.
    """
    hours: dict[Feed, list[datetime]] = defaultdict(list)
    if lasts:
        recent = finders.filter(known__gte=min(lasts.values()) - HISTORY)
        hour = Substr(Cast("known", TextField()), 1, len("2026-03-29 01"))
        for row in recent.annotate(hour=hour).values(*FEED, "hour").distinct():
            hours[_feed(row)].append(datetime.fromisoformat(f"{row['hour']}:00:00+00:00"))
    return hours


def _feed(row: Mapping[str, Any]) -> Feed:
    return row["site"], row["source"], row["finder"]


def _of(sites: Collection[str] | None) -> Any:
    messages = Message.objects.order_by()
    return messages if sites is None else messages.filter(site__in=owners(sites))
