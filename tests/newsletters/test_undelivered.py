"""Failed copies that wait again, and decisions on copies of unknown fate."""

import datetime as dt
import json
import threading
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

import depeche.delivery
import depeche.newsletters
from depeche.delivery import reply_words
from depeche.delivery.acks import Fates
from depeche.delivery.models import Outcome, State
from depeche.newsletters import actions, control, undelivered
from depeche.newsletters.lane import EditionLane
from depeche.newsletters.models import Edition, EditionDelivery

pytestmark = pytest.mark.django_db

A_DAY = dt.timedelta(days=1)
WORDS = {
    "plein": "552 5.2.2 <plein@exemple.test> mailbox full",
    "inconnu": "550 5.1.1 <inconnu@exemple.test> no such user",
    "inconnue": "550 5.1.1 <inconnue@exemple.test> no such user",
    "refus": "554 5.6.0 message refused",
    "refusee": "554 5.6.0 message refused",
    "lent": "451 4.3.0 try again later",
}


@pytest.fixture
def failed(compose, editor, subscribe):
    """An edition all of whose copies failed, each in its own words."""
    for name in WORDS:
        subscribe(f"{name}@exemple.test")
    edition, lane, now = actions.send(compose(), by=editor), EditionLane(), timezone.now()
    copies = {one.recipient.partition("@")[0]: one.key for one in lane.lease(10, worker="w1", at=now)}
    lane.record(
        [Outcome(copies[name], State.FAILED, words) for name, words in WORDS.items()], worker="w1", at=now
    )
    lane.finish(at=now)
    edition.refresh_from_db()
    assert edition.state == "sent"
    return edition


@pytest.fixture
def doubtful(compose, editor, subscribe):
    """A sent edition with two copies of unknown fate and one that arrived."""
    for name in ("ali", "lea", "zoe"):
        subscribe(f"{name}@exemple.test")
    edition, lane, now = actions.send(compose(), by=editor), EditionLane(), timezone.now()
    leased = {one.recipient: one.key for one in lane.lease(10, worker="w1", at=now)}
    ended = {(lane.name, leased["zoe@exemple.test"]): ("sent", "250 kept")}
    begun = {(lane.name, key) for address, key in leased.items() if address != "zoe@exemple.test"}
    lane.take_over(Fates(ended=ended, begun=begun), worker="w1", at=now)
    lane.finish(at=now)
    edition.refresh_from_db()
    assert edition.state == "sent"
    return edition


@pytest.fixture
def second(django_user_model):
    return django_user_model.objects.create_superuser("roche", "roche@depeche.test", "un long mot de passe")


def states(edition):
    return dict(edition.deliveries.values_list("subscription__subscriber__address", "state"))


def test_refusals_are_grouped_by_their_code_and_say_what_they_are_about(failed):
    found = {one.key: (one.count, one.is_about_the_address) for one in undelivered.refusals(failed)}
    assert found == {
        "550 5.1.1": (2, True),
        "554 5.6.0": (2, False),
        "552 5.2.2": (1, True),
        "451 4.3.0": (1, False),
    }


def test_failed_copies_go_again_but_not_to_addresses_that_were_refused(failed, editor, mailroom):
    assert undelivered.resend_failed(failed, by=editor) == 3
    failed.refresh_from_db()
    assert (failed.state, failed.sent_at) == ("sending", None)
    assert sorted(mail["To"].partition("@")[0] for mail in mailroom.deliver()) == ["lent", "refus", "refusee"]
    failed.refresh_from_db()
    assert failed.state == "sent"
    assert actions.progress(failed) == {State.SENT: 3, State.FAILED: 3}


def test_refused_addresses_are_written_to_again_by_name(failed, editor, mailroom):
    assert undelivered.resend_failed(failed, by=editor, keys=["550 5.1.1"]) == 2
    assert {mail["To"].partition("@")[0] for mail in mailroom.deliver()} == {"inconnu", "inconnue"}


