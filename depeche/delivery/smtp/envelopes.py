"""The commands that open one message: MAIL, RCPT, DATA."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Mapping
from typing import Protocol

import idna

from ..content import Content
from ..models import State
from .outcomes import Fault, SmtpOutcome, Stage
from .replies import printable

LONGEST_PATH = 256  # RFC 5321 §4.5.3.1.3; keeps every command below its 512 octets
_LONGEST_ADDRESS = LONGEST_PATH - len("<>")
DATA = b"DATA\r\n"
_PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")  # most are
_LOCAL = re.compile(r'[^\x00-\x20\x7f"(),:;<>@\[\\\]]+|"(?:[^\x00-\x1f\x7f"\\]|\\[\x20-\x7e])*"')
_DOMAIN = re.compile(r"[A-Za-z0-9._-]+|\[[A-Za-z0-9.:-]+\]")


class Message(Protocol):
    """What a session can send: bare addresses (an empty sender is the null one) and content (RFC 5322)."""

    @property
    def sender(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def content(self) -> Content: ...


class Unsendable(Exception):
    """This server cannot be given this message; nothing was written to it. `outcome` says why."""

    def __init__(self, state: State, stage: Stage, fault: Fault, words: str) -> None:
        super().__init__(words)
        self.outcome = SmtpOutcome(state, stage, fault, printable(words))


def commands(message: Message, extensions: Mapping[str, str]) -> tuple[bytes, bytes, bytes]:
    """MAIL, RCPT and DATA for a server with these extensions.

    Content with octets beyond ASCII goes as it is where 8BITMIME is not announced: all servers of this century take it.

    Raises:
        Unsendable: an address the server cannot take, or content longer than it says it takes.
    Source: RFC 5321 §4.1.1, RFC 1870 (SIZE), RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8).
    """
    content, utf8 = message.content, "SMTPUTF8" in extensions
    try:
        recipient = path(message.recipient, utf8)
    except ValueError as error:
        raise Unsendable(State.UNSUPPORTED_ADDRESS, Stage.RCPT, Fault.RECIPIENT, str(error)) from error
    try:
        sender = _sender(message.sender, utf8)
    except ValueError as error:
        raise Unsendable(State.FAILED, Stage.MAIL, Fault.SENDER, f"sender: {error}") from error
    announced = ""
    if (limit := extensions.get("SIZE")) is not None:
        size = len(content)
        if size > _most(limit):
            words = f"the mail server takes {limit} octets, the message has {size}"
            raise Unsendable(State.FAILED, Stage.MAIL, Fault.CONTENT, words)
        announced = f" SIZE={size}"
    is_utf8 = not (sender.isascii() and recipient.isascii())
    if is_utf8:
        announced += " SMTPUTF8"
    if (is_utf8 or not content.isascii()) and "8BITMIME" in extensions:
        announced += " BODY=8BITMIME"
    return f"MAIL FROM:{sender}{announced}\r\n".encode(), f"RCPT TO:{recipient}\r\n".encode(), DATA


@functools.lru_cache(maxsize=16)
def _most(limit: str) -> float:
    """How many octets a server takes that announces this SIZE."""
    most = int(limit) if len(limit) < 20 and limit.isdecimal() else 0
    return most or math.inf


def _sender(address: str, utf8: bool) -> str:
    if "+" in address:  # may be of one mail only (see `verp`): to keep it would push out what is of many
        return path(address, utf8)
    return _sender_path(address, utf8)


@functools.lru_cache(maxsize=16)
def _sender_path(address: str, utf8: bool) -> str:
    return path(address, utf8) if address else "<>"


def path(address: str, utf8: bool) -> str:
    """`<élodie@xn--exmple-cua.test>`: the address as a command names it, its domain in A-labels.

    Raises:
        ValueError: no address, too long, or with letters before the @ though the server does not take `utf8`.
    Source: RFC 5321 §4.1.2; IDNA 2008 (RFC 5890), since that of 2003 makes another domain of « ß ».
    """
    if len(address) <= _LONGEST_ADDRESS and _PLAIN.fullmatch(address):
        return f"<{address}>"
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        domain = idna.encode(domain, uts46=True).decode()
    if not (_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise ValueError("this is no address a mail server can be told")
    if not (utf8 or local.isascii()):
        raise ValueError("the address has letters this mail server cannot write to")
    found = f"<{local}@{domain}>"
    if len(found.encode()) > LONGEST_PATH:
        raise ValueError("the address is longer than mail servers take")
    return found
