"""Legal texts: written by kind, published whole or not at all, and agreed to in the version each person saw."""

import datetime as dt
import re

import pytest
from django.utils import timezone, translation

from depeche.delivery.models import TransactionalMessage
from depeche.subscribers import actions, agreeing, asking, legal, offering, publishing
from depeche.subscribers.legal_changes import changes
from depeche.subscribers.models import (
    ConsentEntry,
    LegalText,
    LegalVersion,
    Newsletter,
    ShownText,
    Subscription,
)
from depeche.subscribers.recording import Shown

HOSTILE = "<script>alert(1)</script>\u202e\"'&{privacy}"


def sign_up(newsletter, address):
    """Asked for and confirmed, as by form and mail."""
    language = newsletter.language
    with translation.override(language):
        actions.request(
            newsletter, address=address, language=language, shown=Shown("☐", language, "subscribe", "/")
        )
        subscription = Subscription.objects.get(newsletter=newsletter, subscriber__address=address)
        asked = actions.tokens.Request(subscription.key, subscription.request_nonce)
        return actions.confirm(asked, shown=Shown("Oui", language, "confirm", "/"))


def new_version(text, *, is_material=False, change="", **fields):
    for name, value in fields.items():
        setattr(text, name, value)
    text.save()
    return publishing.publish(text, by=None, is_material=is_material, change=change)


def text_of(kind, language="fr", newsletter=None):
    return LegalText.objects.get(kind=kind, language=language, newsletter=newsletter)


def confirm_texts(address):
    person = agreeing._names_of({address})[address]
    entry = ConsentEntry.objects.filter(person=person, action="confirm").order_by("-number").first()
    return {kind: text["version"] for kind, text in entry.as_facts["texts"].items()}


def seen_on(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def link_in(message, word):
    body = message.get_body(("plain",)).get_content()
    return re.search(rf"http://[^\s/]*(/(?:\w\w/)?{word}/[^\s]*)", body)[1]


# --- Writing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "has", "has_not"),
    [
        ("imprint", "publisher", "controller"),
        ("privacy", "controller", "publisher"),
        ("form", "sentence", "body"),
        ("terms", "body", "host"),
    ],
)
def test_a_form_shows_the_fields_of_its_kind_only(newsroom, client, editor, kind, has, has_not):
    client.force_login(editor)
    page = client.get(f"/admin/snippets/subscribers/legaltext/edit/{text_of(kind).pk}/").content.decode()
    assert f'name="{has}"' in page
    assert f'name="{has_not}"' not in page
    assert 'name="kind"' not in page, "versions hang on it"


def test_a_text_is_made_in_two_steps_and_only_once(newsroom, client, editor):
    client.force_login(editor)
    address = "/admin/snippets/subscribers/legaltext/add/"
    again = client.post(address, {"kind": "privacy", "language": "fr", "newsletter": "", "title": "Encore"})
    assert again.status_code == 200
    assert LegalText.objects.filter(kind="privacy", language="fr").count() == 1
    other = Newsletter.objects.create(
        name="Le soir", slug="soir", language="fr", sender_name="D", sender_address="d@depeche.test"
    )
    wrong = client.post(address, {"kind": "notice", "language": "fr", "newsletter": "", "title": "Notice"})
    assert wrong.status_code == 200
    made = client.post(
        address, {"kind": "notice", "language": "fr", "newsletter": other.pk, "title": "Notice"}
    )
    assert made.status_code == 302
    assert made["Location"].endswith(f"/edit/{text_of('notice', newsletter=other).pk}/")


def test_the_words_of_the_form_must_name_the_texts(newsroom, client, editor):
    client.force_login(editor)
    text = text_of("form")
    given = {"title": "Mots", "promise": "Lisez", "box": "{newsletter}", "button": "Oui", "sentence": "Rien"}
    address = f"/admin/snippets/subscribers/legaltext/edit/{text.pk}/"
    page = client.post(address, given)
    assert page.status_code == 200
    assert "{privacy}, {terms}" in page.content.decode()
    assert client.post(address, {**given, "sentence": "{privacy} {terms}"}).status_code == 302


# --- Publishing ----------------------------------------------------------------------------------------


