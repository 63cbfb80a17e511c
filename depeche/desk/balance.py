"""Who is heard, how much, and whether the accused are: the share of voice, BAL001 to BAL003."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from depeche.desk.draft import BlockReading, Draft
from depeche.desk.echoes import wordbook
from depeche.desk.lexicon import load_groups
from depeche.desk.naming import Names, names_of
from depeche.desk.passage import Passage
from depeche.desk.phrases import PhraseIndex
from depeche.desk.spans import Attribution, Finding, Severity, Span, Voice

_ONE_SIDED = 0.60
_OVERWHELMING = 0.70
_FEWEST_WORDS = 150
_FEWEST_ATTRIBUTIONS = 3
_AUDIBLE = 0.05
_ONE_VOICE_KINDS = frozenset({"interview", "profile", "obituary", "brief", "press_release"})
_BODIES = frozenset({"institution", "metonymy"})
_BODY = ("standfirst", "paragraph", "quotation", "list_item")
_NOT_A_REPLY = frozenset(
    {"prediction_commitment", "directive_request", "accusation_criticism", "denial_reply"}
)
_ARTICLES = frozenset({(word,) for word in ("le", "la", "l'", "un", "une", "les", "des", "son", "sa")})
_CONFESSION = "factive_concessive"
_ACCUSATION = "accusation_criticism"
_DENIAL = "denial_reply"


def voices(draft: Draft) -> list[Voice]:
    """How much of what is reported each source says, the loudest first.

    Counted are the characters of outermost contents in the body, spaces left out; who has the same family
    name or office is one source.
    """
    names = names_of(draft)
    said: dict[str, list[Span]] = {}
    for number, attribution, key in _spoken(draft, names):
        said.setdefault(key, []).extend(draft.shifted(number, span) for span in attribution.content)
    lengths = {key: _length(draft, spans) for key, spans in said.items()}
    total = sum(lengths.values())
    camps = {camp: _keys(names, speakers) for camp, speakers in draft.dossier.camps.items()}
    found = [
        Voice(
            source=names.shown(key),
            spans=tuple(sorted(set(spans))),
            characters=lengths[key],
            share=lengths[key] / total,
            camp=next((camp for camp, keys in camps.items() if key in keys), ""),
        )
        for key, spans in said.items()
        if lengths[key]
    ]
    return sorted(found, key=lambda voice: (-voice.characters, voice.spans))


def findings(draft: Draft, voices: Sequence[Voice]) -> list[Finding]:
    """BAL001 to BAL003, on the headline (where there is none, on the first block)."""
    if not draft.blocks:
        return []
    names = names_of(draft)
    found = _unanswered(draft, names)
    if draft.dossier.kind not in _ONE_VOICE_KINDS:
        found += [*_one_sided(draft, voices), *_single(draft, names, voices)]
    return sorted(found, key=lambda finding: finding.code)


def _spoken(draft: Draft, names: Names) -> Iterator[tuple[int, Attribution, str]]:
    """Every outermost attribution of the body to a source, with the key of who it is."""
    before = ""
    for number in draft.of_kind(*_BODY):
        block = draft.blocks[number]
        for attribution in block.attributions:
            if attribution.parent >= 0 or attribution.type == "conditional":
                continue
            key = names.key(number, attribution, before)
            if key:
                before = key
                yield number, attribution, key


def _length(draft: Draft, spans: list[Span]) -> int:
    """The characters in `spans`, each counted once."""
    total, reached = 0, -1
    for start, end in sorted(spans):
        if end > reached:
            total += end - max(start, reached)
            reached = end
    return total


def _keys(names: Names, speakers: Sequence[str]) -> set[str]:
    return {key for speaker in speakers for key in names.keys_in(speaker)}


def _one_sided(draft: Draft, voices: Sequence[Voice]) -> list[Finding]:
    """BAL001 where the newsroom named the camps and one of them has most of the words."""
    if len(draft.dossier.camps) < 2 or _words(draft) < _FEWEST_WORDS // 2:
        return []
    speakers = [v for v in voices if v.camp or not _is_document(v, draft.language)]
    total = sum(v.characters for v in speakers) or 1
    shares = {c: sum(v.characters for v in speakers if v.camp == c) / total for c in draft.dossier.camps}
    camp, share = max(shares.items(), key=lambda item: item[1])
    if share < _ONE_SIDED:
        return []
    severity: Severity = "warning" if share >= _OVERWHELMING else "info"
    values = (("share", f"{share:.0%}"), ("source", camp))
    spans = tuple(span for v in voices if v.camp == camp for span in v.spans)
    return [Finding("BAL001", severity, _place(draft), related=spans[:5], values=values)]


def _is_document(voice: Voice, language: str) -> bool:
    """Whether a source is a report, a register or the like: it says, but nobody is heard."""
    heads = load_groups(language, "source_heads.json")
    kinds = {word: kind for kind in ("person", "organisation", "document") for word in heads.get(kind, ())}
    words = voice.source.lower().replace("’", "'").replace("'", "' ").split()
    return next((kinds[word] for word in words if word in kinds), "") == "document"


def _single(draft: Draft, names: Names, voices: Sequence[Voice]) -> list[Finding]:
    """BAL003 where one source alone is named in an article of some length."""
    if _words(draft) < _FEWEST_WORDS or not any(block.passage.parsed for block in draft.blocks):
        return []
    spoken = [(a, key) for _, a, key in _spoken(draft, names)]
    shares = {voice.source: voice.share for voice in voices}
    keys = {
        key
        for a, key in spoken
        if (a.quality in _BODIES or names.is_person(key)) and shares.get(names.shown(key), 0) >= _AUDIBLE
    }
    if len(keys) != 1 or len(spoken) < _FEWEST_ATTRIBUTIONS:
        return []
    return [Finding("BAL003", "info", _place(draft), values=(("source", names.shown(keys.pop())),))]


def _words(draft: Draft) -> int:
    return sum(len(draft.blocks[n].passage) for n in draft.of_kind(*_BODY))


def _place(draft: Draft) -> Span:
    headlines = draft.of_kind("headline")
    number = headlines[0] if headlines else 0
    return draft.shifted(number, (0, len(draft.blocks[number].passage.text)))


def _unanswered(draft: Draft, names: Names) -> list[Finding]:
    """BAL002 where somebody is accused and neither they nor anyone for them replies."""
    if any(_answers(block, draft.language) for block in draft.blocks):
        return []
    accusations = list(_accusations(draft))
    if not accusations:
        return []
    heard = {key for _, a, key in _spoken(draft, names) if a.stance not in _NOT_A_REPLY}
    for number, words, target in accusations:
        block = draft.blocks[number]
        if target and names.key_of(block, target) in heard:
            continue
        values = (("target", block.passage.text[slice(*target)]),) if target else ()
        related = (draft.shifted(number, words),)
        return [Finding("BAL002", "warning", _place(draft), related=related, values=values)]
    return []


def _accusations(draft: Draft) -> Iterator[tuple[int, Span, Span | None]]:
    """What is held against a person or body: the block, the words that do, and whom they hit."""
    accusing = _group(draft.language, "accusing")
    for number in draft.of_kind(*_BODY):
        block = draft.blocks[number]
        for attribution in block.attributions:
            if attribution.negated or attribution.stance in (_DENIAL, _CONFESSION):
                continue
            charge = _charge(block, attribution, draft.language)
            if attribution.stance == _ACCUSATION and attribution.lemma in accusing and attribution.cue:
                if attribution.content:
                    yield number, attribution.cue, _target(block.passage, attribution.cue)
            elif charge:
                yield number, *charge
    for number in draft.of_kind(*_BODY, "headline"):
        for charge in _own_charges(draft.blocks[number], draft.language):
            yield number, *charge


def _own_charges(block: BlockReading, language: str) -> Iterator[tuple[Span, Span]]:
    """The misdeeds of a definite somebody that the newsroom itself tells of, and the complaints lodged
    against somebody: the words and who they hit.
    """
    passage = block.passage
    if not passage.parsed:
        return
    harmless = _group(language, "also_harmless")
    verbs = [
        i
        for i, tag in enumerate(passage.tags)
        if tag == "VERB" and not passage.quoted[i] and passage.lemmas[i] not in harmless
    ]
    for touch in wordbook(language).touches(passage, verbs):
        if not (touch.asserts and touch.topic.accuses) or "Tense=Fut" in passage.morphs[touch.first]:
            continue
        doer = _doer(passage, touch.first, language)
        span = passage.span(touch.first, touch.last)
        if doer and _is_plain(passage, touch.first, doer, language) and block.voice(span) == "own":
            yield span, passage.span(*doer)
    for match in _lodged(language).find(passage):
        first = passage.sentence(match.first)[0]
        i = match.last + (passage.words[match.last : match.last + 1] in _ARTICLES)
        if i < len(passage) and passage.tags[i] in ("NOUN", "PROPN") and not any(passage.quoted[first:i]):
            yield passage.span(match.first, match.last), passage.span(i, i + 1)


def _is_plain(passage: Passage, verb: int, doer: tuple[int, int], language: str) -> bool:
    """Whether a known somebody did it: no « ne », no « des voleurs », no question, no court or police that
    says so.
    """
    first, last = passage.sentence(verb)
    words = passage.words[first:last]
    if words[-1] == "?" or not _group(language, "ruled").isdisjoint(words):
        return False
    definite = passage.words[doer[0]] in _group(language, "definite") or passage.tags[doer[0]] == "PROPN"
    return definite and not any(w in ("ne", "n'") for w in passage.words[max(0, verb - 4) : verb])


@cache
def _lodged(language: str) -> PhraseIndex[str]:
    phrases = load_groups(language, "replies.json").get("lodged", ())
    return PhraseIndex((phrase, phrase) for phrase in phrases)


def _charge(block: BlockReading, attribution: Attribution, language: str) -> tuple[Span, Span] | None:
    """A misdeed in what is reported, but by a court, done by somebody: its words and who."""
    passage = block.passage
    judges = passage.tokens_in(attribution.source) if attribution.source else ()
    if any(passage.words[i] in _group(language, "ruled") for i in judges):
        return None
    for span in attribution.content:
        tokens = passage.tokens_in(span)
        for touch in wordbook(language).touches(passage, tokens):
            if not (touch.asserts and touch.topic.accuses) or passage.tags[touch.first] != "VERB":
                continue
            doer = _doer(passage, touch.first, language)
            negated = any(w in ("ne", "n'") for w in passage.words[max(0, touch.first - 4) : touch.first])
            if doer and not negated and not _is_source(passage, attribution, doer):
                return passage.span(touch.first, touch.last), passage.span(*doer)
    return None


def _target(passage: Passage, cue: Span) -> Span | None:
    """Whom a verb accuses: its object, or the subject of a passive."""
    for i in passage.tokens_in(cue):
        for child in passage.children[i]:
            named = passage.tags[child] in ("NOUN", "PROPN")
            if named and passage.deps[child] in ("obj", "iobj", "obl:arg", "nsubj:pass"):
                return passage.span(*passage.subtree(child))
    return None


def _doer(passage: Passage, verb: int, language: str) -> tuple[int, int] | None:
    """The subject of a verb in the active voice, or its agent (« par les insurgés »), None without one."""
    by = _group(language, "by")
    for child in passage.children[verb]:
        if passage.tags[child] not in ("NOUN", "PROPN"):
            continue
        first = passage.subtree(child)[0]
        agent = passage.deps[child].startswith("obl") and passage.words[first] in by
        if passage.deps[child] == "nsubj" or agent:
            return first + agent, child + 1
    return None


def _is_source(passage: Passage, attribution: Attribution, doer: tuple[int, int]) -> bool:
    source = attribution.source_ref or attribution.source
    if source is None:
        return False
    return passage.words[doer[1] - 1] in {passage.words[i] for i in passage.tokens_in(source)}


def _answers(block: BlockReading, language: str) -> bool:
    """Whether somebody denies or replies in a block, or was asked in vain."""
    if block.passage.kind not in _BODY:
        return False
    denials = _group(language, "denials")
    if any(a.lemma in denials and not a.negated for a in block.attributions):
        return True
    return bool(_answer_index(language).find(block.passage))


@cache
def _answer_index(language: str) -> PhraseIndex[str]:
    groups = load_groups(language, "replies.json")
    phrases = (*groups.get("denial_forms", ()), *groups.get("silences", ()))
    return PhraseIndex((phrase, phrase) for phrase in phrases)


@cache
def _group(language: str, name: str) -> frozenset[str]:
    return frozenset(load_groups(language, "replies.json").get(name, ()))
