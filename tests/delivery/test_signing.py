"""What we sign, another's verifier accepts; and nothing of it that was touched."""

import datetime as dt
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from verifying import field_of, tags, verifies

from depeche.delivery import dkim_keys, signing
from depeche.delivery.compiled import compile_message, slot
from depeche.delivery.messages import compose, named_address

pytestmark = pytest.mark.any_database
DOMAIN = "courrier.test"
SENDER = f"Le Courrier <redaction@{DOMAIN}>"
HEADERS = {
    "Date": slot("date"),
    "Message-ID": slot("message_id"),
    "List-Id": f"<4b1d.{DOMAIN}>",
    "List-Unsubscribe": f"<{slot('leave')}>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "Auto-Submitted": "auto-generated",
    "Precedence": "bulk",
    "Feedback-ID": "e1:matin:edition:courriertest",
    "Reply-To": f"courrier@{DOMAIN}",
}
TEXT = f"Bonjour {slot('name')},\n{slot('leave')}\n\n  Deux  espaces, \tun onglet. \n{slot('leave')}.\n"
HTML = f'<p>Bonjour  <b>{slot("name")}</b>,\t<a href="{slot("leave")}">quitter</a>.</p>\n'
VALUES = {
    "name": "Jeanne",
    "leave": f"https://{DOMAIN}/unsubscribe/" + "4b1d." * 20 + "/",
    "message_id": f"<e1.2.abcdef@{DOMAIN}>",
    "date": "Thu, 26 Nov 2026 01:46:59 -0000",
}
anything = st.text(st.characters(exclude_categories=["Cs"])) | st.text(
    alphabet=".=\r\n \t-aé\0\x85\u2028\x0b\x0c&<\"'>", max_size=200
)
one_line = anything.filter(lambda words: not re.search(r"[\r\n\0]", words))
thorough = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def pair():
    """A key that many tests share: to make one takes as long as to check a hundred signatures."""
    private = dkim_keys.rsa.generate_private_key(65537, dkim_keys.BITS)
    return dkim_keys.DkimKey(DOMAIN, "depeche202611", private)


@pytest.fixture
def key(pair, monkeypatch):
    """The same, in use."""
    monkeypatch.setattr(dkim_keys, "in_use", lambda: {DOMAIN: pair})
    monkeypatch.setattr(signing, "in_use", dkim_keys.in_use)
    return pair


def compiled(text=TEXT, html=HTML, *, subject="La passerelle rouvrira à 8 h", sender=SENDER, headers=HEADERS):
    return compile_message(sender=sender, subject=subject, text=text, html=html, headers=headers)


def copy(key, message=None, address="lea@exemple.test", *, of="", **values):
    return bytes(signing.SignedMail(message or compiled(), key).fill(address, {**VALUES, **values}, of=of))


def test_a_copy_verifies(pair):
    content = copy(pair)
    assert verifies(content, pair)
    said = tags(content)
    assert (said["d"], said["s"], said["a"], said["c"]) == (
        DOMAIN,
        "depeche202611",
        "rsa-sha256",
        "relaxed/relaxed",
    )
    assert "l" not in said
    assert abs(int(said["t"]) - dt.datetime.now(tz=dt.UTC).timestamp()) < 60
    assert all(len(line) <= 76 and not line.startswith(b".") for line in field_of(content).split(b"\r\n"))


def test_what_readers_go_by_is_signed(pair):
    signed = tags(copy(pair))["h"].split(":")
    for name in ("message-id", "list-id", "auto-submitted", "feedback-id"):
        assert signed.count(name) == 1
    for name in ("from", "to", "subject", "date", "reply-to", "mime-version", "content-type"):
        assert signed.count(name) == 2
    for name in ("list-unsubscribe", "list-unsubscribe-post"):
        assert signed.count(name) == 2
    for name in ("cc", "content-transfer-encoding"):  # neither is there
        assert signed.count(name) == 1


def test_each_copy_is_signed_for_itself(pair):
    mail = signing.SignedMail(compiled(), pair)
    one, other = (bytes(mail.fill(f"{who}@exemple.test", VALUES | {"name": who})) for who in ("lea", "ali"))
    assert verifies(one, pair)
    assert verifies(other, pair)
    assert tags(one)["bh"] != tags(other)["bh"]
    assert not verifies(one.replace(b"lea@exemple.test", b"ali@exemple.test"), pair)


@thorough
@given(text=anything, html=anything, name=anything, subject=one_line, of=one_line)
@example(text="", html="", name="", subject="", of="")
@example(text="\n\n\n", html="", name="\n \n", subject=" a  b ", of='Léa, « du » "Courrier"')
@example(text="é" * 10_000, html="mot  " * 10_000, name="=" * 10_000, subject="mot " * 2_500, of="כרמל")
@example(text=" \t\n\t \n  ", html=" " * 80, name=" \t", subject="x" * 2_000, of="N" * 900)
def test_any_words_verify(pair, text, html, name, subject, of):
    for body in (text, text + TEXT, TEXT + text, text + slot("name")):
        for markup in ("", html + HTML + html):
            content = copy(pair, compiled(body, markup, subject=subject), of=of, name=name)
            assert verifies(content, pair)


