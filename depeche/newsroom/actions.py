"""How a colleague comes, leaves and comes back."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser, User
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from wagtail.admin.models import EditingSession, FormState
from wagtail.log_actions import log
from wagtail.models import Page

from . import notices
from .sessions import end_sessions


class OwnAccess(Exception):
    """Nobody ends their own access: somebody must be left to see that it went well."""


class LastAdministrator(Exception):
    """Without this person nobody could add people or change settings any more."""


class AdministratorsOnly(PermissionDenied):
    """Whoever looks after colleagues leaves administrators to administrators."""


def password_link(user: User) -> str:
    """Where `user` chooses a password; good once, and for settings.PASSWORD_RESET_TIMEOUT seconds."""
    path = reverse(
        "wagtailadmin_password_reset_confirm",
        args=[urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)],
    )
    return settings.BASE_URL + path


def may_look_after(by: AbstractUser | AnonymousUser, user: AbstractUser) -> bool:
    """Whether `by`, who may change colleagues at all, may change this one."""
    return by.is_superuser or not user.is_superuser


def is_last_administrator(user: AbstractUser) -> bool:
    """Whether nobody but `user` could add people and change settings."""
    administrators = type(user)._default_manager.filter(is_active=True, is_superuser=True)
    return user.is_superuser and not administrators.exclude(pk=user.pk).exists()


def _check_may_look_after(by: AbstractUser, user: AbstractUser) -> None:
    if not may_look_after(by, user):
        raise AdministratorsOnly


def invite(user: User, *, by: AbstractUser) -> None:
    """Write to `user` that they have an account, with the link to choose a password.

    Raises:
        AdministratorsOnly.
    """
    _check_may_look_after(by, user)
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    notices.write(user, "invitation", {"by": by, "link": password_link(user), "days": days})


@transaction.atomic
def offboard(user: AbstractUser, *, by: AbstractUser, at: dt.datetime | None = None) -> AbstractUser:
    """End every access of `user` at once; what they wrote stays under their name.

    Raises:
        OwnAccess, AdministratorsOnly, LastAdministrator.
    """
    at = at or timezone.now()
    if user.pk == by.pk:
        raise OwnAccess
    _check_may_look_after(by, user)
    # One at a time: else two administrators could end each other's access.
    list(type(user)._default_manager.select_for_update().filter(is_active=True, is_superuser=True))
    if is_last_administrator(user):
        raise LastAdministrator
    user.is_active = user.is_superuser = user.is_staff = False
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    _release_work(user)
    _remove_second_factors(user)
    _note_on_byline(user, at)
    end_sessions(user)
    log(user, "depeche.offboard", user=by)
    return user


@transaction.atomic
def readmit(user: User, *, by: AbstractUser) -> User:
    """Let `user` in again; they choose a new password by mail, and get their roles from an administrator.

    Raises:
        AdministratorsOnly.
    """
    _check_may_look_after(by, user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    _note_on_byline(user, None)
    log(user, "depeche.readmit", user=by)
    invite(user, by=by)
    return user


def has_work(user: AbstractUser) -> bool:
    """Whether something stands under this name that must stay answerable."""
    from wagtail.models import ModelLogEntry, PageLogEntry, Revision

    return (
        Page.objects.filter(owner=user).exists()
        or Revision.objects.filter(user=user).exists()
        or PageLogEntry.objects.filter(user=user).exists()
        or ModelLogEntry.objects.filter(user=user).exists()
    )


def _release_work(user: AbstractUser) -> None:
    """Locks open again, open editors are let go; what waited for them waits for their group."""
    Page.objects.filter(locked_by=user).update(locked=False, locked_by=None, locked_at=None)
    EditingSession.objects.filter(user=user).delete()
    FormState.objects.filter(user=user).delete()


def _remove_second_factors(user: AbstractUser) -> None:
    authenticators = getattr(user, "authenticator_set", None)
    if authenticators is not None:
        authenticators.all().delete()


def _note_on_byline(user: AbstractUser, at: dt.datetime | None) -> None:
    """On the page of the person who signs: when they left, if they did."""
    people = getattr(user, "people", None)
    if people is not None:
        people.update(left_on=timezone.localdate(at) if at else None)
