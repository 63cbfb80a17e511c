"""A ropewalk: a timber shed two hundred paces long, strands stretched to its far end, a ropemaker walking backwards."""

from __future__ import annotations

import math

from pictures.bodies import ropemaker
from pictures.inks import (
    EARTH,
    INK,
    MIST,
    NIGHT,
    OCHRE,
    PAPER,
    RIVER,
    RUST,
    SAND,
    SKY,
    SLATE,
    mix,
)
from pictures.shapes import Point, View, between, ellipse, ribbon, smooth
from pictures.sheet import Sheet

VIEW = View(eye=(0.15, 1.75, 0), focal=1050, centre=(880, 470))
HALF, EAVES, RIDGE, END = 3.1, 3.0, 4.7, 70.0
BAYS = [2.0 + 3.4 * at for at in range(20)]
BOARD = mix(EARTH, RUST, 0.35)


def draw() -> Sheet:
    sheet = Sheet("La corderie", seed=200, ground=NIGHT)
    _roof(sheet)
    _walls(sheet)
    _floor(sheet)
    _gable(sheet)
    for z in reversed(BAYS):
        _truss(sheet, z)
    _carriage(sheet)
    _trestles(sheet)
    _strands(sheet)
    ropemaker(sheet, *VIEW.at(-1.05, 0, 4.2), VIEW.scale(4.2), far=VIEW.at(-0.6, 1.0, 26))
    _coil(sheet)
    return sheet


def _roof(sheet: Sheet) -> None:
    for side in (-1, 1):
        slope = VIEW.all((HALF * side, EAVES, 1), (0, RIDGE, 1), (0, RIDGE, END), (HALF * side, EAVES, END))
        sheet.fill(mix(BOARD, NIGHT, 0.55 if side < 0 else 0.35), slope)
        strokes = []
        for at in range(1, 20):
            share = at / 20
            x, y = HALF * side * (1 - share), EAVES + (RIDGE - EAVES) * share
            z = 1.6
            while z < END:
                reach = z * sheet.random.uniform(1.12, 1.35)
                strokes.append((VIEW.at(x, y, z), VIEW.at(x, y, min(END, reach)), 22 / z + 0.8))
                z = reach * 1.02
        sheet.gouge(NIGHT if side < 0 else RUST, strokes)
    for z in BAYS[1::2]:
        light = VIEW.all((1.1, 4.1, z), (2.1, 3.55, z), (2.1, 3.55, z + 1.9), (1.1, 4.1, z + 1.9))
        sheet.fill(SKY, light, rough=0.8)
        sheet.hatch(PAPER, light, 30, 15, 7, length=60)
        sheet.line(
            NIGHT, [between(light[0], light[1], 0.5), between(light[3], light[2], 0.5)], 26 / z + 1, rough=0
        )


def _walls(sheet: Sheet) -> None:
    for side in (-1, 1):
        wall = VIEW.all(
            (HALF * side, 0, 1), (HALF * side, EAVES, 1), (HALF * side, EAVES, END), (HALF * side, 0, END)
        )
        sheet.fill(mix(BOARD, NIGHT, 0.35) if side < 0 else BOARD, wall)
        for at in range(1, 12):
            height = EAVES * at / 12
            sheet.line(
                NIGHT, VIEW.all((HALF * side, height, 1.6), (HALF * side, height, END)), 8, 0.7, rough=0.7
            )
        for z in BAYS:
            pane = VIEW.all(
                *(
                    (HALF * side, height, z + deep)
                    for height, deep in ((1.15, 0.9), (2.45, 0.9), (2.45, 2.5), (1.15, 2.5))
                )
            )
            sheet.fill(PAPER if side < 0 else SKY, pane, rough=0.6)
            sheet.hatch(SKY if side < 0 else MIST, pane, -30, 16, 6, length=60)
            for share in (0.33, 0.67):
                sheet.line(
                    NIGHT,
                    [between(pane[0], pane[3], share), between(pane[1], pane[2], share)],
                    26 / z + 0.8,
                    rough=0,
                )
            sheet.line(
                NIGHT, [between(pane[0], pane[1], 0.5), between(pane[3], pane[2], 0.5)], 26 / z + 0.8, rough=0
            )
            for a, b in zip(pane, [*pane[1:], pane[0]], strict=True):
                sheet.line(NIGHT, [a, b], 36 / z + 1, rough=0.3)


