"""The desk asks about one address, and lifts what the rule leaves to it."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.text import capfirst
from wagtail.models import ModelLogEntry

from depeche.delivery import bulk_lock, suppression
from depeche.delivery.models import Doubt, JournalMark, Reason, Suppression
from depeche.newsroom.models import Role

pytestmark = pytest.mark.django_db

PAGE = "/admin/suppressed-addresses/"
ADDRESS = "lea@exemple.test"


@pytest.fixture
def colleague(newsroom, django_user_model):
    def _colleague(role):
        user = django_user_model.objects.create_user(
            str(role), f"{role}@depeche.test", "un long mot de passe"
        )
        user.groups.add(Group.objects.get(pk=Role.objects.get(key=role).group_id))
        return user

    return _colleague


@pytest.fixture
def desk(colleague, client, settings):
    settings.SECOND_FACTOR = "offered"
    client.force_login(colleague(Role.Key.SUBSCRIBER_DESK))
    return client


def test_an_address_is_looked_up_by_its_hash(desk, newsletter):
    suppression.suppress(ADDRESS, Reason.UNSUBSCRIBED, scope=newsletter.purpose)
    suppression.suppress(ADDRESS, Reason.COMPLAINT)
    page = desk.post(PAGE, {"address": ADDRESS.upper()})
    text = page.content.decode()
    assert newsletter.name in text
    assert capfirst(str(Reason.COMPLAINT.label)) in text
    assert "no-store" in page["Cache-Control"]
    other = desk.post(PAGE, {"address": "ali@exemple.test"}).content.decode()
    assert 'class="listing"' not in other


def test_the_page_lists_nobody(desk):
    suppression.suppress(ADDRESS, Reason.COMPLAINT)
    assert Suppression.objects.get().address_hash not in desk.get(PAGE).content.decode()


def test_the_desk_lifts_a_bounce_in_two_steps(desk):
    suppression.suppress(ADDRESS, Reason.HARD_BOUNCE)
    asked = {"address": ADDRESS, "reason": "hard_bounce"}
    assert b'name="confirmed"' in desk.post(PAGE, asked).content
    assert not suppression.may_be_written_to(ADDRESS, purpose="service"), "asking lifts nothing"
    desk.post(PAGE, {**asked, "confirmed": "1"})
    assert suppression.may_be_written_to(ADDRESS, purpose="service")
    entry = ModelLogEntry.objects.get(action="depeche.lift_suppression")
    assert ADDRESS not in f"{entry.label} {entry.data}"
    assert Suppression.objects.get().lifted_by == entry.user.get_username()
    again = desk.post(PAGE, {**asked, "confirmed": "1"})
    assert again.status_code == 200
    assert ModelLogEntry.objects.filter(action="depeche.lift_suppression").count() == 1


@pytest.mark.parametrize("reason", [Reason.COMPLAINT, Reason.ERASED, Reason.OBJECTION])
def test_the_desk_lifts_nothing_else(desk, reason):
    suppression.suppress(ADDRESS, reason)
    asked = {"address": ADDRESS, "reason": str(reason)}
    assert b'name="reason"' not in desk.post(PAGE, {"address": ADDRESS}).content
    assert b'name="confirmed"' not in desk.post(PAGE, asked).content
    desk.post(PAGE, {**asked, "confirmed": "1"})
    assert not suppression.may_be_written_to(ADDRESS, purpose="newsletter")


def test_who_may_not_see_readers_may_not_ask(colleague, client, settings):
    settings.SECOND_FACTOR = "offered"
    client.force_login(colleague(Role.Key.PUBLISHER))
    suppression.suppress(ADDRESS, Reason.HARD_BOUNCE)
    for data in ({"address": ADDRESS}, {"address": ADDRESS, "reason": "hard_bounce", "confirmed": "1"}):
        assert client.post(PAGE, data).status_code in (302, 403)
    assert not suppression.may_be_written_to(ADDRESS, purpose="service")


@pytest.mark.parametrize(
    "address",
    ["", "x", "a\0@exemple.test", "a@exemple.test\r\nBcc: b@exemple.test", "é" * 5000, "<b>@x", "\u202ea@b"],
)
def test_what_is_no_address_is_told_so(desk, address):
    page = desk.post(PAGE, {"address": address, "reason": "hard_bounce", "confirmed": "1"})
    assert page.status_code == 200
    assert page.context["form"].errors["address"]
    assert b"error-message" in page.content


def test_a_reason_nobody_knows_changes_nothing(desk):
    suppression.suppress(ADDRESS, Reason.HARD_BOUNCE)
    page = desk.post(PAGE, {"address": ADDRESS, "reason": "<i>x</i>", "confirmed": "1"})
    assert page.status_code == 200
    assert b"<i>x</i>" not in page.content
    assert Suppression.objects.get().lifted_at is None


def test_only_an_administrator_lets_editions_leave_again(desk, client, editor, settings):
    settings.SECOND_FACTOR = "offered"
    bulk_lock.lock(Doubt.BEHIND, at=timezone.now())
    assert b'name="accept"' not in desk.get(PAGE).content
    assert desk.post(PAGE, {"accept": "1", "understood": "1"}).status_code in (302, 403)
    assert bulk_lock.doubt() == Doubt.BEHIND
    client.force_login(editor)
    assert b'name="accept"' in client.get(PAGE).content
    client.post(PAGE, {"accept": "1"})
    assert bulk_lock.doubt() == Doubt.BEHIND, "the box is not ticked"
    client.post(PAGE, {"accept": "1", "understood": "1"})
    assert bulk_lock.doubt() is None
    assert JournalMark.objects.get().accepted_by == "morel"
    assert ModelLogEntry.objects.filter(action="depeche.accept_journal").count() == 1
    assert b'name="accept"' not in client.get(PAGE).content
