"""A feed's finder in a column of its own, so that what is asked on every page is answered from an index."""

from django.db import migrations, models

from openfls.inbox.kept import protect, release

FEED = ["site", "source", "finder", "received_at"]


def fill(apps, schema_editor):
    messages = apps.get_model("inbox", "Message").objects.using(schema_editor.connection.alias)
    for finder in messages.exclude(origin__finder=None).values_list("origin__finder", flat=True).distinct():
        messages.filter(origin__finder=finder).update(finder=finder)


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_bytes_never_change")]
    operations = [
        migrations.RunPython(release, protect, hints={"model_name": "message"}),
        migrations.RemoveIndex("message", "inbox_rhythm"),
        migrations.AddField("message", "finder", models.CharField(blank=True, default="", max_length=50), False),
        migrations.RunPython(fill, migrations.RunPython.noop, hints={"model_name": "message"}),
        migrations.AddIndex(
            "message", models.Index(fields=FEED, name="inbox_backlog", condition=models.Q(state="new"))
        ),
        migrations.AddIndex("message", models.Index(fields=FEED, name="inbox_rhythm")),
        migrations.RunPython(protect, release, hints={"model_name": "message"}),
    ]
