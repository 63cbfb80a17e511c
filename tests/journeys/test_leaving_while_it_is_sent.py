"""Who leaves while an edition is on its way: the web server takes it down, the worker sends, two processes."""

import datetime as dt
import json
import sqlite3
import time
import urllib.request
from contextlib import closing
from email import message_from_bytes

READERS, LEAVING = 400, 40
AT_MOST_S = 1.0
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
# Written down by the database itself, in the commit that leases: whether the reader was one at that moment.
WATCH = """
CREATE TABLE test_leases (subscription INTEGER, state TEXT);
CREATE TRIGGER test_leases AFTER UPDATE OF state ON newsletters_editiondelivery WHEN NEW.state = 'leased' BEGIN
  INSERT INTO test_leases SELECT id, state FROM subscribers_subscription WHERE id = NEW.subscription_id;
END;
"""


def test_nothing_is_leased_after_the_commit_or_submitted_a_second_later(paper):
    path = paper.data / "depeche.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(WATCH)
    links = json.loads(paper.manage("shell", "--no-imports", "-c", SEND).splitlines()[-1])
    with closing(sqlite3.connect(path, timeout=10)) as database:
        left, copies = leave_one_by_one(database, links), states(database)
        while "pending" in copies or "leased" in copies:
            time.sleep(0.2)
            copies = states(database)
        leased = database.execute("SELECT subscription, state FROM test_leases").fetchall()
    assert {"sent", "suppressed"} >= set(copies)
    assert len(left) == LEAVING, "the edition was on its way all the time"
    assert [pk for pk, state in leased if state != "confirmed"] == []
    late = lateness(paper, left)
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


def lateness(paper, left: dict[str, float]) -> list[float]:
    """By how many seconds mails were handed over after their reader had left."""
    with closing(sqlite3.connect(paper.data / "depeche.sqlite3")) as database:
        addresses = dict(
            database.execute(
                "SELECT address, n.id FROM subscribers_subscriber s JOIN subscribers_subscription n ON n.subscriber_id = s.id"
            )
        )
    late = []
    for path in (paper.data / "caught-mail" / "new").iterdir():
        at = left.get(str(addresses.get(message_from_bytes(path.read_bytes())["To"])))
        if at is not None and path.stat().st_mtime > at:
            late.append(path.stat().st_mtime - at)
    return late
