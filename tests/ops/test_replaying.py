"""A database restored from an older copy learns again who left; where it can't be sure, editions wait for a person."""

import datetime as dt
import io
import json

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from depeche import journal, keys
from depeche.append_only import allow, forbid
from depeche.delivery import actions as delivery
from depeche.delivery import bulk_lock, suppression
from depeche.delivery.models import Doubt, JournalMark, Reason, Suppression, TransactionalMessage
from depeche.newsletters import actions as newsletters
from depeche.newsletters.models import EditionDelivery
from depeche.subscribers import actions, privacy, replaying, tokens
from depeche.subscribers.models import ConsentEntry, Subscriber, Subscription
from depeche.subscribers.recording import Shown

pytestmark = pytest.mark.django_db

ADDRESS, OTHER = "lea@exemple.test", "ali@exemple.test"
SHOWN = Shown("…", "fr", "test", "/")


@pytest.fixture(autouse=True)
def _noted_at_once(monkeypatch):
    """A test is one transaction that never commits."""

    def note(kind, *, at=None, **facts):
        journal.append({"kind": kind, "at": (at or timezone.now()).isoformat(), **facts})

    monkeypatch.setattr(journal, "note", note)


@pytest.fixture
def sign_up(newsletter):
    """By the road any reader takes."""

    def _sign_up(address=ADDRESS):
        actions.request(newsletter, address=address, language="fr", shown=SHOWN)
        found = Subscription.objects.get(subscriber__address_key=address)
        actions.confirm(tokens.Request(found.key, found.request_nonce), shown=SHOWN)
        found.refresh_from_db()
        return found

    return _sign_up


class Copy:
    """The rows about readers as they were, to be put back as a restore does."""

    MODELS = (
        "subscribers.ConsentPerson",
        "subscribers.ConsentEntry",
        "subscribers.ConsentDetail",
        "subscribers.ShownText",
        "subscribers.Subscriber",
        "subscribers.Subscription",
        "delivery.Suppression",
        "delivery.TransactionalMessage",
        "delivery.JournalMark",
    )

    def __init__(self):
        self.rows = {label: list(apps.get_model(label).objects.all()) for label in self.MODELS}

    def put_back(self):
        for label in reversed(self.MODELS):
            model = apps.get_model(label)
            table = model._meta.db_table
            is_append_only = label in ("subscribers.ConsentEntry", "subscribers.ShownText")
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("set constraints all immediate")  # no trigger is left waiting
                for statement in allow(table, connection.vendor) if is_append_only else ():
                    cursor.execute(statement)
                model.objects.all().delete()
                for statement in forbid(table, connection.vendor) if is_append_only else ():
                    cursor.execute(statement)
        for label, rows in self.rows.items():
            apps.get_model(label).objects.bulk_create(rows)


def last_entry():
    entry = ConsentEntry.objects.order_by("-number").first()
    return entry.action, entry.as_facts["actor"], entry.as_facts.get("form")


def test_who_left_after_the_copy_is_left_again(sign_up, newsletter):
    subscription = sign_up()
    copy = Copy()
    actions.withdraw(subscription.key, shown=SHOWN)
    left_at = Subscription.objects.get().withdrawn_at
    copy.put_back()
    assert Subscription.objects.get().is_confirmed

    done = replaying.replay()
    assert (done.withdrawn, done.erased) == (1, 0)
    found = Subscription.objects.get()
    assert (found.state, found.withdrawn_at) == ("withdrawn", left_at)
    assert last_entry() == ("withdraw", "system", "replay")
    assert not suppression.may_be_written_to(ADDRESS, purpose="newsletter", scope=newsletter.purpose)


def test_a_second_replay_changes_nothing(sign_up):
    one, two = sign_up(), sign_up(OTHER)
    copy = Copy()
    actions.withdraw(one.key, shown=SHOWN)
    privacy.erase(OTHER)
    suppression.suppress("bounced@exemple.test", Reason.HARD_BOUNCE)
    copy.put_back()
    replaying.replay()
    entries, rows, length = ConsentEntry.objects.count(), Suppression.objects.count(), journal.length()
    for since_last_time in (True, False):
        done = replaying.replay(since_last_time=since_last_time)
        assert done.total == 0
        assert (ConsentEntry.objects.count(), Suppression.objects.count()) == (entries, rows)
        assert journal.length() == length
    assert two


def test_where_nothing_was_restored_nothing_changes(sign_up):
    one = sign_up()
    actions.withdraw(one.key, shown=SHOWN)
    back = sign_up()
    assert back.is_confirmed
    done = replaying.replay()
    assert (done.total, done.doubt) == (0, None)
    assert Subscription.objects.get().is_confirmed, "they came back, and the database knows"


