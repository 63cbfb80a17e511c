"""Filing a correction: the form, what readers will see and who is written to, and what was filed before."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from . import correcting, withholding
from .correction_forms import CorrectionForm
from .models import Article, Correction
from .suggesting import suggestions


@require_http_methods(["GET", "HEAD", "POST"])
def corrections(request: HttpRequest, pk: int) -> HttpResponse:
    """The form and the history; its POST leads to the confirmation, whose POST publishes."""
    article = get_object_or_404(Article, pk=pk)
    user = request.user
    if not user.is_authenticated or not correcting.may_file(article, user):
        raise PermissionDenied
    if request.method != "POST":
        given = {name: request.GET[name] for name in ("was", "now") if name in request.GET}
        return _form_page(request, article, CorrectionForm(article=article, initial=given))
    form = CorrectionForm(request.POST, article=article)
    if "change" in request.POST or not form.is_valid():
        if "change" in request.POST:
            typed = {name: form[name].value() for name in form.fields}
            form = CorrectionForm(article=article, initial=typed)
        return _form_page(request, article, form)
    if "publish" not in request.POST:
        return _confirmation(request, article, form)
    try:
        correcting.file_correction(article, by=user, **vars(form.draft))
    except correcting.NotCorrected as error:
        form.add_error(error.field or None, str(error))
        return _form_page(request, article, form)
    messages.success(request, _("The correction is published."))
    return redirect("file_correction", pk)


@require_POST
def withhold(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop showing one earlier version, for a reason readers are told."""
    article = get_object_or_404(Article, pk=pk)
    user = request.user
    if not user.is_authenticated or not correcting.may_file(article, user):
        raise PermissionDenied
    given = request.POST.get("version", "")
    version = get_object_or_404(article.versions, number=int(given) if given.isdecimal() else 0)
    try:
        withholding.withhold(version, reason=request.POST.get("because", ""), by=user)
    except withholding.NotWithheld as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("This version is not shown any more."))
    return redirect("file_correction", pk)


def _form_page(request: HttpRequest, article: Article, form: CorrectionForm) -> HttpResponse:
    filed = article.corrections.newest_first().select_related("filed_by")
    context = {
        "article": article,
        "form": form,
        "has_versions": article.versions.count() > 1,
        "earlier": list(article.versions.order_by("-number")[1:]),
        "suggestions": suggestions(article),
        "history": [(correction, correcting.progress(correction)) for correction in filed],
    }
    return render(request, "articles/file_correction.html", context)


def _confirmation(request: HttpRequest, article: Article, form: CorrectionForm) -> HttpResponse:
    draft = form.draft
    audience = correcting.audience(article, draft.mistake)
    context = {
        "article": article,
        "form": form,
        "draft": draft,
        "as_readers_see_it": _as_readers_see_it(article, draft),
        "wrong_versions": form.wrong_versions,
        "audience": audience,
        "writes": draft.tells_readers and audience.readers,
    }
    return render(request, "articles/confirm_correction.html", context)


def _as_readers_see_it(article: Article, draft: correcting.Draft) -> str:
    correction = Correction(article=article, published_at=timezone.now(), **vars(draft))
    with translation.override(article.language):
        context = {"correction": correction, "language": article.language, "link": ""}
        return render_to_string("components/correction.html", context)
