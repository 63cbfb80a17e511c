"""The one form of the preference page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import get_language

from . import choosing
from .choosing import LONGEST_PAUSE, Choices
from .languages import languages
from .legal import OF_A_NOTICE, LegalText, LegalVersion
from .models import Frequency, Newsletter, Subscriber, Subscription
from .offering import offered
from .words import say, say_lazily

DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")


@dataclass(frozen=True)
class Row:
    """One newsletter on the page."""

    newsletter: Newsletter
    is_ticked: bool
    often: BoundField
    notice: LegalVersion | None

    @property
    def notice_lines(self) -> list[tuple[str, str]]:
        """What readers are told, under the names of its parts."""
        fields = self.notice.fields if self.notice else {}
        names = {
            field.name: str(field.verbose_name) for field in LegalText._meta.get_fields() if field.concrete
        }
        return [(names[name], fields[name]) for name in OF_A_NOTICE if fields.get(name)]


class ChoicesForm(forms.Form):
    """A box and a frequency for each newsletter, a pause, a language, and the box for counting where it is offered."""

    newsletters = forms.MultipleChoiceField(
        required=False,
        error_messages={
            "invalid_choice": say_lazily("preferences.error_gone"),
        },
    )
    paused_until = forms.DateField(
        required=False,
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": say_lazily("preferences.error_day")},
    )
    language = forms.ChoiceField(
        choices=languages,
        error_messages={
            "required": say_lazily("preferences.error_language"),
            "invalid_choice": say_lazily("preferences.error_no_language"),
        },
    )
    tracking = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, subscriber: Subscriber, on: dt.date) -> None:
        self.subscriber, self.on = subscriber, on
        self.known = {one.newsletter_id: one for one in subscriber.subscriptions.all()}
        self.all = [one for code, _name in languages() for one in self._to_choose_from(code)]
        super().__init__(data, initial=self._now())
        self.fields["newsletters"].choices = [(one.slug, one.name) for one in self.all]  # type: ignore[attr-defined]
        for newsletter in self.all:
            self.fields[often(newsletter)] = forms.ChoiceField(
                choices=Frequency.choices,
                required=False,
                error_messages={"invalid_choice": say_lazily("preferences.error_often")},
            )
        if not self.asks_about_tracking:
            del self.fields["tracking"]
        for field in self.errors:
            if field in self.fields:
                aria = {"aria-invalid": "true", "aria-describedby": f"id_{field}-error"}
                self.fields[field].widget.attrs |= aria

    @property
    def asks_about_tracking(self) -> bool:
        """Whether the newsroom offers it, or this reader allowed it once and must be able to end that."""
        return settings.OPEN_TRACKING or bool(self.subscriber.tracking_since)

    @property
    def days(self) -> tuple[str, str]:
        """The first and last day a pause may end."""
        return (self.on + dt.timedelta(days=1)).isoformat(), (self.on + LONGEST_PAUSE).isoformat()

    @property
    def shown_pause(self) -> str:
        """As a browser's field for days wants it; what was typed wrong comes back as it was."""
        value = self["paused_until"].value()
        return value.isoformat() if isinstance(value, dt.date) else value or ""

    @property
    def groups(self) -> Iterator[tuple[str, str, Sequence[Row]]]:
        """Code and name of each language that has newsletters, and these."""
        ticked = set(self["newsletters"].value() or ())
        for code, name in languages():
            rows = [self._row(one, ticked) for one in self.all if one.language == code]
            if rows:
                yield code, name, rows

    def clean_paused_until(self) -> dt.date | None:
        """Raises ValidationError: no day to come within a year."""
        until = self.cleaned_data["paused_until"]
        if until and not self.on < until <= self.on + LONGEST_PAUSE:
            raise ValidationError(say("preferences.error_pause"))
        return until

    def choices(self) -> Choices:
        """What was chosen, once the form is valid."""
        given = self.cleaned_data
        return Choices(
            offered={one.pk for one in self.all},
            newsletters={one.pk for one in self.all if one.slug in given["newsletters"]},
            frequencies={one.pk: given[often(one)] for one in self.all if given[often(one)]},
            paused_until=given["paused_until"],
            language=given["language"],
            allows_tracking=given.get("tracking"),
        )

    def _to_choose_from(self, language: str) -> list[Newsletter]:
        """Those whose texts are published, and those the reader has: they must be able to leave them."""
        may_be_had = set(offered(language).values_list("pk", flat=True))
        all_ = Newsletter.objects.filter(language=language).order_by("pk")
        return [
            one
            for one in all_
            if one.pk in may_be_had or (one.pk in self.known and self.known[one.pk].is_confirmed)
        ]

    def _now(self) -> dict[str, Any]:
        """What holds at present."""
        subscribed = {pk for pk, one in self.known.items() if one.is_confirmed}
        return {
            "newsletters": [one.slug for one in self.all if one.pk in subscribed],
            "paused_until": choosing.pauses_until(self.subscriber, self.on),
            "language": self.subscriber.language,
            "tracking": bool(self.subscriber.tracking_since),
            **{often(one): self._frequency(self.known.get(one.pk)) for one in self.all},
        }

    def _frequency(self, subscription: Subscription | None) -> str:
        return subscription.frequency if subscription else Frequency.EVERY

    def _row(self, newsletter: Newsletter, ticked: set[str]) -> Row:
        notice = choosing.notice_of(newsletter, get_language() or newsletter.language)
        return Row(newsletter, newsletter.slug in ticked, self[often(newsletter)], notice)


def often(newsletter: Newsletter) -> str:
    """The name of the field that says how often."""
    return f"often-{newsletter.pk}"
