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
        # What is no record is the trace of a failed task.
        times = record if isinstance(record, dict) else {"finished_at": ""}
        if (times.get("finished_at", limit) or times.get("enqueued_at") or limit) < limit:
            HUEY.delete(key)
