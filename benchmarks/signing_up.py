"""Whether the time of the answer tells who is a reader: `python benchmarks/signing_up.py [--each N]`.

Posts the form for known, pending, left, erased and unknown addresses in turn, on a database of its own, and compares
the medians. Exit code 1 where two of them differ by 5 % or more. What else the machine does falls on all five alike:
they come in a new order each round. The time of the processor alone, which others cannot stretch, is printed beside;
and how far two halves of the same state lie apart, which is what chance does.
"""

# ruff: noqa: E402
from __future__ import annotations

import gc
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
    each = int(options[options.index("--each") + 1]) if "--each" in options else 1_000
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
    walls, processors = measured(addresses, newsletter)
    for state in STATES:
        print(
            f"{state:10} median {statistics.median(walls[state]):8.3f} ms, of the processor "
            f"{statistics.median(processors[state]):8.3f} ms   n = {len(walls[state])}"
        )
    for name, times in (("answer", walls), ("processor", processors)):
        low, high = interval(times)
        print(
            f"{name}: largest difference of two medians {difference(times):.2%} "
            f"(bootstrap 95 %: {low:.2%} – {high:.2%}), bar < {BAR:.0%}; by chance {by_chance(times):.2%}"
        )
    return int(difference(walls) >= BAR)


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


def measured(
    addresses: dict[str, list[str]], newsletter: Newsletter
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Milliseconds of each answer, and of the processor; a new order each round, each from a network of its own."""
    chance = random.Random(1)
    walls: dict[str, list[float]] = {state: [] for state in STATES}
    processors: dict[str, list[float]] = {state: [] for state in STATES}
    client = Client()
    asked = 0
    gc.collect()
    gc.disable()  # it would fall on whoever is there
    rounds = list(zip(*addresses.values(), strict=True))
    for number, round_of in enumerate(rounds[:WARM_UP] + rounds):
        turn = list(zip(STATES, round_of, strict=True))
        chance.shuffle(turn)
        for state, address in turn:
            asked += 1
            form = {"newsletter": newsletter.slug, "agreed": "on"}
            form["address"] = address if number >= WARM_UP else f"warm{asked}@w{asked}.test"
            network = f"10.{asked // 250 % 250}.{asked % 250}.1"
            started, worked = time.perf_counter_ns(), time.process_time_ns()
            answer = client.post("/subscribe/", form, REMOTE_ADDR=network, HTTP_HOST="127.0.0.1")
            taken = (time.perf_counter_ns() - started) / 1e6, (time.process_time_ns() - worked) / 1e6
            assert answer.status_code == 303, answer.status_code
            if number >= WARM_UP:
                walls[state].append(taken[0])
                processors[state].append(taken[1])
        gc.collect()
    assert SignUp.objects.count() == asked
    return walls, processors


def difference(times: dict[str, list[float]]) -> float:
    """The largest difference of two medians."""
    medians = [statistics.median(some) for some in times.values()]
    return max(medians) / min(medians) - 1


def by_chance(times: dict[str, list[float]]) -> float:
    """The largest difference of the medians of two halves of one state."""
    return max(difference({"even": some[::2], "odd": some[1::2]}) for some in times.values())


def interval(times: dict[str, list[float]], turns: int = 1_000) -> tuple[float, float]:
    """Where the largest difference lies in 95 % of samples drawn again from what was measured."""
    chance = random.Random(2)
    found = []
    for _ in range(turns):
        found.append(difference({state: chance.choices(some, k=len(some)) for state, some in times.items()}))
    found.sort()
    return found[turns // 40], found[-turns // 40]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
