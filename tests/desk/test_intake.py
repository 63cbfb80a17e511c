"""What the desk is given, made ready: headline or not, front matter, language, and what it refuses."""

import datetime as dt
import json

import pytest

from depeche.desk.intake import Refused, Told, article_in, take_in
from depeche.desk.other_languages import other_language
from depeche.desk.reading import languages

pytestmark = pytest.mark.any_database

FRENCH = (
    "Le pont de Sermont restera fermé jusqu’au printemps, a indiqué la régie. Les élus attendent un devis "
    "qui doit leur être remis dans la semaine, et les habitants passent par le viaduc."
)
OTHERS = {
    "de": "Die Brücke über den Fluss bleibt bis zum Frühjahr gesperrt, sagte die Bürgermeisterin am Montag. "
    "Die Arbeiten sind nach Angaben der Stadt noch nicht abgeschlossen, aber ein Teil wird bald geöffnet.",
    "es": "El puente sobre el río seguirá cerrado hasta la primavera, dijo la alcaldesa el lunes. Las obras "
    "no han terminado según el ayuntamiento, pero una parte se abrirá pronto, con algunos cambios.",
    "it": "Il ponte sul fiume resterà chiuso fino alla primavera, ha detto lunedì la sindaca. I lavori non "
    "sono ancora finiti secondo il comune, ma una parte della strada riaprirà presto con alcune novità.",
    "nl": "De brug over de rivier blijft tot het voorjaar dicht, zei de burgemeester maandag. Het werk is "
    "volgens de stad nog niet af, maar een deel gaat binnenkort weer open voor auto’s en fietsers.",
    "ru": "Мост через реку останется закрытым до весны, сказала в понедельник мэр города.",
    "uk": "Міст через річку залишиться закритим до весни, сказала в понеділок міська голова.",
    "ar": "قالت رئيسة البلدية يوم الاثنين إن الجسر فوق النهر سيبقى مغلقا حتى الربيع",
    "ja": "市長は月曜日、川にかかる橋は春まで閉鎖されると述べた。工事はまだ終わっていないが、一部はまもなく再開される。",
    "zh": "市长星期一表示，河上的大桥将关闭至春天。工程尚未完成，但部分路段很快将重新开放。市政府没有说明具体的日期。",
}


def taken(source, name="pont.txt", told=None, sources=None):
    raw = source if isinstance(source, bytes) else source.encode()
    return take_in(raw, name, told or Told(), lambda named: (sources or {})[named])


def test_one_paragraph_is_one_paragraph_with_its_offsets():
    article = article_in(f"  {FRENCH}\n")
    assert [(zone.kind, zone.start) for zone in article.zones] == [("paragraph", 2)]
    assert article.text == f"  {FRENCH}\n"


def test_a_first_line_like_a_headline_makes_an_article():
    assert article_in(f"Le pont reste fermé\n\n{FRENCH}\n\n{FRENCH}").headline == "Le pont reste fermé"


@pytest.mark.parametrize(
    "first", [FRENCH, "Le pont est fermé.", "« Où va-t-il ? »", "Il l’a dit :", "x" * 300]
)
def test_a_first_line_like_a_paragraph_makes_paragraphs(first):
    article = article_in(f"{first}\n\n{FRENCH}")
    assert {zone.kind for zone in article.zones} == {"paragraph"}


def test_a_file_without_headline_is_read_as_paragraphs():
    intake = taken(f"{FRENCH}\n\n{FRENCH}\n")
    assert [zone.kind for zone in intake.article.zones] == ["paragraph", "paragraph"]


def test_front_matter_tells_and_keeps_offsets_of_plain_text():
    source = (
        f"---\ngenre: portrait\ndate: 2026-03-12T08:00\nlieu: Sermont\n---\nLe pont reste fermé\n\n{FRENCH}\n"
    )
    intake = taken(source)
    assert (intake.dossier.kind, intake.dossier.date, intake.dossier.place) == (
        "profile",
        dt.date(2026, 3, 12),
        "Sermont",
    )
    assert intake.dossier.byline is None
    assert intake.article.headline == "Le pont reste fermé"
    assert all(source[zone.start : zone.end] == zone.text for zone in intake.article.zones)


