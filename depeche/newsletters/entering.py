"""Entering readers into the ledger of an edition."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.db.models import Model

from depeche.subscribers.models import Subscriber, Subscription
from depeche.subscribers.models import SubscriptionQuerySet as Subscriptions

from .models import Edition, EditionDelivery

MANY = 1000  # copies, after which what the database knows of its tables is out of date


def enter(edition: Edition, subscriptions: Subscriptions, *, at: dt.datetime) -> int:
    """A copy for each of these subscriptions, due `at`; how many.

    The database copies them over in one statement: a million take seconds, and no memory of ours.

    Raises:
        IntegrityError: one of them is entered already.
    """
    copy = EditionDelivery(edition=edition, due_at=at)
    fields = [
        field
        for field in EditionDelivery._meta.concrete_fields
        if not field.primary_key and field.name != "subscription"
    ]
    same = [field.get_db_prep_save(field.pre_save(copy, add=True), connection) for field in fields]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    _count(Subscriber, Subscription)
    whom, params = subscriptions.order_by("pk").values("id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quoted(EditionDelivery._meta.db_table)} (subscription_id, {columns})"  # noqa: S608
            f" SELECT whom.id, {places} FROM ({whom}) AS whom",
            [*same, *params],
        )
        entered = int(cursor.rowcount)
    if entered >= MANY:
        _count(EditionDelivery)
    return entered


def _count(*models: type[Model]) -> None:
    """Let PostgreSQL know how much these hold now; it would find out within minutes.

    Until then it takes a table it last saw empty to be so, and reads all of it for each reader.

    Source: PostgreSQL manual, « Populating a Database », run ANALYZE afterwards.
    """
    if connection.vendor == "postgresql":
        tables = (connection.ops.quote_name(model._meta.db_table) for model in models)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(tables)}")
