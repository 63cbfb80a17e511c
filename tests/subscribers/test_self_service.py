"""Readers take their data, correct their address, object, or are erased, by themselves."""

import datetime as dt
import io
import json
import re
import zipfile

import pytest
from django.db import connection
from django.utils import timezone

from depeche import journal, keys
from depeche.delivery import suppression
from depeche.delivery.models import TransactionalMessage
from depeche.subscribers import actions, privacy, recording, tokens
from depeche.subscribers.consent import ConsentDetail
from depeche.subscribers.models import ConsentEntry, RightsRequest, Subscriber, Subscription
from depeche.subscribers.recording import Shown

pytestmark = pytest.mark.django_db

OLD, NEW = "lea@exemple.test", "lea.martin@exemple.test"


@pytest.fixture
def reader(client, newsletter, mailroom):
    """Somebody who asked and confirmed, so that the log knows them."""
    actions.request(newsletter, address=OLD, language="fr", shown=Shown("…", "fr", "subscribe", "/"))
    client.post(_link(mailroom.deliver()[-1], "confirm"))
    return Subscriber.objects.get()


@pytest.fixture
def data_link(client, reader, mailroom):
    client.post(f"/preferences/{tokens.for_choosing(reader.key)}/data/")
    return _link(mailroom.deliver()[-1], "data")


def _link(mail, word):
    text = mail.get_body(("plain",)).get_content()
    return re.search(rf"http://[^\s]*/{word}/[^\s]*", text)[0].split("8000")[1]


def everything_stored():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select * from "{table}"')
            yield from (str(row) for row in cursor.fetchall())


def test_the_old_link_shows_no_data_and_the_fresh_one_goes_to_the_address(client, reader, mailroom):
    page = f"/preferences/{tokens.for_choosing(reader.key)}/data/"
    assert OLD not in client.get(page).content.decode()
    sent = len(mailroom.caught())
    for _ in range(2):
        client.get(page)
        client.head(page)
    assert len(mailroom.deliver()) == sent
    assert OLD not in client.post(page).content.decode()
    mail = mailroom.deliver()[-1]
    assert mail["To"] == OLD
    assert TransactionalMessage.objects.latest("pk").purpose == "rights"
    for rights in ("", "address/", "erase/"):
        assert client.get(f"/data/{tokens.for_choosing(reader.key)}/{rights}").status_code == 404


def test_a_visit_takes_nothing_corrects_nothing_erases_nothing(client, data_link, reader):
    corrects = f"/address/{tokens.for_correcting(reader.key, NEW)}/"
    objects = f"/preferences/{tokens.for_choosing(reader.key)}/object/"
    before = (list(Subscriber.objects.values()), ConsentEntry.objects.count())
    for path in (data_link, f"{data_link}address/", f"{data_link}erase/", corrects, objects):
        for visit in (client.get, client.head):
            answer = visit(path)
            assert answer.status_code == 200
            assert not answer.cookies
    assert (list(Subscriber.objects.values()), ConsentEntry.objects.count()) == before
    assert not RightsRequest.objects.exists()


def test_data_is_taken_as_page_json_and_csv(client, data_link, reader):
    page = client.post(data_link, {"as": "page"})
    assert OLD in page.content.decode()
    as_json = json.loads(client.post(data_link, {"as": "json"}).content)
    assert as_json["subscriber"][0]["address"] == OLD
    assert [entry["action"] for entry in as_json["consent"]] == ["request", "confirm"]
    answer = client.post(data_link, {"as": "csv"})
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert {"subscriber.csv", "subscriptions.csv", "consent.csv"} <= set(packed.namelist())
        assert OLD in packed.read("subscriber.csv").decode()
    assert client.post(data_link, {"as": "exe"}).status_code == 422
    taken = RightsRequest.objects.filter(right="access", came_by="self", outcome="done")
    assert [request.proof["as"] for request in taken] == ["page", "json", "csv"]
    assert taken[0].proof["held"]["consent"] == 2