def test_two_people_who_resend_send_once(failed, editor, second, mailroom):
    assert undelivered.resend_failed(failed, by=editor) == 3
    assert undelivered.resend_failed(failed, by=second) == 0
    assert len(mailroom.deliver()) == 3
    assert undelivered.resend_failed(failed, by=second) == 0
    failed.refresh_from_db()
    assert failed.state == "sent", "nothing to send opens nothing"


def test_what_is_sent_again_days_later_is_news_for_a_day(failed, editor, mta_later, time_machine):
    time_machine.move_to(timezone.now() + dt.timedelta(days=5))
    undelivered.resend_failed(failed, by=editor)
    EditionLane().sweep(at=timezone.now())
    mta_later()
    assert actions.progress(failed)[State.DEFERRED] == 3
    EditionLane().sweep(at=timezone.now())
    assert actions.progress(failed)[State.DEFERRED] == 3


@pytest.fixture
def mta_later():
    """Every copy that waits is refused for now."""

    def _refuse():
        lane, now = EditionLane(), timezone.now()
        leased = lane.lease(10, worker="w2", at=now)
        lane.record([Outcome(one.key, State.DEFERRED, "450 later") for one in leased], worker="w2", at=now)

    return _refuse


def test_uncertain_copies_are_listed_by_name(doubtful):
    found = undelivered.uncertain(doubtful)
    assert [one.address for one in found] == ["ali@exemple.test", "lea@exemple.test"]
    assert all(one.at and one.words and not one.may_be_known for one in found)


def test_our_own_words_are_kept_in_english_and_shown_in_the_readers_language(
    doubtful, editor, client, capsys
):
    client.force_login(editor)
    french = "le processus d’envoi s’est arrêté pendant la remise"
    assert french in client.get(reverse("edition_uncertain", args=[doubtful.pk])).content.decode()
    call_command("edition", "uncertain", str(doubtful.pk))
    assert french in capsys.readouterr().out
    call_command("edition", "uncertain", str(doubtful.pk), "--json")
    kept = {one["words"] for one in json.loads(capsys.readouterr().out)}
    assert kept == {"the worker stopped while handing it over"}


def test_copies_that_could_not_be_made_are_shown_in_the_readers_language(doubtful, editor, client):
    doubtful.deliveries.filter(state=State.UNCERTAIN).update(state=State.FAILED, reply="not made: KeyError")
    client.force_login(editor)
    page = client.get(reverse("edition_failed", args=[doubtful.pk])).content.decode()
    assert "n’a pas pu être composé\N{NO-BREAK SPACE}: KeyError" in page


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("connection lost: no answer in time", "connexion perdue : pas de réponse à temps"),
        (
            "connection lost after the message: [Errno 104] Connection reset by peer",
            "connexion perdue après le message : [Errno 104] Connection reset by peer",
        ),
        (
            "no SMTP reply: 250 went on as 550 for 2 lines",
            "ce n’est pas une réponse SMTP : commencée par 250, poursuivie par 550, sur 2 lignes",
        ),
        (
            "the mail server turned us away: 554 5.7.1 100 % blocked",
            "le serveur de courriel nous a éconduits : 554 5.7.1 100 % blocked",
        ),
        ("550 5.1.1 the server hung up", "550 5.1.1 the server hung up"),
        ("", ""),
    ],
)
def test_ours_are_translated_and_those_of_a_server_stay(kept, shown):
    with translation.override("fr"):
        assert reply_words.shown(kept).replace("\N{NO-BREAK SPACE}", " ") == shown
    with translation.override("en"):
        assert reply_words.shown(kept) == kept


@pytest.mark.parametrize("known", reply_words.KNOWN)
def test_each_of_our_own_words_is_still_said_and_has_its_french(known):
    apps = (depeche.delivery, depeche.newsletters)
    code = [
        file for app in apps for file in Path(app.__path__[0]).rglob("*.py") if file.stem != "reply_words"
    ]
    beginning = known.partition("%(")[0].removesuffix(": ")
    assert any(beginning in file.read_text() for file in code)
    with translation.override("fr"):
        assert gettext(known) != known


