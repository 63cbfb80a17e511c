"""What somebody who may send fills in to have a digest leave by itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .digest import Digest


class DigestForm(forms.Form):
    is_on = forms.BooleanField(
        label=gettext_lazy("A digest leaves by itself"),
        help_text=gettext_lazy("All articles published since the last one, news first."),
        required=False,
    )
    leaves_at = forms.TimeField(
        label=gettext_lazy("Hour"),
        help_text=gettext_lazy("By the newsroom’s clock (%(zone)s)."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Enter an hour, such as 07:00.")},
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Days"), widget=forms.CheckboxSelectMultiple, required=False
    )
    needs_review = forms.BooleanField(
        label=gettext_lazy("A person looks first"),
        help_text=gettext_lazy(
            "It is put together at that hour and waits among the editions to be sent; nothing leaves before somebody sends it."
        ),
        required=False,
    )

    def __init__(self, *args: Any, digest: Digest, **options: Any) -> None:
        initial = {
            "is_on": digest.is_on,
            "leaves_at": digest.leaves_at,
            "weekdays": list(digest.weekdays),
            "needs_review": digest.needs_review,
        }
        super().__init__(*args, **{"initial": initial, **options})
        days = self.fields["weekdays"]
        assert isinstance(days, forms.MultipleChoiceField)  # noqa: S101 - for the types
        days.choices = [(str(day + 1), capfirst(str(name))) for day, name in WEEKDAYS.items()]
        hour = self.fields["leaves_at"]
        hour.help_text = str(hour.help_text) % {"zone": timezone.get_default_timezone_name()}

    def clean_leaves_at(self) -> dt.time:
        return self.cleaned_data["leaves_at"].replace(second=0, microsecond=0)

    def clean(self) -> dict[str, Any]:
        """With `weekdays` as digits."""
        cleaned = super().clean() or {}
        cleaned["weekdays"] = "".join(sorted(cleaned.get("weekdays") or []))
        if cleaned.get("is_on") and not cleaned["weekdays"] and "weekdays" not in self.errors:
            self.add_error("weekdays", _("Choose at least one day, or let no digest leave."))
        return cleaned
