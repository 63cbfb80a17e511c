"""Pages of HTML and Markdown texts become articles."""

import nh3
import pytest

from depeche.desk.article import read_article
from depeche.desk.documents import language_code

pytestmark = pytest.mark.any_database

PROSE = "Le conseil municipal a voté hier soir la réouverture du pont aux piétons, selon la maire."
PAGE = f"""<!doctype html><html lang="fr-FR"><head><title>Le pont rouvre - La Gazette</title>
<meta property="og:site_name" content="La Gazette"><style>p{{}}</style><script>alert("<p>x</p>")</script></head><body>
<header><h1>La Gazette</h1><nav><ul><li><a href=/>Accueil</a><li><a href=/p>Politique</a></ul></nav></header>
<button>Mode Foncé</button><main><article class="post"><p class="kicker">Politique</p>
<header><h1>Le pont <em>rouvre</em></h1><p class="article__chapo">Un chapô court</p>
<p>Par <a rel="author" href="/jm">Jeanne Morel</a></p><time datetime=x>12 mars 2026</time></header>
<figure><img src="https://x.fr/a.jpg" alt="Le pont"><figcaption>Le pont, lundi. © DR</figcaption></figure>
<p>Le conseil <b>a voté</b> <a href="https://x.fr/" onclick="x()">hier</a> <a href="javascript:alert(1)">soir</a>.
<p>{PROSE}<h2>Une ville coupée</h2><p>Un<br>deux<br><br>trois</p>
<aside>Lire aussi : un autre article</aside><form><label>Votre adresse e-mail</label><button>Envoyer</button></form>
<div>texte nu <span>ici</span></div><template>t</template><noscript>n</noscript><svg><title>s</title></svg><!-- c -->
</article></main><footer>© 2026 La Gazette</footer></body></html>"""


def read(source):
    return read_article(source, source_format="html")


def seen(source):
    return [(zone.kind, zone.text) for zone in read(source).zones]


def article(inner):
    return seen(f"<article><h1>Titre</h1>{inner}</article>")[1:]


def test_a_page_becomes_an_article_and_its_surroundings_furniture():
    page = read(PAGE)
    assert (page.headline, page.standfirst, page.byline) == (
        "Le pont rouvre",
        "Un chapô court",
        "Par Jeanne Morel",
    )
    assert page.language == "fr"
    assert [zone.kind for zone in page.body] == [
        "caption",
        "paragraph",
        "paragraph",
        "crosshead",
        *["paragraph"] * 3,
    ]
    assert [(zone.reason, zone.text) for zone in page.furniture] == [
        ("outside_article", "La Gazette"),
        ("navigation", "Accueil"),
        ("navigation", "Politique"),
        ("theme_switch", "Mode Foncé"),
        ("metadata", "Politique"),
        ("date_line", "12 mars 2026"),
        ("image", "https://x.fr/a.jpg"),
        ("related", "Lire aussi : un autre article"),
        ("sign_up", "Votre adresse e-mail"),
        ("navigation", "Envoyer"),
        ("copyright", "© 2026 La Gazette"),
    ]


def test_blocks_are_joined_by_blank_lines():
    page = read(PAGE)
    assert page.text == "\n\n".join(zone.text for zone in page.zones)


def test_markup_is_kept_where_the_words_do_not_say_it_all():
    texts = {zone.text: zone.html for zone in read(PAGE).body}
    assert texts["Le conseil a voté hier soir."] == (
        'Le conseil <b>a voté</b> <a href="https://x.fr/">hier</a> soir.'
    )
    assert texts[PROSE] == ""
    assert texts["Un\ndeux"] == "Un<br>deux"


def test_two_breaks_separate_paragraphs():
    assert article("a<br>b<br><br>c<br> <br>d")[1:] == [("paragraph", "c"), ("paragraph", "d")]


