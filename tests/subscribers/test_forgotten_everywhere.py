"""One row in every model that holds something about a reader: shown by the export, gone after erasure."""

import datetime as dt
import json
import logging
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import timezone

from depeche import keys, personal_data
from depeche.articles.models import Correction, ErrorReport, PublishedVersion, ReportSent
from depeche.delivery import actions as delivery
from depeche.delivery import mail_reports, suppression
from depeche.delivery.mail_reports import Report
from depeche.delivery.models import Reason
from depeche.delivery.outside import Kind
from depeche.newsletters import actions as newsletters
from depeche.newsletters.models import CorrectionDelivery, EditionDelivery
from depeche.subscribers import actions, privacy, recording, tokens
from depeche.subscribers.consent import ConsentDetail
from depeche.subscribers.models import RightsRequest, SignUp, Subscriber, Subscription
from depeche.subscribers.recording import Shown

pytestmark = pytest.mark.django_db

ADDRESS = "lea.introuvable@exemple.test"
SHOWN = Shown("Oui.", "fr", "subscribe", "/")
KINDS = {  # what the export calls the rows of each model
    "articles.ErrorReport": "reported_errors",
    "axes.AccessAttempt": "failed_sign_ins",
    "articles.ReportSent": "reports_sent",
    "delivery.TransactionalMessage": "messages",
    "delivery.Suppression": "suppressions",
    "delivery.HeardReport": "mail_reports",
    "delivery.SoftBounces": "mail_that_came_back",
    "newsletters.EditionDelivery": "editions",
    "newsletters.CorrectionDelivery": "corrections",
    "subscribers.Subscriber": "subscriber",
    "subscribers.Subscription": "subscriptions",
    "subscribers.SignUp": "requests_being_seen_to",
    "subscribers.RightsRequest": "rights_used",
    "subscribers.ConsentPerson": "consent",
    "subscribers.ConsentEntry": "consent",
    "subscribers.ConsentDetail": "consent",
}
# Of whoever writes for the paper, and what they answered for: journalism (GDPR art. 85), see docs/reference/privacy.md.
JOURNALISM = {
    "articles.Person",
    "articles.Dismissal",
    "articles.Ruling",
    "articles.Evidence",
    "articles.AnonymousSource",
}


@pytest.fixture
def known_everywhere(newsletter, editor, write, mailroom, django_capture_on_commit_callbacks):
    """A reader with a row in every model of the register."""
    now = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        _sign_up(newsletter, now)
        article = write()
        edition = newsletters.compose_edition(
            newsletter, subject="x", introduction="", articles=[article], by=editor
        )
        newsletters.send(edition, by=editor)
        mailroom.deliver()
        _report(article, now)
        correction = Correction.objects.create(
            article=article,
            corrected_in=PublishedVersion.objects.get(),
            kind="correction",
            was="a",
            now="b",
            reason="c",
            published_at=now,
            filed_by=editor,
        )
        copy = EditionDelivery.objects.get()
        CorrectionDelivery.objects.create(
            correction=correction, subscriber=Subscriber.objects.get(), copy=copy, due_at=now
        )
        RightsRequest.objects.create(
            right="access",
            address=ADDRESS,
            address_hash=keys.address_hash(ADDRESS),
            came_by="letter",
            message=f"Je suis {ADDRESS}",
            answer=f"À {ADDRESS.upper()} : voici",
            received_at=now,
            due_on=now.date(),
        )
        suppression.suppress(ADDRESS, Reason.UNSUBSCRIBED, scope=newsletter.purpose)
        mail_reports.hear(Report(Kind.DEAD, ADDRESS, now, "1"))
        mail_reports.hear(Report(Kind.SOFT, ADDRESS, now, "2"))
        AccessAttempt.objects.create(username=ADDRESS, ip_address="192.0.2.77", failures_since_start=1)


def _sign_up(newsletter, now):
    actions.request(
        newsletter,
        address=ADDRESS,
        language="fr",
        shown=SHOWN,
        network_address="192.0.2.77",
        user_agent="Lynx-de-Lea",
    )
    subscription = Subscription.objects.get()
    asked = tokens.Request(subscription.key, subscription.request_nonce)
    actions.confirm(asked, shown=SHOWN)
    SignUp.objects.create(
        newsletter=newsletter,
        address=ADDRESS.title(),
        language="fr",
        wording="…",
        form="subscribe",
        url="/",
        network_address="192.0.2.77",
        user_agent="Lynx-de-Lea",
        at=now,
    )


