"""The mail about a correction: one sentence on what was wrong, the words then and now, why this reader gets it."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from depeche import typography
from depeche.delivery.compiled import slot
from depeche.delivery.messages import feedback_id, inlined
from depeche.subscribers import imprint

from .filling import READERS_OWN, ReadersMail, compile_mail
from .rendering import Links, Mail

if TYPE_CHECKING:
    from depeche.articles.models import Correction

    from .models import Edition

_BREAKS = re.compile(r"[\r\n\0]+")  # a headline never has any; were one to, it would be no header


def render(correction: Correction, edition: Edition, links: Links) -> Mail:
    """What readers of `edition` are told, in the language of its newsletter."""
    article = correction.article
    language = edition.newsletter.language
    with translation.override(language):
        context = {
            "correction": correction,
            "article": article,
            "edition": edition,
            "newsletter": edition.newsletter,
            "url": f"{settings.BASE_URL}{article.url or '/'}#{correction.anchor}",
            "language": language,
            "leave_url": links.leave,
            "preferences_url": links.preferences,
            "base_url": settings.BASE_URL,
            "publisher": imprint.publisher(language),
        }
        subject = typography.typeset(f"{correction.get_kind_display()}: {article.title}", language)
        text = render_to_string("newsletters/correction.txt", context)
        html = inlined(render_to_string("newsletters/correction_mail.html", context))
    return Mail(_BREAKS.sub(" ", subject), text, html)


def compiled(correction: Correction, edition: Edition) -> ReadersMail:
    """The same to be filled, with a slot `copy` for the Message-ID of the reader's copy of the edition.

    Made once per worker for each correction and edition as long as article and sender stay.
    """
    article, newsletter = correction.article, edition.newsletter
    state = (
        correction.published_at,
        article.live_revision_id,
        article.url_path,
        newsletter.sender_name,
        newsletter.sender_address,
        newsletter.reply_to,
    )
    return _compiled(_Once(correction, edition, (correction.pk, edition.pk, *state)))


class _Once:
    """A correction and an edition, alike to the cache where their key is."""

    def __init__(self, correction: Correction, edition: Edition, key: tuple[object, ...]) -> None:
        self.correction, self.edition, self.key = correction, edition, key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Once) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@functools.lru_cache(maxsize=8)
def _compiled(once: _Once) -> ReadersMail:
    mail = render(once.correction, once.edition, READERS_OWN)
    newsletter = once.edition.newsletter
    counted = feedback_id(newsletter.sender, "correction", what=f"c{once.correction.pk}", of=newsletter.slug)
    return compile_mail(mail, once.edition, more={"References": slot("copy"), "Feedback-ID": counted})
