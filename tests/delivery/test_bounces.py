"""What follows from mail that comes back: for whom it was, only if it was ours, and once."""

import datetime as dt

import pytest
from came_back import LEA, PAUL, SAMPLE_ID, SAMPLE_TOKEN, reasons, sample, token
from django.utils import timezone

from depeche import keys, personal_data
from depeche.delivery import bounces, mail_reports, privacy, soft_bounces, suppression
from depeche.delivery.models import HeardReport, Reason, SoftBounces, State, Suppression
from depeche.delivery.outside import Kind as Heard
from depeche.delivery.returned import Kind, What
from depeche.newsletters.lane import EditionLane
from depeche.newsletters.models import EditionDelivery
from depeche.subscribers.models import Subscriber, Subscription

pytestmark = pytest.mark.django_db


def state_of(copy):
    copy.refresh_from_db()
    return copy.state


def test_nobody_writes_to_a_dead_mailbox_any_more_and_the_ledger_says_why(copies):
    taken = bounces.take(sample("postfix-unknown-user", copies[LEA]))
    assert taken == (What.REPORT, Kind.HARD, True, True)
    assert reasons() == {Reason.HARD_BOUNCE}
    assert state_of(copies[LEA]) == State.FAILED
    assert copies[LEA].reply.startswith("550 5.1.1 <lea@exemple.test>: Recipient address rejected")
    assert (state_of(copies[PAUL]), reasons(PAUL)) == (State.SENT, set())


def test_a_full_mailbox_is_counted_and_suppresses_nobody(copies):
    assert bounces.take(sample("postfix-mailbox-full", copies[LEA])).kind is Kind.SOFT
    assert reasons() == set()
    assert state_of(copies[LEA]) == State.FAILED
    assert SoftBounces.objects.get().score == 1
    assert LEA not in str(SoftBounces.objects.values().get())


@pytest.mark.parametrize("name", ["gmail-unauthenticated", "m365-unauthenticated", "postfix-policy"])
def test_what_is_our_fault_suppresses_nobody_and_is_kept_for_the_edition(copies, name):
    assert bounces.take(sample(name, copies[LEA])).kind is Kind.OURS
    assert not Suppression.objects.exists()
    assert not SoftBounces.objects.exists()
    about = f"edition/{copies[LEA].edition_id}"
    assert mail_reports.told_of(about) == {Heard.OURS: 1}
    assert mail_reports.statuses_of(about, Heard.OURS)[0].startswith("5.7.")


@pytest.mark.parametrize(
    "name", ["postfix-greylisted-delayed", "postfix-delivered", "away-left-the-company", "binary"]
)
def test_what_only_tells_changes_nothing(copies, name):
    taken = bounces.take(sample(name, copies[LEA]))
    assert not taken.is_new
    assert state_of(copies[LEA]) == State.SENT
    assert not HeardReport.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name", ["arf-yahoo-abuse", "arf-opt-out", "arf-redacted-headers-only", "jmrp-without-report"]
)
def test_who_complains_leaves_at_once(copies, name):
    assert bounces.take(sample(name, copies[LEA])).kind is Kind.COMPLAINT
    assert reasons() == {Reason.COMPLAINT, Reason.UNSUBSCRIBED}
    assert Subscription.objects.get(subscriber__address=LEA).state == "withdrawn"
    assert Subscription.objects.get(subscriber__address=PAUL).state == "confirmed"
    assert state_of(copies[LEA]) == State.SENT  # it arrived


@pytest.mark.parametrize("name", ["arf-not-spam", "arf-auth-failure", "arf-fraud"])
def test_what_is_no_complaint_makes_nobody_leave(copies, name):
    assert not bounces.take(sample(name, copies[LEA])).is_new
    assert reasons() == set()


def test_a_report_counts_once_whoever_brings_it_again(copies):
    raw = sample("postfix-mailbox-full", copies[LEA])
    assert bounces.take(raw).is_new
    assert not bounces.take(raw).is_new
    assert not bounces.take(sample("gmail-out-of-storage", copies[LEA])).is_new
    assert SoftBounces.objects.get().score == 1


@pytest.mark.parametrize(
    "forge",
    [
        lambda made, other: made.replace(made[made.index(b".") + 1 : made.index(b"@")], b"0" * 16),
        lambda made, other: made.replace(made[: made.index(b".")], other[: other.index(b".")]),
        lambda made, other: b"retours@bounces.exemple.test",
        lambda made, other: SAMPLE_TOKEN,
    ],
)
@pytest.mark.parametrize("name", ["postfix-unknown-user", "arf-yahoo-abuse"])
def test_what_was_made_up_is_ignored(copies, name, forge):
    by = forge(token(copies[LEA]), token(copies[PAUL], PAUL))
    for message_id in (SAMPLE_ID, b"<e1.1.0000000000000000@x.test>", b""):
        taken = bounces.take(sample(name, copies[LEA], by=by, message_id=message_id))
        assert not taken.is_ours
    assert not Suppression.objects.exists()
    assert not HeardReport.objects.exists()
    assert state_of(copies[LEA]) == State.SENT


def test_the_message_id_proves_it_where_mail_comes_back_to_the_sender(copies):
    raw = sample("postfix-unknown-user", copies[LEA], by=b"redaction@journal.exemple.test")
    assert bounces.take(raw).is_new
    assert reasons() == {Reason.HARD_BOUNCE}


def test_but_not_of_another_than_the_reader_it_names(copies):
    raw = sample("postfix-unknown-user", copies[PAUL], by=b"redaction@journal.exemple.test")
    assert not bounces.take(raw).is_new
    assert not Suppression.objects.exists()


