"""A demo newspaper: invented articles, people and pictures, published by the road any other takes.

The texts are `demo_articles/<language>/*.toml`, the pictures `demo_pictures/`. Everything is dated back from today.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils import timezone, translation
from wagtail.images import get_image_model
from wagtail.models import Locale

from depeche.articles import actions as articles
from depeche.articles.models import Article, Byline, Person, PublishingRules, RelatedArticle, Section, Source
from depeche.front.models import FrontStory, Home
from depeche.newsletters import actions as newsletters
from depeche.newsletters.models import Edition
from depeche.subscribers import publishing
from depeche.subscribers.legal import Kind
from depeche.subscribers.models import LegalText, Newsletter, Subscription

from .demo_body import blocks

ARTICLES = Path(__file__).parent / "demo_articles"
PICTURES = Path(__file__).parent / "demo_pictures"


class NotEmpty(Exception):
    """The paper is in use: a demo could not be told from its news."""


class NobodyPublishes(Exception):
    """There is no administrator in whose name the demo could be published."""


@transaction.atomic
def load() -> int:
    """Fill an empty paper in each of its languages; how many articles there are then.

    Raises:
        NotEmpty: there are articles, editions or subscribers, somebody answers for the paper, or it is in production.
        NobodyPublishes: there is no administrator yet.
    """
    if _is_in_use():
        raise NotEmpty
    editor = get_user_model().objects.filter(is_superuser=True).order_by("pk").first()
    if editor is None:
        raise NobodyPublishes
    pictures = _Pictures()
    for code, _name in settings.LANGUAGES:
        home = Home.objects.filter(locale__language_code=code).first()
        if home and (ARTICLES / code / "sections.toml").exists():
            with translation.override(code):
                _Paper(code, home, editor, pictures).load()
    return Article.objects.count()


def _is_in_use() -> bool:
    """Whether invented news would land among real ones, or in the inbox of somebody who subscribed."""
    return (
        Article.objects.exists()
        or Person.objects.exists()
        or Edition.objects.exists()
        or Subscription.objects.exists()
        or Home.objects.exclude(publisher="").exists()
        or PublishingRules.load().needs_second_person
        or settings.STAGE == "production"
    )


class _Pictures:
    """Each picture is kept once, whichever articles show it."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def get(self, name: str, title: str) -> Any:
        if name not in self._kept:
            with (PICTURES / f"{name}.png").open("rb") as file:
                self._kept[name] = get_image_model().objects.create(
                    title=title[:255], file=ImageFile(file, name=f"{name}.png")
                )
        return self._kept[name]


