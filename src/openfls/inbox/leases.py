"""Who works on what: a worker takes messages for a time. If it dies, they come back when the time is over.

On PostgreSQL several workers share the queue (rows that another worker is taking are skipped). On SQLite there is one
worker, held by a file lock that dies with its process; so what a dead worker left is free at once.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connections, transaction
from django.db.models import F, Q

from openfls.inbox.models import Message, State
from openfls.record.locks import Taken, place

LEASE = timedelta(minutes=5)  # longer than any batch takes
MOST_BYTES = 16 * 1024 * 1024  # of one batch, unless one message alone is larger
SUSPECT = 2  # a message that was taken this often without an end is next taken alone and last: it may kill the worker
HOPELESS = 5  # taken this often: it waits in quarantine instead


class AnotherWorker(RuntimeError):
    """On SQLite one worker at a time."""


@contextmanager
def only_worker(home: Path | None = None) -> Iterator[None]:
    """Hold the worker's place while inside. Raises `AnotherWorker` where somebody else holds it (SQLite only)."""
    if connections["inbox"].vendor != "sqlite":
        yield
        return
    with ExitStack() as held:
        try:
            held.enter_context(place("worker.lock", home))
        except Taken as taken:
            raise AnotherWorker("another worker is at work here, and SQLite takes one: stop it first") from taken
        Message.objects.filter(state=State.NEW).exclude(leased_until=None).update(leased_until=None)
        yield


def claim(most: int, *, now: datetime, longest: int | None = None) -> list[Message]:
    """Take up to ``most`` waiting messages, oldest first, with their bytes, for the time of a `LEASE` from ``now``.

    ``longest``: none of more bytes than these.

    A message that came back again and again is taken alone, and only when nothing else waits: it may be what ends the
    workers, and nothing else of its feed must wait for it.
    """
    free = Message.objects.filter(Q(leased_until=None) | Q(leased_until__lte=now), state=State.NEW).order_by("number")
    free = free if longest is None else free.filter(size__lte=longest)
    with transaction.atomic(using="inbox"):
        numbers = _fitting(_locked(free.filter(attempts__lt=SUSPECT))[:most])
        numbers = numbers or _numbers(_locked(free.filter(attempts__gte=SUSPECT))[:1])
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
    for number, size in waiting.values_list("number", "size"):
        total += size
        if numbers and total > MOST_BYTES:
            break
        numbers.append(number)
    return numbers


def _numbers(waiting) -> list[int]:
    return list(waiting.values_list("number", flat=True))
