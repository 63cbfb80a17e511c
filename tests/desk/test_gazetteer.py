"""Which places a text names, and which country each lies in."""

from __future__ import annotations

import pytest

from depeche.desk.headline import gazetteer
from depeche.desk.headline.gazetteer import places
from depeche.desk.lexicon import load_rows
from depeche.desk.packs import PackError
from tests.desk.passages import passage

pytestmark = pytest.mark.any_database

MEMBERS = 193  # of the United Nations
BESIDE_THEM = {"EH", "PS", "TW", "VA", "XK"}


def found(text: str) -> list[tuple[str, str, str]]:
    read = passage(text)
    return [(read.text[slice(*read.span(p.first, p.last))], p.country, p.kind) for p in places(read, "fr")]


def test_every_member_of_the_united_nations_has_a_name():
    codes = {row["code"] for row in load_rows("fr", "gazetteer.json", ("code", "names"), ROW_KEYS)}
    assert len(codes - BESIDE_THEM - {""}) == MEMBERS
    assert codes >= BESIDE_THEM


def test_a_country_is_known_by_its_name_capital_people_and_government():
    assert found("Le Pérou") == [("Pérou", "PE", "country")]
    assert found("à Lima") == [("Lima", "PE", "capital")]
    assert found("une péruvienne") == [("péruvienne", "PE", "demonym")]
    assert found("la Maison-Blanche") == [("la Maison-Blanche", "US", "metonym")]


def test_a_region_lies_in_a_country():
    assert found("dans la province de Koursk")[0][1:] == ("RU", "region")
    assert found("en Bavière") == [("Bavière", "DE", "region")]
    assert found("en Catalogne") == [("Catalogne", "ES", "region")]
    assert found("dans le Donbass") == [("Donbass", "UA", "region")]
    assert found("en Wallonie") == [("Wallonie", "BE", "region")]


def test_a_city_lies_in_a_country_so_paris_is_in_france():
    assert [country for _, country, _ in found("à Paris et en France")] == ["FR", "FR"]


def test_the_two_koreas_are_two_countries():
    assert [country for _, country, _ in found("La Corée du Nord et la Corée du Sud")] == ["KP", "KR"]


def test_a_name_that_two_countries_share_is_given_for_both():
    assert {country for _, country, _ in found("le Congo")} == {"CG", "CD"}


def test_an_article_melted_into_a_preposition_is_not_part_of_the_name():
    assert found("au Caire") == [("Caire", "EG", "capital")]
    assert found("du Havre") == [("Havre", "FR", "city")]


def test_the_longest_name_counts():
    assert found("les États-Unis d'Amérique") == [("États-Unis d'Amérique", "US", "country")]


def test_a_word_that_is_also_a_name_needs_a_preposition():
    assert found("Lourdes pertes") == []
    assert found("à Lourdes") == [("Lourdes", "FR", "city")]
    assert found("Nice : le port rouvre")[0][0] == "Nice"


def test_a_common_noun_in_lower_case_is_no_place():
    assert found("il porte un pull en nord") == []
    assert found("de la porcelaine de chine") == []


def test_a_family_name_behind_a_first_name_is_no_town():
    assert found("Jack London arrive") == []


def test_a_continent_lies_in_no_country():
    assert found("en Afrique") == [("Afrique", "", "continent")]


def test_a_language_without_a_gazetteer_has_no_places():
    assert places(passage("In Peru"), "xx") == []


def test_a_name_that_is_also_a_people_is_given_once():
    assert found("L' Argentine accepte") == [("Argentine", "AR", "country")]
    assert found("une chanteuse argentine") == [("argentine", "AR", "demonym")]


def test_a_wrong_gazetteer_is_refused_with_the_row_and_the_cause(tmp_path, monkeypatch):
    folder = tmp_path / "zz"
    folder.mkdir()
    (folder / "gazetteer.json").write_text('[{"code": "PE", "names": ["Peru"], "uncertain": ["Lima"]}]')
    monkeypatch.setattr("depeche.desk.lexicon.LANGUAGES", tmp_path)
    monkeypatch.setattr(gazetteer, "LANGUAGES", tmp_path)
    with pytest.raises(PackError, match=r"row 1: uncertain has “Lima”"):
        places(passage("Peru"), "zz")


ROW_KEYS = ("capitals", "demonyms", "metonyms", "regions", "cities", "uncertain")
