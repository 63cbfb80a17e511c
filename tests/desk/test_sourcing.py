"""What an editor asks about sources: each rule, and what looks like its case and is none."""

from collections.abc import Sequence
from functools import cache

import pytest

from depeche.desk import certainty, sourcing
from depeche.desk.attribution import attributions, with_referents
from depeche.desk.draft import BlockReading, Dossier, Draft
from depeche.desk.parsing import parse
from depeche.desk.passage import Passage
from depeche.desk.spans import Attribution, Finding, Hedge, Span, ZoneKind
from tests.desk.passages import passage

pytestmark = pytest.mark.any_database

LIED = "Le/DET/det/1 maire/NOUN/nsubj/3 a/AUX/aux/3 menti/VERB/ROOT/3 ./PUNCT/punct/3"
EXPERTS = (
    "Les/DET/det/1 experts/NOUN/nsubj/2 redoutent/VERB/ROOT/2 une/DET/det/4 crue/NOUN/obj/2 ./PUNCT/punct/2"
)
SUSPECT = "Elle/PRON/nsubj:pass/2 est/AUX/aux:pass/2 soupçonnée/VERB/ROOT/2 de/ADP/case/4 fraude/NOUN/obl/2"


def span_of(read: Passage, words: str) -> Span:
    start = read.text.index(words)
    return start, start + len(words)


def said(read: Passage, source: str, cue: str, content: str, **more) -> Attribution:
    """An attribution of these words; "" for none."""
    return Attribution(
        more.pop("type", "indirect"),
        span_of(read, source) if source else None,
        span_of(read, cue) if cue else None,
        (span_of(read, content),) if content else (),
        **{"quality": "institution", **more},
    )


def draft(*blocks: BlockReading, language: str = "fr", kind: str = "news") -> Draft:
    starts, at = [], 0
    for block in blocks:
        starts.append(at)
        at += len(block.passage.text) + 2
    return Draft(blocks, tuple(starts), Dossier(kind), language)


def asked(*blocks: BlockReading, language: str = "fr") -> list[Finding]:
    whole = draft(*blocks, language=language)
    found = [
        (f.code, f.severity, whole.shifted(n, f.span), f)
        for n, block in enumerate(blocks)
        for f in sourcing.findings(block, language)
    ]
    found += [(f.code, f.severity, f.span, f) for f in sourcing.across(whole)]
    return [f for _, _, _, f in sorted(found, key=lambda row: row[2:3] + row[:2])]


def codes(*blocks: BlockReading, language: str = "fr") -> list[tuple[str, str]]:
    return [(f.code, f.severity) for f in asked(*blocks, language=language)]


@cache
def typed(text: str, kinds: Sequence[ZoneKind] = ()) -> tuple[BlockReading, ...]:
    """A text as it is read, one block a line."""
    lines = text.split("\n")
    blocks = []
    for read in parse(list(zip(lines, kinds or ["paragraph"] * len(lines), strict=True)), "fr"):
        found = with_referents(read, attributions(read, "fr"), "fr")
        hedges = certainty.hedges(read, found)
        blocks.append(BlockReading(read, (*found, *certainty.hearsay(read, found, hedges)), tuple(hedges)))
    return tuple(blocks)


def heard(text: str, code: str, kinds: Sequence[ZoneKind] = ()) -> list[tuple[str, str]]:
    """The severities and words of the findings of one code in `text`."""
    blocks = typed(text, tuple(kinds))
    whole, full = draft(*blocks), "\n\n".join(block.passage.text for block in blocks)
    found = [
        (f.severity, whole.shifted(n, f.span), f.code)
        for n, block in enumerate(blocks)
        for f in sourcing.findings(block, "fr")
    ]
    found += [(f.severity, f.span, f.code) for f in sourcing.across(whole)]
    return [(severity, full[slice(*span)]) for severity, span, found_code in found if found_code == code]


def test_a_lie_told_in_our_own_voice_is_an_error():
    assert codes(BlockReading(passage(LIED))) == [("ATT001", "error")]


def test_a_lie_that_a_source_in_the_sentence_tells_of_is_silent():
    read = passage(
        "Le/DET/det/1 maire/NOUN/nsubj/3 a/AUX/aux/3 menti/VERB/ROOT/3 ,/PUNCT/punct/3 assure/VERB/parataxis/3 "
        "la/DET/det/7 préfète/NOUN/nsubj/5 ./PUNCT/punct/3"
    )
    assert codes(BlockReading(read, (said(read, "la préfète", "assure", "Le maire a menti"),))) == []


