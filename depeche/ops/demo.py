"""A small demo newspaper: invented articles, brought in and published by the same road as any other."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from depeche.articles import actions as articles
from depeche.articles import importing
from depeche.articles.models import Article, Section
from depeche.newsletters import actions as newsletters
from depeche.subscribers.models import Newsletter

FOLDER = Path(__file__).parent / "demo_articles"


def load() -> None:
    """Articles for each language of the newsroom that has some, and an edition waiting to be sent."""
    editor = get_user_model().objects.order_by("pk").first()
    for code, _name in settings.LANGUAGES:
        section = Section.objects.filter(locale__language_code=code).order_by("path").first()
        if section is None:
            continue
        with translation.override(code):
            published = [
                _publish(path, section, editor) for path in sorted((FOLDER / code).glob("*.md"), reverse=True)
            ]
            newsletter = Newsletter.objects.filter(language=code).first()
            if published and newsletter:
                newsletters.compose_edition(
                    newsletter,
                    subject=published[-1].title,
                    introduction=_("Good morning. Here is what we know this morning, and who says so."),
                    articles=published[::-1],
                    by=editor,
                )


def _publish(path: Path, section: Section, editor) -> Article:  # type: ignore[no-untyped-def]
    reading = importing.read(path.read_bytes(), name=path.name)
    draft = importing.make_draft(reading, section=section, origin=path.name, by=editor, at=timezone.now())
    return articles.publish(draft.article, by=editor)
