from django.db import migrations, models

import depeche.subscribers.languages


class Migration(migrations.Migration):
    dependencies = [("subscribers", "0007_more_time_for_data_requests")]

    operations = [
        migrations.CreateModel(
            name="ChangedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, verbose_name="text")),
                (
                    "language",
                    models.CharField(
                        choices=depeche.subscribers.languages.languages, max_length=12, verbose_name="language"
                    ),
                ),
                ("text", models.TextField(verbose_name="words")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
            ],
            options={
                "verbose_name": "words to readers",
                "verbose_name_plural": "words to readers",
                "constraints": [
                    models.UniqueConstraint(fields=("key", "language"), name="one_changed_text_per_language")
                ],
            },
        ),
    ]
