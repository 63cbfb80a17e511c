"""What readers see, when it was changed, and who may change it."""

import datetime as dt

import pytest
from django.utils import timezone

from depeche import facts
from depeche.articles import actions
from depeche.articles.models import Article

pytestmark = pytest.mark.django_db


def test_publishing_again_without_a_change_does_not_move_the_date(write, editor, time_machine):
    article = write()
    published_at = article.changed_at
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1))
    article.save_revision(user=editor).publish()
    article.refresh_from_db()
    assert article.changed_at == published_at == article.first_published_at
    assert not article.is_changed


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Un autre titre"},
        {"standfirst": "Un chapô."},
        {"dateline": "Lille"},
        {"body": [("paragraph", "<p>Autre chose.</p>")]},
    ],
)
def test_a_change_of_content_moves_the_date(write, editor, time_machine, change):
    article = write()
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1))
    for field, value in change.items():
        setattr(article, field, value)
    article.save_revision(user=editor).publish()
    article.refresh_from_db()
    assert article.is_changed


def test_an_older_revision_does_not_bring_back_an_older_date(write, editor, time_machine):
    article = write()
    first = article.latest_revision
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1))
    article.title = "Un autre titre"
    article.save_revision(user=editor).publish()
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1))
    first.publish()
    article.refresh_from_db()
    assert article.title == "La passerelle rouvrira"
    assert article.changed_at > timezone.now() - dt.timedelta(minutes=1)


def test_who_may_not_publish_does_not(write, django_user_model):
    draft = write(published=False)
    stranger = django_user_model.objects.create_user("stagiaire", "s@depeche.test", "un long mot de passe")
    with pytest.raises(actions.NotAllowed):
        actions.publish(draft, by=stranger)
    assert not Article.objects.get().live


def test_upper_apps_hear_of_a_publication_once_it_is_committed(
    write, editor, monkeypatch, django_capture_on_commit_callbacks
):
    heard = []
    monkeypatch.setitem(facts._handlers, facts.ArticlePublished, [heard.append])
    with django_capture_on_commit_callbacks(execute=True):
        article = write()
        assert not heard
    assert heard == [facts.ArticlePublished(article_id=article.pk, content_sha256=article.content_sha256)]


def test_a_draft_is_for_nobody_outside(write, client):
    draft = write(published=False)
    assert client.get(f"/actualites/{draft.slug}/").status_code == 404
    assert "La passerelle" not in client.get("/").content.decode()


def test_an_article_that_was_sent_is_not_deleted(write, editor, newsletter, client):
    from depeche.newsletters import actions as newsletters

    article = write()
    newsletters.compose_edition(newsletter, subject="x", introduction="", articles=[article], by=editor)
    client.force_login(editor)
    client.post(f"/admin/pages/{article.pk}/delete/")
    client.post(f"/admin/bulk/wagtailcore/page/delete/?id={article.pk}&next=/admin/")
    assert Article.objects.filter(pk=article.pk).exists()


def test_an_article_that_nobody_saw_is_deleted_and_one_that_was_published_is_not(write, editor, client):
    draft, published = write(published=False), write("Déjà lue")
    client.force_login(editor)
    for article in (draft, published):
        client.post(f"/admin/pages/{article.pk}/delete/")
    assert list(Article.objects.all()) == [published]


def test_the_same_words_typed_again_are_no_change(write, editor, time_machine):
    article = write()
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1))
    article.body = [("paragraph", "<p>La mairie l’annonce.</p>")]  # blocks with new identifiers
    article.save_revision(user=editor).publish()
    article.refresh_from_db()
    assert not article.is_changed


def test_a_copy_starts_with_no_history(write, editor, time_machine):
    article = write()
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1))
    copy = article.copy(update_attrs={"slug": "copie", "title": "Une copie"}, keep_live=False, user=editor)
    actions.publish(copy, by=editor)
    copy.refresh_from_db()
    assert not copy.is_changed


def test_a_headline_with_signs_of_html_is_shown_as_typed(write, client):
    article = write("""L'école "rouvre" & c'est <tout>""", standfirst='C\'est "dit" & <fait>.')
    page = client.get(f"/actualites/{article.slug}/").content.decode()
    title = page.split("<title>")[1].split("</title>")[0]
    assert "&amp;amp;" not in page
    assert "&amp;#x27;" not in page
    assert "L’école" in title
    assert "&amp; c’est &lt;tout&gt;" in title


def test_no_uploaded_document_is_served_as_a_page(client, settings, newsroom):
    folder = settings.MEDIA_ROOT / "documents"
    folder.mkdir(parents=True)
    (folder / "evil.html").write_text("<script>alert(1)</script>")
    assert client.get("/media/documents/evil.html").status_code == 404
