"""Fact box, timeline, table, link card: as readers get them."""

import pytest
from django.core.exceptions import ValidationError

from depeche.articles.blocks import LinkBlock

pytestmark = pytest.mark.django_db

BODY = [
    {"type": "fact_box", "value": {"title": "Repères", "text": "<p>84 mètres.</p>"}},
    {
        "type": "timeline",
        "value": {"title": "Les dates", "events": [{"when": "19 janvier", "what": "La crue."}] * 2},
    },
    {
        "type": "table",
        "value": {
            "source": "Mairie",
            "table": {
                "caption": "Le coût",
                "columns": [{"type": "text", "heading": "Poste"}, {"type": "number", "heading": "Euros"}],
                "rows": [{"values": ["Grue", "6 700"]}],
            },
        },
    },
    {
        "type": "link",
        "value": {
            "url": "https://www.example.org/a",
            "title": "Compter",
            "publisher": "Rives communes",
            "why": "",
        },
    },
]


@pytest.fixture
def page(write, client):
    article = write(published=False)
    article.body = article.body.stream_block.to_python(BODY)
    article.save_revision().publish()
    return client.get(article.url).content.decode()


def test_a_fact_box_stands_beside_the_text(page):
    assert "<aside" in page
    assert "Repères" in page


def test_a_table_has_its_caption_its_heads_and_where_its_figures_come_from(page):
    assert "<caption" in page
    assert 'scope="col"' in page
    assert "6\u202f700" in page or "6\u00a0700" in page
    assert "Mairie" in page


def test_a_table_without_a_caption_is_named_by_its_source(write, client):
    article = write(published=False)
    table = {**BODY[2]["value"]["table"], "caption": ""}
    article.body = article.body.stream_block.to_python(
        [{"type": "table", "value": {"source": "Mairie", "table": table}}]
    )
    article.save_revision().publish()
    page = client.get(article.url).content.decode()
    assert 'aria-label="Mairie"' in page
    assert "<caption" not in page


def test_a_timeline_is_a_list(page):
    assert page.count("La crue.") == 2
    assert "<ol" in page


def test_a_link_card_loads_nothing_from_elsewhere(page):
    assert 'href="https://www.example.org/a"' in page
    assert "example.org" in page
    assert "<iframe" not in page
    assert 'src="http' not in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/a", "rien"])
def test_a_link_card_leads_only_to_the_web(url):
    block = LinkBlock()
    value = block.to_python({"url": url, "title": "x", "publisher": "y", "why": ""})
    with pytest.raises(ValidationError):
        block.clean(value)
