"""Draws the pictures of the demo newspaper anew: `python scripts/draw_pictures.py [name …]`.

Writes depeche/ops/demo_pictures/NAME.svg (the source, computed from a fixed seed) and NAME.png (1600 × 1067, at most
64 colours, at most 250 kB). Needs Playwright and Chromium, as the journeys do; the newspaper itself needs neither.

The drawings are our own, cut in one hand like coloured woodcuts from the inks of `pictures.inks`; they show invented
places. Licence: as the rest of the project (BSD-3-Clause).
"""

from __future__ import annotations

import importlib
import io
import shutil
import sys
from pathlib import Path

from pictures.inks import BRICK, INK, OCHRE, PAPER, RIVER, SKY
from pictures.sheet import HEIGHT, WIDTH
from PIL import Image, ImageColor
from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent.parent / "depeche" / "ops" / "demo_pictures"
NAMES = (
    "passerelle",
    "bassin",
    "bibliotheque",
    "autobus",
    "ceramique",
    "fromagerie",
    "heron",
    "corderie",
    "verger",
    "ferry",
)
INKS = (INK, RIVER, OCHRE, BRICK, PAPER, SKY)
LARGEST_BYTES = 250_000


def main(names: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"],
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name in names or NAMES:
            svg = importlib.import_module(f"pictures.{name}").draw().svg()
            (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
            png = _rendered(page, svg)
            (FOLDER / f"{name}.png").write_bytes(png)
            print(f"{name}: {len(svg) / 1000:.0f} kB of SVG, {len(png) / 1000:.0f} kB of PNG")
        browser.close()


def _rendered(page: Page, svg: str) -> bytes:
    """The PNG with as many colours as its size allows."""
    page.set_content(f"<style>html,body{{margin:0}}svg{{display:block}}</style>{svg}")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in (64, 48, 32, 24):
        file = io.BytesIO()
        _reduced(picture, colours).save(file, "PNG", optimize=True)
        if file.tell() <= LARGEST_BYTES:
            return file.getvalue()
    raise ValueError(f"The picture stays larger than {LARGEST_BYTES} bytes: {file.tell()}.")


def _reduced(picture: Image.Image, colours: int) -> Image.Image:
    """The picture in few colours: the six inks and the commonest tints exactly, the rest for the edges."""
    counted = sorted(picture.getcolors(WIDTH * HEIGHT), reverse=True)
    tints = [colour for _, colour in counted[: colours // 2 - len(INKS)]]
    flat = [channel for colour in [*map(ImageColor.getrgb, INKS), *tints] for channel in colour]
    edges = picture.quantize(
        colours - colours // 2, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    palette = Image.new("P", (1, 1))
    palette.putpalette(flat + edges.getpalette()[: 3 * (colours - colours // 2)])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main(sys.argv[1:])
