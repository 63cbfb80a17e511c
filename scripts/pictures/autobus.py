"""The last bus at its stop, at night: one lamp, lit windows, the street wet."""

from __future__ import annotations

import math

from pictures.bus import GLOW, bus
from pictures.inks import BRICK, INK, NIGHT, OCHRE, PAPER, RIVER, RUST, SKY, SLATE, mix
from pictures.people import stander, walker
from pictures.shapes import Point, Polygon, View, box, ellipse
from pictures.sheet import Sheet

VIEW = View(eye=(0, 1.75, 0), focal=1000, centre=(440, 640))
DUSK = mix(INK, RIVER, 0.3)


def draw() -> Sheet:
    sheet = Sheet("Dernier autobus", seed=23, ground=NIGHT)
    _sky(sheet)
    _street(sheet)
    for side in (-1, 1):
        _row(sheet, side)
    bus(sheet, VIEW)
    _shelter(sheet)
    _lamp(sheet, 6.6, 9.2)
    _lamp(sheet, -4.0, 24)
    stander(sheet, *VIEW.at(5.95, 0.15, 8.4), 1.74 * VIEW.scale(8.4), OCHRE, hair=NIGHT)
    walker(
        sheet, *VIEW.at(7.0, 0.15, 7.9), 1.66 * VIEW.scale(7.9), mix(RIVER, SKY, 0.5), flip=True, hat=BRICK
    )
    _rain(sheet)
    sheet.mirror()
    return sheet


def _sky(sheet: Sheet) -> None:
    sheet.fill(DUSK, [(-20, -20), (1620, -20), (1620, 660), (-20, 660)])
    sheet.hatch(NIGHT, box(0, 0, 1600, 640), -12, 13, 9, tone=lambda x, y: 1.1 - y / 560, length=150)
    sheet.hatch(
        RIVER, box(0, 250, 1600, 390), -12, 26, 6, tone=lambda x, y: 0.9 - abs(x - 440) / 500, length=90
    )


def _street(sheet: Sheet) -> None:
    road = VIEW.all((-12, 0, 2), (-12, 0, 90), (12, 0, 90), (12, 0, 2))
    sheet.fill(INK, [(-20, 1090), (-20, 640), (1620, 640), (1620, 1090)])
    sheet.fill(mix(INK, RIVER, 0.45), road, rough=1)
    sheet.ripples(NIGHT, road, 640, gap=0.045, width=0.022, tone=lambda x, y: 0.75)
    sheet.ripples(RIVER, road, 640, gap=0.09, width=0.014, tone=lambda x, y: 0.4)
    for x in (4.7, -3.2):
        side = 1 if x > 0 else -1
        walk = VIEW.all((x, 0.15, 2), (x, 0.15, 80), (x + 3 * side, 0.15, 80), (x + 3 * side, 0.15, 2))
        sheet.fill(SLATE, walk, rough=1)
        sheet.fill(NIGHT, VIEW.all((x, 0, 2), (x, 0.15, 2), (x, 0.15, 80), (x, 0, 80)), rough=0.6)
        for at in range(26):
            z = 3 + at * 1.1
            sheet.line(INK, VIEW.all((x, 0.15, z), (x + 3 * side, 0.15, z)), 34 / z, rough=0.5)
        sheet.line(INK, VIEW.all((x + 1.5 * side, 0.15, 2.4), (x + 1.5 * side, 0.15, 60)), 9, 1, rough=0.5)


def _row(sheet: Sheet, side: int) -> None:
    """The houses of one side of the street, the nearest last."""
    fronts = []
    z, x = 4.2, 7.6 if side > 0 else -6.0
    while z < 70:
        wide = sheet.random.uniform(5.5, 8)
        fronts.append(
            (
                z,
                wide,
                sheet.random.uniform(7.4, 10.5),
                sheet.random.choice((RUST, SLATE, mix(OCHRE, INK, 0.6), INK)),
            )
        )
        z += wide
    for z, wide, tall, wall in fronts[::-1]:
        front = VIEW.all((x, 0, z), (x, tall, z), (x, tall, z + wide), (x, 0, z + wide))
        roof = VIEW.all(
            (x, tall, z), (x + 3 * side, tall + 3, z), (x + 3 * side, tall + 3, z + wide), (x, tall, z + wide)
        )
        sheet.fill(NIGHT, roof)
        sheet.fill(wall, front, rough=1)
        lamp = VIEW.at(6.6, 3, 9.6)[0]
        sheet.hatch(NIGHT, front, 90, max(6, 80 / z), 22 / z + 2.4, length=130,
                    tone=lambda px, py, lamp=lamp: 0.35 + abs(px - lamp) / 900 + max(0.0, (420 - py) / 500))  # fmt: skip
        sheet.line(NIGHT, [front[1], front[2]], 120 / z, 120 / (z + wide), rough=0.6)
        _house_windows(sheet, x, z, wide, tall)


