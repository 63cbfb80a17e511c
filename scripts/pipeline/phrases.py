"""The words of the template sentences: whoever speaks, the verbs of saying, and what stands between them.

A phrase is written « form_TAG » or « form=lemma_TAG », word by word: P adposition, D determiner, N noun, A adjective
after its noun, B before it, X name, R adverb, T participle, Q « qui », V finite verb, M number; then m or f, s or p;
K « que », H pronoun before its verb, W auxiliary, U participle of a relative clause, O pronoun, I infinitive's « de ».
Every person, place and institution is invented.
"""


def words(text: str) -> list[str]:
    """The words of one of these lists."""
    return text.split()


WOMEN = words("""Jeanne Solène Maud Clarisse Inès Aïcha Perrine Noémie Odile Sabine Leïla Hortense Fanny Mireille Ottilie
Rozenn Anne-Lise Marie-Aude Chiara Yuna Ewa Fatoumata Ingrid Mathilde Irina""")
MEN = words("""Paul Yannick Bastien Firmin Ludovic Karim Alban Octave Thibaut Gildas Rémi Hakim Aurélien Tanguy Marcelin
Jean-Loup Pierre-Yves Anselme Dario Mamadou Lars Joris Émile Viktor Stefan""")
SURNAMES = words("""Morvan Kerbrat Aubertin Delastre Vauquelet Rivoire-Blanc Santerre Boulmier Ferrandel Lescuyer Ouadhi
Tréguenec Marchesson Puyvalier Castaing-Roux Nordmeyer Bellancourt Sissoka Grandvaux Hautecloque Pelletan Zermatti
Vasquenoy Dormelles O'Karney Brisefer Lamberdière Courtemay Falgueyrac Destrem Wachenfeld Ibarranetz Nguyenval
Quéméneur Mauvezin Tassignac Orsolini Jakubecz Villeprade Montabert""")
PLACES = words("""Valmont Saint-Aubin-la-Forge Brévans Corvilly Port-Ésule Mirefleurs-sur-Orne Trézac Lanvaudry Hautepierre
Valdorée Beauchâtel Kermadou Sault-le-Vieux Orvigny Marsançon Estreville""")
ACRONYMS = words("OREF CGX UNPT SLVM FNTA Adrep ARSM Unicop CFRT Medira")
OUTLETS = ["Radio_X Bocage_X", "France_X Horizon_X", "TV-Rives_X", "Corvus_X", "L'_X Écho_X valmontois_X"]

ROLES = """préfète f|préfet m|maire m|maire f|procureure f|procureur m|ministre m|ministre f|présidente f|président m
directrice f|directeur m|porte-parole m|porte-parole f|avocate f|avocat m|sénatrice f|sénateur m|députée f|député m
chercheuse f|chercheur m|élue f|élu m|commissaire m|commandant m|capitaine m|gendarme m|juge f|greffière f|médecin m
infirmière f|syndicaliste m|militante f|historienne f|sociologue f|géologue m|économiste f|agriculteur m|riveraine f
habitant m|témoin m|entraîneur m|sélectionneuse f|évêque m|recteur m|proviseure f|chef m|cheffe f|secrétaire f
négociateur m|ambassadrice f|chancelier m|patronne f|gérant m|fondatrice f|rapporteure f|adjoint m"""

COMPLEMENTS = """de_P la_Dfs préfecture_Nfs|de_P la_Dfs région_Nfs|du=de_P département_Nms|de_P l'_Dfs hôpital_Nms
de_P l'_Dfs association_Nfs|du=de_P syndicat_Nms|de_P la_Dfs société_Nfs|des=de_P Transports_Nmp|de_P l'_Dfs Eau_Nfs
du=de_P groupe_Nms industriel_Ams|de_P la_Dfs commission_Nfs d'_P enquête_Nfs|des=de_P Affaires_Nfp étrangères=étranger_Afp
de_P la_Dfs chambre_Nfs d'_P agriculture_Nfs|du=de_P conseil_Nms régional_Ams|chargé_Tms de_P la_Dfs sécurité_Nfs
chargée_Tfs de_P l'_Dfs environnement_Nms|du=de_P club_Nms|de_P la_Dfs Santé_Nfs|en_P exercice_Nms
de_P la_Dfs fédération_Nfs nationale_Afs|de_P l'_Dfs usine_Nfs|à_P la_Dfs retraite_Nfs|du=de_P quartier_Nms"""