def test_what_the_law_asks_for_and_is_empty_is_named_and_linked(newsroom, client, editor):
    client.force_login(editor)
    text = text_of("imprint")
    text.host, text.director = " \n", ""
    text.save()
    address = f"/admin/legal/{text.pk}/publish/"
    seen = legal.hash_of(legal.canonical_content(text.content()))
    for page in (client.get(address), client.post(address, {"change": "", "seen": seen})):
        body = page.content.decode()
        edit = f"/admin/snippets/subscribers/legaltext/edit/{text.pk}/"
        with translation.override("fr"):
            assert f'<a href="{edit}#id_host">' in body
            assert f'<a href="{edit}#id_director">' in body
        assert "#id_publisher" not in body
    assert text.versions.count() == 1
    with pytest.raises(publishing.FieldsMissing) as refused:
        publishing.publish(text, by=editor)
    assert refused.value.names == ("director", "host")


def test_the_page_shows_what_changes_and_publishes_it(newsroom, client, editor):
    client.force_login(editor)
    text = text_of("privacy")
    text.recipients = "Nous, et la société Exemple."
    text.save()
    address = f"/admin/legal/{text.pk}/publish/"
    page = client.get(address).content.decode()
    put_in = "".join(re.findall(r"<ins><span[^>]*>[^<]*</span>(.*?)</ins>", page, re.DOTALL))
    assert "la société Exemple." in put_in
    seen = seen_on(page)
    text.host, text.rights = "", "Encore changé."
    text.save()
    late = client.post(address, {"change": "Un hébergeur.", "seen": seen})
    assert late.status_code == 422, "nobody publishes what they did not see"
    seen = seen_on(late.content.decode())
    assert client.post(address, {"change": "Un hébergeur.", "seen": seen}).status_code == 302
    newest = text.versions.first()
    assert (newest.number, newest.change, newest.published_by) == (2, "Un hébergeur.", "morel")
    assert client.post(address, {"seen": seen}).status_code == 302
    assert client.post(address, {}).status_code == 422
    assert text.versions.count() == 2, "nothing changed, nothing published"


def test_whoever_is_asked_again_is_told_why(newsletter, client, editor):
    sign_up(newsletter, "lea@exemple.test")
    client.force_login(editor)
    text = text_of("privacy")
    text.purposes = "Autre chose."
    text.save()
    answer = client.post(f"/admin/legal/{text.pk}/publish/", {"change": " ", "is_material": "on"})
    assert answer.status_code == 422
    seen = seen_on(answer.content.decode())
    given = {"change": " ", "is_material": "on", "seen": seen}
    answer = client.post(f"/admin/legal/{text.pk}/publish/", given)
    assert answer.status_code == 422
    assert text.versions.count() == 1


def test_versions_their_hashes_and_any_two_of_them(newsroom, client, editor):
    client.force_login(editor)
    text = text_of("terms")
    new_version(text, body="<p>Deux.</p>")
    new_version(text, body="<p>Trois.</p>")
    page = client.get(f"/admin/legal/{text.pk}/versions/").content.decode()
    for version in text.versions.all():
        assert version.sha256 in page
    page = client.get(f"/admin/legal/{text.pk}/compare/?from=2&to=3").content.decode()
    assert page.count("<h3>") == 1
    assert "Deux." in re.search(r"<del>.*?</del>", page, re.DOTALL)[0]
    assert "Trois." in re.search(r"<ins>.*?</ins>", page, re.DOTALL)[0]
    for wrong in ("?from=2", "?from=2&to=99", "?from=%00&to=1", f"?from=1&to={'9' * 40}", "?from=²&to=1"):
        assert client.get(f"/admin/legal/{text.pk}/compare/{wrong}").status_code == 404, wrong


def test_without_the_permission_nothing_is_published_or_seen(newsroom, client, django_user_model):
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("jo", "jo@depeche.test", "un long mot de passe")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    text = text_of("terms")
    pages = ("publish", "versions", "compare", "versions/1/readers")
    for name in pages:
        answer = client.get(f"/admin/legal/{text.pk}/{name}/")
        assert answer.status_code in (302, 403), name
    user.user_permissions.add(Permission.objects.get(codename="change_legaltext"))
    assert client.get(f"/admin/legal/{text.pk}/publish/").status_code == 200
    assert client.get(f"/admin/legal/{text.pk}/versions/1/readers/").status_code in (302, 403)


