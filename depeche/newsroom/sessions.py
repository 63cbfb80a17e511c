"""Sessions of people at work. Readers have none, so the table is short enough to look through."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.utils import timezone


def end_sessions(user: AbstractBaseUser, *, but: str | None = None) -> int:
    """Sign somebody out everywhere, save in the session of key `but`; how many sessions ended.

    A new password or an account made inactive shuts sessions by itself; this also removes them, so
    that none comes back with the account.
    """
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk) and session.session_key != but:
            session.delete()
            ended += 1
    return ended