def test_each_is_decided_on_by_itself(doubtful, editor, mailroom):
    ali, lea = undelivered.uncertain(doubtful)
    assert undelivered.decide(doubtful, [ali.copy], arrived=True, by=editor) == 1
    assert undelivered.decide(doubtful, [lea.copy], arrived=False, by=editor) == 1
    assert [mail["To"] for mail in mailroom.deliver()] == ["lea@exemple.test"]
    assert set(states(doubtful).values()) == {"sent"}
    taken = EditionDelivery.objects.get(pk=ali.copy)
    assert taken.reply == "taken as arrived, on the word of morel"
    doubtful.refresh_from_db()
    assert doubtful.state == "sent"


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("then", [True, False])
def test_what_one_person_decided_another_does_not_decide_again(
    doubtful, editor, second, mailroom, first, then
):
    copies = [one.copy for one in undelivered.uncertain(doubtful)]
    assert undelivered.decide(doubtful, copies, arrived=first, by=editor) == 2
    assert undelivered.decide(doubtful, copies, arrived=then, by=second) == 0
    assert len(mailroom.deliver()) == (0 if first else 2)
    assert undelivered.decide(doubtful, copies, arrived=then, by=second) == 0
    assert len(mailroom.deliver()) == (0 if first else 2)


def test_copies_of_other_editions_or_other_fates_are_left_alone(doubtful, compose, editor, mailroom):
    other = actions.send(compose(subject="L’autre"), by=editor)
    keys = list(EditionDelivery.objects.values_list("pk", flat=True))
    assert undelivered.decide(other, keys, arrived=True, by=editor) == 0
    assert undelivered.decide(doubtful, keys, arrived=True, by=editor) == 2
    assert {mail["Subject"] for mail in mailroom.deliver()} == {"L’autre"}


@pytest.mark.parametrize("arrived", [True, False])
def test_a_log_that_turns_up_after_the_decision_changes_nothing(
    compose, editor, subscribe, mailroom, arrived
):
    subscribe()
    edition, lane, now = actions.send(compose(), by=editor), EditionLane(), timezone.now()
    (copy,) = lane.lease(1, worker="w1", at=now)
    lane.sweep(at=now + dt.timedelta(minutes=10))
    (found,) = undelivered.uncertain(edition)
    assert found.may_be_known
    undelivered.decide(edition, [copy.key], arrived=arrived, by=editor)
    before = EditionDelivery.objects.values().get()
    lane.take_over(Fates(ended={(lane.name, copy.key): ("failed", "550 no")}), worker="w1", at=now)
    lane.record([Outcome(copy.key, State.FAILED, "550 no")], worker="w1", at=now)
    lane.release([copy.key], worker="w1", due_at=now)
    assert EditionDelivery.objects.values().get() == before


def test_nothing_of_a_cancelled_edition_goes_again_but_it_may_have_arrived(
    doubtful, failed_and_cancelled, editor
):
    with pytest.raises(actions.NotNow):
        undelivered.resend_failed(failed_and_cancelled, by=editor)
    copy = failed_and_cancelled.deliveries.get(state=State.UNCERTAIN)
    with pytest.raises(actions.NotNow):
        undelivered.decide(failed_and_cancelled, [copy.pk], arrived=False, by=editor)
    assert undelivered.decide(failed_and_cancelled, [copy.pk], arrived=True, by=editor) == 1
    assert Edition.objects.get(pk=failed_and_cancelled.pk).state == "cancelled"


@pytest.fixture
def failed_and_cancelled(compose, editor, doubtful):
    """Cancelled while one copy had failed, one was of unknown fate and one waited."""
    edition, lane, now = actions.send(compose(subject="Arrêtée"), by=editor), EditionLane(), timezone.now()
    one, other = lane.lease(2, worker="w1", at=now)
    came = [Outcome(one.key, State.FAILED, "554 5.6.0 no"), Outcome(other.key, State.UNCERTAIN, "lost")]
    lane.record(came, worker="w1", at=now)
    return control.cancel(edition, by=editor)


