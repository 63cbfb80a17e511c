"""What providers report over the web: believed when it is signed, acted on once, and silent about whom we know."""

import datetime as dt
import hashlib
import hmac
import json
import logging
from base64 import b64encode

import pytest
from django.utils import timezone

from depeche.delivery import mail_report_views, mail_reports, privacy, suppression
from depeche.delivery.models import HeardReport, Reason, SoftBounces, Suppression
from depeche.delivery.outside import Kind

pytestmark = pytest.mark.django_db

SIGNING = "signing-key-of-the-account"
MAILGUN = f"anymail+mailgun://?api_key=abc&sender_domain=d.test&webhook_signing_key={SIGNING}"
POSTMARK = "anymail+postmark://?server_token=abc&webhook_secret=depeche%3Aun-long-secret"
LEA = "lea@exemple.test"


@pytest.fixture(autouse=True)
def _providers(settings, monkeypatch):
    settings.EMAIL_URL, settings.EMAIL_FALLBACK_URL = MAILGUN, POSTMARK
    monkeypatch.setattr(mail_report_views, "refusals", mail_report_views._Refusals())


@pytest.fixture
def mailgun(client):
    """Report by Mailgun, signed unless told otherwise."""

    def _mailgun(event, *, token="t1", key=SIGNING, at=None, recipient=LEA, **data):
        at = at or timezone.now()
        stamp = str(int(at.timestamp()))
        signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
        body = {
            "signature": {"timestamp": stamp, "token": token, "signature": signature},
            "event-data": {"event": event, "timestamp": at.timestamp(), "recipient": recipient, **data},
        }
        return client.post("/mail-reports/mailgun/", json.dumps(body), content_type="application/json")

    return _mailgun


@pytest.fixture
def postmark(client):
    def _postmark(body, *, password="depeche:un-long-secret"):
        login = b64encode(password.encode()).decode()
        content = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return client.post(
            "/mail-reports/postmark/",
            content,
            content_type="application/json",
            headers={"Authorization": f"Basic {login}"},
        )

    return _postmark


def reasons(address=LEA):
    return {row.reason for row in suppression.standing(address)}


GONE = {"severity": "permanent", "reason": "bounce", "delivery-status": {"message": "550 5.1.1 no such user"}}


def test_a_dead_mailbox_is_written_to_no_more(mailgun):
    answer = mailgun("failed", **GONE)
    assert answer.status_code == 200
    assert answer.content == b""
    assert not answer.cookies
    assert reasons() == {Reason.HARD_BOUNCE}


@pytest.mark.parametrize(
    ("severity", "reason", "words", "kinds"),
    [
        ("temporary", "generic", "450 4.2.0 later", []),
        ("permanent", "bounce", "552 5.2.2 mailbox full", [Kind.SOFT]),
        ("permanent", "bounce", "550 5.7.515 access denied", [Kind.OURS]),
        ("permanent", "bounce", "550 5.7.26 unauthenticated", [Kind.OURS]),
        ("permanent", "generic", "421 4.7.0 too many", [Kind.OURS]),
        ("permanent", "old", "Too old", []),
    ],
)
def test_what_may_pass_or_is_our_fault_suppresses_nobody(mailgun, severity, reason, words, kinds):
    answer = mailgun("failed", severity=severity, reason=reason, **{"delivery-status": {"message": words}})
    assert answer.status_code == 200
    assert reasons() == set()
    assert list(HeardReport.objects.values_list("kind", flat=True)) == kinds
    assert SoftBounces.objects.count() == kinds.count(Kind.SOFT)


@pytest.mark.parametrize("event", ["delivered", "opened", "clicked", "accepted", "something new"])
def test_what_says_what_somebody_read_is_not_kept(mailgun, event, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = mailgun(event, url="https://courrier.test/a", **{"client-info": {"user-agent": "x"}})
    assert answer.status_code == 200


def test_what_comes_again_changes_nothing_also_after_coming_back(mailgun):
    at = timezone.now() - dt.timedelta(hours=1)
    for _ in range(2):
        assert mailgun("complained", at=at).status_code == 200
    assert Suppression.objects.count() == 1
    suppression.lift_by_opt_in(LEA, scope="newsletter:matin")
    assert mailgun("complained", at=at).status_code == 200  # replayed
    assert mailgun("complained", at=at, token="t2").status_code == 200  # or told again under another name
    assert reasons() == set()
    mailgun("complained", token="t3")
    assert reasons() == {Reason.COMPLAINT}


def test_what_is_too_old_is_not_believed(mailgun):
    at = timezone.now() - dt.timedelta(days=31)
    assert mailgun("complained", at=at).status_code == 200
    assert reasons() == set()


def test_what_was_heard_is_kept_as_long_as_it_would_be_believed(mailgun):
    mailgun("complained")
    assert LEA not in str(HeardReport.objects.values().get())
    assert mail_reports.forget_heard() == 0
    assert mail_reports.forget_heard(at=timezone.now() + dt.timedelta(days=32)) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"signature": 5}',
        b'{"signature": {"timestamp": "1", "token": "t", "signature": "\xc3\xa9"}}',
        b'{"signature": {"timestamp": null, "token": [], "signature": {}}}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_forged_reports_are_refused_whatever_they_hold(client, body):
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        assert client.post("/mail-reports/mailgun/", body, content_type=kind).status_code == 403
    assert not Suppression.objects.exists()


def test_another_key_signs_for_nobody(mailgun):
    assert mailgun("complained", key="api-key-of-somebody-else").status_code == 403
    assert reasons() == set()


