"""Quotations: each rule and its near miss."""

from __future__ import annotations

import pytest

from depeche.desk.attribution import attributions
from depeche.desk.draft import BlockReading, Dossier
from depeche.desk.marks import marks_of
from depeche.desk.quotation import across, against_sources, findings
from depeche.desk.wordings import SourceText, departures
from tests.desk.drafts import draft, hearsay, line, says, words
from tests.desk.passages import passage

pytestmark = pytest.mark.any_database


def alone(text, code, *attributions, hedges=()):
    read = passage(text) if isinstance(text, str) else text
    block = BlockReading(read, attributions, hedges)
    return [read.text[slice(*f.span)] for f in findings(block, "fr") if f.code == code]


def together(*blocks, code, kind="news"):
    given = draft(passage("La vallée attend", kind="headline"), *blocks, dossier=Dossier(kind=kind))
    return words(given, across(given), code)


def departing(text, *sources):
    given = draft(passage(text), dossier=Dossier(sources=sources))
    return [(words(given, [f])[0], dict(f.values)) for f in against_sources(given)]


class TestMarks:
    @pytest.mark.parametrize(
        "text",
        [
            "« Elle a dit “non” », selon lui.",
            '"Elle a dit « non »", selon lui.',
            '« Elle a dit "non" et l\'"oubli" »',
            "„Ja“, dit-elle, “yes”.",
            'Un écran de 15" et un "mot".',
            "Rien du tout.",
            "",
        ],
    )
    def test_pairs_and_pairs_within_pairs_are_fine(self, text):
        marks = marks_of(text)
        assert (marks.mixed, marks.unclosed, marks.unopened) == ([], [], [])

    def test_a_quotation_that_closes_in_another_style_is_mixed(self):
        assert alone('Il a dit « oui " hier .', "QUO002") == ['« oui "']
        assert alone('Il a dit "oui » hier .', "QUO002") == ['"oui »']

    def test_an_inner_quotation_that_never_closes_is_mixed(self):
        assert alone('« Le maire a dit "oui » .', "QUO002") == ['"oui »']

    def test_a_mark_that_nothing_closes_is_found_in_the_whole_article(self):
        first = passage("« La nuit , ils reviennent . Il pleuvait .")
        assert together(first, passage("Le soir tombe ."), code="QUO002") == ["« La nuit, ils reviennent."]

    def test_an_excerpt_without_a_headline_may_begin_and_end_within_a_quotation(self):
        given = draft(passage("Nous partirons » , dit-il ."), passage("« Nous reviendrons ."))
        assert across(given) == []

    def test_a_mark_that_nothing_opened_is_found_too(self):
        assert together(passage("Nous partirons », dit-il ."), code="QUO002")

    def test_a_quotation_may_run_over_paragraphs_with_its_mark_repeated(self):
        blocks = [passage("« Nous partirons ."), passage("« Nous reviendrons » , dit-il .")]
        assert together(*blocks, code="QUO002") == []

    def test_a_quotation_may_run_over_paragraphs_with_its_closing_mark_at_their_heads(self):
        blocks = [
            passage("« Nous partirons ."),
            passage("» Nous dormirons ."),
            passage("» Nous mangerons » , dit-il ."),
        ]
        assert together(*blocks, code="QUO002") == []

    def test_a_quotation_may_run_over_paragraphs_without_repeating_its_mark(self):
        blocks = [passage("« Nous partirons ."), passage("Nous reviendrons » , dit-il .")]
        assert together(*blocks, code="QUO002") == []


