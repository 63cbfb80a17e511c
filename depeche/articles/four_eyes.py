"""Whoever writes does not publish alone: the pure rule, on what is known of one article."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from enum import Enum
from typing import Protocol


class Reason(Enum):
    """Why somebody may not publish an article."""

    SIGNS = "signs"
    WROTE_ALONE = "wrote_alone"


class Version(Protocol):
    """One revision: who saved it, and the digest of what it says."""

    @property
    def by(self) -> Hashable | None: ...

    @property
    def digest(self) -> str: ...


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

    def has_written(index: int) -> bool:
        return versions[index].digest != (versions[index - 1].digest if index else published_digest)

    newest_first = range(len(versions) - 1, -1, -1)  # and no digest is asked for without need
    if any(versions[index].by != publisher and has_written(index) for index in newest_first):
        return None
    if any(versions[index].by == publisher and has_written(index) for index in newest_first):
        return Reason.WROTE_ALONE
    return None
