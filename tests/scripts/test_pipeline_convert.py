"""What the treebank converter makes of a sentence of our own."""

import importlib.util
import random
import sys
from pathlib import Path

import pytest
import spacy

pytestmark = pytest.mark.any_database

PATH = Path(__file__).parents[2] / "scripts" / "pipeline" / "convert.py"


def conllu(lines):
    """Rows as a treebank has them, from (form, lemma, pos, feats, head, dep, space)."""
    rows = ["# sent_id = own-1"]
    for number, (form, lemma, pos, feats, head, dep, space) in enumerate(lines, 1):
        misc = "_" if space else "SpaceAfter=No"
        rows.append("\t".join([str(number), form, lemma, pos, "_", feats, str(head), dep, "_", misc]))
    return rows


@pytest.fixture(scope="module")
def convert():
    spec = importlib.util.spec_from_file_location("pipeline_convert", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def sentence(convert, tmp_path):
    rows = conllu(
        [
            ('"', '"', "PUNCT", "_", 7, "punct", False),
            ("Le", "le", "DET", "Definite=Def|Gender=Masc|Number=Sing|PronType=Art", 3, "det", True),
            ("pont", "pont", "NOUN", "Gender=Masc|Number=Sing", 7, "nsubj", True),
            ("de", "de", "ADP", "_", 6, "case", True),
            ("le", "le", "DET", "Definite=Def|PronType=Art", 6, "det", True),
            ("village", "village", "NOUN", "Gender=Masc|Number=Sing", 3, "nmod", True),
            ("plie", "plier", "VERB", "Mood=Ind|Tense=Pres|VerbForm=Fin|Voice=Act", 0, "root", False),
            ('"', '"', "PUNCT", "_", 7, "punct", False),
            (",", ",", "PUNCT", "_", 12, "punct", True),
            ("a", "avoir", "AUX", "Mood=Ind|Tense=Pres|VerbForm=Fin", 12, "aux:tense", False),
            ("-t-il", "lui", "PRON", "Gender=Masc|Number=Sing|Person=3", 12, "nsubj", True),
            ("dit", "dire", "VERB", "Tense=Past|VerbForm=Part", 7, "parataxis:insert", True),
            ("à", "à", "ADP", "_", 15, "case", True),
            ("10 000", "10 000", "NUM", "NumType=Card", 15, "nummod", True),
            ("gens", "gens", "NOUN", "Gender=Masc|Number=Plur", 12, "obl:arg", False),
            (".", ".", "PUNCT", "_", 7, "punct", True),
        ]
    )
    rows.insert(4, "\t".join(["4-5", "du", *"______", "_", "_"]))
    path = tmp_path / "own.conllu"
    path.write_text("\n".join(rows) + "\n\n", encoding="utf-8")
    return next(convert.read_conllu(path))


def by_form(doc):
    return {word.text: word for word in doc}


def test_a_word_printed_as_one_stays_one(sentence):
    printed = {token.form: token for token in sentence.tokens}
    assert (printed["du"].pos, printed["du"].lemma, printed["du"].dep) == ("ADP", "de", "case")
    assert sentence.tokens[printed["du"].head].form == "village"
    assert "le" not in printed


def test_labels_and_features_are_those_all_banks_share(sentence):
    printed = {token.form: token for token in sentence.tokens}
    assert (printed["a"].dep, printed["dit"].dep, printed["gens"].dep) == ("aux", "parataxis", "obl")
    assert printed["-t-il"].lemma == "il"
    assert "Voice" not in printed["plie"].feats
    assert printed["10 000"].feats == {}


def test_words_are_cut_as_the_tokenizer_cuts(convert, sentence):
    tokenizer = spacy.blank("fr")
    doc = convert.to_doc([convert.realigned(sentence, tokenizer)], tokenizer)
    assert [word.text for word in doc] == [word.text for word in tokenizer(doc.text.rstrip())]
    words = by_form(doc)
    assert (words["-t"].pos_, words["-t"].head.text) == ("PART", "-il")
    assert (words["-il"].dep_, words["-il"].head.text) == ("nsubj", "dit")
    assert words["000"].head.text == "gens"
    assert words["10"].head.text == "000"


@pytest.mark.parametrize(
    ("draw", "text"), [(0.2, "« Le pont du village plie », a"), (0.8, "«Le pont du village plie», a")]
)
def test_quotation_marks_are_those_of_the_desk(convert, sentence, draw, text):
    rng = random.Random(0)
    rng.random = lambda: draw
    assert convert.as_the_desk_reads(sentence, rng).text.startswith(text)


def test_one_sentence_in_ten_stays_as_printed(convert, sentence):
    rng = random.Random(0)
    rng.random = lambda: 0.05
    assert convert.as_the_desk_reads(sentence, rng) is sentence


def test_what_is_held_out_does_not_leak(convert, sentence):
    assert convert.without_leaks([sentence], [sentence]) == []
    assert convert.without_leaks([sentence], []) == [sentence]
