"""« Signaler une erreur »: a form for everybody, a ticket, an answer; and a thousand who mean no good."""

import datetime as dt
import random
import re
import time

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from depeche.articles import actions, reporting
from depeche.articles.models import Correction, ErrorReport, ReportSent
from depeche.articles.reporting import Answer
from depeche.delivery.models import TransactionalMessage

pytestmark = pytest.mark.django_db

FORM = {"words": "80 mètres", "message": "Elle en mesure 60.", "address": "lea@exemple.test"}


@pytest.fixture
def send(client):
    """Send the form about an article, from some network."""

    def _send(article, network: str = "192.0.2.7", headers: dict | None = None, **changed: str):
        return client.post(
            f"/report/{article.pk}/", FORM | changed, REMOTE_ADDR=network, headers=headers or {}
        )

    return _send


def told(**changed) -> reporting.Told:
    return reporting.Told(**{"message": "Elle en mesure 60.", "words": "80 mètres", **changed})


def report(article, network: str = "192.0.2.0/24", at=None, **changed) -> ErrorReport:
    return reporting.report(article, told(**changed), language="fr", network=network, at=at)


# What a reader meets


def test_the_article_leads_to_the_form_and_the_form_to_a_ticket_that_shows_no_word_of_the_reader(
    client, write, send
):
    article = write()
    assert f'href="/report/{article.pk}/"' in client.get(article.url).content.decode()
    assert "80 mètres" in client.get(f"/report/{article.pk}/?words=80 mètres").content.decode()
    answer = send(article)
    assert answer.status_code == 303
    found = ErrorReport.objects.get()
    assert (found.words, found.message, found.address) == tuple(FORM.values())
    assert found.ticket in client.get(answer["Location"]).content.decode()
    page = client.get(f"/report/ticket/{found.number}/")
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    for text in FORM.values():
        assert text not in page.content.decode()


def test_no_page_of_a_report_sets_a_cookie_or_loosens_the_policy(client, write, send):
    article = write()
    number = report(article).number
    pages = [
        client.get(f"/report/{article.pk}/"),
        send(article, message="Autre chose."),
        send(article, message=""),
        client.get("/report/ticket/"),
        client.get(f"/report/ticket/{number}/"),
        client.get("/reports/"),
        client.get("/reports.json"),
    ]
    for page in pages:
        assert not page.cookies
        assert "unsafe-inline" not in page["Content-Security-Policy"]
        assert b"<script>" not in page.content
        assert b" style=" not in page.content


def test_what_was_typed_is_kept_when_something_is_missing(write, send):
    page = send(write(), message=" \n ", address="lea@exemple")
    assert page.status_code == 422
    for kept in ("80 mètres", "lea@exemple", 'aria-invalid="true"'):
        assert kept in page.content.decode()
    assert not ErrorReport.objects.exists()


def test_a_number_is_found_however_it_is_typed_and_another_is_not(client, write):
    number = report(write()).number
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{8}", number)
    typed = f" {number[:4].lower()} - {number[4:].lower()}"
    assert client.get("/report/ticket/", {"number": typed})["Location"] == f"/report/ticket/{number}/"
    for wrong in ("AAAA-AAAA", "x" * 500, "0OIL1", "\0", "é/..", "%"):
        page = client.get("/report/ticket/", {"number": wrong}, follow=True)
        assert page.status_code == 404, wrong
    assert client.get("/report/ticket/").status_code == 200


def test_only_what_readers_have_is_reported(client, write, editor):
    draft, gone = write(published=False), write("Retiré")
    actions.take_down(gone, reason="Une erreur.", by=editor)
    for pk in (draft.pk, gone.pk, draft.get_parent().pk, 10**30):
        assert client.get(f"/report/{pk}/").status_code == 404
        assert client.post(f"/report/{pk}/", FORM).status_code == 404


def test_the_form_speaks_the_readers_language(client, write):
    article = write()
    assert "Signaler une erreur" in client.get(f"/report/{article.pk}/").content.decode()
    client.post(f"/en/report/{article.pk}/", FORM)
    assert ErrorReport.objects.get().language == "en"


