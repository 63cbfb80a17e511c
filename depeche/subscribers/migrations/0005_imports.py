from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subscribers", "0004_append_only")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="is_trial",
            field=models.BooleanField(default=False, verbose_name="only tried out"),
        ),
        migrations.AddField(
            model_name="importrun",
            name="upload",
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name="importrun", name="size_bytes", field=models.PositiveBigIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="importrun", name="moved_at", field=models.DateTimeField(null=True)
        ),
    ]
