"""Words that take sides, lean or say nothing: each rule and its near miss."""

import json

import pytest

from depeche.desk import inference, wording
from depeche.desk.draft import BlockReading, Dossier, Draft
from depeche.desk.expressions import load_expressions, load_word_group
from depeche.desk.packs import LANGUAGES, PackError
from depeche.desk.parsing import parse
from depeche.desk.spans import Attribution, Finding, ZoneKind
from tests.desk.passages import passage

pytestmark = pytest.mark.any_database


def found(text: str, kind: ZoneKind = "paragraph") -> list[Finding]:
    return wording.findings(BlockReading(next(parse([(text, kind)], "fr"))), "fr")


def codes(text: str) -> list[tuple[str, str]]:
    return [(finding.code, text[slice(*finding.span)]) for finding in found(text)]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("Le régime a fait fermer la radio.", "LEX001", "régime"),
        ("Le régime valdorien de Milo Harsan se tait.", "LEX001", "régime"),
        ("Le dictateur a nommé son fils.", "LEX001", "dictateur"),
        ("Les terroristes tenaient le pont.", "LEX001", "terroristes"),
        ("Une décision scandaleuse a été prise.", "LEX001", "scandaleuse"),
        ("Le bilan est catastrophique.", "LEX001", "catastrophique"),
        ("Le sulfureux promoteur a signé.", "LEX001", "sulfureux"),
        ("La firme a orchestré son départ.", "LEX001", "orchestré"),
        ("La grogne gagne les vallées.", "LEX001", "grogne"),
        ("Cette “aide” n’a servi à rien.", "LEX002", "“aide”"),
        ("Ces « bénévoles » étaient payés.", "LEX002", "« bénévoles »"),
        ("C’est la plus longue grève du siècle.", "LEX003", "la plus longue grève du siècle"),
        ("C’est le four le plus vieux de la région.", "LEX003", "le plus vieux de la région"),
        ("C’est une première mondiale.", "LEX003", "première mondiale"),
        ("C’est la seule forge au monde à tenir.", "LEX003", "la seule forge au monde"),
        ("Elle est la première femme à diriger la régie.", "LEX003", "la première femme à diriger"),
        ("Le conseil a évidemment voté contre.", "LEX004", "évidemment"),
        ("Pas moins de 300 personnes sont venues.", "LEX004", "Pas moins de"),
        ("À peine 12 habitants sont venus.", "LEX004", "À peine"),
        ("L’armée a neutralisé huit hommes.", "LEX005", "neutralisé"),
        ("Le groupe se sépare de trente salariés.", "LEX005", "sépare"),
        ("Une frappe chirurgicale a visé le port.", "LEX005", "frappe chirurgicale"),
        ("Les commerçants tirent la sonnette d’alarme.", "LEX006", "sonnette d’alarme"),
        ("L’étau se resserre autour du maire.", "LEX006", "L’étau se resserre"),
        ("En termes de sécurité, rien ne bouge.", "TRN001", "En termes de"),
        ("Le ministre veut adresser la question des loyers.", "TRN001", "adresser"),
        ("Les prochaines 48 heures seront calmes.", "TRN001", "prochaines 48 heures"),
    ],
)
def test_a_word_that_takes_sides_is_found(text: str, code: str, words: str) -> None:
    assert (code, words) in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Le régime des retraites change en mars.",
        "Elle suit un régime sans sel.",
        "Le moteur tourne à bas régime.",
        "La Valdorie vit sous un régime présidentiel.",
        "Le satellite de télécommunications est en orbite.",
        "Le Parti radical présente une liste.",
        "Le ravisseur a libéré les otages.",
        "La commune va libérer des terrains.",
        "Le savon élimine les bactéries.",
        "L’équipe a été éliminée en quart de finale.",
        "Le drone a neutralisé l’engin explosif.",
        "L’exécution du budget est publiée.",
        "Un incident technique a retardé le train.",
        "Un logiciel espion a été trouvé.",
        "Le héros du roman vit à Brest.",
        "L’évêque célèbre une messe.",
        "Le centre historique sera piéton.",
        "Le conservatoire d’art dramatique rouvre.",
        "L’assemblée générale extraordinaire a lieu lundi.",
        "La rue des Martyrs est fermée.",
        "Le tribunal s’est déclaré incompétent.",
        "Le Terrible est rentré au port.",
        "Les bénévoles ont nettoyé le quartier.",
        "Le préfet a remercié les agents pour leur aide.",
        "Le film « Marée » sort mercredi.",
        "L’opération « ville propre » commence lundi.",
        "Ce que les marins appellent la « renverse » dure peu.",
        "Le plus souvent, les essaims partent en mai.",
        "Le premier ministre reçoit le premier adjoint.",
        "Le premier tour du championnat du monde est joué.",
        "C’est le deuxième plus grand parc du pays.",
        "L’un des plus grands parcs du pays ouvre.",
        "Selon la région, c’est le plus grand parc du pays.",
        "Le plus grand des deux bassins est vide.",
        "Le lait caille naturellement.",
        "Le véritable nom de l’auteur reste secret.",
        "Le voyageur a tiré la sonnette d’alarme du train.",
        "L’orage a commencé par un coup de tonnerre.",
        "Le vieil étau de l’atelier est rouillé.",
        "Elle a initié les enfants à la voile.",
        "L’usine a définitivement fermé en 2020.",
        "Le maire a adressé une lettre aux habitants.",
        "L’admission à l’hôpital a duré une heure.",
    ],
)
def test_a_word_in_another_sense_is_left_alone(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize("kind", ["quotation", "byline", "furniture"])
def test_words_of_others_are_not_ours(kind: ZoneKind) -> None:
    assert found("Une décision scandaleuse a été prise.", kind) == []


def test_a_loaded_word_is_one_level_lower_in_what_a_source_says() -> None:
    text = "Le syndicat juge le plan désastreux."
    read = next(parse([(text, "paragraph")], "fr"))
    content = (text.index("le plan"), len(text) - 1)
    said = Attribution("indirect", (0, 11), (12, 16), (content,), stance="opinion")
    ours = wording.findings(BlockReading(read), "fr")
    theirs = wording.findings(BlockReading(read, (said,)), "fr")
    assert [finding.severity for finding in (*ours, *theirs)] == ["warning", "info"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("« Une décision scandaleuse », dit-elle.", 0),
        ("“Une décision scandaleuse”, dit-elle.", 0),
        ('"Une décision scandaleuse", dit-elle.', 0),
        ("C’est une décision scandaleuse.", 1),
        ("C'est une décision scandaleuse.", 1),
    ],
)
def test_the_way_of_typing_changes_nothing(text: str, kept: int) -> None:
    assert len(codes(text)) == kept


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        ("Le régime se tait.", "gouvernement"),
        ("La firme a orchestré sa chute.", "organisé"),
        ("Elles ont fomenté un complot.", "préparé"),
        ("Une grogne monte.", "contestation"),
    ],
)
def test_a_rewrite_is_of_the_same_gender_number_and_form(text: str, rewrite: str) -> None:
    assert [finding.rewrite for finding in found(text)] == [rewrite]


