"""Queries written once, and what a worker does without work."""

import datetime as dt

import pytest
from django.utils import timezone

from depeche.delivery import prepared
from depeche.delivery.lanes import all_lanes
from depeche.delivery.models import TransactionalMessage
from depeche.delivery.prepared import Place, Prepared

pytestmark = pytest.mark.django_db


def test_what_is_written_ahead_is_not_written_again(django_assert_num_queries):
    made = []

    def make():
        made.append(1)
        return TransactionalMessage.objects.filter(worker=Place("worker")).values_list("pk")

    query = Prepared(make)
    with django_assert_num_queries(0):
        prepared.write_all()
    assert query.rows(worker="w1") == []
    assert made == [1]


def test_a_worker_without_work_changes_nothing(django_assert_max_num_queries):
    now = timezone.now()
    with django_assert_max_num_queries(30) as asked:
        for lane in all_lanes():
            lane.renew(worker="w1", at=now)
            lane.reclaim(set(), worker="w1")
            lane.sweep(at=now + dt.timedelta(days=9))
            lane.finish(at=now)
    assert not [one["sql"] for one in asked.captured_queries if not one["sql"].startswith("SELECT")]
