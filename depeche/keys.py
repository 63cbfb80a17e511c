"""Keys that make an address recognisable to us alone, and sign what we hand out; none of them is in the database.

They lie in `settings.KEYS_FOLDER`, numbered; the newest is used, the old ones stay for reading.
"""

from __future__ import annotations

import datetime as dt
import functools
import hmac
import os
import re
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from depeche.macs import Mac

_NAME = re.compile(r"(log|proof)-(\d{4})\.key")


class UnknownKey(Exception):
    """What was kept was made with a key that is not in the folder any more; `str()` is its number."""


@dataclass(frozen=True)
class Key:
    """One secret for keyed hashes, HMAC-SHA256 (RFC 2104), with its number."""

    number: int
    secret: bytes

    def mac(self, label: str, *parts: str) -> str:
        """64 hexadecimal digits for these parts under this use; no two lists of parts give one message."""
        message = label.encode()
        for part in parts:
            encoded = part.encode()
            message += len(encoded).to_bytes(8, "big") + encoded
        return _mac(self.secret).digest(message).hex()

    def address_hash(self, address: str) -> str:
        """« 1:9f86… »: the key's number and the hash of an address, however it is spelt."""
        return f"{self.number}:{self.mac('address', address.strip().lower())}"


def current() -> Key:
    """The newest key; the first is made when it is first needed."""
    found = keys()
    return found[-1] if found else rotate()


def keys() -> tuple[Key, ...]:
    """All keys for hashes, the oldest first."""
    return _as_keys(_read("log"))


def key(number: int) -> Key:
    """Raises UnknownKey."""
    for found in keys():
        if found.number == number:
            return found
    raise UnknownKey(str(number))


def rotate() -> Key:
    """A new key from now on."""
    number = _make("log", secrets.token_hex(32))
    return key(number)


def address_hash(address: str) -> str:
    """The keyed hash of an address under the newest key; see `Key.address_hash`."""
    return current().address_hash(address)


def address_hashes(address: str) -> list[str]:
    """What an address may stand under: its hash under each key, the newest first."""
    return [one.address_hash(address) for one in reversed(keys() or (current(),))]


def address_hashes_of(
    addresses: Collection[str], *, kept: Collection[str] | None = None
) -> list[tuple[str, ...]]:
    """Of each what `address_hashes` says of one; the keys are looked for once.

    `kept` is what the database holds as the hash of each, which is not made again where there is but one key.
    """
    newest_first = tuple(reversed(keys() or (current(),)))
    if len(newest_first) > 1:
        return [tuple(one.address_hash(address) for one in newest_first) for address in addresses]
    (only,) = newest_first
    if kept is None:
        return [(only.address_hash(address),) for address in addresses]
    by_it = f"{only.number}:"
    return [
        (known if known.startswith(by_it) else only.address_hash(address),)
        for address, known in zip(addresses, kept, strict=True)
    ]


def same(one: str, other: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(one, other)


@functools.lru_cache(maxsize=16)
def _mac(secret: bytes) -> Mac:
    return Mac(secret)


@dataclass(frozen=True)
class Signer:
    """One Ed25519 key pair (RFC 8032), with its number."""

    number: int
    private: Ed25519PrivateKey

    def sign(self, content: bytes) -> bytes:
        """64 bytes."""
        return self.private.sign(content)

    @property
    def public_pem(self) -> str:
        """The public half, as OpenSSL reads it (SubjectPublicKeyInfo, PEM)."""
        return (
            self.private.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )


def signer() -> Signer:
    """The newest pair; the first is made when it is first needed."""
    found = signers()
    return found[-1] if found else rotate_signer()


def signers() -> tuple[Signer, ...]:
    """All pairs, the oldest first."""
    return tuple(
        Signer(number, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text)))
        for number, text in _read("proof")
    )


def rotate_signer() -> Signer:
    """A new pair from now on."""
    number = _make("proof", secrets.token_hex(32))
    return next(found for found in signers() if found.number == number)


def salt_of_the_day(day: dt.date) -> str:
    """A secret of this day only, the same for every process; made when it is first needed."""
    return _salt(Path(settings.KEYS_FOLDER), day)


def forget_salts_before(day: dt.date) -> None:
    """Delete the salts of earlier days: what was hashed with them can't be hashed again."""
    for path in Path(settings.KEYS_FOLDER).glob("day-*.salt"):
        if path.name < _salt_name(day):
            path.unlink(missing_ok=True)


@functools.lru_cache(maxsize=1)
def _salt(folder: Path, day: dt.date) -> str:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / _salt_name(day)
    if not path.exists():
        _place(path, secrets.token_hex(32))
        forget_salts_before(day)
    return path.read_text().strip()


def _salt_name(day: dt.date) -> str:
    return f"day-{day.isoformat()}.salt"


def _read(kind: str) -> tuple[tuple[int, str], ...]:
    folder: Path = settings.KEYS_FOLDER  # as it is: making a path of it costs as much as looking there
    try:
        changed = folder.stat().st_mtime_ns
    except FileNotFoundError:
        return ()
    return _read_once(folder, changed, kind)


@functools.lru_cache(maxsize=8)
def _read_once(folder: Path, changed: int, kind: str) -> tuple[tuple[int, str], ...]:
    return tuple((number, path.read_text().strip()) for number, path in _files(folder, kind))


@functools.lru_cache(maxsize=8)
def _as_keys(found: tuple[tuple[int, str], ...]) -> tuple[Key, ...]:
    return tuple(Key(number, bytes.fromhex(text)) for number, text in found)


def _files(folder: Path, kind: str) -> Iterator[tuple[int, Path]]:
    for path in sorted(folder.iterdir()):
        name = _NAME.fullmatch(path.name)
        if name and name[1] == kind:
            yield int(name[2]), path


def _make(kind: str, content: str) -> int:
    """Write the next key whole or not at all; another process that was first wins."""
    folder = Path(settings.KEYS_FOLDER)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    number = max((number for number, _path in _files(folder, kind)), default=0) + 1
    _place(folder / f"{kind}-{number:04}.key", content)
    return number


def _place(path: Path, content: str) -> None:
    partial = path.with_name(f".{path.stem}-{secrets.token_hex(4)}")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(partial, path)
    except FileExistsError:
        pass
    finally:
        partial.unlink()
