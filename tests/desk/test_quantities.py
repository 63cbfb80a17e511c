"""Figures as intervals: how numbers are written, what they count, and what is no quantity."""

import pytest

from depeche.desk.figures.quantities import compatible, quantities
from depeche.desk.parsing import parse
from depeche.desk.spans import Quantity
from tests.desk.passages import passage

pytestmark = pytest.mark.any_database


def read(text: str) -> list[Quantity]:
    return quantities(next(parse([(text, "paragraph")], "fr")), "fr")


def bounds(text: str) -> list[tuple[float, float]]:
    return [(quantity.low, quantity.high) for quantity in read(text)]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("11 000 soldats", 11_000, 11_000),
        ("11\u00a0000 soldats", 11_000, 11_000),
        ("11\u202f000 soldats", 11_000, 11_000),
        ("1 200 000 habitants", 1_200_000, 1_200_000),
        ("1.200 habitants", 1_200, 1_200),
        ("18,4 millions d’euros", 18_400_000, 18_400_000),
        ("12,5M€", 12_500_000, 12_500_000),
        ("20% des voix", 20, 20),
        ("deux cents policiers", 200, 200),
        ("Quatre-vingt-dix-sept blessés", 97, 97),
        ("vingt et un morts", 21, 21),
        ("soixante-et-onze élus", 71, 71),
        ("mille deux cents logements", 1_200, 1_200),
        ("deux millions trois cent mille personnes", 2_300_000, 2_300_000),
        ("un million d’euros", 1_000_000, 1_000_000),
        ("entre 10 et 12 morts", 10, 12),
        ("de 3 à 5 blessés", 3, 5),
        ("10-12 salariés", 10, 12),
        ("deux ou trois soldats", 2, 3),
        ("2 à 3 000 personnes", 2_000, 3_000),
        ("de 10 à 12 millions d’euros", 10_000_000, 12_000_000),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, low: float, high: float) -> None:
    assert bounds(f"On compte {text}.") == [(low, high)]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("des dizaines de personnes", 20, 99),
        ("des centaines de personnes", 200, 999),
        ("quelques dizaines de personnes", 20, 60),
        ("des dizaines de milliers de personnes", 20_000, 99_000),
        ("une centaine de personnes", 80, 125),
        ("une trentaine d’élus", 26, 35),
        ("environ 100 personnes", 90, 110),
        ("100 personnes environ", 90, 110),
        ("près de 100 personnes", 90, 100),
        ("plus de 100 personnes", 100, 150),
        ("au moins 100 personnes", 100, 150),
        ("moins de 100 personnes", 0, 100),
        ("jusqu’à 100 personnes", 0, 100),
        ("quelque 300 personnes", 270, 330),
        ("plus d’une centaine de personnes", 80, 187.5),
    ],
)
def test_a_rough_number_is_an_interval(text: str, low: float, high: float) -> None:
    found = read(f"On compte {text}.")
    assert [(q.low, q.high) for q in found] == [(pytest.approx(low), pytest.approx(high))]
    assert found[0].approximate


@pytest.mark.parametrize(
    "text",
    [
        "Il viendra le 12 mars.",
        "La foire a lieu du 12 au 15 avril.",
        "La gare ouvre à 18 heures.",
        "Le train part à 18 h 30, à 14h ou à 7h05.",
        "Tout change en 2026.",
        "La loi de 1905 tient.",
        "L’article 49.3 et l’article 12 sont cités.",
        "Appelez le 02 41 12 34 56.",
        "Metz a battu Nancy 31 à 27.",
        "Metz a battu Nancy 3-1.",
        "C’est la 3e fois, le 1er jour du XIXe siècle.",
        "Un élève sur trois est absent.",
        "Il habite 12, rue des Lilas.",
        "Une femme a vu un homme.",
        "La période 2024-2025 s’achève.",
    ],
)
def test_dates_hours_years_labels_scores_and_ratios_are_no_quantities(text: str) -> None:
    assert read(text) == []


def test_an_age_is_a_unit_of_its_own() -> None:
    assert [q.unit for q in read("Paul Roy, 61 ans, sourit.")] == ["age"]


def test_the_span_holds_the_approximator_the_number_and_its_noun() -> None:
    text = "Selon elle, moins de mille personnes sont venues."
    assert [text[slice(*q.span)] for q in read(text)] == ["moins de mille personnes"]


