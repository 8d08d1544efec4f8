"""What goes and looks for data by itself, and what troubles it; how far a long list is."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0003_finder_of_a_feed")]
    operations = [
        migrations.CreateModel(
            name="ListProgress",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="progress",
                        serialize=False,
                        to="inbox.message",
                    ),
                ),
                ("rows", models.PositiveIntegerField()),
                ("total", models.PositiveIntegerField(null=True)),
                ("facts", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Lookout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=255)),
                ("every", models.PositiveIntegerField()),
                ("looked_at", models.DateTimeField()),
                ("memory", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "name"), name="inbox_one_lookout")],
            },
        ),
        migrations.CreateModel(
            name="Trouble",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=255)),
                ("site", models.CharField(blank=True, max_length=100)),
                ("reason", models.TextField()),
                ("mend", models.TextField()),
                ("since", models.DateTimeField()),
                (
                    "lookout",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="troubles", to="inbox.lookout"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["lookout", "place"], name="inbox_one_trouble")],
            },
        ),
    ]
