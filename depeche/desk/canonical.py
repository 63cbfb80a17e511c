"""One way of typing for many: plain apostrophes and spaces, and quotation marks that say which way they face.

Every character is replaced by one character, so that offsets stay what they were.
"""

from __future__ import annotations

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ′`´\u201b", "'"),
        **dict.fromkeys("\u00a0\u202f\u2009\u2007\u2002\u2003\u2008\u200a\u3000", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u0000", " "),
        **dict.fromkeys("‐‑", "-"),
        **dict.fromkeys("―−", "–"),
    }
)
_OPENING = "«“‹"
_LOW = "„‚"
_CLOSING = "»”›"
_EITHER = '"＂‟'


def canonical(text: str) -> str:
    """`text` as the rules and the parser read it, of the same length.

    A straight quotation mark closes what is open, else opens, unless nothing but a closing mark can stand
    where it stands. Quotation marks within others are opened and closed like them.
    """
    plain = text.translate(_SIGNS)
    if not any(mark in plain for mark in _OPENING + _LOW + _CLOSING + _EITHER):
        return plain
    characters = list(plain)
    straight_open = low_open = False
    left = sum(plain.count(mark) for mark in _EITHER)
    for i, character in enumerate(plain):
        if character in _EITHER:
            left -= 1
            straight_open = not straight_open and not _can_only_close(plain, i, left)
            characters[i] = "«" if straight_open else "»"
        elif character in _LOW:
            characters[i], low_open = "«", True
        elif character == "“" and low_open:
            characters[i], low_open = "»", False
        elif character in _OPENING:
            characters[i] = "«"
        elif character in _CLOSING:
            characters[i] = "»"
    return "".join(characters)


def _can_only_close(text: str, i: int, left: int) -> bool:
    """Whether the straight mark at `i`, with none open before it and `left` after it, is a closing one."""
    before = text[i - 1] if i else " "
    after = text[i + 1] if i + 1 < len(text) else " "
    ends_words = after.isspace() or after in ".,;:!?)…»"
    if before.isspace():
        return text[:i].rstrip()[-1:] != ":" and i > 0 and left % 2 == 0 and (after.isspace() or ends_words)
    return ends_words and before not in "(["
