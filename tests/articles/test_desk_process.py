"""The desk process: it comes when it is needed, one for all, serves on whatever it meets, and leaves nothing."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from depeche import environment
from depeche.articles import analysis, desk_seam
from depeche.articles.analysis import DeskUnreachable
from depeche.articles.manuscript import Manuscript, Zone

pytestmark = [pytest.mark.any_database, pytest.mark.xdist_group("desk process")]

ROOT = Path(__file__).parents[2]
NOTE = Manuscript("fr", "reportage", (Zone(("title",), "headline", "Le pont rouvre, selon la mairie"),))
PATIENCE_S = 30  # on a busy machine
STARTER = """
import sys
from depeche.articles import desk_seam
desk_seam.ask(b"?", timeout_s=30)
print(desk_seam.address().with_suffix(".lock").read_text(), flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own, once no earlier test still warms up a desk elsewhere: a process starts one at a time."""
    for thread in threading.enumerate():
        if thread.name == "desk warm-up":
            thread.join(60)
    monkeypatch.setattr(environment, "DATA", tmp_path)
    yield tmp_path
    desk_seam.stop()


def test_it_listens_for_its_own_account_alone_even_where_the_data_folder_has_a_long_name(data, monkeypatch):
    monkeypatch.setattr(environment, "DATA", data / ("n" * 120))
    asked()
    where = desk_seam.address()
    assert where.stat().st_mode & 0o777 == 0o600
    assert where.parent.stat().st_mode & 0o777 == 0o700
    assert where == desk_seam.address()
    assert len(os.fsencode(where)) <= 100
    desk_seam.stop()
    monkeypatch.setattr(environment, "DATA", data / ("m" * 120))
    other = desk_seam.address()
    assert where != other
    for folder in (where.parent, other.parent):
        shutil.rmtree(folder)


def test_a_short_folder_of_somebody_else_is_refused(data, monkeypatch):
    monkeypatch.setattr(environment, "DATA", data / ("n" * 120))
    folder = desk_seam.address().parent
    folder.rmdir()
    folder.symlink_to(data)
    with pytest.raises(DeskUnreachable, match="this account alone"):
        analysis.read(NOTE)
    folder.unlink()


def test_starters_at_once_get_one_process(data):
    starters = [started_by_another(data) for _ in range(4)]
    pids = [int(starter.stdout.readline()) for starter in starters]
    assert len(set(pids)) == 1
    for starter in starters:
        starter.communicate(timeout=10)
    assert within(3, lambda: not runs(pids[0]))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_its_starter(data, how):
    starter = started_by_another(data)
    pid = int(starter.stdout.readline())
    assert runs(pid)
    starter.send_signal(how)
    starter.communicate(timeout=10)
    assert within(3, lambda: not runs(pid))
    assert not (data / "desk.socket").exists()


def test_it_ends_with_its_starter_though_a_fork_lives_on(data):
    forking = STARTER.replace(
        "sys.stdin.read()", "import os, time\nif os.fork():\n    sys.stdin.read()\ntime.sleep(5)"
    )
    starter = started_by_another(data, forking)
    desk = int(starter.stdout.readline())
    starter.kill()
    starter.wait()
    assert within(2, lambda: not runs(desk))


@pytest.mark.quiet
def test_a_command_that_started_it_does_not_wait_for_it(data):
    start = time.monotonic()
    done = started_by_another(data).communicate(timeout=10)
    assert time.monotonic() - start < 5
    assert done[0].strip().isdigit()


def test_it_ends_at_once_when_told():
    asked()
    desk = pid()
    os.kill(desk, signal.SIGTERM)
    assert within(2, lambda: not runs(desk))
    assert not desk_seam.address().exists()


def test_it_ends_when_nobody_asks_for_long(data):
    source = f"""
from pathlib import Path
from depeche.articles.desk_process import serving
serving.IDLE_S = 0.1
raise SystemExit(serving.serve(Path({str(data / "idle.socket")!r}), until_stdin_ends=False))
"""
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, timeout=10, check=False)
    assert done.returncode == 0
    assert not (data / "idle.socket").exists()


def test_it_ends_when_its_socket_is_taken_away():
    asked()
    desk = pid()
    desk_seam.address().unlink()
    assert within(4, lambda: not runs(desk))


def test_it_is_started_again_after_it_was_killed():
    asked()
    first = pid()
    os.kill(first, signal.SIGKILL)
    assert within(2, lambda: not runs(first))
    assert desk_seam.address().exists()
    asked()
    assert pid() != first


def test_a_question_it_died_of_is_asked_once_more():
    asked()
    first = pid()
    os.kill(first, signal.SIGSTOP)
    answers: list[bytes] = []
    waiting = threading.Thread(target=lambda: answers.append(desk_seam.ask(b"?", timeout_s=PATIENCE_S)))
    waiting.start()
    time.sleep(0.1)
    os.kill(first, signal.SIGKILL)
    waiting.join()
    assert b"error" in answers[0]
    assert pid() != first


def test_it_is_unreachable_where_it_dies_twice():
    with socket.socket(socket.AF_UNIX) as dying:
        dying.bind(str(desk_seam.address()))
        dying.listen()

        def hang_up() -> None:
            for _ in range(2):
                dying.accept()[0].close()

        threading.Thread(target=hang_up).start()
        with pytest.raises(DeskUnreachable, match="no way"):
            analysis.read(NOTE)


@pytest.mark.quiet
def test_one_that_hangs_is_given_up_in_time():
    asked()
    os.kill(pid(), signal.SIGSTOP)
    start = time.monotonic()
    with pytest.raises(DeskUnreachable, match=r"within 0\.3 s"):
        analysis.read(NOTE, timeout_s=0.3)
    assert time.monotonic() - start < 1
    os.kill(pid(), signal.SIGKILL)


@pytest.mark.parametrize("program", ["/bin/false", "/no/such/program"])
@pytest.mark.quiet
def test_a_start_that_is_impossible_is_told_at_once(monkeypatch, program):
    desk_seam.stop()
    monkeypatch.setattr(sys, "executable", program)
    start = time.monotonic()
    with pytest.raises(DeskUnreachable, match="could not start"):
        analysis.read(NOTE)
    assert time.monotonic() - start < 2


def test_a_folder_that_cannot_be_made_is_told_at_once(data, monkeypatch):
    (data / "file").write_bytes(b"")
    monkeypatch.setattr(environment, "DATA", data / "file" / "data")
    with pytest.raises(DeskUnreachable, match="no way"):
        analysis.read(NOTE)


def test_garbage_is_answered_with_an_error():
    asked()
    desk = pid()
    for garbage in (b"", b"\0\xff\xfe", b"{}", b"null", b"[" * 100_000, b'{"read": {"language": "fr"}}'):
        with connected() as connection:
            connection.sendall(garbage + b"\n")
            assert "error" in json.loads(connection.makefile("rb").readline()), garbage[:40]
    asked()
    assert pid() == desk


def test_clients_that_vanish_leave_it_serving():
    asked()
    desk = pid()
    for words in (b"", b"half a question", b"?\n", b"?\n?\n?\n"):
        for _ in range(20):
            with connected() as connection:
                connection.sendall(words)
    asked()
    assert pid() == desk


def test_what_is_too_large_is_refused_on_both_sides():
    asked()
    desk = pid()
    with connected() as connection, pytest.raises(ConnectionError):
        connection.sendall(b"a" * 8_000_000)
    zone = Zone(("standfirst",), "standfirst", "a" * 4_000_000)
    with pytest.raises(DeskUnreachable, match="more than the desk reads"):
        analysis.read(Manuscript("fr", "reportage", (zone,)))
    asked()
    assert pid() == desk


def test_it_holds_nothing_of_its_starter_open():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.set_inheritable(True)
        asked()
        files = Path(f"/proc/{pid()}/fd")
        if not files.exists():
            pytest.skip("no /proc here")
        held = []
        for file in files.iterdir():
            with contextlib.suppress(FileNotFoundError):  # it closes some while we look
                held.append(str(file.readlink()))
        assert f"socket:[{os.fstat(listening.fileno()).st_ino}]" not in held
    assert len([name for name in held if name.startswith("socket:")]) <= 2
    assert len([name for name in held if name.startswith("pipe:")]) == 1


def test_it_runs_without_django():
    source = "import sys, depeche.articles.desk_process.serving, depeche.articles.desk_process.reading\n"
    source += "print([name for name in sys.modules if name.split('.')[0] in ('django', 'wagtail')])"
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def asked() -> None:
    assert b"error" in desk_seam.ask(b"?", timeout_s=PATIENCE_S)


def pid() -> int:
    return int(desk_seam.address().with_suffix(".lock").read_text())


def runs(process: int) -> bool:
    """Whether a process is there, not merely waiting for somebody to take note of its end."""
    found = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return bool(found.stdout.strip()) and "Z" not in found.stdout


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def connected() -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(5)
    connection.connect(str(desk_seam.address()))
    return connection


def started_by_another(data: Path, source: str = STARTER) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", source],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "DEPECHE_DATA": str(data)},
    )
