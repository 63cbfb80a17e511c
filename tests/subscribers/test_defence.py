"""Ten thousand hostile requests: mails stay bounded, people get through, and nobody learns who is a reader."""

import datetime as dt
import logging
import random
import re

import dns.resolver
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from depeche import keys
from depeche.delivery.models import TransactionalMessage
from depeche.subscribers import actions, domains, limits, signing_up, tasks
from depeche.subscribers.models import ConsentDetail, SignUp, SignUpCount, Subscriber
from depeche.subscribers.recording import Shown

FORM = {"newsletter": "matin", "address": "lea@exemple.test", "agreed": "on"}
SHOWN = Shown("…", "fr", "subscribe", "https://exemple.test/subscribe/")
NOON = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
# A test is one transaction, in which PostgreSQL prunes nothing: the counts, changed at each request, get slow to read.
EACH = 2_500 if settings.IS_SQLITE else 250


def ask(newsletter, address, network, *, presses=True):
    """As the form does; a machine that `presses` follows the second step too. What came of it."""
    asked = signing_up.Asked(newsletter, address, SHOWN, network=network)
    try:
        signing_up.take_down(asked, at=NOON)
    except signing_up.OneMoreStep as step:
        if not presses:
            return "one more step"
        try:
            signing_up.take_down(asked, token=step.token, at=NOON)
        except limits.TooMany:
            return "too many"
        return "one more step, then in"
    except limits.TooMany:
        return "too many"
    return "in"


def networks(many):
    return [f"10.{number // 256}.{number % 256}.0/24" for number in range(many)]


def mails():
    signing_up.see_to_all()
    return TransactionalMessage.objects.count()


HONEST = ("jeanne@ailleurs.test", "192.0.2.0/24")


def test_a_flood_of_one_address(newsletter):
    came_of_it = [ask(newsletter, "lea@exemple.test", network) for network in networks(EACH)]
    assert came_of_it.count("in") == 5
    assert came_of_it.count("one more step, then in") == EACH - 5
    assert ask(newsletter, *HONEST) == "in"
    assert ask(newsletter, "ali@exemple.test", "203.0.113.0/24") == "in"
    assert ask(newsletter, "lea@exemple.test", "203.0.113.0/24") == "one more step, then in"
    assert SignUp.objects.count() == 5 + 2, "what can lead to no mail is not even kept"
    assert mails() == 2 + 2


def test_a_flood_from_one_network(newsletter):
    came_of_it = [ask(newsletter, f"{number}@d{number}.test", "198.51.100.0/24") for number in range(EACH)]
    assert came_of_it.count("in") == 5
    assert came_of_it.count("one more step, then in") == 55
    assert came_of_it.count("too many") == EACH - 60
    assert ask(newsletter, *HONEST) == "in"
    assert mails() == 61


def test_a_flood_of_one_domain(newsletter):
    some = networks(20)
    came_of_it = [ask(newsletter, f"{number}@exemple.test", some[number % 20]) for number in range(EACH)]
    assert came_of_it.count("in") == 20
    assert came_of_it.count("too many") == EACH - 100
    assert ask(newsletter, *HONEST) == "in"
    assert ask(newsletter, "ali@exemple.test", "192.0.2.0/24") == "too many", "that network asked already"
    assert ask(newsletter, "ali@exemple.test", "203.0.113.0/24") == "one more step, then in"
    assert mails() == 102


