"""Makes the faces of the proof of consent, depeche/subscribers/fonts/, from the paper's own.

    uv run --no-project --with fonttools --with brotli python scripts/proof_fonts.py

A PDF embeds TrueType and knows no axes: one file for each weight. Licence: static/fonts/LICENSE-source-sans-3.52.0.txt.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "static" / "fonts" / "depeche-sans.woff2"
FOLDER = ROOT / "depeche" / "subscribers" / "fonts"
WEIGHTS = {"depeche-sans-regular": 400, "depeche-sans-bold": 600}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, weight in WEIGHTS.items():
        font = instantiateVariableFont(TTFont(SOURCE, recalcTimestamp=False), {"wght": weight})
        font.flavor = None
        font["name"].setName(name, 6, 3, 1, 0x409)
        font.save(FOLDER / f"{name}.ttf")


if __name__ == "__main__":
    main()
