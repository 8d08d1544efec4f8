"""One at a time: deriving from a person's facts, and places that only one process may hold."""

import fcntl
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection

INBOX_LOG = "inbox-log.lock"  # held by whoever writes the inbox's write-ahead log back: the listener while it runs
DERIVING = 7_341_952  # any number, the same for every process of a deployment
BETWEEN_TURNS = 0.15  # seconds; more than the 0.1 that SQLite's busy handler lets pass between two tries
NO_TURN = ("55P03", "40P01")  # PostgreSQL: no lock in time, given up to end a deadlock

_seconds: ContextVar[float | None] = ContextVar("seconds", default=None)


class Taken(RuntimeError):
    """Another process holds the place."""


def one_writer() -> None:
    """Wait for the turn to write, until the transaction ends. SQLite needs nothing: IMMEDIATE already takes turns.

    What is derived from a person's facts must not be derived twice at once from half of them.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, _no_longer(cursor):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DERIVING])


def give_way() -> None:
    """Between two turns of long work. SQLite keeps no queue: whoever waits asks again ten times a second, and would
    never find the file free if it were taken again at once. PostgreSQL gives the turns in order."""
    if connection.vendor == "sqlite":
        time.sleep(BETWEEN_TURNS)


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """Inside, a turn that doesn't come in time raises an ``OperationalError`` that `is_busy`: somebody waits at a page.

    A worker waits as long as it takes. On SQLite everybody waits as long as the settings' ``timeout`` says.
    """
    before = _seconds.set(seconds)
    try:
        yield
    finally:
        _seconds.reset(before)


def is_busy(error: OperationalError) -> bool:
    """Whether somebody else was writing for too long: nothing was written, and the same may be tried again."""
    cause = error.__cause__
    if isinstance(cause, sqlite3.OperationalError):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(cause, "sqlstate", None) in NO_TURN


@contextmanager
def _no_longer(cursor: object) -> Iterator[None]:
    """PostgreSQL: this wait alone ends in time; the statements after it have what time they need."""
    seconds = _seconds.get()
    if seconds is not None:
        cursor.execute(f"SET LOCAL lock_timeout = {int(1000 * seconds)}")  # type: ignore[attr-defined]
    yield
    if seconds is not None:
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")  # type: ignore[attr-defined]


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
