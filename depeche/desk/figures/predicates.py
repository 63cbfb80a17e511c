"""What is said of the things a figure counts: killed, sent, cut, present."""

from __future__ import annotations

from collections.abc import Mapping

from depeche.desk.figures.counted import Nouns
from depeche.desk.passage import Passage

_FARTHEST_PARTICIPLE = 6
_CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "X"})
_SUBJECT_OR_OBJECT = frozenset({"nsubj", "nsubj:pass", "obj", "obl:agent"})


def acted(passage: Passage, first: int, noun: int, nouns: Nouns) -> str:
    """The group that the persons at token `noun` become by what happened to them or by what they did
    (« civils tués » are "mort"), or "". Their number begins at token `first`.
    """
    if passage.words[noun] not in nouns.persons:
        return ""
    i = participle(passage, noun, nouns)
    if i < 0:
        i = verb_of(passage, top(passage, first, noun))
    row = (nouns.acts.get(passage.words[i]) or nouns.acts.get(passage.lemmas[i])) if i >= 0 else None
    if not row or (row.get("of_anyone") and passage.words[noun] not in nouns.kinds["anyone"]):
        return ""
    return str(row["name"])


def top(passage: Passage, first: int, noun: int) -> int:
    """The token that stands for the noun at `noun` in its clause: in « des dizaines de soldats » it may be
    the number, which begins at token `first`.
    """
    i = noun
    while first <= passage.heads[i] < noun and passage.heads[i] != i:
        i = passage.heads[i]
    return i


def verb_of(passage: Passage, i: int) -> int:
    """The token of the verb whose subject or object token `i` is, -1 where the grammar names none."""
    if not passage.parsed or passage.deps[i] not in _SUBJECT_OR_OBJECT:
        return -1
    head = passage.heads[i]
    return head if passage.tags[head] in {"VERB", "AUX", "ADJ"} and abs(head - i) <= 12 else -1


def participle(passage: Passage, noun: int, nouns: Nouns) -> int:
    """The token of the word that tells a group, behind `noun` and its auxiliaries and adverbs."""
    words, kinds = passage.words, nouns.kinds
    for i in range(noun + 1, min(len(words), noun + 1 + _FARTHEST_PARTICIPLE)):
        if words[i] in nouns.acts:
            return i
        if words[i] not in kinds["before_participle"] and not (passage.parsed and passage.tags[i] == "ADV"):
            return -1
    return -1


def measured(passage: Passage, tokens: tuple[int, int], floor: int, nouns: Nouns) -> int:
    """The token of what is measured by the figure in `tokens`: « un budget de | 3 millions », « le budget
    atteint | 3 millions »; -1 where the grammar does not say it plainly. It stands behind token `floor`.
    """
    first, last = tokens
    words, tags = passage.words, passage.tags
    before = first - 1
    if before > 0 and words[before] in nouns.kinds["of"] and tags[before - 1] == "NOUN":
        if words[before - 1] not in nouns.kinds["amount"] and words[before - 1] not in nouns.changes:
            return before - 1
        return -1
    i = last - 1
    for _ in range(4):
        if tags[i] in {"VERB", "AUX"} or passage.heads[i] == i:
            break
        i = passage.heads[i]
    if tags[i] not in {"VERB", "AUX", "NOUN"} or not (_level(passage, i, nouns)):
        return -1
    for child in passage.children[i]:
        if passage.deps[child] == "nsubj":
            return child if tags[child] == "NOUN" and floor <= child < first else -1
    return -1


def _level(passage: Passage, i: int, nouns: Nouns) -> bool:
    """Whether the verb at token `i`, or the copula of the noun there, says how much something is."""
    if passage.tags[i] == "NOUN":
        return any(passage.deps[child] == "cop" for child in passage.children[i])
    return passage.lemmas[i] in nouns.kinds["level"]


def governor(passage: Passage, verb: int) -> str:
    """The subject of the verb at token `verb` in the lemmas of its nouns, adjectives and numbers, its head
    first; "?" for a pronoun, "" for none.
    """
    for child in passage.children[verb]:
        if passage.deps[child].startswith("nsubj"):
            if passage.tags[child] not in {"NOUN", "PROPN"}:
                return "?"
            first, last = passage.subtree(child)
            others = [
                passage.lemmas[i].lower()
                for i in range(first, min(last, max(verb, child + 1)))
                if i != child and passage.tags[i] in _CONTENT
            ]
            return " ".join([passage.lemmas[child].lower(), *others])
    return ""


def change_before(passage: Passage, i: int, kinds: Mapping[str, frozenset[str]]) -> int:
    """The token of the word for a rise or a fall (« recule de ») that the figure at token `i` measures, -1
    for none.
    """
    words = passage.words
    if i and words[i - 1] in kinds["changed_by"]:
        shared = any(word in kinds["share_of"] for word in words[i + 2 : i + 3])
        return -1 if shared else i - 1
    if i < 2 or words[i - 1] not in kinds["grown_to"]:
        return -1
    for k in range(i - 2, max(i - 5, -1), -1):
        if words[k] in kinds["rise"] or words[k] in kinds["fall"]:
            return k
        if passage.parsed and passage.tags[k] not in {"ADV", "ADJ"}:
            return -1
    return -1
