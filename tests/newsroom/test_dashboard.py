"""Who signs in sees what waits for them, and nothing that is not theirs to do."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from depeche.articles.models import MissedSchedule
from depeche.newsletters.models import Edition
from depeche.newsroom import waiting

pytestmark = pytest.mark.django_db


def found(user) -> dict[str, list[str]]:
    return {pile.key: [row.headline for row in pile.rows] for pile in waiting.piles(user)}


@pytest.fixture
def four(colleague):
    return {role: colleague(role) for role in ("contributor", "editor", "publisher", "subscriber_desk")}


def send_for_review(article, by):
    article.get_workflow().start(article, by)
    return article


def act(article, user, action, **words):
    state = article.current_workflow_task_state
    state.task.specific.on_action(state, user, action, **words)
    article.refresh_from_db()


def test_a_draft_is_its_authors_then_the_desks_then_the_publishers(four, draft):
    article = draft(four["contributor"], "Le pont")
    assert found(four["contributor"]) == {"drafts": ["Le pont"]}
    send_for_review(article, four["contributor"])
    assert found(four["contributor"]) == {"with_others": ["Le pont"]}
    assert found(four["editor"]) == {"to_review": ["Le pont"]}
    assert found(four["publisher"]) == {"to_review": ["Le pont"]}
    act(article, four["editor"], "approve")
    assert found(four["editor"]) == {}
    assert found(four["publisher"]) == {"to_publish": ["Le pont"]}


def test_who_needs_a_second_person_is_not_told_to_publish(four, draft, colleague):
    from depeche.articles.rules import PublishingRules

    PublishingRules.objects.create(needs_second_person=True)
    writer, other = four["publisher"], colleague("publisher", "anne")
    act(send_for_review(draft(writer, "Le pont"), writer), other, "approve")
    assert found(writer) == {"to_review": ["Le pont"]}
    assert [row.act for pile in waiting.piles(writer) for row in pile.rows] == ["Lire"]
    assert found(other) == {"to_publish": ["Le pont"]}


def test_what_came_back_shows_who_sent_it_and_why(four, draft):
    article = send_for_review(draft(four["contributor"], "Le pont"), four["contributor"])
    act(article, four["editor"], "reject", comment="Qui le dit ?")
    (pile,) = waiting.piles(four["contributor"])
    (row,) = pile.rows
    assert (pile.key, row.note, row.who) == ("sent_back", "Qui le dit ?", four["editor"])


def test_editions_wait_for_who_may_send_or_compose_them(four, newsletter):
    Edition.objects.create(newsletter=newsletter, subject="Ce matin")
    assert found(four["publisher"]) == {"editions": ["Ce matin"]}
    assert found(four["editor"]) == {"editions": ["Ce matin"]}
    assert found(four["contributor"]) == {}
    assert found(four["subscriber_desk"]) == {}


def test_what_is_scheduled_is_seen_by_the_desk_and_its_author_only(four, draft, colleague):
    article = draft(four["contributor"], "Demain")
    article.go_live_at = timezone.now() + dt.timedelta(hours=9)
    article.save_revision(user=four["publisher"]).publish(user=four["publisher"])
    for role in ("contributor", "editor", "publisher"):
        assert found(four[role]) == {"scheduled": ["Demain"]}, role
    assert found(colleague("contributor", "autre")) == {}


def test_what_was_missed_waits_for_publishers(four, draft):
    article = draft(four["publisher"], "Ce matin")
    send_for_review(article, four["publisher"])
    now = timezone.now()
    MissedSchedule.objects.create(
        kind="publish",
        content_type=article.get_base_content_type()
        if hasattr(article, "get_base_content_type")
        else article.content_type,
        object_id=str(article.pk),
        title="Ce matin",
        due_at=now,
        failed_at=now,
        next_try_at=now,
        reason="ValueError: non",
    )
    assert found(four["publisher"])["missed"] == ["Ce matin"]
    assert "missed" not in found(four["editor"])


def test_an_empty_dashboard_says_so_and_offers_to_write(four, client):
    client.force_login(four["contributor"])
    page = client.get("/admin/").content.decode()
    assert "Rien ne vous attend." in page
    assert reverse("write_article") in page


def test_the_subscriber_desk_is_offered_no_article(four, client):
    client.force_login(four["subscriber_desk"])
    assert reverse("write_article") not in client.get("/admin/").content.decode()


def test_the_dashboard_speaks_each_persons_language(colleague, client):
    client.force_login(colleague("editor", "sam", language="en"))
    page = client.get("/admin/").content.decode()
    assert "What waits for me" in page
    assert "Rien ne vous attend" not in page


def test_a_full_dashboard_asks_the_database_little(
    four, draft, newsletter, client, django_assert_max_num_queries
):
    publisher, contributor = four["publisher"], four["contributor"]
    for number in range(6):
        send_for_review(draft(contributor, f"À relire {number}"), contributor)
        act(send_for_review(draft(publisher, f"À publier {number}"), publisher), publisher, "approve")
        draft(publisher, f"Brouillon {number}")
        Edition.objects.create(newsletter=newsletter, subject=f"Édition {number}")
    back = send_for_review(draft(publisher, "À reprendre"), publisher)
    act(back, publisher, "reject", comment="Non.")
    client.force_login(publisher)
    client.get("/admin/")
    with django_assert_max_num_queries(26):
        page = client.get("/admin/").content.decode()
    for words in ("À relire 5", "À publier 5", "Brouillon 5", "Édition 5", "À reprendre"):
        assert words in page


def test_writing_begins_with_the_choice_of_a_section(four, client, section):
    client.force_login(four["contributor"])
    page = client.get(reverse("write_article")).content.decode()
    assert f"/admin/pages/add/articles/article/{section.pk}/" in page
