"""Pausing, resuming and cancelling an edition, with the engine at work."""

import itertools
import threading
import time

import pytest
from django.utils import timezone
from fake_mta import DROP, Slow

from depeche.delivery.acks import Fates
from depeche.delivery.engine import BATCH
from depeche.delivery.hand import Begin
from depeche.delivery.models import State
from depeche.newsletters import actions, control
from depeche.newsletters.lane import EditionLane
from depeche.newsletters.models import Edition, EditionDelivery
from depeche.newsletters.suppressed import CANCELLED
from depeche.subscribers import actions as subscribers
from depeche.subscribers.models import Subscription
from depeche.subscribers.recording import Shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(newsletter, editor, write, subscribe):
    """Send an edition to so many readers."""

    def _send(readers=3):
        for number in range(readers):
            subscribe(f"lecteur{number}@exemple.test")
        article = write()
        edition = actions.compose_edition(
            newsletter, subject="Ce matin", introduction="", articles=[article], by=editor
        )
        return actions.send(edition, by=editor)

    return _send


def fresh(edition):
    return Edition.objects.get(pk=edition.pk)


def test_a_paused_edition_is_not_leased_and_goes_on_when_resumed(send, editor, mailroom):
    edition = send(3)
    control.pause(edition, by=editor, because="Une faute dans le titre")
    assert mailroom.deliver() == []
    paused = fresh(edition)
    assert (paused.state, paused.paused_by, paused.paused_because) == (
        "paused",
        editor,
        "Une faute dans le titre",
    )
    control.resume(edition, by=editor)
    assert len(mailroom.deliver()) == 3
    assert (fresh(edition).state, fresh(edition).paused_at) == ("sent", None)


def test_copies_in_a_workers_hand_go_back_and_are_not_begun(send, editor, mailroom, engine_to, mta):
    edition = send(BATCH + 5)
    engine = engine_to(mta())
    with engine.working():
        engine.once()
        offered = engine.hand.take(only_first=False)
        control.pause(edition, by=editor)
        engine.ask_again()
        assert engine.hand.here() == []
        assert set(EditionDelivery.objects.values_list("state", "worker")) == {("pending", "")}
        engine.ask_again()
        assert engine.hand.begin(offered) is Begin.WITHHELD
        control.resume(edition, by=editor)
    assert len(mailroom.deliver()) == BATCH + 5


def test_a_copy_offered_before_a_pause_is_sent_once_after_it(send, editor, engine_to, mta, mailroom):
    """The connection may still hold the old message when the row is leased anew."""
    edition = send(1)
    server = mta()
    engine = engine_to(server)
    with engine.working():
        engine.once()
        old = engine.hand.take(only_first=False)
        control.pause(edition, by=editor)
        engine.ask_again()
        control.resume(edition, by=editor)
        engine.once()
        (again,) = engine.hand.here()
        assert again.key == old.key
        subscription = Subscription.objects.get()
        subscribers.withdraw(subscription.key, shown=Shown("…", "fr", "test", "/"))
        engine.ask_again()
        assert engine.hand.begin(old) is Begin.WITHHELD
        assert engine.hand.here() == [], "who leaves is found although the old message still stands about"
    assert mailroom.deliver() == []
    assert EditionDelivery.objects.get().state == "suppressed"


def test_who_leaves_while_it_is_paused_is_not_written_to(send, editor, mailroom):
    edition = send(2)
    control.pause(edition, by=editor)
    leaving = Subscription.objects.order_by("pk").first()
    subscribers.withdraw(leaving.key, shown=Shown("…", "fr", "test", "/"))
    control.resume(edition, by=editor)
    assert [mail["To"] for mail in mailroom.deliver()] == ["lecteur1@exemple.test"]


def test_one_paused_edition_holds_no_other(send, editor, mailroom, newsletter, write):
    control.pause(send(2), by=editor)
    other = actions.compose_edition(
        newsletter, subject="L’autre", introduction="", articles=[write()], by=editor
    )
    actions.send(other, by=editor)
    assert {mail["Subject"] for mail in mailroom.deliver()} == {"L’autre"}


