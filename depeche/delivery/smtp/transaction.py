"""One message over an open connection. Whatever happens comes back as an outcome, never as an exception.

Where the connection is no longer to be used, `connection.is_over` is set.
"""

from __future__ import annotations

import contextlib
import functools

from ..content import Content, as_written, ending
from ..models import State
from .connection import Connection
from .outcomes import Fault, SmtpOutcome, Stage, judged
from .replies import Lost, Reply, codes_of, of_one_line, printable

Commands = tuple[bytes, bytes, bytes]
_STAGES = (Stage.MAIL, Stage.RCPT, Stage.DATA)
_WELCOME = (250, 250, 354)
_WRITTEN = (b"", b"", b"")
LAST_WORDS_S = 1.0
_OUT_OF_STEP = "more replies came than commands were sent"


def offer(connection: Connection, lines: Commands | None) -> SmtpOutcome | None:
    """Open one message by MAIL, RCPT, DATA; a refusal, or None where the server waits for the body.

    `lines` is None where they went out behind the last body.

    Source: RFC 5321 §3.3, RFC 2920 §3.1.
    """
    try:
        if lines is not None:
            _make_ready(connection)
            if connection.is_pipelined:
                connection.write(b"".join(lines), within_s=connection.timeouts.answer_s)
    except Lost as lost:
        return _lost(connection, Stage.MAIL, lost)
    stage, replies, is_pipelined = Stage.MAIL, [], connection.is_pipelined
    if lines is None and connection.took(_WELCOME):  # as almost always, with the answer to the last body
        return None
    try:
        for stage, line in zip(_STAGES, lines or _WRITTEN, strict=True):
            if not is_pipelined:
                connection.write(line, within_s=connection.timeouts.answer_s)
            replies.append(_answer(connection))
            if not (is_pipelined or _is_wanted(stage, replies[-1])):
                break
        if stage is Stage.DATA and connection.has_unread:
            raise Lost(_OUT_OF_STEP)
    except Lost as lost:
        connection.is_over = True
        return _first_refusal(replies) or _lost(connection, stage, lost)
    refusal = _first_refusal(replies)
    if refusal is not None:
        _give_up(connection, replies)
    return refusal


def write_body(
    connection: Connection, content: Content, *, following: bytes = b"", written: int = 0
) -> SmtpOutcome | None:
    """Write the body the server waits for, and behind it `following` (the next envelope).

    `written` octets of all this left already. None where all left; what came of the message where the connection broke:
    its fate is unknown where anything of the final dot had left.

    Source: RFC 5321 §4.1.1.4, §6.1; RFC 1047.
    """
    body = as_written(content)
    try:
        connection.write(
            *body.pieces, ending(body) + following, within_s=connection.timeouts.block_s, written=written
        )
    except Lost as lost:
        if lost.written <= len(body):
            return _broken_off(connection, lost)
        return _uncertain(connection, lost)
    return None


def write_body_now(connection: Connection, content: Content, *, following: bytes) -> int | None:
    """Like `write_body`, but what cannot leave at once is left: how much did leave, None where all did."""
    body = as_written(content)
    end = ending(body) + following
    written = connection.write_now([*body.pieces, end])
    return None if written == len(body) + len(end) else written


def answer(connection: Connection, *, within_s: float) -> SmtpOutcome:
    """What came of the message whose body is written; its fate is unknown where no answer comes."""
    try:
        reply = connection.reply(within_s=within_s)
    except Lost as lost:
        return _uncertain(connection, lost)
    outcome = judged(Stage.BODY, reply)
    if reply.is_closing or outcome.state is State.UNCERTAIN:
        connection.is_over = True
    else:
        connection.finished += 1
    return outcome


@functools.lru_cache(maxsize=256)  # servers say the same again and again
def usual_outcome(unread: bytes) -> SmtpOutcome | None:
    """What came of the message, where `unread` says that it and the envelope behind it were taken, and no more."""
    end = unread.find(b"\n")
    if codes_of(unread[end + 1 :]) != _WELCOME:
        return None
    try:
        reply = of_one_line(unread[:end].removesuffix(b"\r"))
    except Lost:
        return None
    if reply is None or reply.kind != 2:
        return None
    return judged(Stage.BODY, reply)


def _answer(connection: Connection) -> Reply:
    """The next reply. Raises Lost, also where it says that the server closes."""
    reply = connection.reply(within_s=connection.timeouts.answer_s)
    if reply.is_closing:
        raise Lost(reply.words, reply=reply)
    return reply


def _is_wanted(stage: Stage, reply: Reply) -> bool:
    return reply.code == 354 if stage is Stage.DATA else reply.kind == 2


def _first_refusal(replies: list[Reply]) -> SmtpOutcome | None:
    if tuple(reply.code for reply in replies) == _WELCOME:
        return None
    for stage, reply in zip(_STAGES, replies, strict=False):
        if not _is_wanted(stage, reply):
            return judged(stage, reply)
    return None


def _give_up(connection: Connection, replies: list[Reply]) -> None:
    """Leave a refused message so that the next may begin, and nothing of this one is accepted."""
    _, rcpt, data = (*replies, None, None)[:3]
    if data is None or data.kind in (4, 5):
        connection.finished += 1
        connection.needs_reset = True
    elif data.code == 354 and rcpt is not None and rcpt.kind in (4, 5):
        # A server may ask for the body though it took no recipient (RFC 2920 §3.1): an empty one, for nobody.
        try:
            connection.write(b".\r\n", within_s=connection.timeouts.answer_s)
            connection.is_over = connection.reply(within_s=connection.timeouts.end_s).is_closing
            connection.finished += 1
        except Lost:
            connection.is_over = True
    else:
        connection.is_over = True


def _make_ready(connection: Connection) -> None:
    """Nothing said and nothing open from before. Raises Lost."""
    if connection.has_unread:
        raise Lost(_OUT_OF_STEP)
    if connection.needs_reset:
        if connection.ask(b"RSET").kind != 2:
            raise Lost("the server does not reset")
        connection.needs_reset = False


def _lost(connection: Connection, stage: Stage, lost: Lost) -> SmtpOutcome:
    connection.is_over = True
    if lost.reply is not None:
        return judged(stage, lost.reply)
    return SmtpOutcome(State.DEFERRED, stage, Fault.SERVER, printable(f"connection lost: {lost}"))


def _broken_off(connection: Connection, lost: Lost) -> SmtpOutcome:
    """Nothing of the final dot had left; the server may have said why it would not read on."""
    with contextlib.suppress(Lost):
        reply = connection.reply(within_s=LAST_WORDS_S)
        if reply.kind in (4, 5):
            connection.is_over = True
            return judged(Stage.BODY, reply)
    return _lost(connection, Stage.BODY, lost)


def _uncertain(connection: Connection, lost: Lost) -> SmtpOutcome:
    connection.is_over = True
    words = f"connection lost after the message: {lost}"
    return SmtpOutcome(State.UNCERTAIN, Stage.BODY, Fault.SERVER, printable(words))
