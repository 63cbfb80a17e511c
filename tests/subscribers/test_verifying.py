"""Whatever is changed in the log of consent, its check names it, and nothing else."""

import contextlib
import datetime as dt
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from depeche import journal, keys
from depeche.append_only import allow
from depeche.subscribers import actions, recording, self_service, tasks, tokens, verifying
from depeche.subscribers.consent import ConsentDetail, ConsentEntry, ConsentPerson
from depeche.subscribers.faults import Fault
from depeche.subscribers.models import LegalVersion, ShownText, Subscription
from depeche.subscribers.recording import Happening, Shown

pytestmark = pytest.mark.django_db

ADDRESS = "lea@exemple.test"
SHOWN = Shown("J’accepte.", "fr", "subscribe", "https://exemple.test/subscribe/")
AT = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)


def enter(*actions, address=ADDRESS, **rest):
    """These entries, with the end noted in the journal as after a commit."""
    entries = recording.record_all(
        [Happening(action, address, "newsletter:abc", SHOWN, **rest) for action in actions]
    )
    note_the_end()
    return entries


def note_the_end():
    last = ConsentEntry.objects.last()
    journal.append({"kind": journal.HEAD, "number": last.number, "digest": last.digest})


def tamper(statement, *values):
    """As somebody does who owns the database: the guards are taken off first."""
    with connection.cursor() as cursor:
        for model in (ConsentEntry, ShownText, LegalVersion):
            for drop in allow(model._meta.db_table, connection.vendor):
                cursor.execute(drop)
        cursor.execute(statement, values)


def found():
    return [(problem.fault, problem.number) for problem in verifying.verify()]


def test_a_log_as_it_was_written_has_no_problem():
    enter("request", "confirm", details={"network_address": "192.0.2.7", "user_agent": "Firefox"})
    assert found() == []


def test_an_empty_log_has_no_problem():
    assert found() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "withdraw"),
        ("purpose", "newsletter:abd"),
        ("at", "2026-01-01 00:00:00+00:00"),
        ("facts", '{"basis":"service"}'),
        ("commitments", "{}"),
        ("person", None),
    ],
)
def test_a_changed_column_is_named_by_its_entry(column, value):
    enter("request", "confirm", "withdraw")
    tamper(f"UPDATE subscribers_consententry SET {column} = %s WHERE number = 2", value)
    assert found() == [(Fault.CHANGED, 2)]


def test_a_digest_put_right_without_the_key_breaks_the_next_link():
    enter("request", "confirm", "withdraw")
    tamper("UPDATE subscribers_consententry SET digest = %s WHERE number = 2", "a" * 64)
    assert set(found()) == {(Fault.CHANGED, 2), (Fault.OUT_OF_ORDER, 3)}


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL takes no date that is none")
@pytest.mark.parametrize("column", ["at", "person"])
def test_an_entry_that_cannot_be_read_any_more_is_named(column):
    enter("request", "confirm", "withdraw")
    tamper(f"UPDATE subscribers_consententry SET {column} = 'x' WHERE number = 2")
    assert (Fault.CHANGED, 2) in found()
    tamper(f"UPDATE subscribers_consententry SET {column} = CAST(X'C3' AS TEXT) WHERE number = 2")
    assert (Fault.CHANGED, 2) in found()


def test_an_entry_removed_in_the_middle_leaves_a_gap():
    enter("request", "confirm", "change", "withdraw")
    ConsentDetail.objects.filter(entry__in=(2, 3)).delete()
    tamper("DELETE FROM subscribers_consententry WHERE number IN (2, 3)")
    (problem,) = verifying.verify()
    assert (problem.fault, problem.number, problem.about) == (Fault.GAP, 2, "3")


def test_entries_removed_at_the_end_are_missed_by_the_journal():
    enter("request", "confirm")
    enter("withdraw")
    ConsentDetail.objects.filter(entry=3).delete()
    tamper("DELETE FROM subscribers_consententry WHERE number = 3")
    assert found() == [(Fault.CUT_OFF, 3)]