def test_a_cancelled_edition_ends_what_has_not_left_and_says_so(send, editor, mailroom, engine_to, mta):
    edition = send(BATCH + 5)
    engine = engine_to(mta())
    with engine.working():
        engine.once()
        offered = engine.hand.take(only_first=False)
        control.cancel(edition, by=editor)
        states = set(EditionDelivery.objects.values_list("state", flat=True))
        assert states == {"suppressed", "leased"}, "what is in a hand is told to that hand"
        engine.ask_again()
        assert engine.hand.begin(offered) is Begin.WITHHELD
    assert mailroom.deliver() == []
    assert actions.progress(edition) == {State.SUPPRESSED: BATCH + 5}
    assert actions.held_back(edition) == {CANCELLED: BATCH + 5}
    assert (fresh(edition).state, fresh(edition).cancelled_by) == ("cancelled", editor)


def test_what_a_dead_worker_had_of_a_cancelled_edition_ends_too(send, editor, mailroom):
    edition, lane, now = send(3), EditionLane(), timezone.now()
    begun = lane.lease(3, worker="w1", at=now)[0]
    control.cancel(edition, by=editor)
    lane.take_over(Fates(begun={(lane.name, begun.key)}), worker="w1", at=now)
    assert mailroom.deliver() == []
    control.mark_cancelled()
    assert actions.progress(edition) == {State.UNCERTAIN: 1, State.SUPPRESSED: 2}
    assert fresh(edition).state == "cancelled"


def test_what_left_when_it_was_cancelled_is_counted_as_sent(send, editor, engine_to, mta):
    edition = send(2)
    engine = engine_to(mta())
    with engine.working():
        engine.once()
        message = engine.hand.take(only_first=False)
        assert engine.hand.begin(message) is Begin.YES
        control.cancel(edition, by=editor)
        engine.ask_again()
        session = engine._session()
        session.send(iter([message]), begin=lambda _one: True, done=engine._crew._done)
        session.close()
    assert actions.progress(edition) == {State.SENT: 1, State.SUPPRESSED: 1}


def test_many_copies_are_marked_in_batches(send, editor, monkeypatch):
    monkeypatch.setattr(control, "CANCELLED_AT_ONCE", 2)
    edition = send(5)
    control.cancel(edition, by=editor)
    assert actions.progress(edition) == {State.SUPPRESSED: 2, State.PENDING: 3}
    control.mark_cancelled()
    assert actions.progress(edition) == {State.SUPPRESSED: 5}


def test_a_pause_makes_no_copy_stale(send, editor, mta, engine_to, mailroom, time_machine):
    edition = send(1)
    engine_to(mta({"RCPT": "450 4.2.0 try later"})).drain()
    control.pause(edition, by=editor)
    time_machine.move_to(timezone.now() + actions.STALE_AFTER * 3)
    EditionLane().sweep(at=timezone.now())
    control.resume(edition, by=editor)
    EditionLane().sweep(at=timezone.now())
    assert actions.progress(edition) == {State.DEFERRED: 1}
    assert len(mailroom.deliver()) == 1


def test_what_is_refused_for_a_day_is_given_up(send, mta, engine_to, time_machine):
    edition = send(1)
    engine_to(mta({"RCPT": "450 4.2.0 try later"})).drain()
    time_machine.move_to(edition.stale_at)
    EditionLane().sweep(at=timezone.now())
    assert actions.progress(edition) == {State.DEFERRED: 1}
    EditionLane().sweep(at=timezone.now() + actions.STALE_AFTER)
    assert actions.progress(edition) == {State.FAILED: 1}


@pytest.mark.parametrize(
    ("verbs", "state"),
    [
        (["pause", "pause"], "paused"),
        (["resume"], "sending"),
        (["pause", "resume", "resume"], "sending"),
        (["cancel", "cancel"], "cancelled"),
        (["pause", "cancel"], "cancelled"),
    ],
)
def test_the_second_of_two_people_finds_it_done(send, django_user_model, editor, verbs, state):
    second = django_user_model.objects.create_superuser("roche", "r@depeche.test", "un long mot de passe")
    edition = send(1)
    for verb, by in zip(verbs, itertools.cycle([editor, second])):
        getattr(control, verb)(edition, by=by)
    found = fresh(edition)
    assert found.state == state
    assert second.pk not in (found.paused_by_id, found.cancelled_by_id) or verbs[0] == "pause"


