"""Headlines and crossheads against their text: each rule and its near miss.

Texts are read as the desk reads them, since a headline is held against all that was found under it.
"""

from __future__ import annotations

import pytest

from depeche.desk.draft import BlockReading, Dossier
from depeche.desk.echoes import stem_of, wordbook
from depeche.desk.headline import compare
from tests.desk.drafts import asked, draft, says, words
from tests.desk.passages import passage

pytestmark = pytest.mark.any_database

CODES = ("HED001", "HED002", "HED003", "HED004", "ATT010")
END = "Les élus se retrouveront jeudi à la mairie pour en parler avec les habitants du quartier."


def found(headline: str, *paragraphs: str, kind: str = "news") -> list[tuple[str, str]]:
    """(code, severity) of what is asked of a headline over these paragraphs."""
    text = "\n\n".join((headline, *paragraphs, END))
    return [(code, severity) for code, severity, _ in asked(text, CODES, Dossier(kind=kind))]


def under(crosshead: str, *paragraphs: str, before: str = END) -> list[tuple[str, str]]:
    """What is asked of a crosshead over these paragraphs."""
    text = "\n\n".join(
        ("La vallée attend la pluie", before, crosshead + "\n" + paragraphs[0], *paragraphs[1:])
    )
    return [(code, severity) for code, severity, shown in asked(text, CODES) if shown in crosshead]


class TestPromised:
    def test_a_future_that_the_text_only_hopes_for(self):
        body = "M. Salles espère une reprise du trafic samedi. Une rame sur trois circule."
        assert found("Le trafic reprendra samedi", body) == [("HED002", "warning")]
        body = "La direction espère livrer le stade en mai. Les gradins sont posés, selon le maire."
        assert found("Le stade sera prêt en mai", body) == [("HED002", "warning")]
        body = "La ligne 3 devrait ouvrir en septembre, selon la métropole. Les essais commencent lundi."
        assert found("La ligne 3 ouvrira en septembre", body) == [("HED002", "warning")]

    def test_a_future_that_the_text_fixes_once(self):
        body = "Trois classes fermeront, a décidé l'inspection. Les parents demandent la réouverture des classes."
        assert found("Trois classes fermeront en septembre", body) == []
        body = (
            "Le tramway arrivera en 2030, annonce la métropole. Les riverains espèrent une arrivée plus tôt."
        )
        assert found("Le tramway arrivera en 2030", body) == []


class TestNames:
    def test_a_bridge_that_the_text_calls_otherwise(self):
        body = "Le pont de la Madeleine est interdit aux camions depuis lundi, a annoncé la métropole."
        assert found("Le pont Saint-Jacques fermé aux camions", body) == [("HED003", "warning")]
        body = "Le maire de Bréval a remis sa démission lundi. Il invoque sa santé."
        assert found("Le maire de Courville démissionne", body) == [("HED003", "warning")]

    def test_a_bridge_that_the_text_need_not_name(self):
        body = "Le pont est fermé aux camions depuis lundi. Le pont de la Madeleine reste ouvert."
        assert found("Le pont Saint-Jacques fermé aux camions", body) == []
        body = "L'établissement a été évacué mardi. Les élèves ont attendu au lycée Louise-Michel."
        assert found("Le lycée Jules-Verne évacué", body) == []

    def test_the_town_of_an_article_that_is_in_another(self):
        body = "Un incendie a détruit une école à Bréval dans la nuit, selon les pompiers."
        assert found("Incendie à Courville : une école détruite", body) == [("HED003", "info")]
        body = "Un incendie a détruit l'école communale, selon les pompiers. Ils étaient venus de Bréval."
        assert found("Incendie à Courville : une école détruite", body) == []


