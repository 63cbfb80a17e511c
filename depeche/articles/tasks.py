from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from . import scheduling


@db_periodic_task(crontab(), name="articles.publish_scheduled")
def publish_scheduled() -> None:
    """Each minute: what an editor scheduled in the editor goes live, or comes down."""
    scheduling.publish_due()
