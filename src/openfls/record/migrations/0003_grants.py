"""On PostgreSQL: a role for the service that may add facts and trail rows, and read them, but not change or remove them."""

from django.db import migrations

from openfls.record import grants


def _grant(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        grants.grant(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("record", "0002_append_only")]

    operations = [migrations.RunPython(_grant, migrations.RunPython.noop)]
