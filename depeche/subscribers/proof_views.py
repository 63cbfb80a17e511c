"""What anyone may see of proofs: the public keys they are checked with."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from . import proving


@require_safe
def consent_keys(request: HttpRequest) -> HttpResponse:
    """All public keys as PEM, for people and for OpenSSL."""
    return HttpResponse(proving.public_keys(), content_type="text/plain; charset=utf-8")
