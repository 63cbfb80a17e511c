"""A file of subscribers in the browser: sent, tried out, entered behind a second button, followed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from . import import_runs, import_words, importing, uploads
from .csv_columns import COLUMNS, PROOF, REQUIRED
from .csv_lines import FileRefused
from .models import ImportRun, Newsletter

ERRORS_SHOWN = 100


class ImportForm(forms.Form):
    newsletter = forms.ModelChoiceField(
        Newsletter.objects.all(), label=gettext_lazy("Newsletter"), empty_label=None
    )
    file = forms.FileField(label=gettext_lazy("CSV file"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > uploads.MOST_MB * 1_000_000:
            raise ValidationError(import_words.sentence({"error": "too_large", "most": uploads.MOST_MB}))
        return file


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Send a file; what is refused as a whole is told at once, the rest by the trial."""
    if not request.user.has_perm(importing.PERMISSION):  # type: ignore[union-attr]
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            run = import_runs.upload(
                sent.chunks(),
                file_name=sent.name,
                newsletter=form.cleaned_data["newsletter"],
                by=request.user,
            )
        except FileRefused as error:
            told = {"line": error.line, "error": error.code, **error.facts}
            form.add_error("file", import_words.sentence(told))
        else:
            return redirect("importrun:inspect", run.pk)
    context = {
        "form": form,
        "required": [*REQUIRED, *PROOF],
        "others": [name for name in COLUMNS if name not in (*REQUIRED, *PROOF)],
    }
    return render(request, "subscribers/import_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a trial or an import is and what came of it; after a trial, the button that enters."""
    user: Any = request.user
    if not (user.has_perm("subscribers.view_importrun") or user.has_perm(importing.PERMISSION)):
        raise PermissionDenied
    run = get_object_or_404(ImportRun.objects.select_related("newsletter", "started_by"), pk=pk)
    if request.method == "POST":
        return _answer(request, run)
    context = {
        "run": run,
        "is_running": bool(run.upload) and not run.finished_at,
        "may_enter": run.is_trial and run.finished_at and run.upload and user.has_perm(importing.PERMISSION),
        "percent": min(100, 100 * run.bytes_done // run.size_bytes) if run.size_bytes else 0,
        "errors": [import_words.sentence(error) for error in run.errors[:ERRORS_SHOWN]],
        "more_errors": max(0, run.refused - ERRORS_SHOWN),
    }
    return render(request, "subscribers/import_run.html", context)


def _answer(request: HttpRequest, run: ImportRun) -> HttpResponse:
    if not request.user.has_perm(importing.PERMISSION):  # type: ignore[union-attr]
        raise PermissionDenied
    if "discard" in request.POST:
        import_runs.discard(run)
        messages.success(request, _("The file was deleted."))
        return redirect("importrun:inspect", run.pk)
    try:
        entered = import_runs.enter(run, by=request.user)
    except import_runs.NotToBeEntered:
        messages.error(request, _("This trial is not over, or its file was deleted. Send the file again."))
        return redirect("importrun:inspect", run.pk)
    return redirect("importrun:inspect", entered.pk)
