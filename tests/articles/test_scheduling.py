"""What was scheduled in the editor happens, and one bad article stops no other."""

import dataclasses
import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import PageLogEntry

from depeche import facts
from depeche.articles import scheduling
from depeche.articles.models import Article, MissedSchedule
from depeche.articles.scheduling import publish_due
from depeche.articles.tasks import publish_scheduled

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def schedule(write, editor):
    """A draft that goes live at a time."""

    def _schedule(headline: str, at: dt.datetime) -> Article:
        draft = write(headline, published=False)
        draft.go_live_at = at
        draft.save_revision(user=editor).publish(user=editor)
        draft.refresh_from_db()
        return draft

    return _schedule


@pytest.fixture
def three(schedule):
    """Three articles due in an hour; nobody can publish the second: its revision cannot be read."""
    at = timezone.now() + HOUR
    articles = [schedule(headline, at) for headline in ("Le premier", "Le mauvais", "Le troisième")]
    spoil(articles[1])
    return articles


def spoil(article: Article) -> None:
    revision = article.get_latest_revision()
    revision.content["bylines"] = ["no byline"]
    revision.save()


def mend(article: Article) -> None:
    revision = article.get_latest_revision()
    revision.content["bylines"] = []
    revision.save()


def headlines() -> set[str]:
    return set(Article.objects.live().values_list("title", flat=True))


def test_a_scheduled_article_goes_live_in_its_time(schedule, time_machine):
    draft = schedule("La passerelle rouvrira", timezone.now() + HOUR)
    publish_scheduled.call_local()
    draft.refresh_from_db()
    assert not draft.live
    time_machine.move_to(timezone.now() + HOUR + MINUTE)
    publish_scheduled.call_local()
    draft.refresh_from_db()
    assert draft.live
    assert draft.changed_at


def test_an_article_whose_last_day_has_come_is_taken_down(write, editor, time_machine):
    article = write()
    article.expire_at = timezone.now() + HOUR
    article.save_revision(user=editor).publish(user=editor)
    time_machine.move_to(timezone.now() + HOUR + MINUTE)
    publish_due()
    article.refresh_from_db()
    assert (article.live, article.expired) == (False, True)


def test_one_bad_article_among_three_stops_no_other(three, editor, time_machine):
    time_machine.move_to(timezone.now() + HOUR + MINUTE)
    publish_due()
    assert headlines() == {"Le premier", "Le troisième"}
    missed = MissedSchedule.objects.get()
    assert (missed.title, missed.attempts, missed.scheduled_by) == ("Le mauvais", 1, editor)
    assert missed.reason


def test_it_is_tried_again_less_and_less_often_and_told_once(
    three, time_machine, monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setitem(facts._handlers, facts.ScheduleMissed, [told.append])
    start = timezone.now() + HOUR + MINUTE
    tries = []
    for minute in range(10):
        time_machine.move_to(start + minute * MINUTE, tick=False)
        with django_capture_on_commit_callbacks(execute=True):
            if publish_due():
                tries.append(minute)
    assert tries == [0, 1, 3, 7]
    assert len(told) == 1


def test_once_mended_it_appears_and_nothing_is_missed_any_more(three, time_machine):
    time_machine.move_to(timezone.now() + HOUR + MINUTE)
    publish_due()
    mend(three[1])
    time_machine.move_to(timezone.now() + MINUTE)
    publish_due()
    assert "Le mauvais" in headlines()
    assert not MissedSchedule.objects.exists()


def test_what_was_unscheduled_is_missed_no_more(three, time_machine):
    time_machine.move_to(timezone.now() + HOUR + MINUTE)
    publish_due()
    three[1].revisions.update(approved_go_live_at=None)
    publish_due()
    assert not MissedSchedule.objects.exists()


def test_what_another_worker_did_meanwhile_is_not_done_again(schedule, time_machine, monkeypatch):
    draft = schedule("La passerelle rouvrira", timezone.now() + HOUR)
    time_machine.move_to(timezone.now() + HOUR + MINUTE)
    seen_by_both = list(scheduling._to_publish(timezone.now()))
    publish_due()
    monkeypatch.setattr(scheduling, "_to_publish", lambda at: seen_by_both)
    publish_due()
    log = PageLogEntry.objects.filter(page_id=draft.pk, action="wagtail.publish.scheduled")
    assert log.count() == 1


def test_what_another_worker_missed_meanwhile_stops_no_other(three, time_machine, monkeypatch):
    time_machine.move_to(timezone.now() + HOUR + MINUTE)
    due = list(scheduling._to_publish(timezone.now()))

    def publish_while_another_fails():
        thing = due[1]
        kind, content_type_id, object_id = thing.key
        MissedSchedule.objects.create(
            kind=kind,
            content_type_id=content_type_id,
            object_id=object_id,
            title="Le mauvais",
            due_at=thing.at,
            reason="x",
            attempts=1,
            failed_at=thing.at,
            next_try_at=thing.at,
        )
        return due[0].do()

    first = dataclasses.replace(due[0], do=publish_while_another_fails)
    monkeypatch.setattr(scheduling, "_to_publish", lambda at: [first, *due[1:]])
    publish_due()
    assert headlines() == {"Le premier", "Le troisième"}
    assert MissedSchedule.objects.get().attempts == 2
