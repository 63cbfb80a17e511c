"""Who says what, for readers: grouped by speaker, after what people ruled, and of the words shown alone."""

import datetime as dt
import gzip
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from depeche.articles import gatekeeping
from depeche.articles.analysis import Claim, Finding, Place, Reading
from depeche.articles.links import ArchivedLink
from depeche.articles.manuscript import manuscript_of
from depeche.articles.models import (
    AnonymousSource,
    Evidence,
    RightOfReply,
    Ruling,
    Source,
    StoredReading,
)
from depeche.articles.who_says_what import ledger_of

pytestmark = pytest.mark.django_db

TEXT = (
    "Le maire affirme que le pont ferme lundi. Des experts estiment que la réparation coûte 3 millions. "
    "Le chef du chantier aurait été renvoyé. La rivière a monté de deux mètres."
)
PONT, COUT = "le pont ferme lundi", "la réparation coûte 3 millions"
CHEF, RIVIERE = "Le chef du chantier aurait été renvoyé", "La rivière a monté de deux mètres"
NOTHING = '<section class="ledger"'


def claim(article, words: str, source: str = "", **changed) -> Claim:
    """A claim of the first zone that has the words: a source's where one is named, else the paper's."""
    zones = manuscript_of(article).zones
    number = next(n for n, zone in enumerate(zones) if words in zone.text)
    start = zones[number].text.index(words)
    values = {
        "key": f"key-{words[:24]}",
        "kind": zones[number].kind,
        "place": Place(number, start, start + len(words), zones[number].path, words, 0),
        "sentence": next(part for part in zones[number].text.split(". ") if words in part or words == part),
        "source": source,
        "cue": "",
        "voice": "source" if source else "newsroom",
        "degree": "certain",
        "status": "attributed_named" if source else "asserted_unattributed",
        "type": "event",
        "checkable": True,
        "quality": "named" if source else "",
    }
    return Claim(**values | changed)


def claims_of(article) -> list[Claim]:
    vague = {"status": "attributed_vague", "quality": "vague_collective", "cue": "estiment"}
    rumour = {"voice": "hearsay", "degree": "reported_uncommitted", "status": "hearsay_no_source"}
    return [
        claim(article, PONT, "Le maire", cue="affirme"),
        claim(article, COUT, "Des experts", type="opinion", **vague),
        claim(article, CHEF, cue="aurait été renvoyé", **rumour),
        claim(article, RIVIERE),
    ]


def read(article, *claims: Claim, is_published: bool = True, unnamed: str = "Des experts") -> None:
    """Store this as what the desk found in the article as it is, with a warning that some source is nobody."""
    StoredReading.objects.filter(article=article).delete()
    manuscript = manuscript_of(article)
    place = Place(0, 0, 1, ("title",), unnamed, 0)
    finding = Finding("key", "ATT002", "warning", "paragraph", place)
    claims = claims or tuple(claims_of(article))
    found = Reading(manuscript.sha256, "fr", is_read=True, findings=(finding,), claims=claims)
    gatekeeping.store(article, found)
    StoredReading.objects.filter(article=article).update(is_published=is_published)


def said(model, article, words: str, **values):
    given = {"key": f"key-{words[:24]}", "words": words, "at": timezone.now()}
    return model.objects.create(article=article, **given | values)


def names(article) -> dict[str, list[str]]:
    return {
        speaker.name: [shown.words for shown in speaker.claims] for speaker in ledger_of(article).speakers
    }


@pytest.fixture
def article(write):
    article = write("Le pont fermé", body=[("paragraph", f"<p>{TEXT}</p>")])
    read(article)
    return article


@pytest.fixture
def page(article, client):
    return lambda: client.get(article.url).content.decode()


def test_sources_come_first_then_what_nobody_says_then_the_paper(article):
    assert names(article) == {
        "Le maire": [PONT],
        "Des experts": [COUT],
        "Sans source": [CHEF],
        "Le journal lui-même": [RIVIERE],
    }


