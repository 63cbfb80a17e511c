"""How sure a text is of what it says: hearsay conditionals and the other words that hedge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import NamedTuple, cast

from depeche.desk.claims import claims
from depeche.desk.conditional.clause import clause_of
from depeche.desk.conditional.contents import content_of
from depeche.desk.conditional.continuations import Before, Judged, before, goes_on, supposes
from depeche.desk.conditional.doubts import is_doubtful
from depeche.desk.conditional.forms import ConditionalGroup, conditional_groups
from depeche.desk.conditional.scene import Mark, Scene, trap_lists
from depeche.desk.conditional.sources import Sources, has_source, is_alleged, told_by_other
from depeche.desk.conditional.traps import coordinated, trap_of
from depeche.desk.lexicon import load_groups
from depeche.desk.passage import Passage
from depeche.desk.phrases import Match, PhraseIndex
from depeche.desk.spans import Attribution, Hedge, HedgeType

__all__ = ["claims", "hearsay", "hedges"]

_FORMULA = "formula"
_BEFORE_NOUN = "adjective before a noun"
_BEFORE_NUMBER = "approximator before a number"
_NUMBER_WORDS = "number words"
_LITOTES = "litotes"


class Entry(NamedTuple):
    """What a phrase of the index is: its list, and whether this is a list of traps."""

    key: str
    trap: bool


def hedges(passage: Passage, attributions: Sequence[Attribution], language: str = "fr") -> list[Hedge]:
    """The words of a passage that soften or disclaim, in order; of hedges that overlap only the first.

    A conditional is hearsay or names its trap; hearsay whose source stands in the sentence has trap "T10".
    `attributions` tell sources beyond those found by the words alone.
    """
    matches = _index(language).find(passage)
    found = _conditionals(passage, attributions, matches, language)
    found += _phrases(passage, matches, language)
    kept: list[Hedge] = []
    for hedge in sorted(
        found, key=lambda hedge: (hedge.span[0], not hedge.type.startswith("c"), -hedge.span[1])
    ):
        if not kept or hedge.span[0] >= kept[-1].span[1]:
            kept.append(hedge)
    return kept


def hearsay(
    passage: Passage, attributions: Sequence[Attribution], hedges: Sequence[Hedge], language: str = "fr"
) -> list[Attribution]:
    """An attribution to nobody for every hearsay conditional whose source is not in its sentence."""
    unsourced = {hedge.span for hedge in hedges if hedge.type == "conditional_hearsay" and not hedge.trap}
    if not unsourced:
        return []
    found = []
    marks = _marks(passage, _index(language).find(passage))
    for number, members in _by_sentence(passage, conditional_groups(passage, language)):
        scene = Scene(passage, number, members, marks.get(number, ()), language)
        for group in members:
            cue = passage.span(group.first, group.last)
            if cue in unsourced:
                content = passage.span(*content_of(scene, clause_of(scene, group)))
                found.append(Attribution("conditional", None, cue, (content,)))
    return found


def _by_sentence(
    passage: Passage, groups: Iterable[ConditionalGroup]
) -> list[tuple[int, list[ConditionalGroup]]]:
    of_sentence = groupby(groups, key=lambda group: passage.sentence_of[group.finite])
    return [(number, list(members)) for number, members in of_sentence]


@cache
def _index(language: str) -> PhraseIndex[Entry]:
    entries = [
        (phrase, Entry(key, False))
        for key, phrases in load_groups(language, "hedges.json").items()
        if key not in (_NUMBER_WORDS, _LITOTES)
        for phrase in phrases
    ]
    entries += [(phrase, Entry(_FORMULA, False)) for phrase in _formulas(language)]
    entries += [
        (phrase, Entry(key, True))
        for key, phrases in trap_lists(language).items()
        if key.startswith("phrases ")
        for phrase in phrases
    ]
    return PhraseIndex(entries)


def _formulas(language: str) -> tuple[str, ...]:
    return load_groups(language, "hearsay_formulas.json").get("", ())


def _conditionals(
    passage: Passage, attributions: Sequence[Attribution], matches: Sequence[Match[Entry]], language: str
) -> list[Hedge]:
    groups = conditional_groups(passage, language)
    if not groups:
        return []
    marks = _marks(passage, matches)
    found: list[Hedge] = []
    at, judged, sources = -1, list[Judged](), Sources(passage, attributions)
    for number, members in _by_sentence(passage, groups):
        scene = Scene(passage, number, members, marks.get(number, ()), language)
        earlier = before(scene, number - 1, judged if at == number - 1 else (), marks.get(number - 1, ()))
        at, judged = number, _judged(scene, earlier, sources)
        found += [_hedge(scene, item) for item in judged]
    return found


def _marks(passage: Passage, matches: Sequence[Match[Entry]]) -> dict[int, list[Mark]]:
    """By sentence the phrases that traps and formulas without a speaker are told by."""
    marks: dict[int, list[Mark]] = {}
    for match in matches:
        key = match.entry.key.removeprefix("phrases ")
        if match.entry.trap or key == _FORMULA:
            marks.setdefault(passage.sentence_of[match.first], []).append(Mark(match.first, match.last, key))
    return marks


def _hedge(scene: Scene, judged: Judged) -> Hedge:
    kind: HedgeType = "conditional_not_hearsay" if judged.trap else "conditional_hearsay"
    named = judged.trap or ("T10" if judged.sourced else "")
    group = judged.clause.group
    return Hedge(scene.passage.span(group.first, group.last), kind, named)


def _judged(scene: Scene, before: Before, sources: Sources) -> list[Judged]:
    found: list[Judged] = []
    heard, sourced = before.heard, False
    for group in scene.groups:
        clause, earlier = clause_of(scene, group), found[-1] if found else None
        alleged = is_alleged(scene, clause)
        trap = "" if alleged else trap_of(scene, clause, earlier, before)
        continues = earlier is not None and coordinated(scene, clause, earlier.clause)
        sourced = alleged or has_source(scene, clause, sources) or (sourced and continues)
        if trap == "T4" and told_by_other(scene, clause, sources):
            trap = ""
        supposed = supposes(scene, clause, trap)
        if not trap and not sourced:
            if goes_on(scene, clause, before):
                trap, supposed = "T6", True
            elif not (heard or before.rumoured or continues) and is_doubtful(scene, clause):
                trap = "T6" if before.allowed else "T2"
        heard = heard or not trap
        found.append(Judged(clause, trap, sourced, supposed))
    return found


def _phrases(passage: Passage, matches: Iterable[Match[Entry]], language: str) -> list[Hedge]:
    groups = load_groups(language, "hedges.json")
    numbers, litotes = (frozenset(groups.get(key, ())) for key in (_NUMBER_WORDS, _LITOTES))
    found = []
    for first, last, (key, trap) in matches:
        if trap:
            continue
        after = passage.words[last] if last < len(passage) else ""
        tag = passage.tags[last] if last < len(passage) else ""
        if key == _BEFORE_NOUN and tag not in ("NOUN", "ADJ"):
            continue
        counts = after[:1].isdigit() or after in numbers
        if key == _BEFORE_NUMBER and (not counts or (first and passage.words[first - 1] in litotes)):
            continue
        kind = "impersonal" if key == _FORMULA else key.split(" before ")[0]
        found.append(Hedge(passage.span(first, last), cast(HedgeType, kind)))
    return found
