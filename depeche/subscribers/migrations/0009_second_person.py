from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subscribers", "0008_changed_text")]

    operations = [
        migrations.AddField(
            model_name="newsletter",
            name="needs_second_person",
            field=models.BooleanField(
                default=False,
                help_text="Whoever sends or schedules an edition asks; another who may send agrees or declines.",
                verbose_name="A second person agrees before it leaves",
            ),
        ),
    ]
