"""Housekeeping of the job engine itself."""

import datetime as dt

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import HUEY, periodic_task

KEPT = dt.timedelta(days=1)


@periodic_task(crontab(hour="3", minute="30"), name="jobs.sweep_results")
def sweep_results() -> None:
    """Delete what finished tasks left behind: the engine itself never does."""
    limit = (timezone.now() - KEPT).isoformat()
    for key, packed in HUEY.all_results().items():
        record = HUEY.serializer.deserialize(packed)
        if isinstance(record, dict) and (record.get("finished_at") or limit) < limit:
            HUEY.delete(key)
