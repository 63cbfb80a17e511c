"""What the desk costs while one writes: `python benchmarks/newsroom_desk.py [--json]`.

The road from a manuscript to its reading through the desk process, in one run beside `read()` itself: an
unseen article of 600 words, one changed paragraph of 5,000, ten editors typing, the memory of the process.
Exit code 1 where a bar is missed. Texts are those of the tests, told apart by numbers.
"""

# ruff: noqa: E402
from __future__ import annotations

import os
import tempfile

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
FOLDER = tempfile.TemporaryDirectory()
os.environ["DEPECHE_DATA"] = FOLDER.name

import json
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from desk import blocks_of, timed

from depeche.articles import analysis, desk_seam
from depeche.articles.desk_process import reading as in_process
from depeche.articles.manuscript import Manuscript, Zone
from depeche.desk import reading as desk

RUNS = 15
EDITORS = 10
TYPING_S = 20
NUMBERS = iter(range(1_000_000))

Read = Callable[[Manuscript], object]


class Measured(NamedTuple):
    """A number, its unit and the most it may be, None for any."""

    name: str
    value: float
    unit: str
    bar: float | None = None

    @property
    def is_missed(self) -> bool:
        """Whether the number is above its bar."""
        return self.bar is not None and self.value > self.bar


def main(options: list[str]) -> int:
    blocks = [
        block for file in sorted((ROOT / "tests/desk/texts/fr").glob("*.toml")) for block in blocks_of(file)
    ]
    found: list[Measured] = []
    for measured in measurements(blocks, analysis.read):
        found.append(measured)
        if "--json" not in options:
            bar = "" if measured.bar is None else f"   at most {measured.bar:g}"
            print(
                f"{measured.name:48}{measured.value:9.2f} {measured.unit}{bar}{' MISSED' * measured.is_missed}"
            )
    if "--json" in options:
        print(json.dumps([measured._asdict() for measured in found], indent=1))
    return int(any(measured.is_missed for measured in found))


def measurements(blocks: list[str], read: Read) -> Iterator[Measured]:
    """All numbers of the road `read`, one after another."""
    yield Measured("process started, first reading", timed(lambda: read(manuscript_of(blocks, 100))), "s")
    yield from one_article(blocks, read)
    yield from one_paragraph(blocks, read)
    yield from typing(blocks, read)
    yield Measured(f"memory of the desk process after {next(NUMBERS)} texts", memory_mb(), "MB")


def one_article(blocks: list[str], read: Read) -> Iterator[Measured]:
    """`read()` in this process and the road, in turn, each on words not seen before."""
    in_process.reading_of(manuscript_of(blocks, 100))
    alone, whole = [], []
    for _ in range(RUNS):
        fresh = manuscript_of(blocks, 600)
        article, memory = in_process.article_of(fresh), desk.Memory()
        alone.append(timed(lambda article=article, memory=memory: desk.read(article, "fr", memory=memory)))
        fresh = manuscript_of(blocks, 600)
        whole.append(timed(lambda fresh=fresh: read(fresh)))
    yield Measured("600 unseen words, read() alone, median", 1000 * statistics.median(alone), "ms")
    yield Measured("600 unseen words, the whole road, median", 1000 * statistics.median(whole), "ms")
    ratio = statistics.median(whole) / statistics.median(alone)
    yield Measured("the whole road beside read()", ratio, "×", bar=2)


def one_paragraph(blocks: list[str], read: Read) -> Iterator[Measured]:
    """The road after a change in one paragraph of a long article."""
    article = manuscript_of(blocks, 5_000)
    yield Measured("5,000 unseen words, the whole road", 1000 * timed(lambda: read(article)), "ms")
    spent = []
    for _ in range(RUNS):
        article = changed(article, len(article.zones) // 2)
        spent.append(timed(lambda article=article: read(article)))
    yield Measured("one paragraph of 5,000 words changed, median", 1000 * statistics.median(spent), "ms")
    yield Measured("one paragraph of 5,000 words changed, worst", 1000 * max(spent), "ms", bar=300)


def typing(blocks: list[str], read: Read) -> Iterator[Measured]:
    """Ten editors, each changing a paragraph of an article of its own about every second."""
    spent: list[float] = []
    end = time.monotonic() + TYPING_S

    def edit(editor: int) -> None:
        article = manuscript_of(blocks, 600)
        time.sleep(editor / EDITORS)
        while time.monotonic() < end:
            article = changed(article, editor % len(article.zones))
            took = timed(lambda article=article: read(article))
            spent.append(took)
            time.sleep(max(0.0, 1 - took))

    editors = [threading.Thread(target=edit, args=[number]) for number in range(EDITORS)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    cuts = statistics.quantiles(spent, n=20)
    yield Measured(
        f"{EDITORS} editors typing, {len(spent)} readings, p50", 1000 * statistics.median(spent), "ms"
    )
    yield Measured(f"{EDITORS} editors typing, p95", 1000 * cuts[-1], "ms", bar=1000)


def manuscript_of(blocks: list[str], size: int) -> Manuscript:
    """An article of at least `size` words that nobody has read: every paragraph carries a new number."""
    zones: list[Zone] = [
        Zone(("title",), "headline", f"Le conseil municipal examine {next(NUMBERS)} dossiers")
    ]
    count = 0
    while count < size:
        text = f"{blocks[len(zones) % len(blocks)]} Édition {next(NUMBERS)}."
        zones.append(Zone(("body", str(len(zones))), "paragraph", text))
        count += len(text.split())
    return Manuscript("fr", "reportage", tuple(zones), byline="Jeanne Morel", place="Lens")


def changed(article: Manuscript, number: int) -> Manuscript:
    """The article with a sentence more in one paragraph, instead of the one put there last."""
    zones = list(article.zones)
    old = zones[number]
    text = f"{old.text.partition(' Il pleut')[0]} Il pleut depuis {next(NUMBERS) + 2} jours."
    zones[number] = Zone(old.path, old.kind, text)
    return Manuscript(article.language, article.kind, tuple(zones), article.byline, article.place)


def memory_mb() -> float:
    """What the desk process has in memory, in MB (Linux)."""
    pid = desk_seam.address().with_suffix(".lock").read_text().strip()
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    with FOLDER:
        sys.exit(main(sys.argv[1:]))
