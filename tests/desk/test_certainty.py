"""How sure a text is: conditionals and their traps, the other hedges, and the claims that come of them."""

import json
from pathlib import Path

import pytest

from depeche.desk.attribution import attributions
from depeche.desk.certainty import claims, hearsay, hedges
from depeche.desk.draft import BlockReading
from depeche.desk.parsing import parse
from depeche.desk.passage import Passage
from depeche.desk.spans import Attribution, Claim, Hedge

pytestmark = pytest.mark.any_database

LABELLED = Path(__file__).parent / "conditionals"


def passage_of(text: str) -> Passage:
    return next(parse([(text, "paragraph")], "fr"))


def hedges_of(text: str) -> list[Hedge]:
    passage = passage_of(text)
    return hedges(passage, attributions(passage, "fr"))


def conditional(text: str, words: str) -> tuple[str, str]:
    """The type and the trap of the conditional `words`."""
    found = {text[slice(*hedge.span)]: hedge for hedge in hedges_of(text)}
    return found[words].type, found[words].trap


def reading_of(text: str) -> BlockReading:
    passage = passage_of(text)
    attributed = attributions(passage, "fr")
    hedged = hedges(passage, attributed)
    attributed += hearsay(passage, attributed, hedged)
    return BlockReading(passage, tuple(attributed), tuple(hedged))


def claims_of(text: str) -> list[tuple[str, Claim]]:
    return [(text[slice(*claim.span)], claim) for claim in claims(reading_of(text))]


@pytest.mark.parametrize(
    ("text", "words", "trap"),
    [
        ("Si le gel revenait, la récolte serait perdue.", "serait perdue", "T1"),
        ("Sans ce prêt, la scierie fermerait.", "fermerait", "T2"),
        ("Déplacer la halle coûterait deux millions.", "coûterait", "T2"),
        ("La régie avait annoncé que le bac partirait à midi.", "partirait", "T3"),
        ("La promesse que le quai resterait ouvert a rassuré.", "resterait", "T3"),
        ("Le maire s'est engagé devant les familles. L'école serait rénovée.", "serait rénovée", "T3"),
        ("Les éleveurs souhaiteraient une aide.", "souhaiteraient", "T4"),
        ("La pluie devrait cesser mardi.", "devrait", "T5"),
        ("La ville pourrait créer une taxe qui toucherait les hôtels.", "toucherait", "T6"),
        ("Tout candidat qui aurait triché sera exclu.", "aurait triché", "T6"),
        ("Le préfet aurait-il menti ?", "aurait-il menti", "T7"),
        ("« Le toit serait neuf », dit la voisine.", "serait", "T8"),
        ("Gardez une lampe au cas où la lumière manquerait.", "manquerait", "T9"),
        ("La vanne aurait dû être fermée.", "aurait dû", "T11"),
        ("On dirait une cathédrale.", "dirait", "T13"),
        ("Le peintre n'aurait sans doute pas aimé ce cadre.", "n'aurait sans doute pas aimé", "T13"),
        ("Le canal serait élargi.", "serait élargi", "T2"),
        ("La barge coûterait moins cher que le camion.", "coûterait", "T2"),
        ("Interdire les cars viderait le port.", "viderait", "T2"),
        ("Le greffe a répondu que l'acte serait consultable.", "serait", "T3"),
    ],
)
def test_a_conditional_that_is_no_hearsay_names_its_trap(text, words, trap):
    assert conditional(text, words) == ("conditional_not_hearsay", trap)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Le suspect, qui aurait agi seul, sera jugé s'il est retrouvé.", "aurait agi"),
        ("L'homme serait parti sans payer.", "serait parti"),
        ("Sans domicile, le vieil homme dormirait dans sa voiture.", "dormirait"),
        ("Le bruit court que le manoir serait vendu.", "serait vendu"),
        ("Le parquet a annoncé une arrestation. L'homme serait âgé de 40 ans.", "serait"),
        ("Les pompiers auraient été appelés au cas où le feu reprendrait.", "auraient été appelés"),
        ("L'incendie serait dû à un mégot.", "serait dû"),
        ("La police recherche un homme qui serait armé.", "serait armé"),
        ("Peut-être malade, le chanteur aurait quitté la scène.", "aurait quitté"),
        ("Les ouvriers seraient payés en liquide.", "seraient payés"),
        ("Ce vernis provoquerait des brûlures.", "provoquerait"),
    ],
)
def test_hearsay_close_to_a_trap_stays_hearsay(text, words):
    assert conditional(text, words) == ("conditional_hearsay", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Selon les pompiers, le feu aurait pris à la cave.", "aurait pris"),
        ("La dette dépasserait un million, a indiqué jeudi la trésorière.", "dépasserait"),
        ("Le maire a affirmé que l'agent aurait touché une prime.", "aurait touché"),
        ("De source syndicale, trente postes seraient menacés.", "seraient menacés"),
        ("Si l'on en croit le rapport, la nappe serait polluée.", "serait polluée"),
    ],
)
def test_hearsay_with_a_source_in_its_sentence_is_told_apart(text, words):
    assert conditional(text, words) == ("conditional_hearsay", "T10")


