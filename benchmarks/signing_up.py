"""Whether the time of the answer tells who is a reader: `python benchmarks/signing_up.py [--each N]`.

Posts the form for known, pending, left, erased and unknown addresses in turn, on a database of its own, and compares
the medians. Exit code 1 where two of them differ by 5 % or more.
"""

# ruff: noqa: E402
from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT)]
os.environ |= {"DEPECHE_ENV_FILE": "/dev/null", "DJANGO_SETTINGS_MODULE": "depeche.settings"}
if __name__ == "__main__":
    _folder = tempfile.TemporaryDirectory()  # gone at exit
    os.environ["DEPECHE_DATA"] = _folder.name

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from depeche import keys
from depeche.ops import newsroom
from depeche.subscribers import privacy
from depeche.subscribers.models import Newsletter, SignUp, Subscriber, Subscription

STATES = ("confirmed", "pending", "withdrawn", "erased", "unknown")
BAR = 0.05
WARM_UP = 50


def main(options: list[str]) -> int:
    each = int(options[options.index("--each") + 1]) if "--each" in options else 500
    settings.SIGN_UPS_PER_HOUR = 10_000_000  # the limits cost the same below and above
    settings.HUEY["immediate"] = False
    call_command("migrate", verbosity=0)
    newsroom.set_up()
    newsletter = Newsletter.objects.get(language="fr")
    addresses = {
        state: [f"{state[:4]}{number:05}@d{number}.test" for number in range(each)] for state in STATES
    }
    for state in STATES[:-1]:
        enter(addresses[state], state, newsletter)
    times = measured(addresses, newsletter)
    medians = {state: statistics.median(found) for state, found in times.items()}
    for state, median in medians.items():
        print(f"{state:10} median {median:8.3f} ms   n = {len(times[state])}")
    worst = max(medians.values()) / min(medians.values()) - 1
    low, high = interval(times)
    print(
        f"largest difference of two medians {worst:.2%} (bootstrap 95 %: {low:.2%} – {high:.2%}), bar < {BAR:.0%}"
    )
    return int(worst >= BAR)


def enter(addresses: list[str], state: str, newsletter: Newsletter) -> None:
    """Readers in this state; the erased are entered, then erased as the law wants it."""
    now = timezone.now()
    for address in addresses:
        subscriber = Subscriber.objects.create(
            address=address,
            address_key=address,
            address_hash=keys.address_hash(address),
            language="fr",
            created_at=now,
        )
        Subscription.objects.create(
            subscriber=subscriber,
            newsletter=newsletter,
            state="confirmed" if state == "erased" else state,
            requested_at=now,
            confirmed_at=None if state == "pending" else now,
            withdrawn_at=now if state == "withdrawn" else None,
        )
        if state == "erased":
            privacy.erase(address)


def measured(addresses: dict[str, list[str]], newsletter: Newsletter) -> dict[str, list[float]]:
    """Milliseconds of each answer; the states in a new order each round, each request from a network of its own."""
    chance = random.Random(1)
    times: dict[str, list[float]] = {state: [] for state in STATES}
    client = Client()
    asked = 0
    rounds = list(zip(*addresses.values(), strict=True))
    for number, round_of in enumerate(rounds[:WARM_UP] + rounds):
        turn = list(zip(STATES, round_of, strict=True))
        chance.shuffle(turn)
        for state, address in turn:
            asked += 1
            form = {"newsletter": newsletter.slug, "agreed": "on"}
            form["address"] = address if number >= WARM_UP else f"warm{asked}@w{asked}.test"
            network = f"10.{asked // 250 % 250}.{asked % 250}.1"
            started = time.perf_counter_ns()
            answer = client.post("/subscribe/", form, REMOTE_ADDR=network, HTTP_HOST="127.0.0.1")
            taken = (time.perf_counter_ns() - started) / 1e6
            assert answer.status_code == 303, answer.status_code
            if number >= WARM_UP:
                times[state].append(taken)
    assert SignUp.objects.count() == asked
    return times


def interval(times: dict[str, list[float]], turns: int = 1_000) -> tuple[float, float]:
    """Where the largest difference lies in 95 % of samples drawn again from what was measured."""
    chance = random.Random(2)
    found = []
    for _ in range(turns):
        medians = [statistics.median(chance.choices(some, k=len(some))) for some in times.values()]
        found.append(max(medians) / min(medians) - 1)
    found.sort()
    return found[turns // 40], found[-turns // 40]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