@pytest.mark.parametrize(
    ("text", "unit", "entity"),
    [
        ("40 blessés", "person", "blessé"),
        ("40 personnes blessées", "person", "blessé"),
        ("40 civils tués", "person", "mort"),
        ("300 postes", "", "emploi"),
        ("300 emplois", "", "emploi"),
        ("300 militaires", "person", "soldat"),
        ("40 jeunes soldats", "person", "soldat"),
        ("72 % de grévistes", "%", "gréviste"),
        ("214 kilos de poissons", "kg", "poisson"),
        ("80 fréquences", "", "fréquence"),
    ],
)
def test_what_is_counted_has_one_name(text: str, unit: str, entity: str) -> None:
    assert [(q.unit, q.entity) for q in read(f"Le rapport cite {text}.")] == [(unit, entity)]


def test_persons_who_were_present_are_the_spectators() -> None:
    text = "Mille personnes ont assisté à la rencontre."
    assert [q.entity for q in read(text)] == ["spectateur"]


def test_elected_members_who_are_present_are_no_spectators() -> None:
    assert [q.entity for q in read("Les 90 députés présents ont voté.")] == ["député"]


def test_what_is_measured_is_named_where_the_sentence_says_so() -> None:
    assert [q.entity for q in read("Le budget atteint 42 millions d’euros.")] == ["budget"]
    assert [q.entity for q in read("Il a trouvé 42 euros.")] == [""]


def test_a_number_without_its_noun_counts_what_the_last_one_did() -> None:
    found = read("Il manque 47 000 euros : 21 000 euros en 2022 et 26 000 en 2023.")
    assert [(q.low, q.unit, q.time) for q in found] == [
        (47_000, "euro", ""),
        (21_000, "euro", "2022"),
        (26_000, "euro", "2023"),
    ]


def test_more_of_the_same_is_marked_in_the_scope() -> None:
    found = read("On a envoyé 11 000 soldats en mars, puis 3 000 autres en avril.")
    assert [(q.entity, q.scope.split()[:1]) for q in found] == [("soldat", []), ("soldat", ["+"])]


def test_time_and_place_limit_a_figure() -> None:
    [found] = read("Vingt civils ont été tués vendredi à Tarsk.")
    assert found.time == "vendredi"
    assert "tarsk" in found.scope.split()


def test_a_passage_without_grammar_is_read_by_its_words() -> None:
    found = quantities(passage("On a vu 40 blessés et 12 camions ."), "fr")
    assert [(q.low, q.entity) for q in found] == [(40, "blessé"), (12, "camions")]


def test_a_language_without_number_words_has_no_quantities() -> None:
    assert quantities(passage("We saw 40 people ."), "xx") == []


@pytest.mark.parametrize("text", ["", "12", "🙂 12 مرحبا 3 -- -3 +5 1,2,3", "DOUZE MORTS", "0 00 0,0 " * 5])
def test_odd_input_is_read_without_a_fault(text: str) -> None:
    for found in read(text):
        assert 0 <= found.span[0] < found.span[1] <= len(text)


def test_typography_changes_nothing() -> None:
    plain, typeset = read("Près d'un millier d'élus."), read("Près d’un\u00a0millier d’élus.")
    assert [(q.low, q.high, q.entity) for q in plain] == [(q.low, q.high, q.entity) for q in typeset]


def figure(low: float, high: float | None = None, **more) -> Quantity:
    given = {"unit": "person", "entity": "blessé", **more}
    return Quantity((0, 1), low, low if high is None else high, **given)


@pytest.mark.parametrize(
    ("a", "b", "agree"),
    [
        (figure(40), figure(80, 125), False),
        (figure(40), figure(36, 45), True),
        (figure(200), figure(194), True),
        (figure(200), figure(120), False),
        (figure(20), figure(19), False),
        (figure(42, entity="budget", unit="euro"), figure(41.8, entity="budget", unit="euro"), True),
        (figure(40), figure(80, entity="mort"), None),
        (figure(40, entity=""), figure(80, entity=""), None),
        (figure(40, time="mardi"), figure(100, time="depuis janvier"), None),
        (figure(40, time="mardi"), figure(100), False),
        (figure(40, time="mardi"), figure(100, time="mardi soir"), False),
        (figure(40, scope="grave"), figure(100, scope="léger"), None),
        (figure(40, scope="+"), figure(100), None),
    ],
)
def test_figures_are_compared_only_where_they_count_the_same(a, b, agree) -> None:
    assert compatible(a, b) is agree
    assert compatible(b, a) is agree
