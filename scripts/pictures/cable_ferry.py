"""The double-ended cable ferry of Port Calder: hull, ramps, wheelhouse, what it carries."""

from __future__ import annotations

from pictures.inks import BRICK, INK, MIST, NIGHT, OCHRE, PAPER, RIVER, RUST, SAND, SKY, SLATE, STONE, mix
from pictures.people import stander
from pictures.shapes import Point, View, ellipse
from pictures.sheet import Sheet

VIEW = View(eye=(0, 4.3, 0), focal=1100, centre=(800, 500))
HULL = (3.4, 33.0)
ALONG = (0.44, 0.898)
BOW, WIDE = 9.5, 4.2  # half the length and half the breadth of the hull, in metres


def cable_ferry(sheet: Sheet) -> None:
    """A double-ended pontoon: far ramp and bulwark, wheelhouse, what it carries, near bulwark and ramp."""
    _mirror(sheet)
    sheet.fill(NIGHT, _across(BOW, 2.0, BOW + 4, 3.6, WIDE - 0.6), rough=0.6)
    sheet.fill(SLATE, _side(-BOW, BOW, 1.0, 2.3, -WIDE))
    sheet.fill(STONE, _across(-BOW, 1.1, BOW, 1.1, WIDE), rough=0.6)
    _wheelhouse(sheet, WIDE)
    _car(sheet, 3.0, -1.4, SAND)
    _car(sheet, -2.8, -1.8, BRICK)
    for along, across, coat in ((-4.0, 1.6, OCHRE), (-5.2, 2.3, RIVER), (1.2, 2.6, RUST)):
        x, y = at_ferry(along, 1.1, across)
        stander(sheet, x, y, abs(at_ferry(along, 2.8, across)[1] - y) * 1.05, coat)
    _hull(sheet)
    _near_ramp(sheet)


def _hull(sheet: Sheet) -> None:
    sheet.fill(PAPER, _side(-BOW, BOW, 1.0, 2.2, WIDE), rough=0.8)
    sheet.hatch(MIST, _side(-BOW, BOW, 1.0, 1.5, WIDE), -9, 8, 4, length=60)
    for at in range(9):
        along = -BOW + 0.9 + at * 2.2
        sheet.fill(INK, _side(along, along + 0.9, 1.55, 1.95, WIDE), rough=0.3)
    sheet.line(NIGHT, [at_ferry(-BOW, 2.25, WIDE), at_ferry(BOW, 2.25, WIDE)], 9, 5, rough=0.4)
    sheet.fill(BRICK, _side(-BOW, BOW, 0.0, 1.05, WIDE), rough=0.8)
    sheet.hatch(RUST, _side(-BOW, BOW, 0.0, 0.6, WIDE), -8, 9, 5, length=70)
    sheet.fill(RUST, _end(-BOW, 0.0, 1.1, -WIDE, WIDE), rough=0.8)
    sheet.hatch(NIGHT, _end(-BOW, 0.0, 0.7, -WIDE, WIDE), 3, 9, 6, length=60)


def _near_ramp(sheet: Sheet) -> None:
    ramp = _across(-BOW, 1.0, -BOW - 3.6, 1.7, WIDE - 0.7)
    sheet.fill(SLATE, ramp, rough=0.8)
    sheet.hatch(NIGHT, ramp, 8, 13, 7, length=200)
    sheet.line(OCHRE, [ramp[1], ramp[2]], 12, rough=0.6)
    for across in (-WIDE + 0.5, WIDE - 0.5):
        sheet.line(NIGHT, [at_ferry(-BOW, 1.0, across), at_ferry(-BOW, 4.6, across)], 11, 8, rough=0.4)
        sheet.line(NIGHT, [at_ferry(-BOW, 4.5, across), at_ferry(-BOW - 3.5, 1.7, across)], 4, rough=0.2)


def _across(along: float, height: float, to_along: float, to_height: float, half: float) -> list[Point]:
    """A plate right across the ship, from one height at one place to another."""
    start, end = (along, height), (to_along, to_height)
    return [at_ferry(*start, -half), at_ferry(*end, -half), at_ferry(*end, half), at_ferry(*start, half)]


def at_ferry(along: float, height: float, across: float) -> Point:
    x = HULL[0] + ALONG[0] * along + ALONG[1] * across
    z = HULL[1] + ALONG[1] * along - ALONG[0] * across
    return VIEW.at(x, height, z)


def _side(a: float, b: float, low: float, high: float, across: float) -> list[Point]:
    return [
        at_ferry(a, low, across),
        at_ferry(a, high, across),
        at_ferry(b, high, across),
        at_ferry(b, low, across),
    ]


