"""One menu for everything about readers, and in it nothing that leads nowhere."""

import pytest
from django.contrib.auth.models import Permission
from django.test import RequestFactory
from django.urls import reverse
from wagtail.admin.menu import admin_menu

pytestmark = pytest.mark.django_db

DESK = {
    "subscriber:index",
    "subscription:index",
    "rights_requests",
    "suppressed_addresses",
    "consententry:index",
    "importrun:index",
    "take_out_readers",
    "wagtailsnippets_subscribers_newsletter:list",
    "wagtailsnippets_subscribers_legaltext:list",
}
EACH_ALONE = {
    "view_subscriber": {"subscriber:index", "suppressed_addresses"},
    "view_subscription": {"subscription:index"},
    "view_consententry": {"consententry:index"},
    "view_importrun": {"importrun:index"},
    "change_rightsrequest": {"rights_requests"},
    "export_subscriber": {"take_out_readers"},
    "view_newsletter": {"wagtailsnippets_subscribers_newsletter:list"},
    "change_legaltext": {"wagtailsnippets_subscribers_legaltext:list"},
}


def readers_menu(user):
    """The address of each entry of « Readers » that `user` sees, in order."""
    request = RequestFactory().get("/admin/")
    request.user = user
    for item in admin_menu.menu_items_for_request(request):
        if getattr(item, "menu", None) and item.name == "readers":
            shown = sorted(item.menu.menu_items_for_request(request), key=lambda entry: entry.order)
            return [entry.url for entry in shown]
    return []


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("contributor", set()),
        ("editor", set()),
        ("publisher", {"wagtailsnippets_subscribers_legaltext:list"}),
        ("subscriber_desk", DESK),
    ],
)
def test_each_role_sees_what_it_may_open_and_nothing_else(colleague, client, role, names):
    user = colleague(role)
    shown = readers_menu(user)
    assert {reverse(name) for name in names} <= set(shown)
    client.force_login(user)
    assert all(client.get(url).status_code == 200 for url in shown)
    if not names:
        assert shown == []


@pytest.mark.parametrize("codename", EACH_ALONE)
def test_who_may_do_one_thing_sees_that_one(newsroom, django_user_model, client, codename):
    user = django_user_model.objects.create_user("seule", "seule@depeche.test", "un long mot de passe")
    for wanted in ("access_admin", codename):
        user.user_permissions.add(Permission.objects.get(codename=wanted))
    shown = readers_menu(user)
    assert set(shown) == {reverse(name) for name in EACH_ALONE[codename]}
    client.force_login(user)
    assert [client.get(url).status_code for url in shown] == [200] * len(shown)


def test_the_main_menu_has_grown_by_nothing(editor):
    request = RequestFactory().get("/admin/")
    request.user = editor
    assert not {item.url for item in admin_menu.menu_items_for_request(request)} & set(readers_menu(editor))
    assert readers_menu(editor)[:4] == [
        reverse(name)
        for name in ("subscriber:index", "subscription:index", "rights_requests", "suppressed_addresses")
    ]
