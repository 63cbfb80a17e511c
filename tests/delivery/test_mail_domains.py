"""How mail leaves by the settings, what is kept of an examination, and that each finding has its sentences in both languages."""

import datetime as dt

import pytest
from django.utils import timezone, translation
from fake_dns import SERVFAIL
from test_domain_zones import examined
from zones import OWN, RIGHT, ZONES, D

from depeche.delivery import dkim_keys, mail_domain_words, mail_domains
from depeche.delivery.dkim_selectors import selectors_of
from depeche.delivery.examining.dns_answers import Dns
from depeche.delivery.examining.examination import examine
from depeche.delivery.models import MailDomain

PROVIDER = "anymail+postmark://?server_token=x"


@pytest.fixture
def zone(name_server, settings):
    """A name server that the settings name, the sender's own server, and a selector."""

    def _zone(changed=None, failing=None):
        server = name_server({**RIGHT, **(changed or {})}, failing)
        settings.DNS_SERVERS, settings.SENDING_IPS = [server.address], ["192.0.2.10"]
        settings.DKIM_SELECTORS, settings.EMAIL_URL = ["s1"], "smtp://localhost:25"
        return server

    return _zone


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("url", "fallback", "ips", "senders", "is_provider"),
    [
        ("", "", [], ["include:spf.provider.example"], False),
        ("smtp+starttls://u:p@smtp.mailgun.org:587", "", [], ["include:mailgun.org"], False),
        ("smtp+starttls://u:p@email-smtp.eu-west-3.amazonaws.com:587", "", [], ["include:amazonses.com"], False),
        ("smtp+starttls://u:p@mail.ailleurs.test:587", "", [], ["include:spf.provider.example"], False),
        ("smtp+starttls://u:p@mail.ailleurs.test:587", "", ["192.0.2.10"], ["ip4:192.0.2.10"], False),
        ("smtp://localhost:25", "", [], ["mx"], False),
        ("smtp://localhost:25", "", ["2001:db8::1", "nonsense"], ["ip6:2001:db8::1"], False),
        (PROVIDER, "", [], ["include:spf.mtasv.net"], True),
        (PROVIDER, "smtps://u:p@smtp.sendgrid.net", [], ["include:spf.mtasv.net", "include:sendgrid.net"], True),
        ("smtp://", "", [], ["include:spf.provider.example"], False),
    ],
)  # fmt: skip
def test_what_spf_has_to_allow_follows_from_how_mail_leaves(
    url, fallback, ips, senders, is_provider, settings
):
    settings.EMAIL_URL, settings.EMAIL_FALLBACK_URL, settings.SENDING_IPS = url, fallback, ips
    way = mail_domains._way_out(Dns(["127.0.0.1:1"], each_s=0.1))
    assert (way.senders, way.is_provider) == (senders, is_provider)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("setting", "found"),
    [
        ([], []),
        (["News"], [("news", D)]),
        (["a", "b._domainkey.lettre.journal.test."], [("a", D), ("b", f"lettre.{D}")]),
        (["a._domainkey.autre.test"], [("a", "autre.test")]),
        (["a._domainkey.autre.test", "b"], [("b", D)]),
    ],
)
def test_selectors_are_of_each_domain_or_of_one(setting, found, settings):
    settings.DKIM_SELECTORS = setting
    assert [(one.name, one.domain) for one in selectors_of(D)] == found


@pytest.mark.any_database
def test_a_key_of_ours_comes_first_with_its_public_half_and_needs_no_setting(settings, tmp_path):
    settings.DKIM_FOLDER, settings.DKIM_SELECTORS = tmp_path, ["a", "ours"]
    key = dkim_keys.create(D, selector="ours", today=dt.date(2026, 11, 26))
    assert [one.name for one in selectors_of(D)] == ["a", "ours"], "it does not sign yet"
    dkim_keys.use(dkim_keys.find("ours"))
    first, second = selectors_of(D)
    assert (first.record_name, first.public_key) == (key.record_name, key.record.partition("p=")[2])
    assert second.name == "a"
    assert selectors_of(f"lettre.{D}")[0] == first, "it signs for subdomains too"


@pytest.mark.django_db
def test_what_was_found_is_kept_with_its_time(zone):
    zone()
    at = timezone.now()
    row = mail_domains.refresh(D, at=at)
    assert (row.level, row.examined_at, row.passed_at) == ("green", at, at)
    assert {str(one.level) for one in mail_domains.findings_of(row)} == {"green", "skipped"}
    assert not mail_domains.is_blocked(row)


