"""How far an edition is, how fast it goes, and why it stands still: for the page, the command line and whoever asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.utils import get_user_display_name

from depeche.delivery import failover, mending, pace, reply_words, trouble
from depeche.delivery.models import JournalMark, State

from . import actions, heeding
from .models import UNDER_WAY, Edition, EditionState

RATE_OVER = dt.timedelta(minutes=5)
MARKS_KEPT = 7
STILL_AFTER = dt.timedelta(minutes=2)
SHORTEST_S = 5  # a rate over less says nothing


@dataclass(frozen=True)
class Why:
    """One reason why nothing, or less than could be, leaves; `sentence` says it to people, `words` are others' words."""

    code: str  # paused | locked | trouble | detour | pace | idle | complaints | refused
    sentence: str
    words: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True)
class Progress:
    """`waiting`: not tried yet or in a worker's hand; `deferred`: refused for now; `held_back`: not allowed any more.

    `per_minute` and `seconds_left` are None where nothing moves or nothing can be said yet.
    """

    state: str
    total: int
    sent: int
    waiting: int
    deferred: int
    failed: int
    uncertain: int
    held_back: int
    unsupported: int
    per_minute: float | None
    seconds_left: int | None
    still_since: dt.datetime | None
    why: tuple[Why, ...]

    @property
    def open(self) -> int:
        """Copies of which something is still to be heard."""
        return self.waiting + self.deferred

    @property
    def done(self) -> int:
        return self.total - self.open

    @property
    def percent(self) -> int:
        """Of 100, rounded down: only what is through is 100."""
        return 100 * self.done // self.total if self.total else 100

    def as_json(self) -> dict[str, Any]:
        """Plain values; times in ISO 8601."""
        facts = asdict(self) | {"open": self.open, "done": self.done, "percent": self.percent}
        return _plain(facts)


def progress(edition: Edition, *, at: dt.datetime | None = None) -> Progress:
    """What became of its copies so far, counted now."""
    at = at or timezone.now()
    counts = actions.progress(edition)
    open_now = sum(counts.get(state, 0) for state in (State.PENDING, State.LEASED, State.DEFERRED))
    total = sum(counts.values())
    is_moving = edition.state == EditionState.SENDING
    rate = _per_minute(edition.marks, total - open_now, at) if is_moving else None
    still_since = _still_since(edition.marks, total - open_now) if is_moving and open_now else None
    if still_since and at - still_since < STILL_AFTER:
        still_since = None
    return Progress(
        state=edition.state,
        total=total,
        sent=counts.get(State.SENT, 0),
        waiting=counts.get(State.PENDING, 0) + counts.get(State.LEASED, 0),
        deferred=counts.get(State.DEFERRED, 0),
        failed=counts.get(State.FAILED, 0),
        uncertain=counts.get(State.UNCERTAIN, 0),
        held_back=counts.get(State.SUPPRESSED, 0),
        unsupported=counts.get(State.UNSUPPORTED_ADDRESS, 0),
        per_minute=round(rate, 1) if rate is not None else None,
        seconds_left=round(open_now / rate * 60) if rate else None,
        still_since=still_since,
        why=(*_why(edition, still_since), *_came_back(edition, heeding.heard(edition, counts))),
    )


def note_marks(*, at: dt.datetime | None = None) -> None:
    """Each minute: remember how far each edition on its way is; the rate is told by it."""
    at = at or timezone.now()
    for edition in Edition.objects.filter(state=EditionState.SENDING):
        marks = _with_mark(edition.marks, first_mark(edition, at=at)[0])
        # Only while it is on its way: who resumed it meanwhile began anew.
        Edition.objects.filter(pk=edition.pk, state=EditionState.SENDING, marks=edition.marks).update(
            marks=marks
        )


def first_mark(edition: Edition, *, at: dt.datetime) -> list[list[float]]:
    """The marks of an edition that begins, or goes on, now: seconds since 1970 and the copies that are done."""
    counts = actions.progress(edition)
    open_now = sum(counts.get(state, 0) for state in (State.PENDING, State.LEASED, State.DEFERRED))
    return [[at.timestamp(), sum(counts.values()) - open_now]]


