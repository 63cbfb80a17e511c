"""Who may not be written to, in the bulk lanes; and leaving while an edition is on its way."""

import pytest
from django.utils import timezone

from depeche.delivery.engine import BATCH, Engine
from depeche.delivery.hand import Begin
from depeche.delivery.models import Reason, Suppression
from depeche.delivery.suppression import blocked, suppress
from depeche.newsletters import actions, correcting
from depeche.newsletters.lane import EditionLane
from depeche.newsletters.models import CorrectionDelivery, EditionDelivery
from depeche.subscribers import actions as subscribers
from depeche.subscribers import privacy, tokens
from depeche.subscribers.models import Newsletter, Subscription
from depeche.subscribers.recording import Shown

pytestmark = pytest.mark.django_db

ADDRESS, OTHER = "lea@exemple.test", "ali@exemple.test"
SHOWN = Shown("…", "fr", "test", "/")


def stop(reason, newsletter, address=ADDRESS):
    suppress(address, reason, scope=newsletter.purpose if reason == Reason.UNSUBSCRIBED else "")


def recipients(mailroom):
    return sorted(message["To"] for message in mailroom.deliver())


@pytest.mark.parametrize("reason", Reason)
def test_no_edition_goes_to_whoever_is_suppressed(reason, newsletter, subscribe, compose, editor, mailroom):
    left, _stays = subscribe(ADDRESS), subscribe(OTHER)
    stop(reason, newsletter)
    actions.send(compose(), by=editor)
    assert recipients(mailroom) == [OTHER]
    copy = EditionDelivery.objects.get(subscription=left)
    assert (copy.state, copy.reply) == ("suppressed", f"suppressed: {reason}")


def test_the_page_of_an_edition_says_why_copies_were_not_sent(
    newsletter, subscribe, compose, editor, mailroom, client
):
    _gone, _spam, left = (subscribe(f"{name}@exemple.test") for name in ("gone", "spam", "left"))
    edition = actions.send(compose(), by=editor)
    suppress("gone@exemple.test", Reason.HARD_BOUNCE)
    suppress("spam@exemple.test", Reason.COMPLAINT)
    suppress("spam@exemple.test", Reason.HARD_BOUNCE)
    Subscription.objects.filter(pk=left.pk).update(state="withdrawn", withdrawn_at=timezone.now())
    mailroom.deliver()

    assert actions.held_back(edition) == {
        "": 1,
        "suppressed: complaint": 1,
        "suppressed: hard_bounce": 1,
    }
    client.force_login(editor)
    page = client.get(f"/admin/editions/{edition.pk}/send/").content.decode()
    assert "Boîte aux lettres inexistante" in page


@pytest.mark.parametrize("reason", Reason)
def test_a_suppression_stops_what_waits_already(reason, newsletter, subscribe, compose, editor, mailroom):
    subscribe(ADDRESS)
    actions.send(compose(), by=editor)
    stop(reason, newsletter)
    assert recipients(mailroom) == []


def test_who_left_is_not_even_leased(newsletter, subscribe, compose, editor):
    left, stays = [subscribe(f"{number}@exemple.test") for number in range(3)], subscribe(OTHER)
    actions.send(compose(), by=editor)
    for one in left:
        subscribers.withdraw(one.key, shown=SHOWN)
    (copy,) = EditionLane().lease(2, worker="w1", at=timezone.now())
    assert EditionDelivery.objects.get(pk=copy.key).subscription == stays, "those who left hide nobody"
    held = EditionDelivery.objects.filter(subscription__in=left).values_list("state", "reply", "leased_until")
    assert list(held) == [("suppressed", "suppressed: unsubscribed", None)] * 3
    assert EditionLane().lease(2, worker="w1", at=timezone.now()) == []


def test_leaving_another_newsletter_stops_nothing(newsletter, subscribe, compose, editor, mailroom):
    subscribe(ADDRESS)
    stop(Reason.UNSUBSCRIBED, Newsletter.objects.exclude(pk=newsletter.pk).first())
    actions.send(compose(), by=editor)
    assert recipients(mailroom) == [ADDRESS]


