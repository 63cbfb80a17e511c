"""What was put right is said where it was read: article, home page, log, feed, and to machines."""

import gzip
import json
import re
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from depeche.articles import actions, correcting
from depeche.articles.models import Article, Correction, Person, Source

pytestmark = pytest.mark.django_db
WRONG = "<p>La passerelle mesure 80 mètres, selon la mairie.</p>"
RIGHT = "<p>La passerelle mesure 60 mètres, selon la mairie.</p>"
REASON = "La longueur de la passerelle était fausse."
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def correct(write, editor):
    def _correct(headline="La passerelle rouvrira", *, body=(WRONG, RIGHT), **changed):
        article = write(headline, body=[("paragraph", body[0])])
        article = Article.objects.get(pk=article.pk)
        article.body = [("paragraph", body[1])]
        article.save_revision(user=editor)
        article = actions.publish(article, by=editor)
        said = {"kind": "correction", "was": "80 mètres", "now": "60 mètres", "reason": REASON, **changed}
        return correcting.file_correction(article, by=editor, **said)

    return _correct


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def json_ld(client, article):
    (block,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', page(client, article.url), re.DOTALL
    )
    return json.loads(block)


def test_what_changes_the_meaning_stands_above_the_text(client, correct):
    correction = correct()
    html = page(client, correction.article.url)
    above, below = html.split('<div class="text">')
    assert f'id="{correction.anchor}"' in above
    assert REASON in above
    assert re.search(r"<del[^>]*>«\u00a080 mètres\u00a0»</del>", above)
    assert re.search(r"<ins[^>]*>«\u00a060 mètres\u00a0»</ins>", above)
    assert f'href="#{correction.anchor}"' in below
    assert html.count(f'id="{correction.anchor}"') == 1


def test_what_does_not_stands_below(client, correct):
    correction = correct(changes_meaning=False, kind="clarification")
    above, below = page(client, correction.article.url).split('<div class="text">')
    assert "corrections-above" not in above
    assert f'id="{correction.anchor}"' in below
    assert "Précision" in below


def test_without_a_correction_nothing_is_said(client, write):
    html = page(client, write().url)
    assert 'class="correction' not in html


def test_the_home_page_names_the_last_three(client, correct):
    for number in range(4):
        correct(f"Article {number}", reason=f"Raison {number}.")
    block = page(client, "/").split('class="front-section front-corrections"')[1].split("</section>")[0]
    assert [f"Raison {number}." in block for number in range(4)] == [False, True, True, True]
    assert 'href="/corrections/"' in block


def test_the_home_page_keeps_the_place_where_there_is_none(client, write):
    write()
    html = page(client, "/")
    assert "Aucune correction depuis le" in html
    assert "Aucune correction depuis le" in page(client, "/corrections/")


def test_an_empty_paper_has_no_correction_yet(client, newsroom):
    assert "Aucune correction pour l’instant" in page(client, "/corrections/")


def test_the_log_has_all_by_month_and_leads_to_the_words(client, correct):
    old, new = correct("L’ancien"), correct("Le récent")
    Correction.objects.filter(pk=old.pk).update(published_at="2026-03-05T10:00:00Z")
    html = page(client, "/corrections/")
    assert html.index("Le récent") < html.index("mars 2026") < html.index("L’ancien")
    assert f'href="{new.article.url}#{new.anchor}"' in html


def test_the_log_has_pages(client, correct):
    first = correct()
    for number in range(30):
        copy = Correction.objects.get(pk=first.pk)
        copy.pk, copy.reason = None, f"Raison {number}."
        copy.published_at = timezone.now()
        copy.save()
    assert REASON not in page(client, "/corrections/")
    assert REASON in page(client, "/corrections/?page=2")


def test_each_language_has_its_own(client, correct):
    correct()
    assert REASON not in page(client, "/en/corrections/")
    assert "/en/corrections/feed/" in page(client, "/en/corrections/")


@pytest.mark.parametrize("hidden_by", ["takedown", "login"])
def test_what_readers_do_not_see_is_nowhere(client, correct, editor, hidden_by):
    from wagtail.models import PageViewRestriction

    correction = correct()
    if hidden_by == "takedown":
        actions.take_down(correction.article, reason="Retiré.", by=editor)
    else:
        PageViewRestriction.objects.create(page=correction.article, restriction_type="login")
    for address in ("/", "/corrections/", "/corrections/feed/"):
        assert REASON not in page(client, address), address


def test_a_name_kept_from_search_engines_is_found_by_no_list(client, correct, editor):
    correction = correct()
    actions.delist(correction.article, reason="Demande.", requested_on=timezone.now().date(), by=editor)
    assert client.get("/corrections/")["X-Robots-Tag"] == "noindex"
    assert REASON not in page(client, "/")
    assert REASON not in page(client, "/corrections/feed/")


def test_a_person_stands_by_theirs(client, correct):
    correction = correct()
    person = Person.objects.create(name="Jeanne Morel", slug="jeanne-morel")
    assert REASON not in page(client, person.url)
    correction.article.bylines.create(person=person)
    correction.article.save()
    assert REASON in page(client, person.url)


