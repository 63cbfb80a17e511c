"""Which keys sign the mail of a domain: the one place that the domain doctor asks."""

from __future__ import annotations

from django.conf import settings

from . import dkim_keys
from .examining.dkim import Selector

_MARK = "._domainkey."


def selectors_of(domain: str) -> list[Selector]:
    """The key of ours that signs mail from `domain` (A-labels), and the selectors of DEPECHE_DKIM_SELECTORS for it.

    `news` is a selector of each sender domain, `news._domainkey.example.org` one of that domain. Of those that name another
    domain only related ones are taken, unless there are no others: then they sign for somebody else, which is told.
    """
    own = [_of(key)] if (key := dkim_keys.key_for(domain)) else []
    found = [_read(one.lower(), domain) for one in settings.DKIM_SELECTORS]
    related = [one for one in found if _is_related(one.domain, domain)]
    told = related or ([] if own else found)
    return own + [one for one in told if one.record_name not in {mine.record_name for mine in own}]


def _of(key: dkim_keys.DkimKey) -> Selector:
    return Selector(key.selector, key.domain, key.record.rpartition("p=")[2])


def _read(words: str, domain: str) -> Selector:
    name, mark, other = words.removesuffix(".").partition(_MARK)
    return Selector(name, other if mark else domain)


def _is_related(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
