"""Django's own mails (new password, workflow) take the transactional lane."""

from collections.abc import Sequence
from email.utils import make_msgid

from django.core.mail import EmailMessage  # noqa: TID251 - this is the door
from django.core.mail.backends.base import BaseEmailBackend  # noqa: TID251 - this is the door

from . import actions
from .messages import Envelope, as_sent, bare_address, domain_of


class TransactionalBackend(BaseEmailBackend):
    """EMAIL_BACKEND: keeps each message for the delivery loop, one row per recipient."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            domain = domain_of(message.from_email) or "localhost"
            message.extra_headers.setdefault("Message-ID", make_msgid(domain=domain))
            content = as_sent(message)
            for recipient in message.recipients():
                actions.enqueue(Envelope(bare_address(message.from_email), bare_address(recipient), content))
        return len(email_messages)
