"""What goes over the wire, whatever a message holds; and what a reply says, whatever it holds."""

import contextlib
import re

import pytest
from fake_mta import LOCKSTEP, PIPELINED
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from depeche.delivery.content import WireContent, as_written, ending
from depeche.delivery.messages import Envelope
from depeche.delivery.models import State
from depeche.delivery.smtp.envelopes import Unsendable, commands
from depeche.delivery.smtp.outcomes import Fault, Stage, judged
from depeche.delivery.smtp.replies import Lost, Reply, parsed

pytestmark = pytest.mark.any_database

at_any_pace = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
BODY = b"Subject: x\r\n\r\nx\r\n"
nasty = st.text(st.sampled_from('abé@.<>"\\\r\n\0\t ,ßü字\u202e\ud800[]:1'), max_size=40)
addresses = st.builds(
    "{}@{}".format,
    st.from_regex(r"[a-zé]{1,70}", fullmatch=True) | nasty,
    st.sampled_from(["exemple.test", "exämple.test", "[192.0.2.1]", "x" * 64 + ".test", "é" * 64]) | nasty,
)


@at_any_pace
@given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"..", b"a", b"\xff", b"\0"]), max_size=30))
def test_any_content_ends_at_its_final_dot_and_comes_back(parts):
    content = b"".join(parts)
    body = as_written(content)
    written = bytes(body) + ending(body)
    assert (b"\r\n" + written).find(b"\r\n.\r\n") == len(written) - 3, "nothing ends it earlier"
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", written)
    lines = written.split(b"\r\n")[:-2]
    unstuffed = b"".join(line.removeprefix(b".") + b"\r\n" for line in lines)
    meant = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    assert unstuffed == (meant if meant.endswith(b"\r\n") or not meant else meant + b"\r\n")


def test_content_known_to_be_ready_is_not_touched():
    pieces = [BODY, b".x\r\n", b""]
    content = WireContent(pieces, is_ascii=True)
    assert as_written(content) is content
    assert (len(content), bytes(content), ending(content)) == (len(BODY) + 4, BODY + b".x\r\n", b".\r\n")


@at_any_pace
@given(nasty | addresses, nasty | addresses, st.sampled_from([{}, {"SMTPUTF8": "", "SIZE": "9"}]))
def test_no_address_gets_out_of_its_command(sender, recipient, extensions):
    try:
        lines = commands(Envelope(sender, recipient, b"x"), extensions)
    except Unsendable:
        return
    for line in lines:
        assert len(line) <= 512
        assert line.endswith(b"\r\n")
        assert not re.search(rb"[\x00-\x1f\x7f]", line[:-2])
    assert re.fullmatch(rb"MAIL FROM:<[^\r\n]*>( SIZE=\d+)?( SMTPUTF8)?\r\n", lines[0])
    assert "SMTPUTF8" in extensions or (lines[0] + lines[1]).isascii()


@pytest.mark.parametrize(
    ("recipient", "extensions", "state", "as_told"),
    [
        ("élodie@exemple.test", PIPELINED, State.UNSUPPORTED_ADDRESS, None),
        ("élodie@exemple.test", (*PIPELINED, "SMTPUTF8"), State.SENT, "élodie@exemple.test"),
        ("a@exämple.test", LOCKSTEP, State.SENT, "a@xn--exmple-cua.test"),
        ("a@straße.test", LOCKSTEP, State.SENT, "a@xn--strae-oqa.test"),
        ('"a b"@exemple.test', LOCKSTEP, State.SENT, '"a b"@exemple.test'),
        ("a b@exemple.test", LOCKSTEP, State.UNSUPPORTED_ADDRESS, None),
        ("a@exemple.test> SIZE=1", LOCKSTEP, State.UNSUPPORTED_ADDRESS, None),
        ("a@" + "x" * 300 + ".test", LOCKSTEP, State.UNSUPPORTED_ADDRESS, None),
        ("exemple.test", LOCKSTEP, State.UNSUPPORTED_ADDRESS, None),
        ("a@b.test\r\nRCPT TO:<c@d.test>", LOCKSTEP, State.UNSUPPORTED_ADDRESS, None),
    ],
)
def test_an_address_is_told_as_the_server_takes_it(mta, session_to, recipient, extensions, state, as_told):
    server = mta(extensions=extensions)
    mail = Envelope("redaction@depeche.test", recipient, BODY)
    assert session_to(server).submit(mail).state == state
    assert server.accepted == ([(as_told, BODY)] if as_told else [])
    assert any(command.startswith("MAIL") for command in server.commands) == bool(as_told)


