"""Moved, taken down, under embargo, out of search engines: what becomes of an article's address."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from depeche.articles import actions
from depeche.articles.models import Article, Section
from depeche.newsletters import actions as newsletters

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_section(section):
    other = Section(title="Culture", slug="culture", locale=section.locale)
    section.get_parent().add_child(instance=other)
    return other


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What happens inside is followed by what a commit sets off."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def rename(page, slug, editor):
    page.refresh_from_db()
    page.slug = slug
    page.save_revision(user=editor).publish()


def test_a_changed_slug_redirects(write, editor, client, committed):
    article = write()
    before = article.url
    with committed():
        rename(article, "passerelle", editor)
    answer = client.get(before)
    assert (answer.status_code, answer["Location"]) == (301, "/actualites/passerelle/")


def test_a_changed_section_redirects_and_so_does_the_slug_of_a_section(
    write, other_section, editor, client, committed
):
    article = write()
    before = article.url
    with committed():
        article.move(other_section, "last-child", user=editor)
    assert client.get(before)["Location"] == f"/culture/{article.slug}/"
    with committed():
        rename(other_section, "arts", editor)
    assert client.get(f"/culture/{article.slug}/")["Location"] == f"/arts/{article.slug}/"
    assert client.get(before)["Location"] == f"/arts/{article.slug}/"


def test_taken_down_it_is_gone_and_says_why(write, editor, client):
    article = write()
    actions.take_down(article, reason="Un tribunal l’a demandé.", by=editor)
    answer = client.get(article.url)
    assert answer.status_code == 410
    assert "Un tribunal l’a demandé." in answer.content.decode()
    assert not answer.cookies
    article.get_latest_revision().publish(user=editor)
    assert client.get(article.url).status_code == 200


def test_a_draft_that_nobody_read_is_not_gone_but_unknown(write, client):
    assert client.get(write(published=False).url).status_code == 404


def test_what_moved_and_then_went_is_gone_at_its_old_address_too(write, editor, client, committed):
    article = write()
    before = article.url
    with committed():
        rename(article, "passerelle", editor)
    article.refresh_from_db()
    actions.take_down(article, reason="Retiré.", by=editor)
    assert client.get(before, follow=True).status_code == 410


def test_an_article_that_expired_is_gone_without_a_reason(write, editor, client):
    article = write()
    article.unpublish(set_expired=True)
    assert client.get(article.url).status_code == 410


@pytest.fixture
def edit(client, editor, form):
    """Save a draft with the editor's form."""

    def _edit(article, **fields):
        client.force_login(editor)
        answer = client.post(reverse("wagtailadmin_pages:edit", args=[article.pk]), form(article, **fields))
        client.logout()
        return answer

    return _edit


def test_a_draft_of_what_was_taken_down_is_not_shown_to_readers(write, editor, client, edit):
    article = write()
    actions.take_down(article, reason="Retiré.", by=editor)
    edit(article, title="Un secret")
    assert Article.objects.get().title == "Un secret"
    page = client.get(article.url).content.decode()
    assert "Un secret" not in page
    assert "La passerelle rouvrira" in page


def test_the_address_readers_know_stays_until_they_have_the_article_again(write, editor, client, edit):
    article = write()
    actions.take_down(article, reason="Retiré.", by=editor)
    answer = edit(article, title="Un secret", slug="un-secret")
    assert "slug" in answer.context["form"].errors
    assert client.get(article.url).status_code == 410


def test_a_draft_of_what_expired_is_not_shown_to_readers(write, editor, client, edit):
    article = write()
    article.unpublish(set_expired=True)
    edit(article, title="Un secret")
    answer = client.get(article.url)
    assert answer.status_code == 410
    assert "Un secret" not in answer.content.decode()


def test_an_expiry_does_not_tell_the_reason_of_an_earlier_take_down(write, editor, client):
    article = write()
    actions.take_down(article, reason="Un tribunal l’a demandé.", by=editor)
    article.get_latest_revision().publish(user=editor)
    article.refresh_from_db()
    article.unpublish(set_expired=True)
    page = client.get(article.url).content.decode()
    assert "Un tribunal l’a demandé." not in page


def test_a_redirect_set_up_by_the_newsroom_is_followed(write, editor, client):
    article, other = write(), write("La suite")
    Redirect.add_redirect(article.url, redirect_to=other, is_permanent=False)
    assert client.get(article.url).status_code == 200
    actions.take_down(article, reason="Remplacé.", by=editor)
    answer = client.get(article.url)
    assert (answer.status_code, answer["Location"]) == (302, other.url)


def test_a_redirect_to_itself_is_none(write, editor, client):
    article = write()
    Redirect.add_redirect(article.url, redirect_to=article)
    actions.take_down(article, reason="Retiré.", by=editor)
    assert client.get(article.url).status_code == 410


@pytest.mark.parametrize(
    "road", ["/admin/pages/{pk}/unpublish/", "/admin/bulk/wagtailcore/page/unpublish/?id={pk}"]
)
def test_a_section_does_not_take_its_articles_with_it(write, editor, client, road):
    article = write()
    client.force_login(editor)
    client.post(road.format(pk=article.section.pk), {"include_descendants": "on"})
    assert Article.objects.get().live
    assert Section.objects.get(pk=article.section.pk).live


