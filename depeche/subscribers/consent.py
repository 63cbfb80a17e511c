"""The consent log: a chain of entries that holds nothing readable, and beside it what can be erased.

An entry says what happened, for which purpose, under which texts, and commits to the rest by salted, keyed hashes.
The rest (address, network address, …) stands in `ConsentDetail`, whose rows go when they must.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    """What an entry says happened."""

    REQUEST = "request", _("asked for it")
    CONFIRM = "confirm", _("confirmed")
    WITHDRAW = "withdraw", _("left")
    CHANGE = "change", _("changed a choice")
    TRACKING_ON = "tracking_on", _("allowed to be counted as a reader who opens")
    TRACKING_OFF = "tracking_off", _("no longer allows it")
    IMPORT = "import", _("was entered with proof from elsewhere")
    OBJECTION = "objection", _("objected")
    ERASURE = "erasure", _("was erased")
    PURGE = "purge", _("details past their date were deleted")
    ROTATION = "rotation", _("a new key is used from here on")


class Detail(models.TextChoices):
    """What an entry commits to, and can be erased."""

    PERSON = "person", _("keyed hash of the address")
    ADDRESS = "address", _("address")
    NETWORK_ADDRESS = "network_address", _("network address")
    USER_AGENT = "user_agent", _("browser")
    MESSAGE_ID = "message_id", _("message that asked for confirmation")
    ACTOR = "actor", _("member of the newsroom")
    PROVENANCE = "provenance", _("where it came from")


class ConsentPerson(models.Model):
    """Whose entries these are: a random name in the chain, found by the keyed hash of an address.

    Outlives erasure until `purge_at`, so that consent can be proved while claims may be brought (GDPR art. 17(3)(e)).
    """

    name = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    address_hash = models.CharField(max_length=80, unique=True, editable=False)
    erased_at = models.DateTimeField(_("erased at"), null=True, editable=False)
    purge_at = models.DateTimeField(_("forgotten at"), null=True, editable=False, db_index=True)

    class Meta:
        verbose_name = _("person of the consent log")
        verbose_name_plural = _("people of the consent log")

    def __str__(self) -> str:
        return self.name.hex


class ConsentEntry(models.Model):
    """One link of the chain. The database refuses to change or delete it (see migrations)."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    person = models.UUIDField(null=True, db_index=True, editable=False)
    action = models.CharField(_("action"), max_length=16, choices=Action.choices)
    purpose = models.CharField(_("purpose"), max_length=64, blank=True)
    at = models.DateTimeField(_("at"))
    facts = models.TextField(default="{}")
    commitments = models.TextField(default="{}")
    key = models.PositiveSmallIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("entry of the consent log")
        verbose_name_plural = _("consent log")
        ordering = ["number"]
        indexes = [models.Index(fields=["person", "number"])]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_action_display()} ({self.at:%Y-%m-%d})"

    @property
    def whose(self) -> str:
        """The address it is about, while it may be read."""
        return next((detail.value for detail in self.details.all() if detail.kind == Detail.ADDRESS), "—")

    @property
    def words(self) -> str:
        """What they were shown."""
        shown = ShownText.objects.filter(pk=self.as_facts.get("wording", "")).first()
        return shown.text if shown else "—"

    @property
    def as_facts(self) -> dict[str, Any]:
        """Language, form, url, wording (SHA-256), texts (kind → version and SHA-256), basis, actor, and what else."""
        return json.loads(self.facts)

    @property
    def as_commitments(self) -> dict[str, dict[str, str | None]]:
        """Kind of detail → mac, and the date from which it may be missing (ISO 8601, or None)."""
        return json.loads(self.commitments)


class ConsentDetail(models.Model):
    """What an entry commits to, readable; deleted by erasure, or once past its date."""

    entry = models.ForeignKey(ConsentEntry, on_delete=models.DO_NOTHING, related_name="details")
    kind = models.CharField(_("kind"), max_length=16, choices=Detail.choices)
    value = models.TextField(_("value"))
    salt = models.CharField(max_length=32, editable=False)
    purge_at = models.DateTimeField(_("deleted at"), null=True, db_index=True)

    class Meta:
        verbose_name = _("detail of the consent log")
        verbose_name_plural = _("details of the consent log")
        constraints = [models.UniqueConstraint(fields=["entry", "kind"], name="each_detail_once_per_entry")]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.get_kind_display()}"


class ShownText(models.Model):
    """Words somebody was shown when they decided, kept once however often; the database refuses to change them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=12)
    first_shown_at = models.DateTimeField(_("first shown at"))

    class Meta:
        verbose_name = _("words shown")
        verbose_name_plural = _("words shown")

    def __str__(self) -> str:
        return self.text[:60]
