"""The newsroom's own words to readers: the list of pages and mails, and the words of one in one language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from depeche import typography

from . import rewording
from .texts import KINDS, Page
from .words import GROUPS, PAGES, ChangedText, filled, ours, slots


class WordsForm(forms.Form):
    """One field for each text of a page, with the words readers see at present."""

    def __init__(self, data: Any = None, *, page: Page, language: str) -> None:
        self.page, self.language = page, language
        self.changed = changed_on(page, language)
        self.ours = {name: ours(f"{page.name}.{name}", language) for name in page.says}
        super().__init__(data)
        for name in page.says:
            self.fields[name] = forms.CharField(
                label=_kind(name),
                required=False,  # an empty one is refused in words of its own
                initial=self.changed.get(name, self.ours[name]),
                strip=False,
                show_hidden_initial=True,  # what a colleague saves meanwhile is not undone
                widget=forms.Textarea(attrs={"rows": 2, "lang": language, "dir": "auto"}),
            )

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError: see `rewording.checked`; each at its field."""
        given = super().clean() or {}
        for name in self.page.says:
            try:
                given[name] = rewording.checked(
                    f"{self.page.name}.{name}", self.language, given.get(name, "")
                )
            except ValidationError as error:
                self.add_error(name, error)
        return given

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For each text: its field, our words, what may be filled in, how it reads."""
        return [
            {
                "name": name,
                "field": self[name],
                "is_changed": name in self.changed,
                "ours": said,
                "slots": slots(said),
                "preview": _preview(str(self[name].value()), self.language),
            }
            for name, said in self.ours.items()
        ]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every page and mail, and how many of its texts the newsroom changed, by language."""
    _may(request)
    changed: dict[tuple[str, str], int] = {}
    for key, language in ChangedText.objects.values_list("key", "language"):
        changed[key.partition(".")[0], language] = changed.get((key.partition(".")[0], language), 0) + 1
    codes = [code for code, _name in settings.LANGUAGES]
    context = {
        "languages": [_named(code) for code in codes],
        "groups": [
            (title, [(page, [(code, changed.get((page.name, code), 0)) for code in codes]) for page in pages])
            for title, pages in GROUPS
        ],
    }
    return render(request, "subscribers/words_index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one_page(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """The words of one page or mail: tried out, saved, or ours again."""
    _may(request)
    page = PAGES.get(name)
    if page is None or language not in dict(settings.LANGUAGES):
        raise Http404
    form = WordsForm(request.POST if request.method == "POST" else None, page=page, language=language)
    if back := request.POST.get("back"):
        if back in page.says and rewording.restore(f"{name}.{back}", language, by=request.user):
            messages.success(request, _("Readers see our words again."))
        return redirect("changedtext:page", language, name)
    if "save" in request.POST and form.is_valid():
        changes = [
            rewording.change(f"{name}.{one}", language, form.cleaned_data[one], by=request.user)
            for one in form.changed_data
        ]
        if any(changes):
            messages.success(request, _("Readers see these words from now on."))
        return redirect("changedtext:page", language, name)
    context = {"form": form, "page": page, "language": _named(language)}
    return render(request, "subscribers/words_page.html", context, status=422 if form.errors else 200)


def changed_on(page: Page, language: str) -> dict[str, str]:
    """The newsroom's words on this page, by the name of the text."""
    rows = ChangedText.objects.filter(language=language, key__startswith=f"{page.name}.")
    return {key.partition(".")[2]: text for key, text in rows.values_list("key", "text")}


def _may(request: HttpRequest) -> None:
    if not request.user.has_perm(rewording.PERMISSION):  # type: ignore[union-attr]
        raise PermissionDenied


def _kind(name: str) -> str:
    return str(KINDS[name.partition("_")[0]])


def _named(code: str) -> dict[str, str]:
    return {"code": code, "name": get_language_info(code)["name_local"]}


def _preview(pattern: str, language: str) -> SafeString:
    """As readers see it, with invented names."""
    with override(language):
        examples = {
            "address": "l…@example.org",
            "new": "lea@example.org",
            "contact": "redaction@example.org",
            "typed": "lea@example",
            "name": _("The Morning Letter"),
            "sender": _("The Newsroom"),
            "title": _("Privacy policy"),
            "privacy": _("privacy policy"),
            "date": "24/11/2026",
            "day": "24/11/2026",
            "days": "7",
            "number": "12",
        }
    shown = typography.typeset(pattern, language)
    as_typed = {slot.strip("{}"): slot for slot in slots(shown)}
    return mark_safe(filled(escape(shown), as_typed | examples))
