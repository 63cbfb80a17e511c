"""The consent log: what it keeps, what it refuses, what is left after erasure."""

import pytest
from django.db import DatabaseError, connection, transaction

from depeche import journal, keys
from depeche.subscribers import recording
from depeche.subscribers.consent import ConsentDetail, ConsentEntry, ConsentPerson
from depeche.subscribers.models import LegalVersion, ShownText
from depeche.subscribers.recording import Happening, Shown

pytestmark = pytest.mark.django_db

ADDRESS = "lea@exemple.test"
SHOWN = Shown("J’accepte.", "fr", "subscribe", "https://exemple.test/subscribe/?a=lea")


def happening(action="request", address=ADDRESS, **rest):
    return Happening(action, address, "newsletter:abc", SHOWN, **rest)


def test_each_entry_holds_the_digest_of_the_one_before():
    first, second = recording.record_all([happening(), happening("confirm")])
    assert (first.number, first.previous) == (1, recording.START)
    assert (second.number, second.previous) == (2, first.digest)
    kept = ConsentEntry.objects.get(number=2)
    assert recording.digest_of(kept, keys.key(kept.key)) == kept.digest


def test_the_chain_holds_nothing_readable():
    recording.record(happening(details={"network_address": "192.0.2.7", "user_agent": "Firefox"}))
    row = str(ConsentEntry.objects.values().get())
    assert not any(secret in row for secret in (ADDRESS, "192.0.2.7", "Firefox", "lea"))
    assert ShownText.objects.get().text == "J’accepte."


@pytest.mark.parametrize("model", [ConsentEntry, ShownText, LegalVersion])
def test_the_database_itself_refuses_to_change_or_delete(newsroom, model):
    recording.record(happening())
    table, column = model._meta.db_table, model._meta.pk.column
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert model.objects.exists()


def test_two_spellings_of_an_address_are_one_person():
    recording.record_all([happening(), happening("confirm", address="Lea@Exemple.TEST ")])
    assert ConsentPerson.objects.count() == 1


def test_erasure_leaves_the_entries_and_what_finds_them():
    recording.record(happening(details={"network_address": "192.0.2.7"}))
    recording.erase(ADDRESS)
    assert [entry.action for entry in ConsentEntry.objects.all()] == ["request", "erasure"]
    assert {detail.kind for detail in ConsentDetail.objects.all()} == {"person"}
    person = recording.person_of(ADDRESS)
    assert person.purge_at - person.erased_at == recording.PERSON_KEPT_AFTER_ERASURE
    recording.purge(at=person.purge_at)
    assert recording.person_of(ADDRESS) is None
    assert not ConsentDetail.objects.exists()


def test_a_purge_takes_what_is_past_its_date_and_no_more():
    entry = recording.record(happening(details={"network_address": "192.0.2.7"}))
    assert recording.purge(at=entry.at + recording.NETWORK_KEPT / 2) == 0
    assert recording.purge(at=entry.at + recording.NETWORK_KEPT) == 1
    assert ConsentEntry.objects.last().action == "purge"


def test_who_was_erased_and_comes_back_is_the_same_person():
    recording.record(happening())
    recording.erase(ADDRESS)
    recording.record(happening())
    assert ConsentPerson.objects.get().purge_at is None


def test_an_old_key_still_finds_who_was_entered_under_it():
    before = recording.record(happening())
    keys.rotate()
    after = recording.record(happening("confirm"))
    assert (before.key, after.key) == (1, 2)
    assert before.person == after.person


def test_the_head_is_noted_outside_the_database(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        entry = recording.record(happening())
    (head,) = journal.records(journal.HEAD)
    assert (head["number"], head["digest"]) == (1, entry.digest)


def test_a_changed_line_of_the_journal_is_left_out():
    journal.append({"kind": journal.ERASED, "address": "1:abc"})
    journal.append({"kind": journal.ERASED, "address": "1:def"})
    text = journal.file().read_text()
    journal.file().write_text(text.replace("1:abc", "1:xyz") + '{"torn')
    assert [record["address"] for record in journal.records()] == ["1:def"]


def test_lines_of_the_journal_outlive_a_change_of_keys():
    journal.append({"kind": journal.ERASED, "address": "1:abc"})
    keys.rotate()
    journal.append({"kind": journal.ERASED, "address": "2:abc"})
    assert [record["key"] for record in journal.records()] == [1, 2]


def test_nothing_to_record_notes_no_head(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert recording.record_all([]) == []
    assert not list(journal.records())
