"""A publication that failed is told once, to whom it concerns."""

import datetime as dt

import pytest
from django.utils import timezone

from depeche.articles.scheduling import publish_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def missed(draft, colleague, time_machine, django_capture_on_commit_callbacks):
    """Let a publication that `publisher` set fail, as often as it is tried in two hours."""

    def _missed(publisher):
        article = draft(publisher)
        article.go_live_at = timezone.now() + dt.timedelta(hours=1)
        article.save_revision(user=publisher).publish(user=publisher)
        revision = article.get_latest_revision()
        revision.content["bylines"] = ["no byline"]
        revision.save()
        return article

    def _wait():
        for minutes in range(61, 180, 10):
            time_machine.move_to(start + dt.timedelta(minutes=minutes))
            with django_capture_on_commit_callbacks(execute=True):
                publish_due()

    start = timezone.now()
    _missed.wait = _wait
    return _missed


def test_the_publisher_who_set_the_time_is_told_once(missed, colleague, mailroom):
    paul = colleague("publisher", "paul")
    colleague("publisher", "anne")
    article = missed(paul)
    missed.wait()
    (mail,) = mailroom.deliver()
    assert (mail["To"], mail["Subject"]) == ("paul@depeche.test", "Non publié : La passerelle rouvrira")
    assert f"/admin/pages/{article.pk}/edit/" in mail.get_content()


def test_where_they_left_the_other_publishers_are_told(missed, colleague, mailroom):
    paul = colleague("publisher", "paul")
    colleague("publisher", "anne", language="en")
    missed(paul)
    paul.is_active = False
    paul.save()
    missed.wait()
    (mail,) = mailroom.deliver()
    assert (mail["To"], mail["Subject"]) == ("anne@depeche.test", "Not published: La passerelle rouvrira")


def test_who_may_not_publish_any_more_is_not_asked_to_see_to_it(missed, colleague, mailroom):
    paul = colleague("publisher", "paul")
    colleague("publisher", "anne")
    missed(paul)
    paul.groups.clear()
    missed.wait()
    (mail,) = mailroom.deliver()
    assert mail["To"] == "anne@depeche.test"


def test_a_newsroom_whose_only_publisher_is_its_administrator_is_told(
    missed, colleague, mailroom, django_user_model
):
    paul = colleague("publisher", "paul")
    django_user_model.objects.create_superuser("anne", "anne@depeche.test", "un long mot de passe")
    article = missed(paul)
    paul.groups.clear()
    missed.wait()
    (mail,) = mailroom.deliver()
    assert mail["To"] == "anne@depeche.test"
    assert f"/admin/pages/{article.pk}/edit/" in mail.get_content()
