"""What belongs to the page and not to the article, and what an article lacks: STR001 and STR002."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from depeche.desk.draft import BlockReading, Draft
from depeche.desk.lexicon import load_groups
from depeche.desk.packs import load_furniture
from depeche.desk.phrases import PhraseIndex
from depeche.desk.spans import Finding, Span, Zone

# A date line, a caption's credit or what stands around the article is no leftover.
_TOLD_REASONS = frozenset(
    ["theme_switch", "sign_up", "agreement", "cookies", "share", "related", "copyright", "navigation"]
)
_LINE = re.compile(r"[^\r\n]+")
_BODY = ("standfirst", "paragraph", "quotation", "list_item")
_UNSIGNED_KINDS = frozenset({"brief", "press_release", "service"})
_FURTHEST_DATE = 8
_LONGEST_BOILERPLATE = 28


def findings(draft: Draft, furniture: Sequence[Zone] = ()) -> list[Finding]:
    """STR001 for each zone of `furniture` and each line of furniture within a paragraph, STR002 for an
    article without date, place or byline and for a document dated « récemment ».

    The date counts as missing where the dossier tells a byline or place but no date, and the text opens
    with none; of byline and place, the one that is not told where the date and the other are.
    """
    found = [
        Finding("STR001", "info", (zone.start, zone.end), values=(("reason", zone.reason),))
        for zone in furniture
        if zone.reason in _TOLD_REASONS
    ]
    for number in draft.of_kind(*_BODY, "crosshead"):
        block = draft.blocks[number]
        found += [
            Finding("STR001", "info", draft.shifted(number, span), values=(("reason", reason),))
            for span, reason in _furniture_lines(block, draft.language)
        ]
        found += [
            Finding("STR002", "warning", draft.shifted(number, span), values=(("missing", "source_date"),))
            for span in _undated(block, draft.language)
        ]
    return sorted([*found, *_missing(draft)], key=lambda finding: (finding.span, finding.code))


def _furniture_lines(block: BlockReading, language: str) -> Iterator[tuple[Span, str]]:
    """The lines of a paragraph of several that are furniture, or all of a paragraph that speaks to readers
    about the site.
    """
    text = block.passage.text
    if "\n" not in text and "\r" not in text:
        if _is_boilerplate(block, language):
            yield (0, len(text)), "boilerplate"
        return
    for line in _LINE.finditer(text):
        reason = load_furniture().reason(line.group().strip())
        if reason in _TOLD_REASONS:
            yield (line.start(), line.end()), reason


def _is_boilerplate(block: BlockReading, language: str) -> bool:
    """Whether a short paragraph, nobody's words and no news, asks readers to sign up, share or follow."""
    passage = block.passage
    if len(passage) > _LONGEST_BOILERPLATE or passage.quotations or block.attributions:
        return False
    return bool(_boilerplate(language).find(passage))


@cache
def _boilerplate(language: str) -> PhraseIndex[str]:
    phrases = load_groups(language, "boilerplate.json").get("phrases", ())
    return PhraseIndex((phrase, phrase) for phrase in phrases)


def _missing(draft: Draft) -> list[Finding]:
    """STR002 on the headline, or on the first block where there is none."""
    if not draft.blocks:
        return []
    dossier = draft.dossier
    told = {"place": dossier.place, "byline": dossier.byline}
    missing = [name for name, value in told.items() if value is not None and not value.strip()]
    if dossier.date is None and any(value is not None for value in told.values()) and not _opens_dated(draft):
        missing.insert(0, "date")
    unsigned = [name for name, value in told.items() if value is None]
    if dossier.date is not None and len(unsigned) == 1 and dossier.kind not in _UNSIGNED_KINDS:
        missing += unsigned
    if not missing:
        return []
    number = (draft.of_kind("headline") or [0])[0]
    span = draft.shifted(number, (0, len(draft.blocks[number].passage.text)))
    return [Finding("STR002", "warning", span, values=(("missing", name),)) for name in missing[:1]]


def _opens_dated(draft: Draft) -> bool:
    """Whether the first paragraph begins with a date: « LENS, 12 mars - Le conseil… »."""
    months = load_groups(draft.language, "headline_words.json").get("months", ())
    body = draft.of_kind("standfirst", "paragraph")
    first = draft.blocks[body[0]].passage.words[:_FURTHEST_DATE] if body else ()
    return any(word in months and i and first[i - 1].isdigit() for i, word in enumerate(first))


def _undated(block: BlockReading, language: str) -> Iterator[Span]:
    """« un communiqué publié récemment »: a document, and instead of its date a word that tells none."""
    passage = block.passage
    vague = _vague(language).find(passage)
    if not vague:
        return
    groups = load_groups(language, "undated.json")
    documents, articles = frozenset(groups["documents"]), frozenset(groups["articles"])
    published = frozenset(groups["published"])
    for first, last, _ in vague:
        start = passage.sentence(first)[0]
        for i in range(first - 1, max(start, first - 6), -1):
            if passage.words[i] in documents and passage.words[i - 1] in articles:
                between = passage.words[i + 1 : first]
                if any(word in published for word in between) and not any(w.isdigit() for w in between):
                    yield passage.span(i - 1, last)
                break


@cache
def _vague(language: str) -> PhraseIndex[str]:
    phrases = load_groups(language, "undated.json").get("vague", ())
    return PhraseIndex((phrase, phrase) for phrase in phrases)
