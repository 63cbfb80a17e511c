"""What became of each message: the states both lanes share, and the transactional lane's own table."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Collection, Mapping, Sequence

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

LEASE_S = 120
HANDING_OVER_S = 900  # longer than a slow server may take for one message (RFC 5321 §4.5.3.2)
MAX_ATTEMPTS = 8


class State(models.TextChoices):
    """The life of one message to one address; see docs/reference/delivery.md."""

    PENDING = "pending", _("waiting")
    LEASED = "leased", _("being sent")
    SENT = "sent", _("accepted by the mail server")
    DEFERRED = "deferred", _("refused for now, will be tried again")
    FAILED = "failed", _("refused for good")
    UNCERTAIN = "uncertain", _("fate unknown: the connection broke after the message was handed over")
    SUPPRESSED = "suppressed", _("not sent: it was no longer allowed")
    UNSUPPORTED_ADDRESS = "unsupported_address", _("the mail server cannot write to this address")


OPEN_STATES = (State.PENDING, State.LEASED, State.DEFERRED)


# Of rows about to be leased those that may not go, and what their ledger keeps of it.
HeldBack = Callable[[Collection[int]], Mapping[int, str]]


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, at: dt.datetime) -> DeliveryQuerySet:
        return self.filter(state__in=(State.PENDING, State.DEFERRED), due_at__lte=at)

    def open(self) -> DeliveryQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def lease(
        self,
        limit: int,
        *,
        at: dt.datetime,
        held_back: HeldBack | None = None,
        locks: Sequence[str] = ("self",),
    ) -> Sequence[Delivery]:
        """At most `limit` due rows, set aside for one worker until the lease runs out.

        `held_back` is asked in the same commit which of them may not go any more: those end here, never leased.
        What it looks at is locked meanwhile: rows named in `locks`, as `select_for_update` names them.
        """
        while self.due(at).exists():  # looking costs no write lock
            leased, looked_at = self._lease(limit, at, held_back, locks)
            if leased or not looked_at:
                return leased
        return []

    @transaction.atomic
    def _lease(
        self, limit: int, at: dt.datetime, held_back: HeldBack | None, locks: Sequence[str]
    ) -> tuple[list[Delivery], list[Delivery]]:
        """The rows that were leased, and all that were looked at."""
        rows = self.due(at).order_by("due_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=locks)
        found = list(rows[:limit])
        refused = held_back([row.pk for row in found]) if held_back else {}
        for row in found:
            if row.pk in refused:
                row.save(update_fields=row.conclude(State.SUPPRESSED, refused[row.pk], at=at))
        leased = [row for row in found if row.pk not in refused]
        self.filter(pk__in=[row.pk for row in leased]).update(
            state=State.LEASED, leased_until=at + dt.timedelta(seconds=LEASE_S), submitting=False
        )
        return leased, found

    def claim(self, key: int, *, at: dt.datetime) -> bool:
        """Note, durably, that this one is about to be handed over; False if it is no longer ours to.

        Whoever claims sends: a lease that ran out may have gone to another worker meanwhile.
        """
        ours = self.filter(pk=key, state=State.LEASED, submitting=False, leased_until__gt=at)
        return bool(ours.update(submitting=True, leased_until=at + dt.timedelta(seconds=HANDING_OVER_S)))

    def release(self, keys: Collection[int], *, due_at: dt.datetime, claimed: bool = False) -> None:
        """Put back what was leased (or claimed) but certainly not handed over; no attempt is counted."""
        self.filter(pk__in=keys, state=State.LEASED, submitting=claimed).update(
            state=State.PENDING, due_at=due_at, leased_until=None, submitting=False
        )

    def record(self, key: int, state: str, reply: str, *, at: dt.datetime, **emptied: object) -> None:
        """Keep what came of a claimed row, unless it was given up as uncertain meanwhile.

        `emptied` are fields that a finished row must not keep.
        """
        with transaction.atomic():
            row = (
                self.select_for_update(of=("self",))
                .filter(pk=key, state=State.LEASED, submitting=True)
                .first()
            )
            if row is None:
                return
            fields = row.conclude(state, reply, at=at)
            if row.finished_at:
                for name, value in emptied.items():
                    setattr(row, name, value)
                fields += emptied
            row.save(update_fields=fields)

    def sweep(self, *, at: dt.datetime, **emptied: object) -> None:
        """Rows whose worker died: untouched ones wait again, the one being submitted is uncertain.

        A message whose fate is unknown is never sent again by itself (RFC 1047, RFC 5321 §6.1).
        `emptied` are fields that a finished row must not keep.
        """
        lost = self.filter(state=State.LEASED, leased_until__lt=at)
        lost.filter(submitting=True).update(
            state=State.UNCERTAIN,
            finished_at=at,
            reply="the worker stopped while handing it over",
            **emptied,
        )
        lost.filter(submitting=False).update(state=State.PENDING)


class Delivery(models.Model):
    """One message to one address. Both lanes' tables are made of this."""

    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.PENDING)
    due_at = models.DateTimeField(_("due at"))
    leased_until = models.DateTimeField(null=True, editable=False)
    submitting = models.BooleanField(default=False, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    reply = models.CharField(_("answer of the mail server"), max_length=300, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["state", "due_at"])]

    def conclude(self, state: str, reply: str, *, at: dt.datetime) -> list[str]:
        """Set what came of one attempt; the names of the changed fields come back, nothing is saved."""
        self.attempts += 1
        if state == State.DEFERRED and self.attempts >= MAX_ATTEMPTS:
            state = State.FAILED
        self.state, self.reply, self.submitting, self.leased_until = state, reply[:300], False, None
        if state == State.DEFERRED:
            minutes = 2 ** (self.attempts - 1) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, no secret
            self.due_at = at + dt.timedelta(minutes=minutes)
        else:
            self.finished_at = at
        return ["attempts", "state", "reply", "submitting", "leased_until", "due_at", "finished_at"]


