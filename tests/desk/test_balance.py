"""Who is heard, and how much; whether the accused are: each rule and its near miss."""

from __future__ import annotations

import pytest

from depeche.desk.balance import findings, voices
from depeche.desk.draft import BlockReading, Dossier
from depeche.desk.naming import Names
from depeche.desk.spans import Attribution
from tests.desk.drafts import asked, at, draft, line, says, words
from tests.desk.passages import passage

pytestmark = pytest.mark.any_database

TITLE = passage("La grève continue", kind="headline")
CAMPS = {"employer": ("La direction", "Gilles Morand"), "farmers": ("Les éleveurs",)}
FILLER = "Le lait caille à la cave et les meules attendent . " * 20


def heard(*blocks: BlockReading, camps=None) -> list[tuple[str, int, str]]:
    found = voices(draft(TITLE, *blocks, dossier=Dossier(camps=camps or {})))
    return [(voice.source, round(voice.share * 100), voice.camp) for voice in found]


def codes(*blocks, kind: str = "news", camps=None) -> list[tuple[str, str]]:
    given = draft(TITLE, *blocks, dossier=Dossier(kind=kind, camps=camps or {}))
    found = findings(given, voices(given))
    assert all(shown == "La grève continue" for shown in words(given, found))
    return [(f.code, f.severity) for f in found]


def block(text: str, *attributions: tuple[str, ...], **more) -> BlockReading:
    read = line(text)
    return BlockReading(read, tuple(says(read, *given, **more) for given in attributions))


class TestVoices:
    def test_shares_are_characters_of_what_is_said_loudest_first(self):
        said = block(
            "Anne Roy dit que le lait est bon. Le préfet dit oui.",
            ("Anne Roy", "dit", "le lait est bon"),
            ("Le préfet", "dit", "oui"),
        )
        assert heard(said) == [("Anne Roy", 83, ""), ("Le préfet", 17, "")]

    def test_the_same_family_name_is_the_same_source(self):
        said = block(
            "Gilles Morand dit oui. M. Morand répète non.",
            ("Gilles Morand", "dit", "oui"),
            ("M. Morand", "répète", "non"),
        )
        assert heard(said) == [("Gilles Morand", 100, "")]

    def test_an_office_is_whoever_the_text_says_holds_it(self):
        said = block(
            "Anne Roy, maire de Lens, dit oui. La maire répète non.",
            ("Anne Roy, maire de Lens", "dit", "oui"),
            ("La maire", "répète", "non"),
        )
        assert [source for source, *_ in heard(said)] == ["Anne Roy"]

    def test_a_pronoun_is_whom_it_stands_for(self):
        read = line("Anne Roy attend. Elle dit oui.")
        said = Attribution(
            "indirect",
            at(read, "Elle"),
            at(read, "dit"),
            (at(read, "oui"),),
            quality="pronoun",
            source_ref=at(read, "Anne Roy"),
        )
        assert heard(BlockReading(read, (said,))) == [("Anne Roy", 100, "")]

    def test_a_pronoun_of_nobody_known_is_who_spoke_before(self):
        read = line("Anne Roy dit oui. Il pleut. Elle répète non.")
        said = says(read, "Anne Roy", "dit", "oui")
        more = says(read, "Elle", "répète", "non", quality="pronoun")
        assert heard(BlockReading(read, (said, more))) == [("Anne Roy", 100, "")]

    def test_camps_are_those_the_newsroom_named(self):
        said = block(
            "La direction dit oui. M. Morand, né Gilles Morand, dit non. Les éleveurs disent peut-être.",
            ("La direction", "dit", "oui"),
            ("Gilles Morand", "dit non", "non"),
            ("Les éleveurs", "disent", "peut-être"),
        )
        assert {camp for *_, camp in heard(said, camps=CAMPS)} == {"employer", "farmers"}

    def test_hearsay_is_nobody_s_voice(self):
        read = line("Le coffre aurait été vidé.")
        said = Attribution("conditional", None, at(read, "aurait été vidé"), ((0, len(read.text)),))
        assert heard(BlockReading(read, (said,))) == []

    def test_what_lies_in_another_s_words_counts_once(self):
        read = line("Anne Roy dit que Paul Petit dit oui.")
        outer = says(read, "Anne Roy", "dit", "Paul Petit dit oui")
        inner = Attribution(
            "indirect",
            at(read, "Paul Petit"),
            at(read, "dit oui"),
            (at(read, "oui"),),
            quality="named",
            parent=0,
        )
        assert heard(BlockReading(read, (outer, inner))) == [("Anne Roy", 100, "")]

    def test_a_draft_without_attributions_has_no_voices(self):
        assert voices(draft()) == []
        assert voices(draft(TITLE, passage("Il pleut ."))) == []