def _with_mark(marks: list[list[float]], newest: list[float]) -> list[list[float]]:
    """While nothing moves, the first mark of the standstill stays and the last one moves on."""
    if len(marks) >= 2 and marks[-1][1] == marks[-2][1] == newest[1]:
        marks = marks[:-1]
    return [*marks, newest][-MARKS_KEPT:]


def _per_minute(marks: list[list[float]], done: int, at: dt.datetime) -> float | None:
    now = at.timestamp()
    recent = [mark for mark in marks if now - mark[0] <= RATE_OVER.total_seconds() + 30] or marks[-1:]
    if not recent or now - recent[0][0] < SHORTEST_S:
        return None
    return max(0.0, done - recent[0][1]) / (now - recent[0][0]) * 60


def _still_since(marks: list[list[float]], done: int) -> dt.datetime | None:
    still = [mark for mark in marks if mark[1] == done]
    return dt.datetime.fromtimestamp(still[0][0], dt.UTC) if still and marks[-1][1] == done else None


def _why(edition: Edition, still_since: dt.datetime | None) -> list[Why]:
    if edition.state not in UNDER_WAY:
        return []
    found = []
    if edition.state == EditionState.PAUSED and edition.paused_itself:
        sentence = _("It paused by itself: %(why)s. It goes on when somebody resumes it.") % {
            "why": edition.get_paused_itself_display()
        }
        found.append(Why("paused", sentence, since=edition.paused_at))
    elif edition.state == EditionState.PAUSED:
        by = get_user_display_name(edition.paused_by) if edition.paused_by else "–"
        sentence = _("%(name)s paused it. It goes on when somebody resumes it.") % {"name": by}
        found.append(Why("paused", sentence, edition.paused_because, edition.paused_at))
    mark = JournalMark.objects.exclude(doubt="").first()
    if mark:
        sentence = _("Newsletters are locked: an administrator has to look at “Suppressed addresses” first.")
        found.append(Why("locked", sentence, mark.get_doubt_display(), mark.locked_at))
    if edition.state == EditionState.SENDING:
        found.extend(_told_by_workers() or _paces())
    if still_since and all(one.code == "pace" for one in found):
        sentence = _("Nothing moves although nothing is known to be wrong. Is the worker running?")
        found.append(Why("idle", sentence, since=still_since))
    return found


def _came_back(edition: Edition, heard: heeding.Heard) -> Iterator[Why]:
    """What readers and mail servers hold against it, where it is enough to say so."""
    of = {"left": heard.left}
    if heard.is_worth_a_warning:
        sentence = ngettext(
            "%(count)s reader called it spam, of %(left)s copies that left.",
            "%(count)s readers called it spam, of %(left)s copies that left.",
            heard.complaints,
        ) % {"count": heard.complaints, **of}
        yield Why("complaints", sentence)
    if heard.refusals:
        sentence = ngettext(
            "%(count)s copy was refused for how it is sent, of %(left)s that left.",
            "%(count)s copies were refused for how they are sent, of %(left)s that left.",
            heard.refusals,
        ) % {"count": heard.refusals, **of}
        status = heeding.status_most_heard(edition)
        yield Why("refused", f"{sentence} {mending.what_to_mend(status)}", status)


def _told_by_workers() -> list[Why]:
    """What lasts longest: a way out that does not answer, or why no mail at all leaves."""
    for stopped in trouble.current()[:1]:
        sentence = _("No mail leaves now; it is tried again by itself.")
        words = reply_words.shown(stopped.words)
        return [Why("trouble", sentence, words, stopped.since_at, stopped.until_at)]
    for row in failover.unreached()[:1]:
        names = {"way": row.way, "instead": row.instead}
        if row.instead:
            sentence = _("%(way)s does not answer; mail leaves by %(instead)s meanwhile.") % names
            return [Why("detour", sentence, since=row.since)]
        return [Why("trouble", _("%(way)s does not answer.") % names, since=row.since)]
    return []


def _paces() -> list[Why]:
    """How fast all newsletters may leave together, where somebody said so."""
    return [
        Why("pace", _("It leaves at your pace: %(pace)s.") % {"pace": limit})
        for limit in pace.limits()
        if limit.of.transport == pace.MAIN
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, dt.datetime) else value
