"""In which language somebody who is not signed in yet is spoken to."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from allauth.account.internal.stagekit import get_pending_stage
from django.http import HttpRequest
from django.utils import translation


def of_person(request: HttpRequest) -> AbstractContextManager[Any]:
    """The language chosen in the account of who is signing in, else that of the browser."""
    user: Any = request.user
    if not user.is_authenticated and (stage := get_pending_stage(request)):
        user = stage.login.user
    chosen = getattr(getattr(user, "wagtail_userprofile", None), "preferred_language", "")
    return translation.override(chosen or translation.get_language_from_request(request))
