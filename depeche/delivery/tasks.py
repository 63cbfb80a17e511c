import contextlib

from django.conf import settings
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from . import actions, mail_reports, returned_mailbox, soft_bounces


@db_periodic_task(crontab(minute="*/5"), name="delivery.read_returned_mail")
def read_returned_mail() -> None:
    """What came back meanwhile, where a mailbox for it is set."""
    if settings.BOUNCE_MAILBOX:
        with contextlib.suppress(
            returned_mailbox.CannotRead
        ):  # logged there; the next time it is tried again
            returned_mailbox.read()


@db_periodic_task(crontab(hour="4", minute="15"), name="delivery.forget_finished")
def forget_finished() -> None:
    actions.forget_finished()
    mail_reports.forget_heard()
    soft_bounces.forget_old(at=timezone.now())
