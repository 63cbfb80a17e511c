"""Entering subscribers from a file: with proof only, line by line, and never who said no."""

import csv
import datetime as dt
import io
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from depeche.delivery import suppression
from depeche.delivery.models import Reason
from depeche.subscribers import csv_lines, import_words, importing, privacy, recording
from depeche.subscribers.consent import ConsentDetail, ConsentEntry
from depeche.subscribers.csv_lines import FileRefused
from depeche.subscribers.models import ImportRun, Subscriber, Subscription

pytestmark = pytest.mark.django_db

HEADER = ["address", "language", "basis", "agreed_at", "source", "proof"]
SOLD = [*HEADER, "sale_reference", "opt_out_shown", "own_product"]


def line(address="lea@exemple.test", **cells):
    told = {
        "address": address,
        "language": "",
        "basis": "consent",
        "agreed_at": "2024-05-02",
        "source": "Salon du livre de Sermont",
        "proof": "Bulletin papier 12, « J’accepte de recevoir la lettre »",
        "sale_reference": "Commande 1207",
        "opt_out_shown": "oui",
        "own_product": "1",
    }
    return {**told, **cells}


def content(*lines, header=HEADER, delimiter=","):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, delimiter=delimiter, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


def many(count, start=0):
    return [line(f"lecteur{number}@exemple.test") for number in range(start, start + count)]


@pytest.fixture
def file(tmp_path):
    def _file(text, encoding="utf-8"):
        path = tmp_path / "liste.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return _file


@pytest.fixture
def enter(file, newsletter, editor):
    def _enter(*lines, to=None, header=HEADER):
        path = file(content(*lines, header=header))
        run = importing.start(path, newsletter=to or newsletter, by=editor)
        assert importing.go_on(run, path, by="morel")
        return run

    return _enter


def codes(run):
    return [(error["line"], error["column"], error["error"]) for error in run.errors]


def refusal(path, newsletter):
    with pytest.raises(FileRefused) as caught:
        importing.try_out(path, newsletter=newsletter)
    return caught.value


def test_a_line_becomes_a_reader_with_proof(enter, newsletter):
    run = enter(line("Lea@Exemple.test"))
    one = Subscription.objects.get()
    assert (one.state, one.basis, one.subscriber.language) == ("confirmed", "consent", "fr")
    assert one.confirmed_at.date() == dt.date(2024, 5, 1)  # midnight in Paris
    entry = ConsentEntry.objects.get()
    assert (entry.action, entry.purpose) == ("import", newsletter.purpose)
    facts = entry.as_facts
    assert (facts["actor"], facts["basis"], facts["line"]) == ("staff", "consent", 2)
    assert facts["file_sha256"] == run.sha256
    assert facts["agreed_at"].startswith("2024-05-01T22:00")
    details = {detail.kind: detail.value for detail in entry.details.all()}
    assert details["actor"] == "morel"
    assert "Bulletin papier 12" in json.loads(details["provenance"])["proof"]
    assert (run.entered, run.known, run.refused) == (1, 0, 0)
    assert run.finished_at


def test_the_chain_does_not_hold_where_it_came_from(enter):
    enter(line(source="Carnet de Mme Sarrazin"))
    privacy.erase("lea@exemple.test")
    left = [
        *ConsentEntry.objects.values_list("facts", flat=True),
        *ConsentDetail.objects.values_list("value", flat=True),
    ]
    assert not any("Sarrazin" in value or "lea@" in value for value in left)


