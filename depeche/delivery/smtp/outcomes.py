"""What became of one message on the wire, and whose fault it was."""

from __future__ import annotations

import enum
import re
from typing import NamedTuple

from ..models import State
from .replies import Reply, printable


class Stage(enum.StrEnum):
    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"


class Fault(enum.StrEnum):
    """Whom a refusal is about: only `recipient` says something about the address."""

    NOBODY = ""
    RECIPIENT = "recipient"
    SENDER = "sender"
    SERVER = "server"
    CONTENT = "content"


class SmtpOutcome(NamedTuple):
    """What became of one message: a `State`, at which stage, the server's codes and words (≤ 300 characters).

    `enhanced` is that of a refusal. With a fault of `server` or `sender` this message was not the reason: it need not count as a try. `wait_s`: so long
    nothing is to be sent, where that is known.
    """

    state: State
    stage: Stage
    fault: Fault
    words: str
    code: int = 0
    enhanced: str = ""
    wait_s: float = 0.0


class NoConnection(Exception):
    """No server takes mail from us now: about us, never about one message; `outcome` has state `pending`."""

    def __init__(self, words: str, *, fault: Fault = Fault.SERVER, reply: Reply | None = None) -> None:
        if reply is not None:
            fault, words = fault_of(Stage.CONNECT, reply), f"{words}: {reply.words}"
        super().__init__(printable(words))
        code, enhanced = (reply.code, reply.enhanced) if reply is not None else (0, "")
        self.outcome = SmtpOutcome(State.PENDING, Stage.CONNECT, fault, str(self), code, enhanced)


def judged(stage: Stage, reply: Reply) -> SmtpOutcome:
    """What a reply at `stage` makes of the message; sent only by a 2xx to the final dot.

    An answer to the final dot that is none (3xx) leaves the fate unknown.
    """
    if stage is Stage.BODY and reply.kind == 2:
        return SmtpOutcome(State.SENT, stage, Fault.NOBODY, reply.words, reply.code)
    enhanced = reply.enhanced
    if stage is Stage.BODY and reply.kind == 3:
        return SmtpOutcome(State.UNCERTAIN, stage, Fault.SERVER, reply.words, reply.code, enhanced)
    state = State.FAILED if reply.kind == 5 else State.DEFERRED
    return SmtpOutcome(state, stage, fault_of(stage, reply), reply.words, reply.code, enhanced)


_AUTHENTICATION = {432, 454, 530, 534, 535, 538}
_PROTOCOL = {500, 502, 503, 504, 555}
_BY_ENHANCED = {
    "1.7": Fault.SENDER,  # bad sender's mailbox
    "1.8": Fault.SENDER,  # bad sender's system
    "2.3": Fault.CONTENT,  # longer than this mailbox takes
    "3.4": Fault.CONTENT,  # too big for the system
    "6.7": Fault.RECIPIENT,  # no UTF-8 addresses (RFC 6531)
    "6.8": Fault.RECIPIENT,
    "7.17": Fault.RECIPIENT,  # the mailbox changed hands (RFC 7293)
    "7.18": Fault.RECIPIENT,
}
_BY_SUBJECT = {"1": Fault.RECIPIENT, "2": Fault.RECIPIENT, "3": Fault.SERVER, "6": Fault.CONTENT}
# SPF, DKIM, DMARC and reverse DNS: RFC 7372, and what Google and Microsoft add to it.
_UNAUTHENTICATED = re.compile(r"4\.7\.(2[0-79]|3[0-2]|40|5\d\d)")


def fault_of(stage: Stage, reply: Reply) -> Fault:
    """Whom a refusal is about; policy (5.7.x) is ours to put right, never a reason to give up an address.

    Source: RFC 3463 §3, RFC 4954 §6, RFC 7372; for bare codes RFC 5321 §4.2.3.
    """
    code, enhanced = reply.code, reply.enhanced
    if reply.is_closing and not _UNAUTHENTICATED.match(enhanced):
        return Fault.SERVER
    if code in _AUTHENTICATION or reply.kind in (2, 3):
        return Fault.SENDER if code in _AUTHENTICATION else Fault.SERVER
    if enhanced:
        _, subject, detail = enhanced.split(".")
        if known := _BY_ENHANCED.get(f"{subject}.{detail}"):
            return known
        if subject == "7":
            ours = reply.kind == 5 or _UNAUTHENTICATED.match(enhanced)
            return Fault.SENDER if ours else Fault.SERVER
        if subject in _BY_SUBJECT and stage is not Stage.MAIL:
            return _BY_SUBJECT[subject]
        if subject == "5" and detail != "0":
            return Fault.SENDER
    return _by_code(stage, code)


def is_about_the_address(words: str) -> bool:
    """Whether these words of a server, as the ledger keeps them, refuse an address for good."""
    code, _, text = words.partition(" ")
    if not re.fullmatch(r"5\d\d", code):
        return False
    return fault_of(Stage.RCPT, Reply(int(code), (text.encode(),))) is Fault.RECIPIENT


def _by_code(stage: Stage, code: int) -> Fault:
    if code == 552:
        return Fault.RECIPIENT if stage is Stage.RCPT else Fault.CONTENT
    if code in _PROTOCOL:
        return Fault.SENDER
    if stage is Stage.RCPT:
        if code in (451, 452):
            return Fault.SERVER
        return Fault.SENDER if code == 554 else Fault.RECIPIENT  # 554: « relay access denied »
    if code < 500:
        return Fault.SERVER
    return Fault.CONTENT if stage is Stage.BODY else Fault.SENDER
