"""What is published of the keys that sign our mail, as people enter it and as DNS has it."""

from __future__ import annotations

import re
from typing import Any

from dns.exception import DNSException
from dns.name import NameTooLong
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from .dkim_keys import DkimKey

LONGEST_STRING = 255  # octets (RFC 1035 §3.3)
ASKED_FOR_S = 5.0


def zone_line(key: DkimKey) -> str:
    """The record as a zone file has it, in strings of 255 octets that belong together (RFC 6376 §3.6.2.2)."""
    words = key.record
    strings = [words[at : at + LONGEST_STRING] for at in range(0, len(words), LONGEST_STRING)]
    return f"{key.record_name}. IN TXT ( " + " ".join(f'"{string}"' for string in strings) + " )"


def is_published(key: DkimKey, *, resolver: Any = None) -> bool | None:
    """Whether DNS tells everybody this public key under its selector; None where it could not be asked."""
    try:
        answer = (resolver or Resolver()).resolve(key.record_name, "TXT", lifetime=ASKED_FOR_S)
    except (NXDOMAIN, NoAnswer, NameTooLong):
        return False
    except (DNSException, OSError):
        return None
    return any(_public(b"".join(one.strings).decode("latin-1")) == _public(key.record) for one in answer)


def _public(record: str) -> str:
    """The public key in a record, without white space (RFC 6376 §3.6.1)."""
    found = re.search(r"(?:\A|;)\s*p\s*=([^;]*)", record)
    return re.sub(r"\s", "", found[1]) if found else ""
