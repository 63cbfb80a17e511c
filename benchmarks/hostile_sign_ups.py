"""What a flood of the sign-up form costs others: `python benchmarks/hostile_sign_ups.py [--each N]`.

Posts the form, and the button that follows, N times to one address, from one network, for one domain, for subdomains of
one domain, and from everywhere to everybody, on a database of its own; after each fifty a person asks too. Prints the
mails that were written and how many people got theirs. Exit code 1 where mails are not bounded, or people shut out.
"""

# ruff: noqa: E402
from __future__ import annotations

import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT)]
os.environ |= {"DEPECHE_ENV_FILE": "/dev/null", "DJANGO_SETTINGS_MODULE": "depeche.settings"}
if __name__ == "__main__":
    _folder = tempfile.TemporaryDirectory()  # gone at exit
    os.environ["DEPECHE_DATA"] = _folder.name

import django
from django.conf import settings

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing is gathered for it
settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN}
django.setup()

from django.core.management import call_command
from django.test import Client

from depeche.delivery.models import TransactionalMessage
from depeche.ops import newsroom
from depeche.subscribers import signing_up
from depeche.subscribers.models import SignUp, SignUpCount

PEOPLE_EACH = 50
# The most mails an hour that each flood may cause, by docs/reference/signing-up.md; and the share of people, at the
# least, who get theirs meanwhile. Who has all networks and all domains may use up the hour of all.
FLOODS = {
    "one address": (2, 1.0),
    "one network": (60, 1.0),
    "one domain": (100, 1.0),
    "subdomains": (100, 1.0),
    "everywhere": (settings.SIGN_UPS_PER_HOUR, 0.0),
}


def main(options: list[str]) -> int:
    each = int(options[options.index("--each") + 1]) if "--each" in options else 2_000
    settings.HUEY["immediate"] = False
    call_command("migrate", verbosity=0)
    newsroom.set_up()
    print(f"{each:,} hostile forms of each kind, the button pressed; a person after each {PEOPLE_EACH}")
    is_well = [flood(kind, each) for kind in FLOODS]
    return int(not all(is_well))


def flood(kind: str, each: int) -> bool:
    """Whether this flood caused no more mails than it may, and people got theirs."""
    started = time.monotonic()
    for table in (SignUp, SignUpCount, TransactionalMessage):
        table.objects.all().delete()
    came_of_it: dict[str, Counter[str]] = {"hostile": Counter(), "people": Counter()}
    for number, (address, network) in enumerate(hostile(kind, each)):
        came_of_it["hostile"][ask(address, network)] += 1
        if number % PEOPLE_EACH == PEOPLE_EACH - 1:
            person = f"lectrice{number}@{kind.replace(' ', '-')}-{number}.example"
            came_of_it["people"][ask(person, f"172.{16 + number // 65_536}.{number // 256 % 256}.1")] += 1
    signing_up.see_to_all()
    mails = Counter(mails_written())
    to_hostile = sum(count for (whom, _kind), count in mails.items() if whom == "hostile")
    to_people = mails["people", "confirm"]
    asked = sum(came_of_it["people"].values())
    most, least = FLOODS[kind]
    print(f"\n{kind} ({time.monotonic() - started:.0f} s)")
    print(f"  mails to them {to_hostile} (bar {most}): {dict(mails)}")
    print(f"  people who got their mail {to_people} of {asked} (bar {least:.0%})")
    for who, counts in came_of_it.items():
        print(f"  {who}: {dict(counts.most_common())}")
    return to_hostile <= most and to_people >= least * asked


def hostile(kind: str, each: int) -> Iterator[tuple[str, str]]:
    """Addresses and where their forms come from."""
    chance = random.Random(kind)
    for number in range(each):
        anywhere = f"10.{number // 256 % 256}.{number % 256}.1"
        someone = f"{chance.getrandbits(40):x}"
        yield {
            "one address": ("victime@exemple.example", anywhere),
            "one network": (f"{someone}@{someone}.example", "198.51.100.7"),
            "one domain": (f"{someone}@exemple.example", f"10.0.{number % 20}.1"),
            "subdomains": (f"{someone}@{someone}.a.exemple.co.uk", f"10.0.{number % 20}.1"),
            "everywhere": (f"{someone}@{someone}.example", anywhere),
        }[kind]


def ask(address: str, network: str) -> str:
    """What came of a form and, where one follows, of its button."""
    client, form = Client(), {"newsletter": "matin", "agreed": "on", "address": address}
    answer = client.post("/subscribe/", form, REMOTE_ADDR=network, HTTP_HOST="127.0.0.1")
    pressed = answer.status_code == 200
    if pressed:
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()))
        answer = client.post("/subscribe/", form | fields, REMOTE_ADDR=network, HTTP_HOST="127.0.0.1")
    word = {303: "taken", 429: "told to come later", 200: "one more step again"}[answer.status_code]
    return f"{word} by the button" if pressed and answer.status_code == 303 else word


def mails_written() -> Iterator[tuple[str, str]]:
    """To whom and of which kind."""
    for mail in TransactionalMessage.objects.all().iterator():
        message = message_from_bytes(bytes(mail.content), policy=policy.default)
        text = message.get_body(("plain",)).get_content()
        who = "people" if mail.recipient.startswith("lectrice") else "hostile"
        yield who, "confirm" if "/confirm/" in text else "already"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
