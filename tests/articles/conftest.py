"""What the tests of articles share: the editor's form as a browser sends it, a desk process, colleagues."""

import json

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from depeche import environment


@pytest.fixture
def form(db):
    """What the editor's form of an article sends, with some changes."""
    from depeche.articles.models import Article

    def _form(article: Article, **changed: str) -> dict[str, str]:
        form_class = Article.get_edit_handler().get_form_class()
        counts = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
        empty = {f"{name}-{count}": "0" for name in (*form_class.formsets, "comments") for count in counts}
        fields = {
            "title": article.title,
            "slug": article.slug,
            "kind": article.kind,
            "body-count": "0",
            "ai_use": "none",
        }
        return {**empty, **fields, "standfirst": "", **changed}

    return _form


@pytest.fixture
def publisher(newsroom, django_user_model):
    """A colleague of that name who may publish."""
    from depeche.newsroom.models import Role

    def _publisher(name: str):
        user = django_user_model.objects.create_user(
            name, f"{name}@depeche.test", "un long mot de passe", first_name=name.title()
        )
        user.groups.add(Role.objects.get(key="publisher").group)
        return user

    return _publisher


@pytest.fixture
def work(django_capture_on_commit_callbacks):
    """Call something, and then do the articles' jobs it left in the real queue, as the worker does."""
    from huey.contrib.djhuey import HUEY

    from depeche.articles import tasks

    ours = {name: task for name, task in vars(tasks).items() if hasattr(task, "call_local")}

    def _work(do, *args, **options):
        HUEY.flush()
        with django_capture_on_commit_callbacks(execute=True):
            done = do(*args, **options)
        while HUEY.pending_count():
            job = HUEY.dequeue()
            # Those of Wagtail would close the connection of the test; those with a time are for later.
            if job.name.startswith("articles.") and job.eta is None:
                ours[job.name.removeprefix("articles.")].call_local(*job.args)
        return done

    return _work


@pytest.fixture(scope="module")
def desk_process(tmp_path_factory):
    """A desk process for the tests of a module, ended with them."""
    from depeche.articles import desk_seam

    patch = pytest.MonkeyPatch()
    patch.setattr(environment, "DATA", tmp_path_factory.mktemp("desk"))
    yield
    desk_seam._starter.close()
    patch.undo()


@pytest.fixture
def somebody(newsroom, client, django_user_model):
    """A client signed in as a colleague with that role."""

    from depeche.newsroom.models import Role

    def _somebody(name: str, role: str = "editor") -> User:
        user = django_user_model.objects.filter(username=name).first()
        if user is None:
            user = django_user_model.objects.create_user(name, f"{name}@depeche.test", "un long mot de passe")
            user.groups.add(Role.objects.get(key=role).group)
        client.force_login(user)
        return user

    return _somebody


@pytest.fixture
def typed(form):
    """What the panel sends of a form: a headline, paragraphs of plain text, and what else is given."""

    def _typed(article, *paragraphs: str, **changed: str) -> dict:
        blocks = {"body-count": str(len(paragraphs))}
        for number, text in enumerate(paragraphs):
            raw = {"key": "abcde", "text": text, "type": "unstyled", "depth": 0}
            raw |= {"inlineStyleRanges": [], "entityRanges": []}
            values = {"deleted": "", "order": str(number), "type": "paragraph", "id": f"block-{number}"}
            values["value"] = json.dumps({"blocks": [raw], "entityMap": {}})
            blocks |= {f"body-{number}-{name}": value for name, value in values.items()}
        return form(article) | blocks | changed

    return _typed


@pytest.fixture
def ask(desk_process, client, typed):
    """The panel's answer for an article with these paragraphs in its form."""

    def _ask(article, *paragraphs: str, status: int = 200, **changed) -> dict:
        response = client.post(reverse("findings", args=[article.pk]), typed(article, *paragraphs, **changed))
        assert response.status_code == status, response.content[:500]
        return response.json()

    return _ask


@pytest.fixture
def told(write):
    """A published article with a claim of a source, of experts, of nobody and of the paper (told.py)."""
    from tests.articles.told import TEXT, read

    article = write("Le pont fermé", body=[("paragraph", f"<p>{TEXT}</p>")])
    read(article)
    return article


@pytest.fixture
def page(told, client):
    """What readers get of it."""
    return lambda: client.get(told.url).content.decode()
