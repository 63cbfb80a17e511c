"""`bin/depeche web`: the web server of one machine."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from depeche.ops.checks import refuse_unsafe


class Command(BaseCommand):
    help = _("Serve the paper and the newsroom.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="8000")
        parser.add_argument("--processes", default="1")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe()
        command = [
            sys.executable, "-m", "granian",
            "--interface", "wsgi",
            "--host", "127.0.0.1" if options["host"] == "localhost" else options["host"],  # it knows no names
            "--port", options["port"],
            "--workers", options["processes"],
            "--blocking-threads", "4",
            "--no-ws",
            "--log-level", "warning",
            "depeche.wsgi:application",
        ]  # fmt: skip
        os.execv(sys.executable, command)  # noqa: S606 - this process becomes the server
