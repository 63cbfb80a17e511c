"""What an editor would ask about figures: each rule, and what looks like its case and is none."""

import datetime as dt

import pytest

from depeche.desk.attribution import attributions
from depeche.desk.draft import BlockReading, Dossier, Draft
from depeche.desk.figures import compare, findings
from depeche.desk.figures.quantities import quantities
from depeche.desk.parsing import parse
from depeche.desk.passage import Passage
from depeche.desk.spans import Attribution, Finding, Span, ZoneKind
from tests.desk.passages import passage

pytestmark = pytest.mark.any_database

DATED = Dossier(date=dt.date(2026, 5, 3))
AT = "Le/DET/det/1/le festival/NOUN/nsubj/3 a/AUX/aux/3/avoir reçu/VERB/ROOT/3/recevoir"


def block(read: Passage, *given: Attribution) -> BlockReading:
    return BlockReading(read, given, (), tuple(quantities(read, "fr")))


def said_by(read: Passage, source: str, content: str, quality: str = "institution") -> Attribution:
    def span(words: str) -> Span:
        start = read.text.index(words)
        return start, start + len(words)

    return Attribution("indirect", span(source), span(source), (span(content),), quality=quality)


def draft(*blocks: BlockReading, dossier: Dossier = DATED) -> Draft:
    starts, at = [], 0
    for item in blocks:
        starts.append(at)
        at += len(item.passage.text) + 2
    return Draft(tuple(blocks), tuple(starts), dossier, "fr")


def typed(text: str, dossier: Dossier = DATED, kind: ZoneKind = "paragraph") -> tuple[Draft, str]:
    """A text as the parser reads it, one block a line."""
    read = parse([(line, kind) for line in text.split("\n")], "fr")
    blocks = [block(item, *attributions(item, "fr")) for item in read]
    return draft(*blocks, dossier=dossier), "\n\n".join(text.split("\n"))


def asked(text: str, *codes: str, dossier: Dossier = DATED, kind: ZoneKind = "paragraph") -> list[str]:
    """The words that the codes underline."""
    given, whole = typed(text, dossier, kind)
    alone = [
        whole[slice(*given.shifted(n, finding.span))]
        for n, item in enumerate(given.blocks)
        for finding in findings(item, "fr")
        if finding.code in codes
    ]
    return alone + [whole[slice(*finding.span)] for finding in compare(given) if finding.code in codes]


def contradictions(*blocks: BlockReading) -> list[Finding]:
    return [finding for finding in compare(draft(*blocks)) if finding.code == "NUM001"]


def received(number: str, more: str = "") -> str:
    head = len(AT.split()) + len(number.split()) - 1
    counted = " ".join(f"{word}/NUM/nummod/{head + 1}" for word in number.split())
    return f"{AT} {counted} visiteurs/NOUN/obj/3/visiteur {more} ./PUNCT/punct/3"


# NUM001


def test_two_figures_for_the_same_thing_contradict_each_other() -> None:
    one, two = block(passage(received("4000"))), block(passage(received("6500")))
    [found] = contradictions(one, two)
    assert found.severity == "error"
    assert found.span == draft(one, two).shifted(1, two.quantities[0].span)
    assert found.related == (one.quantities[0].span,)
    assert found.values == (("other", "4000 visiteurs"),)


@pytest.mark.parametrize("number", ["4000", "environ 4200", "près de 4300", "4021"])
def test_a_figure_that_rounds_the_other_agrees_with_it(number: str) -> None:
    assert contradictions(block(passage(received("4000"))), block(passage(received(number)))) == []


@pytest.mark.parametrize(
    "more",
    [
        "en/ADP/case/6 2019/NUM/obl/3",
        "à/ADP/case/6 Metz/PROPN/obl/3",
        "pour/ADP/case/6 le/DET/det/7 concert/NOUN/obl/3",
        "contre/ADP/case/6 3000/NUM/obl/3",
        "par/ADP/case/6 jour/NOUN/obl/3",
        "?/PUNCT/punct/3",
    ],
)
def test_another_time_place_scope_or_a_contrast_is_no_contradiction(more: str) -> None:
    assert contradictions(block(passage(received("4000"))), block(passage(received("6500", more)))) == []


def test_two_sources_in_two_paragraphs_are_a_warning() -> None:
    first = passage(received("4000", "selon/ADP/case/7 la/DET/det/7 mairie/NOUN/obl/3"))
    second = passage(received("6500", "selon/ADP/case/7 la/DET/det/7 police/NOUN/obl/3"))
    one = block(first, said_by(first, "la mairie", "Le festival a reçu 4000 visiteurs"))
    two = block(second, said_by(second, "la police", "Le festival a reçu 6500 visiteurs"))
    assert [finding.severity for finding in contradictions(one, two)] == ["warning"]


