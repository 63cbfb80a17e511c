"""Measures the French pipeline on what it was never trained on.

    python scripts/pipeline/evaluate.py --model FOLDER --treebanks FOLDER --exclude GOLD.jsonl

Each set is scored twice: with sentences found by the pipeline, and with sentence starts given, as the desk gives them.
The subject of a verb of saying is scored apart, once more where it follows its verb, and on the sentences of probe.tsv.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import convert
import phrases
import spacy
from convert import Sentence, as_the_desk_reads, in_documents
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc, Token
from spacy.training import Example
from train import NEWSPAPER, treebank

from depeche.desk.parsing import know_shipped_language

SUBJECTS = {"nsubj", "nsubj:pass"}
SAYING = {*phrases.REGULAR, *phrases.IRREGULAR, *phrases.WITH_TOPIC} - phrases.ONLY_FORMS
SAYING |= set(
    phrases.words("penser déduire prévoir démentir nier réfuter exiger alerter menacer soupçonner reprocher")
)
PROBE = Path(__file__).parent / "probe.tsv"
WORDS_TO_TIME = 40_000


def sets(folder: Path, excluded: set[str]) -> dict[str, list[Sentence]]:
    """The sets to measure on, by name."""
    tests = {bank: treebank(folder, bank, "test") for bank in ("GSD", "Sequoia")}
    papers = [*treebank(folder, "Sequoia", "dev"), *tests["Sequoia"]]
    return {
        "GSD test": tests["GSD"],
        "Sequoia test": tests["Sequoia"],
        "Sequoia newspaper (dev+test)": [one for one in papers if one.id.startswith(NEWSPAPER)],
        "GSD dev, desk gold": [one for one in treebank(folder, "GSD", "dev") if one.id in excluded],
    }


def documents(sentences: Iterable[Sentence], nlp: Language) -> list[Doc]:
    """The gold documents, typed as the desk reads."""
    rng = random.Random(7)
    return list(in_documents((as_the_desk_reads(one, rng) for one in sentences), nlp, rng))


def analysed(nlp: Language, gold: list[Doc], sentences_given: bool) -> list[Example]:
    """Gold and analysis side by side; `sentences_given` tells the pipeline where sentences begin."""
    blank = []
    for doc in gold:
        read = nlp.make_doc(doc.text)
        if sentences_given and len(read) == len(doc):
            for mine, theirs in zip(read, doc, strict=True):
                mine.is_sent_start = theirs.is_sent_start
        blank.append(read)
    return [Example(read, doc) for read, doc in zip(nlp.pipe(blank), gold, strict=True)]


def figures(nlp: Language, examples: list[Example]) -> dict[str, float]:
    """Accuracies in percent."""
    scores = Scorer(nlp).score(examples)
    named = {
        "UPOS": "pos_acc",
        "morph": "morph_acc",
        "lemma": "lemma_acc",
        "UAS": "dep_uas",
        "LAS": "dep_las",
    }
    found = {name: 100 * scores[key] for name, key in named.items()}
    found["sentence F"] = 100 * scores["sents_f"]
    by_label = scores["dep_las_per_type"]
    found["nsubj F"] = 100 * by_label.get("nsubj", {"f": 0})["f"]
    return found


def subjects(examples: list[Example]) -> Counter[str]:
    """How many subjects of verbs of saying are found, and how many of those found are right."""
    count: Counter[str] = Counter()
    for example in examples:
        read, gold = example.predicted, example.reference
        if len(read) != len(gold):
            continue
        for word in gold:
            if word.dep_ not in SUBJECTS or word.head.lemma_ not in SAYING or word.head.pos_ != "VERB":
                continue
            mine = read[word.i]
            right = mine.head.i == word.head.i and mine.dep_ in SUBJECTS
            for kind in _kinds(word):
                count[kind, "all"] += 1
                count[kind, "found"] += right
        for word in read:
            if (
                word.dep_ in SUBJECTS
                and gold[word.head.i].lemma_ in SAYING
                and gold[word.head.i].pos_ == "VERB"
            ):
                count["predicted", "all"] += 1
                there = gold[word.i]
                count["predicted", "found"] += there.head.i == word.head.i and there.dep_ in SUBJECTS
    return count


def _kinds(word: Token) -> list[str]:
    kinds = ["any"]
    if word.i > word.head.i or word.text.startswith("-"):
        kinds.append("inverted pronoun" if word.text.startswith("-") else "inverted noun")
    return kinds


def probed(nlp: Language) -> tuple[int, int, list[str]]:
    """Subjects found in the sentences of the probe, of how many, and what was missed."""
    found, missed = 0, []
    lines = [line for line in PROBE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    for line in lines:
        text, verb, subject = line.split("\t")
        doc = nlp(text)
        right = any(word.text == subject and word.dep_ in SUBJECTS and word.head.text == verb for word in doc)
        found += right
        if not right:
            missed.append(line)
    return found, len(lines), missed


def words_per_second(nlp: Language, docs: list[Doc]) -> float:
    """How many words, punctuation apart, the pipeline reads in a second of one core."""
    paragraphs, words = [], 0
    while words < WORDS_TO_TIME:
        for doc in docs:
            paragraphs.append(doc.text)
            words += sum(1 for word in doc if not word.is_punct)
    list(nlp.pipe(paragraphs[:50]))
    start = time.process_time()
    for _ in nlp.pipe(paragraphs):
        pass
    return words / (time.process_time() - start)


def _report(name: str, nlp: Language, gold: list[Doc]) -> None:
    size = f"{sum(1 for doc in gold for _ in doc.sents)} sentences, {sum(len(doc) for doc in gold)} words"
    print(f"## {name} ({size})")
    for given in (False, True):
        examples = analysed(nlp, gold, given)
        line = "  ".join(f"{label} {value:.1f}" for label, value in figures(nlp, examples).items())
        print(f"{'sentences given' if given else 'sentences found'}: {line}")
        count = subjects(examples)
        kinds = sorted({kind for kind, _ in count})
        print(
            "   subjects:", "  ".join(f"{kind} {count[kind, 'found']}/{count[kind, 'all']}" for kind in kinds)
        )


def main() -> None:
    """Prints the figures of a trained pipeline."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--model", required=True, type=Path)
    options.add_argument("--treebanks", required=True, type=Path)
    options.add_argument("--exclude", required=True, type=Path)
    asked = options.parse_args()
    excluded = {
        json.loads(line)["id"] for line in asked.exclude.read_text("utf-8").splitlines() if line.strip()
    }
    convert.AS_PRINTED = 0
    know_shipped_language()
    nlp = spacy.load(asked.model)
    start = time.perf_counter()
    spacy.load(asked.model)
    print(f"loaded in {time.perf_counter() - start:.2f} s")
    everything = []
    for name, sentences in sets(asked.treebanks, excluded).items():
        gold = documents(sentences, nlp)
        everything += gold
        _report(name, nlp, gold)
    found, asked_for, missed = probed(nlp)
    print(f"## own probe: {found}/{asked_for}", *missed, sep="\n   ")
    print(f"## {words_per_second(nlp, everything):,.0f} words/s on one core")


if __name__ == "__main__":
    main()
