"""Who complained of our mail, or told the mail service to stop, leaves; who came back since stays."""

import datetime as dt

import pytest
from django.utils import timezone

from depeche import keys
from depeche.delivery import mail_reports
from depeche.delivery.mail_reports import Report
from depeche.delivery.outside import Kind
from depeche.subscribers import leaving
from depeche.subscribers.consent import ConsentEntry
from depeche.subscribers.models import Subscriber, Subscription, SubscriptionState

LEA = "lea@exemple.test"


@pytest.fixture
def confirmed(newsletter):
    """Léa, who confirmed an hour ago."""
    at = timezone.now() - dt.timedelta(hours=1)
    reader = Subscriber.objects.create(
        address=LEA, address_key=LEA, address_hash=keys.address_hash(LEA), language="fr", created_at=at
    )
    return Subscription.objects.create(
        subscriber=reader, newsletter=newsletter, state="confirmed", requested_at=at, confirmed_at=at
    )


def report(kind=Kind.COMPLAINT, *, own="1", ago=dt.timedelta(), address=LEA):
    return Report(kind=kind, address=address, at=timezone.now() - ago, own=own)


@pytest.mark.parametrize(
    ("kind", "leaves"), [(Kind.COMPLAINT, True), (Kind.LEAVES, True), (Kind.DEAD, False)]
)
def test_they_leave_at_once_and_it_is_noted(confirmed, django_capture_on_commit_callbacks, kind, leaves):
    with django_capture_on_commit_callbacks(execute=True):
        mail_reports.hear(report(kind, address="Lea@Exemple.TEST"))
    state = Subscription.objects.get(subscriber__address=LEA).state
    assert (state == SubscriptionState.WITHDRAWN) == leaves
    assert ConsentEntry.objects.filter(action="withdraw").exists() == leaves


def test_what_was_missed_is_seen_to_later_and_once(confirmed):
    mail_reports.hear(report())
    assert leaving.leave_after_reports() == 1
    assert leaving.leave_after_reports() == 0


def test_who_confirmed_after_it_stays(confirmed):
    mail_reports.hear(report(ago=dt.timedelta(days=1)))
    assert leaving.leave_after_reports() == 0


def test_an_address_nobody_has_changes_nothing(confirmed):
    mail_reports.hear(report(address="inconnu@exemple.test"))
    assert leaving.leave_after_reports() == 0


@pytest.mark.django_db(transaction=True)
def test_a_report_is_heard_though_nobody_can_see_to_it_now(confirmed, monkeypatch, caplog):
    def broken():
        raise RuntimeError("not now")

    monkeypatch.setattr(leaving, "leave_after_reports", broken)
    assert mail_reports.hear(report())
    assert "not now" in caplog.text
    monkeypatch.undo()
    assert leaving.leave_after_reports() == 1