def test_what_was_forwarded_is_of_the_reader_it_was_sent_to(copies):
    bounces.take(sample("postfix-forwarded", copies[LEA]))
    assert reasons() == {Reason.HARD_BOUNCE}
    assert reasons("lea.autre@example.test") == set()


def test_of_several_recipients_the_readers_own_counts(copies):
    assert bounces.take(sample("postfix-two-recipients", copies[PAUL], address=PAUL)).kind is Kind.SOFT
    assert reasons(PAUL) == reasons(LEA) == set()


def test_of_an_address_the_reader_corrected_since_nothing_follows(copies):
    raw = sample("postfix-unknown-user", copies[LEA])
    new = "lea.martin@exemple.test"
    Subscriber.objects.filter(address=LEA).update(
        address=new, address_key=new, address_hash=keys.address_hash(new)
    )
    assert not bounces.take(raw).is_new
    assert not Suppression.objects.exists()


def test_who_confirmed_since_stays(copies):
    suppression.suppress(LEA, Reason.HARD_BOUNCE)
    suppression.lift_by_opt_in(LEA, scope="newsletter:matin")
    bounces.take(sample("postfix-unknown-user", copies[LEA]))
    assert reasons() == set()


def test_what_left_long_ago_is_not_believed(copies):
    EditionDelivery.objects.update(finished_at=timezone.now() - dt.timedelta(days=31))
    assert not bounces.take(sample("postfix-unknown-user", copies[LEA])).is_new
    assert reasons() == set()


def test_a_copy_that_waits_cannot_have_come_back(copies):
    EditionDelivery.objects.update(state=State.PENDING, finished_at=None)
    assert not bounces.take(sample("postfix-unknown-user", copies[LEA])).is_ours


@pytest.mark.parametrize(("every", "suppressed_with"), [(1, 5), (5, 5), (7, 6), (30, None)])
def test_it_takes_several_within_weeks(every, suppressed_with):
    at = timezone.now() - dt.timedelta(days=400)
    told = [soft_bounces.count(LEA, at=at + dt.timedelta(days=every * n)) for n in range(12)]
    assert (told.index(True) + 1 if True in told else None) == suppressed_with


def test_several_newsletters_of_one_day_are_one():
    at = timezone.now()
    for hours in range(6):
        soft_bounces.count(LEA, at=at + dt.timedelta(hours=hours))
    assert SoftBounces.objects.get().score == 1


def test_who_is_lifted_begins_from_nothing():
    for days in (5, 4, 3, 2, 1):
        soft_bounces.count(LEA, at=timezone.now() - dt.timedelta(days=days))
    assert reasons() == {Reason.SOFT_BOUNCE}
    assert suppression.lift_by_desk(LEA, Reason.SOFT_BOUNCE, by="morel") == 1
    assert not soft_bounces.count(LEA, at=timezone.now())
    assert SoftBounces.objects.get().score == 1


def test_the_count_is_shown_erased_and_forgotten():
    soft_bounces.count(LEA, at=timezone.now())
    assert privacy.export(LEA)["mail_that_came_back"][0]["score"] == 1
    assert any("delivery.SoftBounces" in holder.models for holder in personal_data.holders())
    privacy.erase(LEA)
    assert not SoftBounces.objects.exists()
    soft_bounces.count(LEA, at=timezone.now())
    assert soft_bounces.forget_old(at=timezone.now()) == 0
    assert soft_bounces.forget_old(at=timezone.now() + dt.timedelta(days=151)) == 1


def test_a_key_that_was_changed_meanwhile_counts_on():
    soft_bounces.count(LEA, at=timezone.now())
    keys.rotate()
    soft_bounces.count(LEA, at=timezone.now() + dt.timedelta(days=1))
    assert round(SoftBounces.objects.get().score) == 2


@pytest.mark.parametrize(
    ("answer", "reason", "soft", "ours"),
    [
        ("550 5.1.1 no such user", {Reason.HARD_BOUNCE}, 0, 0),
        ("552 5.2.2 mailbox full", set(), 1, 0),
        ("550 no", set(), 1, 0),
        ("450 4.2.0 later", set(), 0, 0),
    ],
)
def test_what_the_server_says_at_once_counts_the_same(sending, mta, engine_to, answer, reason, soft, ours):
    sending([LEA])
    engine_to(mta({"RCPT": answer})).drain()
    assert reasons() == reason
    assert SoftBounces.objects.count() == soft
    assert HeardReport.objects.filter(kind="ours").count() == ours


@pytest.mark.parametrize(
    ("words", "soft"), [("452 4.2.2 mailbox full", 1), ("451 4.7.1 greylisted", 0), ("421 later", 0)]
)
def test_what_was_refused_for_now_until_it_was_no_news_counts_where_the_mailbox_was_full(
    sending, words, soft
):
    sending([LEA])
    EditionDelivery.objects.update(state=State.DEFERRED, reply=words)
    later = timezone.now() + dt.timedelta(days=2)
    for _ in range(2):
        EditionLane().sweep(at=later)
    assert EditionDelivery.objects.get().state == State.FAILED
    assert SoftBounces.objects.count() == soft


def test_trouble_with_that_keeps_no_mail_from_leaving(sending, mta, engine_to, monkeypatch, caplog):
    sending([LEA])
    monkeypatch.setattr(mail_reports, "hear", lambda *_args, **_options: 1 / 0)
    engine_to(mta({"RCPT": "550 5.1.1 no such user"})).drain()
    assert EditionDelivery.objects.get().state == State.FAILED
    assert "is not kept" in caplog.text
