"""An edition that leaves by itself; and when a person is asked first instead."""

import datetime as dt

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from wagtail.log_actions import registry

from depeche.delivery import bulk_lock
from depeche.delivery.models import Doubt
from depeche.newsletters import actions, scheduling
from depeche.newsletters.models import Edition, EditionDelivery, EditionState, Held

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 6, 0, tzinfo=dt.UTC)
SEVEN = NOW + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _six_o_clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def scheduled(compose, editor, subscribe):
    subscribe()
    return scheduling.schedule(compose(), leave_at=SEVEN, by=editor)


def fresh(edition):
    return Edition.objects.get(pk=edition.pk)


def test_it_leaves_at_its_time_and_not_before(scheduled, editor, mailroom, time_machine):
    assert scheduled.state == EditionState.SCHEDULED
    time_machine.move_to(SEVEN - dt.timedelta(seconds=1))
    assert scheduling.send_due() == []
    assert not EditionDelivery.objects.exists()
    time_machine.move_to(SEVEN)
    assert scheduling.send_due() == []
    assert [mail["To"] for mail in mailroom.deliver()] == ["lea@exemple.test"]
    sent = fresh(scheduled)
    assert (sent.state, sent.number, sent.sent_by) == ("sent", 1, editor)
    assert scheduling.send_due() == [], "once"


def test_two_workers_that_find_it_due_send_it_once(scheduled, mailroom, time_machine):
    time_machine.move_to(SEVEN)
    seen_by_the_second = fresh(scheduled)
    scheduling.send_due()
    assert scheduling._send_if_due(seen_by_the_second, at=timezone.now()) == []
    assert len(mailroom.deliver()) == 1


def test_it_carries_the_articles_as_they_are_when_it_leaves(
    compose, write, editor, subscribe, mailroom, time_machine
):
    subscribe()
    article = write("Le titre d’hier")
    edition = scheduling.schedule(compose(article), leave_at=SEVEN, by=editor)
    article.title = "Le titre d’aujourd’hui"
    article.save_revision(user=editor).publish()
    time_machine.move_to(SEVEN)
    scheduling.send_due()
    assert [carried.title for carried in fresh(edition).articles()] == ["Le titre d’aujourd’hui"]


@pytest.mark.parametrize(("minutes", "held"), [(15, ""), (16, Held.LATE), (60 * 24 * 30, Held.LATE)])
def test_found_too_late_it_asks_a_person(scheduled, time_machine, minutes, held):
    time_machine.move_to(SEVEN + dt.timedelta(minutes=minutes))
    assert [edition.held_because for edition in scheduling.send_due()] == ([held] if held else [])
    assert fresh(scheduled).held_because == held
    assert EditionDelivery.objects.exists() == (not held)


def test_what_is_held_back_stays_so_until_a_person_sends_it(scheduled, editor, mailroom, time_machine):
    time_machine.move_to(SEVEN + dt.timedelta(hours=2))
    scheduling.send_due()
    assert scheduling.send_due() == [], "asked once"
    assert mailroom.deliver() == []
    sent = actions.send(fresh(scheduled), by=editor)
    assert (sent.state, sent.held_because, sent.held_at) == ("sending", "", None)
    assert len(mailroom.deliver()) == 1


def test_what_is_held_back_may_get_another_time_or_none(scheduled, editor, time_machine):
    time_machine.move_to(SEVEN + dt.timedelta(hours=2))
    scheduling.send_due()
    again = scheduling.schedule(scheduled, leave_at=SEVEN + dt.timedelta(hours=3), by=editor)
    assert (again.state, again.held_because) == ("scheduled", "")
    time_machine.move_to(SEVEN + dt.timedelta(hours=4))
    scheduling.send_due()
    draft = scheduling.unschedule(scheduled, by=editor)
    assert (draft.state, draft.scheduled_at, draft.held_because) == ("draft", None, "")


def test_while_newsletters_are_locked_it_asks_and_says_so_at_once(scheduled, editor):
    bulk_lock.lock(Doubt.MISSING, at=timezone.now())
    (held,) = scheduling.send_due()
    assert held.held_because == Held.LOCKED
    with pytest.raises(bulk_lock.BulkMailLocked):
        actions.send(held, by=editor)


def test_after_a_restore_a_schedule_of_before_asks_although_all_is_unlocked(scheduled, editor, time_machine):
    time_machine.move_to(NOW + dt.timedelta(minutes=10))
    bulk_lock.lock(Doubt.MISSING, at=timezone.now())
    bulk_lock.unlock(by="morel", at=timezone.now())
    (held,) = scheduling.send_due()
    assert held.held_because == Held.RESTORED
    time_machine.move_to(NOW + dt.timedelta(minutes=11))
    scheduling.schedule(held, leave_at=SEVEN, by=editor)
    assert scheduling.send_due() == [], "said again since"
    time_machine.move_to(SEVEN)
    scheduling.send_due()
    assert fresh(held).has_left


def test_an_article_taken_down_meanwhile_holds_it_back_by_name(
    compose, write, editor, subscribe, time_machine, mailroom
):
    subscribe()
    article = write("La passerelle fermée")
    edition = scheduling.schedule(compose(article), leave_at=SEVEN, by=editor)
    article.unpublish()
    time_machine.move_to(SEVEN)
    (held,) = scheduling.send_due()
    assert (held.held_because, held.held_about) == (Held.ARTICLE, "La passerelle fermée")
    assert (fresh(edition).number, mailroom.deliver()) == (None, [])
    assert edition.items.get().revision is None, "nothing of it was frozen"


