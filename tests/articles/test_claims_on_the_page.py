"""Claims on the page: of the words shown alone, marked where they stand, escaped, light."""

import gzip
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from depeche.articles import gatekeeping
from depeche.articles.analysis import Reading
from depeche.articles.manuscript import manuscript_of
from depeche.articles.models import Evidence, StoredReading
from tests.articles.told import PONT, claim, read, said

pytestmark = pytest.mark.django_db

NOTHING = '<section class="ledger"'


def test_without_a_reading_the_page_is_as_it_was(told, page):
    StoredReading.objects.all().delete()
    assert NOTHING not in page()
    assert 'class="said' not in page()
    assert "show-claims" not in page()
    assert PONT in page()


def test_a_reading_of_a_language_nobody_reads_shows_nothing(told, page):
    StoredReading.objects.all().delete()
    gatekeeping.store(told, Reading(manuscript_of(told).sha256, "nl", is_read=False))
    StoredReading.objects.update(is_published=True)
    assert NOTHING not in page()


def test_a_reading_of_other_words_or_of_a_draft_is_never_shown(told, page):
    read(told, is_published=False)
    assert NOTHING not in page()
    read(told)
    told.body = [("paragraph", "<p>Le maire affirme que tout va bien.</p>")]
    told.save(clean=False)
    assert NOTHING not in page()


def test_a_reading_of_a_format_this_release_does_not_know_shows_nothing(told, page, monkeypatch):
    monkeypatch.setattr("depeche.articles.analysis._FORMAT", 99)
    assert NOTHING not in page()


def test_no_reading_is_ever_made_for_a_reader(told, page, monkeypatch):
    StoredReading.objects.all().delete()
    monkeypatch.setattr(
        "depeche.articles.analysis.read", lambda *_a, **_o: pytest.fail("a reader had to wait")
    )
    assert PONT in page()


def test_list_and_text_lead_to_each_other(told, page):
    html = page()
    for number in range(1, 5):
        assert html.count(f'id="claim-{number}"') == html.count(f'href="#claim-{number}"') == 1
        assert html.count(f'id="said-{number}"') == html.count(f'href="#said-{number}"') == 1


def test_the_marks_say_source_and_certainty_and_are_hidden_until_asked_for(told, page):
    labels = re.findall(r'<a hidden class="said-by"[^>]*>(.*?)</a>', page())
    assert [re.sub("<[^>]*>", "", label) for label in labels] == [
        "1 Le maire, affirmé sans réserve",
        "2 Des experts, donné comme un avis",
        "3 Sans source, rapporté sans être garanti",
        "4 Le journal lui-même, affirmé sans réserve",
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


def test_a_page_asks_the_database_little_more_for_its_ledger(told, client):
    said(Evidence, told, PONT, who="Vigie", kind="data", link="https://x.test/")
    client.get(told.url)
    with CaptureQueriesContext(
        connection,
    ) as with_ledger:
        client.get(told.url)
    StoredReading.objects.all().delete()
    with CaptureQueriesContext(connection) as without:
        client.get(told.url)
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


def test_the_drawing_of_voices_is_small_and_says_its_numbers_aloud(told, page):
    drawing = re.search(r"<svg class=\"voices\".*?</svg>", page(), re.DOTALL)[0]
    assert len(drawing.encode()) <= 1024
    assert 'role="img" aria-label="Temps de parole : Des experts 56\u00a0%, Le maire 44\u00a0%"' in drawing
