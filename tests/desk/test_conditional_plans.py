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
            "D'après l'expert, le toit, qui aurait cédé si la neige avait tenu, sera refait.",
            "aurait cédé",
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
        ("S'il avait plu, le feu se serait éteint, explique le commandant.", "se serait éteint", "T1"),
        ("Si le club descendait, l'entraîneur partirait, affirme le président.", "partirait", "T1"),
        ("Il aurait demandé au gardien si la porte était fermée.", "aurait demandé", HEARSAY),
        ("Le témoin aurait demandé si la police arrivait.", "aurait demandé", HEARSAY),
        (
            "Le maire, qui aurait perdu son siège si trois voix avaient manqué, se dit soulagé.",
            "aurait perdu",
            "T1",
        ),
        ("Le ministre aurait assuré qu'il partirait si le texte était rejeté.", "aurait assuré", HEARSAY),
        ("Le ministre aurait proposé de payer la dette si le club était vendu.", "aurait proposé", HEARSAY),
    ],
)
def test_a_condition_is_heard_wherever_it_stands_but_not_in_what_is_threatened(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Reste à savoir qui paierait les travaux.", "paierait", "T7"),
        ("Reste à savoir si le conseil voterait un tel budget.", "voterait", "T7"),
        ("Reste à savoir comment les élèves rejoindraient le collège.", "rejoindraient", "T7"),
        ("Reste à savoir quand le tunnel rouvrirait.", "rouvrirait", "T7"),
        ("On ignore qui dirigerait la nouvelle équipe.", "dirigerait", "T7"),
        ("On ignore encore à qui la halle serait vendue.", "serait vendue", "T7"),
        ("La question est de savoir où seraient logées les familles.", "seraient logées", "T7"),
        ("Toute la question est de savoir qui prendrait la relève.", "prendrait", "T7"),
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
        ("Même battu, le sortant garderait son siège au conseil régional.", "garderait", "T2"),
        ("Même réélu, le maire n'aurait plus de majorité.", "n'aurait plus", "T2"),
        ("Même absente, la présidente garderait la main sur le vote.", "garderait", "T2"),
        ("Même sans lui, l'équipe jouerait le titre.", "jouerait", "T2"),
        ("Même à dix, les Verts tiendraient le nul.", "tiendraient", "T2"),
        ("Même rénovée, la salle resterait trop petite.", "resterait", "T2"),
        ("Même fermé, le site coûterait un million par an, selon la préfecture.", "coûterait", "T2"),
        ("Même le maire aurait voté contre.", "aurait voté", HEARSAY),
        ("Même des élus seraient impliqués.", "seraient impliqués", HEARSAY),
        ("Même blessé, le suspect aurait pris la fuite.", "aurait pris", HEARSAY),
        ("Même en prison, le caïd dirigerait toujours son réseau.", "dirigerait", HEARSAY),
        ("Même lui serait impliqué.", "serait impliqué", HEARSAY),
        ("Même après son départ, l'ancien maire toucherait une indemnité.", "toucherait", HEARSAY),
        ("Même blessé, le braqueur serait encore en fuite.", "serait encore", HEARSAY),
    ],
)
def test_even_with_a_participle_is_a_condition(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Le projet de loi, qui obligerait les bailleurs à isoler, sera examiné en mai.", "obligerait", "T6"),
        ("Le texte, qui interdirait les feux de jardin, divise la majorité.", "interdirait", "T6"),
        ("Une telle taxe, qui toucherait surtout les bourgs, est jugée injuste.", "toucherait", "T6"),
        ("La réforme, qui supprimerait deux lignes, a été présentée lundi.", "supprimerait", "T6"),
        (
            "Ce minerai, dont l'exploitation bouleverserait la vallée, attire trois groupes.",
            "bouleverserait",
            "T6",
        ),
        ("La fermeture du bureau, qui priverait le village de courrier, est contestée.", "priverait", "T6"),
        ("Le plan, qui coûterait 3 millions d'euros, a été présenté au conseil.", "coûterait", "T6"),
        (
            "Le texte, qui aurait été écrit par un ministre, circule depuis lundi.",
            "aurait été écrit",
            HEARSAY,
        ),
        ("La société, dont la fortune viendrait du pétrole, est visée.", "viendrait", HEARSAY),
        ("Le gang, qui toucherait des commissions, est surveillé.", "toucherait", HEARSAY),
        ("L'exploitation, qui emploierait des mineurs, a été contrôlée.", "emploierait", HEARSAY),
        ("Le directeur, qui quitterait le groupe en mai, n'a pas répondu.", "quitterait", HEARSAY),
        ("Le directeur du projet, qui toucherait 20 000 euros par mois, se tait.", "toucherait", HEARSAY),
        ("Le promoteur de la réforme, qui cumulerait trois salaires, se tait.", "cumulerait", HEARSAY),
    ],
)
def test_what_a_plan_would_do_is_no_hearsay_and_what_a_thing_does_is(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Une telle barrière ruinerait les pêcheurs, prévient le syndicat.", "ruinerait", EFFECT),
        ("Un moratoire permettrait de souffler, estime l'association.", "permettrait", EFFECT),
        ("Ce type de péage profiterait aux plus riches, selon l'économiste.", "profiterait", EFFECT),
        (
            "Faut-il rouvrir la mine ? Pour ses partisans, elle procurerait 300 emplois.",
            "procurerait",
            EFFECT,
        ),
        (
            "Faut-il rouvrir la gare ? Selon la région, cela coûterait 3 millions d'euros.",
            "coûterait",
            EFFECT,
        ),
        (
            "Faut-il interdire les feux ? La mesure sauverait des vies, selon les médecins.",
            "sauverait",
            EFFECT,
        ),
        (
            "Le maire propose de fermer le pont. Cela saturerait la rocade, prévient le préfet.",
            "saturerait",
            EFFECT,
        ),
        ("Selon la direction, la prime coûterait 3 millions d'euros.", "coûterait", "T10"),
        ("Selon le quotidien, un tel contrat serait déjà signé.", "serait déjà signé", "T10"),
        ("Selon nos informations, un homme serait retranché dans la tour.", "serait retranché", "T10"),
        ("Un élu toucherait des pots-de-vin, selon la radio locale.", "toucherait", "T10"),
        ("Selon le parquet, un policier aurait permis la fuite.", "aurait permis", "T10"),
        ("Faut-il croire la rumeur ? Selon la police, elle aurait coûté un million.", "aurait coûté", "T10"),
        ("Le maire propose de fermer le pont. Selon l'expert, il serait fissuré.", "serait fissuré", "T10"),
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
        ("Un contrôle aurait évité ce drame, selon le syndicat.", "aurait évité", "T2"),
        ("Une enquête interne aurait montré des irrégularités.", "aurait montré", HEARSAY),
        ("Un contrôle aurait eu lieu mardi.", "aurait eu", HEARSAY),
        ("Un voisin l'aurait montré à la police.", "l'aurait montré", HEARSAY),
        ("Un passant aurait évité le drame.", "aurait évité", HEARSAY),
        ("Le suspect n'aurait fait que surveiller la porte.", "n'aurait fait", HEARSAY),
        ("Un policier l'aurait empêché de fuir.", "l'aurait empêché", HEARSAY),
        ("Un contrôle de police l'aurait fait fuir.", "l'aurait fait", HEARSAY),
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
        ("L'affirmation selon laquelle le lait donnerait des boutons est fausse.", "donnerait", "T10"),
        ("L'idée selon laquelle le vin protégerait le cœur est fausse.", "protégerait", "T6"),
        (
            "La presse relaie l'accusation selon laquelle le maire aurait payé et menacé un témoin.",
            "aurait payé",
            "T10",
        ),
        ("L'annonce selon laquelle le prix doublerait a surpris.", "doublerait", "T3"),
    ],
)
def test_what_rumours_and_charges_hold_has_them_for_its_source(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("L'ancien gendarme aurait voulu se venger.", "aurait voulu", HEARSAY),
        ("Le suspect aurait voulu effacer les traces.", "aurait voulu", HEARSAY),
        ("La sœur de la victime aurait souhaité récupérer l'héritage.", "aurait souhaité", HEARSAY),
        ("Selon les enquêteurs, l'homme aurait voulu fuir par les toits.", "aurait voulu", "T10"),
        ("J'aurais voulu être pilote.", "aurais voulu", "T4"),
        ("On aurait voulu plus de débats.", "aurait voulu", "T4"),
        ("Nous aurions aimé être consultés.", "aurions aimé", "T4"),
        ("Les riverains aimeraient être consultés.", "aimeraient", "T4"),
        ("Le maire souhaiterait rouvrir la piscine.", "souhaiterait", "T4"),
        (
            "Le club souhaiterait se séparer de son entraîneur, indique le site Foot Lormel.",
            "souhaiterait",
            "T10",
        ),
        ("Selon la presse anglaise, le milieu aimerait rejoindre Lyon.", "aimerait", "T10"),
        ("D'après nos informations, le groupe voudrait vendre sa filiale.", "voudrait", "T10"),
        ("Le maire souhaiterait rouvrir la piscine, a-t-il indiqué.", "souhaiterait", "T4"),
        ("Le maire aimerait être consulté, explique-t-il.", "aimerait", "T4"),
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
        ("La vitamine D renforcerait les os.", "renforcerait", HEARSAY),
        ("Ce virus se transmettrait par l'air.", "se transmettrait", HEARSAY),
        ("Cette taxe réduirait le déficit.", "réduirait", EFFECT),
        ("Cette mesure bloquerait les prix.", "bloquerait", EFFECT),
        ("Ce pont réduirait le trajet de dix minutes.", "réduirait", EFFECT),
        ("La fermeture du service aggraverait la mortalité.", "aggraverait", EFFECT),
        ("Une hausse du prix du tabac réduirait la mortalité.", "réduirait", "T2"),
    ],
)
def test_what_research_finds_is_hearsay(text, words, trap):
    assert trap_of(text, words) in trap.split(" or ")
