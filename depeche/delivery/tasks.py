from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from . import actions, mail_reports, soft_bounces


@db_periodic_task(crontab(hour="4", minute="15"), name="delivery.forget_finished")
def forget_finished() -> None:
    actions.forget_finished()
    mail_reports.forget_heard()
    soft_bounces.forget_old(at=timezone.now())
