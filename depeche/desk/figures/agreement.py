"""Figures of an article that cannot both be true (NUM001): what shows that they count the same thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from depeche.desk.draft import BlockReading, Draft
from depeche.desk.figures.carrying import carried_on
from depeche.desk.figures.given import Given, GivenWords, given_words
from depeche.desk.figures.limits import MORE
from depeche.desk.figures.numerals import phrase_at
from depeche.desk.figures.quantities import agree, figures
from depeche.desk.spans import Finding, Severity

_ZONES = ("standfirst", "paragraph", "list_item")
_COMPARED = 6
_LEAST_COUNTED = 5
_NEAR = 2
_KNOWN = frozenset({"named", "institution", "metonymy"})


def contradictions(draft: Draft) -> Iterator[Finding]:
    """A finding for each figure that cannot be true if another of the article is (NUM001).

    Only for figures that are shown to count the same thing: of the same things the same is said, at the same
    time and place, without a word that sets the two against each other.
    """
    known = given_words(draft.language)
    groups: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for block in (n for n in draft.of_kind(*_ZONES) if draft.blocks[n].passage.parsed):
        for n, quantity in enumerate(draft.blocks[block].quantities):
            if quantity.entity:
                groups[quantity.unit, quantity.entity].append((block, n))
    read: dict[int, list[Given]] = {}
    for places_of in groups.values():
        if len(places_of) < 2 or not _differ(draft, places_of):
            continue
        for block in {block for block, _ in places_of} - read.keys():
            read[block] = _said(block, draft.blocks[block], draft.language, known)
        said = [read[block][n] for block, n in places_of if n < len(read[block])]
        yield from _contradicting(draft, _with_sums(said))


def _differ(draft: Draft, found: list[tuple[int, int]]) -> bool:
    """Whether the group is worth a look: some figures disagree, or some may add up."""
    quantities = [draft.blocks[block].quantities[n] for block, n in found]
    low, high = max(q.low for q in quantities), min(q.high for q in quantities)
    return low > high


def _said(block: int, reading: BlockReading, language: str, known: GivenWords) -> list[Given]:
    read = figures(reading.passage, language)
    if len(read) != len(reading.quantities):
        return []
    return [
        Given(block, reading, figure, quantity, quantity.low, quantity.high, known)
        for figure, quantity in zip(read, reading.quantities, strict=True)
    ]


def _with_sums(said: list[Given]) -> list[Given]:
    """`said` with figures that add up (« 11 000 soldats », « 3 000 autres ») replaced by their sum."""
    found: list[Given] = []
    for item in said:
        base = found[-1] if found else None
        if MORE not in item.quantity.scope.split():
            found.append(item)
        elif base and base.block == item.block and base.sentence == item.sentence and _adds(base, item):
            parts = (*(base.parts or (base,)), item)
            found[-1] = Given(
                base.block,
                base.reading,
                base.figure,
                base.quantity,
                base.low + item.low,
                base.high + item.high,
                base.known,
                parts,
            )
    return found


def _adds(base: Given, more: Given) -> bool:
    """Whether the same is said of both."""
    passage, known = more.passage, more.known
    for i in range(more.figure.last, min(more.sentence[1], more.figure.last + 6)):
        name = known.frames.get(passage.words[i]) or known.frames.get(passage.lemmas[i])
        if name and passage.tags[i] != "AUX":
            return f"o:{name}" == base.frame[0]
    return False


def _contradicting(draft: Draft, said: list[Given]) -> Iterator[Finding]:
    told: set[tuple[float, float]] = set()
    for n, later in enumerate(said):
        for earlier in reversed(said[max(0, n - _COMPARED) : n]):
            if (later.low, later.high) in told:
                continue
            if not _contradict(earlier, later):
                loosely = earlier is said[n - 1] and carried_on(earlier, later)
                if not loosely or _is_unreal(earlier) or _is_unreal(later):
                    continue
            told |= {(later.low, later.high), (earlier.low, earlier.high)}
            spans = [draft.shifted(earlier.block, part.quantity.span) for part in earlier.parts or (earlier,)]
            spans += [draft.shifted(later.block, part.quantity.span) for part in later.parts[1:]]
            other = earlier.passage.text[slice(*earlier.quantity.span)]
            yield Finding(
                "NUM001",
                _severity(earlier, later) if _contradict(earlier, later) else "warning",
                draft.shifted(later.block, later.quantity.span),
                related=tuple(spans),
                values=(("other", other),),
            )
            break


def _contradict(a: Given, b: Given) -> bool:
    if agree((a.low, a.high), (b.low, b.high)) or (a.block == b.block and a.sentence == b.sentence):
        return False
    if any(agree((p.low, p.high), (o.low, o.high)) for s, o in ((a, b), (b, a)) for p in s.parts):
        return False
    if a.quantity.entity not in a.known.outcomes and max(a.high, b.high) < _LEAST_COUNTED:
        return False
    if any(_is_unreal(said) for said in (a, b)) or a.scope != b.scope or a.tense != b.tense:
        return False
    if a.setting != b.setting or not a.frame[0] or a.frame[0] != b.frame[0] or not _same_owner(a, b):
        return False
    return _same_event(a, b)


def _same_owner(a: Given, b: Given) -> bool:
    """Whether nothing speaks against one doer or holder: none is told, or the same, or an event."""
    mine, other = a.frame[1], b.frame[1]
    if "?" in (mine, other):
        return False
    counting = a.source[0] & b.source[0]
    if {mine.split(" ")[0], other.split(" ")[0]} & counting:
        return True
    return mine == other or not (mine and other) or _is_event(a) or _is_event(b)


def _is_event(said: Given) -> bool:
    return said.frame[0] == "is" and said.frame[1] in said.known.kinds["event"]


def _same_event(a: Given, b: Given) -> bool:
    """Whether time, place and nearness show that both tell of the same event."""
    if a.time and b.time and a.time != b.time:
        return False
    if a.places and b.places and not a.places & b.places:
        return False
    lone = (a.time or b.time) if a.time != b.time else ""
    if lone and not set(lone.split()) <= a.known.limits.kinds["day"]:
        return False
    if a.opening and b.opening and a.opening != b.opening:
        return False
    if (a.near_places, a.opening) != (b.near_places, b.opening) and not (a.time and a.time == b.time):
        return False
    if a.block == b.block:
        near = abs(a.passage.sentence_of[a.figure.first] - b.passage.sentence_of[b.figure.first]) <= _NEAR
        return bool(a.time and a.time == b.time) or (near and not _anew_between(a, b))
    if a.time and a.time == b.time:
        return True
    if lone or a.places != b.places:
        return False
    owners = {a.frame[1], b.frame[1]}
    if "" not in owners and (len(owners) == 1 or _is_event(a) or _is_event(b)):
        return True
    return bool(a.source[0] & b.source[0])


def _anew_between(a: Given, b: Given) -> bool:
    first, second = sorted((a, b), key=lambda said: said.figure.first)
    words = first.passage.words
    between = range(first.sentence[1], second.figure.first)
    return any(phrase_at(words, i, a.known.anew) for i in between)


def _is_unreal(said: Given) -> bool:
    """Whether the sentence denies, asks, supposes or sets figures against each other, or quotes."""
    words, (first, last) = said.passage.words, said.sentence
    if not said.known.kinds["unreal"].isdisjoint(words[first:last]):
        return True
    if any(phrase_at(words, i, said.known.supposing) for i in range(first, last)):
        return True
    if said.passage.quoted[said.figure.number.first]:
        return True
    return any(phrase_at(words, i, said.known.contrast) for i in range(first, last))


def _severity(a: Given, b: Given) -> Severity:
    (mine, quality), (other, others_quality) = a.source, b.source
    if not mine or not other or mine & other:
        return "error"
    if a.block == b.block and not {quality, others_quality} <= _KNOWN:
        return "error"
    return "warning"
