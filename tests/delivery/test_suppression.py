"""Who may not be written to, in the transactional lane: each rule, and the case beside it that it leaves alone."""

import pytest

from depeche import journal, keys
from depeche.delivery import suppression
from depeche.delivery.models import Reason, Suppression
from depeche.delivery.suppression import RULES, blocked, lift, lift_by_desk, lift_by_opt_in, suppress

pytestmark = pytest.mark.django_db

ADDRESS, OTHER = "lea@exemple.test", "ali@exemple.test"
LETTER, ANOTHER = "newsletter:aa", "newsletter:bb"

MAY_GO = {
    Reason.ERASED: {"confirmation", "rights"},
    Reason.OBJECTION: {"confirmation", "rights", "service"},
    Reason.COMPLAINT: {"confirmation", "rights", "service"},
    Reason.HARD_BOUNCE: {"confirmation"},
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
    if reason == Reason.HARD_BOUNCE:
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