class TestSpeaker:
    ORPHAN = ("La salle se vide .", "« Jamais nous ne céderons . »", "La pluie tombait .")

    def test_a_sentence_in_quotation_marks_needs_a_speaker_nearby(self):
        assert together(passage(*self.ORPHAN), code="QUO003") == ["« Jamais nous ne céderons. »"]

    def test_a_vague_source_nearby_is_no_speaker(self):
        read = passage("Beaucoup réclament un départ .", "« C'est terminé . »", "La pluie tombait .")
        said = says(read, "Beaucoup", "réclament", "un départ", quality="vague_collective")
        assert together(BlockReading(read, (said,)), code="QUO003")

    def test_a_speaker_in_the_sentence_before_or_after_is_enough(self):
        read = passage("« Nous partirons » , dit Anne Roy .", "« Jamais nous ne céderons . »")
        said = says(read, "Anne Roy", "dit", "Nous partirons")
        assert together(BlockReading(read, (said,)), code="QUO003") == []
        assert (
            together(passage("« Nous dormons à la cave . »", "Ainsi parle Mila Soren ."), code="QUO003") == []
        )

    def test_the_speaker_before_a_crosshead_is_none(self):
        read = passage("« Nous partirons » , dit Anne Roy .")
        before = BlockReading(read, (says(read, "Anne Roy", "dit", "Nous partirons"),))
        quoted = passage("« Ils nous ont rayés de la carte . »", "La grille est close .")
        assert together(before, quoted, code="QUO003") == []
        assert together(before, passage("Une ville morte", kind="crosshead"), quoted, code="QUO003")

    def test_layout_gives_the_speaker_of_an_interview_or_a_pull_quote(self):
        assert together(passage(*self.ORPHAN), code="QUO003", kind="interview") == []
        assert together(passage("« Jamais . »", kind="quotation"), code="QUO003") == []

    def test_an_aside_within_the_marks_a_signature_or_whom_the_sentence_before_is_about_is_a_speaker(self):
        aside = line("La salle se vide. « On tient, poursuit l'ingénieur. On verra demain. » Il pleut.")
        given = BlockReading(aside, tuple(attributions(aside, "fr")))
        assert together(given, code="QUO003") == []
        assert together(line("« Le pain se mérite. » — Paul Ney"), code="QUO003") == []
        assert together(line("Paul Ney remballe ses caisses. « On ne reviendra plus. »"), code="QUO003") == []

    def test_a_letter_and_its_stop_may_end_the_sentence_before(self):
        read = line('Le retard touche la ligne B. "Je vais au travail à pied." Les quais se vident.')
        assert together(read, code="QUO003") == ['"Je vais au travail à pied."']

    def test_quoted_words_within_a_sentence_of_ours_are_no_orphan(self):
        assert together(passage("La salle est « pleine » .", "Il pleut ."), code="QUO003") == []


class TestBrackets:
    def test_a_negation_in_brackets_turns_the_meaning(self):
        assert alone("« L'État [n']accepte [...] de fermer » , dit-il .", "QUO004")

    def test_a_modal_verb_in_brackets_turns_the_meaning(self):
        assert alone("« Nous [devrons] vendre le navire » , dit-il .", "QUO004")

    def test_a_cut_before_a_mended_verb_may_hide_a_negation(self):
        assert alone("Elle dit qu' elle « [...] accepter[a] les familles » .", "QUO004")

    def test_a_bare_subject_in_brackets_turns_the_meaning(self):
        assert alone("« [On] criait dans la cour » , dit-il .", "QUO004")
        assert not alone("« [La foule] criait dans la cour » , dit-il .", "QUO004")

    def test_who_a_pronoun_stands_for_changes_nothing(self):
        assert not alone("« Elle [la mairie] viendra » , dit-il .", "QUO004")

    def test_a_cut_between_two_phrases_changes_nothing(self):
        assert not alone("« Nous partirons demain [...] par le train » , dit-il .", "QUO004")


