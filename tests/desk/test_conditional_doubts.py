"""Present conditionals that nobody is heard behind: stories of a past, plans told of, effects foretold."""

import pytest

from tests.desk.test_conditional_plans import HEARSAY, trap_of

pytestmark = pytest.mark.any_database

DOUBT = "T2 or T3 or T6"


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        (
            "Né à Brévanne en 1921, le sculpteur s'installerait après la guerre à Lormel, où il fonderait une école.",
            "s'installerait",
            "T3",
        ),
        (
            "Né à Brévanne en 1921, le sculpteur s'installerait après la guerre à Lormel, où il fonderait une école.",
            "fonderait",
            DOUBT,
        ),
        (
            "L'exposition ouvrit un soir de pluie. Elle n'attirerait finalement que quelques badauds.",
            "attirerait",
            "T3",
        ),
        ("Elle quitta la scène en 1954. Elle mourrait deux ans plus tard.", "mourrait", "T3"),
        ("Le navire leva l'ancre à l'aube. Il ne reviendrait jamais.", "reviendrait", "T3"),
        ("Entré à la mine à douze ans, il y passerait trente ans.", "passerait", "T3"),
        ("Fille de maçon, elle épousa un notaire. Le couple ouvrirait une étude.", "ouvrirait", "T3"),
        ("En 1912, le pont fut inauguré. La crue l'emporterait l'hiver suivant.", "l'emporterait", "T3"),
        (
            "Diplômée en 1938, elle rejoindrait la Résistance et dirigerait un maquis.",
            "dirigerait",
            "T3",
        ),
        ("Né à Brévanne en 1971, le suspect aurait tué trois femmes.", "aurait tué", HEARSAY),
        ("Né en 1980, le prédicateur vivrait aujourd'hui en Turquie.", "vivrait", HEARSAY),
        (
            "Le trafiquant s'est évadé en 2019. Il vivrait à Dubaï sous une fausse identité.",
            "vivrait",
            HEARSAY,
        ),
        ("Le chanteur a quitté son groupe en mai. Il souffrirait d'une dépression.", "souffrirait", HEARSAY),
        ("Arrêté en 2021, le caïd dirigerait encore son réseau.", "dirigerait", HEARSAY),
        ("Bâti en 1650, le château recèlerait un souterrain.", "recèlerait", HEARSAY),
        ("La bataille dura trois jours. Elle ferait dix mille morts.", "ferait", "T3"),
        ("Née en 1898, la danseuse vivrait longtemps à Lormel.", "vivrait", "T3"),
    ],
)
def test_what_came_later_in_a_story_is_no_hearsay_and_what_goes_on_now_is(text, words, trap):
    assert trap_of(text, words) in trap.split(" or ")


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("La toiture serait refaite à la Toussaint, avait juré l'ancienne équipe.", "serait refaite", "T3"),
        ("Les travaux finiraient au printemps, promettait l'entreprise.", "finiraient", "T3"),
        ("Le témoin dit avoir compris que la voiture ne tiendrait pas.", "tiendrait", "T3"),
        ("Le patron savait que la banque refuserait.", "refuserait", "T3"),
        ("Elle pensait que le train serait à l'heure.", "serait", "T3"),
        ("Personne ne se doutait que la digue lâcherait.", "lâcherait", "T3"),
        ("Le stade, avait annoncé le club, ouvrirait en mai.", "ouvrirait", "T3"),
        ("Le loyer n'augmenterait pas, avait assuré le bailleur.", "augmenterait", "T3"),
        ("Des internautes assuraient que la source serait polluée.", "serait polluée", "T10"),
        ("Le comptable affirmait que la caisse serait vide.", "serait", "T10"),
        ("Le maire toucherait des commissions, avait affirmé son adjoint.", "toucherait", "T10"),
        ("La source serait polluée, assuraient des internautes.", "serait polluée", "T10"),
        ("L'otage serait détenu au nord, avait indiqué l'armée.", "serait détenu", "T10"),
        ("Le cargo aurait coulé, avait annoncé la radio.", "aurait coulé", "T10"),
        ("Rien ne serait décidé sans les riverains, promettait le préfet.", "serait décidé", "T3"),
        ("Il jure avoir cru que l'arme ne partirait pas.", "partirait", "T3"),
        ("Le syndicat affirmait que des cadres seraient payés au noir.", "seraient payés", "T10"),
        ("Les assaillants seraient venus en voiture, racontait hier un témoin.", "seraient venus", "T10"),
    ],
)
def test_what_was_to_come_is_no_hearsay_where_its_teller_is_inserted(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Avec deux lignes en service, le trajet durerait vingt minutes.", "durerait", "T2"),
        ("Avec le péage en vigueur, le trafic baisserait d'un tiers.", "baisserait", "T2"),
        ("À ce rythme, la nappe serait vide en 2040.", "serait", "T2"),
        ("Dans cette configuration, la salle accueillerait 800 personnes.", "accueillerait", "T2"),
        ("À ce compte, l'hôpital fermerait dans deux ans.", "fermerait", "T2"),
        ("Au train actuel, la forêt disparaîtrait avant la fin du siècle.", "disparaîtrait", "T2"),
        ("Au rythme où vont les choses, l'école fermerait en juin.", "fermerait", "T2"),
        ("Le club aurait alors peu de chances de se maintenir.", "aurait", "T6"),
        ("La commune perdrait alors sa dotation.", "perdrait", "T6"),
        ("Le suspect aurait alors pris la fuite.", "aurait alors pris", HEARSAY),
        ("Avec son frère, il dirigerait un réseau de contrebande.", "dirigerait", HEARSAY),
        ("Avec l'aide d'un complice, elle aurait vidé le coffre.", "aurait vidé", HEARSAY),
        ("Dans cette cave, le couple cacherait des armes.", "cacherait", HEARSAY),
        ("À ce jour, le chantier compterait trois morts.", "compterait", HEARSAY),
        ("Le gang disposerait alors de trois caches.", "disposerait", DOUBT),
        ("Avec le nouveau mode de calcul, trois communes perdraient leur dotation.", "perdraient", "T2"),
        ("Il ne resterait alors que deux médecins.", "resterait", "T6"),
        ("Le cargo dériverait alors que le port est en vue.", "dériverait", HEARSAY),
    ],
)
def test_a_frame_at_the_head_of_the_sentence_is_a_condition(text, words, trap):
    assert trap_of(text, words) in trap.split(" or ")


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Le conseil a voté la création d'un fonds. Celui-ci aiderait les commerçants.", "aiderait", DOUBT),
        ("La région propose une navette. Celle-ci desservirait douze communes.", "desservirait", DOUBT),
        (
            "Le département étudie un collège. L'établissement accueillerait 600 élèves.",
            "accueillerait",
            DOUBT,
        ),
        ("Un projet de halle est sur la table. L'équipement serait livré en 2030.", "livré", DOUBT),
        (
            "La ville veut un abonnement unique. Le dispositif coûterait 2 millions par an.",
            "coûterait",
            DOUBT,
        ),
        ("La ministre annonce un fonds. Ce dernier serait doté de 3 millions.", "serait doté", DOUBT),
        ("Les élus débattent d'une piscine. Le bâtiment compterait trois bassins.", "compterait", DOUBT),
        ("La police recherche un homme. Celui-ci serait âgé de 30 ans.", "serait", HEARSAY),
        ("Le directeur a quitté la ville. Ce dernier vivrait à Malte.", "vivrait", HEARSAY),
        ("La justice enquête sur un fonds. Celui-ci abriterait de l'argent sale.", "abriterait", HEARSAY),
        ("Un inspecteur a visité le foyer. L'établissement cacherait des retards.", "cacherait", HEARSAY),
        ("Un refuge est proposé. Il compterait quarante couchettes.", "compterait", "T6"),
        ("Le maire projette de partir. Il compterait rejoindre Lormel.", "compterait", HEARSAY),
    ],
)
def test_what_takes_up_a_plan_is_part_of_it(text, words, trap):
    assert trap_of(text, words) in trap.split(" or ")


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        (
            "La chercheuse prévient : un réchauffement de deux degrés ferait disparaître l'espèce.",
            "ferait",
            "T2",
        ),
        ("Le syndicat avertit qu'une fermeture priverait le canton de médecin.", "priverait", "T2"),
        ("Selon l'institut, une hausse d'un point supprimerait 3 000 emplois.", "supprimerait", "T2"),
        ("D'après la fédération, un gel tardif détruirait la récolte.", "détruirait", "T2"),
        ("L'association prévient : un barrage noierait la vallée.", "noierait", "T2"),
        ("Une baisse des dotations coûterait dix postes au lycée, selon le recteur.", "coûterait", "T2"),
        ("Selon la presse, un réseau priverait les migrants de leurs papiers.", "priverait", "T10"),
        ("Selon le parquet, un entrepreneur verserait des pots-de-vin.", "verserait", "T10"),
        ("Selon l'ONG, une usine détruirait la mangrove.", "détruirait", "T10"),
        ("Selon la radio, une explosion aurait détruit le dépôt.", "aurait détruit", "T10"),
        ("Selon l'armée, une attaque aurait fait dix morts.", "aurait fait", "T10"),
        ("Selon la préfète, une fuite serait à l'origine du feu.", "serait", "T10"),
    ],
)
def test_what_an_abstract_event_would_do_is_no_hearsay_whoever_says_so(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Le président n'aurait pas apprécié la sortie de son ministre.", "apprécié", HEARSAY),
        ("La direction aurait préféré un candidat interne.", "aurait préféré", HEARSAY),
        ("Le roi aurait peu goûté la plaisanterie.", "goûté", HEARSAY),
        ("L'entraîneur aurait peu apprécié ces propos.", "apprécié", HEARSAY),
        ("Mme Valmont n'aurait guère aimé le portrait.", "aimé", HEARSAY),
        ("L'ancien ministre serait pressenti pour diriger le musée.", "serait", HEARSAY),
        ("La sénatrice serait favorite pour le poste.", "serait", HEARSAY),
        ("Son adjoint serait en pole position.", "serait", HEARSAY),
        ("L'attaquant serait dans le viseur de trois clubs.", "serait", HEARSAY),
        ("Le gardien serait sur le départ.", "serait", HEARSAY),
        ("Le milieu serait proche de Lormel.", "serait", HEARSAY),
        ("Les riverains auraient préféré un parc.", "auraient préféré", "T4"),
        ("J'aurais préféré un vélo.", "aurais préféré", "T4"),
        ("On aurait préféré du soleil.", "aurait préféré", "T4"),
        ("Beaucoup auraient aimé en savoir plus.", "auraient aimé", "T4"),
        ("Le maire aimerait rouvrir la halle.", "aimerait", "T4"),
        ("Elle aurait aimé être danseuse.", "aurait aimé", "T4"),
    ],
)
def test_what_somebody_did_not_like_is_hearsay_and_who_is_tipped_too(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Si l'on en croit la presse, le club vendrait son gardien.", "vendrait", "T10"),
        ("Si l'on se fie à la presse, le prix aurait doublé.", "aurait doublé", "T10"),
        ("Si on se fie aux enquêteurs, le chauffeur dormirait.", "dormirait", "T10"),
        ("À en croire son avocat, le suspect serait malade.", "serait", "T10"),
        ("Le prix serait de 3 millions, si l'on en croit le site.", "serait", "T10"),
        ("Le club vendrait son gardien, à en croire la presse.", "vendrait", "T10"),
        ("Si l'on en juge par les factures, la mairie aurait payé deux fois.", "aurait payé", "T10"),
        ("Si l'on se fiait à son humeur, on ne ferait rien.", "ferait", "T1"),
        ("Si l'on croit au projet, il faut payer et la ville paierait.", "paierait", "T1"),
        ("À l'en croire, le coffre serait vide.", "serait", "T10"),
    ],
)
def test_believing_somebody_names_a_source_not_a_condition(text, words, trap):
    assert trap_of(text, words) == trap


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("La navette relierait la gare au port en dix minutes.", "relierait", DOUBT),
        ("Les élèves déjeuneraient en deux services.", "déjeuneraient", DOUBT),
        ("Le nouveau bassin se viderait deux fois par jour.", "se viderait", DOUBT),
        ("Les habitants trieraient leurs déchets à la source.", "trieraient", DOUBT),
        ("La lave atteindrait la mer en deux heures.", "atteindrait", f"{DOUBT} or {HEARSAY}"),
        ("Le suspect aurait fui vers la côte. Il voyagerait avec un faux passeport.", "voyagerait", HEARSAY),
        (
            "Le maire aurait reçu des enveloppes et voyagerait aux frais d'un promoteur.",
            "voyagerait",
            HEARSAY,
        ),
        ("La rumeur enfle : le club déménagerait à Lormel.", "déménagerait", HEARSAY),
        ("Coup de théâtre : le groupe fermerait trois usines.", "fermerait", HEARSAY),
        ("Le groupe fermerait trois usines.", "fermerait", HEARSAY),
        ("Le constructeur délocaliserait sa production au Maroc.", "délocaliserait", HEARSAY),
        ("Le trafiquant blanchirait son argent dans des restaurants.", "blanchirait", HEARSAY),
        ("L'entreprise emploierait des sans-papiers.", "emploierait", HEARSAY),
        ("Des mineurs travailleraient sur le chantier.", "travailleraient", HEARSAY),
        ("Le couple se séparerait après dix ans de mariage.", "se séparerait", HEARSAY),
        ("Le ministre démissionnerait dans la semaine.", "démissionnerait", HEARSAY),
        ("Le chef de l'État recevrait l'opposant en secret.", "recevrait", HEARSAY),
        ("L'acteur prêterait sa voix au prochain film.", "prêterait", HEARSAY),
        ("Des médecins factureraient des actes fictifs.", "factureraient", HEARSAY),
        ("Des snipers tireraient sur les civils.", "tireraient", HEARSAY),
        ("Le champion se doperait depuis l'adolescence.", "se doperait", HEARSAY),
        ("Le tunnel, qui relierait les deux vallées, divise les élus.", "relierait", DOUBT),
        ("Des bornes équiperaient chaque quartier.", "équiperaient", DOUBT),
        ("Le notaire antidaterait des actes.", "antidaterait", HEARSAY),
    ],
)
def test_a_dynamic_verb_is_hearsay_only_where_a_rumour_speaks(text, words, trap):
    assert trap_of(text, words) in trap.split(" or ")


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Le festival vivrait mieux seul, plaide l'élue Nora Vell.", "vivrait", "T2"),
        ("Le festival vivrait mieux seul, indique l'élue Nora Vell.", "vivrait", "T10"),
        ("Le péage aurait rapporté peu, plaide l'élue Nora Vell.", "aurait rapporté", "T10"),
        ("Une livraison d'armes constituerait un affront, avertit la préfecture.", "constituerait", "T2"),
        ("Le lac déborderait dans la nuit, avertit la préfecture.", "déborderait", "T2"),
        ("Le fuyard se cacherait dans le massif, a averti la préfecture.", "se cacherait", "T10"),
        ("Le robot grimpe aux arbres comme le ferait un écureuil.", "ferait", "T13"),
        ("Avec un peu plus de chance, Valmer aurait mené à la pause.", "aurait mené", "T2"),
        ("Il l'ignorait encore : ce carnet lui vaudrait un prix.", "vaudrait", "T3"),
        ("La directrice réclame un comité, qui serait composé d'usagers.", "serait composé", "T6"),
        ("La directrice réclame le départ du maire, qui serait malade.", "serait", "hearsay"),
        ("Les deux ministres seraient convenus d'un échange.", "seraient convenus", "hearsay"),
    ],
)
def test_what_somebody_argues_or_asks_for_is_no_hearsay(text, words, trap):
    assert trap_of(text, words) == trap
