"""How far what is said reaches: clause ends, gaps between a verb and its content, quotations."""

from __future__ import annotations

from depeche.desk.attribution.cues import Cue
from depeche.desk.attribution.phrases import Range
from depeche.desk.passage import Passage, Quotation

QUE = frozenset({"que", "qu'"})

COMPARING = frozenset(
    [
        "plus",
        "moins",
        "aussi",
        "autant",
        "autre",
        "autres",
        "même",
        "mêmes",
        "tel",
        "telle",
        "tels",
        "telles",
        "si",
        "tant",
        "tellement",
        "ne",
        "n'",
    ]
)

_NO_COMPLEMENT = frozenset(
    [
        "ce",
        "celui",
        "celle",
        "ceux",
        "sans",
        "pour",
        "afin",
        "avant",
        "parce",
        "puisque",
        "dès",
        "tandis",
        "alors",
        "lors",
    ]
)

_FINAL = frozenset({".", "!", "?", "…", "...", ";", ",", ":"})

_LONGEST_GAP = 30


def _shares_subject(passage: Passage, cue: Cue, start: int, link: int) -> bool:
    """Whether « et » at `link` goes on with what the source does, not with what it says: the verb behind it
    has the tense of the reporting verb, and what is said has another.
    """
    words, morphs = passage.words, passage.morphs
    after = link + 1
    while after < len(words) and (
        passage.tags[after] == "ADV" or words[after] in ("se", "s'", "le", "la", "l'", "en", "y")
    ):
        after += 1
    if (
        after >= len(words)
        or passage.tags[after] not in ("VERB", "AUX")
        or passage.quoted[link] != passage.quoted[cue.at]
    ):
        return False
    said = next((i for i in range(start, link) if "VerbForm=Fin" in morphs[i]), -1)
    compound = cue.finite != cue.at
    if compound and "VerbForm=Part" in morphs[after]:
        return (said >= 0 and passage.tags[said] != "AUX") or (said >= 0 and "Tense=Imp" in morphs[said])
    if compound:
        return words[after] == words[cue.finite] and (said < 0 or words[said] != words[after])
    return (
        "VerbForm=Fin" in morphs[after]
        and _tense(morphs[after]) == _tense(morphs[cue.at])
        and (
            said < 0
            or _tense(morphs[said]) != _tense(morphs[after])
            or words[after + 1 : after + 2] in (("que",), ("qu'",))
        )
    )


def _tense(morph: str) -> str:
    return next((part for part in morph.split("|") if part.startswith("Tense=")), "")


_SUBORDINATORS = frozenset(
    ["si", "s'", "alors", "tandis", "quand", "lorsque", "lorsqu'", "comme", "tout", "bien", "quoique"]
)


def sentence_end(passage: Passage, i: int) -> int:
    """The token after the last word of the sentence of token `i`, its final stop left out."""
    first, last = passage.sentence(i)
    while last > first + 1 and passage.words[last - 1] in _FINAL:
        last -= 1
    return last


