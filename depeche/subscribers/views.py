"""Subscribing, confirming, leaving: without script, without cookie, and never by a mere visit."""

from __future__ import annotations

import math

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from depeche.visitors import comes_from_elsewhere, network

from . import actions, limits, signing_up, tokens
from .forms import SubscribeForm
from .models import Newsletter, Subscription, SubscriptionState
from .offering import offered
from .reader_pages import notice, page, url_without_token
from .recording import Shown, sha256
from .wording import agreement
from .words import Words, say

ONE_CLICK = "List-Unsubscribe=One-Click"


# No CSRF cookie: readers get none. A form posted from another site is refused by its Origin instead.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    newsletters = offered(get_language())
    if request.method != "POST":
        chosen = _chosen(newsletters, request.GET)
        return _form_page(request, SubscribeForm(), chosen)
    if comes_from_elsewhere(request):
        return notice(request, "elsewhere", status=403)
    form = SubscribeForm(request.POST)
    if not form.is_valid():
        chosen = _chosen(newsletters, request.POST)
        return _form_page(request, form, chosen, status=422)
    return _take_down(request, form)


def _take_down(request: HttpRequest, form: SubscribeForm) -> HttpResponse:
    """The same answer whatever is known of the address: it is not looked up here."""
    newsletter = form.cleaned_data["newsletter"]
    words, language = agreement(newsletter), get_language()
    asked = signing_up.Asked(
        newsletter,
        form.cleaned_data["address"],
        Shown(words.as_text(), language, "subscribe", request.build_absolute_uri()),
        network=network(request),
        network_address=request.META.get("REMOTE_ADDR", ""),
        user_agent=request.headers.get("User-Agent", ""),
        is_odd=form.is_from_a_machine,
    )
    try:
        signing_up.take_down(
            asked, token=request.POST.get("token", ""), answer=request.POST.get("altcha", "")
        )
    except signing_up.OneMoreStep as step:
        context = {"newsletter": newsletter, "address": asked.address, "token": step.token}
        context |= {"sum": step.sum, "is_early": step.is_early}
        response = page(request, "subscribers/one_more_step.html", seen=words.seen, **context)
        add_never_cache_headers(response)
    except limits.TooMany as error:
        response = notice(
            request, "too_many", status=429, contact=newsletter.reply_to or newsletter.sender_address
        )
        response["Retry-After"] = str(math.ceil(error.again_in.total_seconds()))
    else:
        response = redirect("subscribe_sent")
        response.status_code = 303
    return response


@require_safe
def subscribe_sent(request: HttpRequest) -> HttpResponse:
    return notice(request, "sent", days=tokens.CONFIRM_WITHIN.days)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    try:
        asked = tokens.read_confirming(token)
        subscription = Subscription.objects.select_related("newsletter").get(key=asked.key)
        if request.method != "POST":
            if subscription.state == SubscriptionState.CONFIRMED:
                return _confirmed(request, subscription)
            if subscription.request_nonce != asked.nonce:
                raise actions.UsedLink
            return _confirm_page(request, subscription.newsletter)
        words = _confirm_words(subscription.newsletter)
        if request.POST.get("seen") not in (None, sha256(words)):
            return _confirm_page(request, subscription.newsletter, status=409)
        subscription = actions.confirm(asked, shown=_shown(words, "confirm"))
    except tokens.InvalidToken:
        return notice(request, "broken_link", status=404)
    except (tokens.ExpiredToken, Subscription.DoesNotExist, actions.UsedLink):
        return notice(request, "expired_link", status=410)
    return _confirmed(request, subscription)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The page with one button; its POST and that of RFC 8058 §3.1 are the same: no cookie, no redirect."""
    try:
        key = tokens.read_leaving(token)
    except tokens.InvalidToken:
        # Mail programs get the same answer whatever the token: nothing can be tried out here.
        return notice(request, "broken_link", status=200 if request.method == "POST" else 404)
    if request.method == "POST":
        is_one_click = "List-Unsubscribe" in request.POST
        words = ONE_CLICK if is_one_click else say("leave.button")
        actions.withdraw(key, shown=_shown(words, "one-click" if is_one_click else "unsubscribe"))
        return notice(request, "left")
    subscription = Subscription.objects.select_related("newsletter").filter(key=key).first()
    if subscription is None or subscription.state == SubscriptionState.WITHDRAWN:
        return notice(request, "left")
    return page(request, "subscribers/unsubscribe.html", newsletter=subscription.newsletter)


def _chosen(newsletters: QuerySet[Newsletter], given: QueryDict) -> Newsletter | None:
    slug = given.get("newsletter", "").replace("\0", "")
    return newsletters.filter(slug=slug).first() or newsletters.first()


def _form_page(
    request: HttpRequest, form: SubscribeForm, newsletter: Newsletter | None, status: int = 200
) -> HttpResponse:
    words = agreement(newsletter) if newsletter else None
    context = {"form": form, "newsletter": newsletter, "agreement": words, "hide_sign_up": True}
    return render(request, "subscribers/subscribe.html", context, status=status)


def _confirmed(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    choices = actions.preferences_url(subscription.subscriber.key, subscription.subscriber.language)
    return notice(request, "confirmed", subscription=subscription, preferences_url=choices)


def _confirm_page(request: HttpRequest, newsletter: Newsletter, *, status: int = 200) -> HttpResponse:
    """The one button; again, and saying why, where its words changed since the page was opened."""
    return page(
        request,
        "subscribers/confirm.html",
        status=status,
        newsletter=newsletter,
        seen=sha256(_confirm_words(newsletter)),
        changed=status != 200,
    )


def _confirm_words(newsletter: Newsletter) -> str:
    """All that stands around the button, top to bottom."""
    words = Words()
    return "\n".join(
        (
            words.say("confirm.title"),
            words.say("confirm.text", name=newsletter.name),
            f"[{words.say('confirm.button')}]",
            words.say("confirm.text_not_you"),
        )
    )


def _shown(words: str, form: str) -> Shown:
    page_name = "confirm" if form == "confirm" else "unsubscribe"
    return Shown(words, get_language() or "", form, url_without_token(page_name))
