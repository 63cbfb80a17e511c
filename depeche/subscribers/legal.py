"""Legal texts: what is being written, and the versions that were published, which never change."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from .languages import languages

# Of whoever takes down an address (GDPR art. 13), and of whoever publishes (LCEN art. 1-1).
OF_A_NOTICE = ("controller", "purposes", "legal_basis", "recipients", "retention", "rights", "authority")
OF_AN_IMPRINT = ("publisher", "director", "host")
OF_A_FORM = ("promise", "box", "sentence", "button")


class Kind(models.TextChoices):
    PRIVACY = "privacy", _("Privacy policy")
    TERMS = "terms", _("Terms of use")
    IMPRINT = "imprint", _("Legal notice")
    NOTICE = "notice", _("Notice of a newsletter")
    FORM = "form", _("Words of the sign-up form")


REQUIRED: dict[str, tuple[str, ...]] = {
    Kind.PRIVACY: OF_A_NOTICE,
    Kind.TERMS: ("body",),
    Kind.IMPRINT: OF_AN_IMPRINT,
    Kind.NOTICE: OF_A_NOTICE,
    Kind.FORM: OF_A_FORM,
}


PUBLIC_KINDS = (Kind.PRIVACY, Kind.TERMS, Kind.IMPRINT)  # with a page of their own at /legal/
AGREED_TO = (Kind.PRIVACY, Kind.TERMS, Kind.NOTICE)  # what consent rests on: a change may need it anew
NEEDED_TO_SUBSCRIBE = (Kind.PRIVACY, Kind.FORM, Kind.NOTICE)


class LegalText(models.Model):
    """One text in one language as the newsroom is writing it; readers see its newest version."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=12, choices=languages)
    newsletter = models.ForeignKey(
        "subscribers.Newsletter",
        verbose_name=_("newsletter"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="legal_texts",
    )
    title = models.CharField(_("title"), max_length=120)
    body = RichTextField(_("text"), features=["h2", "bold", "italic", "link", "ul", "ol"], blank=True)
    controller = models.TextField(_("who is responsible for the data"), blank=True)
    purposes = models.TextField(_("what the data is for"), blank=True)
    legal_basis = models.TextField(_("legal basis"), blank=True)
    recipients = models.TextField(_("who receives the data"), blank=True)
    retention = models.TextField(_("how long it is kept"), blank=True)
    rights = models.TextField(_("rights, and how to use them"), blank=True)
    authority = models.TextField(_("authority to complain to"), blank=True)
    publisher = models.TextField(_("publisher: name, address, telephone, register"), blank=True)
    director = models.TextField(_("director of publication"), blank=True)
    host = models.TextField(_("host: name, address, telephone"), blank=True)
    promise = models.CharField(_("promise"), max_length=200, blank=True)
    box = models.CharField(_("words beside the box"), max_length=300, blank=True)
    sentence = models.TextField(_("sentence that names the texts"), blank=True)
    button = models.CharField(_("button"), max_length=60, blank=True)
    changed_at = models.DateTimeField(_("last changed at"), auto_now=True)

    class Meta:
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language"],
                condition=Q(newsletter=None),
                name="one_legal_text_per_kind_and_language",
            ),
            models.UniqueConstraint(
                fields=["kind", "language", "newsletter"], name="one_notice_per_newsletter_and_language"
            ),
            models.CheckConstraint(
                name="notices_and_only_they_name_a_newsletter",
                condition=Q(kind=Kind.NOTICE, newsletter__isnull=False)
                | Q(~Q(kind=Kind.NOTICE), newsletter__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    @property
    def fields_shown(self) -> tuple[str, ...]:
        """Those this kind has, as they are asked for and shown."""
        body = () if self.kind in (Kind.FORM, Kind.TERMS) else ("body",)
        return ("title", *self.fields_to_fill, *body)

    @property
    def fields_to_fill(self) -> tuple[str, ...]:
        """Those this kind may not be published without."""
        return REQUIRED[self.kind]

    def content(self) -> dict[str, str]:
        """All that readers are shown, by field: what a version keeps and its hash is taken of."""
        names = ["title", "body", *(name for name in self.fields_to_fill if name != "body")]
        return {name: getattr(self, name).strip() for name in names}


class LegalVersion(models.Model):
    """A text as it was published, for ever; the database refuses to change or delete it."""

    text = models.ForeignKey(LegalText, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.TextField()  # canonical JSON of LegalText.content()
    sha256 = models.CharField(max_length=64, db_index=True)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.CharField(_("published by"), max_length=150, blank=True)
    is_material = models.BooleanField(
        _("readers must be asked again"),
        default=False,
        help_text=_("A new purpose, recipient or controller: what was agreed to before does not cover it."),
    )
    change = models.TextField(_("what changed"), blank=True)

    class Meta:
        verbose_name = _("version of a legal text")
        verbose_name_plural = _("versions of legal texts")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["text", "number"], name="legal_versions_are_numbered")]

    def __str__(self) -> str:
        return f"{self.text} {self.number}"

    @property
    def fields(self) -> dict[str, str]:
        """What it says, by field of `LegalText`."""
        return json.loads(self.content)


class AskingAgain(models.Model):
    """How far we are with asking readers again after a material change; each reader is passed once."""

    version = models.OneToOneField(LegalVersion, on_delete=models.PROTECT, related_name="asking")
    last_reader = models.BigIntegerField(default=0, editable=False)
    asked = models.PositiveIntegerField(_("asked"), default=0)
    answered = models.PositiveIntegerField(_("agreed again"), default=0)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("asking readers again")
        verbose_name_plural = _("askings of readers again")

    def __str__(self) -> str:
        return f"{self.version}: {self.asked}"


def canonical_content(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(content: str) -> str:
    """SHA-256 of a version's content, 64 hexadecimal digits."""
    return hashlib.sha256(content.encode()).hexdigest()


def current(
    kind: str, language: str, newsletter: Any = None, *, at: dt.datetime | None = None
) -> LegalVersion | None:
    """The version readers see now, or saw at a moment; None where none was published."""
    versions = LegalVersion.objects.filter(
        text__kind=kind, text__language=language, text__newsletter=newsletter
    )
    if at:
        versions = versions.filter(published_at__lte=at)
    return versions.select_related("text").order_by("-number").first()


def in_force(language: str, newsletter: Any, *, at: dt.datetime | None = None) -> dict[str, dict[str, Any]]:
    """What somebody agrees to who subscribes now, or did at a moment: kind → version and SHA-256, of what was published."""
    return in_force_of(shown_by_the_form(language, newsletter, at=at))


def in_force_of(versions: Mapping[str, LegalVersion]) -> dict[str, dict[str, Any]]:
    """The same of versions that were looked up already."""
    return {kind: {"version": version.number, "sha256": version.sha256} for kind, version in versions.items()}


def shown_by_the_form(
    language: str, newsletter: Any, *, at: dt.datetime | None = None
) -> dict[str, LegalVersion]:
    """The versions that stand behind the sign-up form of a newsletter, by kind, in one query."""
    versions = LegalVersion.objects.filter(published_at__lte=at) if at else LegalVersion.objects.all()
    newest = versions.filter(text=OuterRef("text")).order_by("-number").values("pk")[:1]
    found = versions.filter(
        Q(text__kind=Kind.NOTICE, text__newsletter=newsletter)
        | Q(text__kind__in=(Kind.PRIVACY, Kind.TERMS, Kind.FORM)),
        text__language=language,
        pk=Subquery(newest),
    ).select_related("text")
    return {str(version.text.kind): version for version in found}
