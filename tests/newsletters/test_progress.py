"""How far an edition is, how fast it goes, and why it stands still."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from depeche.delivery import bulk_lock, pace
from depeche.delivery.models import Doubt, State, Trouble
from depeche.delivery.pace_words import Rate, shown
from depeche.newsletters import actions, control
from depeche.newsletters.models import Edition, EditionDelivery
from depeche.newsletters.progress import note_marks, progress

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 6, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def sending(compose, editor, subscribe, time_machine):
    time_machine.move_to(NOW, tick=False)
    for number in range(100):
        subscribe(f"lecteur{number}@exemple.test")
    return actions.send(compose(), by=editor)


def become(count, state=State.SENT):
    """So many waiting copies become this."""
    waiting = EditionDelivery.objects.filter(state=State.PENDING).values("pk")[:count]
    EditionDelivery.objects.filter(pk__in=waiting).update(state=state)


def now_of(edition, at):
    return progress(Edition.objects.get(pk=edition.pk), at=at)


def test_each_state_is_counted_once(sending):
    for state in State:
        become(7 if state == State.PENDING else 3, state)
    found = now_of(sending, NOW)
    parts = (found.sent, found.deferred, found.failed, found.uncertain, found.held_back, found.unsupported)
    assert parts == (3,) * 6
    assert found.waiting == 100 - 3 * 6
    assert (found.total, found.open, found.done, found.percent) == (100, 85, 15, 15)


def test_the_rate_is_that_of_the_last_minutes(sending):
    for minute in range(1, 5):
        become(10)
        note_marks(at=NOW + minute * MINUTE)
    found = now_of(sending, NOW + 4 * MINUTE)
    assert (found.per_minute, found.seconds_left) == (10, 360)
    for minute in range(5, 12):
        become(2)
        note_marks(at=NOW + minute * MINUTE)
    found = now_of(sending, NOW + 11 * MINUTE)
    assert (found.per_minute, found.seconds_left) == (2, 23 * 60)


def test_nothing_is_said_of_a_rate_before_there_is_one(sending):
    found = now_of(sending, NOW + dt.timedelta(seconds=3))
    assert (found.per_minute, found.seconds_left) == (None, None)


def test_it_says_since_when_nothing_moves_and_that_nobody_knows_why(sending):
    become(10)
    for minute in range(1, 30):
        note_marks(at=NOW + minute * MINUTE)
    found = now_of(sending, NOW + 30 * MINUTE)
    assert found.still_since == NOW + MINUTE
    assert (found.per_minute, found.seconds_left) == (0, None)
    assert [why.code for why in found.why] == ["idle"]
    become(1)
    found = now_of(sending, NOW + 30 * MINUTE)
    assert (found.still_since, found.why) == (None, ())


def test_a_short_rest_is_no_standstill(sending):
    note_marks(at=NOW + MINUTE)
    assert now_of(sending, NOW + MINUTE).still_since is None


def test_a_paused_edition_says_who_paused_it_and_why(sending, editor):
    control.pause(sending, by=editor, because="Une faute", at=NOW + MINUTE)
    found = now_of(sending, NOW + 10 * MINUTE)
    assert (found.per_minute, found.seconds_left, found.still_since) == (None, None, None)
    (why,) = found.why
    assert (why.code, why.words, why.since) == ("paused", "Une faute", NOW + MINUTE)
    assert "morel" in why.sentence


def test_after_a_pause_the_rate_begins_anew(sending, editor):
    become(50)
    control.pause(sending, by=editor, at=NOW + MINUTE)
    control.resume(sending, by=editor, at=NOW + 60 * MINUTE)
    become(10)
    found = now_of(sending, NOW + 61 * MINUTE)
    assert (found.per_minute, found.seconds_left) == (10, 240)


def test_a_lock_after_a_restore_is_a_reason(sending):
    bulk_lock.lock(Doubt.MISSING, at=NOW)
    assert [why.code for why in now_of(sending, NOW + 30 * MINUTE).why] == ["locked"]


def test_what_stops_all_mail_is_told_in_the_words_of_the_server(sending):
    words = "550 5.7.26 unauthenticated"
    Trouble.objects.create(worker="w", since_at=NOW, until_at=NOW + 20 * MINUTE, words=words)
    (why,) = now_of(sending, NOW + 10 * MINUTE).why
    assert (why.code, why.words, why.since, why.until) == ("trouble", words, NOW, NOW + 20 * MINUTE)


def test_a_pace_is_told_and_explains_no_standstill(sending):
    pace.set_pace(Rate(30, 60), of=pace.Of(transport=pace.MAIN), by=None)
    (why,) = now_of(sending, NOW).why
    assert (why.code, why.sentence.count("au plus")) == ("pace", 1)
    assert shown(Rate(30, 60)) in why.sentence
    note_marks(at=NOW + MINUTE)
    note_marks(at=NOW + 9 * MINUTE)
    assert [why.code for why in now_of(sending, NOW + 10 * MINUTE).why] == ["pace", "idle"]


def test_what_is_through_is_at_a_hundred_and_has_no_reasons(sending, mailroom):
    assert now_of(sending, NOW).percent == 0
    mailroom.deliver()
    bulk_lock.lock(Doubt.MISSING, at=NOW)
    found = now_of(sending, NOW + 30 * MINUTE)
    assert (found.state, found.percent, found.open, found.why, found.seconds_left) == (
        "sent",
        100,
        0,
        (),
        None,
    )


def test_nearly_all_is_not_a_hundred(sending):
    become(99)
    assert now_of(sending, NOW).percent == 99


def test_an_edition_without_readers_is_through(compose, editor):
    assert now_of(actions.send(compose(), by=editor), timezone.now()).percent == 100


def test_json_holds_all_of_it(sending):
    note_marks(at=NOW + MINUTE)
    note_marks(at=NOW + 2 * MINUTE)
    found = json.loads(json.dumps(now_of(sending, NOW + 5 * MINUTE).as_json()))
    assert found["total"] == found["waiting"] == found["open"] == 100
    assert found["still_since"] == NOW.isoformat()
    assert found["why"][0]["code"] == "idle"


def test_it_is_one_look_at_the_ledger_however_often_it_is_asked(sending, django_assert_max_num_queries):
    edition = Edition.objects.get(pk=sending.pk)
    with django_assert_max_num_queries(6) as asked:
        progress(edition, at=NOW)
    ledger = EditionDelivery._meta.db_table
    assert sum(ledger in query["sql"] for query in asked.captured_queries) == 1


def test_marks_do_not_grow(sending):
    for minute in range(1, 100):
        become(1 if minute % 3 else 0)
        note_marks(at=NOW + minute * MINUTE)
    assert len(Edition.objects.get(pk=sending.pk).marks) <= 7
