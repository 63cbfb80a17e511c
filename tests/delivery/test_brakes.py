"""When delivery stops for a while, and for whom."""

import itertools

import pytest

from depeche.delivery import brakes
from depeche.delivery.brakes import Brakes
from depeche.delivery.models import State
from depeche.delivery.smtp.outcomes import Fault, SmtpOutcome, Stage

SENT = SmtpOutcome(State.SENT, Stage.BODY, Fault.NOBODY, "250")
LATER = SmtpOutcome(State.DEFERRED, Stage.RCPT, Fault.SERVER, "421 4.7.28 slow down")
NOBODY = SmtpOutcome(State.FAILED, Stage.RCPT, Fault.RECIPIENT, "550 5.1.1")
OURS = SmtpOutcome(State.FAILED, Stage.BODY, Fault.SENDER, "550 5.7.515")
UNKNOWN = SmtpOutcome(State.UNCERTAIN, Stage.BODY, Fault.SERVER, "")
DOWN = SmtpOutcome(State.PENDING, Stage.CONNECT, Fault.SERVER, "refused")


@pytest.fixture
def now(monkeypatch):
    class Now:
        at = 1000.0

    monkeypatch.setattr(brakes, "clock", lambda: Now.at)
    return Now


def test_a_domain_that_refuses_for_now_rests_and_the_others_do_not(now):
    found = Brakes()
    for _ in range(3):
        found.note("un.test", LATER)
        found.note("deux.test", SENT)
    assert found.domain_until("un.test") > now.at
    assert found.domain_until("deux.test") <= now.at
    assert found.all_until() <= now.at


def test_one_taken_in_between_is_no_reason_to_rest(now):
    found = Brakes()
    for outcome in (LATER, LATER, SENT, LATER, LATER):
        found.note("un.test", outcome)
    assert found.domain_until("un.test") <= now.at


def test_mailboxes_that_do_not_exist_are_no_reason_to_rest(now):
    found = Brakes()
    for _ in range(50):
        found.note("un.test", NOBODY)
    assert found.domain_until("un.test") <= now.at
    assert found.all_until() <= now.at


@pytest.mark.parametrize(("outcome", "times"), [(OURS, 5), (UNKNOWN, 2), (DOWN, 1)])
def test_what_is_wrong_with_us_or_the_server_stops_everything(now, outcome, times):
    found = Brakes()
    for number in range(times):
        assert found.all_until() <= now.at
        found.note(f"d{number}.test", outcome)
    assert found.all_until() > now.at


def test_pauses_double_until_something_is_taken(now):
    found, pauses = Brakes(), []
    for _ in range(12):
        found.note("un.test", DOWN)
        pauses.append(found.all_until() - now.at)
        now.at = found.all_until() + 1
    assert pauses[0] < 20
    assert all(later > earlier for earlier, later in itertools.pairwise(pauses[:6]))
    assert max(pauses) <= brakes.LONGEST_PAUSE_S * 1.2
    found.note("un.test", SENT)
    found.note("un.test", DOWN)
    assert found.all_until() - now.at < 20


def test_answers_to_what_was_under_way_make_no_pause_longer(now):
    found = Brakes()
    for _ in range(8):
        found.note("un.test", DOWN)
    assert found.all_until() - now.at < 20
