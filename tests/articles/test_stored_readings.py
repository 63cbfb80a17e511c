"""Readings follow what is saved and published, and stay small."""

import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import Revision

from depeche.articles import actions, answers, gatekeeping, stored_readings
from depeche.articles.manuscript import manuscript_of
from depeche.articles.models import Clearance, Dismissal, Evidence, Ruling, StoredReading

pytestmark = pytest.mark.django_db

SENTENCES = (
    "{who} a annoncé mardi la fermeture du pont de {where}.",
    "« Nous n’avons plus le choix après {n} réunions », a déclaré {who} devant les élus de {where}.",
    "Selon la préfecture de {where}, {n} véhicules l’empruntent chaque jour.",
    "Les commerçants de la rue {where} redoutent une baisse de {n} % de leurs ventes.",
    "Le chantier, estimé à {n} millions d’euros, devrait durer {n} mois.",
    "L’association des riverains de {where} conteste ce calendrier, jugé irréaliste par {who}.",
)
PEOPLE = ("Paul Verrier", "Anne Roche", "Yann Guillou", "Odile Sarrazin", "Louis Tessier", "Marie Cassin")
PLACES = ("Sermont", "Beaucrest", "Vauclair", "Ormelle", "Tréville", "Lancieux", "Montfaucon")


def body(edited: str = "Il pleut.") -> list[tuple[str, str]]:
    """Some 600 words in eight paragraphs, no two sentences alike; the fifth begins with `edited`."""
    texts = []
    for number in range(8):
        words = [
            sentence.format(
                who=PEOPLE[(number + place) % len(PEOPLE)],
                where=PLACES[(number * 2 + place) % len(PLACES)],
                n=17 + 13 * number + place,
            )
            for place, sentence in enumerate(SENTENCES)
        ]
        texts.append(" ".join([edited, *words] if number == 4 else words))
    return [("paragraph", f"<p>{text}</p>") for text in texts]


@pytest.fixture
def draft(write):
    return write("Le pont de Sermont fermera mardi", published=False, body=body())


def digests(article) -> set[str]:
    return set(StoredReading.objects.filter(article=article).values_list("manuscript_sha256", flat=True))


def size_bytes(rows) -> int:
    """What rows hold, every column counted, packed or not."""
    return sum(
        len(value) if isinstance(value, bytes) else len(str(value).encode())
        for row in rows.values_list()
        for value in row
    )


def test_a_saved_draft_is_read_in_the_background(draft, editor, work):
    draft.body = body("Il a neigé.")
    work(draft.save_revision, user=editor)
    assert digests(draft) == {manuscript_of(draft).sha256}
    assert StoredReading.objects.get().reading.claims


def test_a_revision_overwritten_meanwhile_is_read_as_it_stands(draft, editor, work):
    def save_twice():
        draft.body = body("Il a neigé.")
        revision = draft.save_revision(user=editor)
        draft.body = body("Il a grêlé.")
        draft.save_revision(user=editor, overwrite_revision=revision)

    work(save_twice)
    assert digests(draft) == {manuscript_of(draft).sha256}


def test_a_revision_that_a_newer_one_replaced_is_not_read(draft, editor):
    older = draft.save_revision(user=editor)
    draft.body = body("Il a neigé.")
    draft.save_revision(user=editor)
    assert stored_readings.read_saved(older.pk) is None
    assert stored_readings.read_saved(older.pk + 1000) is None


def test_what_readers_had_stays_and_other_drafts_go(draft, editor, work):
    had = []
    for words in ("Il a neigé.", "Il a grêlé."):
        draft.body = body(words)
        work(draft.save_revision, user=editor)
        had.append(manuscript_of(draft).sha256)
        draft = work(actions.publish, draft, by=editor)
    for words in ("Il vente.", "Il gèle.", "Il tonne."):
        draft.body = body(words)
        work(draft.save_revision, user=editor)
    assert digests(draft) == {*had, manuscript_of(draft).sha256}
    published = StoredReading.objects.filter(is_published=True)
    assert set(published.values_list("manuscript_sha256", flat=True)) == set(had)


