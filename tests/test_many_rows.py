"""Rows by the thousand: what the database holds afterwards is what was given, on SQLite and PostgreSQL."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from depeche import rows
from depeche.subscribers.consent import ConsentDetail, ConsentEntry, ConsentPerson

pytestmark = pytest.mark.django_db(transaction=True)

# What COPY and CSV trip over: its own marks, line ends, nothing, and signs beyond ASCII.
WORDS = ["", "\\N", "\\.", "a\tb", "c\nd\r\ne", "« é » 🗞", "\\x41", '"', "x" * 70_000]


def entry(number):
    return ConsentEntry(
        number=number, action="import", at=timezone.now(), key=1, previous="0" * 64, digest=f"{number:064}"
    )


def test_what_is_inserted_is_what_was_given():
    now = timezone.now()
    entries = [entry(number) for number in range(1, len(WORDS) + 1)]
    entries[0].person = uuid.uuid4()
    details = [
        ConsentDetail(entry=one, kind="provenance", value=words, salt="s", purge_at=now if words else None)
        for one, words in zip(entries, WORDS, strict=True)
    ]
    rows.insert(entries)
    rows.insert(details)
    assert list(ConsentEntry.objects.values()) == [
        {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields} for one in entries
    ]
    assert list(ConsentDetail.objects.order_by("entry").values_list("entry", "value", "purge_at")) == [
        (one.entry_id, one.value, one.purge_at) for one in details
    ]


def test_one_row_that_may_not_be_keeps_all_out():
    rows.insert([ConsentPerson(address_hash="1:a")])
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert([ConsentPerson(address_hash="1:b"), ConsentPerson(address_hash="1:a")])
    assert ConsentPerson.objects.count() == 1
