"""The page of a reader's choices: without login, and never changed by a mere visit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from depeche.visitors import comes_from_elsewhere

from . import choosing, tokens
from .choice_words import choice_words
from .choosing_forms import ChoicesForm
from .models import Subscriber
from .reader_pages import masked, notice, page, see_other, url_without_token
from .recording import Shown
from .words import Words, say


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """The form; its POST saves the choices or leaves everything, whichever button was pressed."""
    try:
        subscriber = Subscriber.objects.get(key=tokens.read_choosing(token))
    except tokens.InvalidToken:
        return notice(request, "broken_link", status=404)
    except Subscriber.DoesNotExist:
        return notice(request, "expired_link", status=410)
    if request.method != "POST":
        return _form_page(request, token, subscriber, done=request.GET.get("done", ""))
    if comes_from_elsewhere(request):
        return notice(request, "elsewhere", status=403)
    try:
        return _act(request, token, subscriber)
    except Subscriber.DoesNotExist:  # erased, or moved to another address, this moment
        return notice(request, "expired_link", status=410)


def _act(request: HttpRequest, token: str, subscriber: Subscriber) -> HttpResponse:
    words = choice_words(Words())
    if "leave" in request.POST:
        choosing.leave_everything(subscriber.key, shown=_shown(words.leave))
        return see_other(reverse("preferences", args=[token]) + "?done=left")
    if "save" not in request.POST:  # no button of ours: nothing is ticked because nothing was sent
        return _form_page(request, token, subscriber, status=422)
    form = ChoicesForm(request.POST, subscriber=subscriber, on=timezone.localdate())
    if request.POST.get("seen") not in (None, words.seen(form.all)):
        form.add_error(None, say("preferences.error_changed"))
        return _form_page(request, token, subscriber, form=form, status=409)
    if not form.is_valid():
        return _form_page(request, token, subscriber, form=form, status=422)
    try:
        choosing.choose(
            subscriber.key,
            form.choices(),
            shown=_shown(words.as_text(form.all)),
            tracking=_shown(words.tracking_as_text()),
        )
    except choosing.MayNotBeWrittenTo:
        form.add_error("newsletters", say("preferences.error_blocked"))
        return _form_page(request, token, subscriber, form=form, status=409)
    with translation.override(form.cleaned_data["language"]):
        return see_other(reverse("preferences", args=[token]) + "?done=saved")


def _form_page(
    request: HttpRequest,
    token: str,
    subscriber: Subscriber,
    *,
    form: ChoicesForm | None = None,
    done: str = "",
    status: int = 200,
) -> HttpResponse:
    says = Words()
    form, words = form or ChoicesForm(subscriber=subscriber, on=timezone.localdate()), choice_words(says)
    return page(
        request,
        "subscribers/preferences.html",
        status=status,
        form=form,
        words=words,
        says=says,
        seen=words.seen(form.all),
        address=masked(subscriber.address),
        done=done,
        token=token,
    )


def _shown(words: str) -> Shown:
    return Shown(words, get_language() or "", "preferences", url_without_token("preferences"))
