"""The words of the preference page: shown by it, kept with each choice, from one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .models import Frequency, Newsletter


@dataclass(frozen=True)
class ChoiceWords:
    """All the words around the choices, in the language of the page."""

    title: str
    sentence: str
    how_often: str
    pause: str
    pause_hint: str
    language: str
    tracking: str
    tracking_hint: str
    save: str
    leave: str
    blocked: str

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

    def tracking_as_text(self) -> str:
        """What is kept of the box that allows counting."""
        return "\n".join((f"☐ {self.tracking}", self.tracking_hint, f"[{self.save}]"))


def choice_words() -> ChoiceWords:
    """In the active language."""
    return ChoiceWords(
        title=_("Your newsletters"),
        sentence=_(
            "You receive those that are ticked. By ticking one and saving you agree to receive it by e-mail; what we do with your address stands beneath it and in our privacy policy."
        ),
        how_often=_("How often"),
        pause=_("Send me no newsletter before"),
        pause_hint=_(
            "For a year at most; leave it empty to receive them as usual. Only a correction of something we sent you may still come."
        ),
        language=_("Language of our mails and pages to you"),
        tracking=_("I agree that you note when I open your newsletters."),
        tracking_hint=_(
            "So that the newsroom learns what is read. You receive the same newsletters without it, and can untick it at any time."
        ),
        save=_("Save my choices"),
        leave=_("Leave everything"),
        blocked=_(
            "We may not write to this address: you objected, or our mails came back. To receive a newsletter again, use our form; you will be asked to confirm by a mail."
        ),
    )


def _box(newsletter: Newsletter) -> str:
    return f"{newsletter.name} – {newsletter.description}" if newsletter.description else newsletter.name
