"""What readers find at /legal/: the texts in force, the earlier ones, and the page on which they agree again."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from depeche.visitors import comes_from_elsewhere

from . import agreeing, asking, legal, recording, tokens
from .actions import leave_url
from .legal_shown import sections
from .models import LegalText, LegalVersion, Subscriber
from .reader_pages import notice as notice_page
from .reader_pages import page, url_without_token
from .recording import Shown


@require_safe
def legal_text(request: HttpRequest, kind: str) -> HttpResponse:
    """The text in force."""
    return _text_page(request, _text(kind))


@require_safe
def legal_version(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    return _text_page(request, _text(kind), number)


@require_safe
def legal_versions(request: HttpRequest, kind: str) -> HttpResponse:
    return _versions_page(request, _text(kind))


@require_safe
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    """The notice of a newsletter in force."""
    return _text_page(request, _notice_of(slug))


@require_safe
def notice_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _text_page(request, _notice_of(slug), number)


@require_safe
def notice_versions(request: HttpRequest, slug: str) -> HttpResponse:
    return _versions_page(request, _notice_of(slug))


# No CSRF cookie: readers get none. A form posted from another site is refused by its Origin instead.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agree_again(request: HttpRequest, token: str) -> HttpResponse:
    """What changed and one button; only its POST is an answer."""
    try:
        reader, version = asking.read(token)
    except tokens.InvalidToken:
        return notice_page(request, "broken_link", status=404)
    except (tokens.ExpiredToken, Subscriber.DoesNotExist):
        return notice_page(request, "too_late", status=410)
    if comes_from_elsewhere(request):
        return notice_page(request, "elsewhere", status=403)
    seen = version.text.versions.select_related("text__newsletter").order_by("-number")[0]
    waiting = agreeing.outdated(version, [reader]).get(reader.pk, [])
    if not waiting:
        is_reader = agreeing.resting_on(version.text).filter(subscriber=reader).exists()
        return notice_page(request, "agreed" if is_reader else "nothing_left")
    context = {
        "version": seen,
        "title": seen.fields["title"],
        "change": version.change,
        "text_url": asking.url_of(seen),
        "subscriptions": [
            (one.newsletter.name, leave_url(one.key, one.subscriber.language)) for one in waiting
        ],
    }
    wording = render_to_string("subscribers/agree_again_shown.html", context).strip()
    # Published between the page and the button: they agree to what they can read, so the page comes back.
    context["words"] = recording.sha256(wording)
    has_seen_it = request.POST.get("seen") == seen.sha256 and request.POST.get("words") in (
        None,
        context["words"],
    )
    context["changed_meanwhile"] = request.method == "POST" and not has_seen_it
    if request.method != "POST" or context["changed_meanwhile"]:
        status = 409 if context["changed_meanwhile"] else 200
        return page(request, "subscribers/agree_again.html", status=status, **context)
    shown = Shown(wording, get_language() or "", "reconsent", url_without_token("agree_again"))
    asking.agree_again(reader, version, shown=shown)
    return notice_page(request, "agreed")


def _text(kind: str) -> LegalText:
    if kind not in legal.PUBLIC_KINDS:
        raise Http404
    return get_object_or_404(LegalText, kind=kind, language=get_language())


def _notice_of(slug: str) -> LegalText:
    """In the language of the page, or in that of the newsletter."""
    found = LegalText.objects.filter(kind=legal.Kind.NOTICE, newsletter__slug=slug).select_related(
        "newsletter"
    )
    here = found.filter(language=get_language()).first()
    return here or get_object_or_404(found, language=F("newsletter__language"))


def _text_page(request: HttpRequest, text: LegalText, number: int | None = None) -> HttpResponse:
    versions = _versions(text)
    version = versions.first() if number is None else versions.filter(number=number).first()
    newest = version if number is None else versions.first()
    if version is None or newest is None:
        raise Http404
    following = versions.filter(number=version.number + 1).first()
    context = {
        "version": version,
        "content": version.fields,
        "sections": sections(version),
        "is_in_force": version == newest,
        "until": following.published_at if following else None,
        "now_url": _address(text),
        "versions_url": _address(text, "versions"),
        "newsletter": text.newsletter,
    }
    response = render(request, "subscribers/legal_text.html", context)
    if not context["is_in_force"]:
        response["X-Robots-Tag"] = "noindex"
    return response


def _versions_page(request: HttpRequest, text: LegalText) -> HttpResponse:
    versions = list(_versions(text))
    if not versions:
        raise Http404
    context = {
        "title": versions[0].fields["title"],
        "versions": [(version, asking.url_of(version)) for version in versions],
        "now_url": _address(text),
    }
    response = render(request, "subscribers/legal_versions.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _versions(text: LegalText) -> QuerySet[LegalVersion]:
    return text.versions.select_related("text__newsletter").order_by("-number")


def _address(text: LegalText, which: str = "text") -> str:
    if text.newsletter:
        name = "legal_notice" if which == "text" else "legal_notice_versions"
        return reverse(name, args=[text.newsletter.slug])
    return reverse("legal_text" if which == "text" else "legal_versions", args=[text.kind])