def test_a_quotation_has_its_speaker():
    source = "<blockquote><p>Tout.</p><p>Perdu.</p><footer>— Anne Le Goff, <cite>boulangère</cite></footer></blockquote>"
    zone = read(f"<h1>Titre</h1><p>Texte.</p>{source}").zones[-1]
    assert (zone.kind, zone.text, zone.speaker) == ("quotation", "Tout.\nPerdu.", "Anne Le Goff, boulangère")


def test_the_caption_of_a_quotation_is_its_speaker():
    zones = read(
        "<h1>T</h1><figure><blockquote>Oui</blockquote><figcaption>Anne</figcaption></figure><p>a</p>"
    ).zones
    assert [(zone.kind, zone.speaker) for zone in zones] == [
        ("headline", ""),
        ("quotation", "Anne"),
        ("paragraph", ""),
    ]


def test_a_citation_without_words_is_not_lost():
    assert "Anne" in [text for _, text in article("<blockquote><cite>Anne</cite></blockquote><p>a</p>")]


def test_lists_are_items_whatever_their_nesting():
    zones = read(
        "<h1>T</h1><p>a</p><ul><li>un <b>x</b><ol><li>deux</ol><li><p>trois</p><p>bis</p></ul>"
    ).zones[2:]
    assert [(zone.text, zone.reason) for zone in zones] == [
        ("un x", "unordered"),
        ("deux", "ordered"),
        ("trois", "unordered"),
        ("bis", "unordered"),
    ]


def test_a_row_of_a_table_is_an_item():
    table = "<table><caption>Ponts</caption><tr><th>Rive<th>Gens</tr><tr><td>Gauche<td><p>1 200<td></table>"
    assert article(f"<p>a</p>{table}")[1:] == [
        ("caption", "Ponts"),
        ("list_item", "Rive · Gens"),
        ("list_item", "Gauche · 1 200"),
    ]


def test_a_table_that_only_places_things_is_no_table():
    table = f"<table><tr><td><h2>Inter</h2><p>{PROSE}</p></td><td><p>{PROSE}</p></td></tr></table>"
    assert [kind for kind, _ in article(f"<p>a</p>{table}")] == [
        "standfirst",
        "crosshead",
        "paragraph",
        "paragraph",
    ]


@pytest.mark.parametrize(
    ("image", "text"),
    [
        ("<img src=/a.jpg alt=b>", "/a.jpg"),
        ("<img src='javascript:x' alt=Pont>", "Pont"),
        ("<img src='data:image/png;base64,AAAA' alt=Pont>", "Pont"),
        (f"<img src='/{'a' * 400}.jpg' alt='{'b' * 400}'>", "b" * 300),
    ],
)
def test_an_image_is_reported_by_its_address_or_its_words(image, text):
    assert ("furniture", text) in article(f"<p>avant {image} après</p><p>a</p>")
    assert ("standfirst", "avant après") in article(f"<p>avant {image} après</p><p>a</p>")


def test_an_image_that_says_nothing_is_nothing():
    assert len(article("<p>a<img src='data:x'></p>")) == 1


def test_a_paragraph_all_in_bold_may_be_a_crosshead():
    assert article(f"<p>{PROSE}</p><p><strong>Et après ?</strong></p><p>{PROSE}</p>")[1] == (
        "crosshead",
        "Et après ?",
    )
    assert article(f"<p>{PROSE}</p><p><strong>Et</strong> après ?</p><p>{PROSE}</p>")[1][0] == "paragraph"


def test_preformatted_text_keeps_its_lines():
    assert article("<pre>a  b\nc</pre>") == [("paragraph", "a  b\nc")]


def test_hidden_text_is_furniture():
    assert article("<p>a</p><div hidden>caché</div>")[-1] == ("furniture", "caché")


def test_furniture_is_recognised_among_paragraphs():
    assert article(
        "<p>a</p><p>Lire aussi : b</p><p>c</p><h2>Recevez une information neutre et factuelle</h2>"
    )[1::2] == [
        ("furniture", "Lire aussi : b"),
        ("furniture", "Recevez une information neutre et factuelle"),
    ]


