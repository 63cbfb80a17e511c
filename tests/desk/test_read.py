"""A whole reading: spans, repeatability, typography, memory, odd input, other languages."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from depeche.desk.article import paragraphs, read_article
from depeche.desk.draft import Dossier
from depeche.desk.reading import Memory, Reading, UnreadLanguage, languages, read

pytestmark = pytest.mark.any_database

TEXT = """Le régime a fait fermer deux radios

Les spécialistes redoutent un effondrement. Le coffre aurait été vidé dans la nuit. « Nous n'y sommes pour rien », a déclaré Anne Roy, la maire. Elle assure que tout est en ordre.

Le chantier a coûté 18,4 millions d'euros. Selon la préfecture, deux vannes auraient cédé."""

WORDS = [
    "le",
    "la",
    "les",
    "l’",
    "un",
    "de",
    "du",
    "d'",
    "que",
    "qu’",
    "qui",
    "selon",
    "d’après",
    "pour",
    "«",
    "»",
    "“",
    "”",
    '"',
    ",",
    ".",
    ":",
    ";",
    "?",
    "!",
    "(",
    ")",
    "–",
    "-",
    "affirme",
    "a",
    "déclaré",
    "accuse",
    "dit-il",
    "-t-il",
    "aurait",
    "été",
    "Paul",
    "Roy",
    "maire",
    "12",
    "3\u202f000",
    "%",
    "euros",
    "considère",
    "comme",
    "juge",
    "ne",
    "pas",
    "nie",
    "sources",
    "experts",
    "est",
    "si",
    "promet",
    "rapport",
    "😀",
    "ÉTAT",
    "شركة",
    "Mme",
    "M.",
    "…",
    "\x00",
    "\u200f",
]


def spans_of(reading: Reading) -> list[tuple[int, int]]:
    said = [
        span
        for item in reading.attributions
        for span in (item.source, item.cue, item.source_ref, *item.content, *item.quotes, *item.source_parts)
        if span
    ]
    layers = (reading.hedges, reading.quantities, reading.claims, reading.findings)
    return (
        said
        + [item.span for layer in layers for item in layer]
        + [s for f in reading.findings for s in f.related]
    )


def codes(text: str) -> list[tuple[str, str]]:
    reading = read(read_article(text, source_format="text"), "fr")
    return [(finding.code, finding.severity) for finding in reading.findings]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(" ".join))
def test_every_span_lies_within_the_text(text: str) -> None:
    article = paragraphs(text)
    for start, end in spans_of(read(article, "fr")):
        assert 0 <= start < end <= len(article.text)


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    article = paragraphs(text)
    for language in languages():
        for start, end in spans_of(read(article, language)):
            assert 0 <= start < end <= len(article.text)


def test_the_same_text_gives_the_same_reading() -> None:
    article = read_article(TEXT, source_format="text")
    first, second = read(article, "fr"), read(article, "fr")
    assert first.findings == second.findings
    assert first.attributions == second.attributions
    assert first.claims == second.claims


@pytest.mark.parametrize(
    "typed",
    [
        str.maketrans({"'": "’"}),
        str.maketrans({"«": "“", "»": "”"}),
        str.maketrans({" ": " "}),
    ],
)
def test_typography_changes_no_finding(typed: dict[int, str]) -> None:
    assert codes(TEXT.translate(typed)) == codes(TEXT)


def test_no_break_spaces_and_straight_quotes_change_no_finding() -> None:
    assert codes(TEXT.replace("« ", "«\u00a0").replace(" »", "\u202f»")) == codes(TEXT)
    assert codes(TEXT.replace("« ", '"').replace(" »", '"')) == codes(TEXT)
    assert codes(TEXT.replace("18,4 millions d", "18,4\u00a0millions\u202fd")) == codes(TEXT)


def test_a_memory_gives_what_reading_anew_gives() -> None:
    memory = Memory()
    article = read_article(TEXT, source_format="text")
    read(article, "fr", memory=memory)
    changed = read_article(TEXT.replace("dans la nuit", "hier"), source_format="text")
    again, anew = read(changed, "fr", memory=memory), read(changed, "fr")
    assert again.findings == anew.findings
    assert again.attributions == anew.attributions


def test_a_memory_forgets_what_was_unused_longest() -> None:
    memory = Memory(size=1)
    for text in ("Il pleut.", "Il neige."):
        read(paragraphs(text), "fr", memory=memory)
    assert memory.get(("fr", "paragraph", "Il pleut.")) is None
    assert memory.get(("fr", "paragraph", "Il neige.")) is not None


def test_a_language_without_a_pack_is_named() -> None:
    with pytest.raises(UnreadLanguage, match="eo") as caught:
        read(paragraphs("La ponto estas fermita."), "eo")
    assert caught.value.reads == languages()


def test_an_opinion_piece_may_choose_its_words() -> None:
    article = read_article(TEXT, source_format="text")
    assert any(f.code == "LEX001" for f in read(article, "fr").findings)
    assert not any(f.code.startswith("LEX") for f in read(article, "fr", Dossier(kind="opinion")).findings)


@pytest.mark.parametrize(
    "text",
    [
        "mot " * 3_000,
        "UNE PHRASE EN CAPITALES SANS FIN " * 40,
        "😀" * 500,
        "مرحبا « le maire a dit » שלום",
        "a\u0000b\u0000c",
        string.punctuation * 20,
    ],
)
def test_odd_texts_are_read_to_the_end(text: str) -> None:
    article = paragraphs(text)
    for start, end in spans_of(read(article, "fr")):
        assert 0 <= start < end <= len(article.text)


def test_one_who_goes_on_speaking_in_the_next_paragraph_is_known() -> None:
    text = "« Nous partons demain », a dit Anne Roy.\n\n« Nous ne reviendrons pas avant la fin de l’été. »"
    article = paragraphs(text)
    free = read(article, "fr").attributions[-1]
    assert free.source is None
    assert article.text[slice(*free.source_ref or (0, 0))] == "Anne Roy"