def test_a_published_reading_that_was_lost_is_made_again(draft, editor, work):
    actions.publish(draft, by=editor)
    StoredReading.objects.all().delete()
    assert stored_readings.sweep() == 1
    assert StoredReading.objects.get().is_published


def test_the_sweep_reads_what_no_task_did(draft, editor):
    saved = draft.save_revision(user=editor)
    assert stored_readings.sweep(saved.created_at + dt.timedelta(seconds=30)) == 0
    assert stored_readings.sweep(saved.created_at + dt.timedelta(minutes=2)) == 1
    assert stored_readings.sweep(saved.created_at + dt.timedelta(minutes=7)) == 0
    assert digests(draft) == {manuscript_of(draft).sha256}


def test_one_sweep_reads_so_many_and_no_more(write, monkeypatch):
    monkeypatch.setattr(stored_readings, "AT_MOST", 2)
    for number in range(3):
        write(f"Le pont de Sermont fermera, {number}", published=False)
    later = timezone.now() + dt.timedelta(minutes=2)
    assert [stored_readings.sweep(later) for _ in range(3)] == [2, 1, 0]


def test_a_draft_that_cannot_be_loaded_stops_no_other(draft, write):
    spoilt = write("Le mauvais", published=False).get_latest_revision()
    spoilt.content["bylines"] = ["no byline"]
    Revision.objects.filter(pk=spoilt.pk).update(content=spoilt.content)
    assert stored_readings.sweep(timezone.now() + dt.timedelta(minutes=2)) == 1


def test_without_an_answer_of_the_desk_the_draft_is_safe_and_read_later(draft, editor, monkeypatch, tmp_path):
    from depeche import environment

    monkeypatch.setattr(stored_readings._Rest, "until", 0.0)
    revision = draft.save_revision(user=editor)
    with monkeypatch.context() as without_a_desk:
        (tmp_path / "desk.socket").mkdir()  # nothing can listen there
        without_a_desk.setattr(environment, "DATA", tmp_path)
        assert stored_readings.read_saved(revision.pk) is None
        assert stored_readings.sweep(timezone.now() + dt.timedelta(minutes=2)) == 0
    assert stored_readings.read_saved(revision.pk) is None  # the desk is left alone for a minute
    assert stored_readings.sweep(timezone.now() + dt.timedelta(minutes=2)) == 1


def test_two_hundred_autosaves_cost_less_than_a_megabyte(draft, editor, work):
    """Saved as the editor does: most overwrite the revision of the session, some begin one."""
    assert 550 <= sum(len(zone.text.split()) for zone in manuscript_of(draft).zones) <= 650
    revision = None
    for number in range(200):
        draft.body = body(f"Il pleut depuis {number} jours, selon Météo-Sermont.")
        overwritten = None if number % 10 == 0 else revision
        revision = work(draft.save_revision, user=editor, overwrite_revision=overwritten)
        if number in (60, 120):
            actions.publish(draft, by=editor)
            draft.refresh_from_db()
        if number % 20 == 0:
            answer_something(draft, number, editor)
    readings = StoredReading.objects.filter(article=draft)
    assert (readings.count(), readings.filter(is_published=True).count()) == (3, 2)
    ledger = [model.objects.filter(article=draft) for model in (Dismissal, Ruling, Evidence, Clearance)]
    assert sum(rows.count() for rows in ledger) >= 20
    cost = size_bytes(readings) + sum(map(size_bytes, ledger))
    assert cost <= 1_000_000, cost


def answer_something(article, number, editor) -> None:
    claims = gatekeeping.reading_of(article).claims
    claim = claims[number % len(claims)]
    answers.rule(article, claim, verdict="source", source="la mairie de Sermont", by=editor)
    record = {"who": "Mairie de Sermont", "kind": "document", "title": "Délibération du conseil"}
    answers.add_evidence(article, claim, record=record, by=editor)
