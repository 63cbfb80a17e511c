"""The words a reader agrees to: shown by the form, kept with the consent, from one place."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .models import Newsletter


@dataclass(frozen=True)
class Agreement:
    """All the words around the button, in the reader's language."""

    promise: str
    box: str
    sentence: str
    button: str

    def as_text(self) -> str:
        """What is kept: exactly the words shown, top to bottom."""
        return "\n".join((self.promise, f"☐ {self.box}", f"[{self.button}]", self.sentence))

    def sentence_html(self) -> SafeString:
        """The sentence with its two texts linked."""
        return format_html(
            _agreement_sentence(),
            button=self.button,
            privacy=_link("privacy", _("privacy policy")),
            terms=_link("terms", _("terms of use")),
        )


def agreement(newsletter: Newsletter) -> Agreement:
    """The words for one newsletter, in the active language."""
    button = _("Subscribe")
    return Agreement(
        promise=_("Get neutral and factual information"),
        box=_("I agree to receive “%(newsletter)s” by e-mail.") % {"newsletter": newsletter.name},
        sentence=_agreement_sentence().format(
            button=button, privacy=_("privacy policy"), terms=_("terms of use")
        ),
        button=button,
    )


def _agreement_sentence() -> str:
    return _(
        "By clicking the “{button}” button, you confirm that you have read and accept our {privacy} and our {terms}."
    )


def _link(kind: str, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("legal_text", args=[kind]), words)
