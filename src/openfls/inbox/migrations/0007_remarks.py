"""What readers remarked of a feed's messages without stopping them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0006_reports_read_as_negative"),
    ]

    operations = [
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=100)),
                ("words", models.CharField(max_length=250)),
                ("site", models.CharField(max_length=100)),
                ("times", models.PositiveBigIntegerField(default=0)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("message", models.PositiveBigIntegerField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("source", "words"), name="inbox_one_remark")],
            },
        ),
    ]
