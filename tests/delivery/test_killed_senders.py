"""Workers killed in mid-send, on the database of this run: a small cut of what `benchmarks/killed_senders.py --all` does."""

import json
import os
import subprocess
import sys
import urllib.parse
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from migrated_once import template

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.quiet]


def run(script, *options):
    """What the script found; the database, which it migrates, is an empty one beside that of the tests."""
    name = f"killed_{uuid.uuid4().hex[:8]}"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} {template()}")
        parts = urllib.parse.urlsplit(settings.DATABASE_URL)
        options = (*options, "--database", urllib.parse.urlunsplit(parts._replace(path=f"/{name}")))
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("DEPECHE_", "DATABASE_"))}
    try:
        done = subprocess.run(
            [sys.executable, BENCHMARKS / script, "--json", *options],
            env=plain,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    finally:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    if "no Postfix" in done.stderr:
        pytest.skip(done.stderr)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def workers():
    return "4" if connection.vendor == "postgresql" else "1"


@pytest.mark.parametrize("server", [(), ("--postfix",)], ids=["aiosmtpd", "Postfix"])
def test_killed_senders_lose_nothing_double_nothing_and_name_what_is_uncertain(server):
    code, found = run(
        *("killed_senders.py", "--messages", "4000", "--kills", "4", "--points", "2", "--workers", workers()),
        *server,
    )
    assert (found["lost"], found["doubled"], found["more_than_one_of_a_connection"]) == ([], [], []), found
    assert found["kills"] == 4
    assert len(found["uncertain_names"]) == found["uncertain"] <= found["bound"]
    assert code == 0, found


def test_after_power_cuts_nothing_is_lost_or_doubled():
    code, found = run(
        *("killed_senders.py", "--messages", "1500", "--kills", "2", "--points", "0", "--power-cut"),
        *("--workers", workers()),
    )
    assert (found["lost"], found["doubled"]) == ([], []), found
    assert found["uncertain"] <= found["bound"]
    assert code == 0, found


@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="two machines cannot share a file of SQLite's"
)
@pytest.mark.parametrize("dies", ["0", "1"])
def test_of_two_machines_either_may_die(dies):
    code, found = run("two_machines.py", "--messages", "1500", "--dies", dies)
    for part in ("gone", "back"):
        assert (found[part]["lost"], found[part]["doubled"]) == ([], []), found
        assert len(found[part]["uncertain"]) <= found[part]["bound"]
    assert found["back"]["unexplained"] == []
    assert code == 0, found
