"""An address that came in by every road, then erased by each: no dump, file or job holds it, in whatever spelling."""

import base64
import datetime as dt
import html
import json
import logging
import mailbox
import quopri
import re
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from test_forgotten_everywhere import ADDRESS, known_everywhere, queued  # noqa: F401 - a fixture
from test_importing_subscribers import content, line

from depeche.delivery.models import TransactionalMessage
from depeche.subscribers import import_runs, retention, rights_desk, self_service
from depeche.subscribers.models import Subscriber
from depeche.subscribers.rights_desk import Answer, Received

pytestmark = pytest.mark.django_db


def spellings(word):
    """The word as bytes, in the ways in which files, mails, forms and databases write it (in small letters)."""
    plain = word.encode()
    yield from (plain, word.encode("utf-16-le"), word.encode("utf-16-be"), plain.hex().encode())
    yield from (quote(word).lower().encode(), quote_plus(word, safe="").lower().encode())
    yield from (
        word.replace("@", f"{sign}").encode() for sign in ("\\u0040", "=40", "&#64;", "&#x40;", "%40")
    )
    yield from (html.escape(word).encode(), json.dumps(word)[1:-1].encode())


def in_base64(word):
    """What every base64 of a text holds that has this word in it, at whichever of the three places."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + word.encode())
        yield whole[-(-before * 8 // 6) + 1 : len(whole) // 4 * 4 - 4]


def holds(stored, word=ADDRESS):
    joined = re.sub(rb"\s", b"", stored)
    cases = {word, word.title(), word.upper(), word.capitalize()}
    return any(
        one in each
        for each in (stored.lower(), quopri.decodestring(stored).lower())
        for one in spellings(word)
    ) or any(one in joined for case in cases for one in in_base64(case))


def tables():
    """The rows of each table as a dump writes them; on SQLite also the pages themselves, with what was deleted in them."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield table, "\n".join(f"{as_text(value)}" for row in cursor for value in row).encode()
    if connection.vendor == "sqlite":
        yield "pages", connection.connection.serialize()


def as_text(value):
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else value


def files(settings):
    folders = (settings.MEDIA_ROOT, settings.CATCHER_MAILDIR, settings.KEYS_FOLDER, settings.IMPORTS_FOLDER)
    found = [path for folder in folders for path in Path(folder).rglob("*") if path.is_file()]
    return [*found, *(path for path in (Path(settings.JOURNAL_FILE),) if path.exists())]


def traces(settings):
    found = [table for table, rows in tables() if holds(rows)]
    found += [path.name for path in files(settings) if holds(path.read_bytes() + path.name.encode())]
    return found + ["jobs" for item in queued() if holds(item)]


@pytest.fixture
def came_by_every_road(known_everywhere, settings, tmp_path, client, newsletter, editor, admin_user):  # noqa: F811
    settings.IMPORTS_FOLDER = tmp_path / "imports"
    lines = [
        line("ali@exemple.test"),
        line(ADDRESS.upper()),
        line(f"{ADDRESS} (faux)"),
        line("zoe@exemple.test", source=""),
    ]
    trial = import_runs.upload(
        [content(*lines).encode("utf-16")], file_name=f"{ADDRESS}.csv", newsletter=newsletter, by=editor
    )
    import_runs.move(trial.pk)
    for encoding in ("base64", "quoted-printable", "8bit"):
        catch(settings, encoding)
    client.post(reverse("account_login"), {"login": ADDRESS, "password": "x" * 12})
    client.force_login(admin_user)
    client.get(reverse("suppressed_addresses"), {"address": ADDRESS})
    client.get(reverse("wagtailadmin_home"))
    client.logout()
    return trial


def catch(settings, encoding):
    mail = EmailMessage()
    mail["To"], mail["Subject"] = ADDRESS, "Votre demande"
    mail.set_content(f"Vous êtes {ADDRESS.title()}, née à Sermont.\n", cte=encoding)
    box = mailbox.Maildir(settings.CATCHER_MAILDIR, create=True)
    box.add(f"X-Envelope-To: {ADDRESS}\r\n".encode() + bytes(mail))


def by_themselves(admin_user):
    self_service.erase(Subscriber.objects.get(address=ADDRESS))


def by_the_desk(admin_user):
    received = Received("erasure", ADDRESS, "letter", f"Effacez {ADDRESS}", timezone.now())
    asked = rights_desk.enter(received, by=admin_user)
    rights_desk.erase(asked, Answer(admin_user, f"À {ADDRESS.upper()} : c’est fait."))
    TransactionalMessage.objects.update(finished_at=timezone.now())  # the answer left, an hour ago
    retention.forget_mails_to_the_erased()


def by_command(admin_user):
    call_command("privacy", "erase", ADDRESS, "--yes", stdout=open("/dev/null", "w"))  # noqa: SIM115, PTH123


def by_time(admin_user):
    long_ago = timezone.now() - dt.timedelta(days=4 * 366)
    Subscriber.objects.update(last_contact_at=long_ago, created_at=long_ago, repermission_asked_at=long_ago)
    assert retention.erase_silent_readers() == 1


@pytest.mark.parametrize("road", [by_themselves, by_the_desk, by_command, by_time])
def test_no_dump_and_no_file_holds_the_address(road, came_by_every_road, settings, admin_user, caplog):
    with caplog.at_level(logging.DEBUG):
        before = traces(settings)
        assert len(before) > 12, "the search finds what is there"
        road(admin_user)
        assert traces(settings) == []
    kept = [one for one in caplog.records if one.name.startswith("depeche") or one.levelno >= logging.WARNING]
    assert not holds("\n".join(one.getMessage() for one in kept).encode())


@pytest.mark.parametrize("write", [str, str.upper, quote, lambda word: word.replace("@", "=40")])
def test_the_search_knows_the_spellings(write):
    assert holds(write(f"née {ADDRESS}.").encode())
    for before in ("", "x", "xy"):
        assert holds(b"\n".join(base64.encodebytes(f"{before}{ADDRESS} et après".encode()).split(b"\n")))
    assert not holds(b"lea@exemple.test")
