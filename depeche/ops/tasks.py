from django.conf import settings
from huey import crontab
from huey.contrib.djhuey import periodic_task

from . import preparing


@periodic_task(crontab(hour="4", minute="45"), name="ops.prune_copies")
def prune_copies() -> None:
    preparing.prune_copies(settings.DATA / "backups")
