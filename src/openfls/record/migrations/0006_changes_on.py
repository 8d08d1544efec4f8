"""The day on which what lies ahead for a person begins to count: the daily derivation finds her by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("record", "0005_stays")]

    operations = [
        migrations.AddField(
            model_name="person", name="changes_on", field=models.DateField(blank=True, null=True)
        ),
        migrations.AddIndex(
            model_name="person", index=models.Index(fields=["changes_on"], name="person_changes_on")
        ),
    ]
