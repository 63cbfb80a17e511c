"""The words of the command line in the languages it speaks: `check.json` in each language's folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from depeche.desk.packs import LANGUAGES, PackError

_FALLBACK = "en"


class Words:
    """The sentences of one language; `words("clean", name="x")` is one of them, filled in."""

    def __init__(self, language: str, sentences: Mapping[str, str]) -> None:
        self.language = language
        self._sentences = sentences

    def __call__(self, sentence: str, /, **values: object) -> str:
        return self._sentences[sentence].format_map({name: self._shown(v) for name, v in values.items()})

    def counted(self, sentence: str, n: int, /, **values: object) -> str:
        """The sentence for one, or for many, of what `n` counts."""
        one, many = self._sentences[sentence].split("|")
        singular = n == 1 or (n == 0 and self.language == "fr")
        shown = {name: self._shown(value) for name, value in values.items()}
        return (one if singular else many).format_map({"n": self._shown(n), **shown})

    def listed(self, parts: Iterable[str], conjunction: str = "and") -> str:
        """« un, deux et trois »."""
        *first, last = parts
        return self._sentences[f"list.{conjunction}"].join(filter(None, [", ".join(first), last]))

    def quoted(self, words: str) -> str:
        """`words` in the quotation marks of this language."""
        return self("quoted", words=words)

    def family(self, name: str) -> str:
        """What the findings of a family (ATT…) are about; another name stays as it is."""
        return self._sentences.get(f"family.{name}", name)

    def language_name(self, code: str) -> str:
        """What this language calls the language `code`."""
        return self._sentences.get(f"language.{code}", code)

    def told(self, sentence: str, values: Mapping[str, object]) -> str:
        """The sentence with its values as this language has them: lists joined, languages named."""
        are_languages = sentence.startswith("refused.language")
        shown: dict[str, object] = {}
        for name, value in values.items():
            if isinstance(value, tuple):
                parts = [self.language_name(part) if are_languages else str(part) for part in value]
                shown[name] = self.listed(parts, "and" if are_languages else "or")
            else:
                shown[name] = self.language_name(str(value)) if name == "language" else value
        if "wanted" in values:
            shown["wanted"] = self(f"wanted.{values['wanted']}", **shown)
        if values.get("place") == "":
            shown["place"] = self("house.top")
        return self(sentence, **shown)

    def number(self, value: float, digits: int = 0) -> str:
        """`value` with the separators of this language."""
        thousands, point = ("\u202f", ",") if self.language == "fr" else (",", ".")
        return f"{value:,.{digits}f}".replace(",", "\0").replace(".", point).replace("\0", thousands)

    def _shown(self, value: object) -> str:
        return self.number(value) if isinstance(value, int) else str(value)


def languages() -> tuple[str, ...]:
    """The languages the command line speaks."""
    return tuple(_all(LANGUAGES))


def words_of(language: str) -> Words:
    """The words of `language`, in English where it has none.

    Raises `PackError`.
    """
    known = _all(LANGUAGES)
    chosen = language if language in known else _FALLBACK
    return Words(chosen, known[chosen])


@cache
def _all(folder: Path) -> Mapping[str, Mapping[str, str]]:
    known: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*/check.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise PackError(f"{path} cannot be read as JSON: {error}.") from error
        if not isinstance(data, dict) or not all(isinstance(text, str) and text for text in data.values()):
            raise PackError(f"{path} must be an object of texts, none of them empty.")
        known[path.parent.name] = data
    if _FALLBACK not in known:
        raise PackError(f"{folder} has no {_FALLBACK}/check.json.")
    for language, sentences in known.items():
        if odd := sorted(set(sentences) ^ set(known[_FALLBACK])):
            raise PackError(f"{folder}/{language}/check.json and that of {_FALLBACK} differ in “{odd[0]}”.")
    return known
