"""What upper apps may ask of delivery: send one mail that somebody waits for."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from depeche.jobs.wake import wake

from .messages import Envelope, address_key, compose
from .models import TransactionalMessage

EXPIRES_AFTER = dt.timedelta(days=2)
KEPT_AFTER_THE_END = dt.timedelta(days=30)


def enqueue(
    envelope: Envelope, *, at: dt.datetime | None = None, expires_after: dt.timedelta = EXPIRES_AFTER
) -> TransactionalMessage:
    """Put one ready message into the transactional lane; it goes out once this transaction commits."""
    at = at or timezone.now()
    message = TransactionalMessage.objects.create(
        sender=envelope.sender,
        recipient=envelope.recipient,
        recipient_key=address_key(envelope.recipient),
        content=envelope.content,
        message_id=envelope.message_id,
        created_at=at,
        due_at=at,
        expires_at=at + expires_after,
    )
    wake("delivery")
    return message


def send(*, sender: str, recipient: str, subject: str, text: str, html: str = "") -> TransactionalMessage:
    """Compose and enqueue one transactional mail; it says that a machine wrote it (RFC 3834).

    Raises:
        UnsafeHeader: a line break in an address or the subject.
    """
    headers = {"Auto-Submitted": "auto-generated"}
    return enqueue(
        compose(sender=sender, recipient=recipient, subject=subject, text=text, html=html, headers=headers)
    )


def forget_finished(*, at: dt.datetime | None = None) -> int:
    """Delete transactional rows that ended 30 days ago: nobody needs to know any more who was written to."""
    limit = (at or timezone.now()) - KEPT_AFTER_THE_END
    count, _ = TransactionalMessage.objects.filter(finished_at__lt=limit).delete()
    return count
