"""A pace in plain words: “at most 30 per minute”, « 1 toutes les 10 secondes »; French and English in either interface."""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple, NoReturn

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

OVER_S = 24 * 3600  # what is counted over longer is no pace
FASTEST = 10_000  # in a second
LONGEST = 80  # characters


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EXAMPLES = gettext_noop("Write for example “30 per minute” or “1 every 10 seconds”.")
_NARROW = "\u202f"
_SPACES = dict.fromkeys(map(ord, "\t\u00a0\u2007\u2009\u202f"), " ") | {ord("’"): "'"}
_TOKEN = re.compile(r"\d{1,3}(?:[ ,]\d{3})+(?!\d)|\d+|[^\W\d_]+(?:[-'][^\W\d_]+)*'?|/|\S")
_UNITS = {
    1: "s sec secs second seconds sek seconde secondes",
    60: "m mn min mins minute minutes",
    3600: "h hr hrs hour hours heure heures",
    86400: "d j day days jour jours",
}
_SECONDS = {word: seconds for seconds, words in _UNITS.items() for word in words.split()}
_ENGLISH = "one two three four five six seven eight nine ten eleven twelve"
_FRENCH = "un deux trois quatre cinq six sept huit neuf dix onze douze"
_NUMBERS = {
    **{word: number for words in (_ENGLISH, _FRENCH) for number, word in enumerate(words.split(), 1)},
    **{"une": 1, "a": 1, "an": 1, "dozen": 12, "douzaine": 12},
}
_AT_MOST = _set("at most up to no not more than max maximum au plus pas de jusqu'à jusqu jusque à .")
_THINGS = _set(
    "message messages msg msgs mail mails e-mail e-mails email emails courriel courriels copy copies exemplaire"
    " exemplaires lettre lettres de d' of times time fois"
)
_PER = _set("/ per par a an each every chaque toutes tous les à la l' all the")
_STUCK = re.compile(r"(?:l|d)'(?=.)")


class Rate(NamedTuple):
    """At most `most` messages in `per_s` seconds."""

    most: int
    per_s: int


class UnclearPace(ValueError):
    """Words that say no pace we can keep; its own words say what was understood, where it ends, and an example."""

    def __init__(self, words: str) -> None:
        super().__init__(f"{words} {_(_EXAMPLES)}")


def parsed(words: str) -> Rate:
    """What `words` say.

    Raises:
        UnclearPace: they are unclear, or say what cannot be kept.
    """
    if len(words) > LONGEST:
        raise UnclearPace(
            _("A pace is said in a few words, not in %(count)d characters.") % {"count": len(words)}
        )
    return _Reading(words).rate()


def shown(rate: Rate) -> str:
    """The rate in plain words of the current language, as `parsed` reads them."""
    seconds = next(one for one in sorted(_UNITS, reverse=True) if rate.per_s % one == 0)
    number = rate.per_s // seconds
    words = _(_ONE[seconds] if number == 1 else _SEVERAL[seconds])
    return words % {"count": _grouped(rate.most), "number": _grouped(number)}


_ONE = {
    1: gettext_noop("at most %(count)s per second"),
    60: gettext_noop("at most %(count)s per minute"),
    3600: gettext_noop("at most %(count)s per hour"),
    86400: gettext_noop("at most %(count)s per day"),
}
_SEVERAL = {
    1: gettext_noop("at most %(count)s every %(number)s seconds"),
    60: gettext_noop("at most %(count)s every %(number)s minutes"),
    3600: gettext_noop("at most %(count)s every %(number)s hours"),
}


def _grouped(number: int) -> str:
    """2,000 or 2 000, as the language writes it."""
    in_french = (translation.get_language() or "").startswith("fr")
    return f"{number:,}".replace(",", _NARROW if in_french else ",")


class _Reading:
    """One way through the words, from left to right; what it stops at is named."""

    def __init__(self, words: str) -> None:
        self.words = words
        same = "".join(one.lower() if len(one.lower()) == 1 else one for one in words.translate(_SPACES))
        self.tokens = [
            (token.start() + offset, word)
            for token in _TOKEN.finditer(same)
            for offset, word in _apart(token.group())
        ]

    def rate(self) -> Rate:
        if not self.tokens:
            raise UnclearPace(_("No pace was written."))
        self._skip(_AT_MOST)
        count = self._number()
        if count is None:
            self._stop(_("a number of messages"))
        self._skip(_THINGS)
        at = len(self.tokens)
        self._skip(_PER)
        if len(self.tokens) == at:
            self._stop(_("“per” and a time"))
        number = self._number()
        unit = self._next(_SECONDS)
        if unit is None:
            self._stop(_("seconds, minutes, hours or days"))
        self._skip(_AT_MOST)
        if self.tokens:
            self._stop(_("nothing more"))
        return self._kept(count, (1 if number is None else number) * _SECONDS[unit])

    def _kept(self, count: int, per_s: int) -> Rate:
        if not count or not per_s:
            raise UnclearPace(_("With 0 nothing would ever leave; to wait, pause the edition."))
        if per_s > OVER_S:
            raise UnclearPace(_("A pace says how many in a day at most; this counts over longer."))
        if count / per_s > FASTEST:
            raise UnclearPace(_("That is more than 10,000 messages a second."))
        return Rate(count, per_s)

    def _skip(self, words: frozenset[str]) -> None:
        self.tokens = list(itertools.dropwhile(lambda token: token[1] in words, self.tokens))

    def _next(self, known: dict[str, int]) -> str | None:
        if self.tokens and self.tokens[0][1] in known:
            return self.tokens.pop(0)[1]
        return None

    def _number(self) -> int | None:
        """A number in digits or words, which are taken; None where there is none."""
        if self.tokens and self.tokens[0][1][0].isdecimal():
            return int(re.sub("[ ,]", "", self.tokens.pop(0)[1]))
        word = self._next(_NUMBERS)
        if word is None:
            return None
        more = self._next(_NUMBERS) if _NUMBERS[word] == 1 else None  # a dozen
        return _NUMBERS[more or word]

    def _stop(self, wanted: str) -> NoReturn:
        if not self.tokens:
            text = _("“%(words)s” ends where %(wanted)s should follow.")
            raise UnclearPace(text % {"words": self.words.strip(), "wanted": wanted})
        at, word = self.tokens[0]
        understood = self.words[:at].strip()
        if word in ",." and understood[-1:].isdecimal():
            raise UnclearPace(
                _("Only whole numbers are counted, without points: for 2.5 per minute, 5 every 2 minutes.")
            )
        text = (
            _(
                "“%(understood)s” is understood; then %(wanted)s should follow, not “%(word)s” (character %(at)d)."
            )
            if understood
            else _("First %(wanted)s should stand, not “%(word)s” (character %(at)d).")
        )
        values = {"understood": understood, "wanted": wanted, "word": self.words[at : at + len(word)]}
        raise UnclearPace(text % {**values, "at": at + 1})


def _apart(word: str) -> list[tuple[int, str]]:
    """« l’heure » is two words."""
    stuck = _STUCK.match(word)
    return [(0, stuck.group()), (stuck.end(), word[stuck.end() :])] if stuck else [(0, word)]
