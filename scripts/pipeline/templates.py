"""Own sentences of reporting clauses, in which the treebanks are poor and the newspaper is rich.

What is reported is a sentence of the treebank at hand, taken when the pipeline is built and stored nowhere; the rest
is put together from the words of phrases.py: « …, a déclaré jeudi la préfète », "NP affirme que S", "Selon NP, S".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import phrases
from clauses import Clauses, can_be_cut, inserted, preposition, that
from convert import Sentence
from phrase_parser import FINITE, NUMBER, Piece, assembled, parsed, root_of, word
from reporting import BE, VOWELS, forms, longer_saying, pick, speaker, verb_group


class Writer(Clauses):
    """Writes reporting sentences around those of a treebank."""

    def sentences(self, count: int) -> Iterator[list[Sentence]]:
        """That many groups of sentences; those of a group follow one another."""
        frames = {
            self.after: 32,
            self.within: 13,
            self.with_that: 15,
            self.according_to: 8,
            self.announced: 7,
            self.accused: 4,
            self.accuses: 4,
            self.on_topic: 5,
            self.with_infinitive: 4,
            self.as_said: 3,
            self.relative: 4,
            self.two_sentences: 5,
        }
        for frame in self.rng.choices(list(frames), list(frames.values()), k=count):
            yield frame()

    def after(self) -> list[Sentence]:
        """« S », a déclaré jeudi la préfète."""
        said, clause = Piece("said", self.said(first=True)), self.inverted_clause("parataxis", "said")
        if self.rng.random() < 0.25:
            return [self.end("after", [said, self.comma(), *clause], "said")]
        pieces = [self.quote("«"), said, self.quote("»"), self.comma(), *clause]
        if self.rng.random() < 0.07:
            del pieces[3]
        if self.questions and self.rng.random() < 0.08:
            asked = Piece("said", self.rng.choice(self.questions).tokens)
            pieces = [self.quote("«"), asked, self.quote("»"), self.comma(), *clause]
        elif self.rng.random() < 0.1:
            pieces += self._adding()
        group = [self.end("after", pieces, "said")]
        if self.rng.random() < 0.15:
            more = Piece("said", self.said(first=True))
            stop = Piece("dot", word(".", "PUNCT"), "punct", "said")
            self.written += 1
            group.append(assembled(f"more-{self.written}", [self.quote("«"), more, stop, self.quote("»")]))
        return group

    def _adding(self) -> list[Piece]:
        lemma = self.rng.choice(["ajouter", "préciser", "assurer", "estimer"])
        verb = word(lemma.removesuffix("er") + "ant", "VERB", lemma, Tense="Pres", VerbForm="Part")
        said = self.said()
        return [
            self.comma("adding"),
            Piece("adding", verb, "advcl", "verb"),
            Piece("that", that(said), "mark", "more"),
            Piece("more", said, "ccomp", "adding"),
        ]

    def within(self) -> list[Sentence]:
        """« S1, a expliqué NP, S2 », cut where no other dependency crosses."""
        tokens = self.said(first=True)
        places = [at for at in range(2, len(tokens) - 1) if can_be_cut(tokens, at)]
        if not places:
            return self.after()
        at, quoted = self.rng.choice(places), self.rng.random() < 0.7
        clause = self.inverted_clause("parataxis", "said")
        closes = [self.quote("»")] if quoted and self.rng.random() < 0.7 else []
        opens = [self.quote("«")] if closes else []
        middle = [*closes, self.comma(), *clause, self.comma(), *opens]
        if clause[-1].tokens[-1].form == ",":
            del middle[len(closes) + 1 + len(clause)]
        name = self.end("within", [Piece("said", tokens)], "said").id
        whole = inserted(name, tokens, at, middle)
        if quoted:
            whole = inserted(name, whole.tokens, 0, [self.quote("«")])
            whole = inserted(name, whole.tokens, len(whole.tokens), [self.quote("»")])
        return [
            inserted(
                name, whole.tokens, len(whole.tokens), [Piece("stop", word(".", "PUNCT"), "punct", "said")]
            )
        ]

    def with_that(self) -> list[Sentence]:
        """NP a affirmé jeudi que S."""
        rng, who, said = self.rng, self.subject(0.3), self.said()
        fronted = self.adjuncts(1) if rng.random() < 0.3 else []
        verb = verb_group(rng, rng.choice(phrases.WITH_QUE), who)
        if rng.random() < 0.08:
            verb = longer_saying(rng, who)
        pieces = [
            *(replace(piece, name="fronted") for piece in fronted),
            *[self.comma() for _ in fronted],
            Piece("subject", who.tokens, "nsubj", "verb"),
            Piece("verb", verb),
            *self.set_off(2),
            Piece("that", that(said), "mark", "said"),
            *([self.quote("«")] if (quoted := rng.random() < 0.15) else []),
            Piece("said", said, "ccomp", "verb"),
            *([self.quote("»")] if quoted else []),
        ]
        return [self.end("that", pieces, "verb")]

    def according_to(self) -> list[Sentence]:
        """Selon NP, S; or S, selon NP."""
        first = self.rng.random() < 0.5
        who, said = speaker(self.rng, closed=first), Piece("said", self.said(first=not first))
        word_before = self.rng.choice(
            ["selon", "selon", "d'après", "pour"] if first else ["selon", "d'après"]
        )
        source = [
            Piece("case", preposition(word_before), "case", "source"),
            Piece("source", who.tokens, "obl", "said"),
        ]
        comma = self.comma("source")
        if first:
            comma_needed = who.tokens[-1].form != ","
            return [self.end("according", [*source, *[comma] * comma_needed, said], "said")]
        if self.rng.random() < 0.3:
            said = Piece("said", self.said(first=True))
            return [self.end("according", [self.quote("«"), said, self.quote("»"), comma, *source], "said")]
        return [self.end("according", [said, comma, *source], "said")]

    def announced(self) -> list[Sentence]:
        """NP a prévenu : « S. »"""
        who = self.subject(0.15)
        pieces = [
            Piece("subject", who.tokens, "nsubj", "verb"),
            Piece("verb", self.saying(who)),
            *self.adjuncts(2),
            Piece("colon", word(":", "PUNCT"), "punct", "said"),
            self.quote("«"),
            Piece("said", self.said(first=True), "ccomp", "verb"),
        ]
        if self.rng.random() < 0.5:
            return [self.end("announced", [*pieces, self.quote("»")], "verb")]
        return [
            assembled(
                "announced", [*pieces, Piece("dot", word(".", "PUNCT"), "punct", "said"), self.quote("»")]
            )
        ]

    def _fault(self) -> Piece:
        tokens = parsed(pick(self.rng, phrases.FAULTS))
        return Piece("fault", tokens, "obl" if tokens[root_of(tokens)].pos == "NOUN" else "xcomp", "verb")

    def accused(self) -> list[Sentence]:
        """NP est accusé par NP d'avoir trompé les clients."""
        who, accuser = speaker(self.rng), speaker(self.rng)
        tense = self.rng.choice(list(BE))
        mood = {"Mood": "Cnd", "Tense": "Pres"} if tense == "Cnd" else {"Tense": tense}
        form = BE[tense].split()[who.number == "p"]
        lemma = self.rng.choice(["accuser", "soupçonner", "accuser"])
        ending = ("e" if who.gender == "f" else "") + ("s" if who.number == "p" else "")
        feats = {"Gender": "Fem" if who.gender == "f" else "Masc", **NUMBER[who.number]}
        participle = word(forms(lemma)[8] + ending, "VERB", lemma, **feats, Tense="Past", VerbForm="Part")
        pieces = [
            Piece("subject", who.tokens, "nsubj:pass", "verb"),
            Piece(
                "be",
                word(form, "AUX", "être", **{**FINITE, **NUMBER[who.number], **mood}),
                "aux:pass",
                "verb",
            ),
            Piece("verb", participle),
            Piece("by", word("par", "ADP"), "case", "agent"),
            Piece("agent", accuser.tokens, "obl", "verb"),
            self._fault(),
        ]
        return [self.end("accused", pieces, "verb")]

    def accuses(self) -> list[Sentence]:
        """NP accuse NP de fraude."""
        who, target = self.subject(0.15), speaker(self.rng)
        pieces = [
            Piece("subject", who.tokens, "nsubj", "verb"),
            Piece("verb", verb_group(self.rng, self.rng.choice(["accuser", "soupçonner"]), who)),
            Piece("target", target.tokens, "obj", "verb"),
            self._fault(),
        ]
        return [self.end("accuses", pieces, "verb")]

    def on_topic(self) -> list[Sentence]:
        """NP a dénoncé la fermeture de la ligne."""
        who = self.subject(0.15)
        pieces = [
            Piece("subject", who.tokens, "nsubj", "verb"),
            Piece("verb", verb_group(self.rng, self.rng.choice(phrases.WITH_TOPIC), who)),
            *self.set_off(1),
            Piece("topic", parsed(pick(self.rng, phrases.TOPICS)), "obj", "verb"),
        ]
        return [self.end("topic", pieces, "verb")]

    def with_infinitive(self) -> list[Sentence]:
        """NP nie avoir trompé les clients; NP menace de fermer l'usine."""
        perfect = self.rng.random() < 0.6
        beginning = "d'_I avoir_W" if perfect else "de_I "
        faults = [fault for fault in phrases.listed(phrases.FAULTS) if fault.startswith(beginning)]
        fault = self.rng.choice(faults).removeprefix("d'_I " if perfect else "")
        who = self.subject(0.2)
        lemma = self.rng.choice(phrases.WITH_PERFECT if perfect else phrases.WITH_DE)
        pieces = [
            Piece("subject", who.tokens, "nsubj", "verb"),
            Piece("verb", verb_group(self.rng, lemma, who)),
            *self.set_off(1),
            Piece("fault", parsed(fault), "xcomp", "verb"),
        ]
        return [self.end("infinitive", pieces, "verb")]

    def as_said(self) -> list[Sentence]:
        """S, comme l'a indiqué NP."""
        who = speaker(self.rng, closed=False)
        lemma = self.rng.choice(
            ["indiquer", "rappeler", "annoncer", "souligner", "confirmer", "dire", "révéler"]
        )
        verb = verb_group(self.rng, lemma, who)
        article = "l'" if verb[0].form.startswith(VOWELS) else "le"
        it = word(article, "PRON", "le", Number="Sing", Person="3", PronType="Prs")
        pieces = [
            Piece("said", self.said(first=True)),
            self.comma(),
            Piece("as", word("comme", "SCONJ"), "mark", "verb"),
            Piece("it", it, "obj", "verb"),
            Piece("verb", verb, "advcl", "said"),
            *self.adjuncts(1),
            Piece("subject", who.tokens, "nsubj", "verb"),
        ]
        return [self.end("as", pieces, "said")]

    def relative(self) -> list[Sentence]:
        """NP a critiqué un plan de sauvetage, que défend NP."""
        who, other = self.subject(0.15), speaker(self.rng, closed=False)
        verb = verb_group(self.rng, self.rng.choice(phrases.WITH_TOPIC), other)
        topic = parsed(pick(self.rng, phrases.TOPICS))
        elided = "qu'" if verb[0].form.startswith(VOWELS) else "que"
        pieces = [
            Piece("subject", who.tokens, "nsubj", "main"),
            Piece("main", verb_group(self.rng, self.rng.choice(phrases.WITH_TOPIC), who)),
            Piece("topic", topic, "obj", "main"),
            *([self.comma()] if self.rng.random() < 0.5 else []),
            Piece("which", word(elided, "PRON", "que", PronType="Rel"), "obj", "verb"),
            Piece("verb", verb, "acl:relcl", "topic"),
            *self.adjuncts(1),
            Piece("other", other.tokens, "nsubj", "verb"),
        ]
        return [self.end("relative", pieces, "main")]

    def two_sentences(self) -> list[Sentence]:
        """« S1. S2 », a déclaré NP."""
        first = [self.quote("«"), Piece("said", self.said(first=True))]
        said, clause = Piece("said", self.said(first=True)), self.inverted_clause("parataxis", "said")
        last = [said, self.quote("»"), self.comma(), *clause]
        return [self.end("opening", first, "said"), self.end("closing", last, "said")]
