"""`bin/depeche check`: reads articles and says what an editor would ask. Needs neither Django nor a database.

Exit code: 0 nothing to report, 1 findings at or above --fail-on, 2 something could not be read.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from depeche.desk import formats, terminal
from depeche.desk.check_arguments import Options, help_text, message_language, understood
from depeche.desk.check_lines import LineReader
from depeche.desk.checked import Checked, Totals, Unusable, totals
from depeche.desk.files import FileReader, opened
from depeche.desk.house import House, WrongHouse, find_house, load_house
from depeche.desk.intake import Refused
from depeche.desk.interface_words import Words, words_of
from depeche.desk.packs import PackError
from depeche.desk.parsing import PipelineMissing

VERSION = "0.1.0"
CLEAN, FOUND, UNUSABLE, INTERRUPTED = 0, 1, 2, 130

_MANY = 3  # files from which on progress is shown
_NOTHING_MORE = "\r\x1b[K"


def main(arguments: Sequence[str]) -> int:
    """The exit code, after everything has been printed."""
    _write_anything()
    words = words_of(message_language(arguments, os.environ))
    try:
        code = _checked(arguments, words)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except (PackError, PipelineMissing) as error:  # for whoever runs the desk: names the file and the way out
        _tell(str(error))
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _checked(arguments: Sequence[str], words: Words) -> int:
    try:
        options = understood(arguments)
        if options.help:
            sys.stdout.write(help_text(words))
            return CLEAN
        house = load_house(options.config) if options.config else None
    except (Refused, WrongHouse) as error:
        _tell(words.told(error.sentence, error.values))
        return UNUSABLE
    if options.jsonl or options.format != "text":
        _write_anything("utf-8")
    if options.jsonl:
        return _check_lines(options, house, words)
    return _Check(options, house, words).run()


class _Check:
    """One run over files: results are printed as they come, or kept where a format wants all of them."""

    def __init__(self, options: Options, house: House | None, words: Words) -> None:
        self._options, self._words = options, words
        self._reader = FileReader(options.told, house, words)
        self._screen = _screen(words)
        self._sums = Totals()
        self._fails = False
        self._houses: dict[str, None] = {}

    def run(self) -> int:
        """The exit code."""
        keep = self._options.format in ("json", "sarif")
        kept = []
        for result in self._results():
            self._count(result)
            if keep:
                kept.append(result)
            else:
                self._print(result)
        if self._options.format == "json":
            sys.stdout.write(formats.as_json(kept, self._words.language, VERSION))
        elif self._options.format == "sarif":
            sys.stdout.write(formats.as_sarif(kept, self._words.language, VERSION))
        elif self._options.format == "text":
            self._print_summary()
        return UNUSABLE if self._sums.unusable else FOUND if self._fails else CLEAN

    def _results(self) -> Iterator[Checked | Unusable]:
        files = self._options.files
        shows_progress = sys.stderr.isatty() and len(files) >= _MANY
        for number, name in enumerate(files, 1):
            if shows_progress:
                shown = terminal.printable_name(name)
                said = self._words("progress", done=number, all=len(files), name=shown)
                sys.stderr.write(_NOTHING_MORE + said[: self._screen.width - 1])
                sys.stderr.flush()
            result = self._reader.result(name)
            if shows_progress:
                sys.stderr.write(_NOTHING_MORE)
            if isinstance(result, Unusable):
                _tell(result.message)
            yield result if isinstance(result, Unusable) else self._chosen(result)

    def _chosen(self, checked: Checked) -> Checked:
        """`checked` with the findings that `--select` and `--ignore` leave, and the `--fail-on` asked for."""
        codes, reading, silenced = self._options.codes, checked.reading, checked.silenced
        if codes is not None:
            reading = replace(reading, findings=tuple(f for f in reading.findings if f.code in codes))
            silenced = tuple(one for one in silenced if one.finding.code in codes)
        fails_on = self._options.fail_on or checked.fails_on
        return replace(checked, reading=reading, silenced=silenced, fails_on=fails_on)

    def _count(self, result: Checked | Unusable) -> None:
        self._sums += totals([result])
        if isinstance(result, Checked):
            self._fails = self._fails or result.fails
            if result.silenced and result.house:
                self._houses[result.house] = None

    def _print(self, result: Checked | Unusable) -> None:
        if self._options.format == "github":
            lines = formats.github_lines([result], self._words.language)
        elif isinstance(result, Checked):
            lines = terminal.file_lines(result, self._screen)
        else:
            return
        for line in lines:
            _say(line)
        sys.stdout.flush()

    def _print_summary(self) -> None:
        house = self._words.listed(self._houses) if self._houses else ""
        only = self._options.files[0]
        for line in terminal.summary_lines(self._sums, self._screen, name=only, house=house):
            _say(line)


def _check_lines(options: Options, house: House | None, words: Words) -> int:
    code = CLEAN
    try:
        if house is None and (found := find_house(Path.cwd())):
            house = load_house(found)
    except WrongHouse as error:
        _tell(words.told(error.sentence, error.values))
        return UNUSABLE
    reader = LineReader(options.told, house or House(), options.codes, options.fail_on, words)
    for name in options.files:
        try:
            stream = opened(name)
        except Refused as error:
            _tell(words.told(error.sentence, error.values))
            code = UNUSABLE
            continue
        with stream:
            for answer, checked in reader.answers(stream, name):
                _say(json.dumps(answer, ensure_ascii=False))
                sys.stdout.flush()
                if checked is None:
                    code = UNUSABLE
                elif checked.fails and code == CLEAN:
                    code = FOUND
    return code


def _screen(words: Words) -> terminal.Screen:
    """What standard output is. Source: no-color.org for NO_COLOR."""
    is_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_terminal or "COLUMNS" in os.environ else 100
    wants_none = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    colours = bool(os.environ.get("FORCE_COLOR")) or (is_terminal and not wants_none)
    return terminal.Screen(words, width, colours)


def _write_anything(encoding: str | None = None) -> None:
    """What the encoding of standard output or error lacks becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors="replace")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _tell(message: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(message + "\n")