def test_a_lie_is_silent_where_the_article_tells_of_a_verdict():
    verdict = passage(
        "Il/PRON/nsubj/3 a/AUX/aux/3 été/AUX/aux:pass/3 condamné/VERB/ROOT/3 à/ADP/case/5 Sens/PROPN"
    )
    assert codes(BlockReading(passage(LIED)), BlockReading(verdict)) == []


def test_who_condemns_words_gives_no_verdict():
    denial = passage(
        "La/DET/det/1 ligue/NOUN/nsubj/3 a/AUX/aux/3 condamné/VERB/ROOT/3 ces/DET/det/5 propos/NOUN/obj/3"
    )
    assert ("ATT001", "error") in codes(BlockReading(passage(LIED)), BlockReading(denial))


def test_what_is_said_in_an_interview_is_not_our_own_voice():
    assert sourcing.across(draft(BlockReading(passage(LIED)), kind="interview")) == []


def test_a_contestable_claim_is_one_level_lower_where_a_source_says_it_elsewhere():
    other = passage("La/DET préfète/NOUN dit/VERB que/SCONJ le/DET maire/NOUN a/AUX menti/VERB ./PUNCT")
    block = BlockReading(other, (said(other, "La préfète", "dit", "le maire a menti"),))
    assert codes(BlockReading(passage(LIED)), block) == [("ATT001", "warning")]


def test_a_vague_collective_that_speaks_is_a_warning():
    assert codes(BlockReading(passage(EXPERTS))) == [("ATT002", "warning")]


def test_a_vague_collective_within_quotation_marks_is_silent():
    read = passage("«/PUNCT " + EXPERTS + " »/PUNCT")
    assert codes(BlockReading(read)) == []


def test_a_group_presented_before_is_not_vague():
    first = passage(
        "Trois/NUM/nummod/1 experts/NOUN/nsubj/3 ont/AUX/aux/3 mesuré/VERB/ROOT/3 l'/DET eau/NOUN"
    )
    assert codes(BlockReading(first), BlockReading(passage(EXPERTS))) == []


def test_without_a_parser_a_vague_source_needs_an_attribution():
    read = passage("Experts fear a flood .")
    heard = said(read, "Experts", "fear", "a flood", quality="vague_collective")
    assert not read.parsed
    assert codes(BlockReading(read), language="en") == []
    assert codes(BlockReading(read, (heard,)), language="en") == [("ATT002", "warning")]


def test_an_anonymous_source_with_an_opinion_is_a_warning_that_names_what_is_missing():
    read = passage(
        "Une/DET/det/1 source/NOUN/nsubj/2 juge/VERB/ROOT/2 le/DET/det/4 ministre/NOUN/obj/2 dépassé/ADJ ./PUNCT"
    )
    block = BlockReading(
        read,
        (
            said(
                read,
                "Une source",
                "juge",
                "le ministre dépassé",
                quality="anonymous_described",
                stance="opinion",
            ),
        ),
    )
    (found,) = asked(block)
    assert (found.code, found.severity) == ("ATT003", "warning")
    assert found.values == (("missing", "reason, position"),)


def test_hearsay_of_nobody_is_one_warning_a_sentence_with_its_other_conditionals_related():
    read = passage(
        "Le/DET/det/1 coffre/NOUN/nsubj/4 aurait/AUX/aux/4 été/AUX/aux/4 vidé/VERB/ROOT/4 puis/ADV "
        "aurait/AUX/aux/7 brûlé/VERB/conj/4 ./PUNCT"
    )
    spans = [span_of(read, "aurait été vidé"), span_of(read, "aurait brûlé")]
    (found,) = asked(BlockReading(read, (), tuple(Hedge(span, "conditional_hearsay") for span in spans)))
    assert (found.code, found.severity, found.span, found.related) == (
        "ATT004",
        "warning",
        spans[0],
        (spans[1],),
    )


