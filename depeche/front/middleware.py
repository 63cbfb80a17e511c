"""What every answer carries: a Content-Security-Policy, and how long it may be believed."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.translation import gettext

ONE_DAY = 86_400  # a picture that is replaced gets another address


class ContentSecurityPolicy(CSPMiddleware):
    """Strict for readers; for the admin what Wagtail needs."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.replace is None and request.path_info.startswith("/admin/"):
            parts.config = settings.ADMIN_CONTENT_SECURITY_POLICY
        elif not report_only and parts.replace is not None:
            parts.config, parts.replace = parts.replace, None
        return parts


def incomplete_forms(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable:
    """Wagtail takes for granted that a form comes with all its parts: one that does not is the sender's fault."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, MultiValueDictKeyError):
            return None
        sentence = gettext(
            "The form arrived incomplete: nothing was saved. Go back, load the page again and send it once more."
        )
        return HttpResponseBadRequest(sentence, content_type="text/plain; charset=utf-8")

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def asked_again(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable:
    """Browsers keep a bare 301 or 410 for ever: what moved back or is restored would stay gone for who asked before."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.has_header("Cache-Control"):
            return response
        if request.path.startswith(settings.MEDIA_URL) and response.status_code == 200:
            patch_cache_control(response, public=True, max_age=ONE_DAY)
        else:
            patch_cache_control(response, no_cache=True)
        return response

    return middleware
