import pytest


@pytest.fixture
def colleague(db, django_user_model):
    """Somebody who may enter the newsroom and write, not publish."""
    from django.contrib.auth.models import Group, Permission
    from wagtail.models import GroupPagePermission, Page

    group = Group.objects.create(name="Plumes")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=group, page=Page.get_first_root_node(), permission=Permission.objects.get(codename="add_page")
    )
    user = django_user_model.objects.create_user("durand", "durand@depeche.test", "un long mot de passe")
    user.groups.add(group)
    return user
