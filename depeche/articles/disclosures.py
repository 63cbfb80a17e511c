"""What an article says of its own making: interests of those who sign it, and the use of AI."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel


class Interests(models.TextChoices):
    """Whether those who sign have a stake in the subject."""

    UNSAID = "", _("Not said yet")
    NONE = "none", _("None")
    DECLARED = "declared", _("Declared, and readers are told")


class AiUse(models.TextChoices):
    """What a machine had to do with the words."""

    NONE = "none", _("None")
    ASSISTED = "assisted", _("Helped: transcription, translation, suggestions")
    GENERATED = "generated", _("Wrote parts of the text")


class Disclosures(ClusterableModel):
    """The fields, for the article to have among its own; the gate asks for them (gate.py)."""

    interests = models.CharField(
        _("conflict of interest"), max_length=10, blank=True, default="", choices=Interests.choices
    )
    interests_note = models.CharField(
        _("which interest"), max_length=300, blank=True, help_text=_("One sentence, for readers.")
    )
    ai_use = models.CharField(_("AI use"), max_length=10, default=AiUse.NONE, choices=AiUse.choices)
    ai_note = models.CharField(
        _("what it was used for"), max_length=300, blank=True, help_text=_("One sentence, for readers.")
    )
    ai_reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("read and answered for by"),
        help_text=_("The colleague who checked every word a machine had to do with."),
    )

    disclosure_panels = [
        InlinePanel("replies", heading=_("Right of reply"), label=_("Person asked")),
        MultiFieldPanel(
            [
                FieldPanel("interests"),
                FieldPanel("interests_note"),
                FieldPanel("ai_use"),
                FieldPanel("ai_note"),
                FieldPanel("ai_reviewed_by"),
            ],
            heading=_("Interests and AI"),
            classname="collapsed",
        ),
    ]

    class Meta:
        abstract = True

    @property
    def judged(self) -> tuple[object, ...]:
        """What the gate looks at besides the words."""
        return self.interests, self.ai_use, self.ai_note, self.ai_reviewed_by_id

    @property
    def is_ai_answered(self) -> bool:
        """Readers are told, or somebody read it all and answers for it (AI Act, art. 50(4))."""
        return bool(self.ai_note or self.ai_reviewed_by_id)