def test_one_source_that_gives_two_figures_is_an_error() -> None:
    first = passage(received("4000", "selon/ADP/case/7 la/DET/det/7 mairie/NOUN/obl/3"))
    second = passage(received("6500", "selon/ADP/case/7 la/DET/det/7 mairie/NOUN/obl/3"))
    one = block(first, said_by(first, "la mairie", "Le festival a reçu 4000 visiteurs"))
    two = block(second, said_by(second, "la mairie", "Le festival a reçu 6500 visiteurs"))
    assert [finding.severity for finding in contradictions(one, two)] == ["error"]


def test_another_subject_is_another_thing() -> None:
    other = received("6500").replace("festival", "musée")
    assert contradictions(block(passage(received("4000"))), block(passage(other))) == []


def test_a_pronoun_may_be_another_subject() -> None:
    other = received("6500").replace(
        "Le/DET/det/1/le festival/NOUN/nsubj/3", "Oui/INTJ/dep/3 il/PRON/nsubj/3"
    )
    assert contradictions(block(passage(received("4000"))), block(passage(other))) == []


def test_the_headline_is_not_compared_here() -> None:
    one, two = block(passage(received("4000"), kind="headline")), block(passage(received("6500")))
    assert contradictions(one, two) == []


def test_what_is_added_counts_with_what_it_is_added_to() -> None:
    sent = "ont/AUX/aux/{0} été/AUX/aux:pass/{0} envoyés/VERB/ROOT/{0}/envoyer"
    total = (
        "Des/DET/det/1 dizaines/NOUN/nsubj:pass/7 de/ADP/case/3 milliers/NOUN/nmod/1 de/ADP/case/5 "
        f"soldats/NOUN/nmod/1/soldat {sent.format(8)} ./PUNCT/punct/8"
    ).replace("nsubj:pass/7", "nsubj:pass/8")
    parts = (
        f"11000/NUM/nummod/1 soldats/NOUN/nsubj:pass/4/soldat {sent.format(4)} et/CCONJ/cc/10 "
        "3000/NUM/nummod/7 autres/ADJ/nsubj:pass/10/autre ont/AUX/aux/10 été/AUX/aux:pass/10 "
        "envoyés/VERB/conj/4/envoyer ./PUNCT/punct/4"
    )
    read = block(passage(total, parts))
    [found] = contradictions(read)
    assert [read.passage.text[slice(*span)] for span in (found.span, *found.related)] == [
        "11000 soldats",
        "Des dizaines de milliers de soldats",
        "3000 autres",
    ]
    fitting = parts.replace("11000", "22000")
    assert contradictions(block(passage(total, fitting))) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "L’explosion a fait 40 blessés.\nL’explosion a fait une centaine de blessés.",
            "une centaine de blessés",
        ),
        (
            "Vingt civils ont été tués mardi à Tarsk, selon l’armée.\n"
            "Le chiffre de trente-cinq civils tués mardi à Tarsk a été avancé, selon la même armée.",
            "trente-cinq civils",
        ),
        (
            "Selon la feuille de match, 2 100 spectateurs étaient présents. "
            "Moins de mille personnes ont assisté à la rencontre, selon la feuille de match.",
            "Moins de mille personnes",
        ),
    ],
)
def test_a_contradiction_is_found_in_prose(text: str, words: str) -> None:
    assert asked(text, "NUM001") == [words]


@pytest.mark.parametrize(
    "text",
    [
        "L’explosion a fait 40 blessés mardi.\nLa route a fait 100 blessés depuis janvier.",
        "Le cortège a réuni 4 000 personnes, selon la police, et 9 000, selon les organisateurs.",
        "Douze personnes ont été tuées mardi à Alma. Mardi, quatre personnes ont été tuées à Dol.",
        "Le premier convoi transportait 40 soldats. Le second convoi transportait 60 soldats.",
        "La police a arrêté 12 personnes. La gendarmerie a arrêté 7 personnes.",
        "Un obus est tombé. Douze personnes ont été tuées. Plus tard, trente personnes ont été tuées ailleurs.",
        "Le salaire moyen atteint 2 300 euros. Le salaire médian atteint 1 900 euros.",
        "Le candidat Roux a obtenu 12 000 voix. Le candidat Vial a obtenu 15 000 voix.",
        "La commune a recensé 12 cas. La commune a recensé 45 cas chez les enfants.",
        "Samedi, 300 personnes ont manifesté devant la mairie. Samedi, 2 000 personnes ont défilé.",
        "Selon un premier bilan, 12 personnes ont été tuées. Les secours comptent 30 morts.",
        "L’usine produit 1 200 voitures par jour. L’usine a produit 300 000 voitures.",
    ],
)
def test_figures_that_may_count_different_things_are_left_alone(text: str) -> None:
    assert asked(text, "NUM001") == []
    assert asked(text.replace(". ", ".\n"), "NUM001") == []