def _floor(sheet: Sheet) -> None:
    sheet.fill(mix(EARTH, SAND, 0.3), VIEW.all((-HALF, 0, 1), (-HALF, 0, END), (HALF, 0, END), (HALF, 0, 1)))
    for z in BAYS:
        patch = VIEW.all((-2.6, 0, z + 1.3), (1.3, 0, z + 2.4), (1.3, 0, z + 3.8), (-2.6, 0, z + 2.7))
        sheet.fill(SAND, patch, rough=1)
    strokes = []
    for at in range(23):
        x = -HALF + at * 0.28
        z = 1.7 + sheet.random.random()
        while z < END:
            reach = z * sheet.random.uniform(1.15, 1.5)
            strokes.append((VIEW.at(x, 0, z), VIEW.at(x, 0, min(END, reach)), 20 / z + 0.8))
            z = reach * 1.03
    sheet.gouge(mix(EARTH, NIGHT, 0.5), strokes)
    shade = VIEW.all((-HALF, 0, 1), (-HALF, 0, END), (-HALF + 0.9, 0, END), (-HALF + 0.9, 0, 1))
    sheet.hatch(NIGHT, shade, 0, 9, 6, length=80)
    sheet.hatch(NIGHT, VIEW.all((1.6, 0, 1), (2.2, 0, END), (HALF, 0, END), (HALF, 0, 1)), 0, 9, 5, length=80)


def _gable(sheet: Sheet) -> None:
    z = 44.0
    gable = VIEW.all((-HALF, 0, z), (-HALF, EAVES, z), (0, RIDGE, z), (HALF, EAVES, z), (HALF, 0, z))
    sheet.fill(SLATE, gable, rough=0.5)
    x, y = VIEW.at(0, 2.9, z)
    sheet.fill(PAPER, ellipse(x, y, 21, 21, 24), rough=0)
    sheet.line(NIGHT, [(x - 21, y), (x + 21, y)], 3, rough=0)
    sheet.line(NIGHT, [(x, y - 21), (x, y + 21)], 3, rough=0)


def _carriage(sheet: Sheet) -> None:
    """The cast-iron carriage that twists the strands."""
    cart = VIEW.all((-1.3, 0.15, 26), (-1.3, 1.5, 26), (1.1, 1.5, 26), (1.1, 0.15, 26))
    sheet.fill(RIVER, cart, rough=0.6)
    sheet.hatch(NIGHT, cart, 90, 12, 5, length=30)
    for px in (-1.0, 1.35):
        sheet.fill(NIGHT, ellipse(*VIEW.at(px, 0.3, 26), 10, 10, 14), rough=0)
    sheet.fill(OCHRE, ellipse(*VIEW.at(-0.6, 1.0, 26), 11, 11, 14), rough=0)
    sheet.fill(NIGHT, ellipse(*VIEW.at(-0.6, 1.0, 26), 5, 5, 10), rough=0)


def _truss(sheet: Sheet, z: float) -> None:
    """Posts, tie beam, rafters and braces of one frame; the light comes from the left."""
    wide = 250 / z
    for side in (-1, 1):
        post = VIEW.all((HALF * side, 0, z), (HALF * side, EAVES, z))
        sheet.line(RUST if side > 0 else NIGHT, post, wide * 1.0, rough=1)
        sheet.line(INK, VIEW.all((HALF * side, EAVES, z), (0, RIDGE, z)), wide * 0.8, rough=0.8)
        sheet.line(
            INK,
            VIEW.all((HALF * side, EAVES - 0.9, z), (HALF * side * 0.66, EAVES, z)),
            wide * 0.5,
            rough=0.6,
        )
        x = HALF * side - 0.06
        sheet.gouge(
            OCHRE if side > 0 else EARTH, [(VIEW.at(x, 0.2, z), VIEW.at(x, EAVES - 0.2, z), wide * 0.2)]
        )
    sheet.line(INK, VIEW.all((-HALF, EAVES, z), (HALF, EAVES, z)), wide, rough=1)
    sheet.line(INK, VIEW.all((0, EAVES, z), (0, RIDGE, z)), wide * 0.7, rough=0.6)
    lower = EAVES - 0.06
    sheet.gouge(
        BOARD,
        [(VIEW.at(a, lower, z), VIEW.at(a + 1.2, lower, z), wide * 0.16) for a in (-2.6, -1.2, 0.3, 1.5)],
    )