def test_an_attribution_tells_of_a_source_the_words_do_not():
    text = "Des élevages où les bêtes vivraient dans le noir, voilà la plainte du collectif."
    passage = passage_of(text)
    source, cue = text.index("collectif"), text.index("plainte")
    told = Attribution("nominal", (source, source + 9), (cue, cue + 7), ((0, text.index(", voilà")),))
    assert hedges(passage, [])[0].trap == ""
    assert hedges(passage, [told])[0].trap == "T10"


def test_the_rules_hold_on_all_labelled_sentences():
    right = found = wanted = 0
    rows = [
        json.loads(line)
        for path in sorted(LABELLED.glob("*.jsonl"))
        for line in path.open("r", encoding="utf-8")
    ]
    for row, passage in zip(rows, parse([(row["text"], "paragraph") for row in rows], "fr"), strict=True):
        got = {
            hedge.span
            for hedge in hedges(passage, attributions(passage, "fr"))
            if hedge.type == "conditional_hearsay"
        }
        gold = {tuple(hedge["span"]) for hedge in row["hedges"] if hedge["type"] == "conditional_hearsay"}
        right, found, wanted = right + len(got & gold), found + len(got), wanted + len(gold)
    assert right / found >= 0.98
    assert right / wanted >= 0.98


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Le garde, qui aurait tout vu, se tait.", "qui aurait tout vu"),
        ("La toile daterait de 1620 et représenterait un port.", "représenterait un port"),
        ("Le bac serait en panne, mais la route reste ouverte.", "Le bac serait en panne"),
        ("On raconte que le maire aurait fui.", "le maire aurait fui"),
        ("Mercato : le gardien signerait lundi", "le gardien signerait lundi"),
        (
            "La reine aurait été vue dans un couvent ou un refuge et serait partie.",
            "La reine aurait été vue dans un couvent ou un refuge",
        ),
        ("Le père aurait fui et son fils ou sa fille serait resté.", "son fils ou sa fille serait resté"),
        ("Le garde aurait dormi, son chien aurait aboyé.", "Le garde aurait dormi"),
        ("Trois skieurs, dont un guide, seraient blessés.", "Trois skieurs, dont un guide, seraient blessés"),
        ("Le bruit court que le bac serait vendu.", "le bac serait vendu"),
        ("Le chanteur serait aphone (il a annulé).", "Le chanteur serait aphone (il a annulé)"),
    ],
)
def test_hearsay_is_attributed_to_nobody_with_its_whole_clause(text, content):
    passage = passage_of(text)
    found = hearsay(passage, [], hedges(passage, []))
    assert content in [text[slice(*a.content[0])] for a in found]
    assert all(a.type == "conditional" and a.source is None for a in found)


