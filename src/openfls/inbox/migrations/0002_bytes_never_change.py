"""The database itself refuses to change what was received, or to forget it."""

from django.db import migrations

KEPT = ("number", "source", "message_id", "digest", "received_at", "stored_at", "size", "content")

SQLITE = [
    f"""CREATE TRIGGER inbox_message_unchanged BEFORE UPDATE OF {", ".join(KEPT)} ON inbox_message
        BEGIN SELECT RAISE(ABORT, 'a received message never changes'); END""",
    """CREATE TRIGGER inbox_message_not_deleted BEFORE DELETE ON inbox_message
        BEGIN SELECT RAISE(ABORT, 'a received message is never deleted'); END""",
]
SQLITE_UNDO = ["DROP TRIGGER inbox_message_unchanged", "DROP TRIGGER inbox_message_not_deleted"]

POSTGRESQL = [
    """CREATE FUNCTION inbox_message_kept() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'a received message never changes and is never deleted'; END $$""",
    f"""CREATE TRIGGER inbox_message_unchanged BEFORE UPDATE OF {", ".join(KEPT)} ON inbox_message
        FOR EACH ROW EXECUTE FUNCTION inbox_message_kept()""",
    """CREATE TRIGGER inbox_message_not_deleted BEFORE DELETE ON inbox_message
        FOR EACH ROW EXECUTE FUNCTION inbox_message_kept()""",
]
POSTGRESQL_UNDO = [
    "DROP TRIGGER inbox_message_unchanged ON inbox_message",
    "DROP TRIGGER inbox_message_not_deleted ON inbox_message",
    "DROP FUNCTION inbox_message_kept()",
]


def protect(apps, schema_editor):
    run(schema_editor, SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def release(apps, schema_editor):
    run(schema_editor, SQLITE_UNDO if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_UNDO)


def run(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_messages")]
    operations = [migrations.RunPython(protect, release, hints={"model_name": "message"})]
