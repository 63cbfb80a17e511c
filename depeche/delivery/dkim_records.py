"""What is published of the keys that sign our mail, as people enter it and as DNS has it."""

from __future__ import annotations

import re

from django.conf import settings

from .dkim_keys import DkimKey
from .examining.dns_answers import Dns, answered

LONGEST_STRING = 255  # octets (RFC 1035 §3.3)


def zone_line(key: DkimKey) -> str:
    """The record as a zone file has it, in strings of 255 octets that belong together (RFC 6376 §3.6.2.2)."""
    words = key.record
    strings = [words[at : at + LONGEST_STRING] for at in range(0, len(words), LONGEST_STRING)]
    return f"{key.record_name}. IN TXT ( " + " ".join(f'"{string}"' for string in strings) + " )"


def is_published(key: DkimKey, *, dns: Dns | None = None) -> bool | None:
    """Whether DNS tells everybody this public key under its selector; None where it could not be asked."""
    records = answered(lambda: (dns or Dns(settings.DNS_SERVERS)).txt(key.record_name))
    return None if records is None else any(_public(one) == _public(key.record) for one in records)


def _public(record: str) -> str:
    """The public key in a record, without white space (RFC 6376 §3.6.1)."""
    found = re.search(r"(?:\A|;)\s*p\s*=([^;]*)", record)
    return re.sub(r"\s", "", found[1]) if found else ""