class TestOneSided:
    LONG = "le lait ne vaut rien sans nos caves et nos caves ne valent rien sans le lait des vallées"

    def sides(self, farmers: str) -> BlockReading:
        return block(
            f"La direction dit que {self.LONG}. Les éleveurs disent que {farmers}. {FILLER}",
            ("La direction", "dit", self.LONG),
            ("Les éleveurs", "disent", farmers),
        )

    def test_one_camp_with_most_of_the_words(self):
        assert ("BAL001", "warning") in codes(self.sides("non"), camps=CAMPS)

    def test_one_camp_with_rather_more_of_them(self):
        assert ("BAL001", "info") in codes(self.sides(self.LONG[:46]), camps=CAMPS)

    def test_two_camps_heard_alike(self):
        assert not codes(self.sides(self.LONG.replace("lait", "prix")), camps=CAMPS)

    def test_without_camps_nobody_is_counted(self):
        assert not codes(self.sides("non"))

    @pytest.mark.parametrize("kind", ["interview", "profile", "obituary", "brief", "press_release"])
    def test_kinds_that_have_one_voice(self, kind):
        assert not codes(self.sides("non"), camps=CAMPS, kind=kind)


class TestUnanswered:
    ACCUSED = "L'association accuse la mine de polluer la rivière."
    TAIL = " Une réunion est prévue jeudi à la mairie."

    def asked(self, text: str) -> list[tuple[str, str]]:
        whole = f"La mine inquiète la vallée\n\nLa vallée attend la pluie.\n\n{text}"
        return [(code, severity) for code, severity, _ in asked(whole, ["BAL002"])]

    def test_an_accusation_that_nobody_answers(self):
        assert self.asked(self.ACCUSED + self.TAIL) == [("BAL002", "warning")]

    @pytest.mark.parametrize(
        "reply",
        [
            " La mine dément.",
            " « C'est faux », a répondu son directeur, Paul Roy.",
            " Contactée, la mine n'a pas répondu à nos questions.",
            " L'exploitant n'a pas souhaité s'exprimer.",
            " Son avocate plaide la relaxe.",
        ],
    )
    def test_a_reply_a_denial_or_a_silence_that_was_asked_for(self, reply):
        assert self.asked(self.ACCUSED + reply + self.TAIL) == []

    def test_a_misdeed_that_a_source_reports(self):
        text = "D'après le collectif, la ville a dissimulé l'état du bassin pendant deux ans." + self.TAIL
        assert self.asked(text) == [("BAL002", "warning")]

    def test_a_misdeed_that_the_newsroom_tells_of(self):
        assert self.asked("Le promoteur a trompé 40 familles." + self.TAIL) == [("BAL002", "warning")]
        assert self.asked("Le promoteur a trompé 40 familles, a jugé le tribunal." + self.TAIL) == []
        assert self.asked("Des inconnus ont trompé 40 familles." + self.TAIL) == []

    def test_a_complaint_against_somebody(self):
        text = "Une association a porté plainte contre un éleveur de la vallée."
        assert self.asked(text + self.TAIL) == [("BAL002", "warning")]
        assert self.asked("Une association a porté plainte. Un éleveur balaie sa cour." + self.TAIL) == []

    def test_who_confesses_accuses_nobody(self):
        assert self.asked("Le trésorier avoue avoir falsifié deux reçus." + self.TAIL) == []

    def test_criticism_of_a_thing_needs_no_reply(self):
        assert (
            self.asked("L'opposition juge la dette trop lourde et dénonce ce calendrier." + self.TAIL) == []
        )


class TestSingle:
    def one(self, *sources: str) -> BlockReading:
        text = " ".join(f"{source} dit que le lait numéro {n} est bon." for n, source in enumerate(sources))
        return block(f"{text} {FILLER}", *((s, "dit", f"numéro {n} est bon") for n, s in enumerate(sources)))

    def test_one_named_source_for_a_whole_article(self):
        assert codes(self.one("Anne Roy", "Mme Roy", "Anne Roy")) == [("BAL003", "info")]

    def test_two_named_sources(self):
        assert not codes(self.one("Anne Roy", "Paul Petit", "Anne Roy"))

    def test_two_attributions_are_too_few_to_say(self):
        assert not codes(self.one("Anne Roy", "Mme Roy"))

    def test_an_interview_has_one_voice(self):
        assert not codes(self.one("Anne Roy", "Mme Roy", "Anne Roy"), kind="interview")

    def test_a_short_piece_may_have_one(self):
        said = block("Anne Roy dit oui.", ("Anne Roy", "dit", "oui"))
        assert not codes(said)


def test_a_name_from_outside_the_text_is_found_by_its_family_name_or_its_head():
    said = block(
        "Pascale Imbert dit oui. La régie dit non.",
        ("Pascale Imbert", "dit", "oui"),
        ("La régie", "dit non", "non"),
    )
    names = Names(draft(TITLE, said))
    assert names.keys_in("la directrice de la régie, Pascale Imbert") == {"imbert"}
    assert names.keys_in("La régie") == {"régie"}


def test_an_empty_draft_has_no_findings():
    assert findings(draft(), ()) == []
