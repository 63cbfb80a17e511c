"""What comes back of mail is taken for what it is: samples in the shapes of many programs, and what breaks them."""

import csv
from email import message_from_bytes
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from depeche.delivery.returned import Kind, Told, What, classify, classifying, kind_of
from depeche.delivery.returned.judging import reply_of

SAMPLES = Path(__file__).parent / "returned_samples"
TOKEN = "retours+e41.0123456789abcdef@bounces.exemple.test"
ABOUT = "<e7.41.fedcba9876543210@journal.exemple.test>"


def _expected():
    with (SAMPLES / "expected.csv").open(newline="") as file:
        return {row["sample"]: (row["what"], row["told"]) for row in csv.DictReader(file)}


EXPECTED = _expected()


def raw(name):
    return (SAMPLES / f"{name}.eml").read_bytes()


def shown(told):
    """« lea@exemple.test hard 5.1.1|… », as the table has it."""
    return "|".join(" ".join(filter(None, [one.recipient or "-", one.kind, one.status])) for one in told)


def test_the_table_names_each_sample_and_no_other():
    assert {path.stem for path in SAMPLES.glob("*.eml")} == set(EXPECTED)
    assert len(EXPECTED) >= 60


@pytest.mark.parametrize("name", EXPECTED)
def test_it_is_taken_for_what_it_is(name):
    found = classify(raw(name))
    assert (found.what.value, shown(found.told)) == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_its_words_can_be_kept_and_shown(name):
    for one in classify(raw(name)).told:
        assert len(one.words) <= 300
        assert one.words.isprintable()


@pytest.mark.parametrize(
    "name", [name for name, (what, told) in EXPECTED.items() if told and what != "unrelated"]
)
def test_it_names_the_mail_it_is_about(name):
    found = classify(raw(name))
    with_original = b"Message-ID: " + ABOUT.encode() in raw(name)
    assert found.message_id == (ABOUT if with_original else "")
    assert TOKEN in found.addresses


@pytest.mark.parametrize(
    ("words", "status", "kind"),
    [
        ("550 5.1.1 user unknown", "", Kind.HARD),
        ("550 5.1.1 user unknown", "5.0.0", Kind.HARD),
        ("user unknown", "5.1.1", Kind.HARD),
        ("450 4.1.1 user unknown", "", Kind.SOFT),  # not for good
        ("550 5.1.7 bad sender address", "", Kind.OURS),
        ("550 5.1.8 bad sender domain", "", Kind.OURS),
        ("550 5.1.1 blocked, see our block list", "", Kind.OURS),
        ("550 5.1.1 mailbox full", "", Kind.SOFT),
        ("550 5.2.1 disabled", "", Kind.HARD),
        ("552 5.2.2 full", "", Kind.SOFT),
        ("552 5.2.3 longer than this mailbox takes", "", Kind.OURS),
        ("550 5.6.7 no UTF-8 addresses", "", Kind.SOFT),
        ("550 5.7.1 refused", "", Kind.OURS),
        ("550 5.7.17 this mailbox changed hands", "", Kind.HARD),
        ("550 5.7.515 access denied", "", Kind.OURS),
        ("421 4.7.0 too many", "", Kind.OURS),  # until the report gave up
        ("421 try later", "", Kind.SOFT),
        ("554 relay access denied", "", Kind.OURS),
        ("554 no", "", Kind.OURS),
        ("550 no", "", Kind.SOFT),
        ("550 no such user", "", Kind.HARD),
        ("550 5.5.0 mailbox unavailable", "", Kind.SOFT),
        ("451 4.3.0 queue file write error", "", Kind.SOFT),
        ("", "", Kind.SOFT),
        ("192.0.2.5 said 5.1.1.9", "", Kind.SOFT),  # numbers that are no code
    ],
)
def test_what_a_refusal_says_of_the_address(words, status, kind):
    assert kind_of(reply_of(words, status)) is kind


def test_who_wrote_it_is_not_what_it_says():
    forged = raw("qmail-no-mailbox").replace(b"From: MAILER-DAEMON@", b"From: Lea <lea@")
    assert classify(forged).what is What.UNRELATED


def test_what_is_large_is_read_from_its_beginning():
    large = raw("postfix-unknown-user") + b"A" * 12_000_000
    assert classify(large).told[0].kind is Kind.HARD
    assert classify(b"Subject: x\n\n" + b"\xff" * 12_000_000).what is What.UNRELATED


def test_nests_without_end_are_left_alone():
    nest = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3000))
    assert classify(nest).what is What.UNRELATED


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(sorted(EXPECTED)),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 400), st.binary(max_size=40)), max_size=4),
)
def test_no_damage_raises(name, damages):
    damaged = raw(name)
    for start, length, instead in damages:
        damaged = damaged[:start] + instead + damaged[start + length :]
    for one in classify(damaged).told:
        assert isinstance(one, Told)
        assert len(one.words) <= 300
    classifying._classified(message_from_bytes(damaged.replace(b"\0", b" ")))  # not even inside
