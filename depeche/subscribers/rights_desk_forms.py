"""What the desk fills in when somebody uses a right over their data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, validate_email

from depeche.delivery.messages import address_key

from .models import RightsRequest
from .rights_desk import Received
from .rights_desk_words import ROADS_IN_WORDS

ROADS = [(road, words) for road, words in ROADS_IN_WORDS.items() if road != "self"]


class AddressField(forms.CharField):
    """One address, as one can write to it."""

    widget = forms.EmailInput

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=320, **options)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if any(not character.isprintable() for character in typed):
            raise ValidationError(_("An address is a single line. Enter it again, please."))
        try:
            return validate_email(
                typed, check_deliverability=False, test_environment=not settings.IS_PUBLIC
            ).normalized
        except EmailNotValidError as error:
            raise ValidationError(
                _("“%(typed)s” is not an e-mail address. It looks like name@example.org."),
                params={"typed": typed[:100]},
            ) from error


class EnterForm(forms.Form):
    right = forms.ChoiceField(label=_("Right"), choices=RightsRequest.Right.choices)
    address = AddressField(
        label=_("Address the data is about"),
        help_text=_("Be sure that it is theirs who ask: the answer is mailed to this address."),
    )
    came_by = forms.ChoiceField(label=_("Came by"), choices=ROADS)
    received_on = forms.DateField(
        label=_("Received on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The answer is due one month later."),
    )
    message = forms.CharField(
        label=_("What they wrote or said"), required=False, max_length=20_000, widget=forms.Textarea
    )

    def clean_received_on(self) -> dt.date:
        """Raises ValidationError: not yet, or so long ago that it is a mistake."""
        day, today = self.cleaned_data["received_on"], timezone.localdate()
        if day > today:
            raise ValidationError(_("This day has not come yet."))
        if day < today - dt.timedelta(days=365):
            raise ValidationError(_("This is more than a year ago. Check the year, please."))
        return day

    def received(self) -> Received:
        """What was entered, once it is valid."""
        given = self.cleaned_data
        noon = dt.datetime.combine(given["received_on"], dt.time(12), timezone.get_current_timezone())
        at = min(noon, timezone.now())
        return Received(given["right"], given["address"], given["came_by"], given["message"], at)


class AnswerForm(forms.Form):
    words = forms.CharField(
        label=_("Own words in the answer"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Our answer says what was done; here you may add to it."),
    )


class RectifyForm(AnswerForm):
    new_address = AddressField(label=_("Right address"))
    field_order = ["new_address", "words"]


class EraseForm(AnswerForm):
    typed = forms.CharField(
        label=_("Type the address to confirm"),
        max_length=320,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ["typed", "words"]

    def __init__(self, *args: Any, address: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._address = address

    def clean_typed(self) -> str:
        """Raises ValidationError: another address, or a slip."""
        if address_key(self.cleaned_data["typed"]) != address_key(self._address):
            raise ValidationError(_("This is not the address of the request. Nothing was erased."))
        return self._address


class ExtendForm(forms.Form):
    words = forms.CharField(
        label=_("Why more time is needed"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is mailed to them today, in their language, with the new day."),
    )


class RefuseForm(forms.Form):
    words = forms.CharField(
        label=_("Reason"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is mailed to them, with the authority they may complain to."),
    )
