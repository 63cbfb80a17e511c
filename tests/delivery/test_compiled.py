"""A message built once and filled for each is, parsed back, the message composed for each."""

import email
import email.policy
import quopri
import re
from email.header import decode_header, make_header
from html import escape, unescape

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from depeche.delivery.compiled import compile_message, slot
from depeche.delivery.encoding import PIECE, address_field, field, plain_word, quoted_printable, word_field
from depeche.delivery.messages import UnsafeHeader, compose

pytestmark = pytest.mark.any_database
POLICIES = (email.policy.default, email.policy.SMTP)
SENDER = "Le Courrier <redaction@courrier.test>"
DATE = "Thu, 26 Nov 2026 01:46:59 -0000"
HEADERS = {
    "Date": DATE,
    "Message-ID": slot("message_id"),
    "List-Unsubscribe": f"<{slot('leave')}>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
}
TEXT = f"Bonjour {slot('name')},\n{slot('leave')}\n\nQuitter : {slot('leave')}.\n"
HTML = f'<p>Bonjour <b>{slot("name")}</b>, <a href="{slot("leave")}">quitter</a>.</p>\n'
VALUES = {
    "name": "Jeanne",
    "leave": "https://courrier.test/unsubscribe/" + "4b1d." * 20 + "/",
    "message_id": "<e1.2.abcdef@courrier.test>",
}

anything = st.text() | st.text(alphabet=".=\r\n \t-aé\0\x85\u2028\x0c&<\"'>", max_size=200)
encodable = anything.filter(lambda words: not re.search(r"[\ud800-\udfff]", words))
words = st.text(alphabet="abZ09./-_%?#=&<'\"é \n\x7f", max_size=12) | st.text(alphabet="ab./", max_size=160)
one_line = encodable.filter(lambda words: not re.search(r"[\r\n\0]", words))
thorough = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def compiled(text=TEXT, html=HTML, *, subject="La passerelle rouvrira à 8 h", sender=SENDER, headers=HEADERS):
    return compile_message(sender=sender, subject=subject, text=text, html=html, headers=headers)


def filled(message=None, address="lea@exemple.test", *, of="", **values):
    return bytes((message or compiled()).fill(address, {**VALUES, **values}, of=of))


def parsed(content, policy=email.policy.default):
    return email.message_from_bytes(content, policy=policy)


def part(content, kind, policy=email.policy.default):
    return lines_of(parsed(content, policy).get_body((kind,)).get_content())


def lines_of(words):
    """Every line break is one: what text/plain means by each."""
    return re.sub(r"\r\n?", "\n", words)


def fits(content, *, longest=76):
    assert content.endswith(b"\r\n")
    assert b"\0" not in content
    head, _, body = content.partition(b"\r\n\r\n")
    for line in content.split(b"\r\n"):
        assert not re.search(rb"[\r\n]", line)
        assert not line.startswith(b".")
    assert all(len(line) <= 76 and not line.endswith((b" ", b"\t")) for line in body.split(b"\r\n"))
    for word in re.findall(rb"=\?utf-8\?q\?[^?]*\?=", head):
        quopri.decodestring(word[10:-2]).decode()  # whole letters: RFC 2047 §5 (3)
    assert all(len(line) <= longest for line in head.split(b"\r\n"))
    return True


@thorough
@given(text=encodable, html=encodable, name=encodable, leave=one_line)
@example(text=".\n..\n" + "." * 400, html="." * 10_000, name=".", leave="x")
@example(text="é" * 10_000, html="mot " * 10_000, name="=" * 10_000, leave="/" * 900)
@example(text=" \n\t\n ", html=" " * 80, name=" \n", leave="\u202eשלום")
def test_parsed_back_it_is_what_was_composed(text, html, name, leave):
    text, html = text + TEXT + text, html + HTML + html

    def put(words, how=str):
        return words.replace(slot("name"), how(name)).replace(slot("leave"), how(leave))

    content = filled(compiled(text, html), name=name, leave=leave)
    once = compose(
        sender=SENDER, recipient="lea@exemple.test", subject="s", text=put(text), html=put(html, escape)
    )
    for policy in POLICIES:
        assert part(content, "plain", policy) == part(once.content, "plain", policy) == lines_of(put(text))
        assert (
            part(content, "html", policy) == part(once.content, "html", policy) == lines_of(put(html, escape))
        )
    assert not parsed(content).defects
    fits(content, longest=998)


@thorough
@given(subject=one_line, said=one_line)
@example(subject="mot " * 2_500, said="é" * 10_000)
@example(subject="x" * 10_000, said="=?utf-8?q?Bcc=3A?=")
@example(subject="", said="🗞" * 40)
def test_a_header_says_what_it_was_given(subject, said):
    content = filled(
        compiled(subject=f"{subject} {slot('said')}", headers={**HEADERS, "Comments": subject}), said=said
    )
    for policy in POLICIES:
        mail = parsed(content, policy)
        assert mail["Subject"] == f"{subject} {said}"
        assert mail["Comments"] == subject
    fits(content, longest=998)