def test_each_claim_says_how_sure_it_is_in_words(article):
    sure = {
        shown.words: shown.certainty for speaker in ledger_of(article).speakers for shown in speaker.claims
    }
    assert sure == {
        PONT: "donné pour certain",
        COUT: "donné comme un avis",
        CHEF: "rapporté sans être garanti",
        RIVIERE: "donné pour certain",
    }


def test_of_a_source_the_desk_warned_of_it_is_said_that_nobody_is_named(article):
    notes = {speaker.name: speaker.note for speaker in ledger_of(article).speakers}
    assert notes["Des experts"] == "L’article ne dit pas de qui il s’agit."
    assert notes["Le maire"] == ""


def test_one_speaker_is_one_group_however_the_name_begins(article):
    read(article, claim(article, PONT, "Le maire"), claim(article, RIVIERE, "le maire"))
    assert names(article) == {"Le maire": [PONT, RIVIERE]}


def test_a_person_is_one_speaker_whatever_the_role_beside_the_name(article):
    read(
        article,
        claim(article, PONT, "La maire, Hélène Castaing"),
        claim(article, COUT, "Hélène Castaing"),
        claim(article, CHEF, "La Corée du Nord"),
        claim(article, RIVIERE, "La Corée du Sud"),
    )
    assert list(names(article)) == ["La maire, Hélène Castaing", "La Corée du Nord", "La Corée du Sud"]


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
def test_what_is_no_news_has_no_statements_of_the_paper(article, kind, listed):
    article.kind = kind
    read(article)
    assert sum(len(words) for words in names(article).values()) == listed


def test_a_statement_within_hearsay_is_no_surer_and_stands_once(article):
    rumour = claims_of(article)[2]
    twice = claim(article, "Le chef du chantier", "Le chef", cue=rumour.cue)
    other = claim(article, "chantier", "Le chef", cue="dit")
    read(article, rumour, twice, other)
    assert names(article) == {"Le chef": ["chantier"], "Sans source": [CHEF]}
    assert ledger_of(article).speakers[0].claims[0].certainty == "rapporté sans être garanti"


def test_what_the_paper_only_thinks_is_no_claim_of_the_list(article):
    read(article, claim(article, PONT), claim(article, RIVIERE, type="opinion", checkable=False))
    assert names(article) == {"Le journal lui-même": [f"… {PONT}"]}


def test_a_ruling_gives_a_claim_its_right_source(article):
    said(Ruling, article, PONT, verdict="source", source="la préfète")
    assert names(article)["La préfète"] == [PONT]
    assert "Le maire" not in names(article)
    assert [name for name, _claims, _share in ledger_of(article).voices] == ["Des experts", "La préfète"]


def test_what_was_ruled_no_claim_is_gone_from_list_and_text(article, page):
    said(Ruling, article, PONT, verdict="not_a_claim")
    assert "Le maire" not in names(article)
    assert page().count('class="said ') == 3


def test_what_the_newsroom_saw_is_its_own(article):
    said(Ruling, article, CHEF, verdict="observed")
    shown = ledger_of(article).speakers[-1].claims[0]
    assert (shown.words, shown.certainty) == (CHEF, "constaté par la rédaction")


def test_a_ruling_that_was_taken_back_counts_no_more(article):
    said(Ruling, article, PONT, verdict="not_a_claim", taken_back_at=timezone.now())
    assert names(article)["Le maire"] == [PONT]


def test_evidence_stands_with_its_claim_and_among_the_sources_once(article, page):
    Source.objects.create(article=article, who="Mairie", title="Arrêté", kind="document")
    said(Evidence, article, PONT, who="mairie", title="Arrêté", kind="document")
    said(Evidence, article, RIVIERE, who="Vigie", title="Relevé", kind="data", link="https://x.test/")
    grounds = ledger_of(article).grounds
    assert [(ground.who, ground.supports) for ground in grounds] == [("Mairie", [1]), ("Vigie", [4])]
    assert 'href="#source-2"' in page()
    assert 'id="source-2"' in page()
    assert "pour l’affirmation 4" in page()


def test_evidence_of_words_that_are_gone_is_not_shown(article):
    said(Evidence, article, "Le pont ouvre", who="Vigie", kind="data")
    assert ledger_of(article).grounds == []