def _house_windows(sheet: Sheet, x: float, z: float, wide: float, tall: float) -> None:
    count = int(wide / 2)
    for level in (0.9, 3.6, 6.2):
        for at in range(count):
            near = z + wide * (at + 0.28) / count
            if level + 1.9 > tall or near < 3:
                continue
            pane = VIEW.all(
                (x, level, near),
                (x, level + 1.5, near),
                (x, level + 1.5, near + 0.95),
                (x, level, near + 0.95),
            )
            lit = sheet.random.random() < 0.34
            sheet.fill(NIGHT, _grown(pane, 0.1), rough=0.4)
            sheet.fill(GLOW if lit else DUSK, pane, rough=0.4)
            if not lit:
                glint = VIEW.all(
                    (x, level + 0.15, near + 0.1),
                    (x, level + 1.1, near + 0.8),
                    (x, level + 0.15, near + 0.45),
                    (x, level + 0.8, near + 0.85),
                )
                sheet.gouge(RIVER, [(glint[0], glint[1], 30 / near), (glint[2], glint[3], 20 / near)])
            if lit or near < 12:
                sheet.line(
                    NIGHT,
                    VIEW.all((x, level, near + 0.47), (x, level + 1.5, near + 0.47)),
                    50 / near + 1,
                    rough=0,
                )
                sheet.line(
                    NIGHT,
                    VIEW.all((x, level + 0.95, near), (x, level + 0.95, near + 0.95)),
                    50 / near + 1,
                    rough=0,
                )


def _grown(points: Polygon, share: float) -> list[Point]:
    x, y = sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
    return [(x + (px - x) * (1 + share), y + (py - y) * (1 + share)) for px, py in points]


def _shelter(sheet: Sheet) -> None:
    pole = VIEW.at(5.15, 0.15, 8.4)
    unit = VIEW.scale(8.4)
    sheet.line(NIGHT, [pole, (pole[0], pole[1] - unit * 2.6)], 11, rough=0.3)
    sheet.fill(NIGHT, box(pole[0] - 6, pole[1] - unit * 2.75, 82, 78), rough=0.8)
    sheet.fill(SKY, box(pole[0] + 2, pole[1] - unit * 2.75 + 8, 66, 62), rough=0.6)
    sheet.fill(RIVER, box(pole[0] + 14, pole[1] - unit * 2.75 + 19, 42, 30), rough=0.3)
    sheet.fill(
        SKY,
        box(pole[0] + 19, pole[1] - unit * 2.75 + 24, 14, 11),
        box(pole[0] + 37, pole[1] - unit * 2.75 + 24, 14, 11),
        rough=0,
    )
    sheet.fill(PAPER, box(pole[0] - 18, pole[1] - unit * 1.75, 38, 56), rough=0.5)
    sheet.hatch(INK, box(pole[0] - 12, pole[1] - unit * 1.75 + 8, 26, 40), 0, 8, 2.5, length=20)


def _lamp(sheet: Sheet, x: float, z: float) -> None:
    """A street lamp, its rays, and its light on the pavement."""
    foot, unit = VIEW.at(x, 0.15, z), VIEW.scale(z)
    head = (foot[0] - unit * 0.9 * (1 if x > 0 else -1), foot[1] - unit * 4.9)
    rays = []
    for at in range(46):
        turn = math.radians(at * 360 / 46 + sheet.random.uniform(-2, 2))
        start, end = unit * 0.5, unit * sheet.random.uniform(1.2, 2.5)
        rays.append(
            (
                (head[0] + start * math.cos(turn), head[1] + start * math.sin(turn)),
                (head[0] + end * math.cos(turn), head[1] + end * math.sin(turn)),
                unit * 0.055,
            )
        )
    sheet.gouge(GLOW, rays)
    pool = ellipse(foot[0] - unit * 0.5, foot[1] + unit * 0.1, unit * 2.6, unit * 0.42)
    sheet.hatch(GLOW, pool, 0, max(4, unit * 0.07), max(2, unit * 0.045), length=unit * 0.9)
    sheet.line(
        NIGHT,
        [foot, (foot[0], foot[1] - unit * 4.9), (foot[0], foot[1] - unit * 5.2), head],
        max(4, unit * 0.12),
        max(3, unit * 0.07),
        rough=0.3,
    )
    sheet.fill(
        NIGHT,
        [
            (head[0] - unit * 0.4, head[1]),
            (head[0] - unit * 0.18, head[1] - unit * 0.3),
            (head[0] + unit * 0.18, head[1] - unit * 0.3),
            (head[0] + unit * 0.4, head[1]),
        ],
        rough=0,
    )
    sheet.fill(PAPER, ellipse(head[0], head[1], unit * 0.3, unit * 0.2, 16, 0, 180), rough=0)


def _rain(sheet: Sheet) -> None:
    strokes = []
    for _ in range(230):
        x, y = sheet.random.uniform(-50, 1650), sheet.random.uniform(-30, 1000)
        long = sheet.random.uniform(30, 75)
        strokes.append(((x, y), (x - long * 0.22, y + long), sheet.random.uniform(1.6, 3)))
    sheet.gouge(mix(SKY, RIVER, 0.25), strokes)