def test_an_end_written_anew_is_not_the_one_the_journal_noted():
    enter("request", "confirm")
    enter("withdraw")
    ConsentDetail.objects.filter(entry=3).delete()
    tamper("DELETE FROM subscribers_consententry WHERE number = 3")
    recording.record(Happening("change", ADDRESS, "newsletter:abc", SHOWN))
    assert found() == [(Fault.OTHER_HEAD, 3)]


def test_an_emptied_log_is_missed_by_the_journal():
    enter("request")
    ConsentDetail.objects.all().delete()
    ConsentPerson.objects.all().delete()
    tamper("DELETE FROM subscribers_consententry")
    assert found() == [(Fault.CUT_OFF, 1)]


def test_without_a_journal_nobody_can_tell_what_was_cut_off():
    enter("request")
    journal.file().unlink()
    assert found() == [(Fault.NO_HEAD, None)]


def test_what_a_restore_took_is_no_problem_once_a_person_answered_for_it():
    enter("request", "confirm")
    enter("withdraw")
    ConsentDetail.objects.filter(entry=3).delete()
    tamper("DELETE FROM subscribers_consententry WHERE number = 3")
    journal.append({"kind": journal.ACCEPTED})
    note_the_end()
    assert found() == []
    enter("change")
    ConsentDetail.objects.filter(entry=3).delete()
    tamper("DELETE FROM subscribers_consententry WHERE number = 3")
    assert found() == [(Fault.CUT_OFF, 3)]


def test_a_changed_line_of_the_journal_is_named():
    enter("request")
    enter("confirm")
    text = journal.file().read_text()
    journal.file().write_text(text.replace('"number":1', '"number":9'))
    assert found() == [(Fault.JOURNAL_CHANGED, None)]


def test_an_entry_put_in_is_named():
    enter("request", "confirm")
    tamper(
        "INSERT INTO subscribers_consententry (number, person, action, purpose, at, facts, commitments, "
        '"key", previous, digest) SELECT 3, person, action, purpose, at, facts, commitments, "key", digest, %s '
        "FROM subscribers_consententry WHERE number = 2",
        "b" * 64,
    )
    assert found() == [(Fault.CHANGED, 3)]


def test_two_entries_that_changed_places_are_named():
    enter("request", "confirm", "withdraw")
    for old, new in ((1, 99), (2, 1), (99, 2)):
        tamper("UPDATE subscribers_consententry SET number = %s WHERE number = %s", new, old)
    named = found()
    assert {(Fault.CHANGED, 1), (Fault.CHANGED, 2)} <= set(named)
    assert {(Fault.OUT_OF_ORDER, 1), (Fault.OUT_OF_ORDER, 2), (Fault.OUT_OF_ORDER, 3)} <= set(named)


def test_a_changed_detail_is_named():
    enter("request", "confirm")
    ConsentDetail.objects.filter(entry=2, kind="address").update(value="theo@exemple.test")
    assert found() == [(Fault.DETAIL_CHANGED, 2)]


@pytest.mark.parametrize("kind", ["address", "person", "network_address"])
def test_a_missing_detail_that_nothing_explains_is_named(kind):
    enter("request", "confirm", details={"network_address": "192.0.2.7"})
    ConsentDetail.objects.filter(entry=1, kind=kind).delete()
    assert found() == [(Fault.DETAIL_MISSING, 1)]


def test_a_detail_that_was_never_part_of_the_entry_is_named():
    enter("request")
    ConsentDetail.objects.create(entry_id=1, kind="user_agent", value="Firefox", salt="0" * 32)
    assert found() == [(Fault.DETAIL_ADDED, 1)]


def test_an_erasure_explains_what_is_missing_of_that_person_only():
    enter("request", "confirm", details={"network_address": "192.0.2.7"})
    enter("request", address="theo@exemple.test")
    recording.erase(ADDRESS)
    note_the_end()
    assert found() == []
    ConsentDetail.objects.filter(entry=3, kind="address").delete()
    assert found() == [(Fault.DETAIL_MISSING, 3)]


