"""The proof of consent on paper: what the JSON says, in the active language, for somebody who was not there."""

from __future__ import annotations

import functools
import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, HRFlowable, Paragraph, SimpleDocTemplate, Spacer

from .consent import Action, Detail
from .legal import Kind, LegalText
from .models import Basis

FOLDER = Path(__file__).parent / "fonts"
REGULAR, BOLD = "depeche-sans-regular", "depeche-sans-bold"
BOXES = {"☐": "[ ]", "☑": "[x]", "☒": "[x]"}
TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=20, leading=25, spaceAfter=4 * mm)
HEADING = ParagraphStyle(
    "heading", fontName=BOLD, fontSize=13, leading=17, spaceBefore=7 * mm, spaceAfter=1.5 * mm, keepWithNext=1
)
TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=10, leading=14, spaceAfter=1.2 * mm)
QUOTED = ParagraphStyle("quoted", parent=TEXT, leftIndent=6 * mm, borderPadding=0)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=8, leading=11, textColor="#444444")


def drawn(story: dict[str, Any], *, json_name: str, json_sha256: str) -> bytes:
    """The PDF, A4, with its faces embedded; it names the JSON file and holds its SHA-256."""
    _faces()
    file = io.BytesIO()
    title = _("Proof of consent")
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=22 * mm,
        rightMargin=22 * mm,
        topMargin=20 * mm,
        bottomMargin=22 * mm,
        title=f"{title} – {_drawable(story['address'])}",
        author=story["made_by"]["site"],
        lang=get_language(),
    )
    document.build(
        [
            Paragraph(title, TITLE),
            *_summary(story),
            *(part for entry in story["entries"] for part in _entry(entry)),
            *(part for text in story["texts"] for part in _text(text)),
            *_how_to_check(story, json_name, json_sha256),
        ],
        onFirstPage=_foot,
        onLaterPages=_foot,
    )
    return file.getvalue()


def _summary(story: dict[str, Any]) -> Iterator[Flowable]:
    yield _line(_("Address"), story["address"])
    yield _line(_("Made"), _moment(story["made_at"]))
    yield _line(_("By"), story["made_by"]["site"])
    earlier = [entry for entry in story["entries"] if entry["under_an_address_corrected_by"]]
    yield _line(_("Entries about this address"), str(len(story["entries"]) - len(earlier)))
    if earlier:
        yield _line(_("Entries under earlier addresses"), str(len(earlier)))
        yield _plain(
            _(
                "This reader corrected their address. What they agreed to under the one before is theirs still: those entries stand below and say so. Our log no longer holds that address."
            )
        )
    if not story["address_is_in_the_log"]:
        yield _plain(
            _(
                "Our log no longer holds this address. The one above was given to us with the request for this proof; its keyed hash is the one under which the entries below stand."
            )
        )
    for person in story["people"]:
        if person["erased_at"]:
            yield _line(_("Erased on"), _moment(person["erased_at"]))
        if person["forgotten_at"]:
            yield _line(_("What is left of it is deleted on"), _moment(person["forgotten_at"]))
    problems = story["verification"]["problems"]
    if problems:
        yield _plain(_("Checked while this proof was made; this is wrong:"))
        for problem in problems:
            yield _plain(problem["says"], QUOTED)
    else:
        yield _plain(
            _(
                "Checked while this proof was made: each entry is what was written then, and hangs on the one before it. What is missing was erased or deleted at its date."
            )
        )


def _entry(entry: dict[str, Any]) -> Iterator[Flowable]:
    facts = dict(entry["facts"])
    yield _plain(f"{_('Entry %(number)s') % entry} – {_label(Action, entry['action'])}", HEADING)
    if entry["under_an_address_corrected_by"]:
        said = _("Under an earlier address of the same reader, corrected by entry %(number)s")
        yield _plain(said % {"number": entry["under_an_address_corrected_by"]})
    yield _line(_("When"), _moment(entry["at"]))
    yield _line(_("Newsletter"), entry["newsletter"])
    yield _line(_("Purpose"), entry["purpose"])
    names = {"language": _("Language"), "form": _("Form"), "url": _("Page"), "actor": _("Done by")}
    yield _line(_("Legal basis"), _label(Basis, facts.pop("basis", "")))
    for name, label in names.items():
        yield _line(label, facts.pop(name, ""))
    for detail in entry["details"]:
        yield _line(_label(Detail, detail["kind"]).capitalize(), _value(detail))
    texts = facts.pop("texts", {})
    for name in ("wording", "newsletter"):
        facts.pop(name, None)
    if facts:
        yield _line(_("Also noted"), json.dumps(facts, ensure_ascii=False, sort_keys=True))
    if entry["words"]:
        yield _plain(_("The very words shown:"))
        yield from _paragraphs(entry["words"]["text"])
        yield _plain(f"SHA-256: {entry['words']['sha256']}", SMALL)
    for kind, text in texts.items():
        yield _line(_label(Kind, kind), _("version %(number)s, in full below") % {"number": text["version"]})
    chain = entry["chain"]
    yield _plain(f"{_('digest')}: {chain['digest']}", SMALL)
    yield _plain(f"{_('of the entry before')}: {chain['previous']}", SMALL)


