"""Ordinary wordings of the press, by class: what each code hears, and what only looks like it."""

import pytest

from depeche.desk.draft import Dossier
from tests.desk.drafts import asked

pytestmark = pytest.mark.any_database


def codes(text: str, kind: str = "news") -> list[str]:
    """The codes on sources, wording and inference for one paragraph under a plain headline."""
    wanted = [
        *(f"ATT{n:03}" for n in (1, 2, 3, 4, 6, 7, 8, 9, 11)),
        *(f"LEX{n:03}" for n in range(1, 8)),
        *(f"INF{n:03}" for n in range(1, 7)),
    ]
    return [code for code, _, _ in asked(f"Point du jour\n\n{text}", wanted, Dossier(kind))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Il est reproché au trésorier d’avoir réglé ses achats avec la carte du club.", "ATT011"),
        ("Il lui est reproché d’avoir signé seul.", "ATT011"),
        ("Il est généralement admis que la coopérative perd des membres.", "ATT011"),
        ("Il est fait état de malversations à la cantine.", "ATT011"),
        ("La coach est taxée d’autoritarisme.", "ATT011"),
        ("La directrice est critiquée pour son absence.", "ATT011"),
        ("L’élu est donné partant pour la préfecture.", "ATT011"),
        ("Le nouveau préfet est tenu pour intransigeant.", "ATT011"),
        ("On lui reproche d’avoir dépensé sans compter.", "ATT011"),
        ("Le trésorier se voit reprocher des achats personnels.", "ATT011"),
        ("Des irrégularités ont été dénoncées dans ce marché.", "ATT011"),
        ("Son entourage le dit fatigué.", "ATT002"),
        ("Ses détracteurs lui reprochent son silence.", "ATT002"),
        ("L’entourage du président dément toute rupture.", "ATT002"),
        ("Des collègues la décrivent comme autoritaire.", "ATT002"),
        ("D’anciens élèves racontent des humiliations.", "ATT002"),
        ("Dans son entourage, on assure que tout est prêt.", "ATT002"),
        ("Les puristes jugent le film trop long.", "ATT002"),
        ("D’autres évoquent un simple oubli.", "ATT002"),
        ("Un haut fonctionnaire trouve le contrat scandaleux.", "ATT003"),
        ("Un membre du cabinet confie que tout est décidé.", "ATT003"),
        ("Un joueur raconte que le vestiaire est divisé.", "ATT003"),
        ("Le vigile était complice des voleurs.", "ATT001"),
        ("Le directeur est l’auteur du vol.", "ATT001"),
        ("Le comptable est un escroc.", "ATT001"),
        ("La police a laissé faire.", "ATT001"),
        ("Le député a touché des pots-de-vin.", "ATT001"),
        ("La Gazette de Saline affirme que le marché est signé.", "ATT007"),
        ("Un rapport de la cour des comptes conclut à un prix trop élevé.", "ATT007"),
        ("Le maire concède avoir prévenu trop tard.", "ATT008"),
        ("Le patron reconnaît que les salaires n’ont pas été versés.", "ATT008"),
        ("Il révèle que les meneurs touchent des indemnités.", "ATT008"),
        ("Le maire prétexte que la salle est en travaux.", "ATT009"),
        ("À l’entendre, tout va bien.", "ATT009"),
        ("La direction se retranche derrière la loi.", "ATT009"),
        ("Mme Roy a appelé Mme Vial. Elle se dit soulagée.", "ATT006"),
        ("Le fief de la famille Roy bascule.", "LEX001"),
        ("La gréviculture coûte cher à la région.", "LEX001"),
        ("Cette prise d’otages des usagers dure depuis neuf jours.", "LEX001"),
        ("C’est un paysage d’apocalypse.", "LEX006"),
        ("L’hôpital est au bord de la rupture.", "LEX006"),
        ("« Assez », rugit Paul Roy. « Dehors », s’étrangle Luc Petit.", "LEX007"),
        ("Il ne renonce pas à fermer des lits.", "INF006"),
        ("Le voleur a encore sévi.", "INF006"),
        ("Qu’on se rassure, les bus roulent.", "INF005"),
        ("Bien malin qui dira la suite.", "INF005"),
        ("Rien ne sera plus comme avant.", "INF003"),
        ("Le sénateur se voit déjà ministre.", "INF002"),
        ("La défaite est un désaveu pour le maire.", "INF001"),
        ("La population tout entière soutient les pompiers.", "INF004"),
    ],
)
def test_an_ordinary_faulty_sentence_is_heard(text, code):
    assert code in codes(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Il est reproché par le parquet au trésorier d’avoir vidé la caisse.", "ATT011"),
        ("Il est admis au concours des pompiers.", "ATT011"),
        ("Le parquet lui reproche d’avoir menti.", "ATT011"),
        ("L’équipe s’est qualifiée de justesse.", "ATT011"),
        ("La pièce est donnée samedi au théâtre.", "ATT011"),
        ("Le projet est présenté comme prévu lundi soir.", "ATT011"),
        ("Leurs clients parlent anglais et allemand.", "ATT002"),
        ("Ses collègues ont dit leur émotion lors de la cérémonie.", "ATT002"),
        ("Le maire reconnaît que le pont n’est pas terminé.", "ATT008"),
        ("La troupe a organisé un vol en montgolfière.", "ATT001"),
        ("L’équipe n’a rien fait jouer en seconde période.", "ATT001"),
        ("Ses proches Anne et Luc Petit redoutent une rechute.", "ATT002"),
        ("Son entourage a été prévenu.", "ATT002"),
        ("Des parents attendaient devant l’école.", "ATT002"),
        ("Bon nombre de parents ont dit oui.", "ATT002"),
        ("L’adjoint a donné ses raisons : les riverains se plaignaient du bruit.", "ATT002"),
        (
            "Un salarié, qui a demandé que son nom ne soit pas publié par crainte d’une sanction, "
            "dit avoir signalé la panne.",
            "ATT003",
        ),
        ("Un avocat, Me Paul Roy, affirme que le dossier est vide.", "ATT003"),
        ("Le vigile était complice des voleurs, selon le parquet.", "ATT001"),
        ("La directrice est responsable de la bibliothèque.", "ATT001"),
        ("Les deux chanteuses sont complices depuis l’enfance.", "ATT001"),
        ("La Gazette de Saline du 3 mai affirme que le marché est signé.", "ATT007"),
        ("La Croix-Rouge affirme que douze villages sont isolés.", "ATT007"),
        ("Une étude de 2024 de l’Insee montre que les loyers montent.", "ATT007"),
        ("L’institut révèle que deux ménages sur trois ont un vélo.", "ATT008"),
        ("Il concède deux buts en première période.", "ATT008"),
        ("Le parquet dit que l’homme avait prétexté une panne pour entrer.", "ATT009"),
        ("Avouons-le, on l’écouterait des heures.", "ATT004"),
        ("Le fief fut donné au comte par le roi.", "LEX001"),
        ("La prise d’otages dans la banque a duré quatre heures.", "LEX001"),
        ("Le champ de bataille est ouvert aux classes.", "LEX006"),
        ("Un lion rugit dans la fosse. « Assez », crie Paul Roy.", "LEX007"),
        ("La foudre a encore frappé deux arbres.", "INF006"),
        ("« Rassurez-vous », dit le maire.", "INF005"),
        ("La digue a fini par céder vers 3 heures.", "INF003"),
        ("Mme Roy invoque l’agenda caché du palais.", "INF002"),
    ],
)
def test_what_only_looks_like_it_is_left_alone(text, code):
    assert code not in codes(text)


def test_the_author_of_an_opinion_piece_may_propose():
    proposal = "La ville pourrait rendre trois bancs, un été, et compter."
    assert "INF003" in codes(proposal)
    assert "INF003" not in codes(proposal, "opinion")
