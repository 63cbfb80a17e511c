"""What was said to be saved survives the death of every process, at whatever moment it comes."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from conftest import environment, started
from playwright.sync_api import Error, Page, Request, Response

KILLED_AFTER_S = (0.0, 0.1, 0.25, 1.0)  # the last one is told that all is saved
# The editor compares with what stood there two seconds after it was ready, which it is twice: it says each time.
COUNT_WHAT_IS_WATCHED = """
let ready = 0, watched = 0;
addEventListener("w-unsaved:ready", () => ready++);
addEventListener("w-unsaved:watch-edits", () => watched++);
window.isTypingNoticed = () => ready > 0 && watched >= ready;
"""


def test_drafts_survive_kill_9_during_autosave(tmp_path, first_start, person):
    with started(tmp_path, like=first_start) as paper:
        paper.add_colleagues(camille="contributor")
        page = person()
        page.add_init_script(COUNT_WHAT_IS_WATCHED)
        paper.sign_in(page, "camille")
        begin_an_article(page)
        edit_url, typed = page.url, page.locator("#id_standfirst").input_value()
    acknowledged = typed
    port = int(paper.address.rpartition(":")[2])
    for number, after_s in enumerate(KILLED_AFTER_S):
        with killable(paper.data, port) as kill:
            page.goto(edit_url)
            found = page.locator("#id_standfirst").input_value()
            assert found in (acknowledged, typed), "all that was said to be saved, or one save more"
            typed = f"{found} Phrase {number}."
            is_acknowledged = saved_while_killed(page, typed, kill, after_s=after_s)
            acknowledged = typed if is_acknowledged else found
        assert is_sound(paper.data / "depeche.sqlite3")


def begin_an_article(page: Page) -> None:
    page.get_by_role("link", name="Écrire un article").click()
    page.get_by_role("link", name="Actualités").click()
    page.wait_for_function("() => window.isTypingNoticed()")
    page.locator("#id_title").fill("Le marché couvert rouvre")
    page.locator("#id_standfirst").fill("Il rouvre samedi.")
    page.wait_for_url("**/edit/", wait_until="commit")  # the first save made an article of it
    page.wait_for_timeout(2_000)


def saved_while_killed(page: Page, typed: str, kill: Callable[[], None], *, after_s: float) -> bool:
    """Whether the editor was told that `typed` is saved, before everything was killed."""
    told: list[str] = []

    def note(response: Response) -> None:
        if is_save(response.request) and response.ok:
            told.append(response.request.post_data or "")

    page.on("response", note)
    page.wait_for_function("() => window.isTypingNoticed()")
    with page.expect_request(is_save):
        page.locator("#id_standfirst").fill(typed)
    time.sleep(after_s)
    kill()
    with contextlib.suppress(Error):
        page.wait_for_timeout(500)
    page.remove_listener("response", note)
    page.goto("about:blank")  # an open editor would go on trying to save
    return any(typed in posted for posted in told)


def is_save(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/edit/")


@contextlib.contextmanager
def killable(data: Path, port: int) -> Iterator[Callable[[], None]]:
    """`bin/start` on this folder, and what kills it and all its children with signal 9."""
    process = subprocess.Popen(
        [sys.executable, "-m", "depeche", "start", "--data", data, "--port", str(port), "--no-demo"],
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    for line in process.stdout or ():
        if "Ctrl-C" in line:
            break

    def kill() -> None:
        for pid in [*descendants(process.pid), process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait(timeout=10)

    try:
        yield kill
    finally:
        if process.poll() is None:
            kill()
    wait_until_free(port)


def descendants(pid: int) -> list[int]:
    """All processes that this one started, and theirs."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            name_and_rest = entry.read_text().rpartition(") ")[2].split()
            parents[int(entry.parent.name)] = int(name_and_rest[1])
    found = [child for child, parent in parents.items() if parent == pid]
    return [*found, *(below for child in found for below in descendants(child))]


def wait_until_free(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise AssertionError(f"something still listens on port {port}")


def is_sound(path: Path) -> bool:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