def test_hearsay_with_a_source_in_its_sentence_is_only_stacked():
    read = passage(
        "Selon/ADP/case/2 la/DET/det/2 police/NOUN/obl/6 ,/PUNCT il/PRON/nsubj/6 aurait/AUX/aux/6 fui/VERB/ROOT/6"
    )
    block = BlockReading(
        read,
        (said(read, "la police", "Selon", "il aurait fui", type="adverbial"),),
        (Hedge(span_of(read, "aurait fui"), "conditional_hearsay", "T10"),),
    )
    assert codes(block) == [("ATT005", "info")]


def test_a_conditional_that_is_no_hearsay_is_silent():
    read = passage("Si/SCONJ l'/DET eau/NOUN montait/VERB ,/PUNCT la/DET rue/NOUN fermerait/VERB ./PUNCT")
    assert (
        codes(BlockReading(read, (), (Hedge(span_of(read, "fermerait"), "conditional_not_hearsay", "T1"),)))
        == []
    )


def test_a_pronoun_that_fits_two_people_names_both():
    read = passage(
        "Paul/PROPN/nsubj/3 Valin/PROPN/flat/0 a/AUX/aux/3 vu/VERB/ROOT/3 Luc/PROPN/obj/3 Sorel/PROPN/flat/4 ./PUNCT",
        "Il/PRON/nsubj/1 jure/VERB/ROOT/1 que/SCONJ/mark/4 tout/PRON/nsubj/4 va/VERB/ccomp/1 ./PUNCT",
    )
    (found,) = asked(BlockReading(read, (said(read, "Il", "jure", "tout va", quality="pronoun"),)))
    assert (found.code, found.severity) == ("ATT006", "info")
    assert [read.text[slice(*span)] for span in found.related] == ["Paul Valin", "Luc Sorel"]


def test_a_pronoun_of_one_gender_passes_over_the_other():
    read = passage(
        "Anne/PROPN/nsubj/3 Valin/PROPN/flat/0 a/AUX/aux/3 vu/VERB/ROOT/3 Luc/PROPN/obj/3 Sorel/PROPN/flat/4 ./PUNCT",
        "Elle/PRON/nsubj/1 jure/VERB/ROOT/1 que/SCONJ/mark/4 tout/PRON/nsubj/4 va/VERB/ccomp/1 ./PUNCT",
    )
    assert codes(BlockReading(read, (said(read, "Elle", "jure", "tout va", quality="pronoun"),))) == []


def test_a_document_that_the_article_dates_elsewhere_is_no_second_hand_source():
    note = passage(
        "Une/DET/det/1 note/NOUN/nsubj/4 de/ADP/case/3 régie/NOUN/nmod/1 prévoit/VERB/ROOT/4 une/DET hausse/NOUN ./PUNCT"
    )
    block = BlockReading(note, (said(note, "Une note de régie", "prévoit", "une hausse"),))
    dated = passage("La/DET note/NOUN du/ADP 3/NUM mai/NOUN est/AUX longue/ADJ ./PUNCT")
    assert codes(block) == [("ATT007", "info")]
    assert codes(block, BlockReading(dated)) == []


def test_a_confession_to_a_wrong_is_a_warning_with_a_neutral_verb():
    read = passage(
        "Le/DET/det/1 maire/NOUN/nsubj/2 avoue/VERB/ROOT/2 que/SCONJ/mark/6 la/DET/det/5 ville/NOUN/nsubj/7 "
        "a/AUX/aux/7 menti/VERB/ccomp/2 ./PUNCT"
    )
    block = BlockReading(
        read,
        (said(read, "Le maire", "avoue", "la ville a menti", stance="factive_concessive", lemma="avouer"),),
    )
    (found,) = asked(block)
    assert (found.code, found.severity, found.rewrite) == ("ATT008", "warning", "affirme")


def test_a_verb_of_doubt_is_a_warning_with_a_neutral_verb_in_the_same_tense():
    read = passage(
        "Le/DET/det/1 maire/NOUN/nsubj/3 a/AUX/aux/3 prétendu/VERB/ROOT/3 que/SCONJ tout/PRON va/VERB ./PUNCT"
    )
    block = BlockReading(
        read, (said(read, "Le maire", "a prétendu", "tout va", stance="doubt", lemma="prétendre"),)
    )
    (found,) = asked(block)
    assert (found.code, found.severity, found.rewrite) == ("ATT009", "warning", "a affirmé")


