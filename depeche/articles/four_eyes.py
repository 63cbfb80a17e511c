"""Whoever writes does not publish alone: the pure rule, on what is known of one article."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from enum import Enum


class Reason(Enum):
    """Why somebody may not publish an article."""

    SIGNS = "signs"
    WROTE_ALONE = "wrote_alone"


@dataclass(frozen=True)
class Version:
    """One revision: who saved it, and the digest of what it says."""

    by: Hashable | None
    digest: str


def refusal(
    publisher: Hashable,
    *,
    signed_by: Collection[Hashable],
    published_digest: str | None,
    versions: Sequence[Version],
) -> Reason | None:
    """Why `publisher` may not publish the last of `versions`; None if they may.

    `versions` are those since the last publication, oldest first, and `published_digest` is what readers
    have now (None before the first publication). A version that says what the one before it said changes
    nothing, so whoever saved it has not written. A version saved by nobody (an import) counts as another's.
    """
    if publisher in signed_by:
        return Reason.SIGNS
    writers = {
        version.by
        for version, before in zip(versions, [published_digest, *(v.digest for v in versions)], strict=False)
        if version.digest != before
    }
    return Reason.WROTE_ALONE if writers == {publisher} else None
