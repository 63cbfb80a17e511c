"""What the newsroom is told about an edition in sentences: why something was refused, how long it takes, who may help."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.utils.formats import number_format
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.utils import get_user_display_name

from depeche.delivery import mail_domains, reply_words, suppression
from depeche.delivery.bulk_lock import BulkMailLocked
from depeche.delivery.examining.findings import as_read
from depeche.subscribers.models import Newsletter

from . import actions, agreement, newsroom_clock, scheduling, sender_domains, size
from .models import Edition, Held
from .progress import Progress
from .sender_domains import DomainIsRed
from .suppressed import CANCELLED

REFUSALS = (
    actions.NotAllowed,
    actions.NotPublished,
    actions.NothingToSend,
    actions.AlreadySent,
    actions.NotNow,
    agreement.NeedsSecondPerson,
    agreement.SamePerson,
    agreement.NothingAsked,
    scheduling.InThePast,
    size.TooLarge,
    BulkMailLocked,
    DomainIsRed,
)
NAMED_AT_MOST = 3


def refusal(error: Exception) -> str:
    """Why one of `REFUSALS` was raised, and the way out."""
    match error:
        case actions.NotPublished():
            return _("“%(headline)s” is not published. Publish it or take it out.") % {
                "headline": error.article.title
            }
        case actions.NotNow():
            return _("Nothing was done: meanwhile the edition is “%(state)s”.") % {"state": error.state.label}
        case size.TooLarge():
            return too_large(error)
        case BulkMailLocked():
            return _(
                "Nothing was sent: %(doubt)s. An administrator has to look at “Suppressed addresses” first."
            ) % {"doubt": error}
        case DomainIsRed():
            return _(
                "Nothing was sent: mail providers would refuse what comes from %(domain)s. What is wrong and how to mend it stands under Settings › Sender domains."
            ) % {"domain": as_read(error.domain)}
    return str(_refusals()[type(error)])


def _refusals() -> dict[type[Exception], str]:
    return {
        actions.NotAllowed: _("You may not send editions."),
        actions.NothingToSend: _("This edition holds no article yet. Add one first."),
        actions.AlreadySent: _("This edition was sent already. It goes out only once."),
        agreement.NeedsSecondPerson: _("A second person has to agree first."),
        agreement.SamePerson: _("You asked for it: somebody else has to agree."),
        agreement.NothingAsked: _(
            "Nobody asks any more: a colleague was faster, or the edition was changed since."
        ),
        scheduling.InThePast: _("The time that was asked for is over. Decline, or ask for another."),
    }


def too_large(error: size.TooLarge) -> str:
    """What to cut of an edition, and why."""
    return ngettext(
        "Nothing was sent: the mail would be %(size)s KB. Above %(most)s KB Gmail cuts off its end, and with it the way to leave. "
        "Take the last article out, or shorten standfirsts and introduction.",
        "Nothing was sent: the mail would be %(size)s KB. Above %(most)s KB Gmail cuts off its end, and with it the way to leave. "
        "Take the last %(spare)s articles out, or shorten standfirsts and introduction.",
        error.spare,
    ) % {
        "size": kilobytes(error.size_bytes),
        "most": kilobytes(size.AT_MOST_BYTES),
        "spare": number(error.spare),
    }


def size_warning(size_bytes: int) -> str:
    """What to know of a draft whose mail gets large; "" while it is not."""
    if size_bytes < size.WARNED_FROM_BYTES:
        return ""
    said = {"size": kilobytes(size_bytes), "most": kilobytes(size.AT_MOST_BYTES)}
    if size_bytes > size.AT_MOST_BYTES:
        return (
            _(
                "The mail would be %(size)s KB and cannot leave so: above %(most)s KB Gmail cuts off its end, and with it the "
                "way to leave. Take articles out, or shorten standfirsts and introduction."
            )
            % said
        )
    return (
        _(
            "The mail is %(size)s KB already; above %(most)s KB Gmail would cut off its end, and it could not leave. Take "
            "articles out, or shorten standfirsts, rather than add any."
        )
        % said
    )


def kilobytes(size_bytes: int) -> str:
    """« 81 », never less than it is."""
    return number(-(-size_bytes // 1000))


def to_whom(due: int, confirmed: int) -> str:
    """Of the confirmed readers, how many get an edition that leaves now."""
    if not confirmed:
        return _("Nobody has confirmed a subscription yet: it would reach no one.")
    said = ngettext(
        "%(readers)s confirmed reader will get it.", "%(readers)s confirmed readers will get it.", due
    ) % {"readers": number(due)}
    rest = confirmed - due
    if not rest:
        return said
    return f"{said} " + ngettext(
        "%(count)s more is not due: they pause, or chose to get less.",
        "%(count)s more are not due: they pause, or chose to get less.",
        rest,
    ) % {"count": number(rest)}


def domain_trouble(newsletter: Newsletter) -> str:
    """What is known to be wrong with the domain it comes from, where mail leaves for everybody; asks no name server."""
    row = mail_domains.kept(sender_domains.of(newsletter)) if mail_domains.leaves_for_real() else None
    if row is None or not mail_domains.red_codes(row):
        return ""
    if mail_domains.is_blocked(row):
        words = _(
            "Mail providers would refuse what comes from %(domain)s: a big edition does not leave by it."
        )
    else:
        words = _("Something is wrong with %(domain)s: mail providers may refuse this edition.")
    return words % {"domain": as_read(row.domain)}


def when(leaves_at: dt.datetime, now: dt.datetime) -> list[str]:
    """How far away it is, and what the clock does in between."""
    said = []
    if leaves_at > now:
        said.append(_("That is in %(time)s.") % {"time": timeuntil(leaves_at, now)})
    if newsroom_clock.is_put_between(now, leaves_at):
        said.append(_("The clock is put forward or back before; this is the time it shows then."))
    shown_at = newsroom_clock.moments(newsroom_clock.on_clock(leaves_at))
    if len(shown_at) > 1:
        is_first = leaves_at == shown_at[0]
        said.append(
            _("The clock shows that time twice that night: it leaves the first time.")
            if is_first
            else _("The clock shows that time twice that night: it leaves the second time.")
        )
    return said


def held(edition: Edition) -> str:
    """Why a scheduled edition did not leave, with the article or the error it is about."""
    about = f" ({edition.held_about})" if edition.held_about else ""
    return f"{Held(edition.held_because).label}{about}"


def held_todo(edition: Edition) -> str:
    """What a person can do about it."""
    return {
        Held.LATE: _(
            "If it is still news, send it now or give it another time. If not, take it off the schedule."
        ),
        Held.RESTORED: _(
            "Look at the web versions and ask colleagues whether it left already, before you send it."
        ),
        Held.LOCKED: _(
            "Ask an administrator to look at “Suppressed addresses”, then send it or give it a time."
        ),
        Held.ARTICLE: _("Publish the article or take it out, then send the edition or give it another time."),
        Held.EMPTY: _("Add an article, then send the edition or give it another time."),
        Held.AGREEMENT: _("It was changed since a colleague agreed, or nobody did. Ask for agreement again."),
        Held.DOMAIN: _(
            "Under Settings › Sender domains stands what is wrong and how to mend it. Then send it or give it another time."
        ),
        Held.PERSON: _("Send it or schedule it in your own name."),
        Held.SIZE: _("Take articles out, then send the edition or give it another time."),
        Held.TROUBLE: _("Try to send it. If it fails again, show these words to whoever runs this machine."),
    }[Held(edition.held_because)]


def held_back(reply: str) -> str:
    """Why a copy was not sent, by what the ledger keeps."""
    reason = suppression.reason_said(reply)
    if reason:
        return str(reason.label)
    if reply == CANCELLED:
        return _("the edition was cancelled")
    return reply_words.shown(reply) or _("left or paused meanwhile")


def who_else_may_send(user: AbstractUser) -> str:
    """Whom to ask for agreement."""
    people = get_user_model().objects.with_perm(
        "newsletters.send_edition", backend="django.contrib.auth.backends.ModelBackend"
    )
    others = people.exclude(pk=user.pk).order_by("pk")[:NAMED_AT_MOST]
    names = _(" or ").join(get_user_display_name(other) for other in others)
    if names:
        return _("Ask %(names)s to agree.") % {"names": names}
    return _("Nobody else here may send: an administrator can add somebody.")


def cancelling(progress: Progress) -> list[str]:
    """What cancelling now means, in numbers."""
    left, stays = progress.sent + progress.uncertain, progress.open
    return [
        ngettext(
            "%(count)s copy has left. It cannot be called back.",
            "%(count)s copies have left. They cannot be called back.",
            left,
        )
        % {"count": number(left)},
        ngettext(
            "%(count)s copy has not left yet and never will: its reader does not get this edition.",
            "%(count)s copies have not left yet and never will: their readers do not get this edition.",
            stays,
        )
        % {"count": number(stays)},
        _("It cannot be undone. If you only need time, pause it."),
    ]


def number(count: float) -> str:
    """« 12 000 »."""
    return number_format(count, decimal_pos=0, force_grouping=True)


def time_left(seconds: int) -> str:
    """About how long it still takes."""
    minutes = -(-seconds // 60)
    if minutes <= 1:
        return _("less than a minute left")
    if minutes < 90:
        return ngettext("about %(count)d minute left", "about %(count)d minutes left", minutes) % {
            "count": minutes
        }
    hours = round(minutes / 60)
    return ngettext("about %(count)d hour left", "about %(count)d hours left", hours) % {"count": hours}