def test_a_dead_link_says_since_when_and_that_a_copy_is_kept(article, page):
    Source.objects.create(
        article=article, who="Mairie", title="Arrêté", kind="document", link="https://x.test/a"
    )
    now = timezone.now()
    ArchivedLink.objects.create(
        url="https://x.test/a",
        checked_at=now,
        next_check_at=now,
        failing_since=dt.datetime(2026, 3, 3, tzinfo=dt.UTC),
        failures=3,
        problem="gone",
        archived_at=now,
    )
    assert "Lien mort depuis le 3\u00a0mars 2026 ; copie conservée par la rédaction" in words_of(page())


def test_who_was_asked_is_told_and_the_internal_note_is_not(article, page):
    RightOfReply.objects.create(
        article=article, who="Anne Roy", outcome="no_answer", asked_on=dt.date(2026, 3, 2), note="deux fois"
    )
    assert "Anne Roy, sollicitation du 2\u00a0mars 2026 : aucune réponse" in words_of(page())
    assert "deux fois" not in page()


def test_disclosures_are_told_in_plain_words(article, page):
    type(article).objects.filter(pk=article.pk).update(
        interests="declared",
        interests_note="L’autrice habite la rue.",
        ai_use="assisted",
        ai_note="Traduction.",
    )
    assert "L’autrice habite la rue." in page()
    assert "Traduction." in page()


def test_anonymity_is_told_with_its_reason_once_an_editor_agreed(article, editor, page, publisher):
    hidden = {"status": "attributed_anonymous", "quality": "anonymous_described"}
    read(article, claim(article, PONT, "un agent", **hidden))
    given = {"words": "Un agent", "reason": "Il perdrait son emploi.", "by": publisher("elise")}
    source = AnonymousSource.objects.create(article=article, key="k", at=timezone.now(), **given)
    assert "Il perdrait son emploi." not in page()
    source.approved_by, source.approved_at = editor, timezone.now()
    source.save()
    assert "Un agent : Il perdrait son emploi." in words_of(page())


def test_without_a_reading_the_page_is_as_it_was(article, page):
    StoredReading.objects.all().delete()
    assert NOTHING not in page()
    assert 'class="said' not in page()
    assert "show-claims" not in page()
    assert PONT in page()


def test_a_reading_of_a_language_nobody_reads_shows_nothing(article, page):
    StoredReading.objects.all().delete()
    gatekeeping.store(article, Reading(manuscript_of(article).sha256, "nl", is_read=False))
    StoredReading.objects.update(is_published=True)
    assert NOTHING not in page()


def test_a_reading_of_other_words_or_of_a_draft_is_never_shown(article, page):
    read(article, is_published=False)
    assert NOTHING not in page()
    read(article)
    article.body = [("paragraph", "<p>Le maire affirme que tout va bien.</p>")]
    article.save(clean=False)
    assert NOTHING not in page()


def test_a_reading_of_a_format_this_release_does_not_know_shows_nothing(article, page, monkeypatch):
    monkeypatch.setattr("depeche.articles.analysis._FORMAT", 99)
    assert NOTHING not in page()


def test_no_reading_is_ever_made_for_a_reader(article, page, monkeypatch):
    StoredReading.objects.all().delete()
    monkeypatch.setattr(
        "depeche.articles.analysis.read", lambda *_a, **_o: pytest.fail("a reader had to wait")
    )
    assert PONT in page()


def test_list_and_text_lead_to_each_other(article, page):
    html = page()
    for number in range(1, 5):
        assert html.count(f'id="claim-{number}"') == html.count(f'href="#claim-{number}"') == 1
        assert html.count(f'id="said-{number}"') == html.count(f'href="#said-{number}"') == 1


def test_the_marks_say_source_and_certainty_and_are_hidden_until_asked_for(article, page):
    labels = re.findall(r'<a hidden class="said-by"[^>]*>(.*?)</a>', page())
    assert [re.sub("<[^>]*>", "", label) for label in labels] == [
        "1 Le maire, donné pour certain",
        "2 Des experts, donné comme un avis",
        "3 Sans source, rapporté sans être garanti",
        "4 Le journal lui-même, donné pour certain",
    ]


