from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subscribers", "0006_rights_desk")]

    operations = [
        migrations.AddField(
            model_name="rightsrequest",
            name="extended_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="more time taken at"),
        ),
        migrations.AddField(
            model_name="rightsrequest",
            name="extension_reason",
            field=models.TextField(blank=True, editable=False, verbose_name="why more time was taken"),
        ),
    ]