@dataclass
class _Paper:
    """The paper of one language while it is filled."""

    code: str
    home: Home
    editor: User
    pictures: _Pictures
    people: dict[str, Person] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)

    def load(self) -> None:
        texts = {path.stem.split("-", 1)[1]: _toml(path) for path in self._files()}
        self.today = _last_day_all_is_past(texts.values())
        self._people()
        self._sections()
        for slug, text in texts.items():
            self.articles[slug] = self._draft(slug, text)
        for slug, text in texts.items():
            self._publish(self.articles[slug], text)
        self._front(texts)
        self._editions()

    def _files(self) -> list[Path]:
        """The oldest first, so that the newest is published last."""
        return sorted((ARTICLES / self.code).glob("[0-9]*.toml"), reverse=True)

    def _people(self) -> None:
        for entry in _toml(ARTICLES / self.code / "people.toml")["people"]:
            entry.pop("guest", None)
            person = Person.objects.create(**entry)
            self.people[person.slug] = person

    def _sections(self) -> None:
        text = _toml(ARTICLES / self.code / "sections.toml")
        for entry in text["sections"]:
            section = Section.objects.child_of(self.home).filter(slug=entry["slug"]).first()
            if section is None:
                section = Section(slug=entry["slug"], title=entry["title"], locale=self.home.locale)
                self.home.add_child(instance=section)
            section.title, section.intro = entry["title"], entry["intro"]
            section.edited_by = self.people.get(entry.get("edited_by", ""))
            section.save_revision(user=self.editor).publish(user=self.editor)
            self.sections[entry["slug"]] = Section.objects.get(pk=section.pk)
        self.home.publisher = text["publisher"]
        self.home.contact = "redaction@depeche.test"
        self.home.save_revision(user=self.editor).publish(user=self.editor)
        self.home = Home.objects.get(pk=self.home.pk)
        self._legal_notice(text["legal_notice"])

    def _legal_notice(self, fields: dict[str, str]) -> None:
        notice = LegalText.objects.get(kind=Kind.IMPRINT, language=self.code)
        for name, words in fields.items():
            setattr(notice, name, words.strip())
        notice.save()
        publishing.publish(notice, by=self.editor)

    def _draft(self, slug: str, text: dict[str, Any]) -> Article:
        article = Article(
            title=text["headline"],
            slug=slug,
            kind=text["kind"],
            sponsor=text.get("sponsor", ""),
            standfirst=text["standfirst"].strip(),
            dateline=text.get("dateline", ""),
            locale=Locale.objects.get(language_code=self.code),
            owner=self.editor,
            live=False,
            first_published_at=_moment(self.today, text["published"]),
        )
        article.body = article.body.stream_block.to_python(list(blocks(text["body"], self.pictures.get)))
        article.bylines = [Byline(person=self.people[author]) for author in text["authors"]]
        article.sources = [self._source(entry) for entry in text.get("sources", [])]
        article.topics.add(*text.get("topics", []))
        if "picture" in text:
            picture = text["picture"]
            article.picture = self.pictures.get(picture["file"], picture["caption"])
            article.picture_alt, article.picture_caption = picture["alt"], picture["caption"]
            article.picture_credit = picture["credit"]
        original = Article.objects.filter(slug=text.get("translation_of", "")).first()
        if original:
            article.translation_key = original.translation_key
        self.sections[text["section"]].add_child(instance=article)
        return article

    def _source(self, entry: dict[str, Any]) -> Source:
        return Source(
            who=entry["who"],
            kind=entry["kind"],
            title=entry.get("title", ""),
            link=entry.get("link", ""),
            consulted_on=self.today - dt.timedelta(days=entry["consulted"]),
        )

    def _publish(self, article: Article, text: dict[str, Any]) -> None:
        article.related_items = [
            RelatedArticle(article=self.articles[entry["article"]], why=entry["why"])
            for entry in text.get("related", [])
        ]
        article.save_revision(user=self.editor)
        articles.publish(article, by=self.editor)

    def _front(self, texts: dict[str, dict[str, Any]]) -> None:
        newest = max(texts, key=lambda slug: _moment(self.today, texts[slug]["published"]))
        FrontStory.objects.create(home=self.home, article=self.articles[newest], sort_order=0)

    def _editions(self) -> None:
        newsletter = Newsletter.objects.filter(language=self.code).first()
        path = ARTICLES / self.code / "edition.toml"
        if newsletter is None or not path.exists():
            return
        both = _toml(path)
        yesterday = _moment(self.today, "1 07:00")
        sent = self._edition(newsletter, both["sent"])
        newsletters.send(sent, by=self.editor, at=yesterday)
        Edition.objects.filter(pk=sent.pk).update(created_at=yesterday)
        self._edition(newsletter, both["waiting"])

    def _edition(self, newsletter: Newsletter, entry: dict[str, Any]) -> Edition:
        return newsletters.compose_edition(
            newsletter,
            subject=entry["subject"],
            introduction=entry["introduction"].strip(),
            articles=[self.articles[slug] for slug in entry["articles"]],
            by=self.editor,
        )


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text())


def _last_day_all_is_past(texts: Any) -> dt.date:
    """Today, or yesterday while some hour of today's articles is still to come."""
    today = timezone.localdate()
    newest = max(_moment(today, text["published"]) for text in texts)
    return today if newest <= timezone.now() else today - dt.timedelta(days=1)


def _moment(today: dt.date, published: str) -> dt.datetime:
    """« 2 07:40 »: two days ago, at 7.40 in the newsroom."""
    days, hour = published.split()
    day = today - dt.timedelta(days=int(days))
    return timezone.make_aware(dt.datetime.combine(day, dt.time.fromisoformat(hour)))
