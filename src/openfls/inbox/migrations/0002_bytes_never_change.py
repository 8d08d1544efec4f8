"""The database itself refuses to change what was received, or to forget it."""

from django.db import migrations

from openfls.inbox.kept import protect, release


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_messages")]
    operations = [migrations.RunPython(protect, release, hints={"model_name": "message"})]
