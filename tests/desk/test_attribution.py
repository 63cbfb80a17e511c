"""Who says what: the constructions of taxonomy and press, and what looks like them and is none."""

import pytest

from depeche.desk.attribution import attributions, with_referents
from depeche.desk.parsing import parse
from depeche.desk.spans import Attribution

pytestmark = pytest.mark.any_database


def read(text: str) -> list[Attribution]:
    passage = next(parse([(text, "paragraph")], "fr"))
    return with_referents(passage, attributions(passage, "fr"), "fr")


def words(text: str, span: tuple[int, int] | None) -> str | None:
    return text[slice(*span)] if span else None


@pytest.mark.parametrize(
    ("text", "kind", "source", "cue", "content"),
    [
        (
            "« Le pont restera fermé », a déclaré jeudi soir la préfète.",
            "direct",
            "la préfète",
            "a déclaré",
            ["« Le pont restera fermé »"],
        ),
        ("Le maire : « Non, jamais de la vie. »", "direct", "Le maire", ":", ["« Non, jamais de la vie. »"]),
        (
            "La directrice, Anne Roy, a prévenu : « Nous fermerons en mai. »",
            "direct",
            "La directrice, Anne Roy",
            "a prévenu",
            ["« Nous fermerons en mai. »"],
        ),
        (
            "Le préfet affirme que la crue est finie.",
            "indirect",
            "Le préfet",
            "affirme",
            ["la crue est finie"],
        ),
        ("Elle promet de rouvrir la ligne.", "indirect", "Elle", "promet", ["rouvrir la ligne"]),
        ("Les élus jugent le plan trop cher.", "indirect", "Les élus", "jugent", ["le plan trop cher"]),
        (
            "La moyenne est la meilleure de la saison, a indiqué la ligue.",
            "indirect",
            "la ligue",
            "a indiqué",
            ["La moyenne est la meilleure de la saison"],
        ),
        (
            "Le Groenval, précise le ministère, a fermé deux ports.",
            "indirect",
            "le ministère",
            "précise",
            ["Le Groenval", "a fermé deux ports"],
        ),
        (
            "Il a dénoncé un chantier « mené à l’aveugle ».",
            "mixed",
            "Il",
            "a dénoncé",
            ["un chantier « mené à l’aveugle »"],
        ),
        (
            "Selon la Croix-Verte, douze villages sont isolés.",
            "adverbial",
            "la Croix-Verte",
            "Selon",
            ["douze villages sont isolés"],
        ),
        (
            "Le chantier, d’après la régie, reprendra en mai.",
            "adverbial",
            "la régie",
            "d’après",
            ["Le chantier", "reprendra en mai"],
        ),
        (
            "Le syndicat a salué la décision du juge.",
            "speech_act",
            "Le syndicat",
            "a salué",
            ["la décision du juge"],
        ),
        (
            "Le trésorier est accusé par le parquet d’avoir falsifié deux factures.",
            "indirect",
            "le parquet",
            "est accusé",
            ["avoir falsifié deux factures"],
        ),
        (
            "Il a été révélé que le retard venait d’une erreur.",
            "indirect",
            None,
            "a été révélé",
            ["le retard venait d’une erreur"],
        ),
        (
            "Luc Petit, qui assure que le pont tiendra, a signé.",
            "indirect",
            "Luc Petit",
            "assure",
            ["le pont tiendra"],
        ),
        (
            "Le maire n’a pas dit que la piscine fermerait.",
            "indirect",
            "Le maire",
            "n’a pas dit",
            ["la piscine fermerait"],
        ),
        (
            "La grève continue, comme l’a annoncé le syndicat.",
            "indirect",
            "le syndicat",
            "l’a annoncé",
            ["La grève continue"],
        ),
        (
            "La maire se demande si le pont tiendra.",
            "indirect",
            "La maire",
            "se demande",
            ["le pont tiendra"],
        ),
    ],
)
def test_a_construction_is_read(
    text: str, kind: str, source: str | None, cue: str, content: list[str]
) -> None:
    found = read(text)
    assert len(found) == 1, found
    only = found[0]
    assert (only.type, words(text, only.source), words(text, only.cue)) == (kind, source, cue)
    assert [words(text, span) for span in only.content] == content


