"""What a provider's answer, or its silence, makes of one message."""

from __future__ import annotations

import datetime as dt
import email.utils
import re
import ssl
from typing import Any

from django.utils import timezone

from .models import State
from .smtp.outcomes import Fault, SmtpOutcome, Stage
from .smtp.replies import printable

LONGEST_PAUSE_S = 3600.0
PAUSE_S = 10.0  # where a provider that is asked too much does not say for how long
# A gateway speaks that cannot know what became of the request behind it.
_FATE_UNKNOWN = {502, 504, 520, 524}
_NOT_NOW = {408, 409, 425, 429}
_ABOUT_US = {401, 402, 403, 404, 405, 407, 410, 451}
_WORDS_ABOUT_US = re.compile(
    r"sender|from|domain|verif|quota|credit|balance|plan\b|suspend|disabled|unauthori[sz]ed|api.?key|account|permission",
    re.I,
)
_WORDS_ABOUT_THEM = re.compile(r"recipient|inactive|\bto\b|mailbox|address|e-?mail", re.I)


def sent(status: Any) -> SmtpOutcome:
    """What came of a message the provider took; `status` is Anymail's. Refused by name, it failed."""
    states = status.status or set()
    words = printable(f"{'/'.join(sorted(str(one) for one in states))} {status.message_id or ''}")
    if states <= {"invalid", "rejected", "failed"} and states:
        return SmtpOutcome(State.FAILED, Stage.RCPT, Fault.RECIPIENT, words)
    return SmtpOutcome(State.SENT, Stage.BODY, Fault.NOBODY, words, 200)


def failed(error: Exception, *, has_left: bool, recipient: str) -> SmtpOutcome:
    """What an error makes of a message: not handed over, refused, or of unknown fate.

    `has_left` says whether anything of the request was written.
    """
    # By name: Anymail is an extra, and this module is read without it.
    kinds = {kind.__name__ for kind in type(error).__mro__}
    response = getattr(error, "response", None)
    if response is None:  # of a redirect that was not followed
        response = getattr(error.__cause__, "response", None)
    if "AnymailRecipientsRefused" in kinds:
        words = _said(response) if response is not None else "refused"
        return SmtpOutcome(State.FAILED, Stage.RCPT, Fault.RECIPIENT, words, _code(response))
    if response is not None:
        return judged(response, recipient)
    words = printable(_why(error))
    if has_left:
        return SmtpOutcome(State.UNCERTAIN, Stage.BODY, Fault.SERVER, printable(f"after the call: {words}"))
    if "RequestException" in kinds:
        fault = Fault.SENDER if _is_about_trust(error) else Fault.SERVER
        return SmtpOutcome(State.PENDING, Stage.CONNECT, fault, words)
    if "AnymailInvalidAddress" in kinds:
        return SmtpOutcome(State.UNSUPPORTED_ADDRESS, Stage.RCPT, Fault.RECIPIENT, words)
    if kinds & {"AnymailUnsupportedFeature", "AnymailSerializationError"}:
        return SmtpOutcome(State.FAILED, Stage.BODY, Fault.CONTENT, words)
    return SmtpOutcome(State.DEFERRED, Stage.MAIL, Fault.SENDER, words)


def judged(response: Any, recipient: str) -> SmtpOutcome:
    """What an answer that is no plain yes makes of the message.

    Only what is plainly about the recipient fails it. What else is refused is ours to put right: it is tried again,
    and nobody is thought dead for it.

    Source: RFC 9110 §15.5, §15.6; RFC 6585 §4 (429).
    """
    code, words = _code(response), _said(response)
    if code < 300 or code in _FATE_UNKNOWN:
        return SmtpOutcome(State.UNCERTAIN, Stage.BODY, Fault.SERVER, words, code)
    if code >= 500:
        return SmtpOutcome(
            State.DEFERRED, Stage.CONNECT, Fault.SERVER, words, code, wait_s=_pause_s(response, 0.0)
        )
    if code in _NOT_NOW:
        return SmtpOutcome(
            State.DEFERRED, Stage.MAIL, Fault.SERVER, words, code, wait_s=_pause_s(response, PAUSE_S)
        )
    if code == 413:
        return SmtpOutcome(State.FAILED, Stage.BODY, Fault.CONTENT, words, code)
    if code in _ABOUT_US or code < 400 or not _is_about(recipient, words):
        return SmtpOutcome(State.DEFERRED, Stage.MAIL, Fault.SENDER, words, code)
    return SmtpOutcome(State.FAILED, Stage.RCPT, Fault.RECIPIENT, words, code)


def _is_about(recipient: str, words: str) -> bool:
    bare = re.sub(re.escape(recipient), " ", words, flags=re.I)
    if _WORDS_ABOUT_US.search(bare):
        return False
    return bare != words or bool(_WORDS_ABOUT_THEM.search(bare))


def _said(response: Any) -> str:
    return printable(f"{_code(response)} {response.text[:600]}")


def _code(response: Any) -> int:
    return int(response.status_code) if response is not None else 0


def _pause_s(response: Any, otherwise: float) -> float:
    """How long we are asked to wait. Source: RFC 9110 §10.2.3."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return min(float(asked[:9]), LONGEST_PAUSE_S)
    try:
        at = email.utils.parsedate_to_datetime(asked)
    except ValueError:
        return otherwise
    at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return min(max((at - timezone.now()).total_seconds(), otherwise), LONGEST_PAUSE_S)


def _is_about_trust(error: BaseException | None) -> bool:
    while error is not None:
        inner = error.args[0] if error.args else None
        if isinstance(getattr(inner, "reason", inner), ssl.SSLError) or "SSLError" in type(error).__name__:
            return True
        error = error.__cause__
    return False


def _why(error: BaseException) -> str:
    cause = error.__cause__ or error
    inner = cause.args[0] if cause.args else cause
    return str(getattr(inner, "reason", inner)) or type(cause).__name__
