"""The listener's own ways into an inbox, each on an empty one, and what it then holds.

On SQLite a file of its own, since the tests' Django holds another; on PostgreSQL the tests' database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

COLUMNS_THAT_DIFFER = ("number", "stored_at")


def empty_inbox(folder: Path) -> Path:
    """An inbox file with the tables, indexes and triggers of the tests' own database, and nothing in it."""
    from django.db import connections

    with connections["inbox"].cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
        schema = [sql for (sql,) in cursor.fetchall()]
    file = folder / "inbox.sqlite3"
    made = apsw.Connection(str(file))
    for statement in schema:
        made.execute(statement)
    made.close()
    return file


def columns_on_sqlite() -> Any:
    from django.db.backends.sqlite3.base import DatabaseWrapper

    from openfls.inbox.listener.store import Columns
    from openfls.settings import sqlite_database

    return Columns(DatabaseWrapper({**sqlite_database("nowhere"), "TIME_ZONE": None}, "nowhere"))


class Inbox:
    """A way into an inbox and what is in it."""

    def __init__(self, open_store: Any, fetch: Any) -> None:
        self.open_store, self.fetch = open_store, fetch
        self.store = open_store()

    def rows(self) -> list[dict[str, Any]]:
        """Every column of every message, in the order of receipt."""
        return list(self.fetch("SELECT * FROM inbox_message ORDER BY number"))

    def exact_rows(self) -> list[dict[str, Any]]:
        from django.db import connections

        return list(self.fetch(exactly(connections["inbox"].vendor)))

    def contents(self) -> list[bytes]:
        return [bytes(row["content"]) for row in self.rows()]


@contextmanager
def on_sqlite(folder: Path, **pragmas: object) -> Iterator[Inbox]:
    from openfls.inbox.listener.sqlite import SqliteStore

    file = empty_inbox(folder)
    reader = apsw.Connection(str(file))
    reader.set_busy_timeout(20_000)  # a listener that starts or ends has the file for itself for a moment
    reader.set_row_trace(lambda cursor, row: dict(zip([d[0] for d in cursor.get_description()], row, strict=True)))
    inbox = Inbox(lambda: SqliteStore(file, columns_on_sqlite(), **pragmas), reader.execute)
    try:
        yield inbox
    finally:
        reader.close()


@contextmanager
def on_postgresql() -> Iterator[Inbox]:
    """On the tests' database; the test must let what it writes be really committed (``transaction=True``)."""
    from openfls.inbox.listener.postgresql import PostgresqlStore

    yield Inbox(PostgresqlStore, through_django)


def through_django(statement: str) -> list[dict[str, Any]]:
    from django.db import connections

    with connections["inbox"].cursor() as cursor:
        cursor.execute(statement)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def exactly(vendor: str) -> str:
    """The statement that asks for every message with all that two inboxes that were told the same must agree on.

    SQLite keeps no types of columns, so it tells each value as it stands there, with its type.
    """
    from openfls.inbox.models import Message

    names = [f.column for f in Message._meta.concrete_fields if f.column not in COLUMNS_THAT_DIFFER]
    asked = [f"quote({name}) AS {name}" if vendor == "sqlite" else name for name in names]
    return f"SELECT {', '.join(asked)} FROM inbox_message ORDER BY number"
