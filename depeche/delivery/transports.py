"""How a message leaves this machine, whoever carries it."""

from __future__ import annotations

from typing import Protocol

from .messages import Envelope
from .smtp.outcomes import SmtpOutcome


class Transport(Protocol):
    """What the loop hands messages to, one at a time; `smtp.session.Session` is one."""

    def submit(self, message: Envelope) -> SmtpOutcome:
        """What became of it.

        Raises:
            NoConnection: nothing was handed over.
        """

    def close(self) -> None: ...
