"""The processes of `benchmarks/delivery.py`: `delivery_sides.py fill N | plan | engine | django EDITION N | dkim EDITION N`."""

# ruff: noqa: E402
from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "depeche.settings"

import django

django.setup()

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail  # noqa: TID251 - what it costs is the question
from django.core.management import call_command
from django.template import Context, Template
from django.utils import timezone
from huey.contrib.djhuey import HUEY

from depeche import keys
from depeche.articles import actions as articles
from depeche.articles.models import Article, Section
from depeche.delivery import dkim_keys, failover
from depeche.delivery.engine import Engine
from depeche.delivery.messages import domain_of
from depeche.delivery.models import Reason, Suppression
from depeche.delivery.smtp.server import SmtpServer
from depeche.newsletters import actions, rendering
from depeche.newsletters.lane import EditionLane
from depeche.newsletters.models import Edition, EditionDelivery
from depeche.ops import newsroom
from depeche.subscribers.actions import leave_url, preferences_url
from depeche.subscribers.models import Newsletter, Subscriber, Subscription

BATCH = 2000
CONNECTIONS = 8
SIGNED_EACH_ROUND = 200
ARTICLES = 15  # make about 30 KB
STANDFIRST = (
    "La mairie l’annonce pour le printemps : les travaux, commencés en 2024, ont coûté 2,3 millions d’euros. "
    "Les riverains, reçus mercredi, demandent que le passage reste ouvert aux vélos."
)


def fill(readers: int) -> None:
    """A newsroom with so many confirmed readers, and as many articles as a full edition holds."""
    call_command("migrate", verbosity=0)
    HUEY.storage.initialize_schema()
    newsroom.set_up()
    editor = get_user_model().objects.create_superuser("morel", "morel@exemple.test", "un long mot de passe")
    section = Section.objects.get(slug="actualites")
    for number in range(ARTICLES):
        article = Article(
            title=f"Quartier {number} : la passerelle rouvrira",
            standfirst=STANDFIRST,
            live=False,
            locale=section.locale,
        )
        article.body = [("paragraph", "<p>La mairie l’annonce pour le printemps.</p>")]
        section.add_child(instance=article)
        article.save_revision(user=editor)
        articles.publish(article, by=editor)
    newsletter = Newsletter.objects.get(language="fr")
    for start in range(0, readers, BATCH):
        subscribe(newsletter, range(start, min(start + BATCH, readers)))
    now = timezone.now()
    strangers = [keys.address_hash(f"parti-{number}@exemple.test") for number in range(1000)]
    Suppression.objects.bulk_create(
        Suppression(address_hash=one, reason=Reason.HARD_BOUNCE, at=now) for one in strangers
    )


def subscribe(newsletter: Newsletter, numbers: range) -> None:
    now = timezone.now()
    addresses = [f"lecteur-{number}@exemple.test" for number in numbers]
    subscribers = Subscriber.objects.bulk_create(
        Subscriber(
            address=address,
            address_key=address,
            address_hash=keys.address_hash(address),
            language="fr",
            created_at=now,
            last_contact_at=now,
        )
        for address in addresses
    )
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=one, newsletter=newsletter, state="confirmed", requested_at=now, confirmed_at=now
        )
        for one in subscribers
    )


def plan() -> dict[str, Any]:
    """An edition to all of them, under way."""
    editor = get_user_model().objects.get(username="morel")
    newsletter = Newsletter.objects.get(language="fr")
    draft = actions.compose_edition(
        newsletter,
        subject="La lettre du jour",
        introduction="Bonjour. Voici ce qu’il faut savoir ce matin.",
        articles=list(Article.objects.all()),
        by=editor,
    )
    begun = time.monotonic()
    edition = actions.send(draft, by=editor)
    seconds = time.monotonic() - begun
    first = EditionDelivery.objects.filter(edition=edition).order_by("pk")[:1]
    (one,) = EditionLane().load([row.pk for row in first])
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"edition": edition.pk, "seconds": seconds, "octets": len(one.content), "peak_mb": peak_mb}


