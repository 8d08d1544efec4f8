"""Where a person lies, with who says so: a ward alone would show at a trust that may not know of it.

Derived: ``openfls rebuild`` fills it for people whom no message touches.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("record", "0004_systems")]

    operations = [
        migrations.RemoveField(model_name="person", name="ward"),
        migrations.AddField(model_name="person", name="stays", field=models.JSONField(default=list)),
    ]