def test_the_feed_is_atom_with_all_a_reader_needs(client, correct):
    correction = correct()
    answer = client.get("/corrections/feed/")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    for required in ("a:id", "a:title", "a:updated", "a:author/a:name"):  # RFC 4287 §4.1.1
        assert feed.find(required, ATOM).text, required
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}
    assert links["self"].endswith("/corrections/feed/")
    assert links["alternate"].endswith("/corrections/")
    (entry,) = feed.findall("a:entry", ATOM)
    for required in ("a:id", "a:title", "a:updated", "a:published"):
        assert entry.find(required, ATOM).text, required
    assert entry.find("a:id", ATOM).text.endswith(f"#{correction.anchor}")
    assert entry.find("a:title", ATOM).text == "Correction : La passerelle rouvrira"
    summary = entry.find("a:summary", ATOM).text
    assert "Nous avions écrit : « 80 mètres »." in summary
    assert "Il fallait écrire : « 60 mètres »." in summary
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"


def test_pages_lead_to_the_feed_and_the_log(client, write):
    html = page(client, write().url)
    assert 'type="application/atom+xml"' in html
    assert 'href="/corrections/feed/"' in html
    assert 'href="/corrections/"' in html.split("<footer")[-1]


def test_machines_are_told_who_when_and_what_was_put_right(client, correct):
    correction = correct()
    article = correction.article
    article.bylines.create(person=Person.objects.create(name="Jeanne Morel", slug="jeanne-morel"))
    article.sources.add(
        Source(who="Mairie", kind="institution", title="Délibération", link="https://m.test/d")
    )
    article.save()
    told = json_ld(client, article)
    assert told["@type"] == "ReportageNewsArticle"
    assert told["headline"] == "La passerelle rouvrira"
    assert told["datePublished"] <= told["dateModified"]
    assert told["mainEntityOfPage"].endswith(article.url)
    assert [author["name"] for author in told["author"]] == ["Jeanne Morel"]
    assert told["publisher"]["name"]
    assert told["citation"] == [
        {
            "@type": "CreativeWork",
            "name": "Délibération",
            "url": "https://m.test/d",
            "publisher": {"@type": "Organization", "name": "Mairie"},
        }
    ]
    (comment,) = told["correction"]
    assert comment["@type"] == "CorrectionComment"
    assert comment["datePublished"] == correction.published_at.isoformat(timespec="seconds")
    assert REASON in comment["text"]
    assert not set("\u00a0\u202f") & set(json.dumps(told, ensure_ascii=False))


@pytest.mark.parametrize(
    ("kind", "schema"),
    [("analysis", "AnalysisNewsArticle"), ("opinion", "OpinionNewsArticle"), ("satire", "SatiricalArticle")],
)
def test_machines_are_told_the_kind(client, write, kind, schema):
    assert json_ld(client, write(kind=kind))["@type"] == schema


def test_without_corrections_or_sources_machines_are_told_of_none(client, write):
    assert not {"correction", "citation", "sponsor", "author"} & set(json_ld(client, write()))


HOSTILE = '</script><script>alert("1")</script><!-- \u2028 & « ceci »'


def test_hostile_words_stay_words(client, correct):
    correction = correct(
        '</script><img src=x onerror="alert(1)">',
        body=(
            "<p>Il dit &lt;/script&gt;&lt;script&gt;non&lt;/script&gt;.</p>",
            "<p>Il dit &lt;b&gt;oui&lt;/b&gt;.</p>",
        ),
        was="</script><script>non</script>",
        now="<b>oui</b>",
        reason=HOSTILE,
    )
    addresses = [correction.article.url, "/", "/corrections/", f"{correction.article.url}versions/"]
    for address in addresses:
        html = page(client, address)
        assert "<script>" not in html, address
        assert "<img src=x" not in html, address
        assert "<b>oui" not in html, address
    told = json_ld(client, correction.article)
    assert HOSTILE.replace("\u2028", "").replace("  ", " ") in told["correction"][0]["text"]
    ElementTree.fromstring(client.get("/corrections/feed/").content)


def test_words_from_right_to_left_turn_nothing_else(client, correct):
    html = page(client, correct(reason="\u202eQui tourne\u202c").article.url)
    assert "\u202e" not in html
    assert 'dir="auto"' in html


def test_a_short_article_with_a_correction_fits_in_one_window(client, correct):
    words = " ".join(f"Phrase numéro {n} de la passerelle, selon la mairie." for n in range(70))
    correction = correct(body=(f"<p>80 mètres. {words}</p>", f"<p>60 mètres. {words}</p>"))
    html = client.get(correction.article.url).content
    assert len(gzip.compress(html)) <= 14_600


def test_few_questions_are_asked_of_the_database(client, correct, django_assert_max_num_queries):
    for number in range(5):
        correct(f"Article {number}")
    page(client, "/corrections/")
    with django_assert_max_num_queries(45):
        page(client, "/corrections/")
