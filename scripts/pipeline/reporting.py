"""Whoever speaks and the verbs of saying, with their analysis: the pieces of the template sentences."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import phrases
from convert import Token
from phrase_parser import FINITE, GENDER, MASCULINE_SINGULAR, NUMBER, PARTICIPLE, parsed, root_of, word

VOWELS = tuple("aeiouyhéèêâîôûàœæAEIOUYHÉÈÊÂÎÔÛÀŒ")
TENSES = {"Pres": 0, "Imp": 2, "Past": 4, "Fut": 6}
HAVE = {"Pres": "a ont", "Imp": "avait avaient", "Fut": "aura auront", "Cnd": "aurait auraient"}
BE = {"Pres": "est sont", "Imp": "était étaient", "Fut": "sera seront", "Cnd": "serait seraient"}
PRONOUNS = {("m", "s"): "il", ("f", "s"): "elle", ("m", "p"): "ils", ("f", "p"): "elles"}


@dataclass(frozen=True)
class Speaker:
    """A noun phrase with the gender and number its verb takes."""

    tokens: list[Token]
    gender: str
    number: str


def pick(rng: random.Random, phrase_list: str) -> str:
    """One phrase of a list, its places and outlets filled in."""
    phrase = rng.choice(phrases.listed(phrase_list))
    place = rng.choice(phrases.PLACES)
    return phrase.replace("PLACE", f"{place}_X").replace("OUTLET", rng.choice(phrases.OUTLETS))


def speaker(rng: random.Random, closed: bool = True) -> Speaker:
    """Somebody who speaks; `closed` puts a comma after an apposition or relative clause."""
    kind = rng.choices(["role", "name", "titled", "institution", "group", "pair"], [25, 24, 7, 25, 12, 7])[0]
    if kind == "pair":
        return _pair(_simple(rng, "role"), _simple(rng, rng.choice(["role", "name", "institution"])))
    who = _simple(rng, kind)
    if rng.random() < (0.4 if kind in {"name", "titled"} else 0.15):
        return _extended(rng, who, kind, closed)
    return who


def _simple(rng: random.Random, kind: str) -> Speaker:
    if kind == "role":
        return _role(rng)
    if kind in {"name", "titled"}:
        gender = rng.choice("mf")
        last = _surname(rng)
        if kind == "titled":
            title, lemma = ("M.", "monsieur") if gender == "m" else ("Mme", "madame")
            head = word(title, "NOUN", lemma, **GENDER[gender], **NUMBER["s"])
            return Speaker(_joined(head, word(last, "PROPN", last), "nmod"), gender, "s")
        if rng.random() < 0.12:
            return Speaker(word(last, "PROPN", last), gender, "s")
        return Speaker(_name(rng, gender, last), gender, "s")
    if kind == "institution" and rng.random() < 0.15:
        acronym = rng.choice(phrases.ACRONYMS)
        article = "l'_Dms" if acronym.startswith(VOWELS) else rng.choice(["la_Dfs", "le_Dms"])
        return Speaker(parsed(f"{article} {acronym}_X"), article[-2] if article[0] != "l'" else "m", "s")
    return _noun_phrase(pick(rng, phrases.INSTITUTIONS if kind == "institution" else phrases.GROUPS))


def _noun_phrase(phrase: str) -> Speaker:
    tokens = parsed(phrase)
    feats = tokens[root_of(tokens)].feats
    return Speaker(
        tokens,
        "f" if feats.get("Gender") == "Fem" else "m",
        "p" if feats.get("Number") == "Plur" else "s",
    )


def _surname(rng: random.Random) -> str:
    return rng.choice(phrases.SURNAMES)


def _name(rng: random.Random, gender: str, last: str) -> list[Token]:
    first = rng.choice(phrases.WOMEN if gender == "f" else phrases.MEN)
    return parsed(f"{first}_X {last}_X")


def _role(rng: random.Random, bare: bool = False) -> Speaker:
    noun, gender = rng.choice(phrases.listed(phrases.ROLES)).split()
    article = {"m": rng.choice(["le", "le", "un"]), "f": rng.choice(["la", "la", "une"])}[gender]
    if noun.startswith(VOWELS) and article in {"le", "la"}:
        article = "l'"
    phrase = f"{noun}_N{gender}s" if bare else f"{article}_D{gender}s {noun}_N{gender}s"
    if bare or rng.random() < 0.55:
        place = rng.choice(phrases.PLACES)
        of = "d'" if place.startswith(VOWELS) else "de"
        complement = rng.choice([*phrases.listed(phrases.COMPLEMENTS), f"{of}_P {place}_X", f"à_P {place}_X"])
        if not complement.startswith("chargé") or complement.startswith("chargée") == (gender == "f"):
            phrase += " " + complement
    tokens = parsed(phrase)
    if not bare and article != "un" and rng.random() < 0.35:
        tokens = _joined(tokens, _name(rng, gender, _surname(rng)), "appos")
    return Speaker(tokens, gender, "s")


def _joined(head: list[Token], dependent: list[Token], dep: str) -> list[Token]:
    root, start = root_of(head), len(head)
    moved = [replace(token, head=token.head + start) for token in dependent]
    own = root_of(dependent)
    moved[own] = replace(moved[own], head=root, dep=dep)
    return [*head, *moved]


def _extended(rng: random.Random, who: Speaker, kind: str, closed: bool) -> Speaker:
    """The speaker with an apposition or a relative clause between commas."""
    if kind == "name" and rng.random() < 0.7:
        more, dep = _role(rng, bare=rng.random() < 0.7).tokens, "appos"
    elif kind == "role" and rng.random() < 0.6:
        more, dep = _name(rng, who.gender, _surname(rng)), "appos"
    else:
        clause = pick(rng, phrases.RELATIVES if rng.random() < 0.6 else phrases.PARTICIPLES)
        if "_U" in clause and (kind in {"institution", "group"} or who.gender == "f"):
            clause = phrases.listed(phrases.RELATIVES)[-1]
        more, dep = _relative(clause, who), "acl" if "_T" in clause else "acl:relcl"
    head = root_of(more)
    comma = Token(",", ",", "PUNCT", 0, "punct")
    more = [replace(comma, head=head + 1), *(replace(token, head=token.head + 1) for token in more)]
    if closed:
        more.append(replace(comma, head=head + 1))
    return replace(who, tokens=_joined(who.tokens, more, dep))


PLURAL_RELATIVE = {"suit": "suivent", "vit": "vivent", "connaît": "connaissent"}


def _relative(clause: str, who: Speaker) -> list[Token]:
    tokens = parsed(clause)
    place = root_of(tokens)
    verb = tokens[place]
    if "_T" in clause:
        ending = ("e" if who.gender == "f" else "") + ("s" if who.number == "p" else "")
        feats = verb.feats | GENDER[who.gender] | NUMBER[who.number]
        tokens[place] = replace(verb, form=verb.form + ending, feats=feats)
    elif who.number == "p" and verb.feats["VerbForm"] == "Fin":
        plural = PLURAL_RELATIVE.get(verb.form, verb.form + "nt")
        tokens[place] = replace(verb, form=plural, feats=verb.feats | NUMBER["p"])
    return tokens


def _pair(one: Speaker, other: Speaker) -> Speaker:
    start = root_of(other.tokens)
    conjunction = Token("et", "et", "CCONJ", start + 1, "cc")
    second = [conjunction, *(replace(token, head=token.head + 1) for token in other.tokens)]
    gender = "f" if one.gender == other.gender == "f" else "m"
    return Speaker(_joined(one.tokens, second, "conj"), gender, "p")


def forms(lemma: str) -> list[str]:
    """Present, imperfect, simple past and future, each in the third person of both numbers; then the participle."""
    if lemma in phrases.IRREGULAR:
        return phrases.IRREGULAR[lemma].split()
    stem = lemma.removesuffix("er")
    soft = {"c": stem[:-1] + "ç", "g": stem + "e"}.get(stem[-1], stem)
    strong = stem
    if lemma in {"répéter", "considérer", "suggérer", "espérer"}:
        strong = "è".join(stem.rsplit("é", 1))
    elif lemma == "marteler":
        strong = "martèl"
    elif lemma == "rappeler":
        strong = stem + "l"
    elif lemma in {"relever", "révéler"}:
        strong = stem[:-2] + "èv" if lemma == "relever" else "révèl"
    future = stem if "é" in stem[-2:] else strong
    return [
        *(strong + "e", strong + "ent", soft + "ait", soft + "aient", soft + "a", stem + "èrent"),
        *(future + "era", future + "eront", stem + "é"),
    ]


def verb_group(
    rng: random.Random, lemma: str, who: Speaker, clitic: str = "", reflexive: bool = False
) -> list[Token]:
    """The finite verb or its compound tense; `clitic` is an inverted pronoun, such as « il » in « a-t-il dit »."""
    if reflexive or rng.random() < 0.55:
        return _compound(rng, lemma, who, clitic, reflexive)
    tense = rng.choices(list(TENSES), [70, 8, 12, 10])[0]
    form = forms(lemma)[TENSES[tense] + (who.number == "p")]
    feats = {**FINITE, **NUMBER[who.number], "Tense": tense}
    verb = word(form, "VERB", lemma, **dict(sorted(feats.items())))
    return [*verb, *_inverted(form, clitic, 0, 1, who.number)]


def _inverted(before: str, clitic: str, verb: int, at: int, number: str) -> list[Token]:
    if not clitic:
        return []
    lemma = "on" if clitic == "on" else "il"
    feats = {
        "Number": NUMBER[number]["Number"],
        "Person": "3",
        "PronType": "Ind" if clitic == "on" else "Prs",
    }
    link = [Token("-t", "-t", "PART", at + 1, "dep", {}, False)] if before[-1] in "aec" else []
    return [*link, Token("-" + clitic, lemma, "PRON", verb, "nsubj", feats)]


def _compound(rng: random.Random, lemma: str, who: Speaker, clitic: str, reflexive: bool) -> list[Token]:
    tense = rng.choices(["Pres", "Imp", "Fut", "Cnd"], [80, 12, 3, 5])[0]
    form = (BE if reflexive else HAVE)[tense].split()[who.number == "p"]
    mood = {"Mood": "Cnd", "Tense": "Pres"} if tense == "Cnd" else {"Tense": tense}
    feats = dict(sorted({**FINITE, **NUMBER[who.number], **mood}.items()))
    auxiliary = Token(form, "être" if reflexive else "avoir", "AUX", 0, "aux", feats)
    group = [auxiliary, *_inverted(form, clitic, 0, 2 if reflexive else 1, who.number)]
    if reflexive:
        self_form = "s'" if form.startswith(VOWELS) else "se"
        pronoun = {"Person": "3", "PronType": "Prs", "Reflex": "Yes"}
        group.insert(0, Token(self_form, "se", "PRON", 0, "expl", pronoun, self_form == "se"))
    between: list[Token] = []
    if (kind := rng.random()) < 0.12:
        between = word(rng.choice(phrases.ADVERBS), "ADV")
        between[0] = replace(between[0], dep="advmod")
    elif kind < 0.18:
        between = parsed(rng.choice(phrases.listed(phrases.BETWEEN)))
        between[root_of(between)] = replace(between[root_of(between)], dep="obl")
    start, root = len(group), len(group) + len(between)
    group = [replace(token, head=token.head if token.dep == "dep" else root) for token in group]
    for token in between:
        group.append(replace(token, head=root if token.dep in {"obl", "advmod"} else token.head + start))
    shape = {**GENDER[who.gender], **NUMBER[who.number]} if reflexive else MASCULINE_SINGULAR
    ending = ("e" if who.gender == "f" else "") + ("s" if who.number == "p" else "") if reflexive else ""
    feats = dict(sorted({**shape, **PARTICIPLE}.items()))
    said = Token(forms(lemma)[8] + ending, lemma, "VERB", root, "", feats)
    return [*group, said]


def longer_saying(rng: random.Random, who: Speaker, clitic: str = "") -> list[Token]:
    """« a fait savoir », of which « faire » is the auxiliary, or « veut croire », which governs its infinitive."""
    first, linked, second = rng.choice(phrases.LONGER_SAYINGS)
    verb = verb_group(rng, first, who, clitic)
    own, place = root_of(verb), len(verb)
    infinitive = Token(second, second, "VERB", own, "xcomp", {"VerbForm": "Inf"})
    if first == "faire":
        moved = [replace(token, head=place if token.dep != "dep" else token.head) for token in verb]
        moved[own] = replace(moved[own], pos="AUX", dep="aux")
        return [*moved, replace(infinitive, head=place)]
    if not linked:
        return [*verb, infinitive]
    mark = Token(linked, linked, "ADP", place + 1, "mark")
    return [*verb, mark, infinitive]
