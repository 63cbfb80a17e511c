"""Reads Universal Dependencies treebanks of French and writes what spaCy trains on.

    python scripts/pipeline/convert.py --out sentences.spacy TREEBANK.conllu ...

A multi-word token stays the one word that is printed: « du » is an adposition. Labels are brought to what all banks
share, quotation marks and apostrophes to the form in which the desk reads, tokens to those of spaCy's own tokenizer.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

KEPT_SUBTYPES = {"nsubj:pass", "aux:pass", "acl:relcl", "flat:foreign"}
KEPT_FEATURES = {
    "VERB": {"Mood", "Tense", "VerbForm", "Person", "Number", "Gender"},
    "AUX": {"Mood", "Tense", "VerbForm", "Person", "Number", "Gender"},
    "NOUN": {"Gender", "Number"},
    "ADJ": {"Gender", "Number"},
    "DET": {"Definite", "Gender", "Number", "PronType", "Poss"},
    "PRON": {"Person", "Number", "PronType", "Reflex"},
    "ADV": {"Polarity"},
}
CLITIC_LEMMAS = {
    "il": "il elle ils elles -il -elle -ils -elles",
    "on": "on -on l'on",
    "je": "je j' -je",
    "tu": "tu -tu",
    "le": "le la l' les -le -la -les",
    "lui": "lui -lui eux",
    "leur": "leur -leur",
    "se": "se s'",
    "me": "me m' -moi",
    "te": "te t' -toi",
    "moi": "moi",
    "toi": "toi",
    "soi": "soi",
    "nous": "nous -nous",
    "vous": "vous -vous",
}
PRONOUN_LEMMA = {form: lemma for lemma, forms in CLITIC_LEMMAS.items() for form in forms.split()}
APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " "})
OPENING, CLOSING, STRAIGHT = "«“„‟", "»”", '"'
LEAK_SIZE, LEAK_SHARE = 5, 0.3
AS_PRINTED = 0.1


@dataclass(frozen=True)
class Token:
    """One word with its analysis; `head` is a place in the sentence, its own for the root."""

    form: str
    lemma: str
    pos: str
    head: int
    dep: str
    feats: dict[str, str] = field(default_factory=dict)
    space: bool = True


@dataclass(frozen=True)
class Sentence:
    """The tokens of one sentence, and the name the treebank gives it."""

    id: str
    tokens: list[Token]

    @property
    def text(self) -> str:
        """The sentence as printed."""
        return "".join(token.form + " " * token.space for token in self.tokens)


def read_conllu(path: Path) -> Iterator[Sentence]:
    """The sentences of a treebank, multi-word tokens kept whole and labels harmonised."""
    name, rows = "", []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("# sent_id ="):
            name = line.partition("=")[2].strip()
        elif line and not line.startswith("#"):
            rows.append(line.split("\t"))
        elif not line and rows:
            yield Sentence(name, _tokens(rows))
            rows = []


def _tokens(rows: list[list[str]]) -> list[Token]:
    words = [row for row in rows if row[0].isdigit()]
    tokens = [_token(row, int(row[6]) - 1 if row[6] != "0" else place) for place, row in enumerate(words)]
    groups = [[place] for place in range(len(tokens))]
    printed: dict[int, tuple[str, bool]] = {}
    for row in rows:
        if "-" in row[0]:
            first, last = (int(number) - 1 for number in row[0].split("-"))
            groups = [group for group in groups if not first <= group[0] <= last]
            groups.append(list(range(first, last + 1)))
            printed[first] = (row[1], "SpaceAfter=No" not in row[9])
    groups.sort()
    return _merge(tokens, groups, printed)


def _token(row: list[str], head: int) -> Token:
    _, form, lemma, pos, _, feats, _, dep, _, misc = row
    return Token(
        form=form.translate(APOSTROPHES) if form != "'" else form,
        lemma=_lemma(form.lower().replace("’", "'"), lemma, pos),
        pos=pos,
        head=head,
        dep="ROOT" if dep == "root" else dep if dep in KEPT_SUBTYPES else dep.partition(":")[0],
        feats=_features(pos, feats, misc),
        space="SpaceAfter=No" not in misc,
    )


def _lemma(form: str, lemma: str, pos: str) -> str:
    if pos == "PRON":
        lemma = PRONOUN_LEMMA.get(form.removeprefix("-t") if form.startswith("-t-") else form, lemma)
    if lemma == "_":
        lemma = form
    return lemma.replace("’", "'").replace("_", " ")


def _features(pos: str, feats: str, misc: str) -> dict[str, str]:
    """The features that mean the same in all banks; the spoken ones keep number and gender among the remarks."""
    found = dict(pair.split("=", 1) for pair in feats.split("|") if "=" in pair)
    if pos in {"NOUN", "VERB", "ADJ"}:
        for pair in misc.split("|"):
            name, _, value = pair.partition("=")
            feature, _, layer = name.partition("[")
            from_context = pos == "ADJ" and feature == "Gender" and layer == "ctxt]"
            if layer in {"lex]", "ctxt]"} and value != "Unknown" and not from_context:
                found.setdefault(feature, value)
    kept = KEPT_FEATURES.get(pos, set())
    return {name: value for name, value in sorted(found.items()) if name in kept and "," not in value}


def _merge(tokens: list[Token], groups: list[list[int]], printed: dict[int, tuple[str, bool]]) -> list[Token]:
    """One token for each group of words: the one whose governor is outside the group."""
    place_of = {old: new for new, group in enumerate(groups) for old in group}
    merged = []
    for new, group in enumerate(groups):
        outside = [old for old in group if tokens[old].head not in group or tokens[old].head == old]
        kept = tokens[outside[0]]
        form, space = printed.get(group[0], (kept.form, tokens[group[-1]].space))
        if len(group) > 1 and group[0] not in printed:
            form = "".join(tokens[old].form + " " * tokens[old].space for old in group[:-1])
            form += tokens[group[-1]].form
        head = new if kept.head in group else place_of[kept.head]
        merged.append(replace(kept, form=form.translate(APOSTROPHES), space=space, head=head))
    return merged


def as_the_desk_reads(sentence: Sentence, rng: random.Random) -> Sentence:
    """Most sentences get « » for every pair of quotation marks, spaced inside or not; one in ten stays as printed."""
    if rng.random() < AS_PRINTED:
        return sentence
    spaced, opened, tokens = rng.random() < 0.5, False, list(sentence.tokens)
    for place, token in enumerate(tokens):
        if token.form not in {*OPENING, *CLOSING, STRAIGHT}:
            continue
        opens = token.form in OPENING or (token.form == STRAIGHT and not opened)
        opened = opens
        mark = "«" if opens else "»"
        tokens[place] = replace(token, form=mark, lemma=mark, space=spaced if opens else token.space)
        if opens and place:
            before = tokens[place - 1]
            tokens[place - 1] = replace(before, space=before.form[-1] not in "'(")
        elif not opens and place:
            tokens[place - 1] = replace(tokens[place - 1], space=spaced)
            after = tokens[place + 1].form if place + 1 < len(tokens) else ""
            tokens[place] = replace(tokens[place], space=after[:1] not in {",", ".", ")", "…"})
    return replace(sentence, tokens=tokens)


def realigned(sentence: Sentence, tokenizer: Language) -> Sentence | None:
    """The sentence cut as spaCy cuts it; None where words of both overlap."""
    text = sentence.text.rstrip()
    cut = [word for word in tokenizer.make_doc(text) if not word.is_space]
    starts = _starts(sentence)
    ends = [start + len(token.form) for start, token in zip(starts, sentence.tokens, strict=True)]
    tokens = list(sentence.tokens)
    for place in range(len(tokens) - 1, -1, -1):
        inside = [word for word in cut if starts[place] <= word.idx and word.idx + len(word) <= ends[place]]
        if len(inside) > 1:
            tokens = _split(tokens, place, [(word.text, bool(word.whitespace_)) for word in inside])
    starts = _starts(replace(sentence, tokens=tokens))
    groups: list[list[int]] = []
    for word in cut:
        group = [place for place, start in enumerate(starts) if word.idx <= start < word.idx + len(word)]
        if not group or starts[group[0]] != word.idx:
            return None
        groups.append(group)
    if sum(map(len, groups)) != len(tokens):
        return None
    whole = replace(sentence, tokens=_merge(tokens, groups, {}))
    return whole if [token.form for token in whole.tokens] == [word.text for word in cut] else None


def _starts(sentence: Sentence) -> list[int]:
    starts, at = [], 0
    for token in sentence.tokens:
        starts.append(at)
        at += len(token.form) + token.space
    return starts


def _split(tokens: list[Token], place: int, parts: list[tuple[str, bool]]) -> list[Token]:
    """The token as several words: the last of « -t-il » and « 10 000 » keeps its analysis, elsewhere the first."""
    more, whole = len(parts) - 1, tokens[place]
    governor = more if whole.pos == "NUM" or parts[0][0].startswith("-") else 0

    def moved(head: int) -> int:
        return head + (more if head > place else governor if head == place else 0)

    words = []
    for at, (form, space) in enumerate(parts):
        if at == governor:
            lemma = whole.lemma if form.startswith("-") else form if whole.pos == "PROPN" else form.lower()
            words.append(replace(whole, form=form, lemma=lemma, head=moved(whole.head), space=space))
        else:
            pos = "PART" if form == "-t" else "PUNCT" if form == "-" else whole.pos
            words.append(Token(form, form.lower(), pos, place + governor, "dep", {}, space))
    before, after = tokens[:place], tokens[place + 1 :]
    return [
        *(replace(token, head=moved(token.head)) for token in before),
        *words,
        *(replace(token, head=moved(token.head)) for token in after),
    ]


def shingles(sentence: Sentence) -> set[tuple[str, ...]]:
    """The runs of five words of a sentence."""
    words = [token.form.lower() for token in sentence.tokens if token.pos != "PUNCT"]
    return {tuple(words[at : at + LEAK_SIZE]) for at in range(len(words) - LEAK_SIZE + 1)}


def without_leaks(train: Iterable[Sentence], held_out: Iterable[Sentence]) -> list[Sentence]:
    """The sentences of whose runs of words no more than three in ten stand in those held out."""
    known = set().union(*(shingles(sentence) for sentence in held_out))
    kept = []
    for sentence in train:
        own = shingles(sentence)
        if not own or len(own & known) / len(own) <= LEAK_SHARE:
            kept.append(sentence)
    return kept


def to_doc(sentences: list[Sentence], tokenizer: Language) -> Doc:
    """One document of these sentences, one after the other."""
    tokens, heads = [], []
    for sentence in sentences:
        heads += [len(tokens) + token.head for token in sentence.tokens]
        tokens += [*sentence.tokens[:-1], replace(sentence.tokens[-1], space=True)]
    return Doc(
        tokenizer.vocab,
        words=[token.form for token in tokens],
        spaces=[token.space for token in tokens],
        pos=[token.pos for token in tokens],
        lemmas=[token.lemma for token in tokens],
        morphs=["|".join(f"{name}={value}" for name, value in token.feats.items()) for token in tokens],
        heads=heads,
        deps=[token.dep for token in tokens],
        sent_starts=[place == 0 for sentence in sentences for place in range(len(sentence.tokens))],
    )


def in_documents(sentences: Iterable[Sentence], tokenizer: Language, rng: random.Random) -> Iterator[Doc]:
    """Documents of one to six sentences, as long as the desk's paragraphs."""
    waiting, size = [], rng.randint(1, 6)
    for sentence in sentences:
        if whole := realigned(sentence, tokenizer):
            waiting.append(whole)
        if len(waiting) == size:
            yield to_doc(waiting, tokenizer)
            waiting, size = [], rng.randint(1, 6)
    if waiting:
        yield to_doc(waiting, tokenizer)


def main() -> None:
    """Converts treebanks for a look at them; train.py does the same with its own choice of sentences."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("treebanks", nargs="+", type=Path)
    options.add_argument("--out", required=True, type=Path)
    asked = options.parse_args()
    tokenizer, rng = spacy.blank("fr"), random.Random(1)
    sentences = (as_the_desk_reads(one, rng) for path in asked.treebanks for one in read_conllu(path))
    DocBin(docs=list(in_documents(sentences, tokenizer, rng)), store_user_data=False).to_disk(asked.out)


if __name__ == "__main__":
    main()