@pytest.mark.parametrize(
    ("sentence", "fires"),
    [
        (SUSPECT, True),
        (SUSPECT.replace("de/ADP/case/4", "par/ADP/case/4"), False),
        (
            SUSPECT.replace("soupçonnée/VERB/ROOT/2", "soupçonnée/VERB/ROOT/2 par/ADP le/DET parquet/NOUN"),
            False,
        ),
        (SUSPECT.replace("est/", "n'/ADV est/"), False),
        (SUSPECT.replace("soupçonnée", "jugée"), False),
    ],
)
def test_a_passive_accuses_only_where_nobody_is_named_for_it(sentence, fires):
    assert (("ATT011", "warning") in codes(BlockReading(passage(sentence)))) is fires


def test_a_passive_is_answered_for_by_the_sentence_before():
    before = "Le/DET/det/1 parquet/NOUN/nsubj/3 a/AUX/aux/3 ouvert/VERB/ROOT/3 une/DET enquête/NOUN ./PUNCT"
    assert codes(BlockReading(passage(before, SUSPECT))) == []


FIRES = [
    ("ATT001", "Les gardiens ont trompé les familles sur l'heure du départ."),
    ("ATT001", "La direction a ignoré pendant des mois les alertes du syndicat."),
    ("ATT001", "L'usine déverse ses eaux usées dans le canal."),
    ("ATT001", "La clinique a passé sous silence douze décès."),
    ("ATT001", "Leur chef a fait fusiller quatre prisonniers."),
    ("ATT001", "Mme Rivet a détourné 30 000 euros."),
    ("ATT001", "Le groupe va supprimer 120 postes."),
    ("ATT001", "D'autres ont été trompés sur leur salaire."),
    ("ATT001", "La colère monte dans les villages voisins."),
    ("ATT001", "L'exploitant n'avait pas prévenu les communes."),
    ("ATT001", "Les secours ont été appelés trop tard."),
    ("ATT002", "De nombreux observateurs doutent de la reprise."),
    ("ATT002", "Selon des experts, la digue tiendra."),
    ("ATT002", "Plusieurs rapports de presse font état de fissures."),
    ("ATT002", "Le vote divise, selon les observateurs."),
    ("ATT002", "Les économistes s'attendent à un recul."),
    ("ATT002", "Certains y voient la main du préfet."),
    ("ATT002", "Certains élus estiment que le stade coûte trop cher."),
    ("ATT002", "De nombreux Bretons estiment que la ligne sera fermée."),
    ("ATT002", "On sait que le stade est trop petit."),
    ("ATT002", "Une étude montre que le café est bon."),
    ("ATT003", "« Il est fini », lâche un conseiller."),
    ("ATT003", "Des proches du président dénoncent une manœuvre."),
    ("ATT004", "Le député Yann Morel aurait menti à la commission."),
    ("ATT005", "Selon la police, le suspect aurait peut-être fui par les toits."),
    ("ATT006", "La maire a reçu la préfète lundi. Elle affirme que le budget est voté."),
    ("ATT007", "Le quotidien écrit que la ministre aurait refusé."),
    ("ATT008", "Le directeur avoue avoir négligé l'entretien des freins."),
    ("ATT008", "L'association révèle que la mine a pollué la rivière."),
    ("ATT009", "« Tout va bien », prétend le directeur."),
    ("ATT009", "Le ministre se vante d'avoir réduit la dette."),
    ("ATT011", "Il est accusé d'avoir falsifié des factures."),
    ("ATT011", "Il a été rapporté que le pont bougeait."),
    ("ATT011", "Le maire est mis en cause dans cette affaire."),
    ("ATT011", "Le chef est réputé avoir fui."),
]

