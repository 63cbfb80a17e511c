from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depeche.ops import demo


class Command(BaseCommand):
    help = "Fill an empty paper with the demo newspaper: invented articles, people, pictures and editions."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = demo.load()
        except demo.NotEmpty:
            raise CommandError(
                _(
                    "This paper is in use (articles, editions, subscribers, a publisher, or production). The demo goes into an empty one: name another folder in DEPECHE_DATA."
                )
            ) from None
        except demo.NobodyPublishes:
            raise CommandError(
                _("Nobody could publish it yet. Run this first: %(command)s")
                % {"command": "bin/depeche manage createsuperuser"}
            ) from None
        self.stdout.write(
            ngettext("%(count)s article published.", "%(count)s articles published.", count)
            % {"count": count}
        )
