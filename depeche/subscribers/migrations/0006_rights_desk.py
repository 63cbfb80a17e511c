from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subscribers", "0005_asking_again"), ("subscribers", "0005_imports")]

    operations = [
        migrations.AlterModelOptions(
            name="subscriber",
            options={
                "permissions": [("export_subscriber", "Can take a list of subscribers out")],
                "verbose_name": "subscriber",
                "verbose_name_plural": "subscribers",
            },
        ),
        migrations.AddField(
            model_name="rightsrequest",
            name="reminded_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
