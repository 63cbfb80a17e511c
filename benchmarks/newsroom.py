"""What the newsroom costs as its people meet it: `python benchmarks/newsroom.py [--json]`.

Starts the demo paper as `bin/start` does, then sends what the editor's form sends: the road from the browser's
request to the panel, in one run beside `read()` itself, the same with ten editors typing, what readers feel
of it, and the memory of all processes together. Exit code 1 where a bar is missed.
"""

# ruff: noqa: E402
from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import newsroom_desk
from desk import blocks_of, timed
from newsroom_desk import FOLDER, TYPING_S, Measured

from depeche.articles.manuscript import Manuscript

os.environ |= {"DEPECHE_ENV_FILE": "/dev/null", "DJANGO_SETTINGS_MODULE": "depeche.settings"}
QUIET_READS = 300
MOST_MEMORY_MB = 1_000


def main(options: list[str]) -> int:
    blocks = [
        block for file in sorted((ROOT / "tests/desk/texts/fr").glob("*.toml")) for block in blocks_of(file)
    ]
    port = free_port()
    paper = start(port)
    try:
        found = []
        for measured in measurements(blocks, Newsroom(port), paper.pid):
            found.append(measured)
            if "--json" not in options:
                bar = "" if measured.bar is None else f"   at most {measured.bar:g}"
                line = f"{measured.name:54}{measured.value:9.2f} {measured.unit}{bar}"
                print(line + " MISSED" * measured.is_missed, flush=True)
    finally:
        paper.send_signal(signal.SIGINT)
        paper.wait(30)
    if "--json" in options:
        print(json.dumps([measured._asdict() for measured in found], indent=1))
    return int(any(measured.is_missed for measured in found))


def measurements(blocks: list[str], newsroom: Newsroom, pid: int) -> Iterator[Measured]:
    """All numbers, one after another."""
    newsroom.read(newsroom_desk.manuscript_of(blocks, 100))
    yield from newsroom_desk.one_article(blocks, newsroom.read)
    yield from newsroom_desk.one_paragraph(blocks, newsroom.read)
    quiet = readers(newsroom, QUIET_READS)
    yield Measured("a reader's page, nobody typing, p95", quiet, "ms")
    typed: list[Measured] = []
    typing = threading.Thread(target=lambda: typed.extend(newsroom_desk.typing(blocks, newsroom.read)))
    typing.start()
    busy = readers(newsroom, 1_000_000, until=time.monotonic() + TYPING_S)
    typing.join()
    yield from typed
    yield Measured("a reader's page, ten editors typing, p95", busy, "ms")
    yield Measured("a reader's page, typing beside quiet", busy / quiet, "×", bar=2)
    yield Measured("memory of all processes together", memory_mb(pid), "MB", bar=MOST_MEMORY_MB)


def readers(newsroom: Newsroom, at_most: int, until: float | None = None) -> float:
    """The 95th percentile of a reader's pages, one after another, in ms."""
    spent, paths = [], newsroom.public_paths()
    for number in range(at_most):
        if until is not None and time.monotonic() > until:
            break
        spent.append(timed(lambda number=number: newsroom.get(paths[number % len(paths)])))
        time.sleep(0.01)  # a hundred readers a second at most: two cores have to type, too
    return 1000 * statistics.quantiles(spent, n=20)[-1]


class Newsroom:
    """A browser's side: one signed-in editor, one article whose form is sent."""

    def __init__(self, port: int) -> None:
        import django

        django.setup()
        from django.contrib.auth.models import User

        self.port = port
        self.user = User.objects.create_superuser("mesure", "mesure@depeche.test", uuid.uuid4().hex)
        self.cookie = f"sessionid={self._session()}; csrftoken={'c' * 32}"
        self.article_id = self._draft()
        self.connections = threading.local()

    def read(self, manuscript: Manuscript) -> None:
        """The panel for this text, as the editor asks for it."""
        body = urlencode(self._form(manuscript))
        status, answer = self._ask(
            "POST",
            f"/admin/articles/{self.article_id}/findings/",
            body,
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": self.cookie,
                "X-CSRFToken": "c" * 32,
                "X-Requested-With": "XMLHttpRequest",
                "Origin": f"http://127.0.0.1:{self.port}",
            },
        )
        if status != 200:
            raise RuntimeError(f"HTTP {status}: {answer[:200]!r}")

    def get(self, path: str) -> bytes:
        """A page as a reader without cookies gets it."""
        status, answer = self._ask("GET", path, None, {})
        if status != 200:
            raise RuntimeError(f"HTTP {status} at {path}")
        return answer

    def public_paths(self) -> list[str]:
        """The front page and the articles it leads to."""
        page = self.get("/").decode()
        links = dict.fromkeys(re.findall(r'href="(/[a-z-]+/[a-z0-9-]+/)"', page))
        return ["/", *[link for link in links if not link.startswith(("/static", "/admin"))][:8]]

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = getattr(self.connections, "kept", None)
        if connection is None:
            connection = self.connections.kept = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=60
            )
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except (http.client.HTTPException, OSError):
            self.connections.kept = None
            raise

    def _form(self, manuscript: Manuscript) -> dict[str, str]:
        from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

        headline, *paragraphs = manuscript.zones
        fields = {
            "title": headline.text,
            "kind": "reportage",
            "ai_use": "none",
            "body-count": str(len(paragraphs)),
        }
        converter = ContentstateConverter(["bold", "italic", "link"])
        for number, zone in enumerate(paragraphs):
            if zone.text not in self._converted:
                self._converted[zone.text] = converter.from_database_format(f"<p>{zone.text}</p>")
            fields |= {
                f"body-{number}-type": "paragraph",
                f"body-{number}-id": str(uuid.uuid5(uuid.NAMESPACE_OID, zone.path[-1])),
                f"body-{number}-order": str(number),
                f"body-{number}-deleted": "",
                f"body-{number}-value": self._converted[zone.text],
            }
        return fields

    _converted: dict[str, str] = {}

    def _session(self) -> str:
        from importlib import import_module

        from django.conf import settings
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

        store = import_module(settings.SESSION_ENGINE).SessionStore()
        store[SESSION_KEY] = str(self.user.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        store[HASH_SESSION_KEY] = self.user.get_session_auth_hash()
        store.save()
        return store.session_key

    def _draft(self) -> int:
        from depeche.articles.models import Article, Section

        section = Section.objects.filter(locale__language_code="fr").first()
        article = Article(title="Mesure", live=False, locale=section.locale, owner=self.user)
        section.add_child(instance=article)
        return article.pk


def start(port: int) -> subprocess.Popen:
    """The demo paper, once it answers."""
    paper = subprocess.Popen(
        [sys.executable, "-m", "depeche", "start", "--data", FOLDER.name, "--port", str(port)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in paper.stdout or ():
        if "Ctrl-C" in line:
            return paper
    raise RuntimeError("the paper did not start: its last words stand above")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def memory_mb(pid: int) -> float:
    """Of a process and all below it: proportional set sizes, shared pages counted once (Linux)."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(") ")[2].split()[1])
        except OSError:
            continue
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    rollups = [Path(f"/proc/{member}/smaps_rollup").read_text() for member in family]
    return sum(int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1]) for rollup in rollups) / 1024


if __name__ == "__main__":
    with FOLDER:
        sys.exit(main(sys.argv[1:]))
