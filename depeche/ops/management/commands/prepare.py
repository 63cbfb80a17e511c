"""`bin/depeche prepare`"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from depeche.ops.preparing import prepare


class Command(BaseCommand):
    help = _("Bring database, newsroom and static files up to date, as bin/start does before it serves.")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare(with_demo=False)