@thorough
@given(text=anything, html=anything, name=anything)
def test_a_body_is_canonical_but_for_runs_of_spaces(pair, text, html, name):
    """Nothing at the ends of lines: what a server on the way may take away there, we never wrote."""
    content = copy(pair, compiled(text + TEXT + text, html + HTML + html), name=name)
    body = content.partition(b"\r\n\r\n")[2]
    assert not re.search(rb"[ \t]\r\n|\r(?!\n)|(?<!\r)\n", body)
    assert body.endswith(b"\r\n")
    assert not body.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "of", ["", "Léa", "Léa, du “Courrier”", "كريم", "レア", "🗞 " * 30, '"x\\" <a@b.test>']
)
@pytest.mark.parametrize("address", ["lea@exemple.test", "lea@exämple.test", '"lea martin"@exemple.test'])
def test_any_name_and_address_verify(pair, of, address):
    assert verifies(copy(pair, address=address, of=of), pair)


def test_letters_before_the_at_verify(pair):
    content = copy(pair, address="élodie@exemple.test")
    assert not content.isascii()
    assert verifies(content, pair)


@pytest.mark.parametrize("name", ["", "Le Courrier", "« Le  Courrier », édition du  matin", "レア" * 40])
def test_any_sender_verifies(pair, name):
    content = copy(pair, compiled(sender=named_address(name, f"redaction@{DOMAIN}")))
    assert verifies(content, pair)


def test_no_byte_of_the_body_can_be_changed(pair):
    content = copy(pair, compiled("Court.", "<p>Très court.</p>"))
    start = content.index(b"\r\n\r\n") + 4
    for at in range(start, len(content)):
        if content[at : at + 1] in b"\r\n":  # a line break that is none is no message any more
            continue
        changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        assert not verifies(changed, pair), changed[at - 10 : at + 10]


def test_no_byte_of_a_signed_header_can_be_changed(pair):
    content = copy(pair)
    head = content[: content.index(b"\r\n\r\n")]
    names = 0
    for field in re.finditer(rb"(?m)^([\w-]+):(?:.|\n )*", head):
        if field[1].lower().decode() not in tags(content)["h"].split(":"):
            continue
        names += 1
        for at in range(*field.span()):
            if head[at : at + 1] in b"\r\n \t":
                continue
            changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
            assert not verifies(changed, pair), changed[at - 20 : at + 20]
    assert names == 13


@pytest.mark.parametrize(
    "added",
    [
        b"From: Autre <autre@exemple.test>",
        b"To: tous@exemple.test",
        b"Cc: tous@exemple.test",
        b"Subject: Autre",
        b"Date: Fri, 27 Nov 2026 01:46:59 -0000",
        b"Reply-To: autre@exemple.test",
        b"Content-Type: text/html",
        b"Content-Transfer-Encoding: base64",
        b"List-Unsubscribe: <https://exemple.test/>",
    ],
)
def test_no_header_can_be_added_to_what_was_signed(pair, added):
    content = copy(pair)
    head, _, body = content.partition(b"\r\n\r\n")
    assert not verifies(added + b"\r\n" + content, pair)
    assert not verifies(head + b"\r\n" + added + b"\r\n\r\n" + body, pair)


def test_a_server_on_the_way_may_note_that_it_was_there_and_fold_anew(pair):
    content = b"Received: from a by b;\r\n Thu, 26 Nov 2026 01:47:00 +0000\r\n" + copy(pair)
    assert verifies(content.replace(b"Subject: ", b"subject:\t").replace(b"\r\nTo: ", b"\r\nTo:\r\n  "), pair)


def test_another_key_under_that_selector_does_not_verify(pair):
    other = dkim_keys.DkimKey(DOMAIN, pair.selector, dkim_keys.rsa.generate_private_key(65537, 2048))
    assert not verifies(copy(pair), other)


@thorough
@given(text=anything, html=anything, subject=one_line)
@example(text="", html="", subject="")
@example(text=" \n\t\n  a  b \n\n\n", html=".\n..\n", subject="é" * 900)
def test_a_whole_message_verifies(key, text, html, subject):
    mail = compose(sender=SENDER, recipient="lea@exemple.test", subject=subject, text=text, html=html)
    content = signing.signed(mail.content)
    assert content.startswith(b"DKIM-Signature:")
    assert verifies(content, key)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\r\n",
        b"\r\n\r\n\r\n",
        b"x",
        b"x \t\r\n\r\n \t\r\n",
        b" x\t y  \r\n \t",
        b".\r\n..\r\n",
        b"x\ny\rz",
        b"\xff\xfe\r\n",
        b"x" * 5_000,
    ],
)
@pytest.mark.parametrize(
    "head", [b"", b"Subject:  a\tb \r\n  c\r\n", b"To: a@b.test\r\nTo: c@d.test\r\nTo:\r\n"]
)
def test_whatever_was_kept_verifies(key, head, body):
    content = signing.signed(b"From: <redaction@courrier.test>\r\n" + head + b"\r\n" + body)
    assert content.startswith(b"DKIM-Signature:")
    assert verifies(content, key)
    assert b"\r\nx\r\n" in content or body != b"x\ny\rz"


@pytest.mark.parametrize(
    "head",
    [
        b"From: redaction@ailleurs.test",
        b"From: redaction@autrecourrier.test",
        b"From: redaction",
        b"From:",
        b"From: =?utf-8?q?a=40courrier=2Etest?=",
        b"Sender: redaction@courrier.test",
        b"",
        b"\xff\0",
    ],
)
def test_what_is_not_from_us_is_left_as_it_is(key, head):
    content = head + b"\r\nSubject: x\r\n\r\nx\r\n"
    assert signing.signed(content) == content


def test_a_subdomain_is_signed_with_the_key_of_the_domain_above_it(key):
    content = signing.signed(b"From: x@lettre.matin.courrier.test\r\n\r\nx\r\n")
    assert tags(content)["d"] == DOMAIN
    assert verifies(content, key)


def test_without_a_key_nothing_changes():
    content = b"From: redaction@courrier.test\n\nx\n"
    assert signing.signed(content) is content
