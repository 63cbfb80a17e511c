"""The words a reader agrees to: shown by the form, kept with the consent, from one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import legal
from .models import Newsletter
from .words import Words


@dataclass(frozen=True)
class Agreement:
    """All the words around the button, in the reader's language."""

    promise: str
    what: str
    label: str
    box: str
    sentence: str
    button: str
    pattern: str
    notice: str
    texts: dict[str, dict[str, Any]]

    def as_text(self) -> str:
        """What is kept: exactly the words shown, top to bottom."""
        box, button = f"☐ {self.box}", f"[{self.button}]"
        lines = (self.promise, self.what, self.label, box, button, self.sentence, self.notice)
        return "\n".join(line for line in lines if line)

    @property
    def seen(self) -> str:
        """Stands for all a reader has before them: these words and the versions of the texts they link to."""
        return legal.hash_of(legal.canonical_content({"words": self.as_text(), **self.texts}))[:32]

    def sentence_html(self) -> SafeString:
        """The sentence with its texts linked."""
        return format_html(
            _braced(escape(self.pattern)),
            button=self.button,
            privacy=_link("privacy", _("privacy policy")),
            terms=_link("terms", _("terms of use")),
        )


def agreement(newsletter: Newsletter) -> Agreement:
    """The words for one newsletter, in the active language: the newsroom's, or ours."""
    versions = legal.shown_by_the_form(get_language() or "", newsletter)
    words = versions[legal.Kind.FORM].fields if legal.Kind.FORM in versions else default_words()
    button, pattern, ours = words["button"], words["sentence"], Words()
    return Agreement(
        promise=words["promise"],
        what=f"{newsletter.name}\n{newsletter.description}" if newsletter.description else "",
        label=ours.say("form.label_address"),
        box=words["box"].replace("{newsletter}", newsletter.name),
        sentence=_braced(pattern).format(button=button, privacy=_("privacy policy"), terms=_("terms of use")),
        button=button,
        pattern=pattern,
        notice=ours.say("form.link_notice"),
        texts=legal.in_force_of(versions),
    )


def default_words() -> dict[str, str]:
    """What the form says until a newsroom writes its own; {newsletter}, {button}, {privacy} and {terms} are filled in."""
    return {
        "promise": _("Get neutral and factual information"),
        "box": _("I agree to receive “{newsletter}” by e-mail."),
        "button": _("Subscribe"),
        "sentence": _(
            "By clicking the “{button}” button, you confirm that you have read and accept our {privacy} and our {terms}."
        ),
    }


def _braced(pattern: str) -> str:
    """The pattern with no braces but those we fill in: what a newsroom writes breaks no page."""
    safe = pattern.replace("{", "{{").replace("}", "}}")
    for name in ("button", "privacy", "terms"):
        safe = safe.replace("{{" + name + "}}", "{" + name + "}")
    return safe


def _link(kind: str, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("legal_text", args=[kind]), words)
