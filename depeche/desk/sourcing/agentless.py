"""ATT011: passives and « on » that report what somebody says and hide who does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from depeche.desk.draft import BlockReading, Draft
from depeche.desk.passage import Passage
from depeche.desk.sourcing.testimony import BODY, auxiliary, by_sentence, sourced, words_of
from depeche.desk.spans import Attribution, Finding

_NEAR_AGENT = 7
_FARTHEST_AGENT = 16
_PHRASES = "passive phrases"
_IMPERSONAL = "impersonal passives"
_IMPERSONAL_BLAME = "impersonal blame"
_ANYBODY = "anybody blames"
_SEEN = "seen blamed"
_IMPERSONALS: Mapping[str, frozenset[str]] = {
    _IMPERSONAL: frozenset({"que", "qu'"}),
    _IMPERSONAL_BLAME: frozenset({"de", "d'", "à", "au", "aux", "que", "qu'", "état", "grief"}),
}
_CHARGES = frozenset({"passives", "passives of charges", _IMPERSONAL_BLAME, _ANYBODY, _SEEN})
_DATIVES = frozenset({"lui", "leur", "y", "en"})
_CLITICS = frozenset({"le", "la", "l'", "les", "lui", "leur", "y", "en"})
_TALES = frozenset({"fut", "furent"})
_OPENS = frozenset({",", ";", ":", "et", "mais"})
_SEES = frozenset({"voit", "voient", "voyait", "voyaient", "vu", "vue", "vus", "vues"})


def findings(block: BlockReading, language: str) -> Iterator[Finding]:
    """Passives of a block that report without saying who."""
    if block.passage.kind in BODY:
        yield from _agentless(block, language)


def across(draft: Draft) -> Iterator[Finding]:
    """Passives of a standfirst that no accuser in the body answers for."""
    accusing = words_of(draft.language, "accusing verbs")
    said = (a for n in draft.of_kind(*BODY) for a in draft.blocks[n].attributions)
    if not any(sourced(a) and a.lemma in accusing for a in said):
        for number in draft.of_kind("standfirst"):
            for finding in _agentless(draft.blocks[number], draft.language):
                yield replace(finding, span=draft.shifted(number, finding.span))


def _agentless(block: BlockReading, language: str) -> Iterator[Finding]:
    passage = block.passage
    kinds = _passives(language)
    attributions: dict[int, list[Attribution]] | None = None
    for i, word in enumerate(passage.words):
        if word not in kinds:
            continue
        kind, first = next(_groups(passage, i, kinds[word], language), ("", -1))
        if first < 0 or _has_agent(passage, i):
            continue
        if attributions is None:
            attributions = by_sentence(passage, block.attributions)
        span = passage.span(first, i + 3 if kind == _PHRASES else i + 1)
        if _is_answered_for(passage, i, kind, attributions, language):
            continue
        if severity := block.heard("warning", span):
            yield Finding("ATT011", severity, span)


def _groups(passage: Passage, i: int, kinds: tuple[str, ...], language: str) -> Iterator[tuple[str, int]]:
    """The kinds of passive that the participle at `i` makes here, each with the token that it begins at."""
    for kind in kinds:
        if (first := _passive_group(passage, i, kind, language)) >= 0:
            yield kind, first


@cache
def _passives(language: str) -> Mapping[str, tuple[str, ...]]:
    kinds: dict[str, tuple[str, ...]] = {}
    for kind in (_PHRASES, *_FOLLOWED, _IMPERSONAL, _IMPERSONAL_BLAME, _ANYBODY, _SEEN):
        for words in words_of(language, kind):
            kinds[words.split()[0]] = (*kinds.get(words.split()[0], ()), kind)
    return kinds


def _passive_group(passage: Passage, i: int, kind: str, language: str) -> int:
    """Where the passive of the participle at `i` begins, -1 where what follows makes it none that reports."""
    if kind == _ANYBODY:
        return _anybody(passage, i)
    if kind == _SEEN:
        return i - 1 if i and passage.words[i - 1] in _SEES else -1
    at, passive = auxiliary(passage, i, language)
    if (
        at < 0
        or not passive
        or passage.words[at] in _TALES
        or "VerbForm=Inf" in passage.morphs[at]
        or passage.words[at].endswith("ant")
    ):
        return -1
    if _is_negated(passage, at):
        return -1
    following = passage.words[i + 1] if i + 1 < len(passage) else ""
    if kind == _PHRASES:
        return at if " ".join(passage.words[i : i + 3]) in words_of(language, kind) else -1
    if kind in (_IMPERSONAL, _IMPERSONAL_BLAME):
        start = _impersonal(passage, at)
        return start if following in _IMPERSONALS[kind] else -1
    return at if _FOLLOWED[kind](passage, i, language) else -1


def _impersonal(passage: Passage, at: int) -> int:
    """The « il » right before the auxiliary at `at`, pronouns between allowed; -1 where there is none."""
    at -= 1
    while at >= 0 and passage.words[at] in _DATIVES:
        at -= 1
    return at if at >= 0 and passage.words[at] == "il" else -1


def _anybody(passage: Passage, i: int) -> int:
    """The « on » that is the subject of the verb at `i` (« on lui reproche »); -1 where there is none."""
    first, at = passage.sentence(i)[0], i - 1
    while at >= first and passage.words[at] in _CLITICS:
        at -= 1
    opens = at == first or (at > first and passage.words[at - 1] in _OPENS)
    return at if opens and passage.words[at] == "on" else -1


def _of(passage: Passage, i: int, language: str) -> bool:
    return passage.words[i + 1 : i + 2] in (("de",), ("d'",))


def _as(passage: Passage, i: int, language: str) -> bool:
    label = passage.words[i + 2 : i + 3]
    return passage.words[i + 1 : i + 2] == ("comme",) and not (
        label and label[0] in words_of(language, "no comparisons")
    )


def _labelled(passage: Passage, i: int, language: str) -> bool:
    """« qualifié de brutal », not « qualifié de justesse »."""
    label = passage.words[i + 2 : i + 3]
    return _of(passage, i, language) and bool(label) and label[0] not in words_of(language, "no labels")


def _reputed(passage: Passage, i: int, language: str) -> bool:
    if i + 1 >= len(passage):
        return False
    return "VerbForm=Inf" in passage.morphs[i + 1] or passage.words[i + 1] in words_of(language, "repute")


def _judged(passage: Passage, i: int, language: str) -> bool:
    if i + 1 >= len(passage):
        return False
    return passage.tags[i + 1] == "ADJ" or passage.words[i + 1] in words_of(language, "degrees")


def _held(passage: Passage, i: int, language: str) -> bool:
    return passage.words[i + 1 : i + 2] == ("pour",)


def _tipped(passage: Passage, i: int, language: str) -> bool:
    """« est donné partant »."""
    return not words_of(language, "tips").isdisjoint(passage.words[i + 1 : i + 3])


def _blamed(passage: Passage, i: int, language: str) -> bool:
    """« est critiquée », of somebody, with a reason or at the end of the clause."""
    after = passage.words[i + 1 : i + 2]
    return not after or after[0] in words_of(language, "after blame")


def _charged(passage: Passage, i: int, language: str) -> bool:
    """« des irrégularités sont évoquées »: a fault as the subject, that opens the sentence."""
    first = passage.sentence(i)[0]
    faults = words_of(language, "misconduct") | words_of(language, "rumoured")
    return passage.words[first] in words_of(language, "open determiners") and not faults.isdisjoint(
        passage.words[first:i]
    )


def _is_negated(passage: Passage, at: int) -> bool:
    return any(passage.words[k] in ("ne", "n'") for k in range(max(0, at - 2), at))


def _has_agent(passage: Passage, i: int) -> bool:
    end = passage.sentence(i)[1]
    for k in range(i + 1, min(i + _FARTHEST_AGENT, end - 1)):
        if passage.words[k] == "par" and (k < i + _NEAR_AGENT or passage.tags[k + 1] in ("DET", "PROPN")):
            return True
    return any(passage.deps[child] == "obl:agent" for child in passage.children[i])


def _is_answered_for(
    passage: Passage, i: int, kind: str, attributions: dict[int, list[Attribution]], language: str
) -> bool:
    """Whether the sentence or the one before says who accuses, or it is a charge before a court."""
    sentence = passage.sentence_of[i]
    cue = i if kind in (_ANYBODY, _SEEN) else -1
    if any(_names_somebody(passage, a, cue) for a in attributions.get(sentence, ())):
        return True
    first, last = passage.sentences[sentence]
    words = passage.words[first:last]
    if "selon" in words or words[-1] == "?":
        return True
    charge = kind in _CHARGES
    accusers = (words_of(language, "court") | words_of(language, "police")) - words_of(language, "accused")
    if charge and not accusers.isdisjoint(words):
        return True
    if sentence == 0 or kind == _IMPERSONAL:
        return False
    start = passage.sentences[sentence - 1][0]
    before = passage.words[start:first]
    return any(sourced(a) for a in attributions.get(sentence - 1, ())) or (
        charge and not accusers.isdisjoint(before)
    )


def _names_somebody(passage: Passage, attribution: Attribution, cue: int) -> bool:
    """Whether an attribution has a source other than « on », and another cue than the token `cue`."""
    if not attribution.source or not sourced(attribution) or attribution.mental:
        return False
    if attribution.cue and cue in passage.tokens_in(attribution.cue):
        return False
    return any(passage.words[i] != "on" for i in passage.tokens_in(attribution.source))


_FOLLOWED: Mapping[str, Callable[[Passage, int, str], bool]] = {
    "passives": _of,
    "passives as": _as,
    "passives of label": _labelled,
    "passives of repute": _reputed,
    "passives of opinion": _judged,
    "passives for": _held,
    "passives of tips": _tipped,
    "passives of blame": _blamed,
    "passives of charges": _charged,
}
