"""From the form to a confirmed reader, and out again."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from depeche.delivery.models import TransactionalMessage
from depeche.subscribers import actions, tokens
from depeche.subscribers.models import ConsentEntry, ShownText, SignUp, Subscriber, Subscription
from depeche.subscribers.recording import Shown

FORM = {"newsletter": "matin", "address": "lea@exemple.test", "agreed": "on"}


def link_in(message, word):
    return re.search(rf"http://[^\s]*/{word}/[^\s]*", message.get_body(("plain",)).get_content())[0].split(
        "8000"
    )[1]


def test_a_reader_subscribes_confirms_and_leaves(client, sign_up, newsletter, mailroom):
    assert sign_up().status_code == 303
    assert Subscription.objects.get().state == "pending"
    (mail,) = mailroom.deliver()
    assert mail["To"] == "lea@exemple.test"
    assert mail["Auto-Submitted"] == "auto-generated"

    page = client.post(link_in(mail, "confirm"))
    assert page.status_code == 200
    subscription = Subscription.objects.get()
    assert subscription.state == "confirmed"

    page = client.post(f"/unsubscribe/{tokens.for_leaving(subscription.key)}/")
    assert page.status_code == 200
    subscription.refresh_from_db()
    assert subscription.state == "withdrawn"
    assert [entry.action for entry in ConsentEntry.objects.all()] == ["request", "confirm", "withdraw"]


def test_the_words_shown_are_kept_with_the_request(client, sign_up, newsletter):
    page = client.get("/subscribe/").content.decode()
    sign_up()
    facts = ConsentEntry.objects.get().as_facts
    wording = ShownText.objects.get(pk=facts["wording"]).text
    assert "Recevez une information neutre et factuelle" in wording
    assert "vous acceptez notre politique de confidentialité et nos conditions" in wording
    box = next(line for line in wording.splitlines() if line.startswith("☐"))
    assert box.removeprefix("☐ ") in page
    assert {kind: text["version"] for kind, text in facts["texts"].items()} == {
        "privacy": 1,
        "terms": 1,
        "form": 1,
        "notice": 1,
    }


def test_no_box_is_ticked_and_without_it_nobody_is_subscribed(client, newsletter):
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*>', client.get("/subscribe/").content.decode())
    assert len(boxes) == 1
    assert "checked" not in boxes[0]
    page = client.post("/subscribe/", {**FORM, "agreed": ""})
    assert page.status_code == 422
    assert "Cochez la case" in page.content.decode()
    assert "lea@exemple.test" in page.content.decode(), "what was typed is kept"
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("visit", ["get", "head"])
def test_a_visit_confirms_nothing_and_leaves_nothing(client, sign_up, newsletter, mailroom, subscribe, visit):
    sign_up()
    link = link_in(mailroom.deliver()[0], "confirm")
    confirmed = subscribe("ali@exemple.test")
    for _ in range(3):
        assert getattr(client, visit)(link).status_code == 200
        assert getattr(client, visit)(f"/unsubscribe/{tokens.for_leaving(confirmed.key)}/").status_code == 200
    assert Subscription.objects.get(subscriber__address="lea@exemple.test").state == "pending"
    confirmed.refresh_from_db()
    assert confirmed.state == "confirmed"


def test_one_click_unsubscribe_needs_no_cookie_and_gives_no_redirect(client, subscribe):
    subscription = subscribe()
    address = f"/unsubscribe/{tokens.for_leaving(subscription.key)}/"
    for _ in range(2):
        answer = client.post(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert not answer.cookies
    subscription.refresh_from_db()
    assert subscription.state == "withdrawn"
    assert ConsentEntry.objects.filter(action="withdraw").count() == 1


def test_a_forged_way_out_changes_nothing(client, subscribe):
    subscription = subscribe()
    token = tokens.for_leaving(subscription.key)
    flipped = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert client.get(f"/unsubscribe/{flipped}/").status_code == 404
    assert client.post(f"/unsubscribe/{flipped}/").status_code == 200
    subscription.refresh_from_db()
    assert subscription.state == "confirmed"


def test_a_hundred_requests_for_one_address_send_two_mails(sign_up):
    answers = []
    for turn in range(100):
        address = "Lea@Exemple.TEST" if turn % 2 else "lea@exemple.test"
        answers.append(sign_up(address).status_code)
    assert answers == [303] * 5 + [200] * 95, "then a button is to be pressed"
    assert TransactionalMessage.objects.count() == 2
    assert Subscriber.objects.count() == 1


def test_the_answer_does_not_tell_whether_an_address_is_known(sign_up, subscribe):
    subscribe("lea@exemple.test")
    known, unknown = sign_up(), sign_up("nouveau@exemple.test")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_both_mails_of_two_requests_lead_to_the_subscription(client, sign_up, newsletter, mailroom):
    sign_up()
    sign_up()
    first, _second = mailroom.deliver()
    client.post(link_in(first, "confirm"))
    assert Subscription.objects.get().state == "confirmed"


def test_an_old_link_does_not_bring_back_who_left(client, sign_up, newsletter, mailroom):
    sign_up()
    link = link_in(mailroom.deliver()[0], "confirm")
    client.post(link)
    actions.withdraw(Subscription.objects.get().key, shown=Shown("", "fr", "unsubscribe", ""))
    assert client.post(link).status_code == 410
    assert Subscription.objects.get().state == "withdrawn"


def test_a_confirmation_link_ends_after_a_week(client, sign_up, newsletter, mailroom, time_machine):
    sign_up()
    link = link_in(mailroom.deliver()[0], "confirm")
    time_machine.move_to(timezone.now() + dt.timedelta(days=7, minutes=1))
    assert client.post(link).status_code == 410
    assert Subscription.objects.get().state == "pending"


@pytest.mark.parametrize(
    "address",
    [
        "lea@exemple.test\nBcc: tous@exemple.test",
        "lea@exemple.test\r\n",
        "lea\0@exemple.test",
        "pas une adresse",
        "@exemple.test",
        "lea@",
        "a" * 400 + "@exemple.test",
        "",
    ],
)
def test_what_is_no_address_is_refused_in_words(client, newsletter, address):
    page = client.post("/subscribe/", {**FORM, "address": address})
    assert page.status_code == 422
    assert "Erreur" in page.content.decode()
    assert not SignUp.objects.exists()


def test_a_form_posted_from_another_site_is_refused(client, newsletter):
    answer = client.post("/subscribe/", FORM, headers={"Origin": "https://ailleurs.example"})
    assert answer.status_code == 403
    answer = client.post("/subscribe/", FORM, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not SignUp.objects.exists()


def test_a_machine_that_fills_every_field_gets_no_mail(sign_up):
    answer = sign_up(website="https://spam.example")
    assert 'name="token"' in answer.content.decode(), "a person whose browser filled it in presses a button"
    assert not Subscriber.objects.exists()
    assert not SignUp.objects.exists()


def test_an_unconfirmed_address_is_forgotten_after_thirty_days(newsletter, subscribe):
    subscribe("jamais@exemple.test", state="pending")
    kept = subscribe("lea@exemple.test")
    later = timezone.now() + dt.timedelta(days=31)
    assert actions.purge_unconfirmed(at=later) == 1
    assert list(Subscription.objects.all()) == [kept]
    assert not Subscriber.objects.filter(address="jamais@exemple.test").exists()


def test_the_pages_of_a_reader_are_in_their_language(client, sign_up, newsroom, mailroom):
    sign_up(path="/en/subscribe/", newsletter="morning-en")
    (mail,) = mailroom.deliver()
    link = link_in(mail, "confirm")
    assert link.startswith("/en/")
    assert "Confirm my subscription" in client.get(link).content.decode()


@pytest.mark.parametrize(
    ("method", "address", "data"),
    [
        ("get", "/subscribe/?newsletter=%00", {}),
        ("get", "/legal/%00/", {}),
        ("post", "/subscribe/", {**FORM, "newsletter": "a\0b"}),
        ("get", "/confirm/%00/", {}),
        ("get", "/editions/%00/1/", {}),
    ],
)
def test_a_nul_is_no_error_on_any_database(client, newsletter, method, address, data):
    assert getattr(client, method)(address, data).status_code < 500


def test_a_one_click_post_with_anything_in_it_still_leaves(client, subscribe):
    subscription = subscribe()
    client.post(f"/unsubscribe/{tokens.for_leaving(subscription.key)}/", {"List-Unsubscribe": "One-Click\0"})
    subscription.refresh_from_db()
    assert subscription.state == "withdrawn"


def test_a_token_without_a_request_confirms_nothing(client, subscribe):
    left = subscribe(state="withdrawn")
    assert client.post(f"/confirm/{tokens.for_confirming(left.key, '')}/").status_code == 410
    left.refresh_from_db()
    assert left.state == "withdrawn"


def test_two_domains_that_look_alike_are_two_readers(sign_up):
    for address in ("lea@strasse.test", "lea@straße.test"):
        sign_up(address)
    assert Subscriber.objects.count() == 2
