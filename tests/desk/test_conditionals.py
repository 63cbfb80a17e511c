"""Conditionals found by their forms."""

import pytest

from depeche.desk.conditional.forms import conditional_groups, conditional_lemma, participle_lemma
from depeche.desk.parsing import parse
from depeche.desk.passage import Passage

pytestmark = pytest.mark.any_database


def passage_of(text: str) -> Passage:
    return next(parse([(text, "paragraph")], "fr"))


@pytest.mark.parametrize(
    ("form", "infinitive"),
    [
        ("fermerait", "fermer"),
        ("vendraient", "vendre"),
        ("finirions", "finir"),
        ("serait", "être"),
        ("enverraient", "envoyer"),
        ("préviendriez", "prévenir"),
        ("accueillerait", "accueillir"),
        ("achèterait", "acheter"),
        ("jetteraient", "jeter"),
        ("paierait", "payer"),
        ("payerait", "payer"),
        ("cèderait", "céder"),
        ("céderait", "céder"),
        ("télétravaillerait", "télétravailler"),
    ],
)
def test_a_conditional_is_known_by_its_form(form, infinitive):
    assert conditional_lemma(form) == infinitive


@pytest.mark.parametrize(
    "form",
    [
        "attirait",
        "montrait",
        "entrait",
        "préparait",
        "tirait",
        "courait",
        "mourait",
        "errait",
        "admirait",
        "marais",
        "portrait",
        "souhait",
        "retrait",
        "varions",
        "offraient",
        "couvrait",
        "désirait",
        "vrai",
    ],
)
def test_what_only_ends_like_a_conditional_is_none(form):
    assert conditional_lemma(form) == ""


def test_a_noun_that_looks_like_a_first_person_needs_a_pronoun():
    assert not conditional_groups(passage_of("Les minerais du plateau partent par le train."))
    assert conditional_groups(passage_of("Je minerais le plateau si je le pouvais."))


@pytest.mark.parametrize(
    ("participle", "infinitive"),
    [
        ("revendues", "revendre"),
        ("compris", "comprendre"),
        ("dû", "devoir"),
        ("peinte", "peindre"),
        ("société", ""),
        ("inédit", ""),
    ],
)
def test_a_participle_is_known_by_its_form(participle, infinitive):
    assert participle_lemma(participle) == infinitive


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Le coffre n'aurait jamais été ouvert.", "n'aurait jamais été ouvert"),
        ("Le club aurait, en deux ans, perdu la moitié de ses membres.", "aurait, en deux ans, perdu"),
        ("Pourquoi les élèves seraient-ils punis ?", "seraient-ils punis"),
        ("La gardienne s’en serait souvenue.", "s’en serait souvenue"),
        ("La bête serait encore vivante.", "serait"),
        ("Le garage pourrait fermer.", "pourrait"),
        ("Le gendre serait un ancien employé.", "serait"),
        ("LE MAIRE AURAIT DÉMISSIONNÉ", "AURAIT DÉMISSIONNÉ"),
    ],
)
def test_the_span_is_the_verb_group(text, words):
    passage = passage_of(text)
    spans = [passage.span(group.first, group.last) for group in conditional_groups(passage)]
    assert words in [text[slice(*span)] for span in spans]
