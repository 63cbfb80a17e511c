"""Somebody is erased while files that name them wait to be entered."""

import codecs
import time

import pytest
from django.db import connection
from test_importing_subscribers import content, line, many

from depeche.subscribers import blotting, import_runs, importing, privacy, uploads, verifying
from depeche.subscribers.consent import ConsentDetail
from depeche.subscribers.models import ImportRun, Subscriber

pytestmark = pytest.mark.django_db

ADDRESS = "lea@exemple.test"
OTHERS = ["lea+nouvelles@exemple.test", "andrea@exemple.test", "lea@exemple.test.example"]


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(settings, tmp_path):
    settings.IMPORTS_FOLDER = tmp_path / "imports"


def kept(text, encoding="utf-8", mark=b""):
    return uploads.keep([mark + text.encode(encoding)])


def held(name):
    return uploads.path(name).read_bytes()


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", b""),
        ("cp1252", b""),
    ],
)
def test_their_line_goes_and_every_byte_after_it_stays_where_it_was(encoding, mark):
    before = [
        line(OTHERS[0], source="Fête de l’été"),
        line("LEA@Exemple.TEST", proof="signé\npar elle « oui »"),
    ]
    after = [line(one) for one in OTHERS[1:]]
    text = content(*before, *after)
    name = kept(text, encoding, mark)
    length = len(held(name))
    assert blotting.blot(ADDRESS) == 1
    now = held(name)
    assert len(now) == length
    assert now.endswith(text[-200:].encode(encoding))
    shown = now[len(mark) :].decode(encoding)
    assert "signé" not in shown
    assert "LEA@" not in shown
    assert all(one in shown for one in OTHERS)
    assert blotting.blot(ADDRESS) == 0


def test_an_upload_that_was_broken_off_stops_no_erasure():
    uploads.path(kept("")).write_bytes(b"")
    assert blotting.blot(ADDRESS) == 0


def test_of_others_only_what_names_them_goes():
    name = kept(content(line("ali@exemple.test", proof="parrainé par Lea@exemple.test, merci")))
    blotting.blot(ADDRESS)
    shown = held(name).decode()
    assert "ali@exemple.test" in shown
    assert "parrainé par" in shown
    assert "merci" in shown
    assert "lea@" not in shown.lower()


def test_a_domain_is_found_in_letters_and_in_ascii():
    first, second = kept(content(line("lea@bücher.test"))), kept(content(line("lea@xn--bcher-kva.test")))
    assert blotting.blot("lea@BÜCHER.test") == 2
    assert b"lea@" not in held(first) + held(second)


def test_a_line_that_cannot_be_read_goes_as_a_whole():
    name = kept(content(line("ali@exemple.test")) + f'"{ADDRESS},Zoé Introuvable\n')
    blotting.blot(ADDRESS)
    assert "Introuvable" not in held(name).decode()
    assert "ali@exemple.test" in held(name).decode()


def test_an_import_goes_on_after_somebody_further_down_was_erased(
    newsletter, editor, django_capture_on_commit_callbacks
):
    lines = [*many(700), line(ADDRESS), *many(300, start=700)]
    trial = import_runs.upload(
        [content(*lines).encode()], file_name=f"de {ADDRESS}.csv", newsletter=newsletter, by=editor
    )
    while import_runs.move(trial.pk):
        pass
    trial.refresh_from_db()
    sent = trial.sha256
    run = import_runs.enter(trial, by=editor)
    assert not importing.go_on(run, uploads.path(run.upload), by="morel", batches=1)
    privacy.erase(ADDRESS)
    assert ADDRESS.encode() not in held(run.upload)
    with django_capture_on_commit_callbacks(execute=True):
        while import_runs.move(run.pk):
            pass
    run.refresh_from_db()
    assert (run.entered, run.known, run.refused, run.sha256) == (1000, 0, 0, sent)
    assert not Subscriber.objects.filter(address=ADDRESS).exists()
    assert ADDRESS not in "".join(ImportRun.objects.values_list("file_name", flat=True))
    assert list(verifying.verify()) == []


def test_a_batch_is_read_after_the_erasure_that_came_before_it(newsletter, editor):
    lines = [*many(505), line("ali@exemple.test", proof=f"parrainé par {ADDRESS}"), *many(10, start=505)]
    trial = import_runs.upload(
        [content(*lines).encode()], file_name="a.csv", newsletter=newsletter, by=editor
    )
    while import_runs.move(trial.pk):
        pass
    trial.refresh_from_db()
    run = import_runs.enter(trial, by=editor)
    file = uploads.path(run.upload)
    assert importing.go_on(run, file, by="morel", tell=lambda _run: blotting.blot(ADDRESS))
    assert run.entered == 516
    assert ConsentDetail.objects.filter(value__icontains="parrainé").count() == 1
    assert not ConsentDetail.objects.filter(value__icontains=ADDRESS).exists()


def test_an_upload_on_its_way_is_left_alone():
    begun = f"{ADDRESS} ".encode() * 1000  # more than is held back from the disk

    def chunks():
        yield begun
        assert blotting.blot(ADDRESS) == 0
        yield b"\n"

    assert held(uploads.keep(chunks())) == begun + b"\n"


def test_the_same_file_sent_again_goes_on_and_refuses_them(newsletter, editor):
    lines = [*many(600), line(ADDRESS)]
    first = import_runs.upload(
        [content(*lines).encode()], file_name="a.csv", newsletter=newsletter, by=editor
    )
    while import_runs.move(first.pk):
        pass
    run = import_runs.enter(first, by=editor)
    importing.go_on(run, uploads.path(run.upload), by="morel", batches=1)
    privacy.erase(ADDRESS)
    import_runs.discard(run)
    again = import_runs.upload(
        [content(*lines).encode()], file_name="a.csv", newsletter=newsletter, by=editor
    )
    while import_runs.move(again.pk):
        pass
    second = import_runs.enter(again, by=editor)
    assert second.pk == run.pk
    while import_runs.move(second.pk):
        pass
    second.refresh_from_db()
    assert (second.entered, second.refused) == (600, 1)
    assert [error["error"] for error in second.errors] == ["suppressed_erased"]


def test_what_a_trial_noted_names_nobody(newsletter, editor):
    trial = import_runs.upload(
        [content(line(ADDRESS)).encode()], file_name="a", newsletter=newsletter, by=editor
    )
    import_runs.move(trial.pk)
    assert uploads.seen(trial.upload).exists()
    assert b"lea" not in uploads.seen(trial.upload).read_bytes().lower()


def test_fifty_megabytes_are_looked_through_within_a_request():
    uploads.keep(b"x" * 65_000 + b"\n" for _ in range(770))
    began = time.process_time()
    assert blotting.blot(ADDRESS) == 0
    assert time.process_time() - began < 3


def test_nobody_named_is_nobody_blotted():
    name = kept(content(line(ADDRESS)))
    assert blotting.blot("  ") == 0
    assert ADDRESS.encode() in held(name)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_no_batch_is_entered_while_somebody_is_erased():
    from django.db import transaction

    other = connection.copy()
    try:
        with transaction.atomic():
            blotting.erase_in_turn()
            other.set_autocommit(False)
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [blotting._LOCK])
                assert cursor.fetchone() == (False,)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [blotting._LOCK])
            assert cursor.fetchone() == (True,)
        other.rollback()
    finally:
        other.close()
