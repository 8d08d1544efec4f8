"""The inbox as a table of PostgreSQL: a group goes there and back twice, whatever its size."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import psycopg
from django.db import connections
from django.utils import timezone

from openfls.inbox.keeping import Held, Incoming, Key, Receipt, Row, keep, row_of
from openfls.inbox.listener.store import Away, Columns, Unstorable
from openfls.inbox.standbys import WRITE_A_WORD, Heard
from openfls.inbox.turns import take_turns

DURABLE = ("on", "remote_apply")  # values of synchronous_commit that wait for the disk
PATIENCE = 10  # seconds to reach the server
TYPES = {"origin": "jsonb", "received_at": "timestamptz", "stored_at": "timestamptz", "size": "int8", "flagged": "bool",
         "content": "bytea"}  # of the varying columns that are no text  # fmt: skip
OUTAGE = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction)


class PostgresqlStore:
    """Connects when it is first needed and after each loss."""

    def __init__(self) -> None:
        django = connections["inbox"]
        parameters = django.get_connection_params()
        self._parameters = {k: v for k, v in parameters.items() if k not in ("cursor_factory", "context")}
        self._columns = Columns(django)
        self._connection: psycopg.Connection[Any] | None = None
        self._heard = Heard()

    def store(self, messages: Sequence[Incoming], *, at: datetime) -> list[Receipt]:
        now = timezone.now()
        rows = [row_of(message, at=at, now=now) for message in messages]
        try:
            return self._commit(rows)
        except psycopg.errors.DiskFull as fault:
            raise Unstorable("there is no room on the database's disk") from fault
        except OUTAGE as fault:
            self._let_go()
            raise Away(f"PostgreSQL can't be used ({type(fault).__name__})") from fault
        except psycopg.Error as fault:
            raise Unstorable(f"the database refuses it ({type(fault).__name__})") from fault

    def _commit(self, rows: Sequence[Row]) -> list[Receipt]:
        connection = self._connected()
        self._heard.warnings.clear()
        try:
            return keep(rows, _Table(connection, self._columns, rows, self._heard.warnings))
        except BaseException:
            with suppress(psycopg.Error):  # a connection that is lost has nothing to roll back
                connection.rollback()
            raise

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(**{"connect_timeout": PATIENCE, **self._parameters}, autocommit=True)
            self._connection.add_notice_handler(self._heard)
            (kept,) = self._connection.execute("SHOW synchronous_commit").fetchone() or ("",)
            if kept not in DURABLE:
                self._connection.execute("SET synchronous_commit TO on")
        return self._connection

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def is_durable(self) -> bool:
        """Whether the server writes to its disk at all before it says that it did."""
        (fsync,) = self._connected().execute("SHOW fsync").fetchone() or ("",)
        return bool(fsync == "on")

    def tidy(self, *, idle: bool) -> None:
        """PostgreSQL looks after itself."""

    def close(self) -> None:
        self._let_go()


class _Table:
    """The inbox within a transaction. The questions go out together, with the wait for the turn before them; then the
    rows, together with the commit. ``warnings``: what the server remarks meanwhile (`inbox.standbys`)."""

    def __init__(
        self, connection: psycopg.Connection[Any], columns: Columns, rows: Sequence[Row], warnings: Sequence[str]
    ) -> None:
        self._connection, self._columns, self._warnings = connection, columns, warnings
        with connection.pipeline():
            connection.execute("BEGIN")
            connection.execute(*take_turns(rows))
            same_bytes = self._same_bytes([row.digest for row in rows])
            same_ids = self._same_ids(rows)
        self._held = {(s, m, d): Held(number, flag, origin) for s, m, d, number, flag, origin in same_bytes}
        self._digests: dict[tuple[str, str], set[str]] = {}
        for source, message_id, digest in same_ids:
            self._digests.setdefault((source, message_id), set()).add(digest)

    def held(self, digests: Sequence[str]) -> dict[Key, Held]:
        return self._held

    def digests(self, rows: Sequence[Row]) -> dict[tuple[str, str], set[str]]:
        return self._digests

    def add(self, rows: Sequence[Row]) -> dict[Key, int]:
        with self._connection.pipeline():
            added = self._insert(rows) if rows else ()
            if self._held:
                self._connection.execute(WRITE_A_WORD)
            committed = self._connection.execute("COMMIT")
        if committed.statusmessage != "COMMIT":  # in a failed transaction it would be ROLLBACK, and no error
            raise psycopg.OperationalError("the commit did not come about")
        if self._warnings:
            raise psycopg.OperationalError(f"the commit may be on one disk alone: {self._warnings[0]}")
        return {(source, message_id, digest): number for source, message_id, digest, number in added}

    def _insert(self, rows: Sequence[Row]) -> psycopg.Cursor[Any]:
        columns = self._columns
        varying, fixed = list(columns.varying), list(columns.fixed)
        lists = [[*values] for values in zip(*map(columns.values, rows), strict=True)]
        arrays = ", ".join(f"%b::{TYPES.get(column, 'text')}[]" for column in varying)
        given = ", ".join([f"given.{column}" for column in varying] + ["%s"] * len(fixed))
        return self._connection.execute(
            f"""INSERT INTO {columns.table} ({", ".join([*varying, *fixed])})
                SELECT {given} FROM unnest({arrays}) AS given ({", ".join(varying)})
                ON CONFLICT (source, message_id, digest) DO NOTHING
                RETURNING source, message_id, digest, number""",  # noqa: S608 (names of ours)
            [*columns.fixed.values(), *lists],
        )

    def _same_bytes(self, digests: Sequence[str]) -> psycopg.Cursor[Any]:
        return self._connection.execute(
            f"""SELECT source, message_id, digest, number, flag, origin FROM {self._columns.table}
                WHERE digest = ANY(%s) ORDER BY number""",  # noqa: S608
            [sorted(set(digests))],
        )

    def _same_ids(self, rows: Sequence[Row]) -> psycopg.Cursor[Any]:
        wanted = sorted({(row.source, row.message_id) for row in rows})
        return self._connection.execute(
            f"""SELECT kept.source, kept.message_id, kept.digest FROM {self._columns.table} AS kept
                JOIN unnest(%s::text[], %s::text[]) AS wanted (source, message_id)
                ON kept.source = wanted.source AND kept.message_id = wanted.message_id""",  # noqa: S608
            [[source for source, _ in wanted], [message_id for _, message_id in wanted]],
        )