def engine() -> dict[str, Any]:
    """Deliver as a worker does, until SIGTERM; CPU seconds, its start not counted, and each lease: how many, CPU seconds, seconds."""
    stop, wake = threading.Event(), threading.Event()
    leases: list[tuple[int, float, float]] = []
    lease = EditionLane.lease

    def watched(self: EditionLane, *args: Any, **options: Any) -> Any:
        cpu, begun = time.thread_time(), time.monotonic()
        found = lease(self, *args, **options)
        if found:
            leases.append((len(found), time.thread_time() - cpu, time.monotonic() - begun))
        return found

    EditionLane.lease = watched  # type: ignore[method-assign]
    ways = failover.from_settings()
    delivery = Engine(ways.sender, connections=CONNECTIONS, tell=ways.tell)
    thread = threading.Thread(target=delivery.run, kwargs={"stop": stop, "wake": wake}, name="delivery")
    rendering.prepare()  # as the worker does
    started_s = cpu_s()
    thread.start()
    print(started_s, flush=True)
    signal.sigwait({signal.SIGTERM})
    stop.set()
    wake.set()
    thread.join()
    return {"cpu_s": cpu_s() - started_s, "leases": leases}


def by_django(edition_key: int, messages: int) -> dict[str, float]:
    """CPU seconds for that many of the same mails as Django's own classes build and send them, on one connection."""
    edition = Edition.objects.get(pk=edition_key)
    links = rendering.Links(leave="{{ leave }}", preferences="{{ preferences }}")
    rendered = rendering.render(edition, links=links)
    text, html = Template(rendered.text), Template(rendered.html)
    server = SmtpServer.from_url(settings.EMAIL_URL)
    connection = mail.get_connection(
        "django.core.mail.backends.smtp.EmailBackend", host=server.host, port=server.port
    )
    copies = EditionDelivery.objects.filter(edition=edition).select_related("subscription__subscriber")
    readers = [copy.subscription for copy in copies[:messages]]
    connection.open()
    begun = cpu_s()
    for subscription in readers:
        leave = leave_url(subscription.key, "fr")
        own = Context({"leave": leave, "preferences": preferences_url(subscription.subscriber.key, "fr")})
        message = mail.EmailMultiAlternatives(
            rendered.subject,
            text.render(own),
            edition.newsletter.sender,
            [subscription.subscriber.address],
            connection=connection,
            headers={"List-Unsubscribe": f"<{leave}>", "List-Id": edition.newsletter.list_id},
        )
        message.attach_alternative(html.render(own), "text/html")
        message.send()
    used_s = cpu_s() - begun
    connection.close()
    return {"cpu_s": used_s}


def by_dkim(edition_key: int, messages: int) -> dict[str, float]:
    """Microseconds of CPU for the signature of one copy, and for RSA alone under the same key; the median of rounds.

    A signature costs what filling with a key takes above filling without one. The three are measured in turn, a round of
    each at a time, so that whatever else the machine does falls on all.
    """
    edition = Edition.objects.get(pk=edition_key)
    first = EditionDelivery.objects.filter(edition=edition).order_by("pk")[:SIGNED_EACH_ROUND]
    key = dkim_keys.create(domain_of(edition.newsletter.sender), today=timezone.localdate())
    dkim_keys.use(dkim_keys.find(key.selector))
    copies: Any = EditionLane().load([row.pk for row in first])
    mail = copies[0]._mail
    signed, unsigned = mail._fill, mail._message.fill
    digest = hashlib.sha256(b"").digest()

    def filling(fill: Callable[..., Any]) -> float:
        mail._fill = fill
        return spent(lambda copy: copy.make(), copies)

    rounds = [
        (filling(signed) - filling(unsigned), spent(lambda _copy: key.sign(digest), copies))
        for _ in range(messages // SIGNED_EACH_ROUND)
    ]
    dkim_keys.retire(dkim_keys.find(key.selector))
    dkim_us, rsa_us = (statistics.median(each) * 1e6 for each in zip(*rounds, strict=True))
    return {"dkim_us": dkim_us, "rsa_us": rsa_us}


def spent(does: Callable[[Any], object], each: Any) -> float:
    """CPU seconds for one of them."""
    begun = time.thread_time()
    for one in each:
        does(one)
    return (time.thread_time() - begun) / len(each)


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    what, *numbers = sys.argv[1:]
    does: dict[str, Any] = {
        "fill": fill,
        "plan": plan,
        "engine": engine,
        "django": by_django,
        "dkim": by_dkim,
    }
    print(json.dumps(does[what](*map(int, numbers))))
