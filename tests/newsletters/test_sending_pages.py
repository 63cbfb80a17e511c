"""The pages by which an edition is scheduled, agreed to, followed, stopped and mended."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from depeche.delivery import bulk_lock
from depeche.delivery.models import Doubt, State
from depeche.delivery.outside import Unreached
from depeche.newsletters import agreement, scheduling
from depeche.newsletters.models import EditionDelivery, EditionState, Held

pytestmark = pytest.mark.django_db
WINTER = dt.datetime(2026, 10, 20, 8, tzinfo=dt.UTC)  # some days before the clock is put back
HEADERS = {"HTTP_ACCEPT": "application/json", "HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}


@pytest.fixture
def anne(newsroom, django_user_model):
    from depeche.newsroom.models import Role

    user = django_user_model.objects.create_user("anne", "anne@depeche.test", "un long mot de passe")
    user.groups.add(Role.objects.get(key="publisher").group)
    return user


@pytest.fixture
def page(client, editor):
    """The pages of an edition, as the editor meets them."""
    client.force_login(editor)

    class Pages:
        def __init__(self, edition):
            self.edition = edition

        def get(self, name="send_edition", **extra):
            return client.get(reverse(name, args=[self.edition.pk]), **extra)

        def post(self, sent, name="send_edition"):
            answer = client.post(reverse(name, args=[self.edition.pk]), sent)
            self.edition.refresh_from_db()
            return answer

        def text(self, name="send_edition"):
            return self.get(name).content.decode()

    return Pages


@pytest.fixture
def on_its_way(compose, editor, subscribe):
    """An edition that left, its copies in these states."""
    from depeche.newsletters import actions

    def _on_its_way(*states):
        for number in range(len(states)):
            subscribe(f"lecteur{number}@exemple.test")
        edition = actions.send(compose(), by=editor)
        copies = EditionDelivery.objects.filter(edition=edition).order_by("pk")
        for copy, state in zip(copies, states, strict=True):
            copy.state, copy.reply = state, ""
            if state == State.FAILED:
                copy.reply = "552 5.3.4 message too big"
            if state == State.UNCERTAIN:
                copy.reply, copy.finished_at = "the connection broke", timezone.now()
            copy.save()
        actions.finish_if_done(edition, at=timezone.now())
        return edition

    return _on_its_way


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: WINTER)


def test_it_is_scheduled_by_the_newsrooms_clock_and_taken_off_again(page, compose, editor, noon):
    one = page(compose())
    one.post({"schedule": "1", "leave_at": "2026-10-21T07:30"})
    assert one.edition.state == EditionState.SCHEDULED
    assert one.edition.scheduled_at == dt.datetime(2026, 10, 21, 5, 30, tzinfo=dt.UTC)
    assert 'name="unschedule"' in one.text()
    one.post({"unschedule": "1"})
    assert one.edition.is_draft


def test_the_clock_of_the_newsroom_is_shown_whatever_the_account_says(page, compose, editor, noon):
    from wagtail.users.models import UserProfile

    UserProfile.objects.update_or_create(user=editor, defaults={"current_time_zone": "Pacific/Auckland"})
    one = page(compose())
    one.post({"schedule": "1", "leave_at": "2026-10-21T07:30"})
    assert one.edition.scheduled_at == dt.datetime(2026, 10, 21, 5, 30, tzinfo=dt.UTC)
    assert "2026-10-21T07:30:00+02:00" in one.text()


@pytest.mark.parametrize(
    ("which", "leaves"),
    [
        ("first", dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)),
        ("second", dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)),
    ],
)
def test_a_time_the_clock_shows_twice_is_asked_about(page, compose, noon, which, leaves):
    one = page(compose())
    answer = one.post({"schedule": "1", "leave_at": "2026-10-25T02:30"})
    assert one.edition.is_draft
    assert 'name="which"' in answer.content.decode()
    one.post({"schedule": "1", "leave_at": "2026-10-25T02:30", "which": which})
    assert one.edition.scheduled_at == leaves


@pytest.mark.parametrize(
    "when",
    [
        *("2027-03-28T02:30", "2026-10-19T07:00", "2030-01-01T07:00", "0001-01-01T00:00", "9999-12-31T23:59"),
        *("2026-13-45T07:00", "demain", "", "2026-10-21T07:30+02:00"),
    ],
)
def test_a_time_that_cannot_be_is_refused_in_words(page, compose, noon, when):
    one = page(compose())
    answer = one.post({"schedule": "1", "leave_at": when})
    assert answer.status_code == 200
    assert 'id="id_leave_at-errors"' in answer.content.decode() or "error-message" in answer.content.decode()
    assert one.edition.is_draft


def test_a_scheduled_edition_that_did_not_leave_asks_and_can_be_sent(page, compose, editor, subscribe):
    subscribe()
    edition = compose()
    scheduling.schedule(edition, leave_at=timezone.now() + dt.timedelta(hours=1), by=editor)
    scheduling.send_due(at=timezone.now() + dt.timedelta(hours=3))
    one = page(edition)
    text = one.text()
    assert str(Held.LATE.label) in text.replace("&#x27;", "'").replace("&#39;", "'")
    one.post({"send": "1", "confirmed": "1"})
    assert one.edition.state == EditionState.SENDING


def test_a_second_person_agrees_and_nobody_alone(page, compose, editor, anne, newsletter, client, subscribe):
    subscribe()
    newsletter.needs_second_person = True
    newsletter.save()
    one = page(compose())
    one.post({"send": "1", "confirmed": "1"})
    assert one.edition.is_draft
    asked = agreement.open_request(one.edition)
    assert 'name="agree"' not in one.text(), "who asked cannot agree"
    one.post({"agree": "1", "asked": asked.pk, "confirmed": "1"})
    assert one.edition.is_draft

    client.force_login(anne)
    assert 'name="agree"' in one.text()
    one.post({"agree": "1", "asked": asked.pk})
    assert one.edition.is_draft, "not without the box"
    one.post({"agree": "1", "asked": asked.pk + 1, "confirmed": "1"})
    assert one.edition.is_draft, "not to another question than the one that was read"
    one.post({"agree": "1", "asked": asked.pk, "confirmed": "1"})
    assert one.edition.has_left


def test_who_declines_says_why_and_the_asker_reads_it(page, compose, anne, newsletter, client, editor):
    newsletter.needs_second_person = True
    newsletter.save()
    one = page(compose())
    one.post({"send": "1", "confirmed": "1"})
    client.force_login(anne)
    assert one.post({"decline": "1", "because": " "}).status_code == 200, "a reason is asked for"
    assert agreement.open_request(one.edition)
    one.post({"decline": "1", "because": "Le titre promet <trop>."})
    client.force_login(editor)
    assert "Le titre promet &lt;trop&gt;." in one.text()


def test_the_figures_move_and_the_script_is_told_when_to_ask_again(page, on_its_way):
    one = page(on_its_way(State.SENT, State.PENDING, State.FAILED, State.UNCERTAIN))
    assert "edition_progress.js" in one.text()
    told = one.get("edition_progress", **HEADERS).json()
    assert told["every_s"] == 2
    assert 'max="4" value="3"' in told["html"]
    assert reverse("edition_failed", args=[one.edition.pk]) in told["html"]
    assert reverse("edition_uncertain", args=[one.edition.pk]) in told["html"]
    assert _("%(done)s of %(total)s copies are through.") % {"done": 3, "total": 4} in told["said"]


def test_once_all_is_over_nobody_asks_again(page, on_its_way):
    one = page(on_its_way(State.SENT))
    assert one.get("edition_progress", **HEADERS).json()["every_s"] is None
    assert "edition_progress.js" not in one.text()


def test_the_figures_cost_few_queries(page, on_its_way, django_assert_max_num_queries):
    one = page(on_its_way(*[State.SENT, State.PENDING] * 10))
    one.get("edition_progress", **HEADERS)
    with django_assert_max_num_queries(10):
        one.get("edition_progress", **HEADERS)


def test_the_page_says_who_paused_it_and_in_which_words(page, on_its_way):
    one = page(on_its_way(State.SENT, State.PENDING))
    one.post({"pause": "1", "because": "Un <chiffre> à vérifier"})
    assert one.edition.state == EditionState.PAUSED
    before, told = one.get("edition_progress", **HEADERS).json(), one.text()
    assert "Un &lt;chiffre&gt; à vérifier" in before["html"]
    assert "morel" in told
    one.post({"pause": "1"})
    assert one.edition.state == EditionState.PAUSED
    one.post({"resume": "1"})
    assert one.edition.state == EditionState.SENDING
    assert one.get("edition_progress", **HEADERS).json()["subject"] != before["subject"]


def test_the_page_says_that_newsletters_are_locked_after_a_restore(page, on_its_way):
    one = page(on_its_way(State.PENDING))
    bulk_lock.lock(Doubt.MISSING, at=timezone.now())
    html = one.get("edition_progress", **HEADERS).json()["html"]
    assert reverse("suppressed_addresses") in html
    assert str(Doubt.MISSING.label) in html.replace("&#x27;", "'")


@pytest.mark.parametrize("instead", ["", "mail.exemple.test"])
def test_the_page_says_which_way_out_does_not_answer(page, on_its_way, instead):
    one, at = page(on_its_way(State.PENDING)), timezone.now()
    Unreached.objects.create(worker="w1", way="relay.exemple.test", instead=instead, since=at, seen_at=at)
    html = one.get("edition_progress", **HEADERS).json()["html"]
    assert "relay.exemple.test" in html
    assert ("help-warning" in html) == (instead == "")
    assert instead in html


def test_cancelling_is_asked_twice_and_says_how_many(page, on_its_way):
    one = page(on_its_way(*[State.SENT] * 3, *[State.PENDING] * 5))
    text = one.text("edition_cancel")
    assert re.search(r"\b3 ", text)
    assert re.search(r"\b5 ", text)
    one.post({}, "edition_cancel")
    assert one.edition.state == EditionState.SENDING
    one.post({"confirmed": "1"}, "edition_cancel")
    assert one.edition.state == EditionState.CANCELLED
    assert one.edition.deliveries.filter(state=State.SUPPRESSED).count() == 5
    assert one.get("edition_cancel").status_code == 302, "nothing left to cancel"


def test_refused_copies_are_sent_again_once_chosen_and_confirmed(page, on_its_way):
    one = page(on_its_way(State.SENT, State.FAILED))
    EditionDelivery.objects.filter(state=State.FAILED).update(reply="552 5.3.4 <b>trop</b> gros")
    text = one.text("edition_failed")
    assert "552 5.3.4 &lt;b&gt;trop&lt;/b&gt; gros" in text
    key = re.search(r'name="refusal" value="([^"]*)"', text)[1]
    assert one.post({}, "edition_failed").status_code == 200
    asked = one.post({"refusal": key}, "edition_failed")
    assert 'name="confirmed"' in asked.content.decode()
    assert one.edition.state == EditionState.SENT
    one.post({"refusal": key, "confirmed": "1"}, "edition_failed")
    assert one.edition.state == EditionState.SENDING
    assert not one.edition.deliveries.filter(state=State.FAILED).exists()


@pytest.mark.parametrize(("verb", "state"), [("arrived", State.SENT), ("again", State.PENDING)])
def test_a_copy_of_unknown_fate_is_decided_on_by_name(page, on_its_way, verb, state):
    one = page(on_its_way(State.SENT, State.UNCERTAIN, State.UNCERTAIN))
    copies = list(one.edition.deliveries.filter(state=State.UNCERTAIN).order_by("pk"))
    assert "lecteur1@exemple.test" in one.text("edition_uncertain")
    asked = one.post({"copy": copies[0].pk, verb: "1"}, "edition_uncertain").content.decode()
    assert "lecteur1@exemple.test" in asked
    assert "lecteur2@exemple.test" not in asked
    assert one.edition.deliveries.filter(state=State.UNCERTAIN).count() == 2, "asked first"
    one.post({"copy": copies[0].pk, verb: "1", "confirmed": "1"}, "edition_uncertain")
    assert [one.edition.deliveries.get(pk=copy.pk).state for copy in copies] == [state, State.UNCERTAIN]
    one.post({"all": "1", verb: "1", "confirmed": "1"}, "edition_uncertain")
    assert not one.edition.deliveries.filter(state=State.UNCERTAIN).exists()


PAGES = ("send_edition", "edition_progress", "edition_cancel", "edition_failed", "edition_uncertain")


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_are_for_those_who_may_send(name, on_its_way, page, client, django_user_model):
    from depeche.newsroom.models import Role

    one = page(on_its_way(State.PENDING))
    writer = django_user_model.objects.create_user("plume", "p@depeche.test", "un long mot de passe")
    writer.groups.add(Role.objects.get(key="editor").group)
    client.force_login(writer)
    assert one.get(name).status_code in (302, 403)
    assert one.get(name, **HEADERS).status_code == 403
    one.post({"confirmed": "1", "pause": "1"}, name)
    assert one.edition.state == EditionState.SENDING
    client.logout()
    assert one.get(name).status_code == 302
    assert one.get(name, **HEADERS).status_code in (302, 403)


@pytest.mark.parametrize("name", PAGES)
def test_an_edition_that_is_not_there_is_a_404(name, page, editor, client):
    client.force_login(editor)
    assert client.get(reverse(name, args=[99])).status_code == 404


HOSTILE = (
    {},
    {"nonsense": "1"},
    {"agree": "1", "asked": "x"},
    {"decline": "1", "because": "x" * 5_000},
    {"pause": "1", "because": "x" * 5_000},
    {"copy": ["9" * 40, "-1", "²", "\x00"], "arrived": "1", "confirmed": "1"},
    {"copy": "1", "confirmed": "1"},
    {"refusal": ["\x00", "nothing"], "confirmed": "1"},
    {"test": "1", "address": "a@b.test\nBcc: c@d.test"},
    {"schedule": "1", "leave_at": "\x00", "which": "third"},
    {"send": "1", "confirmed": "1"},
    {"unschedule": "1"},
    {"resume": "1"},
)


@pytest.mark.parametrize("sent", HOSTILE)
def test_nothing_that_is_posted_breaks_a_page(sent, page, on_its_way, compose):
    for edition in (on_its_way(State.SENT, State.FAILED, State.UNCERTAIN), compose()):
        one = page(edition)
        for name in ("send_edition", "edition_failed", "edition_uncertain"):
            before = list(EditionDelivery.objects.order_by("pk").values_list("pk", "state"))
            assert one.post(sent, name).status_code in (200, 302)
            now = list(
                EditionDelivery.objects.filter(pk__in=dict(before)).order_by("pk").values_list("pk", "state")
            )
            assert now == before


def test_the_list_says_how_far_each_is(page, on_its_way, compose, client):
    one = page(on_its_way(State.SENT, State.PENDING))
    scheduled = page(compose(subject="Plus tard"))
    scheduled.post(
        {"schedule": "1", "leave_at": f"{timezone.localtime() + dt.timedelta(days=2):%Y-%m-%dT07:30}"}
    )
    text = client.get(reverse("wagtailsnippets_newsletters_edition:list")).content.decode()
    assert "50\N{NO-BREAK SPACE}%" in text or "50 %" in text
    assert "07:30" in text
    assert reverse("send_edition", args=[one.edition.pk]) in text


def test_only_who_may_send_changes_what_leaves_by_itself(page, compose, client, django_user_model):
    from depeche.newsroom.models import Role

    one = page(compose())
    one.post({"schedule": "1", "leave_at": f"{timezone.localtime() + dt.timedelta(days=2):%Y-%m-%dT07:30}"})
    edit = reverse("wagtailsnippets_newsletters_edition:edit", args=[one.edition.pk])
    assert client.get(edit).status_code == 200
    writer = django_user_model.objects.create_user("plume", "p@depeche.test", "un long mot de passe")
    writer.groups.add(Role.objects.get(key="editor").group)
    client.force_login(writer)
    assert client.get(edit).status_code == 302
