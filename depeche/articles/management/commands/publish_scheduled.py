"""`bin/depeche manage publish_scheduled`: in place of Wagtail's, which ends at the first refusal."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from depeche.articles import scheduling


class Command(BaseCommand):
    help = _("Publish and take down what is due, each on its own; the worker does it every minute.")

    def handle(self, *args: Any, **options: Any) -> None:
        for missed in scheduling.publish_due():
            self.stderr.write(f"{missed.title}: {missed.reason}")
