"""The pure rule: what stops an article, and what answers it."""

import pytest

from depeche.articles import gate
from depeche.articles.analysis import Claim, Finding, Place, Reading
from depeche.articles.gate import Answer, Beside, State, Thresholds, Weight


def place(start: int = 0, end: int = 10, zone: int = 1, words: str = "des mots") -> Place:
    return Place(zone=zone, start=start, end=end, path=("body", "a"), words=words, occurrence=0)


def finding(code: str, severity: str, **where) -> Finding:
    return Finding(key=f"{code}-key", code=code, severity=severity, kind="paragraph", place=place(**where))


def claim(start: int = 0, end: int = 30, zone: int = 1, **known) -> Claim:
    values = {
        "source": "",
        "cue": "",
        "voice": "newsroom",
        "degree": "certain",
        "status": "asserted_unattributed",
        "type": "event",
        "checkable": True,
        **known,
    }
    return Claim(key="claim", kind="paragraph", place=place(start, end, zone), sentence="Des mots.", **values)


def reading(*findings: Finding, claims: tuple[Claim, ...] = ()) -> Reading:
    return Reading("0" * 64, "fr", is_read=True, findings=findings, claims=claims)


def stand(found: Finding, answers=(), beside=None, thresholds=None, claims=()) -> gate.Stand:
    examined = gate.examine(
        reading(found, claims=claims), answers, beside or Beside(), thresholds or Thresholds()
    )
    return examined.stands[0]


def test_an_error_stops_and_a_warning_does_not():
    assert stand(finding("NUM001", "error")).stops
    assert not stand(finding("LEX001", "warning")).stops


def test_a_newsroom_may_stop_warnings_too_or_nothing():
    warned = finding("LEX001", "warning")
    assert stand(warned, thresholds=Thresholds(stops_at="warning")).stops
    assert not stand(finding("LEX002", "info"), thresholds=Thresholds(stops_at="warning")).stops
    assert not stand(finding("NUM001", "error"), thresholds=Thresholds(stops_at="")).stops


def test_one_person_answers_a_warning_and_two_an_error():
    warned, wrong = finding("LEX001", "warning"), finding("NUM001", "error")
    assert stand(warned, [Answer(warned.key, by_two=False)]).state is State.DISMISSED
    alone = stand(wrong, [Answer(wrong.key, by_two=False)])
    assert (alone.state, alone.stops) == (State.PENDING, True)
    both = stand(wrong, [Answer(wrong.key, by_two=True)])
    assert (both.state, both.stops) == (State.DISMISSED, False)


def test_an_answer_to_another_finding_answers_nothing():
    assert stand(finding("NUM001", "error"), [Answer("other", by_two=True)]).stops


@pytest.mark.parametrize(("code", "state"), [("ATT004", State.SOURCED), ("NUM001", State.OPEN)])
def test_a_source_answers_who_says_it_but_not_figures_that_disagree(code, state):
    beside = Beside(sourced=frozenset({"claim"}))
    assert stand(finding(code, "error"), beside=beside, claims=(claim(),)).state is state


def test_the_source_of_another_claim_answers_nothing():
    beside = Beside(sourced=frozenset({"claim"}))
    elsewhere = (claim(start=40, end=60), claim(zone=2))
    assert stand(finding("ATT004", "error"), beside=beside, claims=elsewhere).state is State.OPEN


def test_a_reply_on_record_answers_an_accusation():
    accused = finding("BAL002", "warning")
    assert stand(accused).state is State.OPEN
    assert stand(accused, beside=Beside(has_reply=True)).state is State.RECORDED


def requirements(beside: Beside, thresholds: Thresholds | None = None, answers=(), **read) -> dict:
    examined = gate.examine(
        Reading("0" * 64, "fr", is_read=True, **read), answers, beside, thresholds or Thresholds()
    )
    return {item.name: item for item in examined.requirements}


def test_ai_use_stops_until_readers_are_told_or_somebody_answers_for_it():
    assert requirements(Beside()) == {}
    assert requirements(Beside(ai_use="assisted"))["ai"].stops
    assert not requirements(Beside(ai_use="assisted", is_ai_answered=True))["ai"].stops


def test_what_the_gate_asks_for_can_be_overridden_by_two_only():
    asked = Beside(ai_use="generated")
    assert requirements(asked, answers=[Answer("gate-ai", by_two=False)])["ai"].state is State.PENDING
    assert not requirements(asked, answers=[Answer("gate-ai", by_two=True)])["ai"].stops


def test_an_anonymous_source_reminds_and_stops_where_the_newsroom_says_so():
    hidden = (claim(source="un cadre de la mairie", quality="anonymous_described"),)
    assert not requirements(Beside(), claims=hidden)["anonymity"].stops
    strict = Thresholds(anonymity=Weight.STOP)
    assert requirements(Beside(), strict, claims=hidden)["anonymity"].words == ("un cadre de la mairie",)
    assert requirements(Beside(), strict, claims=hidden)["anonymity"].stops
    approved = Beside(anonymous=frozenset({"un cadre de la mairie"}))
    assert not requirements(approved, strict, claims=hidden)["anonymity"].stops
    assert requirements(Beside(), Thresholds(anonymity=Weight.OFF), claims=hidden) == {}


def test_a_declared_interest_that_the_text_meets_wants_an_answer():
    met = Beside(interests_met=("Port de Brest",))
    assert requirements(met)["interests"].state is State.OPEN
    told = Beside(interests_met=("Port de Brest",), has_interests_answer=True)
    assert requirements(told)["interests"].state is State.RECORDED


def test_too_many_claims_without_a_source_stop_where_the_newsroom_sets_a_limit():
    mixed = (claim(), claim(source="la mairie", status="attributed_named"))
    assert requirements(Beside(), claims=mixed) == {}
    assert requirements(Beside(), Thresholds(most_unattributed_percent=50), claims=mixed) == {}
    over = requirements(Beside(), Thresholds(most_unattributed_percent=49), claims=mixed)
    assert over["unattributed"].stops
    assert over["unattributed"].words == ("50 %", "49 %")
