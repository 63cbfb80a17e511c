"""Newsletters one can subscribe to, readers, what they asked for and agreed to."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from depeche.delivery.messages import named_address
from depeche.delivery.prepared import Place

from .consent import Action, ConsentDetail, ConsentEntry, ConsentPerson, ShownText
from .languages import languages
from .legal import LegalText, LegalVersion
from .words import ChangedText

__all__ = [
    "Action",
    "Basis",
    "ChangedText",
    "ConsentDetail",
    "ConsentEntry",
    "ConsentPerson",
    "Frequency",
    "ImportRun",
    "LegalText",
    "LegalVersion",
    "Newsletter",
    "RightsRequest",
    "ShownText",
    "SignUp",
    "SignUpCount",
    "Subscriber",
    "Subscription",
    "SubscriptionState",
    "languages",
    "one_line",
    "purpose_of",
]


one_line = RegexValidator(r"\A[^\r\n\0]*\Z", _("One line, please: it goes into the head of a mail."))


def purpose_of(newsletter: uuid.UUID | str) -> str:
    """What agreeing to the newsletter with this key (a UUID, or its 32 digits) is called in the consent log."""
    return f"newsletter:{newsletter if isinstance(newsletter, str) else newsletter.hex}"


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
    is_third_party = models.BooleanField(
        _("for others than the newsroom"),
        default=False,
        help_text=_("What sponsors have to say: goes only to readers who agreed to exactly that."),
    )
    needs_second_person = models.BooleanField(
        _("A second person agrees before it leaves"),
        default=False,
        help_text=_("Whoever sends or schedules an edition asks; another who may send agrees or declines."),
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("language"),
        FieldPanel("description"),
        FieldPanel("sender_name"),
        FieldPanel("sender_address"),
        FieldPanel("reply_to"),
        FieldPanel("is_third_party"),
        FieldPanel("needs_second_person"),
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
    def purpose(self) -> str:
        """What agreeing to it is called in the consent log; stays when the newsletter is renamed."""
        return purpose_of(self.key)

    @property
    def list_id(self) -> str:
        """The List-Id of RFC 2919: stays when the newsletter is renamed."""
        host = settings.BASE_HOST if settings.IS_PUBLIC else "depeche.test"
        return f"<{self.key.hex}.{host}>"


class Subscriber(models.Model):
    """One address, whatever it subscribes to."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    address = models.EmailField(_("address"), max_length=320)
    address_key = models.CharField(max_length=320, unique=True, editable=False)
    address_hash = models.CharField(max_length=80, blank=True, db_index=True, editable=False)
    language = models.CharField(_("language"), max_length=12, choices=languages)
    created_at = models.DateTimeField(_("known since"))
    last_contact_at = models.DateTimeField(
        _("last contact from them"), null=True, editable=False, db_index=True
    )
    repermission_asked_at = models.DateTimeField(_("asked whether to stay at"), null=True, editable=False)
    paused_until = models.DateField(_("pauses until"), null=True, blank=True)
    tracking_since = models.DateTimeField(_("allows openings to be counted since"), null=True, editable=False)
    requests_since = models.DateTimeField(null=True, editable=False)
    requests_mailed = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        permissions = [("export_subscriber", _("Can take a list of subscribers out"))]

    def __str__(self) -> str:
        return self.address


