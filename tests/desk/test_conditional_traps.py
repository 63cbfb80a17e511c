"""Conditionals that go on from the sentence before, and those close to hearsay: each rule with its near misses."""

import pytest

from tests.desk.test_conditional_plans import HEARSAY, trap_of

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        (
            "Si la digue cédait, le camping serait inondé. Les caravanes flotteraient jusqu'au pont.",
            "flotteraient",
            "T6",
        ),
        (
            "Si la digue cédait, le camping serait inondé. L'eau atteindrait la mairie en deux heures.",
            "atteindrait",
            "T6",
        ),
        (
            "En cas de panne, la pompe de secours prendrait le relais. Elle fonctionnerait six heures.",
            "fonctionnerait",
            "T6",
        ),
        (
            "La loi, si elle est votée, interdirait les feux de forêt. Les contrevenants seraient punis d'une amende.",
            "seraient punis",
            "T6",
        ),
        (
            "La loi, si elle est votée, interdirait les feux de jardin. Les maires auraient trois mois pour l'appliquer.",
            "auraient",
            "T6",
        ),
        (
            "La halle pourrait accueillir un marché. Les étals seraient loués à la semaine.",
            "seraient loués",
            "T6",
        ),
        (
            "Si la digue cédait, le camping serait inondé. Le gardien aurait été prévenu hier par téléphone.",
            "aurait été prévenu",
            HEARSAY,
        ),
        (
            "Si la digue cédait, le camping serait inondé. Le gérant aurait touché 12 000 euros.",
            "aurait touché",
            HEARSAY,
        ),
        (
            "Si la digue cédait, le camping serait inondé. Selon la mairie, les travaux coûteraient un million.",
            "coûteraient",
            "T10",
        ),
        (
            "Le maire pourrait démissionner. Il serait en conflit avec son premier adjoint depuis des mois.",
            "serait",
            HEARSAY,
        ),
        (
            "Le suspect pourrait être jugé au printemps. Il serait actuellement détenu à Lormel.",
            "serait actuellement détenu",
            HEARSAY,
        ),
        ("La police pourrait élargir ses recherches. L'homme serait âgé de 40 ans.", "serait", HEARSAY),
        ("L'homme aurait fui par les toits. Il serait armé.", "serait", HEARSAY),
        (
            "En cas de rachat, le siège resterait à Lormel. Les salariés garderaient leurs congés, assure la direction.",
            "garderaient",
            "T10",
        ),
        (
            "Si l'avion était vendu, la base perdrait son escadron. D'après le commandant, 40 mécaniciens partiraient.",
            "partiraient",
            "T10",
        ),
    ],
)
def test_a_hypothesis_goes_on_in_the_next_sentence_and_facts_do_not(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Le maire a annoncé que la fête aurait lieu en juin.", "aurait lieu", "T3"),
        ("La préfecture a indiqué que la réunion se tiendrait mardi.", "se tiendrait", "T3"),
        ("Le directeur a précisé que les travaux débuteraient en mars.", "débuteraient", "T3"),
        ("La troupe a confirmé que le festival se déroulerait à la citadelle.", "se déroulerait", "T3"),
        ("La ministre a déclaré que le musée ouvrirait le 12 mai.", "ouvrirait", "T3"),
        ("Le syndicat a indiqué que le bac serait de retour lundi prochain.", "serait", "T3"),
        ("Le parquet a indiqué que le suspect serait mort dans la nuit.", "serait mort", "T10"),
        ("Le maire a affirmé que le trésorier disposerait d'un compte en Suisse.", "disposerait", "T10"),
        ("La voisine a raconté que les disputes auraient lieu chaque soir.", "auraient lieu", "T10"),
        ("La porte-parole a affirmé que le navire serait à quai depuis mardi.", "serait", "T10"),
        ("Le gérant a soutenu que ses comptes seraient à jour.", "seraient", "T10"),
        ("Lorsque le feu aurait pris, le gardien dormait.", "aurait pris", HEARSAY),
        ("L'homme aurait été frappé après que sa femme aurait appelé la police.", "aurait appelé", HEARSAY),
        ("Le témoin a déclaré que le chauffeur aurait bu avant le départ.", "aurait bu", "T10"),
        ("Le service a indiqué que le virus circulerait depuis l'automne.", "circulerait", "T10"),
    ],
)
def test_an_event_told_of_in_a_past_lies_in_its_future_and_a_state_does_not(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("La mairie ne saurait être tenue responsable des vols.", "ne saurait être", "T5"),
        ("Un tel retard ne saurait se reproduire.", "ne saurait", "T5"),
        ("L'aide ne saurait tarder.", "ne saurait", "T5"),
        ("Il vaudrait mieux fermer la vanne.", "vaudrait", "T5"),
        ("Mieux vaudrait attendre le printemps.", "vaudrait", "T5"),
        ("Il conviendrait de prévenir les riverains.", "conviendrait", "T5"),
        ("Le maire aurait mieux fait de se taire.", "aurait mieux fait", "T11"),
        ("La régie aurait mieux fait d'attendre.", "aurait mieux fait", "T11"),
        ("Le fils du maire saurait piloter un avion.", "saurait", HEARSAY),
        ("La maison vaudrait un million d'euros.", "vaudrait", HEARSAY),
        ("Le candidat ne saurait rien de l'affaire.", "ne saurait", HEARSAY),
        ("Le garçon ne saurait pas nager.", "ne saurait", HEARSAY),
        ("Les élus auraient mieux fait d'écouter les habitants.", "auraient mieux fait", "T11"),
        ("Le conducteur aurait mieux fait de rester couché.", "aurait mieux fait", "T11"),
    ],
)
def test_set_verbs_of_duty_are_told_by_their_words(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Le vieux garde ne ferait pas de mal à une mouche.", "ne ferait pas", "T13"),
        ("On serait tenté de croire à un hasard.", "serait tenté", "T13"),
        ("Personne n'aurait parié sur ce cheval.", "n'aurait parié", "T13"),
        ("Personne n'aurait imaginé une telle affluence.", "n'aurait imaginé", "T13"),
        ("Peu de gens auraient misé un euro sur cette librairie.", "auraient misé", "T13"),
        ("Qui l'aurait cru, la librairie fête ses vingt ans.", "l'aurait cru", "T13"),
        (
            "Le juge a refusé la libération du suspect, qui aurait frappé sa voisine.",
            "aurait frappé",
            HEARSAY,
        ),
        ("Le maire a renoncé à son voyage. Il aurait reçu des menaces.", "aurait reçu", HEARSAY),
        (
            "Le gardien a évité la police, qui aurait perquisitionné son bureau.",
            "aurait perquisitionné",
            HEARSAY,
        ),
        ("Deux personnes auraient parié sur la course truquée.", "auraient parié", HEARSAY),
        ("Le gardien de but serait tenté de rejoindre un club italien.", "serait tenté", HEARSAY),
        ("Trois joueurs auraient parié contre leur équipe.", "auraient parié", HEARSAY),
        ("Qui aurait parié sur une telle reprise ?", "aurait parié", "T7"),
    ],
)
def test_what_was_only_imagined_or_prevented_is_no_hearsay(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Il fonda un journal qui deviendrait, dix ans plus tard, le premier du pays.", "deviendrait", "T3"),
        ("Elle deviendrait juge vingt ans plus tard.", "deviendrait", "T3"),
        ("Il ignorait qu'il ne reverrait plus sa maison.", "ne reverrait plus", "T3"),
        ("Elle ne savait pas encore que ce serait son dernier film.", "serait", "T3"),
        ("Le soldat ignorait que la guerre durerait quatre ans.", "durerait", "T3"),
        ("La promesse selon laquelle le quai resterait ouvert a rassuré.", "resterait", "T3"),
        ("Des informations selon lesquelles le quai serait fermé circulent.", "serait fermé", "T10"),
        ("La rumeur selon laquelle le chanteur serait malade court depuis mardi.", "serait", "T10"),
        ("L'hypothèse selon laquelle le feu viendrait du grenier est écartée.", "viendrait", "T6"),
        ("L'accusation selon laquelle le maire aurait truqué le vote est grave.", "aurait truqué", "T10"),
        (
            "Une enquête selon laquelle un quart des puits seraient pollués inquiète les éleveurs.",
            "seraient pollués",
            "T10",
        ),
        ("Le président ignorerait tout de l'affaire.", "ignorerait", HEARSAY),
    ],
)
def test_a_promise_and_a_narrative_look_ahead(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        (
            "Le directeur, dont le salaire dépasserait 20 000 euros, refuse de répondre.",
            "dépasserait",
            HEARSAY,
        ),
        (
            "Le club cherche un acheteur pour son attaquant, dont le salaire atteindrait 3 millions.",
            "atteindrait",
            HEARSAY,
        ),
        (
            "Le maire dénonce un promoteur dont la fortune s'élèverait à dix millions d'euros.",
            "s'élèverait",
            HEARSAY,
        ),
        ("La maladie serait transmise par une tique.", "serait transmise", HEARSAY),
        ("La fièvre serait causée par un parasite.", "serait causée", HEARSAY),
        ("La panne serait provoquée par un logiciel.", "serait provoquée", HEARSAY),
        (
            "Selon Marc Vidal, le directeur, dont le salaire dépasserait 20 000 euros, a menti.",
            "dépasserait",
            "T10",
        ),
    ],
)
def test_facts_and_results_told_in_the_conditional_stay_hearsay(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Le rapport suggère que la nappe serait polluée.", "serait polluée", "T10"),
        ("Une étude estime que la moitié des haies auraient disparu.", "auraient disparu", "T10"),
        ("La note indique que le pont serait fragile.", "serait", "T10"),
        ("Un document interne révèle que la direction aurait été prévenue.", "aurait été prévenue", "T10"),
        ("Ces analyses suggèrent que le vin aurait été coupé.", "aurait été coupé", "T10"),
        ("L'enquête montre que le feu serait parti de la cave.", "serait parti", "T10"),
        ("Le syndicat suggère que la prime serait versée en juin.", "serait versée", "T6"),
        ("La maire suggère que la foire déménagerait au stade.", "déménagerait", "T6"),
        ("L'association suggère que le marché déménagerait.", "déménagerait", "T6"),
    ],
)
def test_a_document_that_suggests_is_a_source(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        (
            "Le bus coûte 29 500 euros par an ; le minibus en coûterait 17 400, selon la note. L'économie serait de 12 100 euros.",
            "serait",
            "T6",
        ),
        ("Imaginez une ville sans voitures. Les enfants joueraient dans la rue.", "joueraient", "T6"),
        ("Imaginez une ville sans voitures. Ce serait le silence.", "serait", "T6"),
        (
            "Si l'écart valait pour 1995, il faudrait lire 41 nids. La population aurait alors été multipliée par 3.",
            "aurait alors été multipliée",
            "T6",
        ),
        ("À raison d'un arbre par jour, la haie serait finie en mai.", "serait finie", "T2"),
        ("Au rythme actuel, le chantier durerait dix ans.", "durerait", "T2"),
        ("L'élue refuse des listes par rue, où l'on reconnaîtrait les familles.", "reconnaîtrait", "T6"),
        (
            "Elle est favorable aux chiffres par école, mais pas par rue, où l'on reconnaîtrait les familles.",
            "reconnaîtrait",
            "T6",
        ),
        (
            "Les secours ont cherché toute la nuit. Le 19 janvier, l'homme aurait laissé une lettre.",
            "aurait laissé",
            HEARSAY,
        ),
        ("Au rythme actuel, le voleur aurait pris dix vélos.", "aurait pris", HEARSAY),
    ],
)
def test_figures_and_scenes_worked_out_are_hypotheses(text, words, trap):
    assert trap_of(text, words) == trap
