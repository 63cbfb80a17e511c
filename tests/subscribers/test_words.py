"""What readers are told is the newsroom's to say: changed, shown, kept with the consent, and ours again."""

import pathlib
import re

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from wagtail.models import ModelLogEntry

from depeche.subscribers import proving, retention, rewording, tokens, words
from depeche.subscribers.models import ChangedText, ConsentEntry, Subscriber, Subscription

BUTTON = "Oui, je veux recevoir cette lettre"


def link_in(message, word):
    body = message.get_body(("plain",)).get_content()
    return re.search(rf"http://[^\s/]*(/(?:\w\w/)?{word}/[^\s]*)", body)[1]


def seen_on(page):
    return re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]


def change(key, text, editor, language="fr"):
    return rewording.change(key, language, text, by=editor)


# --- The registry --------------------------------------------------------------------------------------


def test_every_text_is_used_somewhere():
    files = [
        *pathlib.Path("templates").rglob("*"),
        *(one for one in pathlib.Path("depeche").rglob("*.py") if not one.name.endswith("texts.py")),
    ]
    used = "".join(one.read_text() for one in files if one.suffix in (".html", ".txt", ".py"))
    unused = [
        key
        for key in words.OURS
        if f'"{key}"' not in used
        and f"'{key}'" not in used
        and f'|add:".{key.partition(".")[2]}"' not in used
    ]
    assert unused == []


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_our_own_words_may_stand_in_every_language(language):
    for key in words.OURS:
        said = words.ours(key, language)
        assert rewording.checked(key, language, said) == said, key
        assert sorted(words.slots(said)) == sorted(words.slots(words.ours(key, "en"))), key


# --- Changing ------------------------------------------------------------------------------------------


def test_changed_words_are_read_at_once_in_their_language_alone(
    newsletter, sign_up, mailroom, client, editor
):
    sign_up()
    link = link_in(mailroom.deliver()[0], "confirm")
    assert change("confirm.button", BUTTON, editor)
    assert not change("confirm.button", BUTTON, editor), "nothing new"
    assert BUTTON in client.get(link).content.decode()
    assert BUTTON not in client.get(f"/en{link}").content.decode()
    assert rewording.restore("confirm.button", "fr", by=editor)
    assert not rewording.restore("confirm.button", "fr", by=editor)
    assert "Confirmer mon abonnement" in client.get(link).content.decode()
    log = ModelLogEntry.objects.filter(action__endswith="_words").order_by("pk")
    assert [(one.action, one.user, one.data["after"]) for one in log] == [
        ("depeche.change_words", editor, BUTTON),
        ("depeche.restore_words", editor, "Confirmer mon abonnement"),
    ]


def test_our_own_words_leave_no_row(newsletter, editor):
    change("confirm.button", BUTTON, editor)
    assert change("confirm.button", "Confirmer mon abonnement", editor)
    assert not ChangedText.objects.exists()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("  ", "est vide|says nothing"),
        ("Vous recevrez bientôt la lettre.", r"\{name\}"),
        ("« {name} » et {adresse}", r"\{adresse\}"),
        ("« {name} » {", r"\{"),
        ("« {name} » <b>oui</b>", "<b>oui</b>"),
        ("« {name} » &nbsp;", "&nbsp;"),
        ("« {name} »\r\nBcc: x@e.test", "« {name} »"),
        ("« {name} »\0", "« {name} »"),
        ("« {name} » \u202erevne", "« {name} »"),
        ("« {name} » " + "a" * 2000, "2011"),
    ],
)
def test_what_cannot_stand_is_refused_and_its_place_named(newsletter, editor, text, place):
    with pytest.raises(ValidationError) as refused:
        change("confirm.text", text, editor)
    assert re.search(place, refused.value.messages[0])
    assert not ChangedText.objects.exists()


def test_nothing_typed_by_a_stranger_can_be_put_into_the_first_mail(newsletter, editor):
    for name in words.PAGES["mail_confirm"].says:
        for slot in ("{address}", "{typed}", "{new}"):
            said = words.ours(f"mail_confirm.{name}", "fr")
            with pytest.raises(ValidationError):
                change(f"mail_confirm.{name}", f"{said} {slot}", editor)


