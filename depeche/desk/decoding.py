"""Bytes to text: byte order marks, UTF-8, the encoding that was declared, then the old ones of French
newsrooms.

The old single-byte encodings decode anything, so decoding without an error proves nothing: what tells them
apart is whether the result reads like words. Each candidate is decoded and its non-ASCII characters are
judged in context.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from charset_normalizer import from_bytes

from depeche.desk.spans import UnreadableSource

_BYTE_ORDER_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "Word or ZIP"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word or Excel"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG\r\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"\x1f\x8b", "gzip"),
)
# Order settles ties: Windows-1252 is by far the commonest, and equals Latin-1 where both are printable.
_CONTEST = ("windows-1252", "iso-8859-15", "macintosh", "ibm850")
# What a page may declare. Not UTF-7, punycode or unicode_escape: they make something else of plain bytes.
_DECLARABLE = frozenset(
    codecs.lookup(name).name
    for name in (
        *(f"cp{number}" for number in (437, 850, 852, 866, *range(1250, 1259))),
        *(f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 7, 9, 10, 13, 14, 15, 16)),
        *(
            "mac-roman",
            "mac-cyrillic",
            "koi8-r",
            "koi8-u",
            "gb18030",
            "gbk",
            "big5",
            "shift_jis",
            "euc_jp",
            "euc_kr",
        ),
    )
)
_ALIASES = {
    "iso8859-1": "windows-1252",
    "cp1252": "windows-1252",
    "mac-roman": "macintosh",
    "cp850": "ibm850",
}
_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE
)

_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), " ")
_CONTROLS |= {0x09: "\t", 0x0A: "\n", 0x0D: "\r", 0x0B: "\n", 0x0C: "\n", 0x85: "\n"}
_SURROGATES = re.compile("[\ud800-\udfff]")
_INVISIBLE_LINE = re.compile(
    "^[ \t]*[\u200b\u200c\u200d\u2060\ufeff\u00ad][ \t\u200b\u200c\u200d\u2060\ufeff\u00ad]*$", re.M
)
_COUNTED_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

_SAMPLE = 20_000
_PLAUSIBLE = 0.5
_FRENCH = "éèêàçâîôùœÉÈÀÇÊŒ"
_WESTERN = _FRENCH + "ûëïÔÎäöüßñáíóúãõåøæÿÄÖÜÁÓÍÚÑÅØÆÂÛÙËÏŸ"
_LETTER_IN_WORD = dict.fromkeys(_WESTERN, 1.0) | dict.fromkeys(_FRENCH, 2.0) | {"é": 3.0}
_MARKS_IN_TEXT = dict.fromkeys("«»“”„’‘–—…€°\u00a0", 2.0) | dict.fromkeys("©®™§£•·½¼¾²³¹ªº×†‰¿¡±µ¶", 0.5)


class Decoded(NamedTuple):
    """A text and the name of the encoding it came in; both IANA and Python know the name."""

    text: str
    encoding: str


def decode(source: bytes, *, declared: str = "", name: str = "") -> Decoded:
    """The text of `source` and its encoding; line ends are left as they are.

    `declared` is what a server said (HTTP charset); it is believed only where the bytes bear it out.

    Raises `UnreadableSource` ("binary", "encoding").
    """
    refuse_known_files(source, name)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if source.startswith(mark):
            return Decoded(_strictly(source[len(mark) :], _without_mark(mark, encoding), name), encoding)
    wide = _unmarked_utf16(source)
    if wide:
        return Decoded(_strictly(source, wide, name), wide)
    refuse_controls(source.decode("latin-1"), name)
    try:
        return Decoded(source.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    found = _declared(source, declared) or _best_of_contest(source) or _of_another_language(source)
    if found is None:
        raise UnreadableSource("encoding", _undecodable(name), name=name)
    return found


def refuse_known_files(source: bytes, name: str = "") -> None:
    """Nothing, where the first bytes are not those of a document, picture or archive; else raises
    "binary".
    """
    for magic, kind in _MAGIC:
        if source.startswith(magic):
            article = "an" if kind[0] in "oR" else "a"
            message = (
                f"{name or 'The file'} is {article} {kind} file: save it as text, Markdown or HTML first."
            )
            raise UnreadableSource("binary", message, name=name, found=kind)


def refuse_controls(text: str, name: str = "") -> None:
    """Nothing, where `text` has no NUL and next to no control characters; else raises "binary"."""
    if "\x00" not in text:
        controls = sum(1 for _ in _COUNTED_CONTROL.finditer(text))
        if controls <= 3 or controls * 200 <= len(text):
            return
    message = f"{name or 'The file'} is not text: save it as text, Markdown or HTML first."
    raise UnreadableSource("binary", message, name=name)


def printable(text: str) -> str:
    """`text` of the same length without control characters, so that offsets still fit the text that was
    given.

    Vertical tabs, form feeds and U+0085 end a line and become line feeds; other controls, a byte order mark
    at the start and lines of nothing but zero-width characters become spaces; half surrogate pairs become
    U+FFFD.
    """
    if text.startswith("\ufeff"):
        text = " " + text[1:]
    text = _SURROGATES.sub("\ufffd", text.translate(_CONTROLS))
    return _INVISIBLE_LINE.sub(lambda line: " " * len(line.group()), text)


def _without_mark(mark: bytes, encoding: str) -> str:
    if encoding == "utf-8":
        return encoding
    return f"{encoding}-{'le' if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF32_LE) else 'be'}"


def _strictly(source: bytes, encoding: str, name: str) -> str:
    try:
        text = source.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableSource("encoding", _undecodable(name), name=name) from error
    refuse_controls(text, name)
    return text


def _undecodable(name: str) -> str:
    return f"The encoding of {name or 'the text'} could not be recognised: save it as UTF-8 and try again."


def _unmarked_utf16(source: bytes) -> str:
    """UTF-16 without its mark shows in Western text: every other byte is NUL, and always the same other
    one.
    """
    if len(source) < 8 or len(source) % 2:
        return ""
    sample = source[:8192]
    even, odd = sample[::2].count(0) * 2 / len(sample), sample[1::2].count(0) * 2 / len(sample)
    if odd > 0.7 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.05 else ""


def _declared(source: bytes, declared: str) -> Decoded | None:
    in_page = _META_CHARSET.search(source[:4096])
    labels = [declared, in_page.group(1).decode("ascii") if in_page else ""]
    for label in filter(None, labels):
        try:
            codec = codecs.lookup(label.strip().strip("\"'")).name
        except LookupError:
            continue
        if codec not in _DECLARABLE:
            continue
        encoding = _ALIASES.get(codec, codec)
        text = _decoded(source, encoding)
        if text is not None and (encoding not in _CONTEST or _plausibility(text) >= _PLAUSIBLE):
            return Decoded(text, encoding)
    return None


def _best_of_contest(source: bytes) -> Decoded | None:
    best, best_score = None, _PLAUSIBLE
    for encoding in _CONTEST:
        text = _decoded(source, encoding)
        if text is None:
            continue
        score = _plausibility(text)
        if score > best_score or (best is None and score == best_score):
            best, best_score = Decoded(text, encoding), score
    return best


def _decoded(source: bytes, encoding: str) -> str | None:
    try:
        text = source.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if re.search("[\x80-\x84\x86-\x9f\ue000-\uf8ff]", text) else text


def _of_another_language(source: bytes) -> Decoded | None:
    """What charset-normalizer makes of it, where it is sure; never for UTF-8 with a few broken bytes."""
    sample = source[:65_536]
    if len(sample.decode("utf-8", "ignore").encode()) > 0.97 * len(sample):
        return None
    best = from_bytes(sample).best()
    if best is None or best.chaos > 0.1 or best.coherence < 0.3:
        return None
    codec = codecs.lookup(best.encoding).name
    text = _decoded(source, codec) if codec in _DECLARABLE and codec not in _ALIASES else None
    return None if text is None else Decoded(text, codec)


def _plausibility(text: str) -> float:
    """How much like words of a Western language the non-ASCII characters read: above 0.5 yes, below no."""
    scores = list(islice(_scores(text), _SAMPLE))
    return sum(scores) / len(scores) if scores else 0.0


def _scores(text: str) -> Iterator[float]:
    for match in re.finditer(r"[^\x00-\x7f]", text):
        at = match.start()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        yield _score(match.group(), before, after)


def _score(char: str, before: str, after: str) -> float:
    if char in _LETTER_IN_WORD:
        if not (before.isalpha() or after.isalpha()):
            return 1.0 if char in "àÀ" else -0.5
        if before > "\x7f" and after > "\x7f" and before.isalpha() and after.isalpha():
            return (
                -2.0
            )  # a Cyrillic or Greek word read as Latin letters; French has no three accents in a row
        if char.isupper() and (before.islower() or (before.isalpha() and after.islower())):
            return -3.0
        if char.islower() and after.isupper():
            return -1.5
        return _LETTER_IN_WORD[char]
    if char.isalpha() and char not in "ªºµ":
        return -1.5
    if char in "’‘":
        return 3.0 if before.isalpha() and (after.isalpha() or after in "«“") else 0.5
    inside_word = before.isalpha() and after.isalpha()
    if inside_word and char not in "·\u00a0":
        return (0.5 if after.isupper() else -0.5) if char in "–—" else -3.0
    return _MARKS_IN_TEXT.get(char, -1.5)
