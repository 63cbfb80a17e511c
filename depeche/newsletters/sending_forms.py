"""What an editor fills in to test, schedule and answer for an edition."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import newsroom_clock
from .models import SendRequest

AT_MOST_AHEAD = dt.timedelta(days=366)
WHICH = (
    ("first", gettext_lazy("The first time, before the clock is put back")),
    ("second", gettext_lazy("The second time, an hour later")),
)


class TestForm(forms.Form):
    address = forms.EmailField(label=gettext_lazy("Send a test to"))


class DeclineForm(forms.Form):
    because = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=SendRequest._meta.get_field("because").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PauseForm(forms.Form):
    because = forms.CharField(
        label=gettext_lazy("Why, for colleagues (may stay empty)"), max_length=300, required=False
    )


class ClockField(forms.Field):
    """A date and a time on the newsroom's clock; naive."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> dt.datetime | None:
        if value in self.empty_values:
            return None
        try:
            shown = parse_datetime(str(value).strip())
        except ValueError:
            shown = None
        if shown is None or shown.tzinfo:
            raise forms.ValidationError(_("Enter a date and a time, such as 2027-03-28 07:00."))
        return shown.replace(second=0, microsecond=0)


class ScheduleForm(forms.Form):
    """When to leave; `which` is asked only where the clock shows that time twice."""

    leave_at = ClockField(
        label=gettext_lazy("Leaves on"),
        help_text=gettext_lazy("By the newsroom’s clock (%(zone)s)."),
    )
    which = forms.ChoiceField(
        label=gettext_lazy("The clock shows this time twice that night"),
        choices=WHICH,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["leave_at"]
        field.help_text = str(field.help_text) % {"zone": timezone.get_default_timezone_name()}
        self.asks_which = False

    def clean(self) -> dict[str, Any]:
        """With `leave_at` as a moment."""
        cleaned = super().clean() or {}
        shown = cleaned.get("leave_at")
        if shown is None:
            return cleaned
        try:
            cleaned["leave_at"] = self._moment(shown, cleaned.get("which") or "")
        except forms.ValidationError as error:
            self.add_error("which" if self.asks_which else "leave_at", error)
        return cleaned

    def _moment(self, shown: dt.datetime, which: str) -> dt.datetime:
        now = newsroom_clock.on_clock(timezone.now())
        if shown > now + AT_MOST_AHEAD:
            raise forms.ValidationError(_("That is more than a year away."))
        if shown.year < now.year:
            raise forms.ValidationError(_("That time is over. Choose one to come."))
        moments = [one for one in newsroom_clock.moments(shown) if one > timezone.now()]
        if shown <= now and not moments:
            raise forms.ValidationError(_("That time is over. Choose one to come."))
        if not moments:
            raise forms.ValidationError(
                _("That night the clock is put forward over this hour: it does not exist. Choose another.")
            )
        self.asks_which = len(moments) > 1
        if self.asks_which and not which:
            raise forms.ValidationError(_("Choose which of the two."))
        return moments[-1 if which == "second" else 0]
