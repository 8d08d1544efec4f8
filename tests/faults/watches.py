"""The watcher that fault tests kill: ``python -m tests.faults.watches FOLDER [STEP]``, in a home of its own,
which it prepares where no folder is named.

Without a step it takes what there is and tells, as JSON, what is stored and what still lies there.
"""

import json
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import django

MARKER = ".done"


def settle_sites() -> None:
    from openfls.record import databases, organisations

    databases.prepare()
    sites = [{"code": "X1A01", "name": "One"}]
    organisations.load({"trusts": [{"code": "X1A", "name": "Trust", "sites": sites}]}, by="a test")


def take(folder: Path) -> None:
    """Two looks by a watcher without patience."""
    from openfls.inbox.watching import Watcher
    from openfls.inbox.watching.patience import Patience

    watcher = Watcher(folder, Patience(0, MARKER))
    watcher.look(1)
    watcher.look(2)


def tell(folder: Path) -> None:
    from openfls.inbox.models import Message
    from openfls.inbox.verify import verify

    lies = [file for file in folder.rglob("*") if file.is_file() and "received" not in file.parts]
    moved = [file for file in (folder / "received").rglob("*") if file.is_file()]
    now = {
        "stored": sorted(Message.objects.values_list("digest", flat=True)),
        "left": sorted(file.name for file in lies if file.name != "feed.json"),
        "moved": sorted(sha256(file.read_bytes()).hexdigest() for file in moved if file.suffix != MARKER),
        "broken": [f"{f.invariant}: {f.detail}" for f in verify() if not f.ok and "waits" not in f.invariant],
    }
    print(json.dumps(now), flush=True)


def steps() -> dict[str, Callable[[Callable[[], None]], None]]:
    import os

    from django.db.models import QuerySet

    from openfls.inbox.watching import watcher
    from tests.faults.acts import after, before

    return {
        "when a file has been read": after(watcher, "read"),
        "before it is stored": before(watcher, "receive"),
        "amid storing, before the commit": after(QuerySet, "bulk_create"),
        "when it is stored": after(watcher, "receive"),
        "before it is moved": before(watcher, "move"),
        "when the folder to move to is made": after(os, "mkdir"),
        "when it is moved": after(watcher, "move"),
    }


def main(folder: Path, step: str = "") -> None:
    if step:
        from tests.faults.acts import die, second_time

        steps()[step](second_time(die))
    take(folder)
    tell(folder)


if __name__ == "__main__":
    django.setup()
    main(Path(sys.argv[1]), *sys.argv[2:]) if sys.argv[1:] else settle_sites()
