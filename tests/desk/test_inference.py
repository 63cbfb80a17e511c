"""What a text concludes, guesses or takes for granted: each rule and its near miss."""

import pytest

from depeche.desk import inference
from depeche.desk.draft import BlockReading
from depeche.desk.parsing import parse
from depeche.desk.spans import Attribution, Finding, ZoneKind
from tests.desk.passages import passage

pytestmark = pytest.mark.any_database


def found(text: str, kind: ZoneKind = "paragraph", *attributions: Attribution) -> list[Finding]:
    read = next(parse([(text, kind)], "fr"))
    return inference.findings(BlockReading(read, attributions), "fr")


def codes(text: str) -> list[str]:
    return [finding.code for finding in found(text)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Les ventes ont chuté, preuve que les clients se méfient.", "INF001"),
        ("Le prix baisse, d’où la colère des éleveurs.", "INF001"),
        ("Les élèves sont moins nombreux, ce qui explique la fermeture.", "INF001"),
        ("Cette baisse témoigne de la défiance des ménages.", "INF001"),
        ("Le silence de la préfecture confirme la gêne de l’État.", "INF001"),
        ("La mairie a cédé, renforçant ainsi le camp du refus.", "INF001"),
        ("La fuite des soignants s’explique par le mépris de la tutelle.", "INF001"),
        ("Résultat : les familles partent.", "INF001"),
        ("Le ministre cherche à gagner du temps.", "INF002"),
        ("Les éleveurs veulent faire monter les enchères.", "INF002"),
        ("La direction espère faire oublier la panne.", "INF002"),
        ("Par orgueil, le directeur a refusé.", "INF002"),
        ("Le préfet s’est montré agacé.", "INF002"),
        ("Les joueurs ne croient plus en leur entraîneur.", "INF002"),
        ("La mesure pourrait vider le centre-ville.", "INF003"),
        ("L’affaire risque de coûter son poste au trésorier.", "INF003"),
        ("Le texte devrait réduire au silence les opposants.", "INF003"),
        ("Tout porte à croire que l’usine fermera.", "INF003"),
        ("Tout le monde rejette ce texte.", "INF004"),
        ("Plus personne n’ose critiquer le maire.", "INF004"),
        ("Tout le quartier refuse l’antenne.", "INF004"),
        ("Tous les enfants adorent la sieste.", "INF004"),
        ("Force est de constater que le stade reste vide.", "INF005"),
        ("Hélas, rien ne bouge.", "INF005"),
        ("On ne peut que regretter ce choix.", "INF005"),
        ("L’entreprise persiste à dissimuler ses rejets.", "INF006"),
        ("Il continue de nier.", "INF006"),
        ("La mairie n’a toujours pas remboursé les familles.", "INF006"),
    ],
)
def test_what_nobody_vouches_for_is_found(text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "La pluie a inondé la cave.",
        "Le témoin a témoigné de sa présence au bar.",
        "L’étude montre que les truites migrent.",
        "Le ministre a confirmé sa volonté de partir.",
        "Elle a apporté la preuve de son innocence.",
        "La hausse s’explique par le prix du gaz, selon la régie.",
        "L’eau a ainsi envahi la galerie.",
        "Le maire veut agrandir le gymnase.",
        "La police cherche à identifier le conducteur.",
        "La ministre a assuré vouloir faire oublier la panne.",
        "Les pompiers tentent d’éteindre l’incendie.",
        "Le vote doit avoir lieu mardi.",
        "Le pont devrait rouvrir en juin.",
        "Si le gel revient, la récolte pourrait souffrir.",
        "S’il gèle, la récolte pourrait souffrir.",
        "La loi pourrait-elle être annulée ?",
        "Le patient ne pourrait pas marcher.",
        "Les travaux pourraient débuter en mai, selon la mairie.",
        "Il risque cinq ans de prison.",
        "Le risque de crue est faible.",
        "Les 35 députés présents ont tous voté contre.",
        "Tous les jours, le marché ouvre à 8 h.",
        "Personne n’a été blessé.",
        "La neige est tombée sur tout le pays.",
        "Il faut être majeur pour voter.",
        "Il continue de pleuvoir.",
        "Le service continue.",
        "Le suspect n’a toujours pas été retrouvé.",
    ],
)
def test_a_fact_a_calendar_or_a_source_is_left_alone(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "« Force est de constater l’échec », dit-elle.",
        "“Tout le monde rejette ce texte”, dit-elle.",
        '"Hélas, rien ne bouge", dit-elle.',
    ],
)
def test_quoted_words_are_not_ours(text: str) -> None:
    assert codes(text) == []


