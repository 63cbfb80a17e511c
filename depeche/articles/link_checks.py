"""Links are looked at: a new one is copied once, a known one asked each week whether it still answers.

One link of a site at a time, few at once; what is due stands in the rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db.models import F, Q
from django.utils import timezone
from wagtail.models import Revision

from depeche.jobs.fetch import Fetched, FetchRefused, fetch

from . import link_copies
from .links import ArchivedLink, Problem
from .models import Article, Evidence, Source

AT_MOST = 10
TIME_FOR_A_RUN_S = 30.0  # on SQLite one worker does all jobs: no site may hold up what is scheduled
TIMEOUT_S = 12.0
MOST_BYTES = 10_000_000
LEASE = dt.timedelta(minutes=10)
TYPED_BY_THEN = dt.timedelta(minutes=1)  # drafts are saved while an address is being typed
LONGEST_PAUSE_DAYS = 32
COPIED_TYPES = (
    "text/html",
    "text/plain",
    "text/markdown",
    "text/csv",
    "text/xml",
    "application/xhtml+xml",
    "application/xml",
    "application/json",
    "application/pdf",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)

_ANSWERS = {Problem.TOO_LARGE, Problem.CONTENT_TYPE}
_LETS_NOBODY_IN = {401, 402, 403, 405, 406, 407, 429, 451}
_FAILING = {
    Problem.GONE,
    Problem.STATUS,
    Problem.UNRESOLVABLE,
    Problem.TLS,
    Problem.TOO_SLOW,
    Problem.UNREACHABLE,
    Problem.TOO_MANY_REDIRECTS,
}
_OF_THE_NETWORK = {Problem.UNRESOLVABLE, Problem.TOO_SLOW, Problem.UNREACHABLE}

Fetch = Callable[..., Fetched]


@dataclass(frozen=True)
class Met:
    """What came of looking at a link: the page, where a copy was wanted and came, or a problem."""

    link: ArchivedLink
    page: Fetched | None = None
    problem: str = ""
    detail: str = ""

    @property
    def fails(self) -> bool:
        return self.problem in _FAILING


def used() -> set[str]:
    """Every address in the sources of what readers have and of drafts, and in evidence that stands."""
    has_draft = Q(has_unpublished_changes=True) | Q(live=False)
    drafts = Revision.objects.filter(
        pk__in=Article.objects.filter(has_draft).values("latest_revision")
    ).values_list("content__sources", flat=True)
    of_rows = Source.objects.filter(Q(article__live=True) | Q(article__latest_revision=None))
    found = set(of_rows.values_list("link", flat=True))
    found.update(Evidence.objects.standing().values_list("link", flat=True))
    for sources in drafts.iterator():
        found.update(links_in(sources))
    return {url for url in found if url.startswith(("http://", "https://"))}


def links_in(sources: Any) -> Iterator[str]:
    """The addresses in the sources of a saved revision."""
    for source in sources if isinstance(sources, list) else ():
        link = source.get("link") if isinstance(source, dict) else None
        if isinstance(link, str) and link:
            yield link


def are_new(urls: Iterable[str]) -> bool:
    """Whether one of these addresses has no row yet."""
    urls = set(urls)
    return bool(urls) and ArchivedLink.objects.filter(url__in=urls).count() < len(urls)


def note_used(at: dt.datetime, urls: set[str]) -> int:
    """Give each of these addresses its row; how many are new. Rows without a copy that nobody uses go."""
    known = set(ArchivedLink.objects.values_list("url", flat=True))
    longest = ArchivedLink._meta.get_field("url").max_length or 0
    new = [url for url in urls - known if len(url) <= longest]
    rows = [ArchivedLink(url=url, next_check_at=at + TYPED_BY_THEN) for url in new]
    ArchivedLink.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    unused = ArchivedLink.objects.filter(sha256="").values_list("pk", "url")
    gone = [pk for pk, url in unused.iterator() if url not in urls]
    for start in range(0, len(gone), 500):
        ArchivedLink.objects.filter(pk__in=gone[start : start + 500]).delete()
    return len(new)


def look(at: dt.datetime | None = None, *, fetch: Fetch = fetch) -> int:
    """Look at what is due; how many addresses are waiting for their first look, a minute from now."""
    started, at = time.monotonic(), at or timezone.now()
    urls = used()
    new = note_used(at, urls)
    met = []
    for link in _one_of_each_site(ArchivedLink.objects.due(at).iterator(), urls):
        if len(met) == AT_MOST or time.monotonic() - started > TIME_FOR_A_RUN_S:
            break
        if _leased(link, at):
            met.append(_look_at(link, _wants_copy(link), fetch))
    if len(met) >= 3 and all(one.problem in _OF_THE_NETWORK for one in met):
        return new  # it is we who have no network: the leases run out, nothing is held against the sites
    for one in met:
        note(one, at)
    return new


def _one_of_each_site(due: Iterable[ArchivedLink], urls: set[str]) -> Iterator[ArchivedLink]:
    sites: set[str] = set()
    for link in due:
        site = urlsplit(link.url).netloc.casefold()
        if link.url in urls and site not in sites:
            sites.add(site)
            yield link


def _leased(link: ArchivedLink, at: dt.datetime) -> bool:
    """Whether the link is ours to look at: no other worker took it first."""
    same = ArchivedLink.objects.filter(pk=link.pk, next_check_at=link.next_check_at)
    return bool(same.update(next_check_at=at + LEASE))


def _wants_copy(link: ArchivedLink) -> bool:
    return not link.sha256 and link.problem not in _ANSWERS


def check_now(
    link: ArchivedLink, *, copy: bool = False, at: dt.datetime | None = None, fetch: Fetch = fetch
) -> Met:
    """Look at one link because somebody asks; with `copy`, make a new copy beside the old one."""
    met = _look_at(link, copy or _wants_copy(link), fetch)
    note(met, at or timezone.now())
    return met


def _look_at(link: ArchivedLink, wants_copy: bool, fetch: Fetch) -> Met:
    """Ask the site. Where no copy is wanted the answer is left unread after its headers."""
    types = COPIED_TYPES if wants_copy else ()
    try:
        page = fetch(link.url, max_bytes=MOST_BYTES, timeout_s=TIMEOUT_S, content_types=types)
    except FetchRefused as error:
        problem = _problem(error)
        if not wants_copy and problem in _ANSWERS:
            return Met(link)
        return Met(link, problem=problem, detail=error.detail[:200])
    return Met(link, page)


def _problem(error: FetchRefused) -> str:
    if error.code == "status":
        status = int(error.detail.rpartition(" ")[2])
        if status in (404, 410):
            return Problem.GONE
        return Problem.REFUSED if status in _LETS_NOBODY_IN else Problem.STATUS
    return error.code if error.code in Problem.values else Problem.NOT_FETCHED


def note(met: Met, at: dt.datetime) -> None:
    """Write down what was met, and when to look again: in a week, or after 1, 2, 4… days of failing."""
    changed: dict[str, Any] = {"checked_at": at, "problem": met.problem, "detail": met.detail}
    if met.fails:
        pause = dt.timedelta(days=min(2**met.link.failures, LONGEST_PAUSE_DAYS))
        changed |= {
            "failing_since": met.link.failing_since or at,
            "failures": F("failures") + 1,
            "next_check_at": at + pause,
        }
    else:
        changed |= {"failing_since": None, "failures": 0, "next_check_at": at + _a_week(met.link.url)}
        if not met.problem and not met.page and met.link.problem in _ANSWERS:
            changed["problem"], changed["detail"] = met.link.problem, met.link.detail
    if met.page:
        changed |= _copied(met.link, met.page, at)
    ArchivedLink.objects.filter(pk=met.link.pk).update(**changed)
    met.link.refresh_from_db()


def _copied(link: ArchivedLink, page: Fetched, at: dt.datetime) -> dict[str, Any]:
    sha256 = link_copies.keep(page.content)
    earlier = link.earlier
    if link.sha256 and link.sha256 != sha256 and link.archived_at:
        earlier = [[link.sha256, link.archived_at.isoformat(), link.content_type], *earlier]
    return {
        "sha256": sha256,
        "size_bytes": len(page.content),
        "content_type": page.content_type,
        "archived_at": at,
        "earlier": earlier,
    }


def _a_week(url: str) -> dt.timedelta:
    """Six to eight days, each address with its own: what was added on one day is spread over two."""
    hours = int(hashlib.sha256(url.encode()).hexdigest()[:8], 16) % 48
    return dt.timedelta(days=6, hours=hours)