# What it withstands


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://ailleurs.test"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["origin", "fetch metadata"],
)
def test_a_form_posted_from_another_site_is_refused(write, send, headers):
    article = write()
    assert send(article, headers=headers).status_code == 403
    assert not ErrorReport.objects.exists()
    assert send(article, headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"})
    assert ErrorReport.objects.exists()


def test_what_only_a_machine_fills_in_goes_on_the_spam_pile_with_the_same_answer(write, send):
    article = write()
    assert send(article, website="http://x.test").status_code == 303
    assert send(article, message="Un autre.").status_code == 303
    assert sorted(ErrorReport.objects.values_list("state", flat=True)) == ["open", "spam"]


def test_the_same_report_again_is_counted_and_another_is_another(write):
    article = write()
    first = report(article)
    again = report(article, message=" Elle  en mesure 60. ".strip(), network="198.51.100.0/24")
    assert (again.number, again.times, ErrorReport.objects.count()) == (first.number, 2, 1)
    assert report(article, message="Elle en mesure 61.").number != first.number
    assert report(article, address="lea@exemple.test").number != first.number, (
        "who waits for an answer gets it"
    )
    assert report(write("Ailleurs")).number != first.number


def test_a_network_sends_five_an_hour_and_its_neighbour_is_free(write, send, time_machine):
    article = write()
    for number in range(reporting.FROM_A_NETWORK):
        assert send(article, f"192.0.2.{number}", message=f"Erreur {number}").status_code == 303
    refused = send(article, "192.0.2.200", message="Une de trop")
    assert refused.status_code == 429
    assert refused["Retry-After"] == "3600"
    assert "Une de trop" in refused.content.decode(), "what was typed is kept"
    assert send(article, "192.0.3.200", message="Une autre").status_code == 303
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=61))
    assert send(article, "192.0.2.200", message="Une de trop").status_code == 303


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.9", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("", "unix:", True),
    ],
)
def test_a_network_is_its_24_or_64_bits(rf, one, other, is_same):
    from depeche.visitors import network

    found = [network(rf.get("/", REMOTE_ADDR=address)) for address in (one, other)]
    assert (found[0] == found[1]) is is_same


def test_networks_are_stored_as_a_keyed_hash_only(write, send):
    send(write(), "192.0.2.77")
    assert "192.0.2" not in str(ReportSent.objects.values_list().get())


def test_an_article_takes_thirty_an_hour_and_another_is_free(write):
    article = write()
    for number in range(reporting.OF_AN_ARTICLE):
        report(article, network=f"net {number}", message=f"Erreur {number}")
    with pytest.raises(reporting.TooMany):
        report(article, network="another", message="Une de trop")
    assert report(write("Ailleurs"), network="another")


def test_all_together_take_two_hundred_an_hour(write):
    now = timezone.now()
    first = report(write())
    rows = [
        ReportSent(report=first, network_key=str(number), sent_at=now) for number in range(reporting.IN_ALL)
    ]
    ReportSent.objects.bulk_create(rows[:-2])
    elsewhere = write("Ailleurs")
    assert report(elsewhere, network="a", at=now)
    with pytest.raises(reporting.TooMany):
        report(elsewhere, network="b", message="Une de trop", at=now)