def test_random_subdomains_are_one_domain(newsletter, settings):
    settings.SIGN_UPS_PER_HOUR = 100_000
    came_of_it = [
        ask(newsletter, f"a@{number:x}.{number}.exemple.co.uk", network)
        for number, network in enumerate(networks(EACH // 10))
    ]
    assert came_of_it.count("in") == 20
    assert came_of_it.count("one more step, then in") == EACH // 10 - 20, (
        "networks that asked for nothing else"
    )
    assert ask(newsletter, "ali@ailleurs.co.uk", "192.0.2.0/24") == "in"


def test_other_spellings_of_one_mailbox_are_one_address(newsletter):
    spelt = [f"le.a+{number}@exemple.test" for number in range(EACH // 10)]
    came_of_it = [
        ask(newsletter, address, network) for address, network in zip(spelt, networks(EACH), strict=False)
    ]
    assert came_of_it.count("in") == 5
    assert mails() == 5


@pytest.mark.parametrize(
    ("domain", "registered"),
    [
        ("x7.a.exemple.fr", "exemple.fr"),
        ("MAIL.Exemple.CO.UK", "exemple.co.uk"),
        ("a.b.dyndns.org", "dyndns.org"),
        ("mail.gouv.fr", "mail.gouv.fr"),
        ("gouv.fr", "gouv.fr"),
        ("a.xn--caf-dma.fr", "café.fr"),
        ("a.café.fr", "café.fr"),
        ("a.strasse.test", "strasse.test"),
        ("a.straße.test", "straße.test"),
        ("b.gmail.com", "gmail.com"),
        ("test", "test"),
        ("", ""),
        ("." * 300, "." * 300),
        ("x" * 300 + ".fr", "x" * 300 + ".fr"),
        ("a..exemple.fr", "a..exemple.fr"),
    ],
)
def test_what_somebody_registered(domain, registered):
    assert limits.registered(domain) == registered


def test_a_mail_domain_called_big_may_lie_below_another(settings):
    settings.BIG_MAIL_DOMAINS = {"etu.universite.test"}
    assert limits.registered("etu.universite.test") == "etu.universite.test"
    assert limits.registered("a.etu.universite.test") == "universite.test"


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Lea+nouvelles@Exemple.test", "lea@exemple.test"),
        ("le.a@exemple.test", "le.a@exemple.test"),
        ("L.e.a+x+y@Gmail.com", "lea@gmail.com"),
        ("+x@exemple.test", "+x@exemple.test"),
    ],
)
def test_which_spellings_are_one_mailbox(address, mailbox):
    assert limits.mailbox(address) == mailbox


@pytest.mark.parametrize(
    ("presses", "taken", "honest"), [(False, 20, "one more step, then in"), (True, 200, "too many")]
)
def test_a_flood_from_everywhere_to_everybody(newsletter, settings, presses, taken, honest):
    settings.SIGN_UPS_PER_HOUR = 200
    chance = random.Random(7)
    for network in networks(EACH):
        address = f"{chance.getrandbits(40):x}@{chance.getrandbits(40):x}.test"
        ask(newsletter, address, network, presses=presses)
    assert SignUp.objects.count() == taken
    assert ask(newsletter, *HONEST) == honest
    assert mails() == taken + (honest != "too many")


def test_a_big_provider_is_no_flood(newsletter, settings):
    settings.SIGN_UPS_PER_HOUR = 100_000
    came_of_it = {ask(newsletter, f"{n}@gmail.com", network) for n, network in enumerate(networks(300))}
    assert came_of_it == {"in"}


def test_one_more_button_then_the_mail(client, sign_up, newsletter):
    for number in range(5):
        assert sign_up(f"{number}@d{number}.test").status_code == 303
    page = sign_up()
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies
    assert not Subscriber.objects.filter(address=FORM["address"]).exists()
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    assert sign_up(**fields).status_code == 303
    assert Subscriber.objects.filter(address=FORM["address"]).exists()
    assert sign_up(**fields).status_code == 200, "a token is good once"


@pytest.mark.parametrize(
    "change", [{"address": "ali@exemple.test"}, {"token": "x"}, {"token": "é\0:"}, {"token": ""}]
)
def test_a_token_for_something_else_is_none(sign_up, newsletter, change):
    for number in range(5):
        sign_up(f"{number}@d{number}.test")
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', sign_up().content.decode()))
    assert sign_up(**{**fields, **change}).status_code == 200
    assert Subscriber.objects.count() == 5


def test_a_token_is_of_one_network_and_ends(newsletter, time_machine):
    asked = signing_up.Asked(newsletter, "lea@exemple.test", SHOWN, network="192.0.2.0/24", is_odd=True)
    elsewhere = signing_up.Asked(newsletter, "lea@exemple.test", SHOWN, network="10.0.0.0/24", is_odd=True)
    with pytest.raises(signing_up.OneMoreStep) as step:
        signing_up.take_down(asked)
    with pytest.raises(signing_up.OneMoreStep):
        signing_up.take_down(elsewhere, token=step.value.token)
    time_machine.move_to(timezone.now() + signing_up.PRESS_WITHIN + dt.timedelta(seconds=2))
    with pytest.raises(signing_up.OneMoreStep):
        signing_up.take_down(asked, token=step.value.token)
    assert not SignUp.objects.exists()


def test_beyond_the_limit_one_is_told_what_to_do(client, newsletter, settings):
    for number in range(60):
        ask_now = signing_up.Asked(newsletter, f"{number}@d{number}.test", SHOWN, network="127.0.0.0/24")
        try:
            signing_up.take_down(ask_now)
        except signing_up.OneMoreStep as step:
            signing_up.take_down(ask_now, token=step.token)
    answer = client.post("/subscribe/", FORM)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert f"mailto:{newsletter.sender_address}" in answer.content.decode()
    assert SignUp.objects.count() == 60


def test_what_is_known_of_an_address_shows_nowhere(client, newsletter, subscribe, django_assert_num_queries):
    for state in ("confirmed", "pending", "withdrawn"):
        subscribe(f"{state}@{state}.test", state=state)
    answers = set()
    for address in (
        "confirmed@confirmed.test",
        "pending@pending.test",
        "withdrawn@withdrawn.test",
        "new@new.test",
    ):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Subscriber, "objects", None)
            answer = client.post("/subscribe/", {**FORM, "address": address})
        answers.add(
            (answer.status_code, answer["Location"], answer.content, str(sorted(answer.headers.items())))
        )
    assert len(answers) == 1
    assert SignUp.objects.count() == 4