@pytest.mark.django_db
def test_it_is_asked_again_when_old_and_soon_when_red(zone):
    server, now = zone({f"_dmarc.{D} TXT": []}), timezone.now()
    mail_domains.refresh(D, at=now)
    asked = len(server.asked)
    mail_domains.up_to_date(D, at=now + dt.timedelta(seconds=59))
    assert len(server.asked) == asked
    zone()
    row = mail_domains.up_to_date(D, at=now + dt.timedelta(seconds=61))
    assert row.level == "green"
    server = zone({f"_dmarc.{D} TXT": []})
    assert mail_domains.up_to_date(D, at=now + dt.timedelta(hours=6)).level == "green"
    assert server.asked == []
    assert mail_domains.up_to_date(D, at=now + dt.timedelta(hours=7)).level == "red"


@pytest.mark.django_db
def test_a_domain_that_passed_once_only_warns(zone):
    zone()
    mail_domains.refresh(D)
    zone({f"_dmarc.{D} TXT": []})
    row = mail_domains.refresh(D)
    assert (row.level, mail_domains.red_codes(row)) == ("red", ["dmarc.missing"])
    assert not mail_domains.is_blocked(row)


@pytest.mark.django_db
def test_what_was_red_stays_so_until_it_is_answered(zone):
    zone({f"_dmarc.{D} TXT": []})
    assert mail_domains.is_blocked(mail_domains.refresh(D))
    zone(failing={f"_dmarc.{D}": SERVFAIL})
    row = mail_domains.refresh(D)
    assert mail_domains.is_blocked(row)
    assert "dmarc.missing" in [one.code for one in mail_domains.findings_of(row)]
    zone()
    assert not mail_domains.is_blocked(mail_domains.refresh(D))


@pytest.mark.django_db
def test_what_was_never_answered_blocks_nothing_and_passes_nothing(zone):
    zone(failing=dict.fromkeys([D, f"_dmarc.{D}", f"s1._domainkey.{D}", "10.2.0.192.in-addr.arpa"], SERVFAIL))
    row = mail_domains.refresh(D)
    assert (row.level, row.passed_at, mail_domains.is_blocked(row)) == ("unknown", None, False)


@pytest.mark.django_db
def test_who_takes_a_risk_takes_this_one_and_no_other(zone):
    zone({f"_dmarc.{D} TXT": []})
    row = mail_domains.accept(mail_domains.refresh(D), because="Le serveur de noms change ce soir.")
    assert not mail_domains.is_blocked(row)
    zone({f"_dmarc.{D} TXT": [], f"{D} TXT": []})
    assert mail_domains.is_blocked(mail_domains.refresh(D))


@pytest.mark.django_db
def test_domains_that_send_no_longer_are_forgotten(zone):
    zone()
    mail_domains.refresh(D)
    mail_domains.forget_others(["autre.test"])
    assert not MailDomain.objects.exists()


@pytest.mark.django_db
def test_the_bounce_domain_of_the_settings_is_examined(zone, settings):
    zone()
    settings.BOUNCE_ADDRESS = f"b@bounces.{D}"
    codes = {one.code for one in mail_domains.look_up(D).findings}
    assert {"spf.good", "spf.missing", "bounces.dead"} <= codes


@pytest.mark.any_database
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("about", ZONES)
def test_each_finding_has_its_sentences(about, language, name_server):
    changed, options, *_expected = ZONES[about]
    found = examined(name_server({**RIGHT, **changed}), **options)
    with translation.override(language):
        for finding in found.findings:
            words = mail_domain_words.said(finding)
            assert words.meaning
            assert "%(" not in f"{words.meaning}{words.todo}"
            assert bool(words.mending) == bool(finding.mend)
            if str(finding.level) in ("red", "amber"):
                assert words.todo or finding.mend, finding.code


@pytest.mark.any_database
def test_every_code_is_met_by_a_zone_or_a_server(name_server):
    """So that no sentence is left that nothing can bring up."""
    met = set()
    for changed, options, *_expected in ZONES.values():
        met |= {one.code for one in examined(name_server({**RIGHT, **changed}), **options).findings}
    failing = {D: SERVFAIL}
    server = name_server(RIGHT, failing)
    met |= {one.code for one in examine(D, Dns([server.address]), way=OWN).findings}
    of_servers = {"tls.good", "tls.bad", "tls.unused", "tls.unreached", "tls.here", "tls.provider"}
    assert mail_domain_words.CODES - met - of_servers == set()
