"""The form an editor files a correction with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from . import correcting
from .models import Article, Correction, PublishedVersion


class CorrectionForm(forms.Form):
    """Says at the field what does not fit; once valid, `draft` is what would be published."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Correction.Kind.choices,
        initial=Correction.Kind.CORRECTION,
        widget=forms.RadioSelect,
        help_text=_(
            "A correction mends what was wrong, a clarification what was unclear; an update is news."
        ),
    )
    was = forms.CharField(
        label=_("Wrong words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("As they were published. Empty where something was missing."),
    )
    now = forms.CharField(
        label=_("Right words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("As the article says it now. Empty where something was taken out."),
    )
    reason = forms.CharField(
        label=_("What was wrong"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence, for readers: it stands on the article and opens the mail."),
    )
    changes_meaning = forms.BooleanField(
        label=_("It changes what readers understood"),
        required=False,
        initial=True,
        help_text=_("Then it stands above the text, else below it."),
    )
    tells_readers = forms.BooleanField(
        label=_("Write to those who were sent the wrong words"),
        required=False,
        help_text=_("The next page says how many they are. Nothing leaves before you confirm there."),
    )

    def __init__(self, *args: Any, article: Article, **options: Any) -> None:
        super().__init__(*args, **options)
        self.article = article
        self.wrong_versions: list[PublishedVersion] = []

    @property
    def draft(self) -> correcting.Draft:
        return correcting.Draft(**self.cleaned_data).cleaned()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors:
            try:
                self.wrong_versions = correcting.check(self.article, correcting.Draft(**found).cleaned())
            except correcting.NotCorrected as error:
                self.add_error(error.field or None, str(error))
        return found
