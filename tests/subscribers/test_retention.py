"""Addresses are kept no longer than three years after their person was heard of; nobody is asked twice."""

import datetime as dt

import pytest
from django.utils import timezone

from depeche.delivery import suppression
from depeche.delivery.models import Reason, TransactionalMessage
from depeche.subscribers import actions, privacy, recording, retention
from depeche.subscribers.consent import ConsentDetail, ConsentEntry
from depeche.subscribers.models import RightsRequest, Subscriber
from depeche.subscribers.recording import Happening, Shown

pytestmark = pytest.mark.django_db

ADDRESS = "lea@exemple.test"
SHOWN = Shown("Oui.", "fr", "confirm", "/")
NOW = dt.datetime(2030, 2, 28, 4, tzinfo=dt.UTC)
YEARS_AGO = retention.years_before(NOW, 3)


@pytest.fixture
def silent(subscribe):
    """A reader last heard of three years ago."""
    found = subscribe(ADDRESS)
    recording.record(Happening("confirm", ADDRESS, found.newsletter.purpose, SHOWN))
    Subscriber.objects.update(last_contact_at=YEARS_AGO)
    return found.subscriber


def asked():
    return TransactionalMessage.objects.filter(purpose=suppression.REPERMISSION)


def test_three_years_are_three_years_on_every_day():
    assert retention.years_before(dt.datetime(2028, 2, 29, tzinfo=dt.UTC), 3).date() == dt.date(2025, 2, 28)


def test_who_was_silent_for_three_years_is_asked_once(silent):
    assert retention.ask_silent_readers(at=NOW - dt.timedelta(seconds=1)) == 0
    assert retention.ask_silent_readers(at=NOW) == 1
    assert retention.ask_silent_readers(at=NOW + dt.timedelta(days=1)) == 0
    assert asked().count() == 1


def test_without_any_contact_the_day_they_came_counts(silent):
    Subscriber.objects.update(last_contact_at=None, created_at=YEARS_AGO)
    assert retention.ask_silent_readers(at=NOW) == 1


def test_the_question_carries_no_advertising_and_one_way_to_stay(silent, mailroom):
    retention.ask_silent_readers()
    assert not mailroom.deliver(), "too early by the clock of today"
    Subscriber.objects.update(last_contact_at=timezone.now() - dt.timedelta(days=1100))
    retention.ask_silent_readers()
    (mail,) = mailroom.deliver()
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert mail["To"] == ADDRESS
    assert retention.stay_url(Subscriber.objects.get()) in text
    assert text.count("http") == 1
    assert "<img" not in html


def test_no_answer_in_thirty_days_is_erasure_that_names_its_reason(silent):
    retention.ask_silent_readers(at=NOW)
    assert retention.erase_silent_readers(at=NOW + dt.timedelta(days=29)) == 0
    assert retention.erase_silent_readers(at=NOW + dt.timedelta(days=30)) == 1
    assert not Subscriber.objects.exists()
    last = ConsentEntry.objects.last()
    assert (last.action, last.as_facts) == ("erasure", {"actor": "system", "reason": "no answer"})
    assert suppression.blocked([ADDRESS], purpose=suppression.NEWSLETTER) == {ADDRESS: Reason.ERASED}
    assert retention.erase_silent_readers(at=NOW + dt.timedelta(days=31)) == 0


