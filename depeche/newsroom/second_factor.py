"""Who needs a second factor, who has one, and how a lost one is reset."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from wagtail.log_actions import log
from wagtail.permissions import page_permission_policy

from .sessions import end_sessions

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
RESET = "newsroom.second_factor_reset"
_CODES_TO_KEEP = "recovery_codes_to_keep"


def is_required() -> bool:
    return settings.SECOND_FACTOR == "required"


def keys_work() -> bool:
    """Whether browsers agree to security keys at the address of this newsroom."""
    return "webauthn" in settings.MFA_SUPPORTED_TYPES


def has_second_factor(user: AbstractBaseUser) -> bool:
    """Recovery codes alone are none."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def needs_second_factor(user: Any) -> bool:
    """Whether somebody may do what cannot be taken back: publish, send, see readers, change colleagues."""
    return (
        page_permission_policy.user_has_permission(user, "publish")
        or user.has_perm("newsletters.send_edition")
        or user.has_module_perms("subscribers")
        or user.has_module_perms("auth")
    )


def lacks_second_factor(user: Any) -> bool:
    """Whether somebody who needs a second factor has none yet."""
    return not has_second_factor(user) and needs_second_factor(user)


def is_last(authenticator: Authenticator) -> bool:
    """Whether nothing but recovery codes would remain without this one."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
    return not others.exclude(pk=authenticator.pk).exists()


def ask_to_keep_codes(request: HttpRequest) -> None:
    """New recovery codes: no other page until they are said to be kept."""
    request.session[_CODES_TO_KEEP] = True


def has_codes_to_keep(request: HttpRequest) -> bool:
    return _CODES_TO_KEEP in request.session


def note_codes_kept(request: HttpRequest) -> None:
    request.session.pop(_CODES_TO_KEEP, None)


@transaction.atomic
def reset(user: AbstractBaseUser, *, by: AbstractBaseUser | None) -> int:
    """Remove every factor and recovery code of somebody, and sign them out; how many were removed."""
    removed, _kinds = Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user)
    log(user, RESET, user=by)
    return removed
