"""Requests about personal data: entered, answered in time, really done, and proved without the address."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from depeche import keys
from depeche.delivery import suppression
from depeche.delivery.models import Reason, TransactionalMessage
from depeche.newsroom import notices, waiting
from depeche.subscribers import recording, retention, rights_desk
from depeche.subscribers.consent import ConsentEntry
from depeche.subscribers.models import RightsRequest, Subscriber, Subscription
from depeche.subscribers.recording import Happening, Shown
from depeche.subscribers.rights_desk import Answer, Received

pytestmark = pytest.mark.django_db

ADDRESS = "lea@exemple.test"


@pytest.fixture
def reader(subscribe):
    found = subscribe(ADDRESS)
    shown = Shown("Oui.", "fr", "confirm", "/")
    recording.record(Happening("confirm", ADDRESS, found.newsletter.purpose, shown))
    return found.subscriber


@pytest.fixture
def ask(clerk, reader):
    def _ask(right, address=ADDRESS, message="Je soussignée Léa…", at=None):
        received = Received(right, address, "letter", message, at or timezone.now())
        return rights_desk.enter(received, by=clerk)

    return _ask


def page_of(request):
    return reverse("rights_request", args=[request.pk])


def everything_stored():
    from django.db import connection

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select * from "{table}"')
            yield from (str(row) for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-25", "2026-12-25"),
        ("2026-12-31", "2027-01-31"),
        ("2027-01-31", "2027-02-28"),
        ("2028-01-30", "2028-02-29"),
    ],
)
def test_an_answer_is_due_one_calendar_month_later(received, due):
    assert rights_desk.months_after(dt.date.fromisoformat(received), 1) == dt.date.fromisoformat(due)


def test_a_letter_is_entered_and_stands_in_the_list(clerk, client):
    today = timezone.localdate()
    given = {"right": "erasure", "address": " Lea@Exemple.test ", "came_by": "letter", "message": "Bonjour"}
    answer = client.post(reverse("rights_enter"), {**given, "received_on": today.isoformat()})
    request = RightsRequest.objects.get()
    assert answer["Location"] == page_of(request)
    assert (request.address_hash, request.due_on) == (
        keys.address_hash(ADDRESS),
        rights_desk.months_after(today, 1),
    )
    assert page_of(request) in client.get(reverse("rights_requests")).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "nobody"},
        {"address": "a@b.test\r\nBcc: x@y.test"},
        {"address": "a\0@exemple.test"},
        {"address": "a" * 400 + "@exemple.test"},
        {"right": "everything"},
        {"received_on": "2999-01-01"},
        {"received_on": "1999-01-01"},
        {"message": "x" * 20_001},
        {"message": "a\0b"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_entered(clerk, client, wrong):
    given = {"right": "access", "address": ADDRESS, "came_by": "mail", "received_on": timezone.localdate()}
    answer = client.post(reverse("rights_enter"), {**given, **wrong})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not RightsRequest.objects.exists()


def test_the_most_urgent_stand_first_and_overdue_is_said_in_words(ask, client):
    now = timezone.now()
    late, fresh = ask("access", at=now - dt.timedelta(days=40)), ask("access")
    assert list(rights_desk.open_requests()) == [late, fresh]
    page = client.get(reverse("rights_requests")).content.decode()
    days = (timezone.localdate() - late.due_on).days
    assert [urgency for _row, urgency, is_overdue in _rows(client) if is_overdue]
    assert str(days) in _rows(client)[0][1]
    assert page.index(page_of(late)) < page.index(page_of(fresh))


def _rows(client):
    return client.get(reverse("rights_requests")).context["rows"]


@pytest.mark.parametrize("name", ["rights_requests", "rights_enter"])
def test_nobody_else_sees_it(newsroom, client, django_user_model, name):
    from depeche.newsroom.models import Role

    for role in ("contributor", "editor", "publisher"):
        user = django_user_model.objects.create_user(role, f"{role}@depeche.test", "un long mot de passe")
        user.groups.add(Role.objects.get(key=role).group)
        client.force_login(user)
        answer = client.get(reverse(name))
        assert (answer.status_code, answer["Location"]) == (302, "/admin/"), "with Wagtail's own words"
        assert reverse(name) not in client.get("/admin/").content.decode()


def test_access_is_downloaded_with_a_trace_and_mailed_to_the_address(ask, client, mailroom):
    request = ask("access")
    answer = client.post(reverse("rights_download", args=[request.pk]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        data = json.loads(archive.read("data.json"))
        assert "subscriber.csv" in archive.namelist()
        assert ADDRESS in archive.read("subscriber.csv").decode()
    assert data["subscriber"][0]["address"] == ADDRESS
    assert ModelLogEntry.objects.filter(action="depeche.take_data").exists()
    client.post(page_of(request), {"act": "1", "words": "Bien à vous"})
    request.refresh_from_db()
    assert (request.outcome, request.done_by.username) == ("done", "petit")
    assert request.proof["held"]["subscriber"] == 1
    (mail,) = mailroom.deliver()
    text = mail.get_content()
    assert mail["To"] == ADDRESS
    assert "Bien à vous" in text
    assert "Je soussignée" in text, "what they wrote is held too"
    assert TransactionalMessage.objects.get().purpose == "rights"


def test_erasure_asks_for_the_address_typed(ask, client):
    request = ask("erasure")
    answer = client.post(page_of(request), {"act": "1", "typed": "autre@exemple.test"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["typed"]
    assert Subscriber.objects.exists()


def test_erased_is_erased_and_proved_without_the_address(ask, client, mailroom, clerk):
    request, other = ask("erasure"), ask("access", message="encore")
    RightsRequest.objects.filter(pk=other.pk).update(outcome="done", answer=f"À {ADDRESS} : fait")
    client.post(page_of(request), {"act": "1", "typed": "LEA@exemple.test", "words": f"Adieu {ADDRESS}"})
    request.refresh_from_db()
    assert not Subscriber.objects.exists()
    assert (request.outcome, request.address, request.message) == ("done", "", "")
    assert request.address_hash == keys.address_hash(ADDRESS)
    entry = ConsentEntry.objects.get(action="erasure")
    assert request.proof["entries"] == [entry.number]
    assert entry.as_facts == {"actor": "desk", "reason": "request"}
    assert (request.proof["held"]["subscriber"], request.proof["by"]) == (1, "petit")
    (mail,) = mailroom.deliver()
    assert mail["To"] == ADDRESS
    assert retention.forget_mails_to_the_erased() == 1
    assert not any(ADDRESS in row.lower() for row in everything_stored())
    assert ADDRESS not in client.get(page_of(request)).content.decode()
    assert suppression.blocked([ADDRESS], purpose=suppression.NEWSLETTER) == {ADDRESS: Reason.ERASED}


def test_a_mail_to_somebody_else_is_kept_as_long_as_any(ask, client, mailroom):
    client.post(page_of(ask("access")), {"act": "1", "words": ""})
    mailroom.deliver()
    assert retention.forget_mails_to_the_erased() == 0


def test_a_wrong_address_is_put_right_with_all_they_agreed_to(ask, client, mailroom):
    request = ask("rectification")
    client.post(page_of(request), {"act": "1", "new_address": "lea.roy@exemple.test", "words": ""})
    request.refresh_from_db()
    reader = Subscriber.objects.get()
    assert reader.address == "lea.roy@exemple.test"
    assert reader.subscriptions.get().is_confirmed
    assert (request.outcome, request.address) == ("done", "lea.roy@exemple.test")
    assert RightsRequest.objects.count() == 1
    assert "lea.roy@exemple.test" in [mail["To"] for mail in mailroom.deliver()]


def test_an_address_somebody_has_already_is_refused(ask, client, subscribe):
    subscribe("autre@exemple.test")
    request = ask("rectification")
    client.post(page_of(request), {"act": "1", "new_address": "autre@exemple.test"})
    client.post(
        page_of(ask("rectification", "inconnue@exemple.test")), {"act": "1", "new_address": "b@exemple.test"}
    )
    assert Subscriber.objects.filter(address=ADDRESS).exists()
    assert RightsRequest.objects.filter(outcome="open").count() == 2


def test_who_objects_is_written_to_no_more(ask, client):
    client.post(page_of(ask("objection")), {"act": "1", "words": ""})
    assert Subscription.objects.get().state == "withdrawn"
    assert suppression.blocked([ADDRESS], purpose=suppression.NEWSLETTER) == {ADDRESS: Reason.OBJECTION}
    assert list(ConsentEntry.objects.values_list("action", flat=True)) == ["confirm", "withdraw", "objection"]
    assert ConsentEntry.objects.last().as_facts["actor"] == "desk"
    assert "soussignée" not in str(list(everything_shown()))


def everything_shown():
    from depeche.subscribers.models import ShownText

    return ShownText.objects.values_list("text", flat=True)


def test_a_refusal_needs_its_reason_and_names_where_to_complain(ask, client, mailroom):
    request = ask("erasure")
    answer = client.post(page_of(request), {"refuse": "1", "refuse-words": ""})
    assert answer.context["refusal"].errors["words"]
    client.post(page_of(request), {"refuse": "1", "refuse-words": "Identité non prouvée."})
    request.refresh_from_db()
    assert (request.outcome, request.answer) == ("refused", "Identité non prouvée.")
    assert Subscriber.objects.exists()
    (mail,) = mailroom.deliver()
    assert "Identité non prouvée." in mail.get_content()


def test_nothing_is_done_twice(ask, client, clerk):
    request = ask("erasure")
    rights_desk.refuse(request, Answer(clerk, "non"))
    client.post(page_of(request), {"act": "1", "typed": ADDRESS})
    assert Subscriber.objects.exists()
    with pytest.raises(rights_desk.AlreadyAnswered):
        rights_desk.erase(request, Answer(clerk))


def test_looking_at_a_request_changes_nothing(ask, client):
    request = ask("erasure")
    before = list(everything_stored_but_sessions())
    assert client.get(page_of(request)).status_code == 200
    assert client.get(reverse("rights_download", args=[request.pk])).status_code == 405
    assert list(everything_stored_but_sessions()) == before


def everything_stored_but_sessions():
    return [*RightsRequest.objects.values(), *Subscriber.objects.values(), *ConsentEntry.objects.values()]


def test_the_desk_hears_of_what_is_due_once(ask, clerk, editor, mailroom):
    at = timezone.now()
    ask("access", at=at - dt.timedelta(days=2))
    assert notices.tell_rights(at) == 0
    near = at + dt.timedelta(days=22)
    assert notices.tell_rights(near) == 1
    assert notices.tell_rights(near + dt.timedelta(days=1)) == 0
    (mail,) = mailroom.deliver()
    assert mail["To"] == clerk.email
    assert ADDRESS not in mail.get_content()


def test_what_waits_says_so_to_who_answers(ask, clerk, django_user_model):
    ask("erasure")
    assert "rights" in [pile.key for pile in waiting.piles(clerk)]
    nobody = django_user_model.objects.create_user("autre", "a@depeche.test", "un long mot de passe")
    assert waiting.piles(nobody) == []


def test_readers_leave_as_a_file_with_a_trace(clerk, client, reader, subscribe):
    subscribe("=cmd@exemple.test")
    page = reverse("take_out_readers")
    assert ADDRESS not in client.get(page).content.decode()
    answer = client.post(page, {"newsletter": "", "state": "confirmed"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 3
    assert any(line.startswith(ADDRESS) for line in lines)
    assert any(line.startswith("'=cmd@") for line in lines)
    entry = ModelLogEntry.objects.get(action="depeche.export_readers")
    assert entry.user == clerk
    assert entry.data == {"count": 2, "filter": {"newsletter": "", "state": "confirmed"}}


def test_without_the_permission_no_file_leaves(clerk, client, reader):
    group = clerk.groups.get()
    group.permissions.remove(Permission.objects.get(codename="export_subscriber"))
    page = reverse("take_out_readers")
    for answer in (client.get(page), client.post(page)):
        assert answer.status_code == 403
    assert page not in client.get("/admin/").content.decode()
    assert not ModelLogEntry.objects.filter(action="depeche.export_readers").exists()
