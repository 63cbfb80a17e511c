"""The page that tells readers how the newsroom works."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import method


@require_safe
def method_page(request: HttpRequest) -> HttpResponse:
    """What the words of the ledger mean, what is asked of an article, what stops it."""
    told = {
        "certainties": method.certainties(),
        "qualities": method.qualities(),
        "families": method.families(),
        "gates": method.gates(),
        "needs_second_person": method.needs_second_person(),
    }
    return render(request, "articles/method.html", told)
