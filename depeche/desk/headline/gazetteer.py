"""Places named in a passage, each with the country it lies in, so that two places can be told apart."""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from depeche.desk.lexicon import load_groups, load_rows
from depeche.desk.packs import LANGUAGES, PackError
from depeche.desk.passage import Passage
from depeche.desk.phrases import Match, PhraseIndex

PlaceKind = Literal["country", "capital", "region", "city", "metonym", "demonym", "continent"]

_FILE = "gazetteer.json"
_BEHIND_A_HEADING = frozenset({(":",), (",",), ("(",)})
_KIND_OF: dict[str, PlaceKind] = {
    "names": "country",
    "capitals": "capital",
    "regions": "region",
    "cities": "city",
    "metonyms": "metonym",
    "demonyms": "demonym",
}


class Place(NamedTuple):
    """A place in a passage: tokens `[first, last)`, the code of its country (ISO 3166; "" for a continent
    and other stretches of several countries), and how it is named. A name that two countries share is
    given once for each of them.
    """

    first: int
    last: int
    country: str
    kind: PlaceKind


class _Entry(NamedTuple):
    country: str
    kind: PlaceKind
    uncertain: bool


def places(passage: Passage, language: str) -> list[Place]:
    """The places named in `passage`, in order; what is part of a longer name is left out.

    A word that is also a family name or a common word (« Nice », « Lens ») counts only behind a
    preposition or article, or as the first word before a colon or comma.
    """
    index = _index(language)
    if index is None:
        return []
    words = load_groups(language, "place_words.json")
    before, contracted = frozenset(words["prepositions"]), frozenset(words["contracted"])
    found: list[Place] = []
    covered = (-1, -1)
    for match in index.find(passage):
        inside = match.first < covered[1] and (match.first, match.last) != covered
        if inside or not _is_place(passage, match, before):
            continue
        covered = match.first, match.last
        first = match.first + (passage.words[match.first] in contracted and match.last - match.first > 1)
        place = Place(first, match.last, match.entry.country, match.entry.kind)
        if not any(p[:3] == place[:3] for p in found[-2:]):
            found.append(place)
    return found


def _is_place(passage: Passage, match: Match[_Entry], before: frozenset[str]) -> bool:
    first, last, entry = match
    if entry.kind == "demonym":
        return True
    if not any(passage.text[passage.starts[i]].isupper() for i in range(first, last)):
        return False
    led = first > 0 and passage.words[first - 1] in before
    if entry.uncertain:
        opens = passage.sentence(first)[0] == first and passage.words[last : last + 1] in _BEHIND_A_HEADING
        return led or opens or passage.words[first] in before
    if last - first > 1 or led or first == 0 or passage.sentence(first)[0] == first:
        return True
    preceding = passage.form(first - 1)
    return not (preceding[0].isupper() and preceding[-1].islower() and entry.kind != "country")


@cache
def _index(language: str) -> PhraseIndex[_Entry] | None:
    """The names of `gazetteer.json`, None where the language has none.

    Raises `PackError`.
    """
    rows = load_rows(language, _FILE, ("code", "names"), (*_KIND_OF, "uncertain"))
    if not rows:
        return None
    entries: list[tuple[str, _Entry]] = []
    for number, row in enumerate(rows, 1):
        where = f"{LANGUAGES / language / _FILE}: row {number}"
        lists = {key: row.get(key, []) for key in (*_KIND_OF, "uncertain")}
        for key, names in lists.items():
            if not isinstance(names, list) or not all(isinstance(n, str) and n.strip() for n in names):
                raise PackError(f"{where}: {key} must be a list of texts, none of them empty.")
        uncertain = set(lists.pop("uncertain"))
        if unknown := sorted(uncertain.difference(*lists.values())):
            raise PackError(f"{where}: uncertain has “{unknown[0]}”, which is in no other list.")
        code = row["code"]
        for key, names in lists.items():
            kind: PlaceKind = _KIND_OF[key] if code or key == "demonyms" else "continent"
            entries += [(name, _Entry(code, kind, name in uncertain)) for name in names]
    return PhraseIndex(entries)
