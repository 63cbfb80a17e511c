"""What an editor would ask about figures: vague, without source, without base, at odds, undated (NUM)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from depeche.desk.draft import BlockReading, Draft
from depeche.desk.figures.agreement import contradictions
from depeche.desk.figures.limits import is_year
from depeche.desk.figures.numerals import Vocabulary, phrase_at, vocabulary
from depeche.desk.figures.predicates import change_before
from depeche.desk.figures.sums import may_miscount, miscounts
from depeche.desk.passage import Passage
from depeche.desk.spans import Finding, Quantity, Span

_BODY = frozenset({"paragraph", "list_item", "caption"})
_NAMES = frozenset({"NOUN", "PROPN", "ADJ"})
_DATELINE_WORDS = 10
_PRECISE_DIGITS = 3
_PRECISE_COUNT_DIGITS = 4
_LEAST_SUM = 1000
_COUNTS = frozenset({"", "person"})
_TINY = 1e-6


class _Words:
    """The words of one language that these rules look for."""

    def __init__(self, language: str) -> None:
        known, rules = vocabulary(language), vocabulary(language, "figures.json")
        self.known: Vocabulary = known
        self.kinds = rules.words
        self.vague = rules.phrases("vague_number")
        self.vague_keys = frozenset(max(p, key=len) for phrases in self.vague.values() for p in phrases)
        self.base = rules.phrases("base")
        self.relative = rules.phrases("relative_phrase")
        self.money, self.durations = known.words["money"], known.words["duration"]
        self.tolls = {row["name"] for row in known.rows["entity"] if row.get("toll")}
        self.spells = {w for row in known.rows["unit"] if row["unit"] in self.durations for w in row["words"]}
        self.plural = frozenset(known.words["many"])
        self.collectives = frozenset(known.collectives)


@cache
def _words(language: str) -> _Words:
    return _Words(language)


def findings(block: BlockReading, language: str) -> list[Finding]:
    """What one block's figures give reason to ask: vague quantities (NUM002), sums that are wrong (NUM003),
    changes without base or period (NUM005).

    Raises `PackError`.
    """
    known, passage = _words(language), block.passage
    if passage.kind not in _BODY or not known.kinds:
        return []
    found = list(_vague(block, known))
    if block.quantities:
        found += _unbased(block, known)
        if may_miscount(passage, len(block.quantities), language):
            found += miscounts(passage, language)
    return found


def compare(draft: Draft) -> list[Finding]:
    """What the figures of the whole article give reason to ask: contradictions (NUM001), precise figures
    without source (NUM004), relative dates with nothing to count from (NUM006).

    Raises `PackError`.
    """
    known = _words(draft.language)
    if not known.kinds:
        return []
    return [*contradictions(draft), *_unsourced(draft, known), *_undated(draft, known)]


def _vague(block: BlockReading, known: _Words) -> Iterator[Finding]:
    passage = block.passage
    spans = [] if known.vague_keys.isdisjoint(passage.words) else list(_vague_phrases(passage, known))
    spans += [q.span for q in block.quantities if _is_vague(passage, q, known)]
    for span in sorted(spans):
        if block.voice(span) == "own":
            yield Finding("NUM002", "info", span)


def _vague_phrases(passage: Passage, known: _Words) -> Iterator[Span]:
    words, last = passage.words, 0
    for i in (i for i, word in enumerate(words) if word in known.vague):
        length = phrase_at(words, i, known.vague) if i >= last else 0
        before = words[i - 1] if i else ""
        last = max(last, i + length)
        if length and before not in known.kinds["vague_not_after"] and _is_counted(passage, last, known):
            yield passage.span(i, last)


def _is_counted(passage: Passage, i: int, known: _Words) -> bool:
    """Whether token `i` begins a plural: « beaucoup de | familles », not « beaucoup de | mal »."""
    if i >= len(passage):
        return False
    word, tag = passage.words[i], passage.tags[i]
    plural = word[-1] in "sx" or word in known.kinds["irregular_plural"]
    if not plural or word in known.spells or word in known.kinds["uncounted"]:
        return False
    return not passage.parsed or (tag in _NAMES and "Number=Sing" not in passage.morphs[i])


def _is_vague(passage: Passage, quantity: Quantity, known: _Words) -> bool:
    """« des dizaines de milliers »: no number at all."""
    if not quantity.approximate or quantity.unit in known.durations:
        return False
    words = [passage.words[i] for i in passage.tokens_in(quantity.span)][:2]
    return len(words) == 2 and words[0] in known.plural and words[1] in known.collectives


def _unbased(block: BlockReading, known: _Words) -> Iterator[Finding]:
    passage = block.passage
    for quantity in block.quantities:
        if quantity.unit not in {"%", "point"}:
            continue
        first = passage.tokens_in(quantity.span)[0]
        change = -1 if passage.quoted[first] else change_before(passage, first, known.kinds)
        if change >= 0 and not _has_base(passage, first, known) and not _lasts(block, quantity, known):
            span = passage.starts[change], quantity.span[1]
            yield Finding("NUM005", "info", span, values=(("missing", "base, period"),))


def _lasts(block: BlockReading, quantity: Quantity, known: _Words) -> bool:
    """Whether the sentence says how long a change took: « en six heures »."""
    passage = block.passage
    start, end = passage.span(*passage.sentence(passage.tokens_in(quantity.span)[0]))
    spells = (q for q in block.quantities if q.unit in known.durations - {"age", "time"})
    return any(start <= spell.span[0] < end for spell in spells)


def _has_base(passage: Passage, i: int, known: _Words) -> bool:
    """Whether the sentence of token `i` says since when or compared to what, or the one before names a
    period.
    """
    first, last = passage.sentence(i)
    words, number = passage.words, passage.sentence_of[i]
    months = known.known.words["month"]
    for k in range(first, last):
        word = words[k]
        if word in known.kinds["period_only"] or word in months or is_year(word):
            return True
        before = words[k - 1] if k > first else ""
        based = word in known.base and before not in known.kinds["not_a_base_after"]
        if based and phrase_at(words, k, known.base):
            return True
    earlier = passage.sentences[number - 1] if number else (0, 0)
    return any(word in known.kinds["period_only"] or is_year(word) for word in words[slice(*earlier)])


def _unsourced(draft: Draft, known: _Words) -> Iterator[Finding]:
    bare: list[tuple[int, Quantity]] = []
    sourced: set[tuple[str, float]] = set()
    for n in draft.of_kind(*_BODY, "standfirst"):
        block, passage = draft.blocks[n], draft.blocks[n].passage
        precise = [quantity for quantity in block.quantities if _is_precise(passage, quantity, known)]
        sentences = _sourced_sentences(block, known) if precise else frozenset()
        for quantity in precise:
            sentence = passage.sentence_of[passage.tokens_in(quantity.span)[0]]
            if sentence in sentences or block.voice(quantity.span) != "own":
                sourced.add((quantity.unit, quantity.low))
            elif passage.kind in _BODY:
                bare.append((n, quantity))
    asked: set[tuple[int, int]] = set()
    for n, quantity in bare:
        passage = draft.blocks[n].passage
        sentence = passage.sentence_of[passage.tokens_in(quantity.span)[0]]
        if (quantity.unit, quantity.low) not in sourced and (n, sentence) not in asked:
            asked.add((n, sentence))
            yield Finding("NUM004", "warning", draft.shifted(n, quantity.span))


def _is_precise(passage: Passage, quantity: Quantity, known: _Words) -> bool:
    """A toll, a sum of money to three digits, a share or a bulk to a decimal, a count to four; no price that
    anybody can read, no result of a vote, no crowd one plays to.
    """
    if quantity.approximate or quantity.low != quantity.high or quantity.unit in known.durations:
        return False
    tokens = passage.tokens_in(quantity.span)
    if quantity.entity in known.tolls:
        return quantity.low > 1
    before = passage.words[tokens[0] - 1] if tokens[0] else ""
    if before in known.kinds["definite"] or before in known.kinds["seen"]:
        return False
    if quantity.unit in known.money and quantity.low < _LEAST_SUM and _is_in_cents(quantity.low):
        return False
    written = "".join(passage.words[i] for i in tokens if passage.words[i][0].isdecimal())
    digits = len("".join(c for c in written if c.isdecimal()).strip("0"))
    decimal = any(not c.isdecimal() for c in written.strip("+-"))
    if quantity.unit in known.money or quantity.unit in known.kinds["precise_measure"]:
        return (decimal and digits >= 2) or (quantity.unit in known.money and digits >= _PRECISE_DIGITS)
    if quantity.unit == "%":
        elected = known.kinds["votes"].intersection(passage.words[slice(*passage.sentence(tokens[0]))])
        return decimal and not elected and change_before(passage, tokens[0], known.kinds) < 0
    return quantity.unit in _COUNTS and digits >= _PRECISE_COUNT_DIGITS


def _is_in_cents(amount: float) -> bool:
    """Whether an amount could be paid at a till; a rate (41,6 centimes a litre) could not."""
    return abs(amount * 100 - round(amount * 100)) < _TINY


def _sourced_sentences(block: BlockReading, known: _Words) -> frozenset[int]:
    """The sentences that name who says something."""
    passage, cues = block.passage, known.kinds["source_cue"]
    found = {
        n for n, tokens in enumerate(passage.sentences) if not cues.isdisjoint(passage.words[slice(*tokens)])
    }
    for item in block.attributions:
        if item.source:
            for span in (item.source, item.cue, *item.content):
                found.update(passage.sentence_of[i] for i in (passage.tokens_in(span) if span else ()))
    return frozenset(found)


def _undated(draft: Draft, known: _Words) -> Iterator[Finding]:
    dossier = draft.dossier
    if dossier.date is not None or (dossier.byline is None and dossier.place is None):
        return
    first: tuple[int, Span] | None = None
    for n in draft.of_kind(*_BODY, "standfirst", "byline", "furniture"):
        passage = draft.blocks[n].passage
        if _has_dateline(passage, known):
            return
        if first is None and passage.kind not in {"byline", "furniture"}:
            span = _relative(passage, known)
            first = (n, span) if span else None
    if first:
        yield Finding("NUM006", "info", draft.shifted(*first))


def _has_dateline(passage: Passage, known: _Words) -> bool:
    """« BREST, 12 mars - », or a date in the furniture."""
    words, months = passage.words, known.known.words["month"]
    last = len(words) if passage.kind in {"byline", "furniture"} else min(_DATELINE_WORDS, len(words))
    for i in range(1, last):
        if words[i] in months and words[i - 1][0].isdecimal():
            if passage.kind in {"byline", "furniture"}:
                return True
            after = words[i + 1 : i + 4]
            return any(word in {"-", "–", "—"} for word in after)
    return False


def _relative(passage: Passage, known: _Words) -> Span | None:
    """The first words that count from the day of writing: « hier », « jeudi soir », « la semaine dernière »."""
    words, kinds = passage.words, known.kinds
    for i, word in enumerate(words):
        if passage.quoted[i]:
            continue
        if word in kinds["relative_day"]:
            after = words[i + 1] if i + 1 < len(words) else ""
            before = words[i - 1] if i else ""
            fixed = i > 1 and words[i - 2] in kinds["from_day"]
            if not after[:1].isdecimal() and (fixed or before not in kinds["every_day"]):
                return passage.span(i, i + 1 + (after in kinds["relative_after"]))
        elif word in known.relative and (length := phrase_at(words, i, known.relative)):
            return passage.span(i, i + length)
    return None
