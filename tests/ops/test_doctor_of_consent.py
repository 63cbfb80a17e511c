"""`doctor` says when the consent log was last checked and what was found, and misses a check that did not run."""

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from depeche import journal
from depeche.subscribers import checking, recording, tasks
from depeche.subscribers.consent import ConsentDetail, ConsentEntry
from depeche.subscribers.recording import Happening

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_data(settings, tmp_path):
    settings.DATA = tmp_path


def enter(at=None):
    recording.record(Happening("request", "lea@exemple.test", "newsletter:abc", at=at))
    last = ConsentEntry.objects.last()
    journal.append({"kind": journal.HEAD, "number": last.number, "digest": last.digest})


def doctor(capsys, *options):
    call_command("doctor", *options)
    return capsys.readouterr().out


def test_a_check_that_found_nothing_is_told_with_its_time(capsys):
    enter()
    tasks.verify_consent.call_local()
    assert str(timezone.localdate().year) in doctor(capsys)
    assert doctor(capsys, "--quiet") == ""


def test_what_it_found_is_told_until_it_finds_nothing_more(capsys):
    enter()
    detail = ConsentDetail.objects.get(kind="address")
    ConsentDetail.objects.filter(pk=detail.pk).update(value="theo@exemple.test")
    tasks.verify_consent.call_local()
    said = doctor(capsys, "--quiet")
    assert "consent verify" in said
    assert " 1 " in said
    detail.save()
    tasks.verify_consent.call_local()
    assert doctor(capsys, "--quiet") == ""


def test_two_nights_without_a_check_are_told(capsys):
    now = timezone.now()
    enter(at=now - dt.timedelta(hours=49))
    assert "consent verify" in doctor(capsys, "--quiet")
    checking.check(at=now - dt.timedelta(hours=47))
    assert doctor(capsys, "--quiet") == ""
    checking.check(at=now - dt.timedelta(hours=48, minutes=1))
    assert "consent verify" in doctor(capsys, "--quiet")


def test_nothing_is_missed_where_nothing_or_only_something_new_was_entered(capsys):
    assert doctor(capsys, "--quiet") == ""
    enter(at=timezone.now() - dt.timedelta(hours=47))
    assert doctor(capsys, "--quiet") == ""


@pytest.mark.parametrize(
    "kept", ["", "{", "[]", "{}", '{"at":"x","problems":0}', '{"at":null,"problems":1}', "\0"]
)
def test_an_unreadable_note_of_it_is_none(capsys, settings, kept):
    (settings.DATA / "consent-check.json").write_text(kept)
    assert checking.last() is None
    enter(at=timezone.now() - dt.timedelta(hours=49))
    assert "consent verify" in doctor(capsys, "--quiet")


def test_a_check_that_breaks_off_leaves_no_note(monkeypatch):
    def breaks():
        raise RuntimeError
        yield

    monkeypatch.setattr(checking.verifying, "verify", breaks)
    with pytest.raises(RuntimeError):
        checking.check()
    assert checking.last() is None


def test_more_than_a_hundred_problems_are_counted_as_such(capsys):
    (checking.settings.DATA / "consent-check.json").write_text(
        json.dumps({"at": timezone.now().isoformat(), "problems": checking.NAMED})
    )
    assert "100+" in doctor(capsys)