class TestFragments:
    def test_a_fragment_under_a_hearsay_conditional_has_no_reference(self):
        read = passage("Il l' aurait félicité pour son « courage » .")
        assert alone(read, "QUO005", hedges=(hearsay(read, "aurait félicité"),)) == ["« courage »"]

    def test_a_source_in_the_sentence_is_a_reference(self):
        read = passage("Selon Anne Roy , il l' aurait félicité pour son « courage » .")
        assert not alone(read, "QUO005", hedges=(hearsay(read, "aurait félicité", "T10"),))

    def test_the_title_of_a_work_is_no_fragment(self):
        read = passage("Le film « Braise » aurait coûté cher .")
        assert not alone(read, "QUO005", hedges=(hearsay(read, "aurait coûté"),))
        read = passage("Il aurait vu le film « Braise » .")
        assert not alone(read, "QUO005", hedges=(hearsay(read, "aurait vu"),))

    def test_a_rumour_is_no_reference(self):
        assert alone("La directrice « comprend » les critiques , paraît-il .", "QUO005") == ["« comprend »"]

    def test_a_word_in_quotation_marks_before_our_own_sentence_has_no_reference(self):
        assert alone("« Exemplaire » , l' opération a duré six heures .", "QUO005") == ["« Exemplaire »"]

    def test_a_label_that_unnamed_people_give_has_no_reference(self):
        read = passage("Des collègues la décrivent comme « impossible » .")
        assert alone(read, "QUO005") == ["« impossible »"]
        assert alone("On le dit « fini » .", "QUO005") == ["« fini »"]
        read = passage("Anne Roy et Luc Petit la décrivent comme « impossible » .")
        assert not alone(read, "QUO005", says(read, "Anne Roy et Luc Petit", "décrivent", "impossible"))
        assert not alone("La prune est dite « orangée » .", "QUO005")

    def test_a_word_that_somebody_wrote_has_one(self):
        read = passage("« Exemplaire » , l' opération , écrit Anne Roy .")
        assert not alone(read, "QUO005", says(read, "Anne Roy", "écrit", "Exemplaire"))


class TestSources:
    SOURCE = (
        "La rivière n’est pas morte, mais elle ne se remettra pas seule. Nous ne demandons pas la fermeture."
    )

    def test_a_missing_negation_is_found_with_both_wordings_and_their_distance(self):
        ((quoted, values),) = departing("« nous demandons la fermeture » , dit-elle .", self.SOURCE)
        assert quoted == "nous demandons la fermeture"
        assert values["original"] == "Nous ne demandons pas la fermeture"
        assert values["distance"] == "7"

    def test_marks_spaces_capitals_and_ellipses_are_no_difference(self):
        assert not departing('"Nous ne demandons pas la fermeture…" , dit-elle .', self.SOURCE)
        assert not departing("« nous ne demandons pas [...] la fermeture » .", self.SOURCE)

    def test_a_quotation_from_elsewhere_is_not_compared(self):
        assert not departing("« Il fait beau sur la plage ce matin » , dit-elle .", self.SOURCE)

    def test_a_quotation_of_three_words_is_too_short(self):
        assert not departing("« Nous demandons fermeture » , dit-elle .", self.SOURCE)

    def test_a_cut_that_hides_a_negation_is_found(self):
        source = "Je n'accepterai pas que l'on inquiète les familles."
        negations = frozenset({"ne", "n", "pas"})
        assert departures(
            "elle « […] accepter[a] […] que l'on inquiète les familles »", [SourceText(source)], negations
        )
        assert not departures(
            "« Je n'accepterai pas que l'on inquiète […] »", [SourceText(source)], negations
        )

    def test_the_text_that_has_the_very_words_counts(self):
        other = "Nous demandons la fermeture de la mine."
        assert not departing("« nous demandons la fermeture » , dit-elle .", self.SOURCE, other)

    def test_a_short_quotation_with_another_word_is_another_quotation(self):
        assert not departing("« la hausse des prix » , dit-elle .", "Il craint la baisse des prix.")

    def test_without_sources_nothing_is_compared(self):
        assert not departing("« nous demandons la fermeture » .")

    def test_a_long_source_is_read_once_and_quickly(self):
        long = " ".join(f"mot{n} et suite{n % 97}" for n in range(20_000)) + " " + self.SOURCE
        assert departing("« La rivière est morte , mais elle ne se remettra pas seule » .", long)
