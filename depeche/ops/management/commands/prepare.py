"""`bin/depeche prepare`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from depeche.ops.preparing import prepare
from depeche.ops.refusal import CannotStart


class Command(BaseCommand):
    help = _("Bring database, newsroom and static files up to date, as bin/start does before it serves.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            prepare(with_demo=False)
        except CannotStart as error:
            raise CommandError(str(error)) from error