def test_every_rewrite_begins_as_the_word_it_replaces_for_the_sake_of_the_article() -> None:
    rows = json.loads((LANGUAGES / "fr" / "loaded_words.json").read_text(encoding="utf-8"))
    for row in rows:
        if not (rewrite := row.get("rewrite")):
            continue
        pairs = (
            [(row["words"][0], rewrite)]
            if isinstance(rewrite, str)
            else zip(row["words"], rewrite, strict=True)
        )
        for word, other in pairs:
            assert (word.strip("~")[0] in "aeiouéèêâîôûh") == (other.strip("~")[0] in "aeiouéèêâîôûh"), row


@pytest.mark.parametrize("family", [wording, inference])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_kind_and_shape_in_a_list_is_one_its_family_knows(family, language: str) -> None:
    for name in family._FILES:
        path = LANGUAGES / language / name
        rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        for row in rows:
            assert row["kind"] in {*family._CODES, "silent", "scope", "local_scope", "strong"}, row
            assert row.get("shape", "adjective" if family is wording else "subject") in family._SHAPES, row


def test_an_adjective_that_follows_no_noun_is_none() -> None:
    judged = passage("La/DET décision/NOUN scandaleuse/ADJ tombe/VERB ./PUNCT")
    named = passage("La/DET scandaleuse/ADJ ,/PUNCT dit-on/X ./PUNCT")
    assert [f.code for f in wording.findings(BlockReading(judged), "fr")] == ["LEX001"]
    assert wording.findings(BlockReading(named), "fr") == []


