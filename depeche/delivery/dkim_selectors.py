"""Which keys sign the mail of a domain: the one place that the domain doctor asks."""

from __future__ import annotations

from django.conf import settings

from .examining.dkim import Selector

_MARK = "._domainkey."


def selectors_of(domain: str) -> list[Selector]:
    """The selectors of DEPECHE_DKIM_SELECTORS for mail from `domain` (A-labels).

    `news` is a selector of each sender domain, `news._domainkey.example.org` one of that domain. Of those that name another
    domain only related ones are taken, unless there are no others: then they sign for somebody else, which is told.
    """
    found = [_read(one.lower(), domain) for one in settings.DKIM_SELECTORS]
    related = [one for one in found if _is_related(one.domain, domain)]
    return related or found


def _read(words: str, domain: str) -> Selector:
    name, mark, other = words.removesuffix(".").partition(_MARK)
    return Selector(name, other if mark else domain)


def _is_related(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
