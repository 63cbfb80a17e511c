"""What readers had: every published version, what changed in it, and what was put right."""

import time

import pytest
from django.urls import reverse

from depeche.articles import actions, comparing, correcting, withholding
from depeche.articles.comparing import Piece, compare
from depeche.articles.models import Article
from depeche.articles.passages import Passage


def passages(*texts, kind="paragraph"):
    return tuple(Passage(kind, text) for text in texts)


def changed(old, new):
    return [line for line in compare(old, new) if line.is_changed]


@pytest.mark.any_database
class TestComparing:
    def test_only_the_words_that_changed_are_marked(self):
        (line,) = compare(
            passages("Elle mesure 80 mètres, dit-il."), passages("Elle mesure 60 mètres, dit-il.")
        )
        assert line.pieces == (
            Piece("same", "Elle mesure "),
            Piece("removed", "80"),
            Piece("added", "60"),
            Piece("same", " "),
            Piece("same", "mètres, dit-il."),
        )

    def test_the_same_words_are_no_change(self):
        assert compare(passages("Un.", "Deux."), passages("Un.", "Deux.")) == []

    def test_another_spacing_is_no_change_of_words(self):
        assert compare(passages("Un  deux"), passages("Un deux")) == []

    def test_a_new_paragraph_is_added_and_an_old_one_removed(self):
        old, new = passages("Un.", "Deux.", "Trois."), passages("Un.", "Trois.", "Quatre.")
        assert [line.pieces for line in changed(old, new)] == [
            (Piece("removed", "Deux."),),
            (Piece("added", "Quatre."),),
        ]

    def test_unchanged_paragraphs_are_folded_but_for_those_around(self):
        old = passages(*(f"Paragraphe {n}." for n in range(20)))
        new = (*old[:10], Passage("paragraph", "Paragraphe dix."), *old[11:])
        lines = compare(old, new)
        assert [line.folded for line in lines] == [9, 0, 0, 0, 8]

    def test_a_reworded_paragraph_is_held_against_the_one_it_was(self):
        old = passages("La mairie annonce la réouverture du pont.", "Le conseil vote lundi le budget.")
        new = passages("Une phrase neuve.", "Le conseil vote mardi le budget.")
        lines = changed(old, new)
        assert [[piece.change for piece in line.pieces] for line in lines] == [
            ["removed"],
            ["added"],
            ["same", "removed", "added", "same", "same"],
        ]

    def test_a_headline_is_held_against_the_headline_however_it_changed(self):
        (line,) = compare(passages("Le pont rouvre", kind="headline"), passages("Fermeture", kind="headline"))
        assert [piece.change for piece in line.pieces] == ["removed", "added"]

    def test_nothing_is_lost_or_made_up(self):
        old = passages("Le maire, M. Guillou, dit « non » : 80 mètres.", "Deux.", "", "Fin")
        new = passages("M. Guillou ne dit plus « non » : 60 mètres !", "Fin", "Encore.")
        lines = list(comparing._lines(old, new))
        for change, side in (("added", old), ("removed", new)):
            text = "".join(p.text for line in lines for p in line.pieces if p.change != change)
            assert "".join(text.split()) == "".join("".join(p.text for p in side).split())

    @pytest.mark.parametrize("paragraphs", [1, 60], ids=["in one paragraph", "in sixty"])
    @pytest.mark.parametrize("every", [1, 7], ids=["all words changed", "every seventh"])
    @pytest.mark.quiet
    def test_five_thousand_words_take_no_time(self, paragraphs, every):
        words = ["de", "la", "passerelle", "mairie", "que", "80", "mètres", "selon", "dit", "le"] * 500
        others = [f"{word}s" if at % every == 0 else word for at, word in enumerate(words)]

        def split(words):
            size = len(words) // paragraphs
            return passages(*(" ".join(words[at : at + size]) for at in range(0, len(words), size)))

        old, new = split(words), split(others)
        took_s = []
        for _ in range(3):
            begun = time.perf_counter()
            assert compare(old, new)
            took_s.append(time.perf_counter() - begun)
        assert min(took_s) < 0.2


WRONG = "<p>La passerelle mesure 80 mètres, selon la mairie.</p>"
RIGHT = "<p>La passerelle mesure 60 mètres, selon la mairie.</p>"


@pytest.fixture
def change(editor):
    def _change(article, **changed):
        article = Article.objects.get(pk=article.pk)
        for field, value in changed.items():
            setattr(article, field, value)
        article.save_revision(user=editor)
        return actions.publish(article, by=editor)

    return _change


@pytest.fixture
def corrected(write, change):
    return change(write(body=[("paragraph", WRONG)]), body=[("paragraph", RIGHT)])


