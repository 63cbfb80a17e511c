"""Entering and exporting readers: `python benchmarks/importing_subscribers.py [N]`.

On a database of its own (or that of DATABASE_URL): a list of 10,000, then one of N (100,000), each tried out, entered and
exported in a process of its own. Prints rows a second and the peak memory of each; exit code 1 where the memory at N is
more than 1.2 times that at 10,000.
"""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
SMALL, MOST_GROWTH = 10_000, 1.2


def main(options: list[str]) -> int:
    count = int(options[0]) if options else 100_000
    peaks: dict[tuple[str, int], float] = {}
    for size in (SMALL, count):
        with tempfile.TemporaryDirectory() as folder:
            os.environ |= {
                "DEPECHE_DATA": folder,
                "DEPECHE_ENV_FILE": "/dev/null",
                "DJANGO_SETTINGS_MODULE": "depeche.settings",
            }
            run("prepare", size)
            for what in ("try", "enter", "export"):
                took_s, peak_mb = map(float, run(what, size).split())
                peaks[what, size] = peak_mb
                print(f"{what:8} {size:>9,} rows  {size / took_s:>8,.0f} rows/s  peak {peak_mb:6.1f} MB")
    return int(
        any(peaks[what, count] > MOST_GROWTH * peak for (what, size), peak in peaks.items() if size == SMALL)
    )


def run(what: str, size: int) -> str:
    """What a process of its own prints: seconds and megabytes."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", what, str(size)], check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def one(what: str, size: int) -> None:
    import django

    django.setup()
    from django.contrib.auth import get_user_model

    from depeche.subscribers import exporting, importing
    from depeche.subscribers.models import Newsletter, Subscription

    path = Path(os.environ["DEPECHE_DATA"]) / "readers.csv"
    if what == "prepare":
        prepare(path, size)
        return
    newsletter, user = Newsletter.objects.get(slug="banc"), get_user_model().objects.get(username="banc")
    began = time.monotonic()
    if what == "try":
        found = importing.try_out(path, newsletter=newsletter).entered
    elif what == "enter":
        entering = importing.start(path, newsletter=newsletter, by=user)
        importing.go_on(entering, path, by="banc")
        found = entering.entered
    else:
        found = sum(1 for _row in exporting.rows(Subscription.objects.to(newsletter)))
    assert found == size, (found, size)
    print(time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def prepare(path: Path, size: int) -> None:
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    from depeche.subscribers.models import Newsletter

    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser("banc", "banc@depeche.test", "un long mot de passe")
    Newsletter.objects.create(
        name="Banc", slug="banc", language="fr", sender_name="Banc", sender_address="banc@depeche.test"
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["address", "basis", "agreed_at", "source", "proof"])
        for number in range(size):
            writer.writerow(
                [
                    f"lecteur{number}@exemple.test",
                    "consent",
                    "2024-05-02",
                    "Salon du livre",
                    f"Bulletin {number}",
                ]
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], int(sys.argv[3]))
    else:
        sys.exit(main(sys.argv[1:]))
