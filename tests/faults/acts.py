"""What the processes do that fault tests kill: ``python -m tests.faults.acts ACT [STEP]``, each in its own home."""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

SENT = [
    *(f"Anne{n};2026-03-{n + 1:02}\nBea{n};2026-04-{n + 1:02}" for n in range(6)),
    "Anne0=Bea0", "Anne1-2026-05-01", "Cleo;2026-03-01\n??\nnul;2026-03-01", "boom", "ping", "Anne2;2026-03-03",
]  # fmt: skip
BATCH = 3


def prepare() -> None:
    """An empty house into which everything was sent."""
    from openfls.record import databases
    from tests.inbox import slips

    databases.prepare()
    slips.send(*SENT)


def work(step: str = "") -> None:
    """Work off the inbox; ``step``: be killed there, the second time that it is reached. Leases end at once."""
    from openfls.inbox import leases
    from openfls.inbox.work import Worker

    leases.LEASE = timedelta(0)
    if step:
        STEPS[step](second_time(die))
    with leases.only_worker():
        print("at work", flush=True)
        Worker(most=BATCH).work_off()


def send_deadly() -> None:
    """A message that ends whoever reads it, amid others of its feed."""
    from tests.inbox import slips

    slips.send("Dora;2026-05-01", "deadly", "Ella;2026-05-02", *(f"Fay{n};2026-05-03" for n in range(7)))


def finish() -> None:
    """Work off what is left, and tell."""
    work()
    tell()


def receive() -> None:
    """Receive message after message for ever, and say so after each has been stored."""
    from tests.inbox import slips

    for number in range(100_000):
        for receipt in slips.send(f"{os.getpid()}-{number};2026-03-01", f"second {os.getpid()}-{number};2026-03-02"):
            print(receipt.number, receipt.digest, flush=True)


def tell() -> None:
    """Print as JSON what there is now."""
    from openfls.coordination.comparing import derived_digest
    from openfls.inbox.models import Message
    from openfls.inbox.verify import verify
    from openfls.record.models import FactRow

    now = {
        "derived": derived_digest(),
        "facts": sorted(FactRow.objects.values_list("fact_id", flat=True)),
        "messages": sorted(Message.objects.values_list("digest", "state", "facts")),
        "broken": [f"{f.invariant}: {f.detail}" for f in verify() if not f.ok],
    }
    print(json.dumps(now), flush=True)


def die() -> None:
    """As a power cut or the kernel's memory guard would: no clean-up of any kind."""
    os.kill(os.getpid(), signal.SIGKILL)


def second_time(act: Callable[[], None]) -> Callable[[], None]:
    times = iter((False, True))
    return lambda: act() if next(times) else None


def before(place: Any, name: str) -> Callable[[Callable[[], None]], None]:
    """A step: just before the function ``name`` of ``place`` is called."""

    def arrange(act: Callable[[], None]) -> None:
        true = getattr(place, name)
        setattr(place, name, lambda *a, **k: (act(), true(*a, **k))[1])

    return arrange


def after(place: Any, name: str) -> Callable[[Callable[[], None]], None]:
    """A step: just after the function has returned."""

    def arrange(act: Callable[[], None]) -> None:
        true = getattr(place, name)
        setattr(place, name, lambda *a, **k: (true(*a, **k), act())[0])

    return arrange


def steps() -> dict[str, Callable[[Callable[[], None]], None]]:
    from django.db.models import QuerySet

    from openfls import coordination
    from openfls.coordination import entering
    from openfls.inbox import work as working

    return {
        "when messages are taken": after(working, "claim"),
        "when they have been read": after(working, "read_all"),
        "before the door": before(coordination, "enter"),
        "inside the door, facts written": after(entering, "_append"),
        "inside the door, people derived": after(entering, "derive_around"),
        "inside the door, trail written": after(entering, "_leave_trail"),
        "behind the door, before marking": after(coordination, "enter"),
        "amid marking, before its commit": after(QuerySet, "update"),
        "when all is marked": after(working, "_mark"),
    }


if __name__ == "__main__":
    import types

    m = types.ModuleType("openfls.feeds.doors")
    m.read = None
    django.setup()
    from openfls.inbox import reading
    from tests.inbox import slips as feed

    reading.read_bytes = lambda content, *more: die() if content == b"deadly" else feed.read(content, *more)
    STEPS = steps()
    {act.__name__: act for act in (prepare, work, send_deadly, finish, receive, tell)}[sys.argv[1]](*sys.argv[2:])
