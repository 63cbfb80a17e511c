"""A sum for the reader's browser to do, where DEPECHE_ALTCHA asks for it: dear for who sends a thousand forms, no one
else notices. Asked and answered here: no third party hears of it.

Source: the protocol of altcha, version 2 (altcha.org), with PBKDF2, which browsers bring along; the sum is bound to
one request and one button.
"""

from __future__ import annotations

import datetime as dt
import json

from altcha import create_challenge, verify_solution
from altcha.v2 import Payload
from django.utils.crypto import salted_hmac

ALGORITHM = "PBKDF2/SHA-256"
ROUNDS = 4_000  # of one try
FITS = "00"  # how a key must begin: one in 256 does
LONGEST = 4_000  # what a browser sends has some 600 signs


def ask(about: str, *, until: dt.datetime) -> str:
    """The sum as JSON, for `static/js/puzzle.js`; good until then, and for `about` only."""
    challenge = create_challenge(
        ALGORITHM,
        ROUNDS,
        key_prefix=FITS,
        expires_at=until,
        data={"about": about},
        hmac_secret=_secret(),
    )
    return json.dumps(challenge.to_dict())


def is_solved(answer: str, about: str) -> bool:
    """Whether this is the answer to a sum of ours about that, in time; whatever else was sent is none."""
    if not answer or len(answer) > LONGEST:
        return False
    if not verify_solution(answer, _secret()).verified:
        return False
    return Payload.from_base64(answer).challenge.parameters.data == {"about": about}


def _secret() -> bytes:
    return salted_hmac("subscribers.puzzle", "", algorithm="sha256").digest()