def test_a_cell_that_looks_like_a_formula_is_text():
    from depeche.subscribers import portable

    with zipfile.ZipFile(io.BytesIO(portable.as_csv({"a": [{"b": "=1+1"}]}))) as packed:
        assert packed.read("a.csv").decode() == "b\r\n'=1+1\r\n"


def test_the_fresh_link_ends_after_an_hour(client, data_link, time_machine):
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=61))
    for rights in ("", "address/", "erase/"):
        assert client.get(data_link + rights).status_code == 410
        assert client.post(data_link + rights, {"as": "json", "address": NEW}).status_code == 410
    assert Subscriber.objects.exists()


def test_three_links_a_day_and_no_more(client, reader, time_machine):
    page = f"/preferences/{tokens.for_choosing(reader.key)}/data/"
    assert [client.post(page).status_code for _ in range(4)] == [200, 200, 200, 429]
    time_machine.move_to(timezone.now() + dt.timedelta(days=1, minutes=1))
    assert client.post(page).status_code == 200


def test_an_address_is_corrected_and_consent_goes_along(client, data_link, reader, mailroom):
    old_key, leaving = reader.key, tokens.for_leaving(Subscription.objects.get().key)
    before = len(mailroom.caught())
    assert client.post(f"{data_link}address/", {"address": NEW}).status_code == 200
    assert Subscriber.objects.get().address == OLD, "nothing changes before the new address answers"
    mail = mailroom.deliver()[before]
    assert mail["To"] == NEW
    link = _link(mail, "address")
    assert NEW not in link
    assert client.post(link).status_code == 200
    changed = Subscriber.objects.get()
    assert (changed.address, changed.address_key) == (NEW, NEW)
    assert changed.address_hash == keys.address_hash(NEW)
    told = mailroom.deliver()[-1]
    assert told["To"] == OLD
    assert NEW not in told.as_string()
    assert [entry["action"] for entry in privacy.consent_of(NEW)] == [
        "request",
        "confirm",
        "request",
        "change",
    ]
    assert privacy.consent_of(OLD) == []
    row = RightsRequest.objects.get(right="rectification")
    assert row.proof["entries"] == [ConsentEntry.objects.order_by("number").last().number]
    assert client.post(link).status_code == 410, "a link is good once"
    for stolen in (f"/preferences/{tokens.for_choosing(old_key)}/", data_link):
        assert client.get(stolen).status_code == 410, "old mails lead to no data of the new address"
    assert client.get(f"/unsubscribe/{leaving}/").status_code == 200
    assert Subscription.objects.get().state == "confirmed"


def test_what_was_corrected_is_erased_whole(client, data_link, reader, mailroom):
    client.post(f"/address/{tokens.for_correcting(reader.key, NEW)}/")
    TransactionalMessage.objects.all().delete()
    privacy.erase(NEW)
    stored = list(everything_stored())
    assert not [row for row in stored if OLD in row or NEW in row]


def test_an_address_with_newsletters_of_its_own_is_not_taken_over(client, reader, subscribe):
    other = subscribe(NEW)
    link = f"/address/{tokens.for_correcting(reader.key, NEW)}/"
    assert client.post(link).status_code == 409
    assert set(Subscriber.objects.values_list("address", flat=True)) == {OLD, NEW}
    other.refresh_from_db()
    assert other.state == "confirmed"


def test_an_address_the_log_knows_already_keeps_its_own_entries(client, reader):
    recording.record(recording.Happening("request", NEW, "newsletter:x"))
    assert client.post(f"/address/{tokens.for_correcting(reader.key, NEW)}/").status_code == 200
    assert [entry["action"] for entry in privacy.consent_of(NEW)] == ["request", "change"]
    assert not ConsentDetail.objects.filter(kind="address", value=OLD).exists()


def test_another_spelling_of_the_same_address_is_taken(client, reader):
    assert client.post(f"/address/{tokens.for_correcting(reader.key, OLD.upper())}/").status_code == 200
    assert Subscriber.objects.get().address == OLD.upper()