def test_an_article_that_will_be_published_by_then_may_be_in_it(compose, write, editor):
    article = write("Demain", published=False)
    article.go_live_at = SEVEN
    article.save_revision(user=editor).publish()
    assert not article.live
    with pytest.raises(actions.NotPublished):
        scheduling.schedule(compose(article), leave_at=SEVEN - dt.timedelta(minutes=1), by=editor)
    assert scheduling.schedule(compose(article), leave_at=SEVEN, by=editor).state == "scheduled"


def test_an_article_that_ends_before_cannot(compose, write, editor):
    article = write()
    article.expire_at = SEVEN
    article.save(update_fields=["expire_at"])
    with pytest.raises(actions.NotPublished):
        scheduling.schedule(compose(article), leave_at=SEVEN, by=editor)


@pytest.mark.parametrize("change", ["inactive", "deleted"])
def test_whoever_scheduled_it_must_still_be_one_who_may(
    compose, subscribe, django_user_model, time_machine, change
):
    subscribe()
    user = django_user_model.objects.create_superuser("parti", "parti@depeche.test", "un long mot de passe")
    scheduling.schedule(compose(), leave_at=SEVEN, by=user)
    if change == "deleted":
        user.delete()
    else:
        django_user_model.objects.filter(pk=user.pk).update(is_active=False)
    time_machine.move_to(SEVEN)
    (held,) = scheduling.send_due()
    assert held.held_because == Held.PERSON


def test_one_that_cannot_be_sent_stops_no_other(scheduled, compose, editor, monkeypatch, time_machine):
    other = scheduling.schedule(compose(subject="L’autre"), leave_at=SEVEN, by=editor)
    send = actions.send

    def stumble(edition, **options):
        if edition.pk == scheduled.pk:
            raise ValueError("broken")
        return send(edition, **options)

    monkeypatch.setattr(actions, "send", stumble)
    time_machine.move_to(SEVEN)
    (held,) = scheduling.send_due()
    assert (held.pk, held.held_because, held.held_about) == (scheduled.pk, Held.TROUBLE, "ValueError: broken")
    assert fresh(other).has_left


def test_a_busy_database_is_tried_again_and_asks_nobody(scheduled, monkeypatch, time_machine):
    def busy(*_arguments, **_options):
        raise OperationalError("database is locked")

    time_machine.move_to(SEVEN)
    with monkeypatch.context() as patch:
        patch.setattr(actions, "send", busy)
        assert scheduling.send_due() == []
    assert fresh(scheduled).held_because == ""
    scheduling.send_due()
    assert fresh(scheduled).has_left


@pytest.mark.parametrize("leave_at", [NOW, NOW - dt.timedelta(days=1)])
def test_the_past_is_no_time_to_leave(compose, editor, leave_at):
    edition = compose()
    with pytest.raises(scheduling.InThePast):
        scheduling.schedule(edition, leave_at=leave_at, by=editor)
    assert fresh(edition).is_draft


def test_what_left_cannot_be_scheduled_nor_taken_off(compose, editor, subscribe):
    subscribe()
    edition = actions.send(compose(), by=editor)
    with pytest.raises(actions.NotNow):
        scheduling.schedule(edition, leave_at=SEVEN, by=editor)
    with pytest.raises(actions.NotNow):
        scheduling.unschedule(edition, by=editor)


def test_a_draft_taken_off_the_schedule_stays_one(compose, editor):
    assert scheduling.unschedule(compose(), by=editor).is_draft


def test_an_empty_one_cannot_be_scheduled(newsletter, editor):
    edition = Edition.objects.create(newsletter=newsletter, subject="Vide")
    with pytest.raises(actions.NothingToSend):
        scheduling.schedule(edition, leave_at=SEVEN, by=editor)


def test_only_who_may_send_schedules(compose, scheduled, django_user_model):
    intern = django_user_model.objects.create_user("stagiaire", "s@depeche.test", "un long mot de passe")
    with pytest.raises(actions.NotAllowed):
        scheduling.schedule(compose(), leave_at=SEVEN, by=intern)
    with pytest.raises(actions.NotAllowed):
        scheduling.unschedule(scheduled, by=intern)


def test_a_scheduled_edition_has_no_web_version_and_stays_out_of_the_archive(scheduled, client):
    assert client.get(f"/editions/{scheduled.newsletter.slug}/0/").status_code == 404
    assert scheduled.subject not in client.get(f"/editions/{scheduled.newsletter.slug}/").content.decode()


def test_the_database_refuses_a_schedule_without_a_time_and_a_draft_held_back(scheduled):
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=scheduled.pk).update(scheduled_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=scheduled.pk).update(state="draft", held_because="late")
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=scheduled.pk).update(state="sending")


def test_it_is_written_down_who_did_what(scheduled, editor, time_machine):
    time_machine.move_to(SEVEN + dt.timedelta(hours=1))
    scheduling.send_due()
    scheduling.unschedule(scheduled, by=editor)
    found = registry.get_logs_for_instance(scheduled).order_by("pk").values_list("action", "user")
    assert list(found)[1:] == [
        ("depeche.schedule_edition", editor.pk),
        ("depeche.hold_edition", None),
        ("depeche.unschedule_edition", editor.pk),
    ]