def test_what_no_parser_has_read_is_read_by_its_words() -> None:
    assert [f.code for f in wording.findings(BlockReading(passage("Une décision scandaleuse .")), "fr")] == [
        "LEX001"
    ]


def emotive(*texts: str, verbs: tuple[str, ...]) -> Draft:
    blocks, starts, start = [], [], 0
    for text in texts:
        read = passage(text)
        said = tuple(
            Attribution("direct", None, (at, at + len(verb)), (), stance="manner_emotive", lemma=verb)
            for verb in verbs
            if (at := read.text.find(verb)) >= 0
        )
        blocks.append(BlockReading(read, said))
        starts.append(start)
        start += len(read.text) + 1
    return Draft(tuple(blocks), tuple(starts), Dossier(), "fr")


def test_one_emotive_verb_in_a_piece_is_none_too_many() -> None:
    assert wording.across(emotive("« Non » , tonne le maire .", verbs=("tonne",))) == []


def test_emotive_verbs_beyond_one_in_three_hundred_words_are_too_many() -> None:
    draft = emotive("« Non » , tonne le maire .", "« Si » , peste le préfet .", verbs=("tonne", "peste"))
    (finding,) = wording.across(draft)
    text = " ".join(block.passage.text for block in draft.blocks)
    assert (finding.code, finding.severity, text[slice(*finding.span)]) == ("LEX007", "info", "peste")
    assert ("count", "2") in finding.values
    assert [text[slice(*span)] for span in finding.related] == ["tonne"]


def test_a_long_piece_may_have_two_emotive_verbs() -> None:
    draft = emotive(
        "« Non » , tonne le maire .", "« Si » , peste le préfet .", "mot " * 600, verbs=("tonne", "peste")
    )
    assert wording.across(draft) == []


@pytest.mark.parametrize(
    "text", ["", "!", "« »", "🙂", "RÉGIME", "مرحبا régime", "« « « scandaleux", "le", "\n\n"]
)
def test_odd_input_is_read_without_a_crash(text: str) -> None:
    assert all(0 <= finding.span[0] < finding.span[1] <= len(text) for finding in found(text))


def test_a_language_without_word_lists_finds_nothing() -> None:
    assert wording.findings(BlockReading(passage("Une décision scandaleuse .")), "xx") == []


def test_a_row_that_names_an_unknown_group_says_which(tmp_path, monkeypatch) -> None:
    folder = tmp_path / "zz"
    folder.mkdir()
    rows = [{"words": ["mot"], "kind": "label", "not_left": ["@absent"]}]
    (folder / "list.json").write_text(json.dumps(rows), encoding="utf-8")
    monkeypatch.setattr("depeche.desk.lexicon.LANGUAGES", tmp_path)
    with pytest.raises(PackError, match=r"list\.json, row 1 .*“absent”"):
        load_expressions("zz", "list.json")


def test_a_verb_without_forms_is_named(tmp_path, monkeypatch) -> None:
    folder = tmp_path / "zy"
    folder.mkdir()
    (folder / "list.json").write_text(
        json.dumps([{"words": ["~boustifailler"], "kind": "label"}]), encoding="utf-8"
    )
    monkeypatch.setattr("depeche.desk.lexicon.LANGUAGES", tmp_path)
    with pytest.raises(PackError, match="boustifailler"):
        load_expressions("zy", "list.json")


def test_a_group_has_its_verbs_in_all_their_forms() -> None:
    assert {"veut", "voulaient", "voudra", "voulu"} <= load_word_group("fr", "will")
