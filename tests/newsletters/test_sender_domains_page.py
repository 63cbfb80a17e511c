"""Settings › Sender domains: what is shown, looked up again and taken as a risk, and by whom."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile
from zones import RIGHT, D

from depeche.delivery import mail_domains
from depeche.delivery.models import MailDomain

pytestmark = pytest.mark.django_db

NO_POLICY = {f"_dmarc.{D} TXT": []}


@pytest.fixture
def zone(name_server, settings, newsletter):
    settings.EMAIL_URL, settings.SENDING_IPS, settings.DKIM_SELECTORS = (
        "smtp://localhost:25",
        ["192.0.2.10"],
        ["s1"],
    )
    type(newsletter).objects.update(sender_address=f"redaction@{D}")

    def _zone(changed=None):
        server = name_server({**RIGHT, **(changed or {})})
        settings.DNS_SERVERS = [server.address]
        return server

    return _zone


@pytest.fixture
def page(client, editor):
    """The page as an administrator meets it, in English; its text."""
    UserProfile.objects.create(user=editor, preferred_language="en")
    client.force_login(editor)

    def _page(**posted):
        if posted:
            assert client.post(reverse("sender_domains"), posted).status_code == 302
        answer = client.get(reverse("sender_domains"))
        assert answer.status_code == 200
        return answer.content.decode()

    return _page


def test_looking_at_the_page_asks_nobody(zone, page):
    server = zone()
    assert "not looked up yet" in page()
    assert server.asked == []


def test_what_is_wrong_comes_with_the_record_that_mends_it(zone, page):
    zone(NO_POLICY)
    said = page(check="1", domain=D)
    assert "Providers will refuse mail from this domain" in said
    for part in (f"_dmarc.{D}", "TXT", f"v=DMARC1; p=none; rua=mailto:dmarc@{D}"):
        assert f'<code class="mail-domains__copy">{part}</code>' in said
    zone()
    assert "All is in order." in page(check="1", domain=D)


def test_what_others_published_is_shown_as_text(zone, page):
    zone({f"{D} TXT": ['"v=spf1 <script>alert(1)</script> -all"']})
    said = page(check="1", domain=D)
    assert "<script>alert" not in said
    assert "&lt;script&gt;" in said


@pytest.mark.parametrize(
    "posted", [{"check": "1", "domain": "autre.test"}, {"check": "1"}, {"domain": D}, {"domain": "\0" * 9000}]
)
def test_what_makes_no_sense_is_told(zone, page, posted):
    server = zone()
    assert "Nothing was done" in page(**posted)
    assert server.asked == []
    assert not MailDomain.objects.exists()


def test_an_administrator_takes_the_risk_and_says_why(zone, page):
    zone(NO_POLICY)
    assert "Take the risk" in page(check="1", domain=D)
    assert "say why" in page(accept="1", domain=D, because=" ")
    assert "say why" in page(accept="1", domain=D, because="x" * 301)
    assert mail_domains.is_blocked(MailDomain.objects.get())
    assert "Vu avec l’hébergeur." in page(accept="1", domain=D, because="Vu avec l’hébergeur.")
    assert not mail_domains.is_blocked(MailDomain.objects.get())
    [entry] = ModelLogEntry.objects.filter(action="depeche.accept_red_domain")
    assert entry.data["codes"] == ["dmarc.missing"]
    assert "Nothing was done" in page(accept="1", domain=D, because="Encore.")


def test_who_may_send_may_look_and_not_take_the_risk(zone, client, newsroom, django_user_model):
    from depeche.newsroom.models import Role

    anne = django_user_model.objects.create_user("anne", "anne@depeche.test", "un long mot de passe")
    anne.groups.add(Role.objects.get(key="publisher").group)
    client.force_login(anne)
    zone(NO_POLICY)
    client.post(reverse("sender_domains"), {"check": "1", "domain": D})
    said = client.get(reverse("sender_domains")).content.decode()
    assert f"_dmarc.{D}" in said
    assert 'name="accept"' not in said
    accepted = client.post(reverse("sender_domains"), {"accept": "1", "domain": D, "because": "Moi."})
    assert accepted.status_code in (302, 403)
    assert mail_domains.is_blocked(MailDomain.objects.get())
    assert reverse("sender_domains") in client.get(reverse("wagtailadmin_home")).content.decode()


def test_others_may_not_look(client, clerk, zone):
    zone()
    answer = client.get(reverse("sender_domains"))
    assert answer.status_code in (302, 403)
    assert D not in client.get(reverse("sender_domains"), follow=True).content.decode()


def test_the_page_of_an_edition_warns(zone, page, compose, client, settings):
    zone(NO_POLICY)
    mail_domains.refresh(D)
    edition = compose()
    address = reverse("send_edition", args=[edition.pk])
    assert reverse("sender_domains") + '">What' not in client.get(address).content.decode()
    settings.STAGE = "production"
    assert reverse("sender_domains") + '">What' in client.get(address).content.decode()
