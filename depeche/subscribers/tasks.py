from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from . import actions, recording, retention


@db_periodic_task(crontab(hour="4", minute="0"), name="subscribers.purge_unconfirmed")
def purge_unconfirmed() -> None:
    actions.purge_unconfirmed()


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
