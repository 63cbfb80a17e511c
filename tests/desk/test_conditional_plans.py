"""Conditions, questions, plans and effects that no wording of hearsay makes hearsay, each with near misses."""

import pytest

from depeche.desk.attribution import attributions
from depeche.desk.certainty import hedges
from depeche.desk.parsing import parse

pytestmark = pytest.mark.any_database

HEARSAY = "hearsay"
EFFECT = "T2 or T6"


def trap_of(text: str, words: str) -> str:
    """The trap of the conditional that holds `words`, HEARSAY for one without a source, T10 for one with."""
    passage = next(parse([(text, "paragraph")], "fr"))
    at = text.index(words)
    found = hedges(passage, attributions(passage, "fr"))
    hedge = next(
        h for h in found if h.span[0] < at + len(words) and at < h.span[1] and h.type.startswith("c")
    )
    return hedge.trap or HEARSAY


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Selon nos informations, si la banque refusait, le club déposerait le bilan.", "déposerait", "T1"),
        ("« Si l'eau avait monté, on aurait fui », raconte Léa.", "aurait fui", "T8"),
        (
            "Le skieur aurait survécu, assurent les secouristes, s'ils avaient été appelés plus tôt.",
            "aurait survécu",
            "T1",
        ),
        (
            "Le directeur aurait menacé ses cadres de représailles s'ils parlaient à la presse.",
            "aurait menacé",
            HEARSAY,
        ),
        ("L'otage aurait été menacé de mort si la rançon n'était pas versée.", "aurait été menacé", HEARSAY),
        ("Il aurait averti qu'il tirerait si on approchait.", "aurait averti", HEARSAY),
        (
            "Selon le maire, la crue aurait emporté le pont si les vannes étaient restées fermées.",
            "aurait emporté",
            "T1",
        ),
        (
            "Le capitaine assure que le cargo aurait sombré si le remorqueur n'était pas venu.",
            "aurait sombré",
            "T1",
        ),
        (
            "Le capitaine assure que, si le remorqueur n'était pas venu, le cargo aurait sombré.",
            "aurait sombré",
            "T1",
        ),
        (
            "Le chef aurait menacé de quitter le groupe si ses associés ne payaient pas.",
            "aurait menacé",
            HEARSAY,
        ),
        ("Le chanteur aurait promis de revenir si la salle était rénovée.", "aurait promis", HEARSAY),
        (
            "Le patron aurait juré de fermer l'usine si les salariés se mettaient en grève.",
            "aurait juré",
            HEARSAY,
        ),
    ],
)
def test_a_condition_is_heard_wherever_it_stands_but_not_in_what_is_threatened(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Reste une inconnue : on ignore où dormiraient les familles.", "dormiraient", "T7"),
        ("Nul ne sait qui aurait donné l'ordre.", "aurait donné", "T7"),
        ("On ignore pourquoi le chauffeur aurait freiné.", "aurait freiné", "T7"),
        ("On ne sait pas encore ce que coûterait le chantier.", "coûterait", "T7"),
        ("Il n'est pas dit que le juge serait d'accord.", "serait", "T6"),
        ("Rien ne dit non plus que le juge suivrait.", "suivrait", "T6"),
        ("Le parquet dit que le chauffeur aurait bu.", "aurait bu", "T10"),
        ("La police cherche l'homme qui aurait volé la statue.", "aurait volé", HEARSAY),
        ("On ignore tout du chauffeur, qui aurait fui à pied.", "aurait fui", HEARSAY),
        ("Nul ne sait où est le notaire, qui aurait vidé les comptes.", "aurait vidé", HEARSAY),
        ("Le témoin dit que rien ne manquerait.", "manquerait", "T10"),
        ("La source dit que l'élu toucherait une rente.", "toucherait", "T10"),
    ],
)
def test_what_is_left_open_is_a_question_and_what_is_unsure_a_hypothesis(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Même soutenu par la gauche, le candidat perdrait au second tour.", "perdrait", "T2"),
        ("Même affaiblie, la tempête couperait des routes.", "couperait", "T2"),
        ("Même avec dix joueurs, l'équipe tiendrait.", "tiendrait", "T2"),
        ("Même sans subvention, le festival aurait lieu.", "aurait lieu", "T2"),
        ("Même en cas d'échec, le club toucherait la prime.", "toucherait", "T2"),
        ("Réélu, le maire supprimerait la taxe.", "supprimerait", "T2"),
        ("Même le maire aurait voté contre.", "aurait voté", HEARSAY),
        ("Même des élus seraient impliqués.", "seraient impliqués", HEARSAY),
        ("Même blessé, le suspect aurait pris la fuite.", "aurait pris", HEARSAY),
        ("Même en prison, le caïd dirigerait toujours son réseau.", "dirigerait", HEARSAY),
        ("Même lui serait impliqué.", "serait impliqué", HEARSAY),
        ("Même après son départ, l'ancien maire toucherait une indemnité.", "toucherait", HEARSAY),
    ],
)
def test_even_with_a_participle_is_a_condition(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Une directive, qui interdirait ces filets, est en discussion.", "interdirait", "T6"),
        ("Le gouvernement a déposé un amendement, qui relèverait la taxe de 10 %.", "relèverait", "T6"),
        ("Ce scénario, qui ramènerait la ville trente ans en arrière, inquiète.", "ramènerait", "T6"),
        ("L'hypothèse d'un report, qui arrangerait les clubs, est étudiée.", "arrangerait", EFFECT),
        ("Le lithium, dont l'extraction transformerait le village, est convoité.", "transformerait", "T6"),
        ("Le tableau, dont la vente financerait le musée, est à Paris.", "financerait", "T6"),
        ("Le rapport, qui accablerait le maire, est secret.", "accablerait", HEARSAY),
        ("La vidéo, qui montrerait le maire ivre, circule.", "montrerait", HEARSAY),
        ("La mine, qui polluerait la rivière, emploie 80 personnes.", "polluerait", HEARSAY),
        ("L'éolienne, qui tuerait des chauves-souris, a été arrêtée.", "tuerait", HEARSAY),
        ("Le barrage, qui menacerait de céder, est surveillé jour et nuit.", "menacerait", HEARSAY),
        (
            "Le contrat, qui rapporterait 3 millions par an au joueur, expire en juin.",
            "rapporterait",
            HEARSAY,
        ),
    ],
)
def test_what_a_plan_would_do_is_no_hearsay_and_what_a_thing_does_is(text, words, trap):
    assert trap_of(text, words) in trap.split(" or ")


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Cette fusion créerait un géant, redoute le syndicat.", "créerait", EFFECT),
        ("Ce choix pénaliserait les petites communes, selon l'association.", "pénaliserait", EFFECT),
        ("Une victoire offrirait le titre à Lormel, rappelle l'entraîneur.", "offrirait", EFFECT),
        ("Selon lui, des caméras dissuaderaient les voleurs.", "dissuaderaient", EFFECT),
        (
            "Les élus veulent baisser la vitesse. Cela réduirait le bruit, selon l'agence.",
            "réduirait",
            EFFECT,
        ),
        (
            "Le préfet envisage de raser le pont. Cette solution coûterait 2 millions, selon lui.",
            "coûterait",
            EFFECT,
        ),
        ("L'opération serait un échec, selon la presse.", "serait", "T10"),
        ("Le projet existerait depuis 2019, selon la presse.", "existerait", "T10"),
        ("Le texte serait prêt, selon un conseiller.", "serait", "T10"),
        ("Le texte prévoirait une amende, selon la presse.", "prévoirait", "T10"),
        ("Le projet coûterait 3 millions, selon la presse.", "coûterait", "T10"),
        ("Selon l'association, la mine polluerait la rivière.", "polluerait", "T10"),
    ],
)
def test_an_effect_foretold_is_no_hearsay_whoever_foretells_it(text, words, trap):
    assert trap_of(text, words) in trap.split(" or ")


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Le chef aurait dû attendre. Il n'aurait fait qu'ajouter à la confusion.", "n'aurait fait", "T2"),
        (
            "Le gouvernement aurait pu négocier. Céder n'aurait fait qu'encourager les pilleurs.",
            "n'aurait fait",
            "T2",
        ),
        ("Fallait-il parler ? Un démenti n'aurait fait qu'ajouter au trouble.", "n'aurait fait", "T2"),
        ("La toiture était pourrie. Une inspection l'aurait montré.", "l'aurait montré", "T2"),
        ("La fuite durait depuis mai. Un simple contrôle l'aurait évitée.", "l'aurait évitée", "T2"),
        ("Une simple vérification aurait empêché l'erreur.", "aurait empêché", "T2"),
        ("Une enquête interne aurait montré des irrégularités.", "aurait montré", HEARSAY),
        ("Un contrôle aurait eu lieu mardi.", "aurait eu", HEARSAY),
        ("Un voisin l'aurait montré à la police.", "l'aurait montré", HEARSAY),
        ("Un passant aurait évité le drame.", "aurait évité", HEARSAY),
        ("Le suspect n'aurait fait que surveiller la porte.", "n'aurait fait", HEARSAY),
        ("Un policier l'aurait empêché de fuir.", "l'aurait empêché", HEARSAY),
    ],
)
def test_what_a_precaution_would_have_done_is_no_hearsay(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        (
            "Le club ne commenterait pas les rumeurs selon lesquelles le capitaine partirait.",
            "partirait",
            "T10",
        ),
        ("Des rumeurs selon lesquelles l'usine fermerait circulent en ville.", "fermerait", "T10"),
        ("Il dément les accusations selon lesquelles il aurait frappé un élève.", "aurait frappé", "T10"),
        (
            "Le parquet examine des allégations selon lesquelles le maire toucherait des commissions.",
            "toucherait",
            "T10",
        ),
        ("Le maire rejette les affirmations selon lesquelles la régie serait en faillite.", "serait", "T10"),
        (
            "Si les rumeurs selon lesquelles l'usine fermerait étaient vraies, la ville souffrirait.",
            "fermerait",
            "T10",
        ),
        ("La promesse selon laquelle le quai rouvrirait a été tenue.", "rouvrirait", "T3"),
        ("L'hypothèse selon laquelle le feu viendrait du grenier est écartée.", "viendrait", "T6"),
        (
            "Les rumeurs selon lesquelles le groupe serait à vendre sont infondées, a dit le PDG.",
            "serait",
            "T10",
        ),
        ("Faut-il croire les rumeurs selon lesquelles le stade fermerait ?", "fermerait", "T10"),
        ("L'idée selon laquelle le vin protégerait le cœur est fausse.", "protégerait", "T6"),
        ("L'annonce selon laquelle le prix doublerait a surpris.", "doublerait", "T3"),
    ],
)
def test_what_rumours_and_charges_hold_has_them_for_its_source(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Le suspect aurait voulu tuer sa femme, puis se serait ravisé.", "aurait voulu", HEARSAY),
        ("Tout le monde aurait voulu être là.", "aurait voulu", "T4"),
        ("Chaque élu aurait voulu sa photo.", "aurait voulu", "T4"),
        ("L'ancien gendarme aurait voulu se venger.", "aurait voulu", HEARSAY),
        ("Le suspect aurait voulu effacer les traces.", "aurait voulu", HEARSAY),
        ("La sœur de la victime aurait souhaité récupérer l'héritage.", "aurait souhaité", HEARSAY),
        ("Selon les enquêteurs, l'homme aurait voulu fuir par les toits.", "aurait voulu", "T10"),
        ("J'aurais voulu être pilote.", "aurais voulu", "T4"),
        ("On aurait voulu plus de débats.", "aurait voulu", "T4"),
        ("Nous aurions aimé être consultés.", "aurions aimé", "T4"),
        ("Les riverains aimeraient être consultés.", "aimeraient", "T4"),
        (
            "Le club souhaiterait se séparer de son entraîneur, indique le site Foot Lormel.",
            "souhaiterait",
            "T10",
        ),
    ],
)
def test_what_somebody_was_after_is_hearsay_and_a_wish_is_not(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Cette molécule bloquerait la multiplication des cellules.", "bloquerait", HEARSAY),
        ("Ce gène jouerait un rôle dans la maladie.", "jouerait", HEARSAY),
        ("Le café réduirait le risque de diabète.", "réduirait", HEARSAY),
        ("Le thé vert protégerait le cœur.", "protégerait", HEARSAY),
        ("L'aliment réduirait le risque de cancer.", "réduirait", HEARSAY),
        ("Cette bactérie produirait une toxine.", "produirait", HEARSAY),
        ("Le sucre favoriserait l'inflammation.", "favoriserait", HEARSAY),
        ("Cette taxe réduirait le déficit.", "réduirait", EFFECT),
        ("Cette mesure bloquerait les prix.", "bloquerait", EFFECT),
        ("Ce pont réduirait le trajet de dix minutes.", "réduirait", EFFECT),
        ("La fermeture du service aggraverait la mortalité.", "aggraverait", EFFECT),
        ("Une hausse du prix du tabac réduirait la mortalité.", "réduirait", "T2"),
    ],
)
def test_what_research_finds_is_hearsay(text, words, trap):
    assert trap_of(text, words) in trap.split(" or ")
