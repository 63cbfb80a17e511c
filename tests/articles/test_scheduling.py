"""What was scheduled in the editor happens, and one bad article stops no other."""

import datetime as dt

import pytest
from django.utils import timezone

from depeche import facts
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
