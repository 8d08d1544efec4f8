"""Triggers by which the database itself refuses to change what was received, or to forget it."""

from typing import Any

COLUMNS = "number, source, message_id, digest, received_at, stored_at, size, content"

_SQLITE = [
    f"""CREATE TRIGGER inbox_message_unchanged BEFORE UPDATE OF {COLUMNS} ON inbox_message
        BEGIN SELECT RAISE(ABORT, 'a received message never changes'); END""",
    """CREATE TRIGGER inbox_message_not_deleted BEFORE DELETE ON inbox_message
        BEGIN SELECT RAISE(ABORT, 'a received message is never deleted'); END""",
]
_SQLITE_RELEASE = [
    "DROP TRIGGER IF EXISTS inbox_message_unchanged",
    "DROP TRIGGER IF EXISTS inbox_message_not_deleted",
]
_POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION inbox_message_kept() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'a received message never changes and is never deleted'; END $$""",
    f"""CREATE TRIGGER inbox_message_unchanged BEFORE UPDATE OF {COLUMNS} ON inbox_message
        FOR EACH ROW EXECUTE FUNCTION inbox_message_kept()""",
    """CREATE TRIGGER inbox_message_not_deleted BEFORE DELETE ON inbox_message
        FOR EACH ROW EXECUTE FUNCTION inbox_message_kept()""",
]
_POSTGRESQL_RELEASE = [
    "DROP TRIGGER IF EXISTS inbox_message_unchanged ON inbox_message",
    "DROP TRIGGER IF EXISTS inbox_message_not_deleted ON inbox_message",
]


def protect(apps: Any, schema_editor: Any) -> None:
    """For migrations; to be repeated after one that SQLite carries out by making the table anew."""
    release(apps, schema_editor)
    for statement in _POSTGRESQL if _on_postgresql(schema_editor) else _SQLITE:
        schema_editor.execute(statement)


def release(apps: Any, schema_editor: Any) -> None:
    for statement in _POSTGRESQL_RELEASE if _on_postgresql(schema_editor) else _SQLITE_RELEASE:
        schema_editor.execute(statement)


def _on_postgresql(schema_editor: Any) -> bool:
    return bool(schema_editor.connection.vendor == "postgresql")
