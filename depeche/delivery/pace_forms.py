"""The forms in which an administrator says how fast mail leaves."""

from __future__ import annotations

from typing import Any

import idna
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import pace
from .pace import Limit, UnclearDomain
from .pace_words import LONGEST, UnclearPace, parsed, shown


class _Words(forms.CharField):
    """A pace in plain words; its value is a `Rate`, or None where the field is empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=LONGEST, **options)

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        if not words:
            return None
        try:
            return parsed(words)
        except UnclearPace as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """The same pace in other words is no change."""
        try:
            return bool(self.clean(initial) != self.clean(data))
        except ValidationError:
            return True


class TransportForm(forms.Form):
    rate = _Words(label=_("Pace"), help_text=_("Empty: as fast as the server takes it."))


class DomainForm(forms.Form):
    domain = forms.CharField(
        label=_("Domain"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    has_subdomains = forms.BooleanField(label=_("With its subdomains"), required=False)
    rate = _Words(label=_("Pace"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.limit: Limit | None = self.initial.get("limit")
        if self.limit:
            self.fields["domain"].widget = forms.HiddenInput()

    @property
    def shown_domain(self) -> str:
        return as_read(self.limit.of.domain) if self.limit else ""

    def clean_domain(self) -> str:
        try:
            return pace.domain_key(self.cleaned_data["domain"])
        except UnclearDomain as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where a domain stands without a pace."""
        given = super().clean() or {}
        is_left = self.limit is not None and self.limit.rate is None  # learned, and may stay so
        if (
            self.has_changed()
            and not given.get("DELETE")
            and "rate" in given
            and given["rate"] is None
            and not is_left
        ):
            self.add_error("rate", gettext("Write a pace, or take the domain out."))
        return given


class _Domains(forms.BaseFormSet):
    def clean(self) -> None:
        """Raises ValidationError where a domain stands twice."""
        seen: set[str] = set()
        for form in self.forms:
            domain = form.cleaned_data.get("domain") if form.is_valid() else None
            if domain in seen:
                form.add_error("domain", gettext("This domain stands there already. Change its pace."))
            seen.add(domain or "")

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take out")


DomainForms = forms.formset_factory(
    DomainForm,
    formset=_Domains,
    extra=1,
    can_delete=True,
    can_delete_extra=False,
    max_num=2000,
    absolute_max=2000,
)


def domains_now(limits: list[Limit]) -> list[dict[str, Any]]:
    """What the forms of domains begin with."""
    return [
        {
            "domain": limit.of.domain,
            "has_subdomains": limit.has_subdomains,
            "rate": shown(limit.rate) if limit.rate else "",
            "limit": limit,
        }
        for limit in limits
        if limit.of.domain
    ]


def as_read(domain: str) -> str:
    """The domain as people write it."""
    try:
        return idna.decode(domain)
    except idna.IDNAError:
        return domain
