"""Reads the short notation of phrases.py into tokens with their analysis, and puts pieces together to a sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace

from convert import Sentence, Token

GENDER = {"m": {"Gender": "Masc"}, "f": {"Gender": "Fem"}}
NUMBER = {"s": {"Number": "Sing"}, "p": {"Number": "Plur"}}
FINITE = {"Mood": "Ind", "Person": "3", "VerbForm": "Fin"}
PARTICIPLE = {"Tense": "Past", "VerbForm": "Part"}
MASCULINE_SINGULAR = {**GENDER["m"], **NUMBER["s"]}
DETERMINERS = {
    **dict.fromkeys(("le", "la", "les", "l'"), ("le", {"Definite": "Def", "PronType": "Art"})),
    **dict.fromkeys(("un", "une", "des"), ("un", {"Definite": "Ind", "PronType": "Art"})),
    **dict.fromkeys(("son", "sa", "ses"), ("son", {"Poss": "Yes"})),
    **dict.fromkeys(("ce", "cet", "cette", "ces"), ("ce", {"PronType": "Dem"})),
}
TAGS = {
    **dict.fromkeys("PI", "ADP"),
    **dict.fromkeys("AB", "ADJ"),
    **dict.fromkeys("TUVYZ", "VERB"),
    **dict.fromkeys("HKOQ", "PRON"),
    **{"D": "DET", "N": "NOUN", "X": "PROPN", "R": "ADV", "M": "NUM", "W": "AUX", "S": "PUNCT"},
}
HAVING = {"avons": {"Number": "Plur", "Person": "1"}, "a": {"Number": "Sing", "Person": "3"}}
PRONOUNS = {
    "nous": {"Number": "Plur", "Person": "1", "PronType": "Prs"},
    "on": {"Number": "Sing", "Person": "3", "PronType": "Ind"},
    "eux": {"Number": "Plur", "Person": "3", "PronType": "Prs"},
    "lui": {"Number": "Sing", "Person": "3", "PronType": "Prs"},
}
WAITING = {
    "H": "nsubj",
    "K": "obj",
    "P": "case",
    "D": "det",
    "B": "amod",
    "M": "nummod",
    "I": "mark",
    "W": "aux",
    "Q": "nsubj",
}


@dataclass(frozen=True)
class Piece:
    """Some tokens of a sentence, under a name, and what they depend on there."""

    name: str
    tokens: list[Token]
    dep: str = "ROOT"
    governor: str = ""


def root_of(tokens: list[Token]) -> int:
    """The place of the token that governs the others."""
    return next(place for place, token in enumerate(tokens) if token.head == place)


def word(form: str, pos: str, lemma: str = "", **feats: str) -> list[Token]:
    """A piece of one word."""
    return [Token(form, lemma or form.lower(), pos, 0, "", feats, space=not form.endswith("'"))]


def assembled(name: str, pieces: list[Piece]) -> Sentence:
    """The sentence these pieces make, in this order."""
    roots, at = {}, 0
    for piece in pieces:
        roots[piece.name] = at + root_of(piece.tokens)
        at += len(piece.tokens)
    tokens: list[Token] = []
    for piece in pieces:
        start, own = len(tokens), root_of(piece.tokens)
        for place, token in enumerate(piece.tokens):
            if place == len(piece.tokens) - 1:
                token = replace(token, space=not token.form.endswith("'"))
            if place == own:
                head = roots[piece.governor] if piece.governor else roots[piece.name]
                token = replace(token, head=head, dep=piece.dep)
            else:
                token = replace(token, head=token.head + start)
            tokens.append(token)
    return Sentence(name, _spaced(tokens))


def _spaced(tokens: list[Token]) -> list[Token]:
    spaced = [replace(tokens[0], form=tokens[0].form[:1].upper() + tokens[0].form[1:])]
    for token in tokens[1:]:
        if token.form in {",", "."} or token.form.startswith("-"):
            spaced[-1] = replace(spaced[-1], space=False)
        spaced.append(token)
    return spaced


def parsed(phrase: str) -> list[Token]:
    """The tokens of a phrase of phrases.py; the first noun, name or infinitive governs it."""
    reader = _Reader()
    for part in phrase.split():
        written, _, tag = part.rpartition("_")
        reader.read(written or part, tag if written else "S")
    return reader.tokens


class _Reader:
    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.waiting: list[int] = []
        self.noun: int | None = None
        self.verb: int | None = None
        self.tags: list[str] = []

    def read(self, written: str, tag: str) -> None:
        place = len(self.tokens)
        self.tokens.append(_leaf(written, tag, place))
        self.tags.append(tag)
        kind = tag[0]
        if kind in WAITING:
            self.waiting.append(place)
        elif kind in "NOX":
            self._nominal(place, kind)
        elif kind in "UVTYZ":
            self._verbal(place, kind)
        elif self.noun is not None and kind in "AS":
            self._attach(place, self.noun, "amod" if kind == "A" else "punct")
        elif place:
            self._attach(place, self.verb if self.verb is not None else place + 1, "advmod")

    def _attach(self, place: int, head: int, dep: str) -> None:
        self.tokens[place] = replace(self.tokens[place], head=head, dep=dep)

    def _take_waiting(self, place: int) -> set[str]:
        taken = {self.tags[at][0] for at in self.waiting}
        for at in self.waiting:
            self._attach(at, place, WAITING[self.tags[at][0]])
        self.waiting = []
        return taken

    def _nominal(self, place: int, kind: str) -> None:
        if kind == "X" and place and self.tags[place - 1] == "X" and not self.waiting:
            first = place - 1
            while first and self.tags[first - 1] == "X":
                first -= 1
            self._attach(place, first, "flat")
            return
        preposition = next((self.tokens[at].lemma for at in self.waiting if self.tags[at] == "P"), "")
        self._take_waiting(place)
        after_verb = self.verb is not None and (self.noun is None or self.noun < self.verb)
        if self.noun is None and self.verb is None:
            self._attach(place, place, "")
        elif after_verb or (self.verb is not None and preposition not in {"", "de", "d'"}):
            self._attach(place, self.verb or 0, "obl" if preposition else "obj")
        else:
            named = kind == "X" and not preposition
            self._attach(place, self.noun or 0, "appos" if named else "nmod")
        self.noun = place

    def _verbal(self, place: int, kind: str) -> None:
        self._take_waiting(place)
        for at in range(place):
            if self.tokens[at].dep == "advmod" and self.tokens[at].head == at + 1 < place:
                self._attach(at, place, "advmod")
        if self.noun is None and self.verb is None:
            self._attach(place, place, "")
        else:
            head = self.noun if kind == "T" else root_of(self.tokens)
            self._attach(
                place, head or 0, {"V": "acl:relcl", "U": "acl:relcl", "Z": "xcomp"}.get(kind, "acl")
            )
        self.verb = place


def _leaf(written: str, tag: str, place: int) -> Token:
    form, _, lemma = written.partition("=")
    kind, shape = tag[0], tag[1:]
    feats: dict[str, str] = {}
    for letter in shape:
        feats |= GENDER.get(letter, {}) | NUMBER.get(letter, {})
    if kind == "D":
        known, more = DETERMINERS.get(form, (form, {}))
        lemma, feats = lemma or known, feats | more
        if form in {"l'", "les", "des", "ces", "ses"}:
            feats.pop("Gender", None)
    elif kind in "TUY":
        feats = (feats if kind == "T" else MASCULINE_SINGULAR) | PARTICIPLE
        lemma = lemma or form.rstrip("es").removesuffix("é") + "er"
    elif kind == "V":
        feats = feats | FINITE | {"Tense": "Pres"}
    elif kind == "W" and form != "avoir":
        feats = HAVING[form] | {"Mood": "Ind", "Tense": "Pres", "VerbForm": "Fin"}
        lemma = "avoir"
    elif kind in "ZW":
        feats = {"VerbForm": "Inf"}
    elif kind in "KQ":
        feats, lemma = {"PronType": "Rel"}, form.replace("'", "e")
    elif kind in "HO":
        feats = dict(PRONOUNS.get(form, {"Number": "Sing", "Person": "3", "PronType": "Dem"}))
        lemma = {"celle-ci": "celui-ci", "eux": "lui"}.get(form, form)
    elif form in {"ne", "pas"}:
        feats = {"Polarity": "Neg"}
    elif kind in "AB":
        lemma = lemma or (form.removesuffix("e") if feats.get("Gender") == "Fem" else form)
    lemma = lemma or ("de" if form == "d'" else form if kind == "X" else form.lower())
    return Token(form, lemma, TAGS[kind], place, "", dict(sorted(feats.items())), not form.endswith("'"))
