"""Makes the paper's own faces in static/fonts/ and the style sheet that names them, static/css/fonts.css.

    npm pack source-serif@4.5.1 source-sans@3.52.0 @fontsource/gelasio@5.3.0 @fontsource/arimo@5.3.0
    uv run --with fonttools --with brotli scripts/subset_fonts.py FOLDER-OF-THE-PACKAGES

Source Serif 4 and Source Sans 3 are under the Open Font License and reserve the name “Source”: what is cut from
them here is named Depeche. Gelasio and Arimo are as wide as Georgia and Arial, letter by letter: they tell how much
these must be stretched, so that nothing moves when our faces replace them.
"""

from __future__ import annotations

import io
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
FONTS = HERE.parent / "static" / "fonts"
STYLES = HERE.parent / "static" / "css" / "fonts.css"
MOST_BYTES = 110_000
FINE = 0.17  # em, of U+202F; as drawn, an eighth or less, « 576 600 » hardly shows its thousands

# Latin-1 and Latin Extended-A: every name of Europe; then the spaces, signs and superiors French asks for.
LETTERS = {*range(0x20, 0x7F), *range(0xA0, 0x180), 0x218, 0x219, 0x21A, 0x21B, 0x259}
SIGNS = {ord(sign) for sign in "\u2009\u200a\u202f‐‑–—‘’‚“”„†•…‰′″‹›⁄€№™←→−⁰⁴⁵⁶⁷⁸⁹ᵉʳˢᵈᵐ"}
SAMPLE = (
    "Le conseil municipal a voté, jeudi 19 novembre, un budget de 11 000 euros pour l’école du quartier. « Rien "
    "n’est joué », dit la maire, qui attend l’avis du préfet avant d’engager les travaux de la passerelle. "
)


@dataclass(frozen=True)
class StandIn:
    """A font readers have: its twin in width, its names, the weights it stands in for, and the one it is fitted to."""

    twin: str
    local_names: str
    weight: str
    fitted_at: float


@dataclass(frozen=True)
class Face:
    """One file: where it is cut from, at which points of its axes, and what stands in until it is loaded."""

    file: str
    family: str
    source: str
    axes: dict[str, float | tuple[float, float]]
    features: str
    stand_ins: tuple[StandIn, ...]
    weight: str = "400"
    style: str = "normal"


SERIF = "source-serif-4.5.1:package/VAR/SourceSerif4Variable-{}.ttf"
SANS = "source-sans-3.52.0:package/VF/SourceSans3VF-Upright.ttf"
GELASIO = "fontsource-gelasio-5.3.0:package/files/gelasio-latin-{}.woff2"
ARIMO = "fontsource-arimo-5.3.0:package/files/arimo-latin-{}-normal.woff2"
GEORGIA = StandIn(GELASIO.format("400-normal"), 'local("Georgia"), local("Gelasio")', "400 549", 400)
GEORGIA_BOLD = StandIn(
    GELASIO.format("700-normal"),
    'local("Georgia Bold"), local("Georgia-Bold"), local("Gelasio Bold")',
    "550 700",
    600,
)
GEORGIA_ITALIC = StandIn(
    GELASIO.format("400-italic"),
    'local("Georgia Italic"), local("Georgia-Italic"), local("Gelasio Italic")',
    "400",
    400,
)
ARIAL = StandIn(ARIMO.format(400), 'local("Arial"), local("Liberation Sans"), local("Arimo")', "400 549", 400)
ARIAL_BOLD = StandIn(
    ARIMO.format(700),
    'local("Arial Bold"), local("Arial-BoldMT"), local("Liberation Sans Bold"), local("Arimo Bold")',
    "550 600",
    600,
)
FACES = (
    Face(
        "depeche-text",
        "Depeche Text",
        SERIF.format("Roman"),
        {"opsz": 18, "wght": (400, 700)},
        "kern liga locl onum pnum",
        (GEORGIA, GEORGIA_BOLD),
        weight="400 700",
    ),
    Face(
        "depeche-text-italic",
        "Depeche Text",
        SERIF.format("Italic"),
        {"opsz": 18, "wght": 400},
        "kern liga locl onum pnum",
        (GEORGIA_ITALIC,),
        style="italic",
    ),
    Face(
        "depeche-display",
        "Depeche Display",
        SERIF.format("Roman"),
        {"opsz": 40, "wght": 650},
        "kern liga locl pnum",
        (GEORGIA_BOLD,),
        weight="550 700",
    ),
    Face(
        "depeche-sans",
        "Depeche Sans",
        SANS,
        {"wght": (400, 600)},
        "kern locl",
        (ARIAL, ARIAL_BOLD),
        weight="400 600",
    ),
)


