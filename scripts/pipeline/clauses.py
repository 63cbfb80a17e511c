"""What the template sentences are made of: the sentence reported, the clause that reports it, and their marks."""

from __future__ import annotations

import random
from dataclasses import replace

import phrases
from convert import Sentence, Token
from phrase_parser import NUMBER, Piece, assembled, parsed, root_of, word
from reporting import PRONOUNS, VOWELS, Speaker, longer_saying, pick, speaker, verb_group

FEWEST_WORDS, MOST_WORDS = 4, 22
MARKS = {"«", "»", '"', "“", "”", ":", ";", "(", ")", "!", "…", "..."}
IN_MIDWAY = {"ADP", "DET", "AUX", "PART", "PRON", "SCONJ", "CCONJ", "PUNCT"}


def reportable(sentence: Sentence, stop: str = ".") -> bool:
    """Whether a treebank sentence is a plain one, short enough to be reported."""
    tokens = sentence.tokens
    root = tokens[root_of(tokens)]
    return (
        FEWEST_WORDS <= len(tokens) <= MOST_WORDS
        and tokens[-1].form == stop
        and not any(token.form in MARKS or token.pos in {"INTJ", "X"} for token in tokens)
        and tokens[0].pos not in {"PUNCT", "CCONJ", "NUM"}
        and (root.feats.get("Mood") == "Ind" or any(_finite_child(tokens, token) for token in tokens))
        and all(token.head != len(tokens) - 1 for token in tokens)
    )


def _finite_child(tokens: list[Token], token: Token) -> bool:
    is_child = token.head == root_of(tokens)
    return is_child and token.pos == "AUX" and token.feats.get("Mood") in {"Ind", "Cnd"}


def usual_irregular() -> list[str]:
    """The irregular verbs that report by themselves."""
    return [lemma for lemma in phrases.IRREGULAR if lemma not in phrases.ONLY_FORMS]


def that(said: list[Token]) -> list[Token]:
    """« que », or « qu' » before a vowel."""
    return word("qu'" if said[0].form.startswith(VOWELS) else "que", "SCONJ", "que")


def preposition(words: str) -> list[Token]:
    """« selon », « pour » or « d'après »."""
    if words != "d'après":
        return word(words, "ADP")
    return [Token("d'", "de", "ADP", 0, "", {}, False), Token("après", "après", "ADP", 0, "fixed")]


def can_be_cut(tokens: list[Token], at: int) -> bool:
    """Whether only dependencies of the root pass over this place, so that a clause put there crosses none."""
    root = root_of(tokens)
    before, after = tokens[at - 1], tokens[at]
    if before.pos in IN_MIDWAY or before.form.lower() in {"ne", "n'"}:
        return False
    if after.pos == "PUNCT" or after.form.startswith("-"):
        return False
    crossing = [place for place, token in enumerate(tokens) if (place < at) != (token.head < at)]
    return all(root in (place, tokens[place].head) for place in crossing)


def inserted(name: str, tokens: list[Token], at: int, pieces: list[Piece]) -> Sentence:
    """The sentence with these pieces put in at a place, hanging on its root under the name « said »."""
    more = assembled(name, [Piece("said", word("x", "X")), *pieces]).tokens[1:]
    size, root = len(more), root_of(tokens)

    def moved(place: int) -> int:
        return place + size if place >= at else place

    kept = [replace(token, head=moved(token.head)) for token in tokens]
    added = [replace(token, head=moved(root) if token.head == 0 else token.head - 1 + at) for token in more]
    before = kept[:at]
    if before:
        close = added[0].form in {",", "."}
        before[-1] = replace(before[-1], space=not close and not before[-1].form.endswith("'"))
    return Sentence(name, [*before, *added, *kept[at:]])


