"""A correction is filed of words readers really had, and fits what they have now."""

import pytest

from depeche.articles import actions, correcting
from depeche.articles.models import Article, Correction

pytestmark = pytest.mark.django_db

WRONG = "<p>La passerelle mesure 80 mètres, selon la mairie.</p>"
RIGHT = "<p>La passerelle mesure 60 mètres, selon la mairie.</p>"


@pytest.fixture
def corrected(write, editor):
    """An article whose length of a bridge was wrong, then mended."""
    article = write(body=[("paragraph", WRONG)])
    return republish(article, editor, RIGHT)


def republish(article, by, words: str):
    article = Article.objects.get(pk=article.pk)
    article.body = [("paragraph", words)]
    article.save_revision(user=by)
    return actions.publish(article, by=by)


def file(article, by, **changed):
    values = {
        "kind": "correction",
        "was": "80 mètres",
        "now": "60 mètres",
        "reason": "La longueur de la passerelle était fausse.",
        **changed,
    }
    return correcting.file_correction(article, by=by, **values)


def test_each_content_readers_had_is_a_version_and_the_same_again_is_none(corrected, editor):
    assert [version.number for version in corrected.versions.all()] == [1, 2]
    republish(corrected, editor, RIGHT)
    assert corrected.versions.count() == 2


def test_it_names_the_versions_that_were_wrong_and_the_one_that_is_right(corrected, editor):
    correction = file(corrected, editor)
    assert [version.number for version in correction.wrong_versions.all()] == [1]
    assert correction.corrected_in.number == 2


def test_the_words_are_found_whatever_their_typography(write, editor):
    article = write(body=[("paragraph", "<p>« C’est fini », dit Jeanne Morel, de la mairie.</p>")])
    article = republish(article, editor, "<p>« Ce n’est pas fini », dit Jeanne Morel, de la mairie.</p>")
    assert file(article, editor, was="C'est fini", now='"Ce n\'est pas fini"')


def test_before_the_article_is_mended_nothing_is_filed(write, editor):
    article = write(body=[("paragraph", WRONG)])
    with pytest.raises(correcting.NotCorrected, match="publiez"):
        file(article, editor)
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"was": "70 mètres"},
        {"now": "61 mètres"},
        {"was": "", "now": ""},
        {"reason": " "},
        {"was": "selon la mairie"},
    ],
    ids=["never said", "not said now", "no words", "no reason", "still said"],
)
def test_what_does_not_fit_is_refused(corrected, editor, changed):
    with pytest.raises(correcting.NotCorrected):
        file(corrected, editor, **changed)


def test_words_that_were_missing_make_all_earlier_versions_wrong(corrected, editor):
    correction = file(corrected, editor, was="", now="60 mètres")
    assert [version.number for version in correction.wrong_versions.all()] == [1]


def test_only_publishers_file(corrected, django_user_model):
    stranger = django_user_model.objects.create_user("stagiaire", "s@depeche.test", "un long mot de passe")
    with pytest.raises(actions.NotAllowed):
        file(corrected, stranger)


def test_the_audience_is_counted_by_those_who_send(corrected, editor):
    correcting.register_audience(lambda revisions: len(revisions) * 10)
    try:
        assert correcting.audience(list(corrected.versions.all())[:1]) == 10
        assert correcting.audience([]) == 0
    finally:
        correcting._audiences.pop()
