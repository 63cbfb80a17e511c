"""Who leaves while an edition is on its way: the web server takes it down, the worker sends, two processes.

The mail server takes its time until all have left: so many copies wait in the worker's hand, and others behind them.
"""

import datetime as dt
import json
import sqlite3
import time
import urllib.request
from contextlib import closing

from conftest import started
from fake_mta import FakeMta, Late

READERS, LEAVING = 2_000, 40
TAKES_S = 0.08  # each copy, on each connection
AT_MOST_S, ALL_WITHIN_S = 1.0, 120
SEND = f"""
import json
from django.contrib.auth.models import User
from django.utils import timezone
from depeche import keys
from depeche.articles import actions as articles
from depeche.articles.models import Article, Section
from depeche.newsletters import actions as editions
from depeche.subscribers.actions import leave_url
from depeche.subscribers.models import Newsletter, Subscriber, Subscription
now, editor = timezone.now(), User.objects.get(is_superuser=True)
matin = Newsletter.objects.get(language="fr")
readers = Subscriber.objects.bulk_create([
    Subscriber(address_key=a, address=a, address_hash=keys.address_hash(a), language="fr", created_at=now)
    for a in (f"lecteur{{n}}@e.test" for n in range({READERS}))
])
subscriptions = Subscription.objects.bulk_create([
    Subscription(subscriber=one, newsletter=matin, state="confirmed", requested_at=now, confirmed_at=now)
    for one in readers
])
section = Section.objects.get(slug="actualites")
article = Article(title="La passerelle rouvrira", live=False, locale=section.locale)
article.body = [("paragraph", "<p>La mairie l’annonce.</p>")]
section.add_child(instance=article)
article.save_revision(user=editor)
article = articles.publish(article, by=editor)
edition = editions.compose_edition(matin, subject="La passerelle", introduction="", articles=[article], by=editor)
print(json.dumps({{one.pk: leave_url(one.key, one.subscriber.language) for one in subscriptions}}))
editions.send(edition, by=editor)
"""
# Watched by the database itself: it refuses a commit that leases to somebody who was no reader at that moment.
# A lease may take such a copy in hand if it ends it in the same commit; till then it points at nobody.
WATCH = """
CREATE TABLE test_nobody (id INTEGER PRIMARY KEY);
CREATE TABLE test_leases (
  subscription INTEGER, no_reader INTEGER REFERENCES test_nobody DEFERRABLE INITIALLY DEFERRED
);
CREATE TRIGGER test_leases AFTER UPDATE OF state ON newsletters_editiondelivery WHEN NEW.state = 'leased' BEGIN
  INSERT INTO test_leases SELECT id, CASE state WHEN 'confirmed' THEN NULL ELSE id END
    FROM subscribers_subscription WHERE id = NEW.subscription_id;
END;
CREATE TRIGGER test_ends AFTER UPDATE OF state ON newsletters_editiondelivery WHEN NEW.state <> 'leased' BEGIN
  DELETE FROM test_leases WHERE no_reader = NEW.subscription_id;
END;
"""


def test_nothing_is_leased_after_the_commit_or_submitted_a_second_later(tmp_path, first_start):
    mta = FakeMta({"END": Late(TAKES_S)})
    url = f"smtp://127.0.0.1:{mta.port}"
    with started(tmp_path, like=first_start, EMAIL_URL=url, DEPECHE_MAIL_DOMAINS="e.test") as paper:
        all_leave_in_time(paper, mta)
    mta.close()


def all_leave_in_time(paper, mta: FakeMta) -> None:
    path = paper.data / "depeche.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(WATCH)
    links = json.loads(paper.manage("shell", "--no-imports", "-c", SEND).splitlines()[-1])
    with closing(sqlite3.connect(path, timeout=10)) as database:
        left, copies = leave_one_by_one(database, links), states(database)
        mta.rules = {}
        until = time.monotonic() + ALL_WITHIN_S
        while "pending" in copies or "leased" in copies:
            assert time.monotonic() < until, (paper.data.parent / "errors.log").read_text()
            time.sleep(0.2)
            copies = states(database)
        leased = {pk for (pk,) in database.execute("SELECT subscription FROM test_leases")}
    assert {"sent", "suppressed"} >= set(copies)
    assert len(left) == LEAVING, "the edition was on its way all the time"
    assert len(leased) >= len(mta.accepted) == copies.count("sent"), "every lease was watched"
    late = lateness(paper, mta, left)
    assert all(seconds <= AT_MOST_S for seconds in late), late
    summary = {"left": len(left), "submitted after": len(late), "latest s": max(late, default=0)}
    summary["held back"] = copies.count("suppressed")
    print(summary)  # noqa: T201 - the measurement


def leave_one_by_one(database: sqlite3.Connection, links: dict[str, str]) -> dict[str, float]:
    """Subscriptions and when their end was committed at the earliest: in turn one that a worker has, and the next."""
    left: dict[str, float] = {}
    while len(left) < LEAVING:
        state = ("leased", "pending")[len(left) % 2]
        rows = database.execute(
            "SELECT subscription_id FROM newsletters_editiondelivery d JOIN subscribers_subscription s"
            " ON s.id = subscription_id WHERE s.state = 'confirmed' AND d.state IN (?, 'pending')"
            " ORDER BY d.state = ? DESC, d.id DESC LIMIT 1",
            [state, state],
        ).fetchone()
        if rows is None:
            break
        pk = str(rows[0])
        request = urllib.request.Request(links[pk], b"List-Unsubscribe=One-Click")
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.status == 200
        (written,) = database.execute(
            "SELECT withdrawn_at FROM subscribers_subscription WHERE id = ?", [pk]
        ).fetchone()
        left[pk] = dt.datetime.fromisoformat(written).replace(tzinfo=dt.UTC).timestamp()
    return left


def states(database: sqlite3.Connection) -> list[str]:
    return [state for (state,) in database.execute("SELECT state FROM newsletters_editiondelivery")]


def lateness(paper, mta: FakeMta, left: dict[str, float]) -> list[float]:
    """By how many seconds mails were taken after their reader had left."""
    with closing(sqlite3.connect(paper.data / "depeche.sqlite3")) as database:
        addresses = dict(
            database.execute(
                "SELECT address, n.id FROM subscribers_subscriber s JOIN subscribers_subscription n ON n.subscriber_id = s.id"
            )
        )
    since_the_epoch = time.time() - time.monotonic()
    late = []
    for (address, _content), taken_at in zip(mta.accepted, mta.accepted_at, strict=True):
        at = left.get(str(addresses[address]))
        if at is not None and taken_at + since_the_epoch > at:
            late.append(taken_at + since_the_epoch - at)
    return late