HOSTILE = [
    {"message": "<script>alert(1)</script><img src=x onerror=alert(1)>"},
    {"message": "\u202eesrever\u2066 \u0000nul\u0007 bell"},
    {"message": "Erreur", "address": "a@b.test\r\nBcc: tous@exemple.test"},
    {"message": "Erreur", "address": '"<script>"@exemple.test'},
    {"message": "x" * 2001},
    {"message": "x" * 200_000},
    {"message": "x", "words": "y" * 501},
    {"message": "'; DROP TABLE articles_errorreport; --"},
    {"message": "{{ 7|add:7 }} {% debug %} %(x)s ${y}"},
    {"message": "🦊" * 1000, "words": "שלום עליכם"},
    {"message": "buy http://x.test " * 50, "website": "http://x.test"},
    {"words": "sans message"},
    {},
    {"message": ["a", "b"], "address": ["a@b.test", "c@d.test"]},
]
RAW = [
    (b"message=%ff%fe%00%zz", "application/x-www-form-urlencoded"),
    (b"message=Erreur", "application/x-www-form-urlencoded; charset=latin-1"),
    (b"message=Erreur", "application/x-www-form-urlencoded; charset=rot13"),
    (b"message=Erreur", "application/x-www-form-urlencoded; charset=\xff"),
    (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
    (b"broken", "multipart/form-data"),
    (b'{"message": "Erreur"}', "application/json"),
    (b"&".join(b"a%d=1" % number for number in range(5000)), "application/x-www-form-urlencoded"),
    (b"\x00" * 1000, ""),
]


@pytest.mark.quiet
def test_a_thousand_hostile_posts_leave_a_desk_that_can_be_used(write, mailroom):
    article, other = write(), write("Ailleurs")
    client = Client(raise_request_exception=False)
    chance = random.Random(6)
    counted: dict[int, int] = {}
    began = time.perf_counter()
    for number in range(1000):
        options = {"REMOTE_ADDR": f"10.{chance.randrange(4)}.{chance.randrange(40)}.{number % 256}"}
        address = f"/report/{chance.choice([article, article, other]).pk}/"
        if number % 4 == 0:
            body, kind = chance.choice(RAW)
            answer = client.generic("POST", address, body, content_type=kind, **options)
        else:
            fields = dict(chance.choice(HOSTILE))
            if number % 3 == 0 and isinstance(fields.get("message"), str):
                fields["message"] += f" {number}"
            answer = client.post(address, fields, **options)
        counted[answer.status_code] = counted.get(answer.status_code, 0) + 1
    took_s = time.perf_counter() - began
    assert set(counted) <= {303, 400, 413, 422, 429}, counted
    assert ErrorReport.objects.count() <= 2 * reporting.OF_AN_ARTICLE
    assert ReportSent.objects.count() <= 2 * reporting.OF_AN_ARTICLE
    assert not TransactionalMessage.objects.exists(), "no mail goes out for a report"
    assert took_s < 60
    for found in ErrorReport.objects.all():
        assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e\u2066-\u2069]", found.message + found.words)


