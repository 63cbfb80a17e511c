"""What stands in the links of our mails: signed, opaque, hard to forge."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core import signing

CONFIRM_WITHIN = dt.timedelta(days=7)

_confirming = signing.TimestampSigner(salt="subscribers.confirm", sep=".")
_leaving = signing.Signer(salt="subscribers.leave", sep=".")
_staying = signing.Signer(salt="subscribers.stay", sep=".")


class InvalidToken(Exception):
    """The link was cut short, changed, or never ours."""


class ExpiredToken(Exception):
    """The link is ours but too old."""


@dataclass(frozen=True)
class Request:
    """Which request for which subscription a confirmation link answers."""

    key: uuid.UUID
    nonce: str


def for_confirming(key: uuid.UUID, nonce: str) -> str:
    return _confirming.sign(f"{key.hex}-{nonce}")


def for_leaving(key: uuid.UUID) -> str:
    """Never expires: whoever finds an old edition can still leave."""
    return _leaving.sign(key.hex)


def for_staying(key: uuid.UUID) -> str:
    """Of use while the subscriber is being asked; `key` is theirs."""
    return _staying.sign(key.hex)


def read_confirming(token: str) -> Request:
    """Raises InvalidToken or ExpiredToken."""
    try:
        key, _, nonce = _confirming.unsign(token, max_age=CONFIRM_WITHIN).partition("-")
        return Request(uuid.UUID(key), nonce)
    except signing.SignatureExpired as error:
        raise ExpiredToken from error
    except (signing.BadSignature, ValueError) as error:
        raise InvalidToken from error


def read_leaving(token: str) -> uuid.UUID:
    """Raises InvalidToken."""
    try:
        return uuid.UUID(_leaving.unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise InvalidToken from error


def read_staying(token: str) -> uuid.UUID:
    """Raises InvalidToken."""
    try:
        return uuid.UUID(_staying.unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise InvalidToken from error