def clause_end(passage: Passage, cue: Cue, start: int) -> int:
    """The token after the last word of the content that begins at `start` and depends on `cue`."""
    end = sentence_end(passage, min(max(start, cue.at), len(passage) - 1))
    end = min(end, _enclosure_end(passage, cue, start))
    node = cue.finite if passage.deps[cue.at] == "xcomp" else cue.at
    own = passage.edges[node][1]
    if passage.deps[node] in ("acl:relcl", "acl", "advcl", "ccomp", "xcomp", "csubj") and own > start + 1:
        while own > start + 1 and passage.words[own - 1] in _FINAL:
            own -= 1
        if own < end and _may_stop(passage, own):
            end = own
    under = _is_subordinate(passage, cue)
    relative = cue.first > 0 and "qui" in passage.words[max(0, cue.first - 2) : cue.first]
    for i in range(start + 1, end):
        if (
            under
            and passage.words[i] == ","
            and not passage.quoted[i]
            and _begins_clause(passage, i + 1, end)
        ):
            end = i
            break
        if relative and passage.words[i] == "," and "VerbForm=Fin" in passage.morphs[min(i + 1, end - 1)]:
            end = i
            break
        if passage.words[i] == "et" and _shares_subject(passage, cue, start, i):
            end = i
            break
        if passage.words[i] == ":" and passage.words[i + 1 : i + 2] == ("«",) and not passage.quoted[i]:
            end = i
            break
        if passage.words[i] == ";" or _resumes(passage, cue, i, start):
            end = i
            break
    if passage.words[end - 1] == ")":
        opening = next((k for k in range(end - 1, start, -1) if passage.words[k] == "("), -1)
        if opening > start + 2 and end - opening > 5:
            end = opening
    for quotation in passage.quotations:
        if start <= quotation.first < end < quotation.last and quotation.closed:
            end = min(quotation.last, passage.sentence(cue.at)[1])
    while end > start + 1 and (
        passage.words[end - 1] in (",", ":", "–", "—") or passage.tags[end - 1] == "CCONJ"
    ):
        end -= 1
    return end


def _is_subordinate(passage: Passage, cue: Cue) -> bool:
    """Whether the verb stands in a clause before the main one (« Si S estime que P, … »)."""
    first = passage.sentence(cue.at)[0]
    while first < cue.first and passage.words[first] in ("mais", "et", "or", "«"):
        first += 1
    if "," in passage.words[first : cue.first]:
        return False
    return passage.words[first] in _SUBORDINATORS or (cue.kind == "ppres" and cue.first - first <= 2)


def _begins_clause(passage: Passage, start: int, end: int) -> bool:
    """Whether a main clause begins at `start`: a subject, then a finite verb, with no link before them."""
    if passage.tags[start] not in ("DET", "PROPN", "PRON", "NOUN") or passage.words[start] in (
        "qui",
        "que",
        "dont",
        "où",
    ):
        return False
    for i in range(start, min(end, start + 14)):
        if "VerbForm=Fin" in passage.morphs[i]:
            return True
        if passage.words[i] in (",", ";", ":", "qui", "que"):
            return False
    return False


def _may_stop(passage: Passage, at: int) -> bool:
    """Whether a clause may end before token `at`: at a comma, a link or a verb, not within a phrase."""
    word = passage.words[at]
    if word == "," and at + 1 < len(passage):
        follows = passage.words[at + 1]
        if passage.tags[at + 1] == "ADP" or follows in ("qui", "dont", "où"):
            return False
    return word in (",", ")", ";", "–", "—", "»") or passage.tags[at] in ("VERB", "AUX", "CCONJ", "SCONJ")


def _enclosure_end(passage: Passage, cue: Cue, start: int) -> int:
    """Where the quotation or bracket ends that holds the cue itself."""
    end = len(passage)
    for quotation in passage.quotations:
        if quotation.first < cue.at < quotation.last and quotation.closed:
            end = min(end, quotation.last - 1)
    depth = 0
    for i in range(start, min(end, sentence_end(passage, cue.at) + 1)):
        if passage.words[i] == "(":
            depth += 1
        elif passage.words[i] == ")":
            depth -= 1
            if depth < 0:
                return i
    return end