def test_hearsay_with_a_source_is_no_attribution_of_its_own():
    passage = passage_of("Selon la mairie, le pont serait fermé.")
    assert hearsay(passage, [], hedges(passage, [])) == []


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("Le barrage risque de céder.", "risque de", "modal"),
        ("Il n'est pas exclu que le vol soit annulé.", "Il n'est pas exclu que", "impersonal"),
        ("Le feu est probablement parti du toit.", "probablement", "adverb"),
        ("Le meurtrier présumé a été arrêté.", "présumé", "adjective"),
        ("La police évoque un possible complice.", "possible", "adjective"),
        ("Près de 200 arbres sont tombés.", "Près de", "approximator"),
        ("Une trentaine d’élèves ont défilé.", "Une trentaine d’", "approximator"),
        ("À notre connaissance, rien n'a changé.", "À notre connaissance", "shield"),
        ("La route est souvent coupée.", "souvent", "frequency_vague"),
        ("À ce stade, l'enquête continue.", "À ce stade", "temporal_shield"),
    ],
)
def test_other_words_that_hedge_are_found(text, words, kind):
    assert (words, kind) in [(text[slice(*hedge.span)], hedge.type) for hedge in hedges_of(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Elle habite près de la gare.",
        "Pas moins de 300 élèves ont défilé.",
        "Venez le plus vite possible.",
        "Le roman paraît mardi.",
        "Il a le sang apparent.",
        "Le musée peut accueillir un groupe.",
    ],
)
def test_words_that_only_look_like_hedges_are_not_found(text):
    assert hedges_of(text) == []


@pytest.mark.parametrize(
    "text", ["", " ", "serait", "?", "🙂🙂", "مرحبا serait", "«", "Sans", "si s'il que qui serait"]
)
def test_odd_input_is_read_without_complaint(text):
    block = reading_of(text)
    assert all(0 <= hedge.span[0] < hedge.span[1] <= len(text) for hedge in block.hedges)
    assert isinstance(claims(block), list)


def test_typographic_signs_change_nothing():
    plain = "Si l'usine fermait, la ville n'aurait plus d'emplois. L'homme \"aurait fui\"."
    typed = "Si l’usine fermait, la ville n’aurait plus d’emplois. L’homme « aurait fui »."
    assert [(h.type, h.trap) for h in hedges_of(plain)] == [(h.type, h.trap) for h in hedges_of(typed)]


@pytest.mark.parametrize(
    ("text", "voice", "degree", "status"),
    [
        ("La halle a brûlé.", "newsroom", "certain", "asserted_unattributed"),
        ("La halle a probablement brûlé.", "newsroom", "probable", "hedged_newsroom"),
        ("La halle pourrait brûler.", "newsroom", "possible", "hedged_newsroom"),
        ("La halle aurait brûlé.", "hearsay", "reported_uncommitted", "hearsay_no_source"),
        ("La halle a-t-elle brûlé ?", "newsroom", "question", "question"),
        ("Si le vent tournait, la halle brûlerait.", "newsroom", "hypothetical", "hypothetical"),
        ("La préfecture affirme que la halle a brûlé.", "source", "certain", "attributed_institution"),
        ("La préfecture nie que la halle ait brûlé.", "source", "denied", "denied"),
    ],
)
def test_a_claim_says_whose_it_is_and_how_sure(text, voice, degree, status):
    claim = claims_of(text)[0][1]
    assert (claim.voice, claim.degree, claim.status) == (voice, degree, status)


def test_two_clauses_are_two_claims():
    text = "La halle a brûlé et le maire promet une enquête."
    assert next(words for words, _ in claims_of(text)) == "La halle a brûlé"


def test_what_is_not_said_or_asked_for_is_no_claim():
    assert not [
        claim
        for _, claim in claims_of("Le maire n'a pas dit que la halle fermait.")
        if claim.voice == "source"
    ]
    assert not [
        claim for _, claim in claims_of("Le maire demande que la halle ferme.") if claim.voice == "source"
    ]


def test_claims_of_figures_and_firsts_are_told_apart():
    assert claims_of("La halle a coûté 3 millions.")[0][1].type == "quantity_event"
    assert claims_of("C'est la plus grande halle du pays, avec un record.")[0][1].type == "superlative_first"
