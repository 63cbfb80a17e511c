"""What waits for a connection, and what may be written on one."""

import pytest

from depeche.delivery.hand import Begin, Hand, clock
from depeche.delivery.lanes import InHand

pytestmark = pytest.mark.any_database


class SomeLane:
    def __init__(self, *, is_first=False):
        self.is_first = is_first


class Mail(InHand):
    def make(self):
        return b"Bonjour."


def mails(lane, count=4, domain="exemple.test"):
    made = [Mail(lane, key, "redaction@depeche.test", f"r{key}@{domain}") for key in range(count)]
    for one in made:
        one.prepare()
    return made


@pytest.fixture
def hand():
    made = Hand(8)
    made.held_until = clock() + 60
    return made


@pytest.fixture
def bulk(hand):
    """Of which the first is written by this thread, and the second stands behind it."""
    messages = mails(SomeLane())
    hand.put(messages)
    assert hand.take(only_first=False) is messages[0]
    assert hand.take(only_first=False) is messages[1]
    assert hand.begin(messages[0]) is Begin.YES
    return messages


def test_one_step_is_what_three_are(hand, bulk):
    assert hand.advance(bulk[0], bulk[1]) is bulk[2]
    assert hand.here() == [bulk[3], bulk[2]], "the one that waits, and the one that is offered"
    assert hand.withhold(bulk) == [bulk[3], bulk[2]], "what is written can be held back no more"
    assert hand.advance(bulk[1], bulk[2]) is None


def test_where_anything_is_not_as_usual_nothing_happens(hand, bulk):
    def is_left():
        return hand.advance(bulk[0], bulk[1]) is None and hand.here() == here

    here = hand.here()
    held_until, hand.held_until = hand.held_until, clock() - 1
    assert is_left(), "the lease ended"
    hand.held_until = held_until
    bulk[2]._content = None
    assert is_left(), "the next is not made"
    bulk[2].prepare()
    urgent = mails(SomeLane(is_first=True), 1)
    urgent[0]._content = None
    hand.put(urgent)
    here = hand.here()
    assert is_left(), "somebody waits for a mail that is to be made"
    assert hand.take_out(urgent.__contains__) == urgent
    hand.withhold([bulk[1]])
    here = hand.here()
    assert is_left(), "who is next left meanwhile"
    assert hand.begin(bulk[1]) is Begin.WITHHELD


def test_what_somebody_waits_for_comes_next(hand, bulk):
    urgent = mails(SomeLane(is_first=True), 2)
    hand.put(urgent)
    assert hand.advance(bulk[0], bulk[1]) is urgent[0]
    assert hand.advance(bulk[1], urgent[0]) is urgent[1]
    assert hand.advance(urgent[0], urgent[1]) is bulk[2]
    assert hand.advance(urgent[1], bulk[2]) is bulk[3]


def test_with_nothing_behind_it_each_step_is_its_own(hand, bulk):
    hand.take_out(set(bulk[2:]).__contains__)
    assert hand.advance(bulk[0], bulk[1]) is None
    assert hand.here() == [bulk[1]]
    assert hand.begin(bulk[1]) is Begin.YES


def test_once_closed_it_gives_out_nothing(hand, bulk):
    hand.close()
    assert hand.advance(bulk[0], bulk[1]) is None
    assert hand.here() == [bulk[2], bulk[3], bulk[1]]


def test_how_quick_a_domain_is_is_learnt_from_each(hand, bulk):
    hand.advance(bulk[0], bulk[1])
    assert hand._bulk._domains["exemple.test"].took_s is not None
