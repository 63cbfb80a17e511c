"""Who says what, for readers: grouped by speaker, after what people ruled."""

import pytest
from django.utils import timezone, translation

from depeche.articles.models import Evidence, Ruling
from depeche.articles.who_says_what import ledger_of
from tests.articles.told import CHEF, COUT, PONT, RIVIERE, claim, claims_of, read, said

pytestmark = pytest.mark.django_db


def names(article) -> dict[str, list[str]]:
    return {
        speaker.name: [shown.words for shown in speaker.claims] for speaker in ledger_of(article).speakers
    }


def test_sources_come_first_then_what_nobody_says_then_the_paper(told):
    assert names(told) == {
        "Le maire": [PONT],
        "Des experts": [COUT],
        "Sans source": [CHEF],
        "Le journal lui-même": [RIVIERE],
    }


def test_each_claim_says_how_sure_it_is_in_words(told):
    sure = {shown.words: shown.certainty for speaker in ledger_of(told).speakers for shown in speaker.claims}
    assert sure == {
        PONT: "affirmé sans réserve",
        COUT: "donné comme un avis",
        CHEF: "rapporté sans être garanti",
        RIVIERE: "affirmé sans réserve",
    }


def test_of_a_source_the_desk_warned_of_it_is_said_that_nobody_is_named(told):
    notes = {speaker.name: speaker.note for speaker in ledger_of(told).speakers}
    assert notes["Des experts"] == "L’article ne dit pas de qui il s’agit."
    assert notes["Le maire"] == ""


def test_one_speaker_is_one_group_however_the_name_begins(told):
    read(told, claim(told, PONT, "Le maire"), claim(told, RIVIERE, "le maire"))
    assert names(told) == {"Le maire": [PONT, RIVIERE]}


def test_a_person_is_one_speaker_whatever_the_role_beside_the_name(told):
    read(
        told,
        claim(told, PONT, "La maire, Hélène Castaing"),
        claim(told, COUT, "Hélène Castaing"),
        claim(told, CHEF, "La Corée du Nord"),
        claim(told, RIVIERE, "La Corée du Sud"),
    )
    assert list(names(told)) == ["La maire, Hélène Castaing", "La Corée du Nord", "La Corée du Sud"]


def test_many_plain_statements_of_the_paper_are_counted_and_not_listed(write):
    words = [f"La rue numéro {n} reste close" for n in range(1, 12)]
    article = write("Le pont fermé", body=[("paragraph", f"<p>{'. '.join(words)}.</p>")])
    claims = [claim(article, f"{line}", key=line) for line in words]
    claims[2] = claim(article, words[2], key=words[2], type="quantity_event")
    read(article, *claims)
    assert names(article) == {"Le journal lui-même": [words[2]]}
    assert "10 autres phrases" in ledger_of(article).speakers[0].note
    said(Evidence, article, "x", key=words[4], who="Vigie", kind="data")
    assert names(article) == {"Le journal lui-même": [words[2], words[4]]}


@pytest.mark.parametrize(
    ("kind", "listed"),
    [("analysis", 4), ("background", 4), ("opinion", 3), ("review", 3), ("satire", 0), ("sponsored", 0)],
)
def test_what_is_no_news_has_no_statements_of_the_paper(told, kind, listed):
    told.kind = kind
    read(told)
    assert sum(len(words) for words in names(told).values()) == listed


def test_a_statement_within_hearsay_is_no_surer_and_stands_once(told):
    rumour = claims_of(told)[2]
    twice = claim(told, "Le chef du chantier", "Le chef", cue=rumour.cue)
    other = claim(told, "chantier", "Le chef", cue="dit")
    read(told, rumour, twice, other)
    assert names(told) == {"Le chef": ["chantier"], "Sans source": [CHEF]}
    assert ledger_of(told).speakers[0].claims[0].certainty == "rapporté sans être garanti"


def test_what_the_paper_only_thinks_is_no_claim_of_the_list(told):
    read(told, claim(told, PONT), claim(told, RIVIERE, type="opinion", checkable=False))
    assert names(told) == {"Le journal lui-même": [f"… {PONT}"]}


def test_a_ruling_gives_a_claim_its_right_source(told):
    said(Ruling, told, PONT, verdict="source", source="la préfète")
    assert names(told)["La préfète"] == [PONT]
    assert "Le maire" not in names(told)
    assert [name for name, _claims, _share in ledger_of(told).voices] == ["Des experts", "La préfète"]


def test_what_was_ruled_no_claim_is_gone_from_list_and_text(told, page):
    said(Ruling, told, PONT, verdict="not_a_claim")
    assert "Le maire" not in names(told)
    assert page().count('class="said ') == 3


def test_what_the_newsroom_saw_is_its_own(told):
    said(Ruling, told, CHEF, verdict="observed")
    shown = ledger_of(told).speakers[-1].claims[0]
    assert (shown.words, shown.certainty) == (CHEF, "constaté par la rédaction")


def test_a_ruling_that_was_taken_back_counts_no_more(told):
    said(Ruling, told, PONT, verdict="not_a_claim", taken_back_at=timezone.now())
    assert names(told)["Le maire"] == [PONT]


def test_the_english_page_speaks_english(told):
    with translation.override("en"):
        ledger = ledger_of(told)
        assert ledger.summary == "4 claims, 2 sources"
        assert ledger.speakers[-1].name == "The paper itself"