def _end(along: float, low: float, high: float, left: float, right: float) -> list[Point]:
    return [
        at_ferry(along, low, left),
        at_ferry(along, high, left),
        at_ferry(along, high, right),
        at_ferry(along, low, right),
    ]


def _wheelhouse(sheet: Sheet, wide: float) -> None:
    """On its gantry over the far side of the deck."""
    for along in (-1.4, 1.6):
        sheet.line(
            NIGHT, [at_ferry(along, 1.1, -wide + 0.2), at_ferry(along, 5.2, -wide + 0.2)], 10, rough=0.3
        )
    left, right, a, b = -wide - 0.3, -wide + 2.6, -1.8, 2.0
    sheet.fill(mix(PAPER, SLATE, 0.4), _side(a, b, 4.2, 6.9, right), rough=0.6)
    sheet.fill(PAPER, _end(a, 4.2, 6.9, left, right), rough=0.6)
    sheet.fill(
        INK, _end(a, 5.4, 6.5, left + 0.25, right - 0.25), _side(a + 0.3, b - 0.3, 5.4, 6.5, right), rough=0.3
    )
    pane = _end(a, 5.45, 6.45, left + 0.35, right - 0.35)
    sheet.hatch(SKY, pane, -50, 20, 6, length=50)
    sheet.fill(
        BRICK,
        [*_end(a - 0.3, 6.85, 7.2, left - 0.3, right + 0.3)],
        _side(a - 0.3, b + 0.3, 6.85, 7.2, right + 0.3),
        rough=0.5,
    )
    sheet.line(NIGHT, [at_ferry(0.2, 7.2, -wide + 1.1), at_ferry(0.2, 10.4, -wide + 1.1)], 6, 4, rough=0.2)
    x, y = at_ferry(0.2, 10.3, -wide + 1.1)
    sheet.fill(
        OCHRE,
        [(x, y), (x + 40, y + 6), (x + 62, y - 1), (x + 58, y + 22), (x + 36, y + 30), (x, y + 24)],
        rough=0.8,
    )
    sheet.line(NIGHT, [at_ferry(-1.8, 4.2, right), at_ferry(-3.6, 1.1, right)], 6, rough=0.2)


def _car(sheet: Sheet, along: float, across: float, colour: str) -> None:
    a, b, left, right = along - 1.9, along + 1.9, across - 0.85, across + 0.85
    sheet.fill(mix(colour, INK, 0.4), _side(a, b, 1.4, 2.1, right), rough=0.4)
    sheet.fill(colour, _end(a, 1.4, 2.1, left, right), rough=0.4)
    cabin = [
        at_ferry(a + 0.5, 2.1, right),
        at_ferry(a + 0.9, 2.75, right - 0.15),
        at_ferry(b - 1.4, 2.75, right - 0.15),
        at_ferry(b - 0.8, 2.1, right),
    ]
    rear = [
        at_ferry(a + 0.1, 2.1, left),
        at_ferry(a + 0.5, 2.75, left + 0.15),
        at_ferry(a + 0.5, 2.75, right - 0.15),
        at_ferry(a + 0.1, 2.1, right),
    ]
    sheet.fill(INK, cabin, rear, rough=0.3)
    sheet.line(colour, [rear[1], rear[2]], 7, rough=0)
    sheet.gouge(SKY, [(rear[0], rear[2], 5)])
    for x in (left + 0.2, right - 0.2):
        px, py = at_ferry(a, 1.4, x)
        sheet.fill(NIGHT, ellipse(px, py, 9, 12, 12), rough=0)
        sheet.gouge(OCHRE, [((px - 10, py - 22), (px + 10, py - 22), 6)])


def _mirror(sheet: Sheet) -> None:
    shadow = [at_ferry(-9.6, 0, -4.3), at_ferry(9.6, 0, -4.3), at_ferry(9.6, 0, 4.3), at_ferry(-9.6, 0, 4.3)]
    sheet.fill(NIGHT, shadow, rough=2)
    left, right = at_ferry(-9.5, 0, -4.2), at_ferry(-9.5, 0, 4.2)
    far = at_ferry(9.5, 0, 4.2)
    deep = 150
    shape = [left, right, far, (far[0], far[1] + 70), (right[0], right[1] + deep), (left[0], left[1] + deep)]
    sheet.hatch(NIGHT, shape, 0, 11, 10, length=110, tone=lambda x, y: 1.2 - (y - 620) / 260)
    sheet.hatch(BRICK, [right, far, (far[0], far[1] + 40), (right[0], right[1] + 70)], 0, 13, 7, length=80)
    sheet.hatch(
        PAPER,
        [(right[0], right[1] + 70), (far[0], far[1] + 40), (far[0], far[1] + 80), (right[0], right[1] + 140)],
        0,
        14,
        6,
        length=80,
    )
