"""An edition that readers call spam, or that is refused for how it is sent, pauses by itself; other reports stop nothing."""

import pytest
from django.utils import timezone

from depeche.delivery import mail_reports
from depeche.delivery.mail_reports import Report
from depeche.delivery.models import State
from depeche.delivery.outside import Kind
from depeche.newsletters import actions, control, heeding
from depeche.newsletters.models import Edition, EditionDelivery, EditionState
from depeche.newsletters.progress import progress
from depeche.subscribers.models import Subscriber, Subscription

pytestmark = pytest.mark.django_db

READERS = 1_010


@pytest.fixture
def edition(newsletter, compose, editor):
    """On its way to 1,010 readers; 1,000 copies left."""
    at = timezone.now()
    Subscriber.objects.bulk_create(
        Subscriber(address=a, address_key=a, address_hash=f"1:{a}", language="fr", created_at=at)
        for a in (f"lecteur{n}@exemple.test" for n in range(READERS))
    )
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=one, newsletter=newsletter, state="confirmed", requested_at=at, confirmed_at=at
        )
        for one in Subscriber.objects.all()
    )
    edition = actions.send(compose(), by=editor)
    assert edition.deliveries.count() == READERS
    leave(1_000)
    return edition


def leave(count):
    waiting = EditionDelivery.objects.filter(state=State.PENDING).values("pk")[:count]
    EditionDelivery.objects.filter(pk__in=waiting).update(state=State.SENT, finished_at=timezone.now())


def hear(edition, kind, count, *, first=0, status=""):
    about = actions.about(edition.pk)
    for number in range(first, first + count):
        one = f"lecteur{number}@exemple.test"
        mail_reports.hear(Report(kind, one, timezone.now(), f"{kind}{number}", about=about, status=status))


def now(edition):
    return Edition.objects.get(pk=edition.pk)


def codes(edition):
    return [why.code for why in progress(now(edition)).why if why.code not in ("pace", "trouble", "detour")]


@pytest.mark.parametrize(
    ("complaints", "state", "told"),
    [
        (0, EditionState.SENDING, []),
        (1, EditionState.SENDING, []),  # 0.1 %, and one reader
        (2, EditionState.SENDING, ["complaints"]),
        (3, EditionState.PAUSED, ["paused", "complaints"]),  # 0.3 %
        (4, EditionState.PAUSED, ["paused", "complaints"]),
    ],
)
def test_complaints_warn_and_then_pause(edition, complaints, state, told):
    hear(edition, Kind.COMPLAINT, complaints)
    heeding.heed()
    assert now(edition).state == state
    assert codes(edition) == told


def test_in_a_large_edition_it_takes_as_large_a_part(edition):
    later = EditionDelivery.objects.filter(state=State.PENDING)
    later.update(state=State.SENT, finished_at=timezone.now())
    EditionDelivery.objects.filter(pk=edition.deliveries.first().pk).update(state=State.PENDING)
    hear(edition, Kind.COMPLAINT, 3)  # of 1,009: less than 0.3 %
    assert heeding.heed() == 0
    hear(edition, Kind.COMPLAINT, 1, first=3)
    assert heeding.heed() == 1


def test_it_pauses_at_once_not_only_when_somebody_looks(edition, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        hear(edition, Kind.COMPLAINT, 4)
    assert now(edition).state == EditionState.PAUSED


@pytest.mark.parametrize("kind", [Kind.DEAD, Kind.SOFT, Kind.LEAVES])
def test_what_is_about_a_mailbox_stops_nothing(edition, kind):
    hear(edition, kind, 30)
    assert heeding.heed() == 0
    assert codes(edition) == []


@pytest.mark.parametrize(("refusals", "pauses"), [(1, 0), (9, 0), (10, 1)])
def test_refusals_of_us_say_what_to_mend_and_then_pause(edition, refusals, pauses):
    hear(edition, Kind.OURS, refusals, status="5.7.26")
    assert heeding.heed() == pauses
    told = progress(now(edition)).why
    refused = next(why for why in told if why.code == "refused")
    assert "SPF" in refused.sentence
    assert refused.words == "5.7.26"
    assert ("paused" in codes(edition)) == bool(pauses)


def test_who_resumes_it_is_believed_until_more_comes(edition, editor):
    hear(edition, Kind.COMPLAINT, 4)
    heeding.heed()
    control.resume(now(edition), by=editor)
    assert heeding.heed() == 0
    hear(edition, Kind.COMPLAINT, 2, first=4)
    assert heeding.heed() == 0
    hear(edition, Kind.COMPLAINT, 2, first=6)
    assert heeding.heed() == 1
    assert now(edition).complaints_known == 8


def test_what_a_person_paused_stays_theirs(edition, editor):
    control.pause(now(edition), by=editor, because="une erreur")
    hear(edition, Kind.COMPLAINT, 4)
    assert heeding.heed() == 0
    assert now(edition).paused_because == "une erreur"


def test_one_that_is_through_still_says_so(edition):
    Edition.objects.filter(pk=edition.pk).update(state=EditionState.SENT, sent_at=timezone.now())
    hear(edition, Kind.COMPLAINT, 4)
    assert heeding.heed() == 0
    assert codes(edition) == ["complaints"]


def test_another_edition_goes_on(edition, compose, editor):
    hear(edition, Kind.COMPLAINT, 4)
    other = actions.send(compose(), by=editor)
    heeding.heed()
    assert (now(edition).state, now(other).state) == (EditionState.PAUSED, EditionState.SENDING)


def test_a_complaint_by_a_provider_is_about_the_newest_edition(edition, subscribe):
    copy = edition.deliveries.filter(state=State.SENT).first()
    address = copy.subscription.subscriber.address
    mail_reports.hear(Report(Kind.COMPLAINT, address, timezone.now(), "by a provider"))
    assert mail_reports.told_of(actions.about(edition.pk)) == {Kind.COMPLAINT: 1}