def test_a_diff_names_the_fields_and_shows_words():
    old = {"title": "T", "rights": "Vous pouvez voir.\nEt corriger.", "body": "<p>Un <b>mot</b></p>"}
    new = {"title": "T", "rights": "Vous pouvez tout voir.\nEt corriger.", "body": "<p>Un mot</p>"}
    rights, body = changes(old, new)
    assert rights.name == "rights"
    ((first, put_in, last),) = rights.paragraphs
    assert (first.text, put_in.change, put_in.text, last.text) == ("Vous pouvez ", "added", "tout ", "voir.")
    assert [piece.change for piece in body.paragraphs[0]] == ["removed", "added"], "emphasis is a change too"
    assert changes(new, new) == []


def test_a_link_that_leads_elsewhere_is_a_change_one_sees():
    (body,) = changes(
        {"body": '<p><a href="https://a.test/">ici</a></p>'},
        {"body": '<p><a href="https://b.test/">ici</a></p>'},
    )
    shown = "".join(piece.text for paragraph in body.paragraphs for piece in paragraph)
    assert "https://a.test/" in shown
    assert "https://b.test/" in shown


# --- Who agreed to what --------------------------------------------------------------------------------


def test_each_agreed_to_the_version_they_saw(newsletter, client, editor):
    sign_up(newsletter, "lea@exemple.test")
    new_version(text_of("privacy"), purposes="Autre chose.")
    sign_up(newsletter, "ali@exemple.test")
    assert confirm_texts("lea@exemple.test")["privacy"] == 1
    assert confirm_texts("ali@exemple.test")["privacy"] == 2
    counts = {
        version.number: n for version, n in agreeing.with_counts(list(text_of("privacy").versions.all()))
    }
    assert counts == {1: 1, 2: 1}
    client.force_login(editor)
    page = client.get(f"/admin/legal/{text_of('privacy').pk}/versions/1/readers/").content.decode()
    assert "lea@exemple.test" in page
    assert "ali@exemple.test" not in page


def test_in_a_long_log_they_are_counted_when_asked_for(newsletter, client, editor, monkeypatch):
    sign_up(newsletter, "lea@exemple.test")
    client.force_login(editor)
    text = text_of("privacy")
    page = f"/admin/legal/{text.pk}/versions/"
    readers = f"/admin/legal/{text.pk}/versions/1/readers/"
    assert f'<a href="{readers}">1</a>' in client.get(page).content.decode()
    monkeypatch.setattr(agreeing, "COUNTED_AT_ONCE", 1)
    not_counted = client.get(page).content.decode()
    assert readers not in not_counted
    assert "?page=1&amp;count=1" in not_counted
    assert f'<a href="{readers}">1</a>' in client.get(f"{page}?page=1&count=1").content.decode()


def test_who_confirms_after_a_new_version_agreed_to_the_one_of_the_form(newsletter):
    with translation.override("fr"):
        actions.request(
            newsletter,
            address="lea@exemple.test",
            language="fr",
            shown=Shown("☐", "fr", "subscribe", "/"),
        )
    new_version(text_of("privacy"), purposes="Autre chose.")
    subscription = Subscription.objects.get()
    asked = actions.tokens.Request(subscription.key, subscription.request_nonce)
    actions.confirm(asked, shown=Shown("Oui", "fr", "confirm", "/"))
    assert confirm_texts("lea@exemple.test")["privacy"] == 1


def test_what_was_in_force_at_a_moment(newsletter):
    before = timezone.now()
    new_version(text_of("privacy"), purposes="Autre chose.")
    assert legal.in_force("fr", newsletter)["privacy"]["version"] == 2
    assert legal.in_force("fr", newsletter, at=before)["privacy"]["version"] == 1
    assert legal.in_force("fr", newsletter, at=before - dt.timedelta(days=1)) == {}