def _report(article, now):
    report = ErrorReport.objects.create(
        article=article,
        number="ABCD2345",
        words="x",
        message="y",
        address=ADDRESS,
        language="fr",
        reported_at=now,
    )
    ReportSent.objects.create(report=report, network_key="k", sent_at=now)


def traces(settings, *words):
    """Where any of these words stands: database, media, caught mails, journal, queue of jobs."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"select * from {connection.ops.quote_name(table)}")
            found += [table for row in cursor.fetchall() if _holds(_bytes_of(row), words)]
    for folder in (settings.MEDIA_ROOT, settings.CATCHER_MAILDIR, settings.KEYS_FOLDER):
        files = [path for path in Path(folder).rglob("*") if path.is_file()]
        found += [path.name for path in files if _holds(path.read_bytes(), words)]
    journal = Path(settings.JOURNAL_FILE)
    if journal.exists() and _holds(journal.read_bytes(), words):
        found.append("journal")
    if any(_holds(item, words) for item in queued()):
        found.append("jobs")
    return found


def queued():
    """All that Huey keeps: what waits, what is scheduled, what came of it."""
    from huey.contrib.djhuey import HUEY

    storage = HUEY.storage
    return [
        *map(bytes, storage.enqueued_items()),
        *map(bytes, storage.scheduled_items()),
        *(f"{name}{value!r}".encode() for name, value in storage.result_items().items()),
    ]


def _bytes_of(row):
    return b" ".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row
    )


def _holds(content, words):
    return any(word.lower().encode() in content.lower() for word in words)


def test_the_seed_fills_every_model_of_the_register(known_everywhere):
    from django.apps import apps

    held = {label for holder in personal_data.holders() for label in holder.models}
    assert held == set(KINDS) | JOURNALISM, "a new model: seed it here, say in privacy.md how long it is kept"
    assert [label for label in KINDS if not apps.get_model(label).objects.exists()] == []


def test_the_export_shows_each(known_everywhere):
    found = privacy.export(ADDRESS)
    assert [label for label, kind in KINDS.items() if not found[kind]] == []
    text = json.dumps(found, cls=DjangoJSONEncoder)
    for what in (ADDRESS, "192.0.2.77", "Lynx-de-Lea", "unsubscribed"):
        assert what in text


def test_after_erasure_the_address_occurs_nowhere(
    known_everywhere, settings, caplog, django_capture_on_commit_callbacks
):
    words = (ADDRESS, "192.0.2.77", "Lynx-de-Lea")
    before = traces(settings, *words)
    assert len(set(before)) > 6, "the search finds what is there"
    with caplog.at_level(logging.DEBUG), django_capture_on_commit_callbacks(execute=True):
        privacy.erase(ADDRESS)
    assert traces(settings, *words) == []
    assert not _holds(caplog.text.encode(), words)
    assert "192.0.2.77" not in repr(queued())


def test_the_address_does_not_come_back_when_jobs_run_again(known_everywhere, settings, mailroom):
    from depeche.subscribers import tasks

    privacy.erase(ADDRESS)
    tasks.purge_unconfirmed.call_local()
    tasks.keep_no_longer.call_local()
    mailroom.deliver()
    assert traces(settings, ADDRESS) == []


def test_what_stays_goes_after_five_years(known_everywhere, settings):
    at = timezone.now()
    privacy.erase(ADDRESS)
    person = recording.person_of(ADDRESS)
    assert person.purge_at - at > dt.timedelta(days=5 * 364)
    recording.purge(at=person.purge_at)
    assert recording.person_of(ADDRESS) is None
    assert not ConsentDetail.objects.exists()


def test_a_mail_to_another_address_stays(known_everywhere):
    delivery.send(sender="a@depeche.test", recipient="ali@exemple.test", subject="s", text="t")
    privacy.erase(ADDRESS)
    assert privacy.export("ali@exemple.test")["messages"]


def test_an_empty_address_erases_nothing(known_everywhere):
    RightsRequest.objects.update(address="", message="gardé")
    privacy.erase("")
    assert RightsRequest.objects.get().message == "gardé"
    assert Subscriber.objects.exists()