def test_a_byline_is_known_by_its_class_and_said_once():
    found = article("<p class=byline>Jeanne Morel</p><p>a</p><p>b</p><p class=author>Jeanne Morel</p>")
    assert [kind for kind, _ in found] == ["byline", "standfirst", "paragraph", "furniture"]


def test_an_author_mentioned_in_a_paragraph_is_no_byline():
    assert article(f"<p>{PROSE} <span class=author>Zola</span></p>")[0][0] == "paragraph"


def test_a_class_that_only_contains_the_word_is_no_hint():
    assert article(f"<p class=leaderboard>{PROSE}</p>")[0][0] == "paragraph"


def test_the_headline_may_stand_just_before_the_article():
    page = f"<body><h1>Le pont rouvre</h1><article><p>{PROSE * 8}</p><p>{PROSE}</p></article>"
    assert seen(page)[0] == ("headline", "Le pont rouvre")


def test_the_name_of_the_site_is_no_headline():
    head = '<title>Le pont rouvre | La Gazette</title><meta property="og:site_name" content="La Gazette">'
    page = read(f"{head}<h1>La Gazette</h1><article><p>{PROSE * 8}</p><p>{PROSE}</p></article>")
    assert page.headline == "Le pont rouvre"
    assert page.text.startswith("Le pont rouvre\n\nLa Gazette\n\n")


def test_the_title_keeps_its_tail_unless_the_site_is_named():
    assert read(f"<title>Le pont - La Gazette</title><p>{PROSE}</p>").headline == "Le pont - La Gazette"


def test_a_heading_that_is_the_title_is_the_headline():
    head = '<meta property="og:title" content="Le pont rouvre">'
    page = seen(f"{head}<h1>La Gazette</h1><article><h2>Le pont rouvre</h2><p>{PROSE * 8}</p></article>")
    assert page == [("furniture", "La Gazette"), ("headline", "Le pont rouvre"), ("paragraph", (PROSE * 8))]


def test_without_any_title_the_first_block_is_the_headline():
    assert seen(f"<p>Le pont rouvre</p><p>{PROSE}</p>")[0] == ("headline", "Le pont rouvre")


def test_the_article_with_the_most_text_is_chosen():
    cards = "<article><h2>Autre</h2><p>court</p></article>" * 3
    page = read(f"<main>{cards}<article><h1>Titre</h1><p>{PROSE * 8}</p></article>{cards}</main>")
    assert page.headline == "Titre"
    assert {zone.reason for zone in page.furniture} == {"outside_article"}


def test_cards_of_other_articles_do_not_hide_the_main_text():
    cards = "<article><h2>Autre</h2><p>court</p></article>"
    page = read(f"<main><h1>Titre</h1><p>{PROSE * 20}</p><aside>{cards}</aside>{cards}</main>")
    assert (page.headline, [zone.text for zone in page.body]) == ("Titre", [PROSE * 20])


def test_comments_on_an_article_are_furniture_and_its_wrapped_content_is_not():
    comment = "<article class=comment><p>Bravo</p></article>"
    page = read(f"<article><h1>Titre</h1><article><p>{PROSE * 8}</p></article>{comment}</article>")
    assert [zone.text for zone in page.body] == [PROSE * 8]
    assert [(zone.reason, zone.text) for zone in page.furniture] == [("outside_article", "Bravo")]


@pytest.mark.parametrize(
    "inner",
    [
        "<p onclick=alert(1)>a<script>alert(1)</script>",
        "<a href='javascript:alert(1)'>a</a>",
        "<a href='jav&#x0A;ascript:alert(1)'>a</a>",
        "<svg onload=alert(1)><a href=x>b</a></svg>a",
        "<img src=x onerror=alert(1)>a",
        "<scr<script>ipt>alert(1)</script>a",
        "<b title='\"><script>alert(1)</script>'>a</b>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>a",
        "<math><mi xlink:href='javascript:alert(1)'>x</math>a",
        "&lt;script&gt;alert(1)&lt;/script&gt; <b>a</b>",
        "<p><b><i><a href=http://a.b>a",
        "<style><p>a</p></style>a",
    ],
)
def test_hostile_markup_gives_clean_text(inner):
    for zone in read(f"<h1>Titre</h1><p>{PROSE}</p>{inner}").zones:
        assert zone.html == nh3.clean(
            zone.html, tags={"a", "b", "i", "br"}, attributes={"a": {"href"}}, link_rel=None
        )
        assert "javascript" not in zone.html


