"""ATT003 and ATT007: sources without a name, and sources that only pass on what another said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from depeche.desk.draft import BlockReading, Draft
from depeche.desk.passage import Passage
from depeche.desk.sourcing.testimony import (
    BODY,
    accusing_forms,
    by_sentence,
    is_name,
    reporting_stance,
    sourced,
    words_of,
)
from depeche.desk.spans import Attribution, Finding, Severity, Span

_JUDGING = frozenset({"opinion", "accusation_criticism"})
_PLURAL_SOURCES = "sources"
_PASSED_ON = frozenset({"conditional_hearsay"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_OF = frozenset({"de", "du", "des", "d'"})


def findings(block: BlockReading, language: str) -> Iterator[Finding]:
    """Each anonymous source of a block, once, unless the text says what it does and why it has no name."""
    if block.passage.kind not in BODY:
        return
    told: set[int] = set()
    for attribution in block.attributions:
        if attribution.source and attribution.type != "conditional":
            told.update(block.passage.tokens_in(attribution.source))
            finding = _anonymous(
                block, attribution.source, _judges(block.passage, attribution, language), language
            )
            if finding:
                yield finding
    yield from _subjects(block, told, language)


def across(draft: Draft) -> Iterator[Finding]:
    """Each document or paper whose words the article neither quotes nor dates."""
    dated: set[str] | None = None
    for number in draft.of_kind(*BODY):
        block = draft.blocks[number]
        sentences = None
        told: set[int] = set()
        for index, attribution in enumerate(block.attributions):
            if not attribution.source or attribution.negated:
                continue
            told.update(block.passage.tokens_in(attribution.source))
            noun = _document(block, index, draft.language)
            if not noun:
                continue
            if sentences is None:
                sentences = by_sentence(block.passage, block.attributions)
            if dated is None:
                dated = set(_dated_documents(draft))
            if noun not in dated and not _is_quoted_or_dated(block, attribution, draft.language):
                yield _second_hand(draft, number, attribution.source)
        if dated is None:
            dated = set(_dated_documents(draft))
        for first, last in _concluding(block.passage, told, dated, draft.language):
            yield _second_hand(draft, number, block.passage.span(first, last))


def _concluding(
    passage: Passage, told: set[int], dated: set[str], language: str
) -> Iterator[tuple[int, int]]:
    """Documents that conclude something where no attribution was read (« un rapport épingle la régie »)."""
    documents = words_of(language, "documents")
    verbs, articles = words_of(language, "document verbs"), words_of(language, "document articles")
    for i, word in enumerate(passage.words):
        if word not in documents or i in told or word in dated or i <= passage.sentence(i)[0] - 1:
            continue
        start, end = passage.sentence(i)
        if i == start or passage.words[i - 1] not in articles or not passage.parsed:
            continue
        last = max(i + 1, passage.edges[i][1])
        around = passage.words[start:end]
        if last == i + 1 or any(passage.quoted[start:end]) or _has_date(around, language):
            continue
        if reporting_stance(passage, (i - 1, last), language, verbs) is not None:
            yield i - 1, last


def _second_hand(draft: Draft, number: int, source: Span) -> Finding:
    words = draft.blocks[number].passage.text[slice(*source)]
    return Finding("ATT007", "info", draft.shifted(number, source), values=(("source", words),))


def _subjects(block: BlockReading, told: set[int], language: str) -> Iterator[Finding]:
    """Anonymous subjects of verbs that report, where no attribution was read (« une source juge… »)."""
    passage, people = block.passage, words_of(language, "insiders")
    for i, word in enumerate(passage.words):
        if word not in people or i in told or not i:
            continue
        first = i - 1 if passage.tags[i - 1] != "ADJ" else i - 2
        last = max(i + 1, passage.edges[i][1]) if passage.parsed else i + 1
        if first >= 0 and passage.words[first] in words_of(language, "indefinite articles"):
            stance = reporting_stance(passage, (first, last), language, words_of(language, "judging forms"))
            if stance is not None:
                finding = _anonymous(block, passage.span(first, last), stance in _JUDGING, language)
                if finding:
                    yield finding


def _anonymous(block: BlockReading, source: Span, judges: bool, language: str) -> Finding | None:
    passage = block.passage
    tokens = passage.tokens_in(source)
    if not tokens or block.heard("info", source) is None:
        return None
    noun = _indefinite_person(passage, tokens, language)
    if noun < 0 or _is_named(passage, noun, tokens):
        return None
    bystander = passage.words[noun] in words_of(language, "bystanders")
    missing = _missing(passage, noun, tokens, language)
    if not missing:
        return None
    severity: Severity = "info"
    if not bystander and judges:
        severity = block.heard("warning", source) or "info"
    return Finding("ATT003", severity, source, values=(("missing", ", ".join(missing)),))


def _indefinite_person(passage: Passage, tokens: range, language: str) -> int:
    """The noun of « une source », « un responsable »; -1 where the phrase is definite or something else."""
    people = words_of(language, "insiders") | words_of(language, "bystanders")
    before = words_of(language, "before a person")
    first = tokens[0]
    bare = passage.words[first] in ("source", _PLURAL_SOURCES) and first and passage.words[first - 1] == "de"
    if bare:
        return first
    articles = words_of(language, "indefinite articles")
    if passage.words[first] not in articles and not (
        first and passage.words[first - 1] == "des" and passage.tags[first - 1] == "DET"
    ):
        return -1
    for i in tokens[passage.words[first] in articles : 5]:
        if passage.words[i] in people:
            return i if passage.words[i] != _PLURAL_SOURCES else -1
        if passage.words[i] in before:
            continue
        if passage.tags[i] in ("NOUN", "PROPN", "VERB"):
            return -1
    return -1


def _is_named(passage: Passage, noun: int, tokens: range) -> bool:
    """Whether a name stands beside the noun or in apposition (« un pêcheur, Alain Brosse »)."""
    end = passage.sentence(noun)[1]
    for i in range(noun + 1, min(tokens[-1] + 4, end)):
        if is_name(passage, i) and passage.words[i - 1] not in _OF:
            before = passage.words[i - 1]
            if before == "," or passage.tags[i - 1] in ("NOUN", "ADJ") or before in ("nommé", "nommée"):
                return True
    return False


def _missing(passage: Passage, noun: int, tokens: range, language: str) -> list[str]:
    """Which of reason and position the sentence does not give."""
    first, last = passage.sentence(noun)
    around = passage.words[first:last]
    anonymous = not words_of(language, "anonymity").isdisjoint(around) or _withholds(around, language)
    why = not anonymous or words_of(language, "reasons").isdisjoint(around)
    vague = passage.words[noun] in words_of(language, "mere sources") and tokens[-1] == noun
    return [name for name, lacks in (("reason", why), ("position", vague)) if lacks]


def _withholds(words: Sequence[str], language: str) -> bool:
    """Whether a name is kept back (« a demandé que son nom ne soit pas publié »)."""
    names, withheld = words_of(language, "names"), words_of(language, "withheld")
    return not names.isdisjoint(words) and not withheld.isdisjoint(words)


def _judges(passage: Passage, attribution: Attribution, language: str) -> bool:
    if attribution.stance in _JUDGING:
        return True
    forms, misconduct = accusing_forms(language), words_of(language, "misconduct")
    words = [passage.words[i] for span in attribution.content for i in passage.tokens_in(span)]
    return not misconduct.isdisjoint(words) or any(
        written.accusation.grave and not written.accusation.objects
        for word in words
        for written in forms.get(word, ())
    )


def _document(block: BlockReading, index: int, language: str) -> str:
    """The noun of a document or paper that speaks in attribution `index`, "" where it is neither."""
    attribution = block.attributions[index]
    if attribution.source is None or block.heard("info", attribution.source) is None:
        return ""
    passage, tokens = block.passage, block.passage.tokens_in(attribution.source)
    heads = [i for i in tokens[:3] if passage.tags[i] in ("NOUN", "PROPN")]
    if not heads:
        return ""
    noun = passage.words[heads[0]]
    if noun in words_of(language, "press") and _passes_on(block, index):
        return noun
    if _is_paper(passage, heads[0], language) and attribution.lemma not in words_of(language, "own business"):
        return noun
    if not attribution.content:
        return ""
    if noun in words_of(language, "documents"):
        article = passage.words[tokens[0]]
        complement = heads[0] + 1 < len(passage) and passage.words[heads[0] + 1] in _OF
        described = complement or passage.tags[tokens[-1]] == "ADJ" or article not in ("un", "une")
        return noun if described and article in words_of(language, "document articles") else ""
    return ""


def _is_paper(passage: Passage, i: int, language: str) -> bool:
    """Whether `i` is a newspaper by its common noun, or by its name (« La Gazette », « Le Monde »)."""
    if passage.words[i] in words_of(language, "papers"):
        return True
    return passage.form(i)[:1].isupper() and passage.words[i] in words_of(language, "paper names")


def _passes_on(block: BlockReading, index: int) -> bool:
    """Whether what a paper says is what somebody else said or is said to have done."""
    contents = block.attributions[index].content
    if any(other.parent == index and sourced(other) for other in block.attributions):
        return True
    return any(
        hedge.type in _PASSED_ON and start <= hedge.span[0] and hedge.span[1] <= end
        for hedge in block.hedges
        for start, end in contents
    )


def _is_quoted_or_dated(block: BlockReading, attribution: Attribution, language: str) -> bool:
    passage = block.passage
    spans: Sequence[Span | None] = (attribution.source, attribution.cue, *attribution.content)
    tokens = [i for span in spans if span for i in passage.tokens_in(span)]
    first, last = passage.sentence(tokens[0])
    if any(passage.quoted[first:last]):
        return True
    said = {i for span in attribution.content for i in passage.tokens_in(span)}
    return _has_date([passage.words[i] for i in range(first, last) if i not in said], language)


def _has_date(words: Sequence[str], language: str) -> bool:
    """Whether a sentence has a day, a month, a year or a word for publishing."""
    return not words_of(language, "dated").isdisjoint(words) or any(_YEAR.fullmatch(word) for word in words)


def _dated_documents(draft: Draft) -> Iterator[str]:
    """The documents that some sentence of the article gives a date."""
    documents = words_of(draft.language, "documents")
    for block in draft.blocks:
        words = block.passage.words
        if documents.isdisjoint(words):
            continue
        for first, last in block.passage.sentences:
            if _has_date(words[first:last], draft.language):
                yield from (word for word in words[first:last] if word in documents)
