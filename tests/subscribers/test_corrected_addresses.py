"""Whoever corrects their address keeps what they agreed to: in the log, in its check and in the proof."""

import json

import pytest
from django.db import connection
from django.utils import translation
from reportlab.platypus import Paragraph

from depeche import journal, keys
from depeche.append_only import allow
from depeche.delivery.models import TransactionalMessage
from depeche.subscribers import (
    actions,
    privacy,
    proof_pdf,
    proving,
    recording,
    self_service,
    tokens,
    verifying,
)
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


def agreed_to(address):
    """The numbers of the entries in which the proof of an address shows agreement."""
    story = proving.prove(address)
    assert story["verification"]["problems"] == []
    assert [entry["number"] for entry in story["entries"]] == story["verification"]["entries"]
    return [entry["number"] for entry in story["entries"] if entry["action"] == "confirm"]


@pytest.mark.parametrize(("with_entries", "road"), ROADS)
def test_the_proof_of_the_new_address_shows_what_was_agreed_to_under_the_old(reader, with_entries, road):
    known(*with_entries)
    correct(*road)
    (confirmed,) = ConsentEntry.objects.filter(action="confirm")
    assert agreed_to(road[-1]) == [confirmed.number]
    numbers = [entry["number"] for entry in proving.prove(road[-1])["entries"]]
    assert numbers == sorted(set(numbers))


def on_paper(story):
    """The text of the PDF's parts."""
    proof_pdf.drawn(story, json_name="a.json", json_sha256="0" * 64)
    parts = [
        *proof_pdf._summary(story),
        *(part for one in story["entries"] for part in proof_pdf._entry(one)),
    ]
    return "\n".join(part.getPlainText() for part in parts if isinstance(part, Paragraph))


def test_entries_under_an_earlier_address_say_so_on_paper_and_for_programs(reader):
    known(B)
    correct(B)
    story = proving.prove(B)
    change = ConsentEntry.objects.get(action="change").number
    marked = {entry["number"]: entry["under_an_address_corrected_by"] for entry in story["entries"]}
    assert marked == {1: change, 2: change, 3: None, change: None, change + 1: change}
    with translation.override("en"):
        text = on_paper(story)
    assert f"Under an earlier address of the same reader, corrected by entry {change}" in text
    assert "Entries about this address – 2" in text
    assert "Entries under earlier addresses – 3" in text
    assert A not in json.dumps(story) + text
    assert "earlier" not in on_paper(proving.prove(A))


def test_what_another_reader_does_under_the_old_address_is_in_no_proof_of_the_new(reader, newsletter):
    known(B)
    correct(B)
    sign_up(newsletter, A)
    later = ConsentEntry.objects.filter(action="confirm").last()
    numbers = [entry["number"] for entry in proving.prove(B)["entries"]]
    assert len(agreed_to(B)) == 1
    assert later.number not in numbers
    assert agreed_to(A)[-1] == later.number


@pytest.mark.parametrize(("with_entries", "road"), ROADS)
def test_after_erasure_no_address_is_left_and_the_proof_still_proves(reader, with_entries, road):
    known(*with_entries)
    correct(*road)
    TransactionalMessage.objects.all().delete()  # forgotten within the hour
    for address in {A, B, C} & {*with_entries, *road, A}:
        privacy.erase(address)
    assert not [row for row in everything_stored() for address in (A, B, C) if address in row]
    assert len(agreed_to(road[-1])) == 1
    assert found() == []


def test_it_proves_still_when_the_person_left_behind_is_forgotten(reader):
    known(B)
    correct(B)
    erased = ConsentEntry.objects.last()
    recording.purge(at=erased.at + recording.PERSON_KEPT_AFTER_ERASURE)
    assert not ConsentPerson.objects.filter(name=erased.person).exists()
    assert len(agreed_to(B)) == 1
    assert found() == []


def everything_stored():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select * from "{table}"')
            yield from (str(row) for row in cursor.fetchall())
