"""The proof of consent: the whole story of one address, as one signed file for machines and one for people."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from depeche import keys

from . import proof_pdf
from .came_about import came_from
from .consent import ConsentDetail, ConsentEntry, ConsentPerson, Detail, ShownText
from .evidence import Evidence, Reason
from .faults import Fault, Problem
from .legal import LegalVersion
from .models import Newsletter
from .recording import START, in_utc
from .verifying import problems_of


class NothingKnown(Exception):
    """The log knows nothing of this address: it never came in, or was erased so long ago that it is forgotten."""


def prove(address: str, *, at: dt.datetime | None = None) -> dict[str, Any]:
    """All that the log says of an address, with the words and texts in full; JSON values only.

    It is found by its keyed hash, so also after erasure: then the address here is the one asked for. Where it was
    corrected, what the same reader did under earlier addresses is part of it.

    Raises:
        NothingKnown, UnknownKey.
    """
    people = list(ConsentPerson.objects.filter(address_hash__in=keys.address_hashes(address)))
    own = list(ConsentEntry.objects.filter(person__in=[person.name for person in people]))
    if not own:
        raise NothingKnown
    corrected = _under_earlier_addresses(own)
    entries = sorted([*own, *corrected], key=lambda entry: entry.number)
    kept: dict[int, dict[str, ConsentDetail]] = defaultdict(dict)
    for detail in ConsentDetail.objects.filter(entry__in=[entry.number for entry in entries]):
        kept[detail.entry_id][detail.kind] = detail
    evidence = Evidence()
    found = [*problems_of(entries, evidence), *_broken_links(entries)]
    signer = keys.signer()
    return {
        "format": "depeche-consent-proof",
        "version": 1,
        "made_at": in_utc(at or timezone.now()),
        "made_by": {"site": settings.BASE_URL, "key": signer.number, "public_key": signer.public_pem},
        "address": address.strip(),
        "address_is_in_the_log": any(Detail.ADDRESS in kept[entry.number] for entry in own),
        "people": [_person(person) for person in people],
        "entries": _entries(entries, corrected, kept, evidence),
        "texts": _texts(entries),
        "head": _head(),
        "verification": {
            "entries": [entry.number for entry in entries],
            "problems": [
                {"fault": one.fault.value, "entry": one.number, "says": str(one)}
                for one in dict.fromkeys(found)
            ],
        },
    }


def sealed(story: dict[str, Any], *, language: str) -> dict[str, bytes]:
    """The files of a proof by name: JSON, PDF, a detached signature of each (64 bytes), and the public key.

    Source: RFC 8032 (Ed25519, pure).
    """
    signer = next(one for one in keys.signers() if one.number == story["made_by"]["key"])
    moment = dt.datetime.fromisoformat(story["made_at"])
    name = f"consent-{story['people'][0]['person'][:8]}-{moment:%Y%m%dT%H%M%SZ}"
    written = json.dumps(story, ensure_ascii=False, indent=2).encode("utf-8", "replace")
    with translation.override(language):
        page = proof_pdf.drawn(
            story, json_name=f"{name}.json", json_sha256=hashlib.sha256(written).hexdigest()
        )
    return {
        f"{name}.json": written,
        f"{name}.json.sig": signer.sign(written),
        f"{name}.pdf": page,
        f"{name}.pdf.sig": signer.sign(page),
        f"consent-key-{signer.number}.pem": signer.public_pem.encode(),
    }


def public_keys() -> str:
    """All public keys, the newest first, each below a line with its number and fingerprint; PEM readers skip that line."""
    return "\n".join(
        f"Key {signer.number} (SHA-256 of the DER: {_fingerprint(signer)})\n{signer.public_pem}"
        for signer in reversed(keys.signers())
    )


def _fingerprint(signer: keys.Signer) -> str:
    body = "".join(line for line in signer.public_pem.splitlines() if not line.startswith("-"))
    return hashlib.sha256(base64.b64decode(body)).hexdigest()


def _under_earlier_addresses(entries: Iterable[ConsentEntry]) -> dict[ConsentEntry, int]:
    """What the same reader did before their address was corrected into this one, and by which entry each was."""
    found: dict[ConsentEntry, int] = {}
    known = {entry.number for entry in entries}
    new = list(entries)
    while new:
        corrections = [(entry.number, before) for entry in new if (before := came_from(entry.as_facts))]
        new = []
        for number, before in sorted(corrections):
            # Its erasure is the very next entry; what came later under that address may be another reader's.
            rows = ConsentEntry.objects.filter(person=before, number__lte=number + 1)
            some = [entry for entry in rows if entry.number not in known]
            known |= {entry.number for entry in some}
            found |= dict.fromkeys(some, number)
            new += some
    return found


def _person(person: ConsentPerson) -> dict[str, Any]:
    return {
        "person": person.name.hex,
        "address_hash": person.address_hash,
        "erased_at": person.erased_at and in_utc(person.erased_at),
        "forgotten_at": person.purge_at and in_utc(person.purge_at),
    }


def _entries(
    entries: Sequence[ConsentEntry],
    corrected: dict[ConsentEntry, int],
    kept: dict[int, dict[str, ConsentDetail]],
    evidence: Evidence,
) -> list[dict[str, Any]]:
    erasures = evidence.erasures({entry.person for entry in entries if entry.person})
    names = {newsletter.purpose: newsletter.name for newsletter in Newsletter.objects.all()}
    words = _words(entries)
    return [
        {
            **_entry(entry, names, words),
            "details": _details(entry, kept[entry.number], _of(entry, erasures), evidence),
            "under_an_address_corrected_by": corrected.get(entry),
        }
        for entry in entries
    ]


def _entry(entry: ConsentEntry, names: dict[str, str], words: dict[str, ShownText]) -> dict[str, Any]:
    facts = entry.as_facts
    shown = words.get(facts.get("wording", ""))
    return {
        "number": entry.number,
        "at": in_utc(entry.at),
        "action": entry.action,
        "person": entry.person.hex if entry.person else None,
        "purpose": entry.purpose,
        "newsletter": names.get(entry.purpose) or facts.get("newsletter"),
        "facts": facts,
        "words": shown and {"text": shown.text, "sha256": shown.sha256, "language": shown.language},
        "chain": {
            "key": entry.key,
            "facts": entry.facts,
            "commitments": entry.commitments,
            "previous": entry.previous,
            "digest": entry.digest,
        },
    }


def _details(
    entry: ConsentEntry, kept: dict[str, ConsentDetail], erasures: list[Reason], evidence: Evidence
) -> list[dict[str, Any]]:
    """What was noted beside the entry: its value, or what took it away."""
    found = []
    for kind, promise in entry.as_commitments.items():
        detail = kept.get(kind)
        reason = None if detail else evidence.why_gone(entry.number, kind, promise["purge"], erasures)
        found.append(
            {
                "kind": kind,
                "value": detail and detail.value,
                "salt": detail and detail.salt,
                "gone": reason and {"by": reason.action, "entry": reason.number, "at": in_utc(reason.at)},
            }
        )
    return found


def _of(entry: ConsentEntry, erasures: dict[uuid.UUID, list[Reason]]) -> list[Reason]:
    return erasures.get(entry.person, []) if entry.person else []


def _words(entries: Iterable[ConsentEntry]) -> dict[str, ShownText]:
    return ShownText.objects.in_bulk({entry.as_facts.get("wording", "") for entry in entries})


def _texts(entries: Sequence[ConsentEntry]) -> list[dict[str, Any]]:
    """Each version that was in force at one of these entries, in full; its hash is that of `content`."""
    named = {
        (kind, text["version"], text["sha256"])
        for entry in entries
        for kind, text in entry.as_facts.get("texts", {}).items()
    }
    rows = LegalVersion.objects.filter(sha256__in={digest for _kind, _number, digest in named})
    found = {
        (version.text.kind, version.number, version.sha256): version
        for version in rows.select_related("text__newsletter")
    }
    return [
        {
            "kind": kind,
            "version": number,
            "sha256": digest,
            "language": version.text.language,
            "newsletter": version.text.newsletter and version.text.newsletter.name,
            "published_at": in_utc(version.published_at),
            "content": version.content,
        }
        for kind, number, digest in sorted(named)
        if (version := found.get((kind, number, digest)))
    ]


def _head() -> dict[str, Any]:
    last = ConsentEntry.objects.order_by("-number").values("number", "at", "digest")[:1].get()
    return {**last, "at": in_utc(last["at"])}


def _broken_links(entries: Sequence[ConsentEntry]) -> Iterator[Problem]:
    """Where an entry does not hang on those before and after it."""
    around = {number for entry in entries for number in (entry.number - 1, entry.number + 1)}
    rows = ConsentEntry.objects.filter(number__in=around).values_list("number", "previous", "digest")
    links = {number: (previous, digest) for number, previous, digest in rows}
    for entry in entries:
        before = START if entry.number == 1 else links.get(entry.number - 1, ("", ""))[1]
        after = links.get(entry.number + 1)
        if entry.previous != before:
            yield Problem(Fault.OUT_OF_ORDER, entry.number)
        if after and after[0] != entry.digest:
            yield Problem(Fault.OUT_OF_ORDER, entry.number + 1)