def _trestles(sheet: Sheet) -> None:
    """The stakes that carry the strands, with their pegs."""
    for at in range(5, -1, -1):
        z = 6.2 + at * 3.4
        wide = 130 / z
        sheet.line(NIGHT, VIEW.all((0.05, 0, z), (0.12, 1.0, z)), wide, rough=0.4)
        sheet.line(NIGHT, VIEW.all((1.45, 0, z), (1.38, 1.0, z)), wide, rough=0.4)
        sheet.line(RUST, VIEW.all((-0.15, 1.0, z), (1.65, 1.0, z)), wide * 1.1, rough=0.4)
        sheet.gouge(OCHRE, [(VIEW.at(-0.1, 1.03, z), VIEW.at(1.6, 1.03, z), wide * 0.3)])
        for x in (0.0, 0.5, 1.0, 1.5):
            sheet.line(NIGHT, VIEW.all((x, 1.0, z), (x, 1.22, z)), wide * 0.4, rough=0)


def _strands(sheet: Sheet) -> None:
    """Four strands from the carriage to the near end, drawn with their twist."""
    for x in (1.25, 0.75, 0.25):
        far, near = VIEW.at(x, 1.09, 26), VIEW.at(x, 1.09, 0.95)
        sheet.fill(NIGHT, ribbon([far, near], 4, 74), rough=0)
        sheet.fill(SAND, ribbon([far, near], 2, 64), rough=0)
        _twist(sheet, [far, near], 2, 64)


def _twist(sheet: Sheet, line: list[Point], start: float, end: float) -> None:
    """The lay of a rope: slanting cuts across it."""
    a, b = line
    length = math.dist(a, b)
    ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    cuts, at = [], 0.0
    while at < length:
        wide = start + (end - start) * at / length
        x, y = between(a, b, at / length)
        half, slant = wide / 2, wide * 0.55
        cuts.append(
            (
                (x - uy * half - ux * slant, y + ux * half - uy * slant),
                (x + uy * half + ux * slant, y - ux * half + uy * slant),
                wide * 0.16 + 0.6,
            )
        )
        at += max(5.0, wide * 0.62)
    sheet.gouge(EARTH, cuts)


def _coil(sheet: Sheet) -> None:
    """A finished cable coiled in the left foreground."""
    x, y = 250.0, 960.0
    for ring, (rx, lift) in enumerate(((230, 0), (224, 54), (216, 108))):
        ry = rx * 0.36
        sheet.fill(NIGHT, ellipse(x, y - lift, rx + 33, ry + 33, 60), rough=0.6)
        sheet.fill(mix(SAND, OCHRE, 0.2 + 0.12 * ring), ellipse(x, y - lift, rx + 28, ry + 28, 60), rough=0.6)
        outline = ellipse(x, y - lift, rx, ry, 60)
        for a, b in zip(outline[::2], [*outline[2::2], outline[0]], strict=True):
            _twist(sheet, [a, b], 50, 50)
    sheet.fill(NIGHT, ellipse(x, y - 108, 188, 50, 50), rough=0.6)
    inner = ellipse(x, y - 84, 176, 44, 20, 190, 350)
    sheet.line(EARTH, inner, 26, rough=0.4)
    for a, b in zip(inner[::3], inner[3::3], strict=False):
        _twist(sheet, [a, b], 22, 22)
    tail = smooth([(440, 985), (540, 1012), (690, 1010), (840, 1100)], closed=False)
    sheet.fill(NIGHT, ribbon(tail, 64, 70), rough=0)
    sheet.fill(mix(SAND, OCHRE, 0.3), ribbon(tail, 55, 61), rough=0)
    for a, b in zip(tail[::3], tail[3::3], strict=False):
        _twist(sheet, [a, b], 58, 58)
