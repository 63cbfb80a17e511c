"""The footbridge of Saint-Aubert in winter: three spans over the Lène, the stone pier in scaffolding."""

from __future__ import annotations

import math
from itertools import pairwise

from pictures.inks import (
    BRICK,
    INK,
    NIGHT,
    OCHRE,
    PAPER,
    RIVER,
    SAND,
    SKY,
    SLATE,
    STONE,
    mix,
)
from pictures.near_bank import near_bank
from pictures.people import walker
from pictures.saint_aubert import at_bridge, town
from pictures.shapes import Place, Point, between, box, ribbon
from pictures.sheet import Sheet

HORIZON = 590.0
DECK = 9.0  # metres above the river; the three spans are 28 m each


def draw() -> Sheet:
    sheet = Sheet("Passerelle de Saint-Aubert-sur-Lène", seed=84, ground=SAND)
    town(sheet)
    _water(sheet)
    _abutment(sheet)
    _pier(sheet, 28, 1.5, plain=True)
    _bridge(sheet)
    _pier(sheet, 0, 2.6)
    _scaffold(sheet)
    _walkers(sheet)
    near_bank(sheet)
    return sheet


def _abutment(sheet: Sheet) -> None:
    """Where the bridge meets the quay."""
    face = [
        at_bridge(27.5, -0.3, -2.5),
        at_bridge(27.5, DECK - 0.2, -2.5),
        at_bridge(27.5, DECK - 0.2, 2.8),
        at_bridge(27.5, -0.3, 2.8),
    ]
    sheet.fill(STONE, face)
    sheet.fill(
        mix(STONE, INK, 0.4), [face[3], face[2], at_bridge(31, DECK - 0.2, 2.8), at_bridge(31, 0, 2.8)]
    )
    _stones(sheet, face, SLATE)


def _water(sheet: Sheet) -> None:
    river = [(-20, 610), at_bridge(30, 0, -150), at_bridge(30, 0, 30), (1620, 1080), (-20, 1080)]
    sheet.fill(RIVER, river, rough=2)
    with sheet.clip(river):
        for x, wide, tall, colour in (
            (1040, 70, 250, SAND),
            (1180, 90, 130, PAPER),
            (1310, 120, 190, SAND),
            (1490, 120, 150, mix(PAPER, BRICK, 0.3)),
        ):
            sheet.hatch(
                colour,
                box(x, 690, wide, tall),
                0,
                13,
                8,
                tone=lambda cx, cy: 1.1 - (cy - 690) / 260,
                length=110,
            )
        sheet.ripples(
            SKY, river, HORIZON, tone=lambda x, y: 0.34 + 0.4 * math.sin(x / 300 + y / 90) - (y - 700) / 1500
        )
        sheet.ripples(SLATE, river, HORIZON, gap=0.06, tone=lambda x, y: 0.25 + (y - 640) / 600)
        sheet.ripples(
            PAPER, river, HORIZON, gap=0.09, width=0.016, tone=lambda x, y: 0.5 - abs(x - 560) / 700
        )
        _reflections(sheet)


def _reflections(sheet: Sheet) -> None:
    """The bridge's dark band and its piers, broken by the water."""
    band = [at_bridge(t, -DECK * 0.9) for t in range(-52, 29, 4)] + [
        at_bridge(t, -DECK * 0.9 - 1.6) for t in range(28, -53, -4)
    ]
    sheet.hatch(NIGHT, band, 0, 8, 7, length=90)
    left, right = at_bridge(0, 0, 2.6)[0] - 95, at_bridge(0, 0, 2.6)[0] + 70
    pier = [(left, 735), (right, 735), (right - 12, 935), (left + 22, 935)]
    sheet.hatch(NIGHT, pier, 0, 10, 10, tone=lambda x, y: 1.15 - (y - 730) / 260, length=90)
    sheet.hatch(
        STONE, [(right - 55, 745), (right, 745), (right - 14, 880), (right - 45, 880)], 0, 14, 6, length=50
    )


def _rib(along: float) -> float:
    """Height of the arched lower flange."""
    span = ((along + 28) % 28) / 28
    return DECK - 1.1 - 2.5 * (2 * span - 1) ** 2


def _bridge(sheet: Sheet) -> None:
    steps = [at / 2 for at in range(-104, 57)]
    for across, colour in ((-1.5, SLATE), (1.5, INK)):
        arch = [at_bridge(t, _rib(t), across) for t in steps]
        sheet.fill(colour, ribbon(arch, 24, 9), rough=0.5)
        for t in steps[::4]:
            wide = max(3.0, 9 - (t + 52) / 14)
            sheet.line(colour, [at_bridge(t, _rib(t), across), at_bridge(t, DECK, across)], wide, rough=0)
            if across > 0 and t < 27 and t % 28 not in (26,):
                sheet.line(
                    colour,
                    [at_bridge(t, DECK, across), at_bridge(t + 2, _rib(t + 2), across)],
                    wide * 0.6,
                    rough=0,
                )
    under = [at_bridge(t, DECK - 0.1, -1.5) for t in steps] + [
        at_bridge(t, DECK - 0.1, 1.5) for t in steps[::-1]
    ]
    sheet.fill(NIGHT, under, rough=0)
    edge = [at_bridge(t, DECK + 0.3, 1.5) for t in steps] + [
        at_bridge(t, DECK - 0.25, 1.5) for t in steps[::-1]
    ]
    sheet.fill(BRICK, edge, rough=0.6)
    sheet.line(NIGHT, [at_bridge(t, DECK - 0.25, 1.5) for t in steps], 7, 3, rough=0)
    sheet.gouge(
        SAND, [(at_bridge(t, DECK + 0.2, 1.5), at_bridge(t + 1.6, DECK + 0.2, 1.5), 3.5) for t in steps[::5]]
    )
    _railing(sheet, steps, -1.5, SLATE)


