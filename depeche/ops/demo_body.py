"""The body of a demo article: entries of a TOML file as raw values of body blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from markdown_it import MarkdownIt

_inline = MarkdownIt("commonmark", {"html": False})

Block = dict[str, Any]


def blocks(body: list[dict[str, Any]], picture: Callable[[str, str], Any]) -> Iterator[Block]:
    """One raw block after the other; `picture` finds an image by file name and title.

    Each entry holds one key: `text` (paragraphs, and crossheads on lines that begin with ##), or the name of a block.
    """
    for entry in body:
        ((kind, value),) = entry.items()
        if kind == "text":
            yield from _paragraphs(value)
        elif kind == "picture":
            image = picture(value["file"], value["caption"])
            beside = {key: value[key] for key in ("alt", "caption", "credit")}
            yield _block("image", {"image": image.pk, **beside})
        else:
            yield _block(kind, _VALUES.get(kind, dict)(value))


def _paragraphs(text: str) -> Iterator[Block]:
    for part in re.split(r"\n\s*\n", text.strip()):
        line = " ".join(part.split())
        if line.startswith("## "):
            yield _block("crosshead", line.removeprefix("## "))
        else:
            yield _block("paragraph", _rich(line))


def _rich(line: str) -> str:
    html = _inline.renderInline(line)
    for markdown, ours in (("strong", "b"), ("em", "i")):
        html = html.replace(f"<{markdown}>", f"<{ours}>").replace(f"</{markdown}>", f"</{ours}>")
    return f"<p>{html}</p>"


def _fact_box(value: dict[str, Any]) -> dict[str, Any]:
    return {"title": value["title"], "text": "".join(block["value"] for block in _paragraphs(value["text"]))}


def _list(value: dict[str, Any]) -> dict[str, Any]:
    return {"ordered": value.get("ordered", False), "items": [_rich(item) for item in value["items"]]}


def _table(value: dict[str, Any]) -> dict[str, Any]:
    columns = [
        {"type": "number" if index in value.get("numeric", []) else "text", "heading": heading}
        for index, heading in enumerate(value["columns"])
    ]
    rows = [{"values": row} for row in value["rows"]]
    return {
        "source": value["source"],
        "table": {"columns": columns, "rows": rows, "caption": value["caption"]},
    }


_VALUES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "fact_box": _fact_box,
    "list": _list,
    "table": _table,
}


def _block(kind: str, value: Any) -> Block:
    return {"type": kind, "value": value}
