"""What readers remarked while they read: a laboratory code on no map, a column that no mapping names, a status nobody
knows. Nothing of it stops a message, and much of it is care that isn't counted until somebody completes a list.

Kept by feed and words with how often, never by patient: the same remark about a thousand messages is one line.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, QuerySet

from openfls.inbox.models import Message, Remark
from openfls.inbox.owners import owners
from openfls.inbox.quarantine import HANDLERS
from openfls.inbox.text import storable
from openfls.record.access import Viewer

LONGEST = 250  # characters of a remark that are kept
MOST = 500  # different remarks kept of one feed; what is new beyond them only counts
ROWS = re.compile(r": (sheet [^:]*, )?row \d.*", re.DOTALL)  # as `feeds.csv.tally` names them
LONGEST_NUMBER = 10  # digits
OTHERS = "other remarks, too many different ones to keep each"


def keep(remarked: Iterable[tuple[Message, str]], at: datetime) -> None:
    """Count each (message, words); a number that the words begin with is how often it was so in that message, and the
    rows of a list that they end with are left out.

    Where the same message is read once more, it counts once more.
    """
    times: Counter[tuple[str, str]] = Counter()
    latest: dict[tuple[str, str], Message] = {}
    for message, told in remarked:
        number, words = _counted(told)
        key = (message.source, storable(words)[:LONGEST])
        latest[key] = message
        times[key] += number
    there = set(Remark.objects.filter(source__in={source for source, _ in times}).values_list("source", "words"))
    for (source, words), count in times.items():
        kept = words if (source, words) in there or _has_room(source, there) else OTHERS
        _count(latest[source, words], kept, count, at)
        there.add((source, kept))


def _counted(told: str) -> tuple[int, str]:
    told = ROWS.sub("", told)
    number, _, words = told.partition(" ")
    return (int(number), words) if number.isdecimal() and len(number) < LONGEST_NUMBER else (1, told)


def _has_room(source: str, there: set[tuple[str, str]]) -> bool:
    return sum(one == source for one, _ in there) < MOST


def _count(message: Message, words: str, times: int, at: datetime) -> None:
    remark, _ = Remark.objects.get_or_create(
        source=message.source, words=words, defaults={"site": message.site, "first_at": at, "last_at": at}
    )
    Remark.objects.filter(pk=remark.pk).update(times=F("times") + times, last_at=at, message=message.number)


def remarks_seen_by(viewer: Viewer) -> "QuerySet[Remark]":
    """Those about the feeds that the viewer handles, the most frequent first."""
    sites = [site for site in viewer.sites if viewer.has_role(*HANDLERS, site=site)]
    return Remark.objects.filter(site__in=owners(sites)).order_by("-times", "source", "words")
