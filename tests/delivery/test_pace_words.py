"""A pace in plain words, read and shown."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from depeche.delivery.pace_words import FASTEST, Rate, UnclearPace, parsed, shown


@pytest.mark.parametrize(
    ("words", "rate"),
    [
        ("au plus 30 par minute", (30, 60)),
        ("30/min", (30, 60)),
        ("at most 500 per hour", (500, 3600)),
        ("5 par seconde", (5, 1)),
        ("2 000 par heure", (2000, 3600)),
        ("2\u202f000 par heure", (2000, 3600)),
        ("2\u00a0000 par\u202fheure", (2000, 3600)),
        ("2,000 per hour", (2000, 3600)),
        ("1 toutes les 10 secondes", (1, 10)),
        ("one every ten seconds", (1, 10)),
        ("dix par minute", (10, 60)),
        ("une douzaine de courriels à l’heure", (12, 3600)),
        ("a dozen an hour", (12, 3600)),
        ("six mails toutes les deux minutes", (6, 120)),
        ("Max. 30 msg/min", (30, 60)),
        ("Pas plus de 100 messages par jour", (100, 86400)),
        ("30 e-mails par heure au maximum", (30, 3600)),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_french_and_english_are_read_in_either_interface(words, rate, language):
    with translation.override(language):
        assert parsed(words) == rate


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("30 par lune", ["“30 par”", "“lune”", "8"]),
        ("beaucoup", ["“beaucoup”", "1"]),
        ("30", ["“30”", "ends"]),
        ("30 par minute et demie", ["“30 par minute”", "“et”", "15"]),
        ("2,5 par minute", ["whole numbers"]),
        ("2.000 par heure", ["whole numbers"]),
        ("0 par heure", ["pause"]),
        ("-3 par minute", ["“-”"]),
        ("1 tous les 3 jours", ["day"]),
        ("99999999999 par seconde", ["10,000"]),
        ("30 60 par minute", ["“60”"]),
        ("", ["No pace"]),
        ("30 par minute" * 40, ["520"]),
    ],
)
def test_what_is_unclear_is_refused_with_what_was_understood_where_and_an_example(words, named):
    with translation.override("en"), pytest.raises(UnclearPace) as refused:
        parsed(words)
    said = str(refused.value)
    assert [one for one in [*named, "30 per minute"] if one not in said] == []


rates = st.builds(
    lambda unit, number, most: Rate(min(most, FASTEST * unit * number), unit * number),
    st.sampled_from([1, 60, 3600]),
    st.integers(1, 24),
    st.integers(1, 100_000_000),
)


@given(rates, st.sampled_from(["fr", "en"]), st.sampled_from(["fr", "en"]))
def test_what_is_shown_is_read_again_as_the_same(rate, shown_in, read_in):
    with translation.override(shown_in):
        words = shown(rate)
    with translation.override(read_in):
        assert parsed(words) == rate


@given(st.text(max_size=90))
def test_any_text_is_a_pace_or_refused(words):
    try:
        rate = parsed(words)
    except UnclearPace:
        return
    assert 1 <= rate.most <= FASTEST * rate.per_s
    assert 1 <= rate.per_s <= 86400
