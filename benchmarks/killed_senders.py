"""What is lost or doubled when senders are killed: `python benchmarks/killed_senders.py [--messages N] [--kills K] [--workers W] [--database URL] [--json]`.

An edition to N readers leaves by W workers, as `bin/depeche worker` starts them, to an SMTP server on loopback that
keeps whom it accepted a message for. K times one of them is killed (-9) at a random moment and started again. Exit
code 1 where a message was lost or doubled, or more are uncertain than connections were open when workers died.
"""

# ruff: noqa: E402
from __future__ import annotations

import argparse
import collections
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--messages", type=int, default=10_000)
parser.add_argument("--kills", type=int, default=13)
parser.add_argument("--workers", type=int, default=1)
parser.add_argument("--database", metavar="URL", help="an empty one; default: SQLite, thrown away")
parser.add_argument("--seed", type=int, default=None)
parser.add_argument("--json", action="store_true")
OPTIONS = parser.parse_args()

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {
    "DEPECHE_ENV_FILE": "/dev/null",
    "DEPECHE_DATA": FOLDER.name,
    "DEPECHE_MAIL_DOMAINS": "exemple.test",
    "DJANGO_SETTINGS_MODULE": "depeche.settings",
    "PYTHONPATH": str(ROOT),
    **({"DATABASE_URL": OPTIONS.database} if OPTIONS.database else {}),
}

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Server:
    """Takes every message; keeps for whom, in the order it said yes."""

    def __init__(self) -> None:
        self.accepted: collections.Counter[str] = collections.Counter()
        self._lock = threading.Lock()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        with self._lock:
            self.accepted.update(envelope.rcpt_tos)
        return "250 2.0.0 taken"


def main() -> int:
    import json

    dice = random.Random(OPTIONS.seed)
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{controller.port}"
    edition, connections = prepared()
    begun = time.monotonic()
    workers = [started() for _ in range(OPTIONS.workers)]
    kills = 0
    while kills < OPTIONS.kills and not is_done(edition):
        time.sleep(dice.uniform(0.0, 2.5))
        worker = dice.choice(workers)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        kills += 1
        workers[workers.index(worker)] = started()
    while not is_done(edition):
        time.sleep(0.5)
    for worker in workers:
        worker.terminate()
        worker.wait()
    controller.stop()
    found = judged(edition, server.accepted)
    found |= {
        "kills": kills,
        "most_uncertain": kills * connections,
        "seconds": round(time.monotonic() - begun, 1),
    }
    print(
        json.dumps(found, indent=1)
        if OPTIONS.json
        else "\n".join(f"{name:16} {value}" for name, value in found.items())
    )
    return int(bool(found["lost"] or found["doubled"] or found["uncertain"] > found["most_uncertain"]))


def prepared() -> tuple[int, int]:
    """The key of an edition under way to so many readers, and how many connections a worker opens."""
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.utils import timezone
    from huey.contrib.djhuey import HUEY

    from depeche import keys
    from depeche.articles import actions as articles
    from depeche.articles.models import Article, Section
    from depeche.delivery.engine import CONNECTIONS
    from depeche.newsletters import actions
    from depeche.ops import newsroom
    from depeche.subscribers.models import Newsletter, Subscriber, Subscription

    call_command("migrate", verbosity=0)
    HUEY.storage.initialize_schema()
    newsroom.set_up()
    editor = get_user_model().objects.create_superuser("morel", "morel@exemple.test", "un long mot de passe")
    newsletter, now = Newsletter.objects.get(language="fr"), timezone.now()
    section = Section.objects.get(slug="actualites")
    article = Article(title="La passerelle rouvrira", live=False, locale=section.locale)
    article.body = [("paragraph", "<p>La mairie l’annonce pour le printemps.</p>")]
    section.add_child(instance=article)
    article.save_revision(user=editor)
    article = articles.publish(article, by=editor)
    readers = Subscriber.objects.bulk_create(
        [
            Subscriber(
                address=f"lecteur-{number}@exemple.test",
                address_key=f"lecteur-{number}@exemple.test",
                address_hash=keys.address_hash(f"lecteur-{number}@exemple.test"),
                language="fr",
                created_at=now,
                last_contact_at=now,
            )
            for number in range(OPTIONS.messages)
        ],
        batch_size=500,
    )
    Subscription.objects.bulk_create(
        [
            Subscription(
                subscriber=reader,
                newsletter=newsletter,
                state="confirmed",
                requested_at=now,
                confirmed_at=now,
            )
            for reader in readers
        ],
        batch_size=500,
    )
    draft = actions.compose_edition(
        newsletter, subject="Du jour", introduction="", articles=[article], by=editor
    )
    return actions.send(draft, by=editor).pk, CONNECTIONS + 1


def started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "depeche", "worker"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def is_done(edition: int) -> bool:
    from django.db import connection

    from depeche.delivery.models import OPEN_STATES
    from depeche.newsletters.models import EditionDelivery

    try:
        return not EditionDelivery.objects.filter(edition=edition, state__in=OPEN_STATES).exists()
    finally:
        connection.close()


def judged(edition: int, accepted: collections.Counter[str]) -> dict[str, object]:
    """Of the ledger beside what the server took."""
    from depeche.newsletters.models import EditionDelivery

    rows = EditionDelivery.objects.filter(edition=edition)
    states = dict(rows.values_list("subscription__subscriber__address", "state"))
    uncertain = sorted(address for address, state in states.items() if state == "uncertain")
    return {
        "messages": len(states),
        "sent": sum(state == "sent" for state in states.values()),
        "lost": sorted(
            address for address, state in states.items() if state == "sent" and not accepted[address]
        )
        + sorted(address for address, state in states.items() if state not in ("sent", "uncertain")),
        "doubled": sorted(address for address, count in accepted.items() if count > 1),
        "uncertain": len(uncertain),
        "uncertain_names": uncertain,
    }


def free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


if __name__ == "__main__":
    with FOLDER:
        sys.exit(main())
