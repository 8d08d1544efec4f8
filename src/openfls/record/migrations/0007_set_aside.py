"""Records of which nothing counts any more, since the upload that told of them was undone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("record", "0006_changes_on")]
    operations = [
        migrations.AlterModelOptions("recordrow", {"base_manager_name": "every"}),
        migrations.AlterModelManagers("recordrow", [("objects", models.Manager()), ("every", models.Manager())]),
        migrations.AddField("recordrow", "set_aside", models.BooleanField(default=False)),
    ]
