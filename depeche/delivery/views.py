"""The mail catcher's pages in the admin."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from . import catcher
from .showing import shown


def may_look(user: AbstractBaseUser | AnonymousUser) -> bool:
    """The mails of readers, with the links that confirm and leave, are for those who answer readers."""
    return user.has_perm("delivery.view_transactionalmessage")  # type: ignore[union-attr]


@require_safe
def caught_list(request: HttpRequest) -> HttpResponse:
    caught = [mail for mail in catcher.messages() if _may_read(request, mail)]
    return render(request, "delivery/caught_list.html", {"caught": caught})


@require_safe
def caught_message(request: HttpRequest, key: str) -> HttpResponse:
    return render(request, "delivery/caught_message.html", {"mail": _get(request, key)})


@require_safe
def caught_html(request: HttpRequest, key: str) -> HttpResponse:
    return shown('<base target="_blank">' + _get(request, key).html, in_sandbox=True)


@require_POST
def empty(request: HttpRequest) -> HttpResponse:
    if not may_look(request.user):
        raise PermissionDenied
    count = catcher.empty()
    messages.success(
        request,
        ngettext("%(count)d message deleted.", "%(count)d messages deleted.", count) % {"count": count},
    )
    return redirect("caught_mail")


def _get(request: HttpRequest, key: str) -> catcher.Caught:
    found = catcher.message(key)
    if found is None or not _may_read(request, found):
        raise Http404(_("This message is no longer in the catcher."))
    return found


def _may_read(request: HttpRequest, mail: catcher.Caught) -> bool:
    """What was written to a colleague is theirs: a new password opens their account."""
    if request.user.is_superuser:
        return True
    if not may_look(request.user):
        return False
    colleagues = get_user_model().objects.exclude(pk=request.user.pk or 0)
    return not colleagues.filter(email__iexact=mail.recipient).exists()
