"""The form of an edition, where its hour comes while it is open."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from depeche.newsletters import edition_views
from depeche.newsletters.models import Edition, EditionState

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(client, editor, compose):
    """What the browser sends of an edition whose subject was changed, as `posted`."""
    client.force_login(editor)
    edition = compose()
    items = list(edition.items.all())
    fields = {
        "newsletter": edition.newsletter_id,
        "subject": "Autre sujet",
        "introduction": "",
        "items-TOTAL_FORMS": len(items),
        "items-INITIAL_FORMS": len(items),
        "items-MIN_NUM_FORMS": 1,
        "items-MAX_NUM_FORMS": 1000,
    }
    for at, item in enumerate(items):
        fields |= {f"items-{at}-id": item.pk, f"items-{at}-article": item.article_id}
        fields |= {f"items-{at}-ORDER": at + 1, f"items-{at}-DELETE": ""}

    class Form:
        def __init__(self):
            self.edition = edition

        def posted(self):
            url = reverse("wagtailsnippets_newsletters_edition:edit", args=[edition.pk])
            answer = client.post(url, fields, follow=True)
            edition.refresh_from_db()
            return answer.content.decode()

    return Form()


def leave(edition):
    Edition.objects.filter(pk=edition.pk).update(
        state=EditionState.SENDING, number=1, sending_since=timezone.now()
    )


def test_a_draft_is_changed(form):
    form.posted()
    assert form.edition.subject == "Autre sujet"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_one_that_left_is_not_and_one_is_told(form, language):
    before = form.edition.subject
    leave(form.edition)
    with translation.override(language):
        page = form.posted()
        form.edition.refresh_from_db()
        assert (form.edition.subject, form.edition.state) == (before, EditionState.SENDING)
        assert "n’ont pas été enregistrées" in page or "were not saved" in page


def test_one_that_leaves_at_that_very_moment_is_not_either(form, monkeypatch):
    """Between the look at its state and the saving."""
    before = form.edition.subject
    asked = edition_views.EditionEditView.get_form

    def get_form(view, *args, **named):
        leave(form.edition)
        return asked(view, *args, **named)

    monkeypatch.setattr(edition_views.EditionEditView, "get_form", get_form)
    page = form.posted()
    assert (form.edition.subject, form.edition.state) == (before, EditionState.SENDING)
    assert "Autre sujet" in page, "what was written is still in the form"
