"""What the ledger holds about people: shown to those who ask, and still answerable when an account goes."""

import pytest

from depeche.articles import answers, gatekeeping, privacy
from depeche.articles.gate import State
from depeche.articles.manuscript import manuscript_of
from depeche.articles.models import AnonymousSource, Dismissal, Evidence, Ruling

pytestmark = pytest.mark.django_db

BODY = [("paragraph", "<p>Le maire aurait exercé des pressions. Selon la préfecture, le pont fermera.</p>")]


@pytest.fixture
def second(django_user_model):
    return django_user_model.objects.create_superuser(
        "tessier", "tessier@depeche.test", "un long mot de passe"
    )


@pytest.fixture
def answered(write, editor, second):
    """A draft in which `editor` answered everything and `second` agreed."""
    draft = write("Le pont fermera", published=False, body=BODY)
    reading = gatekeeping.reading_of(draft)
    error = next(finding for finding in reading.findings if finding.severity == "error")
    answers.second(answers.dismiss(draft, error, reason="Deux témoins.", by=editor), by=second)
    answers.rule(draft, reading.claims[0], verdict="observed", by=editor)
    record = {"who": "Léa Morin", "kind": "person", "title": "Courriel de lea@exemple.test"}
    answers.add_evidence(draft, reading.claims[0], record=record, by=editor)
    source = answers.ask_for_anonymity(draft, words="un adjoint", reason="Il risque son poste.", by=editor)
    answers.approve_anonymity(source, by=second)
    return draft


def test_a_colleague_is_shown_what_they_answered(answered, editor, second):
    kinds = [row["kind"] for row in privacy.export_ledger("MOREL@depeche.test")["answers_to_the_desk"]]
    assert kinds == ["dismissal", "ruling", "evidence", "anonymous source"]
    kinds = [row["kind"] for row in privacy.export_ledger(second.email)["answers_to_the_desk"]]
    assert kinds == ["dismissal", "anonymous source"]


def test_a_person_whom_evidence_quotes_is_found_and_stays(answered):
    (found,) = privacy.export_ledger("lea@exemple.test")["evidence"]
    assert found["who"] == "Léa Morin"
    assert privacy.erase_ledger("lea@exemple.test") == 0
    assert Evidence.objects.get().who == "Léa Morin"


def test_a_deleted_account_leaves_its_answers_standing(answered, editor, second):
    second.delete()
    editor.delete()
    for model in (Dismissal, Ruling, Evidence, AnonymousSource):
        assert model.objects.standing().get().by is None
    assert Dismissal.objects.get().is_complete
    assert AnonymousSource.objects.get().approved_at
    answered.refresh_from_db()
    manuscript = manuscript_of(answered)
    examination = gatekeeping.examine(answered, manuscript, gatekeeping.reading_of(answered, manuscript))
    states = {stand.state for stand in examination.stands if stand.finding.severity == "error"}
    assert State.DISMISSED in states
