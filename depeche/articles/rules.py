"""What the newsroom decided about publishing."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="group")
class PublishingRules(BaseGenericSetting):
    """One row for the whole newsroom; an administrator changes it under « Settings »."""

    needs_second_person = models.BooleanField(
        _("Whoever writes does not publish alone"),
        default=False,
        help_text=_(
            "An article is then published by somebody who does not sign it, "
            "and who is not the only one to have written it since it was last published."
        ),
    )

    panels = [FieldPanel("needs_second_person")]

    class Meta:
        verbose_name = _("publishing rules")
        verbose_name_plural = _("publishing rules")
