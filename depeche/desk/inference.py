"""What the text concludes, guesses or takes for granted in its own name: the findings INF001 to INF006."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from depeche.desk import shapes, speculation
from depeche.desk.draft import BlockReading
from depeche.desk.expressions import Spotted, load_expressions, load_word_group
from depeche.desk.passage import Passage
from depeche.desk.spans import Finding, Severity, Span

_FILES = (
    "causal.json",
    "mind_reading.json",
    speculation.FILE,
    "universals.json",
    "editorial_markers.json",
    "presupposition.json",
)
_CODES: dict[str, tuple[str, Severity]] = {
    **dict.fromkeys(("conclusion", "sign", "cause"), ("INF001", "warning")),
    **dict.fromkeys(("intent", "motive", "attitude", "feeling", "belief"), ("INF002", "warning")),
    **dict.fromkeys(speculation.KINDS, ("INF003", "warning")),
    **dict.fromkeys(("everyone", "nobody", "group", "always"), ("INF004", "info")),
    **dict.fromkeys(("judgement", "exclamation"), ("INF005", "warning")),
    **dict.fromkeys(("continuation", "expectation"), ("INF006", "info")),
}
_WORDS_ALONE = frozenset({"INF005", "INF006"})
_OTHERS_WORDS = frozenset({"quotation", "byline", "furniture"})

_Shape = Callable[[BlockReading, Spotted, str], bool]


def findings(block: BlockReading, language: str) -> list[Finding]:
    """What one block infers without saying on whose authority, in the order of its words; offsets of the
    block.
    """
    passage = block.passage
    if passage.kind in _OTHERS_WORDS:
        return []
    spotted, _ = load_expressions(language, *_FILES).find(passage)
    kept = [one for one in spotted if one.expression.kind in _CODES and _holds(block, one, language)]
    found = [_finding(block, one, language) for one in _one_each(passage, kept)]
    return sorted(found, key=lambda finding: (finding.span, finding.code))


def _holds(block: BlockReading, one: Spotted, language: str) -> bool:
    shape = _SHAPES.get(one.expression.shape)
    if shape and not shape(block, one, language):
        return False
    return not shapes.is_sourced(block, one.first, one.last, language)


def _finding(block: BlockReading, one: Spotted, language: str) -> Finding:
    passage, expression = block.passage, one.expression
    code, usual = _CODES[expression.kind]
    words = passage.span(one.first, one.last)
    span = words if code in _WORDS_ALONE else shapes.clause(passage, one.first, one.last)
    level = expression.level or usual
    if expression.kind in speculation.KINDS:
        level = speculation.level(passage, one, language, level)
    values = (("term", expression.term), ("kind", expression.kind), ("cue", _text(passage, words)))
    return Finding(code, level, span, values=values)


def _one_each(passage: Passage, kept: Sequence[Spotted]) -> list[Spotted]:
    """The first of each code in a sentence, but no mind read where everybody's is (« tout le bourg croit »)."""
    seen: set[tuple[int, str]] = set()
    chosen = []
    for one in sorted(kept, key=lambda one: (_CODES[one.expression.kind][0] == "INF002", one.first)):
        sentence, code = passage.sentence_of[one.first], _CODES[one.expression.kind][0]
        if (sentence, code) in seen or (code == "INF002" and (sentence, "INF004") in seen):
            continue
        seen.add((sentence, code))
        chosen.append(one)
    return chosen


def _text(passage: Passage, span: Span) -> str:
    return passage.text[span[0] : span[1]]


def _is_human_subject(block: BlockReading, one: Spotted, language: str) -> bool:
    subject = shapes.subject_of(block.passage, one.first, language)
    return shapes.is_human(block.passage, subject, language)


def _is_silent_human_subject(block: BlockReading, one: Spotted, language: str) -> bool:
    """Whether the subject is somebody whom the block does not let speak."""
    return _is_human_subject(block, one, language) and not any(
        attribution.source and not attribution.mental for attribution in block.attributions
    )


def _is_abstract_subject(block: BlockReading, one: Spotted, language: str) -> bool:
    subject = shapes.subject_of(block.passage, one.first, language)
    return shapes.is_abstract(block.passage, subject, language)