@pytest.mark.parametrize("missing", ["source", "proof"])
def test_a_file_without_proof_is_refused_as_a_whole(file, newsletter, missing):
    path = file(content(line(), header=[name for name in HEADER if name != missing]))
    error = refusal(path, newsletter)
    assert (error.code, error.facts["columns"]) == ("no_proof", missing)
    with translation.override("en"):
        said = import_words.sentence({"line": 1, "error": error.code, **error.facts})
    assert "article 7(1)" in said
    assert "Invite" in said
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"address": ""}, "address", "no_address"),
        ({"address": "lea"}, "address", "no_such_form"),
        ({"address": "lea@exemple.test\nBcc: tous@exemple.test"}, "address", "address_lines"),
        ({"address": "lea@exemple.test\r\nBcc: tous@exemple.test"}, "address", "address_lines"),
        ({"address": "<b>lea@exemple.test</b>"}, "address", "no_such_form"),
        ({"address": "lea\u202e@exemple.test"}, "address", "address_lines"),
        ({"address": "l" * 400 + "@exemple.test"}, "address", "address_too_long"),
        ({"address": "lea\0@exemple.test"}, "address", "nul"),
        ({"language": "tlh"}, "language", "unknown_language"),
        ({"basis": ""}, "basis", "unknown_basis"),
        ({"basis": "intérêt légitime"}, "basis", "unknown_basis"),
        ({"agreed_at": ""}, "agreed_at", "no_moment"),
        ({"agreed_at": "02/05/2024"}, "agreed_at", "no_date"),
        ({"agreed_at": "0001-01-01T00:00+23:00"}, "agreed_at", "no_date"),
        ({"agreed_at": "1970-01-01"}, "agreed_at", "too_long_ago"),
        ({"agreed_at": "2999-01-01"}, "agreed_at", "in_the_future"),
        ({"source": " "}, "source", "nothing_told"),
        ({"proof": ""}, "proof", "nothing_told"),
        ({"proof": "x" * 5000}, "proof", "too_much_told"),
        ({"source": "a\x1b[31m"}, "source", "control_signs"),
    ],
)
def test_a_wrong_line_is_refused_and_the_others_are_entered(enter, cells, column, code):
    run = enter(line("avant@exemple.test"), line(**cells), line("apres@exemple.test"))
    assert [(one[1], one[2]) for one in codes(run)] == [(column, code)]
    assert codes(run)[0][0] == 3
    assert set(Subscriber.objects.values_list("address", flat=True)) == {
        "avant@exemple.test",
        "apres@exemple.test",
    }
    with translation.override("en"):
        assert import_words.sentence(run.errors[0]).startswith("Line 3, ")


def test_every_reason_has_words_that_can_be_said():
    facts = {
        "line": 3,
        "column": "proof",
        "byte": 1,
        "encoding": "UTF-8",
        "columns": "",
        "most": 1,
        "languages": "",
    }
    for code in (*import_words.OF_THE_FILE, *import_words.OF_A_LINE):
        assert "%(" not in import_words.sentence({**facts, "error": code})


def test_a_reader_who_is_subscribed_stays_as_they_are(enter, subscribe):
    before = Subscription.objects.filter(pk=subscribe().pk).values().get()
    run = enter(line("LEA@exemple.test"), line("paul@exemple.test"), line("Paul@exemple.test"))
    assert (run.entered, run.known, run.refused) == (1, 2, 0)
    assert Subscription.objects.filter(pk=before["id"]).values().get() == before
    assert ConsentEntry.objects.count() == 1


def test_who_asked_and_never_confirmed_is_entered_with_the_proof(enter, subscribe):
    asked = subscribe(state="pending")
    assert enter(line()).entered == 1
    asked.refresh_from_db()
    assert asked.is_confirmed
    assert Subscription.objects.count() == 1


def test_who_left_does_not_come_back_by_a_file(enter, subscribe):
    left = subscribe(state="withdrawn")
    assert codes(enter(line())) == [(2, "address", "left")]
    left.refresh_from_db()
    assert left.state == "withdrawn"


@pytest.mark.parametrize("reason", list(Reason))
def test_who_may_not_be_written_to_is_not_entered(enter, newsletter, reason):
    suppression.suppress("lea@exemple.test", reason, scope=newsletter.purpose)
    run = enter(line("Lea@exemple.test"), line("paul@exemple.test"))
    assert codes(run) == [(2, "address", f"suppressed_{reason}")]
    assert Subscriber.objects.get().address == "paul@exemple.test"


