"""Who may not be written to, in the transactional lane: each rule, and the case beside it that it leaves alone."""

import re
from pathlib import Path

import pytest
from django.core.mail import EmailMessage  # noqa: TID251 - as Django's own parts do
from django.utils import timezone

from depeche import journal, keys
from depeche.delivery import actions as delivery
from depeche.delivery import suppression
from depeche.delivery.lanes import TRANSACTIONAL
from depeche.delivery.models import Reason, Suppression, TransactionalMessage
from depeche.delivery.suppression import RULES, blocked, lift, lift_by_desk, lift_by_opt_in, suppress

pytestmark = pytest.mark.django_db

ADDRESS, OTHER = "lea@exemple.test", "ali@exemple.test"
LETTER, ANOTHER = "newsletter:aa", "newsletter:bb"

MAY_GO = {
    Reason.ERASED: {"confirmation", "rights"},
    Reason.OBJECTION: {"confirmation", "rights", "service"},
    Reason.COMPLAINT: {"confirmation", "rights", "service"},
    Reason.HARD_BOUNCE: {"confirmation"},
    Reason.SOFT_BOUNCE: {"confirmation", "rights", "service"},
    Reason.UNSUBSCRIBED: {"repermission", "confirmation", "rights", "service"},
}


def stop(reason, address=ADDRESS, **options):
    suppress(address, reason, scope=LETTER if reason == Reason.UNSUBSCRIBED else "", **options)


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("purpose", suppression.PURPOSES)
def test_each_reason_lets_through_what_its_rule_says(reason, purpose):
    stop(reason)
    found = blocked([ADDRESS, OTHER], purpose=purpose, scope=LETTER)
    assert found == ({} if purpose in MAY_GO[reason] else {ADDRESS: reason})


def test_leaving_one_newsletter_leaves_the_others():
    suppress(ADDRESS, Reason.UNSUBSCRIBED, scope=LETTER)
    assert not suppression.may_be_written_to(ADDRESS, purpose="newsletter", scope=LETTER)
    assert not suppression.may_be_written_to(ADDRESS, purpose="correction", scope=LETTER)
    assert suppression.may_be_written_to(ADDRESS, purpose="newsletter", scope=ANOTHER)


def test_leaving_says_what_is_left():
    with pytest.raises(ValueError, match="needs a scope"):
        suppress(ADDRESS, Reason.UNSUBSCRIBED)
    with pytest.raises(ValueError, match="no such purpose"):
        blocked([ADDRESS], purpose="advertising")


@pytest.mark.parametrize("spelling", ["LEA@exemple.test", "  lea@Exemple.TEST\n"])
def test_an_address_is_known_however_it_is_spelt(spelling):
    suppress(ADDRESS, Reason.COMPLAINT)
    assert blocked([spelling], purpose="newsletter") == {spelling: Reason.COMPLAINT}


def test_the_gravest_reason_is_told():
    for reason in (Reason.HARD_BOUNCE, Reason.ERASED, Reason.COMPLAINT):
        suppress(ADDRESS, reason)
    assert blocked([ADDRESS], purpose="newsletter") == {ADDRESS: Reason.ERASED}
    assert blocked([ADDRESS], purpose="service") == {ADDRESS: Reason.ERASED}
    assert blocked([ADDRESS], purpose="rights") == {ADDRESS: Reason.HARD_BOUNCE}


@pytest.mark.parametrize("reason", Reason)
def test_a_confirmed_double_opt_in_lifts_it(reason):
    stop(reason)
    stop(reason, OTHER)
    assert lift_by_opt_in(ADDRESS, scope=LETTER) == 1
    assert list(blocked([ADDRESS, OTHER], purpose="newsletter", scope=LETTER)) == [OTHER]


def test_opting_in_to_one_newsletter_lifts_no_other():
    for scope in (LETTER, ANOTHER):
        suppress(ADDRESS, Reason.UNSUBSCRIBED, scope=scope)
    lift_by_opt_in(ADDRESS, scope=ANOTHER)
    assert blocked([ADDRESS], purpose="newsletter", scope=LETTER)
    assert not blocked([ADDRESS], purpose="newsletter", scope=ANOTHER)


@pytest.mark.parametrize("reason", Reason)
def test_the_desk_lifts_a_bounce_and_nothing_else(reason):
    stop(reason)
    if reason in (Reason.HARD_BOUNCE, Reason.SOFT_BOUNCE):
        assert lift_by_desk(ADDRESS, reason, by="morel") == 1
        assert Suppression.objects.get().lifted_by == "morel"
    else:
        with pytest.raises(suppression.NotTheirsToLift):
            lift_by_desk(ADDRESS, reason, by="morel")
        assert blocked([ADDRESS], purpose="newsletter", scope=LETTER)