def _value(detail: dict[str, Any]) -> str:
    gone = detail["gone"]
    if detail["value"] is not None:
        return detail["value"]
    if gone is None:
        return _("missing, and nothing explains it")
    words = {"at": _moment(gone["at"]), "number": gone["entry"]}
    if gone["by"] == Action.ERASURE:
        return _("erased on %(at)s (entry %(number)s)") % words
    return _("deleted at its date, on %(at)s (entry %(number)s)") % words


def _text(text: dict[str, Any]) -> Iterator[Flowable]:
    """One version of a legal text, field by field."""
    number = _("version %(number)s") % {"number": text["version"]}
    yield _plain(f"{_label(Kind, text['kind'])}, {number}", HEADING)
    yield _line(_("Language"), text["language"])
    yield _line(_("Newsletter"), text["newsletter"])
    yield _line(_("Published"), _moment(text["published_at"]))
    content = json.loads(text["content"])
    for column in LegalText._meta.concrete_fields:
        name, said = column.name, content.get(column.name)
        if said:
            label = str(column.verbose_name)
            yield _plain(f"{label[:1].upper()}{label[1:]}:")
            yield from _paragraphs(_without_markup(said) if name == "body" else said)
    yield _plain(f"SHA-256: {text['sha256']}", SMALL)


def _how_to_check(story: dict[str, Any], json_name: str, json_sha256: str) -> Iterator[Flowable]:
    head, key = story["head"], story["made_by"]["key"]
    pdf = json_name.removesuffix(".json") + ".pdf"
    yield HRFlowable(width="100%", spaceBefore=8 * mm, color="#888888")
    yield _plain(_("How to check this proof"), HEADING)
    yield _plain(
        _(
            "This file and %(json)s say the same. Each comes with a signature (.sig) made with key %(key)s, whose public half stands at %(site)s/consent-keys/. With OpenSSL:"
        )
        % {"json": json_name, "key": key, "site": story["made_by"]["site"]}
    )
    for name in (pdf, json_name):
        yield _plain(
            f"openssl pkeyutl -verify -pubin -inkey consent-key-{key}.pem -rawin -in {name} -sigfile {name}.sig",
            SMALL,
        )
    yield _line(_("SHA-256 of the JSON file"), json_sha256)
    yield _line(
        _("End of the log when this was made"),
        _("entry %(number)s of %(at)s, digest %(digest)s") % {**head, "at": _moment(head["at"])},
    )
    yield _plain(
        _("Keep this file: whoever rewrote the log later could not make it end in this digest at this entry.")
    )


def _foot(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.setFont(REGULAR, 8)
    canvas.drawRightString(A4[0] - 22 * mm, 12 * mm, _("page %(number)d") % {"number": document.page})


def _line(label: str, value: object) -> Flowable:
    """« Label: value »; nothing where there is no value."""
    if value in ("", None):
        return Spacer(0, 0)
    return Paragraph(f'<font name="{BOLD}">{_safe(label)}</font> – {_safe(str(value))}', TEXT)


def _plain(text: str, style: ParagraphStyle = TEXT) -> Flowable:
    return Paragraph(_safe(text), style)


def _paragraphs(text: str) -> Iterator[Flowable]:
    for line in text.splitlines():
        if line.strip():
            yield _plain(line, QUOTED)


def _without_markup(body: str) -> str:
    """The text of rich text, a line for each block."""
    return html.unescape(strip_tags(re.sub(r"(?i)</(?:p|h\d|li)>|<br\s*/?>", "\n", body)))


def _moment(written: str) -> str:
    return f"{written[:10]} {written[11:19]} UTC"


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _safe(text: str) -> str:
    return html.escape(_drawable(text), quote=False)


def _drawable(text: str) -> str:
    """The text, with a name for each sign that our faces cannot draw: nothing goes unseen."""
    known = _faces()
    return "".join(
        sign if ord(sign) in known else BOXES.get(sign, f"[U+{ord(sign):04X}]")
        for sign in re.sub(r"\s", lambda found: found[0] if ord(found[0]) in known else " ", text)
    )


@functools.cache
def _faces() -> frozenset[int]:
    """The signs that both faces draw, once they are known to reportlab."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, FOLDER / f"{name}.ttf"))
    return frozenset.intersection(
        *(frozenset(pdfmetrics.getFont(name).face.charToGlyph) for name in (REGULAR, BOLD))
    )