class TransactionalMessage(Delivery):
    """A mail somebody waits for: a confirmation, a new password, a note from the workflow.

    Holds body and tokens only while it must: the row loses them once accepted, refused or expired.
    """

    sender = models.CharField(max_length=320)
    recipient = models.CharField(max_length=320)
    recipient_key = models.CharField(max_length=320, db_index=True, editable=False)
    message_id = models.CharField(max_length=320, blank=True, editable=False)
    purpose = models.CharField(max_length=16, default="service", editable=False)
    content = models.BinaryField(default=b"")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta(Delivery.Meta):
        verbose_name = _("transactional message")
        verbose_name_plural = _("transactional messages")
        constraints = [
            models.CheckConstraint(
                name="finished_messages_hold_no_body",
                condition=models.Q(state__in=OPEN_STATES) | models.Q(content=b""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient} ({self.state})"


class Reason(models.TextChoices):
    """Why an address may not be written to; the rules for each stand in `suppression.RULES`."""

    HARD_BOUNCE = "hard_bounce", _("no such mailbox")
    COMPLAINT = "complaint", _("called our mail spam")
    UNSUBSCRIBED = "unsubscribed", _("left")
    ERASED = "erased", _("was erased")
    OBJECTION = "objection", _("objected to direct marketing")


class Suppression(models.Model):
    """An address, as a keyed hash, that may not be written to; `scope` is a caller's key, empty for everything."""

    address_hash = models.CharField(max_length=80, db_index=True)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices)
    scope = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(_("since"))
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.CharField(_("lifted by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "reason", "scope"],
                condition=models.Q(lifted_at=None),
                name="one_suppression_per_reason_and_scope",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.at:%Y-%m-%d})"


class Doubt(models.TextChoices):
    """Why it is not sure that the database knows of everybody who left."""

    MISSING = "missing", _("the journal that was kept beside the database is missing, or cannot be read")
    SHORTER = "shorter", _("the journal is shorter than it was")
    BEHIND = (
        "behind",
        _("the journal knows of consents that the database does not: an older copy was restored"),
    )


class JournalMark(models.Model):
    """The one row that says how far the journal was read into this database, and whether bulk mail waits for a person."""

    read_to = models.PositiveBigIntegerField(default=0)
    doubt = models.CharField(max_length=8, choices=Doubt.choices, blank=True)
    locked_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_journal_mark")]

    def __str__(self) -> str:
        return self.doubt or "–"
