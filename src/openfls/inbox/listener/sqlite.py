"""The inbox in its own SQLite file, through APSW: its library is the fixed one, whatever the system's is.

This process must never open the file through ``sqlite3`` as well: two copies of SQLite in one process undo each other's
locks. `hand_over` sees to that. While the listener runs, it alone empties the write-ahead log, holding the turn to
write: SQLite before 3.51.3, which the other processes may use, can corrupt a file that it checkpoints while another
process writes.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import apsw
from django.conf import settings
from django.db import connections
from django.utils import timezone

from openfls.inbox.keeping import Held, Incoming, Key, Receipt, Row, keep, row_of
from openfls.inbox.listener.store import Away, Columns, Unstorable

logger = logging.getLogger(__name__)

FIXED = (3, 51, 3)  # the first SQLite without the WAL-reset bug
BUSY = 5000  # milliseconds to wait for the turn to write
LONG_LOG = 4000  # pages in the write-ahead log after which it is written back, 16 MB
DURABLE = {"journal_mode": "wal", "synchronous": 2}  # without these an acknowledgement would promise too much

HELD = (apsw.BusyError, apsw.LockedError)  # by another process
BROKEN = (apsw.IOError, apsw.CantOpenError)  # the disk


def hand_over() -> Any:
    """From here on this process reaches the inbox through APSW alone; Django's own connection is a closed one.

    Gives it, to convert values by.
    """
    django = connections["inbox"]
    connections.close_all()
    del connections["inbox"]
    connections.settings["inbox"] = {**connections.settings["inbox"], "ENGINE": "django.db.backends.dummy"}
    return django


def is_fixed(version: str) -> bool:
    return tuple(map(int, version.split("."))) >= FIXED


class SqliteStore:
    """``pragmas`` are `settings.SQLITE_PRAGMAS`; other values, and other file systems, are for tests."""

    def __init__(self, path: Path, columns: Columns, *, vfs: str | None = None, **pragmas: object) -> None:
        self._path, self._vfs, self._columns = path, vfs, columns
        self._pragmas = {**settings.SQLITE_PRAGMAS, **pragmas, "wal_autocheckpoint": 0}
        self._pages = self._tidied_at = 0
        self._connection: apsw.Connection | None = None
        self._distrusted = False  # after an error of the disk

    def is_durable(self) -> bool:
        """Raises `Away` or `Unstorable`."""
        with self._told_plainly():
            return all(self._opened().pragma(name) == value for name, value in DURABLE.items())

    def store(self, messages: Sequence[Incoming], *, at: datetime) -> list[Receipt]:
        now = timezone.now()
        rows = [row_of(message, at=at, now=now) for message in messages]
        with self._told_plainly():
            return self._commit(rows)

    @contextmanager
    def _told_plainly(self) -> Iterator[None]:
        """What SQLite raises, as what it means to whoever stores."""
        try:
            yield
        except HELD as fault:
            raise Away("another process holds the inbox") from fault
        except BROKEN as fault:
            self._distrusted = True
            self.close()
            raise Away(f"the disk fails ({fault})") from fault
        except apsw.FullError as fault:
            raise Unstorable("there is no room on the disk") from fault
        except apsw.Error as fault:
            raise Unstorable(f"the database refuses it ({type(fault).__name__})") from fault

    def _opened(self) -> apsw.Connection:
        """The connection; what it finds in the file by then is on disk."""
        if self._connection is None:
            connection = apsw.Connection(str(self._path), flags=apsw.SQLITE_OPEN_READWRITE, vfs=self._vfs)
            try:
                self._make_sure(connection)
            except BaseException:
                _close(connection)
                raise
            self._connection = connection
        return self._connection

    def _make_sure(self, connection: apsw.Connection) -> None:
        connection.set_busy_timeout(BUSY)
        for name, value in self._pragmas.items():
            connection.pragma(name, value)
        _sync(connection)
        if self._distrusted and not _write_back(connection):
            raise Away("after an error of the disk the inbox must be written anew, and somebody reads it")
        self._distrusted = False
        connection.set_wal_hook(self._count_pages)

    def _commit(self, rows: Sequence[Row]) -> list[Receipt]:
        connection = self._opened()
        connection.execute("BEGIN IMMEDIATE")
        try:
            receipts = keep(rows, _File(connection, self._columns))
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # a full disk has rolled back already
                connection.execute("ROLLBACK")
            raise
        return receipts

    def _count_pages(self, connection: apsw.Connection, name: str, pages: int) -> int:
        self._pages = pages
        return apsw.SQLITE_OK

    def tidy(self, *, idle: bool) -> None:
        """Write the log back and empty it, where it is long or nothing else is to do, and nobody reads it."""
        if self._pages < self._tidied_at:
            self._tidied_at = 0
        due = idle or self._pages - self._tidied_at >= LONG_LOG
        if self._pages and due and self._connection is not None:
            self._tidied_at = self._pages
            self._connection.set_busy_timeout(0)
            try:
                if _write_back(self._connection):
                    self._pages = self._tidied_at = 0
            except apsw.Error as fault:
                logger.warning("the log can't be written back (%s); the next attempt may", type(fault).__name__)
            self._connection.set_busy_timeout(BUSY)

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            _close(connection)


def _close(connection: apsw.Connection) -> None:
    """Without asking whether that goes well: on a failing disk it may not."""
    with suppress(apsw.Error):
        connection.close(True)


def _sync(connection: apsw.Connection) -> None:
    """Sync the write-ahead log, by a write that changes nothing.

    What a process wrote that was killed before it could sync is read from the log as if it were kept. The same message
    sent again would be known already, and acknowledged without a write: so first what is there is made sure of.
    """
    connection.pragma("user_version", connection.pragma("user_version"))


def _write_back(connection: apsw.Connection) -> bool:
    """Write the log back into the file and empty it; False where somebody still reads what is in it.

    After an error of the disk this alone makes sure of what is in the log: syncing it again would sync nothing.
    """
    busy, *_ = next(iter(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")))
    return not busy


class _File:
    """The inbox within a transaction."""

    def __init__(self, connection: apsw.Connection, columns: Columns) -> None:
        self._connection, self._columns = connection, columns

    def held(self, digests: Sequence[str]) -> dict[Key, Held]:
        found = self._connection.execute(
            f"""SELECT source, message_id, digest, number, flag, origin FROM {self._columns.table}
                WHERE digest IN (SELECT value FROM json_each(?)) ORDER BY number""",  # noqa: S608 (a name of ours)
            [json.dumps(sorted(set(digests)))],
        )
        return {(s, m, d): Held(number, flag, json.loads(origin)) for s, m, d, number, flag, origin in found}

    def digests(self, rows: Sequence[Row]) -> dict[tuple[str, str], set[str]]:
        wanted = sorted({(row.source, row.message_id) for row in rows})
        found: dict[tuple[str, str], set[str]] = {}
        for source, message_id, digest in self._connection.execute(
            f"""SELECT kept.source, kept.message_id, kept.digest FROM json_each(?) AS wanted
                JOIN {self._columns.table} AS kept
                ON kept.source = wanted.value ->> 0 AND kept.message_id = wanted.value ->> 1""",  # noqa: S608
            [json.dumps(wanted)],
        ):
            found.setdefault((source, message_id), set()).add(digest)
        return found

    def add(self, rows: Sequence[Row]) -> dict[Key, int]:
        columns = self._columns
        names = ", ".join([*columns.varying, *columns.fixed])
        places = ", ".join("?" * (len(columns.varying) + len(columns.fixed)))
        fixed = list(columns.fixed.values())
        added = self._connection.executemany(
            f"""INSERT INTO {columns.table} ({names}) VALUES ({places})
                ON CONFLICT (source, message_id, digest) DO NOTHING
                RETURNING source, message_id, digest, number""",  # noqa: S608 (names of ours)
            ([*columns.values(row), *fixed] for row in rows),
        )
        return {(source, message_id, digest): number for source, message_id, digest, number in added}
