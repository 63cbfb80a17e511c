"""What is lost or doubled when senders are killed: `python benchmarks/killed_senders.py [--all] [--messages N] [--kills K] [--workers W] [--machine-lost | --power-cut] [--postfix] [--database URL] [--seed S] [--json]`.

An edition to N readers leaves by W workers to SMTP servers on loopback that keep whom they said yes for; `--postfix`: to
a Postfix, whose log tells (Debian's package, fetched and unpacked, never installed; as root). K times a
worker that is sending is killed (-9) at a random moment and started again; between these, workers kill themselves at
each point in `dying_worker.py`. `--machine-lost` deletes the log of each killed worker, `--power-cut` cuts it anywhere and
makes it one of another boot; as many messages as these may cost are sent on top. `--all`: 50 kills in four sends, on SQLite and PostgreSQL, with 1 and 4 workers.
Exit code 1 where a message was lost or doubled, more are uncertain than may be, or kills or points were missed.
"""

# ruff: noqa: E402
from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import dying_worker
from taking_postfix import NoPostfix, TakingPostfix
from taking_server import Line, TakingServer

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["ready_to_work"])
HELD = 800 + 20  # what a worker leases at most: what a lost machine or a power cut leaves uncertain


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=13)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--points", type=int, help="so many of the points only; default: all")
    parser.add_argument("--machine-lost", action="store_true")
    parser.add_argument("--power-cut", action="store_true")
    parser.add_argument("--postfix", action="store_true")
    parser.add_argument("--database", metavar="URL", help="an empty one; default: SQLite, thrown away")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


class Worker:
    """One place for a worker: a door of the server, and whoever sends there now.

    Workers are forked from a process that has imported all, so that most of the time is spent sending.
    """

    def __init__(self, door: int, url: str) -> None:
        self.door, self.url, self.point = door, url, ""
        self.process: BaseProcess | None = None

    def start(self, point: str, dice: random.Random) -> None:
        """As `bin/depeche worker` does, or as one that dies at a point."""
        self.point = point
        most = dying_worker.MOST.get(point, dying_worker.MOST_ELSEWHERE)
        times = dying_worker.FIRST.get(point, 0) + dice.randint(1, most)
        self.process = FORKS.Process(target=dying_worker.work, args=(self.url, point, times))
        self.process.start()

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.join()

    def stop(self) -> None:
        if self.process and self.process.is_alive():
            self.process.terminate()
            self.process.join()

    def has_died(self) -> bool:
        assert self.process
        ended = self.process.exitcode
        if ended not in (None, -signal.SIGKILL):
            raise RuntimeError(f"a worker ended with {ended} at {self.point or 'work'}")
        return ended is not None


