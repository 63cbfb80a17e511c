"""What a message costs: `python benchmarks/delivery.py [--messages N] [--runs R] [--json]`, or `… --memory N`.

Client CPU (user and system, of all threads) per message, one server for all: the delivery engine on SQLite, from the first
lease to the last record, as a worker runs it (but Python's own start, told apart, and end); Debian's `smtp-source`; and Django's EmailMultiAlternatives, built and sent one by
one. Eight connections (Django: one), kept open, messages of one size. These leave unsigned; what a DKIM signature adds to a copy stands
beside what RSA alone takes under the same key. Exit code 1 where a bar is missed.

`--memory N`: an edition to N readers instead; memory above that of an engine without work, and what leasing costs at
the beginning and at the end.

Server and `smtp-source` are those of Debian's postfix package, fetched with apt-get and unpacked (never installed, never
started as a service) into ~/.cache/depeche; without it nothing is measured.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SIDES = Path(__file__).with_name("delivery_sides.py")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "depeche" / "postfix"
CONNECTIONS = 8
BY_DJANGO = 2000  # are enough: each costs the same
SIGNED = 3000
AT_MOST_OF_RSA = 1.5
AT_MOST_OF_C, AT_LEAST_BELOW_DJANGO, MOST_ABOVE_IDLE_MB = 2.0, 20.0, 200


def main() -> int:
    options = arguments()
    tools = unpacked()
    if isinstance(tools, str):
        print(f"nothing is measured: {tools}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, sink(tools) as port:
        newsroom = Newsroom(Path(folder), port)
        newsroom.run("fill", options.memory or options.messages)
        found = memory(newsroom) if options.memory else cost(newsroom, tools, options)
    width = max(map(len, found))
    lines = [f"{name:{width}} {value}" for name, value in found.items()]
    print(json.dumps(found, indent=1) if options.json else "\n".join(lines))
    return int(bool(found["missed"]))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--memory", type=int, metavar="N")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


class Newsroom:
    """A database thrown away, and processes that work on it."""

    def __init__(self, folder: Path, port: int) -> None:
        self._database, self.port = folder / "depeche.sqlite3", port
        self._environment = {
            **os.environ,
            "DEPECHE_ENV_FILE": "/dev/null",
            "DEPECHE_DATA": str(folder),
            "DEPECHE_DKIM": str(folder / "dkim"),
            "DEPECHE_MAIL_DOMAINS": "exemple.test",
            "DATABASE_URL": f"sqlite:///{self._database}",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "PYTHONPATH": str(ROOT),
        }

    def run(self, *what: object) -> dict[str, Any]:
        """What a process of this newsroom says at its end."""
        done = subprocess.run(self._command(what), env=self._environment, check=True, stdout=subprocess.PIPE)
        return dict(json.loads(done.stdout) or {})

    def engine(self, edition: int | None) -> dict[str, Any]:
        """An engine of its own, until this edition is sent (None: two seconds without work), and what that took."""
        command = self._command(["engine"])
        process = subprocess.Popen(command, env=self._environment, stdout=subprocess.PIPE)
        sizes_mb: list[float] = []
        begun = time.monotonic()
        assert process.stdout
        start_s = float(process.stdout.readline())  # and now it works
        ends_at = time.monotonic() + 2
        while time.monotonic() < ends_at if edition is None else not self._is_sent(edition):
            time.sleep(0.1)
            sizes_mb.append(size_mb(process.pid))
        process.send_signal(signal.SIGTERM)
        worked = json.loads(process.stdout.read())
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"the engine ended with {process.returncode}")
        return {
            "start_s": start_s,
            "cpu_s": worked["cpu_s"],
            "peak_mb": used.ru_maxrss / 1024,
            "sizes_mb": sizes_mb,
            "seconds": time.monotonic() - begun,
            "leases": worked["leases"],
        }

    def sent(self, edition: int) -> int:
        query = "SELECT count(*) FROM newsletters_editiondelivery WHERE edition_id = ? AND state = 'sent'"
        return int(self._ask(query, edition))

    def _is_sent(self, edition: int) -> bool:
        return self._ask("SELECT state FROM newsletters_edition WHERE id = ?", edition) == "sent"

    def _ask(self, query: str, key: int) -> Any:
        with contextlib.closing(sqlite3.connect(self._database, timeout=30)) as database:
            return database.execute(query, [key]).fetchone()[0]

    def _command(self, what: tuple[object, ...] | list[object]) -> list[str]:
        return [sys.executable, str(SIDES), *map(str, what)]


def cost(newsroom: Newsroom, tools: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Side by side, so that whatever else the machine does falls on all."""
    runs = []
    for _ in range(options.runs):
        planned = newsroom.run("plan")
        work = newsroom.engine(planned["edition"])
        if (sent := newsroom.sent(planned["edition"])) != options.messages:
            raise SystemExit(f"{sent} of {options.messages} were sent")
        runs.append(
            {
                "engine_us": work["cpu_s"] / options.messages * 1e6,
                "engine_start_ms": work["start_s"] * 1e3,
                "smtp_source_us": source_s(tools, newsroom.port, planned["octets"], options.messages)
                / options.messages
                * 1e6,
                "django_us": newsroom.run("django", planned["edition"], BY_DJANGO)["cpu_s"] / BY_DJANGO * 1e6,
                **newsroom.run("dkim", planned["edition"], SIGNED),
                "planning_s": planned["seconds"],
            }
        )
    found: dict[str, Any] = {name: round(statistics.median(run[name] for run in runs), 2) for name in runs[0]}
    found["engine_to_smtp_source"] = round(found["engine_us"] / found["smtp_source_us"], 2)
    found["django_to_engine"] = round(found["django_us"] / found["engine_us"], 1)
    found["dkim_to_rsa"] = round(found["dkim_us"] / found["rsa_us"], 2)
    missed = []
    if found["dkim_to_rsa"] > AT_MOST_OF_RSA:
        missed.append("dkim_to_rsa")
    if found["engine_to_smtp_source"] > AT_MOST_OF_C:
        missed.append("engine_to_smtp_source")
    if found["django_to_engine"] < AT_LEAST_BELOW_DJANGO:
        missed.append("django_to_engine")
    return {
        **found,
        "missed": missed,
        "messages": options.messages,
        "octets": planned["octets"],
        "connections": CONNECTIONS,
        "runs": [{name: round(value, 2) for name, value in run.items()} for run in runs],
    }


