"""Writes docs/reference/findings.md from the catalogue: python scripts/write_findings.py [--precision FILE.json].

FILE.json is what `python scripts/evaluate_desk.py --texts tests/desk/texts --numbers 1-20 --precision FILE.json`
writes. Without it, the figures of the page as it is are kept; a page without figures says “not measured yet”.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from depeche.desk import catalogue
from depeche.desk.spans import Finding
from scripts.evaluation.measures import wilson

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/reference/findings.md"
BLIND = Path(__file__).parents[1] / "tests/desk/texts/blind.json"
TEXTS = "tests/desk/texts"

_FAMILIES = {
    "ATT": "sourcing",
    "LEX": "wording, in our own voice only",
    "INF": "inference",
    "NUM": "figures",
    "QUO": "quotation",
    "HED": "headlines and crossheads",
    "BAL": "balance",
    "STR": "hygiene of the copy",
    "TRN": "traces of translation",
}
_TOP = """\
# Findings

What `bin/depeche check` (commands.md) may say of an article. This page is written by `scripts/write_findings.py`
from the catalogue that the messages come from.

**Severity** is what a rule usually gives: an *error* must be answered before publication, a *warning* wants a look, a
*note* (`info`) is style. Where the words stand may change it: in a source's mouth one level down; wording inside quotation marks is nobody's business but the speaker's.

**To silence** a code for the whole newsroom, name it with a reason under `[silence]` in `desk.toml`, or for one kind of
article under `[kinds.…]`; words go under `[words]`. For one run, `--ignore CODE`. What each entry says under *silence* is
when that is right for a single finding.
"""


def main(arguments: list[str]) -> int:
    """Writes the page; `--check` only says whether it is up to date (exit code 1 where it is not)."""
    parser = argparse.ArgumentParser(prog="write_findings", description=__doc__)
    parser.add_argument("--precision", type=Path, metavar="FILE.json")
    parser.add_argument("--blind", type=Path, metavar="FILE.json", default=BLIND)
    parser.add_argument("--check", action="store_true", help="write nothing")
    given = parser.parse_args(arguments)
    before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if given.precision:
        blind, seen = (
            json.loads(path.read_text(encoding="utf-8")) for path in (given.blind, given.precision)
        )
        measured = "\n".join(measured_lines(blind, seen))
    else:
        measured = _measured_in(before) or "\n".join(measured_lines(None, None))
    page = page_with(measured)
    if given.check:
        return int(page != before)
    PAGE.write_text(page, encoding="utf-8")
    return 0


def page_with(measured: str) -> str:
    """The whole page, with the section of figures as given."""
    parts = [_TOP, measured]
    for family in catalogue.families():
        parts.append(f"## {family}: {_FAMILIES[family]}")
        parts += ["\n".join(_entry(code)) for code in catalogue.codes() if code.startswith(family)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def measured_lines(blind: dict[str, Any] | None, seen: dict[str, Any] | None) -> Iterator[str]:
    """How often each code is right, where that was measured: blind, and on all texts as they are known now."""
    yield "## How often they are right"
    yield ""
    if blind is None or seen is None:
        yield "not measured yet"
        return
    first, last = seen["numbers"]
    yield (
        f"On own, invented texts ({TEXTS}), written with the findings to expect and the near misses by people who had not "
        f"read the rules. *Blind*: {_sorts(blind)}, each measured once, before anybody looked at what was wrong there. *Seen*: "
        f"all texts of numbers {first} to {last} ({_sorts(seen)}) as they are read now, most of them known to the rules: what the tests "
        "hold. Precision: of the findings made, the share that was expected (an info on words nobody marked counts neither "
        "way); recall: of those expected, the share made; in brackets the 95 % interval (Wilson), n is what the share is of. "
        "Small n say little."
    )
    yield ""
    yield "| code | precision, blind | n | recall, blind | n | precision, seen | n |"
    yield "|---|---|---|---|---|---|---|"
    for code in catalogue.codes():
        nothing = {"right": 0, "wrong": 0, "missed": 0}
        counts, known = (data["codes"].get(code, nothing) for data in (blind, seen))
        found, expected = counts["right"] + counts["wrong"], counts["right"] + counts["missed"]
        today = known["right"] + known["wrong"]
        yield (
            f"| {code} | {_share(counts['right'], found)} | {found} "
            f"| {_share(counts['right'], expected)} | {expected} | {_share(known['right'], today)} | {today} |"
        )


def _sorts(data: dict[str, Any]) -> str:
    return ", ".join(f"{n} {sort}" for sort, n in sorted(data["texts"].items()))


def _entry(code: str) -> Iterator[str]:
    english, french = catalogue.entry(code, "en"), catalogue.entry(code, "fr")
    severity = {"info": "note"}.get(english.severity, english.severity)
    yield f"### {code} {english.title}"
    yield ""
    yield f"*{severity}* · {french.title}"
    yield ""
    yield f"{english.why}"
    yield ""
    finding = Finding(code, english.severity, (0, 1))
    yield f"- says: {catalogue.message(finding, '…', 'en')}"
    yield f"- asks: {catalogue.question(finding, '…', 'en')}"
    yield f"- fires: {french.example}"
    yield f"- near miss, silent: {french.near_miss}"
    yield f"- silence: {english.silence}"


def _share(right: int, n: int) -> str:
    if not n:
        return "–"
    low, high = wilson(right, n)
    return f"{right / n:.2f} [{low:.2f}, {high:.2f}]"


def _measured_in(page: str) -> str:
    found = re.search(r"^## How often they are right\n.*?(?=^## )", page, re.S | re.M)
    return found[0].strip() if found else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
