"""bin/start: what it refuses, in one sentence; what it prepares; how it ends."""

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from migrated_once import copy_to
from ports import free_port

from depeche.ops.start import _answers

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.any_database


def environment(data, **changes):
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DEPECHE_", "DATABASE_URL"))
    }
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "DEPECHE_DATA": str(data),
        "DEPECHE_ENV_FILE": "/dev/null",
        **changes,
    }


def start(data, *arguments, **changes):
    command = [sys.executable, "-m", "depeche", "start", "--data", str(data), *arguments]
    return subprocess.Popen(
        command,
        env=environment(data, **changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
    )


def refusal(data, *arguments, **changes):
    """The one sentence on the error output of a start that fails."""
    process = start(data, *arguments, **changes)
    out, err = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Traceback" not in out + err
    assert len(err.strip().splitlines()) == 1, err
    return err


def wait_for_announcement(process):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            return "".join(lines)
    raise AssertionError("".join(lines) + process.stderr.read())


def children_of(pid):
    """Process numbers, as the kernel tells them."""
    statuses = [path for path in Path("/proc").glob("[0-9]*/status") if path.exists()]
    return [path.parent.name for path in statuses if f"\nPPid:\t{pid}\n" in _read(path)]


def _read(path: Path) -> str:
    """The text of a file under /proc, "" for a process that has ended meanwhile."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def test_a_busy_port_is_refused(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "déjà pris" in refusal(tmp_path / "data", "--port", str(taken.getsockname()[1]))


def test_another_program_at_the_port_is_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as other:

        def greet():
            with other.accept()[0] as line:
                line.sendall(b"220 mail.exemple.test ESMTP\r\n")
                line.recv(1000)

        greeting = threading.Thread(target=greet)
        greeting.start()
        options = argparse.Namespace(host="127.0.0.1", port=other.getsockname()[1])
        assert not _answers(options)
        greeting.join()


def test_a_port_that_is_none_is_refused(tmp_path):
    assert "--port" in refusal(tmp_path / "data", "--port", "70000")


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="needs a file system nobody can write to")
def test_a_folder_nobody_can_write_to_is_refused():
    assert "Impossible d’écrire" in refusal(Path("/proc/depeche"), "--port", str(free_port()))


def test_a_data_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "data").write_text("")
    assert "Impossible d’écrire" in refusal(tmp_path / "data", "--port", str(free_port()))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_refused(tmp_path):
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", tmp_path], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        assert "est plein" in refusal(tmp_path / "data", "--port", str(free_port()))
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_beyond_this_machine_an_address_is_needed(tmp_path):
    assert "DEPECHE_BASE_URL" in refusal(tmp_path / "data", "--host", "0.0.0.0", "--port", str(free_port()))


def test_unsafe_settings_stop_the_start(tmp_path):
    words = refusal(
        tmp_path / "data",
        "--port",
        str(free_port()),
        DEPECHE_BASE_URL="https://journal.example",
        DEPECHE_STAGE="production",
        DEPECHE_MAIL_FROM="redaction@journal.example",
    )
    assert "EMAIL_URL" in words


@pytest.mark.quiet
def test_a_first_start_a_second_start_and_a_clean_end(tmp_path):
    data, port = tmp_path / "data", free_port()
    process = start(data, "--port", str(port), "--no-demo")
    said = wait_for_announcement(process)
    assert re.search(r"redaction avec le mot de passe \S{12,}", said)
    assert urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).status == 200
    assert (data / "secret-key").stat().st_mode & 0o777 == 0o600
    children = children_of(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert len(children) == 2
    assert not any(Path(f"/proc/{child}").exists() for child in children), "Ctrl-C stops all of it"

    began = time.monotonic()
    process = start(data, "--port", str(port))
    said = wait_for_announcement(process)
    assert time.monotonic() - began < 30
    assert "mot de passe" not in said
    assert not (data / "backups").exists(), "no migration, no copy"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0


def test_every_command_speaks_of_the_address_of_the_last_start(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "base-url").write_text("http://127.0.0.1:9123\n")
    command = [sys.executable, "-c", "from depeche import settings; print(settings.BASE_URL)"]
    said = subprocess.run(command, env=environment(data), capture_output=True, text=True, check=True).stdout
    assert said.strip() == "http://127.0.0.1:9123"


def test_a_wrong_setting_is_named(tmp_path):
    command = [sys.executable, "-m", "depeche", "manage", "check"]
    done = subprocess.run(
        command, env=environment(tmp_path, DATABASE_URL="nonsense://x"), capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_starts_on_one_folder_do_not_quarrel(tmp_path):
    data, port = tmp_path / "data", free_port()
    data.mkdir()
    copy_to(data / "depeche.sqlite3")
    process = start(data, "--port", str(port), "--no-demo")
    wait_for_announcement(process)
    words = refusal(data, "--port", str(free_port()))
    assert "tourne déjà" in words
    assert f":{port}" in words
    assert (data / "base-url").read_text().strip().endswith(str(port))

    children = children_of(process.pid)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and any(Path(f"/proc/{child}").exists() for child in children):
        time.sleep(0.2)
    assert not any(Path(f"/proc/{child}").exists() for child in children), "no orphan keeps the port"
    with socket.create_server(("127.0.0.1", port)):
        pass


@pytest.mark.parametrize(
    ("command", "changes", "words"),
    [
        (["edition", "status", "1"], {}, "pas encore prête"),
        (["import", __file__], {}, "pas encore prête"),
        (["edition", "status", "1"], {"DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, "DATABASE_URL"),
        (["doctor"], {"DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, "DATABASE_URL"),
        (["doctor"], {"DATABASE_URL": "oracle://x"}, "DATABASE_URL"),
        (["doctor"], {"DEPECHE_TIME_ZONE": "Mars/Base"}, "Mars/Base"),
        (["doctor"], {"DEPECHE_BASE_URL": "http://[bad"}, "réglage"),
        (["doctor"], {"DEPECHE_MAIL_FROM": "pas une adresse"}, "DEPECHE_MAIL_FROM"),
    ],
)
def test_trouble_is_a_sentence_and_not_a_traceback(tmp_path, command, changes, words):
    done = subprocess.run(
        [sys.executable, "-m", "depeche", *command],
        env=environment(tmp_path, **changes),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_what_is_kept_is_for_this_account_only(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "depeche", "prepare"],
        env=environment(tmp_path / "data"),
        check=True,
        capture_output=True,
    )
    for name in ("depeche.sqlite3", "jobs.sqlite3", "secret-key"):
        assert (tmp_path / "data" / name).stat().st_mode & 0o077 == 0, name


def test_a_command_whose_output_nobody_reads_any_more_ends_quietly(tmp_path):
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run(
        [sys.executable, "-m", "depeche", "manage", "help"],
        env=environment(tmp_path),
        stdout=writes,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(writes)
    assert (done.returncode, done.stderr) == (0, "")
