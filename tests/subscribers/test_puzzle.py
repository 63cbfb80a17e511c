"""DEPECHE_ALTCHA: with its sum the button counts at once, without it half a minute later; an answer is good once."""

import base64
import datetime as dt
import html
import json
import re

import altcha
import pytest
from django.utils import timezone

from depeche.subscribers import puzzle, signing_up
from depeche.subscribers.models import SignUp
from depeche.subscribers.recording import Shown
from depeche.subscribers.signing_up import Asked, OneMoreStep, take_down

LATER = dt.timedelta(minutes=30)


@pytest.fixture
def asked(newsletter, settings):
    settings.ALTCHA = True
    shown = Shown("…", "fr", "subscribe", "https://exemple.test/subscribe/")
    return Asked(newsletter, "lea@exemple.test", shown, network="192.0.2.0/24", is_odd=True)


def step_of(asked, **given) -> OneMoreStep:
    with pytest.raises(OneMoreStep) as step:
        take_down(asked, **given)
    assert not SignUp.objects.exists()
    return step.value


def solved(sum_: str) -> str:
    """What the script of the page sends."""
    challenge = altcha.Challenge.from_dict(json.loads(sum_))
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def test_with_its_answer_the_button_counts_at_once_and_once(asked):
    step = step_of(asked)
    answer = solved(step.sum)
    take_down(asked, token=step.token, answer=answer)
    assert SignUp.objects.count() == 1
    SignUp.objects.all().delete()
    again = step_of(asked, token=step.token, answer=answer)
    assert again.token != step.token
    step_of(asked, token=again.token, answer=answer)  # the answer to another token


def test_without_an_answer_it_counts_half_a_minute_later(asked, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    step = step_of(asked)
    time_machine.shift(29)
    early = step_of(asked, token=step.token)
    assert (early.token, early.is_early) == (step.token, True), "who waits on need not begin again"
    time_machine.shift(1)
    take_down(asked, token=early.token)
    assert SignUp.objects.count() == 1


def test_a_sum_is_asked_for_only_where_the_setting_says_so(asked, settings):
    settings.ALTCHA = False
    step = step_of(asked)
    assert step.sum == ""
    take_down(asked, token=step.token)
    assert SignUp.objects.count() == 1


def test_a_sum_ends_with_its_token(asked, time_machine):
    answer = solved(puzzle.ask("a", until=timezone.now() + LATER))
    assert puzzle.is_solved(answer, "a")
    assert not puzzle.is_solved(answer, "b")
    time_machine.move_to(timezone.now() + LATER + dt.timedelta(seconds=2))
    assert not puzzle.is_solved(answer, "a")


def changed(answer: str, **parameters) -> str:
    given = json.loads(base64.b64decode(answer))
    given["challenge"]["parameters"] |= parameters
    return base64.b64encode(json.dumps(given).encode()).decode()


def test_what_is_no_answer_is_refused_without_an_error(asked, settings):
    answer = solved(puzzle.ask("a", until=timezone.now() + LATER))
    wrong = [
        changed(answer, cost=1),
        changed(answer, keyPrefix=""),
        changed(answer, data={"about": "b"}),
        changed(answer, data=None),
        changed(answer, expiresAt="x"),
        *("", "\0", "é", "bnVsbA==", "W10=", "e30=", answer[:-8], "A" * 5_000, "{" * 3_000),
        base64.b64encode(b"[" * 2_900).decode(),
        base64.b64encode(json.dumps({"challenge": [], "solution": []}).encode()).decode(),
        base64.b64encode(json.dumps({"challenge": {"parameters": "x"}, "solution": 1}).encode()).decode(),
    ]
    for each in wrong:
        assert not puzzle.is_solved(each, "a"), each[:60]
    settings.SECRET_KEY = "x" * 60
    assert not puzzle.is_solved(answer, "a"), "of another newsroom"


def test_the_page_carries_the_sum_and_posts_its_answer(client, sign_up, asked):
    for number in range(5):
        assert sign_up(f"{number}@d{number}.test").status_code == 303
    page = sign_up().content.decode()
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert fields["altcha"] == ""
    early = sign_up(**fields)
    assert early.status_code == 200
    assert 'role="alert"' in early.content.decode()
    fields["altcha"] = solved(html.unescape(re.search(r'data-puzzle="([^"]*)"', page)[1]))
    assert sign_up(**fields).status_code == 303
    assert "puzzle" not in client.get("/subscribe/").content.decode()


def test_a_token_from_before_this_was_built_is_none(asked):
    old = signing_up.signing.dumps(["0", signing_up._digest(asked)], salt=signing_up._SALT)
    assert step_of(asked, token=old).token != old
