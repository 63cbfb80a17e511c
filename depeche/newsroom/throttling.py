"""Wrong passwords and codes: how many, from where, and what is said then. Counted by axes, in the database.

Five for a person from one network, then a quarter of an hour's pause for that pair alone, so that
nobody can shut a colleague out from elsewhere; five times as many for a network, whatever the names.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import math
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off, get_failure_limit
from axes.models import AccessAttempt
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from . import languages

NETWORK_PATIENCE = 5  # times what one person has: many colleagues may share an address


class Handler(AxesDatabaseHandler):
    """Counts per person and network, and per network alone: the two lists of AXES_LOCKOUT_PARAMETERS."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        of_person, of_network = self.get_user_attempts(request, credentials)
        return max(_failures(of_person), _failures(of_network) // NETWORK_PATIENCE)

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Forget those of the person only: else anybody with a password of their own could try on for ever."""
        of_person, _of_network = self.filter_user_attempts(request, credentials)
        return of_person.delete()[0]

    def locked_until(self, request: HttpRequest, credentials: dict[str, Any] | None) -> dt.datetime:
        """When at the latest the same person may try again from the same network."""
        of_person, of_network = self.get_user_attempts(request, credentials)
        is_persons = _failures(of_person) >= get_failure_limit(request, credentials)
        last = (of_person if is_persons else of_network).aggregate(last=Max("attempt_time"))["last"]
        return (last or timezone.now()) + get_cool_off(request)


def _failures(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(failures=Sum("failures_since_start"))["failures"] or 0


def user_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """As allauth compares it: « Morel » and « morel » are one person."""
    return str((credentials or {}).get("username") or "").strip().lower()


def network(request: HttpRequest) -> str | None:
    """The address of the client; of a long one only the half that names the household.

    The server has put the right one there, after asking DEPECHE_TRUSTED_PROXIES.
    """
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return None
    if address.version == 4:
        return str(address)
    if mapped := address.ipv4_mapped:
        return str(mapped)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def is_refused(request: HttpRequest, *, name: str) -> bool:
    """Whether this person must wait; then the answer becomes the page that says until when."""
    credentials = {"username": name}
    if AxesProxyHandler.is_allowed(request, credentials):
        return False
    request.axes_locked_out, request.axes_credentials = True, credentials  # type: ignore[attr-defined]
    return True


def count_failure(request: HttpRequest, *, name: str) -> None:
    """Note a wrong code as a wrong password is noted."""
    AxesProxyHandler.user_login_failed(sender=__name__, credentials={"username": name}, request=request)


def locked_out(
    request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None
) -> HttpResponse:
    """The page that says when to try again, and how to get help."""
    until = AxesProxyHandler.get_implementation().locked_until(request, credentials)
    wait_s = max(1, math.ceil((until - timezone.now()).total_seconds()))
    with languages.of_person(request):
        page = render(
            request,
            "newsroom/locked_out.html",
            # Shown in whole minutes: rounded up.
            {"heading": _("Too many attempts"), "until": until + dt.timedelta(minutes=1)},
            status=429,
        )
    page["Retry-After"] = str(wait_s)
    return page
