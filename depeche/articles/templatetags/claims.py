"""The ledger of an article, and its words with what readers may ask to see at them: who says this, how sure."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import normalize_newlines
from django.utils.translation import ngettext
from wagtail.rich_text import RichText

from depeche.articles.manuscript import Path
from depeche.articles.marked_words import with_marks
from depeche.articles.models import Article
from depeche.articles.share_of_voice import MOST_BARS, drawn
from depeche.articles.speakers import Speaker
from depeche.articles.who_says_what import Ledger, Shown, ledger_of

from . import typography

register = template.Library()

_SAID_BY = re.compile(r'(<a hidden class="said-by" href="#said-(\d+)">)</a>')


@register.simple_tag
def who_says_what(article: Article) -> Ledger:
    """What readers are told of the claims of `article` and of what they rest on."""
    return ledger_of(article)


@register.simple_tag
def share_of_voice(ledger: Ledger) -> SafeString:
    """A bar for each of the loudest sources, as long as its share; how many more there are."""
    more = len(ledger.voices) - MOST_BARS
    if more <= 0:
        return drawn(ledger.voices)
    rest = ngettext("And %(count)d more, in the table.", "And %(count)d more, in the table.", more)
    return format_html('{}<p class="note">{}</p>', drawn(ledger.voices), rest % {"count": more})


@register.simple_tag(takes_context=True)
def rich(context: dict[str, Any], value: Any, *within: str) -> SafeString:
    """A rich text of the body, typeset, its claims marked; `within` leads to it from its block."""
    source = getattr(value, "source", value) or ""
    marked = _marked(context, _in_block(context, within), str(source))
    return _finished(context, str(RichText(marked)))


@register.simple_tag(takes_context=True)
def plain(context: dict[str, Any], value: Any, *within: str) -> SafeString:
    """A plain text of the body as HTML, likewise."""
    return _finished(context, _lines(context, _in_block(context, within), value))


@register.simple_tag(takes_context=True)
def quotation(context: dict[str, Any], value: Any, *within: str) -> SafeString:
    """The words of somebody, likewise, between quotation marks."""
    return _finished(context, typography.quoted(_lines(context, _in_block(context, within), value)))


@register.simple_tag(takes_context=True)
def field(context: dict[str, Any], value: Any, name: str) -> SafeString:
    """A plain text that stands in a field of the article itself, likewise."""
    return _finished(context, _lines(context, (name,), value))


@register.simple_tag(takes_context=True)
def headline(context: dict[str, Any], value: Any) -> SafeString:
    """The headline of the article, likewise, typeset for display."""
    return typography.unbroken(field(context, value, "title"))


@register.simple_tag(takes_context=True)
def crosshead(context: dict[str, Any], value: Any, *within: str) -> SafeString:
    """A title in the body, likewise."""
    return typography.unbroken(plain(context, value, *within))


def _in_block(context: dict[str, Any], within: tuple[str, ...]) -> Path:
    block = context.get("block")
    return ("body", str(getattr(block, "id", "") or ""), *map(str, within))


def _lines(context: dict[str, Any], path: Path, value: Any) -> str:
    text = "" if value is None else str(value)
    marked = _marked(context, path, str(escape(text.strip())))
    return normalize_newlines(marked).replace("\n", "<br>")


def _marked(context: dict[str, Any], path: Path, html: str) -> str:
    ledger = context.get("ledger")
    if not isinstance(ledger, Ledger):
        return html
    return with_marks(html, ledger.texts.get(path, ()), ledger.marks.get(path, ()))


def _finished(context: dict[str, Any], html: str) -> SafeString:
    """Typeset; only then the marks say who speaks, so that their words change none of the article's."""
    page = context.get("page")
    language = page.language if isinstance(page, Article) else ""
    typeset = typography.typeset_html(html, language)
    ledger = context.get("ledger")
    if not isinstance(ledger, Ledger):
        return typeset
    return mark_safe(_SAID_BY.sub(lambda found: f"{found[1]}{_label(*ledger[int(found[2])])}</a>", typeset))


def _label(speaker: Speaker, shown: Shown) -> SafeString:
    """« 5 Les espions, affirmé sans réserve »: the last part for ears only, where the underline says it."""
    name = typography.typeset(speaker.name)
    pattern = "{} <b>{}</b><i>, {}</i>" if shown.mark == "firm" else "{} <b>{}, {}</b>"
    return format_html(pattern, shown.number, name, shown.certainty)
