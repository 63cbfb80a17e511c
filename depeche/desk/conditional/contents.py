"""How far what a hearsay conditional says reaches: its clause, with the words that open it left out or in."""

from __future__ import annotations

from depeche.desk.conditional.clause import Clause
from depeche.desk.conditional.scene import Scene

_EDGES = frozenset({",", ";", ":", ".", "!", "?", "…", "...", "–", "—", "-"})
_SUBJECT_REACH = 5
_LONGEST_CLAUSE = 120


def content_of(scene: Scene, clause: Clause) -> tuple[int, int]:
    """The token range of the clause: from a relative pronoun on, or behind « que » or a link between clauses;
    without the full stop.
    """
    start = _start(scene, clause)
    end = _relative_end(scene, clause) if clause.kind == "relative" else _end(scene, clause)
    while start < clause.group.first and _is_edge(scene, start, start, clause.group.first, ")"):
        start += 1
    while end > clause.group.last and _is_edge(scene, end - 1, start, end, "("):
        end -= 1
    return start, end


def verb_node(scene: Scene, clause: Clause) -> int:
    """The token that the parser takes for the head of the clause."""
    return _node(scene, clause.group.last - 1)


def _node(scene: Scene, verb: int) -> int:
    """The head of the clause of the verb at token `verb`, an auxiliary having its participle for head."""
    deps, heads = scene.passage.deps, scene.passage.heads
    return heads[verb] if deps[verb].startswith(("aux", "cop")) else verb


def _is_edge(scene: Scene, i: int, start: int, end: int, counterpart: str) -> bool:
    """Whether token `i` is a mark that belongs to no clause, a bracket without its `counterpart` included."""
    word = scene.words[i]
    return word in _EDGES or (word in "()" and counterpart not in scene.words[start:end])


def _start(scene: Scene, clause: Clause) -> int:
    words = scene.words
    if clause.kind == "relative":
        if words[clause.opener] in scene.lists["that"] and scene.is_formula(clause.opener - 1):
            return clause.opener + 1
        before = words[clause.opener - 1] if clause.opener > scene.start else ""
        taken = before in scene.lists["before relatives"]
        return clause.opener - 1 if taken else clause.opener
    if clause.opener >= 0:
        return clause.opener + 1
    begin = scene.part_start(clause.group.first)
    colon = next((i for i in range(clause.group.first - 1, begin, -1) if words[i] == ":"), begin - 1)
    begin = colon + 1
    link = clause_link(scene, begin, clause.group.finite, verb_node(scene, clause))
    return begin if link is None or not has_main_verb(scene, begin, link) else link + 1


def clause_link(scene: Scene, start: int, verb: int, node: int) -> int | None:
    """The token between `start` and the finite `verb` that links its clause to one before: « et », a comma
    between two clauses; None where the verb has no such link. `node` is the head of its clause.
    """
    passage, lists = scene.passage, scene.lists
    finite = next((i for i in range(verb - 1, start - 1, -1) if scene.is_finite(i)), start - 1)
    links = [i for i in range(finite + 1, verb) if scene.words[i] in lists["link words"]]
    hung = next((i for i in links if passage.deps[i] == "cc" and passage.heads[i] == node), None)
    if hung is not None:
        return hung
    comma = _comma_before(scene, finite + 1, verb, node)
    if comma is not None and all(i < comma for i in links):
        return comma
    adding = [i for i in links if scene.words[i] not in lists["choices"]] or links[-1:]
    if len(adding) > 1 and scene.words[verb].endswith("ent") and adding[-1] + 1 < verb:
        return adding[-2]  # « et le fils et la fille seraient »
    return adding[-1] if adding else None


def _comma_before(scene: Scene, start: int, verb: int, node: int) -> int | None:
    """The comma between `start` and the finite `verb` that sets two clauses side by side, None for others."""
    passage, words, lists = scene.passage, scene.words, scene.lists
    begin = passage.edges[node][0]
    comma = next((i for i in (begin, begin - 1) if start <= i < verb and words[i] == ","), None)
    if comma is not None and passage.deps[node] in ("conj", "parataxis"):
        return comma
    comma = next(
        (i for i in range(verb - 1, max(start, verb - _SUBJECT_REACH) - 1, -1) if words[i] == ","), None
    )
    if comma is None or verb not in scene.by_finite or comma + 1 == scene.by_finite[verb].first:
        return None
    return comma if words[comma + 1] in lists["determined"] | lists["taken up"] else None


def has_main_verb(scene: Scene, start: int, end: int) -> bool:
    """Whether more finite verbs than words that subordinate one stand in the tokens `[start, end)`."""
    lists = scene.lists
    opening = lists["relatives"] | lists["that"] | lists["adverbial"]
    start = max(start, end - _LONGEST_CLAUSE)
    verbs = sum(scene.is_finite(i) for i in range(start, end))
    return verbs > sum(scene.words[i] in opening for i in range(start, end))


def _end(scene: Scene, clause: Clause) -> int:
    """Where the sentence ends, or the next clause of the same level begins."""
    end = scene.part_end(clause.group.last)
    if clause.kind == "adverbial":
        commas = (i for i in range(clause.group.last, end) if scene.words[i] == ",")
        return next((i for i in commas if _resumes(scene, i + 1)), end)
    verb = scene.finite_after(clause.group.last)
    while 0 <= verb < end:
        if not _subordinates(scene, clause.group.last, verb):
            link = _link_to(scene, clause, verb)
            if link is not None:
                return link
        verb = scene.finite_after(verb + 1)
    return end


def _link_to(scene: Scene, clause: Clause, verb: int) -> int | None:
    """The link between the clause and that of the finite `verb` behind it, None where the verb is not on
    its level.
    """
    passage, words, lists = scene.passage, scene.words, scene.lists
    group = scene.by_finite.get(verb)
    node = _node(scene, group.last - 1 if group else verb)
    link = clause_link(scene, clause.group.last, verb, node)
    if link is None:
        return None
    if verb in scene.by_finite or words[link] == ",":
        return link
    if passage.deps[node] in ("conj", "parataxis") and passage.heads[node] == verb_node(scene, clause):
        return link
    subject = words[link + 1] in lists["determined"] | lists["taken up"]
    return link if subject and verb <= link + _SUBJECT_REACH else None


def _subordinates(scene: Scene, start: int, end: int) -> bool:
    """Whether a verb that ends the tokens `[start, end)` stands under a word of these that subordinates."""
    lists = scene.lists
    opening = lists["relatives"] | lists["that"] | lists["asking"] | lists["adverbial"]
    opened = sum(scene.words[i] in opening for i in range(start, end))
    return opened > sum(scene.is_finite(i) for i in range(start, end))


def _relative_end(scene: Scene, clause: Clause) -> int:
    """Where a relative clause ends: at the comma that closes it, or where the parser has its last word."""
    words, group = scene.words, clause.group
    end = scene.part_end(group.last)
    edge = scene.passage.edges[verb_node(scene, clause)][1]
    end = edge if group.last < edge <= end else end
    aside = clause.opener > scene.start and words[clause.opener - 1] in (",", "(")
    for i in range(group.last, end - 1):
        closing = words[i] == ")" or (words[i] == "," and aside and _resumes(scene, i + 1))
        if closing:
            return i
    return end


def _resumes(scene: Scene, i: int) -> bool:
    """Whether the main clause goes on at token `i`, with its verb near."""
    return any(scene.is_finite(k) for k in range(i, min(i + _SUBJECT_REACH, scene.end)))
