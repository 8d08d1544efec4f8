import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FactRow",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("fact_id", models.CharField(max_length=64)),
                ("statement", models.CharField(max_length=300)),
                ("kind", models.CharField(max_length=64)),
                ("occurred_start", models.DateField()),
                ("occurred_end", models.DateField()),
                ("known", models.DateTimeField()),
                ("site", models.TextField(blank=True, null=True)),
                ("by", models.TextField(blank=True, default="")),
                ("source_system", models.TextField()),
                ("source_message", models.TextField()),
                ("retracted", models.BooleanField(default=False)),
                ("body", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Practice",
            fields=[
                ("code", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("name", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("code", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("name", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Trust",
            fields=[
                ("code", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("name", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("nhs_number", models.CharField(blank=True, max_length=10, null=True)),
                ("name", models.TextField(blank=True, default="")),
                ("family_name", models.TextField(blank=True, default="")),
                ("birth_date", models.DateField(blank=True, null=True)),
                ("sex", models.CharField(max_length=16)),
                ("died_on", models.DateField(blank=True, null=True)),
                ("postcode", models.TextField(blank=True, default="")),
                ("phone", models.TextField(blank=True, default="")),
                ("practice", models.TextField(blank=True, default="")),
                ("care_home", models.CharField(default="unknown", max_length=16)),
                ("ward", models.TextField(blank=True, default="")),
                ("name_clash", models.BooleanField(default=False)),
                ("digest", models.CharField(default="", max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["nhs_number"], name="person_nhs_number"),
                    models.Index(fields=["family_name"], name="person_family_name"),
                    models.Index(fields=["birth_date"], name="person_birth_date"),
                    models.Index(fields=["name"], name="person_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EpisodeRow",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("index_start", models.DateField()),
                ("index_end", models.DateField()),
                ("index_precision", models.CharField(max_length=16)),
                ("body_sites", models.JSONField(default=list)),
                ("main_site", models.CharField(max_length=64)),
                ("side", models.CharField(max_length=16)),
                ("age", models.IntegerField(blank=True, null=True)),
                ("site", models.CharField(blank=True, max_length=100, null=True)),
                ("status", models.CharField(max_length=64)),
                ("eligible", models.CharField(max_length=16)),
                ("eligible_because", models.JSONField(default=list)),
                ("refracture", models.BooleanField(default=False)),
                ("setting", models.CharField(blank=True, default="", max_length=64)),
                ("finders", models.JSONField(default=list)),
                ("sightings", models.JSONField(default=list)),
                ("other_site", models.BooleanField(default=False)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="episodes",
                        to="record.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PersonSite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("site", models.CharField(max_length=100)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sites",
                        to="record.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecordRow",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("nhs_number", models.CharField(blank=True, max_length=10, null=True)),
                ("doubtful_nhs_number", models.TextField(blank=True, null=True)),
                ("family_name", models.TextField(blank=True, default="")),
                ("given_name", models.TextField(blank=True, default="")),
                ("matching_family", models.TextField(blank=True, default="")),
                ("matching_given", models.TextField(blank=True, default="")),
                ("birth_date", models.DateField(blank=True, null=True)),
                ("sex", models.CharField(max_length=16)),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="records",
                        to="record.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecordNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("authority", models.TextField()),
                ("value", models.TextField()),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="numbers",
                        to="record.recordrow",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecordLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "fact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="link", to="record.factrow"
                    ),
                ),
                (
                    "left",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.recordrow"
                    ),
                ),
                (
                    "right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.recordrow"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="factrow",
            name="record",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="facts", to="record.recordrow"
            ),
        ),
        migrations.CreateModel(
            name="DoubtRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("because", models.TextField()),
                ("answered", models.BooleanField(default=False)),
                (
                    "person_left",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="doubts_left", to="record.person"
                    ),
                ),
                (
                    "person_right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="doubts_right", to="record.person"
                    ),
                ),
                (
                    "left",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="record.recordrow"
                    ),
                ),
                (
                    "right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="record.recordrow"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Scanner",
            fields=[
                ("code", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("name", models.TextField()),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scanners", to="record.site"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=64)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="record.site"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SiteParameter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("value", models.JSONField()),
                ("rationale", models.TextField(blank=True, default="")),
                ("set_by", models.TextField()),
                ("set_at", models.DateTimeField()),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parameters", to="record.site"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StandingRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("site", models.TextField(blank=True, null=True)),
                ("standard", models.CharField(max_length=200)),
                ("step", models.CharField(max_length=64)),
                ("verdict", models.CharField(max_length=16)),
                ("due", models.DateField(blank=True, null=True)),
                ("met_on", models.DateField(blank=True, null=True)),
                ("met_by", models.TextField(blank=True, default="")),
                ("because", models.JSONField(default=list)),
                (
                    "episode",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standings",
                        to="record.episoderow",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaskRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=64)),
                ("state", models.CharField(max_length=32)),
                ("due", models.DateField(blank=True, null=True)),
                ("owner_role", models.CharField(max_length=64)),
                ("owner", models.TextField(blank=True, default="")),
                ("site", models.CharField(blank=True, max_length=100, null=True)),
                ("because", models.JSONField(default=list)),
                ("standard", models.CharField(blank=True, default="", max_length=200)),
                ("rank", models.IntegerField(default=0)),
                (
                    "episode",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="record.episoderow",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="record.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Trail",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("user", models.TextField()),
                ("role", models.TextField(blank=True, default="")),
                ("site", models.TextField(blank=True, default="")),
                ("action", models.TextField()),
                ("patient", models.CharField(blank=True, max_length=64, null=True)),
                ("patients", models.JSONField(default=list)),
                ("purpose", models.TextField(blank=True, default="")),
                ("request", models.TextField(blank=True, default="")),
                ("detail", models.JSONField(default=dict)),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["patient", "number"], name="trail_patient"),
                    models.Index(fields=["user", "number"], name="trail_user"),
                ],
            },
        ),
        migrations.AddField(
            model_name="site",
            name="trust",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sites", to="record.trust"
            ),
        ),
        migrations.CreateModel(
            name="SharingAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.TextField()),
                ("begins", models.DateField()),
                ("ends", models.DateField(blank=True, null=True)),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gives", to="record.trust"
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receives", to="record.trust"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Ward",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="wards", to="record.site"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EpisodeSite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("site", models.CharField(max_length=100)),
                (
                    "episode",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sites",
                        to="record.episoderow",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["site"], name="episode_site")],
                "constraints": [
                    models.UniqueConstraint(fields=("episode", "site"), name="one_row_an_episode_and_site")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="episoderow",
            index=models.Index(fields=["person", "index_start"], name="episode_person"),
        ),
        migrations.AddIndex(
            model_name="episoderow",
            index=models.Index(fields=["index_start"], name="episode_index_start"),
        ),
        migrations.AddIndex(
            model_name="episoderow",
            index=models.Index(fields=["status"], name="episode_status"),
        ),
        migrations.AddIndex(
            model_name="personsite",
            index=models.Index(fields=["site"], name="person_site"),
        ),
        migrations.AddConstraint(
            model_name="personsite",
            constraint=models.UniqueConstraint(fields=("person", "site"), name="one_row_a_person_and_site"),
        ),
        migrations.AddIndex(
            model_name="recordrow",
            index=models.Index(fields=["nhs_number"], name="recordrow_nhs_number"),
        ),
        migrations.AddIndex(
            model_name="recordrow",
            index=models.Index(fields=["birth_date", "matching_family"], name="recordrow_born_and_name"),
        ),
        migrations.AddIndex(
            model_name="recordrow",
            index=models.Index(fields=["matching_family"], name="recordrow_name"),
        ),
        migrations.AddIndex(
            model_name="recordrow",
            index=models.Index(fields=["person"], name="recordrow_person"),
        ),
        migrations.AddIndex(
            model_name="recordnumber",
            index=models.Index(fields=["authority", "value"], name="recordnumber_value"),
        ),
        migrations.AddConstraint(
            model_name="recordnumber",
            constraint=models.UniqueConstraint(
                fields=("record", "authority", "value"), name="one_number_a_record_and_authority"
            ),
        ),
        migrations.AddIndex(
            model_name="factrow",
            index=models.Index(fields=["statement"], name="fact_statement"),
        ),
        migrations.AddIndex(
            model_name="factrow",
            index=models.Index(fields=["kind"], name="fact_kind"),
        ),
        migrations.AddIndex(
            model_name="factrow",
            index=models.Index(fields=["record", "number"], name="fact_record"),
        ),
        migrations.AddConstraint(
            model_name="factrow",
            constraint=models.UniqueConstraint(fields=("fact_id",), name="one_row_a_fact"),
        ),
        migrations.AddConstraint(
            model_name="doubtrow",
            constraint=models.UniqueConstraint(fields=("left", "right"), name="one_doubt_a_pair"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("user", "site", "role"), name="one_membership_a_user_site_and_role"
            ),
        ),
        migrations.AddIndex(
            model_name="siteparameter",
            index=models.Index(fields=["site", "name", "set_at"], name="parameter_latest"),
        ),
        migrations.AddIndex(
            model_name="standingrow",
            index=models.Index(fields=["standard", "verdict"], name="standing_standard"),
        ),
        migrations.AddConstraint(
            model_name="standingrow",
            constraint=models.UniqueConstraint(fields=("episode", "standard"), name="one_standing_a_standard"),
        ),
        migrations.AddIndex(
            model_name="taskrow",
            index=models.Index(fields=["person"], name="task_person"),
        ),
        migrations.AddIndex(
            model_name="taskrow",
            index=models.Index(fields=["state", "rank"], name="task_rank"),
        ),
        migrations.AddIndex(
            model_name="taskrow",
            index=models.Index(fields=["site", "state", "rank"], name="task_worklist"),
        ),
        migrations.AddConstraint(
            model_name="taskrow",
            constraint=models.UniqueConstraint(fields=("episode", "step"), name="one_task_an_episode_and_step"),
        ),
        migrations.AddConstraint(
            model_name="sharingagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("giver", models.F("receiver")), _negated=True), name="nobody_shares_with_himself"
            ),
        ),
        migrations.AddConstraint(
            model_name="sharingagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends", None), ("ends__gte", models.F("begins")), _connector="OR"),
                name="an_agreement_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="ward",
            constraint=models.UniqueConstraint(fields=("site", "name"), name="one_ward_of_a_name_at_a_site"),
        ),
    ]