def test_a_sender_the_server_cannot_take_is_our_fault(mta, session_to):
    outcome = session_to(mta()).submit(Envelope("rédaction@depeche.test", "a@exemple.test", BODY))
    assert (outcome.state, outcome.fault) == (State.FAILED, Fault.SENDER)


def test_a_bounce_has_no_sender(mta, session_to):
    server = mta()
    assert session_to(server).submit(Envelope("", "a@exemple.test", BODY)).state == State.SENT
    assert server.commands[1].startswith("MAIL FROM:<> ")


def test_what_is_too_large_is_not_begun(mta, session_to):
    server = mta(extensions=("PIPELINING", "SIZE 20"))
    outcome = session_to(server).submit(Envelope("a@depeche.test", "b@exemple.test", b"x" * 21))
    assert (outcome.state, outcome.fault, server.commands[1:]) == (State.FAILED, Fault.CONTENT, [])


@pytest.mark.parametrize(
    ("limit", "size", "is_taken"),
    [
        ("20", 20, True),
        ("20", 21, False),
        ("٢٠", 21, False),
        ("0", 21, True),
        ("", 21, True),
        ("-1", 21, True),
        ("2e1", 21, True),
        ("9" * 19, 21, True),
        ("0" * 18 + "1", 21, False),
        ("0" * 20 + "1", 21, True),
    ],
)
def test_a_size_counts_where_it_is_one(limit, size, is_taken):
    for _time in (1, 2):
        with contextlib.nullcontext() if is_taken else pytest.raises(Unsendable, match=f"{limit} octets"):
            mail, _to, _data = commands(Envelope("a@b.test", "b@c.test", b"x" * size), {"SIZE": limit})
            assert mail == b"MAIL FROM:<a@b.test> SIZE=%d\r\n" % size


@pytest.mark.parametrize(
    "announced", [{}, {"SMTPUTF8": ""}, {"8BITMIME": ""}, {"SMTPUTF8": "", "8BITMIME": "", "SIZE": ""}]
)
@pytest.mark.parametrize("content", [b"x", "é".encode()])
@pytest.mark.parametrize("sender", ["a@b.test", "élodie@b.test", ""])
@pytest.mark.parametrize("recipient", ["c@d.test", "léa@d.test"])
def test_what_is_announced_of_a_message(announced, content, sender, recipient):
    is_utf8 = not (sender + recipient).isascii()
    if is_utf8 and "SMTPUTF8" not in announced:
        with pytest.raises(Unsendable):
            commands(Envelope(sender, recipient, content), announced)
        return
    size = f" SIZE={len(content)}" * ("SIZE" in announced)
    is_8bit = "8BITMIME" in announced and (is_utf8 or not content.isascii())
    mail = f"MAIL FROM:<{sender}>{size}{' SMTPUTF8' * is_utf8}{' BODY=8BITMIME' * is_8bit}\r\n"
    lines = commands(Envelope(sender, recipient, content), announced)
    assert lines == (mail.encode(), f"RCPT TO:<{recipient}>\r\n".encode(), b"DATA\r\n")