def test_the_network_is_kept_only_where_it_is_asked_for(sign_up, newsletter, settings):
    sign_up()
    kept = ConsentDetail.objects.filter(kind__in=("network_address", "user_agent"))
    assert not kept.exists()
    settings.KEEP_NETWORK = True
    sign_up("ali@exemple.test")
    assert [detail.value for detail in kept] == ["127.0.0.1"]


def test_one_bad_request_stops_no_other_and_its_address_is_not_logged(newsletter, monkeypatch, caplog):
    for address in ("lea@exemple.test", "bad@exemple.test", "ali@exemple.test"):
        signing_up.take_down(signing_up.Asked(newsletter, address, SHOWN))
    request = actions.request

    def fails(newsletter, *, address, **rest):
        request(newsletter, address=address, **rest)
        if address.startswith("bad"):
            raise RuntimeError(address)

    monkeypatch.setattr(actions, "request", fails)
    with caplog.at_level(logging.ERROR):
        assert signing_up.see_to_all() == 2
    assert "RuntimeError" in caplog.text
    assert "bad@" not in caplog.text
    assert [row.address for row in SignUp.objects.all()] == ["bad@exemple.test"]
    assert TransactionalMessage.objects.count() == 2, "nothing half done"
    monkeypatch.setattr(actions, "request", request)
    assert signing_up.see_to_all() == 1
    assert TransactionalMessage.objects.count() == 3


def test_what_fails_for_a_day_is_not_kept(newsletter):
    signing_up.take_down(signing_up.Asked(newsletter, "lea@exemple.test", SHOWN))
    assert signing_up.forget_failed() == 0
    assert signing_up.forget_failed(at=timezone.now() + dt.timedelta(days=1, minutes=1)) == 1


