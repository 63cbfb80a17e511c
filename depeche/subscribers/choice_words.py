"""The words of the preference page: shown by it, kept with each choice, from one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .models import Frequency, Newsletter
from .recording import sha256
from .words import Words


@dataclass(frozen=True)
class ChoiceWords:
    """All the words around the choices, in the language of the page."""

    title: str
    sentence: str
    sentence_html: SafeString
    how_often: str
    pause: str
    pause_hint: str
    language: str
    tracking: str
    tracking_hint: str
    save: str
    leave: str

    def as_text(self, newsletters: Iterable[Newsletter]) -> str:
        """What is kept of the form: its words top to bottom, each box as it stands before anybody ticks it."""
        boxes = [f"☐ {_box(newsletter)}" for newsletter in newsletters]
        rhythm = " / ".join(str(label) for label in Frequency.labels)
        return "\n".join(
            (
                self.title,
                self.sentence,
                *boxes,
                f"{self.how_often}: {rhythm}",
                self.pause,
                self.pause_hint,
                self.language,
                f"[{self.save}]",
                f"[{self.leave}]",
            )
        )

    def seen(self, newsletters: Iterable[Newsletter]) -> str:
        """Stands for all the words a reader has before them, those about counting too."""
        return sha256("\n".join((self.as_text(newsletters), self.tracking_as_text())))[:32]

    def tracking_as_text(self) -> str:
        """What is kept of the box that allows counting."""
        return "\n".join((f"☐ {self.tracking}", self.tracking_hint, f"[{self.save}]"))


def choice_words(words: Words) -> ChoiceWords:
    """In the active language, as `words` has them."""
    privacy = _("privacy policy")
    link = format_html('<a href="{}">{}</a>', reverse("legal_text", args=["privacy"]), privacy)
    return ChoiceWords(
        title=words.say("preferences.title"),
        sentence=words.say("preferences.text", privacy=privacy),
        sentence_html=words.html("preferences.text", privacy=link),
        how_often=words.say("preferences.label_often"),
        pause=words.say("preferences.label_pause"),
        pause_hint=words.say("preferences.text_pause"),
        language=words.say("preferences.label_language"),
        tracking=words.say("preferences.label_tracking"),
        tracking_hint=words.say("preferences.text_tracking"),
        save=words.say("preferences.button_save"),
        leave=words.say("preferences.button_leave"),
    )


def _box(newsletter: Newsletter) -> str:
    return f"{newsletter.name} – {newsletter.description}" if newsletter.description else newsletter.name