def test_an_erasure_does_not_explain_what_came_after_it():
    enter("request")
    recording.erase(ADDRESS)
    enter("request")
    assert found() == []
    ConsentDetail.objects.filter(entry=3, kind="address").delete()
    assert found() == [(Fault.DETAIL_MISSING, 3)]


def test_a_purge_explains_what_was_past_its_date_and_nothing_else():
    enter("request", details={"network_address": "192.0.2.7"}, at=AT)
    enter("confirm", details={"network_address": "192.0.2.8"}, at=AT + dt.timedelta(days=100))
    recording.purge(at=AT + recording.NETWORK_KEPT)
    note_the_end()
    assert found() == []
    ConsentDetail.objects.filter(entry=2, kind="network_address").delete()
    assert found() == [(Fault.DETAIL_MISSING, 2)]
    ConsentDetail.objects.filter(entry=1, kind="address").delete()
    assert (Fault.DETAIL_MISSING, 1) in found()


def test_a_person_may_be_forgotten_when_their_time_is_over():
    enter("request", "confirm")
    recording.erase(ADDRESS, at=AT)
    note_the_end()
    assert found() == []
    recording.purge(at=AT + recording.PERSON_KEPT_AFTER_ERASURE)
    note_the_end()
    assert not ConsentPerson.objects.exists()
    assert found() == []


def test_a_person_forgotten_too_early_is_named():
    enter("request")
    recording.erase(ADDRESS, at=AT)
    recording.record_about_all("purge", facts={"until": (AT + dt.timedelta(days=300)).isoformat()})
    note_the_end()
    ConsentPerson.objects.all().delete()
    ConsentDetail.objects.all().delete()
    assert found() == [(Fault.DETAIL_MISSING, 1), (Fault.PERSON_MISSING, 1)]


def test_a_person_under_another_hash_is_named():
    enter("request")
    ConsentPerson.objects.update(address_hash=keys.address_hash("theo@exemple.test"))
    assert found() == [(Fault.PERSON_CHANGED, 1)]


def test_a_person_marked_as_erased_without_an_erasure_is_named():
    enter("request")
    ConsentPerson.objects.update(erased_at=AT)
    assert found() == [(Fault.PERSON_CHANGED, 1)]


def test_a_person_of_no_entry_is_named():
    ConsentPerson.objects.create(address_hash="1:abc")
    assert found() == [(Fault.PERSON_ADDED, None)]


def test_changed_words_are_named_by_each_entry_that_showed_them():
    enter("request", "confirm")
    tamper("UPDATE subscribers_showntext SET text = %s", "J’accepte tout.")
    assert found() == [(Fault.WORDS, 1), (Fault.WORDS, 2)]


def test_a_changed_legal_text_is_named_by_the_entries_it_was_in_force_for(newsletter):
    actions.request(newsletter, address=ADDRESS, language="fr", shown=SHOWN)
    note_the_end()
    assert found() == []
    tamper(
        "UPDATE subscribers_legalversion SET content = %s WHERE text_id IN (SELECT id FROM subscribers_legaltext WHERE kind = 'privacy')",
        "{}",
    )
    (problem,) = verifying.verify()
    assert (problem.fault, problem.number, problem.about) == (Fault.TEXT, 1, "privacy 1")


def test_a_confirmed_subscription_must_have_come_about(newsletter):
    actions.request(newsletter, address=ADDRESS, language="fr", shown=SHOWN)
    subscription = Subscription.objects.get()
    note_the_end()
    assert found() == []
    Subscription.objects.update(state="confirmed", confirmed_at=AT)
    (problem,) = verifying.verify()
    assert (problem.fault, problem.about) == (Fault.NO_CONSENT, subscription.key.hex)
    Subscription.objects.update(state="pending", confirmed_at=None)
    actions.confirm(tokens.Request(subscription.key, subscription.request_nonce), shown=SHOWN)
    note_the_end()
    assert found() == []
    actions.withdraw(subscription.key, shown=SHOWN)
    note_the_end()
    Subscription.objects.update(state="confirmed")
    assert found() == [(Fault.NO_CONSENT, None)]


