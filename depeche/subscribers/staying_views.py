"""The page on which a reader not heard of for long says that they want to stay. Looking at it changes nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from depeche.visitors import comes_from_elsewhere

from . import retention, tokens
from .models import Subscriber
from .reader_pages import notice, page, url_without_token
from .recording import Shown, sha256
from .words import Words


@csrf_exempt  # readers get no cookie; a form posted from another site is refused by its Origin instead
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: HttpRequest, token: str) -> HttpResponse:
    try:
        reader = Subscriber.objects.filter(key=tokens.read_staying(token)).first()
    except tokens.InvalidToken:
        return notice(request, "broken_link", status=404)
    if reader is None:
        return notice(request, "gone", status=410)
    if request.method != "POST":
        return _asked(request) if reader.repermission_asked_at else notice(request, "stays")
    if comes_from_elsewhere(request):
        return notice(request, "elsewhere", status=403)
    words = _words()
    if request.POST.get("seen") not in (None, sha256(words)):
        return _asked(request, status=409)
    shown = Shown(words, get_language() or "", retention.FORM, url_without_token("stay"))
    try:
        retention.stay(reader, shown=shown)
    except Subscriber.DoesNotExist:  # erased this very moment
        return notice(request, "gone", status=410)
    return notice(request, "stays")


def _asked(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    """The one button; again, and saying why, where its words changed since the page was opened."""
    return page(
        request,
        "subscribers/stay.html",
        status=status,
        days=_days(),
        seen=sha256(_words()),
        changed=status != 200,
    )


def _words() -> str:
    """All that stands around the button, top to bottom."""
    words = Words()
    return "\n".join(
        (
            words.say("stay.title"),
            words.say("stay.text"),
            f"[{words.say('stay.button')}]",
            words.say("stay.text_nothing", days=_days()),
        )
    )


def _days() -> int:
    return retention.ANSWER_WITHIN.days