INSTITUTIONS = """le_Dms parquet_Nms|la_Dfs préfecture_Nfs|la_Dfs mairie_Nfs|le_Dms gouvernement_Nms|l'_Dfs armée_Nfs
le_Dms ministère_Nms de_P l'_Dfs Intérieur_Nms|la_Dfs gendarmerie_Nfs|l'_Dfs association_Nfs Les_X Rives_X
le_Dms syndicat_Nms|la_Dfs direction_Nfs de_P l'_Dfs entreprise_Nfs|l'_Dfs agence_Nfs Corvus_X|l'_Dms hôpital_Nms
le_Dms collectif_Nms Plein_X Vent_X|la_Dfs régie_Nfs des=de_P eaux_Nfp|l'_Dms observatoire_Nms national_Ams
le_Dms tribunal_Nms administratif_Ams|la_Dfs police_Nfs|l'_Dms exploitant_Nms du=de_P site_Nms|l'_Dfs ONG_Nfs Medira_X
le_Dms groupe_Nms Orvane_X|la_Dfs commission_Nfs d'_P enquête_Nfs|l'_Dfs opposition_Nfs|la_Dfs majorité_Nfs
le_Dms quotidien_Nms local_Ams|la_Dfs chambre_Nfs régionale_Afs des=de_P comptes_Nmp|l'_Dms institut_Nms Brévanne_X
une_Dfs source_Nfs proche=proche_Afs de_P l'_Dfs enquête_Nfs|une_Dfs étude_Nfs|le_Dms rapport_Nms|un_Dms communiqué_Nms
un_Dms haut_Bms responsable_Nms|une_Dfs source_Nfs policière=policier_Afs|la_Dfs famille_Nfs|la_Dfs défense_Nfs
le_Dms rapport_Nms de_P la_Dfs commission_Nfs|l'_Dms un_Nms des=de_P avocats=avocat_Nmp|l'_Dfs intéressée_Nfs
son_Dms avocat_Nms|sa_Dfs porte-parole_Nfs|son_Dms cabinet_Nms|un_Dms proche_Nms du=de_P dossier_Nms
ce_Dms dernier_Nms|celui-ci_O|celle-ci_O|cette_Dfs dernière_Nfs|l'_Dms un_Nms d'_P eux_O|son_Dms homologue_Nms
la_Dfs présidence_Nfs|le_Dms constructeur_Nms|la_Dfs diplomatie_Nfs de_P Valdorie_X|le_Dms porte-parole_Nms"""

GROUPS = """les_Dmp autorités=autorité_Nfp|les_Dmp syndicats=syndicat_Nmp|des_Dmp témoins=témoin_Nmp
plusieurs_Dmp habitants=habitant_Nmp|les_Dmp secours=secours_Nmp|les_Dmp experts=expert_Nmp|les_Dmp élus=élu_Nmp
les_Dmp auteurs=auteur_Nmp du=de_P rapport_Nms|les_Dmp organisateurs=organisateur_Nmp|des_Dmp associations=association_Nfp
les_Dmp chercheurs=chercheur_Nmp|deux_M responsables=responsable_Nmp locaux=local_Amp|les_Dmp enquêteurs=enquêteur_Nmp
les_Dmp pompiers=pompier_Nmp|certains=certain_Dmp diplomates=diplomate_Nmp|les_Dmp avocats=avocat_Nmp de_P la_Dfs défense_Nfs
des_Dmp médias=média_Nmp locaux=local_Amp|les_Dmp parents=parent_Nmp d'_P élèves=élève_Nmp|les_Dmp riverains=riverain_Nmp
les_Dmp services=service_Nmp de_P l'_Dms État_Nms|des_Dmp sources=source_Nfp concordantes=concordant_Afp"""

INSETS = """la_Dfs mine_Nfs sombre=sombre_Afs|micro_Nms en_P main_Nfs|l'_Dms air_Nms grave_Ams|le_Dms ton_Nms sec_Ams
le_Dms visage_Nms fermé_Tms|documents=document_Nmp à_P l'_Dms appui_Nms|cartes=carte_Nfp en_P main_Nfs
sans_P ironie_Nfs|avec_P prudence_Nfs|en_P colère_Nfs|la_Dfs gorge_Nfs serrée_Tfs|sans_P autre_Bms précision_Nfs"""

RELATIVES = """que_K nous_H avons_W interrogé=interroger_U|que_K nous_H avons_W rencontré=rencontrer_U à_P PLACE
qu'_K on_H a_W entendu=entendre_U|que_K nous_H avons_W joint=joindre_U par_P téléphone_Nms
qui_Q dirige=diriger_Vs le_Dms syndicat_Nms|qui_Q préside=présider_Vs la_Dfs commission_Nfs
qui_Q suit=suivre_Vs le_Dms dossier_Nms depuis_P dix_M ans=an_Nmp|qui_Q vit=vivre_Vs à_P Trézac_X
qui_Q représente=représenter_Vs les_Dfp familles=famille_Nfp|qui_Q travaille=travailler_Vs sur_P ce_Dms sujet_Nms
qui_Q connaît=connaître_Vs bien_R le_Dms quartier_Nms|qui_Q réclame=réclamer_Vs une_Dfs enquête_Nfs
qui_Q gère=gérer_Vs le_Dms réseau_Nms de_P la_Dfs ville_Nfs|qui_Q mène=mener_Vs les_Dfp recherches=recherche_Nfp"""

