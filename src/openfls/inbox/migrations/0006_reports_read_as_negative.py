"""The monthly sample of reports that were read as negative, and what a person found in each."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0005_uploads"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportSample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("site", models.CharField(max_length=100)),
                ("month", models.DateField()),
                ("drawn_at", models.DateTimeField()),
                ("owner", models.CharField(blank=True, max_length=150)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("site", "month"), name="inbox_one_sample_a_month")],
            },
        ),
        migrations.CreateModel(
            name="SampledReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=255)),
                ("answer", models.CharField(blank=True, max_length=12)),
                ("answered_by", models.CharField(blank=True, max_length=150)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sampled", to="inbox.message"
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="inbox.reportsample"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("message", "place"), name="inbox_sampled_once"),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["", "no fracture", "a fracture", "can't tell"])),
                        name="inbox_known_answer",
                    ),
                ],
            },
        ),
    ]
