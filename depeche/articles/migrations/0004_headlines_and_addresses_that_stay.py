import django.db.models.deletion
from django.db import migrations, models


def give_every_topic_an_address(apps, schema_editor):
    """One at most has none so far: addresses are unique."""
    for topic in apps.get_model("articles", "Topic").objects.filter(slug=""):
        topic.slug = f"topic-{topic.pk}"
        topic.save(update_fields=["slug"])


class Migration(migrations.Migration):

    dependencies = [
        ("articles", "0003_four_eyes"),
    ]

    operations = [
        migrations.RunPython(give_every_topic_an_address, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", ""), _negated=True), name="a_topic_has_an_address"
            ),
        ),
        migrations.AddField(
            model_name="takedown",
            name="headline",
            field=models.CharField(blank=True, default="", max_length=255),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="article",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wagtailimages.image",
                verbose_name="lead image",
            ),
        ),
    ]