def main(packages: Path) -> None:
    """Writes the faces, their licences and their rules."""
    FONTS.mkdir(parents=True, exist_ok=True)
    total = 0
    written = ["/* Made by scripts/subset_fonts.py: our faces, and what readers have, fitted to them. */"]
    for face in FACES:
        font = cut(face, read(packages, face.source))
        path = FONTS / f"{face.file}.woff2"
        font.save(path)
        total += path.stat().st_size
        written.append(rule(face))
        for stand_in in face.stand_ins:
            written.append(stand_in_rule(face, path, stand_in, TTFont(read(packages, stand_in.twin))))
    STYLES.write_text("\n".join(written) + "\n")
    for package in ("source-serif-4.5.1", "source-sans-3.52.0"):
        licence = read(packages, f"{package}:package/LICENSE.md").read().decode()
        (FONTS / f"LICENSE-{package}.txt").write_text(licence.replace("\r\n", "\n"))
    print(f"{total:,} bytes in {len(FACES)} files")
    if total > MOST_BYTES:
        sys.exit(f"more than {MOST_BYTES:,} bytes")


def read(packages: Path, source: str) -> io.BytesIO:
    """One file of a packed npm package, named « package:path »."""
    name, member = source.split(":")
    with tarfile.open(packages / f"{name}.tgz") as archive:
        file = archive.extractfile(member)
        assert file is not None, source
        return io.BytesIO(file.read())


def cut(face: Face, source: io.BytesIO) -> TTFont:
    """The face with our letters, features and axes only, under its own name."""
    font = TTFont(source, recalcTimestamp=False)
    for table in font["cmap"].tables:  # Source Serif draws no U+2011: it is a hyphen
        if table.isUnicode():
            table.cmap.setdefault(0x2011, table.cmap[ord("-")])
    options = subset.Options(flavor="woff2", hinting=False, name_IDs=[0, 1, 2, 13, 14])
    options.layout_features = face.features.split()
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=LETTERS | SIGNS)
    subsetter.subset(font)
    font = instantiateVariableFont(font, face.axes)
    fine = font.getBestCmap()[0x202F]
    font["hmtx"][fine] = (round(FINE * font["head"].unitsPerEm), 0)
    for record in list(font["name"].names):
        if record.nameID not in (0, 1, 2, 13, 14):
            font["name"].removeNames(nameID=record.nameID)
    style = "Italic" if face.style == "italic" else "Regular"
    names = {1: face.family, 2: style, 4: f"{face.family} {style}", 6: face.file}
    for number, name in names.items():
        font["name"].setName(name, number, 3, 1, 0x409)
    font.flavor = "woff2"
    return font


def rule(face: Face) -> str:
    """The @font-face rule of a face."""
    return f"""@font-face {{
  font-family: "{face.family}";
  src: url("../fonts/{face.file}.woff2") format("woff2");
  font-weight: {face.weight};
  font-style: {face.style};
  font-display: swap;
}}"""


def stand_in_rule(face: Face, path: Path, stand_in: StandIn, twin: TTFont) -> str:
    """The rule that makes a local font as wide as the face over a French text, and as high."""
    font = TTFont(path)
    if "fvar" in font:
        font = instantiateVariableFont(font, {"wght": stand_in.fitted_at})
    stretch = width(font) / width(twin)
    em = font["head"].unitsPerEm * stretch
    ascent, descent = font["hhea"].ascent / em, -font["hhea"].descent / em
    return f"""@font-face {{
  font-family: "{face.family} fit";
  src: {stand_in.local_names};
  font-weight: {stand_in.weight};
  font-style: {face.style};
  size-adjust: {stretch:.1%};
  ascent-override: {ascent:.1%};
  descent-override: {descent:.1%};
  line-gap-override: 0%;
}}"""


def width(font: TTFont) -> float:
    """How long the sample runs in this font, in ems."""
    glyphs, advances = font.getBestCmap(), font["hmtx"]
    return sum(advances[glyphs[ord(sign)]][0] for sign in SAMPLE if ord(sign) in glyphs) / float(
        font["head"].unitsPerEm
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
