"""What the desk is given, made ready to be read: bare text, or a file with what its top tells of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from depeche.desk.article import Article, UnreadableSource, paragraphs, read_article
from depeche.desk.decoding import decode
from depeche.desk.draft import Dossier
from depeche.desk.front_matter import BrokenFrontMatter, FrontMatter, front_matter
from depeche.desk.other_languages import other_language
from depeche.desk.packs import load_function_words
from depeche.desk.reading import languages

DEFAULT_LANGUAGE = "fr"
KINDS = (
    *("news", "brief", "analysis", "opinion", "interview", "profile", "obituary", "service", "press_release"),
)

_LONGEST_HEADLINE = 220
_SENTENCE_ENDS = (".", "…", ":", ";", ",")
_QUOTED = re.compile(r"[«“\"–—].*[»”\"!?]")
_KINDS = {
    **{kind: kind for kind in KINDS},
    **{
        "nouvelle": "news",
        "actualité": "news",
        "brève": "brief",
        "analyse": "analysis",
        "tribune": "opinion",
    },
    **{"éditorial": "opinion", "editorial": "opinion", "chronique": "opinion", "entretien": "interview"},
    **{"portrait": "profile", "nécrologie": "obituary", "pratique": "service", "communiqué": "press_release"},
}
_HEADINGS = ("headline", "standfirst", "byline")


class Refused(Exception):
    """Something that cannot be read. `sentence` names what to tell people, `values` fill it."""

    def __init__(self, sentence: str, /, **values: object) -> None:
        super().__init__(f"{sentence}: {values}")
        self.sentence, self.values = sentence, values


@dataclass(frozen=True)
class Told:
    """What whoever asks says of the articles; None or empty is “not told”. `sources` are texts."""

    kind: str | None = None
    date: date | None = None
    byline: str | None = None
    place: str | None = None
    sources: tuple[str, ...] = ()
    camps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    language: str = ""


@dataclass(frozen=True)
class Intake:
    """An article ready to be read. `source` is the whole file as text, `odd_kind` a kind it names and that is
    none, `language` "" where nothing tells it.
    """

    name: str
    source: str
    article: Article
    dossier: Dossier
    language: str
    odd_kind: str = ""


def article_in(text: str) -> Article:
    """The article in `text`, its offsets unchanged: with a headline where the first of several lines reads
    like one, else nothing but paragraphs.

    Raises `UnreadableSource`.
    """
    if _begins_with_headline(text):
        try:
            return read_article(text, source_format="text")
        except UnreadableSource as error:
            if error.code != "no_headline":
                raise
    return paragraphs(text)


def take_in(raw: bytes, name: str, told: Told, source_text: Callable[[str], str]) -> Intake:
    """The article in the file `raw`. What is `told` goes before what the top of the file says;
    `source_text` gives the text of a source that is named there.

    Raises `Refused`.
    """
    try:
        source = decode(raw, name=name).text
        top = front_matter(source)
        article = _article(source, top, name)
    except UnreadableSource as error:
        raise refused_source(error, name) from error
    except BrokenFrontMatter as error:
        raise Refused("refused.front_matter", name=name, cause=str(error)) from error
    kind = (top.text("kind") or "").strip().lower()
    dossier = Dossier(
        kind=told.kind or _KINDS.get(kind, "news"),
        date=told.date or _date(top, name),
        byline=told.byline if told.byline is not None else top.text("byline") or article.byline or None,
        place=told.place if told.place is not None else top.text("place"),
        sources=told.sources or tuple(source_text(source) for source in top.texts("sources")),
        camps=told.camps or _camps(top.values.get("camps")),
    )
    language = told.language or top.text("language") or language_of(article, name)
    odd_kind = kind if kind and kind not in _KINDS and not told.kind else ""
    return Intake(name, source, article, dossier, language[:2].lower(), odd_kind)


def language_of(article: Article, name: str, *, fewest_words: int = 0) -> str:
    """The language of `article`, "" where nothing tells; texts under `fewest_words` count as ours.

    Raises `Refused` where it seems to be one that the desk does not read.
    """
    if article.language in load_function_words():
        return article.language
    is_short = len(article.text.split()) < fewest_words
    seems = article.language or ("" if is_short else other_language(article.text))
    if seems:
        raise Refused("refused.language", name=name, language=seems, known=languages())
    return ""


def refused_source(error: UnreadableSource, name: str) -> Refused:
    """What to tell people of a source that no article can be made of."""
    if error.code == "too_large":
        return Refused(
            "refused.too_large", name=name, size=error.size_bytes, limit=error.limit_bytes // 1_000_000
        )
    if error.code == "binary" and error.found:
        return Refused("refused.binary.kind", name=name, found=error.found)
    return Refused(f"refused.{error.code}", name=name)


def _article(source: str, top: FrontMatter, name: str) -> Article:
    """In Markdown and HTML, headline, standfirst and byline may stand in the front matter."""
    headings = [heading for heading in _HEADINGS if heading in top.values]
    try:
        if "headline" not in headings:
            return read_article(top.body, name=name)
        fields = "\n".join(f"{heading}: {top.text(heading)}" for heading in headings)
        return read_article(f"---\n{fields}\n---\n{top.body.lstrip()}", source_format="markdown", name=name)
    except UnreadableSource as error:
        if error.code != "no_headline":
            raise
    return paragraphs(top.body)


def _begins_with_headline(text: str) -> bool:
    first, *rest = [line for line in text.splitlines() if line.strip()] or [""]
    line = first.strip()
    is_short = bool(rest) and len(line) <= _LONGEST_HEADLINE
    return is_short and not line.endswith(_SENTENCE_ENDS) and not _QUOTED.fullmatch(line)


def _date(top: FrontMatter, name: str) -> date | None:
    value = top.values.get("date")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or not value:
        return value or None
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError as error:
        raise Refused("refused.date", name=name, value=str(value)) from error


def _camps(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        return {}
    return {str(camp): tuple(_names(names)) for camp, names in value.items()}


def _names(value: Any) -> Iterator[str]:
    for name in value if isinstance(value, list) else str(value).split(","):
        yield str(name).strip()
