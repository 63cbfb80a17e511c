"""Whoever corrects their address keeps what they agreed to: in the log, in its check and in the proof."""

import pytest
from django.db import connection

from depeche import journal, keys
from depeche.append_only import allow
from depeche.subscribers import actions, recording, self_service, tokens, verifying
from depeche.subscribers.consent import ConsentEntry, ConsentPerson
from depeche.subscribers.faults import Fault
from depeche.subscribers.models import Subscriber, Subscription
from depeche.subscribers.recording import Happening, Shown

pytestmark = pytest.mark.django_db

A, B, C = "lea@exemple.test", "lea.martin@exemple.test", "lea.m@exemple.test"
OTHER = "newsletter:00000000000000000000000000000000"
SHOWN = Shown("J’accepte.", "fr", "subscribe", "https://exemple.test/subscribe/")


@pytest.fixture
def reader(newsletter):
    """Somebody who asked and confirmed under address A."""
    sign_up(newsletter, A)
    return Subscriber.objects.get()


def sign_up(newsletter, address):
    actions.request(newsletter, address=address, language="fr", shown=SHOWN)
    subscription = Subscription.objects.get(subscriber__address=address)
    actions.confirm(tokens.Request(subscription.key, subscription.request_nonce), shown=SHOWN)


def known(*addresses):
    """The log has entries of these addresses: people who once asked for something else."""
    for address in addresses:
        recording.record(Happening("request", address, OTHER, SHOWN))


def correct(*addresses):
    """Each address in turn becomes that of the one subscriber."""
    for address in addresses:
        self_service.correct_address(Subscriber.objects.get().key, address, shown=SHOWN)


def found():
    last = ConsentEntry.objects.last()
    journal.append({"kind": journal.HEAD, "number": last.number, "digest": last.digest})
    return [(problem.fault, problem.number) for problem in verifying.verify()]


ROADS = [
    pytest.param([], [B], id="to an address that nobody knew"),
    pytest.param([B], [B], id="to one with entries of its own"),
    pytest.param([B], [B, C], id="then to one that nobody knew"),
    pytest.param([C], [B, C], id="then to one with entries"),
    pytest.param([B, C], [B, C], id="over two with entries"),
    pytest.param([], [B, A], id="and back"),
    pytest.param([B], [B, A], id="and back from one with entries"),
    pytest.param([B, C], [B, C, A, B], id="all around"),
]


@pytest.mark.parametrize(("with_entries", "road"), ROADS)
def test_a_corrected_address_leaves_nothing_to_explain(reader, with_entries, road):
    known(*with_entries)
    correct(*road)
    assert found() == []


@pytest.mark.parametrize("with_entries", [[], [B]])
def test_what_was_not_agreed_to_before_is_not_agreed_to_after(reader, newsletter, with_entries):
    known(*with_entries)
    actions.withdraw(Subscription.objects.get().key, shown=SHOWN)
    correct(B)
    assert found() == []
    Subscription.objects.update(state="confirmed")
    assert found() == [(Fault.NO_CONSENT, None)]


def test_a_person_who_agreed_to_another_newsletter_only_brings_no_consent_to_this_one(newsletter):
    known(B)
    recording.record_all([Happening(action, A, OTHER, SHOWN) for action in ("request", "confirm")])
    actions.request(newsletter, address=A, language="fr", shown=SHOWN)
    correct(B)
    Subscription.objects.update(state="confirmed", confirmed_at="2026-01-01T00:00:00Z")
    assert found() == [(Fault.NO_CONSENT, None)]


def test_a_correction_alone_is_no_consent(newsletter):
    actions.request(newsletter, address=A, language="fr", shown=SHOWN)
    correct(B)
    Subscription.objects.update(state="confirmed", confirmed_at="2026-01-01T00:00:00Z")
    assert found() == [(Fault.NO_CONSENT, None)]


def test_a_request_goes_along_and_can_be_confirmed_under_the_new_address(newsletter):
    known(B)
    actions.request(newsletter, address=A, language="fr", shown=SHOWN)
    correct(B)
    subscription = Subscription.objects.get()
    actions.confirm(tokens.Request(subscription.key, subscription.request_nonce), shown=SHOWN)
    assert found() == []


def test_who_takes_up_the_old_address_agreed_to_nothing(reader, newsletter):
    known(B)
    correct(B)
    actions.request(newsletter, address=A, language="fr", shown=SHOWN)
    assert found() == []
    Subscription.objects.update(state="confirmed", confirmed_at="2026-01-01T00:00:00Z")
    assert found() == [(Fault.NO_CONSENT, None)]


def test_what_is_changed_on_the_way_is_still_named(reader):
    known(B)
    correct(B)
    with connection.cursor() as cursor:
        for drop in allow(ConsentEntry._meta.db_table, connection.vendor):
            cursor.execute(drop)
        other = ConsentPerson.objects.create(address_hash=keys.address_hash("theo@exemple.test"))
        change = ConsentEntry.objects.get(action="change")
        facts = recording.canonical(change.as_facts | {"from": other.name.hex})
        cursor.execute(
            "UPDATE subscribers_consententry SET facts = %s WHERE number = %s", [facts, change.number]
        )
    assert (Fault.CHANGED, change.number) in found()


def test_many_corrections_there_and_back_are_checked_at_once(reader):
    known(B)
    correct(*[B, A] * 20)
    assert found() == []
