"""What the newsroom decided about publishing."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Orderable

from .gate import Thresholds, Weight
from .selections import Kind

_PURE_FICTION = Thresholds(stops_at="", ai=Weight.REMIND)
_DEFAULTS = {Kind.SATIRE.value: _PURE_FICTION}


@register_setting(icon="group")
class PublishingRules(ClusterableModel, BaseGenericSetting):
    """One row for the whole newsroom; an administrator changes it under « Settings »."""

    needs_second_person = models.BooleanField(
        _("Whoever writes does not publish alone"),
        default=False,
        help_text=_(
            "An article is then published by somebody who does not sign it, "
            "and who is not the only one to have written it since it was last published."
        ),
    )

    panels = [
        FieldPanel("needs_second_person"),
        InlinePanel(
            "gate_rules",
            heading=_("What stops an article"),
            label=_("Rule"),
            help_text=_(
                "Without a rule, errors stop an article of any kind but satire, and so does AI use that "
                "neither readers are told of nor somebody answers for. A rule for one kind goes before the "
                "rule for all."
            ),
        ),
    ]

    class Meta:
        verbose_name = _("publishing rules")
        verbose_name_plural = _("publishing rules")

    def thresholds(self, kind: str) -> Thresholds:
        """What stops an article of this kind."""
        rules = {rule.kind: rule for rule in self.gate_rules.all()}
        rule = rules.get(kind) or rules.get("")
        return rule.thresholds if rule else _DEFAULTS.get(kind, Thresholds())


class GateRule(Orderable):
    """What stops an article of one kind, or of all that have no rule of their own."""

    class StopsAt(models.TextChoices):
        ERROR = "error", _("Errors only")
        WARNING = "warning", _("Errors and warnings")
        NOTHING = "", _("Nothing the desk finds")

    class Asks(models.TextChoices):
        OFF = Weight.OFF.value, _("Not asked")
        REMIND = Weight.REMIND.value, _("Reminds")
        STOP = Weight.STOP.value, _("Stops")

    newsroom = ParentalKey(PublishingRules, on_delete=models.CASCADE, related_name="gate_rules")
    kind = models.CharField(
        _("kind"), max_length=12, blank=True, default="", choices=[("", _("All kinds")), *Kind.choices]
    )
    stops_at = models.CharField(
        _("what stops it"), max_length=10, blank=True, default=StopsAt.ERROR, choices=StopsAt.choices
    )
    most_unattributed_percent = models.PositiveSmallIntegerField(
        _("most claims without a source, in per cent"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("Of those that can be checked. Empty: any share."),
    )
    anonymity = models.CharField(
        _("anonymous source without approval"), max_length=6, choices=Asks.choices, default=Asks.REMIND
    )
    reply = models.CharField(
        _("accusation without a right of reply"), max_length=6, choices=Asks.choices, default=Asks.REMIND
    )
    interests = models.CharField(
        _("declared interest in the subject"), max_length=6, choices=Asks.choices, default=Asks.REMIND
    )
    ai = models.CharField(
        _("AI use nobody answers for"), max_length=6, choices=Asks.choices, default=Asks.STOP
    )

    panels = [
        FieldRowPanel([FieldPanel("kind"), FieldPanel("stops_at"), FieldPanel("most_unattributed_percent")]),
        FieldRowPanel([FieldPanel("anonymity"), FieldPanel("reply")]),
        FieldRowPanel([FieldPanel("interests"), FieldPanel("ai")]),
    ]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["newsroom", "kind"], name="one_gate_rule_per_kind")]

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(
            stops_at=self.stops_at,
            most_unattributed_percent=self.most_unattributed_percent,
            anonymity=Weight(self.anonymity),
            reply=Weight(self.reply),
            interests=Weight(self.interests),
            ai=Weight(self.ai),
        )
