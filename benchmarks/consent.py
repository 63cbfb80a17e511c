"""What consent costs as the log grows: `python benchmarks/consent.py [--subscribers N] [--entries M] [--database URL] [--json]`.

Sign-up, confirmation, preference page, `prove` and `verify` with a thousand subscribers, then with N (and M entries
in all). Exit code 1 where a bar is missed. The big one, on an empty PostgreSQL database of its own, which stays filled:

    python benchmarks/consent.py --subscribers 1000000 --entries 3000000 --database postgresql://…
"""

# ruff: noqa: E402
from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--subscribers", type=int, default=4000)
parser.add_argument("--entries", type=int, default=12_000, help="in all, at least two for each subscriber")
parser.add_argument("--database", metavar="URL", help="an empty one; default: SQLite, thrown away")
parser.add_argument("--json", action="store_true")
OPTIONS = parser.parse_args()

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.TemporaryDirectory()
ENVIRONMENT = {
    "DEPECHE_ENV_FILE": "/dev/null",
    "DEPECHE_DATA": FOLDER.name,
    "DJANGO_SETTINGS_MODULE": "depeche.settings",
    "PYTHONPATH": str(ROOT),
}
if OPTIONS.database:
    ENVIRONMENT["DATABASE_URL"] = OPTIONS.database
os.environ.update(ENVIRONMENT)

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from huey.contrib.djhuey import HUEY

from depeche import keys
from depeche.ops import newsroom
from depeche.subscribers import actions, legal, proving, recording, tokens
from depeche.subscribers.consent import Action, ConsentEntry, Detail
from depeche.subscribers.models import Newsletter, Subscriber, Subscription
from depeche.subscribers.recording import Happening, Shown

FEW = 1000
RUNS = 41
BATCH = 2000
SHOWN = Shown("☐ J’accepte.\n[S’abonner]", "fr", "subscribe", "https://exemple.test/subscribe/")


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
    call_command("migrate", verbosity=0)
    HUEY.storage.initialize_schema()
    if Subscriber.objects.exists():
        parser.error("this database is in use: give it an empty one")
    newsroom.set_up()
    call_command("collectstatic", interactive=False, verbosity=0)
    found: list[Measured] = []
    for measured in measurements(Newsletter.objects.get(language="fr")):
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


def measurements(newsletter: Newsletter) -> Iterator[Measured]:
    """All numbers with few, then with many."""
    load(newsletter, 0, FEW, 2)
    few = {measured.name: measured for measured in at_this_size(newsletter)}
    yield from (measured._replace(name=f"{FEW} subscribers: {name}") for name, measured in few.items())
    each = -(-OPTIONS.entries // OPTIONS.subscribers)
    begin = time.monotonic()
    load(newsletter, FEW, OPTIONS.subscribers, each)
    spent, count = time.monotonic() - begin, ConsentEntry.objects.count()
    yield Measured(f"loading: {count} entries in all", spent, "s")
    for many in at_this_size(newsletter):
        yield many._replace(name=f"{OPTIONS.subscribers} subscribers: {many.name}")
        if many.unit == "ms" and many.bar is None:
            yield Measured(f"  beside {FEW}: {many.name}", many.value / few[many.name].value, "×", bar=2)
        if many.unit == "MB":
            yield Measured(f"  beside {FEW}: {many.name}", many.value / few[many.name].value, "×", bar=1.1)


def load(newsletter: Newsletter, start: int, end: int, each: int) -> None:
    """Subscribers numbered from `start` to `end`, each with so many entries, by the recorder everybody uses."""
    texts = legal.in_force("fr", newsletter)
    happenings = [Action.REQUEST, Action.CONFIRM, *[Action.CHANGE] * (each - 2)]
    for first in range(start, end, BATCH):
        at = timezone.now()
        addresses = [address_of(number) for number in range(first, min(first + BATCH, end))]
        with transaction.atomic():
            people = Subscriber.objects.bulk_create(
                Subscriber(
                    address=address,
                    address_key=address,
                    address_hash=keys.address_hash(address),
                    language="fr",
                    created_at=at,
                    last_contact_at=at,
                )
                for address in addresses
            )
            Subscription.objects.bulk_create(
                Subscription(
                    subscriber=person,
                    newsletter=newsletter,
                    state="confirmed",
                    requested_at=at,
                    confirmed_at=at,
                )
                for person in people
            )
            recording.record_all(
                [
                    Happening(
                        action,
                        address,
                        newsletter.purpose,
                        SHOWN,
                        texts=texts,
                        details={Detail.MESSAGE_ID: f"<{address}>"} if action == Action.REQUEST else {},
                        at=at,
                    )
                    for address in addresses
                    for action in happenings
                ]
            )
        if sys.stderr.isatty():
            print(f"\r{first + len(addresses)} of {end} loaded", end="", file=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def at_this_size(newsletter: Newsletter) -> Iterator[Measured]:
    """Medians over new addresses, and the check of the whole log in a process of its own."""
    names = iter(f"nouveau-{time.time_ns()}-{number}@exemple.test" for number in range(2 * RUNS))
    asked: list[str] = []

    def sign_up() -> None:
        asked.append(next(names))
        actions.request(newsletter, address=asked[-1], language="fr", shown=SHOWN)

    yield Measured("sign-up", median_ms(sign_up), "ms")
    waiting = [
        tokens.Request(one.key, one.request_nonce)
        for one in Subscription.objects.filter(subscriber__address_key__in=asked)
    ]
    yield Measured("confirmation", median_ms(lambda: actions.confirm(waiting.pop(), shown=SHOWN)), "ms")
    yield from preference_page(asked[0])
    yield Measured("prove", median_ms(lambda: proving.prove(address_of(FEW // 2)), runs=7), "ms", bar=1000)
    story = proving.prove(address_of(FEW // 2))
    yield Measured(
        "prove, with PDF and signatures",
        median_ms(lambda: proving.sealed(story, language="fr"), runs=3)
        + median_ms(lambda: proving.prove(address_of(FEW // 2)), runs=3),
        "ms",
        bar=1000,
    )
    yield from verify()


def preference_page(address: str) -> Iterator[Measured]:
    """The page without login, where this version has one."""
    subscriber = Subscriber.objects.get(address_key=address)
    make: Any = getattr(tokens, "for_choosing", None)
    try:
        url = reverse("preferences", args=[make(subscriber.key)]) if make else ""
    except NoReverseMatch:
        url = ""
    if url:
        client = Client(headers={"host": "127.0.0.1"})
        assert client.get(url).status_code == 200
        yield Measured("preference page", median_ms(lambda: client.get(url)), "ms")


def verify() -> Iterator[Measured]:
    """`consent verify` as it is run: seconds, and the most memory it had."""
    begin = time.monotonic()
    command = [sys.executable, "-m", "depeche", "consent", "verify"]
    child = subprocess.Popen(command, env={**os.environ, **ENVIRONMENT}, cwd=ROOT, stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, "verify found problems"
    yield Measured("verify", time.monotonic() - begin, "s")
    yield Measured("verify, most memory", usage.ru_maxrss / 1024, "MB")


def median_ms(act: Callable[[], object], runs: int = RUNS) -> float:
    spent = []
    for _ in range(runs):
        begin = time.perf_counter()
        act()
        spent.append(time.perf_counter() - begin)
    return 1000 * statistics.median(spent)


def address_of(number: int) -> str:
    return f"lecteur-{number}@exemple.test"


if __name__ == "__main__":
    with FOLDER:
        sys.exit(main())