def memory(newsroom: Newsroom) -> dict[str, Any]:
    """Of one edition to all: how far memory rises, whether it goes on rising, and what leasing costs all along."""
    planned = newsroom.run("plan")
    idle = newsroom.engine(None)
    work = newsroom.engine(planned["edition"])
    leases, sizes_mb = work["leases"], work["sizes_mb"]
    tenth, some = max(1, len(leases) // 10), max(1, len(sizes_mb) // 10)
    found = {
        "messages": newsroom.sent(planned["edition"]),
        "planning_s": planned["seconds"],
        "planning_peak_mb": planned["peak_mb"],
        "idle_mb": idle["peak_mb"],
        "peak_mb": work["peak_mb"],
        "above_idle_mb": work["peak_mb"] - idle["peak_mb"],
        "second_tenth_mb": statistics.median(sizes_mb[some : 2 * some]),
        "last_tenth_mb": statistics.median(sizes_mb[-some:]),
        "cpu_us": work["cpu_s"] / newsroom.sent(planned["edition"]) * 1e6,
        "seconds": work["seconds"],
        "lease_cpu_ms_per_1000_first_tenth": per_thousand(leases[:tenth], 1),
        "lease_cpu_ms_per_1000_last_tenth": per_thousand(leases[-tenth:], 1),
        "lease_ms_per_1000_first_tenth": per_thousand(leases[:tenth], 2),
        "lease_ms_per_1000_last_tenth": per_thousand(leases[-tenth:], 2),
    }
    missed = ["above_idle_mb"] if found["above_idle_mb"] > MOST_ABOVE_IDLE_MB else []
    return {name: round(value, 2) for name, value in found.items()} | {"missed": missed}


def per_thousand(leases: list[list[float]], column: int) -> float:
    """Milliseconds for a thousand leased."""
    return sum(lease[column] for lease in leases) / sum(lease[0] for lease in leases) * 1e6


def source_s(tools: Path, port: int, octets: int, messages: int) -> float:
    """CPU seconds of the C program for as many messages; in those octets are the heads it writes itself."""
    size = ["-s", CONNECTIONS, "-m", messages, "-l", octets - 200]
    process = subprocess.Popen(
        [str(tools / "usr/sbin/smtp-source"), "-4", "-d", *map(str, size), f"127.0.0.1:{port}"],
        env=libraries(tools),
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"smtp-source ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


@contextlib.contextmanager
def sink(tools: Path) -> Iterator[int]:
    """The port of a server that takes everything; where there are several cores it has one of its own."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = int(found.getsockname()[1])
    as_whom = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen(
        [str(tools / "usr/sbin/smtp-sink"), "-4", *as_whom, f"127.0.0.1:{port}", "256"], env=libraries(tools)
    )
    try:
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) > 1:
            os.sched_setaffinity(process.pid, cores[:1])
            os.sched_setaffinity(0, cores[1:])
        until(lambda: can_connect(port), process)
        yield port
    finally:
        process.kill()
        process.wait()


def until(is_so: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    ends_at = time.monotonic() + 10
    while not is_so():
        if process.poll() is not None or time.monotonic() > ends_at:
            raise SystemExit("nothing is measured: smtp-sink does not run here")
        time.sleep(0.05)


def can_connect(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def unpacked() -> Path | str:
    """The folder of the postfix package; or why there is none."""
    if (CACHE / "usr/sbin/smtp-sink").exists():
        return CACHE
    try:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["apt-get", "download", "-q", "postfix"], cwd=folder, check=True)
            (package,) = Path(folder).glob("postfix_*.deb")
            CACHE.mkdir(parents=True, exist_ok=True)
            subprocess.run(["dpkg", "-x", str(package), str(CACHE)], check=True)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        return f"Debian's postfix package could not be fetched and unpacked ({error})"
    return CACHE


def libraries(tools: Path) -> dict[str, str]:
    return {**os.environ, "LD_LIBRARY_PATH": str(tools / "usr/lib/postfix")}


def size_mb(process: int) -> float:
    """What a process holds in memory now."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


if __name__ == "__main__":
    sys.exit(main())
