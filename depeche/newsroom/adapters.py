"""What allauth asks us: who may come in, where to go then, in which words to refuse."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import second_factor

_WRONG_CODE = _(
    "This code is not right, or it was used already. From the app: wait for the next one, and check that the clock of your telephone sets itself. A recovery code: take another."
)
_TOO_MANY = _("Too many wrong codes. Wait ten minutes, then try again.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "This user name and this password do not go together. Try again, or choose a new password with the link below."
        ),
        "incorrect_password": _("This is not your password. Try again."),
        "incorrect_code": _WRONG_CODE,
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: allauth would count per name alone, and let strangers shut a colleague out."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Somebody inactive is answered like a stranger."""
        user = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "depeche.newsroom.signing_in.SecondStep"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        """Where to after signing in; by the second factor if it lacks."""
        response = super().post_login(request, user, **options)
        if isinstance(response, HttpResponseRedirect) and second_factor.lacks_second_factor(user):
            query = urlencode({"next": response.url})
            return HttpResponseRedirect(f"{reverse('mfa_activate_totp')}?{query}")
        return response

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Not for somebody who proved who they are minutes ago, were it by signing in."""
        records = get_authentication_records(context.request, context.request.user)
        latest = max((record["at"] for record in records), default=0)
        return timezone.now().timestamp() - latest > REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": gettext("With the password"),
            "mfa_reauthenticate": gettext("With a code"),
            "mfa_reauthenticate:webauthn": gettext("With a security key"),
        }
        return [
            {**method, "description": words[method["id"]]}
            for method in super().get_reauthentication_methods(user)
            if second_factor.keys_work() or not method["id"].endswith("webauthn")
        ]


class MfaAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _WRONG_CODE,
        "cannot_delete_authenticator": _(
            "What you may do here needs a second factor. Add another one first, then remove this one."
        ),
        "cannot_generate_recovery_codes": _("Recovery codes need an app or a key first. Set one up."),
    }

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not (
            second_factor.is_required()
            and second_factor.is_last(authenticator)
            and second_factor.needs_second_factor(authenticator.user)
        )

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Key %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": settings.BASE_HOST, "name": settings.WAGTAIL_SITE_NAME}