def _is_outcome(block: BlockReading, one: Spotted, language: str) -> bool:
    """Whether the subject is an event, which shows nothing until somebody says so."""
    passage = block.passage
    subject = shapes.subject_of(passage, one.first, language)
    return subject >= 0 and passage.words[subject] in load_word_group(language, "outcome")


def _answers_if(block: BlockReading, one: Spotted, language: str) -> bool:
    """Whether the sentence begins with « si »."""
    passage = block.passage
    start = passage.sentence(one.first)[0]
    return passage.words[start] in load_word_group(language, "if")


def _precedes_infinitive(block: BlockReading, one: Spotted, language: str) -> bool:
    return shapes.is_infinitive(block.passage, one.last, language)


def _is_subject(block: BlockReading, one: Spotted, language: str) -> bool:
    """Whether the words are no complement, and a verb follows."""
    passage = block.passage
    start, end = passage.sentence(one.first)
    if one.first > start and passage.tags[one.first - 1] in ("ADP", "VERB", "AUX", "DET", "NOUN"):
        return False
    if one.last < end and passage.words[one.last] in load_word_group(language, "clitic"):
        return True
    return one.last < end and passage.tags[one.last] not in ("PUNCT", "ADP", "SCONJ")


def _is_whole_place(block: BlockReading, one: Spotted, language: str) -> bool:
    """Whether a sentence begins with it, a name and a verb (« Tout Brest en parle »)."""
    passage, last = block.passage, one.last
    start, end = passage.sentence(one.first)
    return (
        one.first == start
        and last + 1 < end
        and passage.form(last)[0].isupper()
        and passage.tags[last] in ("PROPN", "NOUN")
        and (
            passage.words[last + 1] in load_word_group(language, "clitic")
            or passage.tags[last + 1] not in ("PUNCT", "ADP", "PROPN")
        )
    )


def _announces(block: BlockReading, one: Spotted, language: str) -> bool:
    passage = block.passage
    return one.last < len(passage) and passage.words[one.last] == ":"


def _is_nobody(block: BlockReading, one: Spotted, language: str) -> bool:
    """Whether « ne » follows within four words."""
    passage = block.passage
    end = min(passage.sentence(one.first)[1], one.last + 4)
    negations = load_word_group(language, "negation")
    free = one.first == 0 or passage.tags[one.first - 1] not in ("DET", "ADP")
    return free and not negations.isdisjoint(passage.words[one.last : end])


def _is_everyone(block: BlockReading, one: Spotted, language: str) -> bool:
    """Whether all of some people are meant, not all of a number of them."""
    passage = block.passage
    free = one.first == 0 or passage.tags[one.first - 1] not in ("ADP", "VERB", "AUX")
    return (
        free
        and one.last < len(passage)
        and passage.tags[one.last] not in ("NUM", "PUNCT")
        and not passage.words[one.last].isdigit()
        and shapes.is_human(passage, one.last, language)
    )


def _is_still_missing(block: BlockReading, one: Spotted, language: str) -> bool:
    """Whether « ne … toujours pas » is said of an act left undone."""
    passage = block.passage
    end = passage.sentence(one.first)[1]
    awaited = load_word_group(language, "still")
    at = next((i for i in range(one.last, min(end, one.last + 5)) if passage.words[i] in awaited), end)
    denied = load_word_group(language, "not")
    if at + 1 >= end or passage.words[at + 1] not in denied:
        return False
    passive = load_word_group(language, "passive")
    return passive.isdisjoint(passage.words[one.last : min(end, at + 4)])


def _is_exclaimed(block: BlockReading, one: Spotted, language: str) -> bool:
    """Whether a sentence of our own ends with it."""
    passage = block.passage
    end = passage.sentence(one.first)[1]
    return one.first > passage.sentence(one.first)[0] + 1 and one.last == end and passage.kind == "paragraph"


_SHAPES: dict[str, _Shape] = {
    "human_subject": _is_human_subject,
    "human_subject_alone": _is_silent_human_subject,
    "abstract_subject": _is_abstract_subject,
    "outcome_subject": _is_outcome,
    "since_if": _answers_if,
    "infinitive_next": _precedes_infinitive,
    "subject": _is_subject,
    "generic": _is_subject,
    "nobody": _is_nobody,
    "everyone": _is_everyone,
    "whole_place": _is_whole_place,
    "announces": _announces,
    "not_yet": _is_still_missing,
    "exclamation": _is_exclaimed,
    **speculation.SHAPES,
}