def test_who_left_another_newsletter_may_get_this_one(enter):
    suppression.suppress("lea@exemple.test", Reason.UNSUBSCRIBED, scope="newsletter:another")
    assert enter(line()).entered == 1


def test_who_was_erased_is_not_entered_again(enter):
    enter(line())
    privacy.erase("lea@exemple.test")
    suppression.suppress("lea@exemple.test", Reason.ERASED)
    assert enter(line()).entered == 0
    assert not Subscriber.objects.exists()


def test_a_soft_opt_in_needs_each_of_its_conditions(enter):
    sold = {"basis": "soft_opt_in"}
    run = enter(
        line("a@exemple.test", **sold),
        line("b@exemple.test", **sold, sale_reference=""),
        line("c@exemple.test", **sold, opt_out_shown="non"),
        line("d@exemple.test", **sold, own_product=""),
        line("e@exemple.test", **sold, own_product="peut-être"),
        header=SOLD,
    )
    one = Subscription.objects.get()
    assert (one.basis, one.sale_reference, one.was_shown_opt_out, one.is_own_product) == (
        "soft_opt_in",
        "Commande 1207",
        True,
        True,
    )
    assert [code for _line, _column, code in codes(run)] == [
        "no_sale",
        "no_opt_out",
        "not_ours",
        "neither_yes_nor_no",
    ]


def test_a_soft_opt_in_without_its_columns_is_refused(enter):
    assert codes(enter(line(basis="soft_opt_in"))) == [(2, "sale_reference", "no_sale")]


