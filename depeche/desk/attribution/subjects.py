"""Who says it: the subject, agent or inverted subject of a cue, whatever the parser made of it."""

from __future__ import annotations

from depeche.desk.attribution.cues import Cue
from depeche.desk.attribution.enumerations import completed
from depeche.desk.attribution.phrases import (
    CONTRACTED,
    DAYS,
    INSIDE,
    MONTHS,
    NOMINAL,
    OTHER_PRONOUNS,
    STOPS,
    SUBJECT_PRONOUNS,
    Range,
    after_complement,
    nominal_group,
    phrase_end,
    trimmed,
    with_apposition,
)
from depeche.desk.attribution.speakers import is_clause, speaks
from depeche.desk.passage import Passage

_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:caus"})


def source_before(passage: Passage, cue: Cue, language: str) -> Range | None:
    """The subject of a verb that stands after it, or that governs a participle or infinitive; None where
    there is none to be found.
    """
    found = _found_before(passage, cue, language)
    if found is None or found[1] > cue.first:
        return found
    if is_clause(passage, found):
        return None
    return completed(passage, found, passage.sentence(cue.at)[0], cue.first)


def _found_before(passage: Passage, cue: Cue, language: str) -> Range | None:
    near = _subject_beside(passage, cue)
    if near is not None:
        return near
    subject = _grammatical_subject(passage, cue) if cue.kind != "pp" else None
    if subject is not None and subject < cue.first:
        return _widened(passage, subject, cue)
    if cue.kind in ("ppres", "inf", "pp"):
        beside = _scanned_left if cue.kind == "pp" else _speaker_before
        return _controller(passage, cue, language) or (None if cue.kind == "inf" else beside(passage, cue))
    coordinated = _shared_subject(passage, cue) or _first_of_two(passage, cue)
    return coordinated or _scanned_left(passage, cue) or _opening(passage, cue)


def source_after(passage: Passage, cue: Cue) -> Range | None:
    """The inverted subject of a verb (« a déclaré jeudi la préfète »), None where there is none."""
    sentence_end = passage.sentence(cue.at)[1]
    words = passage.words
    for i in range(cue.finite + 1, min(cue.last + 2, sentence_end)):
        if words[i] in SUBJECT_PRONOUNS and words[i].startswith("-"):
            return i, i + 1
    subject = _grammatical_subject(passage, cue)
    if subject is not None and subject >= cue.last and subject < sentence_end:
        start = max(cue.last, passage.edges[subject][0])
        return with_apposition(passage, (start, phrase_end(passage, subject, sentence_end)), sentence_end)
    scanned = _scanned_right(passage, cue.last, sentence_end)
    return with_apposition(passage, scanned, sentence_end) if scanned else None


def agent(passage: Passage, cue: Cue) -> Range | None:
    """Who does the telling in the passive (« est accusé *par le parquet* de… »), None where nobody is named."""
    end = passage.sentence(cue.at)[1]
    for i in range(cue.last, min(cue.last + 8, end)):
        if passage.words[i] == "par" and i + 1 < end:
            return nominal_group(passage, i + 1, end)
        if passage.words[i] in ("que", "qu'", "«", ":", ";") or passage.tags[i] == "VERB":
            return None
    return None


def _grammatical_subject(passage: Passage, cue: Cue) -> int | None:
    for verb in dict.fromkeys((cue.at, cue.finite, *([cue.beside] if cue.beside >= 0 else []))):
        for child in passage.children[verb]:
            if passage.deps[child] in _SUBJECTS and not cue.first <= child < cue.at:
                return child
    return None


def _widened(passage: Passage, subject: int, cue: Cue) -> Range:
    """The whole noun phrase around the subject's head, up to the verb; for « qui » its antecedent."""
    words = passage.words
    if words[subject] == "qui":
        return antecedent(passage, subject) or (subject, subject + 1)
    first, last = passage.edges[subject]
    if words[first] == "dont" and any("VerbForm=Fin" in passage.morphs[k] for k in range(subject, cue.first)):
        return antecedent(passage, first) or (subject, subject + 1)
    sentence = passage.sentence(cue.at)
    first, last = max(first, sentence[0]), min(last, cue.first)
    if words[subject] in SUBJECT_PRONOUNS:
        return subject, subject + 1
    return trimmed(passage, first, max(last, subject + 1))


