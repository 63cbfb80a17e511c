"""Paces that are set, and slots that are reserved by them."""

import datetime as dt

import pytest
from django.utils import timezone

from depeche.delivery import pace
from depeche.delivery.models import Pace
from depeche.delivery.pace import FALLBACK, MAIN, Of, Rate, Table, UnclearDomain

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
A = Of(domain="a.test")


def set_(rate, of=A, **more):
    return pace.set_pace(Rate(*rate), of=of, by=None, **more)


def reserve(rows, number, *, at, later=100):
    return pace.reserve([[row.pk for row in rows]] * number, at=at, later=later)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (" Exemple.FR ", "exemple.fr"),
        ("@exämple.de", "xn--exmple-cua.de"),
        ("straße.test.", "xn--strae-oqa.test"),
    ],
)
def test_a_domain_is_kept_in_one_form(words, key):
    assert pace.domain_key(words) == key


@pytest.mark.parametrize("words", ["", "*.exemple.fr", "a b.fr", "..", "lea@exemple.fr", "x" * 300, "\0"])
def test_what_is_no_domain_is_refused(words):
    with pytest.raises(UnclearDomain):
        pace.domain_key(words)


def test_subdomains_count_only_where_it_is_said():
    row = set_((1, 60), Of(domain="xn--exmple-cua.de"))
    assert Table([row]).of_domain("EXÄMPLE.de") == (row,)
    assert Table([row]).of_domain("mail.exämple.de") == ()
    row = set_((1, 60), Of(domain="xn--exmple-cua.de"), has_subdomains=True)
    assert Table([row]).of_domain("mail.exämple.de") == (row,)
    assert Table([row]).of_domain("andere-exämple.de") == ()
    assert Table([row]).of_domain("not a domain") == ()


def test_slots_follow_each_other_and_what_comes_late_gets_its_place_in_the_line():
    row, at = set_((2, 1)), timezone.now()
    slots = reserve([row], 5, at=at)
    assert [slot.is_granted for slot in slots] == [True, True, False, False, False]
    first = slots[0].at
    assert [(slot.at - first).total_seconds() for slot in slots] == pytest.approx(
        [0, 0.5, 1, 1.5, 2], abs=0.01
    )
    (again,) = reserve([row], 1, at=at)
    assert (again.at - first).total_seconds() == pytest.approx(2.5, abs=0.01)
    assert reserve([row], 1, at=at + 3 * SECOND)[0] == (at + 3 * SECOND, True)


def test_a_slot_that_was_missed_is_not_made_up_for():
    row, at = set_((10, 1)), timezone.now()
    reserve([row], 1, at=at)
    later = reserve([row], 100, at=at + 60 * SECOND)
    assert sum(slot.is_granted for slot in later) == 10


def test_a_message_keeps_all_its_paces_and_takes_no_slot_where_one_says_no():
    slow, fast, at = set_((1, 60)), set_((10, 1), Of(domain="b.test")), timezone.now() + SECOND
    assert reserve([slow], 1, at=at)[0].is_granted
    both = reserve([slow, fast], 3, at=at)
    assert not any(slot.is_granted for slot in both)
    assert sum(slot.is_granted for slot in reserve([fast], 20, at=at)) == 10


def test_no_more_wait_in_hand_than_there_is_room_for():
    row, at = set_((50, 1)), timezone.now()
    assert sum(slot.is_granted for slot in reserve([row], 50, at=at, later=5)) == 11 + 5


def test_slots_of_a_transport_are_never_given_twice():
    row, at = set_((10, 1), Of(transport=MAIN)), timezone.now()
    first = pace.reserve_many(row.pk, 4, at=at, later=100)
    second = pace.reserve_many(row.pk, 100, at=at, later=100)
    assert [len(first), len(second)] == [4, 6]
    assert len({*first, *second}) == 10
    assert pace.reserve_many(row.pk, 1, at=at, later=100) == []


def test_what_waits_for_no_slot_takes_one_all_the_same():
    row, at = set_((10, 1)), timezone.now()
    pace.count([[row.pk], [row.pk], []], at=at)
    row.refresh_from_db()
    assert row.next_at - at == 0.2 * SECOND


def test_setting_anew_and_clearing_change_what_holds(editor):
    set_((30, 60))
    set_((5, 1), Of(transport=MAIN))
    assert pace.per_minute("A.test") == 30
    assert pace.per_minute("b.test") == 300
    assert pace.per_minute("b.test", transport=FALLBACK) is None
    set_((60, 60))
    assert Pace.objects.get(domain="a.test").revision == 2
    assert [(one.of, one.per_minute) for one in pace.limits()] == [(Of(transport=MAIN), 300), (A, 60)]
    assert pace.clear(of=A, by=editor)
    assert not pace.clear(of=A, by=editor)
    assert pace.per_minute("a.test") == 300


def test_a_domain_that_refused_resumes_at_half_its_rate_and_gains_from_there():
    at = timezone.now()
    until = at + 15 * SECOND
    pace.learn("a.test", until=until, had=lambda: 120.0, at=at)
    pace.learn("a.test", until=until + 60 * SECOND, had=lambda: 2.0, at=at)  # another worker tells the same
    row = Pace.objects.get(domain="a.test")
    assert (row.next_at, row.learned_per_minute) == (until, 60)
    assert not reserve([row], 1, at=at)[0].is_granted
    assert row.learned(until) == 60
    assert row.learned(until + 300 * SECOND) == pytest.approx(120)
    pace.forget(until + 3500 * SECOND)
    assert Pace.objects.exists()
    assert row.interval_s(until + 3700 * SECOND) == 0
    pace.forget(until + 3700 * SECOND)
    assert not Pace.objects.exists()


def test_what_was_learned_is_halved_again_but_never_to_nothing():
    at = timezone.now()
    for number in range(12):
        now = at + number * 60 * SECOND
        pace.learn("a.test", until=now + SECOND, had=lambda: 0.0, at=now)
    assert Pace.objects.get().learned_per_minute == pace.SLOWEST_LEARNED


def test_what_a_person_sets_ends_what_was_learned():
    pace.learn("a.test", until=timezone.now(), had=lambda: 10.0, at=timezone.now())
    assert pace.limits()[0].is_learned
    set_((30, 60))
    (limit,) = pace.limits()
    assert (limit.is_learned, limit.per_minute) == (False, 30)
