"""What each role may do, and that the newsroom has the last word on it."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import Workflow

from depeche.newsroom.models import ReviewTask, Role
from depeche.newsroom.roles import set_up_roles
from depeche.subscribers.models import LegalText

pytestmark = pytest.mark.django_db


def test_a_contributor_writes_in_every_section_and_publishes_nothing(colleague, draft, section, write):
    contributor = colleague("contributor")
    own, other = draft(contributor), write("D’une autre main", published=False)
    assert section.permissions_for_user(contributor).can_add_subpage()
    assert own.permissions_for_user(contributor).can_edit()
    assert own.permissions_for_user(contributor).can_submit_for_moderation()
    assert not own.permissions_for_user(contributor).can_publish()
    assert not other.permissions_for_user(contributor).can_edit()
    assert not contributor.has_perm("newsletters.add_edition")


def test_an_editor_changes_every_article_and_publishes_none(colleague, write):
    editor = colleague("editor")
    article = write("D’une autre main", published=False)
    assert article.permissions_for_user(editor).can_edit()
    assert not article.permissions_for_user(editor).can_publish()
    assert editor.has_perms(["newsletters.add_edition", "articles.change_person"])
    assert not editor.has_perm("newsletters.send_edition")


def test_a_publisher_publishes_takes_down_and_arranges_sections(colleague, write, section):
    publisher = colleague("publisher")
    permissions = write().permissions_for_user(publisher)
    assert permissions.can_publish()
    assert permissions.can_unpublish()
    assert permissions.can_lock()
    assert section.get_parent().specific.permissions_for_user(publisher).can_add_subpage()
    assert section.permissions_for_user(publisher).can_edit()
    assert publisher.has_perm("newsletters.send_edition")


@pytest.mark.parametrize("role", ["contributor", "editor"])
def test_who_may_not_publish_leaves_sections_and_the_home_page_alone(colleague, section, role):
    user, home = colleague(role), section.get_parent().specific
    assert not section.permissions_for_user(user).can_edit()
    assert not section.permissions_for_user(user).can_delete()
    assert not home.permissions_for_user(user).can_edit()
    assert not home.permissions_for_user(user).can_add_subpage()


def test_the_subscriber_desk_sees_readers_and_no_article(colleague, write, client):
    desk = colleague("subscriber_desk")
    article = write(published=False)
    assert desk.has_perms(["subscribers.view_subscriber", "wagtailadmin.access_admin"])
    assert not article.permissions_for_user(desk).can_edit()
    client.force_login(desk)
    assert client.get(f"/admin/pages/{article.pk}/edit/").status_code == 302
    assert client.get("/admin/").status_code == 200


def test_publishers_answer_for_legal_texts_and_the_subscriber_desk_reads_them(colleague, client):
    text = LegalText.objects.filter(kind="terms").first()
    edit = reverse("wagtailsnippets_subscribers_legaltext:edit", args=[text.pk])
    pages = [
        edit,
        reverse("publish_legal_text", args=[text.pk]),
        reverse("legal_text_versions", args=[text.pk]),
    ]
    allowed = {"publisher": [200, 200, 200], "subscriber_desk": [302, 302, 200], "editor": [302, 302, 302]}
    for role, statuses in allowed.items():
        client.force_login(colleague(role))
        assert [client.get(page).status_code for page in pages] == statuses, role


def test_an_older_newsroom_gets_the_right_to_legal_texts(newsroom):
    role, added = Role.objects.get(key="publisher"), Permission.objects.get(codename="change_legaltext")
    role.granted.remove("subscribers.change_legaltext")
    role.save()
    role.group.permissions.remove(added)
    newsroom.set_up()
    assert added in role.group.permissions.all()


def test_setting_up_again_changes_nothing_and_undoes_nothing(newsroom):
    role = Role.objects.get(key="contributor")
    role.group.name = "Pigistes"
    role.group.save()
    added = Permission.objects.get(codename="add_edition")
    role.group.permissions.add(added)
    role.group.page_permissions.all().delete()
    before = Group.objects.count(), ReviewTask.objects.count(), Workflow.objects.count()

    newsroom.set_up()

    assert (Group.objects.count(), ReviewTask.objects.count(), Workflow.objects.count()) == before
    group = Role.objects.get(key="contributor").group
    assert group.name == "Pigistes"
    assert added in group.permissions.all()
    assert not group.page_permissions.exists(), "what the newsroom took away stays away"


def test_a_permission_new_in_a_release_is_granted_once(newsroom):
    role, added = Role.objects.get(key="editor"), Permission.objects.get(codename="add_edition")
    role.granted.remove("newsletters.add_edition")
    role.save()
    role.group.permissions.remove(added)
    set_up_roles()
    assert added in role.group.permissions.all()
    role.group.permissions.remove(added)
    set_up_roles()
    assert added not in role.group.permissions.all()


def test_wagtails_own_groups_and_workflow_are_gone_where_nobody_used_them(newsroom):
    assert not Group.objects.filter(name__in=["Moderators", "Editors"]).exists()
    assert [workflow.name for workflow in Workflow.objects.all()] == ["Relecture et bon à publier"]


def test_a_stock_group_with_people_in_it_stays(db, django_user_model):
    member = django_user_model.objects.create_user("ancienne", "a@depeche.test", "un long mot de passe")
    member.groups.add(Group.objects.get(name="Editors"))
    set_up_roles()
    assert Group.objects.filter(name="Editors").exists()
    assert not Group.objects.filter(name="Moderators").exists()


def test_only_administrators_say_which_account_a_person_is(colleague, editor, client):
    from depeche.articles.models import Person

    publisher = colleague("publisher")
    person = Person.objects.create(name="Paul Petit", slug="paul-petit", user=publisher)
    url = f"/admin/snippets/articles/person/edit/{person.pk}/"
    fields = {"name": "Paul Petit", "slug": "paul-petit", "role": "Reporter", "user": ""}
    client.force_login(publisher)
    client.post(url, fields)
    person.refresh_from_db()
    assert (person.role, person.user) == ("Reporter", publisher)
    client.force_login(editor)
    client.post(url, fields)
    person.refresh_from_db()
    assert person.user is None


def test_a_group_of_the_newsroom_that_bears_the_name_of_a_role_stays_as_it_is(db):
    theirs = [Group.objects.create(name="Publication")]
    set_up_roles()
    for group in theirs:
        assert not group.permissions.exists()
        assert not group.page_permissions.exists()
        assert not hasattr(group, "role")
    assert Role.objects.get(key="publisher").group.name == "Publication (Dépêche)"


def test_a_role_the_newsroom_deleted_stays_deleted(newsroom):
    for key in ("editor", "publisher"):
        Role.objects.get(key=key).group.delete()
    groups = set(Group.objects.values_list("name", flat=True))
    Workflow.objects.all().delete()
    newsroom.set_up()
    assert set(Group.objects.values_list("name", flat=True)) == groups


@pytest.mark.parametrize("role", ["contributor", "publisher"])
def test_nobody_adds_a_second_paper(colleague, client, section, role):
    from depeche.front.models import Home

    client.force_login(colleague(role))
    home = section.get_parent()
    papers = Home.objects.count()
    assert client.get("/admin/pages/add/front/home/1/").status_code != 200
    client.post(f"/admin/pages/{home.pk}/copy/", {"new_title": "B", "new_slug": "b", "new_parent_page": 1})
    assert Home.objects.count() == papers
