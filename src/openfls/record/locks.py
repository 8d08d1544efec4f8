"""One at a time: deriving from a person's facts, and places that only one process may hold."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

INBOX_LOG = "inbox-log.lock"  # held by whoever writes the inbox's write-ahead log back: the listener while it runs
DERIVING = 7_341_952  # any number, the same for every process of a deployment


class Taken(RuntimeError):
    """Another process holds the place."""


def one_writer() -> None:
    """Wait for the turn to write, until the transaction ends. SQLite needs nothing: IMMEDIATE already takes turns.

    What is derived from a person's facts must not be derived twice at once from half of them.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DERIVING])


@contextmanager
def place(name: str, home: Path | None = None, *, wait: bool = False) -> Iterator[None]:
    """Hold a place while inside, by a lock on a file of the home that dies with its process.

    ``wait``: until whoever holds it lets go; else raises `Taken`.
    """
    with ((home or settings.OPENFLS_HOME) / name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as taken:
            raise Taken(name) from taken
        yield
