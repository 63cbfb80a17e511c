"""What was typed after `bin/depeche check`, understood or refused in the language of whoever typed it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from depeche.desk import catalogue, interface_words
from depeche.desk.files import source_text
from depeche.desk.house import FAIL_ON, codes_in
from depeche.desk.intake import KINDS, Refused, Told
from depeche.desk.interface_words import Words

FORMATS = ("text", "json", "sarif", "github")
VALUES = {
    "--format": "FORMAT",
    "--select": "CODES",
    "--ignore": "CODES",
    "--language": "CODE",
    "--kind": "KIND",
    "--date": "DATE",
    "--byline": "TEXT",
    "--place": "TEXT",
    "--source": "FILE",
    "--camp": "NAME=SPEAKER,…",
    "--fail-on": "SEVERITY",
    "--config": "FILE",
    "--lang": "CODE",
}
SWITCHES = ("--jsonl", "--help")
_SHORT = {"-h": "--help"}
_HELP_WIDTH = 100


@dataclass(frozen=True)
class Options:
    """What to check and how; `codes` None is all of them, `fail_on` "" what the newsroom's rules say."""

    files: tuple[str, ...] = ()
    format: str = "text"
    jsonl: bool = False
    codes: frozenset[str] | None = None
    told: Told = field(default_factory=Told)
    fail_on: str = ""
    config: Path | None = None
    help: bool = False


def message_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language of messages: what `--lang` says, else LC_ALL, LC_MESSAGES or LANG, else French."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    asked = [_last_value(arguments, "--lang"), *(environment.get(name, "") for name in names)]
    spoken = (value[:2].lower() for value in asked if value[:2].lower() in interface_words.languages())
    return next(spoken, "fr")


def understood(arguments: Sequence[str]) -> Options:
    """The options in `arguments`, with the text of what `--source` names.

    Raises `Refused`.
    """
    files, values = _split(arguments)
    if "--help" in values:
        return Options(help=True)
    if not files and "--jsonl" not in values:
        raise Refused("usage.no_files")
    if "--jsonl" in values and "--format" in values:
        raise Refused("usage.jsonl")
    _one_of(values, "--lang", interface_words.languages())
    return Options(
        files=tuple(files) or ("-",),
        format=_one_of(values, "--format", FORMATS) or "text",
        jsonl="--jsonl" in values,
        codes=_codes(values),
        told=_told(values),
        fail_on=_one_of(values, "--fail-on", FAIL_ON),
        config=Path(values["--config"][-1]) if "--config" in values else None,
    )


def help_text(words: Words) -> str:
    """What `--help` prints."""
    rows = [("FILE…", words("help.files"))]
    known = words.listed(KINDS, "or")
    for option in (*VALUES, *SWITCHES):
        key = f"help.{option.removeprefix('--').replace('-', '_')}"
        rows.append((f"{option} {VALUES.get(option, '')}".rstrip(), words(key, known=known)))
    lines = [words("help.usage"), "", *textwrap.wrap(words("help.what"), _HELP_WIDTH), ""]
    for left, right in rows:
        wrapped = textwrap.wrap(right, _HELP_WIDTH - 26)
        lines.append(f"  {left:<23} {wrapped[0]}")
        lines += [" " * 26 + line for line in wrapped[1:]]
    for paragraph in words("help.more").split("\n\n"):
        lines += ["", *textwrap.wrap(paragraph, _HELP_WIDTH)]
    return "\n".join(lines) + "\n"


def _last_value(arguments: Sequence[str], option: str) -> str:
    for at in range(len(arguments) - 1, -1, -1):
        if arguments[at] == option:
            return "".join(arguments[at + 1 : at + 2])
        if arguments[at].startswith(f"{option}="):
            return arguments[at].partition("=")[2]
    return ""


def _split(arguments: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    files: list[str] = []
    values: dict[str, list[str]] = {}
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            files += rest
        elif argument == "-" or not argument.startswith("-"):
            files.append(argument)
        else:
            option, value = _option(argument, rest)
            values.setdefault(option, []).append(value)
    return files, values


def _option(argument: str, rest: Iterator[str]) -> tuple[str, str]:
    name, equals, value = argument.partition("=")
    name = _SHORT.get(name, name)
    if name in SWITCHES and not equals:
        return name, ""
    if name not in VALUES:
        raise Refused("usage.unknown", option=name)
    if not equals:
        following = next(rest, None)
        if following is None or following.split("=")[0] in (*VALUES, *SWITCHES):
            raise Refused("usage.value", option=name)
        value = following
    return name, value


def _one_of(values: Mapping[str, list[str]], option: str, known: Sequence[str]) -> str:
    value = values.get(option, [""])[-1]
    if option in values and value not in known:
        raise Refused("usage.choice", option=option, value=value, known=tuple(known))
    return value


def _codes(values: Mapping[str, list[str]]) -> frozenset[str] | None:
    if not {"--select", "--ignore"} & set(values):
        return None
    chosen = _codes_of(values, "--select") if "--select" in values else frozenset(catalogue.codes())
    return chosen - _codes_of(values, "--ignore")


def _codes_of(values: Mapping[str, list[str]], option: str) -> frozenset[str]:
    names = [name.strip().upper() for value in values.get(option, []) for name in value.split(",")]
    try:
        return frozenset(codes_in(names))
    except KeyError as error:
        raise Refused("usage.codes", option=option, value=error.args[0]) from error


def _told(values: Mapping[str, list[str]]) -> Told:
    def last(option: str) -> str | None:
        return values[option][-1] if option in values else None

    return Told(
        kind=_one_of(values, "--kind", KINDS) or None,
        date=_date(last("--date")),
        byline=last("--byline"),
        place=last("--place"),
        sources=tuple(source_text(name) for name in values.get("--source", [])),
        camps=dict(_camp(value) for value in values.get("--camp", [])),
        language=(last("--language") or "").lower(),
    )


def _date(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise Refused("refused.date", name="--date", value=value) from error


def _camp(value: str) -> tuple[str, tuple[str, ...]]:
    name, _, speakers = value.partition("=")
    names = tuple(speaker.strip() for speaker in speakers.split(",") if speaker.strip())
    if not name.strip() or not names:
        raise Refused("usage.camp", option="--camp")
    return name.strip(), names
