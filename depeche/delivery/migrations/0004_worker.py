from django.db import migrations, models
from django.utils import timezone


def let_go(apps, schema_editor):
    """What was leased while the release was changed: nobody holds it any more."""
    leased = apps.get_model("delivery", "TransactionalMessage").objects.filter(state="leased")
    leased.filter(submitting=True).update(state="uncertain", content=b"", finished_at=timezone.now())
    leased.filter(submitting=False).update(state="pending", leased_until=None)


class Migration(migrations.Migration):
    dependencies = [("delivery", "0003_journal_mark")]

    operations = [
        migrations.RunPython(let_go, migrations.RunPython.noop),
        migrations.RemoveField(model_name="transactionalmessage", name="submitting"),
        migrations.AddField(
            model_name="transactionalmessage",
            name="worker",
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
    ]
