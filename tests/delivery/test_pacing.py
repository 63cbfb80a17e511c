"""What workers send by the paces they share; the clock is the real one."""

import datetime as dt
import itertools
import threading
import time
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from fake_mta import Slow

from depeche import keys
from depeche.delivery import actions as delivery
from depeche.delivery import pace
from depeche.delivery.engine import Engine
from depeche.delivery.models import Pace, State
from depeche.delivery.pace import MAIN, Of, Rate
from depeche.delivery.pacing import Pacer, is_about_rate
from depeche.delivery.smtp.outcomes import Fault, SmtpOutcome, Stage
from depeche.newsletters import actions
from depeche.newsletters.models import EditionDelivery
from depeche.subscribers.models import Subscriber, Subscription

pytestmark = pytest.mark.django_db

FREE = 1000  # copies to a domain without a pace, for about five seconds


class Timed(list):
    """What a fake mail server accepted, with when; `refused` domains are told that we are too fast."""

    def __init__(self):
        self.times = []

    def extend(self, taken):
        super().extend(taken)
        self.times += [(time.monotonic(), recipient.rpartition("@")[2]) for recipient, _content in taken]

    def of(self, domain):
        return [at for at, whose in self.times if whose == domain]


@pytest.fixture
def timed(mta):
    server = mta()
    server.accepted = Timed()
    return server


@pytest.fixture
def edition(newsletter, editor, write):
    """An edition on its way to so many readers of each domain, in turns."""

    def _edition(**numbers):
        now = timezone.now()
        turns = [(place, domain) for domain, number in numbers.items() for place in range(number)]
        addresses = [f"r{place}@{domain}.test" for place, domain in sorted(turns)]
        readers = Subscriber.objects.bulk_create(
            Subscriber(
                address=one,
                address_key=one,
                address_hash=keys.address_hash(one),
                language="fr",
                created_at=now,
            )
            for one in addresses
        )
        Subscription.objects.bulk_create(
            Subscription(
                subscriber=one,
                newsletter=newsletter,
                state="confirmed",
                requested_at=now - dt.timedelta(hours=1),
                confirmed_at=now,
            )
            for one in readers
        )
        made = actions.compose_edition(
            newsletter, subject="Lettre", introduction="", articles=[write()], by=editor
        )
        return actions.send(made, by=editor)

    return _edition


class Workers:
    """Several workers in one thread: each does a round in turn, and sends what it may."""

    def __init__(self, number, session_to, server):
        self.engines = [Engine(lambda: session_to(server)) for _ in range(number)]
        self.sessions = [session_to(server) for _ in range(number)]
        self._open = [engine.working() for engine in self.engines]

    def __enter__(self):
        for one in self._open:
            one.__enter__()
        return self

    def __exit__(self, *error):
        for one in self._open:
            one.__exit__(*error)

    def work(self, seconds=60.0, *, until=lambda: False):
        began = time.monotonic()
        while time.monotonic() - began < seconds and not until():
            for engine, session in zip(self.engines, self.sessions, strict=True):
                engine.once()
                engine._crew.send_here(session)
            time.sleep(0.02)


def most_above(times, per_second):
    """By how many messages any stretch of time holds more than the pace."""
    return max(
        (later - first + 1) - (times[later] - times[first]) * per_second
        for first in range(len(times))
        for later in range(first, len(times))
    )


def open_copies():
    return EditionDelivery.objects.open().exists()


@pytest.mark.quiet
@pytest.mark.parametrize("of", [Of(domain="slow.test"), Of(transport=MAIN)])
def test_three_workers_together_keep_a_pace(of, edition, timed, session_to):
    pace.set_pace(Rate(10, 1), of=of, by=None)
    edition(slow=60)
    with Workers(3, session_to, timed) as workers:
        workers.work(until=lambda: not open_copies())
    times = timed.accepted.of("slow.test")
    assert len(times) == 60
    assert most_above(times, 10) <= 10  # a second's worth
    assert 5 <= times[-1] - times[0] <= 9


@pytest.mark.quiet
def test_a_throttled_domain_leaves_the_others_their_rate(edition, mta, session_to, transactional_db):
    def rate_of_the_free(**slow):
        server = mta({"END": Slow(("250 2.0.0 kept",), pause_s=0.02)})
        server.accepted = Timed()
        edition(free=FREE, **slow)
        stop, wake = threading.Event(), threading.Event()
        engine = Engine(lambda: session_to(server), connections=4)
        thread = threading.Thread(target=engine.run, kwargs={"stop": stop, "wake": wake})
        thread.start()
        for _ in range(600):  # the database in memory bears one thread at a time
            if len(server.accepted.of("free.test")) == FREE:
                break
            stop.wait(0.05)
        stop.set()
        wake.set()
        thread.join(timeout=20)
        Subscriber.objects.all().delete()
        times = server.accepted.of("free.test")
        assert len(server.accepted.of("slow.test")) <= 2 * (times[-1] - times[0] + 2)
        return len(times) / (times[-1] - times[0])

    pace.set_pace(Rate(2, 1), of=Of(domain="slow.test"), by=None)
    alone = rate_of_the_free()
    assert rate_of_the_free(slow=FREE) >= 0.9 * alone


