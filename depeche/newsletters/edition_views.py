"""The form in which an edition is written."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.snippets.views.snippets import EditView

from .models import Edition


class EditionEditView(EditView):
    """Saves what the form holds, and nothing over what happens to an edition by itself: its hour may come meanwhile."""

    def save_instance(self) -> Any:
        """Raises PermissionDenied, whose words the form then shows: the edition is no longer as the form found it."""
        written: Edition = self.form.instance
        now = Edition.objects.select_for_update().filter(pk=written.pk).first()
        if now is None:
            raise PermissionDenied(_("“%(subject)s” was deleted meanwhile.") % {"subject": written.subject})
        if (now.state, now.number) != (written.state, written.number):
            raise PermissionDenied(happened_meanwhile(now))
        for field in Edition._meta.concrete_fields:
            if not field.editable:
                setattr(written, field.attname, getattr(now, field.attname))
        return super().save_instance()


def happened_meanwhile(edition: Edition) -> str:
    """What to tell whoever changed an edition that somebody else, or its hour, was quicker with."""
    return _(
        "Your changes to “%(subject)s” were not saved: it changed while you had it open (now: %(state)s)."
    ) % {"subject": edition.subject, "state": edition.get_state_display()}
