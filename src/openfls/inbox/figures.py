"""Figures for whoever keeps the service running: how much waits, since when, which feed fell silent. No patient."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.utils import timezone

from openfls.inbox.currency import data_as_of
from openfls.inbox.models import Message, State
from openfls.record.reckoning import open_tasks


@dataclass(frozen=True, slots=True)
class Figure:
    """One family of figures: each value stands under its labels. Names end in their unit, after Prometheus' custom."""

    name: str
    about: str
    labels: tuple[str, ...]
    values: tuple[tuple[tuple[str, ...], float], ...]


def figures(now: datetime | None = None) -> Iterator[Figure]:
    """Everything that is counted in the databases at this moment (``now``: aware)."""
    moment = now or timezone.now()
    yield _messages()
    yield _oldest(moment)
    yield from _feeds(moment)
    yield Figure(
        "openfls_open_tasks",
        "Tasks that somebody should do, by the site that answers and the role that owns them",
        ("site", "role", "overdue"),
        tuple(
            ((site or "", role, "yes" if overdue else "no"), count)
            for site, role, overdue, count in open_tasks(timezone.localdate(moment))
        ),
    )


def _messages() -> Figure:
    counted = Message.objects.order_by("source", "state").values_list("source", "state").annotate(Count("number"))
    values = tuple(((source, state), float(count)) for source, state, count in counted)
    return Figure("openfls_inbox_messages", "Messages by feed and by what became of them", ("source", "state"), values)


def _oldest(now: datetime) -> Figure:
    waiting = Message.objects.filter(state=State.NEW).order_by()
    oldest = waiting.aggregate(oldest=Min("stored_at"))["oldest"]
    seconds = (now - oldest).total_seconds() if oldest else 0.0
    about = "How long the oldest unread message has been waiting; 0 where none waits"
    return Figure("openfls_inbox_oldest_waiting_seconds", about, (), (((), seconds),))


def _feeds(now: datetime) -> Iterator[Figure]:
    labels = ("source", "site", "finder")
    feeds = data_as_of(None, now=now)
    named = [((feed.source, feed.site, feed.finder), feed) for feed in feeds]
    yield Figure(
        "openfls_feed_last_received_timestamp_seconds",
        "When each feed sent last, in seconds since 1970",
        labels,
        tuple((name, feed.last_received.timestamp()) for name, feed in named),
    )
    yield Figure(
        "openfls_feed_silent",
        "1 where a feed fell silent by its own hours of the week, 0 where not; no value where its history is too short",
        labels,
        tuple((name, float(feed.silent)) for name, feed in named if not feed.unjudged),
    )
    yield Figure(
        "openfls_feed_unjudged",
        "1 where a feed's history is too short to know its rhythm, so that its silence raises no alarm",
        labels,
        tuple((name, float(feed.unjudged)) for name, feed in named),
    )
