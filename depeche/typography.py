"""Micro-typography, applied when a text is rendered and never stored.

A text becomes a row of units, one per character: what the rules see of it (`view`) and what is written for
it (`out`). Rules look at the view alone, where only quotation marks change and all spaces are alike: hence a
second pass changes nothing. Markup stands between units and moves with none of them.
"""

import functools
import html as html_module
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

NO_BREAK = "\u00a0"
NARROW = "\u202f"
ELLIPSIS = "…"
OBJECT = "\ufffc"  # stands in the view for what is one thing to the reader: an image, a piece of code

_S = r"[ \u00a0\u2009\u202f]"
_UPPER = "[A-ZÀ-ÖØ-ÞŒŸ]"
_NO_SPACE_AFTER = r"\s«“‘\"(\[{;:!?¿¡=<–—-"  # where no space is added before a mark
_AFTER_MARK = r"(?=[\s;:!?…»”’\"*)\].,–—«\ufffc-]|\Z)"
_AFTER_COLON = r"(?=[\s«»“”\")\]]|\Z)"
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_UNITS = (
    r"(?:[kcdm]?m[²³23]?|km/h|[kmµ]?g|t|ha|[cdmh]?l|L|h|min|m?s|°[CF]|[%‰€$£¥]|[kM]€|Mds?€?|[kMGT]?(?:Wh?|o|Hz|V)"
    r"|mille|millions?|milliards?|euros?|dollars?|francs?|yens?|roubles?"
    r"|thousand|billions?|trillions?|miles?|percent)(?![\w'’])"
)
# Every group of a pattern is a gap that the space fills, even an empty one; without groups, every space is.
_UNIT_RULE = (rf"(?<=\d)({_S}+)(?={_UNITS})", NO_BREAK)
_FRENCH = (
    (rf"(?<=[^\s«])({_S}+)(?=[;!?](?!=))", NARROW),
    (rf"(?<=[^{_NO_SPACE_AFTER}])()(?=[;!?]{_AFTER_MARK})", NARROW),
    (rf"(?<=[^\s«])({_S}+)(?=:{_AFTER_COLON})", NO_BREAK),
    (rf"(?<=[^{_NO_SPACE_AFTER}])()(?=:{_AFTER_COLON})", NO_BREAK),
    (rf"(?<=«)({_S}*)(?=[^\s»])", NO_BREAK),
    (rf"(?<=\S)({_S}*)(?=»)", NO_BREAK),
    (rf"(?<![\w.,])(?<!\d{_S})[1-9]\d{{0,2}}(?:{_S}\d{{3}})+(?!\d|{_S}\d)", NARROW),
    _UNIT_RULE,
    (r"(?<=\d)()(?=(?:[%‰€£]|°[CF])(?!\w))", NO_BREAK),
    (rf"(?<![\w:.,/-])(?:[01]?\d|2[0-4])({_S}*)h(?:({_S}*)[0-5]\d)?(?!\w|{_S}*[\dh])", NO_BREAK),
    (rf"(?<!\w)(?:MM?\.|Mmes?|Mlles?|Drs?|Me|Pr|Mgr)({_S}+)(?={_UPPER})", NO_BREAK),
    (rf"(?<!\w)(?:{_UPPER}\.-?){{1,4}}({_S}+)(?={_UPPER})", NO_BREAK),
    (rf"(?<!\w)(?:pp?\.|art\.|chap\.|vol\.|fig\.|al\.|[nN][°ᵒ]|§)({_S}+)(?=\d)", NO_BREAK),
    (r"(?<!\w)[nN][°ᵒ]()(?=\d)", NO_BREAK),
    (rf"(?<!\w)(?<!h{_S})(?:1er|1ᵉʳ|[0-3]?\d)({_S}+)(?=(?:{_MONTHS})(?!\w))", NO_BREAK),
    (rf"(?:\A|(?<=\n))[–—]({_S}+)(?=[^\s;:!?»])", NO_BREAK),
)
_LETTER = r"[^\W\d_]"
_SPACE = re.compile(_S)
_ELLIPSES = re.compile(ELLIPSIS)
_QUOTES = re.compile(r'["«»\n]|\Z')  # and the ends of the lines they stand in
_AFTER_INCISE = "\r\n,;:!?.…»”)"  # and the end of the text
_DASHES = re.compile(
    rf"(?<!{_S})(?P<before>{_S}*)(?P<dash>[–—])(?=(?P<after>{_S}*))"
    rf"|\n|(?:(?<=[a-zà-ÿ][a-zà-ÿ])\.|[!?…]){_S}+(?={_UPPER})"
)


@dataclass(frozen=True)
class _Language:
    gaps: tuple[tuple[re.Pattern[str], str], ...]
    quotes: str
    apostrophe: re.Pattern[str]
    incises: bool


