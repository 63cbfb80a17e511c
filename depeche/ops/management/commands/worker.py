"""`bin/depeche worker`: the job consumer and, beside it, the delivery loop."""

from __future__ import annotations

import logging
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _
from huey.consumer_options import ConsumerConfig
from huey.contrib.djhuey import HUEY

from depeche.delivery import catcher, failover, transports
from depeche.delivery.engine import Engine
from depeche.delivery.pace import FALLBACK, MAIN
from depeche.delivery.smtp.server import SmtpServer
from depeche.jobs.wake import bell
from depeche.newsletters import rendering
from depeche.ops.checks import refuse_unsafe

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = _("Do what waits: jobs, and mail.")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe()
        stop = threading.Event()
        ways, caught = _ways_out()
        engine = Engine(
            ways.sender,
            connections=ways.connections,
            tell=ways.tell,
            transport=lambda: FALLBACK if ways.current() is ways.second else MAIN,
        )
        delivery = threading.Thread(
            target=engine.run,
            kwargs={"stop": stop, "wake": bell("delivery")},
            name="delivery",
        )
        rendering.prepare()
        delivery.start()
        autodiscover_modules("tasks")
        config = ConsumerConfig(**settings.HUEY["consumer"])
        config.validate()
        try:
            HUEY.create_consumer(**config.values).run()
        finally:
            stop.set()
            bell("delivery").set()
            delivery.join()
            if caught:
                caught.stop()


def _ways_out() -> tuple[failover.WaysOut, catcher.Catcher | None]:
    if settings.EMAIL_URL:
        return failover.from_settings(), None
    if not catcher.is_active():
        raise CommandError(_("No mail server is set: EMAIL_URL is needed on a public address."))
    caught = catcher.Catcher()
    caught.start()
    return failover.WaysOut(transports.smtp(SmtpServer("127.0.0.1", caught.port))), caught