ADJUNCTS = """jeudi_N|lundi_N|vendredi_N|mardi_N soir_N|mercredi_N matin_N|samedi_N 12_N mars_N|hier_R|dimanche_N
dans_P un_Dms communiqué_Nms|devant_P la_Dfs presse_Nfs|lors=lors_P de_P la_Dfs réunion_Nfs|à_P OUTLET|sur_P OUTLET
au=à_P micro_Nms de_P OUTLET|devant_P les_Dmp députés=député_Nmp|auprès_P de_P OUTLET|à_P PLACE|dans_P la_Dfs soirée_Nfs
dans_P un_Dms entretien_Nms au=à_P quotidien_Nms local_Ams|en_P marge_Nfs du=de_P congrès_Nms|à_P l'_Dfs audience_Nfs
sur_P son_Dms compte_Nms officiel_Ams|au=à_P cours_Nms d'_P une_Dfs conférence_Nfs de_P presse_Nfs
à_P l'_Dfs issue_Nfs du=de_P conseil_Nms municipal_Ams|dans_P son_Dms rapport_Nms annuel_Ams|en_P juin_Nms
depuis_P PLACE|au=à_P lendemain_Nms du=de_P drame_Nms|par_P téléphone_Nms|dans_P une_Dfs lettre_Nfs ouverte_Afs
après_P plusieurs_Dfp heures=heure_Nfp de_P discussion_Nfs|à_P la_Dfs tribune_Nfs|dans_P un_Dms bref_Bms message_Nms
avant_P l'_Dfs ouverture_Nfs du=de_P procès_Nms|pour_P sa_Dfs part_Nfs|sous_P couvert_Nms d'_P anonymat_Nms
en_P fin_Nfs de_P journée_Nfs|lors=lors_P d'_P un_Dms déplacement_Nms à_P PLACE|à_P la_Dfs radio_Nfs"""

PARTICIPLES = """entendu=entendre_Tms par_P la_Dfs commission_Nfs|interrogé_Tms par_P la_Dfs presse_Nfs
nommé_Tms en_P avril_Nms|visé_Tms par_P une_Dfs plainte_Nfs|basé_Tms à_P PLACE
cité_Tms par_P OUTLET"""
BETWEEN = """de_P nouveau_Nms|pour_P sa_Dfs part_Nfs|à_P l'_Dms époque_Nfs|en_P revanche_Nfs|par_P ailleurs_Nms
quant_P à_P lui_O|en_P effet_Nms|à_P plusieurs_Dfp reprises=reprise_Nfp|de_P son_Dms côté_Nms"""

ADVERBS = words(
    "aussitôt encore notamment également ensuite déjà toutefois même ainsi récemment longuement vivement"
)

FAULTS = """d'_P corruption_Nfs|de_P négligence_Nfs|de_P mauvaise_Bfs gestion_Nfs|de_P détournement_Nms de_P fonds_Nmp
de_P mensonge_Nms|de_P pollution_Nfs|de_P fraude_Nfs fiscale_Afs|de_P violences=violence_Nfp|de_P favoritisme_Nms
d'_I avoir_W falsifié=falsifier_Y des_Dfp factures=facture_Nfp|d'_I avoir_W trompé=tromper_Y les_Dmp clients=client_Nmp
d'_I avoir_W caché=cacher_Y un_Dms rapport_Nms|de_I bloquer_Z les_Dfp négociations=négociation_Nfp
de_I mettre_Z les_Dmp riverains=riverain_Nmp en_P danger_Nms|d'_I avoir_W quitté=quitter_Y les_Dmp lieux=lieu_Nmp
de_I ne_R pas_R respecter_Z l'_Dms accord_Nms|de_I vouloir_Z fermer_Z l'_Dfs usine_Nfs"""

TOPICS = """un_Dms chantier_Nms mal_R préparé_Tms|la_Dfs fermeture_Nfs de_P la_Dfs ligne_Nfs|une_Dfs décision_Nfs injuste=injuste_Afs
le_Dms projet_Nms de_P loi_Nfs|les_Dfp accusations=accusation_Nfp|l'_Dfs absence_Nfs de_P dialogue_Nms|ce_Dms recul_Nms
la_Dfs hausse_Nfs des=de_P loyers=loyer_Nmp|le_Dms report_Nms du=de_P vote_Nms|un_Dms plan_Nms de_P sauvetage_Nms
ces_Dfp informations=information_Nfp|la_Dfs mort_Nfs de_P deux_M personnes=personne_Nfp|toute_Bfs ingérence_Nfs
la_Dfs suppression_Nfs de_P 120_M postes=poste_Nmp|un_Dms accord_Nms « historique_Ams »|le_Dms bilan_Nms"""

