"""Passages written by hand: what a rule reads, without the parser that would read it so."""

from __future__ import annotations

from depeche.desk.canonical import canonical
from depeche.desk.passage import Passage, Quotation
from depeche.desk.sentences import quotations_of
from depeche.desk.spans import ZoneKind

_CLOSE = frozenset({",", ".", ")"})


def passage(*sentences: str, kind: ZoneKind = "paragraph") -> Passage:
    """A passage of sentences whose words are given as `form/TAG/dep/head/lemma`.

    All but the form may be left out, from the right; `head` counts from the first word of its sentence.
    Where no word has a tag, the passage is one that no parser has read.
    """
    text, rows, bounds = "", list[tuple[str, ...]](), list[tuple[int, int]]()
    starts, ends, heads = list[int](), list[int](), list[int]()
    for sentence in sentences:
        first = len(rows)
        for n, given in enumerate(sentence.split()):
            form, tag, dep, head, lemma = (*given.split("/"), *[""] * 4)[:5]
            glued = not text or form in _CLOSE or text.endswith(("'", "’", "("))
            text += ("" if glued else " ") + form
            starts.append(len(text) - len(form))
            ends.append(len(text))
            heads.append(first + (int(head) if head else n))
            rows.append((canonical(form).lower(), tag, dep, lemma or form.lower()))
        bounds.append((first, len(rows)))
    words = tuple(row[0] for row in rows)
    parsed = any(row[1] for row in rows)
    return Passage(
        text=text,
        kind=kind,
        words=words,
        starts=tuple(starts),
        ends=tuple(ends),
        lemmas=tuple(row[3] for row in rows),
        tags=tuple(row[1] for row in rows),
        morphs=("",) * len(rows),
        deps=tuple(row[2] for row in rows),
        heads=tuple(heads),
        sentences=tuple(bounds),
        quotations=tuple(Quotation(*found) for found in quotations_of(words, bounds)),
        parsed=parsed,
    )