class TestUnsupported:
    def test_a_toll_that_the_text_does_not_give(self):
        body = "La rivière a débordé mardi. La route est coupée, selon la préfecture."
        assert found("Lourd bilan après la crue", body) == [("HED001", "error")]

    def test_a_toll_that_the_text_gives(self):
        body = "La rivière a débordé mardi. Deux personnes ont perdu la vie, selon la préfecture."
        assert found("Lourd bilan après la crue", body) == []
        body = "La rivière a débordé mardi. Des campeurs ont été gravement blessés, selon la préfecture."
        assert found("Lourd bilan après la crue", body) == []

    def test_the_sick_of_a_text_in_which_nobody_is(self):
        body = "La mine rejette du zinc dans la rivière, affirme l'association. L'exploitant dément."
        assert found("Pollution de la Lure : des dizaines de malades", body) == [("HED001", "error")]

    def test_the_same_thing_in_other_words_is_support(self):
        body = "Quarante-sept personnes ont péri dans le séisme, selon un bilan des secours."
        assert found("Séisme dans le Sud : au moins 47 morts", body) == []
        body = "Trois habitants ont été conduits au CHU après l'incendie, selon les pompiers."
        assert found("Incendie rue du Four : trois blessés", body) == []

    def test_a_figure_that_the_text_gives_of_the_same_people_is_support(self):
        body = "Plus de 13 000 habitants ont dû partir dans la nuit, selon la préfecture."
        assert found("Crue de la Lure : 13 000 évacués", body) == []

    def test_a_sum_that_the_text_has_in_parts_and_one_that_differs(self):
        body = "La ville va emprunter 8 millions d'euros pour son école, a dit l'adjoint."
        assert found("La ville emprunte 12 millions d'euros", body) == [("HED003", "warning")]
        body = (
            "La ville va emprunter 8 millions d'euros pour son école et 4 millions d'euros pour la piscine."
        )
        assert found("La ville emprunte 12 millions d'euros", body) == []

    def test_counted_victims_of_a_text_that_hurts_nobody(self):
        body = "Une falaise s'est éboulée jeudi sur le sentier. Le passage est fermé, selon la mairie."
        assert found("Deux disparus dans l'éboulement d'une falaise", body) == [("HED001", "error")]
        body = "Deux tramways se sont heurtés lundi au dépôt. La circulation a repris, indique la régie."
        assert found("Quatre blessés dans la collision de deux tramways", body) == [("HED001", "error")]

    def test_victims_of_a_text_that_tells_of_them_in_other_words(self):
        body = "Une femme de 52 ans n'est pas rentrée dimanche. Un drone la cherche, selon les gendarmes."
        assert found("Une randonneuse disparue dans les gorges", body) == []
        body = "Un échafaudage a cédé mardi. Deux hommes souffrent de fractures, selon l'entreprise."
        assert found("Deux ouvriers blessés sur un chantier", body) == []
        body = "Un homme de 34 ans est décédé jeudi après une chute à moto, selon les gendarmes."
        assert found("Un motard meurt sur la rocade", body) == []

    def test_happenings_that_words_may_mean_otherwise_are_a_warning(self):
        body = "Les crèches accueilleront vingt enfants de plus en septembre, a annoncé la ville."
        assert found("Grève surprise dans les crèches", body) == [("HED001", "warning")]
        body = "Les conducteurs ont voté la poursuite du mouvement jeudi. Aucun bus ne roulera lundi."
        assert found("Bus : la grève reconduite", body) == []

    def test_somebody_held_of_whom_the_text_knows_no_such_thing(self):
        body = "Le maire a inauguré samedi la nouvelle médiathèque. Il a salué les bénévoles."
        assert found("Le maire placé en garde à vue", body) == [("HED001", "error")]

    def test_a_crosshead_over_a_text_of_something_else(self):
        body = "Des auditeurs ont déposé des fleurs devant les studios. Ils reviennent chaque nuit, dit la gardienne."
        assert under("Trois journalistes arrêtés", body) == [("HED001", "error")]

    def test_words_that_are_used_of_other_things_too_are_a_warning(self):
        body = "Des auditeurs ont déposé des fleurs devant les studios. Ils reviennent chaque nuit, dit la gardienne."
        assert under("La capitale s'embrase", body) == [("HED001", "warning")]

    def test_a_set_phrase_claims_nothing(self):
        body = (
            "Les deux parties ne se sont pas revues depuis mardi. Aucune date n'est fixée, dit le ministère."
        )
        assert under("Des échanges au point mort", body) == []

    def test_a_crosshead_borne_out_under_another_one_is_a_matter_of_layout(self):
        before = "Trois journalistes ont été arrêtés mardi devant le palais, selon leur rédaction."
        assert (
            under(
                "Trois journalistes arrêtés",
                "La rue est calme. Les passants parlent du temps.",
                before=before,
            )
            == []
        )

    def test_a_clause_of_which_nothing_is_in_the_text(self):
        body = "La Vézanne a débordé mardi. Des caves sont inondées, selon la mairie."
        assert found("La Vézanne déborde, l'autoroute coupée", body) == [("HED001", "warning")]
        body += " L'autoroute est fermée depuis midi, indique le gestionnaire."
        assert found("La Vézanne déborde, l'autoroute coupée", body) == []

    def test_somebody_whom_the_text_does_not_name(self):
        body = "La ministre a reçu les syndicats lundi. Selon Claire Aubin, déléguée, rien n'est réglé."
        assert ("HED001", "error") in found("Les syndicats déçus par Marc Delmas", body)
        assert found("Les syndicats déçus par Claire Aubin", body) == []


