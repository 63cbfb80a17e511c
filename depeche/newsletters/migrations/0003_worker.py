from django.db import migrations, models
from django.utils import timezone

TABLES = ("editiondelivery", "correctiondelivery")


def let_go(apps, schema_editor):
    """What was leased while the release was changed: nobody holds it any more."""
    for table in TABLES:
        leased = apps.get_model("newsletters", table).objects.filter(state="leased")
        leased.filter(submitting=True).update(state="uncertain", finished_at=timezone.now())
        leased.filter(submitting=False).update(state="pending", leased_until=None)


class Migration(migrations.Migration):
    dependencies = [("newsletters", "0002_corrections")]

    operations = [
        migrations.RunPython(let_go, migrations.RunPython.noop),
        *(migrations.RemoveField(model_name=table, name="submitting") for table in TABLES),
        *(
            migrations.AddField(
                model_name=table,
                name="worker",
                field=models.CharField(blank=True, editable=False, max_length=32),
            )
            for table in TABLES
        ),
    ]
