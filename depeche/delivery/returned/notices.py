"""Notices made for people: qmail, Exim, old Exchange, and what is left of a report that broke on its way."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from email.message import Message

from flufl.bounce import all_failures

from .judging import kind_of, reply_of
from .told import Kind, Told

_FROM_A_MACHINE = re.compile(
    r"mailer-daemon|postmaster|mail delivery (sub)?system|system administrator|mail administrator",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"^(-+ ?(this is a copy of|below this line|original message)|original message follows|(return-path|received): )",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = r"[^\s<>\"(),:;@]+@[^\s<>\"(),:;@]+"
_ABOUT = re.compile(rf"^[ \t]*<?({_ADDRESS})>?(?::[ \t]*| on \d.*|[ \t]*)(?:\r?\n|(?=[^\s]))", re.MULTILINE)
_NOT_YET = re.compile(
    r"has not yet been delivered|delayed \d+|could not send message for past", re.IGNORECASE
)
_CAME_BACK = re.compile(
    r"(not|n.t|unable)\b.{0,40}deliver|undeliver|deliver\w* fail|not reach|not be reached|fatal error|exceed|rejected|refused",
    re.IGNORECASE | re.DOTALL,
)


def is_from_a_machine(message: Message) -> bool:
    """Whether it says to come from a mail server; not whether it does."""
    return bool(_FROM_A_MACHINE.search(str(message.get("From", ""))))


def told(message: Message, text: str) -> Iterator[Told]:
    """What a notice says of each address; `text` is what it says to people, and perhaps the mail it returns."""
    said = copy_of(text)[0]
    whole = f"{message.get('Subject', '')}\n{said}"
    if not _CAME_BACK.search(whole):
        return
    is_late = bool(_NOT_YET.search(whole))
    found = dict(_addressed(said)) or _by_others(message, said)
    for address, words in found.items():
        reply = reply_of(" ".join(words.split()))
        yield Told(address.lower(), Kind.NONE if is_late else kind_of(reply), reply.enhanced, reply.words)


def copy_of(text: str) -> tuple[str, str]:
    """What a notice says itself, and the mail it returns."""
    found = _COPY.search(text)
    return (text[: found.start()], text[found.start() :]) if found else (text, "")


def _addressed(said: str) -> Iterator[tuple[str, str]]:
    """Each address that begins a line, with what follows up to an empty line."""
    found = list(_ABOUT.finditer(said))
    for one, following in itertools.zip_longest(found, found[1:]):
        end = following.start() if following else len(said)
        words = re.split(r"\n[ \t]*\r?\n", said[one.end() : end], maxsplit=1)[0]
        if words.strip():
            yield one[1], words


def _by_others(message: Message, said: str) -> dict[str, str]:
    """What flufl.bounce finds; all of the notice stands for the words."""
    try:
        late, failed = all_failures(message)
    except Exception:  # it reads what anybody sends, and so do its detectors
        return {}
    return {address.decode("utf-8", "replace"): said for address in (*failed, *late)}
