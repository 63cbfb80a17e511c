"""How well the desk reads: attributions, hearsay and findings against gold standards.

python scripts/evaluate_desk.py GOLD.jsonl [GOLD.jsonl …] [--texts tests/desk/texts] [--show]

GOLD.jsonl has lines {"id", "text", "attributions"?, "hedges"?, "vague"?}, offsets in code points. Attributions
match one to one by the share of gold characters covered (0.3 and 0.8); intervals are 95 %, by bootstrap over
texts for F1 and Wilson's for shares. Texts numbered 15 to 20 of each sort are kept to measure by, and only
read if --numbers asks for them.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from depeche.desk.draft import Dossier
from depeche.desk.intake import article_in
from depeche.desk.reading import read
from depeche.desk.records import record
from scripts.evaluation import attributions, conditionals, printing, texts

Record = dict[str, Any]


def main(arguments: list[str]) -> int:
    given = _parser().parse_args(arguments)
    if not given.gold and not given.texts:
        _parser().error("name a GOLD.jsonl, or --texts DIR")
    predicted = {row["id"]: row for row in _rows(given.predicted)} if given.predicted else None
    for path in given.gold:
        print(f"== {path}")
        _evaluate_gold(path, predicted, given)
    if given.texts:
        print(f"== {given.texts}, numbers {given.numbers.start} to {given.numbers.stop - 1}")
        _evaluate_texts(given)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evaluate_desk", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", nargs="*", type=Path, metavar="GOLD.jsonl")
    parser.add_argument("--texts", type=Path, metavar="DIR", help="own texts with expected findings (TOML)")
    parser.add_argument("--numbers", type=_range, default=range(1, 15), metavar="A-B", help="default: 1-14")
    parser.add_argument("--predicted", type=Path, metavar="FILE", help="score these lines; read nothing")
    parser.add_argument("--language", default="fr", help="of the gold texts (default: fr)")
    parser.add_argument("--show", action="store_true", help="list what was missed and the false alarms")
    parser.add_argument("--precision", type=Path, metavar="FILE", help="write findings by code as JSON")
    return parser


def _range(value: str) -> range:
    first, _, last = value.partition("-")
    return range(int(first), int(last or first) + 1)


def _evaluate_gold(path: Path, predicted: dict[str, Record] | None, given: argparse.Namespace) -> None:
    said, hedged = attributions.AttributionScore(), conditionals.HedgeScore()
    has_attributions = has_hedges = False
    nothing: Record = {"attributions": [], "hedges": [], "findings": []}
    for gold in _rows(path):
        found = _read(gold, given.language) if predicted is None else predicted.get(gold["id"], nothing)
        if "attributions" in gold:
            has_attributions = True
            matching = attributions.add_text(said, gold["text"], gold["attributions"], found["attributions"])
            if given.show:
                _print(_attribution_mistakes(gold, found, matching))
        if "hedges" in gold:
            has_hedges = True
            mistakes = conditionals.add_text(hedged, gold, found)
            if given.show:
                _print(_hedge_mistakes(gold, mistakes))
    if has_attributions:
        _print(printing.attribution_lines(said))
    if has_hedges:
        _print(printing.hedge_lines(hedged))


def _read(gold: Record, language: str) -> Record:
    return record(read(article_in(gold["text"]), gold.get("language", language), Dossier()), "en")


def _evaluate_texts(given: argparse.Namespace) -> None:
    score = texts.TextScore()
    try:
        for own in texts.load_texts(given.texts, given.numbers):
            mistakes = texts.add_text(score, own, texts.read_text(own))
            if given.show:
                _print(_text_mistakes(own, mistakes))
    except texts.WrongText as error:
        sys.exit(str(error))
    _print(printing.text_lines(score))
    if given.precision:
        rows = {code: _counts(score, code) for code in sorted(score.by_code)}
        data = {"numbers": [given.numbers.start, given.numbers.stop - 1], "texts": score.texts, "codes": rows}
        given.precision.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _counts(score: texts.TextScore, code: str) -> dict[str, int]:
    counts = score.by_code[code]
    return {"right": counts.right, "wrong": counts.wrong, "missed": counts.missed}


def _attribution_mistakes(gold: Record, found: Record, matching: attributions.Matching) -> Iterator[str]:
    text = gold["text"]
    for i in matching.missed:
        yield f"{gold['id']}  MISSED  {_said(text, gold['attributions'][i])}"
    for j in matching.wrong:
        yield f"{gold['id']}  WRONG   {_said(text, found['attributions'][j])}"
    for i, j in matching.pairs:
        wanted, given = gold["attributions"][i], found["attributions"][j]
        right = attributions.agreements(text, wanted, given)
        if not {"source", "cue", "type", "exact"} <= set(right):
            yield f"{gold['id']}  DIFFERS {_said(text, wanted)}\n{'':>{len(gold['id'])}}       -> {_said(text, given)}"


def _said(text: str, attribution: Record) -> str:
    def words(span: list[int] | None) -> str:
        return text[span[0] : span[1]] if span else "–"

    content = " … ".join(words(span) for span in attribution["content"]) or "–"
    return (
        f"{attribution['type']} [{words(attribution['source'])}] {{{words(attribution['cue'])}}} ⟨{content}⟩"
    )


def _hedge_mistakes(gold: Record, mistakes: conditionals.HedgeMistakes) -> Iterator[str]:
    traps = {tuple(h["span"]): h.get("trap") for h in gold["hedges"]}
    for label, spans in (("MISSED", mistakes.missed), ("WRONG ", mistakes.wrong)):
        for start, end in spans:
            trap = traps.get((start, end))
            yield f"{gold['id']}  HEARSAY {label} « {gold['text'][start:end]} » {trap or ''} in: {gold['text']}"


def _text_mistakes(own: texts.OwnText, mistakes: texts.Mistakes) -> Iterator[str]:
    for mark in mistakes.missed:
        yield f"{own.name}  MISSED  {mark.code} « {own.text[slice(*mark.span)]} » {mark.note}"
    for finding, note in mistakes.wrong:
        words = own.text[slice(*finding.span)]
        why = f"near miss: {note}" if note else "nobody marked it"
        yield f"{own.name}  WRONG   {finding.code} {finding.severity} « {words} » {why}"


def _rows(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main(sys.argv[1:]))