def test_arabic_is_kept_as_it_was_typed(newsletter, client, editor):
    change("sent.title", "رسالة واحدة", editor)
    assert "رسالة واحدة" in client.get("/subscribe/sent/").content.decode()


def test_names_are_escaped_and_not_taken_for_slots(newsletter, subscribe, client, editor):
    newsletter.name = "<i>{days}</i>"
    newsletter.save()
    subscription = subscribe()
    change("leave.text", "Plus de « {name} » ?", editor)
    page = client.get(f"/unsubscribe/{tokens.for_leaving(subscription.key)}/").content.decode()
    assert "&lt;i&gt;{days}&lt;/i&gt;" in page
    assert "<i>" not in page


# --- Mails ---------------------------------------------------------------------------------------------


def test_a_changed_mail_stays_whole(newsletter, sign_up, mailroom, editor):
    for name, said in words.PAGES["mail_confirm"].says.items():
        slots = " ".join(words.slots(words.with_braces(str(said))))
        change(f"mail_confirm.{name}", f"Autre {slots}".strip(), editor)
    sign_up()
    (mail,) = mailroom.deliver()
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert mail["Subject"] == f"Autre {newsletter.name}"
    assert "Autre" in text
    for body in (text, html):
        assert "/confirm/" in body
        assert "/preferences/" in body
        assert "/legal/privacy/" in body
        assert "lea@exemple.test" not in body


# --- What is kept --------------------------------------------------------------------------------------


def test_each_proof_shows_the_words_its_person_saw(newsletter, sign_up, mailroom, client, editor):
    before, after = "avant@exemple.test", "apres@exemple.test"
    for address in (before, after):
        sign_up(address)
        link = link_in(mailroom.deliver()[-1], "confirm")
        assert client.post(link, {"seen": seen_on(client.get(link))}).status_code == 200
        change("confirm.button", BUTTON, editor)
        change("form.label_address", "Où vous écrire", editor)

    def said(address):
        return [entry["words"]["text"] for entry in proving.prove(address)["entries"]]

    asked, confirmed = said(before)
    assert "Où vous écrire" not in asked
    assert "[Confirmer mon abonnement]" in confirmed
    assert BUTTON not in confirmed
    asked, confirmed = said(after)
    assert "Où vous écrire" in asked
    assert f"[{BUTTON}]" in confirmed


def test_who_opened_the_page_before_the_words_changed_sees_it_again(
    newsletter, sign_up, mailroom, client, editor
):
    sign_up()
    link = link_in(mailroom.deliver()[0], "confirm")
    seen = seen_on(client.get(link))
    change("confirm.text", "Vous aurez « {name} » et autre chose.", editor)
    page = client.post(link, {"seen": seen})
    assert page.status_code == 409
    assert "a changé" in page.content.decode()
    assert Subscription.objects.get().state == "pending"
    assert client.post(link, {"seen": seen_on(page)}).status_code == 200
    assert Subscription.objects.get().state == "confirmed"


def test_choices_are_saved_under_the_words_of_the_page_alone(newsletter, subscribe, client, editor):
    reader = subscribe().subscriber
    page = f"/preferences/{tokens.for_choosing(reader.key)}/"
    seen = seen_on(client.get(page))
    change("preferences.button_save", "Garder ces choix", editor)
    late = client.post(page, {"save": "1", "language": "fr", "seen": seen})
    assert late.status_code == 409
    assert Subscription.objects.get().state == "confirmed"
    again = client.post(page, {"save": "1", "language": "fr", "seen": seen_on(late)})
    assert again.status_code == 303
    assert "[Garder ces choix]" in ConsentEntry.objects.latest("number").words
    assert Subscription.objects.get().state == "withdrawn"
    change("preferences.button_leave", "Tout arrêter", editor)
    assert client.post(page, {"leave": "1", "seen": seen}).status_code == 303, "one leaves at once"


def test_staying_is_kept_in_the_words_of_the_page(newsletter, subscribe, client, editor):
    subscribe()
    Subscriber.objects.update(repermission_asked_at=retention.timezone.now())
    page = f"/stay/{tokens.for_staying(Subscriber.objects.get().key)}/"
    seen = seen_on(client.get(page))
    change("stay.button", "Je reste", editor)
    late = client.post(page, {"seen": seen})
    assert late.status_code == 409
    assert not ConsentEntry.objects.exists()
    client.post(page, {"seen": seen_on(late)})
    assert "[Je reste]" in ConsentEntry.objects.get().words


