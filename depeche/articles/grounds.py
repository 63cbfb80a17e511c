"""What an article rests on, as readers may check it: sources, evidence, replies, what the newsroom discloses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .ledger import Evidence
from .links import LinkState, state_of
from .parts import SourceRecord

if TYPE_CHECKING:
    from .models import Article


@dataclass
class Ground:
    """A source, or what a claim rests on; `supports` are the numbers of claims, `state` that of its link."""

    number: int
    who: str
    kind: str
    title: str
    link: str
    consulted_on: dt.date | None
    state: LinkState | None
    supports: list[int] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"source-{self.number}"


def grounds_of(article: Article, evidence: Iterable[Evidence]) -> dict[str, Ground]:
    """The sources of `article`, then its evidence, each once, by what tells them apart (`told_apart`)."""
    rows: list[SourceRecord] = [*article.sources.all(), *evidence]
    links = [row.link for row in rows if row.link]
    states = state_of(links) if links else {}
    found: dict[str, Ground] = {}
    for row in rows:
        found.setdefault(
            told_apart(row),
            Ground(
                number=len(found) + 1,
                who=row.who,
                kind=str(SourceRecord.Kind(row.kind).label),
                title=row.title,
                link=row.link,
                consulted_on=row.consulted_on,
                state=states.get(row.link),
            ),
        )
    return found


def told_apart(row: SourceRecord) -> str:
    """Equal for records of one source, however cased and spaced; when it was consulted does not count."""
    return "\0".join(" ".join(part.casefold().split()) for part in (row.who, row.title, row.link))
