"""The keys that sign our mail (DKIM), each under a selector of its own; none of them is in the database.

They lie in `settings.DKIM_FOLDER`, each in a file named like the DNS record of its public half, so that a folder tells
what is to be published. `DOMAIN.uses` names the selector that signs now; `….retired` is left of a key that never will again.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import logging
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import idna
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from django.conf import settings

logger = logging.getLogger(__name__)

BITS = 2048  # no receiver takes less for long, and some name servers hold no more (RFC 8301 §3.2)
LEAST_BITS, MOST_BITS = 2048, 4096
_BETWEEN = "._domainkey."
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PADDING, _HASHED = padding.PKCS1v15(), Prehashed(hashes.SHA256())


class UnusableName(ValueError):
    """No domain, or no selector, that DNS could hold; `str()` is what was given."""


class UnknownSelector(LookupError):
    """No key under this selector, or keys for several domains; `domains` are those."""

    def __init__(self, selector: str, domains: tuple[str, ...] = ()) -> None:
        super().__init__(selector)
        self.domains = domains


class AlreadyThere(ValueError):
    """This selector has a key, or had one; `str()` is the name of its record."""


class UnusableKey(ValueError):
    """A file that holds no private RSA key of 2048 to 4096 bits, without a password; `str()` is its path."""


@dataclass(frozen=True, eq=False)
class DkimKey:
    """One RSA key pair and where its public half is published."""

    domain: str
    selector: str
    private: rsa.RSAPrivateKey = field(repr=False)

    def sign(self, digest: bytes) -> bytes:
        """The signature of a SHA-256 digest: RSASSA-PKCS1-v1_5 (RFC 6376 §3.3.1)."""
        return self.private.sign(digest, _PADDING, _HASHED)

    @property
    def record_name(self) -> str:
        return self.selector + _BETWEEN + self.domain

    @property
    def public_key(self) -> str:
        """What `p=` holds: SubjectPublicKeyInfo in DER, as base64."""
        public = self.private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return base64.b64encode(public).decode()

    @property
    def record(self) -> str:
        """The TXT record to publish, as one string (RFC 6376 §3.6.1)."""
        return f"v=DKIM1; k=rsa; p={self.public_key}"


@dataclass(frozen=True)
class Selector:
    """What the folder holds of one selector; `key` is None once it is retired."""

    domain: str
    name: str
    key: DkimKey | None
    is_in_use: bool
    since: dt.datetime  # created, or retired

    @property
    def state(self) -> str:
        if self.key is None:
            return "retired"
        return "in use" if self.is_in_use else "kept"


def in_use() -> Mapping[str, DkimKey]:
    """The keys that sign now, by domain; read again where the folder changed.

    What cannot be read leaves what was known, for mail must not leave unsigned all of a sudden.
    """
    global _known
    folder: Path = settings.DKIM_FOLDER
    if _known.folder != folder:
        _known = _Known(folder, _UNREAD, {})
    try:
        changed = folder.stat().st_mtime_ns if _known.keys or folder.exists() else 0
        if changed != _known.changed:
            _known = _Known(folder, changed, read(folder))
    except (OSError, UnusableKey):
        if _known.changed != _UNREADABLE:
            logger.exception("the keys that sign mail cannot be read: it leaves as before")
        _known = _Known(folder, _UNREADABLE, _known.keys)
    return _known.keys


class _Known(NamedTuple):
    folder: Path | None
    changed: int  # nanoseconds
    keys: Mapping[str, DkimKey]


_UNREAD, _UNREADABLE = -1, -2
_known = _Known(None, _UNREAD, {})


def read(folder: Path) -> dict[str, DkimKey]:
    """Those in use, as the folder has them now. Raises UnusableKey, OSError."""
    found = {}
    for path in folder.glob("[!.]*.uses"):
        domain, selector = path.name.removesuffix(".uses"), path.read_text().strip()
        found[domain] = DkimKey(domain, selector, _private(folder / f"{selector}{_BETWEEN}{domain}.pem"))
    return found


def key_for(domain: str) -> DkimKey | None:
    """The key that signs mail from this domain: its own, else that of the nearest domain above it.

    That one is aligned too, unless the domain asks for strictness (RFC 9989, `adkim`).
    """
    found = in_use()
    while found and domain:
        if domain in found:
            return found[domain]
        domain = domain.partition(".")[2]
    return None


def selectors() -> list[Selector]:
    """All there are and were, by domain and age. Raises UnusableKey, OSError."""
    folder: Path = settings.DKIM_FOLDER
    if not folder.is_dir():
        return []
    found = [
        _selector(path) for kind in ("pem", "retired") for path in folder.glob(f"[!.]*{_BETWEEN}*.{kind}")
    ]
    return sorted(found, key=lambda one: (one.domain, one.since, one.name))


def find(selector: str, *, domain: str = "") -> Selector:
    """The selector of this name; `domain` is needed where several have one.

    Raises:
        UnknownSelector: it is none, or that of several.
    """
    found = [one for one in selectors() if one.name == selector.lower() and domain in ("", one.domain)]
    if len(found) != 1:
        raise UnknownSelector(selector, tuple(one.domain for one in found))
    return found[0]


def create(domain: str, *, selector: str = "", today: dt.date) -> DkimKey:
    """A new key, which signs nothing before `use`; without a name, one of this month.

    Raises:
        UnusableName: such a domain or selector cannot be.
        AlreadyThere: the selector has or had a key: one that was published is never used for another.
    """
    domain = domain_key(domain)
    taken = {one.name for one in selectors() if one.domain == domain}
    name = selector.lower() or next(one for one in _of_the_month(today) if one not in taken)
    if not _NAME.fullmatch(name) or len(name + _BETWEEN + domain) > 253:
        raise UnusableName(selector)
    if name in taken:
        raise AlreadyThere(name + _BETWEEN + domain)
    key = DkimKey(domain, name, rsa.generate_private_key(65537, BITS))
    pem = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _place(f"{key.record_name}.pem", pem, is_new=True)
    return key


def use(selector: Selector) -> None:
    """Sign with it from now on, also in workers that run; what signed before is kept.

    Raises:
        UnknownSelector: it is retired.
    """
    if selector.key is None:
        raise UnknownSelector(selector.name)
    _place(f"{selector.domain}.uses", selector.name.encode())


def retire(selector: Selector) -> None:
    """Delete its private half for ever; where it signs, mail of its domain leaves unsigned from now on."""
    folder: Path = settings.DKIM_FOLDER
    if selector.is_in_use:
        (folder / f"{selector.domain}.uses").unlink()
    name = selector.name + _BETWEEN + selector.domain
    (folder / f"{name}.pem").replace(folder / f"{name}.retired")
    (folder / f"{name}.retired").write_bytes(b"")
    _tell()


def domain_key(domain: str) -> str:
    """A domain as DNS and `d=` have it. Raises UnusableName."""
    try:
        found = idna.encode(domain.strip().rstrip("."), uts46=True).decode().lower()
    except UnicodeError as error:
        raise UnusableName(domain) from error
    if "." not in found or not _NAME.fullmatch(found):
        raise UnusableName(domain)
    return found


def readable_by_others() -> list[Path]:
    """Files of the folder, or the folder, that other accounts of this machine can read."""
    folder: Path = settings.DKIM_FOLDER
    if not folder.is_dir():
        return []
    return [path for path in (folder, *folder.glob("*.pem")) if path.stat().st_mode & 0o077]


def _selector(path: Path) -> Selector:
    """Raises UnusableKey."""
    record_name, _, kind = path.name.rpartition(".")
    name, _, domain = record_name.partition(_BETWEEN)
    key = DkimKey(domain, name, _private(path)) if kind == "pem" else None
    uses = path.with_name(f"{domain}.uses")
    is_in_use = key is not None and uses.exists() and uses.read_text().strip() == name
    return Selector(domain, name, key, is_in_use, dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC))


def _private(path: Path) -> rsa.RSAPrivateKey:
    try:
        found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:  # TypeError: it has a password
        raise UnusableKey(str(path)) from error
    if not isinstance(found, rsa.RSAPrivateKey) or not LEAST_BITS <= found.key_size <= MOST_BITS:
        raise UnusableKey(str(path))
    return found


def _of_the_month(today: dt.date) -> Iterator[str]:
    name = f"depeche{today:%Y%m}"
    yield name
    yield from (f"{name}-{number}" for number in range(2, 1000))


def _place(name: str, content: bytes, *, is_new: bool = False) -> None:
    """Write a file whole or not at all. Raises AlreadyThere where it must be new."""
    folder: Path = settings.DKIM_FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = folder / f".{secrets.token_hex(8)}"
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        try:
            (folder / name).hardlink_to(partial)
        except FileExistsError as error:
            raise AlreadyThere(name.removesuffix(".pem")) from error
        finally:
            partial.unlink()
    else:
        partial.replace(folder / name)
    _tell()


def _tell() -> None:
    """Give the folder a time it never had: two changes in one tick of its clock would be one."""
    folder: Path = settings.DKIM_FOLDER
    now = max(time.time_ns(), folder.stat().st_mtime_ns + 1_000)
    with contextlib.suppress(OSError):
        os.utime(folder, ns=(now, now))
