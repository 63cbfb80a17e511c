"""Verbs that report in a passage, and how far the verb group of each reaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from depeche.desk.passage import Passage
from depeche.desk.verbs import Form, Lexicon, ReportingVerb, load_verbs

_CLITICS = frozenset(
    [
        "se",
        "s'",
        "ne",
        "n'",
        "l'",
        "le",
        "la",
        "les",
        "lui",
        "leur",
        "y",
        "en",
        "me",
        "m'",
        "te",
        "t'",
        "nous",
        "vous",
    ]
)

_REFLEXIVES = frozenset({"se", "s'"})

_MAYBE_REFLEXIVES = frozenset({"me", "m'", "te", "t'", "nous", "vous"})

_DETERMINERS = frozenset(
    [
        "le",
        "la",
        "les",
        "l'",
        "un",
        "une",
        "des",
        "cette",
        "ces",
        "ce",
        "cet",
        "sa",
        "son",
        "ses",
        "leur",
        "leurs",
        "du",
        "d'",
        "de",
        "au",
        "aux",
    ]
)

_LONGEST_ADVERBS = 5

_INVERTED = frozenset(
    ["-t", "-il", "-elle", "-ils", "-elles", "-on", "-je", "-nous", "-vous", "-ce", "t", "il"]
) - {"il", "t"}


@dataclass(frozen=True, slots=True)
class Cue:
    """A reporting verb in a passage: tokens `[first, last)` of its verb group, `at` the verb itself.

    `start` is the first word of the group or of the clitics before it. `voice` is active or passive, `kind`
    finite, inf, pp (a participle alone) or ppres. `finite` is the token that carries the tense, `beside` the
    verb whose auxiliary and subject it shares, -1 for none.
    """

    at: int
    first: int
    last: int
    finite: int
    verb: ReportingVerb
    kind: str
    voice: str
    negated: bool
    beside: int = -1


def cues(passage: Passage, language: str) -> list[Cue]:
    """Every reporting verb of the passage that may be one by its form, in order.

    Whether it reports something is for whoever looks for its content to say.
    """
    lexicon = load_verbs(language)
    found: list[Cue] = []
    for i, word in enumerate(passage.words):
        entries = lexicon.forms.get(word)
        if entries and (cue := _cue_at(passage, i, entries, lexicon)):
            found.append(_coordinated(passage, cue, found, lexicon))
    return found


def _coordinated(passage: Passage, cue: Cue, before: list[Cue], lexicon: Lexicon) -> Cue:
    """`cue`, or where it is a second participle of one auxiliary (« a reconnu… et promis ») the whole verb."""
    if cue.kind != "pp" or cue.verb.tail or passage.words[max(0, cue.first - 1)] != "et":
        return cue
    for other in reversed(before):
        if passage.sentence_of[other.at] != passage.sentence_of[cue.at]:
            break
        if (
            other.kind == "finite"
            and other.finite != other.at
            and passage.words[other.finite] in lexicon.have
        ):
            return replace(cue, kind="finite", voice=other.voice, beside=other.at)
    return cue


def _cue_at(passage: Passage, i: int, entries: tuple[Form, ...], lexicon: Lexicon) -> Cue | None:
    words, tags = passage.words, passage.tags
    before = words[i - 1] if i else ""
    if passage.parsed and tags[i] in ("NOUN", "PROPN", "ADP", "DET", "NUM", "PRON", "SCONJ", "CCONJ"):
        sure = tags[i] in ("NOUN", "PROPN") and (_is_inserted(passage, i) or _opens_participle(passage, i))
        sure = sure or (passage.sentence(i)[0] == i and words[i + 1 : i + 2] == ("par",))
        if not sure:
            return None
    if before in _DETERMINERS and tags[i] != "VERB" and tags[i] != "AUX":
        return None
    auxiliary, first, passive = _auxiliary(passage, i, lexicon)
    clitics = _clitics_before(words, first)
    reflexive = not _REFLEXIVES.isdisjoint(clitics)
    form = _fitting(words, i, entries, reflexive, auxiliary >= 0)
    doubled = clitics[:2] in (("nous", "nous"), ("vous", "vous"))
    if form is None and (doubled or not _MAYBE_REFLEXIVES.isdisjoint(set(clitics) - {"nous", "vous"})):
        form = _fitting(words, i, entries, True, auxiliary >= 0)
    if form is None or (form.verb.lemma.startswith("s'en ") and "en" not in clitics):
        return None
    kind = form.kind
    passive = passive or (
        auxiliary >= 0 and words[auxiliary] in lexicon.be and not form.verb.reflexive and not reflexive
    )
    finite = auxiliary if auxiliary >= 0 else i
    if kind == "pp" and auxiliary >= 0:
        kind = "finite" if words[auxiliary] not in ("avoir", "être", "ayant", "étant") else "inf"
        if words[auxiliary] in ("ayant", "étant"):
            kind = "ppres"
    elif auxiliary >= 0 and kind != "pp":
        finite, first, passive = i, i, False
    last = i + 1
    if form.verb.tail:
        last = _after_tail(words, i + 1, form.verb.tail)
    if kind == "inf":
        finite, first = _semi_auxiliary(passage, first, finite, lexicon)
        if finite != i and finite != auxiliary:
            kind = "finite" if _is_finite(passage, finite) else kind
    start = first
    plural = words[finite].endswith(("ez", "ons", "mes", "tes"))
    while start > 0 and words[start - 1] in _CLITICS and tags[start - 1] != "DET":
        if words[start - 1] in ("nous", "vous") and plural:
            start -= words[start - 2] == words[start - 1]  # « nous nous demandons »
            break
        start -= 1
    if start > 0 and words[start - 1] == "en" and kind == "ppres":
        start -= 1
        first = start + 1
    voice = "passive" if passive or (kind == "pp" and not form.verb.tail) else "active"
    negated = any(words[k] in ("ne", "n'") for k in range(start, i)) and not _only_restricts(words, start, i)
    start = first if words[start] == "en" and kind == "ppres" else start
    return Cue(i, start, last, finite, form.verb, kind, voice, negated)


def _is_inserted(passage: Passage, i: int) -> bool:
    """Whether a form follows a closing mark or comma as a verb after a quotation does (« , note-t-il »)."""
    before = passage.words[i - 1] if i else ""
    if before == "," and i > 1:
        before = passage.words[i - 2]
    after = passage.words[i + 1] if i + 1 < len(passage) else ""
    return after in ("-t", "-il", "-elle", "-ils", "-elles", "-on") or before == "»"


def _opens_participle(passage: Passage, i: int) -> bool:
    """Whether a sentence opens with a present participle (« Espérant que… »), which parsers take for a name."""
    follows = passage.words[i + 1] if i + 1 < len(passage) else ""
    return passage.sentence(i)[0] == i and passage.words[i].endswith("ant") and follows in ("que", "qu'")


def _fitting(
    words: tuple[str, ...], i: int, entries: Iterable[Form], reflexive: bool, compound: bool
) -> Form | None:
    best: Form | None = None
    for form in entries:
        verb = form.verb
        if verb.reflexive != reflexive:
            continue
        if verb.tail and not _after_tail(words, i + 1, verb.tail):
            continue
        if compound and form.kind not in ("pp",):
            if best is None:
                best = form
            continue
        better = (
            best is None
            or len(verb.tail) > len(best.verb.tail)
            or (compound and form.kind == "pp" and best.kind != "pp")
            or (not compound and best.kind == "pp" and form.kind != "pp")
        )
        if better and not (best is not None and best.verb.tail and not verb.tail):
            best = form
    return best


def _after_tail(words: tuple[str, ...], at: int, tail: tuple[str, ...]) -> int:
    """The token after the fixed words `tail`, which may stand a few tokens on; 0 where they do not."""
    for start in range(at, min(at + 4, len(words))):
        if words[start : start + len(tail)] == tail:
            return start + len(tail)
    return 0


def _auxiliary(passage: Passage, i: int, lexicon: Lexicon) -> tuple[int, int, bool]:
    """The auxiliary before the participle at `i` (-1 for none), where the group begins, whether passive."""
    words = passage.words
    at = _skip_adverbs(words, i - 1, lexicon)
    if at < 0:
        return -1, i, False
    word = words[at]
    if word in lexicon.have:
        return at, at, False
    if word == "été":
        have = _skip_adverbs(words, at - 1, lexicon)
        if have >= 0 and words[have] in lexicon.have:
            return have, have, True
        return -1, i, False
    if word in lexicon.be:
        clitic = not (_REFLEXIVES | _MAYBE_REFLEXIVES).isdisjoint(_clitics_before(words, at))
        return at, at, not clitic
    return -1, i, False


def _skip_adverbs(words: tuple[str, ...], at: int, lexicon: Lexicon) -> int:
    """The nearest token at or before `at` that is no adverb, negation or inverted pronoun of a group."""
    lowest = at - _LONGEST_ADVERBS
    while at > lowest and at >= 0:
        word = words[at]
        if word in lexicon.adverbs or word in lexicon.negations or word in _INVERTED:
            at -= 1
        elif word in ("lui", "elle", "eux", "elles") and at > 1 and words[at - 1] == "à":
            at -= 3 if words[at - 2] == "quant" else 2  # « a quant à lui prévenu »
        else:
            return at
    return at


def _clitics_before(words: tuple[str, ...], first: int) -> tuple[str, ...]:
    start = first
    while start > 0 and words[start - 1] in _CLITICS:
        start -= 1
    return words[start:first]


def _semi_auxiliary(passage: Passage, first: int, finite: int, lexicon: Lexicon) -> tuple[int, int]:
    """Where a group whose verb is an infinitive begins, and its finite verb (« n'a cessé de répéter »)."""
    words = passage.words
    at = first - 1
    while at >= 0 and words[at] in _CLITICS and passage.tags[at] != "DET":
        at -= 1
    link = words[at] if at >= 0 else ""
    inner = at
    if link in ("de", "d'", "à", "par"):
        inner = _skip_adverbs(words, at - 1, lexicon)
    else:
        link = ""
        inner = _skip_adverbs(words, at, lexicon)
    if inner < 0 or words[inner] not in lexicon.semi.get(link, frozenset()):
        return finite, first
    auxiliary, begins, _ = _auxiliary(passage, inner, lexicon)
    if auxiliary >= 0:
        return auxiliary, begins
    if words[inner].endswith(("er", "ir", "oir", "re")) and not _is_finite(passage, inner):
        return _semi_auxiliary(passage, inner, inner, lexicon)
    return inner, inner


def _is_finite(passage: Passage, i: int) -> bool:
    morph = passage.morphs[i]
    return "VerbForm=Fin" in morph or "Mood=" in morph or (morph == "" and not passage.words[i].endswith("r"))


def _only_restricts(words: tuple[str, ...], start: int, i: int) -> bool:
    """« n'a cessé de dire » and « n'a pas manqué de rappeler » affirm what they seem to deny."""
    group = words[start:i]
    return any(word.startswith(("cess", "manqu", "omis", "omet", "oubli", "hésit")) for word in group)
