"""How an edition looks: HTML with its styles inlined, and a text part made from the same articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.urls import get_resolver, reverse
from django.utils import formats, timezone, translation

from depeche.articles import corrections_shown
from depeche.articles.models import Article
from depeche.delivery import prepared
from depeche.delivery.messages import inlined
from depeche.subscribers import imprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from depeche.articles.models import Correction

    from .models import Edition

TEXT, HTML = "newsletters/edition.txt", "newsletters/edition_mail.html"
WITHIN = "components/mail.html", "newsletters/mail_end.txt", "newsletters/mail_end.html"
PAGES = (  # that a mail leads to
    ("edition", "letter", 1),
    ("legal_text", "terms"),
    ("preferences", "token"),
    ("unsubscribe", "token"),
    ("wagtail_serve", "section/"),
)
MOST_CORRECTIONS = 10  # the log has the others


@dataclass(frozen=True)
class Mail:
    """What a mail says: subject, text and HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Links:
    """A reader's way out, and to their choices."""

    leave: str
    preferences: str


def prepare() -> None:
    """Load templates and the addresses of all pages, and write queries, which takes seconds: best before anything is leased.

    Asks nothing of the database, which may not be there yet.
    """
    get_resolver().url_patterns  # noqa: B018 - read for what it does
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            formats.localize(1)
            for page, *args in PAGES:
                reverse(page, args=args)
    for template in (TEXT, HTML, *WITHIN):
        get_template(template)
    prepared.write_all()


def render(
    edition: Edition,
    *,
    articles: Sequence[Article] | None = None,
    corrections: Sequence[Correction] = (),
    links: Links | None = None,
    language: str = "",
) -> Mail:
    """The edition (or one of `articles`, with `corrections`); without `links`, nobody's.

    `language` is the reader's, for all that the articles do not say; without it, that of the newsletter.
    """
    if articles is None:
        articles, corrections = edition.articles(), corrections_since_the_last(edition)
    reads = spoken(edition, language)
    with translation.override(reads):
        links = links or _nobodys()
        context = {
            "edition": edition,
            "newsletter": edition.newsletter,
            "articles": [
                {"article": article, "url": settings.BASE_URL + (article.url or "/")} for article in articles
            ],
            "corrections": [
                {
                    "correction": correction,
                    "url": f"{settings.BASE_URL}{correction.article.url or '/'}#{correction.anchor}",
                }
                for correction in corrections
            ],
            "language": edition.newsletter.language,
            "reads": reads,
            "leave_url": links.leave,
            "preferences_url": links.preferences,
            "base_url": settings.BASE_URL,
            "publisher": imprint.publisher(reads),
        }
        text = render_to_string(TEXT, context)
        html = inlined(render_to_string(HTML, context))
    return Mail(edition.subject, text, html)


def spoken(edition: Edition, language: str) -> str:
    """In which language a reader is spoken to: theirs, if this site has it, else that of the newsletter."""
    return language if language in dict(settings.LANGUAGES) else edition.newsletter.language


def _nobodys() -> Links:
    subscribe = settings.BASE_URL + reverse("subscribe")
    return Links(leave=subscribe, preferences=subscribe)


def corrections_since_the_last(edition: Edition) -> list[Correction]:
    """What the paper put right in the language of this newsletter since its edition before; the newest first.

    Once the edition left, the same for ever, but for articles taken down.
    """
    sent = edition.newsletter.editions.exclude(number=None)
    before = (sent.filter(number__lt=edition.number) if edition.number else sent).order_by("number").last()
    if before is None:
        return []
    articles = Article.objects.published().filter(locale__language_code=edition.newsletter.language)
    until = edition.sending_since or timezone.now()
    found = corrections_shown.among(articles).filter(
        published_at__gt=before.sending_since, published_at__lte=until
    )
    return list(found[:MOST_CORRECTIONS])
