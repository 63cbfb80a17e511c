"""The newsroom's own rules: what it silences and why, its words, what fails, and mistakes in its file."""

import pytest

from depeche.desk.draft import Dossier
from depeche.desk.house import House, WrongHouse, codes_in, find_house, load_house
from depeche.desk.house_words import HouseWords
from depeche.desk.interface_words import words_of
from depeche.desk.spans import Attribution
from tests.desk.readings import ARTICLE, finding, reading_of, span_of

pytestmark = pytest.mark.any_database

VAGUE = finding(ARTICLE, "ATT002", "Les experts")
LOADED = finding(ARTICLE, "LEX001", "régime")


@pytest.fixture
def house(tmp_path):
    """Gives a function that loads rules from their TOML."""

    def loaded(toml):
        path = tmp_path / "desk.toml"
        path.write_text(toml, encoding="utf-8")
        return load_house(path)

    return loaded


def heard(house, *findings, text=ARTICLE, **more):
    reading, silenced = house.apply(reading_of(text, *findings, **more))
    return [f.code for f in reading.findings], [(one.finding.code, one.reason) for one in silenced]


def test_without_rules_everything_is_heard_and_warnings_fail():
    assert heard(House(), LOADED, VAGUE) == (["LEX001", "ATT002"], [])
    assert House().fails_on("news") == "warning"


def test_a_silenced_code_is_kept_apart_with_its_reason(house):
    rules = house('[silence]\nATT002 = " Nos chroniques citent « les experts ». "')
    assert heard(rules, LOADED, VAGUE) == (["LEX001"], [("ATT002", "Nos chroniques citent « les experts ».")])


def test_a_family_is_silenced_by_its_three_letters(house):
    assert heard(house('[silence]\nATT = "essai"'), LOADED, VAGUE)[0] == ["LEX001"]


def test_a_kind_of_article_has_rules_of_its_own(house):
    rules = house('fail_on = "error"\n[kinds.opinion]\nfail_on = "never"\nsilence = { LEX = "on y juge" }')
    assert rules.fails_on("opinion") == "never"
    assert rules.fails_on("news") == "error"
    assert heard(rules, LOADED)[0] == ["LEX001"]
    assert heard(rules, LOADED, dossier=Dossier(kind="opinion"))[0] == []


def test_an_allowed_phrase_lets_its_words_pass_wherever_it_stands_whole(house):
    rules = house('[words]\nallow = ["régime de circulation"]')
    other = ARTICLE + "\nLe régime tombe.\n"
    assert heard(rules, LOADED) == ([], [("LEX001", "")])
    assert heard(rules, finding(other, "LEX001", "régime tombe"), text=other)[0] == ["LEX001"]


def test_an_allowed_phrase_lets_no_missing_source_pass(house):
    assert heard(house('[words]\nallow = ["les experts"]'), VAGUE)[0] == ["ATT002"]


def test_a_flagged_word_is_a_warning_with_the_newsroom_s_neutral_words(house):
    rules = house('[words.flag]\n"L\'ADJOINT" = []\n"des  bouchons" = ["des files"]')
    reading, _ = rules.apply(reading_of(ARTICLE))
    (found,) = reading.findings
    assert (found.code, found.severity, found.alternatives) == ("LEX001", "warning", ("des files",))
    assert ARTICLE[slice(*found.span)] == "des bouchons"


@pytest.mark.parametrize("typed", ["l’élu\u00a0rouge", "L'élu rouge", "l'ÉLU ROUGE"])
def test_flagged_words_are_found_however_they_are_typed(house, typed):
    rules = house('[words.flag]\n"l’élu rouge" = ["le maire"]')
    text = f"Titre du jour\n\nHier {typed} a dit non.\n"
    reading, _ = rules.apply(reading_of(text))
    assert [text[slice(*found.span)] for found in reading.findings] == [typed]


def test_a_flagged_word_counts_less_in_a_source_s_mouth_and_not_at_all_in_quotation_marks():
    words = HouseWords(flag={"bouchons": ()})
    text = "Titre du jour\n\nDes bouchons, dit-il. « Des bouchons », crie-t-elle. Mes embouchons.\n"
    said = Attribution("indirect", None, None, (span_of(text, "Des bouchons"),))
    found = list(words.findings(reading_of(text, attributions=(said,))))
    assert [(one.severity, one.span) for one in found] == [("info", span_of(text, "bouchons"))]


def test_a_word_that_a_rule_has_flagged_already_is_not_flagged_twice():
    words = HouseWords(flag={"régime": ("réseau",)})
    assert list(words.findings(reading_of(ARTICLE, LOADED))) == []


def test_the_nearest_file_above_counts(tmp_path):
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "desk.toml").write_text("")
    assert find_house(deep) == tmp_path / "desk.toml"
    (deep / "desk.toml").write_text("")
    assert find_house(deep) == deep / "desk.toml"


def test_codes_and_families_stand_for_codes():
    assert list(codes_in(["TRN", "ATT004"])) == ["TRN001", "ATT004"]
    with pytest.raises(KeyError, match="ATT999"):
        list(codes_in(["ATT999"]))


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("fail_on = ", "is no TOML"),
        ("colour = 1", "“colour” is unknown here; the file may have fail_on, language, words"),
        ("[words]\nban = []", "“ban” is unknown here; words may have allow or flag"),
        ("[kinds.poem]", "“poem” is unknown here; kinds may have news"),
        ("[kinds.news]\nwords = 1", "“words” is unknown here; kinds.news may have fail_on or silence"),
        ('fail_on = "fatal"', "fail_on must be one of error, warning, info or never"),
        ("[kinds.news]\nfail_on = 3", "kinds.news.fail_on must be one of"),
        ("silence = 3", "silence must be a table"),
        ("language = 3", "language must be a text"),
        ("[words]\nallow = [3]", "words.allow must be a list of texts"),
        ("[words]\nflag = [3]", "words.flag must be a table of words"),
        ('[words.flag]\nx = "y"', "words.flag.“x” must be a list of texts"),
        ('[silence]\nATT004 = ""', "silence.ATT004 needs a reason"),
        ("[kinds.news.silence]\nATT004 = true", "kinds.news.silence.ATT004 needs a reason"),
        ('[silence]\nATT04 = "x"', "silence names “ATT04”, which is no code"),
    ],
)
def test_a_mistake_is_told_with_the_file_the_key_and_what_is_allowed(house, toml, said):
    with pytest.raises(WrongHouse) as caught:
        house(toml)
    message = words_of("en").told(caught.value.sentence, caught.value.values)
    assert "desk.toml" in message
    assert said in message
    assert words_of("fr").told(caught.value.sentence, caught.value.values) != message


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(WrongHouse, match=r"house\.unreadable"):
        load_house(tmp_path)
