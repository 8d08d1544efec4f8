"""Lists that people upload on a page, and their undoing."""

import django.db.models.deletion
from django.db import migrations, models

import openfls.inbox.models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0004_lookouts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Undo",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="undo",
                        serialize=False,
                        to="inbox.message",
                    ),
                ),
                ("restores", models.BooleanField(default=False)),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                ("reached", models.BigIntegerField(default=0, null=True)),
                ("last", models.BigIntegerField(default=0)),
                ("leased_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("site", models.CharField(max_length=100)),
                ("source", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=255)),
                ("mapping", models.CharField(max_length=100)),
                ("encoding", models.CharField(max_length=20)),
                ("digest", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("state", models.CharField(default=openfls.inbox.models.UploadState["CHECKING"], max_length=20)),
                ("check_result", models.JSONField(default=dict)),
                ("leased_until", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(blank=True, max_length=150)),
                ("settled_at", models.DateTimeField(null=True)),
                ("content", models.BinaryField(null=True)),
                (
                    "mends",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mending_uploads",
                        to="inbox.message",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to="inbox.message",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["site", "-number"], name="inbox_uploads")],
            },
        ),
    ]
