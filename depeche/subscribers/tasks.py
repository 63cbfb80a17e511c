from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from . import actions


@db_periodic_task(crontab(hour="4", minute="0"), name="subscribers.purge_unconfirmed")
def purge_unconfirmed() -> None:
    actions.purge_unconfirmed()
