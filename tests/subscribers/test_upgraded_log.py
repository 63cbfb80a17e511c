"""A newsroom that had readers before there was a log of consent: after the upgrade its check finds nothing wrong."""

import datetime as dt

import pytest
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from depeche import journal
from depeche.append_only import allow
from depeche.subscribers import verifying
from depeche.subscribers.consent import ConsentDetail, ConsentEntry
from depeche.subscribers.faults import Fault

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a new file for each test, as SQLite has it"),
]

BEFORE = [("subscribers", "0002_consent")]
AT = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)


@pytest.fixture
def older(tmp_path):
    """An empty database as it was before the log; what it holds goes with it."""
    own = connections["default"]
    connections["default"] = other = own.copy()
    other.settings_dict["NAME"] = str(tmp_path / "older.sqlite3")
    try:
        executor = MigrationExecutor(other)
        executor.migrate(BEFORE)
        yield executor.loader.project_state(BEFORE).apps
    finally:
        other.close()
        connections["default"] = own


def upgrade():
    executor = MigrationExecutor(connections["default"])
    executor.migrate(executor.loader.graph.leaf_nodes("subscribers"))


def enter_a_reader(apps):
    models = {name: apps.get_model("subscribers", name) for name in ("Newsletter", "Subscriber")}
    newsletter = models["Newsletter"].objects.create(name="Le matin", slug="matin", language="fr")
    reader = models["Subscriber"].objects.create(
        address="lea@exemple.test", address_key="lea@exemple.test", language="fr", created_at=AT
    )
    subscription = reader.subscriptions.create(
        newsletter=newsletter, state="confirmed", requested_at=AT, confirmed_at=AT
    )
    for action in ("request", "confirm"):
        subscription.consent_events.create(action=action, at=AT, language="fr", wording="J’accepte.", url="/")


def found():
    return [(problem.fault, problem.number) for problem in verifying.verify()]


def test_the_end_of_the_log_that_an_upgrade_made_is_noted(older):
    enter_a_reader(older)
    upgrade()
    assert ConsentEntry.objects.count() == 2
    assert found() == []
    ConsentDetail.objects.filter(entry=2).delete()
    with connection.cursor() as cursor:
        for drop in allow(ConsentEntry._meta.db_table, connection.vendor):
            cursor.execute(drop)
        cursor.execute("DELETE FROM subscribers_consententry WHERE number = 2")
    assert (Fault.CUT_OFF, 2) in found()


def test_an_upgrade_without_readers_notes_no_end(older):
    upgrade()
    assert not journal.exists()
    assert found() == []
