"""The ledger of an article as a file, for whoever may edit it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.admin import messages

from . import exporting
from .analysis import DeskUnreachable
from .models import Article


@require_safe
def ledger_export(request: HttpRequest, pk: int) -> HttpResponse:
    """What the desk read of an article and what people answered, as JSON to keep."""
    article = get_object_or_404(Article, pk=pk)
    user = request.user
    if not user.is_authenticated or not article.permissions_for_user(user).can_edit():
        raise PermissionDenied
    try:
        ledger = exporting.ledger_of(article)
    except DeskUnreachable:
        messages.error(request, _("The desk cannot be reached. Try again in a minute."))
        return redirect("wagtailadmin_pages:edit", pk)
    options = {"ensure_ascii": False, "indent": 1}
    headers = {"Content-Disposition": f'attachment; filename="{article.slug}-ledger.json"'}
    return JsonResponse(ledger, json_dumps_params=options, headers=headers)
