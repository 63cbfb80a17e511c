"""The desk of requests about personal data: a list by the day they are due, one page for each, a form to enter one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from . import rights_desk, rights_mail, self_service
from .models import RightsRequest
from .rights_desk import Answer
from .rights_desk_forms import AnswerForm, EnterForm, EraseForm, ExtendForm, RectifyForm, RefuseForm
from .rights_desk_words import ROADS_IN_WORDS, kind_in_words, proof_in_words, unsent_in_words, urgency

PER_PAGE = 50
Right = RightsRequest.Right
ACT, EXTEND, REFUSE = "act", "extend", "refuse"


class RightsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return rights_desk.may_answer(request.user)


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """What is to be answered, the most urgent first; or what was."""
    _colleague(request)
    is_open = request.GET.get("pile") != "answered"
    answered = RightsRequest.objects.exclude(outcome=RightsRequest.Outcome.OPEN).order_by("-done_at", "-pk")
    found = rights_desk.open_requests() if is_open else answered
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
    today = timezone.localdate()
    context = {
        "page": page,
        "rows": [(row, urgency(row, today), row.due_on < today) for row in page],
        "is_open": is_open,
        "count": rights_desk.open_requests().count(),
    }
    return render(request, "subscribers/rights/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Enter what came by letter, telephone or mail."""
    by = _colleague(request)
    form = EnterForm(request.POST or None, initial={"received_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        entered = rights_desk.enter(form.received(), by=by)
        messages.success(request, _("The request is entered. Answer it by %(day)s.") % {"day": _day(entered)})
        return redirect("rights_request", entered.pk)
    return render(request, "subscribers/rights/enter.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what is held, and the one thing to do, to put off or to refuse with the reason."""
    by = _colleague(request)
    found = get_object_or_404(RightsRequest, pk=pk)
    asked = next((name for name in (EXTEND, REFUSE) if name in request.POST), ACT)
    forms_ = {
        name: _form(found, name, request.POST if request.method == "POST" and name == asked else None)
        for name in (ACT, EXTEND, REFUSE)
    }
    if request.method == "POST" and forms_[asked].is_valid():
        act = ACTS[found.right] if asked == ACT else OTHER_ACTS[asked]
        if _done(request, found, act, forms_[asked], by):
            return redirect("rights_request", found.pk)
    context = {"form": forms_[ACT], "extension": forms_[EXTEND], "refusal": forms_[REFUSE], **_about(found)}
    return render(request, "subscribers/rights/one.html", context)


@require_POST
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is held about the address of an open request, as a ZIP file."""
    by = _colleague(request)
    found = get_object_or_404(rights_desk.open_requests(), pk=pk, right=Right.ACCESS)
    response = HttpResponse(rights_desk.log_download(found, by=by), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="request-{found.pk}.zip"'
    response["Cache-Control"] = "no-store"
    return response


def _about(found: RightsRequest) -> dict[str, Any]:
    today, is_open = timezone.localdate(), found.outcome == RightsRequest.Outcome.OPEN
    unreachable = rights_mail.unreachable(found.address) if is_open else None
    return {
        "found": found,
        "came_by": ROADS_IN_WORDS.get(found.came_by, found.came_by),
        "is_open": is_open,
        "urgency": urgency(found, today),
        "is_overdue": is_open and found.due_on < today,
        "held": _held(found) if is_open else [],
        "latest_day": rights_desk.latest_day(found),
        "may_extend": rights_desk.may_extend(found, on=today),
        "unreachable": unreachable and unreachable.label,
        "unsent": unsent_in_words(found),
        "proof": proof_in_words(found),
    }


def _form(found: RightsRequest, name: str, data: Any) -> forms.Form:
    if name == REFUSE:
        return RefuseForm(data, prefix=REFUSE)
    if name == EXTEND:
        return ExtendForm(data, prefix=EXTEND)
    if found.right == Right.ERASURE:
        return EraseForm(data, address=found.address)
    return RectifyForm(data) if found.right == Right.RECTIFICATION else AnswerForm(data)


Act = Callable[[RightsRequest, dict[str, Any], User], RightsRequest]


def _access(found: RightsRequest, given: dict[str, Any], by: User) -> RightsRequest:
    return rights_desk.give_access(found, Answer(by, given["words"]))


def _erase(found: RightsRequest, given: dict[str, Any], by: User) -> RightsRequest:
    return rights_desk.erase(found, Answer(by, given["words"]))


def _rectify(found: RightsRequest, given: dict[str, Any], by: User) -> RightsRequest:
    return rights_desk.rectify(found, given["new_address"], Answer(by, given["words"]))


def _object(found: RightsRequest, given: dict[str, Any], by: User) -> RightsRequest:
    return rights_desk.object_(found, Answer(by, given["words"]))


def _extend(found: RightsRequest, given: dict[str, Any], by: User) -> RightsRequest:
    return rights_desk.extend(found, Answer(by, given["words"]))


def _refuse(found: RightsRequest, given: dict[str, Any], by: User) -> RightsRequest:
    return rights_desk.refuse(found, Answer(by, given["words"]))


ACTS: dict[str, Act] = {
    Right.ACCESS: _access,
    Right.ERASURE: _erase,
    Right.RECTIFICATION: _rectify,
    Right.OBJECTION: _object,
}
OTHER_ACTS: dict[str, Act] = {EXTEND: _extend, REFUSE: _refuse}


def _done(request: HttpRequest, found: RightsRequest, act: Act, form: forms.Form, by: User) -> bool:
    """Whether it was done; else the person is told why not."""
    try:
        changed = act(found, form.cleaned_data, by)
    except rights_desk.AlreadyAnswered:
        messages.error(request, _("A colleague has answered this request already. Nothing more was done."))
        return True
    except rights_desk.NoMoreTime:
        messages.error(
            request, _("More time can be taken once, and only in the first month. Nothing was changed.")
        )
        return True
    except rights_desk.NotAReader:
        messages.error(request, _("Nobody subscribes with this address: there is nothing to put right."))
    except self_service.AddressInUse:
        messages.error(request, _("Somebody subscribes with the right address already. Nothing was changed."))
    else:
        _say_done(request, changed, extended=act is _extend)
        return True
    return False


def _say_done(request: HttpRequest, changed: RightsRequest, *, extended: bool) -> None:
    unsent = unsent_in_words(changed)
    if unsent:
        messages.warning(request, unsent)
    elif extended:
        messages.success(
            request, _("The person is told by mail. Answer by %(day)s.") % {"day": _day(changed)}
        )
    else:
        messages.success(request, _("Done, and the answer is on its way by mail."))


def _held(found: RightsRequest) -> list[tuple[str, int]]:
    return [(kind_in_words(kind), count) for kind, count in rights_desk.held(found.address).items()]


def _day(found: RightsRequest) -> str:
    return date_format(found.due_on, "DATE_FORMAT")


def _colleague(request: HttpRequest) -> User:
    """Who asks. Raises PermissionDenied: they may not answer readers."""
    if not isinstance(request.user, User) or not rights_desk.may_answer(request.user):
        raise PermissionDenied
    return request.user
