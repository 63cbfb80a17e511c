"""What readers are told, in the newsroom's words where it changed them, else in ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from django.db import models
from django.utils.functional import lazy
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from depeche import typography

from . import later_texts, rights_texts, texts
from .languages import languages

GROUPS = (
    (_("Signing up"), texts.SIGNING_UP),
    (_("Choosing and leaving"), texts.CHOOSING),
    (_("When a link or form does not work"), texts.LINKS),
    (_("Data, objection, erasure"), rights_texts.DATA),
    (_("Another address"), rights_texts.ADDRESS),
    (_("Staying after three years"), later_texts.STAYING),
    (_("Agreeing again"), later_texts.AGREEING),
    (_("Answers to requests by letter"), later_texts.ANSWERS),
    (_("Editions and corrections"), later_texts.EDITIONS),
)
PAGES = {page.name: page for _title, pages in GROUPS for page in pages}
OURS = {f"{page.name}.{name}": said for page in PAGES.values() for name, said in page.says.items()}

_GETTEXT_SLOT = re.compile(r"%\((\w+)\)s")
_SLOT = re.compile(r"\{(\w+)\}")


class ChangedText(models.Model):
    """A text the newsroom put into its own words, in one language; « {name} » stands where something is filled in."""

    key = models.CharField(_("text"), max_length=60)
    language = models.CharField(_("language"), max_length=12, choices=languages)
    text = models.TextField(_("words"))
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("words to readers")
        verbose_name_plural = _("words to readers")
        constraints = [
            models.UniqueConstraint(fields=["key", "language"], name="one_changed_text_per_language")
        ]

    def __str__(self) -> str:
        page, _dot, name = self.key.partition(".")
        title = PAGES[page].title if page in PAGES else page
        return f"{title} – {name} ({self.language})"


class Words:
    """All texts in the active language. One query, so that nobody ever reads words that were changed back."""

    def __init__(self) -> None:
        self.language = get_language() or ""

    def say(self, key: str, **given: object) -> str:
        """The text with its slots filled, for plain mails and for the consent log.

        Raises:
            KeyError: no such text, or a slot that is not filled.
        """
        return filled(self.pattern(key), given)

    def html(self, key: str, **given: object) -> SafeString:
        """The same for a page: all is escaped but what was marked safe."""
        safe = {
            name: conditional_escape(value if isinstance(value, str) else str(value))
            for name, value in given.items()
        }
        return mark_safe(filled(escape(self.pattern(key)), safe))

    def pattern(self, key: str) -> str:
        """The text with its slots open: the newsroom's, as long as it has the slots of ours."""
        ours = with_braces(str(OURS[key]))
        changed = self._changed.get(key)
        if changed and set(slots(changed)) != set(slots(ours)):  # ours changed with a new release
            changed = None
        return typography.typeset(changed or ours, self.language)

    @cached_property
    def _changed(self) -> dict[str, str]:
        return dict(ChangedText.objects.filter(language=self.language).values_list("key", "text"))


def say(key: str, **given: object) -> str:
    """One text in the active language; see `Words.say`."""
    return Words().say(key, **given)


say_lazily = lazy(say, str)  # for what a form says only when something is wrong


def ours(key: str, language: str) -> str:
    """Our own words for a text in a language, with its slots open."""
    with override(language):
        return with_braces(str(OURS[key]))


def filled(pattern: str, given: Mapping[str, object]) -> str:
    """The pattern with its slots filled. Raises KeyError: one is not."""
    return _SLOT.sub(lambda slot: str(given[slot[1]]), pattern)


def slots(pattern: str) -> list[str]:
    """« {name} » for each slot, in their order."""
    return [slot[0] for slot in _SLOT.finditer(pattern)]


def with_braces(pattern: str) -> str:
    """Our words as a newsroom sees them: {name}."""
    return _GETTEXT_SLOT.sub(r"{\1}", pattern)