def history(client, article, page=""):
    return client.get(f"{article.url}versions/{page}")


@pytest.mark.django_db
class TestThePage:
    def test_the_article_leads_to_what_it_said_before(self, client, corrected):
        assert f'href="{corrected.url}versions/"' in client.get(corrected.url).content.decode()
        answer = history(client, corrected)
        page = answer.content.decode()
        assert answer["X-Robots-Tag"] == "noindex"
        assert "80</del>" in page
        assert "60</ins>" in page
        assert "Version 1" in page

    def test_an_article_that_never_changed_has_one_version_and_no_link(self, client, write):
        article = write()
        assert "versions/" not in client.get(article.url).content.decode()
        assert "Version 1" in history(client, article).content.decode()

    def test_a_changed_headline_is_shown_as_one(self, client, write, change):
        article = change(write("Le pont rouvre"), title="Le pont ferme")
        page = history(client, article).content.decode()
        assert "Titre" in page
        assert "rouvre</del>" in page

    def test_the_correction_stands_by_both_versions(self, client, corrected, editor):
        correction = correcting.file_correction(
            corrected, kind="correction", was="80 mètres", now="60 mètres", reason="Faux.", by=editor
        )
        page = history(client, corrected).content.decode()
        newest, first = page.split('id="version-1"')
        assert "Faux." in newest
        assert f"#{correction.anchor}" in first

    def test_words_that_look_like_markup_are_words(self, client, write, change):
        article = write(body=[("paragraph", "<p>&lt;script&gt;alert(1)&lt;/script&gt; un</p>")])
        article = change(article, body=[("paragraph", "<p>&lt;/ins&gt;&lt;img src=x&gt; deux</p>")])
        page = history(client, article).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page

    def test_after_a_takedown_it_answers_like_the_article(self, client, corrected, editor):
        actions.take_down(corrected, reason="Décision de justice.", by=editor)
        answer = history(client, corrected)
        assert answer.status_code == 410
        assert "Décision de justice." in answer.content.decode()
        assert "80" not in answer.content.decode().split("<main")[1].split("</main>")[0]

    def test_a_draft_has_no_history(self, client, write):
        assert history(client, write(published=False)).status_code == 404

    def test_below_it_is_nothing(self, client, corrected):
        assert client.get(f"{corrected.url}versions/1/").status_code == 404

    def test_a_changed_address_leads_on_to_both(
        self, client, corrected, change, django_capture_on_commit_callbacks
    ):
        old = corrected.url
        with django_capture_on_commit_callbacks(execute=True):
            moved = change(corrected, slug="ailleurs")
        assert client.get(f"{old}versions/")["Location"] == moved.url, "from where it is one step"
        assert client.get(old)["Location"] == moved.url

    def test_a_private_article_keeps_its_history_private(self, client, corrected):
        from wagtail.models import PageViewRestriction

        PageViewRestriction.objects.create(page=corrected, restriction_type="login")
        assert history(client, corrected).status_code == 302

    def test_many_versions_make_pages(self, client, write, change):
        article = write()
        for number in range(11):
            article = change(article, standfirst=f"Chapô {number}.")
        assert "Version 2<" not in history(client, article).content.decode()
        last = history(client, article, "?page=2").content.decode()
        assert "Version 2<" in last
        assert "Version 1<" in last

    def test_a_version_that_must_not_be_read_any_more_is_not(self, client, corrected, change, editor):
        article = change(corrected, title="Troisième")
        withholding.withhold(article.versions.get(number=1), reason="Un nom devait disparaître.", by=editor)
        page = history(client, article).content.decode()
        assert "Un nom devait disparaître." in page
        assert "80</del>" not in page
        assert "60</ins>" not in page
        assert "Troisième" in page.split('id="version-2"')[0], "what changed later is shown"

    @pytest.mark.parametrize(
        ("number", "reason"), [(2, "Une raison."), (1, " ")], ids=["newest", "no reason"]
    )
    def test_what_readers_have_is_not_withheld_nor_anything_without_a_reason(
        self, corrected, editor, number, reason
    ):
        version = corrected.versions.get(number=number)
        with pytest.raises(withholding.NotWithheld):
            withholding.withhold(version, reason=reason, by=editor)

    @pytest.mark.parametrize(("role", "may"), [("publisher", True), ("editor", False)])
    def test_only_who_may_publish_withholds(self, client, somebody, corrected, role, may):
        somebody("camille", role)
        client.post(
            reverse("withhold_version", args=[corrected.pk]), {"version": "1", "because": "Une raison."}
        )
        assert bool(corrected.versions.get(number=1).withheld_because) is may
        assert (
            client.post(reverse("withhold_version", args=[corrected.pk]), {"version": "9x"}).status_code
            != 500
        )
