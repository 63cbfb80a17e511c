"""A bus at its stop at night, lit from inside, and its reflection in the street."""

from __future__ import annotations

import math

from pictures.inks import BRICK, INK, NIGHT, OCHRE, PAPER, RUST, SAND, SLATE, mix
from pictures.shapes import Point, View, box, ellipse
from pictures.sheet import Sheet

GLOW = mix(OCHRE, PAPER, 0.45)
LEFT, RIGHT, NEAR, FAR, LOW, TOP = 1.9, 4.45, 9.6, 21.0, 0.35, 3.1


def bus(sheet: Sheet, view: View) -> None:
    _mirror(sheet, view)
    shadow = view.all(
        (LEFT - 0.2, 0, NEAR - 0.2), (LEFT - 0.2, 0, FAR), (RIGHT, 0, FAR), (RIGHT, 0, NEAR - 0.2)
    )
    sheet.fill(NIGHT, shadow, rough=1)
    _side(sheet, view)
    _front(sheet, view)
    _lights(sheet, view)


def _panel(view: View, low: float, high: float, inset: float = 0.0, taper: float = 0.0) -> list[Point]:
    """An upright piece of the front, `inset` from its edges, narrower by `taper` at the top."""
    a, b = LEFT + inset, RIGHT - inset
    return view.all((a, low, NEAR), (a + taper, high, NEAR), (b - taper, high, NEAR), (b, low, NEAR))


def _flank(view: View, low: float, high: float, start: float, end: float) -> list[Point]:
    return view.all((LEFT, low, start), (LEFT, high, start), (LEFT, high, end), (LEFT, low, end))


def _side(sheet: Sheet, view: View) -> None:
    sheet.fill(mix(BRICK, INK, 0.25), _flank(view, LOW, TOP, NEAR, FAR))
    sheet.fill(SAND, _flank(view, 1.3, TOP, NEAR, FAR), rough=0.6)
    for at in range(6):
        start = NEAR + 0.5 + at * 1.85
        sheet.fill(GLOW, _flank(view, 1.5, 2.7, start, start + 1.6), rough=0.4)
        if sheet.random.random() < 0.7:
            x, y = view.at(LEFT, 1.5, start + 0.8)
            unit = view.scale(start)
            sheet.fill(INK, ellipse(x, y - unit * 0.36, unit * 0.05, unit * 0.13, 12), rough=0)
            sheet.fill(INK, box(x - unit * 0.07, y - unit * 0.26, unit * 0.13, unit * 0.26), rough=0)
    for z in (12.6, 19.2):
        x, y = view.at(LEFT, 0.5, z)
        sheet.fill(NIGHT, ellipse(x, y, 175 / z, 500 / z), rough=0)
        sheet.fill(SLATE, ellipse(x, y, 75 / z, 225 / z), rough=0)


def _front(sheet: Sheet, view: View) -> None:
    sheet.fill(BRICK, _panel(view, LOW, TOP))
    sheet.hatch(RUST, _panel(view, LOW, 1.3), 0, 10, 4, length=60)
    sheet.fill(INK, _panel(view, 1.25, 2.62, 0.12, 0.06), rough=0.5)
    glass = _panel(view, 1.33, 2.55, 0.2, 0.05)
    sheet.fill(GLOW, glass, rough=0.4)
    sheet.hatch(PAPER, glass, -58, 24, 9, length=70)
    x, y = view.at(LEFT + 0.75, 1.33, NEAR)
    sheet.fill(INK, ellipse(x, y - 62, 13, 17), rough=0)
    sheet.fill(INK, [(x - 32, y), (x - 24, y - 42), (x + 24, y - 42), (x + 32, y)], rough=0)
    sheet.fill(NIGHT, _panel(view, 2.68, 3.0, 0.2), rough=0.4)
    sheet.fill(NIGHT, _panel(view, LOW, LOW + 0.2), rough=0.4)
    start, y = view.at(LEFT + 0.5, 2.84, NEAR)
    sheet.gouge(OCHRE, [((start + at * 18, y), (start + at * 18 + 13, y), 7) for at in range(8)])


def _lights(sheet: Sheet, view: View) -> None:
    for x in (LEFT + 0.4, RIGHT - 0.4):
        px, py = view.at(x, 0.85, NEAR)
        sheet.fill(OCHRE, ellipse(px, py, 21, 17), rough=0)
        sheet.fill(PAPER, ellipse(px, py, 14, 11), rough=0)
        turns = (2.0, 2.4, 2.8, 3.2)
        sheet.gouge(GLOW, [((px, py), (px + 110 * math.cos(t), py + 70 * math.sin(t)), 4) for t in turns])


def _mirror(sheet: Sheet, view: View) -> None:
    """What the wet street gives back."""
    left, base = view.at(LEFT, 0, NEAR)
    wide = view.at(RIGHT, 0, NEAR)[0] - left
    sheet.hatch(
        BRICK, box(left, base, wide, 150), 0, 10, 8, tone=lambda x, y: 1.1 - (y - base) / 170, length=70
    )
    glow = box(left + 20, base + 105, wide - 40, 190)
    sheet.hatch(GLOW, glow, 0, 13, 9, tone=lambda x, y: 1.1 - (y - base - 100) / 210, length=90)
    for lamp in (LEFT + 0.4, RIGHT - 0.4):
        beam = box(view.at(lamp, 0, NEAR)[0] - 26, base + 40, 52, 300)
        sheet.hatch(PAPER, beam, 0, 12, 8, tone=lambda x, y: 1.2 - (y - base) / 330, length=42)
