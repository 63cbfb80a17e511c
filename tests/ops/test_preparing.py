"""Copies before migrations, and a newsroom that is set up once."""

import datetime as dt
import os
import sqlite3

import pytest
from django.utils import timezone

from depeche.articles.models import Article, Kind, Person, Section
from depeche.front.models import Home
from depeche.newsletters.models import Edition
from depeche.ops import demo, preparing
from depeche.subscribers.models import LegalText, Newsletter

pytestmark = pytest.mark.django_db


def test_the_last_three_copies_are_kept_for_thirty_days(tmp_path):
    for day in (1, 2, 3, 4, 40):
        path = tmp_path / f"{timezone.now() - dt.timedelta(days=day):%Y%m%dT%H%M%S%f}.sqlite3"
        path.write_text("")
        at = (timezone.now() - dt.timedelta(days=day)).timestamp()
        os.utime(path, (at, at))
    preparing.prune_copies(tmp_path)
    assert len(list(tmp_path.iterdir())) == 3
    for path in tmp_path.iterdir():
        os.utime(path, (0, 0))
    preparing.prune_copies(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_copy_is_a_whole_database(tmp_path, settings):
    original = tmp_path / "original.sqlite3"
    with sqlite3.connect(original) as connection:
        connection.execute("create table t as select 'gardé' as word")
    settings.IS_SQLITE = True
    settings.DATABASES = {"default": {**settings.DATABASES["default"], "NAME": str(original)}}
    copy = preparing.copy_database(tmp_path / "backups")
    with sqlite3.connect(copy) as connection:
        assert connection.execute("select word from t").fetchone() == ("gardé",)
    assert copy.stat().st_mode & 0o077 == 0


def test_setting_up_twice_changes_nothing(newsroom):
    home = Home.objects.get(locale__language_code="fr")
    home.title = "Le Courrier"
    home.save()
    before = [model.objects.count() for model in (Home, Newsletter, LegalText)]
    newsroom.set_up()
    assert [model.objects.count() for model in (Home, Newsletter, LegalText)] == before == [2, 2, 10]
    assert Home.objects.get(locale__language_code="fr").title == "Le Courrier"


def test_the_first_editor_is_made_once(newsroom, client):
    name, password = newsroom.make_first_editor()
    assert client.post("/admin/login/", {"login": name, "password": password}).status_code == 302
    assert newsroom.make_first_editor() is None


def test_the_demo_is_a_paper_in_both_languages(newsroom, client):
    newsroom.make_first_editor()
    count = demo.load()
    assert client.get("/").context["lead"].slug == "passerelle"
    assert client.get("/en/").context["lead"].slug == "footbridge"
    for code, least in (("fr", 12), ("en", 4)):
        articles = Article.objects.published().filter(locale__language_code=code)
        assert articles.count() >= least
        assert all(article.first_published_at <= timezone.now() for article in articles)
        states = Edition.objects.filter(newsletter__language=code).values_list("state", flat=True)
        assert sorted(states) == ["draft", "sent"]
    assert {article.kind for article in Article.objects.all()} == set(Kind.values)
    assert count == Article.objects.count()
    with pytest.raises(demo.NotEmpty):
        demo.load()


@pytest.mark.parametrize("kept", ["article", "subscriber", "publisher", "production"])
def test_the_demo_stays_out_of_a_paper_in_use(newsroom, write, subscribe, settings, kept):
    newsroom.make_first_editor()
    if kept == "article":
        write(published=False)
    elif kept == "subscriber":
        subscribe()
    elif kept == "publisher":
        Home.objects.filter(locale__language_code="fr").update(publisher="Une vraie société")
    else:
        settings.STAGE = "production"
    before = Article.objects.count()
    with pytest.raises(demo.NotEmpty):
        demo.load()
    assert Article.objects.count() == before


def test_every_page_of_the_demo_can_be_read(newsroom, client):
    newsroom.make_first_editor()
    demo.load()
    addresses = [page.url for page in [*Article.objects.all(), *Section.objects.all()]]
    addresses += [person.url for person in Person.objects.all()]
    for address in [*addresses, "/editions/matin/", "/editions/matin/1/"]:
        assert client.get(address).status_code == 200, address