@pytest.mark.parametrize(
    "lacking", [{"sale_reference": ""}, {"was_shown_opt_out": False}, {"is_own_product": False}]
)
def test_the_database_keeps_the_conditions_of_a_soft_opt_in(subscribe, lacking):
    one = Subscription.objects.filter(pk=subscribe().pk)
    met = {
        "basis": "soft_opt_in",
        "sale_reference": "1207",
        "was_shown_opt_out": True,
        "is_own_product": True,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        one.update(**met | lacking)
    one.update(**met)
    assert one.get().basis == "soft_opt_in"


def test_what_sponsors_say_goes_only_to_those_who_consented(enter, newsletter):
    newsletter.is_third_party = True
    newsletter.save()
    run = enter(
        line("a@exemple.test"),
        line("b@exemple.test", basis="soft_opt_in"),
        line("c@exemple.test", basis="service"),
        header=SOLD,
    )
    assert run.entered == 1
    assert [code for _line, _column, code in codes(run)] == ["third_party"] * 2


def test_a_trial_says_the_same_and_writes_nothing(file, newsletter, editor, subscribe):
    subscribe("abonne@exemple.test")
    subscribe("parti@exemple.test", state="withdrawn")
    lines = [line("abonne@exemple.test"), line("parti@exemple.test"), line("x"), *many(700), *many(5)]
    path = file(content(*lines))
    counts = [model.objects.count() for model in (Subscriber, Subscription, ConsentEntry, ImportRun)]
    trial = importing.try_out(path, newsletter=newsletter)
    assert counts == [model.objects.count() for model in (Subscriber, Subscription, ConsentEntry, ImportRun)]
    run = importing.start(path, newsletter=newsletter, by=editor)
    importing.go_on(run, path, by="morel")
    for name in ("entered", "known", "refused", "errors", "lines_done", "bytes_done"):
        assert getattr(trial, name) == getattr(run, name), name
    assert (run.entered, run.known, run.refused) == (700, 6, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_an_import_that_was_killed_goes_on_after_the_last_batch(
    file, newsletter, editor, monkeypatch, encoding
):
    lines = [line(f"lecteur{number}@exemple.test", source="Fête d’été\nà Sermont") for number in range(1700)]
    path = file(content(*lines), encoding)
    record_all, calls = recording.record_all, []

    def failing(happenings):
        calls.append(len(happenings))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return record_all(happenings)

    monkeypatch.setattr(recording, "record_all", failing)
    run = importing.start(path, newsletter=newsletter, by=editor)
    with pytest.raises(KeyboardInterrupt):
        importing.go_on(run, path, by="morel")
    assert (
        ImportRun.objects.get().entered
        == Subscription.objects.count()
        == ConsentEntry.objects.count()
        == 1000
    )
    again = importing.start(path, newsletter=newsletter, by=editor)
    assert again.pk == run.pk
    assert importing.go_on(again, path, by="morel")
    assert calls == [500, 500, 500, 500, 200]
    again.refresh_from_db()
    assert (again.entered, again.known, again.refused) == (1700, 0, 0)
    assert Subscription.objects.count() == ConsentEntry.objects.count() == 1700
    assert [entry.as_facts["line"] for entry in ConsentEntry.objects.all()] == list(range(2, 3402, 2))


def test_two_at_once_do_not_enter_a_batch_twice(file, newsletter, editor):
    path = file(content(*many(600)))
    run = importing.start(path, newsletter=newsletter, by=editor)
    other = ImportRun.objects.get(pk=run.pk)
    assert not importing.go_on(run, path, by="morel", batches=1)
    with pytest.raises(importing.AnotherIsAtIt):
        importing.go_on(other, path, by="morel")
    assert ConsentEntry.objects.count() == 500
    assert importing.go_on(run, path, by="morel")
    assert ConsentEntry.objects.count() == 600


def test_a_file_that_changed_is_not_gone_on_with(file, newsletter, editor):
    path = file(content(*many(2)))
    run = importing.start(path, newsletter=newsletter, by=editor)
    file(content(*many(3)))
    with pytest.raises(FileRefused) as caught:
        importing.go_on(run, path, by="morel")
    assert caught.value.code == "changed_meanwhile"
    assert not Subscriber.objects.exists()


def test_each_batch_asks_the_database_as_often(file, newsletter, editor):
    def queries(count, start):
        path = file(content(*many(count, start)))
        run = importing.start(path, newsletter=newsletter, by=editor)
        with CaptureQueriesContext(connection) as caught:
            importing.go_on(run, path, by="morel", batches=1)
        # An INSERT takes as many rows as the database takes parameters; all else is asked once.
        return sum(not one["sql"].startswith("INSERT") for one in caught)

    assert queries(500, 0) == queries(500, 500) < 30
    assert queries(5, 1000) < 30


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_files_are_read_as_they_come(file, newsletter, delimiter, encoding):
    names = {
        "address": "Adresse e-mail",
        "basis": "Base légale",
        "agreed_at": "Accord le",
        "source": "Provenance",
        "proof": "Preuve",
    }
    cells = line(source="Fête de l’été, à Sermont ; oui")
    row = {names[name]: cells[name] for name in names}
    path = file(content(row, header=list(names.values()), delimiter=delimiter), encoding)
    run = importing.try_out(path, newsletter=newsletter)
    assert (run.entered, run.refused) == (1, 0), run.errors


def test_a_broken_byte_is_named(file, newsletter):
    good = content(line(source="Fête de l’été"), line("paul@exemple.test")).encode()
    error = refusal(file(good + b"x\xff"), newsletter)
    assert (error.code, error.line, error.facts["byte"]) == ("wrong_encoding", 4, len(good) + 2)
    assert error.facts["encoding"] == "UTF-8"


@pytest.mark.parametrize(
    ("bytes_", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n", "empty_file"),
        (b"PK\x03\x04" + bytes(range(256)) * 9, "spreadsheet"),
        (bytes(range(256)) * 40, "wrong_encoding"),
        (b"\xff\xfea\0b", "wrong_encoding"),
        (b"\0" * 5000, "empty_file"),
        (b"lea@exemple.test\npaul@exemple.test\n", "no_header"),
        (b"<html><body>address</body></html>", "no_header"),
        (b"address,basis,agreed_at,source,proof\n", "nothing_but_a_header"),
        (b"address,basis,agreed_at,source,proof\n\n,,,,\n", "nothing_but_a_header"),
        (b"address,email,basis,agreed_at,source,proof\na,b,c,d,e,f\n", "column_twice"),
        (b"address,source,proof\na,b,c\n", "column_missing"),
        (b'"' * 10_000_000, "no_header"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(file, newsletter, bytes_, code):
    error = refusal(file(bytes_), newsletter)
    assert error.code == code
    assert import_words.sentence({"line": error.line, "error": error.code, **error.facts})


def test_a_line_of_ten_megabytes_costs_itself_alone(file, newsletter):
    text = content(line("avant@exemple.test")) + "x" * 10_000_000 + "\n"
    path = file(text + content(line("apres@exemple.test")).partition("\n")[2])
    run = importing.try_out(path, newsletter=newsletter)
    assert run.entered == 2
    assert codes(run) == [(3, "", "line_too_long")]
    assert run.bytes_done == run.size_bytes


def test_a_quote_that_is_never_closed_costs_its_line_alone(file, newsletter):
    path = file(
        content(line("a@exemple.test")) + '"b@exemple.test,oops\n' + content(*many(100)).partition("\n")[2]
    )
    run = importing.try_out(path, newsletter=newsletter)
    assert run.entered == 101
    assert codes(run) == [(3, "", "bad_quotes")]


def test_records_can_be_read_on_from_the_byte_after_any(file):
    lines = [*many(30), line("x@exemple.test", proof="deux\nlignes"), *many(30, 30)]
    source = csv_lines.look(file(content(*lines)))
    every = list(csv_lines.records(source, ","))
    for number, record in enumerate(every):
        rest = list(csv_lines.records(source, ",", start=record.end, line=record.last_line))
        assert rest == every[number + 1 :]


def test_html_is_kept_as_text(enter):
    enter(line(proof="<script>alert(1)</script>"))
    assert "<script>" in ConsentDetail.objects.get(kind="provenance").value


def test_a_reader_of_another_newsletter_is_refused(enter):
    run = enter(line(newsletter="autre"), header=[*HEADER, "newsletter"])
    assert codes(run) == [(2, "newsletter", "other_newsletter")]


def test_who_may_not_import_does_not(file, newsletter, django_user_model):
    someone = django_user_model.objects.create_user("petit")
    with pytest.raises(importing.NotAllowed):
        importing.start(file(content(line())), newsletter=newsletter, by=someone)


def command(*arguments):
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("subscribers", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as error:
        code = error.code
    return code, out.getvalue(), err.getvalue()


def test_the_command_tries_out_and_enters(file, newsletter, editor):
    path = file(content(line(), line("x")))
    asked = ["import", path, "--newsletter", newsletter.slug, "--by", "morel"]
    code, out, _err = command(*asked, "--dry-run", "--json")
    assert code == 1
    report = json.loads(out)
    assert (report["dry_run"], report["entered"], report["refused"]) == (True, 1, 1)
    assert not Subscriber.objects.exists()
    code, out, err = command(*asked)
    assert code == 1
    assert "3" in out
    assert re.search(r"\b3\b.* 0 s", err)
    assert Subscriber.objects.count() == 1


def test_the_command_says_why_it_refuses(file, newsletter, editor):
    path = file(content(line(), header=HEADER[:-1]))
    with translation.override("en"), pytest.raises(CommandError, match=r"7\(1\)"):
        call_command("subscribers", "import", str(path), newsletter=newsletter.slug, by="morel")
    with pytest.raises(CommandError):
        call_command("subscribers", "import", "/nowhere.csv", newsletter=newsletter.slug, by="morel")
    with pytest.raises(CommandError):
        call_command("subscribers", "import", str(path), newsletter=newsletter.slug, by="nobody")
    assert not ImportRun.objects.exists()


def test_last_contact_is_when_they_agreed(enter):
    enter(line(agreed_at="2025-01-31T10:00:00+01:00"))
    assert Subscriber.objects.get().last_contact_at == dt.datetime(2025, 1, 31, 9, tzinfo=dt.UTC)
    assert Subscriber.objects.get().created_at <= timezone.now()
