"""The form in which an edition is written."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from wagtail.snippets.views.snippets import EditView

from . import actions
from .models import Edition


class EditionEditView(EditView):
    """Saves only what is still as the form found it: an edition may leave by itself meanwhile."""

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            found, now = form.instance, actions.locked(form.instance)
            if (found.state, found.number) == (now.state, now.number):
                return super().form_valid(form)
        self.produced_error_code, self.produced_error_message = "invalid", happened_meanwhile(now)
        return self.form_invalid(form)


def happened_meanwhile(edition: Edition) -> str:
    """What to tell whoever changed an edition that somebody else, or its hour, was quicker with."""
    return _(
        "Your changes to “%(subject)s” were not saved: it changed while you had it open (now: %(state)s)."
    ) % {"subject": edition.subject, "state": edition.get_state_display()}
