"""Signing in: one road, throttled, with a second factor for whoever may do much."""

import datetime as dt
import logging
import time

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import Permission
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import LoginView
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, resolve, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from wagtail.models import GroupPagePermission, ModelLogEntry
from wagtail.users.models import UserProfile

from depeche.newsroom import actions, second_factor, tasks
from depeche.newsroom.sessions import end_sessions
from depeche.newsroom.signing_in import LoginView as OurLoginView

pytestmark = pytest.mark.django_db

LOGIN, SECOND, HOME = "/admin/login/", "/admin/login/second-factor/", "/admin/"
PASSWORD = "un long mot de passe"
ELSEWHERE = "198.51.100.7"


def sign_in(client, name="morel", password=PASSWORD, **where):
    return client.post(LOGIN, {"login": name, "password": password}, **where)


def fail(client, times, name="morel", **where):
    for _ in range(times):
        response = sign_in(client, name, "faux", **where)
    return response


@pytest.fixture
def secret(editor):
    """The editor's app is set up; its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(editor, secret)
    RecoveryCodes.activate(editor)
    return secret


def code_of(secret, ago_s=0):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time() - ago_s) // 30))


def is_in(client):
    return client.get(HOME).status_code == 200


# --- One road ---


def login_views(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from login_views(pattern.url_patterns, route)
        elif issubclass(getattr(pattern.callback, "view_class", object), LoginView):
            yield "/" + route


def test_no_other_sign_in_can_be_reached(client, newsroom):
    found = list(login_views(get_resolver().url_patterns))
    assert len(found) >= 2, "Wagtail has two of its own"
    for path in [*found, "/en/_util/login/"]:
        view = getattr(resolve(path).func, "view_class", None)
        assert view is None or not issubclass(view, LoginView), path
    response = client.get("/_util/login/", {"next": "/"})
    assert (response.status_code, response.url) == (302, "/admin/login/?next=%2F")


@pytest.mark.parametrize(
    "path", ["signup", "email", "social/connections", "password/change", "accounts/login"]
)
def test_nothing_else_of_allauth_is_there(client, path):
    assert client.get(f"/admin/{path}/").status_code in (302, 404)
    assert client.get(f"/{path}/").status_code == 404


def test_the_newsroom_sends_to_it_and_comes_back(client, editor):
    response = client.get("/admin/pages/")
    assert response.url == f"{LOGIN}?next=/admin/pages/"
    page = client.get(response.url)
    assert page.resolver_match.func.view_class is OurLoginView
    assert "'unsafe-inline'" in page["Content-Security-Policy"], "under the newsroom's own policy"
    response = client.post(LOGIN, {"login": "morel", "password": PASSWORD, "next": "/admin/pages/"})
    assert response.url == "/admin/security/app/?next=%2Fadmin%2Fpages%2F", "a second factor is offered"
    assert is_in(client)
    assert not EmailAddress.objects.exists()


def test_signing_out_needs_a_post_and_leads_back(client, editor):
    sign_in(client)
    assert client.get("/admin/logout/").status_code == 405
    assert client.post("/admin/logout/").url == LOGIN
    assert not is_in(client)


def test_somebody_without_a_role_is_told_and_not_sent_in_circles(client, django_user_model):
    django_user_model.objects.create_user("lea", password=PASSWORD)
    response = client.post(LOGIN, {"login": "lea", "password": PASSWORD}, follow=True)
    assert response.status_code == 200
    assert response.resolver_match.url_name == "account_login"
    assert response.context["messages"]


def test_pages_speak_the_language_of_the_browser_before_and_of_the_account_after(client, editor):
    assert b'lang="fr"' in client.get(LOGIN).content
    assert b'lang="en"' in client.get(LOGIN, headers={"Accept-Language": "en-GB"}).content
    UserProfile.objects.create(user=editor, preferred_language="en")
    client.force_login(editor)
    assert b'lang="en"' in client.get("/admin/security/").content


def test_readers_get_no_cookie_and_cost_no_query_more(client, write):
    article = write()
    for path in ["/", "/en/", article.url, "/nowhere/"]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(path)
        assert not response.cookies
        assert not client.cookies
        touched = [
            q["sql"]
            for q in queries
            if any(t in q["sql"] for t in ("session", "auth_user", "axes", "mfa_", "account_"))
        ]
        assert not touched, path


# --- Wrong passwords ---


def test_after_five_wrong_passwords_the_sixth_is_refused_and_the_page_says_until_when(client, editor):
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC), tick=False) as clock:
        assert fail(client, 4).status_code == 200
        fail(client, 1)
        response = sign_in(client)
        assert response.status_code == 429, "even the right one"
        assert "10:16" in response.content.decode()
        assert response["Retry-After"] == "900"
        assert reverse("wagtailadmin_password_reset") in response.content.decode()
        clock.shift(dt.timedelta(minutes=14))
        assert sign_in(client).status_code == 429
        clock.shift(dt.timedelta(minutes=2))
        assert sign_in(client).status_code == 302
        assert is_in(client)


def test_nobody_can_shut_a_colleague_out_from_elsewhere(client, editor):
    assert fail(Client(), 40, REMOTE_ADDR=ELSEWHERE).status_code == 429
    assert sign_in(client).status_code == 302


def test_a_success_forgets_the_failures(client, editor):
    for _ in range(3):
        fail(client, 4)
        assert sign_in(client).status_code == 302
        client.post("/admin/logout/")


def test_case_and_browser_make_no_other_person(client, editor):
    for number, name in enumerate(["morel", "Morel", "MOREL", " morel ", "mOrel"]):
        fail(client, 1, name, headers={"User-Agent": f"b{number}"})
    assert sign_in(client).status_code == 429


def test_an_address_that_tries_many_names_is_refused(client, editor):
    for number in range(25):
        fail(client, 1, f"nom{number}")
    assert sign_in(client).status_code == 429
    assert sign_in(client, REMOTE_ADDR=ELSEWHERE).status_code == 302


def test_a_password_of_ones_own_does_not_buy_more_attempts_on_others(client, editor, writer):
    for number in range(25):
        fail(Client(), 1, f"nom{number}")
        if number % 5 == 0:
            sign_in(Client(), "durand")
    assert fail(client, 1).status_code == 429


def test_the_neighbours_of_a_long_address_are_one_network(client, editor):
    for number in range(5):
        fail(client, 1, REMOTE_ADDR=f"2001:db8::{number + 1}")
    assert sign_in(client, REMOTE_ADDR="2001:db8::99").status_code == 429
    assert sign_in(client, REMOTE_ADDR="2001:db8:1::1").status_code == 302


def test_an_unknown_name_an_inactive_one_and_a_wrong_password_look_the_same(
    client, editor, django_user_model
):
    django_user_model.objects.create_user("parti", password=PASSWORD, is_active=False)
    pages = [
        sign_in(client, name, word)
        for name, word in [("morel", "x"), ("inconnu", "x"), ("parti", PASSWORD), ("parti", "x")]
    ]
    errors = {tuple(page.context["form"].non_field_errors()) for page in pages}
    assert len(errors) == 1
    assert all(errors)


def test_neither_log_nor_tables_hold_what_was_typed(client, editor, caplog):
    caplog.set_level(logging.DEBUG)
    client.post(f"{LOGIN}?next=/admin/", {"login": "morel", "password": "le-mot-secret", "code": "123987"})
    assert "AXES" in caplog.text
    for typed in ("le-mot-secret", "123987"):
        assert typed not in caplog.text
        assert typed not in str(AccessAttempt.objects.values())


def test_who_signed_in_is_forgotten_after_thirty_days(client, editor):
    with time_machine.travel(dt.datetime(2026, 10, 1, tzinfo=dt.UTC)):
        sign_in(client)
        fail(Client(), 1)
    sign_in(Client())
    assert AccessLog.objects.count() == 2
    tasks.forget_logins.call_local()
    assert AccessLog.objects.count() == 1
    assert not AccessAttempt.objects.exists()
    assert Session.objects.count() == 1


# --- The second step ---


def test_who_has_an_app_must_give_its_code_each_time(client, editor, secret):
    for _ in range(2):
        assert sign_in(client).url == SECOND
        assert not is_in(client)
        before = client.session.session_key
        response = client.post(SECOND, {"code": code_of(secret)})
        assert response.url == HOME
        assert is_in(client)
        assert client.session.session_key != before
        client.post("/admin/logout/")
        Authenticator.objects.filter(type="totp").update(data={"secret": secret})  # as if time had passed
        cache.clear()


def test_a_code_is_good_once_whatever_process_asks(client, editor, secret):
    code = code_of(secret)
    sign_in(client)
    client.post(SECOND, {"code": code})
    cache.clear()  # what another process knows of allauth's own memory
    thief = Client()
    sign_in(thief)
    assert thief.post(SECOND, {"code": code}).status_code == 200
    assert not is_in(thief)


def test_a_clock_half_a_minute_slow_is_no_obstacle(client, editor, secret):
    sign_in(client)
    assert client.post(SECOND, {"code": code_of(secret, ago_s=30)}).url == HOME


def test_wrong_codes_are_throttled_like_wrong_passwords(client, editor, secret):
    sign_in(client)
    for _ in range(4):
        assert client.post(SECOND, {"code": "000000"}).status_code == 200
    client.post(SECOND, {"code": "000000"})
    assert client.post(SECOND, {"code": code_of(secret)}).status_code == 429
    assert sign_in(Client()).status_code == 429
    assert not is_in(client)
    at_home = Client(REMOTE_ADDR=ELSEWHERE)
    sign_in(at_home)
    assert at_home.post(SECOND, {"code": code_of(secret)}).url == HOME


def test_whoever_knows_the_password_tries_ten_codes_from_wherever_and_no_more(client, editor, secret):
    for number in range(10):
        thief = Client(REMOTE_ADDR=f"203.0.113.{number}")
        sign_in(thief)
        thief.post(SECOND, {"code": "000000"})
        cache.clear()  # the next one is answered by another process
    last = Client(REMOTE_ADDR=ELSEWHERE)
    sign_in(last)
    assert last.post(SECOND, {"code": code_of(secret)}).status_code == 200
    assert not is_in(last)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        sign_in(client)
        assert client.post(SECOND, {"code": code_of(secret)}).url == HOME


def test_a_sign_in_begun_before_the_password_changed_ends_there(client, editor, secret):
    sign_in(client)
    editor.set_password("un autre long mot")
    editor.save()
    assert client.post(SECOND, {"code": code_of(secret)}).url == LOGIN
    assert client.get(SECOND).url == LOGIN, "forgotten, not only refused"
    assert not is_in(client)


def test_a_recovery_code_opens_once(client, editor, secret):
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    sign_in(client)
    assert client.post(SECOND, {"code": code}).url == HOME
    again = Client()
    sign_in(again)
    assert again.post(SECOND, {"code": code}).status_code == 200


# --- Required of whoever may do much ---


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR = "required"


def test_a_publisher_without_one_sees_no_other_page_first(client, editor, required):
    response = sign_in(client)
    assert response.url == "/admin/security/app/?next=%2Fadmin%2F"
    for path in [HOME, "/admin/pages/", "/admin/account/", "/admin/users/", "/admin/caught-mail/"]:
        assert client.get(path).url.startswith("/admin/security/app/?next="), path
    for headers in ({"Accept": "application/json"}, {"X-Requested-With": "XMLHttpRequest"}):
        refused = client.get("/admin/pages/", headers=headers)
        assert refused.status_code == 403
        assert refused.json()["reason"]


def test_the_walk_through_ends_where_the_person_wanted_to_go(
    client, editor, required, django_capture_on_commit_callbacks
):
    sign_in(client)
    page = client.get("/admin/security/app/?next=/admin/pages/")
    secret = page.context["form"].secret
    assert page.context["secret"].replace(" ", "") == secret
    wrong = client.post("/admin/security/app/?next=/admin/pages/", {"code": "000000"})
    assert wrong.context["form"].secret == secret, "the app need not be set up anew"
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/admin/security/app/?next=/admin/pages/", {"code": code_of(secret)})
    assert done.url == "/admin/security/codes/?next=%2Fadmin%2Fpages%2F"
    assert client.get(HOME).url.startswith("/admin/security/codes/"), "not before the codes are kept"
    codes = client.get(done.url)
    assert len(codes.context["unused_codes"]) == 10
    download = client.get("/admin/security/codes/download/")
    assert codes.context["unused_codes"][0] in download.content.decode()
    kept = client.post("/admin/security/codes/kept/", {"next": "/admin/pages/"})
    assert kept.url == "/admin/pages/"
    assert is_in(client)


def test_who_only_writes_is_left_alone(client, writer, required):
    assert sign_in(client, "durand").url == HOME
    assert is_in(client)


def test_a_group_that_may_publish_one_section_counts(client, writer, section, required):
    GroupPagePermission.objects.create(
        group=writer.groups.get(), page=section, permission=Permission.objects.get(codename="publish_page")
    )
    client.force_login(writer)
    assert client.get(HOME).url.startswith("/admin/security/app/")


@pytest.mark.parametrize(
    "permission", ["send_edition", "change_user", "add_user", "view_subscriber", "delete_subscription"]
)
def test_readers_editions_and_colleagues_need_it_as_well(client, writer, required, permission):
    writer.groups.get().permissions.add(Permission.objects.get(codename=permission))
    client.force_login(writer)
    assert client.get(HOME).url.startswith("/admin/security/app/")


def test_a_last_factor_stays_while_it_is_required(client, editor, secret, settings, required):
    sign_in(client)
    client.post(SECOND, {"code": code_of(secret)})
    client.post("/admin/security/app/remove/")
    assert second_factor.has_second_factor(editor)
    settings.SECOND_FACTOR = "offered"
    client.post("/admin/security/app/remove/")
    assert not second_factor.has_second_factor(editor)
    assert not Authenticator.objects.exists(), "recovery codes end with it"


def test_a_last_key_stays_too_and_the_page_says_why(client, editor, required):
    key = Authenticator.objects.create(user=editor, type="webauthn", data={"name": "Bureau"})
    sign_in(client)
    client.force_login(editor)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(editor.pk)
    session.save()
    response = client.post(f"/admin/security/keys/{key.pk}/remove/", follow=True)
    assert response.context["messages"]
    assert second_factor.has_second_factor(editor)
    totp.TOTP.activate(editor, totp.generate_totp_secret())
    client.post(f"/admin/security/keys/{key.pk}/remove/")
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_where_it_is_offered_later_is_an_answer(client, editor):
    offer = client.get(sign_in(client).url)
    assert 'id="later" href="/admin/"' in offer.content.decode()
    assert is_in(client)


def test_changing_ones_security_asks_who_it_is_after_a_while(client, editor, secret):
    now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    with time_machine.travel(now) as clock:
        sign_in(client)
        client.post(SECOND, {"code": code_of(secret)})
        assert client.get("/admin/security/codes/").status_code == 200
        clock.shift(dt.timedelta(minutes=6))
        response = client.get("/admin/security/codes/")
        assert response.url == "/admin/security/confirm/?next=%2Fadmin%2Fsecurity%2Fcodes%2F"
        confirm = client.get(response.url)
        assert confirm.status_code == 200
        done = client.post(
            "/admin/security/confirm/", {"password": PASSWORD, "next": "/admin/security/codes/"}
        )
        assert done.url == "/admin/security/codes/"
        assert client.get("/admin/security/codes/").status_code == 200


def test_a_lost_factor_is_reset_by_command_and_noted(client, editor, writer, secret, capsys):
    client.force_login(editor)
    call_command("mfa_reset", "morel", "--by", "durand")
    assert not Authenticator.objects.exists()
    assert not is_in(client), "signed out everywhere"
    entry = ModelLogEntry.objects.get(action=second_factor.RESET)
    assert (entry.user, entry.object_id) == (writer, str(editor.pk))
    assert sign_in(client).url.startswith("/admin/security/app/")


def test_a_key_needs_an_address_browsers_accept(client, editor, settings):
    client.force_login(editor)
    assert "https://" in client.get("/admin/security/").content.decode()
    assert client.get("/admin/security/keys/add/").url == "/admin/security/"
    settings.MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
    settings.BASE_HOST = "journal.example"
    sign_in(client)
    page = Client()
    sign_in(page)
    options = page.get("/admin/security/keys/add/").context["js_data"]["creation_options"]
    assert options["publicKey"]["rp"]["id"] == "journal.example"


# --- Sessions ---


def sessions_of(user, count):
    browsers = [Client() for _ in range(count)]
    for browser in browsers:
        browser.force_login(user)
    return browsers


def test_a_new_password_ends_the_other_sessions(editor):
    here, there = sessions_of(editor, 2)
    here.post(
        "/admin/account/",
        {
            "password-old_password": PASSWORD,
            "password-new_password1": "un autre long mot",
            "password-new_password2": "un autre long mot",
            "name_email-first_name": "A",
            "name_email-last_name": "M",
            "name_email-email": "morel@depeche.test",
            "locale-preferred_language": "fr",
            "locale-current_time_zone": "Europe/Paris",
            "theme-theme": "system",
            "theme-contrast": "system",
            "theme-density": "default",
        },
    )
    editor.refresh_from_db()
    assert editor.check_password("un autre long mot")
    assert is_in(here)
    assert not is_in(there)


def test_a_forgotten_password_ends_in_the_same_sign_in(client, editor, secret):
    (there,) = sessions_of(editor, 1)
    uid = urlsafe_base64_encode(force_bytes(editor.pk))
    url = f"/admin/password_reset/confirm/{uid}/{default_token_generator.make_token(editor)}/"
    form = client.get(url, follow=True)
    words = {"new_password1": "un autre long mot", "new_password2": "un autre long mot"}
    done = client.post(form.request["PATH_INFO"], words, follow=True)
    assert LOGIN in done.content.decode()
    assert not is_in(client), "a mail alone opens nothing"
    assert not is_in(there)
    assert sign_in(client, password="un autre long mot").url == SECOND


FORGOTTEN = "/admin/password_reset/"


def test_nobody_is_flooded_with_links_they_did_not_ask_for(client, editor, writer, mailroom):
    answers = {
        client.post(FORGOTTEN, {"email": address}, REMOTE_ADDR=f"203.0.113.{number}").url
        for number, address in enumerate(["morel@depeche.test", "MOREL@depeche.test"] * 5)
    }
    answers.add(client.post(FORGOTTEN, {"email": "nobody@depeche.test"}).url)
    assert answers == {"/admin/password_reset/done/"}, "the same answer either way"
    assert len(mailroom.deliver()) == 3
    client.post(FORGOTTEN, {"email": "durand@depeche.test"})
    assert len(mailroom.deliver()) == 4, "another colleague is not concerned"
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=61)):
        client.post(FORGOTTEN, {"email": "morel@depeche.test"})
        assert len(mailroom.deliver()) == 5


def test_one_network_asks_for_twenty_links_an_hour(client, editor, mailroom):
    for number in range(20):
        client.post(FORGOTTEN, {"email": f"nom{number}@depeche.test"})
    client.post(FORGOTTEN, {"email": "morel@depeche.test"})
    assert mailroom.deliver() == []
    client.post(FORGOTTEN, {"email": "morel@depeche.test"}, REMOTE_ADDR=ELSEWHERE)
    assert len(mailroom.deliver()) == 1


def test_who_leaves_is_out_at_once_and_no_session_comes_back_with_them(editor, writer):
    (there,) = sessions_of(writer, 1)
    assert is_in(there)
    actions.offboard(writer, by=editor)
    assert not is_in(there)
    writer.refresh_from_db()
    writer.is_active = True
    writer.save()
    assert not is_in(there)


def test_ending_sessions_touches_nobody_else(editor, writer):
    here, _there = sessions_of(editor, 2)
    (other,) = sessions_of(writer, 1)
    assert end_sessions(editor, but=here.session.session_key) == 1
    assert is_in(here)
    assert is_in(other)


def test_a_session_lasts_twelve_hours_after_the_last_page(client, editor):
    with time_machine.travel(dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)) as clock:
        sign_in(client)
        for _ in range(3):
            clock.shift(dt.timedelta(hours=8))
            assert is_in(client)
        clock.shift(dt.timedelta(hours=13))
        assert not is_in(client)


def test_the_account_page_asks_for_no_portrait(client, editor):
    client.force_login(editor)
    page = client.get("/admin/account/").content.decode()
    assert "avatar-avatar" not in page
    assert "gravatar" not in page
    assert "/admin/security/" in page
