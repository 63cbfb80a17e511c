"""What a worker does without work."""

import datetime as dt

import pytest
from django.utils import timezone

from depeche.delivery.lanes import all_lanes

pytestmark = pytest.mark.django_db


def test_a_worker_without_work_changes_nothing(django_assert_max_num_queries):
    now = timezone.now()
    with django_assert_max_num_queries(30) as asked:
        for lane in all_lanes():
            lane.renew(worker="w1", at=now)
            lane.reclaim(set(), worker="w1")
            lane.sweep(at=now + dt.timedelta(days=9))
            lane.finish(at=now)
    assert not [one["sql"] for one in asked.captured_queries if not one["sql"].startswith("SELECT")]
