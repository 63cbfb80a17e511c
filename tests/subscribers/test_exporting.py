"""Subscribers as a file: all that is known, nothing a spreadsheet calculates, and another Dépêche can read it."""

import csv
import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from depeche.delivery import suppression
from depeche.delivery.models import Reason, Suppression
from depeche.subscribers import exporting, importing
from depeche.subscribers.csv_columns import guarded, unguarded
from depeche.subscribers.models import Subscriber, Subscription

pytestmark = pytest.mark.django_db

ENTERED = """\
address,basis,agreed_at,source,proof,sale_reference,opt_out_shown,own_product
lea@exemple.test,consent,2024-05-02T10:00:00+02:00,"=HYPERLINK(""http://exemple.test"")","-Bulletin 12
« J’accepte »",,,
paul@exemple.test,soft_opt_in,2024-06-01,Boutique,Facture 9,Commande 9,yes,yes
"""


@pytest.fixture
def entered(tmp_path, newsletter, editor):
    path = tmp_path / "liste.csv"
    path.write_text(ENTERED, encoding="utf-8")
    run = importing.start(path, newsletter=newsletter, by=editor)
    importing.go_on(run, path, by="morel")
    assert run.entered == 2


def exported(newsletter):
    rows = exporting.rows(Subscription.objects.to(newsletter))
    return {row[0]: dict(zip(exporting.HEADER, row, strict=True)) for row in rows}


def test_a_row_tells_consent_and_state(entered, newsletter, subscribe):
    subscribe("parti@exemple.test", state="withdrawn")
    suppression.suppress("paul@exemple.test", Reason.COMPLAINT)
    found = exported(newsletter)
    assert found["paul@exemple.test"]["suppression"] == "complaint"
    assert found["paul@exemple.test"]["sale_reference"] == "Commande 9"
    assert found["parti@exemple.test"]["state"] == "withdrawn"
    assert found["parti@exemple.test"]["withdrawn_at"]
    assert found["lea@exemple.test"]["agreed_at"] == "2024-05-02T08:00:00+00:00"
    assert found["lea@exemple.test"]["proof"].startswith("'-Bulletin 12")


def test_no_cell_begins_with_what_a_spreadsheet_calculates(entered, newsletter):
    for row in exporting.rows(Subscription.objects.to(newsletter)):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@given(st.text(alphabet="'=+-@\t\ra1", max_size=6))
def test_an_import_takes_off_what_the_export_put_before(cell):
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(cell)) == cell


def test_consent_and_suppressions_survive_the_way_to_another_newsroom(
    entered, newsletter, editor, subscribe, tmp_path
):
    subscribe("parti@exemple.test", state="withdrawn")
    subscribe("attend@exemple.test", state="pending")
    subscribe("plainte@exemple.test")
    subscribe("objecte@exemple.test")
    suppression.suppress("plainte@exemple.test", Reason.COMPLAINT)
    suppression.suppress("objecte@exemple.test", Reason.OBJECTION)
    path = tmp_path / "export.csv"
    call_command("subscribers", "export", newsletter=newsletter.slug, to=path)
    before = exported(newsletter)

    Subscriber.objects.all().delete()  # the other newsroom knows nobody
    Suppression.objects.all().delete()
    run = importing.start(path, newsletter=newsletter, by=editor)
    assert importing.go_on(run, path, by="morel")
    assert (run.entered, run.refused) == (2, 4)
    after = exported(newsletter)
    assert set(after) == {"lea@exemple.test", "paul@exemple.test"}
    same = (
        "basis",
        "agreed_at",
        "source",
        "proof",
        "sale_reference",
        "opt_out_shown",
        "own_product",
        "state",
    )
    for address, row in after.items():
        assert [row[name] for name in same] == [before[address][name] for name in same]
    for address, reason in {
        "parti@exemple.test": "unsubscribed",
        "plainte@exemple.test": "complaint",
        "objecte@exemple.test": "objection",
    }.items():
        blocked = suppression.blocked([address], purpose="newsletter", scope=newsletter.purpose)
        assert blocked == {address: reason}

    again = importing.start(path, newsletter=newsletter, by=editor)
    importing.go_on(again, path, by="morel")
    assert (again.entered, again.known, again.refused) == (0, 2, 4)


def test_a_double_opt_in_is_exported_with_the_entry_that_proves_it(newsletter, subscribe):
    from depeche.subscribers import recording
    from depeche.subscribers.recording import Happening, Shown

    subscribe()
    shown = Shown("J’accepte.", "fr", "subscribe", "https://exemple.test/subscribe/")
    entry = recording.record(Happening("confirm", "lea@exemple.test", newsletter.purpose, shown))
    row = exported(newsletter)["lea@exemple.test"]
    assert row["source"] == "subscribe https://exemple.test/subscribe/"
    assert entry.digest in row["proof"]


def test_the_export_asks_by_the_chunk_and_not_by_the_row(newsletter, subscribe):
    for number in range(3):
        subscribe(f"a{number}@exemple.test")
    with CaptureQueriesContext(connection) as few:
        list(exporting.rows(Subscription.objects.all()))
    for number in range(60):
        subscribe(f"b{number}@exemple.test")
    with CaptureQueriesContext(connection) as more:
        assert len(list(exporting.rows(Subscription.objects.all()))) == 63
    assert len(more) == len(few)


def test_the_command_prints_a_file(entered, newsletter):
    out = io.StringIO()
    call_command("subscribers", "export", stdout=out)
    rows = list(csv.reader(io.StringIO(out.getvalue())))
    assert tuple(rows[0]) == exporting.HEADER
    assert len(rows) == 3