@thorough
@given(of=one_line)
@example(of='Jeanne, « du » "Courrier" <x@y.z>, Bcc:')
@example(of="=?utf-8?q?x?=")
@example(of="كريم")
@example(of="N" * 10_000)
@example(of="x" + "é" * 10_000)
def test_any_name_fits_into_the_lines_of_to(of):
    content = filled(compiled(headers={"Date": DATE}), of=of)
    assert fits(content)
    (address,) = parsed(content)["To"].addresses
    assert address.addr_spec == "lea@exemple.test"
    assert name_in(content) == of


def name_in(content):
    """The display name in To, its encoded words joined as RFC 2047 §6.2 has it (Python 3.11 leaves gaps between)."""
    words, bracket, _ = email.message_from_bytes(content)["To"].rpartition(" <")
    if "=?" in words:
        return str(make_header(decode_header(words)))
    return parsed(content)["To"].addresses[0].display_name if bracket else ""


@thorough
@given(before=st.text(max_size=20), bad=st.sampled_from("\r\n\0\ud800\udfff"), after=st.text(max_size=20))
@example(before="x", bad="\r\n", after="Bcc: tous@exemple.test")
def test_nothing_is_smuggled_into_a_header(before, bad, after):
    words = before + bad + after
    refused = {
        "To": lambda: filled(of=words),
        "Message-ID": lambda: filled(message_id=words),
        "List-Unsubscribe": lambda: filled(leave=words),
        "Subject": lambda: compiled(subject=words),
        "From": lambda: compiled(sender=f"{words} <a@b.test>"),
        "X-Kind": lambda: compiled(headers={"X-Kind": words}),
        "Reply-To": lambda: compiled(headers={"Reply-To": f"{words} <a@b.test>"}),
    }
    for name, make in refused.items():
        with pytest.raises(UnsafeHeader, match=f"^{name}$"):
            make()
    with pytest.raises(UnsafeHeader, match=r"^To$"):
        filled(address=f"{words}@exemple.test")


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("lea@exämple.test", "lea@xn--exmple-cua.test"),
        ("lea@straße.test", "lea@xn--strae-oqa.test"),
        ("élodie@exämple.test", "élodie@xn--exmple-cua.test"),
        ('"lea martin"@exemple.test', '"lea martin"@exemple.test'),
        ("l" * 64 + "@" + "d." * 95 + "test", "l" * 64 + "@" + "d." * 95 + "test"),
        ("é" * 450 + "@exemple.test", "é" * 450 + "@exemple.test"),
    ],
)
@pytest.mark.parametrize("of", ["", "Léa, du Courrier"])
def test_any_address_fits_into_the_lines_of_to(address, field, of):
    content = filled(compiled(headers={"Date": DATE}), address, of=of)
    raw = re.search(rb"\nTo:((?:.|\n )*?)\r\n(?! )", content).group(1).decode()
    assert raw.endswith(f" <{field}>" if of else f" {field}")
    assert fits(content, longest=998)
    assert content.isascii() == address.partition("@")[0].isascii()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "lea",
        "a@b.test, c@d.test",
        "<a@b.test>",
        "a@b.test>",
        "a b@c.test",
        "a@b@c.test",
        "(a)@b.test",
        'a"b@c.test',
        "=?utf-8?q?a=40b=2Ctest=2C?=@c.test",
        "a@b.test\u2028",
        "a" * 1_000 + "@b.test",
        "é" * 500 + "@b.test",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(UnsafeHeader, match=r"^To$"):
        filled(address=address)


def test_half_a_letter_in_a_body_becomes_a_question_mark():
    assert part(filled(compiled(f"a\ud800{slot('name')}\n"), name="\udfffb"), "plain") == "a??b\n"


def test_the_same_values_make_the_same_bytes():
    assert filled(compiled()) == filled(compiled())


def test_between_two_copies_only_the_slots_differ():
    message = compiled()
    one, other = (
        filled(message).split(b"\r\n"),
        filled(message, name="Ali", message_id="<e1.3@x>").split(b"\r\n"),
    )
    changed = {(a, b) for a, b in zip(one, other, strict=True) if a != b}
    assert changed == {
        (b"Jeanne=", b"Ali="),
        (b"Message-ID: <e1.2.abcdef@courrier.test>", b"Message-ID: <e1.3@x>"),
    }


def test_a_slot_that_nobody_fills_is_an_error():
    with pytest.raises(KeyError, match="leave"):
        compiled().fill("lea@exemple.test", {"name": "Jeanne", "message_id": "<x@y>"})


def test_a_value_opens_no_slot():
    assert part(filled(name=slot("leave")), "plain").startswith(f"Bonjour {slot('leave')},")


