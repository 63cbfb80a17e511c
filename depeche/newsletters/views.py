"""The web version of an edition, and the pages by which an editor tests and sends it."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from depeche.articles.models import Article
from depeche.delivery import suppression
from depeche.delivery.bulk_lock import BulkMailLocked
from depeche.delivery.models import State
from depeche.delivery.showing import shown
from depeche.subscribers.models import Newsletter

from . import actions, readers, rendering
from .models import Edition, EditionState

EDITIONS_PER_PAGE = 30


@require_safe
def archive(request: HttpRequest, newsletter: str) -> HttpResponse:
    """All editions of a newsletter that left, newest first."""
    found = get_object_or_404(Newsletter, slug=newsletter)
    sent = (
        found.editions.filter(number__isnull=False).exclude(state=EditionState.CANCELLED).order_by("-number")
    )
    page = Paginator(sent, EDITIONS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "newsletters/archive.html", {"newsletter": found, "editions": page})


@require_safe
def edition(request: HttpRequest, newsletter: str, number: int) -> HttpResponse:
    found = get_object_or_404(
        Edition.objects.filter(number__isnull=False).select_related("newsletter"),
        newsletter__slug=newsletter,
        number=number,
    )
    articles = found.articles()
    corrections = rendering.corrections_since_the_last(found)
    context = {"edition": found, "articles": articles, "corrections": corrections}
    response = render(request, "newsletters/edition_page.html", context)
    if any(article.is_hidden_from_search for article in articles):
        response["X-Robots-Tag"] = "noindex"  # its headline would lead to the name all the same
    return response


def preview_article(article: Article) -> HttpResponse:
    """How `article` would stand in a mail of the newsletter in its language."""
    newsletter = Newsletter.objects.filter(language=article.language).first()
    if newsletter is None:
        return HttpResponse(_("There is no newsletter in this language yet."))
    draft = Edition(newsletter=newsletter, subject=article.title)
    return shown(rendering.render(draft, articles=[article]).html)


class TestForm(forms.Form):
    address = forms.EmailField(label=gettext_lazy("Send a test to"))


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """What will go to whom; a test to one address; and, behind a second button, the sending itself."""
    user = request.user
    if not user.is_authenticated or not actions.may_send(user):
        raise PermissionDenied
    found = get_object_or_404(Edition.objects.select_related("newsletter"), pk=pk)
    test_form = TestForm(initial={"address": user.email})
    if request.method == "POST" and "test" in request.POST:
        test_form = TestForm(request.POST)
        if test_form.is_valid():
            _try(
                request,
                lambda: actions.send_test(found, to=[test_form.cleaned_data["address"]]),
                _("The test is on its way."),
            )
            return redirect("send_edition", pk=pk)
    elif request.method == "POST" and request.POST.get("confirmed"):
        _try(request, lambda: actions.send(found, by=user), _("The edition is on its way."))
        return redirect("send_edition", pk=pk)
    elif request.method == "POST":
        messages.error(request, _("Tick the box to confirm: an edition that left cannot be called back."))
    return render(request, "newsletters/send.html", _summary(found, test_form))


def _summary(found: Edition, test_form: TestForm) -> dict[str, object]:
    progress = actions.progress(found)
    return {
        "edition": found,
        "articles": found.articles(),
        "readers": readers.due(found.newsletter, at=timezone.now()).count(),
        "test_form": test_form,
        "progress": [(label, progress[state]) for state, label in State.choices if state in progress],
        "held_back": [(_why(reply), count) for reply, count in actions.held_back(found).items()],
        "is_sending": found.state == EditionState.SENDING,
    }


def _why(reply: str) -> str:
    """Why a copy was held back, for people."""
    reason = suppression.reason_said(reply)
    return str(reason.label) if reason else reply or _("left or paused meanwhile")


def _try(request: HttpRequest, act, done: str) -> None:  # type: ignore[no-untyped-def]
    try:
        act()
    except actions.NotPublished as error:
        messages.error(
            request,
            _("“%(headline)s” is not published. Publish it or take it out.")
            % {"headline": error.article.title},
        )
    except actions.NothingToSend:
        messages.error(request, _("This edition holds no article yet. Add one first."))
    except actions.AlreadySent:
        messages.error(request, _("This edition was sent already. It goes out only once."))
    except BulkMailLocked as error:
        messages.error(
            request,
            _("Nothing was sent: %(doubt)s. An administrator has to look at “Suppressed addresses” first.")
            % {"doubt": error},
        )
    else:
        messages.success(request, done)
