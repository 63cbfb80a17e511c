"""How far an edition is, as its page shows and says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depeche.delivery.models import State

from . import agreement, sending_words
from . import progress as counting
from .models import UNDER_WAY, Edition, EditionState
from .progress import Progress, Why
from .sending_words import number, time_left

EVERY_S = 2
EVERY_S_STANDING = 10


@dataclass(frozen=True)
class Trouble:
    """Why it does not go as it should; `words` are those of whoever is the cause, `todo` says what helps."""

    key: str
    why: Why
    todo: str = ""
    url: str = ""
    is_calm: bool = False


@dataclass(frozen=True)
class Figure:
    """Copies of one kind, and the page about them."""

    key: str
    label: str
    count: str
    url: str = ""
    act: str = ""


@dataclass(frozen=True)
class Shown:
    """`subject` changes when something happened that must be said aloud at once; `every_s`: None where all is over."""

    done_of: str
    pace: str
    troubles: list[Trouble]
    figures: list[Figure]
    said: str
    subject: str
    every_s: int | None


def shown(edition: Edition, progress: Progress) -> Shown:
    """What the page of an edition that left shows now."""
    troubles = [_trouble(why) for why in progress.why]
    done_of = _("%(done)s of %(total)s copies are through.") % {
        "done": number(progress.done),
        "total": number(progress.total),
    }
    pace = " · ".join(_pace(progress))
    said = [*(trouble.why.sentence for trouble in troubles), done_of, *list(_pace(progress))[1:]]
    if edition.state in (EditionState.SENT, EditionState.CANCELLED):
        said = [f"{edition.get_state_display()}.", done_of]
    return Shown(
        done_of=done_of,
        pace=pace,
        troubles=troubles,
        figures=list(_figures(edition, progress)),
        said=" ".join(said),
        subject=f"{edition.state} {' '.join(trouble.key for trouble in troubles)}",
        every_s=_every_s(edition, progress),
    )


def in_a_line(edition: Edition) -> str:
    """Its state for a list, with how far it is."""
    said = str(edition.get_state_display())
    if edition.held_because:
        return _("did not leave: %(why)s") % {"why": sending_words.held(edition)}
    if edition.state == EditionState.SCHEDULED and edition.scheduled_at:
        local = timezone.localtime(edition.scheduled_at, timezone.get_default_timezone())
        return _("leaves on %(when)s") % {"when": date_format(local, "SHORT_DATETIME_FORMAT")}
    if edition.state in UNDER_WAY:
        return f"{said}, {_percent(counting.progress(edition))}"
    if edition.is_draft and agreement.open_request(edition):
        return _("waits for a colleague’s agreement")
    return said


def _percent(progress: Progress) -> str:
    return _("%(percent)s %%") % {"percent": progress.percent}


def _every_s(edition: Edition, progress: Progress) -> int | None:
    if not progress.open and edition.state in (EditionState.SENT, EditionState.CANCELLED):
        return None
    is_moving = edition.state == EditionState.SENDING and all(
        why.code in ("detour", "pace", "complaints", "refused") for why in progress.why
    )
    return EVERY_S if is_moving else EVERY_S_STANDING


def _pace(progress: Progress) -> Iterator[str]:
    yield _percent(progress)
    if not progress.open or progress.per_minute is None:
        return
    yield _("%(count)s per minute") % {"count": number(progress.per_minute)}
    if progress.seconds_left is not None:
        yield time_left(progress.seconds_left)


def _trouble(why: Why) -> Trouble:
    match why.code:
        case "locked":
            return Trouble("locked", why, url=reverse("suppressed_addresses"))
        case "idle":
            todo = _("Ask whoever runs this machine to look at “bin/depeche doctor”.")
            return Trouble("idle", why, todo)
        case "trouble":
            todo = _(
                "Nothing is lost: copies wait and are tried again by themselves. If it lasts, show these words to "
                "whoever runs the mail server."
            )
            return Trouble("trouble", why, todo)
        case "complaints":
            todo = _(
                "They left at once, and get no more mail. Ask how the others came to be readers before you send more: mail "
                "services block whoever passes 0.3 %."
            )
            return Trouble("complaints", why, todo)
        case "refused":
            return Trouble("refused", why)
        case "pace":
            return Trouble("pace", why, is_calm=True)
        case _:
            return Trouble(why.code, why, is_calm=True)


def _figures(edition: Edition, progress: Progress) -> Iterator[Figure]:
    counts = {
        State.SENT: progress.sent,
        State.PENDING: progress.waiting,
        State.DEFERRED: progress.deferred,
        State.FAILED: progress.failed,
        State.UNCERTAIN: progress.uncertain,
        State.SUPPRESSED: progress.held_back,
        State.UNSUPPORTED_ADDRESS: progress.unsupported,
    }
    for state, count in counts.items():
        if not count:
            continue
        url, act = "", ""
        if state == State.FAILED:
            url, act = reverse("edition_failed", args=[edition.pk]), _("Why, and send again…")
        elif state == State.UNCERTAIN:
            url = reverse("edition_uncertain", args=[edition.pk])
            act = ngettext("Decide…", "Decide on them…", count)
        yield Figure(state.value, str(state.label), number(count), url, act)
