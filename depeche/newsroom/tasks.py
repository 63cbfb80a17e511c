import datetime as dt

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.core.management import call_command
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from . import notices
from .models import Attempt

LOGINS_KEPT_DAYS = 30


@db_periodic_task(crontab(hour="4", minute="20"), name="newsroom.forget_logins")
def forget_logins() -> None:
    """Names and addresses of who signed in go after thirty days, those of who failed to after one."""
    AxesProxyHandler.reset_logs(age_days=LOGINS_KEPT_DAYS)
    yesterday = timezone.now() - dt.timedelta(days=1)
    AccessAttempt.objects.filter(attempt_time__lte=yesterday).delete()
    Attempt.objects.filter(at__lte=yesterday).delete()
    call_command("clearsessions")


@db_periodic_task(crontab(minute="*/10"), name="newsroom.tell_reports")
def tell_reports() -> None:
    """Every ten minutes: colleagues hear of reported errors, of each article once an hour at most."""
    notices.tell_reports()


@db_periodic_task(crontab(hour="6", minute="30"), name="newsroom.tell_rights")
def tell_rights() -> None:
    """Each morning: the desk hears of data requests due within a week, of each once."""
    notices.tell_rights()
