"""Saint-Aubert-sur-Lène across the river in winter: sky, hills, quay, houses, church."""

from __future__ import annotations

import math

from pictures.inks import BRICK, INK, MIST, NIGHT, OCHRE, PAPER, RUST, SAND, SKY, SLATE, STONE, mix
from pictures.shapes import Place, Point, View, box
from pictures.sheet import Sheet

VIEW = View(eye=(0, 5, 0), focal=1100, centre=(770, 590))
PIER = (4.0, 45.0)
ALONG = (0.8, 0.6)  # the footbridge's direction on plan


def town(sheet: Sheet) -> None:
    """All that stands behind the river."""
    _sky(sheet)
    _hills(sheet)
    _church(sheet)
    _houses(sheet)


def at_bridge(along: float, height: float, across: float = 0.0) -> Point:
    x, z = _plan(along, across)
    return VIEW.at(x, height, z)


def _plan(along: float, across: float = 0.0) -> tuple[float, float]:
    """A spot on plan: metres from the pier towards the town, metres to the right of the bridge."""
    return PIER[0] + ALONG[0] * along + ALONG[1] * across, PIER[1] + ALONG[1] * along - ALONG[0] * across


def _sky(sheet: Sheet) -> None:
    sheet.fill(
        SKY, [(-20, -20), (1620, -20), (1620, 250), (1250, 300), (900, 262), (420, 330), (-20, 290)], rough=4
    )
    sheet.hatch(
        SKY,
        [(0, 300), (1600, 270), (1600, 420), (0, 440)],
        0,
        15,
        8,
        tone=lambda x, y: (440 - y) / 170,
        length=190,
    )
    sheet.hatch(PAPER, box(0, 20, 1600, 330), -2, 17, 8, length=200,
                tone=lambda x, y: 0.5 + 0.75 * math.sin(x / 230 + y / 60) - 0.15)  # fmt: skip
    sheet.hatch(MIST, box(0, 0, 1600, 130), -2, 15, 6, tone=lambda x, y: 0.9 - y / 130, length=150)


def _hills(sheet: Sheet) -> None:
    ridge = [
        (-20, 500),
        (170, 452),
        (380, 428),
        (600, 442),
        (820, 400),
        (1050, 372),
        (1300, 390),
        (1620, 350),
        (1620, 620),
        (-20, 620),
    ]
    sheet.fill(MIST, ridge, rough=4)
    with sheet.clip(ridge):
        sheet.hatch(SLATE, ridge, -9, 12, 6, tone=lambda x, y: 0.15 + (y - 380) / 130, length=90)
        sheet.hatch(SAND, ridge, 34, 46, 4, tone=lambda x, y: 0.9 - (y - 370) / 150, length=30)
    near = [(-20, 566), (90, 556), (240, 570), (420, 578), (480, 600), (480, 622), (-20, 622)]
    sheet.fill(SLATE, near, rough=4)
    for x in range(20, 470, 21):
        _poplar(sheet, x + sheet.random.uniform(-6, 6), 592, sheet.random.uniform(60, 130) - x * 0.06)
    sheet.hatch(SAND, near, 0, 12, 4, tone=lambda x, y: 0.6, length=40)


def _poplar(sheet: Sheet, x: float, y: float, height: float) -> None:
    sheet.gouge(SLATE, [((x, y + 14), (x + 2, y - height), 7)])
    for _ in range(7):
        side, low = sheet.random.choice((-1, 1)), sheet.random.uniform(0.2, 0.8)
        sheet.gouge(SLATE, [((x, y - height * low), (x + side * 9, y - height * min(1, low + 0.3)), 3)])


def _church(sheet: Sheet) -> None:
    x, y = at_bridge(50, 6, -22)
    wide, tall = 62, 230
    sheet.fill(SAND, box(x - wide / 2, y - tall, wide, tall), rough=1.5)
    sheet.fill(mix(SAND, INK, 0.45), box(x - wide / 2, y - tall, wide * 0.36, tall), rough=1.5)
    sheet.fill(
        SLATE, [(x - wide * 0.58, y - tall), (x, y - tall - 205), (x + wide * 0.58, y - tall)], rough=1
    )
    sheet.hatch(
        NIGHT, [(x - wide * 0.58, y - tall), (x, y - tall - 205), (x + 3, y - tall)], 4, 9, 5, length=40
    )
    for side in (-0.12, 0.2):
        sheet.fill(INK, box(x + wide * side, y - tall + 26, 10, 46), rough=0.4)
    sheet.line(INK, [(x, y - tall - 200), (x, y - tall - 232)], 4, 3, rough=0)
    sheet.line(INK, [(x - 9, y - tall - 220), (x + 9, y - tall - 220)], 3, rough=0)


