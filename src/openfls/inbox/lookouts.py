"""Lookouts tell when they looked last and what troubles them, so that one that stopped is noticed before it is missed.

A watcher of a folder and a scheduled query are lookouts. What they find is a message like any other; what they can't
take stays where it is, and stands here until it is mended.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from openfls.clinical.standards import Role
from openfls.feeds.reading import Unreadable
from openfls.inbox.models import Lookout, Trouble
from openfls.inbox.owners import owners
from openfls.inbox.quarantine import HANDLERS
from openfls.inbox.text import storable
from openfls.record.access import Viewer

FOLDER, QUERY = "folder", "query"
MISSED_LOOKS = 3  # so many of its own pauses without a look, and it is called stopped
SHORTEST_WAIT = timedelta(minutes=5)  # but never sooner: a machine may be restarted
LONGEST = 255  # characters of a place or name


@dataclass(frozen=True, slots=True)
class Troubled:
    """What can't be taken, where. ``site``: the site or trust that answers for it, empty where nobody knows."""

    place: str
    reason: str
    mend: str
    site: str = ""

    @classmethod
    def of(cls, fault: Unreadable, site: str = "", place: str = "") -> "Troubled":
        return cls(place or fault.place, fault.reason, fault.mend, site)


@dataclass(frozen=True, slots=True)
class LookoutState:
    """``stopped``: it has not looked for much longer than it should have."""

    kind: str
    name: str
    looked_at: datetime
    stopped: bool


def looked(kind: str, name: str, *, every: float, troubles: Iterable[Troubled], at: datetime) -> Lookout:
    """A lookout has looked: what troubles it now stands in place of what did."""
    now = {storable(one.place)[:LONGEST]: one for one in troubles}
    with transaction.atomic(using="inbox"):
        lookout, _ = Lookout.objects.update_or_create(
            kind=kind, name=storable(name)[:LONGEST], defaults={"every": max(1, round(every)), "looked_at": at}
        )
        before = dict(lookout.troubles.values_list("place", "since"))
        lookout.troubles.all().delete()
        Trouble.objects.bulk_create(_row(lookout, place, one, before.get(place, at)) for place, one in now.items())
    return lookout


def forget(kind: str, name: str) -> bool:
    """A lookout that is no longer wanted; whether there was one."""
    return bool(Lookout.objects.filter(kind=kind, name=storable(name)[:LONGEST]).delete()[0])


def lookouts_seen_by(viewer: Viewer, *, now: datetime | None = None) -> list[LookoutState]:
    """All lookouts, for administrators: they name folders of the machine."""
    if not viewer.has_role(Role.ADMINISTRATOR):
        return []
    moment = now or timezone.now()
    return [
        LookoutState(one.kind, one.name, one.looked_at, _stopped(one, moment))
        for one in Lookout.objects.order_by("kind", "name")
    ]


def troubles_seen_by(viewer: Viewer) -> "QuerySet[Trouble]":
    """The troubles of the feeds that the viewer handles; for administrators also those that nobody answers for."""
    sites = [site for site in viewer.sites if viewer.has_role(*HANDLERS, site=site)]
    codes = owners(sites) | ({""} if viewer.has_role(Role.ADMINISTRATOR) else set())
    return Trouble.objects.filter(site__in=codes).select_related("lookout").order_by("since", "place")


def in_trouble(sites: Collection[str], *, now: datetime | None = None) -> tuple[int, int]:
    """How many troubles the feeds of these sites have, and how many lookouts have stopped, whosever they are."""
    moment = now or timezone.now()
    stopped = sum(_stopped(one, moment) for one in Lookout.objects.all())
    return Trouble.objects.filter(site__in=owners(sites)).count(), stopped


def _stopped(one: Lookout, now: datetime) -> bool:
    return now - one.looked_at > max(SHORTEST_WAIT, MISSED_LOOKS * timedelta(seconds=one.every))


def _row(lookout: Lookout, place: str, one: Troubled, since: datetime) -> Trouble:
    told = {"reason": storable(one.reason), "mend": storable(one.mend), "site": one.site}
    return Trouble(lookout=lookout, place=place, since=since, **told)
