"""How a colleague comes, leaves and comes back."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from wagtail.admin.models import EditingSession
from wagtail.log_actions import registry
from wagtail.models import Page

from depeche.newsroom import actions
from depeche.newsroom.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(newsroom, django_user_model):
    return django_user_model.objects.create_superuser("anne", "anne@depeche.test", "un long mot de passe")


@pytest.fixture
def at_the_desk(administrator, client):
    client.force_login(administrator)
    return client


def test_a_new_colleague_chooses_a_password_by_a_link_in_their_language(at_the_desk, mailroom):
    answer = at_the_desk.post(
        "/admin/users/new/",
        {
            "username": "sam",
            "first_name": "Sam",
            "last_name": "Reed",
            "email": "sam@depeche.test",
            "language": "en",
            "groups": [Role.objects.get(key="editor").group.pk],
            "password1": "",
            "password2": "",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    sam = User.objects.get(username="sam")
    assert not sam.has_usable_password()
    (mail,) = mailroom.deliver()
    assert (mail["To"], mail["Subject"]) == ("sam@depeche.test", "Dépêche: your account in the newsroom")
    link = re.search(r"https?://\S+/password_reset/\S+", mail.get_content())[0]
    visitor = Client()
    page = visitor.get(link.partition("127.0.0.1:8000")[2], follow=True)
    words = {"new_password1": "une phrase bien longue", "new_password2": "une phrase bien longue"}
    visitor.post(page.request["PATH_INFO"], words)
    sam.refresh_from_db()
    assert sam.check_password("une phrase bien longue")


def test_a_colleague_without_a_role_is_not_added(at_the_desk):
    fields = {"username": "sam", "first_name": "Sam", "last_name": "Reed", "email": "sam@depeche.test"}
    answer = at_the_desk.post("/admin/users/new/", {**fields, "language": "fr", "password1": ""})
    assert "Choisissez un rôle" in answer.content.decode()
    assert not User.objects.filter(username="sam").exists()


def test_who_leaves_loses_every_access_and_keeps_their_work(colleague, draft, administrator):
    paul = colleague("publisher", "paul")
    article = draft(paul)
    Page.objects.filter(pk=article.pk).update(locked=True, locked_by=paul)
    browser = Client()
    browser.force_login(paul)
    browser.get(f"/admin/pages/{article.pk}/edit/")
    assert EditingSession.objects.filter(user=paul).exists()

    actions.offboard(paul, by=administrator)

    paul.refresh_from_db()
    assert (paul.is_active, paul.has_usable_password(), paul.groups.count()) == (False, False, 0)
    assert browser.get("/admin/").status_code == 302
    assert not EditingSession.objects.filter(user=paul).exists()
    article.refresh_from_db()
    assert (article.locked, article.owner) == (False, paul)
    assert article.get_latest_revision().user == paul
    entry = registry.get_logs_for_instance(paul).get(action="depeche.offboard")
    assert entry.user == administrator


def test_who_comes_back_chooses_a_new_password(colleague, administrator, mailroom):
    paul = colleague("publisher", "paul")
    actions.offboard(paul, by=administrator)
    actions.readmit(paul, by=administrator)
    paul.refresh_from_db()
    assert paul.is_active
    assert not paul.has_usable_password()
    assert not paul.groups.exists(), "roles are given anew, knowingly"
    (mail,) = mailroom.deliver()
    assert "/password_reset/" in mail.get_content()


def test_nobody_ends_their_own_access(administrator, django_user_model):
    django_user_model.objects.create_superuser("bea", "bea@depeche.test", "un long mot de passe")
    with pytest.raises(actions.OwnAccess):
        actions.offboard(administrator, by=administrator)


def test_of_two_administrators_who_end_each_others_access_one_stays(administrator, django_user_model):
    bea = django_user_model.objects.create_superuser("bea", "bea@depeche.test", "un long mot de passe")
    ended = django_user_model.objects.get(pk=bea.pk)
    actions.offboard(ended, by=administrator)
    with pytest.raises(actions.LastAdministrator):
        actions.offboard(administrator, by=bea)
    administrator.refresh_from_db()
    assert administrator.is_active


def test_anybody_else_may_leave_while_an_administrator_stays(administrator, colleague):
    assert not actions.offboard(colleague("editor"), by=administrator).is_active


def test_the_page_says_what_will_happen_before_it_does(at_the_desk, colleague):
    paul = colleague("publisher", "paul")
    page = at_the_desk.get(f"/admin/colleagues/{paul.pk}/end-access/").content.decode()
    assert "Ses rôles" in page
    assert "Publication" in page
    paul.refresh_from_db()
    assert paul.is_active
    at_the_desk.post(f"/admin/colleagues/{paul.pk}/end-access/")
    paul.refresh_from_db()
    assert not paul.is_active


def test_only_administrators_end_accesses(colleague, client):
    client.force_login(colleague("publisher", "paul"))
    elise = colleague("editor", "elise")
    client.post(f"/admin/colleagues/{elise.pk}/end-access/")
    elise.refresh_from_db()
    assert elise.is_active


def test_who_has_work_here_is_not_deleted(at_the_desk, colleague, draft):
    paul = colleague("publisher", "paul")
    draft(paul)
    answer = at_the_desk.post(f"/admin/users/delete/{paul.pk}/", follow=True)
    assert User.objects.filter(pk=paul.pk).exists()
    assert "Mettez plutôt fin à ses accès" in answer.content.decode()


def test_an_account_made_by_mistake_can_be_deleted(at_the_desk, colleague):
    paul = colleague("publisher", "paul")
    at_the_desk.post(f"/admin/users/delete/{paul.pk}/")
    assert not User.objects.filter(pk=paul.pk).exists()


def test_no_list_deletes_or_deactivates_colleagues_by_the_dozen(at_the_desk, colleague):
    paul = colleague("publisher", "paul")
    for action in ("delete", "set_active_state"):
        at_the_desk.post(f"/admin/bulk/auth/user/{action}/?id={paul.pk}", {"mark_as_active": "False"})
    assert User.objects.get(pk=paul.pk).is_active


def fields_of(user, **changes):
    """What the page of a colleague posts."""
    names = {"username": user.username, "first_name": "Anne", "last_name": "Morel", "email": user.email}
    return {**names, "language": "fr", "password1": "", "password2": "", **changes}


def test_an_administrator_changes_their_own_page(at_the_desk, administrator):
    url = f"/admin/users/edit/{administrator.pk}/"
    assert at_the_desk.get(url).status_code == 200
    assert at_the_desk.post(url, fields_of(administrator)).status_code == 302
    administrator.refresh_from_db()
    assert (administrator.first_name, administrator.is_superuser, administrator.is_active) == (
        "Anne",
        True,
        True,
    )


@pytest.fixture
def keeper(colleague):
    """Looks after colleagues without being an administrator."""
    from django.contrib.auth.models import Permission

    keeper = colleague("editor", "katia")
    codenames = ["add_user", "change_user", "delete_user"]
    keeper.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return keeper


def test_who_looks_after_colleagues_leaves_administrators_alone(keeper, administrator, client, mailroom):
    client.force_login(keeper)
    editor = Role.objects.get(key="editor").group
    taken = fields_of(
        administrator, email="katia@depeche.test", password1="à moi maintenant", groups=[editor.pk]
    )
    client.post(f"/admin/users/edit/{administrator.pk}/", {**taken, "password2": "à moi maintenant"})
    client.post(f"/admin/users/delete/{administrator.pk}/")
    client.post(f"/admin/colleagues/{administrator.pk}/end-access/")
    client.post(f"/admin/colleagues/{administrator.pk}/invite/")
    client.post(f"/admin/bulk/auth/user/assign_role/?id={administrator.pk}", {"role": editor.pk})
    administrator.refresh_from_db()
    assert administrator.is_superuser
    assert administrator.is_active
    assert administrator.email == "anne@depeche.test"
    assert administrator.check_password("un long mot de passe")
    assert not administrator.groups.exists()
    assert mailroom.deliver() == []


def test_only_administrators_make_administrators(keeper, colleague, client):
    paul = colleague("editor", "paul")
    client.force_login(keeper)
    role = Role.objects.get(key="editor").group.pk
    changed = client.post(f"/admin/users/edit/{paul.pk}/", fields_of(paul, is_superuser="on", groups=[role]))
    assert changed.status_code == 302, "the rest is theirs to change"
    sam = {"username": "sam", "email": "sam@depeche.test"}
    client.post("/admin/users/new/", fields_of(paul, **sam, is_superuser="on", groups=[role]))
    assert User.objects.filter(username="sam").exists()
    assert not User.objects.filter(username__in=["paul", "sam"], is_superuser=True).exists()


def test_an_administrator_ends_that_role_of_another_but_never_of_the_last(
    at_the_desk, administrator, django_user_model
):
    from depeche.newsroom.forms import ColleagueEditForm

    bea = django_user_model.objects.create_superuser("bea", "bea@depeche.test", "un long mot de passe")
    role = Role.objects.get(key="editor").group.pk
    at_the_desk.post(f"/admin/users/edit/{bea.pk}/", fields_of(bea, groups=[role]))
    bea.refresh_from_db()
    assert not bea.is_superuser
    bea.is_superuser = True  # as her page, opened before, still has it
    form = ColleagueEditForm(fields_of(administrator), instance=administrator, for_user=bea)
    assert list(form.errors) == ["is_superuser"]
