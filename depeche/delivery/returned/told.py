"""What a returned mail tells."""

from __future__ import annotations

import enum
from typing import NamedTuple


class What(enum.StrEnum):
    """What a mail is."""

    REPORT = "report"
    COMPLAINT = "complaint"
    AUTOREPLY = "autoreply"
    UNRELATED = "unrelated"


class Kind(enum.StrEnum):
    """What follows from it: `hard`, nobody has this mailbox; `soft`, it took nothing this time; `ours`, we were refused.

    `none`: nothing follows.
    """

    HARD = "hard"
    SOFT = "soft"
    OURS = "ours"
    COMPLAINT = "complaint"
    NONE = "none"


class Told(NamedTuple):
    """Of one recipient ("" where it is not named): status (RFC 3463, may be empty), words (≤ 300 printable characters)."""

    recipient: str
    kind: Kind
    status: str = ""
    words: str = ""


class Returned(NamedTuple):
    """`message_id` is that of the mail it is about, with its brackets; `addresses`: those it came to or that mail came from."""

    what: What
    told: tuple[Told, ...] = ()
    message_id: str = ""
    addresses: tuple[str, ...] = ()
