"""The pages of signing in and of « My security », allauth's, as the newsroom wants them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.account.internal import flows
from allauth.account.mixins import NextRedirectMixin
from allauth.account.stages import LoginStageController
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView as WagtailAccountView

from . import languages, second_factor

View = Callable[..., HttpResponseBase]


def at_the_door(view: View) -> View:
    """A page in the language of the account, else of the browser: nobody is in yet."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with languages.of_person(request):
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
        return response

    return wrapped


def inside(view: View) -> View:
    """A page for people of the newsroom; the first ones they see come before any choice of language."""
    return at_the_door(require_admin_access(view))


class LoginView(account.LoginView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Who lost every role while signed in would be sent to and fro for ever.
        if request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
            flows.logout.logout(request, show_message=False)
        return super().dispatch(request, *args, **kwargs)


class LogoutView(account.LogoutView):
    http_method_names = ["post"]


class SecondStep(AuthenticateStage):
    """Goes on only with the password it began with: who changed it wanted others out."""

    def handle(self) -> tuple[HttpResponseBase | None, bool]:
        self.state["auth_hash"] = self.login.user.get_session_auth_hash()
        return super().handle()

    def is_current(self) -> bool:
        return constant_time_compare(self.state.get("auth_hash", ""), self.login.user.get_session_auth_hash())


class SecondFactorView(mfa.AuthenticateView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stage = LoginStageController.enter(request, SecondStep.key)
        if stage and not stage.is_current():
            return stage.abort()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.stage.login.user
        types = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        offers_key = second_factor.keys_work() and Authenticator.Type.WEBAUTHN in types
        return {**super().get_context_data(**kwargs), "types": types, "offers_key": offers_key}


class OverviewView(mfa.IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "keys_work": second_factor.keys_work(),
            "is_required": second_factor.is_required()
            and second_factor.needs_second_factor(self.request.user),
        }


class _ThenCodes:
    """After the first factor come the recovery codes, and with them the promise to keep them."""

    request: HttpRequest
    did_generate_recovery_codes: bool

    def get_success_url(self) -> str:
        following = get_next_redirect_url(self.request)
        if not self.did_generate_recovery_codes:
            return following or reverse("mfa_index")
        second_factor.ask_to_keep_codes(self.request)
        return _with_next(reverse("mfa_view_recovery_codes"), following)


def _with_next(url: str, following: str | None) -> str:
    return f"{url}?{urlencode({'next': following})}" if following else url


class ActivateAppView(_ThenCodes, totp.ActivateTOTPView):
    """The walk through for publishers, and the same page for whoever comes by « My security »."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists():
            return HttpResponseRedirect(reverse("mfa_index"))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return {
            **context,
            "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
            "lacks": second_factor.lacks_second_factor(self.request.user),
            "is_required": second_factor.is_required(),
            "keys_work": second_factor.keys_work(),
            "later": get_next_redirect_url(self.request) or reverse("mfa_index"),
        }


class AddKeyView(_ThenCodes, keys.AddWebAuthnView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not second_factor.keys_work():
            return HttpResponseRedirect(reverse("mfa_index"))
        return super().dispatch(request, *args, **kwargs)


class RemoveKeyView(keys.RemoveWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return HttpResponseRedirect(reverse("mfa_index"))
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return reverse("mfa_index")


class RenameKeyView(keys.EditWebAuthnView):
    def get_success_url(self) -> str:
        return reverse("mfa_index")


class CodesView(NextRedirectMixin, codes.ViewRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        must_keep = second_factor.has_codes_to_keep(self.request)
        return {**super().get_context_data(**kwargs), "must_keep": must_keep}


class DownloadCodesView(codes.DownloadRecoveryCodesView):
    content_type = "text/plain; charset=utf-8"


@require_POST
def keep_codes(request: HttpRequest) -> HttpResponse:
    """« I have kept them »: on to where the person wanted to go."""
    second_factor.note_codes_kept(request)
    messages.success(request, _("Done: from now on signing in asks for your second factor as well."))
    return HttpResponseRedirect(get_next_redirect_url(request) or reverse("mfa_index"))


class AccountView(WagtailAccountView):
    """Wagtail's, without a portrait: nothing here shows one, and no address hands it out."""

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if panel.name != "avatar"]