def test_ten_thousand_nested_elements_are_read():
    source = "<div><b>" * 10_000 + "fin"
    assert seen(f"<h1>Titre</h1><p>{PROSE}</p>{source}")[-1] == ("paragraph", "fin")


@pytest.mark.parametrize(
    ("tag", "code"), [("fr-FR", "fr"), ("EN", "en"), ("fr_CH", "fr"), ("français", ""), ("", "")]
)
def test_a_language_is_its_first_part(tag, code):
    assert language_code(tag) == code


MARKDOWN = f"""---
title: "Le pont rouvre"
chapo: Un chapô
auteur: Jeanne Morel
lang: fr-FR
tags:
  - a
  - b
---

{PROSE}

## Inter

{PROSE} *it* **gras** [l](https://x.fr) <script>alert(1)</script>

> citation

1. un
2. deux

![alt](https://x.fr/i.png)

| a | b |
|---|---|
| 1 | 2 |
"""


def test_markdown_with_front_matter_becomes_an_article():
    article = read_article(MARKDOWN)
    assert (article.headline, article.standfirst, article.byline) == (
        "Le pont rouvre",
        "Un chapô",
        "Jeanne Morel",
    )
    assert (article.source_format, article.language) == ("markdown", "fr")
    assert [zone.kind for zone in article.body] == [
        "paragraph",
        "crosshead",
        "paragraph",
        "quotation",
        *["list_item"] * 4,
    ]
    assert [zone.reason for zone in article.furniture] == ["metadata", "metadata", "image"]
    assert article.body[2].html.endswith('<i>it</i> <b>gras</b> <a href="https://x.fr">l</a>')


def test_the_first_heading_of_markdown_is_the_headline():
    article = read_article(f"# Le pont\n\n{PROSE}\n\n{PROSE}\n\n## Inter\n\n{PROSE}\n\n# Autre\n\nFin.")
    assert article.headline == "Le pont"
    assert [zone.kind for zone in article.body] == [
        "paragraph",
        "crosshead",
        "paragraph",
        "crosshead",
        "paragraph",
    ]


def test_underlined_headings_are_headings():
    article = read_article(f"Le pont\n=======\n\n{PROSE}\n\nInter\n-----\n\n{PROSE}")
    assert [zone.kind for zone in article.zones] == ["headline", "standfirst", "crosshead", "paragraph"]


def test_a_heading_wins_over_the_title_of_the_front_matter():
    article = read_article("---\ntitle: Brouillon\n---\n# Le pont\n\nIl rouvre.")
    assert article.headline == "Le pont"
    assert article.furniture[0].text == "title: Brouillon"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_front_matter_is_read_whatever_the_line_ends(end):
    assert read_article(f"---\ntitle: Le pont\n---\n\n{PROSE}".replace("\n", end)).headline == "Le pont"


def test_lines_between_rules_that_are_no_fields_are_text():
    article = read_article("---\nLe pont rouvre\n---\n\nIl rouvre.", source_format="markdown")
    assert "Le pont rouvre" in article.text


def test_html_in_markdown_is_read_as_html():
    article = read_article(
        "# Le pont\n\nUn<br>deux <img src=x onerror=y> <a href='javascript:x'>z</a>\n\n<p>b</p>"
    )
    assert article.standfirst == "Un deux z"
    assert [zone.html for zone in article.zones if zone.kind == "standfirst"] == ["Un<br>deux z"]
