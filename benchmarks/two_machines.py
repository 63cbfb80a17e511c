"""One machine of two dies for good in mid-send: `python benchmarks/two_machines.py --database URL [--messages N] [--dies 0|1] [--seed S] [--json]`.

Two workers with data folders of their own share one PostgreSQL (an empty one) and one edition. One is killed (-9) and
its log is out of reach; once its leases ran out the other finishes. Then the machine comes back, and its log tells.
Exit code 1 where a message was lost or doubled, or more are uncertain than may be, before or after.
"""

# ruff: noqa: E402
from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from killed_senders import HELD, is_done
from taking_server import Line, TakingServer

WITHIN_S = 120


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", metavar="URL", required=True)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--dies", type=int, choices=(0, 1), default=0)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        machines = [Path(name, "first"), Path(name, "second")]
        os.environ |= {
            "DATABASE_URL": chosen.database,
            "DEPECHE_ENV_FILE": "/dev/null",
            "DEPECHE_DATA": str(machines[0]),
            "DEPECHE_JOURNAL": str(Path(name, "journal.jsonl")),
            "DEPECHE_KEYS": str(Path(name, "keys")),
            "DEPECHE_MAIL_DOMAINS": "exemple.test",
            "DEPECHE_SECRET_KEY": "seul pour cet essai " * 3,
            "DJANGO_SETTINGS_MODULE": "depeche.settings",
            "PYTHONPATH": str(ROOT),
        }
        import edition_to_send

        edition = edition_to_send.prepared(chosen.messages)
        found = {"seed": chosen.seed, **tried(edition, machines, chosen)}
    print(json.dumps(found, indent=1) if chosen.json else "\n".join(f"{k:20} {v}" for k, v in found.items()))
    return int(not is_good(found))


def tried(edition: int, machines: list[Path], chosen: argparse.Namespace) -> dict[str, Any]:
    """What was lost, doubled and uncertain while a machine was gone, and after it came back."""
    from depeche.newsletters.models import EditionDelivery

    dice, server, dying = random.Random(chosen.seed), TakingServer(2), chosen.dies
    ledger = EditionDelivery.objects.filter(edition=edition)

    def start(door: int) -> subprocess.Popen[bytes]:
        place = {"DEPECHE_DATA": str(machines[door]), "EMAIL_URL": server.urls()[door]}
        return subprocess.Popen(
            [sys.executable, "-m", "depeche", "worker"],
            cwd=ROOT,
            env=os.environ | place,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    workers = []
    try:
        workers = [start(door) for door in (0, 1)]
        moment = dice.randint(chosen.messages // 10, chosen.messages // 2)
        wait_for(lambda: server.taken() >= moment and all(map(server.is_sending, (0, 1))))
        workers[dying].kill()
        workers[dying].wait()
        broken = server.broken(dying)
        (log,) = (machines[dying] / "acks").glob("*.log")
        of_the_dead = ledger.filter(state="leased", worker=log.stem)
        held = of_the_dead.count()
        of_the_dead.update(leased_until="2020-01-01T00:00Z")  # as if the time of the lease had passed
        wait_for(lambda: is_done(edition))
        gone = account(edition, server.accepted)
        workers[dying] = start(dying)
        known = sum(bool(line.may_be_unknown()) for line in broken)
        wait_for(lambda: is_done(edition) and not log.exists() and uncertain(edition) <= known)
        back = account(edition, server.accepted) | {
            "bound": known,
            "unexplained": unexplained(edition, broken),
        }
        return {
            "messages": chosen.messages,
            "held": held,
            "gone": gone | {"bound": min(held, HELD)},
            "back": back,
        }
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait()
        server.close()


def account(edition: int, accepted: Counter[str]) -> dict[str, Any]:
    """The ledger beside what the servers took."""
    states = states_of(edition)
    return {
        "lost": sorted(
            address
            for address, state in states.items()
            if state not in ("sent", "uncertain") or (state == "sent" and not accepted[address])
        ),
        "doubled": sorted(address for address, count in accepted.items() if count > 1),
        "uncertain": sorted(address for address, state in states.items() if state == "uncertain"),
    }


def unexplained(edition: int, broken: list[Line]) -> list[str]:
    """Uncertain ones for whom no connection of the dead worker was open."""
    left = {address for address, state in states_of(edition).items() if state == "uncertain"}
    for line in broken:
        left -= set(sorted(line.may_be_unknown() & left)[:1])
    return sorted(left)


def uncertain(edition: int) -> int:
    return sum(state == "uncertain" for state in states_of(edition).values())


def states_of(edition: int) -> dict[str, str]:
    from depeche.newsletters.models import EditionDelivery

    rows = EditionDelivery.objects.filter(edition=edition)
    return dict(rows.values_list("subscription__subscriber__address", "state"))


def wait_for(what: Any) -> None:
    until = time.monotonic() + WITHIN_S
    while not what():
        if time.monotonic() > until:
            raise TimeoutError("what had to come did not")
        time.sleep(0.02)


def is_good(found: dict[str, Any]) -> bool:
    parts = [found["gone"], found["back"]]
    return (
        not any(part["lost"] or part["doubled"] for part in parts)
        and all(len(part["uncertain"]) <= part["bound"] for part in parts)
        and 0 < found["held"] <= HELD
        and not found["back"]["unexplained"]
    )


if __name__ == "__main__":
    sys.exit(main())
