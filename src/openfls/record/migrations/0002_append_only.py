"""Facts and the audit trail refuse to be changed. (On SQLite the trail is in the file of its own alias.)"""

from django.db import migrations

from openfls.record import append_only


def _run(what, table):
    return lambda apps, schema_editor: what(schema_editor.connection, table)


def _guarded(table, model_name):
    return migrations.RunPython(
        _run(append_only.guard, table), _run(append_only.unguard, table), hints={"model_name": model_name}
    )


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [_guarded(append_only.FACTS, "factrow"), _guarded(append_only.TRAIL, "trail")]
