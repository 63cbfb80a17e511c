"""Setting up a newsroom: a home page per language, the site's address, a first newsletter, legal texts.

Run at every start; what exists already is left as the newsroom made it.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site

from depeche.articles.models import Section
from depeche.delivery.messages import bare_address
from depeche.front.models import Home
from depeche.newsroom.roles import set_up_roles
from depeche.newsroom.workflow import set_up_workflow
from depeche.subscribers import legal, publishing
from depeche.subscribers.models import LegalText, Newsletter

from . import legal_texts


@transaction.atomic
def set_up() -> None:
    """Make what is missing for every language of the newsroom, and tell the site its address."""
    root = Page.get_first_root_node()
    assert root is not None  # noqa: S101 - Wagtail's first migration makes it
    first_home = None
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            home = _home(root, code, first_home)
            first_home = first_home or home
            _newsletter(code, home)
            _legal_texts(code, home)
    _site(first_home)
    set_up_workflow(set_up_roles())


def make_first_editor() -> tuple[str, str] | None:
    """User name and password of a first editor; None if there is somebody already."""
    users = get_user_model().objects
    if users.exists():
        return None
    name, password = "redaction", secrets.token_urlsafe(12)
    users.create_superuser(
        username=name,
        email="redaction@depeche.test",
        password=password,
        first_name=_("Newsroom"),
        last_name=settings.WAGTAIL_SITE_NAME,
    )
    return name, password


def _home(root: Page, code: str, first: Home | None) -> Home:
    locale, _made = Locale.objects.get_or_create(language_code=code)
    home = Home.objects.filter(locale=locale).first()
    if home:
        return home
    Page.objects.filter(depth=2, slug="home").not_type(Home).delete()  # Wagtail's « Welcome » page
    root.refresh_from_db()
    home = Home(
        title=first.title if first else "Dépêche",
        slug=f"home-{code}",
        locale=locale,
        tagline=_("Who says what, and how we know."),
        **({"translation_key": first.translation_key} if first else {}),
    )
    root.add_child(instance=home)
    home.add_child(
        instance=Section(title=_("News"), slug="actualites" if code == "fr" else "news", locale=locale)
    )
    return home


def _site(home: Home | None) -> None:
    address = urlsplit(settings.BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    if site.pk is None or not isinstance(site.root_page.specific, Home):
        site.root_page = home
    site.hostname, site.port = address.hostname or "localhost", port
    site.save()


def _newsletter(code: str, home: Home) -> None:
    if Newsletter.objects.filter(language=code).exists():
        return
    Newsletter.objects.create(
        name=_("The morning letter"),
        slug="matin" if code == "fr" else f"morning-{code}",
        language=code,
        description=_("Every morning, what is known and who says so."),
        sender_name=home.title,
        sender_address=bare_address(settings.DEFAULT_FROM_EMAIL),
        reply_to=bare_address(settings.DEFAULT_FROM_EMAIL),
    )


def _legal_texts(code: str, home: Home) -> None:
    """A first version of each text, true of what the software does; the newsroom completes it."""
    newsletters = Newsletter.objects.filter(language=code)
    of_the_newsroom = [(kind, None) for kind in legal.Kind.values if kind != legal.Kind.NOTICE]
    for kind, newsletter in [*of_the_newsroom, *((legal.Kind.NOTICE, found) for found in newsletters)]:
        text, is_new = LegalText.objects.get_or_create(
            kind=kind, language=code, newsletter=newsletter, defaults=legal_texts.default(kind, home.title)
        )
        if is_new:
            publishing.publish(text, by=None)
