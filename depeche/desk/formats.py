"""A check for programs: JSON, SARIF 2.1.0 and the annotations of GitHub."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from depeche.desk import catalogue
from depeche.desk.canonical import canonical
from depeche.desk.checked import SEVERITIES, Checked, Unusable, totals
from depeche.desk.house import Silenced
from depeche.desk.interface_words import words_of
from depeche.desk.records import Record, claims_of, finding_record, record
from depeche.desk.spans import Finding, Severity, Span

JSON_VERSION = 1

_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_SARIF_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_GITHUB_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}

Result = Checked | Unusable


def as_json(results: Sequence[Result], language: str, version: str) -> str:
    """One JSON object: `files` in the order given, each with its findings and what was read, and a `summary`.

    Spans are half-open offsets, in code points, of the article's text; lines and columns are those of the
    file and count from 1.
    """
    sums = totals(results)
    data = {
        "version": JSON_VERSION,
        "tool": {"name": "depeche check", "version": version},
        "files": [_file(result, language) for result in results],
        "summary": {
            "files": sums.files,
            "unusable": sums.unusable,
            "words": sums.words,
            **{str(severity): sums.severities[severity] for severity in SEVERITIES},
            "silenced": sums.silenced,
            "per_100_words": round(sums.per_100_words, 2),
        },
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def as_sarif(results: Sequence[Result], language: str, version: str) -> str:
    """A SARIF 2.1.0 log of one run; columns count code points, rewrites are fixes, silenced findings are
    suppressed results.

    Source: OASIS SARIF 2.1.0 (27 March 2020).
    """
    read = [result for result in results if isinstance(result, Checked)]
    rules = {code: number for number, code in enumerate(catalogue.codes())}
    driver = {
        "name": "depeche check",
        "version": version,
        "language": language,
        "rules": [_sarif_rule(code, language) for code in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "language": language,
        "invocations": [_sarif_invocation(results)],
        "results": [row for checked in read for row in _sarif_results(checked, rules, language)],
    }
    log = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def github_lines(results: Iterable[Result], language: str) -> Iterator[str]:
    """Workflow commands that GitHub shows beside the lines of a pull request."""
    for result in results:
        if isinstance(result, Unusable):
            yield f"::error file={_property(result.name)}::{_escaped(result.message)}"
            continue
        for finding in result.reading.findings:
            yield _github_line(result, finding, language)


def _file(result: Result, language: str) -> Record:
    if isinstance(result, Unusable):
        return {"file": result.name, "error": {"code": result.code, "message": result.message}}
    reading = result.reading
    return {
        "file": result.name,
        "format": reading.article.source_format,
        "language": reading.language,
        "kind": reading.dossier.kind,
        "words": result.words,
        "fails": result.fails,
        **record(reading, language),
        "findings": [_placed(result, finding, language) for finding in reading.findings],
        "claims": claims_of(reading),
        "silenced": [
            {**_placed(result, one.finding, language), "reason": _reason(one, language)}
            for one in result.silenced
        ],
        "unread": list(reading.unread),
    }


def _placed(checked: Checked, finding: Finding, language: str) -> Record:
    text = checked.reading.article.text
    row = finding_record(finding, text, language)
    row |= {"title": catalogue.entry(finding.code, language).title, **_lines(checked, finding.span)}
    row["related"] = [
        {"span": list(span), "words": text[slice(*span)], **_lines(checked, span)} for span in finding.related
    ]
    return row


def _reason(silenced: Silenced, language: str) -> str:
    return silenced.reason or words_of(language)("house.allowed")


def _lines(checked: Checked, span: Span) -> Record:
    first, last = checked.whereabouts.places(span)
    return {"start": first._asdict(), "end": last._asdict()}


def _sarif_rule(code: str, language: str) -> Record:
    entry = catalogue.entry(code, language)
    return {
        "id": code,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.why},
        "help": {"text": f"{entry.why}\n\n✓ {entry.near_miss}\n✗ {entry.example}\n\n{entry.silence}"},
        "defaultConfiguration": {"level": _SARIF_LEVELS[entry.severity]},
        "properties": {"tags": [entry.family]},
    }


def _sarif_invocation(results: Iterable[Result]) -> Record:
    unusable = [result for result in results if isinstance(result, Unusable)]
    row: Record = {"executionSuccessful": not unusable}
    if unusable:
        row["toolExecutionNotifications"] = [
            {
                "level": "error",
                "message": {"text": result.message},
                "locations": [{"physicalLocation": {"artifactLocation": _artifact(result.name)}}],
            }
            for result in unusable
        ]
    return row


def _sarif_results(checked: Checked, rules: dict[str, int], language: str) -> Iterator[Record]:
    alike: Counter[str] = Counter()
    heard = [(finding, None) for finding in checked.reading.findings]
    silenced = [(one.finding, _reason(one, language)) for one in checked.silenced]
    for finding, reason in (*heard, *silenced):
        words = checked.reading.article.text[slice(*finding.span)]
        same = f"{finding.code} {' '.join(canonical(words).lower().split())}"
        alike[same] += 1
        asked = catalogue.question(finding, words, language)
        row: Record = {
            "ruleId": finding.code,
            "ruleIndex": rules[finding.code],
            "level": _SARIF_LEVELS[finding.severity],
            "message": {"text": f"{catalogue.message(finding, words, language)} {asked}"},
            "locations": [_sarif_location(checked, finding.span)],
            "partialFingerprints": {
                "words/v1": hashlib.sha256(f"{same} {alike[same]}".encode()).hexdigest()[:32]
            },
        }
        if finding.related:
            row["relatedLocations"] = [
                {"id": number, **_sarif_location(checked, span)}
                for number, span in enumerate(finding.related, 1)
            ]
        if finding.rewrite and checked.reading.article.source_format == "text":
            row["fixes"] = [_sarif_fix(checked, finding, language)]
        if reason is not None:
            row["suppressions"] = [{"kind": "external", "justification": reason}]
        yield row


def _sarif_location(checked: Checked, span: Span) -> Record:
    snippet = checked.source[slice(*checked.whereabouts.span(span))]
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(checked.name),
            "region": {**_region(checked, span), "snippet": {"text": snippet}},
        }
    }


def _sarif_fix(checked: Checked, finding: Finding, language: str) -> Record:
    replacement = {
        "deletedRegion": _region(checked, finding.span),
        "insertedContent": {"text": finding.rewrite},
    }
    change = {"artifactLocation": _artifact(checked.name), "replacements": [replacement]}
    return {
        "description": {"text": catalogue.entry(finding.code, language).title},
        "artifactChanges": [change],
    }


def _region(checked: Checked, span: Span) -> dict[str, Any]:
    first, last = checked.whereabouts.places(span)
    return {
        "startLine": first.line,
        "startColumn": first.column,
        "endLine": last.line,
        "endColumn": last.column,
    }


def _artifact(name: str) -> Record:
    path = Path(name)
    return {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix())}


def _github_line(checked: Checked, finding: Finding, language: str) -> str:
    words = checked.reading.article.text[slice(*finding.span)]
    first, last = checked.whereabouts.places(finding.span)
    said = catalogue.message(finding, words, language), catalogue.question(finding, words, language)
    where = {"file": checked.name, "line": str(first.line), "endLine": str(last.line)}
    if first.line == last.line:  # GitHub takes columns within one line only
        where |= {"col": str(first.column), "endColumn": str(last.column)}
    where["title"] = f"{finding.code} {catalogue.entry(finding.code, language).title}"
    properties = ",".join(f"{key}={_property(value)}" for key, value in where.items())
    return f"::{_GITHUB_LEVELS[finding.severity]} {properties}::{_escaped(' '.join(said))}"


def _property(value: str) -> str:
    return _escaped(value).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