@pytest.mark.parametrize("kind", ["privacy", "form", "notice"])
def test_nobody_subscribes_under_words_they_were_not_shown(newsletter, client, kind):
    given = {"newsletter": newsletter.slug, "address": "lea@exemple.test", "agreed": "on"}
    seen = seen_on(client.get("/subscribe/").content.decode())
    changed = {"box": "J’accepte {newsletter}, autrement."} if kind == "form" else {"purposes": "Autre."}
    new_version(text_of(kind, newsletter=newsletter if kind == "notice" else None), **changed)
    answer = client.post("/subscribe/", {**given, "seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "lea@exemple.test" in page
    assert not re.search(r'<input[^>]*name="agreed"[^>]*checked', page), (
        "they tick it again, for the new words"
    )
    assert client.post("/subscribe/", {**given, "seen": seen_on(page)}).status_code == 303


# --- Asking again --------------------------------------------------------------------------------------


def test_a_material_change_is_written_to_exactly_those_it_is_about_and_once(newsletter, subscribe, mailroom):
    english = Newsletter.objects.get(language="en")
    lea, ali = (sign_up(newsletter, f"{name}@exemple.test") for name in ("lea", "ali"))
    sign_up(english, "kim@exemple.test")
    left = sign_up(newsletter, "parti@exemple.test")
    actions.withdraw(left.key, shown=Shown("", "fr", "unsubscribe", ""))
    subscribe("attend@exemple.test", state="pending")
    unknown = subscribe("ancien@exemple.test")  # nothing recorded says what they agreed to
    Subscription.objects.filter(pk=subscribe("client@exemple.test").pk).update(basis="service")
    TransactionalMessage.objects.all().delete()

    version = new_version(text_of("privacy"), is_material=True, change="Un autre but.", purposes="Autre.")
    sign_up(newsletter, "nouveau@exemple.test")
    TransactionalMessage.objects.all().delete()
    assert agreeing.readers_to_ask(version.text) == 4, "those who came since are counted, and not written to"
    assert asking.go_on() == 3
    assert asking.go_on() == 0
    mails = mailroom.deliver()
    assert sorted(mail["To"] for mail in mails) == sorted(
        one.subscriber.address for one in (lea, ali, unknown)
    )
    assert version.asking.finished_at is None, "the object from before"
    version.asking.refresh_from_db()
    assert (version.asking.asked, version.asking.finished_at is not None) == (3, True)


def test_asking_goes_on_where_it_was_stopped(newsletter, monkeypatch):
    for number in range(7):
        sign_up(newsletter, f"lecteur{number}@exemple.test")
    TransactionalMessage.objects.all().delete()
    new_version(text_of("privacy"), is_material=True, change="Un but.", purposes="Autre.")
    monkeypatch.setattr(asking, "BATCH", 3)
    write, written = asking._write, []

    def breaks_at_the_fifth(reader, *rest):
        if len(written) == 4:
            raise OSError("stopped")
        write(reader, *rest)
        written.append(reader.address)

    monkeypatch.setattr(asking, "_write", breaks_at_the_fifth)
    with pytest.raises(OSError, match="stopped"):
        asking.go_on()
    monkeypatch.setattr(asking, "_write", write)
    assert TransactionalMessage.objects.count() == 3, "the batch that broke left nothing"
    assert asking.go_on() == 4
    recipients = list(TransactionalMessage.objects.values_list("recipient", flat=True))
    assert len(recipients) == len(set(recipients)) == 7


def test_mails_to_ask_never_hold_up_what_somebody_waits_for(newsletter, monkeypatch):
    for number in range(6):
        sign_up(newsletter, f"lecteur{number}@exemple.test")
    TransactionalMessage.objects.all().delete()
    new_version(text_of("privacy"), is_material=True, change="Un but.", purposes="Autre.")
    monkeypatch.setattr(asking, "BATCH", 2)
    monkeypatch.setattr(asking, "WAITING_AT_MOST", 4)
    assert asking.go_on() == 4
    TransactionalMessage.objects.update(state="sent", content=b"")
    assert asking.go_on() == 2


def test_a_newer_material_change_takes_over(newsletter):
    sign_up(newsletter, "lea@exemple.test")
    TransactionalMessage.objects.all().delete()
    text = text_of("privacy")
    first = new_version(text, is_material=True, change="Un.", purposes="Un.")
    second = new_version(text, is_material=True, change="Deux.", purposes="Deux.")
    assert asking.go_on() == 1
    first.asking.refresh_from_db()
    second.asking.refresh_from_db()
    assert (first.asking.asked, second.asking.asked) == (0, 1)


def test_a_change_of_one_notice_asks_the_readers_of_that_newsletter(newsletter):
    sign_up(newsletter, "lea@exemple.test")
    sign_up(Newsletter.objects.get(language="en"), "kim@exemple.test")
    TransactionalMessage.objects.all().delete()
    new_version(text_of("notice", newsletter=newsletter), is_material=True, change="Oui.", recipients="X")
    asking.go_on()
    assert TransactionalMessage.objects.get().recipient == "lea@exemple.test"


@pytest.fixture
def asked(newsletter, mailroom):
    """Somebody who was asked again, the version, and the path of the link."""
    sign_up(newsletter, "lea@exemple.test")
    TransactionalMessage.objects.all().delete()
    version = new_version(text_of("privacy"), is_material=True, change="Un autre but.", purposes="Autre.")
    asking.go_on()
    (mail,) = mailroom.deliver()
    return version, link_in(mail, "agree-again")


def test_one_button_agrees_again_and_a_visit_does_not(asked, client):
    version, link = asked
    before = ConsentEntry.objects.count()
    for _ in range(3):
        page = client.get(link)
        assert page.status_code == 200
        assert not page.cookies
        client.head(link)
    assert ConsentEntry.objects.count() == before
    assert "Un autre but." in page.content.decode()

    for _ in range(2):
        assert client.post(link, {"seen": version.sha256}).status_code == 200
    entry = ConsentEntry.objects.order_by("-number").first()
    assert ConsentEntry.objects.count() == before + 1
    assert (entry.action, entry.as_facts["form"]) == ("confirm", "reconsent")
    assert entry.as_facts["texts"]["privacy"] == {"version": 2, "sha256": version.sha256}
    assert "@" not in entry.as_facts["url"]
    assert version.fields["title"] in ShownText.objects.get(pk=entry.as_facts["wording"]).text
    version.asking.refresh_from_db()
    assert version.asking.answered == 1


def test_nobody_agrees_to_a_text_they_were_not_shown(asked, client):
    version, link = asked
    newest = new_version(text_of("privacy"), purposes="Encore autre.")
    before = ConsentEntry.objects.count()
    for given in ({"seen": version.sha256}, {}, {"seen": "\0"}):
        assert client.post(link, given).status_code == 409
    assert ConsentEntry.objects.count() == before
    client.post(link, {"seen": newest.sha256})
    assert ConsentEntry.objects.count() == before + 1


def test_a_link_that_is_old_forged_or_of_somebody_gone(asked, client, time_machine):
    _version, link = asked
    assert client.get(link[:-3] + "/").status_code == 404
    assert client.get("/agree-again/%00/").status_code == 404
    other_site = client.post(link, {}, headers={"Origin": "https://ailleurs.example"})
    assert other_site.status_code == 403
    actions.withdraw(Subscription.objects.get().key, shown=Shown("", "fr", "unsubscribe", ""))
    assert client.post(link, {"seen": "x"}).status_code == 200
    assert Subscription.objects.get().state == "withdrawn", "no old link brings anybody back"
    time_machine.move_to(timezone.now() + dt.timedelta(days=91))
    assert client.get(link).status_code == 410


def test_the_mail_is_in_their_language_and_carries_no_advertising(newsroom, mailroom):
    english = Newsletter.objects.get(language="en")
    sign_up(english, "kim@exemple.test")
    TransactionalMessage.objects.all().delete()
    text = text_of("privacy", "en")
    new_version(text, is_material=True, change="A new purpose.", purposes="Something else.")
    asking.go_on()
    (mail,) = mailroom.deliver()
    words = mail.get_body(("plain",)).get_content()
    assert "Do you agree to this one too?" in words
    assert link_in(mail, "agree-again").startswith("/en/")
    assert set(re.findall(r"localhost:8000/en/([\w-]+)/", words)) <= {"legal", "agree-again", "unsubscribe"}
    assert "List-Unsubscribe" not in mail


# --- What readers find ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "language"), [("", "fr"), ("/en", "en")])
def test_each_text_has_a_page_with_its_versions(newsroom, client, prefix, language):
    for kind in ("privacy", "terms", "imprint"):
        text = text_of(kind, language)
        first = text.title
        new_version(text, title=f"{text.title} bis", change="Un mot.")
        page = client.get(f"{prefix}/legal/{kind}/")
        assert page.status_code == 200
        assert "bis" in page.content.decode()
        old = client.get(f"{prefix}/legal/{kind}/1/")
        assert old.status_code == 200
        assert f"{first} bis" not in old.content.decode()
        assert old["X-Robots-Tag"] == "noindex"
        assert "Un mot." in client.get(f"{prefix}/legal/{kind}/versions/").content.decode()
        for nowhere in ("3", "0", "99999999999999999999"):
            assert client.get(f"{prefix}/legal/{kind}/{nowhere}/").status_code == 404


def test_the_notice_of_a_newsletter_is_a_click_from_the_form(newsletter, client):
    form = client.get("/subscribe/").content.decode()
    assert f'href="/legal/notice/{newsletter.slug}/"' in form
    page = client.get(f"/legal/notice/{newsletter.slug}/").content.decode()
    for name in legal.OF_A_NOTICE:
        first_words = getattr(text_of("notice", newsletter=newsletter), name).split()[0]
        assert first_words in page, name
    assert client.get(f"/legal/notice/{newsletter.slug}/1/").status_code == 200
    assert client.get(f"/legal/notice/{newsletter.slug}/versions/").status_code == 200
    assert client.get("/legal/notice/nulle-part/").status_code == 404
    assert client.get("/legal/form/").status_code == 404


def test_who_publishes_is_named_below_every_page_and_mail(newsletter, client, mailroom):
    assert 'href="/legal/imprint/"' in client.get("/").content.decode()
    actions.request(
        newsletter, address="lea@exemple.test", language="fr", shown=Shown("☐", "fr", "subscribe", "/")
    )
    (mail,) = mailroom.deliver()
    for part in ("plain", "html"):
        body = mail.get_body((part,)).get_content()
        assert "/legal/imprint/" in body
        assert f"/legal/notice/{newsletter.slug}/" in body


def test_what_somebody_puts_into_a_field_stays_text(newsletter, client, editor):
    for kind, fields in (
        ("imprint", legal.OF_AN_IMPRINT),
        ("notice", legal.OF_A_NOTICE),
        ("form", ("promise", "box", "button", "sentence")),
    ):
        text = text_of(kind, newsletter=newsletter if kind == "notice" else None)
        new_version(text, title=HOSTILE, **{name: f"{HOSTILE} {name}" for name in fields}, change=HOSTILE)
    client.force_login(editor)
    pages = [
        "/legal/imprint/",
        f"/legal/notice/{newsletter.slug}/",
        "/subscribe/",
        "/legal/imprint/versions/",
    ]
    pages += [f"/admin/legal/{text_of('form').pk}/{page}" for page in ("versions/", "compare/?from=1&to=2")]
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "<script>alert" not in answer.content.decode(), address


def test_a_newsletter_without_a_published_notice_cannot_be_subscribed_to(newsletter, client):
    other = Newsletter.objects.create(
        name="Le soir", slug="soir", language="fr", sender_name="D", sender_address="d@depeche.test"
    )
    assert list(offering.offered("fr")) == [newsletter]
    assert offering.lacking(other) == ["notice"]
    given = {"newsletter": "soir", "address": "lea@exemple.test", "agreed": "on"}
    assert client.post("/subscribe/", given).status_code == 422
    assert "Le soir" not in client.get("/subscribe/").content.decode()
    text = LegalText.objects.create(kind="notice", language="fr", newsletter=other, title="Notice")
    with pytest.raises(publishing.FieldsMissing):
        publishing.publish(text, by=None)
    new_version(text, **dict.fromkeys(legal.OF_A_NOTICE, "Dit."))
    assert set(offering.offered("fr")) == {newsletter, other}


def test_without_a_privacy_policy_in_a_language_there_is_no_form_in_it(newsroom, client):
    Newsletter.objects.filter(language="en").update(language="de")
    with translation.override("en"):
        assert not offering.offered("de").exists()
    page = client.get("/en/subscribe/")
    assert page.status_code == 200
    assert "<form" not in page.content.decode().split("<main")[1].split("</main")[0]


def test_a_published_version_is_neither_changed_nor_deleted(newsroom, client, editor):
    from django.db import DatabaseError, transaction

    version = LegalVersion.objects.first()
    for act in (lambda: LegalVersion.objects.update(change="x"), lambda: LegalVersion.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    client.force_login(editor)
    client.post(f"/admin/bulk/subscribers/legaltext/delete/?id={version.text_id}")
    assert LegalText.objects.filter(pk=version.text_id).exists()


def test_the_doctor_names_the_texts_that_are_still_ours(newsroom, settings):
    from depeche.ops.checks import texts_to_complete

    assert texts_to_complete() == [], "on this machine nobody is misled"
    settings.IS_PUBLIC = True
    found = texts_to_complete()
    assert len(found) == 2, "one in each language"
    assert not any(problem.is_unsafe for problem in found)
    for language in ("fr", "en"):
        new_version(text_of("imprint", language), publisher="A", director="B", host="C")
    assert texts_to_complete() == []