def test_who_keeps_bringing_what_is_refused_is_not_looked_at_for_a_minute(client, mailgun, monkeypatch):
    for _ in range(mail_report_views.REFUSED_AT_MOST):
        assert mailgun("complained", key="no").status_code == 403
    answer = mailgun("complained")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    now = mail_report_views.time.monotonic()
    monkeypatch.setattr(mail_report_views.time, "monotonic", lambda: now + 61)
    assert mailgun("complained").status_code == 200
    assert reasons() == {Reason.COMPLAINT}


def test_who_is_erased_takes_along_what_was_reported_and_no_report_counts_twice_for_it(mailgun):
    at = timezone.now()
    mailgun("complained", at=at)
    assert [one["kind"] for one in privacy.export(LEA)["mail_reports"]] == ["complaint"]
    privacy.erase(LEA)
    assert privacy.export(LEA)["mail_reports"] == []
    assert mail_reports.wanting_none(since=at - dt.timedelta(days=1)) == {}
    mailgun("complained", at=at)
    assert HeardReport.objects.count() == 1


def test_nobody_s_address_stands_in_the_log(mailgun, postmark, caplog):
    caplog.set_level(logging.DEBUG)
    mailgun("complained")
    mailgun("complained", key="no")
    postmark({"RecordType": "Bounce", "Email": LEA, "Type": 5, "BouncedAt": 7})
    assert LEA not in caplog.text


def test_a_password_stands_in_for_a_signature_where_the_provider_has_none(postmark):
    bounce = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "ID": 42,
        "Email": LEA,
        "BouncedAt": timezone.now().isoformat(),
    }
    assert postmark(bounce, password="depeche:guessed").status_code == 403
    assert reasons() == set()
    assert postmark(bounce).status_code == 200
    assert reasons() == {Reason.HARD_BOUNCE}
    soft = {**bounce, "Type": "SoftBounce", "ID": 43, "Email": "max@exemple.test"}
    assert postmark(soft).status_code == 200
    assert reasons("max@exemple.test") == set()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        {"RecordType": []},
        {"RecordType": "Bounce", "BouncedAt": 7},
        {"RecordType": {}, "Email": {}},
    ],
)
def test_what_the_provider_itself_garbles_is_refused_and_breaks_nothing(postmark, body):
    assert postmark(body).status_code in (200, 400)
    assert not Suppression.objects.exists()


def test_an_address_nobody_has_here_is_answered_alike(mailgun):
    known, unknown = (
        mailgun("complained"),
        mailgun("complained", recipient="inconnu@exemple.test", token="t2"),
    )
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (200, b"")


def test_only_the_provider_that_is_set_and_can_prove_itself_is_listened_to(client, settings):
    assert client.post("/mail-reports/brevo/", "{}", content_type="application/json").status_code == 404
    settings.EMAIL_FALLBACK_URL = "anymail+postmark://?server_token=abc"
    assert client.post("/mail-reports/postmark/", "{}", content_type="application/json").status_code == 404
    settings.EMAIL_FALLBACK_URL = "anymail+scaleway://?secret_key=a&project_id=b"
    assert client.post("/mail-reports/scaleway/", "{}", content_type="application/json").status_code == 404
    assert client.get("/mail-reports/mailgun/").status_code == 405
    assert client.head("/mail-reports/mailgun/").status_code == 200
    settings.EMAIL_URL = ""
    assert client.post("/mail-reports/mailgun/", "{}", content_type="application/json").status_code == 404


EVENTS = {
    "brevo": (
        "api_key=a&webhook_secret=u%3Ap",
        {"event": "{}", "email": LEA, "ts_epoch": 1_900_000_000_000},
        ("hard_bounce", "soft_bounce", "spam", "unsubscribe"),
    ),
    "mailjet": (
        "api_key=a&secret_key=b&webhook_secret=u%3Ap",
        {"event": "{}", "email": LEA, "time": 1_900_000_000, "hard_bounce": True, "error": "user unknown"},
        ("bounce", None, "spam", "unsub"),
    ),
    "resend": (
        "api_key=a&webhook_secret=u%3Ap",
        {"type": "{}", "created_at": "2030-01-01T00:00:00Z", "data": {"to": [LEA], "email_id": "x", "bounce": {"type": "Permanent", "message": "sent a hard bounce message, bounce message"}}},
        ("email.bounced", None, "email.complained", None),
    ),
    "mailtrap": (
        "api_token=a&webhook_secret=u%3Ap",
        {"events": [{"event": "{}", "email": LEA, "timestamp": 1_900_000_000, "message_id": "m", "event_id": "e", "sending_stream": "bulk"}]},
        ("bounce", "soft bounce", "spam", "unsubscribe"),
    ),
    "sparkpost": (
        "api_key=a&webhook_secret=u%3Ap",
        [{"msys": {"message_event": {"type": "{}", "raw_rcpt_to": LEA, "timestamp": "1900000000", "bounce_class": "10", "event_id": "e"}}}],
        ("bounce", None, "spam_complaint", "list_unsubscribe"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", EVENTS)
def test_what_each_provider_calls_it(client, settings, key):
    options, form, (dead, soft, complaint, leaves) = EVENTS[key]
    settings.EMAIL_URL, settings.EMAIL_FALLBACK_URL = f"anymail+{key}://?{options}", ""
    for name, kind in ((dead, Kind.DEAD), (soft, None), (complaint, Kind.COMPLAINT), (leaves, Kind.LEAVES)):
        if name is None:
            continue
        HeardReport.objects.all().delete()
        answer = client.post(
            f"/mail-reports/{key}/",
            json.dumps(form).replace('"{}"', json.dumps(name)),
            content_type="application/json",
            headers={"Authorization": "Basic " + b64encode(b"u:p").decode()},
        )
        assert answer.status_code == 200, name
        assert [row.kind for row in HeardReport.objects.all()] == ([kind] if kind else []), name
