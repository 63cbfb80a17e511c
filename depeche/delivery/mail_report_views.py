"""Where providers report what became of mails: one address per provider, open to nobody who cannot prove to be it."""

from __future__ import annotations

import collections
import logging
import time

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from depeche.visitors import network

from . import mail_reports, transports

logger = logging.getLogger(__name__)

REFUSED_AT_MOST, WITHIN_S = 20, 60.0
NETWORKS = 10_000


class _Refusals:
    """How often each network brought what was refused, lately, to this process."""

    def __init__(self) -> None:
        self._since: collections.OrderedDict[str, list[float]] = collections.OrderedDict()

    def add(self, who: str) -> None:
        self._since[who] = [*self._lately(who), time.monotonic()][-REFUSED_AT_MOST:]
        self._since.move_to_end(who)
        while len(self._since) > NETWORKS:
            self._since.popitem(last=False)

    def are_many(self, who: str) -> bool:
        return len(self._lately(who)) >= REFUSED_AT_MOST

    def _lately(self, who: str) -> list[float]:
        limit = time.monotonic() - WITHIN_S
        return [at for at in self._since.get(who, []) if at > limit]


refusals = _Refusals()


@csrf_exempt  # a provider has no cookie: it proves by signature or password who it is
@never_cache
@require_http_methods(["HEAD", "POST"])
def mail_reports_view(request: HttpRequest, provider: str) -> HttpResponse:
    """200 once all was heard, known or not; nothing in the answer says which addresses we have."""
    found = next((one for one in transports.providers() if one.key == provider.replace("-", "_")), None)
    if found is None:
        raise Http404
    who = network(request)
    if refusals.are_many(who):
        return HttpResponse(status=429, headers={"Retry-After": str(int(WITHIN_S))})
    if request.method == "HEAD":  # asked when the address is entered with the provider
        return HttpResponse()
    from . import provider_reports

    try:
        reports = provider_reports.read(found, request)
    except provider_reports.NoReports as error:
        raise Http404 from error
    except provider_reports.Forged:
        refusals.add(who)
        logger.warning("a report that does not come from %s was refused", found.name)
        return HttpResponse(status=403)
    except provider_reports.Unreadable:
        refusals.add(who)
        logger.warning("%s reported what cannot be read", found.name)
        return HttpResponse(status=400)
    for report in reports:
        mail_reports.hear(report)
    return HttpResponse()