def antecedent(passage: Passage, relative: int) -> Range | None:
    """The noun phrase that a relative pronoun stands for."""
    words = passage.words
    sentence = passage.sentence(relative)[0]
    end = relative
    coordinated = words[end - 1] in ("et", "mais", "ou")
    while end > sentence and words[end - 1] in (",", "et", "mais", "ou", "(", "–"):
        end -= 1
    if coordinated:
        earlier = next(
            (k for k in range(end - 1, sentence, -1) if words[k] in ("qui", "que", "qu'", "dont", "où")), -1
        )
        if earlier > 0 and words[earlier - 1] == ",":
            return antecedent(passage, earlier)
    if end == sentence:
        return None
    head = next((a for a in passage.ancestors(relative) if passage.deps[a] == "acl:relcl"), None)
    while end > sentence + 1 and words[end - 1].endswith("-même"):
        end -= 1
    noun = passage.heads[head] if head is not None and passage.heads[head] < end else end - 1
    if passage.tags[noun] not in NOMINAL or noun >= end:
        noun = end - 1
        while noun > sentence and passage.tags[noun] not in NOMINAL:
            noun -= 1
    first = noun
    while first > sentence and passage.tags[first - 1] in INSIDE and words[first - 1] not in STOPS:
        first -= 1
    return trimmed(passage, first, end)


def _subject_beside(passage: Passage, cue: Cue) -> Range | None:
    """A pronoun right before the verb group, whatever the parser made of it."""
    i = cue.first - 1
    sentence = passage.sentence(cue.at)[0]
    while i > sentence and passage.tags[i] == "ADV":
        i -= 1
    if i < sentence:
        return None
    word = passage.words[i]
    if word in SUBJECT_PRONOUNS:
        return i, i + 1
    if word == "qui":
        return antecedent(passage, i) or (i, i + 1)
    return None


def _controller(passage: Passage, cue: Cue, language: str) -> Range | None:
    """For a participle or infinitive, the subject of the verb it depends on, or the noun it describes."""
    sentence = passage.sentence(cue.at)
    before = cue.first - 1
    if (
        cue.kind == "ppres"
        and before >= sentence[0]
        and passage.tags[before] in ("NOUN", "ADJ", "PROPN")
        and passage.words[before] != "en"
    ):
        noun = before
        while noun > sentence[0] and passage.tags[noun] not in ("NOUN", "PROPN"):
            noun -= 1
        if passage.tags[noun] == "PROPN":
            noun = sentence[0]
        described = trimmed(passage, max(passage.edges[noun][0], sentence[0]), before + 1)
        if speaks(passage, described, language, documents=False):
            return described
    for above in passage.ancestors(cue.at):
        if not sentence[0] <= above < sentence[1]:
            break
        for child in passage.children[above]:
            if passage.quoted[child] and not passage.quoted[cue.at]:
                continue
            if passage.deps[child] in _SUBJECTS and child != cue.at:
                if passage.words[child] == "qui":
                    return antecedent(passage, child) or (child, child + 1)
                if passage.words[child] in SUBJECT_PRONOUNS:
                    return child, child + 1
                first, last = passage.edges[child]
                if first <= cue.at < last:
                    last = cue.first
                return trimmed(passage, first, max(last, child + 1))
        if cue.kind != "inf" and passage.tags[above] in ("NOUN", "PROPN") and above < cue.at:
            return trimmed(passage, passage.edges[above][0], max(above + 1, cue.first))
    return None


def _speaker_before(passage: Passage, cue: Cue) -> Range | None:
    """For a participle behind an insertion (« …, regrette-t-elle, assurant que… ») whoever spoke in it."""
    first = passage.sentence(cue.at)[0]
    for i in range(cue.first - 1, first - 1, -1):
        if passage.quoted[i] != passage.quoted[cue.at]:
            break
        if passage.words[i] in SUBJECT_PRONOUNS:
            return i, i + 1
        if passage.deps[i] in _SUBJECTS:
            return trimmed(passage, max(passage.edges[i][0], first), min(passage.edges[i][1], cue.first))
    return None