def test_who_came_back_before_the_copy_stays(sign_up):
    actions.withdraw(sign_up().key, shown=SHOWN)
    sign_up()
    copy = Copy()
    suppression.suppress(OTHER, Reason.COMPLAINT)
    copy.put_back()
    assert replaying.replay().withdrawn == 0
    assert Subscription.objects.get().is_confirmed


def test_who_was_erased_after_the_copy_is_erased_again(sign_up):
    sign_up()
    copy = Copy()
    privacy.erase(ADDRESS)
    copy.put_back()
    assert Subscriber.objects.exists()
    assert replaying.replay().erased == 1
    assert not Subscriber.objects.exists()
    entry = ConsentEntry.objects.order_by("-number").first()
    assert (entry.action, entry.as_facts["actor"]) == ("erasure", "system")
    assert ADDRESS not in dump()
    assert suppression.blocked([ADDRESS], purpose="newsletter") == {ADDRESS: Reason.ERASED}


def dump():
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select * from "{table}"')
            rows += cursor.fetchall()
    return str(rows)


def test_an_erased_address_of_which_only_mails_or_consents_came_back_goes_again(sign_up):
    delivery.send(sender="a@depeche.test", recipient=OTHER, subject="s", text="t")
    sign_up()
    Subscriber.objects.all().delete()
    copy = Copy()
    privacy.erase(ADDRESS)
    privacy.erase(OTHER)
    copy.put_back()
    assert ADDRESS in dump()
    assert OTHER in dump()
    assert replaying.replay().erased == 2
    assert ADDRESS not in dump()
    assert OTHER not in dump()


def test_who_came_back_after_erasure_is_not_erased_again(sign_up):
    sign_up()
    privacy.erase(ADDRESS)
    sign_up()
    assert replaying.replay().erased == 0
    assert Subscription.objects.get().is_confirmed
    assert suppression.may_be_written_to(ADDRESS, purpose="newsletter")


@pytest.mark.parametrize("reason", [Reason.COMPLAINT, Reason.HARD_BOUNCE, Reason.OBJECTION])
def test_suppressions_and_lifts_hold_again(sign_up, reason):
    sign_up(OTHER)
    suppression.suppress("lifted@exemple.test", reason)
    copy = Copy()
    suppression.suppress(ADDRESS, reason)
    suppression.lift("lifted@exemple.test", reasons=[reason], by="reader")
    copy.put_back()
    done = replaying.replay()
    assert (done.suppressed, done.lifted) == (1, 1)
    assert set(suppression.blocked([ADDRESS, "lifted@exemple.test", OTHER], purpose="newsletter")) == {
        ADDRESS
    }


def test_a_lift_the_journal_missed_is_not_undone():
    suppression.suppress(ADDRESS, Reason.HARD_BOUNCE)
    Suppression.objects.update(lifted_at=timezone.now(), lifted_by="morel")
    assert replaying.replay().suppressed == 0


def test_a_key_rotated_between_copy_and_leaving_hides_nobody(sign_up):
    one = sign_up()
    two = sign_up(OTHER)
    copy = Copy()
    keys.rotate()
    actions.withdraw(one.key, shown=SHOWN)
    privacy.erase(OTHER)
    copy.put_back()
    done = replaying.replay()
    assert (done.withdrawn, done.erased) == (1, 1)
    assert two
    assert [found.state for found in Subscription.objects.all()] == ["withdrawn"]


def test_a_restored_copy_locks_editions_until_a_person_accepts(sign_up, newsletter, editor, write, mailroom):
    sign_up()
    replaying.replay(since_last_time=True)
    copy = Copy()
    actions.withdraw(sign_up(OTHER).key, shown=SHOWN)
    copy.put_back()
    assert replaying.replay(since_last_time=True).doubt == Doubt.BEHIND
    edition = newsletters.compose_edition(
        newsletter, subject="x", introduction="", articles=[write()], by=editor
    )
    with pytest.raises(bulk_lock.BulkMailLocked):
        newsletters.send(edition, by=editor)
    assert replaying.replay().doubt == Doubt.BEHIND, "reading it again is not accepting"
    assert replaying.accept(by="morel") == Doubt.BEHIND
    assert replaying.replay(since_last_time=True).doubt is None
    assert replaying.replay().doubt is None
    newsletters.send(edition, by=editor)
    assert EditionDelivery.objects.count() == 1
    assert JournalMark.objects.get().accepted_by == "morel"