_LANGUAGES = {
    "fr": _Language(
        gaps=tuple((re.compile(pattern), space) for pattern, space in _FRENCH),
        quotes="«»",
        apostrophe=re.compile(rf"(?<={_LETTER})'(?={_LETTER}|[«“\"])"),
        incises=True,
    ),
    "en": _Language(
        gaps=((re.compile(_UNIT_RULE[0]), NO_BREAK),),
        quotes="“”",
        apostrophe=re.compile(rf"(?<={_LETTER})'(?={_LETTER})|(?<!\w)'(?=\d0s(?!\w))"),
        incises=False,
    ),
}

_DOTS = re.compile(r"((?<!\.)\.{3}(?!\.))")
_DOTS_OR_ENTITY = re.compile(_DOTS.pattern[:-1] + r"|&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]\w{0,31});)")
_HTML_SPACES = str.maketrans("\t\n\f\r", "    ")
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<[!?][^>]*(?:>|\Z)|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*+>",
    re.DOTALL,
)
_INLINE = re.compile(  # or no name at all: a comment
    "|a|abbr|b|bdi|bdo|big|cite|data|del|dfn|em|font|i|ins|label|mark|q|s|small|span|strong|su[bp]|time|u|wbr"
)
_OBJECTS = frozenset(("code", "kbd", "samp", "img"))
_CLOSING = {
    name: re.compile(rf"</{name}(?![^\s/>])[^>]*(?:>|\Z)", re.IGNORECASE)
    for name in ("code", "kbd", "samp", "pre", "script", "style", "textarea", "title")
}
_TOKEN = re.compile(r"[^\s«»“”\"()<>\ufffc]+")
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?=[;:!?.,…]*\Z)")
_ADDRESS = re.compile(
    r"\A(?:/|~/|\.\.?/|www\.|(?:https?|ftp|mailto):)|://|[@\\]|/[^/]*\.\w{1,5}\Z", re.IGNORECASE
)


@dataclass
class _Run:
    """A text as units, and the markup that stands before a unit (index of the unit, source)."""

    view: str = ""
    out: list[str] = field(default_factory=list)
    markup: list[tuple[int, str]] = field(default_factory=list)

    def written(self) -> str:
        parts: list[str] = []
        done = 0
        for index, source in self.markup:
            parts += [*self.out[done:index], source]
            done = index
        return "".join(parts + self.out[done:])


def typeset(text: str, language: str) -> str:
    """The text with the no-break spaces, apostrophes, quotation marks and ellipses of its language.

    Plain text in and out; letters and digits never change. French (fr, fr-BE …) and, lightly, English are
    known; a text in another language comes back unchanged.

    Source: Lexique des règles typographiques en usage à l'Imprimerie nationale.
    """
    known = _primary(language)
    return _typeset(text, known) if known in _LANGUAGES else text


@functools.lru_cache(2048)
def _typeset(text: str, language: str) -> str:
    """The same few hundred texts again and again; those of a mail in both of its parts."""
    run = _Run()
    run.view = _units(text, _DOTS, run.out)
    return _set(run, _LANGUAGES[language])


def typeset_html(html: str, language: str) -> str:
    """The HTML fragment with `typeset` applied to its text, read across inline tags, block by block.

    Tags, attributes, comments and the content of code, pre, script, style and the like come back unchanged,
    and so does every character reference that no rule replaces.
    """
    known = _LANGUAGES.get(_primary(language))
    if known is None:
        return html
    run = _Run()
    views: list[str] = []
    for kind, source in _pieces(html):
        if kind == "text":
            views.append(_units(source, _DOTS_OR_ENTITY, run.out).translate(_HTML_SPACES))
        elif kind == "inline":
            run.markup.append((len(run.out), source))
        else:
            views.append(OBJECT if kind == "object" else "\n")
            run.out.append(source)
    run.view = "".join(views)
    return _set(run, known)


def _primary(language: str) -> str:
    return language.lower().replace("_", "-").partition("-")[0]


def _units(text: str, special: re.Pattern[str], out: list[str]) -> str:
    """The view of a text; its units are added to `out`; three dots or a character reference make one."""
    views = []
    for index, part in enumerate(special.split(text)):
        if index % 2 == 0:
            out.extend(part)
            views.append(part)
        else:
            character = ELLIPSIS if part == "..." else html_module.unescape(part)
            out.append(part)
            views.append(character if len(character) == 1 else OBJECT)
    return "".join(views)


