"""An editor's first days: locked out by mistake, a second factor, keys, and no request to strangers."""

import io
import re
import sqlite3
import time

import pytest
from accessibility import violations
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from PIL import Image
from playwright.sync_api import Page, expect

ELSEWHERE = "198.51.100.7"


@pytest.fixture
def behind_a_proxy(monkeypatch):
    """This machine counts as our proxy, so that a browser can come from another address."""
    monkeypatch.setenv("DEPECHE_TRUSTED_PROXIES", "127.0.0.1")


@pytest.fixture
def at_localhost(monkeypatch):
    """A host name, which keys need."""
    monkeypatch.setenv("DEPECHE_BASE_URL", "http://localhost")


class Watch:
    """What a page tried that it must not: strangers asked, or the policy broken."""

    def __init__(self, page: Page, address: str) -> None:
        self.strangers: list[str] = []
        self.violations: list[str] = []
        page.on("request", lambda request: self._note(request.url, address))
        page.expose_function("noteViolation", lambda violation: self.violations.append(violation))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " event => window.noteViolation(`${document.URL}: ${event.violatedDirective} ${event.blockedURI}`))"
        )

    def _note(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.strangers.append(url)


def test_from_a_forgotten_password_to_a_second_factor(behind_a_proxy, paper, person):
    at_work, at_home = person(), person(extra_http_headers={"X-Forwarded-For": ELSEWHERE})
    watch = Watch(at_home, paper.address)

    for _ in range(6):
        give_password(at_work, paper, password="faux")
    expect(at_work.get_by_role("main")).to_contain_text(re.compile(r"\d{1,2}:\d\d"))
    give_password(at_work, paper)
    expect(at_work.get_by_role("main")).to_contain_text(re.compile(r"\d{1,2}:\d\d"))

    assert accessible(open_page(at_home, f"{paper.address}/admin/"))
    give_password(at_home, paper)
    assert accessible(at_home)
    at_home.locator("#later").click()
    at_home.wait_for_url("**/admin/")

    secret, codes = set_up_app(at_home, paper)
    sign_out(at_home)
    give_password(at_home, paper)
    assert accessible(at_home)
    give_code(at_home, "000000")
    expect(at_home.locator(".error-message")).to_be_visible()
    give_code(at_home, code_now(secret))
    at_home.wait_for_url("**/admin/")

    sign_out(at_home)
    give_password(at_home, paper)
    give_code(at_home, codes[0])
    at_home.wait_for_url("**/admin/")
    sign_out(at_home)
    give_password(at_home, paper)
    give_code(at_home, codes[0])
    expect(at_home.locator(".error-message")).to_be_visible()
    give_code(at_home, codes[1])
    at_home.wait_for_url("**/admin/")

    look_around(at_home, paper)
    assert watch.strangers == []
    assert watch.violations == []


def test_a_key_opens_the_newsroom_instead_of_a_code(at_localhost, paper, person):
    page = person()
    paper.address = paper.address.replace("127.0.0.1", "localhost")
    watch = Watch(page, paper.address)
    plug_in_a_key(page)
    give_password(page, paper)
    page.goto(f"{paper.address}/admin/security/keys/add/")
    assert accessible(page)
    page.locator("#id_name").fill("Clé du bureau")
    page.locator("#id_name").press("Enter")
    page.locator("#kept").click()
    expect(page.get_by_role("main")).to_contain_text("Clé du bureau")
    sign_out(page)
    give_password(page, paper)
    page.locator("#key-button").click()
    page.wait_for_url("**/admin/")
    assert watch.violations == []


def give_password(page: Page, paper, *, password: str | None = None) -> None:
    page.goto(f"{paper.address}/admin/login/")
    page.locator("#id_login").fill(paper.user)
    page.locator("#id_password").fill(password or paper.password)
    with page.expect_navigation():
        page.locator("#id_password").press("Enter")


def give_code(page: Page, code: str) -> None:
    page.locator("#id_code").fill(code)
    with page.expect_navigation():
        page.locator("#id_code").press("Enter")


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up_app(page: Page, paper) -> tuple[str, list[str]]:
    """The app's secret and the recovery codes."""
    page.goto(f"{paper.address}/admin/account/")
    page.goto(page.locator("a[href='/admin/security/']").first.evaluate("link => link.href"))
    assert accessible(page)
    page.locator("a[href='/admin/security/app/']").click()
    secret = page.locator(".dp-secret").inner_text().replace(" ", "")
    assert page.locator("img.dp-qr").evaluate("image => image.naturalWidth") > 0
    give_code(page, code_now(secret))
    codes = page.locator(".dp-codes li").all_inner_texts()
    assert len(codes) == 10
    assert accessible(page)
    with page.expect_download() as download:
        page.locator("a[download]").click()
    assert codes[0] in download.value.path().read_text()
    page.locator("#kept").click()
    page.wait_for_url("**/admin/security/")
    return secret, codes


def sign_out(page: Page) -> None:
    page.locator(".sidebar-footer__account").click()
    with page.expect_navigation():
        page.locator("form[action='/admin/logout/'] button").first.click()


def look_around(page: Page, paper) -> None:
    """Dashboard, a new article, a picture, the account."""
    page.goto(f"{paper.address}/admin/")
    with sqlite3.connect(paper.data / "depeche.sqlite3") as database:
        (section,) = database.execute("select id from wagtailcore_page where slug = 'actualites'").fetchone()
    page.goto(f"{paper.address}/admin/pages/add/articles/article/{section}/")
    page.locator("#id_title").fill("Une passerelle")
    page.wait_for_timeout(2500)  # what the editor does by itself after a while
    photo = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(photo, "JPEG")
    page.goto(f"{paper.address}/admin/images/add/")
    page.locator("#id_file").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    )
    expect(page.locator("#id_title")).to_have_value("photo")
    with page.expect_navigation():
        page.locator("form[enctype] button[type=submit]").last.click()
    expect(page.locator(".messages .success")).to_be_visible()
    page.goto(f"{paper.address}/admin/account/")
    page.wait_for_timeout(1000)


def plug_in_a_key(page: Page) -> None:
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def open_page(page: Page, url: str) -> Page:
    page.goto(url)
    return page


def accessible(page: Page) -> bool:
    """Whether axe finds nothing in what is ours, the sidebar being Wagtail's."""
    page.wait_for_timeout(500)  # messages fade in
    assert violations(page, "#main") == []
    return True
