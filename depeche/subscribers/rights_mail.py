"""What a person who used a right over their data is written: in their language, in the name they know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from depeche.delivery import actions as delivery
from depeche.delivery import suppression
from depeche.delivery.messages import address_key
from depeche.delivery.models import Reason

from . import legal
from .models import Subscriber


def unreachable(address: str) -> Reason | None:
    """Why no answer may be mailed to this address; None where it may."""
    return suppression.blocked([address], purpose=suppression.RIGHTS).get(address)


def voice(address: str) -> tuple[str, str]:
    """In which language, and in whose name, somebody is written to."""
    reader = Subscriber.objects.filter(address_key=address_key(address)).first()
    if reader is None:
        return settings.LANGUAGE_CODE, settings.DEFAULT_FROM_EMAIL
    known = reader.subscriptions.select_related("newsletter").order_by("-confirmed_at").first()
    return reader.language, known.newsletter.sender if known else settings.DEFAULT_FROM_EMAIL


def write(
    address: str, what: str, words: str, *, as_: tuple[str, str] | None = None, **context: Any
) -> Reason | None:
    """Mail what was done (`what`) with the desk's own words; why it was not mailed, None if it is on its way.

    `as_` is the `voice` from before the address was erased.
    """
    language, sender = as_ or voice(address)
    with translation.override(language):
        privacy_text = legal.current(legal.Kind.PRIVACY, language)
        context |= {
            "what": what,
            "words": words,
            "authority": privacy_text.fields.get("authority", "") if privacy_text else "",
        }
        subject = render_to_string("subscribers/mail_rights_desk_subject.txt", context)
        text = render_to_string("subscribers/mail_rights_desk.txt", context)
    message = delivery.send(
        sender=sender,
        recipient=address,
        subject=" ".join(subject.split()),
        text=text.strip() + "\n",
        purpose=suppression.RIGHTS,
    )
    return suppression.reason_said(message.reply)
