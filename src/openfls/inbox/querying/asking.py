"""Asking a hospital's database: read-only, within a time, and never more rows than were declared.

SQLAlchemy speaks to it. PostgreSQL and SQLite are asked in a way that can't write whatever the query says; another
database needs its driver, and a way of its own to hold it to reading, before it is allowed here.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from openfls.inbox.querying.declared import Query

CONNECT_SECONDS = 10
LOOK_EVERY = 10_000  # of SQLite's steps, at which it is asked whether the time is over
ALLOWED = "PostgreSQL (postgresql://…) and SQLite (sqlite:////path/to/file)"

# What PostgreSQL's codes say (its manual, appendix A). Their messages name tables and columns, never values.
SAID = {
    "42P01": ("The view or table isn't there", "Correct the query, or ask for the view to be made again."),
    "42703": ("A column isn't there", "Correct the query, or ask for the column."),
    "42501": ("The account may not read it", "Ask for the right to read the view."),
    "42601": ("The database does not understand the query", "Correct it: one SELECT, without semicolons."),
    "25006": ("The query would write, and may only read", "Write it as one SELECT."),
    "57014": ("The query took too long and was ended.", "Make the view quicker, or raise timeout_seconds."),
}
NAMES_OBJECTS = ("42", "25")  # classes of codes whose message may be shown
SQLITE_SAYS = (
    "no such table", "no such column", "unable to open", "attempt to write", "near ", "file is not a database",
    "not authorized", "database is locked", "incomplete input", "You can only execute one",
)  # fmt: skip


class CannotAsk(Exception):
    """Why there is no answer, and how to mend it."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(reason)
        self.reason, self.mend = reason, mend


class DriverMissing(CannotAsk):
    """What asks databases is not installed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows that the database gave, with the names of their columns."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


def ask(query: Query, since: object = None) -> Answer:
    """All rows of the answer. Raises `CannotAsk`."""
    try:
        import sqlalchemy
    except ImportError:
        mend = "Install the extra: pip install 'openfls[query]'."
        raise DriverMissing("What asks databases is not installed (SQLAlchemy).", mend) from None
    try:
        with _connection(sqlalchemy, query) as connection:
            return _rows(sqlalchemy, connection, query, since)
    except sqlalchemy.exc.DBAPIError as error:
        raise _told(error.orig) from None
    except sqlalchemy.exc.StatementError as error:
        mend = r"Only :since is filled in; write \: for a colon that begins no name."
        raise CannotAsk(f"The query can't be asked: {str(error.orig or error).splitlines()[0][:200]}.", mend) from None
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _told_by_sqlite(error) from None


@contextmanager
def _connection(sqlalchemy: Any, query: Query) -> Iterator[Any]:
    """A connection that only reads, within a time."""
    try:
        address = sqlalchemy.make_url(query.url())
    except (ValueError, sqlalchemy.exc.ArgumentError) as error:
        said = str(error) if isinstance(error, ValueError) else "it is no address of a database"
        raise CannotAsk(f"The database's address can't be used: {said}.", f"Write one for {ALLOWED}.") from None
    match address.get_backend_name():
        case "postgresql" | "postgres":
            engine = _postgresql(sqlalchemy, address, query)
        case "sqlite":
            engine = _sqlite(sqlalchemy, address, query)
        case other:
            mend = f"Asked are {ALLOWED}. Others need a driver and a way to hold them to reading."
            raise CannotAsk(f"Databases of the kind {other[:40]!r} are not asked.", mend)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _postgresql(sqlalchemy: Any, address: Any, query: Query) -> Any:
    """The session itself is read-only, and so is the transaction: PostgreSQL refuses whatever would write."""
    limit = query.timeout_seconds * 1000
    options = {
        "default_transaction_read_only": "on", "statement_timeout": limit, "lock_timeout": limit,
        "idle_in_transaction_session_timeout": 2 * limit, "TimeZone": "UTC",
    }  # fmt: skip
    told = {
        "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
        "connect_timeout": CONNECT_SECONDS, "application_name": "openfls query",
    }  # fmt: skip
    driver = address.set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(driver, connect_args=told, poolclass=sqlalchemy.NullPool, hide_parameters=True)
    return engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")


def _sqlite(sqlalchemy: Any, address: Any, query: Query) -> Any:
    """The file is opened for reading alone."""
    path = Path(address.database or "")
    if not path.is_file():
        raise CannotAsk(f"There is no SQLite file {path.name or '(none named)'}.", "Correct the path in the address.")
    until = time.monotonic() + query.timeout_seconds

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=CONNECT_SECONDS)
        connection.execute("PRAGMA query_only = ON")
        connection.set_progress_handler(lambda: time.monotonic() > until, LOOK_EVERY)
        return connection

    return sqlalchemy.create_engine("sqlite://", creator=connect, poolclass=sqlalchemy.NullPool, hide_parameters=True)


def _rows(sqlalchemy: Any, connection: Any, query: Query, since: object) -> Answer:
    """Through a cursor of the server's, which takes one SELECT and nothing else."""
    statement = sqlalchemy.text(query.query)
    if query.watermark:
        bound = sqlalchemy.bindparam("since", since, type_=sqlalchemy.types.NullType())
        statement = statement.bindparams(bound)
    result = connection.execution_options(stream_results=True).execute(statement)
    if not result.returns_rows:
        raise CannotAsk("The query gives no rows.", "Write it as one SELECT.")
    rows = result.fetchmany(query.most_rows + 1)
    if len(rows) > query.most_rows:
        mend = "Narrow the query, ask since a watermark, or raise most_rows."
        raise CannotAsk(f"The view gives more than {query.most_rows:,} rows; none of them was stored.", mend)
    return Answer(tuple(map(str, result.keys())), [tuple(row) for row in rows])


def _told(error: BaseException | None) -> CannotAsk:
    if isinstance(error, sqlite3.Error):
        return _told_by_sqlite(error)
    code = str(getattr(error, "sqlstate", "") or "")
    if code in SAID:
        reason, mend = SAID[code]
        if not reason.endswith("."):
            reason = f"{reason}: {_first_line(getattr(error, 'diag', None), error)}."
        return CannotAsk(reason, mend)
    if not code or code.startswith("08"):
        return _unreached(_last_line(error))
    shown = f": {_first_line(getattr(error, 'diag', None), error)}" if code.startswith(NAMES_OBJECTS) else ""
    mend = "Try the query with the database's own tools."
    return CannotAsk(f"The database answers with its fault {code}{shown}.", mend)


def _unreached(said: str) -> CannotAsk:
    _, refused, why = said.partition("FATAL:")
    if refused:
        return CannotAsk(
            f"The database refuses the connection: {why.strip()}.", "Correct the address, or ask for access."
        )
    mend = "Look whether the database runs, and whether this machine may reach it."
    return CannotAsk(f"The database can't be reached: {said}.", mend)


def _told_by_sqlite(error: Exception) -> CannotAsk:
    words = str(error)
    if "interrupted" in words:
        reason, mend = SAID["57014"]
        return CannotAsk(reason, mend)
    shown = words if words.startswith(SQLITE_SAYS) else type(error).__name__
    return CannotAsk(f"The database says: {shown[:200]}.", "Correct the query or the file's path.")


def _first_line(diagnosis: Any, error: BaseException | None) -> str:
    return str(getattr(diagnosis, "message_primary", None) or error).splitlines()[0][:200]


def _last_line(error: BaseException | None) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__)[:200].rstrip(".")