def test_the_confirmation_of_an_address_ends_after_a_day(client, reader, time_machine):
    link = f"/address/{tokens.for_correcting(reader.key, NEW)}/"
    time_machine.move_to(timezone.now() + dt.timedelta(days=1, minutes=1))
    assert client.post(link).status_code == 410
    assert Subscriber.objects.get().address == OLD


@pytest.mark.parametrize("address", ["", "x", "a@b\r\nBcc: c@d.test", "a\0@exemple.test", "é" * 400, "<b>@c"])
def test_what_is_no_address_is_refused_in_words(client, data_link, address):
    answer = client.post(f"{data_link}address/", {"address": address})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert "<b>@c" not in answer.content.decode()


def test_other_addresses_are_not_flooded(client, data_link):
    answers = [client.post(f"{data_link}address/", {"address": f"nora{n}@exemple.test"}) for n in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]


def test_who_erases_themselves_is_nowhere_and_the_proof_names_nobody(client, data_link, reader, mailroom):
    before = len(mailroom.caught())
    page = client.get(f"{data_link}erase/").content.decode()
    assert "17(3)(e)" in page
    assert client.post(f"{data_link}erase/").status_code == 200
    assert not Subscriber.objects.exists()
    stored = list(everything_stored())
    assert not [row for row in stored if OLD in row]
    row = RightsRequest.objects.get(right="erasure")
    assert (row.address, row.came_by, row.outcome) == ("", "self", "done")
    assert row.address_hash == keys.address_hash(OLD)
    assert row.proof["held"]["subscriber"] == 1
    assert row.proof["entries"] == [ConsentEntry.objects.order_by("number").last().number]
    assert len(mailroom.deliver()) <= before, "no last mail"
    assert client.get(data_link).status_code == 410
    assert client.post(f"{data_link}erase/").status_code == 410


def test_who_objects_leaves_and_no_list_brings_them_back(client, reader, django_capture_on_commit_callbacks):
    page = f"/preferences/{tokens.for_choosing(reader.key)}/object/"
    assert client.post(page, headers={"Origin": "https://ailleurs.example"}).status_code == 403
    assert Subscription.objects.get().state == "confirmed"
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page).status_code == 200
    assert Subscription.objects.get().state == "withdrawn"
    assert not suppression.may_be_written_to(OLD, purpose="newsletter")
    assert [entry.action for entry in ConsentEntry.objects.order_by("number")][-2:] == [
        "withdraw",
        "objection",
    ]
    row = RightsRequest.objects.get(right="objection")
    assert (row.outcome, row.proof["entries"]) == ("done", [ConsentEntry.objects.count()])
    kinds = {record["kind"] for record in journal.records()}
    assert {"withdrawn", "suppressed"} <= kinds


@pytest.mark.parametrize(
    "path", ["data/{}/", "data/{}/erase/", "data/{}/address/", "address/{}/", "preferences/{}/data/"]
)
@pytest.mark.parametrize("token", ["x", "%00", "a" * 4000, "é", "cut"])
def test_a_wrong_link_says_so(client, reader, path, token):
    token = tokens.for_rights(reader.key)[:-2] if token == "cut" else token
    for answer in (
        client.get("/" + path.format(token)),
        client.post("/" + path.format(token), {"as": "json"}),
    ):
        assert answer.status_code == 404
    assert Subscriber.objects.exists()


def test_a_form_of_another_site_does_nothing(client, data_link, reader):
    headers = {"Sec-Fetch-Site": "cross-site"}
    for path in (data_link, f"{data_link}erase/", f"{data_link}address/"):
        assert client.post(path, {"as": "json", "address": NEW}, headers=headers).status_code == 403
    assert Subscriber.objects.exists()
    assert not RightsRequest.objects.exists()


def test_pages_and_mails_are_in_the_readers_language(client, reader, mailroom):
    Subscriber.objects.update(language="en")
    client.post(f"/en/preferences/{tokens.for_choosing(reader.key)}/data/")
    mail = mailroom.deliver()[-1]
    assert mail["Subject"] == "Your data: the link you asked for"
    link = _link(mail, "data")
    assert link.startswith("/en/")
    assert "Take your data" in client.get(link).content.decode()
