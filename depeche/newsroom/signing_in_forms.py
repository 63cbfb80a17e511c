"""The forms of signing in, in our words; a code counts like a password, and is good once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import PasswordResetForm

from . import throttling
from .limits import Limit

CODES_REMEMBERED = 5  # three are good at any moment, clocks being what they are
# Whatever the address: whoever tries codes knows the password already.
CODES = Limit("code", at_most=10, within=dt.timedelta(minutes=10))
LINKS_TO_PERSON = Limit("link to a person", at_most=3, within=dt.timedelta(hours=1))
LINKS_FROM_NETWORK = Limit("links from a network", at_most=20, within=dt.timedelta(hours=1))


def _password() -> forms.CharField:
    attributes = {"autocomplete": "current-password"}
    return forms.CharField(label=_("Password"), strip=False, widget=forms.PasswordInput(attributes))


def _code(label: Any, *, first_on_page: bool = True) -> forms.CharField:
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": first_on_page}
    return forms.CharField(label=label, max_length=20, widget=forms.TextInput(attributes))


class LoginForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["login"]
        name.label = _("User name")
        name.widget = forms.TextInput(
            {"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}
        )
        self.fields["password"] = _password()


class PasswordForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password()
        self.fields["password"].widget.attrs["autofocus"] = True


class ForgottenPasswordForm(PasswordResetForm):
    """Mails the link so many times and no more; whoever asks is told the same either way."""

    def save(self, *args: Any, **options: Any) -> None:
        if LINKS_FROM_NETWORK.allows(throttling.network(options["request"])):
            super().save(*args, **options)

    def get_users(self, email: str) -> Iterator[AbstractUser]:
        return (user for user in super().get_users(email) if LINKS_TO_PERSON.allows(user.pk))


class _ThrottledCode:
    """Wrong codes are counted with wrong passwords; a right one is not taken twice, by any process."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        request, name = context.request, self.user.get_username()
        if throttling.is_refused(request, name=name):
            raise get_adapter().validation_error("incorrect_code")
        if not CODES.allows(self.user.pk):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        try:
            code = super().clean_code()  # type: ignore[misc]
            if self.authenticator.type == Authenticator.Type.TOTP and not _is_first_use(
                self.authenticator, code
            ):
                raise get_adapter().validation_error("incorrect_code")
        except ValidationError:
            throttling.count_failure(request, name=name)
            raise
        CODES.forget(self.user.pk)
        return code


def _is_first_use(authenticator: Authenticator, code: str) -> bool:
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        used = row.data.get("used", [])
        if code in used:
            return False
        row.data["used"] = [code, *used][:CODES_REMEMBERED]
        row.save(update_fields=["data"])
    return True


class CodeForm(_ThrottledCode, mfa.AuthenticateForm):
    code = _code(_("Code of the app, or a recovery code"))


class CodeAgainForm(_ThrottledCode, mfa.ReauthenticateForm):
    code = _code(_("Code of the app, or a recovery code"))


class ActivateAppForm(ActivateTOTPForm):
    code = _code(_("Code the app shows"), first_on_page=False)


class AddKeyForm(AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name of the key"), required=False, max_length=60, help_text=_("To tell it from the others.")
    )


class RenameKeyForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name of the key"), max_length=60)
