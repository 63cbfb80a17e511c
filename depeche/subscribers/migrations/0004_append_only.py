import uuid

from django.db import migrations, models

from depeche.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("subscribers", "0003_what_was_recorded")]

    operations = [
        migrations.AlterField(
            model_name="subscriber",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.DeleteModel(name="ConsentEvent"),
        AppendOnly("subscribers.ConsentEntry"),
        AppendOnly("subscribers.LegalVersion"),
        AppendOnly("subscribers.ShownText"),
    ]
