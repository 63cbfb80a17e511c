"""More time for a request about personal data, and answers that no mailbox takes."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override
from wagtail.models import ModelLogEntry

from depeche.delivery.models import Reason, TransactionalMessage
from depeche.delivery.suppression import suppress
from depeche.newsroom import notices
from depeche.subscribers import privacy, retention, rights_desk
from depeche.subscribers.models import RightsRequest, Subscriber
from depeche.subscribers.rights_desk import Answer, Received

pytestmark = pytest.mark.django_db

ADDRESS, MOVED = "lea@exemple.test", "lea.roy@exemple.test"
REASON = "Quarante demandes en une semaine."


@pytest.fixture
def reader(subscribe):
    return subscribe(ADDRESS).subscriber


@pytest.fixture
def ask(clerk, reader):
    def _ask(right="access", received=None, address=ADDRESS):
        came = Received(right, address, "letter", "Je soussignée…", received or timezone.now())
        return rights_desk.enter(came, by=clerk)

    return _ask


def noon(day):
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(12), timezone.get_current_timezone())


def page_of(request):
    return reverse("rights_request", args=[request.pk])


@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-11-25", "2027-02-25"), ("2026-11-30", "2027-02-28"), ("2026-10-31", "2027-01-31")],
)
def test_two_months_are_added_to_the_first(ask, clerk, received, due):
    request = ask(received=noon(received))
    request = rights_desk.extend(request, Answer(clerk, REASON), at=noon(received) + dt.timedelta(days=9))
    assert request.due_on == dt.date.fromisoformat(due)
    assert request.extension_reason == REASON


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_person_is_told_why_and_until_when_in_their_language(ask, client, mailroom, reader, language):
    Subscriber.objects.filter(pk=reader.pk).update(language=language)
    request = ask()
    client.post(page_of(request), {"extend": "1", "extend-words": REASON})
    request.refresh_from_db()
    assert request.outcome == "open"
    (mail,) = mailroom.deliver()
    text = mail.get_content()
    assert (mail["To"], REASON in text) == (ADDRESS, True)
    with override(language):
        assert date_format(request.due_on, "DATE_FORMAT") in text
    assert ModelLogEntry.objects.get(action="depeche.extend_rights").user.username == "petit"
    assert REASON in client.get(page_of(request)).content.decode()


@pytest.mark.parametrize("words", ["", "   ", "x" * 2_001, "a\0b"])
def test_more_time_needs_its_reason(ask, client, words):
    request = ask()
    answer = client.post(page_of(request), {"extend": "1", "extend-words": words})
    assert answer.context["extension"].errors["words"]
    assert not RightsRequest.objects.exclude(extended_at=None).exists()
    assert not TransactionalMessage.objects.exists()


def test_more_time_is_taken_once_and_only_in_the_first_month(ask, clerk, client, mailroom):
    request = rights_desk.extend(ask(), Answer(clerk, REASON))
    assert b'name="extend"' not in client.get(page_of(request)).content
    client.post(page_of(request), {"extend": "1", "extend-words": "Encore."})
    request.refresh_from_db()
    assert request.extension_reason == REASON

    received = timezone.now() - dt.timedelta(days=60)
    late = ask(received=received)
    assert b'name="extend"' not in client.get(page_of(late)).content
    with pytest.raises(rights_desk.NoMoreTime):
        rights_desk.extend(late, Answer(clerk, REASON))
    last_day = noon(late.due_on.isoformat())
    assert rights_desk.extend(late, Answer(clerk, REASON), at=last_day).due_on == rights_desk.latest_day(late)


def test_what_is_answered_gets_no_more_time(ask, clerk):
    request = ask()
    rights_desk.give_access(request, Answer(clerk))
    with pytest.raises(rights_desk.AlreadyAnswered):
        rights_desk.extend(request, Answer(clerk, REASON))


def test_the_desk_is_reminded_of_the_new_day_too(ask, clerk, mailroom):
    at = timezone.now()
    request = ask(received=at - dt.timedelta(days=25))
    assert notices.tell_rights(at) == 1
    request = rights_desk.extend(request, Answer(clerk, REASON), at=at)
    assert notices.tell_rights(at) == 0
    assert notices.tell_rights(noon(request.due_on.isoformat()) - dt.timedelta(days=5)) == 1


def test_the_reason_goes_with_what_names_the_person(ask, clerk):
    rights_desk.extend(ask(), Answer(clerk, f"{ADDRESS} a tout redemandé."))
    assert ADDRESS in str(privacy.export(ADDRESS)["rights_used"])
    rights_desk.erase(rights_desk.enter(_erasure(), by=clerk), Answer(clerk))
    assert not any(
        ADDRESS in words for words in RightsRequest.objects.values_list("extension_reason", flat=True)
    )
    RightsRequest.objects.update(done_at=timezone.now() - dt.timedelta(days=4 * 365))
    retention.forget_rights_used()
    assert set(RightsRequest.objects.values_list("extension_reason", flat=True)) == {""}


def _erasure():
    return Received("erasure", ADDRESS, "letter", "", timezone.now())


@pytest.mark.parametrize("right", ["access", "erasure", "objection", "refuse"])
def test_an_answer_to_a_dead_mailbox_is_not_said_to_be_on_its_way(ask, client, mailroom, right):
    suppress(ADDRESS, Reason.HARD_BOUNCE)
    request = ask("access" if right == "refuse" else right)
    before = client.get(page_of(request)).content.decode()
    assert "boîte aux lettres inexistante" in before

    given = {"refuse": "1", "refuse-words": "Non."} if right == "refuse" else {"act": "1", "typed": ADDRESS}
    after = client.post(page_of(request), given, follow=True)
    request.refresh_from_db()
    assert request.outcome in ("done", "refused")
    assert request.proof["unsent"] == "hard_bounce"
    assert mailroom.deliver() == []
    (said,) = after.context["messages"]
    assert (said.level_tag, "boîte aux lettres inexistante" in said.message) == ("warning", True)
    assert "boîte aux lettres inexistante" in client.get(page_of(request)).content.decode(), "also later"


def test_more_time_at_a_dead_mailbox_is_told_otherwise(ask, client, clerk, mailroom):
    suppress(ADDRESS, Reason.HARD_BOUNCE)
    request = ask()
    client.post(page_of(request), {"extend": "1", "extend-words": REASON})
    request.refresh_from_db()
    assert request.extended_at
    assert mailroom.deliver() == []
    assert client.get(page_of(request)).context["unsent"]
    answered = rights_desk.give_access(request, Answer(clerk))
    assert answered.proof.keys() >= {"extension_unsent", "unsent", "held", "by"}


def test_who_gave_a_dead_address_is_answered_at_the_right_one(ask, client, mailroom):
    suppress(ADDRESS, Reason.HARD_BOUNCE)
    request = ask("rectification")
    client.post(page_of(request), {"act": "1", "new_address": MOVED})
    request.refresh_from_db()
    assert "unsent" not in request.proof
    assert request.proof["entries"]
    assert [mail["To"] for mail in mailroom.deliver()] == [MOVED]
    assert RightsRequest.objects.count() == 1


@pytest.mark.parametrize("reason", [Reason.OBJECTION, Reason.COMPLAINT, Reason.ERASED])
def test_other_suppressions_stop_no_answer(ask, clerk, mailroom, reason):
    suppress(ADDRESS, reason)
    assert "unsent" not in rights_desk.give_access(ask(), Answer(clerk)).proof
    assert [mail["To"] for mail in mailroom.deliver()] == [ADDRESS]
