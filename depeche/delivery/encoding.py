"""Words as they may stand in a message: bodies in quoted-printable, header fields in lines that fit."""

from __future__ import annotations

import re
from email.utils import parseaddr

import idna

from .messages import UnsafeHeader

LINE = 76  # also of a line with encoded words (RFC 2047 §2)
LONGEST_LINE = 998
_FOLD = "\r\n "

_HEX = {chr(octet): f"={octet:02X}" for octet in range(256)}
_BREAK = re.compile(r"\r\n?")
_QUOTED = re.compile(r"[^\t\n -<>-~]|[ \t](?=\n|\Z)")
PIECE = LINE - 3  # of a line: leaves room for a soft break and for a dot at its start written as « =2E »
_PIECE = re.compile(rf".{{1,{PIECE}}}(?<!=)(?<!=.)")  # never ends inside « =C3 »
_DOT = ord(".")
_FIRST_DOT = re.compile(r"(?m)^\.")

_VISIBLE = bytes(range(0x21, 0x7F))
_EVERYWHERE = _VISIBLE.translate(None, b"=&<>\"'")  # what means nothing but itself

_FORBIDDEN = re.compile(r"[\r\n\0\ud800-\udfff]")
_ASCII_WORDS = re.compile(r"[!-~]+(?: [!-~]+)*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/^_`{|}~-]+)*")
_SHORT_ASCII = re.compile(r"[!-~](?:[ -~]{0,58}[!-~])?")
_ESCAPED_IN_WORD = re.compile(r"[^A-Za-z0-9!*+/ -]")
_USUAL_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/^_`{|}~.-]+@[A-Za-z0-9.-]+")
_ADDRESS = re.compile(
    r'(?:[^\s\x00-\x20\x7f"(),:;<>@\[\\\]\ud800-\udfff]+|"(?:[ !#-\[\]-~]|\\[ -~])*")'
    r'@[^\s\x00-\x20\x7f"(),:;<>@\\\ud800-\udfff]+'
)


def quoted_printable(text: str) -> str:
    """`text` in lines of 76 at most, none of which begins with a dot: no server needs to double it.

    Every line break becomes CR LF, the only one that text has; half a surrogate pair becomes « ? ».

    Source: RFC 2045 §6.7; RFC 2046 §4.1.1; RFC 5321 §4.5.2.
    """
    if _is_a_word(text) and "=" not in text:  # as links are
        quoted = "=\r\n".join([text[at : at + PIECE] for at in range(0, len(text), PIECE)])
    else:
        octets = _BREAK.sub("\n", text).encode(errors="replace").decode("latin-1")
        lines = _QUOTED.sub(_octet, octets).split("\n")
        quoted = "\r\n".join("=\r\n".join(_PIECE.findall(line)) for line in lines)
    if quoted.startswith(".") or "\n." in quoted:
        return _FIRST_DOT.sub("=2E", quoted)
    return quoted


def plain_word(text: str) -> tuple[bytes, bytes] | None:
    """A word that is written alike in a header, in text and in HTML, as links are; and in `quoted_printable`, open at its end.

    None for anything else, and for what is longer than two lines or would begin one with a dot.
    """
    if not text.isascii() or not 0 < len(text) <= 2 * PIECE:
        return None
    word = text.encode()
    if word.translate(None, _EVERYWHERE):
        return None
    first, rest = word[:PIECE], word[PIECE:]
    if first[0] == _DOT or (rest and rest[0] == _DOT):
        return None
    return word, b"%b=\r\n%b=\r\n" % (first, rest) if rest else first + b"=\r\n"


WordField = tuple[bytes, bytes, bytes, int]


def word_field(name: str, before: str, after: str) -> WordField | None:
    """What `field` writes around a plain word between `before` and `after`, so that nobody has to look at it again.

    In front of it on the same line, or else on the next; behind it; and the longest word that fits beside the name.
    None where these words are not so plain themselves.
    """
    around = before + after
    if (around and not _is_a_word(around)) or "=" in around or len(around) > LONGEST_LINE - 3 * PIECE:
        return None
    beside, below = (f"{name}:{space}{before}".encode() for space in (" ", _FOLD))
    return beside, below, f"{after}\r\n".encode(), LINE - len(beside) - len(after)


def field(name: str, value: str) -> str:
    """One header field with its line ends; what ASCII words cannot say, in encoded words.

    Raises:
        UnsafeHeader: a line break, NUL or half a surrogate pair in the value.
    Source: RFC 5322 §2.1.1, §2.2.3; RFC 2047 §2, §5.
    """
    if "=?" not in value and _is_a_word(value) and len(value) < LONGEST_LINE:  # as links and Message-IDs are
        return f"{name}:{' ' if len(name) + 2 + len(value) <= LINE else _FOLD}{value}\r\n"
    if _ASCII_WORDS.fullmatch(value) and "=?" not in value:
        if len(name) + 2 + len(value) <= LINE:
            return f"{name}: {value}\r\n"
        words = value.split(" ")
        if max(map(len, words)) < LONGEST_LINE:
            return _folded(name, words)
    if _FORBIDDEN.search(value):
        raise UnsafeHeader(name)
    return _folded(name, _encoded_words(value, name))


def _is_a_word(text: str) -> bool:
    """Whether it is of visible ASCII alone."""
    return text != "" and text.isascii() and not text.encode().translate(None, _VISIBLE)


def address_field(name: str, address: str, *, of: str = "") -> str:
    """The field that names one address, `of` somebody; 7 bit, unless the local part has other letters.

    Raises:
        UnsafeHeader: no address, one that no line can hold, or a line break, NUL or half a surrogate pair in the name.
    Source: RFC 5322 §3.4; RFC 5890 (domains in ASCII); RFC 6532 §3.2 (local parts in UTF-8).
    """
    if not of and len(name) + 2 + len(address) <= LINE and _USUAL_ADDRESS.fullmatch(address):
        return f"{name}: {address}\r\n"
    if not _ADDRESS.fullmatch(address) or "=?" in address:
        raise UnsafeHeader(name)
    if not address.isascii():
        address = _with_ascii_domain(address)
    if not of and len(name) + 2 + len(address) <= LINE:
        return f"{name}: {address}\r\n"
    if len(address.encode()) > LONGEST_LINE - 3 or _FORBIDDEN.search(of):
        raise UnsafeHeader(name)
    return _folded(name, [*_phrase(of, name), f"<{address}>"] if of else [address])


def sender_field(name: str, value: str) -> str:
    """The field for « Jeanne <jeanne@exemple.fr> », from one who may be trusted to have written just that.

    Raises:
        UnsafeHeader: as `address_field`.
    """
    if _FORBIDDEN.search(value):
        raise UnsafeHeader(name)
    of, address = parseaddr(value)
    return address_field(name, address, of=of)


def _folded(name: str, words: list[str]) -> str:
    lines = [f"{name}:"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > LINE:
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines) + "\r\n"


def _phrase(of: str, name: str) -> list[str]:
    """The words of a display name; as encoded words a name of any length and letters fits into lines."""
    if "=?" not in of and _SHORT_ASCII.fullmatch(of):
        return [of] if _ATOMS.fullmatch(of) else ['"' + re.sub(r'(["\\])', r"\\\1", of) + '"']
    return _encoded_words(of, name)


def _encoded_words(text: str, name: str) -> list[str]:
    """Each of whole characters, the first short enough to stand beside the field's name."""
    room = max(LINE - len(f"{name}: =?utf-8?q??="), len("=F0=9F=97=9E"))
    octets = _ESCAPED_IN_WORD.sub(_octet, text.encode().decode("latin-1")).replace(" ", "_")
    pieces = re.findall(rf".{{1,{room}}}(?<!=)(?<!=.)(?!=[89AB])", octets)
    return [f"=?utf-8?q?{piece}?=" for piece in pieces]


def _octet(found: re.Match[str]) -> str:
    return _HEX[found[0]]


def _with_ascii_domain(address: str) -> str:
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode()}"
    except UnicodeError:
        return address  # no server takes it: it is `unsupported_address` before a line of this is sent
