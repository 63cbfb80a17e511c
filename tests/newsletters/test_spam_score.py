"""How SpamAssassin's rules score the demo editions, in the form in which a mail server of a reader meets them.

Local rules only (`-L`): those the Debian package brings, no `sa-update`, no DNS. What they judge is what we write: headers, HTML
against text, words, links. What an address or a domain is known for is not in them. The server that took the mail adds
Return-Path and Received before it asks SpamAssassin; without them it would not judge as it does there. The addresses
are public ones, as in use: by those of a trial (a port, 127.0.0.1) it would judge the trial.
"""

import os
import re
import shutil
import subprocess

import pytest

from depeche.delivery.messages import bare_address
from depeche.newsletters import actions
from depeche.newsletters.models import Edition
from depeche.ops import demo
from depeche.subscribers.models import Newsletter

pytestmark = pytest.mark.django_db
SPAMASSASSIN = shutil.which("spamassassin")
HOST = "courrier.example"
OURS = "9.9.9.9"  # a public one: what is kept for documentation counts as forged; nobody is asked


@pytest.fixture
def score(tmp_path):
    """A function: how many points the bytes of a mail get, and the names of the rules it met."""
    if SPAMASSASSIN is None:
        if os.environ.get("CI"):
            pytest.fail("no SpamAssassin here: apt-get install spamassassin")
        pytest.skip("SKIPPED: no SpamAssassin here. To run it too: sudo apt-get install spamassassin")

    def _score(mail):
        done = subprocess.run(
            [SPAMASSASSIN, "--local", "--test-mode", "--nocreate-prefs", "--cf=use_bayes 0"],
            input=mail,
            capture_output=True,
            timeout=120,
            check=True,
            env={**os.environ, "HOME": str(tmp_path)},
        )
        status = re.search(rb"^X-Spam-Status: .*?\n(?!\s)", done.stdout, re.M | re.S)
        assert status, done.stderr.decode()
        said = re.sub(r"\s+", "", status[0].decode())
        points, rules = (
            re.search(r"score=(-?[\d.]+)", said)[1],
            re.search(r"tests=([\w,]*?)autolearn", said)[1],
        )
        return float(points), rules.split(",")

    return _score


@pytest.fixture
def wire(newsroom, editor, subscribe, mailroom, settings, tmp_path):
    """A function: the demo edition that waits in a language, sent, as the reader's mail server has it."""
    settings.BASE_URL, settings.BASE_HOST, settings.IS_PUBLIC = f"https://{HOST}", HOST, True

    def _wire(language):
        demo.load()
        newsletter = Newsletter.objects.get(language=language)
        newsletter.sender_address = newsletter.reply_to = f"redaction@{HOST}"
        newsletter.save()
        subscribe("lea@lecteur.example", to=newsletter)
        actions.send(Edition.objects.get(newsletter=newsletter, number=None), by=editor)
        (mail,) = mailroom.deliver()
        (file,) = (path for path in settings.CATCHER_MAILDIR.rglob("*") if path.is_file())
        return received(file.read_bytes(), mail)

    return _wire


def received(sent, mail):
    """With what the server that took it writes above."""
    trace = (
        f"Return-Path: <{bare_address(mail['From'])}>\r\n"
        f"Received: from mail.{HOST} (mail.{HOST} [{OURS}])\r\n"
        f"\tby mx.lecteur.example (Postfix) with ESMTPS id 4B1D2C3E4F\r\n"
        f"\tfor <{mail['To']}>; {mail['Date']}\r\n"
    )
    return trace.encode() + sent


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_demo_edition_scores_below_one(wire, score, language):
    mail = wire(language)
    points, rules = score(mail)
    assert points < 1.0, rules
    assert "NO_RECEIVED" not in rules, "judged as if it had never travelled"


def test_a_mail_that_shouts_and_does_not_say_when_it_was_written_scores_more(wire, score):
    mail = wire("fr")
    for name, instead in (
        (b"Date", b""),
        (b"Message-ID", b""),
        (b"Subject", b"Subject: GAGNEZ VITE BEAUCOUP\r\n"),
    ):
        mail, count = re.subn(rb"^%s: .*\r?\n(?:[ \t].*\r?\n)*" % name, instead, mail, count=1, flags=re.M)
        assert count == 1, name
    points, rules = score(mail)
    assert points >= 1.0, rules