@pytest.mark.parametrize(
    ("before", "verb"),
    [
        ("draft", "pause"),
        ("draft", "resume"),
        ("draft", "cancel"),
        ("sent", "pause"),
        ("sent", "resume"),
        ("sent", "cancel"),
        ("cancelled", "pause"),
        ("cancelled", "resume"),
    ],
)
def test_what_cannot_be_done_now_is_refused_and_changes_nothing(
    send, newsletter, editor, mailroom, write, before, verb
):
    if before == "draft":
        edition = actions.compose_edition(
            newsletter, subject="x", introduction="", articles=[write()], by=editor
        )
    else:
        edition = send(1)
        if before == "sent":
            mailroom.deliver()
        else:
            control.cancel(edition, by=editor)
    with pytest.raises(actions.NotNow) as refused:
        getattr(control, verb)(edition, by=editor)
    assert refused.value.state == before == fresh(edition).state


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel"])
def test_only_who_may_send_controls(send, django_user_model, verb):
    intern = django_user_model.objects.create_user("stagiaire", "s@depeche.test", "un long mot de passe")
    edition = send(1)
    with pytest.raises(actions.NotAllowed):
        getattr(control, verb)(edition, by=intern)
    assert fresh(edition).state == "sending"


def test_a_paused_edition_whose_last_copies_had_begun_is_sent(send, editor, engine_to, mta):
    edition = send(1)
    engine = engine_to(mta())
    with engine.working():
        engine.once()
        message = engine.hand.take(only_first=False)
        engine.hand.begin(message)
        control.pause(edition, by=editor)
        session = engine._session()
        session.send(iter([message]), begin=lambda _one: True, done=engine._crew._done)
        session.close()
        engine.once()
    assert fresh(edition).state == "sent"


@pytest.mark.quiet
@pytest.mark.parametrize("verb", ["pause", "cancel"])
def test_within_a_second_no_copy_leaves_a_running_engine(send, editor, engine_to, mta, verb):
    edition = send(400)
    server = mta({"END": Slow(("250 2.0.0 kept",), pause_s=0.05)})
    engine = engine_to(server, connections=4)
    stop, seen = threading.Event(), {}
    once = engine.once

    def watched():
        """The script of the test, in the thread that asks the database."""
        now = time.monotonic()
        if "at" not in seen and len(server.accepted) >= 40:
            getattr(control, verb)(edition, by=editor)
            seen["at"] = time.monotonic()
        elif "at" in seen and "after_1s" not in seen and now > seen["at"] + 1:
            seen["after_1s"] = len(server.accepted)
        elif "after_1s" in seen and now > seen["at"] + 2:
            seen["after_2s"] = len(server.accepted)
            stop.set()
        return once()

    engine.once = watched
    engine.run(stop=stop, wake=threading.Event())
    assert 40 <= seen["after_1s"] < 400
    assert seen["after_1s"] == seen["after_2s"]
    sent = EditionDelivery.objects.filter(state=State.SENT).count()
    assert sent == len(server.accepted)
    if verb == "pause":
        control.resume(edition, by=editor)
        engine_to(server).drain()
        assert sorted(recipient for recipient, _content in server.accepted) == sorted(
            f"lecteur{number}@exemple.test" for number in range(400)
        ), "each once"
    else:
        assert actions.progress(edition) == {State.SENT: sent, State.SUPPRESSED: 400 - sent}


def test_an_unknown_fate_survives_a_cancel(send, editor, engine_to, mta):
    edition = send(1)
    engine_to(mta({"END": DROP})).drain()
    assert fresh(edition).state == "sent"
    with pytest.raises(actions.NotNow):
        control.cancel(edition, by=editor)
    assert actions.progress(edition) == {State.UNCERTAIN: 1}
