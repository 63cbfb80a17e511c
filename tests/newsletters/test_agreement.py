"""A second person agrees before an edition leaves, where its newsletter asks for one."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from depeche.newsletters import actions, agreement, control, scheduling
from depeche.newsletters.models import Edition, EditionItem, Held, SendRequest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_are_needed(newsletter, subscribe):
    newsletter.needs_second_person = True
    newsletter.save()
    subscribe()


@pytest.fixture
def second(django_user_model):
    return django_user_model.objects.create_superuser("roche", "roche@depeche.test", "un long mot de passe")


@pytest.fixture
def later():
    return timezone.now() + dt.timedelta(hours=5)


def fresh(edition):
    return Edition.objects.get(pk=edition.pk)


def test_one_asks_another_agrees_and_it_leaves_in_the_name_of_who_asked(compose, editor, second, mailroom):
    edition = control.send_now(compose(), by=editor)
    assert edition.is_draft
    assert mailroom.deliver() == []
    asked = agreement.open_request(edition)
    assert (asked.asked_by, asked.leave_at) == (editor, None)
    sent = control.agree(edition, by=second)
    assert (sent.sent_by, len(mailroom.deliver())) == (editor, 1)
    answer = agreement.last_answer(sent)
    assert (answer.is_agreed, answer.answered_by) == (True, second)


def test_a_time_is_agreed_to_as_well(compose, editor, second, later, mailroom, time_machine):
    edition = scheduling.schedule(compose(), leave_at=later, by=editor)
    assert edition.is_draft
    done = control.agree(edition, by=second)
    assert (done.state, done.scheduled_at, done.scheduled_by) == ("scheduled", later, editor)
    time_machine.move_to(later)
    assert scheduling.send_due() == []
    assert len(mailroom.deliver()) == 1


def test_who_asked_cannot_agree(compose, editor):
    edition = control.send_now(compose(), by=editor)
    with pytest.raises(agreement.SamePerson):
        control.agree(edition, by=editor)
    assert fresh(edition).is_draft
    assert agreement.open_request(edition), "and it is still asked"


def test_the_database_itself_refuses_who_agrees_with_themselves(compose, editor):
    control.send_now(compose(), by=editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        SendRequest.objects.update(answered_by=editor, answered_at=timezone.now(), is_agreed=True)


def test_the_database_itself_refuses_two_open_questions(compose, editor):
    edition = control.send_now(compose(), by=editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        SendRequest.objects.create(edition=edition, asked_by=editor, asked_at=timezone.now(), words="x")


def test_no_road_leads_past_it(compose, editor):
    with pytest.raises(agreement.NeedsSecondPerson):
        actions.send(compose(), by=editor)


@pytest.mark.parametrize("change", ["subject", "introduction", "order", "more", "less"])
def test_what_was_changed_since_was_not_agreed_to(
    compose, write, editor, second, later, time_machine, change
):
    edition = compose(write("Une"), write("Deux"))
    edition = scheduling.schedule(edition, leave_at=later, by=editor)
    edition = control.agree(edition, by=second)
    first = edition.items.order_by("sort_order").first()
    if change in ("subject", "introduction"):
        Edition.objects.filter(pk=edition.pk).update(**{change: "Autre chose"})
    elif change == "order":
        EditionItem.objects.filter(pk=first.pk).update(sort_order=9)
    elif change == "more":
        EditionItem.objects.create(edition=edition, article=write("Trois"), sort_order=9)
    else:
        first.delete()
    time_machine.move_to(later)
    (held,) = scheduling.send_due()
    assert held.held_because == Held.AGREEMENT
    with pytest.raises(agreement.NeedsSecondPerson):
        actions.send(held, by=second)


def test_a_question_about_what_was_changed_since_is_void(compose, editor, second):
    edition = control.send_now(compose(), by=editor)
    Edition.objects.filter(pk=edition.pk).update(subject="Un autre objet")
    assert agreement.open_request(fresh(edition)) is None
    with pytest.raises(agreement.NothingAsked):
        control.agree(edition, by=second)
    control.send_now(fresh(edition), by=second)
    assert agreement.open_request(fresh(edition)).asked_by == second
    assert control.agree(edition, by=editor).has_left


def test_a_time_agreed_to_may_pass_but_not_be_brought_forward(compose, editor, second, later, time_machine):
    edition = scheduling.schedule(compose(), leave_at=later, by=editor)
    control.agree(edition, by=second)
    assert not control.send_now(edition, by=editor).has_left, "an embargo is part of what was agreed to"
    assert agreement.open_request(edition).leave_at is None
    time_machine.move_to(later + dt.timedelta(hours=1))
    (held,) = scheduling.send_due()
    assert held.held_because == Held.LATE
    assert control.send_now(held, by=editor).has_left


def test_declining_says_why_and_leaves_a_draft(compose, editor, second):
    edition = control.send_now(compose(), by=editor)
    control.decline(edition, by=second, because="Le titre promet trop.")
    assert agreement.open_request(edition) is None
    answer = agreement.last_answer(edition)
    assert (answer.is_agreed, answer.because, answer.answered_by) == (False, "Le titre promet trop.", second)
    with pytest.raises(agreement.NothingAsked):
        control.agree(edition, by=second)
    assert fresh(edition).is_draft


def test_who_asked_takes_it_back_by_declining(compose, editor, second):
    edition = control.send_now(compose(), by=editor)
    control.decline(edition, by=editor, because="")
    with pytest.raises(agreement.NothingAsked):
        control.agree(edition, by=second)


def test_the_second_who_agrees_is_told_that_it_was_done(compose, editor, second, django_user_model, mailroom):
    third = django_user_model.objects.create_superuser("third", "t@depeche.test", "un long mot de passe")
    edition = control.send_now(compose(), by=editor)
    control.agree(edition, by=second)
    with pytest.raises(agreement.NothingAsked):
        control.agree(edition, by=third)
    assert len(mailroom.deliver()) == 1


def test_only_who_may_send_is_a_second_person(compose, editor, django_user_model):
    intern = django_user_model.objects.create_user("stagiaire", "s@depeche.test", "un long mot de passe")
    edition = control.send_now(compose(), by=editor)
    for verb in (control.agree, control.send_now):
        with pytest.raises(actions.NotAllowed):
            verb(edition, by=intern)
    with pytest.raises(actions.NotAllowed):
        control.decline(edition, by=intern, because="non")


def test_agreeing_too_late_sends_nothing_and_answers_nothing(compose, editor, second, later, time_machine):
    edition = scheduling.schedule(compose(), leave_at=later, by=editor)
    time_machine.move_to(later + dt.timedelta(minutes=1))
    with pytest.raises(scheduling.InThePast):
        control.agree(edition, by=second)
    assert fresh(edition).is_draft
    assert agreement.open_request(edition)


def test_who_asked_and_may_not_send_any_more_asks_for_nothing(compose, editor, second, django_user_model):
    edition = control.send_now(compose(), by=editor)
    django_user_model.objects.filter(pk=editor.pk).update(is_active=False)
    with pytest.raises(agreement.NothingAsked):
        control.agree(edition, by=second)
    assert fresh(edition).is_draft


def test_nothing_unready_is_asked_for(compose, write, editor):
    with pytest.raises(actions.NotPublished):
        control.send_now(compose(write(published=False)), by=editor)
    assert not SendRequest.objects.exists()


def test_switched_on_later_it_holds_back_what_was_scheduled_alone(
    compose, editor, newsletter, later, time_machine
):
    type(newsletter).objects.update(needs_second_person=False)
    edition = scheduling.schedule(compose(), leave_at=later, by=editor)
    assert edition.state == "scheduled"
    type(newsletter).objects.update(needs_second_person=True)
    time_machine.move_to(later)
    assert [one.held_because for one in scheduling.send_due()] == [Held.AGREEMENT]


def test_another_newsletter_asks_nobody(compose, editor, newsletter):
    type(newsletter).objects.update(needs_second_person=False)
    assert control.send_now(compose(), by=editor).has_left
