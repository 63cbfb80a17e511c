"""The only road into the newsroom. Stands before Wagtail's own addresses, whose sign-in it covers."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _

from . import signing_in
from .signing_in import at_the_door, inside


def _door(route: str, view: Any, name: str, heading: Any = "") -> URLPattern:
    return path(route, at_the_door(view.as_view(extra_context={"heading": heading})), name=name)


def _inside(route: str, view: Any, name: str, heading: Any = "") -> URLPattern:
    trail = [
        {"url": reverse_lazy("wagtailadmin_account"), "label": _("Account")},
        {"url": reverse_lazy("mfa_index"), "label": _("My security")},
    ]
    context = {"heading": heading, "breadcrumbs_items": trail}
    return path(route, inside(view.as_view(extra_context=context)), name=name)


_CONFIRM = _("Is it you?")
urlpatterns = [
    _door("login/", signing_in.LoginView, "account_login", _("Sign in to the newsroom")),
    _door("login/second-factor/", signing_in.SecondFactorView, "mfa_authenticate", _("The second step")),
    _door("logout/", signing_in.LogoutView, "account_logout"),
    path("account/", inside(signing_in.AccountView.as_view()), name="newsroom_account"),
    _inside("security/", signing_in.OverviewView, "mfa_index", _("My security")),
    _inside("security/app/", signing_in.ActivateAppView, "mfa_activate_totp", _("Set up a second factor")),
    _inside("security/app/remove/", totp.DeactivateTOTPView, "mfa_deactivate_totp", _("Remove the app")),
    _inside("security/keys/add/", signing_in.AddKeyView, "mfa_add_webauthn", _("Add a security key")),
    _inside("security/keys/<int:pk>/", signing_in.RenameKeyView, "mfa_edit_webauthn", _("Rename the key")),
    _inside(
        "security/keys/<int:pk>/remove/", signing_in.RemoveKeyView, "mfa_remove_webauthn", _("Remove the key")
    ),
    _inside("security/codes/", signing_in.CodesView, "mfa_view_recovery_codes", _("Recovery codes")),
    _inside("security/codes/download/", signing_in.DownloadCodesView, "mfa_download_recovery_codes"),
    _inside(
        "security/codes/new/",
        codes.GenerateRecoveryCodesView,
        "mfa_generate_recovery_codes",
        _("New recovery codes"),
    ),
    path("security/codes/kept/", inside(signing_in.keep_codes), name="newsroom_codes_kept"),
    _inside("security/confirm/", account.ReauthenticateView, "account_reauthenticate", _CONFIRM),
    _inside("security/confirm/code/", mfa.ReauthenticateView, "mfa_reauthenticate", _CONFIRM),
    _inside(
        "security/confirm/key/", keys.ReauthenticateWebAuthnView, "mfa_reauthenticate_webauthn", _CONFIRM
    ),
]
