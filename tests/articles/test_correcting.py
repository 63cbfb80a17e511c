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


def test_the_audience_is_told_by_those_who_send(corrected, monkeypatch):
    class Post:
        def audience(self, article, is_wrong):
            return correcting.Audience(
                sum(10 for version in article.versions.all() if is_wrong(version.revision))
            )

    monkeypatch.setattr(correcting, "_messengers", [])
    correcting.register_messenger(Post())
    assert correcting.audience(corrected, correcting.Mistake("80 mètres", "60 mètres")).readers == 10
    assert correcting.audience(corrected, correcting.Mistake("70 mètres", "60 mètres")).readers == 0


def test_it_is_filed_once(corrected, editor):
    file(corrected, editor)
    with pytest.raises(correcting.NotCorrected, match="déjà"):
        file(corrected, editor)
    article = republish(corrected, editor, RIGHT.replace("La mairie", "Elle") + "<p>Une ligne de plus.</p>")
    with pytest.raises(correcting.NotCorrected, match="déjà"):
        file(article, editor)
    assert Correction.objects.count() == 1


def test_a_mistake_that_came_back_is_corrected_again(corrected, editor):
    file(corrected, editor)
    article = republish(republish(corrected, editor, WRONG), editor, RIGHT)
    assert [version.number for version in file(article, editor).wrong_versions.all()] == [1, 3]


@pytest.mark.parametrize(
    ("was", "now", "right"),
    [("80", "80 mètres", "80 mètres"), ("", "80 mètres", "80 mètres")],
    ids=["part of the right words", "missing"],
)
def test_a_version_that_was_right_once_is_not_called_wrong(write, editor, was, now, right):
    article = write(body=[("paragraph", "<p>Elle mesure 80 mètres, dit la mairie.</p>")])
    article = republish(article, editor, "<p>Elle mesure 80 pas, dit la mairie.</p>")
    article = republish(article, editor, f"<p>Elle mesure {right}, selon la mairie.</p>")
    correction = file(article, editor, was=was, now=now)
    assert [version.number for version in correction.wrong_versions.all()] == [2]


def test_whole_words_count(write, editor):
    article = write(body=[("paragraph", "<p>Elle mesure 60 mètres.</p>")])
    article = republish(article, editor, "<p>Elle mesure 160 mètres.</p>")
    assert file(article, editor, was="60 mètres", now="160 mètres")


@pytest.mark.parametrize("field", ["standfirst", "dateline"])
def test_what_stands_beside_the_text_is_corrected_too(write, editor, field):
    article = write(**{field: "Sermont-le-Haut"})
    setattr(article, field, "Sermont-le-Bas")
    article.save_revision(user=editor)
    article = actions.publish(article, by=editor)
    assert file(article, editor, was="Sermont-le-Haut", now="Sermont-le-Bas")


def test_who_is_quoted_and_what_a_table_says_is_corrected_too(write, editor):
    article = write(body=[("quotation", {"text": "C’est non.", "speaker": "Yann Morel", "role": "élu"})])
    article.body = [("quotation", {"text": "C’est non.", "speaker": "Jeanne Morel", "role": "élue"})]
    article.save_revision(user=editor)
    article = actions.publish(article, by=editor)
    assert file(article, editor, was="Yann Morel", now="Jeanne Morel")


def test_signs_that_turn_what_follows_are_dropped(corrected, editor):
    correction = file(corrected, editor, reason="La \u202elongueur\u2066 était\nfausse.\x07")
    assert correction.reason == "La longueur était fausse."
