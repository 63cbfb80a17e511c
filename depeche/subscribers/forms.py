from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from email_validator import EmailNotValidError, validate_email

from .models import Newsletter
from .offering import offered
from .wording import agreement
from .words import say, say_lazily


class NewsletterField(forms.ModelChoiceField):
    """Choice by slug; what PostgreSQL could not even look up is no choice."""

    def to_python(self, value: Any) -> Newsletter | None:
        if "\0" in str(value):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class SubscribeForm(forms.Form):
    """One address, one newsletter, one unticked box; and a field that only machines fill in."""

    newsletter = NewsletterField(
        queryset=Newsletter.objects.none(),
        to_field_name="slug",
        error_messages={
            "required": say_lazily("form.error_newsletter"),
            "invalid_choice": say_lazily("form.error_gone"),
        },
    )
    address = forms.CharField(
        max_length=320,
        strip=False,
        error_messages={
            "required": say_lazily("form.error_address"),
            "max_length": say_lazily("form.error_long"),
        },
    )
    agreed = forms.BooleanField(error_messages={"required": say_lazily("form.error_agree")})
    website = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newsletters = cast(NewsletterField, self.fields["newsletter"])
        newsletters.queryset = offered(get_language())

    @property
    def is_from_a_machine(self) -> bool:
        return bool(self.data.get("website"))

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError: words or texts changed after the page was opened; they agree to what they saw."""
        given = super().clean() or {}
        newsletter, seen = given.get("newsletter"), self.data.get("seen")
        if newsletter and seen and seen != agreement(newsletter).seen:
            self.data = {name: self.data[name] for name in self.data if name != "agreed"}
            raise ValidationError(say("form.error_changed"))
        return given

    def clean_address(self) -> str:
        """Raises ValidationError: not an address one can write to, or more than an address."""
        typed = self.cleaned_data["address"]
        if any(not character.isprintable() for character in typed):
            raise ValidationError(say("form.error_lines"))
        try:
            return validate_email(
                typed.strip(), check_deliverability=False, test_environment=not settings.IS_PUBLIC
            ).normalized
        except EmailNotValidError as error:
            raise ValidationError(say("form.error_wrong", typed=typed.strip()[:100])) from error