def test_eight_bits_are_announced_where_there_are_any(mta, session_to):
    server = mta()
    session = session_to(server)
    session.submit(Envelope("a@depeche.test", "b@exemple.test", "é\r\n".encode()))
    session.submit(Envelope("a@depeche.test", "b@exemple.test", BODY))
    assert ["8BITMIME" in command for command in server.commands if command.startswith("MAIL")] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("stage", "reply", "fault"),
    [
        ("mail", "530 5.7.0 Authentication required", Fault.SENDER),
        ("mail", "550 5.7.1 sender not allowed", Fault.SENDER),
        ("mail", "550 no", Fault.SENDER),
        ("mail", "450 4.1.8 domain not found", Fault.SENDER),
        ("mail", "452 4.3.1 disk full", Fault.SERVER),
        ("mail", "451 4.3.0 busy", Fault.SERVER),
        ("mail", "552 5.3.4 too big", Fault.CONTENT),
        ("rcpt", "550 5.1.1 no such user", Fault.RECIPIENT),
        ("rcpt", "550 5.5.0 mailbox unavailable", Fault.RECIPIENT),
        ("rcpt", "550 no such user", Fault.RECIPIENT),
        ("rcpt", "552 5.2.2 full", Fault.RECIPIENT),
        ("rcpt", "450 4.2.0 later", Fault.RECIPIENT),
        ("rcpt", "450 4.7.1 greylisted", Fault.SERVER),
        ("rcpt", "451 later", Fault.SERVER),
        ("rcpt", "554 5.7.1 relay access denied", Fault.SENDER),
        ("rcpt", "554 relay access denied", Fault.SENDER),
        ("rcpt", "503 5.5.1 bad sequence", Fault.SENDER),
        ("rcpt", "550 5.7.17 mailbox changed hands", Fault.RECIPIENT),
        ("rcpt", "421 4.7.0 too fast", Fault.SERVER),
        ("data", "451 4.3.0 busy", Fault.SERVER),
        ("data", "554 5.7.1 no", Fault.SENDER),
        ("body", "550 5.7.515 access denied", Fault.SENDER),
        ("body", "550 5.7.26 unauthenticated", Fault.SENDER),
        ("body", "421 4.7.26 unauthenticated", Fault.SENDER),
        ("body", "421 4.7.28 unusual rate", Fault.SERVER),
        ("body", "550 5.1.1 no such user", Fault.RECIPIENT),
        ("body", "552 5.2.3 too long", Fault.CONTENT),
        ("body", "554 5.6.0 bad MIME", Fault.CONTENT),
        ("body", "554 no", Fault.CONTENT),
        ("body", "451 4.3.0 later", Fault.SERVER),
        ("body", "250 2.0.0 kept", Fault.NOBODY),
        ("connect", "535 5.7.8 wrong password", Fault.SENDER),
        ("connect", "554 5.7.1 blocked", Fault.SENDER),
        ("connect", "421 busy", Fault.SERVER),
    ],
)
def test_a_refusal_says_whose_fault_it_is(stage, reply, fault):
    code, _, text = parsed(reply.encode())
    assert judged(Stage(stage), Reply(code, (text,))).fault == fault


@pytest.mark.parametrize(
    ("code", "lines", "enhanced", "words"),
    [
        (550, (b"5.1.1 No such", b"5.1.1 user here"), "5.1.1", "550 5.1.1 No such user here"),
        (550, (b"4.1.1 of another class",), "", "550 4.1.1 of another class"),
        (250, (b"2.0.0",), "2.0.0", "250 2.0.0"),
        (550, ("refusé".encode("latin-1"),), "", "550 refusé"),
        (550, ("refusé \u202e".encode(),), "", "550 refusé"),
        (550, (b"a\0b\x1b[31mc\r",), "", "550 a b [31mc"),
        (550, (b"",), "", "550"),
        (550, (b"x" * 400,), "", "550 " + "x" * 296),
    ],
)
def test_a_reply_is_read_for_people(code, lines, enhanced, words):
    reply = Reply(code, lines)
    assert (reply.enhanced, reply.words) == (enhanced, words)


@at_any_pace
@given(st.integers(200, 599), st.lists(st.binary(max_size=500), min_size=1, max_size=5))
def test_words_are_short_and_printable_whatever_came(code, lines):
    words = Reply(code, tuple(lines)).words
    assert len(words) <= 300
    assert words.isprintable()


@at_any_pace
@given(st.binary(max_size=60))
def test_a_line_is_a_reply_or_it_is_not(line):
    with contextlib.suppress(Lost):
        code, is_last, text = parsed(line)
        assert line == b"%d%s%s" % (code, line[3:4], text)
        assert is_last == (line[3:4] != b"-")
