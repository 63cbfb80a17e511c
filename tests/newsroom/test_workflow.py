"""From the contributor's draft over the desk to the publisher, and back with a comment."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from depeche.newsroom.models import CommentNeeded

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(colleague, draft):
    contributor = colleague("contributor", "camille")
    colleague("editor", "elise")
    colleague("publisher", "paul", language="en")
    article = draft(contributor)
    article.get_workflow().start(article, contributor)
    return article


def people(django_user_model, *names):
    return [django_user_model.objects.get(username=name) for name in names]


def act(article, user, action, **words):
    state = article.current_workflow_task_state
    state.task.specific.on_action(state, user, action, **words)
    article.refresh_from_db()


def test_who_reviews_is_written_to_in_their_language_with_where_to_act(submitted, mailroom):
    mails = {mail["To"]: mail for mail in mailroom.deliver()}
    assert set(mails) == {"elise@depeche.test", "paul@depeche.test"}
    french, english = mails["elise@depeche.test"], mails["paul@depeche.test"]
    assert french["Subject"] == "Relecture : La passerelle rouvrira"
    assert "Lisez-le, puis approuvez-le" in french.get_content()
    assert "Read it, then approve it" in english.get_content()
    for mail in mails.values():
        assert mail["From"] == "Dépêche <redaction@depeche.test>"
        assert f"/admin/pages/{submitted.pk}/edit/" in mail.get_content()
        assert "Moderators" not in mail.as_string()


def test_sending_back_needs_a_comment(submitted, django_user_model, client):
    (elise,) = people(django_user_model, "elise")
    with pytest.raises(CommentNeeded):
        act(submitted, elise, "reject", comment="  ")
    client.force_login(elise)
    state = submitted.current_workflow_task_state
    url = reverse("wagtailadmin_pages:collect_workflow_action_data", args=[submitted.pk, "reject", state.pk])
    answer = client.post(url, {"comment": ""}, headers={"x-requested-with": "XMLHttpRequest"})
    assert "Dites ce qu’il faut reprendre" in json.loads(answer.content)["html"]
    submitted.refresh_from_db()
    assert submitted.workflow_in_progress


def test_the_author_gets_the_comment_by_mail_and_above_the_article(
    submitted, django_user_model, mailroom, client
):
    camille, elise = people(django_user_model, "camille", "elise")
    mailroom.deliver()
    act(submitted, elise, "reject", comment="Qui le dit ?")
    mail = mailroom.deliver()[-1]
    assert mail["To"] == "camille@depeche.test"
    assert "Qui le dit ?" in mail.get_content()
    client.force_login(camille)
    page = client.get(f"/admin/pages/{submitted.pk}/edit/").content.decode()
    assert "Qui le dit ?" in page


def test_an_approval_is_sent_once_and_a_late_one_is_told_so(submitted, django_user_model, client):
    (paul,) = people(django_user_model, "paul")
    client.force_login(paul)
    url = reverse("wagtailadmin_pages:edit", args=[submitted.pk])
    parts = submitted.get_edit_handler().get_form_class().formsets
    counts = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    approval = {f"{part}-{count}": "0" for part in (*parts, "comments") for count in counts}
    approval |= {"title": submitted.title, "slug": submitted.slug, "kind": submitted.kind, "body-count": "0"}
    approval |= {"ai_use": "none", "action-workflow-action": "1", "workflow-action-name": "approve"}
    before = submitted.current_workflow_task

    by_itself = client.post(url, approval, headers={"accept": "application/json"})
    assert by_itself.status_code == 400
    submitted.refresh_from_db()
    assert submitted.current_workflow_task == before, "the editor that saves by itself approves nothing"

    act(submitted, paul, "approve")
    act(submitted, paul, "approve")
    assert submitted.live
    assert "A colleague was faster" in client.post(url, approval, follow=True).content.decode()


def test_the_last_approval_publishes(submitted, django_user_model, mailroom):
    elise, paul = people(django_user_model, "elise", "paul")
    act(submitted, elise, "approve")
    assert not submitted.live
    assert not submitted.current_workflow_task.get_actions(submitted, elise)
    act(submitted, paul, "approve")
    assert submitted.live
    mail = mailroom.deliver()[-1]
    assert (mail["To"], mail["Subject"]) == ("camille@depeche.test", "Publié : La passerelle rouvrira")


def test_the_last_approval_schedules_where_a_date_is_set(submitted, django_user_model, mailroom, client):
    elise, paul = people(django_user_model, "elise", "paul")
    act(submitted, elise, "approve")
    submitted.go_live_at = timezone.now() + dt.timedelta(hours=9)
    submitted.save_revision(user=paul)
    client.force_login(paul)
    assert "Approve and schedule" in client.get(f"/admin/pages/{submitted.pk}/edit/").content.decode()
    act(submitted, paul, "approve")
    assert not submitted.live
    assert submitted.approved_schedule
    assert "Il paraîtra le" in mailroom.deliver()[-1].get_content()


def test_resubmitting_goes_back_to_who_sent_it_back(submitted, django_user_model):
    camille, elise, paul = people(django_user_model, "camille", "elise", "paul")
    act(submitted, elise, "approve")
    act(submitted, paul, "reject", comment="Le titre dit trop.")
    assert submitted.current_workflow_state.status == "needs_changes"
    submitted.current_workflow_state.resume(camille)
    assert submitted.current_workflow_task.name == "Bon à publier"


def test_an_incomplete_form_is_the_senders_fault(submitted, django_user_model, client):
    (elise,) = people(django_user_model, "elise")
    client.force_login(elise)
    answer = client.post(f"/admin/pages/{submitted.pk}/edit/", {"title": "Sans le reste"})
    assert answer.status_code == 400
    assert "rien n’a été enregistré" in answer.content.decode()
