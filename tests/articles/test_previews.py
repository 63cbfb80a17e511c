"""An article can be looked at as a light page, a dark page, and as it stands in a mail."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def preview(write, editor, client):
    """The HTML of one preview mode of a draft."""

    def _preview(mode: str) -> str:
        article = write("La passerelle rouvrira", published=False, standfirst="En avril.")
        client.force_login(editor)
        return client.get(
            reverse("wagtailadmin_pages:view_draft", args=[article.pk]), {"mode": mode}
        ).content.decode()

    return _preview


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_page_keeps_to_one_theme(preview, mode):
    page = preview(mode)
    assert f'data-theme="{mode}" data-theme-fixed>' in page
    assert "La passerelle rouvrira" in page


def test_readers_choose_their_theme_themselves(write, client):
    assert "data-theme-fixed" not in client.get(write().url).content.decode()


def test_the_mail_shows_it_as_the_newsletter_would(preview):
    mail = preview("mail")
    assert "La lettre du matin" in mail
    assert "En avril." in mail
    assert "data-theme" not in mail


def test_every_way_of_looking_is_named(write):
    assert [name for name, _label in write(published=False).preview_modes] == ["light", "dark", "mail"]


def test_the_mail_keeps_its_own_styles_and_runs_no_script(write, editor, client):
    article = write("La passerelle rouvrira", published=False)
    client.force_login(editor)
    answer = client.get(reverse("wagtailadmin_pages:view_draft", args=[article.pk]), {"mode": "mail"})
    policy = answer["Content-Security-Policy"]
    assert "style-src 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