def _railing(sheet: Sheet, steps: list[float], across: float, colour: str) -> None:
    for height, wide in ((1.35, 8), (0.75, 4)):
        sheet.fill(
            colour, ribbon([at_bridge(t, DECK + height, across) for t in steps], wide, wide * 0.5), rough=0
        )
    for t in steps[::4]:
        sheet.line(
            colour,
            [at_bridge(t, DECK, across), at_bridge(t, DECK + 1.4, across)],
            max(2.4, 7 - (t + 52) / 18),
            rough=0,
        )


def _pier(sheet: Sheet, along: float, half: float, *, plain: bool = False) -> None:
    """A stone pier with a cutwater upstream (towards us on the right)."""
    if plain:
        along = -28
    low, top = -0.4, _rib(0) + 0.5

    def block(deep: float, a: float, b: float, bottom: float, up: float) -> list[Point]:
        return [
            at_bridge(deep, bottom, a),
            at_bridge(deep, up, a),
            at_bridge(deep, up, b),
            at_bridge(deep, bottom, b),
        ]

    nose = half + 2.6
    lit = [
        at_bridge(along - half / 2, low, half),
        at_bridge(along - half / 2, top, half),
        at_bridge(along, top - 0.6, nose),
        at_bridge(along, low, nose),
    ]
    dark = [
        at_bridge(along + half / 2, low, half),
        at_bridge(along + half / 2, top, half),
        at_bridge(along, top - 0.6, nose),
        at_bridge(along, low, nose),
    ]
    side = block(along - half / 2, -half - 1, half, low, top)
    sheet.fill(SLATE, dark)
    sheet.fill(mix(SAND, INK, 0.12), side)
    sheet.fill(PAPER, lit)
    _stones(sheet, lit, SLATE)
    _stones(sheet, side, INK)
    sheet.fill(SAND, [at_bridge(along - half / 2 - 0.3, top, -half - 1), at_bridge(along - half / 2 - 0.3, top + 0.5, -half - 1),
                      at_bridge(along - half / 2 - 0.3, top + 0.5, half + 0.3), at_bridge(along, top - 0.1, nose + 0.3), at_bridge(along, top - 0.6, nose + 0.3),
                      at_bridge(along - half / 2 - 0.3, top, half + 0.3)], rough=0.8)  # fmt: skip


def _stones(sheet: Sheet, face: list[Point], colour: str) -> None:
    low_left, top_left, top_right, low_right = face
    courses = 8
    for course in range(1, courses):
        a, b = between(low_left, top_left, course / courses), between(low_right, top_right, course / courses)
        sheet.line(colour, [a, b], 2.6, rough=0.7)
        up_a, up_b = (
            between(low_left, top_left, (course - 1) / courses),
            between(low_right, top_right, (course - 1) / courses),
        )
        for joint in (0.3, 0.68):
            share = joint + (0.14 if course % 2 else -0.08)
            sheet.line(colour, [between(a, b, share), between(up_a, up_b, share)], 2.4, rough=0.3)
    sheet.hatch(
        colour,
        [low_left, between(low_left, top_left, 0.25), between(low_right, top_right, 0.25), low_right],
        0,
        7,
        4,
    )


def _scaffold(sheet: Sheet) -> None:
    """Tubes and boards round the central pier, on its near side."""
    lifts = (0.2, 2.2, 4.2, 6.2, 8.2)
    poles: list[Place] = [
        (-2.6, 0, -3.4),
        (-2.6, 0, -0.6),
        (-2.6, 0, 2.2),
        (-2.6, 0, 5.4),
        (0.2, 0, 6.6),
        (2.8, 0, 6.2),
    ]
    for along, _, across in poles:
        sheet.line(
            INK,
            [at_bridge(along, -0.5, across), at_bridge(along, 9.0 if across < 3 else 8.6, across)],
            5,
            rough=0.3,
        )
    for height in lifts:
        for (a, _, b), (c, _, d) in pairwise(poles):
            sheet.line(
                OCHRE if height in lifts[1:4] else INK,
                [at_bridge(a, height, b), at_bridge(c, height, d)],
                9 if height in lifts[1:4] else 4,
                rough=0.4,
            )
            sheet.line(INK, [at_bridge(a, height + 1, b), at_bridge(c, height + 1, d)], 2.6, rough=0.2)
    for low, high, a, b in ((0.2, 4.2, 0, 1), (4.2, 8.2, 1, 2), (0.2, 4.2, 2, 3)):
        sheet.line(
            INK,
            [at_bridge(poles[a][0], low, poles[a][2]), at_bridge(poles[b][0], high, poles[b][2])],
            3,
            rough=0.2,
        )


def _walkers(sheet: Sheet) -> None:
    steps = [at / 2 for at in range(-104, 57)]
    for along, coat, hat, tall in ((-17.6, NIGHT, BRICK, 1.8), (-16.1, BRICK, "", 1.7)):
        x, y = at_bridge(along, DECK + 0.2)
        scale = abs(at_bridge(along, DECK + 1.2)[1] - at_bridge(along, DECK + 0.2)[1])
        walker(sheet, x, y, tall * scale * 1.3, coat, hat=hat)
    _railing(sheet, steps, 1.5, INK)