def _houses(sheet: Sheet) -> None:
    walls, roofs = (PAPER, SAND, STONE, mix(PAPER, BRICK, 0.28), SKY, OCHRE), (BRICK, BRICK, SLATE, BRICK)
    for row, (back, start, end) in enumerate(((13, -70, 18), (0, -96, 17))):
        at = start
        houses = []
        while at < end:
            wide = sheet.random.uniform(5.2, 8.2)
            houses.append(
                (
                    at,
                    wide,
                    sheet.random.uniform(11, 14.5) + (2 - row) * 1.4,
                    sheet.random.choice(walls),
                    sheet.random.choice(roofs),
                )
            )
            at += wide
        for house in houses:
            _house(sheet, *house, back=back)
    quay = [at_bridge(30, 0, -150), at_bridge(30, 6.2, -150), at_bridge(30, 6.2, 30), at_bridge(30, 0, 30)]
    sheet.fill(mix(STONE, SLATE, 0.5), quay)
    sheet.hatch(SLATE, quay, 1, 12, 5, length=60)
    sheet.hatch(STONE, quay, 1, 27, 4, length=34)
    sheet.line(INK, [at_bridge(30, 6.2, -150), at_bridge(30, 6.2, 30)], 3, 6)
    sheet.fill(
        SLATE,
        [at_bridge(30, 0, -150), at_bridge(30, 0.7, -60), at_bridge(30, 0.9, 30), at_bridge(30, 0, 30)],
        rough=3,
    )


def _house(
    sheet: Sheet, left: float, wide: float, eaves: float, wall: str, roof: str, *, back: float = 0.0
) -> None:
    """One house of the quay: its front stands on the far bank, `left` metres right of the bridge and on."""
    right, base, deep, ridge = left + wide, 6.2, 31 + back, eaves + wide * 0.36
    front = _on_plan((deep, base, left), (deep, eaves, left), (deep, eaves, right), (deep, base, right))
    gutter, top = (deep - 0.4, eaves - 0.2), (deep + 4, ridge)
    slope = _on_plan((*gutter, left - 0.3), (*top, left), (*top, right), (*gutter, right + 0.3))
    gable = _on_plan(
        (deep, base, left), (deep, eaves, left), (*top, left), (deep + 8, eaves, left), (deep + 8, base, left)
    )
    sheet.fill(mix(wall, INK, 0.5), gable)
    sheet.fill(wall, front, rough=0.8)
    sheet.fill(roof, slope, rough=1)
    scale = abs(front[3][0] - front[0][0]) / wide
    lean = math.degrees(math.atan2(slope[2][1] - slope[1][1], slope[2][0] - slope[1][0]))
    tiles = RUST if roof == BRICK else NIGHT
    sheet.hatch(tiles, slope, lean, max(5.5, scale * 0.42), scale * 0.14, length=38)
    sheet.line(INK, [slope[0], slope[3]], max(2, scale * 0.16))
    _windows(sheet, deep, left, right, eaves)
    x, y = at_bridge(*top, left + wide * 0.72)
    sheet.fill(RUST, box(x - scale * 0.4, y - scale * 1.5, scale * 0.8, scale * 1.7), rough=0.5)


def _on_plan(*places: Place) -> list[Point]:
    """Places measured from the bridge: along it, up, and to its right."""
    return [at_bridge(*place) for place in places]


def _windows(sheet: Sheet, deep: float, a: float, b: float, eaves: float) -> None:
    count = max(2, round((b - a) / 2.1))
    level = 7.2
    while level + 1.5 < eaves:
        for at in range(count):
            left = a + (b - a) * (at + 0.3) / count
            pane = [
                at_bridge(deep, level, left),
                at_bridge(deep, level + 1.35, left),
                at_bridge(deep, level + 1.35, left + 0.8),
                at_bridge(deep, level, left + 0.8),
            ]
            lit = sheet.random.random() < 0.13
            sheet.fill(OCHRE if lit else INK, pane, rough=0)
        level += 2.6
