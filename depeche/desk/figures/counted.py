"""What a number counts or measures, and which numbers count nothing: dates, hours, labels, scores."""

from __future__ import annotations

from functools import cache, cached_property
from typing import NamedTuple

from depeche.desk.figures.numerals import Number, Phrases, Vocabulary, cut, phrase_at, vocabulary
from depeche.desk.lexicon import Row
from depeche.desk.passage import Passage

_GREATEST_RATIO = 10


class Counted(NamedTuple):
    """What stands behind a number: it ends before token `last`, `noun` is the token that names it, or -1
    where it is left out or measured; `factor` turns the number into the unit (0.01 for centimes). `signed`
    where the unit stands before the number (“£5m”).
    """

    last: int
    noun: int
    unit: str
    entity: str
    factor: float = 1.0
    signed: bool = False


class Nouns:
    """The units and the things counted, of one language."""

    def __init__(self, vocabulary: Vocabulary, changes: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.kinds = vocabulary.words
        self.units: dict[tuple[str, ...], Row] = {
            cut(w): row for row in vocabulary.rows["unit"] for w in row["words"]
        }
        self.unit_phrases = vocabulary.phrases("unit")
        self.signs: dict[str, Row] = {w: row for row in vocabulary.rows["sign"] for w in row["words"]}
        self.behind_sign = {w: row["value"] for row in vocabulary.rows["behind_sign"] for w in row["words"]}
        self.entities: dict[str, Row] = {w: row for row in vocabulary.rows["entity"] for w in row["words"]}
        self.persons = (
            self.kinds["person"]
            | self.kinds["anyone"]
            | {word for word, row in self.entities.items() if row["unit"] == "person"}
        )
        self.clock_before = vocabulary.phrases("clock_before", by_last=True)
        self.clock_after = vocabulary.phrases("clock_after")
        self.skipped = self.kinds["between_number_and_noun"]

        self.groups = {row["name"] for row in vocabulary.rows["entity"] if row.get("acts")}
        self.of_anyone = {row["name"] for row in vocabulary.rows["entity"] if row.get("of_anyone")}
        rules = changes.words
        self.changes = rules["rise"] | rules["fall"]
        self.number_of = vocabulary.phrases("the_number_of")
        self.days = self.kinds["day"] | self.kinds["month"]

    @cached_property
    def acts(self) -> dict[str, Row]:
        """For each verb form that makes persons one of a group (« tués »), the row of the group."""
        return {act: row for row in self.vocabulary.rows["entity"] for act in row.get("acts", ())}


@cache
def nouns(language: str) -> Nouns:
    """The units and things counted of `language`.

    Raises `PackError`.
    """
    return Nouns(vocabulary(language), vocabulary(language, "figures.json"))


def counted(passage: Passage, number: Number, nouns: Nouns) -> Counted | None:
    """What `number` counts; None where it counts nothing (a date, an hour, a year, a label, a score).

    A number whose noun is left out (« 75 restent ») has neither unit nor entity.
    """
    words, i = passage.words, number.last
    if sign := nouns.signs.get(words[number.first - 1] if number.first else ""):
        return _signed(words, number, sign, nouns)
    if number.suffix:
        row = nouns.units.get((number.suffix.rstrip("."),))
        return _measured(passage, number, i, row, nouns) if row else None
    if any(is_other(words, number, nouns) for is_other in (_is_label, _is_date, _is_clock)):
        return None
    if i + 1 < len(words) and words[i] in nouns.kinds["of"] and (number.scale > 1 or number.step == 0):
        i += 1
    found = _unit(passage, number, i, nouns) or _thing(passage, i, nouns) or _number_of(passage, i, nouns)
    if found is None:
        bare = _is_year(number, passage) or _is_base_of_ratio(words, number, nouns)
        return None if bare else Counted(number.last, -1, "", "")
    if _is_ratio(words, found.last, nouns) or _is_base_of_ratio(words, number, nouns):
        return None
    if _is_year(number, passage) and number.first and words[number.first - 1] in nouns.kinds["year_before"]:
        known = found.unit or words[found.noun] in nouns.entities
        return found if known else None
    return found


def _signed(words: tuple[str, ...], number: Number, sign: Row, nouns: Nouns) -> Counted:
    """“£5m”, “$3.4 billion”, “€150,000”."""
    behind = number.suffix or (words[number.last] if number.last < len(words) else "")
    factor = nouns.behind_sign.get(behind.rstrip("."), 1.0)
    last = number.last + (factor != 1 and not number.suffix)
    return Counted(last, -1, sign["unit"], "", factor, signed=True)


def _unit(passage: Passage, number: Number, i: int, nouns: Nouns) -> Counted | None:
    words = passage.words
    if i >= len(words) or not (length := phrase_at(words, i, nouns.unit_phrases)):
        return None
    return _measured(passage, number, i + length, nouns.units[words[i : i + length]], nouns)


def _measured(passage: Passage, number: Number, last: int, row: Row, nouns: Nouns) -> Counted:
    words, unit = passage.words, row["unit"]
    before = words[number.first - 1] if number.first else ""
    follows = words[last] if last < len(words) else "."
    if unit == "year" and ((before == "," and not follows.isalpha()) or _is_aged(words, number, nouns)):
        unit = "age"
    entity, noun = "", -1
    if last + 1 < len(words) and unit not in nouns.kinds["money"] | nouns.kinds["duration"]:
        start = last
        if words[start] in nouns.kinds["of"] | nouns.kinds["of_the"]:
            start += 1
            start += start < len(words) and words[start] in nouns.kinds["the"]
            thing = _thing(passage, start, nouns)
            if thing:
                entity, noun = thing.entity, thing.noun
    return Counted(last, noun, unit, entity, row.get("value", 1.0))


def _is_aged(words: tuple[str, ...], number: Number, nouns: Nouns) -> bool:
    return any(word in nouns.kinds["age_before"] for word in words[max(0, number.first - 3) : number.first])


def _thing(passage: Passage, i: int, nouns: Nouns) -> Counted | None:
    """The noun at token `i`, past adjectives that may stand before it."""
    words, size, adjectives = passage.words, len(passage), 0
    while i < size and adjectives < 2 and _stands_before(passage, i, nouns):
        i, adjectives = i + 1, adjectives + 1
    if i >= size:
        return None
    word = words[i]
    if row := nouns.entities.get(word):
        return Counted(i + 1, i, row["unit"], row["name"])
    if word in nouns.persons:
        return Counted(i + 1, i, "person", passage.lemmas[i] if passage.parsed else word)
    if word in nouns.days or not _is_noun(passage, i):
        return None
    return Counted(i + 1, i, "", passage.lemmas[i] if passage.parsed else word)


def _number_of(passage: Passage, i: int, nouns: Nouns) -> Counted | None:
    """« évalue à 30 | le nombre de maisons inondées »."""
    if i >= len(passage) or not (length := phrase_at(passage.words, i, nouns.number_of)):
        return None
    thing = _thing(passage, i + length, nouns)
    return thing and thing._replace(last=i)


def _stands_before(passage: Passage, i: int, nouns: Nouns) -> bool:
    if i + 1 >= len(passage):
        return False
    word, follower = passage.words[i], passage.words[i + 1]
    known = follower in nouns.entities or follower in nouns.persons
    if word in nouns.skipped and (known or (word not in nouns.persons and _is_noun(passage, i + 1))):
        return True
    if word in nouns.entities or word in nouns.persons or word in nouns.skipped:
        return False
    return passage.parsed and passage.tags[i] == "ADJ" and (known or passage.tags[i + 1] == "NOUN")


def _is_noun(passage: Passage, i: int) -> bool:
    word = passage.words[i]
    if not word.replace("-", "").isalpha() or len(word) < 3:
        return False
    if passage.parsed:
        return passage.tags[i] == "NOUN"
    return word[-1] in "sx" and passage.form(i).islower()


def _is_label(words: tuple[str, ...], number: Number, nouns: Nouns) -> bool:
    """« article 12 », « page 3 », « 12, rue des Lilas », « pour cent »."""
    if number.first and not number.spelled and words[number.first - 1] in nouns.kinds["label"]:
        return number.step > 0
    after = words[number.last : number.last + 2]
    if after[:1] == (",",):
        after = after[1:]
    return bool(after) and after[0] in nouns.kinds["street"]


def _is_date(words: tuple[str, ...], number: Number, nouns: Nouns) -> bool:
    return number.high <= 31 and number.last < len(words) and words[number.last] in nouns.kinds["month"]


def _is_clock(words: tuple[str, ...], number: Number, nouns: Nouns) -> bool:
    if number.high > 24 or not set(words[number.last : number.last + 1]) & nouns.kinds["clock_unit"]:
        return False
    after = number.last + 1
    if after < len(words) and (words[after].isdecimal() or phrase_at(words, after, nouns.clock_after)):
        return True
    opened = words[number.first] in nouns.kinds["clock_before"]
    return opened or ends_at(words, number.first, nouns.clock_before) > 0


def ends_at(words: tuple[str, ...], i: int, phrases: Phrases) -> int:
    """The number of words of the longest phrase that ends before token `i`; the phrases are by last word."""
    for phrase in phrases.get(words[i - 1], ()) if i else ():
        if len(phrase) <= i and words[i - len(phrase) : i] == phrase:
            return len(phrase)
    return 0


def _is_ratio(words: tuple[str, ...], last: int, nouns: Nouns) -> bool:
    """« deux tramways sur trois »."""
    if last + 1 >= len(words) or words[last] not in nouns.kinds["out_of"]:
        return False
    base = words[last + 1]
    value = float(base) if base.isdecimal() and len(base) < 4 else nouns.vocabulary.numerals.get(base, 0)
    return 0 < value <= _GREATEST_RATIO or value == 100


def _is_base_of_ratio(words: tuple[str, ...], number: Number, nouns: Nouns) -> bool:
    """« un élève sur | trois », « 1 pour | 1 000 habitants »."""
    first = number.first - 1
    if first < 1:
        return False
    if words[first] in nouns.kinds["per"]:
        return words[first - 1][0].isdecimal()
    if words[first] not in nouns.kinds["out_of"] or number.high > _GREATEST_RATIO:
        return False
    counts = (*nouns.vocabulary.numerals, *nouns.kinds["one"])
    return any(word[0].isdecimal() or word in counts for word in words[max(0, first - 3) : first])


def _is_year(number: Number, passage: Passage) -> bool:
    return (
        number.exact
        and not number.spelled
        and number.scale == 1
        and number.last == number.first + 1
        and len(passage.words[number.first]) == 4
        and 1000 <= number.low <= 2100
    )
