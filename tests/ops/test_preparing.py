"""Copies before migrations, and a newsroom that is set up once."""

import datetime as dt
import os
import sqlite3

import pytest
from django.utils import timezone

from depeche.front.models import Home
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
    assert [model.objects.count() for model in (Home, Newsletter, LegalText)] == before == [2, 2, 4]
    assert Home.objects.get(locale__language_code="fr").title == "Le Courrier"


def test_the_first_editor_is_made_once(newsroom, client):
    name, password = newsroom.make_first_editor()
    assert client.post("/admin/login/", {"login": name, "password": password}).status_code == 302
    assert newsroom.make_first_editor() is None


def test_the_demo_is_a_paper_in_both_languages(newsroom, client):
    newsroom.make_first_editor()
    demo.load()
    assert "La passerelle de Saint-Aubert" in client.get("/").content.decode()
    assert "Island ferry" in client.get("/en/").content.decode()
