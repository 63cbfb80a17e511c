"""Settings › Sending, and `bin/depeche pace`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from depeche.delivery import pace
from depeche.delivery.models import Pace
from depeche.delivery.pace import MAIN, Of, Rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, editor, newsroom):
    client.force_login(editor)
    return client


def posted(*domains, main="", known=0):
    """What the browser sends: for each domain (domain, pace, subdomains, taken out)."""
    fields = {"main-rate": main, "domains-TOTAL_FORMS": len(domains), "domains-INITIAL_FORMS": known}
    for place, (domain, words, *ticks) in enumerate(domains):
        fields |= {f"domains-{place}-domain": domain, f"domains-{place}-rate": words}
        fields |= {f"domains-{place}-{tick}": "on" for tick in ticks}
    return fields


def post(client, fields):
    return client.post(reverse("sending"), fields)


def kept():
    return {str(row): (row.count, row.per_s, row.has_subdomains) for row in Pace.objects.all()}


def test_paces_are_set_changed_and_taken_out(admin):
    fields = posted(("Exämple.de", "1 toutes les 10 secondes", "has_subdomains"), main="30 per minute")
    assert post(admin, fields).status_code == 302
    assert kept() == {"main": (30, 60, False), "xn--exmple-cua.de": (1, 10, True)}
    page = admin.get(reverse("sending")).content.decode()
    assert "exämple.de" in page
    assert "au plus 30 par minute" in page or "at most 30 per minute" in page
    Pace.objects.filter(transport=MAIN).update(revision=7)
    fields = posted(("xn--exmple-cua.de", "", "DELETE"), ("", ""), main="at most 30 per minute", known=1)
    assert post(admin, fields).status_code == 302
    assert kept() == {"main": (30, 60, False)}
    assert Pace.objects.get().revision == 7  # what was not changed begins nothing anew
    assert post(admin, posted(("", ""), main="")).status_code == 302
    assert kept() == {}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (posted(("a.test", "30 par lune")), "lune"),
        (posted(("a.test", "")), "domain"),
        (posted(("lea@a.test", "30/min")), "@"),
        (posted(("", "30/min")), "domain"),
        (posted(("a.test", "30/min"), ("A.test", "5/min")), "already"),
        (posted(("a.test", "30/min"), main="vite"), "vite"),
        (posted(("a\0.test", "30/min")), "domain"),
        ({"main-rate": "30/min"}, ""),
        ({**posted(("a.test", "30/min")), "domains-TOTAL_FORMS": "99999999"}, ""),
        ({**posted(("a.test", "30/min")), "domains-TOTAL_FORMS": "x"}, ""),
    ],
)
def test_bad_input_is_named_and_saves_nothing(fields, said, admin, editor):
    UserProfile.objects.create(user=editor, preferred_language="en")
    answer = post(admin, fields)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Nothing was saved" in page
    assert said in page
    assert kept() == {}


def test_what_a_domain_taught_us_is_told_and_may_stay(admin):
    pace.learn("a.test", until=timezone.now(), had=lambda: 20.0, at=timezone.now())
    page = admin.get(reverse("sending")).content.decode()
    assert "a.test" in page
    assert "10" in page
    assert post(admin, posted(("a.test", ""), ("", ""), main="5/s", known=1)).status_code == 302
    assert Pace.objects.get(domain="a.test").learned_per_minute == 10
    assert post(admin, posted(("a.test", "", "DELETE"), ("", ""), main="5/s", known=1)).status_code == 302
    assert not Pace.objects.filter(domain="a.test").exists()


def test_only_who_administers_sees_the_page(client, clerk):
    assert client.get(reverse("sending")).status_code in (302, 403)
    assert post(client, posted(main="30/min")).status_code in (302, 403)
    assert kept() == {}
    assert reverse("sending") not in client.get(reverse("wagtailadmin_home")).content.decode()


def run(*arguments):
    out = StringIO()
    call_command("pace", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_sets_shows_and_clears(editor):
    run("set", "30", "par", "minute", "--by", "morel")
    run("set", "5 per second", "--domain", "Exämple.de", "--with-subdomains")
    main, domain = json.loads(run("show", "--json"))
    assert (main["transport"], main["per_minute"], main["count"], main["per_s"]) == ("main", 30, 30, 60)
    assert (domain["domain"], domain["with_subdomains"]) == ("xn--exmple-cua.de", True)
    assert "exämple.de" in run("show")
    assert json.loads(run("clear", "--json"))[0]["domain"] == "xn--exmple-cua.de"
    run("clear", "--domain", "exämple.de")
    assert kept() == {}
    assert "exämple" not in run("clear", "--domain", "exämple.de")


@pytest.mark.parametrize(
    "arguments",
    [
        ("set", "30", "par", "lune"),
        ("set", "30/min", "--domain", "*.fr"),
        ("set", "30/min", "--with-subdomains"),
        ("set", "30/min", "--by", "nobody"),
        ("set",),
        ("set", "30/min", "--transport", "third"),
    ],
)
def test_the_command_says_what_is_wrong(arguments, newsroom):
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert str(refused.value)
    assert kept() == {}


def test_a_user_who_may_not_administer_sets_nothing(clerk):
    with pytest.raises(CommandError):
        run("set", "30/min", "--by", "petit")
    assert pace.set_pace(Rate(1, 1), of=Of(transport=MAIN), by=None)