def _resumes(passage: Passage, cue: Cue, i: int, start: int) -> bool:
    """Whether at token `i` the sentence that reports goes on, and what is reported is over."""
    words, tags, heads, deps = passage.words, passage.tags, passage.heads, passage.deps
    word = words[i]
    following = words[i + 1] if i + 1 < len(words) else ""
    if following in ("car", "parce", "puisque", "puisqu'", "ainsi", "notamment"):
        return False
    if word not in (",", "et", "mais", "puis", "ou") or following in QUE or following in ("si", "«"):
        return False
    after = i + 1
    if word == "," and following in ("et", "mais", "puis", "or", "tandis", "alors"):
        after += 1
        if after < len(words) and words[after] in QUE and following in ("et", "mais", "puis"):
            return False
    above = {cue.at, cue.finite, *passage.ancestors(cue.at)}
    limit = passage.sentence(i)[1]
    for k in range(after, min(after + 25, limit)):
        if deps[k] in ("conj", "parataxis") and heads[k] in above and heads[k] < start:
            left = passage.edges[k][0]
            return left <= after and tags[k] in ("VERB", "AUX", "ADJ", "NOUN") and _has_finite(passage, k)
        if words[k] in (",", ";") and k > after + 1:
            return False
    return False


def _has_finite(passage: Passage, k: int) -> bool:
    nodes = (k, *passage.children[k])
    return any(
        "VerbForm=Fin" in passage.morphs[n]
        for n in nodes
        if n == k or passage.deps[n].startswith(("aux", "cop"))
    )


def que_after(passage: Passage, cue: Cue) -> int:
    """The « que » that opens what a verb says, -1 where it opens none; adverbs, dates and who was told may
    stand between.
    """
    words, tags = passage.words, passage.tags
    end = passage.sentence(cue.at)[1]
    i = cue.last
    while i < min(end, cue.last + _LONGEST_GAP):
        word, tag = words[i], tags[i]
        if word in QUE:
            if words[i - 1] in _NO_COMPLEMENT or (words[i - 1] == "bien" and words[i - 2] == ","):
                return -1
            if _compares(passage, cue.last, i):
                return -1
            told = "a" in cue.verb.frames
            if i > cue.last and not told and tags[i] == "PRON" and tags[i - 1] in ("NOUN", "PROPN"):
                return -1
            return i
        if word == "«" and words[i - 1] == "dans" and (title := quotation_at(passage, i)):
            i = title.last
            continue
        if word in ("«", "»", ":", ";", ".", "(") or (tag in ("SCONJ", "CCONJ") and word not in ("et", "ou")):
            return -1
        if tag in ("VERB", "AUX") and ("VerbForm=Part" not in passage.morphs[i] or word.endswith("ant")):
            return -1
        if word in ("qui", "dont", "où", "si"):
            return -1
        i += 1
    return -1


def _compares(passage: Passage, first: int, que: int) -> bool:
    """Whether « que » completes a comparison (« plus de choses que »)."""
    for k in range(first, que):
        word = passage.words[k]
        if word in COMPARING and (
            word not in ("aussi", "si", "plus") or passage.tags[k + 1] in ("ADJ", "ADV", "ADP")
        ):
            return True
    return False


def quotation_at(passage: Passage, token: int) -> Quotation | None:
    """The quotation that opens with `token`, None where none does."""
    return next((q for q in passage.quotations if q.first == token and q.opened), None)


def quotation_ending(passage: Passage, token: int) -> Quotation | None:
    """The outermost quotation whose last token is `token`, None where none is."""
    ending = [q for q in passage.quotations if q.last - 1 == token and q.closed]
    return min(ending, key=lambda q: q.depth, default=None)


def enclosing(passage: Passage, token: int) -> Quotation | None:
    """The innermost quotation around `token`, None where it is not quoted."""
    around = [q for q in passage.quotations if q.first < token < q.last]
    return max(around, key=lambda q: q.depth, default=None)


def clause_start(passage: Passage, at: int, floor: int) -> int:
    """Where the clause begins that ends before `at`: after a semicolon, or a link between two clauses that
    stand on their own.
    """
    words = passage.words
    for i in range(at - 1, floor, -1):
        if words[i] == ";":
            return i + 1
        if words[i] in ("mais", "or") and words[i - 1] == ",":
            return i + 1
    return floor


def has_finite_verb(passage: Passage, span: Range) -> bool:
    """Whether a range of tokens holds a finite verb."""
    return any("VerbForm=Fin" in passage.morphs[i] for i in range(*span))
