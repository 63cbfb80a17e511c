"""`bin/depeche manage mfa_reset USER`: for a colleague who lost telephone, keys and recovery codes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from depeche.newsroom import second_factor


class Command(BaseCommand):
    help = _("Remove the second factor of somebody who lost it, and sign them out everywhere.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", metavar="USER")
        parser.add_argument("--by", metavar="USER", help="in whose name")

    def handle(self, *args: Any, **options: Any) -> None:
        user = _user(options["user"])
        second_factor.reset(user, by=_user(options["by"]) if options["by"] else None)
        self.stdout.write(
            _("%(user)s signs in with the password alone next time, and sets up a new second factor.")
            % {"user": user.get_username()}
        )


def _user(name: str) -> AbstractBaseUser:
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        raise CommandError(_("Nobody here is called %(name)s.") % {"name": name})
    return user