def test_a_request_is_one_workers_alone(newsletter, django_assert_max_num_queries):
    signing_up.take_down(signing_up.Asked(newsletter, "lea@exemple.test", SHOWN))
    with django_assert_max_num_queries(60) as captured:
        assert signing_up.see_to_all() == 1
    read = next(
        query["sql"]
        for query in captured
        if "subscribers_signup" in query["sql"] and "INNER JOIN" in query["sql"]
    )
    # SQLite has one writer, which begins before it reads.
    assert connection.vendor == "sqlite" or ("FOR UPDATE OF" in read and "SKIP LOCKED" in read)
    assert signing_up.see_to_all() == 0
    assert TransactionalMessage.objects.count() == 1


def test_the_job_is_rung_and_carries_no_address(newsletter, monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(tasks, "see_to_new", lambda *arguments: rung.append(arguments))
    with django_capture_on_commit_callbacks(execute=True):
        signing_up.take_down(signing_up.Asked(newsletter, "lea@exemple.test", SHOWN))
    assert rung == [()]


def test_yesterdays_sources_cannot_be_found_again(newsletter, settings):
    ask(newsletter, "lea@exemple.test", "192.0.2.0/24")
    rows = str(list(SignUpCount.objects.values()))
    assert "192.0.2" not in rows
    assert "exemple" not in rows
    salts = sorted(path.name for path in settings.KEYS_FOLDER.glob("*.salt"))
    assert salts == ["day-2026-11-25.salt"]
    old = limits.sources(network="192.0.2.0/24", address="lea@exemple.test", at=NOON)
    limits.forget(at=NOON + dt.timedelta(days=1))
    assert not list(settings.KEYS_FOLDER.glob("*.salt"))
    keys.salt_of_the_day(dt.date(2026, 11, 26))
    again = limits.sources(network="192.0.2.0/24", address="lea@exemple.test", at=NOON)
    assert not {source.digest for source in old} & {source.digest for source in again}
    limits.forget(at=NOON + dt.timedelta(days=3))
    assert not SignUpCount.objects.exists()


def test_the_first_mail_holds_nothing_a_stranger_typed(client, newsletter, mailroom):
    client.post(
        "/subscribe/?utm_source=acheter-vite",
        {**FORM, "address": "achetez.vite@exemple.test", "name": "acheter-vite", "newsletter": "matin"},
        headers={"Referer": "http://testserver/acheter-vite", "User-Agent": "acheter-vite"},
    )
    signing_up.see_to_all()
    (mail,) = mailroom.deliver()
    assert mail["To"] == "achetez.vite@exemple.test"
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    assert len(parts) == 2
    words = "".join(parts) + mail["Subject"]
    assert not re.search(r"ache\w+.vite|exemple\.test", words)
    assert not re.search(r"<img|<script|utm_", words)
    assert "List-Unsubscribe" not in mail


def test_the_answer_says_to_look_into_the_inbox(client, newsletter):
    page = client.post("/subscribe/", FORM, follow=True).content.decode()
    assert "Ouvrez notre message" in page
    assert "êtes abonné" not in page


class Resolver:
    """Answers as a name server would, or fails."""

    def __init__(self, failure):
        self.failure, self.asked = failure, []

    def resolve(self, domain, kind):
        self.asked.append(domain)
        raise self.failure


@pytest.mark.parametrize(
    ("failure", "found"),
    [
        (dns.resolver.NXDOMAIN(), {"takes no mail": 1}),
        (dns.resolver.NoAnswer(), {"takes no mail": 1}),
        (dns.resolver.NoNameservers(), {}),
        (dns.resolver.LifetimeTimeout(timeout=1, errors=[]), {}),
        (OSError("no network"), {}),
    ],
)
def test_odd_domains_are_noted_and_written_to(newsletter, settings, caplog, failure, found):
    settings.SIGN_UPS_PER_HOUR = 1000
    for address in ("a@mailinator.com", "b@autre-journal.fr"):
        signing_up.take_down(signing_up.Asked(newsletter, address, SHOWN))
    assert mails() == 2
    resolver = Resolver(failure)
    assert domains.look_at_new(resolver=resolver, at=timezone.now()) == {"disposable": 1, **found}
    assert set(resolver.asked) == {"autre-journal.fr"}
    assert "autre-journal" not in caplog.text
    assert "@" not in caplog.text
