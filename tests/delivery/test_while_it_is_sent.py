"""What must not wait while an edition is on its way: whoever leaves, a new password, the other domains."""

import datetime as dt
import time

import pytest
from django.contrib.auth.forms import PasswordResetForm
from django.utils import timezone
from fake_mta import HANG, Late

from depeche.delivery import suppression
from depeche.delivery.models import Reason
from depeche.newsletters.models import EditionDelivery
from depeche.subscribers import actions as subscribers
from depeche.subscribers import privacy
from depeche.subscribers.models import Subscriber, Subscription
from depeche.subscribers.recording import Shown

pytestmark = [pytest.mark.django_db, pytest.mark.quiet]

SHOWN = Shown("…", "fr", "test", "/")
QUICK = 1500

READERS = {"quick": 12_000}  # of others 3,000 are enough to last
SERVERS = {
    "quick": {"END": Late(0.005)},
    "slow": {"END": Late(0.05), "RCPT": Late(0.02)},
    "hangs between messages": {("MAIL", number): Late(1.5) for number in range(20, 4000, 40)},
    "hangs before it takes the body": {("DATA", number): Late(1.5) for number in range(20, 4000, 40)},
}


def leave(how, subscription):
    if how == "withdraw":
        subscribers.withdraw(subscription.key, shown=SHOWN)
    elif how == "erase":
        privacy.erase(subscription.subscriber.address)
    elif how == "complaint":
        suppression.suppress(subscription.subscriber.address, Reason.COMPLAINT)
    else:
        until = timezone.localdate() + dt.timedelta(days=9)
        Subscriber.objects.filter(pk=subscription.subscriber_id).update(paused_until=until)


@pytest.mark.parametrize(
    ("server", "how"),
    [
        *((server, "withdraw") for server in SERVERS),
        *(("quick", how) for how in ("erase", "complaint", "pause")),
    ],
)
def test_a_second_after_somebody_left_nothing_is_begun_for_them(mta, sending, deliver, server, how):
    """Those in turn soon leave, eight connections under way; when each body came is told by the server's clock."""
    sending(f"lecteur{number}@exemple.test" for number in range(READERS.get(server, 3000)))
    server = mta(SERVERS[server])
    left: dict[str, float] = {}
    began = time.monotonic()

    def look(stop):
        if len(left) < 40 and len(server.accepted) > 40:
            waiting = EditionDelivery.objects.open().order_by("due_at", "pk")
            for place in (0, 20, 250, 900):  # in the hand, and behind it
                (copy,) = waiting.select_related("subscription__subscriber")[place : place + 1]
                leave(how, copy.subscription)
                left[copy.subscription.subscriber.address] = time.monotonic()
        is_over = len(left) >= 40 and time.monotonic() - max(left.values()) > 2
        if is_over or time.monotonic() - began > 40:
            stop.set()

    deliver(server, look)
    assert len(left) >= 40
    late = {one: server.begun_at[one] - at for one, at in left.items() if one in server.begun_at}
    assert max(late.values(), default=0) <= 1.0
    assert len(late) < len(left), "some of them were still to come"


HALF_SLOW = ("lent.test", "vif.test")


@pytest.mark.parametrize(
    ("server", "domains", "copies"),
    [
        ({"END": Late(0.005)}, ("exemple.test",), 100_000),
        ({"END": Late(0.5)}, ("exemple.test",), 1000),
        ({("RCPT", "lent.test"): Late(3)}, HALF_SLOW, 5000),
        ({("RCPT", "lent.test"): "421 4.7.0 no"}, HALF_SLOW, 5000),
        ({("END", "lent.test"): HANG}, HALF_SLOW, 5000),
    ],
    ids=["100,000 copies", "slow", "a domain is slow", "a domain is throttled", "a domain hangs"],
)
def test_a_new_password_arrives_within_five_seconds(mta, sending, deliver, editor, server, domains, copies):
    """In the middle of an edition."""
    sending(f"l{number}@{domains[number % len(domains)]}" for number in range(copies))
    server = mta(server)
    asked_at, began = [], time.monotonic()

    def look(stop):
        if not asked_at and time.monotonic() - began > 2 and len(server.accepted) > 10:
            form = PasswordResetForm({"email": editor.email})
            assert form.is_valid()
            form.save(
                domain_override="depeche.test",
                email_template_name="wagtailadmin/account/password_reset/email.txt",
            )
            asked_at.append((time.monotonic(), EditionDelivery.objects.open().count()))
        arrived = asked_at and editor.email in dict(server.accepted)
        if arrived or time.monotonic() - began > 40:
            stop.set()

    deliver(server, look)
    recipients = [recipient for recipient, _content in server.accepted]
    ((at, still_open),) = asked_at
    assert server.accepted_at[recipients.index(editor.email)] - at < 5
    assert still_open > copies / 10, "it was in the middle"


THROTTLED = {
    "450": {("RCPT", "lent.test"): "450 4.2.1 try later"},
    "451": {("RCPT", "lent.test"): "451 4.7.1 greylisted"},
    "421": {("RCPT", "lent.test"): "421 4.7.28 too much from you"},
    "421 to the body": {("END", "lent.test"): "421 4.7.0 slow down"},
    "slow": {("RCPT", "lent.test"): Late(1)},
    "slow to take it": {("END", "lent.test"): Late(1)},
}


@pytest.mark.parametrize("how", THROTTLED)
def test_a_throttled_domain_takes_nothing_from_the_other(mta, sending, deliver, how):
    """Messages per second at the server, without the throttled domain and with it, in turn; it needs 20 ms for each."""

    def takes_s(addresses, rules):
        sending(addresses)
        server = mta({"END": Late(0.02), **rules})
        quick = [address for address in addresses if address.endswith("@vif.test")]
        began = time.monotonic()

        def look(stop):
            came = sum(recipient.endswith("@vif.test") for recipient, _content in server.accepted)
            if came == len(quick) or time.monotonic() - began > 60:
                stop.set()

        deliver(server, look, within_s=80)
        Subscription.objects.all().delete()
        taken = [
            at
            for (recipient, _content), at in zip(server.accepted, server.accepted_at, strict=True)
            if recipient.endswith("@vif.test")
        ]
        assert len(taken) == len(quick)
        return max(taken) - min(taken)

    def alone(name):
        return takes_s([f"{name}{number}@vif.test" for number in range(QUICK)], {})

    def beside(name):
        both = [f"{name}{number}@{('lent', 'vif')[number % 2]}.test" for number in range(2 * QUICK)]
        return takes_s(both, THROTTLED[how])

    times = [alone("a"), beside("b"), beside("c"), alone("d")]
    assert times[0] + times[3] > 0.9 * (times[1] + times[2]), times
