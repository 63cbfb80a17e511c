from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from depeche.articles.models import Correction

from . import control, correcting, digesting, heeding, progress, scheduling, sender_domains


@db_task(name="newsletters.plan_correction")
def plan_correction(correction_id: int) -> None:
    """After a correction was published: enter who was sent the wrong words."""
    correction = Correction.objects.select_related("article").filter(pk=correction_id).first()
    if correction:
        correcting.plan(correction)


@db_periodic_task(crontab(), name="newsletters.plan_corrections")
def plan_corrections() -> None:
    """Each minute: what the task above missed, and copies that were still on their way."""
    correcting.plan_due()


@db_periodic_task(crontab(), name="newsletters.send_scheduled")
def send_scheduled() -> None:
    """Each minute: look for digests, then editions, whose time has come."""
    digesting.compose_due()
    scheduling.send_due()


@db_periodic_task(crontab(), name="newsletters.follow")
def follow() -> None:
    """Each minute: how far editions are, the copies of cancelled ones, and what came back of them."""
    progress.note_marks()
    control.mark_cancelled()
    heeding.heed()


@db_periodic_task(crontab(hour="5", minute="40"), name="newsletters.look_up_sender_domains")
def look_up_sender_domains() -> None:
    """Each night: what providers look up about the domains newsletters come from."""
    sender_domains.look_up_all()
