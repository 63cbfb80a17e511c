"""What opens every link of every mail before its reader does changes nothing; the reader then needs one button."""

import email
import email.policy
import json
import re
import sqlite3
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

EVERY_MAIL = (Path(__file__).parent / "every_mail.py").read_text()
TEMPLATES = Path(__file__).parents[2] / "templates"
# Texts that are no mail: what is said on a page of the newsroom, and a file to download.
NO_MAIL = re.compile(r"(account|mfa)/.*|.*_subject\.txt")
SCANNERS = (
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; ms-office; MSOffice 16)",
    "Mozilla/5.0 (compatible; Barracuda Sentinel (EE))",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36",
)
WAITS_MS = 30_000


@pytest.fixture
def written(paper):
    """The templates of mails that were made, and the mails that arrived."""
    printed = paper.manage("shell", "--no-imports", "-c", EVERY_MAIL)
    templates = set(json.loads(printed.splitlines()[-1]))
    until = time.monotonic() + 30
    while not is_at_rest(paper) and time.monotonic() < until:
        time.sleep(0.2)
    assert is_at_rest(paper)
    return templates, caught(paper)


def test_a_scanner_changes_nothing_and_a_person_needs_one_button(paper, person, written):
    templates, mails = written
    kinds = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.txt")}
    unwritten = {name for name in kinds if not NO_MAIL.fullmatch(name)} - templates
    assert not unwritten, "every_mail.py has to write these too, so that their links are opened"
    assert {mail["Message-ID"][1] for mail in mails if mail["List-Id"]} == {"c", "e"}

    links = {link for mail in mails for link in links_of(mail)}
    ours = sorted(link for link in links if link.startswith(paper.address))
    assert links - set(ours) == set(), "nothing leads elsewhere"
    words = (
        "confirm",
        "unsubscribe",
        "preferences",
        "data",
        "address",
        "agree-again",
        "stay",
        "password_reset",
    )
    assert all(any(f"/{word}/" in link for link in ours) for word in words)
    before = everything(paper)

    with ThreadPoolExecutor(3) as scanners:
        plain = [scanners.submit(scan, ours, agent) for agent in SCANNERS]
        asked = open_in_tabs(person(), ours)
        for scanned in plain:
            scanned.result()
    assert {method for method, _url in asked} <= {"GET", "HEAD"}
    assert all(url.startswith(paper.address) for _method, url in asked)
    assert everything(paper) == before

    confirms_and_leaves(paper, person, mails)


def scan(links: list[str], agent: str) -> None:
    """Ask for each as programs do, and for what its page leads to."""
    for link in links:
        for method in ("HEAD", "GET"):
            status, page = fetched(link, method, agent)
            assert status in (200, 404, 410), (link, status)
        if agent == SCANNERS[0]:
            for further in links_in(page, link):
                fetched(further, "GET", agent)


def open_in_tabs(page, links: list[str]) -> list[tuple[str, str]]:
    """What a browser with scripts asks for that opens each in a tab, points at what is there, and waits."""
    asked: list[tuple[str, str]] = []
    context = page.context
    context.on("request", lambda request: asked.append((request.method, request.url)))
    for number, link in enumerate(links):
        tab = page if not number else context.new_page()
        tab.goto(link)
        tab.mouse.move(640, 450)
        tab.mouse.wheel(0, 2_000)
    assert len(context.pages) == len(links)
    page.wait_for_timeout(WAITS_MS)
    return asked


def confirms_and_leaves(paper, person, mails) -> None:
    """Jeanne by the button of her mail, then out again by two clicks; Léa by the button of her mail program."""
    reader = person()
    reader.goto(link_to(mails, "jeanne@e.test", "confirm"))
    reader.locator("main button").click()
    reader.wait_for_load_state()
    assert state_of(paper, "jeanne@e.test") == "confirmed"
    reader.goto(link_to(mails, "remi@e.test", "unsubscribe"))  # the first click
    reader.locator("main button").click()  # the second
    reader.wait_for_load_state()
    assert state_of(paper, "remi@e.test") == "withdrawn"
    edition = next(mail for mail in mails if mail["List-Unsubscribe"] and mail["To"] == "lea@e.test")
    assert edition["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    status, _page = fetched(
        edition["List-Unsubscribe"].strip("<> "), "POST", "", b"List-Unsubscribe=One-Click"
    )
    assert status == 200
    assert state_of(paper, "lea@e.test") == "withdrawn"


def links_of(mail) -> set[str]:
    """All addresses in a mail: of its texts, its HTML and its headers."""
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    headers = [value for name, value in mail.items() if name.startswith("List-") and name != "List-Id"]
    found = re.findall(r"https?://[^\s\"'<>]+", "\n".join([*parts, *headers]))
    return {link.rstrip(".,)").partition("#")[0].replace("&amp;", "&") for link in found}


def links_in(page: str, base: str) -> set[str]:
    """Where a page leads on this site."""
    found = {urllib.parse.urljoin(base, href) for href in re.findall(r'href="([^"#]+)', page)}
    origin = "/".join(base.split("/")[:3]) + "/"
    return {link for link in found if link.startswith(origin) and "/static/" not in link}


def link_to(mails, recipient: str, word: str) -> str:
    return next(
        link for mail in mails if mail["To"] == recipient for link in links_of(mail) if f"/{word}/" in link
    )


def fetched(url: str, method: str, agent: str, data: bytes | None = None) -> tuple[int, str]:
    """Status and text of an answer, redirects followed."""
    request = urllib.request.Request(url, data, {"User-Agent": agent}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


def caught(paper) -> list:
    return [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in (paper.data / "caught-mail" / "new").iterdir()
    ]


def everything(paper) -> tuple[list[str], bytes]:
    """The database, without the sessions of browsers; and the journal."""
    with closing(sqlite3.connect(paper.data / "depeche.sqlite3")) as database:
        lines = [line for line in database.iterdump() if '"django_session"' not in line]
    return lines, (paper.data / "journal.jsonl").read_bytes()


def is_at_rest(paper) -> bool:
    """Whether all mails are gone, that of the correction too."""
    unfinished = "state NOT IN ('sent', 'suppressed')"
    waiting = " UNION ALL ".join(
        f"SELECT 1 FROM {table} WHERE {unfinished}"
        for table in (
            "delivery_transactionalmessage",
            "newsletters_editiondelivery",
            "newsletters_correctiondelivery",
        )
    )
    with closing(sqlite3.connect(paper.data / "depeche.sqlite3")) as database:
        told = database.execute("SELECT count(*) FROM newsletters_correctiondelivery").fetchone()[0]
        return told == 3 and database.execute(waiting).fetchone() is None


def state_of(paper, address: str) -> str:
    with closing(sqlite3.connect(paper.data / "depeche.sqlite3")) as database:
        return database.execute(
            "SELECT state FROM subscribers_subscription JOIN subscribers_subscriber s ON subscriber_id = s.id WHERE address = ?",
            [address],
        ).fetchone()[0]