class Clauses:
    """Draws the clauses of template sentences around those of a treebank."""

    def __init__(self, contents: list[Sentence], rng: random.Random) -> None:
        self.contents = [sentence for sentence in contents if reportable(sentence)]
        self.questions = [sentence for sentence in contents if reportable(sentence, "?")]
        self.rng = rng
        self.written = 0

    def end(self, name: str, pieces: list[Piece], root: str) -> Sentence:
        """The pieces as a sentence with its full stop; a comma before it goes."""
        self.written += 1
        if pieces[-1].tokens[-1].form == ",":
            pieces[-1] = replace(pieces[-1], tokens=pieces[-1].tokens[:-1])
        pieces.append(Piece("stop", word(".", "PUNCT"), "punct", root))
        return assembled(f"{name}-{self.written}", pieces)

    def said(self, first: bool = False) -> list[Token]:
        """A treebank sentence without its stop; with its capital where it comes first."""
        tokens = list(self.rng.choice(self.contents).tokens[:-1])
        if not first and tokens[0].pos != "PROPN":
            tokens[0] = replace(tokens[0], form=tokens[0].form[:1].lower() + tokens[0].form[1:])
        return tokens

    def adjuncts(self, most: int, governor: str = "verb") -> list[Piece]:
        """When, where and how it was said: none, one or more."""
        pieces = []
        for number in range(self.rng.choices(range(most + 1), [5, 5, 2, 1][: most + 1])[0]):
            tokens = parsed(pick(self.rng, phrases.ADJUNCTS))
            dep = "advmod" if tokens[root_of(tokens)].pos == "ADV" else "obl"
            pieces.append(Piece(f"adjunct{number}", tokens, dep, governor))
        return pieces

    def set_off(self, most: int) -> list[Piece]:
        """The same, one in seven between commas."""
        found = self.adjuncts(most)
        if found and self.rng.random() < 0.15:
            return [self.comma(), *found, self.comma()]
        return found

    def comma(self, governor: str = "verb") -> Piece:
        """A comma."""
        return Piece(f"comma{self.rng.random()}", word(",", "PUNCT"), "punct", governor)

    def quote(self, mark: str, governor: str = "said") -> Piece:
        """A quotation mark."""
        return Piece(f"{mark}{self.rng.random()}", word(mark, "PUNCT"), "punct", governor)

    def subject(self, pronouns: float) -> Speaker:
        """Who comes before the verb: somebody named, or « il », « elles » in this share of sentences."""
        if self.rng.random() >= pronouns:
            return speaker(self.rng)
        gender, number = self.rng.choice(["ms", "ms", "fs", "fs", "mp", "fp"])
        feats = {**NUMBER[number], "Person": "3", "PronType": "Prs"}
        return Speaker(word(PRONOUNS[gender, number], "PRON", "il", **feats), gender, number)

    def saying(self, who: Speaker, clitic: str = "") -> list[Token]:
        """A verb of saying: « a déclaré », « s'est indignée », « fait savoir », « veut croire »."""
        kind = self.rng.random()
        if kind < 0.07:
            return verb_group(self.rng, self.rng.choice(phrases.REFLEXIVE), who, clitic, reflexive=True)
        if kind < 0.15:
            return longer_saying(self.rng, who, clitic)
        return verb_group(
            self.rng, self.rng.choice([*phrases.REGULAR, *usual_irregular(), *["dire"] * 4]), who, clitic
        )

    def inverted_clause(self, dep: str, governor: str) -> list[Piece]:
        """« a déclaré jeudi la préfète » or « a-t-elle ajouté », hanging on what is said."""
        rng = self.rng
        if rng.random() < 0.24:
            gender, number = rng.choice(["ms", "fs", "ms", "fs", "mp", "fp"])
            clitic = "on" if number == "s" and rng.random() < 0.15 else PRONOUNS[gender, number]
            verb = Piece("verb", self.saying(Speaker([], gender, number), clitic), dep, governor)
            return [verb, *self.adjuncts(2)]
        who = speaker(rng, closed=False)
        verb = Piece("verb", self.saying(who), dep, governor)
        subject = Piece("subject", who.tokens, "nsubj", "verb")
        order = [*self.adjuncts(3), subject]
        if rng.random() < 0.25:
            order = [subject, *self.adjuncts(2)]
            if len(order) > 1 and any(token.form == "," for token in who.tokens):
                order.insert(1, self.comma())
        elif len(order) > 2 and rng.random() < 0.3:
            order = [self.comma(), *order[:-1], self.comma(), order[-1]]
        elif rng.random() < 0.12:
            inset = Piece("inset", parsed(pick(rng, phrases.INSETS)), "obl", "verb")
            order = [*order[:-1], self.comma("inset"), inset, self.comma("inset"), subject]
        return [verb, *order]
