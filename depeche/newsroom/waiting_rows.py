"""One thing that waits for somebody, and a pile of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.contrib.auth.models import User

AT_MOST = 20  # of each kind: who has more to do starts at the top


@dataclass(frozen=True)
class Row:
    """One thing to do: its headline, where to act, and who did what when before."""

    headline: str
    url: str
    act: str
    who: User | None = None
    when: dt.datetime | None = None
    note: str = ""
    is_alarm: bool = False


@dataclass(frozen=True)
class Pile:
    """Rows of one kind under a heading."""

    key: str
    heading: str
    rows: list[Row] = field(default_factory=list)
    is_for_others: bool = False