# --- In the admin --------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, admin_user):
    client.force_login(admin_user)
    return client


def given(page, language="fr", **changed):
    return {name: words.ours(f"{page}.{name}", language) for name in words.PAGES[page].says} | changed


def test_the_newsroom_changes_tries_and_goes_back(newsletter, desk):
    page = "/admin/changedtext/fr/confirm/"
    assert "{name}" in desk.get(page).content.decode()
    tried = desk.post(page, given("confirm", button=BUTTON, **{"try": "1"})).content.decode()
    assert f"<b>{BUTTON}</b>" in tried
    assert not ChangedText.objects.exists()
    assert desk.post(page, given("confirm", button=BUTTON, save="1")).status_code == 302
    assert ChangedText.objects.get().key == "confirm.button"
    shown = desk.get(page).content.decode()
    assert BUTTON in shown
    assert "Confirmer mon abonnement" in shown, "ours stand beside it"
    assert "1 " in desk.get("/admin/changedtext/").content.decode()
    assert desk.post(page, {"back": "button"}).status_code == 302
    assert not ChangedText.objects.exists()


def test_what_a_colleague_saved_meanwhile_is_not_undone(newsletter, desk):
    page = "/admin/changedtext/fr/confirm/"
    shown = {f"initial-{name}": text for name, text in given("confirm").items()}
    desk.post(page, shown | given("confirm", title="Un titre de la rédaction", save="1"))
    desk.post(page, shown | given("confirm", button=BUTTON, save="1"))
    assert dict(ChangedText.objects.values_list("key", "text")) == {
        "confirm.title": "Un titre de la rédaction",
        "confirm.button": BUTTON,
    }
    assert 'name="initial-title"' in desk.get(page).content.decode()


@pytest.mark.parametrize("text", ["Dans {oubli}, rien.", "Sans rien à remplir."])
def test_words_whose_slots_a_release_changed_are_ours_again(newsletter, text):
    key = next(key for key in words.OURS if words.slots(words.ours(key, "fr")))
    ChangedText.objects.create(key=key, language="fr", text=text)
    with override("fr"):
        assert words.slots(words.Words().pattern(key)) == words.slots(words.ours(key, "fr"))


@pytest.mark.parametrize("text", ["{typed} {oops}", "<script>x</script>", "", "\0", "a\nb", "x" * 100_000])
def test_what_is_refused_saves_nothing_of_the_page(newsletter, desk, text):
    page = "/admin/changedtext/fr/confirm/"
    refused = desk.post(page, given("confirm", title="Bien", button=text, save="1"))
    assert refused.status_code == 422
    assert "<script>x" not in refused.content.decode()
    assert not ChangedText.objects.exists()


@pytest.mark.parametrize("path", ["xx/confirm/", "fr/nothing/", "fr%00/confirm/"])
def test_no_other_page_or_language_has_words(newsletter, desk, path):
    assert desk.get(f"/admin/changedtext/{path}").status_code == 404


def test_only_who_may_changes_words(newsletter, client, django_user_model):
    jo = django_user_model.objects.create_user("jo", "jo@depeche.test", "un long mot de passe")
    jo.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(jo)
    page, changed = "/admin/changedtext/fr/confirm/", given("confirm", button=BUTTON, save="1")
    for path in (page, "/admin/changedtext/"):
        assert client.get(path).status_code in (302, 403)
    client.post(page, changed)
    assert not ChangedText.objects.exists()
    jo.user_permissions.add(Permission.objects.get(codename="change_changedtext"))
    client.post(page, changed)
    assert ChangedText.objects.get().text == BUTTON
    assert Client().get("/admin/changedtext/").status_code == 302


def test_a_page_looks_for_its_words_once(newsletter, subscribe, client):
    page = f"/preferences/{tokens.for_choosing(subscribe().subscriber.key)}/"
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    looks = [one for one in asked.captured_queries if "changedtext" in one["sql"]]
    assert len(looks) == 2, "once for the page, once for the sign-up form its frame may show"