@pytest.mark.parametrize("reason", Reason)
def test_no_correction_goes_to_whoever_is_suppressed(
    reason, newsletter, subscribe, compose, editor, mailroom, wrong, correct
):
    subscribe(ADDRESS)
    subscribe(OTHER)
    actions.send(compose(wrong), by=editor)
    assert len(mailroom.deliver()) == 2
    stop(reason, newsletter)

    correcting.plan(correct(wrong))
    assert recipients(mailroom) == sorted([ADDRESS, OTHER, OTHER])
    states = dict(CorrectionDelivery.objects.values_list("subscriber__address", "state"))
    assert states == {ADDRESS: "suppressed", OTHER: "sent"}
    held = CorrectionDelivery.objects.get(subscriber__address=ADDRESS)
    assert held.reply == f"suppressed: {reason}"


def test_leaving_suppresses_and_coming_back_lifts(newsletter, mailroom):
    def ask_and_confirm():
        subscribers.request(newsletter, address=ADDRESS, language="fr", shown=SHOWN)
        found = Subscription.objects.get()
        return subscribers.confirm(tokens.Request(found.key, found.request_nonce), shown=SHOWN)

    subscription = ask_and_confirm()
    subscribers.withdraw(subscription.key, shown=SHOWN)
    assert blocked([ADDRESS], purpose="newsletter", scope=newsletter.purpose) == {
        ADDRESS: Reason.UNSUBSCRIBED
    }
    subscribers.request(newsletter, address=ADDRESS, language="fr", shown=SHOWN)
    assert blocked([ADDRESS], purpose="newsletter", scope=newsletter.purpose), "asking is not confirming"
    ask_and_confirm()
    assert not blocked([ADDRESS], purpose="newsletter", scope=newsletter.purpose)


@pytest.mark.parametrize("reason", [Reason.ERASED, Reason.OBJECTION, Reason.COMPLAINT, Reason.HARD_BOUNCE])
def test_who_is_suppressed_can_still_subscribe_anew(reason, newsletter, mailroom):

    suppress(ADDRESS, reason)
    subscribers.request(newsletter, address=ADDRESS, language="fr", shown=SHOWN)
    assert recipients(mailroom) == [ADDRESS]
    found = Subscription.objects.get()
    subscribers.confirm(tokens.Request(found.key, found.request_nonce), shown=SHOWN)
    assert not blocked([ADDRESS], purpose="newsletter", scope=newsletter.purpose)


def test_erasure_leaves_a_suppression_and_no_address(newsletter, subscribe):

    subscribe(ADDRESS)
    privacy.erase(ADDRESS)
    assert blocked([ADDRESS], purpose="newsletter") == {ADDRESS: Reason.ERASED}
    assert ADDRESS not in str(list(Suppression.objects.values()))


@pytest.mark.parametrize("how", ["withdraw", "erase", "complaint"])
def test_nothing_is_begun_once_somebody_left_a_running_edition(
    how, newsletter, subscribe, compose, editor, mailroom, time_machine
):
    readers = [subscribe(f"reader{number}@exemple.test") for number in range(BATCH + 10)]
    actions.send(compose(), by=editor)
    engine = Engine(mailroom.session)
    with engine.working():
        engine.once()
        offered = engine.hand.take(only_first=False)
        stays = readers[-1].subscriber.address
        for reader in readers[:-1]:  # one is offered to the server, others are leased, some are not
            if how == "withdraw":
                subscribers.withdraw(reader.key, shown=SHOWN)
            elif how == "erase":
                privacy.erase(reader.subscriber.address)
            else:
                suppress(reader.subscriber.address, Reason.COMPLAINT)
        engine.ask_again()
        assert engine.hand.begin(offered) is Begin.WITHHELD
        assert engine.hand.here() == []
    assert recipients(mailroom) == [stays]
    states = {"sent"} if how == "erase" else {"sent", "suppressed"}  # the copies of who is erased are gone
    assert set(EditionDelivery.objects.values_list("state", flat=True)) == states