class Send:
    """One edition, its workers, and the account of what was killed."""

    def __init__(self, chosen: argparse.Namespace, folder: Path) -> None:
        self.chosen, self.folder, self.dice = chosen, folder, random.Random(chosen.seed)
        self.server = (TakingPostfix if chosen.postfix else TakingServer)(chosen.workers)
        self.workers = [Worker(door, url) for door, url in enumerate(self.server.urls())]
        unmet = dying_worker.BY_A_WHOLE_LOG if takes_log_away(chosen) else ()
        self.points = [point for point in dying_worker.points() if point not in unmet]
        self.dice.shuffle(self.points)
        self.points = self.points[: chosen.points]
        self.kills: list[dict[str, Any]] = []
        self.broken: list[Line] = []
        self.bound = 0

    def run(self, edition: int) -> dict[str, Any]:
        begun = time.monotonic()
        come = self.chosen.messages - may_go_amiss(self.chosen)
        span = range(come // 50, come * 9 // 10)
        moments = sorted(self.dice.sample(span, self.chosen.kills))
        try:
            for worker in self.workers:
                self._start(worker)
            while moments or self.points or not is_done(edition):
                if is_done(edition):
                    break
                self._see_to_the_dead()
                if moments and self.server.taken() >= moments[0] and self._kill_one():
                    moments.pop(0)
                time.sleep(0.002 if moments else 0.2)
            self.server.settle()
            return self._account(edition) | {"seconds": round(time.monotonic() - begun, 1)}
        finally:
            for worker in self.workers:
                worker.stop()
            self.server.close()

    def _start(self, worker: Worker) -> None:
        worker.start(self.points.pop(0) if self.points else "", self.dice)

    def _see_to_the_dead(self) -> None:
        for worker in self.workers:
            if worker.has_died():
                self._note(worker, at=worker.point)
                self._start(worker)

    def _kill_one(self) -> bool:
        """Kill a worker that is sending; False where none is."""
        sending = [worker for worker in self.workers if self.server.is_sending(worker.door)]
        if not sending:
            return False
        worker = self.dice.choice(sending)
        time.sleep(self.dice.uniform(0, 0.01))
        worker.kill()
        is_met = self._note(worker, at="any moment")
        if worker.point:
            self.points.append(worker.point)
        self._start(worker)
        return is_met

    def _note(self, worker: Worker, *, at: str) -> bool:
        """Put a kill on the account; whether it met open connections."""
        broken = self.server.broken(worker.door)
        self.broken += broken
        may_be = sum(bool(line.may_be_unknown()) for line in broken)
        if self.chosen.machine_lost or self.chosen.power_cut:
            may_be = HELD
            self._spoil_logs()
        self.bound += may_be
        self.kills.append({"at": at, "connections": len(broken), "may_be_uncertain": may_be})
        return bool(broken)

    def _spoil_logs(self) -> None:
        """What the dead left goes, or is what a power cut may leave."""
        from depeche.delivery import acks
        from depeche.newsletters.models import EditionDelivery

        for file in (self.folder / "acks").glob("*.log"):
            try:
                descriptor = acks._locked(file, create=False)
            except (BlockingIOError, FileNotFoundError):
                continue
            if self.chosen.machine_lost:
                file.unlink()
                # As if the lease had run out since.
                held = EditionDelivery.objects.filter(worker=file.stem, state="leased")
                held.update(leased_until="2020-01-01T00:00Z")
            else:
                content = file.read_bytes().replace(acks.boot().encode(), b"another-boot")
                file.write_bytes(content[: self.dice.randint(0, len(content))])
            os.close(descriptor)

    def _account(self, edition: int) -> dict[str, Any]:
        """The ledger beside what the servers took."""
        from depeche.newsletters.models import EditionDelivery

        rows = EditionDelivery.objects.filter(edition=edition)
        states = dict(rows.values_list("subscription__subscriber__address", "state"))
        accepted = self.server.accepted
        uncertain = sorted(address for address, state in states.items() if state == "uncertain")
        lost = [
            address
            for address, state in states.items()
            if state not in ("sent", "uncertain") or (state == "sent" and not accepted[address])
        ]
        met = [kill for kill in self.kills if kill["at"] == "any moment" and kill["connections"]]
        return {
            "messages": len(states),
            "kills": len(met),
            "killed_at_points": sorted(kill["at"] for kill in self.kills if kill["at"] != "any moment"),
            "points_missed": self.points + [worker.point for worker in self.workers if worker.point],
            "connections_met": [kill["connections"] for kill in met],
            "lost": sorted(lost),
            "doubled": sorted(address for address, count in accepted.items() if count > 1),
            "uncertain": len(uncertain),
            "bound": self.bound,
            "more_than_one_of_a_connection": self._unexplained(set(uncertain)),
            "uncertain_but_accepted": sum(accepted[address] for address in uncertain),
            "uncertain_names": uncertain,
        }

    def _unexplained(self, uncertain: set[str]) -> list[str]:
        """Uncertain ones for whom no connection was open, or one that explains another already."""
        if self.chosen.machine_lost or self.chosen.power_cut:
            return []
        left = set(uncertain)
        for line in self.broken:
            left -= set(sorted(line.may_be_unknown() & left)[:1])
        return sorted(left)


def may_go_amiss(chosen: argparse.Namespace) -> int:
    """How many may be left uncertain by kills that take the log away, and never come to the servers."""
    if not takes_log_away(chosen):
        return 0
    points = dying_worker.POINTS - len(dying_worker.BY_A_WHOLE_LOG)
    points = points if chosen.points is None else chosen.points
    return HELD * (chosen.kills + points)


def takes_log_away(chosen: argparse.Namespace) -> bool:
    """Whether who comes after a killed worker finds no log, or none that is whole."""
    return bool(chosen.machine_lost or chosen.power_cut)


def is_done(edition: int) -> bool:
    from django.db import connection

    from depeche.delivery.models import OPEN_STATES
    from depeche.newsletters.models import EditionDelivery

    try:
        return not EditionDelivery.objects.filter(edition=edition, state__in=OPEN_STATES).exists()
    finally:
        connection.close()


def is_good(found: dict[str, Any], chosen: argparse.Namespace) -> bool:
    bad = ("lost", "doubled", "more_than_one_of_a_connection", "points_missed")
    return (
        not any(found[name] for name in bad)
        and found["uncertain"] <= found["bound"]
        and found["kills"] >= chosen.kills
    )


def one(chosen: argparse.Namespace) -> int:
    """One send, told on standard output."""
    with tempfile.TemporaryDirectory() as name:
        os.environ |= {
            "DEPECHE_ENV_FILE": "/dev/null",
            "DEPECHE_DATA": name,
            "DEPECHE_MAIL_DOMAINS": "exemple.test",
            "DJANGO_SETTINGS_MODULE": "depeche.settings",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'benchmarks'}",
            **({"DATABASE_URL": chosen.database} if chosen.database else {}),
        }
        import edition_to_send

        chosen.messages += may_go_amiss(chosen)
        edition = edition_to_send.prepared(chosen.messages)
        found = {
            "database": "PostgreSQL" if chosen.database else "SQLite",
            "server": "Postfix" if chosen.postfix else "aiosmtpd",
            "workers": chosen.workers,
            "seed": chosen.seed,
            **Send(chosen, Path(name)).run(edition),
        }
    if chosen.json:
        print(json.dumps(found, indent=1))
    else:
        print("\n".join(f"{what:30} {value}" for what, value in found.items()))
    return int(not is_good(found, chosen))


if __name__ == "__main__":
    CHOSEN = options()
    if CHOSEN.all:
        import four_sends

        sys.exit(four_sends.run(CHOSEN))
    try:
        sys.exit(one(CHOSEN))
    except NoPostfix as error:
        sys.exit(f"nothing is measured, no Postfix: {error}")