REGULAR = words("""déclarer affirmer indiquer expliquer estimer annoncer préciser assurer confirmer ajouter souligner
raconter témoigner regretter déplorer dénoncer insister noter juger résumer répéter rappeler plaider lancer marteler
signaler révéler observer relever commenter détailler nuancer rapporter considérer constater redouter critiquer
accuser ironiser réclamer demander contester rétorquer proposer clamer justifier argumenter certifier supposer avancer
suggérer confier avouer espérer""")
WITH_QUE = words("""déclarer affirmer indiquer expliquer estimer annoncer préciser assurer confirmer ajouter souligner
raconter regretter déplorer noter juger répéter rappeler plaider marteler signaler révéler observer relever rapporter
considérer constater redouter rétorquer clamer certifier supposer suggérer confier avouer espérer
dire écrire soutenir reconnaître admettre prévenir répondre avertir promettre craindre prétendre""")
WITH_TOPIC = words(
    "dénoncer confirmer contester annoncer regretter déplorer critiquer réclamer évoquer saluer redouter"
)
WITH_PERFECT = words(
    "dire affirmer assurer nier démentir reconnaître avouer admettre prétendre déclarer regretter"
)
WITH_DE = words("promettre menacer refuser accepter envisager proposer")
REFLEXIVE = words("féliciter inquiéter indigner alarmer défendre étonner interroger désoler agacer émouvoir")

IRREGULAR = {
    "dire": "dit disent disait disaient dit dirent dira diront dit",
    "écrire": "écrit écrivent écrivait écrivaient écrivit écrivirent écrira écriront écrit",
    "soutenir": "soutient soutiennent soutenait soutenaient soutint soutinrent soutiendra soutiendront soutenu",
    "reconnaître": "reconnaît reconnaissent reconnaissait reconnaissaient reconnut reconnurent reconnaîtra "
    "reconnaîtront reconnu",
    "admettre": "admet admettent admettait admettaient admit admirent admettra admettront admis",
    "prévenir": "prévient préviennent prévenait prévenaient prévint prévinrent préviendra préviendront prévenu",
    "répondre": "répond répondent répondait répondaient répondit répondirent répondra répondront répondu",
    "avertir": "avertit avertissent avertissait avertissaient avertit avertirent avertira avertiront averti",
    "poursuivre": "poursuit poursuivent poursuivait poursuivaient poursuivit poursuivirent poursuivra "
    "poursuivront poursuivi",
    "conclure": "conclut concluent concluait concluaient conclut conclurent conclura concluront conclu",
    "promettre": "promet promettent promettait promettaient promit promirent promettra promettront promis",
    "craindre": "craint craignent craignait craignaient craignit craignirent craindra craindront craint",
    "prétendre": "prétend prétendent prétendait prétendaient prétendit prétendirent prétendra prétendront prétendu",
    "croire": "croit croient croyait croyaient crut crurent croira croiront cru",
    "démentir": "dément démentent démentait démentaient démentit démentirent démentira démentiront démenti",
    "faire": "fait font faisait faisaient fit firent fera feront fait",
    "vouloir": "veut veulent voulait voulaient voulut voulurent voudra voudront voulu",
    "tenir": "tient tiennent tenait tenaient tint tinrent tiendra tiendront tenu",
    "finir": "finit finissent finissait finissaient finit finirent finira finiront fini",
    "défendre": "défend défendent défendait défendaient défendit défendirent défendra défendront défendu",
    "émouvoir": "émeut émeuvent émouvait émouvaient émut émurent émouvra émouvront ému",
}
ONLY_FORMS = {"démentir", "faire", "vouloir", "tenir", "finir", "défendre", "émouvoir"}
LONGER_SAYINGS = [
    *(("faire", "", second) for second in ("savoir", "valoir", "remarquer", "savoir", "observer")),
    *(("laisser", "", "entendre"), ("vouloir", "", "croire"), ("croire", "", "savoir")),
    *(
        ("tenir", "à", "préciser"),
        ("finir", "par", "reconnaître"),
        ("dire", "", "craindre"),
        ("dire", "", "espérer"),
    ),
]


def listed(phrases: str) -> list[str]:
    """The phrases of one of these lists."""
    return [phrase.strip() for line in phrases.splitlines() for phrase in line.split("|")]