def test_twice_is_once_and_again_after_a_lift_is_new(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        suppress(ADDRESS, Reason.COMPLAINT)
        suppress(ADDRESS, Reason.COMPLAINT)
        lift(ADDRESS, reasons=[Reason.COMPLAINT], by="reader")
        suppress(ADDRESS, Reason.COMPLAINT)
    assert Suppression.objects.count() == 2
    assert [record["kind"] for record in journal.records()] == ["suppressed", "lifted", "suppressed"]
    assert ADDRESS not in journal.file().read_text()


def test_it_holds_after_the_key_was_rotated(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        suppress(ADDRESS, Reason.COMPLAINT)
        keys.rotate()
        assert blocked([ADDRESS], purpose="newsletter")
        suppress(ADDRESS, Reason.COMPLAINT)
        assert Suppression.objects.count() == 1
        assert lift(ADDRESS, reasons=[Reason.COMPLAINT], by="reader") == 1
    kept = [record["address"] for record in journal.records("suppressed", "lifted")]
    assert kept[0] == kept[1], "the journal names the hash the row stands by"
    assert not blocked([ADDRESS], purpose="newsletter")


def test_a_batch_is_one_question(django_assert_num_queries):
    many = [f"reader{number}@exemple.test" for number in range(500)]
    suppress(many[7], Reason.COMPLAINT)
    with django_assert_num_queries(1):
        assert list(blocked(many, purpose="newsletter")) == [many[7]]


def test_the_rules_cover_every_reason():
    assert set(RULES) == set(Reason)
    assert {reason: set(rule.may_go) for reason, rule in RULES.items()} == MAY_GO


def mail(purpose="service", address=ADDRESS):
    return delivery.send(
        sender="a@depeche.test", recipient=address, subject="s", text="secret", purpose=purpose
    )


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("purpose", ["confirmation", "rights", "service"])
def test_a_mail_is_held_back_when_it_is_asked_for(reason, purpose, mailroom):
    stop(reason)
    row = mail(purpose)
    if purpose in MAY_GO[reason]:
        assert len(mailroom.deliver()) == 1
    else:
        assert (row.state, row.reply, bytes(row.content)) == ("suppressed", f"suppressed: {reason}", b"")
        assert row.finished_at
        assert not mailroom.deliver()


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("purpose", ["confirmation", "rights", "service"])
def test_a_mail_that_waits_is_held_back_before_it_is_handed_over(reason, purpose, mailroom):
    row = mail(purpose)
    stop(reason)
    caught = mailroom.deliver()
    row.refresh_from_db()
    if purpose in MAY_GO[reason]:
        assert row.state == "sent"
        assert len(caught) == 1
    else:
        assert not caught
        assert (row.state, row.reply, bytes(row.content)) == ("suppressed", f"suppressed: {reason}", b"")


def test_a_mail_to_whoever_was_erased_leaves_no_address():
    waiting = mail()
    suppress(ADDRESS, Reason.ERASED)
    mail()
    assert not TRANSACTIONAL.lease(5, worker="w1", at=timezone.now())
    waiting.refresh_from_db()
    assert waiting.state == "suppressed"
    assert [(row.state, row.recipient, row.recipient_key) for row in TransactionalMessage.objects.all()] == [
        ("suppressed", "", ""),
        ("suppressed", "", ""),
    ]


def test_others_are_written_to(mailroom):
    suppress(ADDRESS, Reason.HARD_BOUNCE)
    mail(address=OTHER)
    assert [message["To"] for message in mailroom.deliver()] == [OTHER]


def test_mails_of_django_are_service(mailroom):
    suppress(ADDRESS, Reason.COMPLAINT)
    suppress(OTHER, Reason.HARD_BOUNCE)
    EmailMessage("s", "t", "a@depeche.test", [ADDRESS, OTHER]).send()
    assert len(mailroom.deliver()) == 1
    assert {row.recipient: row.state for row in TransactionalMessage.objects.all()} == {
        ADDRESS: "sent",
        OTHER: "suppressed",
    }


def test_a_purpose_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="no such purpose"):
        mail("advertising")
    assert not TransactionalMessage.objects.exists()


def test_the_reference_tells_the_same_rules():
    page = (Path(__file__).parents[2] / "docs/reference/suppression.md").read_text()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines()]
    told = {row[0].strip("`"): row for row in rows if row[0].strip("`") in set(Reason) and len(row) == 5}
    assert list(told) == [reason.value for reason in RULES], "in the order of gravity"
    for reason, rule in RULES.items():
        _name, about, may_go, lifted_by, who = told[reason]
        assert about == ("one newsletter" if rule.is_scoped else "the address")
        assert set(re.findall(r"`(\w+)`", may_go)) == rule.may_go
        assert set(lifted_by.split(" or ")) == rule.lifted_by
        assert who == rule.who


def test_hashes_that_are_kept_are_those_that_would_be_made():
    addresses = ["lea@exemple.test", "Marc@Exemple.test"]
    made = keys.address_hashes_of(addresses)
    assert keys.address_hashes_of(addresses, kept=[one for (one,) in made]) == made
    assert keys.address_hashes_of(addresses, kept=["", "0:of an older key"]) == made
    keys.rotate()
    every = keys.address_hashes_of(addresses)
    assert [len(hashes) for hashes in every] == [2, 2]
    assert keys.address_hashes_of(addresses, kept=[one for one, *_older in every]) == every