def test_the_newsroom_unpublishes_only_with_a_reason(write, editor, client):
    article = write()
    client.force_login(editor)
    address = f"/admin/pages/{article.pk}/unpublish/"
    assert 'name="reason"' in client.get(address).content.decode()
    client.post(address, {"reason": "  "})
    assert Article.objects.get().live
    client.post(address, {"reason": "Un témoin s’est rétracté."})
    assert not Article.objects.get().live
    assert article.takedowns.get().taken_down_by == editor


def test_articles_are_not_unpublished_in_bulk(write, editor, client):
    articles = [write(), write("Une autre")]
    client.force_login(editor)
    ids = "&".join(f"id={article.pk}" for article in articles)
    client.post(f"/admin/bulk/wagtailcore/page/unpublish/?{ids}")
    assert Article.objects.live().count() == 2


def test_a_delisted_article_is_read_but_not_found(write, editor, client):
    article, other = write(), write("Une autre")
    actions.delist(article, reason="Demande de M. X.", requested_on=dt.date(2026, 11, 2), by=editor)
    answer = client.get(article.url)
    assert answer["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert "Demande de M. X." not in answer.content.decode()
    sitemap = client.get("/sitemap-articles.xml").content.decode()
    assert other.slug in sitemap
    assert f"/{article.slug}/" not in sitemap
    with pytest.raises(actions.AlreadyDelisted):
        actions.delist(article, reason="encore", requested_on=dt.date(2026, 11, 3), by=editor)


def test_two_decisions_at_the_same_moment_are_one(write, editor, monkeypatch):
    article = write()
    actions.delist(article, reason="x", requested_on=dt.date(2026, 11, 2), by=editor)
    monkeypatch.setattr(Article, "is_hidden_from_search", False)  # as the other one saw it
    with pytest.raises(actions.AlreadyDelisted):
        actions.delist(article, reason="x", requested_on=dt.date(2026, 11, 2), by=editor)
    assert article.delistings.count() == 1


def test_an_edition_that_carried_a_delisted_article_is_not_found_either(write, editor, newsletter, client):
    article, other = write(), write("Une autre")
    for carried in (article, other):
        edition = newsletters.compose_edition(
            newsletter, subject="x", introduction="", articles=[carried], by=editor
        )
        newsletters.send(edition, by=editor)
    actions.delist(article, reason="x", requested_on=dt.date(2026, 11, 2), by=editor)
    assert client.get("/editions/matin/1/")["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/editions/matin/2/")


def test_a_decision_about_search_engines_can_be_lifted_and_stays_on_record(write, editor, client):
    article = write()
    client.force_login(editor)
    address = f"/admin/articles/{article.pk}/search-engines/"
    client.post(address, {"delist": "1", "reason": "Demande du 2.", "requested_on": "2026-11-02"})
    assert "Demande du 2." in client.get(address).content.decode()
    assert article.is_hidden_from_search
    client.post(address, {"relist": "1"})
    assert not article.is_hidden_from_search
    assert "X-Robots-Tag" not in client.get(article.url)
    kept = article.delistings.get()
    assert (kept.reason, kept.lifted_by) == ("Demande du 2.", editor)


def test_who_may_not_publish_decides_nothing_about_search_engines(write, django_user_model, client):
    article = write()
    stranger = django_user_model.objects.create_user("stagiaire", "s@depeche.test", "un long mot de passe")
    with pytest.raises(actions.NotAllowed):
        actions.delist(article, reason="x", requested_on=dt.date(2026, 11, 2), by=stranger)
    with pytest.raises(actions.NotAllowed):
        actions.take_down(article, reason="x", by=stranger)
    client.force_login(stranger)
    assert client.post(f"/admin/articles/{article.pk}/search-engines/", {"relist": "1"}).status_code in (
        302,
        403,
    )


def test_published_under_embargo_it_goes_live_when_the_embargo_ends(write, editor, time_machine):
    ends = timezone.now() + dt.timedelta(hours=3)
    draft = write(published=False, embargo_until=ends)
    actions.publish(draft, by=editor)
    draft.refresh_from_db()
    assert not draft.live
    assert draft.get_latest_revision().approved_go_live_at == ends


def test_an_embargo_that_is_over_holds_nothing_back(write):
    assert write(embargo_until=timezone.now() - dt.timedelta(minutes=1)).live


def test_a_later_date_chosen_by_the_editor_beats_the_embargo(write, editor):
    ends = timezone.now() + dt.timedelta(hours=3)
    later = ends + dt.timedelta(hours=2)
    draft = write(published=False, embargo_until=ends, go_live_at=later)
    actions.publish(draft, by=editor)
    assert draft.get_latest_revision().approved_go_live_at == later


@pytest.mark.parametrize("slug", ["people", "topics", "editions", "legal", "admin", "en"])
def test_a_section_does_not_hide_behind_a_page_of_ours(section, slug):
    with pytest.raises(ValidationError):
        section.get_parent().add_child(instance=Section(title="X", slug=slug, locale=section.locale))


def test_the_sitemap_knows_every_front_and_robots_know_the_sitemap(write, client):
    article = write()
    assert "sitemap-articles.xml" in client.get("/sitemap.xml").content.decode()
    assert article.full_url in client.get("/sitemap-articles.xml").content.decode()
    assert "/en/" in client.get("/sitemap-fronts.xml").content.decode()
    robots = client.get("/robots.txt").content.decode()
    assert "Sitemap: http" in robots
    for closed in ("/admin/", "/confirm/", "/en/confirm/", "/unsubscribe/", "/en/unsubscribe/"):
        assert f"Disallow: {closed}\n" in robots
