"""What the frame of every public page needs: the paper, its sections, the sign-up form."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from depeche.subscribers.models import Newsletter
from depeche.subscribers.offering import offered
from depeche.subscribers.wording import agreement

from .models import Home


def paper(request: HttpRequest) -> dict[str, Any]:
    """Looked up only where a template asks: the admin never does."""
    return {
        "paper": SimpleLazyObject(paper_of_this_language),
        "sign_up": SimpleLazyObject(_sign_up),
    }


def paper_of_this_language() -> dict[str, Any]:
    """The home page, name and sections of the paper, and where else it leads."""
    home = (
        Home.objects.live().filter(locale__language_code=get_language()).first()
        or Home.objects.live().first()
    )
    editions = Home.objects.live().select_related("locale").order_by("pk")
    newsletter = Newsletter.objects.filter(language=get_language()).first()
    return {
        "home": home,
        "name": home.title if home else "Dépêche",
        "sections": home.sections() if home else [],
        "archive_url": reverse("archive", args=[newsletter.slug]) if newsletter else "",
        "languages": [
            {"code": other.locale.language_code, "name": other.locale.get_display_name(), "url": other.url}
            for other in editions
        ],
    }


def _sign_up() -> dict[str, Any] | None:
    newsletter = offered(get_language() or "").first()
    return {"newsletter": newsletter, "agreement": agreement(newsletter)} if newsletter else None