SILENT = [
    ("ATT001", "L'été commence le 21 juin."),
    ("ATT001", "Le maire a menti aux habitants, selon un rapport de la chambre des comptes."),
    ("ATT001", "L'attaquant a trompé le gardien à la 12e minute."),
    ("ATT001", "La société n'a pas menti à ses clients."),
    ("ATT001", "Le maire a-t-il menti ?"),
    ("ATT001", "S'il a menti, le maire devra partir."),
    ("ATT001", "La colline cache le village."),
    ("ATT001", "Un homme a volé une voiture mardi soir."),
    ("ATT001", "Elle s'est trompée de porte."),
    ("ATT001", "La tempête a tué trois personnes."),
    ("ATT001", "« Le maire a menti », dit Paul Roy."),
    ("ATT001", "Le film raconte comment le directeur a trompé les familles."),
    ("ATT002", "Claire Aubin, géologue au musée, redoute un effondrement."),
    ("ATT002", "Les deux médecins estiment que le patient va mieux."),
    ("ATT002", "Les habitants de la rue des Lilas demandent un passage piéton."),
    ("ATT002", "Les experts mandatés par le tribunal estiment que le mur est tombé."),
    ("ATT002", "Les experts du laboratoire départemental estiment que l'eau est saine."),
    ("ATT002", "Les syndicats CFDT et CGT demandent une réunion."),
    ("ATT002", "Les habitants ont planté des arbres."),
    ("ATT002", "Selon les cas, le tarif varie."),
    ("ATT002", "La date change selon les sources."),
    ("ATT002", "On reconnaît le ferry à sa coque."),
    ("ATT003", "Un pêcheur, Alain Brosse, raconte la tempête."),
    ("ATT003", "La source de la rivière est sèche, indique la mairie."),
    ("ATT003", "Un infirmier, qui requiert l'anonymat car il craint une sanction, décrit la nuit."),
    ("ATT004", "Le coffre aurait été vidé dans la nuit, selon la police."),
    ("ATT004", "Elle a promis que le pont ouvrirait lundi."),
    ("ATT004", "Le pont aurait cédé mardi. Le rapport l'écrit au conditionnel."),
    ("ATT005", "Selon la mairie, le pont est fermé."),
    ("ATT006", "Le maire a parlé. Il affirme que tout va bien."),
    ("ATT007", "Un rapport du 3 mai évoque des fissures."),
    ("ATT008", "Le patron reconnaît son fils sur la photo."),
    ("ATT008", "Elle rappelle que la Terre est ronde."),
    ("ATT008", "Le préfet souligne la qualité du travail des pompiers."),
    ("ATT008", "Le tribunal a reconnu que la société avait trompé ses clients."),
    ("ATT008", "Le directeur n'a pas reconnu avoir menti."),
    ("ATT009", "Il peut prétendre à une aide."),
    ("ATT009", "« Il prétend que tout va bien », dit Luc Petit."),
    ("ATT009", "Le prétendant au trône est arrivé."),
    ("ATT009", "Le directeur n'a jamais prétendu que le site fermerait."),
    ("ATT011", "Il est jugé pour vol."),
    ("ATT011", "L'avocat a reçu l'accusé de réception."),
    ("ATT011", "La région est réputée pour ses vins."),
    ("ATT011", "Selon l'Insee, le canton est considéré comme rural."),
]


@pytest.mark.parametrize(("code", "text"), FIRES)
def test_an_editor_asks(code, text):
    assert heard(text, code), f"nothing is asked of: {text}"


@pytest.mark.parametrize(("code", "text"), SILENT)
def test_an_editor_stays_silent(code, text):
    assert heard(text, code) == []


def test_a_lead_may_leave_the_accuser_to_the_body():
    text = "Anne Roy est soupçonnée de fraude.\n{}"
    kinds = ("standfirst", "paragraph")
    assert heard(text.format("L'audience a duré une heure."), "ATT011", kinds)
    assert not heard(text.format("La régie accuse Anne Roy de fraude."), "ATT011", kinds)


def test_hearsay_in_a_headline_is_left_to_the_body_that_says_it():
    text = "Le maire aurait démissionné\n{}"
    kinds = ("headline", "paragraph")
    assert heard(text.format("La mairie est fermée."), "ATT004", kinds)
    assert not heard(text.format("Le maire a démissionné, selon la préfecture."), "ATT004", kinds)


@pytest.mark.parametrize("code", ["ATT001", "ATT004", "ATT008", "ATT011"])
def test_typographic_apostrophes_change_nothing(code):
    texts = [text for fired, text in FIRES if fired == code]
    for text in texts:
        typographic = text.replace("'", "’")
        assert heard(typographic, code) == [(s, w.replace("'", "’")) for s, w in heard(text, code)]


@pytest.mark.parametrize(
    "text",
    ["", "Non", "LE MAIRE A MENTI", "😀 😀", "« « »", "שלום a menti", "on dit que", "selon", "Les experts"],
)
def test_odd_texts_do_no_harm(text):
    found = heard(text, "ATT001") + heard(text, "ATT002")
    assert all(words in text for _, words in found)
