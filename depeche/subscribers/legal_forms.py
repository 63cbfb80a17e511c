"""The forms in which a newsroom writes its legal texts and publishes them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList, Panel

from .legal import AGREED_TO, OF_A_FORM, Kind, LegalText, canonical_content, hash_of

_FILLED_IN = {
    "box": _("{newsletter} is replaced by the name of the newsletter."),
    "sentence": _("{privacy} and {terms} become links to these texts, {button} the words of the button."),
}
_MUST_NAME = {"box": ("{newsletter}",), "sentence": ("{privacy}", "{terms}")}


class NewTextForm(WagtailAdminModelForm):
    """Which text it is to be; what it says comes after."""

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where there is such a text already, or a newsletter is missing or too much."""
        given = super().clean()
        kind, language, newsletter = (given.get(name) for name in ("kind", "language", "newsletter"))
        if not kind or not language:
            return given
        if kind == Kind.NOTICE and newsletter is None:
            self.add_error("newsletter", _("Whose notice is it? Choose a newsletter."))
        elif kind != Kind.NOTICE and newsletter is not None:
            self.add_error("newsletter", _("Only a notice belongs to one newsletter. Leave this empty."))
        elif LegalText.objects.filter(kind=kind, language=language, newsletter=newsletter).exists():
            self.add_error("kind", _("There is this text in this language already. Change that one."))
        return given


class TextForm(WagtailAdminModelForm):
    """What a text says; it may be left with holes, as long as it is not published."""

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError: the words of the form do not name what they must, or a NUL was sent."""
        given = super().clean()
        for name, needed in _MUST_NAME.items():
            missing = [mark for mark in needed if mark not in given.get(name, "")]
            if self.instance.kind == Kind.FORM and given.get(name) and missing:
                self.add_error(
                    name,
                    ValidationError(
                        _("These words must contain %(marks)s, which we fill in."),
                        params={"marks": ", ".join(missing)},
                    ),
                )
        return given


def panel_for_a_new_text() -> Panel:
    panels = [FieldPanel(name) for name in ("kind", "language", "newsletter", "title")]
    return ObjectList(panels, base_form_class=NewTextForm).bind_to_model(LegalText)


def panel_for(text: LegalText) -> Panel:
    """The fields of its kind and no other, those that are needed marked as such."""
    needed = {"title", *text.fields_to_fill}
    panels: list[Panel] = [
        HelpPanel(
            _("What is marked “needed” must be filled in before it can be published."),
            heading=_("Before publishing"),
        )
    ]
    for name in text.fields_shown:
        said = [_("Needed to publish.")] if name in needed else []
        if text.kind == Kind.FORM and name in OF_A_FORM and name in _FILLED_IN:
            said.append(_FILLED_IN[name])
        panels.append(FieldPanel(name, help_text=" ".join(str(words) for words in said)))
    return ObjectList(panels, base_form_class=TextForm).bind_to_model(LegalText)


class PublishForm(forms.Form):
    """What becomes of readers who agreed to the version before, and what to tell them."""

    change = forms.CharField(
        label=_("What changed, in a sentence or two"),
        help_text=_("Stands in the list of versions, and in the mail to readers if they are asked again."),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    is_material = forms.BooleanField(
        label=_("Readers must be asked again"),
        help_text=_("A new purpose, recipient or controller: what was agreed to before does not cover it."),
        required=False,
    )

    def __init__(self, *args: Any, text: LegalText, has_readers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = hash_of(canonical_content(text.content()))
        self.initial["seen"] = self.now
        if text.kind not in AGREED_TO or not has_readers:
            del self.fields["is_material"]

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError: whoever is asked again is told why; nobody publishes what they did not see."""
        given = super().clean() or {}
        if given.get("seen") != self.now:
            self.data = {**{name: self.data[name] for name in self.data}, "seen": self.now}
            raise ValidationError(
                _(
                    "Somebody changed the text since you opened this page. Look at what changes below, once more."
                )
            )
        if given.get("is_material") and not given.get("change", "").strip():
            self.add_error("change", _("Say what changed: it stands in the mail by which readers are asked."))
        return given
