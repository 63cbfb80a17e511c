"""`bin/depeche privacy export|erase ADDRESS`"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depeche.asking import agreed
from depeche.subscribers import privacy


class Command(BaseCommand):
    help = _("Show or delete all that is held about a reader.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["export", "erase"])
        parser.add_argument("address", metavar="ADDRESS")
        parser.add_argument("--yes", action="store_true", help="do not ask before erasing")

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["address"].strip()
        if options["verb"] == "export":
            found = privacy.export(address)
            self.stdout.write(json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
            return
        question = _("Delete all that is held about %(address)s? It cannot be undone. [y/N] ") % {
            "address": address
        }
        if not options["yes"] and not agreed(question):
            raise CommandError(_("Nothing was deleted."))
        count = privacy.erase(address)
        self.stdout.write(
            ngettext("%(count)d record deleted.", "%(count)d records deleted.", count) % {"count": count}
        )
