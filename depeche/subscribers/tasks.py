import datetime as dt

from django.conf import settings
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from . import (
    actions,
    asking,
    checking,
    domains,
    import_runs,
    leaving,
    limits,
    recording,
    retention,
    signing_up,
)

JUST_NOW = dt.timedelta(minutes=1)


@db_periodic_task(crontab(hour="4", minute="0"), name="subscribers.purge_unconfirmed")
def purge_unconfirmed() -> None:
    actions.purge_unconfirmed()


@db_task(name="subscribers.move_import")
def move_import(run_id: int) -> None:
    """Some batches, then back to the end of the queue: an import keeps nobody waiting."""
    if import_runs.move(run_id):
        move_import(run_id)


@db_periodic_task(crontab(), name="subscribers.see_to_imports")
def see_to_imports() -> None:
    """Each minute: imports whose worker died."""
    for run_id in import_runs.stuck():
        move_import(run_id)


@db_periodic_task(crontab(minute="15"), name="subscribers.forget_uploads")
def forget_uploads() -> None:
    import_runs.forget()


@db_periodic_task(crontab(hour="4", minute="5"), name="subscribers.keep_no_longer")
def keep_no_longer() -> None:
    """Each day: what is past its date goes; readers silent for three years are asked, then erased."""
    recording.purge()
    retention.forget_rights_used()
    retention.erase_silent_readers()
    retention.ask_silent_readers()


@db_periodic_task(crontab(minute="25"), name="subscribers.forget_mails_to_the_erased")
def forget_mails_to_the_erased() -> None:
    retention.forget_mails_to_the_erased()


@db_periodic_task(crontab(minute="35"), name="subscribers.leave_after_reports")
def leave_after_reports() -> None:
    """Each hour: whoever was reported as wanting no mail while nobody here could see to it."""
    leaving.leave_after_reports()


@db_task(name="subscribers.see_to_new")
def see_to_new() -> None:
    """Right after a request was taken down; the table says which, so nothing about it is in the queue."""
    signing_up.see_to_all(since=timezone.now() - JUST_NOW)


@db_periodic_task(crontab(), name="subscribers.see_to_all")
def see_to_all() -> None:
    """Each minute: what the task above missed, and what failed."""
    signing_up.see_to_all()
    signing_up.forget_failed()


@db_periodic_task(crontab(minute="*/10"), name="subscribers.look_at_domains")
def look_at_domains() -> None:
    """On a public host only: elsewhere nothing is asked of anybody."""
    if settings.IS_PUBLIC:
        domains.look_at_new()


@db_periodic_task(crontab(minute="5"), name="subscribers.forget_counts")
def forget_counts() -> None:
    limits.forget(at=timezone.now())


@db_periodic_task(crontab(minute="*"), name="subscribers.ask_again")
def ask_again() -> None:
    asking.go_on()


@db_periodic_task(crontab(hour="3", minute="20"), name="subscribers.verify_consent")
def verify_consent() -> None:
    checking.check()