# NUM002


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("De très nombreux riverains ont protesté.", "De très nombreux"),
        ("D’innombrables poissons sont morts.", "D’innombrables"),
        ("Bon nombre de parents ont dit oui.", "Bon nombre de"),
        ("Des centaines de riverains ont protesté.", "Des centaines de riverains"),
    ],
)
def test_a_vague_quantity_in_our_own_voice_is_asked_about(text: str, words: str) -> None:
    assert asked(text, "NUM002") == [words]


@pytest.mark.parametrize(
    "text",
    [
        "Il faut indiquer le nombre de personnes par foyer.",
        "Il a eu beaucoup de mal.",
        "Il est revenu à de nombreuses reprises.",
        "Une quarantaine de riverains ont protesté.",
        "Ils dorment dans le plus grand des dortoirs.",
        "« De très nombreux riverains ont protesté », dit-elle.",
    ],
)
def test_what_is_no_vague_quantity_of_ours_is_left_alone(text: str) -> None:
    assert asked(text, "NUM002") == []


def test_a_source_may_be_vague() -> None:
    read = passage("De très nombreux riverains ont protesté selon la police .")
    attribution = said_by(read, "la police", "De très nombreux riverains ont protesté")
    assert findings(block(read, attribution), "fr") == []


# NUM003


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Il manque 47 300 euros : 21 000 euros en 2022, 14 300 en 2023 et 15 000 en 2024.",
            "47 300 euros",
        ),
        ("Le texte prévoit 80 fréquences, dont 50 publiques et 40 privées.", "80 fréquences"),
        ("Sur 90 logements, 50 sont vendus et 60 loués.", "90 logements"),
        ("Le groupe compte 1 120 salariés, 640 à Lanvaux et 300 à Brémont.", "1 120 salariés"),
        ("Le bilan est de 12 blessés, dont 15 graves et 2 légers.", "12 blessés"),
        ("La subvention a doublé en cinq ans : de 300 000 à 450 000 euros.", "doublé"),
        ("Les ventes progressent de 20 %, de 100 à 150 millions d’euros.", "20 %"),
        ("Le budget passe de 12 à 10 millions d’euros, soit une hausse de 20 %.", "20 %"),
        (
            "Le sondage donne 62 % de parents favorables, 31 % d’opposés et 17 % sans avis.",
            "62 % de parents favorables, 31 % d’opposés et 17 %",
        ),
        (
            "Le parc se répartit entre 46 % de studios, 38 % de maisons et 26 % de bureaux.",
            "46 % de studios, 38 % de maisons et 26 %",
        ),
    ],
)
def test_a_sum_that_is_wrong_is_an_error(text: str, words: str) -> None:
    given, whole = typed(text)
    found = [finding for finding in findings(given.blocks[0], "fr") if finding.code == "NUM003"]
    assert [(whole[slice(*finding.span)], finding.severity) for finding in found] == [(words, "error")]


def test_the_sum_and_the_total_are_given_to_the_message() -> None:
    text = "Il manque 47 300 euros : 21 000 euros en 2022, 14 300 en 2023 et 15 000 en 2024."
    [found] = findings(typed(text)[0].blocks[0], "fr")
    assert dict(found.values) == {"sum": "50\u202f300", "total": "47\u202f300"}


