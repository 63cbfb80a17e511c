"""What consent costs as the log grows: `python benchmarks/consent.py [--subscribers N] [--entries M] [--database URL] [--folder FOLDER] [--json]`.

Sign-up, confirmation, preference page, `prove` and `verify` beside a thousand subscribers, then beside N (and M entries
in all), right after one another, each in a process and a database of its own. Exit code 1 where a bar is missed.
The big one, on an empty PostgreSQL database whose user may create another beside it (its name ends in `_few`):

    python benchmarks/consent.py --subscribers 1000000 --entries 3000000 --database postgresql://… --folder FOLDER

FOLDER keeps keys and journal, without which the filled database is of no use; with it, a second run fills
only the thousand again.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--subscribers", type=int, default=4000)
parser.add_argument("--entries", type=int, default=12_000, help="in all, at least two for each subscriber")
parser.add_argument(
    "--database", metavar="URL", help="an empty one, or that of an earlier run; default: SQLite"
)
parser.add_argument("--folder", type=Path, help="for keys and journals; default: thrown away")
parser.add_argument("--json", action="store_true")
OPTIONS = parser.parse_args()

ROOT = Path(__file__).parent.parent
FEW = 1000


class Measured(NamedTuple):
    """A number, its unit and the most it may be, None for any."""

    name: str
    value: float
    unit: str
    bar: float | None = None

    @property
    def is_missed(self) -> bool:
        return self.bar is not None and self.value > self.bar


def main() -> int:
    if OPTIONS.subscribers <= FEW or OPTIONS.entries < 2 * OPTIONS.subscribers:
        parser.error(f"more than {FEW} subscribers, and two entries for each")
    found: list[Measured] = []
    with tempfile.TemporaryDirectory() as thrown_away:
        for measured in measurements(OPTIONS.folder or Path(thrown_away)):
            found.append(measured)
            if not OPTIONS.json:
                bar = "" if measured.bar is None else f"   at most {measured.bar:g}"
                print(
                    f"{measured.name:56}{measured.value:10.2f} {measured.unit}{bar}{' MISSED' * measured.is_missed}",
                    flush=True,
                )
    if OPTIONS.json:
        print(json.dumps([measured._asdict() for measured in found], indent=1))
    return int(any(measured.is_missed for measured in found))


def measurements(folder: Path) -> Iterator[Measured]:
    """All numbers with few, then with many, and how many times as much it takes."""
    shutil.rmtree(folder / "few", ignore_errors=True)
    few = Size(FEW, 2 * FEW, folder / "few", beside(OPTIONS.database))
    many = Size(OPTIONS.subscribers, OPTIONS.entries, folder / "many", OPTIONS.database)
    for size in (few, many):
        begin = time.monotonic()
        (entries,) = size.done("fill")
        if size is many:
            spent = time.monotonic() - begin
            yield Measured(f"filling: {entries.value:.0f} entries in all", spent, "s")
    known: dict[str, float] = {}
    for measured in few.done("measure"):
        known[measured.name] = measured.value
        yield measured._replace(name=f"{few.subscribers} subscribers: {measured.name}")
    for measured in many.done("measure"):
        yield measured._replace(name=f"{many.subscribers} subscribers: {measured.name}")
        beside_few = f"  beside {FEW}: {measured.name}"
        if measured.unit == "ms" and measured.bar is None:
            yield Measured(beside_few, measured.value / known[measured.name], "×", bar=2)
        if measured.unit == "MB":
            yield Measured(beside_few, measured.value / known[measured.name], "×", bar=1.1)


class Size(NamedTuple):
    """So many subscribers and entries, with a folder and a database of their own."""

    subscribers: int
    entries: int
    folder: Path
    database: str | None

    def done(self, what: str) -> Iterator[Measured]:
        """What a process of its own prints, line by line."""
        size = [str(self.subscribers), str(self.entries)]
        environment = {**os.environ, "DEPECHE_ENV_FILE": "/dev/null", "DEPECHE_DATA": str(self.folder)}
        environment |= {"PYTHONPATH": str(ROOT)} | ({"DATABASE_URL": self.database} if self.database else {})
        command = [sys.executable, str(ROOT / "benchmarks" / "consent_size.py"), what, *size]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for line in child.stdout:
                yield Measured(*json.loads(line))
        if child.returncode:
            sys.exit(f"{what}, {self.subscribers} subscribers: stopped with {child.returncode}")


def beside(database: str | None) -> str | None:
    """An empty database on the same server, for the few."""
    if database is None:
        return None
    parts = urlsplit(database)
    name = parts.path.removeprefix("/") + "_few"
    with psycopg.connect(database, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlunsplit(parts._replace(path=f"/{name}"))


if __name__ == "__main__":
    sys.exit(main())