class TestSurer:
    def test_what_the_text_has_in_the_hearsay_conditional_only(self):
        body = "Le maire de Sermont aurait démissionné lundi soir. La préfecture se tait."
        assert found("Le maire de Sermont a démissionné", body) == [("HED002", "warning")]

    def test_what_the_text_says_could_happen(self):
        body = "Les travaux du pont pourraient débuter en mai si le devis est signé. La régie attend."
        assert ("HED002", "warning") in found("Les travaux du pont débuteront en mai", body)

    def test_what_the_text_also_says_firmly(self):
        body = "Le maire de Sermont a démissionné lundi soir. Son adjoint pourrait démissionner aussi."
        assert found("Le maire de Sermont a démissionné", body) == []

    def test_a_headline_that_hedges_itself(self):
        body = "Le maire de Sermont est soupçonné d'avoir détourné des fonds. Il nie."
        assert found("Le maire de Sermont soupçonné de fraude", body) == []

    def test_a_theft_that_the_text_only_suspects(self):
        body = "Le trésorier de la chorale est soupçonné d'avoir puisé dans les fonds. Il nie."
        assert found("Le trésorier de la chorale a vidé la caisse", body) == [("HED002", "warning")]

    def test_a_crosshead_surer_than_its_section(self):
        body = "Un cessez-le-feu serait envisagé pour lundi. Le médiateur ne le confirme pas."
        assert under("Un cessez-le-feu lundi", body) == [("HED002", "warning")]


class TestAttributed:
    BODY = "L'usine a pollué la rivière pendant un an, selon l'association Eau claire. Le parquet enquête."

    def test_an_accusation_that_only_a_source_makes(self):
        assert found("L'usine a pollué la rivière", self.BODY) == [("ATT010", "error")]

    def test_an_accusation_that_the_headline_leaves_to_others(self):
        assert found("L'usine accusée d'avoir pollué la rivière", self.BODY) == []
        assert found("L'usine a pollué la rivière, selon une association", self.BODY) == []

    def test_an_accusation_that_the_text_makes_in_its_own_voice(self):
        body = "L'usine a pollué la rivière pendant un an. Le tribunal l'a condamnée."
        assert found("L'usine a pollué la rivière", body) == []

    def test_news_that_accuses_nobody_needs_no_source_in_the_headline(self):
        body = "Le pont Lagarde a été fermé lundi, selon la mairie. Une déviation est en place."
        assert found("Le pont Lagarde est fermé", body) == []

    def test_the_source_is_named_in_the_finding(self):
        title, body = (
            passage(
                "L' usine/NOUN/nsubj/3 a/AUX/aux/3/avoir pollué/VERB/ROOT/3/polluer la rivière/NOUN/obj/3",
                kind="headline",
            ),
            passage(
                "L' usine a/AUX/aux/3/avoir pollué/VERB/ROOT/3/polluer la rivière , selon Eau claire , qui a publié ses mesures hier soir ."
            ),
        )
        title = type(title)(
            **{f: getattr(title, f) for f in FIELDS} | {"morphs": ("", "", "VerbForm=Fin", "", "", "")}
        )
        said = says(body, "Eau claire", "selon", "L' usine a pollué la rivière".replace("L' ", "L'"))
        (finding,) = compare(draft(title, BlockReading(body, (said,))))
        assert (finding.code, dict(finding.values)["source"]) == ("ATT010", "Eau claire")


