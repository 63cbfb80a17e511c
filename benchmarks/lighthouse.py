"""Lighthouse on the front page and the newest article of a running paper, beside a bare page of the same machine.

Needs Node (npx) and Chromium. The bare page – a headline and a paragraph, no style, no script – is the peer: what this
machine gives a page that does nothing. Medians of five runs, mobile profile.

    python benchmarks/lighthouse.py http://127.0.0.1:8000
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.request
from pathlib import Path

LIGHTHOUSE = "lighthouse@12"
RUNS = 5
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
TIMES = {
    "first-contentful-paint": "FCP ms",
    "largest-contentful-paint": "LCP ms",
    "total-blocking-time": "TBT ms",
}
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run"
BARE = """<!doctype html><html lang="fr"><meta charset="utf-8"><title>Une page nue</title>
<meta name="viewport" content="width=device-width"><meta name="description" content="Une page sans rien.">
<h1>Une page nue</h1><p>Un paragraphe.</p>"""


def main(address: str) -> int:
    front = urllib.request.urlopen(address, timeout=30).read().decode()
    lead = re.search(r'class="headline[^>]*>\s*<a [^>]*?href="([^"]+)', front)
    pages = {"front page": address + "/", "article": address + lead[1] if lead else ""}
    with _bare_page() as bare:
        results = {name: _measure(url) for name, url in {**pages, "bare page": bare}.items() if url}
    columns = [*CATEGORIES, *TIMES.values(), "CLS", "kB"]
    print(f"{LIGHTHOUSE}, median of {RUNS}")
    print(" | ".join(["page".ljust(12), *columns]))
    for name, values in results.items():
        print(" | ".join([name.ljust(12), *(f"{values[column]:g}".rjust(len(column)) for column in columns)]))
    asked = [results[name] for name in pages if name in results]
    good = all(
        values["performance"] >= 95 and all(values[name] == 100 for name in CATEGORIES[1:])
        for values in asked
    )
    return 0 if len(asked) == 2 and good else 1


def _measure(url: str) -> dict[str, float]:
    runs = [_run(url) for _ in range(RUNS)]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def _run(url: str) -> dict[str, float]:
    done = subprocess.run(
        [
            "npx",
            "--yes",
            LIGHTHOUSE,
            url,
            "--quiet",
            "--output=json",
            f"--chrome-flags={FLAGS}",
            f"--only-categories={','.join(CATEGORIES)}",
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "CHROME_PATH": shutil.which("chromium") or ""},
    )
    report = json.loads(done.stdout)
    audits = report["audits"]
    found = {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}
    found |= {label: round(audits[name]["numericValue"]) for name, label in TIMES.items()}
    found["CLS"] = round(audits["cumulative-layout-shift"]["numericValue"], 3)
    found["kB"] = round(audits["total-byte-weight"]["numericValue"] / 1000)
    for name in CATEGORIES[1:]:
        for reference in report["categories"][name]["auditRefs"]:
            if audits[reference["id"]]["score"] not in (None, 1):
                print(f"{url}: {name}: {audits[reference['id']]['title']}", file=sys.stderr)
    return found


class _bare_page:
    def __enter__(self) -> str:
        self.folder = tempfile.TemporaryDirectory()
        (Path(self.folder.name) / "index.html").write_text(BARE)
        (Path(self.folder.name) / "robots.txt").write_text("User-agent: *\nAllow: /\n")
        handler = functools.partial(_Quiet, directory=self.folder.name)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/"

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.folder.cleanup()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/")))
