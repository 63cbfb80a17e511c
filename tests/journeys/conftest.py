"""A paper as bin/start starts it, and a browser to read it with."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from ports import free_port

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


COLLEAGUES_PASSWORD = "un long mot de passe"

TAKE_DOWN = """
from django.contrib.auth.models import User
from depeche.articles.actions import take_down
from depeche.articles.models import Article
take_down(Article.objects.get(slug="corderie"), reason="À la demande de son auteur.", by=User.objects.first())
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group("journeys"))


@dataclass
class Paper:
    """A running newsroom: its address, its folder, its first editor."""

    address: str
    data: Path
    user: str
    password: str
    colleagues_password: str = COLLEAGUES_PASSWORD

    def sign_in(self, page, user: str = "", password: str = "") -> None:
        """As the first editor, or somebody else."""
        page.goto(f"{self.address}/admin/")
        page.locator("#id_login").fill(user or self.user)
        page.locator("#id_password").fill(password or (self.colleagues_password if user else self.password))
        page.locator("#id_password").press("Enter")
        page.locator("#later, #wagtail-sidebar").first.wait_for(state="attached")
        if page.locator(
            "#later"
        ).count():  # the second factor: only offered on this machine, to who publishes
            page.locator("#later").click()
        page.wait_for_url("**/admin/")

    def add_colleagues(self, **roles: str) -> None:
        """Somebody of each name with that role, and COLLEAGUES_PASSWORD."""
        lines = ["from django.contrib.auth.models import User", "from depeche.newsroom.models import Role"]
        for name, role in roles.items():
            lines += [
                f"user = User.objects.create_user({name!r}, '{name}@depeche.test', {COLLEAGUES_PASSWORD!r}, first_name={name.title()!r})",
                f"user.groups.add(Role.objects.get(key={role!r}).group)",
            ]
        self.manage("shell", "--no-imports", "-c", "\n".join(lines))

    def manage(self, *arguments: str) -> str:
        """What `bin/depeche manage …` prints."""
        done = subprocess.run(
            [sys.executable, "-m", "depeche", "manage", *arguments],
            env=environment(self.data),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, *arguments: str) -> dict:
        """What `bin/depeche … --json` prints."""
        done = subprocess.run(
            [sys.executable, "-m", "depeche", *arguments, "--json"],
            env=environment(self.data),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def environment(data: Path) -> dict[str, str]:
    """For commands on this data folder."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "EMAIL_URL")}
    return {**kept, "PYTHONPATH": str(ROOT), "DEPECHE_DATA": str(data), "DEPECHE_ENV_FILE": "/dev/null"}


@contextmanager
def started(folder: Path, *, like: Paper | None = None, **settings: str) -> Iterator[Paper]:
    """A newsroom started in this folder, with these settings; stopped, and asked whether all went well, in the end.

    `like` one that was set up before and stopped, which saves the setting up.
    """
    data, port = folder / "data", free_port()
    if like:
        shutil.copytree(like.data, data)
    process = subprocess.Popen(
        [sys.executable, "-m", "depeche", "start", "--data", data, "--port", str(port), "--no-demo"],
        env=environment(data) | settings,
        stdout=subprocess.PIPE,
        stderr=(folder / "errors.log").open("w"),
        text=True,
    )
    said = ""
    for line in process.stdout or ():
        said += line
        if "Ctrl-C" in line:
            break
    found = re.search(r"en tant que (\S+) avec le mot de passe (\S+) ", said)
    user, password = (like.user, like.password) if like else found.groups() if found else ("", "")
    assert user, said + (folder / "errors.log").read_text()
    assert "Ctrl-C" in said, said + (folder / "errors.log").read_text()
    try:
        yield Paper(f"http://127.0.0.1:{port}", data, user, password)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    errors = (folder / "errors.log").read_text()
    assert "Traceback" not in errors, errors


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """A newsroom as it is set up by its first start, stopped again."""
    with started(tmp_path_factory.mktemp("first")) as paper:
        return paper


@pytest.fixture(scope="session")
def sound_twin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The twin with its one error mended: a rumour that nobody answers for."""
    rumour, mended = "Elle aurait offert", "Elle a offert"
    text = (ROOT / "tests" / "desk" / "twin.txt").read_text()
    assert rumour in text
    path = tmp_path_factory.mktemp("texts") / "twin.txt"
    path.write_text(text.replace(rumour, mended))
    return path


@pytest.fixture
def paper(tmp_path: Path, first_start: Paper) -> Iterator[Paper]:
    with started(tmp_path, like=first_start) as paper:
        yield paper


@pytest.fixture(scope="module")
def full_paper(tmp_path_factory: pytest.TempPathFactory, first_start: Paper) -> Iterator[Paper]:
    """The demo newspaper, one of its articles withdrawn; for tests that read and change nothing."""
    with started(tmp_path_factory.mktemp("paper"), like=first_start) as paper:
        paper.manage("demo")
        paper.manage("shell", "--no-imports", "-c", TAKE_DOWN)
        yield paper


@pytest.fixture(scope="session")
def browser() -> Iterator:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium here: apt-get install chromium")
        pytest.skip("SKIPPED: no Chromium here. To run it too: sudo apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def person(browser) -> Iterator[Callable]:
    """Somebody at a browser of their own, with no memory of the others."""
    contexts = []

    def _person(**options):
        options = {"locale": "fr-FR", "viewport": {"width": 1280, "height": 900}, **options}
        contexts.append(browser.new_context(**options))
        contexts[-1].set_default_timeout(15_000)
        return contexts[-1].new_page()

    yield _person
    for context in contexts:
        context.close()
