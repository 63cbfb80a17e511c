"""The rule that whoever writes does not publish alone holds on every road, and loses no draft."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.actions.publish_page_revision import PublishPagePermissionError, PublishPageRevisionAction

from depeche.articles import actions
from depeche.articles.models import Article
from depeche.articles.rules import PublishingRules
from depeche.articles.second_person import NeedsSecondPerson

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(newsroom):
    rules = PublishingRules.load()
    rules.needs_second_person = True
    rules.save()


@pytest.fixture
def paul(publisher):
    return publisher("paul")


@pytest.fixture
def anne(publisher):
    return publisher("anne")


@pytest.fixture
def own(section, paul):
    """An article that Paul wrote alone."""
    article = Article(title="Seul", live=False, locale=section.locale, owner=paul)
    section.add_child(instance=article)
    article.save_revision(user=paul)
    return article


def is_live(article) -> bool:
    return Article.objects.get(pk=article.pk).live


def test_without_the_rule_anybody_publishes_their_own(own, paul):
    actions.publish(own, by=paul)
    assert is_live(own)


def test_the_action_refuses(rule, own, paul):
    with pytest.raises(NeedsSecondPerson):
        actions.publish(own, by=paul)
    assert not is_live(own)


def test_a_second_person_publishes(rule, own, anne):
    actions.publish(own, by=anne)
    assert is_live(own)


def test_a_correction_of_what_is_published_needs_a_second_person_again(rule, own, paul, anne):
    actions.publish(own, by=anne)
    own.standfirst = "Une phrase de plus."
    own.save_revision(user=paul)
    with pytest.raises(NeedsSecondPerson):
        actions.publish(own, by=paul)
    own.standfirst = "Une phrase de plus, relue."
    own.save_revision(user=anne)
    actions.publish(own, by=paul)
    own.refresh_from_db()
    assert own.standfirst == "Une phrase de plus, relue."


def test_publishing_a_revision_refuses_even_past_the_permissions(rule, own, paul):
    with pytest.raises(NeedsSecondPerson):
        own.get_latest_revision().publish(user=paul, skip_permission_checks=True)


def test_wagtails_own_action_refuses(rule, own, paul):
    with pytest.raises(PublishPagePermissionError):
        PublishPageRevisionAction(own.get_latest_revision(), user=paul).execute()


def test_an_administrator_is_no_exception(rule, section, editor):
    article = Article(title="Seul", live=False, locale=section.locale)
    section.add_child(instance=article)
    article.save_revision(user=editor)
    with pytest.raises(NeedsSecondPerson):
        actions.publish(article, by=editor)


def test_the_editors_button_keeps_the_draft_and_names_who_may(rule, own, paul, anne, client, form):
    client.force_login(paul)
    url = reverse("wagtailadmin_pages:edit", args=[own.pk])
    page = client.get(url).content.decode()
    assert "Demandez à Anne" in page
    assert 'name="action-publish"' not in page
    client.post(url, form(own, standfirst="Écrit à l’instant.", **{"action-publish": "1"}))
    assert not is_live(own)
    own.refresh_from_db()
    assert own.get_latest_revision().as_object().standfirst == "Écrit à l’instant."


def test_writing_and_publishing_at_one_stroke_keeps_the_draft(rule, own, paul, anne, client, form):
    actions.publish(own, by=anne)
    client.force_login(paul)
    url = reverse("wagtailadmin_pages:edit", args=[own.pk])
    answer = client.post(
        url, form(own, standfirst="D’un seul trait.", **{"action-publish": "1"}), follow=True
    )
    assert "Demandez à Anne" in answer.content.decode()
    own.refresh_from_db()
    assert own.standfirst == ""
    assert own.get_latest_revision().as_object().standfirst == "D’un seul trait."


def test_a_new_article_is_kept_as_a_draft(rule, section, paul, anne, client, form):
    client.force_login(paul)
    new = Article(title="Tout neuf", slug="tout-neuf")
    answer = client.post(
        reverse("wagtailadmin_pages:add", args=["articles", "article", section.pk]),
        form(new, **{"action-publish": "1"}),
        follow=True,
    )
    assert "Demandez à Anne" in answer.content.decode()
    assert not is_live(Article.objects.get(title="Tout neuf"))


def test_publishing_many_at_once_refuses_and_says_which(rule, own, paul, anne, client):
    client.force_login(paul)
    url = f"/admin/bulk/wagtailcore/page/publish/?id={own.pk}&next=/admin/"
    answer = client.post(url, follow=True)
    assert "Vous avez écrit seul « Seul »" in answer.content.decode().replace("\u00a0", " ")
    assert not is_live(own)


def test_the_last_approval_is_not_offered_to_who_wrote_it_alone(rule, own, paul, anne):
    own.get_workflow().start(own, paul)
    for user in (anne, paul):
        state = own.current_workflow_task_state
        if user is anne:
            state.task.specific.on_action(state, anne, "approve")
    own.refresh_from_db()
    offered = own.current_workflow_task.get_actions(own, paul)
    assert [name for name, _label, _modal in offered] == ["reject"]
    state = own.current_workflow_task_state
    with pytest.raises(NeedsSecondPerson):
        state.task.specific.on_action(state, paul, "approve")
    assert own.workflow_in_progress, "nothing of the approval stays"
    assert not is_live(own)
    state = own.current_workflow_task_state
    state.task.specific.on_action(state, anne, "approve")
    assert is_live(own)


def test_the_importer_keeps_the_draft(rule, paul, anne, section, tmp_path):
    text = tmp_path / "texte.txt"
    text.write_text("Un titre\n\nUn premier paragraphe, assez long pour en être un, dit la mairie.\n")
    said = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_articles", str(text), publish=True, by="paul", stderr=said, stdout=io.StringIO())
    assert "Demandez à Anne" in said.getvalue()
    assert not Article.objects.get(title="Un titre").live


def test_what_was_scheduled_by_another_appears_in_its_time(rule, own, anne, time_machine):
    import datetime as dt

    from django.utils import timezone

    from depeche.articles.scheduling import publish_due

    own.go_live_at = timezone.now() + dt.timedelta(hours=1)
    own.save_revision(user=anne).publish(user=anne)
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1, minutes=1))
    publish_due()
    assert is_live(own)


def test_a_copy_of_what_another_wrote_was_written_by_nobody_else(rule, own, paul, anne, client):
    client.force_login(anne)
    sent = {"new_title": "Copie", "new_slug": "copie", "new_parent_page": own.get_parent().pk}
    client.post(reverse("wagtailadmin_pages:copy", args=[own.pk]), sent)
    copy = Article.objects.get(slug="copie")
    copy.standfirst = "Tout est réécrit."
    copy.save_revision(user=anne)
    with pytest.raises(NeedsSecondPerson):
        actions.publish(copy, by=anne)
    actions.publish(copy, by=paul)


def test_a_copy_is_not_published_at_one_stroke(rule, own, paul, anne, client):
    actions.publish(own, by=anne)
    client.force_login(paul)
    sent = {"new_title": "Tout autre", "new_slug": "copie", "new_parent_page": own.get_parent().pk}
    client.post(reverse("wagtailadmin_pages:copy", args=[own.pk]), {**sent, "publish_copies": "on"})
    assert not Article.objects.filter(slug="copie").exists()


def test_asking_costs_the_same_however_often_it_was_saved(
    rule, own, paul, anne, client, django_assert_max_num_queries
):
    for number in range(40):
        own.standfirst = f"Version {number}"
        own.save_revision(user=paul)
    client.force_login(paul)
    url = reverse("wagtailadmin_pages:edit", args=[own.pk])
    client.get(url)
    with django_assert_max_num_queries(200):
        page = client.get(url)
    assert 'name="action-publish"' not in page.content.decode()


def test_nobody_is_sent_to_a_colleague_who_signs_it_too(rule, own, paul, anne, publisher, client):
    from depeche.articles.models import Byline, Person

    publisher("zoe")
    own.bylines.add(Byline(person=Person.objects.create(name="Anne", slug="anne", user=anne)))
    own.save_revision(user=paul)
    client.force_login(paul)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[own.pk])).content.decode()
    assert "Demandez à Zoe" in page


def test_who_signs_may_still_take_it_from_readers_and_from_search_engines(rule, own, paul, anne, client):
    import datetime as dt

    from depeche.articles.models import Byline, Person

    own.bylines.add(Byline(person=Person.objects.create(name="Paul", slug="paul", user=paul)))
    own.save_revision(user=paul)
    actions.publish(own, by=anne)
    own.refresh_from_db()
    actions.delist(own, reason="x", requested_on=dt.date(2026, 11, 2), by=paul)
    client.force_login(paul)
    address = f"/admin/articles/{own.pk}/search-engines/"
    assert address in client.get(reverse("wagtailadmin_pages:edit", args=[own.pk])).content.decode()
    client.post(address, {"relist": "1"})
    assert not own.is_hidden_from_search
    actions.take_down(own, reason="x", by=paul)
    assert not is_live(own)


def test_a_workflow_of_the_newsrooms_own_says_who_may_approve(rule, own, paul, anne, client, form):
    from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

    task = GroupApprovalTask.objects.create(name="Relecture")
    task.groups.set(paul.groups.all())
    workflow = Workflow.objects.create(name="Le nôtre")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    workflow.start(own, paul)
    client.force_login(paul)
    url = reverse("wagtailadmin_pages:edit", args=[own.pk])
    assert 'data-workflow-action-name="approve"' not in client.get(url).content.decode()
    approval = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    answer = client.post(url, form(own, standfirst="Relu.", **approval), follow=True)
    assert "Demandez à Anne" in answer.content.decode()
    own.refresh_from_db()
    assert not own.live
    assert own.workflow_in_progress
    assert own.get_latest_revision().as_object().standfirst == "Relu."