@pytest.mark.parametrize(
    "text",
    [
        "L’audit relève 25 chèques, dont 12 signés en été, 9 en automne et 4 en hiver.",
        "La salle accueille 80 personnes, dont 50 femmes et 40 mineurs.",
        "Le groupe compte 12 usines, dont 5 en France et 4 en Italie.",
        "Sur 20 000 adhérents, 15 000 ont voté et 12 000 ont choisi le oui.",
        "Sur 90 logements, 50 sont vendus, les autres loués.",
        "Le groupe emploie 300 salariés, 12 apprentis et 8 stagiaires.",
        "Il a versé 10 000 euros : 3 000 euros en mai et 2 000 en juin, le reste en août.",
        "Cinq personnes sont mortes : deux adultes, deux enfants et une adolescente.",
        "Le sondage donne 62 % de parents favorables, 31 % d’opposés et 7 % sans avis.",
        "Plusieurs réponses étant possibles, 70 % sont pour, 55 % contre et 20 % sans avis.",
        "Les hommes sont 52 % à approuver, les femmes 48 % et les jeunes 60 %.",
        "Le loyer a doublé en dix ans, de 400 à 810 euros.",
        "Le tarif a presque doublé, de 300 à 500 euros.",
        "Les ventes passent de 1,2 à 1,3 million, soit une hausse de 8 %.",
        "Le chômage passe de 8 à 9 %, en hausse de 1 point.",
        "« Sur 90 logements, 50 sont vendus et 60 loués », dit-elle.",
    ],
)
def test_sums_that_are_right_or_may_overlap_are_left_alone(text: str) -> None:
    assert asked(text, "NUM003") == []


# NUM004


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Le chantier a coûté 7,35 millions d’euros.", "7,35 millions d’euros"),
        ("Le litre est payé 41,6 centimes.", "41,6 centimes"),
        ("L’armée a tué onze combattants dans la nuit.", "onze combattants"),
        ("12,6 tonnes ont été ramassées.", "12,6 tonnes"),
    ],
)
def test_a_precise_figure_without_source_is_asked_about(text: str, words: str) -> None:
    assert asked(text, "NUM004") == [words]


@pytest.mark.parametrize(
    "text",
    [
        "Le chantier a coûté 7,35 millions d’euros, d’après le compte administratif.",
        "Le chantier a coûté près de 7,35 millions d’euros.",
        "Le chantier a coûté 7,35 millions d’euros.\nLa mairie l’a payé 7,35 millions d’euros, dit-elle.",
        "Le conseil compte 35 élus et le mur fait onze mètres.",
        "Les 1 231 élus ont voté.",
        "« Il a coûté 7,35 millions d’euros », dit-elle.",
    ],
)
def test_a_figure_with_a_source_or_without_precision_is_left_alone(text: str) -> None:
    assert asked(text, "NUM004") == []


def test_a_source_counts_only_in_the_sentence_of_the_figure() -> None:
    read = passage("La mairie parle .", "Le chantier a coûté 7,35 millions d' euros .")
    assert [f.code for f in compare(draft(block(read, said_by(read, "La mairie", "parle"))))] == ["NUM004"]


# NUM005


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Les plaintes ont bondi de 40 %.", "bondi de 40 %"),
        ("La billetterie chute de 22 %, selon le trésorier.", "chute de 22 %"),
        ("Le club annonce une hausse de près de 12 %.", "hausse de près de 12 %"),
    ],
)
def test_a_change_without_base_or_period_is_asked_about(text: str, words: str) -> None:
    assert asked(text, "NUM005") == [words]


@pytest.mark.parametrize(
    "text",
    [
        "Les plaintes ont augmenté de 40 % en un an, de 10 à 14.",
        "Les exportations ont progressé de 4 % entre 2024 et 2025.",
        "Le syndicat demande une hausse de 4 % au 1er avril.",
        "En 2025, tout a changé. Les ventes ont reculé de 9 %.",
        "Les ventes ont reculé de 9 % par rapport à la concurrence.",
        "Le parti obtient 40 % des voix.",
        "« Les plaintes ont bondi de 40 % », dit-elle.",
    ],
)
def test_a_change_with_its_base_or_period_is_left_alone(text: str) -> None:
    assert asked(text, "NUM005") == []


# NUM006


UNDATED = Dossier(byline="Anne Roy")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Le conseil s’est réuni hier.", "hier"),
        ("La grève commence jeudi soir, puis reprend vendredi.", "jeudi soir"),
        ("À partir de lundi prochain, tout change.", "lundi prochain"),
        ("La semaine dernière, il neigeait.", "La semaine dernière"),
    ],
)
def test_the_first_relative_date_of_an_undated_article_is_asked_about(text: str, words: str) -> None:
    assert asked(text, "NUM006", dossier=UNDATED) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "La grève commence jeudi 12 mars.",
        "Le marché a lieu le lundi et chaque mercredi.",
        "« Il est venu hier », dit-elle.",
        "BRÉMONT, 19 novembre - La grève commence jeudi.",
    ],
)
def test_a_date_with_an_anchor_or_a_habit_is_left_alone(text: str) -> None:
    assert asked(text, "NUM006", dossier=UNDATED) == []


def test_a_dated_article_may_say_yesterday() -> None:
    assert asked("Le conseil s’est réuni hier.", "NUM006") == []


