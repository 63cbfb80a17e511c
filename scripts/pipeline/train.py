"""Trains the French pipeline of the desk from a folder of treebanks, in about an hour on one core.

    python scripts/pipeline/train.py --treebanks FOLDER --exclude GOLD.jsonl --out FOLDER

The folder holds UD_French-GSD, -Sequoia, -FQB, -Rhapsodie and -ParisStories. Nothing of a test file is trained on, nor
the newspaper sentences of Sequoia's dev and test, nor the sentences whose "id" stands in the file to exclude.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import spacy
import srsly
from convert import Sentence, as_the_desk_reads, in_documents, read_conllu, without_leaks
from spacy.cli.init_config import init_config
from spacy.cli.train import train
from spacy.tokens import DocBin
from spoken import written
from thinc.api import Config

from templates import Writer

sys.path.insert(0, str(Path(__file__).parents[2]))

from depeche.desk.parsing import SHIPPED_LANGUAGE

SEED = 20261125
TEMPLATES = 4000
BATCH = 128  # paragraphs: a quarter faster than spaCy's own 1,000
STOPPING_SHARE = 0.14
NEWSPAPER = "annodis.er"
SPOKEN, SPOKEN_IDS = ("Rhapsodie", "ParisStories"), ("Rhap", "ParisStories")
REPORTED_SPEECH = 0.25
_ELIDED_BEFORE_QUOTE = r"|^(?:[cdjlmnstCDJLMNST]|[Qq]u)'(?=«)"  # « qualifié d'« acte lâche » »
_LETTER_CLASS = re.compile(r"\[[^\]]{400,}\]")


def treebank(folder: Path, bank: str, part: str) -> list[Sentence]:
    """The sentences of one part of one bank."""
    path = folder / f"UD_French-{bank}" / f"fr_{bank.lower()}-ud-{part}.conllu"
    return list(read_conllu(path))


def _is_for_stopping(sentence: Sentence) -> bool:
    return hashlib.sha256(sentence.id.encode()).digest()[0] < 256 * STOPPING_SHARE


def split(folder: Path, excluded: set[str], rng: random.Random) -> tuple[list[Sentence], list[Sentence]]:
    """What to train on and what to stop by, nothing shared between them or with what is held out."""
    gsd_dev, sequoia_dev = treebank(folder, "GSD", "dev"), treebank(folder, "Sequoia", "dev")
    gold = [sentence for sentence in gsd_dev if sentence.id in excluded]
    rest = [sentence for sentence in gsd_dev if sentence.id not in excluded]
    newspaper = [sentence for sentence in sequoia_dev if sentence.id.startswith(NEWSPAPER)]
    stopping = [sentence for sentence in rest if _is_for_stopping(sentence)]
    stopping += [sentence for sentence in sequoia_dev if not sentence.id.startswith(NEWSPAPER)]
    spoken = [
        sentence for bank in SPOKEN for part in ("train", "dev") for sentence in treebank(folder, bank, part)
    ]
    candidates = [
        *(sentence for sentence in rest if not _is_for_stopping(sentence)),
        *treebank(folder, "Sequoia", "train"),
        *treebank(folder, "FQB", "test"),
        *(tidy for sentence in spoken if (tidy := written(sentence, rng))),
    ]
    tests = [*treebank(folder, "GSD", "test"), *treebank(folder, "Sequoia", "test")]
    held_out = [*tests, *gold, *newspaper, *stopping]
    candidates = [sentence for sentence in candidates if sentence.id not in excluded]
    return without_leaks(candidates, held_out), stopping


def training_groups(sentences: list[Sentence], rng: random.Random) -> Iterator[list[Sentence]]:
    """The sentences of the banks in twos and threes as they stand, and those of the templates, all shuffled."""
    groups, at = [], 0
    while at < len(sentences):
        size = rng.randint(1, 3)
        groups.append(sentences[at : at + size])
        at += size
    reported = [
        one for one in sentences if not one.id.startswith(SPOKEN_IDS) or rng.random() < REPORTED_SPEECH
    ]
    groups += Writer(reported, rng).sentences(TEMPLATES)
    rng.shuffle(groups)
    yield from groups


def write_corpus(path: Path, sentences: Iterable[Sentence], rng: random.Random) -> int:
    """Writes documents for spaCy; tells how many words they have."""
    tokenizer = spacy.blank("fr")
    read = (as_the_desk_reads(sentence, rng) for sentence in sentences)
    docs = list(in_documents(read, tokenizer, rng))
    DocBin(docs=docs, store_user_data=False).to_disk(path)
    return sum(len(doc) for doc in docs)


def configuration(steps: int) -> dict:
    """One encoder of width 96 under morphology, lemmas and syntax."""
    config = init_config(
        lang="fr", pipeline=["morphologizer", "trainable_lemmatizer", "parser"], optimize="efficiency"
    )
    config["nlp"]["batch_size"] = BATCH
    components = config["components"]
    components["tok2vec"]["model"]["embed"]["rows"] = [5000, 1000, 2500, 2500]
    components["parser"]["min_action_freq"] = 10
    components["parser"]["model"]["hidden_width"] = 64
    components["trainable_lemmatizer"]["min_tree_freq"] = 2
    training = config["training"]
    training |= {"dropout": 0.2, "max_steps": steps, "patience": 4000, "eval_frequency": 400, "seed": SEED}
    training["optimizer"]["use_averages"] = True
    training["batcher"] = {
        "@batchers": "spacy.batch_by_words.v1",
        "discard_oversize": False,
        "tolerance": 0.2,
        "size": {"@schedules": "compounding.v1", "start": 200, "stop": 800, "compound": 1.001},
    }
    training["score_weights"] = {
        "dep_las": 0.4,
        "dep_uas": 0.1,
        "morph_acc": 0.2,
        "lemma_acc": 0.2,
        "pos_acc": 0.1,
    }
    return config


def slim(model: Path, out: Path) -> None:
    """Copies the trained pipeline without what is not needed to run it, the words it was trained on among it.

    spaCy's pattern for compounds lists every letter of every script 900 times, and takes seconds to compile:
    its letters become one class. The pipeline names a language that needs none of spaCy's French modules.
    """
    nlp = spacy.load(model)
    nlp.meta |= {
        "name": "desk_press",
        "version": "0.1.0",
        "license": "CC BY-SA 4.0 and LGPL-LR",
        "spacy_version": ">=3.8.7,<3.9.0",
    }
    nlp.meta.pop("performance", None)
    nlp.config["nlp"]["batch_size"] = BATCH
    nlp.config["paths"] = dict.fromkeys(nlp.config["paths"])
    for table in list(nlp.vocab.lookups.tables):
        nlp.vocab.lookups.remove_table(table)
    pattern = nlp.tokenizer.token_match.__self__.pattern
    nlp.tokenizer.token_match = re.compile(_LETTER_CLASS.sub(r"[^\\W\\d_]", pattern)).match
    before = nlp.tokenizer.prefix_search.__self__.pattern
    nlp.tokenizer.prefix_search = re.compile(before + _ELIDED_BEFORE_QUOTE).search
    nlp.to_disk(out)
    for name, key in (("config.cfg", 'lang = "{}"'), ("meta.json", '"lang":"{}"')):
        text = (out / name).read_text(encoding="utf-8")
        (out / name).write_text(
            text.replace(key.format("fr"), key.format(SHIPPED_LANGUAGE)), encoding="utf-8"
        )
    trees = srsly.msgpack_loads((out / "trainable_lemmatizer" / "trees").read_bytes())["trees"]
    replaced = {tree[side] for tree in trees for side in ("orig", "subst") if tree.get(side)}
    kept = {nlp.vocab.strings[number] for number in replaced}
    for label in (*nlp.get_pipe("morphologizer").labels, *nlp.get_pipe("parser").labels):
        kept |= {label, label.partition("|POS=")[0], *label.replace("|", "=").split("=")}
    kept |= {"|".join(part for part in label.split("|") if "POS=" not in part) for label in kept}
    kept |= set(spacy.blank("fr").vocab.strings)
    srsly.write_json(out / "vocab" / "strings.json", sorted(kept))


def main() -> None:
    """Converts, writes templates, trains and keeps the best model."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--treebanks", required=True, type=Path)
    options.add_argument(
        "--exclude", required=True, type=Path, help="a jsonl whose ids are kept out of training"
    )
    options.add_argument("--out", required=True, type=Path)
    options.add_argument("--scratch", type=Path, default=Path("pipeline-scratch"))
    options.add_argument("--steps", type=int, default=14_000)
    asked = options.parse_args()
    excluded = {
        json.loads(line)["id"] for line in asked.exclude.read_text("utf-8").splitlines() if line.strip()
    }
    rng = random.Random(SEED)
    asked.scratch.mkdir(parents=True, exist_ok=True)
    sentences, stopping = split(asked.treebanks, excluded, rng)
    flat = [sentence for group in training_groups(sentences, rng) for sentence in group]
    train_path, dev_path = asked.scratch / "train.spacy", asked.scratch / "dev.spacy"
    words = write_corpus(train_path, flat, rng), write_corpus(dev_path, stopping, rng)
    print(f"train {len(flat)} sentences ({len(sentences)} of the banks), {words[0]} words")
    print(f"stopping {len(stopping)} sentences, {words[1]} words")
    config_path = asked.scratch / "config.cfg"
    Config(configuration(asked.steps)).to_disk(config_path)
    overrides = {"paths.train": str(train_path), "paths.dev": str(dev_path)}
    train(config_path, asked.scratch / "trained", overrides=overrides)
    slim(asked.scratch / "trained" / "model-best", asked.out)


if __name__ == "__main__":
    main()