class SubscriptionState(models.TextChoices):
    PENDING = "pending", _("asked for, not confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    WITHDRAWN = "withdrawn", _("left")


class Basis(models.TextChoices):
    """Why we may write to somebody (GDPR art. 6; CPCE art. L. 34-5; ePrivacy directive art. 13)."""

    CONSENT = "consent", _("consent")
    SOFT_OPT_IN = "soft_opt_in", _("customer, did not object (soft opt-in)")
    SERVICE = "service", _("part of a service they have")


class Frequency(models.TextChoices):
    """How often somebody wants a newsletter at most."""

    EVERY = "every", _("every edition")
    WEEKLY = "weekly", _("at most once a week")
    MONTHLY = "monthly", _("at most once a month")


class SubscriptionQuerySet(models.QuerySet):
    def confirmed(self) -> SubscriptionQuerySet:
        return self.filter(state=SubscriptionState.CONFIRMED)

    def to(self, newsletter: Newsletter) -> SubscriptionQuerySet:
        return self.filter(newsletter=newsletter)

    def not_paused(self, on: dt.date | Place) -> SubscriptionQuerySet:
        """Without those whose reader pauses on this day."""
        return self.filter(Q(subscriber__paused_until=None) | Q(subscriber__paused_until__lte=on))

    def allowed(self) -> SubscriptionQuerySet:
        """Without those to which what others have to say may not go: only consent covers that (ePrivacy art. 13)."""
        return self.filter(Q(newsletter__is_third_party=False) | Q(basis=Basis.CONSENT))

    def still_wanted(self, keys: Collection[int]) -> set[int]:
        """Those of these subscriptions that are confirmed at this moment."""
        return set(self.confirmed().filter(pk__among=keys).values_list("pk", flat=True))


class Subscription(models.Model):  # type: ignore[django-manager-missing] # « deliveries » comes from above
    """One subscriber and one newsletter: asked for, confirmed, or left."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="subscriptions")
    newsletter = models.ForeignKey(Newsletter, on_delete=models.PROTECT, related_name="subscriptions")
    state = models.CharField(
        _("state"), max_length=12, choices=SubscriptionState.choices, default=SubscriptionState.PENDING
    )
    basis = models.CharField(_("legal basis"), max_length=12, choices=Basis.choices, default=Basis.CONSENT)
    frequency = models.CharField(
        _("how often"), max_length=8, choices=Frequency.choices, default=Frequency.EVERY
    )
    sale_reference = models.CharField(_("sale or account"), max_length=120, blank=True)
    was_shown_opt_out = models.BooleanField(
        _("could object when it was taken down, and did not"), default=False
    )
    is_own_product = models.BooleanField(_("about our own, similar offers"), default=False)
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
            # CPCE art. L. 34-5 al. 4: from a sale, for similar offers of one's own, with a way to object.
            models.CheckConstraint(
                name="soft_opt_in_has_its_conditions",
                condition=~Q(basis=Basis.SOFT_OPT_IN)
                | Q(~Q(sale_reference=""), was_shown_opt_out=True, is_own_product=True),
            ),
        ]
        indexes = [models.Index(fields=["newsletter", "state"])]

    def __str__(self) -> str:
        return f"{self.subscriber} → {self.newsletter}"

    @property
    def is_confirmed(self) -> bool:
        return self.state == SubscriptionState.CONFIRMED


class SignUp(models.Model):
    """A request as the form took it down, until a job sees to it a moment later.

    So the answer takes as long for an address we know as for one we don't.
    """

    newsletter = models.ForeignKey(Newsletter, on_delete=models.CASCADE, related_name="+")
    address = models.EmailField(max_length=320)
    language = models.CharField(max_length=12)
    wording = models.TextField()
    form = models.CharField(max_length=40)
    url = models.CharField(max_length=500)
    network_address = models.CharField(max_length=45, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("request being seen to")
        verbose_name_plural = _("requests being seen to")

    def __str__(self) -> str:
        return self.address


class SignUpCount(models.Model):
    """How many requests came from one source within one window; sources stand as hashes with a salt of the day."""

    source = models.CharField(max_length=80)
    window = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "window"], name="one_count_per_source")]

    def __str__(self) -> str:
        return f"{self.source[:12]}: {self.count}"


class RightsRequest(models.Model):
    """Somebody uses a right over their data, by themselves or by letter; answered within a month (GDPR art. 12(3))."""

    class Right(models.TextChoices):
        ACCESS = "access", _("access and portability")
        RECTIFICATION = "rectification", _("rectification")
        ERASURE = "erasure", _("erasure")
        OBJECTION = "objection", _("objection to direct marketing")

    class Outcome(models.TextChoices):
        OPEN = "open", _("to be answered")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused, with the reason")

    right = models.CharField(_("right"), max_length=16, choices=Right.choices)
    address = models.EmailField(_("address"), max_length=320, blank=True)
    address_hash = models.CharField(max_length=80, editable=False, db_index=True)
    came_by = models.CharField(_("came by"), max_length=40)
    message = models.TextField(_("what they wrote"), blank=True)
    received_at = models.DateTimeField(_("received at"))
    due_on = models.DateField(_("to be answered by"))
    reminded_at = models.DateTimeField(null=True, editable=False)
    extended_at = models.DateTimeField(_("more time taken at"), null=True, editable=False)
    extension_reason = models.TextField(_("why more time was taken"), blank=True, editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=Outcome.choices, default=Outcome.OPEN, db_index=True
    )
    answer = models.TextField(_("answer"), blank=True)
    proof = models.JSONField(_("what was done"), default=dict, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_right_display()} ({self.received_at:%Y-%m-%d})"


class ImportRun(models.Model):
    """One file of subscribers being entered: how far it is, so that it can go on where it stopped."""

    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    newsletter = models.ForeignKey(Newsletter, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("started at"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    finished_at = models.DateTimeField(_("finished at"), null=True)
    is_trial = models.BooleanField(_("only tried out"), default=False)
    upload = models.CharField(max_length=40, blank=True, editable=False)
    size_bytes = models.PositiveBigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    lines_done = models.PositiveIntegerField(_("lines done"), default=0)
    bytes_done = models.PositiveBigIntegerField(default=0)
    entered = models.PositiveIntegerField(_("entered"), default=0)
    known = models.PositiveIntegerField(_("subscribed already"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    errors = models.JSONField(default=list)  # the first thousand: {"line": n, "column": …, "error": code}

    class Meta:
        verbose_name = _("import of subscribers")
        verbose_name_plural = _("imports of subscribers")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name
