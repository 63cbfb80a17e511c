"""Newsletters one can subscribe to, readers, what they asked for and agreed to."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField

from depeche.delivery.messages import named_address


def languages() -> list[tuple[str, str]]:
    """Those of this newsroom; asked late, so that migrations don't hold them."""
    return settings.LANGUAGES


one_line = RegexValidator(r"\A[^\r\n\0]*\Z", _("One line, please: it goes into the head of a mail."))


class Newsletter(models.Model):  # type: ignore[django-manager-missing] # « editions » comes from above
    """What one can subscribe to, and in whose name it is sent."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120, validators=[one_line])
    slug = models.SlugField(_("slug"), unique=True)
    language = models.CharField(_("language"), max_length=12, choices=languages)
    description = models.CharField(
        _("what one gets"), max_length=200, blank=True, help_text=_("How often, about what.")
    )
    sender_name = models.CharField(_("sender"), max_length=120, validators=[one_line])
    sender_address = models.EmailField(_("sender's address"))
    reply_to = models.EmailField(_("answers go to"), blank=True)

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("language"),
        FieldPanel("description"),
        FieldPanel("sender_name"),
        FieldPanel("sender_address"),
        FieldPanel("reply_to"),
    ]

    class Meta:
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def sender(self) -> str:
        """Name and address, as one header value."""
        return named_address(self.sender_name, self.sender_address)

    @property
    def list_id(self) -> str:
        """The List-Id of RFC 2919: stays when the newsletter is renamed."""
        host = settings.BASE_HOST if settings.IS_PUBLIC else "depeche.test"
        return f"<{self.key.hex}.{host}>"


class Subscriber(models.Model):
    """One address, whatever it subscribes to."""

    address = models.EmailField(_("address"), max_length=320)
    address_key = models.CharField(max_length=320, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=12, choices=languages)
    created_at = models.DateTimeField(_("known since"))
    requests_since = models.DateTimeField(null=True, editable=False)
    requests_mailed = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")

    def __str__(self) -> str:
        return self.address


class SubscriptionState(models.TextChoices):
    PENDING = "pending", _("asked for, not confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    WITHDRAWN = "withdrawn", _("left")


class SubscriptionQuerySet(models.QuerySet):
    def confirmed(self) -> SubscriptionQuerySet:
        return self.filter(state=SubscriptionState.CONFIRMED)

    def to(self, newsletter: Newsletter) -> SubscriptionQuerySet:
        return self.filter(newsletter=newsletter)

    def still_wanted(self, keys: Collection[int]) -> set[int]:
        """Those of these subscriptions that are confirmed at this moment."""
        return set(self.confirmed().filter(pk__in=keys).values_list("pk", flat=True))


class Subscription(models.Model):  # type: ignore[django-manager-missing] # « deliveries » comes from above
    """One subscriber and one newsletter: asked for, confirmed, or left."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="subscriptions")
    newsletter = models.ForeignKey(Newsletter, on_delete=models.PROTECT, related_name="subscriptions")
    state = models.CharField(
        _("state"), max_length=12, choices=SubscriptionState.choices, default=SubscriptionState.PENDING
    )
    request_nonce = models.CharField(max_length=16, blank=True, editable=False)
    requested_at = models.DateTimeField(_("asked for at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("left at"), null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "newsletter"], name="one_subscription_per_reader_and_newsletter"
            ),
            models.CheckConstraint(
                name="confirmed_subscriptions_say_when",
                condition=~Q(state=SubscriptionState.CONFIRMED) | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="withdrawn_subscriptions_say_when",
                condition=~Q(state=SubscriptionState.WITHDRAWN) | Q(withdrawn_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["newsletter", "state"])]

    def __str__(self) -> str:
        return f"{self.subscriber} → {self.newsletter}"

    @property
    def is_confirmed(self) -> bool:
        return self.state == SubscriptionState.CONFIRMED


class ConsentEvent(models.Model):
    """What a reader did about a subscription, and the very words shown to them then."""

    class Action(models.TextChoices):
        REQUEST = "request", _("asked for it")
        CONFIRM = "confirm", _("confirmed")
        WITHDRAW = "withdraw", _("left")

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="consent_events")
    action = models.CharField(_("action"), max_length=12, choices=Action.choices)
    at = models.DateTimeField(_("at"))
    language = models.CharField(_("language"), max_length=12)
    wording = models.TextField(_("words shown"))
    url = models.CharField(_("page"), max_length=500)
    privacy_sha256 = models.CharField(max_length=64, blank=True)
    terms_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("consent event")
        verbose_name_plural = _("consent events")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_action_display()} ({self.at:%Y-%m-%d})"


class LegalText(models.Model):
    """The privacy policy or the terms of use, in one language."""

    class Kind(models.TextChoices):
        PRIVACY = "privacy", _("Privacy policy")
        TERMS = "terms", _("Terms of use")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=12, choices=languages)
    title = models.CharField(_("title"), max_length=120)
    body = RichTextField(_("text"), features=["h2", "bold", "italic", "link", "ul", "ol"])
    changed_at = models.DateTimeField(_("last changed at"), auto_now=True)

    panels = [FieldPanel("kind"), FieldPanel("language"), FieldPanel("title"), FieldPanel("body")]

    class Meta:
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="one_legal_text_per_kind_and_language")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(f"{self.title}\n{self.body}".encode()).hexdigest()
