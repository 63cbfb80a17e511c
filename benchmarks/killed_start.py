"""All of `bin/start` is killed (-9) in mid-send, and started again: `python benchmarks/killed_start.py [--messages N] [--seed S] [--json]`.

Exit code 1 where a message was lost or doubled, or an uncertain one is not explained by a connection that broke.
"""

# ruff: noqa: E402
from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from killed_senders import is_done
from taking_server import TakingServer, free_port
from two_machines import account, unexplained, wait_for


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    server = TakingServer(1)
    with tempfile.TemporaryDirectory() as name:
        os.environ |= {
            "DEPECHE_ENV_FILE": "/dev/null",
            "DEPECHE_DATA": name,
            "DEPECHE_MAIL_DOMAINS": "exemple.test",
            "DJANGO_SETTINGS_MODULE": "depeche.settings",
            "EMAIL_URL": server.urls()[0],
            "PYTHONPATH": str(ROOT),
        }
        import edition_to_send

        edition = edition_to_send.prepared(chosen.messages)
        moment = random.Random(chosen.seed).randint(chosen.messages // 10, chosen.messages * 3 // 4)
        started = start()
        wait_for(lambda: server.taken() >= moment and server.is_sending(0))
        all_of_it = [started.pid, *children(started.pid)]
        for pid in all_of_it:
            os.kill(pid, signal.SIGKILL)
        started.wait()
        broken = server.broken(0)
        again = start()
        wait_for(lambda: is_done(edition))
        again.terminate()
        again.wait()
        found = {
            "seed": chosen.seed,
            "messages": chosen.messages,
            "processes_killed": len(all_of_it),
            **account(edition, server.accepted),
            "bound": sum(bool(line.may_be_unknown()) for line in broken),
            "unexplained": unexplained(edition, broken),
        }
    server.close()
    print(json.dumps(found, indent=1) if chosen.json else "\n".join(f"{k:18} {v}" for k, v in found.items()))
    return int(bool(found["lost"] or found["doubled"] or found["unexplained"]))


def start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "depeche", "start", "--no-demo", "--port", str(free_port())]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def children(pid: int) -> list[int]:
    """All that descend from a process."""
    found = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*found, *(deeper for child in found for deeper in children(child))]


if __name__ == "__main__":
    sys.exit(main())
