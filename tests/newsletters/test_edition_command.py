"""`bin/depeche edition`: what the pages can, the command line can."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from depeche.delivery import bulk_lock
from depeche.delivery.models import Doubt, Outcome, State
from depeche.newsletters import actions, scheduling
from depeche.newsletters.lane import EditionLane
from depeche.newsletters.management import sending
from depeche.newsletters.models import Edition, EditionState
from depeche.newsletters.progress import progress

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys, editor):
    """Run it in the editor's name; what it printed, read where it is JSON."""

    def _run(verb, edition, *arguments, by="morel", **options):
        by = () if verb in ("status", "uncertain") else ("--by", by)
        capsys.readouterr()
        call_command("edition", verb, str(edition.pk), *map(str, arguments), *by, **options)
        out = capsys.readouterr().out
        return [json.loads(line) for line in out.splitlines()] if "--json" in arguments else out

    return _run


@pytest.fixture(autouse=True)
def _nobody_answers(monkeypatch):
    def nobody(question):
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)


@pytest.fixture
def edition(compose, subscribe):
    for name in ("ali", "lea", "zoe"):
        subscribe(f"{name}@exemple.test")
    return compose()


@pytest.fixture
def came(edition, editor):
    """Sent: one copy arrived, one failed for its words, one for its address; each state as asked."""

    def _came(*outcomes):
        sent, lane, now = actions.send(edition, by=editor), EditionLane(), timezone.now()
        leased = lane.lease(10, worker="w1", at=now)
        found = [Outcome(one.key, *outcome) for one, outcome in zip(leased, outcomes, strict=True)]
        lane.record(found, worker="w1", at=now)
        lane.finish(at=now)
        return sent

    return _came


def state(edition):
    return Edition.objects.get(pk=edition.pk).state


def test_schedule_and_unschedule(run, edition, time_machine):
    time_machine.move_to("2027-03-01T00:00:00Z")
    (facts,) = run("schedule", edition, "--at", "2027-03-02T07:00", "--json")
    assert (facts["state"], facts["scheduled_at"]) == ("scheduled", "2027-03-02T06:00:00+00:00")
    assert "2027-03-02 07:00" in facts["said"]
    (facts,) = run("unschedule", edition, "--json")
    assert (facts["state"], facts["scheduled_at"]) == ("draft", None)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2027-03-28T02:30", "does not exist"),
        ("2027-10-31T02:30", "--first"),
        ("demain", "2027-03-28T07:00"),
        ("2027-13-45T07:00", "2027-03-28T07:00"),
        ("2020-01-01T07:00", "over"),
    ],
)
@pytest.mark.usefixtures("_in_english")
def test_a_time_that_is_none_is_refused(run, edition, when, words, time_machine):
    time_machine.move_to("2027-03-01T00:00:00Z")
    with pytest.raises(CommandError, match=words):
        run("schedule", edition, "--at", when)
    assert state(edition) == "draft"


@pytest.fixture
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("which", "moment"), [("--first", "2027-10-31T00:30:00+00:00"), ("--second", "2027-10-31T01:30:00+00:00")]
)
def test_an_hour_shown_twice_is_named(run, edition, which, moment, time_machine):
    time_machine.move_to("2027-10-01T00:00:00Z")
    (facts,) = run("schedule", edition, "--at", "2027-10-31T02:30", which, "--json")
    assert facts["scheduled_at"] == moment


def test_pause_resume_and_cancel(run, edition, editor, mailroom):
    actions.send(edition, by=editor)
    (facts,) = run("pause", edition, "--because", "Une faute", "--json")
    assert facts["state"] == "paused"
    assert facts["progress"]["why"][0]["words"] == "Une faute"
    assert run("resume", edition, "--json")[0]["state"] == "sending"
    with pytest.raises(CommandError):
        run("cancel", edition)
    assert state(edition) == "sending", "nobody there is a no"
    (facts,) = run("cancel", edition, "--yes", "--json")
    assert (facts["state"], facts["copies"]) == ("cancelled", {"suppressed": 3})
    assert mailroom.deliver() == []


def test_resend_asks_and_leaves_refused_addresses_out(run, came, mailroom):
    sent = came(
        (State.FAILED, "554 5.6.0 no"), (State.FAILED, "550 5.1.1 <lea> nobody"), (State.SENT, "250 ok")
    )
    with pytest.raises(CommandError):
        run("resend", sent)
    assert state(sent) == "sent"
    with pytest.raises(CommandError, match=r"550 5\.1\.1"):
        run("resend", sent, "--refusal", "999", "--yes")
    run("resend", sent, "--yes")
    assert len(mailroom.deliver()) == 1
    run("resend", sent, "--refusal", "550 5.1.1", "--yes")
    assert len(mailroom.deliver()) == 2


