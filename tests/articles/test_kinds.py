"""What readers are told of an article before they read it: its kind, who paid, who signed, where it comes from."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction, ReferenceIndex

from depeche.articles import actions
from depeche.articles.models import Byline, Kind, Person, RelatedArticle, Source, Topic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("analysis", "Analyse"),
        ("background", "Décryptage"),
        ("opinion", "Opinion"),
        ("review", "Critique"),
        ("satire", "Satire"),
    ],
)
def test_every_kind_but_reportage_is_named_wherever_the_article_appears(write, client, kind, label):
    article = write(kind=kind)
    write("Une autre")
    for address in (article.url, "/actualites/", "/"):
        assert label in client.get(address).content.decode(), address


def test_a_reportage_is_not_labelled(write, client):
    page = client.get(write().url).content.decode()
    assert "Reportage" not in page.split("<body")[1], "machines are told in the head"


def test_a_sponsor_is_named_wherever_the_article_appears(write, client):
    article = write(kind="sponsored", sponsor="Coopérative des Trois-Sources")
    write("Une autre")
    for address in (article.url, "/actualites/", "/"):
        page = client.get(address).content.decode()
        assert "Publi-reportage" in page, address
        assert "Coopérative des Trois-Sources" in page, address


@pytest.mark.parametrize("fields", [{"kind": "sponsored"}, {"kind": "opinion", "sponsor": "X"}])
def test_who_pays_and_what_it_is_called_go_together(write, editor, fields):
    draft = write(published=False)
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(user=editor, clean=False)
    with pytest.raises(ValidationError):
        actions.publish(draft, by=editor)
    draft.refresh_from_db()
    assert not draft.live
    assert draft.get_latest_revision_as_object().kind == fields["kind"]


def test_neither_paid_nor_invented_leads_the_paper_unasked(write, client):
    write("Une vraie nouvelle")
    write("Une publicité", kind="sponsored", sponsor="X")
    write("Une plaisanterie", kind="satire")
    assert client.get("/").context["lead"].title == "Une vraie nouvelle"


def test_the_editors_choose_what_leads_and_what_is_gone_leads_no_more(write, editor, client):
    old, new = write("La plus ancienne"), write("La plus récente")
    home = old.section.get_parent().specific
    home.front_stories.create(article=old)
    home.save()
    assert client.get("/").context["lead"] == old
    actions.take_down(old, reason="x", by=editor)
    assert client.get("/").context["lead"] == new


@pytest.mark.parametrize(
    "change",
    [
        lambda article: setattr(article, "kind", Kind.ANALYSIS),
        lambda article: article.sources.add(Source(who="La mairie")),
    ],
)
def test_a_change_of_kind_or_of_a_source_is_a_change_readers_are_told_of(write, editor, time_machine, change):
    article = write()
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1))
    change(article)
    article.save_revision(user=editor).publish()
    article.refresh_from_db()
    assert article.is_changed


def test_sources_are_numbered_dated_and_linked(write, client):
    article = write(
        sources=[
            Source(
                who="Bureau Tarvel",
                kind="document",
                title="Rapport",
                link="https://www.example.org/r",
                consulted_on=dt.date(2026, 11, 3),
            )
        ]
    )
    page = client.get(article.url).content.decode()
    assert "Bureau Tarvel" in page
    assert "https://www.example.org/r" in page
    assert "3\u00a0novembre 2026" in page


def test_related_articles_are_shown_with_why_and_only_while_they_are_live(write, client, editor):
    background = write("Pourquoi la Lène déborde")
    article = write(related_items=[RelatedArticle(article=background, why="Le contexte")])
    page = client.get(article.url).content.decode()
    assert "Le contexte" in page
    assert background.url in page
    actions.take_down(background, reason="x", by=editor)
    assert background.url not in client.get(article.url).content.decode()


def test_a_related_article_that_is_not_for_everybody_is_not_named(write, client):
    background = write("Pour les abonnés")
    article = write(related_items=[RelatedArticle(article=background)])
    PageViewRestriction.objects.create(page=background, restriction_type="login")
    assert "Pour les abonnés" not in client.get(article.url).content.decode()


def test_a_person_has_a_page_with_what_they_signed(write, client):
    person = Person.objects.named("Jeanne Morel")
    person.bio = "Elle suit la mairie."
    person.save()
    article = write(bylines=[Byline(person=person)])
    write("D’une autre")
    page = client.get("/people/jeanne-morel/").content.decode()
    assert "Elle suit la mairie." in page
    assert article.url in page
    assert "D’une autre" not in page
    assert 'href="/people/jeanne-morel/"' in client.get(article.url).content.decode()


def test_a_persons_articles_come_in_pages_and_name_their_language(write, client):
    person = Person.objects.named("Jeanne Morel")
    for number in range(21):
        write(f"Article {number}", bylines=[Byline(person=person)])
    first = client.get("/people/jeanne-morel/").content.decode()
    assert first.count('class="teaser') == 20
    assert '<article lang="fr"' not in first
    english = client.get("/en/people/jeanne-morel/?page=2").content.decode()
    assert english.count('<article lang="fr" class="teaser') == 1


def test_namesakes_in_letters_but_not_in_accents_get_addresses_of_their_own(db):
    assert Person.objects.named("Hélène Roy").slug == "helene-roy"
    assert Person.objects.named("Helene Roy").slug == "helene-roy-2"
    assert Person.objects.named("Hélène Roy").slug == "helene-roy"
    assert Person.objects.named("李").slug == "person"


def test_a_topic_has_a_page_in_each_language(write, client):
    article = write()
    article.topics.add("Énergie")
    article.save_revision().publish()
    assert article.url in client.get("/topics/energie/").content.decode()
    assert article.url not in client.get("/en/topics/energie/").content.decode()
    assert client.get("/topics/rien/").status_code == 404


def test_a_topic_without_a_latin_letter_has_an_address_too(write, client):
    article = write()
    article.topics.add("Київ", "数据", "Énergie")
    article.save_revision().publish()
    assert client.get(article.url).status_code == 200
    assert set(Topic.objects.values_list("slug", flat=True)) == {"topic", "topic-1", "energie"}
    assert article.url in client.get("/topics/topic-1/").content.decode()


def test_an_image_that_leads_an_article_is_not_deleted(write, editor, client):
    image = Image.objects.create(title="La passerelle", file=get_test_image_file())
    article = write(picture=image, picture_alt="La passerelle.", picture_credit="X")
    ReferenceIndex.create_or_update_for_object(article)  # as the worker does
    client.force_login(editor)
    address = reverse("wagtailimages:delete", args=[image.pk])
    bulk = f"/admin/bulk/wagtailimages/image/delete/?id={image.pk}&next=/admin/"
    for page in (address, bulk):
        assert "serious" not in client.get(page).content.decode(), "no button to delete"
    client.post(address)
    article.refresh_from_db()
    assert article.picture == image
