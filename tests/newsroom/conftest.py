import pytest


@pytest.fixture
def colleague(newsroom, django_user_model):
    """Somebody of the newsroom with one role."""
    from depeche.newsroom.models import Role

    def _colleague(role: str | None, name: str = "", *, language: str = "fr", **fields):
        from wagtail.users.models import UserProfile

        name = name or str(role)
        user = django_user_model.objects.create_user(
            name, f"{name}@depeche.test", "un long mot de passe", **fields
        )
        if role:
            user.groups.add(Role.objects.get(key=role).group)
        UserProfile.objects.create(user=user, preferred_language=language)
        return user

    return _colleague


@pytest.fixture
def draft(section):
    """A draft that somebody wrote."""
    from depeche.articles.models import Article

    def _draft(by, headline: str = "La passerelle rouvrira", **fields):
        fields.setdefault("body", [("paragraph", "<p>La mairie l’annonce.</p>")])
        article = Article(title=headline, live=False, locale=section.locale, owner=by, **fields)
        section.add_child(instance=article)
        article.save_revision(user=by)
        return article

    return _draft


@pytest.fixture
def writer(db, django_user_model):
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
