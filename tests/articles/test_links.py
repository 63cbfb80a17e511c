"""Links are copied once, asked each week, and dead only after two failures a day apart; real sites on loopback."""

import datetime as dt
import gzip
import threading
from collections import Counter
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.utils import timezone, translation

from depeche.articles import answers, gatekeeping, link_checks, link_copies
from depeche.articles.links import ArchivedLink, Problem, state_of
from depeche.articles.models import Evidence, Source
from depeche.jobs.fetch import fetch

pytestmark = pytest.mark.django_db

PUBLIC = "127.0.0.2"  # the address that these tests declare public
NOBODY = "127.0.0.3"  # and one where nobody listens
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


class Pages(BaseHTTPRequestHandler):
    server: "Site"

    def do_GET(self) -> None:
        self.server.asked[self.path] += 1
        status, content_type, body = self.server.pages.get(self.path, (404, "text/html", b""))
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except ConnectionError:
            return  # who only asks whether it answers hangs up

    def log_message(self, *_) -> None:
        """Stays silent."""


class Site(ThreadingHTTPServer):
    """Serves `pages`, path to (status, type, bytes), and counts what was `asked`."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__((PUBLIC, 0), Pages)
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        self.asked: Counter[str] = Counter()

    def url(self, path: str, host: str = "source.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.server_port}{path}"


@pytest.fixture
def site():
    site = Site()
    site.pages["/budget"] = (200, "text/html; charset=utf-8", b"<p>Le budget 2026</p>" * 50)
    threading.Thread(target=site.serve_forever, args=(0.01,), daemon=True).start()
    yield site
    site.shutdown()
    site.server_close()


@pytest.fixture(autouse=True)
def copies(settings, tmp_path) -> Path:
    settings.LINK_COPIES = tmp_path / "link-copies"
    return settings.LINK_COPIES


class _AllPorts:
    def __contains__(self, port: object) -> bool:
        return True


def resolve(host: str) -> list[str]:
    if host.startswith("unknown"):
        raise OSError("no such name")
    if host.startswith("inside"):
        return ["10.0.0.1"]
    return [NOBODY if host.startswith("closed") else PUBLIC]


def look(at: dt.datetime) -> int:
    """One run, at that time, on an internet where every name leads to our site."""
    by_name = partial(
        fetch,
        resolve=resolve,
        allow=lambda address: str(address) in (PUBLIC, NOBODY),
        allowed_ports=_AllPorts(),
    )
    return link_checks.look(at, fetch=by_name)


@pytest.fixture
def cite(write, editor):
    """A published article (or a draft) with these addresses as its sources."""

    def _cite(*urls: str, published: bool = True):
        article = write("Le budget est voté", published=False)
        article.sources = [Source(who="La ville", link=url) for url in urls]
        revision = article.save_revision(user=editor)
        if published:
            revision.publish()
        article.refresh_from_db()
        return article

    return _cite


def only_link() -> ArchivedLink:
    return ArchivedLink.objects.get()


def first_looks(at: dt.datetime = START) -> dt.datetime:
    """Note what is used, and look at it a minute later; when that was."""
    look(at)
    look(at + MINUTE)
    return at + MINUTE


def test_a_new_link_is_copied_once(site, cite, copies):
    cite(site.url("/budget"), published=False)
    assert look(START) == 1  # to come back for, once it is typed to its end
    assert not site.asked
    looked_at = first_looks()
    link, content = only_link(), site.pages["/budget"][2]
    assert link_copies.kept(link.sha256) == content
    assert (link.size_bytes, link.content_type, link.archived_at) == (len(content), "text/html", looked_at)
    assert (link.problem, link.failing_since) == ("", None)
    look(looked_at + 5 * DAY)
    assert site.asked["/budget"] == 1


def test_a_link_of_evidence_is_copied_until_the_evidence_is_taken_back(site, write, editor):
    draft = write("Le pont", published=False)
    claim = gatekeeping.reading_of(draft).claims[0]
    record = {"who": "La ville", "link": site.url("/budget")}
    evidence = answers.add_evidence(draft, claim, record=record, by=editor)
    first_looks()
    assert only_link().sha256
    answers.take_back(evidence, by=editor)
    look(START + 10 * DAY)
    assert site.asked["/budget"] == 1


def test_an_address_half_typed_is_forgotten(site, cite, editor):
    draft = cite(site.url("/bud"), published=False)
    look(START)
    draft.sources = [Source(who="La ville", link=site.url("/budget"))]
    draft.save_revision(user=editor)
    look(START + MINUTE)
    assert only_link().url == site.url("/budget")
    assert not site.asked


def test_a_copy_is_compressed_for_us_alone_and_kept_once(site, cite, copies):
    site.pages["/same"] = site.pages["/budget"]
    cite(site.url("/budget"), site.url("/same", host="other.example"))
    first_looks()
    assert ArchivedLink.objects.exclude(sha256="").count() == 2
    (file,) = [path for path in copies.rglob("*") if path.is_file()]
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_size < len(site.pages["/budget"][2]) == len(gzip.decompress(file.read_bytes()))


def test_a_damaged_copy_is_not_given_out(copies):
    sha256 = link_copies.keep(b"Le budget")
    (file,) = copies.rglob("*.gz")
    for damage in (b"nonsense", gzip.compress(b"another")):
        file.write_bytes(damage)
        with pytest.raises(ValueError, match=sha256):
            link_copies.kept(sha256)


def test_a_week_later_it_is_only_asked_whether_it_answers(site, cite):
    cite(site.url("/budget"))
    looked_at = first_looks()
    copied = only_link().sha256
    site.pages["/budget"] = (200, "text/html", b"<p>Rewritten</p>")
    look(looked_at + 9 * DAY)
    link = only_link()
    assert (site.asked["/budget"], link.sha256, link.problem) == (2, copied, "")
    assert 6 * DAY <= link.next_check_at - link.checked_at < 8 * DAY


@pytest.mark.parametrize(
    ("path", "host", "problem"),
    [
        ("/gone", "source.example", Problem.GONE),
        ("/410", "source.example", Problem.GONE),
        ("/500", "source.example", Problem.STATUS),
        ("/budget", "unknown.example", Problem.UNRESOLVABLE),
        ("/budget", "closed.example", Problem.UNREACHABLE),
    ],
)
def test_why_it_fails_is_told_apart(site, cite, path, host, problem):
    site.pages |= {"/410": (410, "text/html", b""), "/500": (500, "text/html", b"")}
    cite(site.url(path, host=host))
    looked_at = first_looks()
    assert (only_link().problem, only_link().failing_since) == (problem, looked_at)


def test_an_insecure_site_and_a_slow_one_are_told_apart(site, cite, monkeypatch):
    monkeypatch.setattr(link_checks, "TIMEOUT_S", 0.5)
    with ThreadingHTTPServer((PUBLIC, 0), Pages) as mute:  # it listens and never answers
        slow = f"http://slow.example:{mute.server_port}/"
        cite(site.url("/budget", scheme="https"), slow)
        first_looks()
    problems = dict(ArchivedLink.objects.values_list("url", "problem"))
    assert problems == {site.url("/budget", scheme="https"): Problem.TLS, slow: Problem.TOO_SLOW}


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ((403, "text/html", b""), Problem.REFUSED),
        ((200, "video/mp4", b"x"), Problem.CONTENT_TYPE),
        ((200, "text/html", b"x" * 10_000_001), Problem.TOO_LARGE),
    ],
)
def test_a_site_that_answers_what_we_cannot_copy_is_not_dead(site, cite, page, problem):
    site.pages["/page"] = page
    cite(site.url("/page"))
    first_looks()
    look(START + 10 * DAY)
    link = only_link()
    assert (link.problem, link.failing_since, link.sha256, site.asked["/page"]) == (problem, None, "", 2)


def test_an_address_in_our_own_network_is_never_fetched_and_never_dead(site, cite):
    cite(site.url("/budget", host="inside.example"))
    first_looks()
    assert (only_link().problem, only_link().failing_since) == (Problem.NOT_FETCHED, None)


def test_a_pdf_is_copied(site, cite):
    site.pages["/budget.pdf"] = (200, "application/pdf", b"%PDF-1.7 \x00\xff")
    cite(site.url("/budget.pdf"))
    first_looks()
    assert link_copies.kept(only_link().sha256) == b"%PDF-1.7 \x00\xff"


def test_it_is_dead_after_two_failures_a_day_apart_and_alive_when_it_answers(site, cite):
    url = site.url("/later")
    cite(url)
    looked_at = first_looks()
    waits = []
    for _ in range(3):
        waits.append(only_link().next_check_at - looked_at)
        looked_at = only_link().next_check_at
        assert only_link().is_dead == ArchivedLink.objects.dead().exists() == (len(waits) > 1)
        look(looked_at)
    assert waits == [DAY, 2 * DAY, 4 * DAY]
    state = state_of([url, "http://unheard.example/"])[url]
    assert (state.dead_since, state.problem) == (START + MINUTE, "La page n’existe plus")
    site.pages["/later"] = site.pages["/budget"]
    look(only_link().next_check_at)
    assert state_of([url])[url].dead_since is None
    assert only_link().sha256


def test_asked_twice_within_the_hour_it_is_not_dead(site, cite):
    cite(site.url("/gone"))
    first_looks()
    ArchivedLink.objects.update(next_check_at=START + 2 * MINUTE)
    look(START + 30 * MINUTE)
    assert only_link().failures == 2
    assert not ArchivedLink.objects.dead().exists()


def test_a_run_looks_at_few_links_and_at_one_of_each_site(site, cite, monkeypatch):
    monkeypatch.setattr(link_checks, "AT_MOST", 2)
    cite(*(site.url(f"/{n}", host=f"{name}.example") for name in "abc" for n in (1, 2)))
    first_looks()
    assert sum(site.asked.values()) == 2
    monkeypatch.setattr(link_checks, "AT_MOST", 10)
    look(START + 2 * MINUTE)
    assert sum(site.asked.values()) == 5


def test_our_own_network_failing_is_held_against_nobody(site, cite):
    cite(*(site.url("/budget", host=f"unknown-{name}.example") for name in "abc"))
    first_looks()
    assert not ArchivedLink.objects.filter(failures__gt=0).exists()
    assert not ArchivedLink.objects.due(START + 5 * MINUTE).exists()
    assert ArchivedLink.objects.due(START + 12 * MINUTE).count() == 3


def test_a_link_that_another_worker_took_is_left_to_it(site, cite):
    cite(site.url("/budget"))
    look(START)
    link = only_link()
    assert link_checks._leased(link, START + MINUTE)
    assert not link_checks._leased(link, START + MINUTE)
    look(START + 2 * MINUTE)
    assert not site.asked


def test_a_new_copy_is_made_on_request_and_the_old_one_stays(site, cite, client, editor):
    cite(site.url("/budget"))
    first_looks()
    old = site.pages["/budget"][2]
    site.pages["/budget"] = (200, "text/html", b"<script>alert(1)</script>")
    by_name = partial(fetch, resolve=resolve, allow=lambda _: True, allowed_ports=_AllPorts())
    link_checks.check_now(only_link(), copy=True, fetch=by_name)
    client.force_login(editor)
    given = [client.get(f"/admin/links/{only_link().pk}/copies/{one}/") for one in only_link().digests]
    assert [answer.content for answer in given] == [b"<script>alert(1)</script>", old]
    for answer in given:
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith('attachment; filename="source.example-')


def test_only_colleagues_get_a_copy_and_only_those_of_the_link(site, cite, client, django_user_model):
    cite(site.url("/budget"))
    first_looks()
    link, other = only_link(), link_copies.keep(b"other")
    address = f"/admin/links/{link.pk}/copies/{link.sha256}/"
    assert client.get(address).status_code == 302
    client.force_login(django_user_model.objects.create_user("x", "x@depeche.test", "un long mot de passe"))
    assert client.get(address).status_code != 200
    client.force_login(
        django_user_model.objects.create_superuser("y", "y@depeche.test", "un long mot de passe")
    )
    assert client.get(address).status_code == 200
    assert client.get(address.replace(link.sha256, other)).status_code == 404


def let_die(at: dt.datetime = START) -> None:
    first_looks(at)
    look(at + 2 * DAY)


def test_the_report_shows_dead_links_of_what_readers_have(site, cite, client, editor):
    client.force_login(editor)
    assert "Aucun lien mort" in client.get("/admin/reports/dead-links/").content.decode()
    article = cite(site.url("/gone"), site.url("/budget", host="alive.example"))
    cite(site.url("/gone-too", host="draft.example"), published=False)
    let_die()
    page = client.get("/admin/reports/dead-links/").content.decode()
    assert site.url("/gone") in page
    assert f"/admin/pages/{article.pk}/edit/" in page
    assert "La page n’existe plus" in page
    assert "02/03/2026" in page
    assert "Vérifier maintenant" in page
    assert "alive.example" not in page
    assert "draft.example" not in page
    assert "Liens morts" in client.get("/admin/").content.decode()


def test_the_report_speaks_english(site, cite, client, editor):
    from wagtail.users.models import UserProfile

    cite(site.url("/gone"))
    let_die()
    UserProfile.objects.update_or_create(user=editor, defaults={"preferred_language": "en"})
    client.force_login(editor)
    with translation.override("en"):
        page = client.get("/admin/reports/dead-links/").content.decode()
    assert "The page is not there any more" in page


def test_one_may_ask_again_at_once(cite, client, editor):
    cite("http://10.0.0.1/intranet")
    link_checks.look(START)
    client.force_login(editor)
    answer = client.post(f"/admin/links/{only_link().pk}/check/", follow=True)
    assert "Une adresse d’un genre qu’on ne consulte jamais" in answer.content.decode()
    assert timezone.now() - only_link().checked_at < MINUTE


def test_the_editor_says_by_the_source_that_its_link_is_dead(site, cite, client, editor):
    article = cite(site.url("/gone"), site.url("/budget", host="alive.example"))
    let_die()
    client.force_login(editor)
    page = client.get(f"/admin/pages/{article.pk}/edit/").content.decode()
    assert page.count("Lien mort depuis le 2 mars 2026") == 1
    assert page.count("Copie du 2 mars 2026") == 1


def test_what_is_saved_is_noted_after_the_commit(cite, editor, work):
    def save():
        draft = cite("http://10.0.0.1/source", published=False)
        claim = gatekeeping.reading_of(draft).claims[0]
        record = {"who": "La ville", "link": "http://10.0.0.1/evidence"}
        answers.add_evidence(draft, claim, record=record, by=editor)
        assert not ArchivedLink.objects.exists()

    work(save)
    noted = set(ArchivedLink.objects.values_list("url", flat=True))
    assert noted == {"http://10.0.0.1/source", "http://10.0.0.1/evidence"}
    assert not ArchivedLink.objects.filter(checked_at__isnull=False).exists()


def test_many_links_are_noted_in_few_queries(cite, django_assert_max_num_queries):
    article = cite("http://10.0.0.1/0")
    Evidence.objects.bulk_create(
        Evidence(article=article, key=str(n), words="x", who="x", at=START, link=f"http://10.0.0.1/{n}")
        for n in range(1200)
    )
    with django_assert_max_num_queries(25):
        assert look(START) == 1200