def test_uncertain_copies_are_named_and_decided_on(run, came, mailroom):
    sent = came((State.UNCERTAIN, "lost"), (State.UNCERTAIN, "lost"), (State.SENT, "250 ok"))
    ((first, second),) = run("uncertain", sent, "--json")
    assert {first["address"], second["address"]} < {f"{name}@exemple.test" for name in ("ali", "lea", "zoe")}
    assert first["address"] in run("uncertain", sent)
    with pytest.raises(CommandError):
        run("decide", sent, first["copy"], "--send-again")
    run("decide", sent, first["copy"], "--send-again", "--yes")
    assert [mail["To"] for mail in mailroom.deliver()] == [first["address"]]
    run("decide", sent, "--all", "--arrived", "--yes")
    assert run("uncertain", sent, "--json") == [[]]
    assert progress(Edition.objects.get(pk=sent.pk)).sent == 3


@pytest.mark.parametrize("arguments", [["--arrived"], ["1", "--all", "--arrived"]])
def test_decide_wants_copies_or_all(run, edition, arguments):
    with pytest.raises(CommandError) as refused:
        run("decide", edition, *arguments, "--yes")
    assert refused.value.returncode == 2


def test_a_second_person_approves_or_declines(run, edition, newsletter, django_user_model, mailroom):
    django_user_model.objects.create_superuser("roche", "r@depeche.test", "un long mot de passe")
    type(newsletter).objects.update(needs_second_person=True)
    (facts,) = run("send", edition, "--yes", "--json")
    assert (facts["state"], facts["asked"]["by"]) == ("draft", "morel")
    assert "roche" in facts["said"]
    run("decline", edition, "--because", "Pas encore", by="roche")
    with pytest.raises(CommandError):
        run("approve", edition, "--yes", by="roche")
    run("send", edition, "--yes")
    with pytest.raises(CommandError):
        run("approve", edition, "--yes")
    with pytest.raises(CommandError):
        run("approve", edition, by="roche")
    assert mailroom.deliver() == []
    run("approve", edition, "--yes", by="roche")
    assert len(mailroom.deliver()) == 3


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel", "resend"])
def test_what_cannot_be_done_now_says_what_can(run, edition, verb):
    with pytest.raises(CommandError, match="schedule"):
        run(verb, edition, *(["--yes"] if verb in ("cancel", "resend") else []))


def test_whoever_may_not_send_is_told(run, edition, django_user_model):
    django_user_model.objects.create_user("stagiaire", "s@depeche.test", "un long mot de passe")
    for verb in ("pause", "unschedule", "resume"):
        with pytest.raises(CommandError, match="stagiaire"):
            run(verb, edition, by="stagiaire")


def test_a_held_back_schedule_is_told_with_what_to_do(run, edition, editor, time_machine):
    time_machine.move_to("2027-03-01T00:00:00Z")
    at = timezone.now() + timezone.timedelta(hours=1)
    scheduling.schedule(edition, leave_at=at, by=editor)
    time_machine.move_to("2027-03-01T05:00:00Z")
    scheduling.send_due()
    assert run("status", edition, "--json")[0]["held_because"] == "late"
    assert len(run("status", edition).splitlines()) == 3


def test_locked_newsletters_are_told_with_the_command_that_helps(run, edition):
    bulk_lock.lock(Doubt.MISSING, at=timezone.now())
    with pytest.raises(CommandError, match="journal accept"):
        run("send", edition, "--yes")


def test_status_follows_until_all_is_through(run, edition, editor, mailroom, monkeypatch):
    actions.send(edition, by=editor)
    monkeypatch.setattr(sending.time, "sleep", lambda _s: mailroom.deliver())
    first, last = run("status", edition, "--follow", "--json")
    assert (first["progress"]["sent"], last["progress"]["sent"]) == (0, 3)
    assert last["state"] == EditionState.SENT


def test_status_ends_otherwise_where_not_all_arrived(run, came):
    sent = came((State.FAILED, "554 no"), (State.UNCERTAIN, "lost"), (State.SENT, "250 ok"))
    with pytest.raises(CommandError) as refused:
        run("status", sent, "--follow")
    assert refused.value.returncode == sending.NOT_ALL_ARRIVED


def test_a_draft_is_not_followed_for_ever(run, edition):
    (only,) = run("status", edition, "--follow", "--json")
    assert only["progress"] is None
