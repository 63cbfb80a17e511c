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
