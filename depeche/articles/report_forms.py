"""What a reader sends of an error, and what a colleague answers."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from email_validator import EmailNotValidError, validate_email

from .models import Article, Correction, ErrorReport
from .reporting import Told

_REORDERING = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
TOO_LONG = ngettext_lazy(
    "At most %(limit_value)d character, please: it has %(show_value)d. Shorten it.",
    "At most %(limit_value)d characters, please: it has %(show_value)d. Shorten it.",
    "limit_value",
)


class PlainTextField(forms.CharField):
    """What people type: without signs that draw nothing, or that turn round what stands beside them."""

    def to_python(self, value: Any) -> str:
        return super().to_python(plain(str(value or ""))) or ""


def plain(text: str) -> str:
    """`text` with line ends of one kind, without signs that draw nothing or turn round what follows."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(sign for sign in text if sign == "\n" or (_is_drawn(sign) and sign not in _REORDERING))


def _is_drawn(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cs", "Cn", "Co")


class ReportForm(forms.Form):
    """The words in question, what is wrong with them, an address; and a field that only machines fill in."""

    words = PlainTextField(required=False, max_length=500, error_messages={"max_length": TOO_LONG})
    message = PlainTextField(
        max_length=2000,
        error_messages={"required": _("Say what is wrong: one sentence is enough."), "max_length": TOO_LONG},
    )
    address = forms.CharField(
        required=False,
        max_length=320,
        error_messages={"max_length": _("This address is too long. Check it, please.")},
    )
    website = forms.CharField(required=False)

    def clean_address(self) -> str:
        """Raises ValidationError: not an address one can write to."""
        typed = self.cleaned_data["address"]
        if not typed:
            return ""
        try:
            return validate_email(
                typed, check_deliverability=False, test_environment=not settings.IS_PUBLIC
            ).normalized
        except EmailNotValidError as error:
            raise ValidationError(
                _("“%(typed)s” is not an e-mail address. It looks like name@example.org."),
                params={"typed": typed[:100]},
            ) from error

    @property
    def told(self) -> Told:
        """What was sent, once it is valid."""
        given = self.cleaned_data
        return Told(given["message"], given["words"], given["address"], bool(self.data.get("website")))


class AnswerForm(forms.Form):
    """What became of a report, and what its reader is told."""

    verdict = forms.ChoiceField(
        label=_("What became of it"),
        choices=[
            (ErrorReport.State.CORRECTED, _("The article was corrected")),
            (ErrorReport.State.UNCHANGED, _("The article stays as it is")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the article was corrected.")},
    )
    correction = forms.ModelChoiceField(
        label=_("Correction"),
        queryset=Correction.objects.none(),
        required=False,
        empty_label=_("None on record"),
        help_text=_("Readers are led to it. File it first, then answer."),
    )
    text = PlainTextField(
        label=_("Our answer"),
        max_length=2000,
        help_text=_("Public for whoever has the number, and mailed if an address was given. Name nobody."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write the answer: the reader took the trouble to write to us.")},
    )

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        corrections = article.corrections.newest_first()
        self.fields["correction"].queryset = corrections  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("correction") and given.get("verdict") == ErrorReport.State.UNCHANGED:
            raise ValidationError(_("A correction was filed: then the article was corrected."))
        return given