def test_without_any_word_on_the_article_its_date_is_not_missed() -> None:
    assert asked("Le conseil s’est réuni hier.", "NUM006", dossier=Dossier()) == []


# all of them


@pytest.mark.parametrize("kind", ["headline", "crosshead"])
def test_titles_are_not_asked_where_their_figures_come_from(kind: ZoneKind) -> None:
    text = "De très nombreux élus, 7,35 millions d’euros, hausse de 3 %"
    assert asked(text, "NUM002", "NUM004", "NUM005", kind=kind) == []


def test_a_language_without_number_words_is_left_alone() -> None:
    read = passage("Sales rose by 12 % , to 1,234,567 .")
    assert findings(BlockReading(read), "xx") == []
    assert compare(Draft((BlockReading(read),), (0,), UNDATED, "xx")) == []


@pytest.mark.parametrize(
    "text", ["", "40 40 40 %", "🙂 12 مرحبا", "DOUZE MORTS CONTRE 3 000 AUTRES", "de à de 3 à"]
)
def test_odd_input_is_read_without_a_fault(text: str) -> None:
    asked(text, "NUM001")
    asked(f"{text}\n{text}", "NUM003", dossier=UNDATED)


class TestWhatAReaderWouldAsk:
    @pytest.mark.parametrize(
        "text",
        [
            "L'entrée coûte 12,50 euros.",
            "Le lanceur a atteint 68,35 mètres.",
            "Il est tombé 43,5 mm de pluie.",
            "Le club a gagné devant 12 431 spectateurs.",
            "Le sirop contient 1,74 gramme de sucre.",
        ],
    )
    def test_prices_sports_distances_and_weather_need_no_source(self, text):
        assert asked(text, "NUM004") == []

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("La rénovation a coûté 18,4 millions d'euros.", "18,4 millions d'euros"),
            ("Le lait est payé 41,6 centimes.", "41,6 centimes"),
            ("Le quartier abrite 4 312 chômeurs.", "4 312 chômeurs"),
        ],
    )
    def test_money_rates_and_counts_do(self, text, words):
        assert asked(text, "NUM004") == [words]


class TestChange:
    def test_who_says_it_is_no_base(self):
        text = "Le prix du blé a bondi de 300 %, d'après la coopérative."
        assert asked(text, "NUM005") == ["bondi de 300 %"]

    def test_how_long_it_took_or_its_endpoints_are_one(self):
        assert asked("Le niveau a monté de 40 % en six heures.", "NUM005") == []
        assert asked("Le budget passe de 2 à 3 millions, en hausse de 50 %.", "NUM005") == []

    def test_what_is_gained_without_a_preposition(self):
        assert asked("Les marges ont gagné 12 %, dit le patron.", "NUM005") == ["gagné 12 %"]
        assert asked("Il a perdu 12 % du capital, dit le patron.", "NUM005") == []


class TestCarriedOn:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("La course a réuni 420 coureurs. Les 380 coureurs sont partis à 9 heures.", "380 coureurs"),
            ("Le feu a détruit 14 maisons. Les 17 maisons détruites seront rasées.", "17 maisons"),
            ("M. Roy a compté quinze blessés. Au total, huit blessés ont été soignés.", "huit blessés"),
            (
                "La police a recensé 1 200 manifestants. Le cortège comptait 2 500 manifestants, selon la police.",
                "2 500 manifestants",
            ),
        ],
    )
    def test_a_figure_that_takes_up_another_and_differs(self, text, words):
        assert asked(text, "NUM001") == [words]

    @pytest.mark.parametrize(
        "text",
        [
            "La course a réuni 420 coureurs. Les 380 coureurs arrivés avant midi ont une médaille.",
            "Le feu a détruit 14 maisons. Les 17 maisons voisines ont été évacuées.",
            "L'usine emploie 340 salariés. Les 60 salariés qui partiront auront une prime.",
            "L'accident a fait quinze blessés. Au total, huit blessés graves ont été opérés.",
            "La police a recensé 1 200 manifestants. La CGT a compté 3 000 manifestants.",
            "Le budget de la ville s'élève à 3 millions d'euros. Le budget de la ville s'élevait à 2 millions d'euros.",
        ],
    )
    def test_a_part_of_them_or_another_count_does_not(self, text):
        assert asked(text, "NUM001") == []


def test_one_in_two_is_no_total():
    text = "Huit marchands viendront un samedi sur deux : quatre une semaine, quatre la suivante."
    assert asked(text, "NUM003") == []