def test_what_only_looks_like_a_slot_stays():
    assert part(filled(compiled("slot-0123456789abcdef-leave- 100 %(leave)s")), "plain") == (
        "slot-0123456789abcdef-leave- 100 %(leave)s"
    )


def test_a_percent_sign_beside_a_slot_stays():
    assert parsed(filled(compiled(subject=f"100 % {slot('name')} %(x)s")))["Subject"] == "100 % Jeanne %(x)s"


def test_no_value_ends_a_part():
    border = parsed(filled()).get_boundary()
    attack = f"\r\n--{border}--\r\n\r\n--{border}\r\n"
    content = filled(name=attack)
    assert [sub.get_content_type() for sub in parsed(content).walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert lines_of(attack) in part(content, "plain")
    assert unescape(part(content, "html")).count(border) == 2


def test_a_text_alone_is_one_part():
    content = filled(compiled(f"Bonjour {slot('name')}", html=""))
    assert parsed(content).get_content_type() == "text/plain"
    assert lines_of(parsed(content).get_content()) == "Bonjour Jeanne\n"
    fits(content, longest=998)


@thorough
@given(words, words, words)
@example("", "x" * PIECE, "")
@example("<", "x" * (PIECE + 1), ">")
@example("<", "x" * PIECE + ".", ">")
@example("", "x" * 2 * PIECE, "")
@example("", "x" * 2 * PIECE + "y", "")
@example("", ".", "")
@example("é", "x", "")
@example("=", "?utf-8?q?x?=", "")
@example("=", "?", "")
@example("a b", "x", "c d")
@example("<" * 800, "x" * 2 * PIECE, "")
@example("<" * 970, "x" * 2 * PIECE, "")
def test_a_plain_word_is_written_as_any_value_is(before, word, after):
    found = plain_word(word)
    if found is None:
        return
    assert escape(word) == word
    assert found == (word.encode(), f"{quoted_printable(word)}=\r\n".encode())
    for name in ("To", "List-Unsubscribe", "X-" + "n" * 70):
        around = word_field(name, before, after)
        if around is not None:
            beside, below, end, room = around
            written = (beside if len(word) <= room else below) + word.encode() + end
            assert written == field(name, before + word + after).encode()


@pytest.mark.parametrize(
    "word",
    [
        "",
        "a=b",
        "a&b",
        "a<b",
        "a>b",
        "a'b",
        'a"b',
        "a b",
        "a\n",
        "a\r\nBcc:b",
        "a\0",
        "a\x7f",
        "é",
        "a\ud800",
        ".a",
        "x" * PIECE + ".",
        "x" * 2 * PIECE + "y",
    ],
)
def test_what_is_no_plain_word(word):
    assert plain_word(word) is None


@pytest.mark.parametrize("length", [1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
def test_links_are_plain_words(length):
    assert plain_word("https://courrier.test/unsubscribe/4b1d-_~%2F+.y".ljust(length, "x")[:length])


@pytest.mark.parametrize(("before", "after"), [("=", ""), ("", " b"), ("é", ""), ("\n", ""), ("x" * 800, "")])
def test_what_may_not_stand_around_a_plain_word(before, after):
    assert word_field("X-Link", before, after) is None


@pytest.mark.parametrize(
    "leave",
    [
        "https://x.test/?a=1&b=2",
        "x" * PIECE + ".y",
        "x" * 300,
        "https://x.test/é",
        "https://x.test/'",
        "a b",
        "",
    ],
)
def test_a_link_that_is_no_plain_word_is_in_all_places(leave):
    message = compiled(headers={**HEADERS, "X-Both": f"{slot('leave')} {slot('name')}"})
    for value in (VALUES["leave"], leave, VALUES["leave"]):
        content = filled(message, leave=value)
        assert part(content, "plain") == f"Bonjour Jeanne,\n{value}\n\nQuitter : {value}.\n"
        assert (
            unescape(part(content, "html"))
            == f'<p>Bonjour <b>Jeanne</b>, <a href="{value}">quitter</a>.</p>\n'
        )
        assert parsed(content)["List-Unsubscribe"].strip() == f"<{value}>"
        assert parsed(content)["X-Both"].strip() == f"{value} Jeanne".strip()


def test_of_fields_that_cannot_be_written_the_first_is_told():
    message = compiled(headers={**HEADERS, "Comments": f"é {slot('leave')}", "X-Kind": slot("name")})
    with pytest.raises(UnsafeHeader, match=r"^Message-ID$"):
        filled(message, leave="a\nb", name="a\nb", message_id="a\nb")
    with pytest.raises(UnsafeHeader, match=r"^List-Unsubscribe$"):
        filled(message, leave="a\nb", name="a\nb")


@pytest.mark.parametrize("length", [72, 73])
def test_a_usual_address_is_folded_as_any_is(length):
    address = "@exemple.test".rjust(length, "l")
    assert address_field("To", address) == (
        f"To: {address}\r\n" if length == 72 else f"To:\r\n {address}\r\n"
    )
