"""What every public page promises: no cookie, a strict policy, its language, French typography."""

import re

import pytest
from django.test import Client

from depeche.subscribers import tokens

pytestmark = pytest.mark.django_db

NEVER_KEPT = "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.fixture
def addresses(write, subscribe):
    article = write("Budget : qui paie ?", standfirst="La mairie parle d'un « effort » de 11 000 euros.")
    leave = tokens.for_leaving(subscribe().key)
    return {
        "home": "/",
        "english home": "/en/",
        "section": "/actualites/",
        "article": f"/actualites/{article.slug}/",
        "form": "/subscribe/",
        "sent": "/subscribe/sent/",
        "leave": f"/unsubscribe/{leave}/",
        "privacy": "/legal/privacy/",
        "terms": "/legal/terms/",
        "nowhere": "/nulle-part/",
    }


def test_no_public_page_sets_a_cookie_or_loosens_the_policy(addresses, client):
    for name, address in addresses.items():
        answer = client.get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert answer.status_code == (404 if name == "nowhere" else 200), name
        assert not answer.cookies, name
        assert "unsafe" not in policy, name
        assert "default-src 'none'" in policy, name
        page = answer.content.decode()
        assert "<style" not in page, name
        assert " style=" not in page, name
        assert " onclick" not in page, name
        scripts = [script for script in page.split("<script")[1:] if "ld+json" not in script.split(">")[0]]
        assert all("src=" in script for script in scripts), name


def test_every_answer_is_asked_for_again(addresses, client, write, editor):
    from depeche.articles import actions

    for name, address in addresses.items():
        assert client.get(address)["Cache-Control"] in ("no-cache", NEVER_KEPT), name
    gone = write("Retiré")
    actions.take_down(gone, reason="x", by=editor)
    assert client.get(gone.url)["Cache-Control"] == "no-cache"
    gone.get_latest_revision().publish()
    assert client.get(gone.url).status_code == 200


def test_each_page_says_its_language(addresses, client):
    for name, address in addresses.items():
        language = "en" if name == "english home" else "fr"
        assert f'<html lang="{language}"' in client.get(address).content.decode(), name


def test_an_article_is_set_in_french_and_stored_as_typed(addresses, client):
    page = client.get(addresses["article"]).content.decode()
    assert "Budget\u00a0: qui paie\u202f?" in page
    words = re.sub(r"<a hidden[^>]*>.*?</a>|<[^>]*>", "", page)
    assert "d’un «\u00a0effort\u00a0» de 11\u202f000\u00a0euros" in words


def test_an_article_is_dated_and_says_when_it_changed_only_if_it_did(write, client, editor, time_machine):
    import datetime as dt

    from django.utils import timezone

    article = write()
    assert "Publié le" in client.get(f"/actualites/{article.slug}/").content.decode()
    assert "Mis à jour le" not in client.get(f"/actualites/{article.slug}/").content.decode()
    time_machine.move_to(timezone.now() + dt.timedelta(hours=2))
    article.standfirst = "Un chapô."
    article.save_revision(user=editor).publish()
    assert "Mis à jour le" in client.get(f"/actualites/{article.slug}/").content.decode()


def test_the_sign_up_form_stands_on_every_page_one_reads(addresses, client):
    for name in ("home", "section", "article"):
        page = client.get(addresses[name]).content.decode()
        assert "Recevez une information neutre et factuelle" in page, name
        assert 'href="/legal/privacy/"' in page, name
        assert 'href="/legal/terms/"' in page, name


def test_the_theme_is_set_before_anything_is_painted(addresses, client):
    head = client.get("/").content.decode().split("</head>")[0]
    script = head.index("theme.js")
    assert script < head.index("paper.css")
    assert "defer" not in head[script - 100 : script + 40]
    assert "async" not in head[script - 100 : script + 40]


def test_an_empty_paper_is_a_page_too(newsroom, client):
    assert client.get("/").status_code == 200
    assert client.get("/actualites/").status_code == 200


def test_the_admin_has_a_policy_of_its_own(client, editor):
    client.force_login(editor)
    policy = client.get("/admin/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self' 'unsafe-inline'" in policy


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "1' or '1'='1"])
def test_a_page_number_that_is_none_is_no_error(write, client, page):
    write()
    assert client.get("/actualites/", {"page": page}).status_code in (200, 404)


def test_an_error_of_ours_is_a_page_without_a_traceback(newsroom, monkeypatch):
    from depeche.front.models import Home

    def broken(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(Home, "get_context", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.content.decode()
    assert "<h1" in answer.content.decode()


def test_what_was_paid_for_opens_neither_the_paper_nor_its_section(write, client):
    news = write("Une nouvelle")
    paid = write("Une réclame", kind="sponsored", sponsor="X")
    page = client.get("/actualites/").content.decode()
    assert page.index(news.url) < page.index(paid.url)
    assert client.get("/").context["lead"] == news


def test_a_page_leads_to_itself_in_another_language_else_to_the_front_page(write, newsroom, editor, client):
    from wagtail.models import Locale

    from depeche.articles.models import Article, Section

    article = write()
    assert 'href="/en/" lang="en"' in client.get(article.url).content.decode()
    english = Section.objects.get(locale__language_code="en")
    translated = Article(
        title="The footbridge will reopen",
        slug="footbridge",
        locale=Locale.objects.get(language_code="en"),
        translation_key=article.translation_key,
    )
    english.add_child(instance=translated)
    translated.save_revision(user=editor).publish()
    page = client.get(article.url).content.decode()
    assert f'hreflang="en" href="{translated.full_url}"' in page
    assert f'href="{translated.url}" lang="en"' in page


def test_the_faces_are_ours_and_the_text_face_comes_first(addresses, client):
    head = client.get("/").content.decode().split("</head>")[0]
    assert 'rel="preload" href="/static/fonts/depeche-text.woff2" as="font"' in head
    assert head.index("depeche-text.woff2") < head.index("paper.css")


def test_what_was_withdrawn_says_so_in_the_papers_frame(write, editor, client):
    from depeche.articles import actions

    article = write("Une erreur")
    actions.take_down(article, reason="Le nom cité n’était pas le bon.", by=editor)
    answer = client.get(article.url)
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "Le nom cité n’était pas le bon." in page
    assert "Une erreur" in page
    assert 'rel="canonical"' not in page
    assert 'href="/actualites/"' in page
