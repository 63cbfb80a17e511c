"""The page of a reader's choices: without login, by one link, and never changed by a visit."""

import datetime as dt
import re

import pytest
from django.utils import timezone, translation

from depeche.delivery import suppression
from depeche.delivery.models import Reason, State
from depeche.newsletters import actions as newsletters
from depeche.newsletters import readers
from depeche.newsletters.lane import EditionLane
from depeche.newsletters.models import EditionDelivery
from depeche.subscribers import actions, publishing, tokens
from depeche.subscribers.legal import OF_A_NOTICE
from depeche.subscribers.models import (
    ConsentEntry,
    LegalText,
    Newsletter,
    ShownText,
    Subscriber,
    Subscription,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(subscribe):
    return subscribe().subscriber


@pytest.fixture
def evening(newsletter):
    evening = Newsletter.objects.create(
        name="Le Soir",
        slug="soir",
        language="fr",
        description="Chaque soir, l’essentiel.",
        sender_name="Le Courrier",
        sender_address="courrier@depeche.test",
    )
    text = LegalText(kind="notice", language="fr", newsletter=evening, title="Ce que nous faisons")
    for name in OF_A_NOTICE:
        setattr(text, name, f"Ce qu’il faut savoir : {name}.")
    text.save()
    publishing.publish(text, by=None)
    return evening


@pytest.fixture
def compose(editor, write):
    def _compose(to):
        return newsletters.compose_edition(
            to, subject="Du jour", introduction="", articles=[write(f"Titre {timezone.now()}")], by=editor
        )

    return _compose


def page_of(reader, prefix=""):
    return f"{prefix}/preferences/{tokens.for_choosing(reader.key)}/"


def choices(**changed):
    return {"newsletters": ["matin"], "paused_until": "", "language": "fr", "save": "1", **changed}


def said(action=None):
    entries = ConsentEntry.objects.filter(action=action) if action else ConsentEntry.objects.all()
    return [(entry.action, entry.purpose, entry.as_facts) for entry in entries]


def links_in(mail):
    return re.findall(r"http://[^\s\"<>]+", mail.get_body(("plain",)).get_content()) + [
        link.replace("&amp;", "&")
        for link in re.findall(r'href="(http://[^"]+)"', mail.get_body(("html",)).get_content())
    ]


def everything_decided():
    return (
        list(Subscriber.objects.values()),
        list(Subscription.objects.values()),
        ConsentEntry.objects.count(),
    )


def test_what_holds_is_shown_and_nothing_else_is_ticked(client, reader, evening):
    page = client.get(page_of(reader)).content.decode()
    boxes = re.findall(r'<input type="checkbox"[^>]*>', page)
    assert [("checked" in box, re.search('value="([^"]*)"', box)[1]) for box in boxes] == [
        (True, "matin"),
        (False, "soir"),
        (False, "morning-en"),
    ]
    assert "l…@exemple.test" in page
    assert "lea@exemple.test" not in page, "a forwarded mail must not tell whose page it is"
    assert "English" in page
    assert "Le Soir" in page


def test_a_visit_to_any_link_of_any_mail_changes_nothing(
    client, reader, compose, editor, newsletter, mailroom
):
    actions.request(newsletter, address="nora@exemple.test", language="fr", shown=_shown())
    actions.request(newsletter, address=reader.address, language="fr", shown=_shown())
    newsletters.send(compose(newsletter), by=editor)
    mails = mailroom.deliver()
    assert len(mails) == 3
    links = {link for mail in mails for link in links_in(mail)}
    assert sum("/preferences/" in link for link in links) >= 2
    before = everything_decided()
    for link in links:
        path = link.split("8000", 1)[1]
        for visit in (client.get, client.head, client.get):
            assert visit(path).status_code == 200, path
    assert everything_decided() == before


@pytest.mark.parametrize("part", ["plain", "html"])
def test_each_edition_carries_the_link_beside_the_one_to_leave(
    compose, editor, newsletter, reader, mailroom, part
):
    newsletters.send(compose(newsletter), by=editor)
    (mail,) = mailroom.deliver()
    words = mail.get_body((part,)).get_content()
    assert words.count(page_of(reader)) == 2
    assert "preferences.invalid" not in words
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_leaving_everything_takes_two_clicks(
    client, subscribe, evening, reader, compose, editor, newsletter, mailroom
):
    subscribe(reader.address, to=evening)
    newsletters.send(compose(newsletter), by=editor)
    (mail,) = mailroom.deliver()
    link = next(link for link in links_in(mail) if "/preferences/" in link).split("8000")[1]
    page = client.get(link).content.decode()  # the first click
    assert 'name="leave"' in page
    answer = client.post(link, {"leave": "1"})  # the second
    assert answer.status_code == 303
    assert set(Subscription.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert len(said("withdraw")) == 2
    again = client.get(answer["Location"]).content.decode()
    assert not [box for box in re.findall(r'<input type="checkbox"[^>]*>', again) if "checked" in box]
    assert 'role="status"' in again


def test_ticking_and_unticking_hold_at_once_and_are_in_the_log(client, reader, evening):
    answer = client.post(page_of(reader), choices(newsletters=["soir"]))
    assert answer.status_code == 303
    states = dict(Subscription.objects.values_list("newsletter__slug", "state"))
    assert states == {"matin": "withdrawn", "soir": "confirmed"}
    entries = ConsentEntry.objects.order_by("number")
    morning = Newsletter.objects.get(slug="matin")
    assert [(entry.action, entry.purpose) for entry in entries] == [
        ("withdraw", morning.purpose),
        ("request", evening.purpose),
        ("confirm", evening.purpose),
    ]
    facts = entries.last().as_facts
    assert facts["texts"].keys() >= {"privacy", "terms"}
    assert facts["form"] == "preferences"
    assert "/preferences/…/" in facts["url"]
    page = re.sub(r"</?a\b[^>]*>", "", client.get(answer["Location"]).content.decode())
    for line in ShownText.objects.get(pk=facts["wording"]).text.splitlines():
        for words in re.split(r" – | / |: ", line.strip("☐[] ")):
            assert _plain(words) in _plain(page), words


def test_saving_what_holds_already_leaves_no_entry(client, reader):
    for _ in range(2):
        assert client.post(page_of(reader), choices()).status_code == 303
    assert not ConsentEntry.objects.exists()


def test_each_change_is_an_entry_of_its_own_with_old_and_new(client, reader):
    often = f"often-{Newsletter.objects.get(slug='matin').pk}"
    until = timezone.localdate() + dt.timedelta(days=30)
    answer = client.post(
        page_of(reader), choices(language="en", paused_until=until.isoformat(), **{often: "weekly"})
    )
    assert answer["Location"].startswith("/en/preferences/")
    page = client.get(answer["Location"]).content.decode()
    assert 'lang="en"' in page
    assert f'value="{until.isoformat()}"' in page
    changes = {facts["what"]: (facts["old"], facts["new"]) for _, _, facts in said("change")}
    assert changes == {
        "frequency": ("every", "weekly"),
        "pause": ("", until.isoformat()),
        "language": ("fr", "en"),
    }
    reader.refresh_from_db()
    url = actions.preferences_url(reader.key, reader.language)
    assert url.split("8000")[1].startswith("/en/")


def test_counting_is_asked_only_where_it_is_offered_and_never_ticked_before(client, reader, settings):
    assert 'name="tracking"' not in client.get(page_of(reader)).content.decode()
    client.post(page_of(reader), choices(tracking="on"))
    assert not ConsentEntry.objects.exists()
    settings.OPEN_TRACKING = True
    box = re.search(r'<input[^>]*name="tracking"[^>]*>', client.get(page_of(reader)).content.decode())[0]
    assert "checked" not in box
    client.post(page_of(reader), choices(tracking="on"))
    reader.refresh_from_db()
    assert reader.tracking_since
    settings.OPEN_TRACKING = False
    assert 'name="tracking"' in client.get(page_of(reader)).content.decode(), "who allowed it can end it"
    client.post(page_of(reader), choices())
    reader.refresh_from_db()
    assert reader.tracking_since is None
    assert [action for action, purpose, _ in said()] == ["tracking_on", "tracking_off"]
    shown = ShownText.objects.get(pk=said("tracking_on")[0][2]["wording"]).text
    assert "Le Soir" not in shown


@pytest.mark.parametrize(
    "token",
    ["", "x", "%00", "a" * 5000, "cut", "leave", "‮" * 9, "<script>alert(1)</script>", "forged"],
)
def test_a_wrong_link_says_so_and_changes_nothing(client, reader, token):
    ours = tokens.for_choosing(reader.key)
    token = {
        "cut": ours[:-1],
        "leave": tokens.for_leaving(reader.key),
        "forged": ours[:-1] + ("A" if ours[-1] != "A" else "B"),
    }.get(token, token)
    for answer in (
        client.get(f"/preferences/{token}/"),
        client.post(f"/preferences/{token}/", {"leave": "1"}),
    ):
        assert answer.status_code == 404
        assert b"<script>alert" not in answer.content
    assert Subscription.objects.get().state == "confirmed"


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://ailleurs.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_form_of_another_site_leaves_nothing(client, reader, headers):
    assert client.post(page_of(reader), {"leave": "1"}, headers=headers).status_code == 403
    assert Subscription.objects.get().state == "confirmed"


def test_a_post_without_a_button_of_ours_unticks_nothing(client, reader):
    for body in ({}, {"newsletters": ""}, {"List-Unsubscribe": "One-Click"}):
        assert client.post(page_of(reader), body).status_code == 422
    assert Subscription.objects.get().state == "confirmed"


@pytest.mark.parametrize(
    "changed",
    [
        {"newsletters": ["matin", "nulle-part"]},
        {"newsletters": ["matin\0"]},
        {"paused_until": "hier"},
        {"paused_until": "2020-01-01"},
        {"paused_until": "9999-12-31"},
        {"paused_until": "\0"},
        {"paused_until": '"><script>alert(1)</script>'},
        {"language": "xx"},
        {"language": ""},
        {"language": "fr\r\nSet-Cookie: a=b"},
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_half_done(client, reader, evening, changed):
    often = f"often-{evening.pk}"
    answer = client.post(page_of(reader), choices(**{"newsletters": ["soir"], often: "weekly", **changed}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert "<script>alert" not in page
    assert Subscription.objects.get().state == "confirmed"
    assert not ConsentEntry.objects.exists()


def test_a_newsletter_without_a_published_notice_is_not_offered_but_can_be_left(client, subscribe, reader):
    silent = Newsletter.objects.create(name="Muette", slug="muette", language="fr", sender_name="x")
    assert "Muette" not in client.get(page_of(reader)).content.decode()
    assert client.post(page_of(reader), choices(newsletters=["matin", "muette"])).status_code == 422
    had = subscribe(reader.address, to=silent)
    assert "Muette" in client.get(page_of(reader)).content.decode()
    client.post(page_of(reader), choices())
    had.refresh_from_db()
    assert had.state == "withdrawn"


def test_a_newsletter_the_page_does_not_show_stays_as_it_is(client, reader, subscribe, evening):
    evening.language = "de"
    evening.save()
    kept = subscribe(reader.address, to=evening)
    client.post(page_of(reader), choices())
    kept.refresh_from_db()
    assert kept.state == "confirmed"


def test_a_frequency_that_is_none_is_refused(client, reader):
    often = f"often-{Newsletter.objects.get(slug='matin').pk}"
    assert client.post(page_of(reader), choices(**{often: "hourly"})).status_code == 422


def test_readers_get_no_cookie_and_the_page_is_kept_nowhere(client, reader):
    for answer in (client.get(page_of(reader)), client.post(page_of(reader), choices())):
        assert not answer.cookies
        assert "no-store" in answer["Cache-Control"]
    assert client.get(page_of(reader))["X-Robots-Tag"] == "noindex"
    assert client.get(page_of(reader))["Referrer-Policy"] == "no-referrer"


def test_who_objected_comes_back_only_by_a_mail_they_answer(client, reader):
    client.post(page_of(reader), {"leave": "1"})
    suppression.suppress(reader.address, Reason.OBJECTION)
    answer = client.post(page_of(reader), choices())
    assert answer.status_code == 409
    assert Subscription.objects.get().state == "withdrawn"
    assert not said("confirm")


def test_ticking_again_lifts_that_one_left_this_newsletter(client, reader, newsletter):
    client.post(page_of(reader), choices(newsletters=[]))
    suppression.suppress(reader.address, Reason.UNSUBSCRIBED, scope=newsletter.purpose)
    assert client.post(page_of(reader), choices()).status_code == 303
    assert suppression.may_be_written_to(reader.address, purpose="newsletter", scope=newsletter.purpose)


def test_a_pause_holds_for_editions_until_its_day(
    client, reader, compose, editor, newsletter, mailroom, time_machine
):
    start = dt.datetime(2027, 3, 1, 6, tzinfo=dt.UTC)
    time_machine.move_to(start)
    client.post(page_of(reader), choices(paused_until="2027-03-10"))
    newsletters.send(compose(newsletter), by=editor)
    time_machine.move_to(start + dt.timedelta(days=8))
    newsletters.send(compose(newsletter), by=editor)
    assert mailroom.deliver() == []
    time_machine.move_to(start + dt.timedelta(days=9))
    newsletters.send(compose(newsletter), by=editor)
    assert len(mailroom.deliver()) == 1


def test_who_pauses_while_it_is_being_sent_gets_nothing(
    client, reader, compose, editor, newsletter, mailroom
):
    newsletters.send(compose(newsletter), by=editor)
    copy = EditionDelivery.objects.get()
    lane = EditionLane()
    in_hand = {message.key: message for message in lane.load([copy.pk])}
    assert in_hand.keys() == {copy.pk}
    assert lane.withheld(in_hand) == {}
    until = timezone.localdate() + dt.timedelta(days=7)
    client.post(page_of(reader), choices(paused_until=until.isoformat()))
    assert lane.withheld(in_hand) == {copy.pk: ""}
    assert mailroom.deliver() == []
    copy.refresh_from_db()
    assert copy.state == State.SUPPRESSED


@pytest.mark.parametrize(
    ("frequency", "arrive"),
    [("every", [0, 1, 7, 8, 14, 31]), ("weekly", [0, 7, 14, 31]), ("monthly", [0, 31])],
)
def test_a_rhythm_holds_over_editions(
    client, reader, compose, editor, newsletter, mailroom, time_machine, frequency, arrive
):
    # Each edition leaves a minute earlier than the one before: a week is counted in days.
    start = dt.datetime(2027, 3, 1, 6, tzinfo=dt.UTC)
    time_machine.move_to(start)
    client.post(page_of(reader), choices(**{f"often-{newsletter.pk}": frequency}))
    arrived = []
    for turn, day in enumerate([0, 1, 7, 8, 14, 31]):
        time_machine.move_to(start + dt.timedelta(days=day, minutes=-turn))
        before = len(mailroom.caught())
        newsletters.send(compose(newsletter), by=editor)
        if len(mailroom.deliver()) > before:
            arrived.append(day)
    assert arrived == arrive


def test_a_copy_that_never_arrived_does_not_count(reader, compose, editor, newsletter):
    Subscription.objects.update(frequency="weekly")
    newsletters.send(compose(newsletter), by=editor)
    now = timezone.now()
    assert not readers.due(newsletter, at=now).exists()
    EditionDelivery.objects.update(state=State.FAILED)
    assert readers.due(newsletter, at=now).count() == 1


def test_whom_it_goes_to_is_one_query(reader, newsletter, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(readers.due(newsletter, at=timezone.now())) == 1


def test_what_others_have_to_say_goes_only_by_consent(subscribe, newsletter):
    newsletter.is_third_party = True
    newsletter.save()
    subscribe("consent@exemple.test")
    customer = subscribe("client@exemple.test")
    customer.basis, customer.sale_reference = "soft_opt_in", "facture 7"
    customer.was_shown_opt_out = customer.is_own_product = True
    customer.save()
    found = readers.due(newsletter, at=timezone.now())
    assert [one.subscriber.address for one in found] == ["consent@exemple.test"]


@pytest.mark.parametrize(
    ("day", "before"),
    [("2027-03-31", "2027-02-28"), ("2028-03-30", "2028-02-29"), ("2027-01-15", "2026-12-15")],
)
def test_a_month_before_is_a_day_of_that_month(day, before):
    assert readers.a_month_before(dt.date.fromisoformat(day)) == dt.date.fromisoformat(before)


def test_the_page_speaks_both_languages(client, reader):
    french = client.get(page_of(reader)).content.decode()
    english = client.get(page_of(reader, "/en")).content.decode()
    assert "Save my choices" in english
    assert "Leave everything" in english
    with translation.override("fr"):
        assert translation.gettext("Save my choices") in french


def test_saving_counts_as_a_sign_of_life(client, reader):
    Subscriber.objects.update(repermission_asked_at=timezone.now())
    client.post(page_of(reader), choices())
    reader.refresh_from_db()
    assert reader.last_contact_at
    assert reader.repermission_asked_at is None


def _shown():
    from depeche.subscribers.recording import Shown

    return Shown("…", "fr", "subscribe", "/")


def _plain(words):
    """As typesetting leaves them alike: no entities, one kind of space, one apostrophe."""
    import html

    return re.sub(r"[\s\u00a0\u202f]+", "", html.unescape(words)).replace("'", "’")
