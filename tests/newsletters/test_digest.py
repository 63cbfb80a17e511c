"""A digest: put together by itself, once a day at the newsroom's hour, from what was published since the last."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone
from newsroom_days import PARIS, SEVEN, paris, pass_time

from depeche.articles.models import Article
from depeche.delivery import bulk_lock
from depeche.delivery.models import Doubt
from depeche.newsletters import actions, agreement, control, digest_words, digesting, newsroom_clock
from depeche.newsletters.digest import Digest, DigestRun
from depeche.newsletters.models import Edition, EditionState, Held
from depeche.subscribers.models import Newsletter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_days_before")]


def headlines(edition):
    return [article.title for article in Edition.objects.get(pk=edition.pk).articles()]


def test_a_newsletter_has_none_unless_somebody_turns_it_on(newsletter, publish_at, time_machine):
    publish_at(paris("3-24", 13))
    assert pass_time(time_machine, begin=paris("3-25", 6), end=paris("3-25", 8)) == []
    assert not Edition.objects.exists()
    assert not digesting.digest_of(newsletter).is_on


def test_the_sunday_the_clock_is_put_forward_it_goes_out_once_at_seven(
    digest_on, publish_at, mailroom, time_machine
):
    digest_on()
    publish_at(paris("3-26", 20), "Vendredi soir")
    publish_at(paris("3-27", 9), "Samedi matin")
    publish_at(paris("3-28", 6, 59), "Dimanche, à la dernière minute")
    publish_at(paris("3-28", 7, 1), "Dimanche, trop tard")
    left = pass_time(time_machine, begin=paris("3-27", 6), end=paris("3-29", 8))
    assert left == [paris("3-27"), paris("3-28"), paris("3-29")]
    assert [moment.astimezone(PARIS).hour for moment in left] == [7, 7, 7]
    assert left[1] - left[0] == dt.timedelta(hours=23)
    _saturday, sunday, monday = Edition.objects.order_by("number")
    assert headlines(sunday) == ["Dimanche, à la dernière minute", "Samedi matin"]
    assert headlines(monday) == ["Dimanche, trop tard"]
    assert len(mailroom.deliver()) == 3
    assert sunday.subject.startswith("Dimanche 28")
    assert "Dimanche, à la dernière minute" in sunday.subject
    assert "27" in sunday.introduction
    assert "7\u00a0h" in sunday.introduction


@pytest.mark.parametrize(
    ("leaves_at", "day", "expected"),
    [
        (dt.time(2, 30), "3-28", paris("3-28", 3, 30)),  # does not exist that night
        (dt.time(2, 0), "3-28", paris("3-28", 3, 0)),
        (dt.time(3, 0), "3-28", paris("3-28", 3, 0)),
        (dt.time(2, 30), "10-31", paris("10-31", 2, 30)),  # twice: the first time
        (dt.time(3, 0), "10-31", paris("10-31", 3, 0)),
        (dt.time(7, 0), "10-31", paris("10-31", 7, 0)),
        (dt.time(0, 0), "3-28", paris("3-28", 0, 0)),
        (dt.time(23, 59), "3-28", paris("3-28", 23, 59)),
    ],
)
def test_an_hour_that_does_not_exist_or_comes_twice_is_once_that_night(
    digest_on, publish_at, time_machine, leaves_at, day, expected
):
    before = expected - dt.timedelta(hours=30)
    time_machine.move_to(before, tick=False)
    digest_on(leaves_at=leaves_at)
    publish_at(expected - dt.timedelta(minutes=30))
    left = pass_time(time_machine, begin=before, end=expected + dt.timedelta(hours=20))
    assert left == [expected]
    month, number = map(int, day.split("-"))
    assert DigestRun.objects.filter(day=dt.date(2027, month, number)).count() == 1
    assert DigestRun.objects.exclude(articles=0).count() == 1


def test_the_clock_of_the_newsroom_counts_wherever_it_stands(settings, digest_on, publish_at, time_machine):
    settings.TIME_ZONE = "America/Montreal"
    digest_on()
    publish_at(paris("3-24", 13))
    left = pass_time(time_machine, begin=paris("3-24", 14), end=paris("3-25", 20))
    assert left == [dt.datetime(2027, 3, 25, 11, tzinfo=dt.UTC)]


def test_it_carries_what_was_published_since_the_last_each_once(digest_on, publish_at, editor, time_machine):
    digest_on(weekdays="15")  # Monday and Friday
    publish_at(paris("3-24", 11), "Plus d’un jour avant le premier")
    publish_at(paris("3-25", 8), "Jeudi")
    assert pass_time(time_machine, begin=paris("3-25", 6), end=paris("3-26", 8)) == [paris("3-26")]
    publish_at(paris("3-26", 6, 59), "Pendant qu’on la composait")
    publish_at(paris("3-27", 8), "Samedi")
    gone, paid = publish_at(paris("3-27", 9), "Retiré"), publish_at(paris("3-27", 10), "Payé")
    gone.unpublish()
    Article.objects.filter(pk=paid.pk).update(kind="sponsored", sponsor="La Corderie")
    by_hand = publish_at(paris("3-27", 11), "Déjà envoyé à la main")
    edition = actions.compose_edition(
        Newsletter.objects.get(language="fr"),
        subject="À part",
        introduction="",
        articles=[by_hand],
        by=editor,
    )
    actions.send(edition, by=editor, at=paris("3-27", 12))
    publish_at(paris("3-28", 8), "Une tribune", kind="opinion")
    left = pass_time(time_machine, begin=paris("3-27", 6), end=paris("3-29", 8))
    assert left[-1] == paris("3-29")
    first, last = (run.edition for run in DigestRun.objects.order_by("day"))
    assert headlines(first) == ["Jeudi"]
    assert headlines(last) == ["Samedi", "Une tribune", "Pendant qu’on la composait"], "news leads"


def test_only_articles_of_its_language(digest_on, publish_at, time_machine):
    digest_on(to=Newsletter.objects.get(language="en"))
    publish_at(paris("3-24", 13), "En français")
    assert pass_time(time_machine, begin=paris("3-25", 7), end=paris("3-25", 8)) == []
    assert DigestRun.objects.get().articles == 0


def test_where_a_second_person_agrees_it_waits_for_them(
    digest_on, newsletter, publish_at, editor, django_user_model, mailroom, time_machine
):
    newsletter.needs_second_person = True
    newsletter.save()
    digest_on()
    publish_at(paris("3-24", 13))
    assert pass_time(time_machine, begin=paris("3-25", 7), end=paris("3-25", 9)) == []
    edition = Edition.objects.get()
    assert agreement.open_request(edition).asked_by == editor
    second = django_user_model.objects.create_superuser("roche", "r@depeche.test", "un long mot de passe")
    assert control.agree(edition, by=second).has_left
    assert len(mailroom.deliver()) == 1


@pytest.mark.parametrize(("minutes", "held"), [(15, ""), (16, Held.LATE), (60 * 12, Held.LATE)])
def test_a_machine_that_was_asleep_asks_a_person(
    digest_on, publish_at, mailroom, time_machine, minutes, held
):
    digest_on()
    publish_at(paris("3-24", 13))
    woken = paris("3-25") + dt.timedelta(minutes=minutes)
    pass_time(time_machine, begin=woken, end=woken + dt.timedelta(minutes=30))
    edition = Edition.objects.get()
    assert edition.held_because == held
    assert len(mailroom.deliver()) == (0 if held else 1)


def test_a_machine_that_slept_for_days_makes_up_for_one(digest_on, publish_at, time_machine):
    digest_on()
    for day in ("3-24", "3-25", "3-26"):
        publish_at(paris(day, 20), day)
    pass_time(time_machine, begin=paris("3-27", 9), end=paris("3-27", 10))
    (run,) = DigestRun.objects.all()
    assert (run.day, run.edition.held_because) == (dt.date(2027, 3, 27), Held.LATE)
    assert headlines(run.edition) == ["3-26"], "the first looks back a day"


def test_after_a_restore_it_asks_as_it_may_have_left_before(digest_on, publish_at, mailroom, time_machine):
    digest_on()
    publish_at(paris("3-24", 13))
    time_machine.move_to(paris("3-25", 7, 4), tick=False)
    bulk_lock.lock(Doubt.MISSING, at=timezone.now())
    bulk_lock.unlock(by="morel", at=timezone.now())
    pass_time(time_machine, begin=paris("3-25", 7, 5), end=paris("3-25", 7, 10))
    assert Edition.objects.get().held_because == Held.RESTORED
    assert mailroom.deliver() == []


@pytest.mark.parametrize("change", ["deleted", "inactive"])
def test_it_leaves_in_the_name_of_one_who_still_may(
    digest_on, newsletter, publish_at, django_user_model, time_machine, change
):
    digest_on()
    user = django_user_model.objects.create_superuser("parti", "p@depeche.test", "un long mot de passe")
    digesting.set_up(newsletter, is_on=True, leaves_at=SEVEN, weekdays="1234567", needs_review=False, by=user)
    user.delete() if change == "deleted" else django_user_model.objects.filter(pk=user.pk).update(
        is_active=False
    )
    publish_at(paris("3-24", 13))
    pass_time(time_machine, begin=paris("3-25", 7), end=paris("3-25", 7, 5))
    assert Edition.objects.get().held_because == Held.PERSON


def test_a_worker_that_comes_second_makes_none(digest_on, publish_at, time_machine):
    digest = digest_on()
    publish_at(paris("3-24", 13))
    time_machine.move_to(paris("3-25"), tick=False)
    seen_by_the_second = Digest.objects.get(pk=digest.pk)
    assert len(digesting.compose_due()) == 1
    assert digesting._run(seen_by_the_second, at=timezone.now()) is None
    assert digesting.compose_due() == []
    assert Edition.objects.count() == 1


def test_the_database_itself_refuses_a_second_of_a_day(digest_on, publish_at, time_machine, monkeypatch):
    digest = digest_on()
    publish_at(paris("3-24", 13))
    time_machine.move_to(paris("3-25"), tick=False)
    digesting.compose_due()
    run = DigestRun.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        DigestRun.objects.create(
            digest=digest, day=run.day, since=run.since, due_at=run.due_at, ran_at=run.ran_at, articles=0
        )
    publish_at(paris("3-24", 14), "Un autre")
    due = digesting.Due(run.day, run.due_at)
    monkeypatch.setattr(digesting, "_last_due", lambda digest, at: due)  # one that saw no row yet
    assert digesting.compose_due() == []
    assert Edition.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a database in memory bears one thread")
@pytest.mark.django_db(transaction=True)
def test_workers_that_look_at_the_same_moment_make_one(digest_on, publish_at, time_machine):
    digest_on()
    publish_at(paris("3-24", 13))
    time_machine.move_to(paris("3-25"), tick=False)
    together, made = threading.Barrier(6), []

    def work():
        try:
            together.wait()
            made.extend(digesting.compose_due())
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (len(made), Edition.objects.count(), DigestRun.objects.count()) == (1, 1, 1)


def test_one_that_cannot_be_put_together_stops_no_other_and_is_tried_again(
    digest_on, publish_at, time_machine, monkeypatch
):
    digest_on()
    other = digest_on(to=Newsletter.objects.get(language="en"))
    publish_at(paris("3-24", 13))
    time_machine.move_to(paris("3-25"), tick=False)
    with monkeypatch.context() as patch:
        patch.setattr(digest_words, "subject", lambda *_: 1 / 0)
        assert [run.digest for run in digesting.compose_due()] == [other]
    assert not Edition.objects.exists()
    assert [run.articles for run in digesting.compose_due()] == [1]


def test_what_was_due_before_its_hour_was_set_is_not_made_up_for(digest_on, publish_at, time_machine):
    publish_at(paris("3-24", 13))
    time_machine.move_to(paris("3-25", 8), tick=False)
    digest_on()
    assert digesting.compose_due() == []
    digest_on(leaves_at=dt.time(6))
    assert digesting.compose_due() == []
    assert digesting.next_due(Digest.objects.get(), after=timezone.now()).at == paris("3-26", 6)


def test_another_hour_later_the_same_day_makes_no_second(digest_on, publish_at, time_machine):
    digest_on()
    publish_at(paris("3-24", 13))
    pass_time(time_machine, begin=paris("3-25"), end=paris("3-25", 7, 5))
    publish_at(paris("3-25", 8), "Plus tard")
    time_machine.move_to(paris("3-25", 8, 30), tick=False)
    digest_on(leaves_at=dt.time(9))
    left = pass_time(time_machine, begin=paris("3-25", 8, 35), end=paris("3-25", 23))
    assert left == [paris("3-25")]
    assert digesting.next_due(Digest.objects.get(), after=timezone.now()).at == paris("3-26", 9)


def test_turned_off_it_rests_and_turned_on_again_it_looks_back_a_day(digest_on, publish_at, time_machine):
    digest_on()
    publish_at(paris("3-24", 13))
    pass_time(time_machine, begin=paris("3-25"), end=paris("3-25", 7, 5))
    digest_on(is_on=False)
    publish_at(paris("4-1", 8), "Pendant la pause")
    assert len(pass_time(time_machine, begin=paris("4-2", 6), end=paris("4-2", 9))) == 1
    time_machine.move_to(paris("5-1", 12), tick=False)
    digest_on()
    publish_at(paris("5-1", 20), "Après")
    pass_time(time_machine, begin=paris("5-2"), end=paris("5-2", 7, 5))
    assert headlines(DigestRun.objects.order_by("day").last().edition) == ["Après"]


def test_a_long_headline_makes_no_long_subject(digest_on, publish_at, time_machine):
    digest_on()
    publish_at(paris("3-24", 13), "Passerelle " * 20 + "x")
    pass_time(time_machine, begin=paris("3-25"), end=paris("3-25"))
    subject = Edition.objects.get().subject
    assert len(subject) <= 150
    assert subject.endswith("Passerelle…")


def test_too_many_articles_for_a_mail_ask_a_person(digest_on, publish_at, write, section, time_machine):
    digest_on()
    first = publish_at(paris("3-24", 13), standfirst="é" * 1000)
    for number in range(50):
        copied = first.copy(
            to=section, update_attrs={"slug": f"n{number}"}, copy_revisions=False, log_action=None
        )
        Article.objects.filter(pk=copied.pk).update(live=True, first_published_at=paris("3-24", 14))
    pass_time(time_machine, begin=paris("3-25"), end=paris("3-25", 7, 5))
    edition = Edition.objects.get()
    assert (edition.state, edition.held_because) == (EditionState.SCHEDULED, Held.SIZE)


def test_a_moment_is_the_one_the_calendar_standard_says():
    def at(hour, minute, day, month):
        return newsroom_clock.moment(dt.datetime.combine(dt.date(2027, month, day), dt.time(hour, minute)))

    assert at(2, 30, 28, 3) == dt.datetime(2027, 3, 28, 1, 30, tzinfo=dt.UTC)
    assert at(2, 30, 31, 10) == dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)
    assert at(7, 0, 28, 3) == dt.datetime(2027, 3, 28, 5, 0, tzinfo=dt.UTC)