@pytest.mark.parametrize(
    "text",
    [
        "Selon les cas, le délai varie.",
        "La couleur change selon la saison.",
        "Par rapport à 2025, les dépenses augmentent.",
        "Elle rapporte trois kilos de prunes.",
        "Le rappel des pièces dure deux mois.",
        "Le sentier mène à une « cabane » de bois.",
        "Il faut rappeler que l’entrée est gratuite.",
        "Le sentier est plus long que prévu.",
        "C’est-à-dire que le train est en retard.",
        "Pour finir, la fanfare a joué deux airs.",
    ],
)
def test_what_reports_nothing_is_left_alone(text: str) -> None:
    assert read(text) == []


def test_layers_are_nested_three_deep() -> None:
    text = "Le journal rapporte que le maire affirme que le préfet a promis de rouvrir le pont."
    found = read(text)
    assert [words(text, item.source) for item in found] == ["Le journal", "le maire", "le préfet"]
    assert [item.parent for item in found] == [-1, 0, 1]


def test_a_negated_cue_is_marked() -> None:
    assert read("Le maire n’a pas dit que la piscine fermerait.")[0].negated
    assert not read("Le maire n’a cessé de répéter que la piscine fermerait.")[0].negated


def test_a_pronoun_points_to_whom_it_stands_for() -> None:
    text = "Anne Roy a visité le chantier. Elle assure que tout sera prêt en mai."
    found = read(text)
    assert words(text, found[0].source) == "Elle"
    assert words(text, found[0].source_ref) == "Anne Roy"


def test_an_inverted_pronoun_is_the_source_without_its_hyphen() -> None:
    text = "Tout est prêt, a-t-elle ajouté."
    assert words(text, read(text)[0].source) == "elle"


def test_coordinated_sources_are_one_span_with_parts() -> None:
    text = "Le maire et la préfète ont annoncé que le pont rouvrirait."
    found = read(text)[0]
    assert words(text, found.source) == "Le maire et la préfète"
    assert [words(text, part) for part in found.source_parts] == ["Le maire", "la préfète"]


def test_a_dateline_is_no_part_of_what_is_said() -> None:
    text = "SAINT-AUBERT, 12 mars – Le budget est adopté, a annoncé la mairie."
    assert words(text, read(text)[0].content[0]) == "Le budget est adopté"


def test_a_quotation_without_a_speaker_is_free_speech() -> None:
    found = read("« Nous avons attendu trois heures devant la porte. »")
    assert [(item.type, item.source, item.cue) for item in found] == [("direct", None, None)]


def test_a_quotation_that_runs_on_is_read_to_the_end_of_its_block() -> None:
    text = "« Nous avons attendu trois heures devant la porte. Personne n’est venu."
    assert words(text, read(text)[0].content[0]) == text


