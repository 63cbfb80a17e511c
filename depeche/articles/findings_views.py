"""What the findings panel asks for: the desk's reading of the form as it stands, and answers to it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from . import analysis, answers, gatekeeping
from .answering import PREFIX, Gone, Incomplete, Unknown, record
from .claims_shown import ShownClaims
from .findings_shown import Asked, Shown, languages_read
from .gate import Examination
from .manuscript import Manuscript, manuscript_of
from .models import Article, Section
from .posted import MOST_CHARACTERS, NotAForm, as_posted

_MOST_OPENED = 50
_PATIENCE_S = 15


@require_POST
def findings(request: HttpRequest, pk: int) -> JsonResponse:
    """The panel of an article, for its form as posted."""
    return _panel(request, _editable(request, pk))


@require_POST
def findings_of_new(request: HttpRequest, parent_pk: int) -> JsonResponse:
    """The panel of an article that is not saved yet, in the section it is written for."""
    section, user = get_object_or_404(Section, pk=parent_pk), request.user
    if not user.is_authenticated or not section.permissions_for_user(user).can_add_subpage():
        raise PermissionDenied
    return _panel(request, Article(locale=section.locale))


@require_POST
def answer(request: HttpRequest, pk: int) -> JsonResponse:
    """Record what somebody says to a finding or a claim of the form as posted; the panel as it is then."""
    return _panel(request, _editable(request, pk), is_answer=True)


def _editable(request: HttpRequest, pk: int) -> Article:
    article = get_object_or_404(Article.objects.select_related("locale").defer("body"), pk=pk)
    if not article.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return article


def _panel(request: HttpRequest, article: Article, *, is_answer: bool = False) -> JsonResponse:
    try:
        manuscript = manuscript_of(as_posted(article, request))
    except NotAForm:
        return _sorry(_("The form could not be read. Save the draft and open it again."), 400)
    if sum(len(zone.text) for zone in manuscript.zones) > MOST_CHARACTERS:
        return _sorry(_("This text is too long for the desk to read while you write."), 413)
    try:
        reading = _read(manuscript)
    except analysis.DeskUnreachable:
        return _sorry(_("The desk does not answer."), 503)
    asked, status = _asked(request), 200
    if is_answer:
        try:
            record(article, _examined(article, manuscript, reading), request.POST, request.user)
        except Unknown:
            return _sorry(_("The form could not be read. Save the draft and open it again."), 400)
        except (Gone, answers.Refused, Incomplete) as error:
            asked, status = _with_problem(request, asked, error)
    return _reply(request, article, _examined(article, manuscript, reading), asked, status)


def _read(manuscript: Manuscript) -> analysis.Reading:
    if not manuscript.zones:
        is_read = manuscript.language in analysis.languages()
        return analysis.Reading(manuscript.sha256, manuscript.language, is_read)
    return analysis.read(manuscript, timeout_s=_PATIENCE_S)


def _examined(article: Article, manuscript: Manuscript, reading: analysis.Reading) -> Examination:
    return gatekeeping.examine(article, manuscript, reading)


def _asked(request: HttpRequest) -> Asked:
    posted = request.POST
    return Asked(
        by=request.user,
        shows_claims=posted.get("panel-view") == "claims",
        opened=frozenset(posted.getlist("panel-open")[:_MOST_OPENED]),
    )


def _with_problem(request: HttpRequest, asked: Asked, error: Exception) -> tuple[Asked, int]:
    """What to show of an answer that was not recorded, and the HTTP status."""
    at = request.POST.get(f"{PREFIX}-at", "")
    opened = asked.opened | {at}
    if isinstance(error, Incomplete):
        return Asked(asked.by, asked.shows_claims, opened, problem_at=at, form=error.form), 422
    status = 404 if isinstance(error, Gone) else 409
    return Asked(asked.by, asked.shows_claims, opened, problem=str(error), problem_at=at), status


def _reply(
    request: HttpRequest, article: Article, examination: Examination, asked: Asked, status: int
) -> JsonResponse:
    shown = Shown(article, examination, asked)
    claims = ShownClaims(article, examination, asked) if asked.shows_claims else None
    context: dict[str, Any] = {
        "article": article,
        "reading": examination.reading,
        "shown": shown,
        "claims": claims,
        "asked": asked,
        "languages_read": languages_read,
    }
    name = "claims" if claims else "findings"
    if not examination.reading.is_read:
        name = "unread"
    counts = shown.counts
    return JsonResponse(
        {
            "html": render_to_string(f"articles/findings/{name}.html", context, request),
            "counts": {
                "errors": counts.errors,
                "warnings": counts.warnings,
                "notes": counts.notes,
                "urgent": counts.urgent,
                "claims": len(examination.reading.claims),
            },
            "summary": counts.sentence if examination.reading.is_read else "",
            "marks": (claims or shown).marks,
        },
        status=status,
    )


def _sorry(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