def test_names_and_words_from_outside_are_escaped(write, client):
    article = write(
        "<b>Titre</b> & fin",
        standfirst='Selon <script>x</script>, c’est "sûr" & clair.',
        body=[("quotation", {"text": "Oui.\nNon & <i>rien</i>.", "speaker": "<b>Roy</b>", "role": ""})],
    )
    read(
        article,
        claim(article, 'c’est "sûr" & clair', "<script>x</script>"),
        claim(article, "Non & <i>rien</i>", "<b>Roy</b>"),
    )
    html = client.get(article.url).content.decode()
    assert "<script>x" not in html
    assert "<b>Roy" not in html
    assert "Oui.<br>" in html
    assert "Non &amp; &lt;i&gt;rien&lt;/i&gt;</span>" in html


def test_every_kind_of_block_is_marked_where_its_words_stand(write, client):
    article = write(
        "Le pont ferme",
        standfirst="La mairie ferme la passerelle.",
        body=[
            ("crosshead", "Le chantier commence"),
            (
                "list",
                {"ordered": False, "items": ["<p>Le quai rouvre.</p>", "<p>La rue <b>reste</b> close.</p>"]},
            ),
            (
                "fact_box",
                {"title": "Le fleuve", "text": "<p>Il monte vite.</p><ul><li>Il déborde.</li></ul>"},
            ),
            ("timeline", {"title": "Les dates", "events": [{"when": "lundi", "what": "Le bac s’arrête."}]}),
            ("quotation", {"text": "Nous attendons.", "speaker": "Anne Roy", "role": ""}),
        ],
    )
    marked = [
        "Le pont ferme",
        "ferme la passerelle",
        "Le chantier commence",
        "Le quai rouvre",
        "rue reste close",
    ]
    marked += ["monte vite", "déborde", "Le bac s’arrête", "Nous attendons"]
    read(article, *(claim(article, words) for words in marked))
    html = client.get(article.url).content.decode()
    found = re.findall(r'<span class="said own" id="claim-\d+">(.*?)</span>', html)
    assert [re.sub("<[^>]*>", "", unescape(words)) for words in found] == marked


def test_a_page_asks_the_database_little_more_for_its_ledger(article, client):
    said(Evidence, article, PONT, who="Vigie", kind="data", link="https://x.test/")
    client.get(article.url)
    with CaptureQueriesContext(
        connection,
    ) as with_ledger:
        client.get(article.url)
    StoredReading.objects.all().delete()
    with CaptureQueriesContext(connection) as without:
        client.get(article.url)
    assert len(with_ledger) - len(without) <= 4


def test_the_ledger_of_600_words_weighs_4_kilobytes_at_most(write, client):
    from tests.articles.test_stored_readings import body

    article = write("Le pont de Sermont fermera mardi", body=body())
    StoredReading.objects.update(is_published=True)
    with_ledger = client.get(article.url).content
    assert with_ledger.count(b'id="claim-') > 30
    StoredReading.objects.all().delete()
    bare = client.get(article.url).content
    added = len(gzip.compress(with_ledger, 9)) - len(gzip.compress(bare, 9))
    assert added <= 4096
    assert len(gzip.compress(with_ledger, 9)) <= 14_600
    assert re.findall(rb'(?:src|href)="[^"#]*\.(?:css|js|svg|woff2)"', with_ledger) == re.findall(
        rb'(?:src|href)="[^"#]*\.(?:css|js|svg|woff2)"', bare
    )


def test_the_drawing_of_voices_is_small_and_says_its_numbers_aloud(article, page):
    drawing = re.search(r"<svg class=\"voices\".*?</svg>", page(), re.DOTALL)[0]
    assert len(drawing.encode()) <= 1024
    assert 'role="img" aria-label="Temps de parole : Des experts 56\u00a0%, Le maire 44\u00a0%"' in drawing


def test_the_english_page_speaks_english(article):
    with translation.override("en"):
        ledger = ledger_of(article)
        assert ledger.summary == "4 claims, 2 sources"
        assert ledger.speakers[-1].name == "The paper itself"


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", unescape(html)).split(" ")).replace("\n", " ")
