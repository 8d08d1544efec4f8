"""Who works on what: a worker takes messages for a time. If it dies, they come back when the time is over.

On PostgreSQL several workers share the queue (rows that another worker is taking are skipped). On SQLite there is one
worker, held by a file lock that dies with its process; so what a dead worker left is free at once.
"""

import fcntl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction
from django.db.models import F, Q

from openfls.inbox.models import Message, State

LEASE = timedelta(minutes=5)  # longer than any batch takes
MOST_BYTES = 16 * 1024 * 1024  # of one batch, unless one message alone is larger
SUSPECT = 2  # a message that was taken this often without an end is next taken alone: it may kill the worker
HOPELESS = 5  # taken this often: it waits in quarantine instead


class AnotherWorker(RuntimeError):
    """On SQLite one worker at a time."""


@contextmanager
def only_worker(home: Path | None = None) -> Iterator[None]:
    """Hold the worker's place while inside. Raises `AnotherWorker` where somebody else holds it (SQLite only)."""
    if connections["inbox"].vendor != "sqlite":
        yield
        return
    with ((home or settings.OPENFLS_HOME) / "worker.lock").open("w") as place:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise AnotherWorker("another worker is at work here, and SQLite takes one: stop it first") from taken
        Message.objects.filter(state=State.NEW).exclude(leased_until=None).update(leased_until=None)
        yield


def claim(most: int, *, now: datetime, longest: int | None = None) -> list[Message]:
    """Take up to ``most`` waiting messages, oldest first, with their bytes, for the time of a `LEASE` from ``now``.

    ``longest``: none of more bytes than these.

    A message that was taken before and came back is taken alone, so that only the culprit can hold up the queue.
    """
    free = Message.objects.filter(Q(leased_until=None) | Q(leased_until__lte=now), state=State.NEW)
    free = free if longest is None else free.filter(size__lte=longest)
    with transaction.atomic(using="inbox"):
        numbers = _fitting(_locked(free.order_by("number"))[:most])
        claimed = Message.objects.filter(number__in=numbers)
        claimed.update(leased_until=now + LEASE, attempts=F("attempts") + 1)
        return list(claimed.order_by("number"))


def hold_on(message: Message, *, now: datetime) -> None:
    """Keep a message for another `LEASE`: the work on it goes on."""
    Message.objects.filter(number=message.number, state=State.NEW).update(leased_until=now + LEASE)


def give_back(messages: Iterable[Message], *, until: datetime | None = None) -> None:
    """As if never taken: the fault was not theirs. ``until``: nobody takes them before that."""
    waiting = Message.objects.filter(number__in=[m.number for m in messages], state=State.NEW)
    waiting.update(leased_until=until, attempts=F("attempts") - 1)


def _locked(messages):
    if connections["inbox"].features.has_select_for_update_skip_locked:
        return messages.select_for_update(skip_locked=True)
    return messages


def _fitting(waiting) -> list[int]:
    numbers: list[int] = []
    total = 0
    for number, size, attempts in waiting.values_list("number", "size", "attempts"):
        if numbers and (attempts >= SUSPECT or total + size > MOST_BYTES):
            break
        numbers.append(number)
        total += size
        if attempts >= SUSPECT:
            break
    return numbers