class TestDiffers:
    def test_a_number_other_than_the_text_gives(self):
        body = "Le groupe va supprimer 120 postes à Brémont, a annoncé sa direction. Le site emploie 410 personnes."
        assert found("Brémont : 200 emplois supprimés", body) == [("HED003", "error")]

    def test_a_number_that_rounds_or_adds_up_the_text_s(self):
        body = "La maternité a enregistré 194 naissances l'an passé, d'après l'agence."
        assert found("Près de 200 naissances à Valfontaine", body) == []
        body = "Le groupe va supprimer 120 postes à Brémont et 80 postes à Vaire, a annoncé sa direction."
        assert found("Le groupe supprime 200 emplois", body) == []

    def test_a_country_that_is_only_the_name_of_a_war(self):
        body = (
            "Les soldats ont été envoyés dans la province de Koursk, selon l'état-major. "
            "La guerre en Ukraine entre dans sa troisième année."
        )
        assert found("L'envoi de soldats en Ukraine confirmé", body) == [("HED003", "error")]

    def test_a_country_that_the_text_reaches_by_a_town_of_it(self):
        body = "Le ministre a atterri lundi à Kiev. La guerre en Ukraine entre dans sa troisième année."
        assert found("Le ministre attendu en Ukraine", body) == []
        body = "Le procès s'est ouvert lundi en France devant les assises."
        assert found("Un procès s'ouvre à Paris", body) == []

    def test_another_country(self):
        body = "La Norvège a expulsé trois diplomates lundi. Ils ont quitté Oslo."
        assert found("La Suède expulse trois diplomates", body) == [("HED003", "error")]
        body = "Stockholm a expulsé trois diplomates lundi. Ils ont quitté le pays."
        assert found("La Suède expulse trois diplomates", body) == []

    def test_a_label_before_a_colon_is_no_place_of_the_news(self):
        body = "Les quinze membres ont voté lundi. Les États-Unis se sont abstenus."
        assert found("Gaza : le Conseil de sécurité vote", body) == []

    def test_north_for_south(self):
        body = "En Valdorie du Sud, deux radios se taisent depuis dimanche."
        assert found("Valdorie du Nord : deux radios se taisent", body) == [("HED003", "error")]
        assert found("Valdorie du Sud : deux radios se taisent", body) == []

    def test_a_town_where_the_text_has_another(self):
        body = "Le feu a pris lundi à Villeurbanne, dans un entrepôt."
        assert found("Un entrepôt prend feu à Lyon", body) == [("HED003", "info")]
        assert found("Un entrepôt prend feu à Villeurbanne", body) == []

    def test_another_month(self):
        body = "Le musée des Forges rouvrira en novembre, a annoncé sa directrice."
        assert found("Le musée des Forges rouvrira en octobre", body) == [("HED003", "error")]
        assert found("Le musée des Forges rouvrira en novembre", body) == []


class TestTeasers:
    def test_a_question_holds_back_the_news(self):
        assert found("La fin de l'euro ?", "Les ministres se réunissent lundi à Lille.") == [
            ("HED004", "info")
        ]
        assert found("Ce que le vestiaire ne vous dira pas", "Le club a perdu samedi à Lille.") == [
            ("HED004", "info")
        ]

    def test_a_question_that_readers_ask_themselves_is_a_service(self):
        assert found("Comment voter par procuration ?", "La mairie ouvre un guichet lundi.") == []
        assert found("Qui a droit à la carte ?", "La mairie ouvre un guichet lundi.", kind="service") == []

    def test_the_questions_of_an_interview_are_no_teasers(self):
        assert found("Faut-il fermer le pont ?", "La maire répond à nos questions.", kind="interview") == []


class TestStems:
    @pytest.mark.parametrize(
        "forms",
        [
            "démission démissions démissionner démissionné",
            "fermer fermeture fermées",
            "polluer pollué pollution",
            "augmenter augmentation",
            "protéger protège",
        ],
    )
    def test_the_forms_of_a_word_and_its_nouns_have_one_stem(self, forms):
        assert len({stem_of(form, "fr") for form in forms.split()}) == 1

    def test_a_short_word_is_no_stem_of_others(self):
        touched = {t.topic.name for t in wordbook("fr").touches(passage("une autoroute coupée"))}
        assert "injury" not in touched
        assert "road_cut" in touched


def test_an_article_without_text_or_without_titles_has_no_findings():
    title, body = passage("Trois morts", kind="headline"), passage("Il pleut .")
    assert compare(draft()) == []
    assert compare(draft(title)) == []
    assert compare(draft(body)) == []


def test_words_are_those_of_the_article():
    title, body = passage("Fin de l' euro ?", kind="headline"), passage("Il pleut .")
    given = draft(title, body)
    assert words(given, compare(given)) == ["Fin de l'euro ?"]


FIELDS = (
    *("text", "kind", "words", "starts", "ends", "lemmas", "tags", "deps", "heads"),
    *("sentences", "quotations", "parsed"),
)
