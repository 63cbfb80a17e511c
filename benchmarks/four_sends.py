"""50 kills in four sends: SQLite and PostgreSQL, one worker and four; run by `killed_senders.py --all`."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SENDS = (("SQLite", 1, 13), ("SQLite", 4, 12), ("PostgreSQL", 1, 13), ("PostgreSQL", 4, 12))
COLUMNS = (
    "database",
    "workers",
    "seed",
    "messages",
    "kills",
    "lost",
    "doubled",
    "uncertain",
    "bound",
    "seconds",
)


def run(chosen: argparse.Namespace) -> int:
    """All four, one after the other, told on standard output; 1 where one was not as it has to be."""
    results, worst = [], 0
    with contextlib.ExitStack() as ends:
        server = chosen.database or ends.enter_context(postgresql())
        for number, (database, workers, kills) in enumerate(SENDS):
            command = [
                *(sys.executable, str(Path(__file__).with_name("killed_senders.py")), "--json"),
                *("--workers", str(workers), "--kills", str(kills), "--messages", str(chosen.messages)),
                *("--seed", str(chosen.seed + number)),
                *(["--machine-lost"] if chosen.machine_lost else []),
                *(["--power-cut"] if chosen.power_cut else []),
                *(["--postfix"] if chosen.postfix else []),
                *(["--database", new_database(server)] if database == "PostgreSQL" else []),
            ]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
            worst = max(worst, done.returncode)
            if done.stdout:
                results.append(json.loads(done.stdout))
                print(told(results[-1]), file=sys.stderr)
    summary = {"kills": sum(one["kills"] for one in results), "is_good": not worst, "sends": results}
    print(json.dumps(summary, indent=1) if chosen.json else table(results))
    return worst


def table(results: list[dict[str, Any]]) -> str:
    """One line each, and below it who is uncertain."""
    head = "  ".join(f"{name:>10}" for name in COLUMNS)
    lines = [head, *(told(one) for one in results)]
    for one in results:
        lines.append(f"\n{one['database']}, {one['workers']}: uncertain are")
        lines.append("  " + (", ".join(one["uncertain_names"]) or "none"))
    return "\n".join(lines)


def told(one: dict[str, Any]) -> str:
    values = (len(one[name]) if isinstance(one[name], list) else one[name] for name in COLUMNS)
    return "  ".join(f"{value:>10}" for value in values)


def new_database(server: str) -> str:
    """The address of an empty database on this server."""
    import psycopg

    name = f"killed_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    parts = urllib.parse.urlsplit(server)
    return urllib.parse.urlunsplit(parts._replace(path=f"/{name}"))


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL of its own, durable as in use; raises RuntimeError where none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[4]))
    if not found:
        raise RuntimeError("no PostgreSQL here: sudo apt-get install postgresql, or name one by --database")
    folder, tools = Path(tempfile.mkdtemp()), found[-1].parent
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir(mode=0o700)
    as_postgres: list[str] = []
    if os.getuid() == 0:
        shutil.chown(data, "postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]

    def run_tool(name: str, *arguments: str) -> None:
        command = [*as_postgres, str(tools / name), *arguments]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL)

    run_tool("initdb", "-D", str(data), "-U", "depeche", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-c listen_addresses='' -c unix_socket_directories='{data}'"
    run_tool("pg_ctl", "-D", str(data), "-w", "-l", str(data / "log"), "-o", options, "start")
    try:
        yield f"postgresql://depeche@/postgres?host={urllib.parse.quote(str(data), safe='')}"
    finally:
        run_tool("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder)