def test_a_paused_edition_stays_paused(compose, editor, subscribe, mailroom):
    for name in ("ali", "lea"):
        subscribe(f"{name}@exemple.test")
    edition, lane, now = actions.send(compose(), by=editor), EditionLane(), timezone.now()
    (one,) = lane.lease(1, worker="w1", at=now)
    lane.record([Outcome(one.key, State.UNCERTAIN, "lost")], worker="w1", at=now)
    control.pause(edition, by=editor)
    assert undelivered.decide(edition, [one.key], arrived=False, by=editor) == 1
    assert mailroom.deliver() == []
    control.resume(edition, by=editor)
    assert len(mailroom.deliver()) == 2


def test_only_who_may_send_decides(doubtful, django_user_model):
    intern = django_user_model.objects.create_user("stagiaire", "s@depeche.test", "un long mot de passe")
    copies = [one.copy for one in undelivered.uncertain(doubtful)]
    with pytest.raises(actions.NotAllowed):
        undelivered.decide(doubtful, copies, arrived=True, by=intern)
    with pytest.raises(actions.NotAllowed):
        undelivered.resend_failed(doubtful, by=intern)
    assert len(undelivered.uncertain(doubtful)) == 2


def test_a_draft_has_nothing_to_resend(compose, editor):
    with pytest.raises(actions.NotNow):
        undelivered.resend_failed(compose(), by=editor)


@pytest.mark.parametrize(("days", "state", "copies"), [(0, "sending", "pending"), (8, "sent", "failed")])
def test_what_a_lost_machine_never_began_leaves_once_its_log_is_there(
    compose, editor, subscribe, days, state, copies
):
    for name in ("ali", "lea", "zoe"):
        subscribe(f"{name}@exemple.test")
    edition, lane, now = actions.send(compose(), by=editor), EditionLane(), timezone.now()
    begun, *others = [one.key for one in lane.lease(10, worker="w1", at=now)]
    lane.sweep(at=now + dt.timedelta(hours=1))
    lane.finish(at=now)
    edition.refresh_from_db()
    assert edition.state == "sent"
    lane.take_over(Fates(begun={(lane.name, begun)}), worker="w1", at=now + days * A_DAY)
    edition.refresh_from_db()
    found = dict(edition.deliveries.values_list("pk", "state"))
    assert (edition.state, found.pop(begun)) == (state, "uncertain")
    assert found == dict.fromkeys(others, copies)
    if copies == "failed":
        assert [one.count for one in undelivered.refusals(edition)] == [2]
        assert undelivered.resend_failed(edition, by=editor) == 2
    else:
        assert {one.key for one in lane.lease(10, worker="w2", at=now)} == set(others)


def test_a_log_that_turns_up_late_opens_no_other_edition(failed, compose, editor):
    later, lane = actions.send(compose(), by=editor), EditionLane()
    lane.take_over(Fates(), worker="w9", at=timezone.now())
    failed.refresh_from_db()
    later.refresh_from_db()
    assert (failed.state, later.state) == ("sent", "sending")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a database in memory bears one thread")
@pytest.mark.django_db(transaction=True)
def test_what_waits_again_while_an_edition_is_being_closed_keeps_it_open(failed, editor):
    """A worker saw no open copy and waits for whoever sends failed ones again: it must look once more."""
    Edition.objects.update(state="sending")

    def close():
        try:
            closed.append(actions.finish([failed.pk], at=timezone.now()))
        finally:
            connections.close_all()

    closed: list[int] = []
    worker = threading.Thread(target=close)
    with transaction.atomic():
        assert undelivered.resend_failed(failed, by=editor)
        worker.start()
        until = time.monotonic() + 10
        while not somebody_waits():
            assert time.monotonic() < until
            time.sleep(0.01)
    worker.join()
    failed.refresh_from_db()
    assert (closed, failed.state) == ([0], "sending")
    assert failed.deliveries.open().exists()


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]