def test_a_body_that_is_too_large_is_not_even_read(write, client):
    answer = client.generic(
        "POST", f"/report/{write().pk}/", b"message=" + b"x" * 70_000, "application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert "Set-Cookie" not in answer


def test_a_full_form_is_not_too_large(write, send):
    longest = {"message": "🦊" * 2000, "words": "🦊" * 500, "address": "a@exemple.test"}
    assert send(write(), **longest).status_code == 303


# Answers


@pytest.fixture
def correction(write):
    article = write()
    return Correction.objects.create(
        article=article,
        was="80 mètres",
        now="60 mètres",
        reason="La longueur était fausse.",
        corrected_in=article.versions.last(),
        published_at=timezone.now(),
    )


def test_the_answer_is_public_and_mailed_with_the_number_and_leads_to_the_correction(
    client, correction, editor, mailroom
):
    found = report(correction.article, address="lea@exemple.test")
    reporting.answer(found, Answer("Elle mesure 60 m.", True, correction), by=editor)
    page = client.get(f"/report/ticket/{found.number}/").content.decode()
    assert "Elle mesure 60\u00a0m." in page
    assert f"#correction-{correction.pk}" in page
    (mail,) = mailroom.deliver()
    assert found.ticket in mail["Subject"]
    assert mail["To"] == "lea@exemple.test"
    text = mail.get_body(("plain",)).get_content()
    assert f"#correction-{correction.pk}" in text
    assert f"/report/ticket/{found.number}/" in text
    assert "80 mètres" not in text, "a reader's words are not sent to an address nobody proved"


def test_without_an_address_nothing_is_mailed(write, editor, mailroom):
    reporting.answer(report(write()), Answer("Non.", False), by=editor)
    assert not mailroom.deliver()


def test_the_mail_speaks_the_language_of_the_report(write, editor, mailroom):
    article = write()
    found = reporting.report(article, told(address="a@exemple.test"), language="en", network="")
    reporting.answer(found, Answer("No.", False), by=editor)
    assert mailroom.deliver()[0]["Subject"].startswith("Your report")


def test_a_headline_with_line_ends_makes_no_header(write, editor, mailroom):
    found = report(write("Le pont\u2028 rouvre"), address="lea@exemple.test")
    reporting.answer(found, Answer("Non.", False), by=editor)
    assert len(mailroom.deliver()) == 1


def test_an_answer_put_right_keeps_the_time_of_the_first(write, editor):
    found = report(write())
    at = timezone.now()
    reporting.answer(found, Answer("Non.", False), by=editor, at=at)
    reporting.answer(found, Answer("Si.", True), by=editor, at=at + dt.timedelta(days=3))
    found.refresh_from_db()
    assert (found.state, found.answer, found.answered_at) == ("corrected", "Si.", at)


def test_a_correction_of_another_article_or_of_nothing_corrected_is_refused(write, correction, editor):
    with pytest.raises(reporting.NotTheirs):
        reporting.answer(report(write()), Answer("x", True, correction), by=editor)
    found = report(correction.article)
    with pytest.raises(reporting.NotTheirs):
        reporting.answer(found, Answer("x", False, correction), by=editor)


def test_who_edits_articles_answers_and_an_author_does_not_answer_for_their_own(write, somebody):
    found = report(write(owner=somebody("plume", "contributor")))
    for name, role in (("plume", "contributor"), ("abonnes", "subscriber_desk")):
        with pytest.raises(actions.NotAllowed):
            reporting.answer(found, Answer("x", False), by=somebody(name, role))
        assert reporting.set_aside(ErrorReport.objects.all(), by=somebody(name, role)) == 0
    for role in ("editor", "publisher"):
        reporting.answer(found, Answer("x", False), by=somebody(role, role))


def test_what_is_set_aside_can_be_taken_up_and_what_is_answered_is_not_set_aside(write, editor):
    article = write()
    found, answered = report(article), report(article, message="Une autre.")
    reporting.answer(answered, Answer("Non.", False), by=editor)
    assert reporting.set_aside(ErrorReport.objects.all(), by=editor) == 1
    found.refresh_from_db()
    assert found.state == "spam"
    assert reporting.take_up_again(found, by=editor).state == "open"
    assert reporting.take_up_again(answered, by=editor).state == "unchanged"


def test_the_database_refuses_an_answer_without_words_or_time(write):
    found = report(write())
    for changed in ({"state": "corrected", "answered_at": timezone.now()}, {"state": "spam"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ErrorReport.objects.filter(pk=found.pk).update(**changed)


# What is forgotten


def test_an_address_goes_ninety_days_after_the_answer_not_before(write, editor):
    found = report(write(), address="lea@exemple.test")
    at = timezone.now()
    reporting.answer(found, Answer("Non.", False), by=editor, at=at)
    reporting.forget(at + dt.timedelta(days=89))
    found.refresh_from_db()
    assert found.address
    reporting.forget(at + dt.timedelta(days=90))
    found.refresh_from_db()
    assert (found.address, found.fingerprint, found.message) == ("", "", "Elle en mesure 60.")


def test_a_year_without_an_answer_ends_with_the_address_forgotten(write):
    at = timezone.now()
    found = report(write(), address="lea@exemple.test", at=at)
    reporting.forget(at + dt.timedelta(days=364))
    assert ErrorReport.objects.exclude(address="").exists()
    reporting.forget(at + dt.timedelta(days=365))
    found.refresh_from_db()
    assert (found.address, found.state) == ("", "open")


def test_networks_go_after_a_day_and_what_spam_said_after_thirty(write, editor):
    found = report(write(), address="lea@exemple.test")
    reporting.set_aside(ErrorReport.objects.all(), by=editor)
    reporting.forget(timezone.now() + dt.timedelta(hours=23))
    assert ReportSent.objects.exists()
    reporting.forget(timezone.now() + dt.timedelta(hours=24))
    assert not ReportSent.objects.exists()
    reporting.forget(timezone.now() + dt.timedelta(days=30))
    found.refresh_from_db()
    assert (found.words, found.message, found.address, found.state) == ("", "", "", "spam")


def test_who_reported_is_shown_whole_and_forgotten_on_request(write, editor):
    from depeche.subscribers import privacy

    article = write()
    found, others = report(article, address="Lea@exemple.test"), report(article, address="ali@exemple.test")
    (shown,) = privacy.export("lea@exemple.test")["reported_errors"]
    assert (shown["number"], shown["message"]) == (found.number, "Elle en mesure 60.")
    assert privacy.erase("LEA@exemple.test") == 1
    found.refresh_from_db()
    others.refresh_from_db()
    assert (found.words, found.message, found.address) == ("", "", "")
    assert others.address
    assert not Correction.objects.exists()
