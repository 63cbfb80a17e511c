"""Is every page of a running paper valid HTML? Follows its own links and asks the Nu Html Checker (npm, Java).

python scripts/check_html.py http://127.0.0.1:8000
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urljoin, urlsplit

MOST_PAGES = 300
# Not linked, and shown all the same.
UNLINKED = [
    "/nowhere/",
    "/subscribe/sent/",
    "/confirm/x/",
    "/unsubscribe/x/",
    "/en/nowhere/",
    "/en/subscribe/sent/",
]


def main(address: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        pages = _fetch_all(address, Path(folder))
        command = ["npx", "--yes", "vnu-jar", "--format", "json", "--stdout", "--skip-non-html", folder]
        done = subprocess.run(command, capture_output=True, text=True)
    messages = json.loads(done.stdout)["messages"]
    errors = [message for message in messages if message["type"] == "error"]
    for message in messages:
        name = pages.get(Path(urlsplit(message.get("url", "")).path).name, message.get("url"))
        print(f"{message['type']} {name}:{message.get('lastLine', '')} {message['message']}")
    print(f"{len(pages)} pages, {len(errors)} errors, {len(messages) - len(errors)} warnings")
    return 1 if errors or not pages else 0


def _fetch_all(address: str, folder: Path) -> dict[str, str]:
    """Save each page that can be reached; file name → path on the site."""
    waiting, pages, seen = ["/", *UNLINKED], {}, set()
    while waiting and len(pages) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        html = _fetch(urljoin(address, path))
        if html is None:
            continue
        name = f"{len(pages):03}.html"
        (folder / name).write_text(html)
        pages[name] = path
        links = (
            urljoin(urljoin(address, path), link) for link in re.findall(r'<a [^>]*?href="([^"#]+)', html)
        )
        waiting += [link.removeprefix(address) or "/" for link in links if link.startswith(address + "/")]
    return pages


def _fetch(url: str) -> str | None:
    try:
        answer = urllib.request.urlopen(url, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        if "text/html" not in answer.headers.get("Content-Type", ""):
            return None
        return answer.read().decode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/")))
