from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from depeche.articles.models import Correction

from . import control, correcting, heeding, progress, scheduling


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
    """Each minute: look for editions whose time has come."""
    scheduling.send_due()


@db_periodic_task(crontab(), name="newsletters.follow")
def follow() -> None:
    """Each minute: how far editions are, the copies of cancelled ones, and what came back of them."""
    progress.note_marks()
    control.mark_cancelled()
    heeding.heed()
