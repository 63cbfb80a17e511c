"""A new article, from the editor's form: readers have it once it is published, and not before."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks

from depeche.articles.models import Article

pytestmark = pytest.mark.django_db


@pytest.fixture
def publish_new(client, editor, section, form):
    """Create and publish at once, with the editor's button."""

    def _publish_new(**fields):
        client.force_login(editor)
        url = reverse("wagtailadmin_pages:add", args=["articles", "article", section.pk])
        fields |= {"action-publish": "1"}
        return client.post(url, form(Article(title="Tout neuf", slug="tout-neuf"), **fields), follow=True)

    return _publish_new


@pytest.fixture
def meanwhile():
    """What readers have just before the publication."""
    seen = []

    def look(request, page):
        seen.append(list(Article.objects.published()))

    with hooks.register_temporarily("before_publish_page", look, order=-1):
        yield seen


def tomorrow() -> str:
    return f"{timezone.localtime() + dt.timedelta(days=1):%Y-%m-%d %H:%M}"


def test_readers_do_not_have_it_before_it_is_published(publish_new, meanwhile, client):
    publish_new()
    assert meanwhile == [[]]
    article = Article.objects.get(title="Tout neuf")
    assert article.live
    assert article.first_published_at
    assert article.content_sha256, "the publication was noted"
    assert not article.has_unpublished_changes


def test_under_embargo_the_button_schedules_it_and_says_so(publish_new, meanwhile):
    answer = publish_new(embargo_until=tomorrow()).content.decode()
    assert meanwhile == [[]]
    article = Article.objects.get(title="Tout neuf")
    assert not article.live
    assert article.get_latest_revision().approved_go_live_at == article.embargo_until
    assert "is scheduled" in answer or "levée de l’embargo" in answer
    assert "created and published" not in answer
    assert "créée et publiée" not in answer


def test_a_correction_under_embargo_is_scheduled_and_the_button_says_so(write, client, editor, form):
    article = write()
    client.force_login(editor)
    url = reverse("wagtailadmin_pages:edit", args=[article.pk])
    sent = form(article, standfirst="Corrigé.", embargo_until=tomorrow(), **{"action-publish": "1"})
    answer = client.post(url, sent, follow=True).content.decode()
    assert "is scheduled" in answer or "levée de l’embargo" in answer
    article.refresh_from_db()
    assert article.standfirst == ""
    assert article.get_latest_revision().approved_go_live_at


def test_an_embargo_that_was_lifted_holds_nothing_back(write, editor):
    draft = write(published=False, embargo_until=timezone.now() + dt.timedelta(hours=3))
    draft.get_latest_revision().publish(user=editor)
    again = draft.get_latest_revision_as_object()
    assert again.go_live_at is None, "nobody chose a time"
    again.embargo_until = None
    again.save_revision(user=editor).publish(user=editor)
    draft.refresh_from_db()
    assert draft.live


def test_an_embargo_that_ends_after_the_last_day_is_refused(write, client, editor, form):
    draft = write(published=False)
    client.force_login(editor)
    url = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    soon = f"{timezone.localtime() + dt.timedelta(hours=1):%Y-%m-%d %H:%M}"
    answer = client.post(url, form(draft, embargo_until=tomorrow(), expire_at=soon))
    assert "embargo_until" in answer.context["form"].errors
