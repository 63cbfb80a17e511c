"""What stands in the links of our mails: signed, opaque, hard to forge."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import functools
import json
import uuid
from dataclasses import dataclass

from cryptography.fernet import Fernet
from cryptography.fernet import InvalidToken as NotOurs
from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes

from depeche.macs import Mac, salted

CONFIRM_WITHIN = dt.timedelta(days=7)
RIGHTS_WITHIN = dt.timedelta(hours=1)
CORRECT_WITHIN = dt.timedelta(days=1)


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class _Signer(signing.Signer):
    """Signs as Django does, but each of the many mails of an edition holds two of these."""

    @functools.cached_property
    def _mac(self) -> Mac:
        return salted(force_bytes(self.salt) + b"signer", self.key, self.algorithm)

    def sign(self, value: str) -> str:
        digits = binascii.b2a_base64(self._mac.digest(value.encode()), newline=False)
        return f"{value}{self.sep}{digits.translate(_URL_SAFE).rstrip(b'=').decode()}"


_confirming = signing.TimestampSigner(salt="subscribers.confirm", sep=".")
_leaving = _Signer(salt="subscribers.leave", sep=".")
_choosing = _Signer(salt="subscribers.choose", sep=".")
_staying = signing.Signer(salt="subscribers.stay", sep=".")
_rights = signing.TimestampSigner(salt="subscribers.rights", sep=".")


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


def for_leaving(key: uuid.UUID | str) -> str:
    """Never expires: whoever finds an old edition can still leave. `key` is a UUID, or its 32 digits."""
    return _leaving.sign(key if isinstance(key, str) else key.hex)


def for_choosing(key: uuid.UUID | str) -> str:
    """Never expires; `key` is the subscriber's (a UUID, or its 32 digits), and changes with their address."""
    return _choosing.sign(key if isinstance(key, str) else key.hex)


def for_staying(key: uuid.UUID) -> str:
    """Of use while the subscriber is being asked; `key` is theirs."""
    return _staying.sign(key.hex)


def for_rights(key: uuid.UUID) -> str:
    """Goes to the address alone, and is good for an hour: whoever has an old mail must not get at the data."""
    return _rights.sign(key.hex)


def for_correcting(key: uuid.UUID, new_address: str) -> str:
    """Enciphered, because it holds the new address; of no use once the subscriber's key has changed."""
    said = json.dumps([key.hex, new_address]).encode()
    return _cipher().encrypt_at_time(said, int(timezone.now().timestamp())).decode().rstrip("=")


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


def read_choosing(token: str) -> uuid.UUID:
    """Raises InvalidToken."""
    try:
        return uuid.UUID(_choosing.unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise InvalidToken from error


def read_rights(token: str) -> uuid.UUID:
    """Raises InvalidToken or ExpiredToken."""
    try:
        return uuid.UUID(_rights.unsign(token, max_age=RIGHTS_WITHIN))
    except signing.SignatureExpired as error:
        raise ExpiredToken from error
    except (signing.BadSignature, ValueError) as error:
        raise InvalidToken from error


def read_correcting(token: str) -> tuple[uuid.UUID, str]:
    """The subscriber's key and the new address. Raises InvalidToken or ExpiredToken."""
    sealed = token.encode(errors="replace") + b"=" * (-len(token) % 4)
    try:
        key, address = json.loads(_cipher().decrypt(sealed))
        made_at = _cipher().extract_timestamp(sealed)
    except (NotOurs, ValueError) as error:
        raise InvalidToken from error
    if timezone.now().timestamp() - made_at > CORRECT_WITHIN.total_seconds():
        raise ExpiredToken
    return uuid.UUID(key), address


def _cipher() -> Fernet:
    """Authenticated encryption under a key made of SECRET_KEY."""
    secret = salted_hmac("subscribers.correct", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(secret))
