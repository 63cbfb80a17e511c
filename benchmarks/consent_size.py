"""One size of `benchmarks/consent.py`, in a process and a database of its own: `consent_size.py fill|measure N M`.

A line of JSON for each number: name, value, unit, most it may be.
"""

# ruff: noqa: E402
from __future__ import annotations

import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "depeche.settings"

import django

django.setup()

import json
import statistics
import subprocess
from collections.abc import Callable

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from huey.contrib.djhuey import HUEY

from depeche import keys
from depeche.ops import newsroom
from depeche.subscribers import actions, legal, proving, recording, tokens
from depeche.subscribers.consent import Action, ConsentEntry, Detail
from depeche.subscribers.models import Newsletter, Subscriber, Subscription
from depeche.subscribers.recording import Happening, Shown

RUNS = 41
BATCH = 2000
KNOWN = 500
SHOWN = Shown("☐ J’accepte.\n[S’abonner]", "fr", "subscribe", "https://exemple.test/subscribe/")


WATCH = """
import resource, subprocess, sys, time
begin = time.monotonic()
subprocess.run(sys.argv[1:], check=True)
print()
print(time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def say(name: str, value: float, unit: str, bar: float | None = None) -> None:
    print(json.dumps([name, value, unit, bar]), flush=True)


def fill(subscribers: int, entries: int) -> None:
    """Up to so many subscribers and entries; a database that holds them already stays as it is."""
    call_command("migrate", verbosity=0)
    HUEY.storage.initialize_schema()
    if not Newsletter.objects.exists():
        newsroom.set_up()
        call_command("collectstatic", interactive=False, verbosity=0)
    loaded = Subscriber.objects.filter(address_key__startswith="lecteur-").count()
    load(Newsletter.objects.get(language="fr"), loaded, subscribers, -(-entries // subscribers))
    say("entries", ConsentEntry.objects.count(), "")


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


def measure() -> None:
    """Medians over new addresses, and the check of the whole log in a process of its own."""
    newsletter = Newsletter.objects.get(language="fr")
    names = iter(f"nouveau-{time.time_ns()}-{number}@exemple.test" for number in range(2 * RUNS))
    asked: list[str] = []

    def sign_up() -> None:
        asked.append(next(names))
        actions.request(newsletter, address=asked[-1], language="fr", shown=SHOWN)

    say("sign-up", median_ms(sign_up), "ms")
    waiting = [
        tokens.Request(one.key, one.request_nonce)
        for one in Subscription.objects.filter(subscriber__address_key__in=asked)
    ]
    say("confirmation", median_ms(lambda: actions.confirm(waiting.pop(), shown=SHOWN)), "ms")
    preference_page(asked[0])
    say("prove", median_ms(lambda: proving.prove(address_of(KNOWN)), runs=7), "ms", bar=1000)
    story = proving.prove(address_of(KNOWN))
    say(
        "prove, with PDF and signatures",
        median_ms(lambda: proving.sealed(story, language="fr"), runs=3)
        + median_ms(lambda: proving.prove(address_of(KNOWN)), runs=3),
        "ms",
        bar=1000,
    )
    verify()


def preference_page(address: str) -> None:
    """The page without login."""
    url = reverse("preferences", args=[tokens.for_choosing(Subscriber.objects.get(address_key=address).key)])
    client = Client(headers={"host": "127.0.0.1"})
    assert client.get(url).status_code == 200
    say("preference page", median_ms(lambda: client.get(url)), "ms")


def verify() -> None:
    """`consent verify` as it is run: seconds, and the most memory it had."""
    # A process begins with the peak of the one that starts it: a small one stands between.
    command = [sys.executable, "-c", WATCH, sys.executable, "-m", "depeche", "consent", "verify"]
    watched = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    spent_s, most_kb = map(float, watched.stdout.split()[-2:])
    say("verify", spent_s, "s")
    say("verify, most memory", most_kb / 1024, "MB")


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
    if sys.argv[1] == "fill":
        fill(*map(int, sys.argv[2:]))
    else:
        measure()
