"""What upper apps may ask of delivery: send one mail that somebody waits for."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from depeche.jobs.wake import wake

from . import suppression
from .messages import Envelope, address_key, compose, feedback_id
from .models import State, TransactionalMessage

EXPIRES_AFTER = dt.timedelta(days=2)
KEPT_AFTER_THE_END = dt.timedelta(days=30)


def enqueue(
    envelope: Envelope,
    *,
    purpose: str = suppression.SERVICE,
    at: dt.datetime | None = None,
    expires_after: dt.timedelta = EXPIRES_AFTER,
) -> TransactionalMessage:
    """Put one ready message into the transactional lane; it goes out once this transaction commits.

    What may not be written to this address (see `suppression.RULES`) ends here, `suppressed` and without its body.

    Raises:
        ValueError: no such purpose.
    """
    at = at or timezone.now()
    reason = suppression.blocked([envelope.recipient], purpose=purpose).get(envelope.recipient)
    message = TransactionalMessage(
        sender=envelope.sender,
        recipient=envelope.recipient,
        recipient_key=address_key(envelope.recipient),
        purpose=purpose,
        content=envelope.content,
        message_id=envelope.message_id,
        created_at=at,
        due_at=at,
        expires_at=at + expires_after,
    )
    if reason:
        message.state, message.reply, message.finished_at = State.SUPPRESSED, suppression.said(reason), at
        for name, value in suppression.emptied(reason).items():
            setattr(message, name, value)
    message.save()
    if not reason:
        wake("delivery")
    return message


def send(
    *,
    sender: str,
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    purpose: str = suppression.SERVICE,
) -> TransactionalMessage:
    """Compose and enqueue one transactional mail; it says that a machine wrote it (RFC 3834).

    Raises:
        UnsafeHeader: a line break in an address or the subject.
        ValueError: no such purpose.
    """
    headers = {"Auto-Submitted": "auto-generated", "Feedback-ID": feedback_id(sender, purpose)}
    return enqueue(
        compose(sender=sender, recipient=recipient, subject=subject, text=text, html=html, headers=headers),
        purpose=purpose,
    )


def forget_finished(*, at: dt.datetime | None = None) -> int:
    """Delete transactional rows that ended 30 days ago: nobody needs to know any more who was written to."""
    limit = (at or timezone.now()) - KEPT_AFTER_THE_END
    count, _ = TransactionalMessage.objects.filter(finished_at__lt=limit).delete()
    return count
