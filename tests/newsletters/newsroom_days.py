"""March 2027 by the clock of the newsroom, and what a worker does while it passes."""

import datetime as dt
import zoneinfo

from depeche.newsletters import tasks
from depeche.newsletters.models import Edition

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
SEVEN = dt.time(7)


def paris(day, hour=7, minute=0, fold=0):
    """This hour by the clock of the newsroom, in March 2027 (« 3-28 » is the Sunday the clock is put forward)."""
    month, day = map(int, day.split("-"))
    return dt.datetime(2027, month, day, hour, minute, tzinfo=PARIS, fold=fold).astimezone(dt.UTC)


def pass_time(time_machine, *, begin, end, every=dt.timedelta(minutes=5)):
    """What a worker does meanwhile; when editions began to leave."""
    now = begin
    while now <= end:
        time_machine.move_to(now, tick=False)
        tasks.send_scheduled.call_local()
        now += every
    left = Edition.objects.exclude(number=None).order_by("sending_since")
    return list(left.values_list("sending_since", flat=True))
