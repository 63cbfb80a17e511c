"""A big first edition does not leave by a domain that mail providers would refuse; small ones do, and so does everything to the catcher."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone
from fake_dns import SERVFAIL
from zones import RIGHT, D

from depeche.delivery import mail_domains
from depeche.delivery.models import MailDomain
from depeche.newsletters import actions, control, scheduling, sender_domains, sending_words
from depeche.newsletters.models import Edition, EditionState, Held
from depeche.newsletters.sender_domains import DomainIsRed

pytestmark = pytest.mark.django_db

NO_POLICY = {f"_dmarc.{D} TXT": []}


@pytest.fixture
def zone(name_server, settings, newsletter, subscribe):
    """In production, by SMTP, with two readers where two are many."""
    settings.STAGE, settings.BIG_SEND, settings.EMAIL_URL = "production", 2, "smtp://localhost:25"
    settings.DKIM_SELECTORS, settings.SENDING_IPS = ["s1"], ["192.0.2.10"]
    newsletter.sender_address = f"redaction@{D}"
    newsletter.save()
    subscribe("lea@exemple.test")
    subscribe("ali@exemple.test")

    def _zone(changed=None, failing=None):
        server = name_server({**RIGHT, **(changed or {})}, failing)
        settings.DNS_SERVERS = [server.address]
        return server

    return _zone


def test_red_stops_the_first_big_edition_and_names_the_way_out(zone, compose, editor):
    zone(NO_POLICY)
    edition = compose()
    with pytest.raises(DomainIsRed) as refused:
        control.send_now(edition, by=editor)
    assert D in sending_words.refusal(refused.value)
    assert Edition.objects.get(pk=edition.pk).state == EditionState.DRAFT


def test_once_mended_it_leaves(zone, compose, editor):
    zone(NO_POLICY)
    edition, now = compose(), timezone.now()
    with pytest.raises(DomainIsRed):
        control.send_now(edition, by=editor, at=now)
    zone()
    assert control.send_now(edition, by=editor, at=now + dt.timedelta(minutes=2)).has_left


def test_amber_and_what_was_not_answered_stop_nothing(zone, compose, editor):
    zone({f"_dmarc.{D} TXT": ['"v=DMARC1; p=none"']})
    assert control.send_now(compose(), by=editor).has_left
    MailDomain.objects.all().delete()
    zone(failing=dict.fromkeys([D, f"_dmarc.{D}", f"s1._domainkey.{D}"], SERVFAIL))
    assert control.send_now(compose(subject="Autre"), by=editor).has_left
    assert MailDomain.objects.get().passed_at is None


@pytest.mark.parametrize(
    "changed", [{"BIG_SEND": 3}, {"STAGE": "staging"}, {"STAGE": "development"}, {"EMAIL_URL": ""}]
)
def test_few_readers_another_stage_and_the_catcher_ask_nobody(zone, compose, editor, settings, changed):
    server = zone(NO_POLICY)
    for name, value in changed.items():
        setattr(settings, name, value)
    assert control.send_now(compose(), by=editor).has_left
    assert server.asked == []


def test_a_domain_that_passed_is_not_asked_again_before_sending(zone, compose, editor):
    zone()
    assert control.send_now(compose(), by=editor).has_left
    server = zone(NO_POLICY)
    assert control.send_now(compose(subject="Le lendemain"), by=editor).has_left
    assert server.asked == []


def test_a_risk_that_was_taken_lets_it_leave(zone, compose, editor):
    zone(NO_POLICY)
    mail_domains.accept(mail_domains.refresh(D), because="Vu avec l’hébergeur.")
    assert control.send_now(compose(), by=editor).has_left


def test_no_road_leads_around_what_is_known(zone, compose, editor):
    zone(NO_POLICY)
    mail_domains.refresh(D)
    with pytest.raises(DomainIsRed):
        actions.send(compose(), by=editor)


def test_a_schedule_that_falls_due_is_held_and_says_why(zone, compose, editor):
    zone(NO_POLICY)
    edition, now = compose(), timezone.now()
    scheduling.schedule(edition, leave_at=now + dt.timedelta(hours=1), by=editor)
    assert scheduling.send_due(at=now + dt.timedelta(minutes=59)) == []
    assert not MailDomain.objects.exists(), "nobody is asked before it is due"
    [held] = scheduling.send_due(at=now + dt.timedelta(hours=1, seconds=5))
    assert (held.held_because, held.held_about) == (Held.DOMAIN, D)
    assert D in sending_words.held(held)
    assert sending_words.held_todo(held)


def test_a_colleague_is_not_asked_to_agree_in_vain(zone, compose, editor, newsletter, django_user_model):
    newsletter.needs_second_person = True
    newsletter.save()
    zone(NO_POLICY)
    edition, now = compose(to=newsletter), timezone.now()
    with pytest.raises(DomainIsRed):
        control.send_now(edition, by=editor, at=now)
    zone()
    control.send_now(edition, by=editor, at=now + dt.timedelta(minutes=2))
    MailDomain.objects.all().delete()
    zone(NO_POLICY)
    other = django_user_model.objects.create_superuser("anne", "anne@depeche.test", "un long mot de passe")
    with pytest.raises(DomainIsRed):
        control.agree(edition, by=other, at=now + dt.timedelta(minutes=3))
    zone()
    assert control.agree(edition, by=other, at=now + dt.timedelta(minutes=5)).has_left


@pytest.mark.django_db(transaction=True)
def test_nobody_is_asked_while_the_edition_is_locked(zone, compose, editor, monkeypatch):
    zone(NO_POLICY)
    seen = []
    look_up = mail_domains.look_up
    monkeypatch.setattr(
        mail_domains, "look_up", lambda domain: seen.append(connection.in_atomic_block) or look_up(domain)
    )
    edition = compose()
    with pytest.raises(DomainIsRed):
        control.send_now(edition, by=editor)
    scheduling.schedule(edition, leave_at=timezone.now() + dt.timedelta(hours=1), by=editor)
    MailDomain.objects.all().delete()
    scheduling.send_due(at=timezone.now() + dt.timedelta(hours=1, seconds=5))
    assert seen == [False, False]


def test_each_night_all_are_looked_up_where_mail_leaves_for_everybody(zone, settings, newsletter):
    server = zone(NO_POLICY)
    MailDomain.objects.create(domain="ancien.test", level="green", examined_at=timezone.now())
    settings.STAGE = "staging"
    sender_domains.look_up_all()
    assert server.asked == []
    settings.STAGE = "production"
    type(newsletter).objects.exclude(pk=newsletter.pk).update(sender_address=f"letter@{D}")
    sender_domains.look_up_all()
    assert list(MailDomain.objects.values_list("domain", "level")) == [(D, "red")]


def test_a_sender_without_a_domain_is_none(newsletter):
    newsletter.sender_address = ""
    assert sender_domains.of(newsletter) == ""
    newsletter.sender_address = "redaction@Dépêche.test"
    assert sender_domains.of(newsletter).startswith("xn--")
