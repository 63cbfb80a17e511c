"""The desk's page that gives the proof of what an address agreed to, as one ZIP; each time is noted."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from wagtail.admin.views.generic import InspectView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from depeche import keys

from . import proving, rights_desk
from .models import Subscriber


class ProofForm(forms.Form):
    address = forms.EmailField(label=_("Address"), max_length=320)
    language = forms.ChoiceField(label=_("Language of the PDF"), choices=lambda: settings.LANGUAGES)


class SubscriberInspect(InspectView):
    """One reader, with the way to the proof for who may give it."""

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not rights_desk.may_answer(self.request.user):
            return []
        return [
            HeaderButton(
                _("Proof of consent…"),
                f"{reverse('prove_consent')}?reader={self.object.pk}",
                icon_name="check",
            )
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """The address is posted, so that no log of a server keeps it; also one that was erased can be asked for."""
    user = request.user
    if not isinstance(user, User) or not rights_desk.may_answer(user):
        raise PermissionDenied
    if request.method != "POST":
        form = ProofForm(initial={"address": _asked_for(request), "language": get_language()})
        return render(request, "subscribers/prove.html", {"form": form})
    form = ProofForm(request.POST)
    if form.is_valid():
        try:
            return _proof(user, **form.cleaned_data)
        except proving.NothingKnown:
            form.add_error("address", _("The log knows nothing of this address."))
        except keys.UnknownKey as error:
            form.add_error(None, _("Key %(key)s is not there.") % {"key": error})
    return render(request, "subscribers/prove.html", {"form": form}, status=422)


def _proof(user: User, *, address: str, language: str) -> HttpResponse:
    story = proving.prove(address)
    files = proving.sealed(story, language=language)
    person = story["people"][0]["person"]
    log(user, "depeche.prove_consent", user=user, data={"person": person})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    answer = HttpResponse(packed.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="consent-{person[:8]}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


def _asked_for(request: HttpRequest) -> str:
    asked = request.GET.get("reader", "")
    if not asked.isascii() or not asked.isdigit() or len(asked) > 18:
        return ""
    return Subscriber.objects.filter(pk=asked).values_list("address", flat=True).first() or ""