def test_a_corrected_address_explains_that_its_person_has_another_hash(newsletter):
    actions.request(newsletter, address=ADDRESS, language="fr", shown=SHOWN)
    subscription = Subscription.objects.get()
    actions.confirm(tokens.Request(subscription.key, subscription.request_nonce), shown=SHOWN)
    self_service.correct_address(subscription.subscriber.key, "lea.b@exemple.test", shown=SHOWN)
    note_the_end()
    assert found() == []
    ConsentPerson.objects.update(address_hash=keys.address_hash("theo@exemple.test"))
    assert (Fault.PERSON_CHANGED, 3) in found()


def test_who_objects_to_everything_has_agreed_to_nothing_any_more(newsletter):
    actions.request(newsletter, address=ADDRESS, language="fr", shown=SHOWN)
    subscription = Subscription.objects.get()
    actions.confirm(tokens.Request(subscription.key, subscription.request_nonce), shown=SHOWN)
    self_service.object_to_marketing(subscription.subscriber.key, shown=SHOWN)
    note_the_end()
    assert found() == []
    Subscription.objects.update(state="confirmed")
    assert found() == [(Fault.NO_CONSENT, None)]


def test_a_new_key_leaves_the_old_entries_readable_and_says_so_in_the_log():
    enter("request")
    call_command("consent", "rotate-key")
    enter("confirm")
    assert [(entry.action, entry.key) for entry in ConsentEntry.objects.all()] == [
        ("request", 1),
        ("rotation", 2),
        ("confirm", 2),
    ]
    assert found() == []


def test_a_lost_key_is_named(settings):
    enter("request")
    keys.rotate()
    enter("confirm")
    (Path(settings.KEYS_FOLDER) / "log-0001.key").unlink()
    assert (Fault.UNKNOWN_KEY, 1) in found()


def test_chunks_make_no_difference(monkeypatch):
    monkeypatch.setattr(verifying, "CHUNK", 3)
    for address in ("a@exemple.test", "b@exemple.test", "c@exemple.test"):
        enter("request", "confirm", "change", address=address)
    assert found() == []
    tamper("UPDATE subscribers_consententry SET purpose = 'x' WHERE number = 4")
    ConsentDetail.objects.filter(entry=8, kind="address").delete()
    assert found() == [(Fault.CHANGED, 4), (Fault.DETAIL_MISSING, 8)]


def test_the_command_names_each_problem_and_fails(capsys):
    enter("request", "confirm")
    call_command("consent", "verify")
    assert capsys.readouterr().out.startswith("2 ")
    ConsentDetail.objects.filter(entry=2, kind="address").delete()
    with pytest.raises(SystemExit) as left:
        call_command("consent", "verify")
    assert left.value.code == 1
    said = capsys.readouterr()
    assert "2" in said.out
    assert "address" in said.out
    assert len(said.out.splitlines()) == 1


def test_each_night_what_is_wrong_is_an_error_in_the_log_of_the_worker(caplog, settings, tmp_path):
    settings.DATA = tmp_path
    enter("request", "confirm")
    tasks.verify_consent.call_local()
    assert not caplog.records
    ConsentDetail.objects.filter(entry=2, kind="address").delete()
    tasks.verify_consent.call_local()
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert ADDRESS not in record.getMessage()


@pytest.mark.parametrize("verb", [[], ["burn"], ["prove"]])
def test_a_mistyped_verb_is_told(verb):
    with pytest.raises(CommandError):
        call_command("consent", *verb)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a file of SQLite's")
def test_one_byte_changed_in_the_database_file_names_the_entry(tmp_path):
    enter("request", "confirm", "withdraw")
    copy = tmp_path / "copy.sqlite3"
    content = connection.connection.serialize()
    digest = ConsentEntry.objects.get(number=2).commitments[20:60].encode()
    assert content.count(digest) == 1
    place = content.index(digest)
    copy.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    with read_from(copy):
        named = found()
    assert named == [(Fault.CHANGED, 2)]
    assert found() == []


@contextlib.contextmanager
def read_from(path):
    """The same models, on another file of SQLite's."""
    own = connections["default"]
    connections["default"] = other = own.copy()
    other.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        other.close()
        connections["default"] = own
