"""Mail by a provider's web service on loopback: what it is given, and what its answers are counted as."""

import datetime as dt
import email.utils
import json
import socket
from urllib.parse import parse_qsl, quote

import pytest
from django.utils import timezone
from fake_provider import DROP, HANG

from depeche.delivery import actions, provider
from depeche.delivery.brakes import Brakes
from depeche.delivery.compiled import compile_message, slot
from depeche.delivery.engine import Engine
from depeche.delivery.hand import clock
from depeche.delivery.messages import Envelope, compose
from depeche.delivery.models import State, TransactionalMessage
from depeche.delivery.provider import Provider
from depeche.delivery.smtp.outcomes import Fault, NoConnection, Stage
from depeche.delivery.smtp.server import UnusableEmailUrl
from depeche.delivery.transports import from_url

pytestmark = pytest.mark.django_db

KEY = "key-0123456789abcdef"
TO_LEA = "lea@exemple.test"


def mailgun(address):
    return f"anymail+mailgun://?api_key={KEY}&sender_domain=nouvelles.test&api_url={quote(address, safe='')}"


def resend(address):
    return f"anymail+resend://?api_key={KEY}&api_url={quote(address, safe='')}"


def a_mail(recipient=TO_LEA, **fields):
    headers = {"Message-ID": "<e1.2.abc@nouvelles.test>", "Auto-Submitted": "auto-generated"}
    return compose(
        sender='"Le Courrier, du matin" <redaction@nouvelles.test>',
        recipient=recipient,
        subject="L’été",
        text="Un été.\n",
        html="<p>Un été.</p>",
        headers={**headers, **fields},
    )


def send(url, *mails, begin=lambda _mail: True):
    """What came of each, in order; and of the last the NoConnection it ended in, if any."""
    came, error = [], None
    sender = from_url(url).sender()
    try:
        sender.send(iter(mails), begin=begin, done=lambda _mail, outcome: came.append(outcome))
    except NoConnection as lost:
        error = lost
    finally:
        sender.close()
    return came, error


def fields(service, number=0):
    """What Mailgun was sent in a call."""
    return dict(parse_qsl(service.calls[number][2].decode()))


