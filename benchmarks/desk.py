"""What the desk costs beside the parser alone: `python benchmarks/desk.py [TEXT.toml …]`.

One core, one run, both sides in turn: words a second, an article of 600 words, growth to 100,000 words,
reading again after a change in one paragraph, the start of `check`, memory. Without arguments it reads the
texts of the tests. Times differ between machines; the ratios count.
"""

# ruff: noqa: E402
from __future__ import annotations

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from depeche.desk.article import Article, paragraphs
from depeche.desk.parsing import load_pipeline, parse
from depeche.desk.reading import Memory, read

RUNS = 5


def main(paths: list[str]) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    files = [Path(p) for p in paths] or sorted((ROOT / "tests/desk/texts/fr").glob("*.toml"))
    blocks = [block for file in files for block in blocks_of(file)]
    start = time.perf_counter()
    load_pipeline("fr")
    print(f"pipeline loaded            {time.perf_counter() - start:8.2f} s")
    article = article_of(blocks, 10_000)
    read(article, "fr")
    compare(article)
    one = article_of(blocks, 600)
    print(
        f"article of {words(one)} words     {1000 * median(lambda: read(one, 'fr')):8.0f} ms (median of {RUNS})"
    )
    growth(blocks)
    again(article_of(blocks, 5_000))
    print(f"memory, at most            {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB")
    cold_start(one)


def compare(article: Article) -> None:
    """Parsing alone and the whole reading, in turn, the best of some runs of each."""
    nlp = load_pipeline("fr")
    texts = [zone.text for zone in article.zones]
    alone, whole, ours = [], [], []
    for _ in range(RUNS):
        alone.append(timed(lambda: list(nlp.pipe(texts))))
        ours.append(timed(lambda: list(parse([(text, "paragraph") for text in texts], "fr"))))
        whole.append(timed(lambda: read(article, "fr")))
    count = words(article)
    print(f"spaCy's parse alone        {count / min(alone):8.0f} words/s")
    print(f"parse, told the sentences  {count / min(ours):8.0f} words/s")
    print(f"reading, rules included    {count / min(whole):8.0f} words/s")
    print(f"rules on top of spaCy      {100 * (min(whole) / min(alone) - 1):8.0f} %")
    print(f"rules on top of our parse  {100 * (min(whole) / min(ours) - 1):8.0f} %")


def growth(blocks: list[str]) -> None:
    """Time a word at three sizes: equal where the cost is linear."""
    for size in (1_000, 10_000, 100_000):
        article = article_of(blocks, size)
        spent = timed(lambda article=article: read(article, "fr"))
        print(f"{words(article):>7} words             {1e6 * spent / words(article):8.0f} µs a word")


def again(article: Article) -> None:
    """A second reading after a change in one paragraph, beside the first."""
    first, second = [], []
    for number in range(RUNS):
        memory = Memory()
        first.append(timed(lambda memory=memory: read(article, "fr", memory=memory)))
        middle = article.zones[len(article.zones) // 2]
        changed = (
            article.text[: middle.end] + f" Il pleut depuis {number + 2} jours." + article.text[middle.end :]
        )
        mended = paragraphs(changed)
        second.append(timed(lambda mended=mended, memory=memory: read(mended, "fr", memory=memory)))
    share = 100 * statistics.median(second) / statistics.median(first)
    print(f"read again, {words(article)} words    {share:8.1f} % of the first reading")


def cold_start(article: Article) -> None:
    """`check` on one article in a new process."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "article.txt"
        file.write_text(article.text, encoding="utf-8")
        command = [sys.executable, "-m", "depeche", "check", str(file), "--fail-on", "never"]
        spent = [
            timed(lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True))
            for _ in range(3)
        ]
    print(f"check, new process         {min(spent):8.2f} s")


def blocks_of(file: Path) -> list[str]:
    """The paragraphs of a text, its headline left out."""
    text = (
        tomllib.loads(file.read_text(encoding="utf-8"))["text"]
        if file.suffix == ".toml"
        else file.read_text("utf-8")
    )
    return [line.strip() for line in text.strip().split("\n")[1:] if len(line.split()) > 8]


def article_of(blocks: list[str], size: int) -> Article:
    """An article of at least `size` words; repeated paragraphs are told apart by a number."""
    chosen: list[str] = []
    count = turn = 0
    while count < size:
        for block in blocks:
            chosen.append(block if not turn else f"{block} Édition {turn}.")
            count += len(chosen[-1].split())
            if count >= size:
                break
        turn += 1
    return paragraphs("\n\n".join(chosen))


def words(article: Article) -> int:
    """How many words an article has, as people count them."""
    return len(article.text.split())


def median(work: Callable[[], object]) -> float:
    """The median time of some runs, in seconds."""
    return statistics.median(timed(work) for _ in range(RUNS))


def timed(work: Callable[[], object]) -> float:
    """The time of one run, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(sys.argv[1:])
