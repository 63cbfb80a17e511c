"""Which newsletters readers may subscribe to: those that say, published, what is done with the address."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from .legal import NEEDED_TO_SUBSCRIBE, Kind, LegalVersion
from .models import Newsletter


def offered(language: str) -> QuerySet[Newsletter]:
    """The newsletters in a language whose notice is published, as are the privacy policy and the words of the form."""
    published = LegalVersion.objects.filter(text__language=language)
    return Newsletter.objects.filter(
        Exists(published.filter(text__kind=Kind.NOTICE, text__newsletter=OuterRef("pk"))),
        Exists(published.filter(text__kind=Kind.PRIVACY)),
        Exists(published.filter(text__kind=Kind.FORM)),
        language=language,
    )


def lacking(newsletter: Newsletter) -> list[str]:
    """The kinds of texts without which nobody can subscribe to it yet; [] when all are published."""
    return [
        kind
        for kind in NEEDED_TO_SUBSCRIBE
        if not LegalVersion.objects.filter(
            text__kind=kind,
            text__language=newsletter.language,
            text__newsletter=newsletter if kind == Kind.NOTICE else None,
        ).exists()
    ]
