"""The form of an edition, where its hour comes while it is open."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from depeche.newsletters import edition_views
from depeche.newsletters.models import Edition, EditionState

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(client, editor, compose, form_of):
    """What the browser sends of an edition whose subject was changed, as `posted`."""
    client.force_login(editor)
    edition = compose()
    fields = form_of(edition, subject="Autre sujet")

    class Form:
        def __init__(self):
            self.edition = edition

        def posted(self):
            url = reverse("wagtailsnippets_newsletters_edition:edit", args=[edition.pk])
            answer = client.post(url, fields, follow=True)
            return answer.content.decode()

    return Form()


def leave(edition):
    Edition.objects.filter(pk=edition.pk).update(
        state=EditionState.SENDING, number=1, sending_since=timezone.now()
    )


def test_a_draft_is_changed(form):
    form.posted()
    form.edition.refresh_from_db()
    assert form.edition.subject == "Autre sujet"


def test_one_that_left_is_not_and_one_is_told(form):
    before = form.edition.subject
    leave(form.edition)
    assert "n’ont pas été enregistrées" in form.posted()
    form.edition.refresh_from_db()
    assert (form.edition.subject, form.edition.state) == (before, EditionState.SENDING)


def test_who_confirms_too_late_that_it_is_to_go_reads_nothing_of_changes(form, client):
    leave(form.edition)
    url = reverse("wagtailsnippets_newsletters_edition:delete", args=[form.edition.pk])
    answer = client.post(url, follow=True)
    assert "n’ont pas été enregistrées" not in answer.content.decode()
    assert Edition.objects.filter(pk=form.edition.pk).exists()


@pytest.fixture
def meanwhile(form, monkeypatch):
    """Something happens to the edition between the look at it and the saving."""

    def _meanwhile(happens):
        asked = edition_views.EditionEditView.is_valid

        def is_valid(view, filled):
            found = asked(view, filled)
            happens(form.edition)
            return found

        monkeypatch.setattr(edition_views.EditionEditView, "is_valid", is_valid)

    return _meanwhile


def test_one_that_leaves_at_that_very_moment_is_not_either(form, meanwhile):
    before = form.edition.subject
    meanwhile(leave)
    page = form.posted()
    form.edition.refresh_from_db()
    assert (form.edition.subject, form.edition.state) == (before, EditionState.SENDING)
    assert "n’ont pas été enregistrées" in page
    assert "Autre sujet" in page, "what was written is still in the form"


def test_another_hour_set_at_that_very_moment_stays(form, meanwhile):
    later = timezone.now() + dt.timedelta(days=2)
    Edition.objects.filter(pk=form.edition.pk).update(
        state=EditionState.SCHEDULED, scheduled_at=later - dt.timedelta(days=1)
    )
    meanwhile(lambda edition: Edition.objects.filter(pk=edition.pk).update(scheduled_at=later))
    form.posted()
    form.edition.refresh_from_db()
    assert (form.edition.subject, form.edition.scheduled_at) == ("Autre sujet", later)


def test_one_that_is_deleted_at_that_very_moment_is_said_to_be(form, meanwhile):
    meanwhile(lambda edition: Edition.objects.filter(pk=edition.pk).delete())
    page = form.posted()
    assert "supprimée entre-temps" in page
    assert "Autre sujet" in page
