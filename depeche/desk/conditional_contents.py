"""How far what a hearsay conditional says reaches: its clause, with the words that open it left out or in."""

from __future__ import annotations

from depeche.desk.conditional_clause import Clause
from depeche.desk.conditional_scene import Scene

_EDGES = frozenset({",", ";", ":", ".", "!", "?", "…", "...", "–", "—", "-", ")", "("})


def content_of(scene: Scene, clause: Clause) -> tuple[int, int]:
    """The token range of the clause: from a relative pronoun on, or behind « que » or a link between clauses."""
    start = _start(scene, clause)
    end = _relative_end(scene, clause) if clause.kind == "relative" else _end(scene, clause)
    while start < clause.group.first and scene.words[start] in _EDGES:
        start += 1
    while end > clause.group.last and scene.words[end - 1] in _EDGES:
        end -= 1
    return start, end


def verb_node(scene: Scene, clause: Clause) -> int:
    """The token that the parser takes for the head of the clause."""
    verb = clause.group.last - 1
    deps, heads = scene.passage.deps, scene.passage.heads
    return heads[verb] if deps[verb].startswith(("aux", "cop")) else verb


def _start(scene: Scene, clause: Clause) -> int:
    words = scene.words
    if clause.kind == "relative":
        before = words[clause.opener - 1] if clause.opener > scene.start else ""
        taken = before in scene.lists["before relatives"]
        return clause.opener - 1 if taken else clause.opener
    if clause.opener >= 0:
        return clause.opener + 1
    begin = scene.part_start(clause.group.first)
    for i in range(clause.group.first - 1, begin, -1):
        if words[i] == ":" or (words[i] in scene.lists["link words"] and _links_clauses(scene, clause, i)):
            return i + 1
    return begin


def _links_clauses(scene: Scene, clause: Clause, link: int) -> bool:
    """Whether the link at token `link` stands between a clause and this one, not between two nouns."""
    if any(scene.is_finite(i) for i in range(link + 1, clause.group.first)):
        return False
    return has_main_verb(scene, scene.part_start(link), link)


def has_main_verb(scene: Scene, start: int, end: int) -> bool:
    """Whether more finite verbs than words that subordinate one stand in the tokens `[start, end)`."""
    lists = scene.lists
    opening = lists["relatives"] | lists["that"] | lists["adverbial"]
    verbs = sum(scene.is_finite(i) for i in range(start, end))
    return verbs > sum(scene.words[i] in opening for i in range(start, end))


def _end(scene: Scene, clause: Clause) -> int:
    """Where the sentence ends, or the next clause of the same level begins."""
    passage, group = scene.passage, clause.group
    end = scene.part_end(group.last)
    node = verb_node(scene, clause)
    following = next((other for other in scene.groups if other.first >= group.last), None)
    for i in range(group.last, end):
        if scene.words[i] not in scene.lists["link words"]:
            continue
        verb = scene.finite_after(i + 1)
        if verb < 0 or verb >= end:
            break
        if following and verb == following.finite and not _subordinates(scene, i + 1, verb):
            return i
        head = passage.heads[verb] if passage.deps[verb].startswith(("aux", "cop")) else verb
        joined = passage.deps[head] in ("conj", "parataxis") and passage.heads[head] == node
        if joined and passage.edges[head][0] <= i + 1:
            return i
    return end


def _subordinates(scene: Scene, start: int, end: int) -> bool:
    lists = scene.lists
    opening = lists["relatives"] | lists["that"] | lists["asking"]
    return any(scene.words[i] in opening for i in range(start, end))


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
    return any(scene.is_finite(k) for k in range(i, min(i + 3, scene.end)))
