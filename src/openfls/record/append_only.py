"""Triggers that refuse to change or remove what was entered: facts and the audit trail, on both engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

FACTS, TRAIL = "record_factrow", "record_trail"

_SQLITE = """
CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only: {verb} refused'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION record_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION record_append_only()
"""


def guard(connection: Any, table: str) -> None:
    """Refuse from now on to change or remove rows of the table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for verb in _verbs(connection):
            cursor.execute(_template(connection).format(table=table, verb=verb))


def unguard(connection: Any, table: str) -> None:
    with connection.cursor() as cursor:
        for verb in _verbs(connection):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_refuses_{verb}{on}")


@contextmanager
def lifted(connection: Any, table: str) -> Iterator[None]:
    """For emptying a test database: no trigger inside the block."""
    unguard(connection, table)
    try:
        yield
    finally:
        guard(connection, table)


def _verbs(connection: Any) -> tuple[str, ...]:
    return ("UPDATE", "DELETE", "TRUNCATE") if connection.vendor == "postgresql" else ("UPDATE", "DELETE")


def _template(connection: Any) -> str:
    return _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