def _shared_subject(passage: Passage, cue: Cue) -> Range | None:
    """The subject of the verb this one is coordinated with."""
    node = cue.at if passage.deps[cue.at] in ("conj", "parataxis") else cue.finite
    for _ in range(4):
        if passage.deps[node] not in ("conj", "parataxis") or passage.heads[node] == node:
            return None
        beside = passage.deps[node] == "parataxis"
        node = passage.heads[node]
        if beside and passage.deps[node] == "acl:relcl":
            noun = passage.heads[node]
            return trimmed(passage, passage.edges[noun][0], phrase_end(passage, noun, cue.first))
        for child in passage.children[node]:
            if passage.deps[child] in _SUBJECTS and child < min(cue.first, node):
                if passage.words[child] == "qui":
                    return antecedent(passage, child)
                first, last = passage.edges[child]
                return trimmed(passage, first, last)
    return None


def _first_of_two(passage: Passage, cue: Cue) -> Range | None:
    """The subject of the finite verb before, where « et » stands right before this one."""
    if passage.words[cue.first - 1] not in ("et", "puis") or cue.first - 1 <= passage.sentence(cue.at)[0]:
        return None
    for i in range(cue.first - 2, passage.sentence(cue.at)[0] - 1, -1):
        if "VerbForm=Fin" not in passage.morphs[i]:
            continue
        for child in (*passage.children[i], *passage.children[passage.heads[i]]):
            if passage.deps[child] in _SUBJECTS and child < i:
                if passage.words[child] == "qui":
                    return antecedent(passage, child)
                return trimmed(passage, passage.edges[child][0], min(passage.edges[child][1], i))
        return None
    return None


def _opening(passage: Passage, cue: Cue) -> Range | None:
    """The noun phrase that opens the sentence, where a finite verb of its own follows it."""
    first = passage.sentence(cue.at)[0]
    if passage.tags[first] not in ("DET", "PROPN", "NOUN", "PRON"):
        return None
    group = nominal_group(passage, first, cue.first)
    return with_apposition(passage, group, cue.first) if group else None


def _scanned_left(passage: Passage, cue: Cue) -> Range | None:
    """The noun phrase before the verb by its words alone, for when the parser has no subject."""
    start = passage.sentence(cue.at)[0]
    words, tags = passage.words, passage.tags
    last = cue.first
    while last > start and (words[last - 1] == "," or tags[last - 1] == "ADV"):
        last -= 1
    if last < cue.first and words[last] == ",":
        opened = next((k for k in range(last - 1, start, -1) if words[k] == ","), -1)
        if opened > 0 and words[opened + 1] in ("dont", "qui", "où", "que", "qu'"):
            last = opened
    first = last
    while (
        first > start
        and words[first - 1] not in STOPS
        and tags[first - 1] not in ("CCONJ", "SCONJ", "VERB", "AUX")
    ):
        if words[first - 1] in ("qui", "que", "qu'", "dont"):
            break
        first -= 1
    if first == last or tags[first] == "ADP":
        return None
    if not any(tags[i] in NOMINAL for i in range(first, last)):
        return None
    return trimmed(passage, first, last)


def _scanned_right(passage: Passage, at: int, end: int) -> Range | None:
    """The first noun phrase after a verb that is no date, adverb or complement."""
    words, tags = passage.words, passage.tags
    i = at
    while i < end:
        word, tag = words[i], tags[i]
        if word in DAYS or tag == "ADV" or word in ("matin", "soir", "midi", "après-midi"):
            i += 1
        elif word in ("le", "ce") and i + 1 < end and (tags[i + 1] == "NUM" or words[i + 1] in DAYS):
            i += 2
            while i < end and (tags[i] == "NUM" or words[i] in MONTHS):
                i += 1
        elif tag == "ADP" or word in CONTRACTED:
            i = after_complement(passage, i, end)
        elif word == ",":
            i += 1
        elif tag in ("DET", "NOUN", "PROPN", "ADJ", "NUM", "X") or passage.form(i)[:1].isupper():
            return nominal_group(passage, i, end)
        elif word in OTHER_PRONOUNS and word != "qui":
            return i, i + 1
        else:
            return None
    return None