@pytest.mark.parametrize("marks", [("---\ntitle: {}\n---\n", "a.txt"), ('+++\ntitle = "{}"\n+++\n', "a.md")])
def test_a_headline_in_the_front_matter_is_the_headline(marks):
    top, name = marks
    intake = taken(f"{top.format('Le pont reste fermé')}\n{FRENCH}\n\n{FRENCH}\n", name)
    assert intake.article.headline == "Le pont reste fermé"


def test_what_is_told_goes_before_the_front_matter():
    source = f"---\nkind: opinion\ndate: 2026-03-12\nbyline: Jeanne\nlanguage: en\n---\nLe pont\n\n{FRENCH}\n"
    told = Told("brief", dt.date(2026, 1, 1), "", "Lens", ("source",), {"a": ("b",)}, "fr")
    dossier = taken(source, told=told).dossier
    assert (dossier.kind, dossier.date, dossier.byline, dossier.place) == (
        "brief",
        dt.date(2026, 1, 1),
        "",
        "Lens",
    )
    assert (dossier.sources, dossier.camps) == (("source",), {"a": ("b",)})
    assert taken(source, told=told).language == "fr"
    assert taken(source).language == "en"


def test_the_byline_of_the_text_is_told_too():
    assert taken(f"Le pont reste fermé\nPar Jeanne Morel\n\n{FRENCH}\n").dossier.byline == "Par Jeanne Morel"


def test_sources_and_camps_of_the_front_matter_are_read():
    source = (
        f"---\nsources: [a.txt, b.txt]\ncamps:\n  mairie: Odile Roy, M. Roy\n---\nLe pont ferme\n\n{FRENCH}\n"
    )
    dossier = taken(source, sources={"a.txt": "un", "b.txt": "deux"}).dossier
    assert dossier.sources == ("un", "deux")
    assert dossier.camps == {"mairie": ("Odile Roy", "M. Roy")}


def test_a_kind_that_is_none_is_news_and_remembered():
    intake = taken(f"---\nkind: poème\n---\nLe pont\n\n{FRENCH}\n")
    assert (intake.dossier.kind, intake.odd_kind) == ("news", "poème")


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "refused.empty"),
        (b" \n\n", "refused.empty"),
        (b"%PDF-1.7 xxx", "refused.binary.kind"),
        (b"Un titre\n\nab\x00cd\x00\x01\x02", "refused.binary"),
        (b"a" * 2_000_001, "refused.too_large"),
        (f"---\ndate: hier\n---\nLe pont\n\n{FRENCH}".encode(), "refused.date"),
        (b"+++\ndate =\n+++\n", "refused.front_matter"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(raw, sentence):
    with pytest.raises(Refused) as caught:
        taken(raw)
    assert caught.value.sentence == sentence


def test_french_is_known_by_its_words_and_little_text_is_left_open():
    assert taken(f"Le pont reste fermé\n\n{FRENCH}\n").language == "fr"
    assert taken("Pont fermé\n\nRien de plus.\n").language == ""


@pytest.mark.parametrize("language", OTHERS)
def test_another_language_is_named(language):
    with pytest.raises(Refused) as caught:
        taken(f"Titre\n\n{OTHERS[language]}\n")
    assert caught.value.values == {"name": "pont.txt", "language": language, "known": languages()}


def test_french_of_all_kinds_is_not_taken_for_another_language():
    for text in (
        FRENCH,
        FRENCH.upper(),
        "Nadal, Swiatek, Djokovic, Alcaraz : le tableau complet du tournoi de Sermont, tour par tour.",
        "« Hasta la victoria siempre », a lancé le chanteur avant de quitter la scène sous les bravos de "
        "la foule réunie au stade, où douze mille personnes avaient pris place dès la fin de la matinée.",
    ):
        assert other_language(text) == ""


def test_no_language_of_the_list_has_a_pack():
    from depeche.desk.packs import LANGUAGES

    data = json.loads((LANGUAGES / "other_languages.json").read_text(encoding="utf-8"))
    assert not any((LANGUAGES / code).exists() for code in {**data["words"], **data["scripts"]})