def _pieces(html: str) -> Iterator[tuple[str, str]]:
    """An HTML fragment cut into text, inline markup, objects and breaks (kind, source)."""
    start = position = 0
    while (position := html.find("<", position)) >= 0:
        if not re.match(r"[a-zA-Z/!?]", html[position + 1 : position + 2]):
            position += 1
            continue
        yield "text", html[start:position]
        tag = _TAG.match(html, position)
        if tag is None:  # a tag that never ends: the rest is not text
            yield "break", html[position:]
            return
        name, end = (tag["name"] or "").lower(), tag.end()
        if not tag["end"] and name in _CLOSING:
            closing = _CLOSING[name].search(html, end)
            end = closing.end() if closing else len(html)
        kind = "object" if name in _OBJECTS else "inline" if _INLINE.fullmatch(name) else "break"
        yield kind, html[position:end]
        start = position = end
    yield "text", html[start:]


def _set(run: _Run, language: _Language) -> str:
    """What is to be written for a run by all the rules of a language."""
    fixed = _fixed(run.view)
    for match in _ELLIPSES.finditer(run.view):
        if not fixed[match.start()] and run.out[match.start()] == "...":
            run.out[match.start()] = ELLIPSIS
    _set_quotes(run, language.quotes)
    for match in language.apostrophe.finditer(run.view):
        if not fixed[match.start()]:
            run.out[match.start()] = "’"
    for pattern, space in language.gaps:
        for match in pattern.finditer(run.view):
            for start, end in _gaps_of(match):
                if start >= 0 and not (fixed[start - 1] and fixed[start]):
                    _fill(run, start, end, space)
    if language.incises:
        _set_incises(run)
    return run.written()


def _gaps_of(match: re.Match[str]) -> list[tuple[int, int]]:
    if match.re.groups:
        return [match.span(group) for group in range(1, match.re.groups + 1)]
    return [space.span() for space in _SPACE.finditer(match.string, *match.span())]


def _fill(run: _Run, start: int, end: int, space: str) -> None:
    """Makes a gap of the view one space of this kind; an empty gap is opened."""
    if run.view[start:end] == space:
        return
    if start < end:
        run.out[start:end] = [space] + [""] * (end - start - 1)
    elif run.view[start - 1] == "«":  # on the inner side of any markup
        run.out[start - 1] += space
    else:
        run.out[start] = space + run.out[start]


def _fixed(view: str) -> bytearray:
    """For each unit, whether it belongs to an address, a path or a file name, where nothing is touched."""
    fixed = bytearray(len(view) + 1)
    for match in _TOKEN.finditer(view):
        token, (start, end) = match[0], match.span()
        if (domain := _DOMAIN.match(token)) is not None:
            end = start + domain.end()
        elif _ADDRESS.search(token) is None:
            continue
        fixed[start:end] = b"\x01" * (end - start)
    return fixed


def _set_quotes(run: _Run, quotes: str) -> None:
    """Turns straight double quotes into a language's own, in lines where every one of them has its pair."""
    view = list(run.view)
    paired: list[tuple[int, str]] = []
    first, clear, depth = -1, True, 0
    for match in _QUOTES.finditer(run.view):
        index, sign = match.start(), match[0]
        depth += {"«": 1, "»": -1}.get(sign, 0)
        if sign == '"':
            opens, closes = _sides(run.view, index)
            if first >= 0 and closes:
                style = "“”" if depth > 0 else quotes
                paired += [(first, style[0]), (index, style[1])]
                first = -1
            elif first < 0 and opens:
                first = index
            else:
                clear = False
        elif sign in ("\n", ""):
            for place, mark in paired if clear and first < 0 else ():
                run.out[place] = view[place] = mark
            paired, first, clear, depth = [], -1, True, 0
    run.view = "".join(view)


def _sides(view: str, index: int) -> tuple[bool, bool]:
    """Whether a straight quote can open, and whether it can close, whatever spaces rules add around it."""
    before = view[index - 1] if index else "\n"
    after = view[index + 1 : index + 2] or "\n"
    opens = not before.isalnum() and not after.isspace() and after not in ";:!?»"
    return opens, not before.isspace() and before not in "«([{“" and not after.isalnum()


def _set_incises(run: _Run) -> None:
    """Binds the dashes of – an incise – to what they enclose, within a sentence."""
    opening: re.Match[str] | None = None
    for dash in _DASHES.finditer(run.view):
        if not dash["dash"]:  # the end of a line or of a sentence
            opening = None
            continue
        before = run.view[max(dash.start() - 1, 0) : dash.start()]
        after = run.view[dash.end("after") : dash.end("after") + 1]
        closes = dash["before"] and before != "«" and (dash["after"] or after in _AFTER_INCISE)
        if opening and closes:
            _fill(run, *opening.span("after"), NO_BREAK)
            _fill(run, *dash.span("before"), NO_BREAK)
            opening = None
        elif (dash["before"] or before in ("«", "(")) and dash["after"] and after not in _AFTER_INCISE:
            opening = dash