def test_a_message_arrives_with_its_headers_both_parts_and_no_tracking(web_service):
    service = web_service()
    headers = {
        "List-Unsubscribe": "<https://courrier.test/unsubscribe/abc/>, <mailto:depart@nouvelles.test>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": "=?utf-8?q?L=27=C3=A9t=C3=A9?= <matin.nouvelles.test>",
        "Reply-To": "Rédaction <ecrire@nouvelles.test>",
    }
    ((outcome,), _) = send(mailgun(service.address), a_mail(f'"Léa, l’amie" <{TO_LEA}>', **headers))
    assert (outcome.state, outcome.code) == (State.SENT, 200)
    assert service.calls[0][0] == "/nouvelles.test/messages"
    given = fields(service)
    assert given["from"] == '"Le Courrier, du matin" <redaction@nouvelles.test>'
    assert TO_LEA in given["to"]
    assert given["subject"] == "L’été"
    assert given["text"] == "Un été.\n"
    assert given["html"].strip() == "<p>Un été.</p>"
    assert given["h:Message-Id"] == "<e1.2.abc@nouvelles.test>"
    assert given["h:Auto-Submitted"] == "auto-generated"
    assert given["h:List-Unsubscribe"] == headers["List-Unsubscribe"]
    assert given["h:List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert given["h:List-Id"].endswith("<matin.nouvelles.test>")
    assert "ecrire@nouvelles.test" in given["h:Reply-To"]
    assert (given["o:tracking-opens"], given["o:tracking-clicks"]) == ("no", "no")
    assert not {"h:From", "h:To", "h:Subject", "h:Date", "h:Content-Type"} & given.keys()


def test_what_an_edition_compiles_says_the_same_by_the_provider(web_service):
    service = web_service()
    mail = compile_message(
        sender="Le Courrier <redaction@nouvelles.test>",
        subject="Bonjour",
        text=f"Bonjour {slot('name')} !\n.seul\n",
        html=f"<p>Bonjour {slot('name')} !</p>",
        headers={"Message-ID": f"<{slot('own')}@nouvelles.test>", "Date": email.utils.formatdate()},
    )
    content = mail.fill(TO_LEA, {"name": "Zoé & Max", "own": "e1.9"})
    send(mailgun(service.address), Envelope(mail.sender, TO_LEA, content))
    given = fields(service)
    assert given["text"] == "Bonjour Zoé & Max !\n.seul\n"
    assert given["html"].strip() == "<p>Bonjour Zoé &amp; Max !</p>"
    assert given["h:Message-Id"] == "<e1.9@nouvelles.test>"


def test_only_the_recipient_of_this_copy_is_written_to(web_service):
    service = web_service()
    content = compose(
        sender="redaction@nouvelles.test",
        recipient=f"un@exemple.test, {TO_LEA}, trois@exemple.test",
        subject="s",
        text="t",
        headers={"Cc": "quatre@exemple.test"},
    ).content
    send(mailgun(service.address), Envelope("redaction@nouvelles.test", TO_LEA, content))
    assert fields(service)["to"] == TO_LEA
    assert not any("quatre" in value for value in fields(service).values())


def test_many_messages_take_one_connection(web_service):
    service = web_service()
    (came, _) = send(mailgun(service.address), *(a_mail(f"n{number}@exemple.test") for number in range(20)))
    assert [outcome.state for outcome in came] == [State.SENT] * 20
    assert len(service.connections) == 1


@pytest.mark.parametrize(
    ("answer", "state", "fault"),
    [
        (
            (400, {"message": "'to' parameter is not a valid address. please check documentation"}),
            State.FAILED,
            Fault.RECIPIENT,
        ),
        ((422, {"error": f"{TO_LEA} is on no server"}), State.FAILED, Fault.RECIPIENT),
        ((401, "Forbidden"), State.DEFERRED, Fault.SENDER),
        (
            (403, {"message": "Domain nouvelles.test is not allowed to send: recipient unknown"}),
            State.DEFERRED,
            Fault.SENDER,
        ),
        ((402, {"message": "not enough credits"}), State.DEFERRED, Fault.SENDER),
        ((404, "Domain not found"), State.DEFERRED, Fault.SENDER),
        ((400, {"message": "the domain of the sender is not verified"}), State.DEFERRED, Fault.SENDER),
        ((400, {"message": "unknown parameter o:x"}), State.DEFERRED, Fault.SENDER),
        ((413, "too large"), State.FAILED, Fault.CONTENT),
        ((429, "slow down"), State.DEFERRED, Fault.SERVER),
        ((500, "oops"), State.DEFERRED, Fault.SERVER),
        ((503, "back soon"), State.DEFERRED, Fault.SERVER),
        ((502, "<html>bad gateway</html>"), State.UNCERTAIN, Fault.SERVER),
        ((504, "gateway timeout"), State.UNCERTAIN, Fault.SERVER),
        ((200, "<html>hotel: please sign in</html>"), State.UNCERTAIN, Fault.SERVER),
        ((301, "", {"Location": "/elsewhere"}), State.DEFERRED, Fault.SENDER),
        (DROP, State.UNCERTAIN, Fault.SERVER),
    ],
)
def test_what_the_provider_says_decides_what_is_counted(web_service, answer, state, fault):
    service = web_service({"each": answer})
    ((outcome,), error) = send(mailgun(service.address), a_mail())
    assert (outcome.state, outcome.fault, error) == (state, fault, None)
    assert len(service.calls) == 1  # nothing is repeated, nothing followed


def test_a_provider_that_does_not_answer_leaves_one_message_unknown(web_service, monkeypatch):
    monkeypatch.setattr(provider, "ANSWER_S", 0.3)
    service = web_service({2: HANG})
    (came, _) = send(mailgun(service.address), *(a_mail() for _ in range(3)))
    assert [outcome.state for outcome in came] == [State.SENT, State.UNCERTAIN, State.SENT]


def test_what_was_not_reached_was_not_handed_over():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    began = []
    ((outcome,), error) = send(mailgun(f"http://127.0.0.1:{port}/"), a_mail(), begin=began.append)
    assert (outcome.state, outcome.stage, outcome.fault) == (State.PENDING, Stage.CONNECT, Fault.SERVER)
    assert error is not None
    assert began == []


def test_a_server_that_cannot_prove_itself_is_given_nothing(web_service):
    service = web_service()
    began = []
    ((outcome,), error) = send(mailgun(f"https://127.0.0.1:{service.port}/"), a_mail(), begin=began.append)
    assert (outcome.state, outcome.stage) == (State.PENDING, Stage.CONNECT)
    assert error is not None
    assert (began, service.calls) == ([], [])


def test_it_is_asked_right_before_a_message_leaves(web_service):
    service, asked = web_service(), []

    def begin(mail):
        asked.append((mail.recipient, len(service.calls)))
        return mail.recipient != "partie@exemple.test"

    mails = [a_mail("un@exemple.test"), a_mail("partie@exemple.test"), a_mail("deux@exemple.test")]
    (came, _) = send(mailgun(service.address), *mails, begin=begin)
    assert asked == [("un@exemple.test", 0), ("partie@exemple.test", 1), ("deux@exemple.test", 1)]
    assert [outcome.state for outcome in came] == [State.SENT, State.SENT]
    assert b"partie" not in b"".join(body for _, _, body in service.calls)


def test_the_pause_a_provider_asks_for_is_kept(web_service):
    in_a_minute = email.utils.format_datetime(timezone.now() + dt.timedelta(minutes=1), usegmt=False)
    for asked, least, most in (
        ("120", 119, 120),
        (in_a_minute, 50, 61),
        ("soon", 9, 11),
        ("9" * 30, 3599, 3601),
    ):
        service = web_service({"each": (429, "slow down", {"Retry-After": asked})})
        ((outcome,), _) = send(mailgun(service.address), a_mail())
        assert least <= outcome.wait_s <= most
        brakes = Brakes()
        brakes.note("exemple.test", outcome)
        assert least - 1 <= brakes.all_until() - clock() <= most


REPEATED = (200, {"id": "49a3999c"})


@pytest.mark.parametrize(
    "first", [DROP, (502, "bad gateway"), (409, {"name": "concurrent_idempotent_requests"})]
)
def test_a_call_the_provider_knows_again_is_repeated(web_service, monkeypatch, first):
    monkeypatch.setattr(provider, "REPEATED_AFTER_S", (0.01, 0.01))
    service = web_service({1: DROP, 2: first}, taken=REPEATED)
    ((outcome,), _) = send(resend(service.address), a_mail())
    assert outcome.state is State.SENT
    keys = {headers["Idempotency-Key"] for _, headers, _ in service.calls}
    assert (len(service.calls), len(keys)) == (3, 1)
    send(resend(service.address), a_mail(**{"Message-ID": "<another@nouvelles.test>"}))
    assert service.calls[-1][1]["Idempotency-Key"] not in keys


def test_a_fate_that_stays_unknown_is_said_to_be(web_service, monkeypatch):
    monkeypatch.setattr(provider, "REPEATED_AFTER_S", (0.01, 0.01))
    service = web_service({1: DROP, "each": (429, "later")}, taken=REPEATED)
    ((outcome,), _) = send(resend(service.address), a_mail())
    assert outcome.state is State.UNCERTAIN


def test_where_tracking_is_the_account_s_matter_the_message_still_goes(web_service):
    service = web_service(taken=REPEATED)
    ((outcome,), _) = send(resend(service.address), a_mail())
    assert outcome.state is State.SENT
    assert json.loads(service.calls[0][2])["headers"]["Message-ID"] == "<e1.2.abc@nouvelles.test>"


def test_a_recipient_the_provider_refuses_by_name_failed(web_service):
    service = web_service(
        {
            "each": (
                422,
                {
                    "ErrorCode": 406,
                    "Message": f"You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: {TO_LEA}. Inactive recipients are ones that have generated a hard bounce.",
                },
            )
        }
    )
    url = f"anymail+postmark://?server_token={KEY}&api_url={quote(service.address, safe='')}"
    ((outcome,), _) = send(url, a_mail())
    assert (outcome.state, outcome.fault) == (State.FAILED, Fault.RECIPIENT)
    assert {"Name": "X-PM-KeepID", "Value": "true"} in json.loads(service.calls[0][2])["Headers"]


def test_what_is_kept_of_an_answer_holds_no_key(web_service):
    service = web_service({"each": (401, f"no such key: {KEY}")})
    ((outcome,), _) = send(mailgun(service.address), a_mail())
    assert KEY not in outcome.words
    assert KEY not in repr(Provider.from_url(mailgun(service.address)))
    assert from_url(mailgun(service.address)).name == "Mailgun"


@pytest.mark.parametrize(
    "url",
    [
        "anymail+nobody://?api_key=x",
        "anymail+mailgun://",
        "anymail+mailgun://?api_kee=x",
        "anymail+mailgun://?api_key=x&colour=red",
        "anymail+mailgun://x@host",
        "anymail+mailgun://?api_key=a#b",
        "anymail+amazon_ses://",
    ],
)
def test_a_provider_is_named_whole_or_not_at_all(url):
    with pytest.raises(UnusableEmailUrl):
        from_url(url)


def test_the_engine_delivers_by_a_provider_and_nobody_is_suppressed_for_our_fault(web_service):
    service = web_service({1: (403, "domain not verified")})
    rows = [
        actions.send(sender="redaction@nouvelles.test", recipient=TO_LEA, subject="s", text="t")
        for _ in range(2)
    ]
    assert Engine(from_url(mailgun(service.address)).sender).drain()
    states = list(TransactionalMessage.objects.order_by("pk").values_list("state", flat=True))
    assert states == [State.DEFERRED, State.SENT]
    assert rows[0].pk != rows[1].pk
