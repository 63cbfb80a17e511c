"""What became of each message: the states both lanes share, and the transactional lane's own table."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from .among import among, as_parameter, written
from .outside import HeardReport as HeardReport
from .outside import MailDomain as MailDomain
from .outside import SoftBounces as SoftBounces
from .outside import Unreached as Unreached
from .paces import Pace as Pace
from .prepared import Place

LEASE_S = 300  # renewed while the worker lives
LONGEST_PAUSE_MINUTES = 60


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
WAITING_STATES = (State.PENDING, State.DEFERRED)
HELD_STATES = (State.LEASED, State.UNCERTAIN)  # what a worker may still have an answer for


class Outcome(NamedTuple):
    """What became of one message: the key of its row, a `State`, the words of the mail server."""

    key: int
    state: str
    reply: str


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, at: dt.datetime | Place) -> DeliveryQuerySet:
        return self.filter(state__in=written(WAITING_STATES), due_at__lte=at)

    def open(self) -> DeliveryQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def set_aside(self, keys: Collection[int], *, worker: str, at: dt.datetime) -> None:
        """Lease these rows to this worker, which keeps them while it renews the lease."""
        table = connection.ops.quote_name(self.model._meta.db_table)
        until = connection.ops.adapt_datetimefield_value(at + dt.timedelta(seconds=LEASE_S))
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET state = %s, worker = %s, leased_until = %s WHERE {among('id')}",  # noqa: S608
                [State.LEASED.value, worker, until, as_parameter(keys)],
            )

    def renew(self, *, worker: str, at: dt.datetime) -> None:
        """Keep for this worker what it holds."""
        self.leased().filter(worker=worker).update(leased_until=at + dt.timedelta(seconds=LEASE_S))

    def release(self, keys: Collection[int], *, worker: str, due_at: dt.datetime, **emptied: object) -> None:
        """Put back what this worker held but certainly did not hand over; no attempt is counted."""
        self._held(worker, **emptied).filter(pk__among=frozenset(keys)).update(
            state=State.PENDING, due_at=due_at, leased_until=None, finished_at=None, worker=""
        )

    def leased(self) -> DeliveryQuerySet:
        return self.filter(state__in=written(HELD_STATES)).filter(state=State.LEASED)

    def put_off(self, due: Mapping[int, dt.datetime], *, worker: str) -> None:
        """Put back what this worker leased, each row until a time of its own; no attempt is counted."""
        quoted = connection.ops.quote_name
        statement = (
            f"UPDATE {quoted(self.model._meta.db_table)} SET state = %s, due_at = %s, leased_until = NULL, worker = ''"  # noqa: S608
            " WHERE id = %s AND worker = %s AND state = %s"
        )
        rows = [
            (
                State.PENDING.value,
                connection.ops.adapt_datetimefield_value(at),
                key,
                worker,
                State.LEASED.value,
            )
            for key, at in due.items()
        ]
        if rows:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(statement, rows)

    def _held(self, worker: str, **emptied: object) -> DeliveryQuerySet:
        """What a worker leased, also if it was given up as uncertain since and can still be sent.

        A row that lost what it may not keep (`emptied`) cannot.
        """
        rows = self.leased() if emptied else self.filter(state__in=written(HELD_STATES))
        return rows.filter(worker=worker)

    def record(
        self, outcomes: Collection[Outcome], *, worker: str, at: dt.datetime, **emptied: object
    ) -> None:
        """Keep what came of rows this worker held, also of those that were given up as uncertain meanwhile.

        `emptied` are fields that a finished row must not keep.
        """
        if not outcomes:
            return
        with transaction.atomic():
            refused = {one.key: one for one in outcomes if one.state == State.DEFERRED}
            if refused:
                rows = self._held(worker, **emptied).filter(pk__among=refused)
                for row in rows.select_for_update(of=("self",)):
                    row.save(update_fields=row.try_again(refused[row.pk].reply, at=at))
            self._conclude(
                [one for one in outcomes if one.state != State.DEFERRED], worker=worker, at=at, **emptied
            )

    def _conclude(
        self, outcomes: Collection[Outcome], *, worker: str, at: dt.datetime, **emptied: object
    ) -> None:
        """One statement for all, each row with its own words: between two of them other threads would take their turn."""
        if not outcomes:
            return
        table, quoted = self.model._meta.db_table, connection.ops.quote_name
        fields: dict[str, Any] = {
            "finished_at": connection.ops.adapt_datetimefield_value(at),
            "leased_until": None,
            "worker": "",
            **emptied,
        }
        places = ", ".join(f"{quoted(name)} = %s" for name in fields)
        by_key = "+" * (connection.vendor == "sqlite")  # which else looks through all rows of these states
        told = [(key, state, _storable(reply)) for key, state, reply in outcomes]
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {quoted(table)} SET attempts = attempts + 1, state = told.state, reply = told.reply, {places}"  # noqa: S608
                f" FROM {TOLD[connection.vendor]} AS told"
                f" WHERE {quoted(table)}.id = told.id AND worker = %s AND {by_key}{quoted(table)}.state IN (%s, %s)",
                [*fields.values(), json.dumps(told), worker, State.LEASED.value, State.UNCERTAIN.value],
            )

    def sweep(self, *, at: dt.datetime, **emptied: object) -> None:
        """Give up rows whose worker neither renewed its lease nor left its log to a worker on its machine.

        The worker stays noted: should its log turn up, the row becomes what that says.
        """
        self.filter(leased_until__lt=at).give_up("the machine that was sending it is gone", at=at, **emptied)

    def give_up(self, words: str, *, at: dt.datetime, **emptied: object) -> None:
        """What is leased may have been handed over: it is never sent again by itself (RFC 1047, RFC 5321 §6.1)."""
        self.leased().update(state=State.UNCERTAIN, finished_at=at, leased_until=None, reply=words, **emptied)

    def wait_again(self, *, worker: str, **emptied: object) -> None:
        """All that this worker held was certainly not handed over: it is due as before."""
        self._held(worker, **emptied).update(
            state=State.PENDING, leased_until=None, finished_at=None, worker=""
        )


# Rows of one parameter: key, state, reply.
TOLD = {
    "sqlite": (
        "(SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS state,"
        " json_extract(value, '$[2]') AS reply FROM json_each(%s))"
    ),
    "postgresql": (
        "(SELECT (value ->> 0)::bigint AS id, value ->> 1 AS state, value ->> 2 AS reply"
        " FROM jsonb_array_elements(%s::jsonb))"
    ),
}


def _storable(reply: str) -> str:
    """At most what the field takes, of letters that every database does."""
    if reply.isascii() and len(reply) <= 300 and "\0" not in reply:
        return reply
    return reply[:300].replace("\0", " ").encode(errors="replace").decode()


class Delivery(models.Model):
    """One message to one address. Both lanes' tables are made of this."""

    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.PENDING)
    due_at = models.DateTimeField(_("due at"))
    leased_until = models.DateTimeField(null=True, editable=False)
    worker = models.CharField(max_length=32, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    reply = models.CharField(_("answer of the mail server"), max_length=300, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["state", "due_at"])]

    def try_again(self, reply: str, *, at: dt.datetime) -> list[str]:
        """Set what a refusal for now means; the names of the changed fields come back, nothing is saved."""
        self.attempts += 1
        minutes = min(2 ** (self.attempts - 1), LONGEST_PAUSE_MINUTES) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
        self.state, self.reply, self.due_at = State.DEFERRED, reply[:300], at + dt.timedelta(minutes=minutes)
        self.worker, self.leased_until, self.finished_at = "", None, None
        return ["attempts", "state", "reply", "worker", "leased_until", "due_at", "finished_at"]


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
    SOFT_BOUNCE = "soft_bounce", _("took no mail for weeks")
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


class Trouble(models.Model):
    """A worker that cannot send anything now, through no fault of the messages."""

    worker = models.CharField(max_length=32, unique=True)
    since_at = models.DateTimeField(_("since"))
    until_at = models.DateTimeField(_("tried again at"))
    words = models.CharField(_("answer of the mail server"), max_length=300)

    class Meta:
        verbose_name = _("mail that cannot leave")
        verbose_name_plural = _("mail that cannot leave")
        ordering = ["since_at"]

    def __str__(self) -> str:
        return self.words
