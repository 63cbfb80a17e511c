"""Readers enter the ledger by one statement, and what is asked of it stays cheap however long it is."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from depeche.delivery.models import State
from depeche.newsletters import actions, entering
from depeche.newsletters.lane import EditionLane
from depeche.newsletters.models import EditionDelivery
from depeche.subscribers.models import Subscriber, Subscription

pytestmark = pytest.mark.django_db


def test_each_reader_is_entered_once_as_if_by_hand(compose, editor, subscribe, newsletter):
    whom = {subscribe(f"lecteur{number}@exemple.test").pk for number in range(7)}
    edition = actions.send(compose(), by=editor)
    rows = list(edition.deliveries.all())
    assert {row.subscription_id for row in rows} == whom
    by_hand = EditionDelivery(edition=edition, due_at=edition.sending_since)
    kept = [field.attname for field in EditionDelivery._meta.concrete_fields]
    for row in rows:
        for name in set(kept) - {"id", "subscription_id"}:
            assert getattr(row, name) == getattr(by_hand, name), name
        row.full_clean(validate_unique=False)


def test_nobody_is_entered_twice(compose, editor, subscribe):
    subscribe()
    edition = actions.send(compose(), by=editor)
    with pytest.raises(IntegrityError):
        entering.enter(edition, Subscription.objects.all(), at=timezone.now())


def test_many_readers_take_no_more_statements_than_few(compose, editor, subscribe):
    def statements(readers):
        for number in range(readers):
            subscribe(f"lecteur{readers}-{number}@exemple.test")
        edition = compose()
        with CaptureQueriesContext(connection) as queries:
            actions.send(edition, by=editor)
        assert edition.deliveries.count() == Subscription.objects.confirmed().count()
        return len(queries)

    statements(1)  # what is kept for later is found now
    assert statements(2) == statements(60)


def test_what_is_asked_of_the_ledger_looks_at_no_finished_row(compose, editor, subscribe):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole, whatever the index")
    subscribe()
    edition = actions.send(compose(), by=editor)
    at, copies = timezone.now(), edition.deliveries.all()
    counts = copies.values_list("state").annotate(Count("pk")).order_by("state")
    plans = {
        "copies_that_wait": copies.due(at).order_by("due_at", "pk").values("pk")[:10],
        "copies_held": EditionDelivery.objects.all()._held("w1").values("pk"),
        "copies_by_state": copies.open().values("pk")[:1],
    }
    for index, rows in plans.items():
        assert index in rows.explain(), index
        assert "SORT" not in rows.explain().upper().replace("SORTED", "")
        assert "TEMP B-TREE" not in rows.explain()
    assert "COVERING INDEX copies_by_state" in counts.explain()


def test_what_left_first_is_leased_first_whatever_else_waits(compose, editor, subscribe, write):
    for number in range(4):
        subscribe(f"lecteur{number}@exemple.test")
    article = write()
    first, second = (actions.send(compose(article), by=editor) for _ in range(2))
    lane, at = EditionLane(), timezone.now() + dt.timedelta(seconds=1)
    later = first.deliveries.order_by("pk").last()
    EditionDelivery.objects.filter(pk=later.pk).update(
        state=State.DEFERRED, due_at=at + dt.timedelta(minutes=1)
    )
    leased = {message.key for message in lane.lease(5, worker="w1", at=at)}
    assert leased > set(first.deliveries.exclude(pk=later.pk).values_list("pk", flat=True))
    assert second.deliveries.filter(state=State.LEASED).count() == 2
    rest = {message.key for message in lane.lease(5, worker="w1", at=at + dt.timedelta(minutes=2))}
    assert later.pk in rest
    assert EditionDelivery.objects.due(at + dt.timedelta(minutes=3)).count() == 0


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite plans by its indexes alone")
def test_postgresql_knows_at_once_how_many_there_are(compose, editor, subscribe, monkeypatch):
    """Where it last saw the tables empty, it would read all of them for each copy."""
    monkeypatch.setattr(entering, "MANY", 20)
    tables = [one._meta.db_table for one in (Subscriber, Subscription, EditionDelivery)]

    def known():
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = ANY(%s)", [tables])
            return [count for (count,) in cursor.fetchall()]

    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
    assert known() == [0, 0, 0]
    for number in range(20):
        subscribe(f"lecteur{number}@exemple.test")
    actions.send(compose(), by=editor)
    assert known() == [20, 20, 20]
