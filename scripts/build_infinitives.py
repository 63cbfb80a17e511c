"""Write the French infinitives that the desk knows conditionals by: `infinitives.json` of the French pack.

    python scripts/build_infinitives.py WHEEL

WHEEL is the wheel of spacy-lookups-data (MIT), fetched with `pip download --no-deps spacy-lookups-data`. Only
this script reads it; the desk reads what it writes: under each ending of the infinitive, lines of stems that begin
with the same two letters. These come first; the stem that is nothing more is “-”.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import zipfile
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

TARGET = Path(__file__).parents[1] / "depeche" / "desk" / "languages" / "fr" / "infinitives.json"
ENDINGS = ("er", "ir", "ïr", "oir", "re")
INFINITIVE = re.compile(r"[a-zàâäçéèêëîïôöùûüœæ]+(?:er|ir|ïr|oir|re)")
# Too new or too familiar for the list.
ADDED = frozenset(
    [
        "buzzer",
        "covoiturer",
        "débunker",
        "décarboner",
        "déconfiner",
        "déréférencer",
        "géolocaliser",
        "googler",
        "reconfiner",
        "remunicipaliser",
        "retweeter",
        "télétravailler",
        "tweeter",
    ]
)


def main(wheel: Path) -> None:
    stems = stems_by_ending(infinitives_of(wheel))
    lines = {ending: [line_of(*group) for group in groupby(words, two)] for ending, words in stems.items()}
    TARGET.write_text(json.dumps(lines, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{sum(map(len, stems.values())):,} infinitives, {TARGET.stat().st_size:,} bytes")


def infinitives_of(wheel: Path) -> set[str]:
    """The verbs of the package's index of lemmas and of its list of exceptions, and `ADDED`."""
    with zipfile.ZipFile(wheel) as archive:
        index, exceptions = (
            json.loads(gzip.decompress(archive.read(f"spacy_lookups_data/data/fr_lemma_{name}.json.gz")))
            for name in ("index", "exc")
        )
    words = {*index["verb"], *(lemma for lemmas in exceptions["verb"].values() for lemma in lemmas), *ADDED}
    return {word for word in words if INFINITIVE.fullmatch(word)}


def stems_by_ending(infinitives: set[str]) -> dict[str, list[str]]:
    """The infinitives without their endings, sorted, under these; « -oir » before « -ir »."""
    stems: dict[str, list[str]] = {ending: [] for ending in ENDINGS}
    for word in sorted(infinitives):
        ending = max((ending for ending in ENDINGS if word.endswith(ending)), key=len)
        if word != ending:
            stems[ending].append(word[: -len(ending)])
    return stems


def two(word: str) -> str:
    return word[:2]


def line_of(start: str, words: Iterable[str]) -> str:
    return " ".join([start, *(word[2:] or "-" for word in words)])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