def test_an_edition_on_its_way_waits_while_locked_and_other_mail_goes(
    subscribe, newsletter, editor, write, mailroom
):
    subscribe()
    edition = newsletters.compose_edition(
        newsletter, subject="Gazette", introduction="", articles=[write()], by=editor
    )
    newsletters.send(edition, by=editor)
    bulk_lock.lock(Doubt.MISSING, at=timezone.now())
    delivery.send(sender="a@depeche.test", recipient=ADDRESS, subject="Mot de passe", text="t")
    assert [mail["Subject"] for mail in mailroom.deliver()] == ["Mot de passe"]
    replaying.accept(by="morel")
    assert [mail["Subject"] for mail in mailroom.deliver()] == ["Mot de passe", "Gazette"]


def test_a_missing_journal_locks(sign_up):
    sign_up()
    replaying.replay()
    journal.file().unlink()
    assert replaying.replay(since_last_time=True).doubt == Doubt.MISSING
    assert replaying.replay(since_last_time=True).doubt == Doubt.MISSING
    replaying.accept(by="morel")
    assert replaying.replay(since_last_time=True).doubt is None
    assert journal.exists(), "a new one begins"


def test_a_missing_journal_locks_a_database_that_never_read_one(sign_up):
    sign_up()
    journal.file().unlink()
    assert replaying.replay(since_last_time=True).doubt == Doubt.MISSING


def test_a_journal_that_lost_its_end_locks(sign_up):
    sign_up()
    replaying.replay()
    lines = journal.file().read_bytes().splitlines(keepends=True)
    journal.file().write_bytes(b"".join(lines[:-1]))
    assert replaying.replay(since_last_time=True).doubt == Doubt.SHORTER


def test_a_journal_whose_key_is_gone_locks(sign_up, settings, tmp_path):
    sign_up()
    settings.KEYS_FOLDER = tmp_path / "other-keys"
    assert replaying.replay(since_last_time=True).doubt == Doubt.MISSING


def test_a_fresh_install_and_one_without_readers_are_not_locked(newsroom):
    assert replaying.replay(since_last_time=True).doubt is None
    journal.note(journal.HEAD, number=99, digest="of another database")
    assert replaying.replay().doubt is None
    assert replaying.replay().doubt is None


def test_readers_from_before_the_journal_do_not_lock(subscribe):
    subscribe()
    assert not journal.exists()
    assert replaying.replay(since_last_time=True).doubt is None


def test_a_torn_line_does_not_hide_the_next(sign_up):
    subscription = sign_up()
    replaying.replay()
    copy = Copy()
    with journal.file().open("ab") as file:
        file.write(b'{"kind":"withdr')
    actions.withdraw(subscription.key, shown=SHOWN)
    copy.put_back()
    assert replaying.replay(since_last_time=True).withdrawn == 1


def test_a_forged_line_is_left_out(sign_up, newsletter):
    sign_up()
    forged = {
        "kind": "withdrawn",
        "at": (timezone.now() + dt.timedelta(days=1)).isoformat(),
        "address": keys.address_hash(ADDRESS),
        "purpose": newsletter.purpose,
        "key": 1,
        "mac": "0" * 64,
    }
    with journal.file().open("a") as file:
        file.write(json.dumps(forged) + "\n")
    assert replaying.replay().total == 0


def run(*words):
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_the_command_says_what_accepting_means_and_asks(sign_up, monkeypatch):
    sign_up()
    journal.file().unlink()
    replaying.replay()
    answers = []
    monkeypatch.setattr("builtins.input", lambda question: answers.append(question) or "non")
    with pytest.raises(CommandError):
        run("journal", "accept")
    assert bulk_lock.doubt()
    monkeypatch.setattr("builtins.input", lambda question: "oui")
    assert str(replaying.WHAT_ACCEPTING_MEANS) in run("journal", "accept", "--by", "morel")
    assert JournalMark.objects.get().accepted_by == "morel"
    assert bulk_lock.doubt() is None
    assert "morel" not in journal.file().read_text()


def test_the_command_replays(sign_up):
    one = sign_up()
    copy = Copy()
    actions.withdraw(one.key, shown=SHOWN)
    copy.put_back()
    assert "1" in run("journal", "replay")
    assert Subscription.objects.get().state == "withdrawn"
    assert str(journal.file()) in run("journal", "status")


def test_doctor_tells(sign_up, capsys):
    sign_up()
    bulk_lock.lock(Doubt.SHORTER, at=timezone.now())
    out = io.StringIO()
    call_command("doctor", stdout=out)
    assert "DEPECHE_JOURNAL" in out.getvalue()
    assert TransactionalMessage.objects.exists()
