"""The pages by which an editor tests, schedules, sends and follows an edition."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from depeche.subscribers import imprint
from depeche.subscribers.models import Subscription

from . import actions, agreement, control, readers, scheduling, sending_shown, sending_words, size
from . import progress as counting
from .models import UNDER_WAY, Edition, EditionState
from .sending_forms import DeclineForm, PauseForm, ScheduleForm, TestForm

_View = Callable[..., HttpResponse]


def of_one_edition(view: _View) -> _View:
    """For those who may send; every time is the newsroom's, whatever the account of who looks says."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, pk: int) -> HttpResponse:
        if not actions.may_send(request.user):
            raise PermissionDenied
        edition = get_object_or_404(Edition.objects.select_related("newsletter"), pk=pk)
        with timezone.override(None):
            return view(request, edition)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@of_one_edition
def send(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Before it left: what goes to whom, a test, and the ways to leave. After: what became of each copy."""
    forms = _Forms(request)
    verb = next((name for name in _VERBS if name in request.POST), None)
    if request.method == "POST" and verb is None:
        messages.error(request, _("Nothing was done: the form said not what to do."))
    elif verb and _VERBS[verb](request, edition, forms):
        return redirect("send_edition", pk=edition.pk)
    return render(request, "newsletters/send.html", _page(request, edition, forms))


@require_safe
@of_one_edition
def progress(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The part of the page that moves, what to say of it aloud, and after how many seconds to ask again."""
    context = _live(request, edition)
    shown = context["shown"]
    return JsonResponse(
        {
            "html": render_to_string("newsletters/sending/live.html", context, request),
            "said": shown.said,
            "subject": shown.subject,
            "every_s": shown.every_s,
        }
    )


@require_http_methods(["GET", "HEAD", "POST"])
@of_one_edition
def cancel(request: HttpRequest, edition: Edition) -> HttpResponse:
    """What cancelling means in numbers, and the button that does it."""
    if request.method == "POST" and request.POST.get("confirmed"):
        try_(
            request,
            lambda: control.cancel(edition, by=user_of(request)),
            _("Cancelled: within a second no copy begins any more."),
        )
        return redirect("send_edition", pk=edition.pk)
    if edition.state not in UNDER_WAY:
        return redirect("send_edition", pk=edition.pk)
    context = {
        "edition": edition,
        "question": _("Cancel the rest of this edition?"),
        "sentences": sending_words.cancelling(counting.progress(edition)),
        "act": _("Cancel for ever"),
        "back": reverse("send_edition", args=[edition.pk]),
    }
    return render(request, "newsletters/sending/confirm.html", context)


class _Forms:
    """The forms of the page; those that were sent and refused say why."""

    def __init__(self, request: HttpRequest) -> None:
        self.test = TestForm(initial={"address": user_of(request).email})
        self.schedule, self.decline = ScheduleForm(), DeclineForm()


def _test(request: HttpRequest, edition: Edition, forms: _Forms) -> bool:
    forms.test = TestForm(request.POST)
    if not forms.test.is_valid():
        return False
    address = forms.test.cleaned_data["address"]
    return try_(request, lambda: actions.send_test(edition, to=[address]), _("The test is on its way."))


def _send(request: HttpRequest, edition: Edition, forms: _Forms) -> bool:
    def act() -> str:
        sent = control.send_now(edition, by=user_of(request))
        return _("The edition is on its way.") if sent.has_left else _("Your colleagues are asked.")

    return _is_confirmed(request) and try_(request, act)


def _schedule(request: HttpRequest, edition: Edition, forms: _Forms) -> bool:
    forms.schedule = ScheduleForm(request.POST)
    if not forms.schedule.is_valid():
        return False

    def act() -> str:
        leave_at = forms.schedule.cleaned_data["leave_at"]
        done = scheduling.schedule(edition, leave_at=leave_at, by=user_of(request))
        is_set = done.scheduled_at == leave_at and done.state == EditionState.SCHEDULED
        return _("The edition is scheduled.") if is_set else _("Your colleagues are asked.")

    return try_(request, act)


def _unschedule(request: HttpRequest, edition: Edition, forms: _Forms) -> bool:
    return try_(
        request,
        lambda: scheduling.unschedule(edition, by=user_of(request)),
        _("It is off the schedule, and leaves only when you say so."),
    )


def _agree(request: HttpRequest, edition: Edition, forms: _Forms) -> bool:
    def act() -> str:
        done = control.agree(edition, by=user_of(request))
        return (
            _("You agreed. The edition is on its way.")
            if done.has_left
            else _("You agreed. It is scheduled.")
        )

    asked = agreement.open_request(edition)
    if asked is None or request.POST.get("asked") != str(asked.pk):
        messages.error(request, sending_words.refusal(agreement.NothingAsked()))
        return True
    return (asked.leave_at is not None or _is_confirmed(request)) and try_(request, act)


def _decline(request: HttpRequest, edition: Edition, forms: _Forms) -> bool:
    forms.decline = DeclineForm(request.POST)
    if not forms.decline.is_valid():
        return False
    because = forms.decline.cleaned_data["because"]
    return try_(
        request,
        lambda: control.decline(edition, by=user_of(request), because=because),
        _("You declined. Whoever asked reads why on this page."),
    )


def _take_back(request: HttpRequest, edition: Edition, forms: _Forms) -> bool:
    asked = agreement.open_request(edition)
    if asked is None or asked.asked_by_id != user_of(request).pk:
        messages.error(request, sending_words.refusal(agreement.NothingAsked()))
        return True
    return try_(
        request,
        lambda: control.decline(edition, by=user_of(request), because=""),
        _("The question is taken back."),
    )


def _pause(request: HttpRequest, edition: Edition, forms: _Forms) -> bool:
    form = PauseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why in 300 characters at most. It was not paused."))
        return True
    because = form.cleaned_data["because"]
    return try_(
        request,
        lambda: control.pause(edition, by=user_of(request), because=because),
        _("Paused: within a second no copy begins any more."),
    )


def _resume(request: HttpRequest, edition: Edition, forms: _Forms) -> bool:
    return try_(request, lambda: control.resume(edition, by=user_of(request)), _("It goes on."))


_VERBS: dict[str, Callable[[HttpRequest, Edition, _Forms], bool]] = {
    "test": _test,
    "send": _send,
    "schedule": _schedule,
    "unschedule": _unschedule,
    "agree": _agree,
    "decline": _decline,
    "take_back": _take_back,
    "pause": _pause,
    "resume": _resume,
}


def _page(request: HttpRequest, edition: Edition, forms: _Forms) -> dict[str, Any]:
    context: dict[str, Any] = {
        "edition": edition,
        "articles": edition.articles(),
        "may_change": request.user.has_perm("newsletters.change_edition"),
        "test_form": forms.test,
        "schedule_form": forms.schedule,
        "decline_form": forms.decline,
    }
    if edition.has_left:
        return context | _live(request, edition)
    return context | _leaving(request, edition)


def _live(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    found = counting.progress(edition)
    held_back = actions.held_back(edition) if found.held_back else {}
    return {
        "edition": edition,
        "progress": found,
        "shown": sending_shown.shown(edition, found),
        "held_back": [
            (sending_words.held_back(reply), sending_words.number(count))
            for reply, count in held_back.items()
        ],
    }


def _leaving(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    """What is known of an edition before it left: who gets it, when, and who has to agree."""
    now, user = timezone.now(), user_of(request)
    due = readers.due(edition.newsletter, at=now).count()
    confirmed = Subscription.objects.confirmed().to(edition.newsletter).count()
    asked, answer = agreement.open_request(edition), agreement.last_answer(edition)
    is_declined = answer and not answer.is_agreed and answer.because
    leaves_at = edition.scheduled_at or now
    return {
        "to_whom": sending_words.to_whom(due, confirmed),
        "size_warning": sending_words.size_warning(size.html_bytes(edition)),
        "has_publisher": bool(imprint.publisher(edition.newsletter.language)),
        "held": sending_words.held(edition) if edition.held_because else "",
        "held_todo": sending_words.held_todo(edition) if edition.held_because else "",
        "when": sending_words.when(edition.scheduled_at, now) if edition.scheduled_at else [],
        "asked": asked,
        "may_answer": asked and asked.asked_by_id != user.pk,
        "declined": answer if is_declined and not asked else None,
        "needs_second_person": agreement.is_missing(edition, at=now),
        "agreement_is_void": agreement.is_missing(edition, at=leaves_at),
        "domain_trouble": sending_words.domain_trouble(edition.newsletter),
        "who_may_agree": sending_words.who_else_may_send(user),
    }


def try_(request: HttpRequest, act: Callable[[], object], done: str = "") -> bool:
    """Whether it was done; `act` may say itself what was. Otherwise the person is told why not."""
    try:
        said = act()
    except sending_words.REFUSALS as error:
        messages.error(request, sending_words.refusal(error))
        return True
    messages.success(request, done or str(said))
    return True


def _is_confirmed(request: HttpRequest) -> bool:
    if request.POST.get("confirmed"):
        return True
    messages.error(request, _("Tick the box to confirm: an edition that left cannot be called back."))
    return False


def user_of(request: HttpRequest) -> AbstractUser:
    if not isinstance(request.user, AbstractUser):
        raise PermissionDenied
    return request.user