def test_looking_at_the_page_changes_nothing_and_its_button_keeps_the_reader(silent, client):
    retention.ask_silent_readers(at=NOW)
    url = retention.stay_url(silent)
    before = Subscriber.objects.values().get(), ConsentEntry.objects.count()
    for look in (client.get, client.head):
        answer = look(url)
        assert answer.status_code == 200
        assert not answer.cookies
    assert (Subscriber.objects.values().get(), ConsentEntry.objects.count()) == before
    assert client.post(url, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert Subscriber.objects.get().repermission_asked_at
    assert client.post(url).status_code == 200
    reader = Subscriber.objects.get()
    assert reader.repermission_asked_at is None
    assert timezone.now() - reader.last_contact_at < dt.timedelta(minutes=1)
    entry = ConsentEntry.objects.last()
    assert (entry.action, entry.as_facts["form"]) == ("confirm", "repermission")
    count = ConsentEntry.objects.count()
    client.post(url)
    assert ConsentEntry.objects.count() == count, "a second time changes nothing"


def test_who_answered_is_not_erased(silent):
    retention.ask_silent_readers(at=NOW)
    answered = NOW + dt.timedelta(days=29)
    assert retention.stay(silent, shown=SHOWN, at=answered)
    assert retention.erase_silent_readers(at=NOW + dt.timedelta(days=60)) == 0
    assert retention.ask_silent_readers(at=answered + dt.timedelta(days=3 * 365)) == 0
    assert retention.ask_silent_readers(at=answered + dt.timedelta(days=3 * 366)) == 1


@pytest.mark.parametrize("token", ["nothing", "%00", "é" * 500, "a.b"])
def test_a_broken_link_is_told_so(newsroom, client, token):
    assert client.get(f"/stay/{token}/").status_code == 404
    assert client.post(f"/stay/{token}/").status_code == 404


def test_an_old_link_after_erasure_says_that_nothing_is_left(silent, client):
    url = retention.stay_url(silent)
    privacy.erase(ADDRESS)
    assert client.get(url).status_code == 410
    assert client.post(url).status_code == 410


def test_a_mail_that_was_opened_is_no_contact(silent):
    Subscriber.objects.update(tracking_since=NOW - dt.timedelta(days=5))
    assert retention.ask_silent_readers(at=NOW) == 1


def test_who_left_is_not_asked_but_erased(silent, subscribe):
    silent.subscriptions.update(state="withdrawn", withdrawn_at=YEARS_AGO)
    assert retention.ask_silent_readers(at=NOW) == 0
    assert retention.erase_silent_readers(at=NOW) == 1
    assert not Subscriber.objects.exists()


def test_who_may_not_be_written_to_is_not_asked_but_erased(silent):
    suppression.suppress(ADDRESS, Reason.COMPLAINT)
    assert retention.ask_silent_readers(at=NOW) == 0
    assert not asked()
    assert retention.erase_silent_readers(at=NOW) == 1


def test_it_goes_on_where_it_stopped(silent, subscribe, monkeypatch):
    for number in range(7):
        subscribe(f"r{number}@exemple.test")
    Subscriber.objects.update(last_contact_at=YEARS_AGO)
    monkeypatch.setattr(retention, "BATCH", 3)
    assert retention.ask_silent_readers(at=NOW, at_most=5) == 5
    assert retention.ask_silent_readers(at=NOW) == 3
    assert asked().count() == 8
    real, calls = privacy.erase, []

    def fails(address, **rest):
        calls.append(address)
        if len(calls) == 4:
            raise RuntimeError
        return real(address, **rest)

    monkeypatch.setattr(retention.privacy, "erase", fails)
    later = NOW + dt.timedelta(days=30)
    with pytest.raises(RuntimeError):
        retention.erase_silent_readers(at=later)
    assert Subscriber.objects.count() == 5
    assert retention.erase_silent_readers(at=later) == 5


def test_who_never_confirmed_is_forgotten_in_the_log_too(newsletter):
    at = timezone.now()
    actions.request(newsletter, address=ADDRESS, language="fr", shown=SHOWN, at=at)
    assert actions.purge_unconfirmed(at=at + dt.timedelta(days=31)) == 1
    assert not Subscriber.objects.exists()
    assert {detail.kind for detail in ConsentDetail.objects.all()} == {"person"}
    assert ConsentEntry.objects.last().as_facts == {"actor": "system", "reason": "never confirmed"}
    assert not suppression.blocked([ADDRESS], purpose=suppression.NEWSLETTER), "they may ask again"
    count = ConsentEntry.objects.count()
    assert actions.purge_unconfirmed(at=at + dt.timedelta(days=32)) == 0
    assert ConsentEntry.objects.count() == count


def test_the_proof_of_who_confirmed_something_else_stays(newsletter, subscribe):
    from depeche.subscribers.models import Subscription

    first = subscribe(ADDRESS)
    recording.record(Happening("confirm", ADDRESS, first.newsletter.purpose, SHOWN))
    Subscription.objects.all().delete()
    Subscriber.objects.update(created_at=timezone.now() - dt.timedelta(days=40))
    actions.purge_unconfirmed()
    assert ConsentDetail.objects.filter(kind="address").exists()


def test_requests_answered_lose_the_name_after_three_years_and_go_after_five(db):
    used = RightsRequest.objects.create(
        right="access",
        address=ADDRESS,
        address_hash="1:x",
        message="…",
        came_by="letter",
        received_at=YEARS_AGO,
        due_on=YEARS_AGO.date(),
        outcome="done",
        done_at=YEARS_AGO,
    )
    still_open = RightsRequest.objects.create(
        right="access", address=ADDRESS, came_by="letter", received_at=YEARS_AGO, due_on=YEARS_AGO.date()
    )
    assert retention.forget_rights_used(at=NOW - dt.timedelta(days=1)) == 0
    assert retention.forget_rights_used(at=NOW) == 1
    used.refresh_from_db()
    assert (used.address, used.message, used.address_hash) == ("", "", "1:x")
    assert retention.forget_rights_used(at=NOW + dt.timedelta(days=732)) == 1
    assert list(RightsRequest.objects.all()) == [still_open]


def test_the_daily_task_does_all_of_it(silent):
    from depeche.subscribers import tasks

    Subscriber.objects.update(last_contact_at=timezone.now() - dt.timedelta(days=1100))
    recording.record(
        Happening(
            "request", ADDRESS, "x", SHOWN, details={"user_agent": "F"}, at=timezone.now() - dt.timedelta(400)
        )
    )
    tasks.keep_no_longer.call_local()
    assert asked().count() == 1
    assert not ConsentDetail.objects.filter(kind="user_agent").exists()