@pytest.mark.parametrize("quotes", ["« {} »", "“{}”", '"{}"', "«\u202f{}\u202f»"])
def test_every_kind_of_quotation_mark_reads_the_same(quotes: str) -> None:
    text = quotes.format("Le pont restera fermé") + ", a déclaré la préfète."
    found = read(text)
    assert [item.type for item in found] == ["direct"]
    assert words(text, found[0].source) == "la préfète"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Le ministre a reconnu que la situation était grave et promis des renforts.",
            [("le ministre", "la situation était grave"), ("le ministre", "des renforts")],
        ),
        (
            "Le tribunal a estimé que la preuve manquait et a relaxé le prévenu.",
            [("le tribunal", "la preuve manquait")],
        ),
        (
            "« Nous partons », regrette-t-elle, assurant avoir tout essayé.",
            [("elle", "« Nous partons »"), ("elle", "avoir tout essayé")],
        ),
        (
            "L’association, qui accuse la mairie d’avoir laissé faire, réclame 50 000 euros.",
            [("l’association", "avoir laissé faire"), (None, "50 000 euros")],
        ),
        (
            "Une enquête est ouverte, a-t-on appris mardi de source judiciaire.",
            [("source judiciaire", "Une enquête est ouverte")],
        ),
        (
            "La ministre a qualifié cette attaque d’« acte lâche ».",
            [("la ministre", "cette attaque d’« acte lâche »")],
        ),
        (
            "Aux yeux des syndicats, le projet menace 200 emplois.",
            [("syndicats", "le projet menace 200 emplois")],
        ),
        (
            "Anne Roy, dont la maison a brûlé, raconte que tout est allé vite.",
            [("anne roy", "tout est allé vite")],
        ),
        ("Pas question, répond le directeur, de céder.", [("le directeur", "Pas question")]),
        (
            "Accusée par ses adversaires d’avoir favorisé un ami, la maire se tait.",
            [("ses adversaires", "avoir favorisé un ami")],
        ),
        ("Des témoins racontent avoir vu une voiture.", [("des témoins", "avoir vu une voiture")]),
        ("La laiterie dément.", [("la laiterie", None)]),
    ],
)
def test_press_prose_is_read(text: str, expected: list[tuple[str | None, str | None]]) -> None:
    found = read(text)
    assert len(found) == len(expected), found
    for item, (source, content) in zip(found, expected, strict=True):
        if source is not None:
            assert (words(text, item.source) or "").lower() == source
        assert (words(text, item.content[0]) if item.content else None) == content


@pytest.mark.parametrize(
    ("text", "quality"),
    [
        ("La présidente du conseil affirme que les travaux avancent.", "institution"),
        ("Le directeur de l’hôpital affirme que les travaux avancent.", "institution"),
        ("Un directeur de l’hôpital affirme que les travaux avancent.", "anonymous_described"),
        ("Le témoin affirme que les travaux avancent.", "anonymous_described"),
        ("La présidente du conseil, Anne Leroy, affirme que les travaux avancent.", "named"),
    ],
)
def test_who_holds_an_office_is_no_anonymous_source(text: str, quality: str) -> None:
    assert [item.quality for item in read(text) if item.type == "indirect"] == [quality]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "Le port, les écoles et les villages tels que Lourmel et Trévou affirment que l’eau monte.",
            "Le port, les écoles et les villages tels que Lourmel et Trévou",
        ),
        (
            "Deux rapports de la mairie, ainsi que les pompiers, affirment que la digue a cédé.",
            "Deux rapports de la mairie, ainsi que les pompiers",
        ),
        ("La mairie, le port et le club affirment que l’eau monte.", "La mairie, le port et le club"),
        ("Lundi, le maire et son adjoint ont affirmé que l’eau monte.", "le maire et son adjoint"),
        (
            "Anne Roy, maire et présidente du club, affirme que l’eau monte.",
            "Anne Roy, maire et présidente du club",
        ),
        (
            "Comme le veut l’usage, le maire et son adjoint affirment que l’eau monte.",
            "le maire et son adjoint",
        ),
    ],
)
def test_a_source_that_names_several_is_taken_whole(text: str, source: str) -> None:
    assert [words(text, item.source) for item in read(text) if item.type == "indirect"] == [source]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Pour deux enfants et 140 jours, cela fait 308 euros par an.", 0),
        ("Neuf familles, pour onze de ces enfants, ont obtenu une place.", 0),
        ("Pour le maire et son adjoint, le projet va trop loin.", 1),
        ("Pour deux habitants, le projet va trop loin.", 1),
    ],
)
def test_only_who_can_think_has_a_view_behind_pour(text: str, count: int) -> None:
    assert len([item for item in read(text) if item.type == "adverbial"]) == count


def test_no_clause_is_a_source() -> None:
    text = "Neuf familles ont obtenu, après bien des démarches, une place au Centre, indique l’adjointe, Sylvie Ansquer."
    assert all("ont obtenu" not in (words(text, item.source) or "") for item in read(text))