def test_each_row_is_put_off_once_and_none_fills_the_hand(edition, timed, session_to):
    pace.set_pace(Rate(1, 60), of=Of(domain="slow.test"), by=None)
    edition(slow=900, free=20)
    with Workers(1, session_to, timed) as workers:
        workers.work(until=lambda: not EditionDelivery.objects.due(timezone.now()).exists())
        workers.work(0.5)
        assert workers.engines[0].hand.here() == []
    assert [len(timed.accepted.of(f"{name}.test")) for name in ("slow", "free")] == [1, 20]
    due = (
        EditionDelivery.objects.filter(state=State.PENDING)
        .values_list("due_at", flat=True)
        .order_by("due_at")
    )
    assert len(due) == len(set(due)) == 899
    apart = [(later - first).total_seconds() for first, later in itertools.pairwise(due)]
    assert [min(apart), max(apart)] == pytest.approx([60, 60], abs=0.01)


@pytest.mark.quiet
def test_another_pace_holds_within_a_second_while_workers_run(edition, timed, session_to):
    pace.set_pace(Rate(1, 60), of=Of(domain="slow.test"), by=None)
    edition(slow=200)
    with Workers(2, session_to, timed) as workers:
        workers.work(1.5)
        assert len(timed.accepted) == 1
        pace.set_pace(Rate(20, 1), of=Of(domain="slow.test"), by=None)
        workers.work(3)
        faster = len(timed.accepted)
        assert 20 * 2 <= faster <= 20 * 4 + 1
        pace.set_pace(Rate(1, 60), of=Of(domain="slow.test"), by=None)
        workers.work(1)
        slower = len(timed.accepted)
        workers.work(1)
        assert len(timed.accepted) <= slower + 1
        assert pace.clear(of=Of(domain="slow.test"), by=None)
        workers.work(until=lambda: not open_copies())
    assert len(timed.accepted) == 200


def test_what_somebody_waits_for_leaves_at_once_and_counts(timed, engine_to):
    row = pace.set_pace(Rate(1, 60), of=Of(domain="exemple.test"), by=None)
    for place in range(3):
        delivery.send(sender="a@depeche.test", recipient=f"r{place}@exemple.test", subject="s", text="t")
    engine = engine_to(timed)
    engine._pacer.asks_again()
    assert engine.drain()
    assert len(timed.accepted) == 3
    row.refresh_from_db()
    assert dt.timedelta(seconds=170) < row.next_at - timezone.now() <= dt.timedelta(seconds=180)


def test_without_a_pace_a_worker_only_looks_now_and_then():
    pacer = Pacer("w1", transport=lambda: MAIN)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(100):
            pacer.asks_again()
            pacer.learn_from([], resting_until=lambda _domain: 0.0)
            assert pacer.grant([]) == []
    assert len(queries) == 1


def test_what_a_failure_left_without_a_slot_waits_again(edition, timed, engine_to, monkeypatch):
    edition(slow=3)
    pace.set_pace(Rate(1, 60), of=Of(domain="slow.test"), by=None)
    engine = engine_to(timed)
    engine._pacer.asks_again()
    with monkeypatch.context() as patch:
        patch.setattr(pace, "reserve", lambda *args, **options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            engine._lease(until=0.0)
    assert Counter(EditionDelivery.objects.values_list("state", flat=True)) == {"leased": 3}
    engine._reclaim()
    assert engine.drain()
    assert len(timed.accepted) == 1
    assert Counter(EditionDelivery.objects.values_list("state", flat=True)) == {"sent": 1, "pending": 2}


@pytest.mark.parametrize(
    ("words", "code", "is_it"),
    [
        ("421 4.7.28 unusual rate of mail", 421, True),
        ("421 4.7.0 try again later", 421, True),
        ("450 4.7.1 Too many messages, slow down", 450, True),
        ("451 4.7.500 Server busy, throttled", 451, True),
        ("450 4.2.0 greylisted, try again", 450, False),
        ("451 4.3.0 separate the queue", 451, False),
        ("550 5.7.1 rate", 550, False),
    ],
)
def test_refusals_about_our_rate_are_known(words, code, is_it):
    enhanced = words.split()[1]
    outcome = SmtpOutcome(State.DEFERRED, Stage.RCPT, Fault.SERVER, words, code, enhanced)
    assert is_about_rate(outcome) == is_it


def test_a_domain_that_finds_us_too_fast_is_slower_for_all_workers(edition, mta, session_to):
    server = mta({"RCPT": "451 4.7.28 too many messages, slow down"})
    edition(slow=40)
    with Workers(2, session_to, server) as workers:
        workers.work(1.5)
        row = Pace.objects.get(domain="slow.test")
        assert row.learned_at > timezone.now()
        assert row.next_at >= row.learned_at
        asked = server._seen["RCPT"]
        workers.work(1.5)
        assert server._seen["RCPT"] == asked  # the second worker rests as well
    assert not EditionDelivery.objects.filter(state=State.LEASED).exists()
    assert EditionDelivery.objects.filter(state=State.PENDING, due_at__lt=row.learned_at).count() == 0