def test_what_a_source_says_is_not_our_inference() -> None:
    text = "Le syndicat affirme que la mesure pourrait vider le centre."
    content = (text.index("la mesure"), len(text) - 1)
    said = Attribution("indirect", (0, 11), (12, 19), (content,), stance="assertive", lemma="affirmer")
    assert found(text, "paragraph", said) == []
    assert [finding.code for finding in found(text)] == ["INF003"]


def test_an_intent_lent_to_somebody_is_no_statement() -> None:
    text = "Le maire compte jouer la montre."
    content = (text.index("jouer"), len(text) - 1)
    lent = Attribution("indirect", (0, 8), (9, 15), (content,), lemma="compter", mental=True)
    assert [finding.code for finding in found(text, "paragraph", lent)] == ["INF002"]


def test_a_hearsay_conditional_is_no_source() -> None:
    text = "Tout le monde aurait rejeté ce texte."
    hearsay = Attribution("conditional", None, (14, 27), ((0, len(text) - 1),))
    assert [finding.code for finding in found(text, "paragraph", hearsay)] == ["INF004"]


def test_no_mind_is_read_where_everybodys_is() -> None:
    assert codes("Tout le bourg en veut à ses élus.") == ["INF004"]


def test_the_clause_is_underlined_and_the_trigger_told() -> None:
    text = "La mesure est votée ; elle pourrait vider le centre."
    (finding,) = found(text)
    assert text[slice(*finding.span)] == "elle pourrait vider le centre"
    assert ("cue", "pourrait") in finding.values


def test_of_a_conclusion_behind_a_comma_only_it_is_underlined() -> None:
    text = "Les ventes ont chuté, preuve que les clients se méfient."
    (finding,) = found(text)
    assert text[slice(*finding.span)] == "preuve que les clients se méfient"


def test_what_is_merely_expected_is_a_remark() -> None:
    severities = {text: found(text)[0].severity for text in (
        "Le texte devrait plaire.",
        "Le texte devrait réduire les aides.",
    )}  # fmt: skip
    assert list(severities.values()) == ["info", "warning"]


def test_a_person_confirms_and_an_event_is_made_to() -> None:
    event = passage(
        "Le/DET/det/1 silence/NOUN/nsubj/2 confirme/VERB/ROOT/2 la/DET/det/4 gêne/NOUN/obj/2 ./PUNCT/punct/2"
    )
    person = passage(
        "Le/DET/det/1 préfet/NOUN/nsubj/2 confirme/VERB/ROOT/2 la/DET/det/4 gêne/NOUN/obj/2 ./PUNCT/punct/2"
    )
    assert [f.code for f in inference.findings(BlockReading(event), "fr")] == ["INF001"]
    assert inference.findings(BlockReading(person), "fr") == []


def test_a_subject_is_found_without_arcs() -> None:
    lost = passage("Le/DET préfet/NOUN joue/VERB la/DET montre/NOUN ./PUNCT")
    assert [f.code for f in inference.findings(BlockReading(lost), "fr")] == ["INF002"]


@pytest.mark.parametrize("kind", ["quotation", "byline", "furniture"])
def test_blocks_of_others_are_passed_over(kind: ZoneKind) -> None:
    assert found("Hélas, rien ne bouge.", kind) == []


@pytest.mark.parametrize(
    "text",
    ["", "!", "pourrait", "Tout", "tout le monde", "« pourrait", "🙂 !", "POURRAIT", "ne", "à\n\nquand"],
)
def test_odd_input_is_read_without_a_crash(text: str) -> None:
    assert all(0 <= finding.span[0] < finding.span[1] <= len(text) for finding in found(text))


def test_a_language_without_word_lists_infers_nothing() -> None:
    assert inference.findings(BlockReading(passage("Hélas , rien .")), "xx") == []


def test_the_same_words_are_found_however_they_are_typed() -> None:
    straight = "Le prix baisse, d'où la colère. L'affaire risque d'empirer."
    curly = straight.replace("'", "’")
    assert [(f.code, f.span) for f in found(straight)] == [(f.code, f.span) for f in found(curly)]
