"""The road from the form to the first mail: taken down in the request, seen to by a job.

Whoever fills in the form waits for no look-up of the address: the answer takes as long for one we know.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone

from depeche import keys

from . import actions, limits, puzzle
from .models import Newsletter, SignUp
from .recording import Shown

logger = logging.getLogger(__name__)

PRESS_WITHIN = dt.timedelta(minutes=30)
COUNTS_WITHOUT_SUM_AFTER = dt.timedelta(seconds=30)
TRIED_FOR = dt.timedelta(days=1)
_SALT = "subscribers.one_more_step"


@dataclass(frozen=True)
class Asked:
    """A request as the form brought it, and where it came from."""

    newsletter: Newsletter
    address: str
    shown: Shown
    network: str = ""
    network_address: str = ""
    user_agent: str = ""
    is_odd: bool = False  # a field was filled in that people do not see


class OneMoreStep(Exception):
    """Not taken down yet: a person has to press one button, whose form carries `token`.

    `sum` is what their browser is to work out meanwhile, "" where none is asked for: with its answer the button counts
    at once, without it after half a minute.
    """

    def __init__(self, token: str, *, sum_: str = "", is_early: bool = False) -> None:
        super().__init__("one more step")
        self.token, self.sum, self.is_early = token, sum_, is_early


@transaction.atomic
def take_down(asked: Asked, *, token: str = "", answer: str = "", at: dt.datetime | None = None) -> None:
    """Note the request; a job writes to the address a moment later.

    `token` is that of `OneMoreStep`, once pressed, and `answer` that to its sum.

    Nothing is noted where the address had its mails of the day: the page that follows says how many these are.

    Raises:
        OneMoreStep: a limit is near, or the request odd, and no good token came with it, or too early.
        limits.TooMany: nothing was taken down.
    """
    at = at or timezone.now()
    is_early = _is_early(token, answer, asked, at)
    pressed = not is_early and _is_good(token, asked, at)
    kept = token if is_early else ""
    if asked.is_odd and not pressed:
        raise _one_more_step(asked, at, token=kept)
    sources = limits.sources(network=asked.network, address=asked.address, at=at)
    try:
        gets_mail = limits.count(sources, pressed=pressed, at=at)
    except limits.Near:
        raise _one_more_step(asked, at, token=kept) from None
    if not gets_mail:
        return
    keeps = settings.KEEP_NETWORK
    SignUp.objects.create(
        newsletter=asked.newsletter,
        address=asked.address,
        language=asked.shown.language,
        wording=asked.shown.wording,
        form=asked.shown.form,
        url=asked.shown.url[:500],
        network_address=asked.network_address[:45] if keeps else "",
        user_agent=asked.user_agent.replace("\0", "")[:300] if keeps else "",
        at=at,
    )


def see_to_all(*, since: dt.datetime | None = None) -> int:
    """Write to those who asked (since then), each once, however many workers are at it; how many there were.

    What fails is logged without its address, stays, and does not stop the others.
    """
    waiting = SignUp.objects.filter(at__gte=since) if since else SignUp.objects.all()
    done, last = 0, 0
    while (
        number := waiting.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True).first()
    ) is not None:
        last = number
        try:
            done += _see_to(number)
        except Exception as error:  # whatever it is, the next one is somebody else's
            logger.error("Request %s for a newsletter: %s; it is tried again", number, type(error).__name__)
    return done


def forget_failed(*, at: dt.datetime | None = None) -> int:
    """Delete requests that failed for a day: an address is not kept for nothing. How many."""
    count, _ = SignUp.objects.filter(at__lt=(at or timezone.now()) - TRIED_FOR).delete()
    if count:
        logger.error("%s requests for a newsletter failed for a day and were deleted", count)
    return count


@transaction.atomic
def _see_to(number: int) -> bool:
    """Whether it was still there, and nobody else at it."""
    row = (
        SignUp.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("newsletter")
        .filter(pk=number)
        .first()
    )
    if row is None:
        return False
    actions.request(
        row.newsletter,
        address=row.address,
        language=row.language,
        shown=Shown(row.wording, row.language, row.form, row.url),
        network_address=row.network_address,
        user_agent=row.user_agent,
        at=row.at,
    )
    row.delete()
    return True


def _one_more_step(asked: Asked, at: dt.datetime, *, token: str) -> OneMoreStep:
    """The step, with a new token unless this one was pressed too early."""
    is_early = bool(token)
    token = token or signing.dumps([secrets.token_hex(8), _digest(asked), int(at.timestamp())], salt=_SALT)
    nonce, _at = _read(token, asked)
    sum_ = puzzle.ask(nonce, until=at + PRESS_WITHIN) if settings.ALTCHA else ""
    return OneMoreStep(token, sum_=sum_, is_early=is_early)


def _is_early(token: str, answer: str, asked: Asked, at: dt.datetime) -> bool:
    """Whether the button was pressed before it counts, by somebody whose browser did no sum."""
    nonce, made_at = _read(token, asked)
    if (
        not settings.ALTCHA
        or not nonce
        or at.timestamp() - made_at >= COUNTS_WITHOUT_SUM_AFTER.total_seconds()
    ):
        return False
    return not puzzle.is_solved(answer, nonce)


def _is_good(token: str, asked: Asked, at: dt.datetime) -> bool:
    """Ours, fresh, for this very request from this network; and from now on used."""
    nonce, _at = _read(token, asked)
    return bool(nonce) and limits.use_once(nonce, at=at)


def _read(token: str, asked: Asked) -> tuple[str, int]:
    """Which step a token is of and when it was made; ("", 0) if it is none for this request."""
    try:
        nonce, digest, made_at = signing.loads(token, salt=_SALT, max_age=PRESS_WITHIN)
    except (signing.BadSignature, ValueError, TypeError):
        return "", 0
    return (nonce, made_at) if keys.same(digest, _digest(asked)) else ("", 0)


def _digest(asked: Asked) -> str:
    return keys.current().mac(
        "one-more-step", asked.network, str(asked.newsletter.pk), asked.address, asked.shown.language
    )
