"""A grey heron at dawn, one leg drawn up, among the reeds of the Lène; the colony's nests in the trees behind."""

from __future__ import annotations

import math
from itertools import pairwise

from pictures.inks import BRICK, EARTH, INK, MIST, NIGHT, OCHRE, PAPER, RIVER, SAND, SKY, SLATE, mix
from pictures.shapes import Point, Polygon, between, box, ellipse, placed, ribbon, smooth
from pictures.sheet import Sheet

SHORE = 560.0
SUN = (455.0, 402.0)
FEET = (1045.0, 905.0)
SIZE = 1.16
BODY = [
    (-92, -372), (-60, -412), (0, -418), (70, -392), (140, -330), (196, -262), (214, -214), (168, -226), (110, -232), (30, -240),
    (-40, -266), (-86, -318),
]  # fmt: skip
WING = [
    (-52, -392), (0, -408), (66, -384), (136, -322), (200, -250), (236, -176), (186, -206), (120, -232), (40, -262), (-26, -304),
    (-58, -350),
]  # fmt: skip
NECK = [(-30, -330), (-74, -392), (-92, -446), (-70, -500), (-40, -548), (-40, -594), (-74, -622)]
HEAD = [(-44, -640), (-84, -652), (-128, -642), (-150, -630), (-128, -616), (-86, -604), (-50, -604)]
BEAK = [(-134, -643), (-262, -612), (-132, -620)]
CREST = [(-118, -640), (-78, -656), (-36, -642), (34, -596), (-34, -620), (-76, -628)]


def draw() -> Sheet:
    sheet = Sheet("Héron cendré", seed=51, ground=SAND)
    _sky(sheet)
    _far_shore(sheet)
    _water(sheet)
    _mirrored(sheet)
    _reeds(sheet, 1180, 1620, 800, 70, (SLATE, RIVER, NIGHT), 300)
    _heron(sheet)
    _rings(sheet)
    _reeds(sheet, -30, 430, 1120, 100, (NIGHT, NIGHT, INK, EARTH, OCHRE), 660)
    _reeds(sheet, 1230, 1630, 1130, 80, (NIGHT, NIGHT, EARTH, OCHRE), 520)
    return sheet


def _sky(sheet: Sheet) -> None:
    sheet.fill(mix(SAND, OCHRE, 0.35), box(-20, 380, 1640, 250))
    sheet.hatch(
        mix(SAND, OCHRE, 0.35),
        box(-20, 300, 1640, 85),
        0,
        14,
        8,
        tone=lambda x, y: (y - 300) / 80,
        length=200,
    )
    sheet.fill(SKY, [(-20, -20), (1620, -20), (1620, 190), (1100, 235), (700, 205), (-20, 250)], rough=5)
    sheet.hatch(SKY, box(-20, 190, 1640, 150), 0, 15, 8, tone=lambda x, y: (340 - y) / 130, length=230)
    sheet.hatch(PAPER, box(-20, 230, 1640, 330), 0, 17, 8, length=210,
                tone=lambda x, y: 0.35 + 0.7 * math.sin(x / 260 + y / 45))  # fmt: skip
    sheet.hatch(MIST, box(-20, 0, 1640, 150), 0, 15, 7, tone=lambda x, y: 1 - y / 150, length=190)
    sheet.fill(BRICK, ellipse(*SUN, 74, 74, 40), rough=1)
    sheet.hatch(mix(SAND, OCHRE, 0.35), box(SUN[0] - 90, SUN[1] - 5, 180, 90), 0, 17, 8, length=150)


def _far_shore(sheet: Sheet) -> None:
    hills = [
        (-20, 500),
        (240, 462),
        (520, 486),
        (860, 440),
        (1200, 470),
        (1620, 420),
        (1620, 580),
        (-20, 580),
    ]
    sheet.fill(MIST, hills, rough=4)
    sheet.hatch(RIVER, hills, -6, 11, 5, tone=lambda x, y: (y - 440) / 110, length=90)
    for x, tall in (
        (70, 250),
        (150, 310),
        (232, 270),
        (640, 200),
        (700, 235),
        (770, 190),
        (1330, 260),
        (1420, 330),
        (1520, 290),
    ):
        _tree(sheet, x, tall)
    bank = [(-20, 548), (300, 540), (640, 546), (1000, 540), (1620, 536), (1620, 572), (-20, 572)]
    sheet.fill(SLATE, bank, rough=4)
    sheet.hatch(NIGHT, bank, 80, 9, 5, length=24)


def _tree(sheet: Sheet, x: float, tall: float) -> None:
    """A bare riverside tree with the herons' nests in its crown."""
    top = SHORE - tall
    sheet.line(SLATE, [(x, SHORE), (x + 4, SHORE - tall * 0.5), (x - 2, top)], 13, 4, rough=1.5)
    forks: list[Point] = []
    for at in range(9):
        side = 1 if at % 2 else -1
        y = SHORE - tall * (0.34 + at * 0.07 + sheet.random.uniform(-0.03, 0.03))
        turn = -90 + side * sheet.random.uniform(24, 48)
        forks += _bough(sheet, (x, y), turn, tall * sheet.random.uniform(0.2, 0.32) * (1.1 - at / 14), 6.5, 3)
    for fx, fy in sheet.random.sample(forks[4:], 4):
        sheet.fill(
            NIGHT, [(fx - 19, fy - 6), (fx + 19, fy - 7), (fx + 11, fy + 7), (fx - 11, fy + 7)], rough=2
        )
        sheet.gouge(
            NIGHT, [((fx - 26, fy - 3), (fx + 26, fy - 6), 4), ((fx - 22, fy + 5), (fx + 20, fy - 9), 3)]
        )


def _bough(sheet: Sheet, start: Point, turn: float, length: float, width: float, depth: int) -> list[Point]:
    """A bough and its twigs; returns the forks, where a nest may sit."""
    bent = math.radians(turn + sheet.random.uniform(-14, 14))
    end = (start[0] + math.cos(bent) * length, start[1] + math.sin(bent) * length)
    sheet.line(SLATE, [start, end], width, width * 0.5, rough=0.8)
    forks = [end] if depth == 3 else []
    if depth:
        for side in (-1, 1):
            forks += _bough(
                sheet,
                between(start, end, sheet.random.uniform(0.55, 1)),
                turn * 0.8 - 18 + side * sheet.random.uniform(14, 40),
                length * 0.62,
                width * 0.55,
                depth - 1,
            )
    return forks


def _water(sheet: Sheet) -> None:
    water = [(-20, SHORE + 6), (1620, SHORE + 4), (1620, 1090), (-20, 1090)]
    sheet.fill(RIVER, water, rough=2)
    sheet.ripples(
        mix(SAND, OCHRE, 0.3),
        water,
        545,
        gap=0.055,
        width=0.022,
        tone=lambda x, y: 0.95 - abs(x - 560) / 900 - (y - 560) / 620,
    )
    sheet.ripples(SLATE, water, 545, gap=0.05, width=0.022, tone=lambda x, y: 0.2 + (y - 600) / 520)
    sheet.ripples(SKY, water, 545, gap=0.11, width=0.014, tone=lambda x, y: 0.5)
    sheet.hatch(BRICK, [(SUN[0] - 80, 580), (SUN[0] + 80, 580), (SUN[0] + 54, 930), (SUN[0] - 54, 930)], 0, 17, 9, length=120,
                tone=lambda x, y: 1.15 - (y - 580) / 400)  # fmt: skip


def _put(points: Polygon) -> list[Point]:
    return placed(points, *FEET, SIZE)


def _mirrored(sheet: Sheet) -> None:
    """The bird's reflection, broken into dark and pale bars."""
    base = FEET[1] + 14
    shape = [(x, base + (base - y) * 0.62) for x, y in _put(smooth(BODY))]
    sheet.hatch(SLATE, shape, 0, 11, 10, length=80)
    sheet.hatch(NIGHT, box(FEET[0] - 6, base, 34, 110), 0, 11, 7, length=40)
    neck = [(x, base + (base - y) * 0.62) for x, y in ribbon(_put(smooth(NECK, closed=False)), 80, 44)]
    sheet.hatch(SKY, neck, 0, 13, 7, length=60)


def _heron(sheet: Sheet) -> None:
    _legs(sheet)
    neck = ribbon(_put(smooth(NECK, closed=False)), 104 * SIZE, 36 * SIZE)
    throat = ribbon(_put(smooth([(x - 12, y + 4) for x, y in NECK[1:]], closed=False)), 30, 10)
    sheet.fill(MIST, _put(smooth(BODY)), rough=1.2)
    sheet.fill(SKY, neck, rough=0.6)
    with sheet.clip(neck):
        sheet.fill(PAPER, throat, rough=1)
        spots = smooth([(x - 14, y) for x, y in NECK[:-1]], closed=False, steps=4)
        sheet.gouge(
            NIGHT,
            [(*_put([a, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)]), 7) for a, b in pairwise(spots[3:])],
        )
        sheet.hatch(
            SLATE,
            _put([(-30, -620), (0, -560), (-20, -500), (-40, -420), (20, -300), (60, -420)]),
            70,
            11,
            5,
            length=44,
        )
    _wing(sheet)
    sheet.fill(PAPER, _put(smooth(HEAD)), rough=0.4)
    sheet.fill(NIGHT, _put(smooth(CREST)), rough=0.4)
    sheet.gouge(NIGHT, [(*_put([(-60, -640), (86, -566)]), 8), (*_put([(-60, -634), (62, -552)]), 6)])
    sheet.fill(OCHRE, _put(BEAK), rough=0.3)
    sheet.gouge(EARTH, [(*_put([(-136, -631), (-252, -613)]), 4)])
    sheet.fill(OCHRE, _put(ellipse(-112, -630, 8, 8, 12)), rough=0)
    sheet.fill(NIGHT, _put(ellipse(-113, -630, 4.5, 4.5, 10)), rough=0)
    plumes = [
        ((-92, -392), (-104, -280)),
        ((-80, -376), (-84, -262)),
        ((-66, -352), (-62, -250)),
        ((-98, -402), (-120, -306)),
        ((-54, -330), (-40, -246)),
    ]
    sheet.gouge(PAPER, [(*_put([a, b]), 13) for a, b in plumes])


def _wing(sheet: Sheet) -> None:
    wing = _put(smooth(WING))
    sheet.fill(SLATE, wing, rough=1)
    shoulder = _put(smooth([(-60, -360), (-52, -396), (-20, -404), (-14, -376), (-34, -336)]))
    sheet.fill(NIGHT, shoulder, rough=0.6)
    with sheet.clip(wing):
        strokes, tips = [], []
        for row in range(5):
            for at in range(8):
                x, y = -30 + at * 30 + row * 4, -392 + at * 24 + row * 27 + at * row * 1.2
                strokes.append((*_put([(x, y), (x + 40, y + 30)]), 9.0))
                tips.append((*_put([(x + 4, y + 12), (x + 42, y + 40)]), 6.0))
        sheet.gouge(MIST, strokes)
        sheet.gouge(NIGHT, tips)
    quills = [((60 + at * 20, -272 + at * 12), (196 + at * 9, -172 - at * 4)) for at in range(5)]
    sheet.gouge(NIGHT, [(*_put([a, b]), 13) for a, b in quills])
    sheet.gouge(
        SKY,
        [
            (*_put([(-30 + at * 18, -396 + at * at * 1.9), (10 + at * 26, -372 + at * at * 3.6)]), 7)
            for at in range(7)
        ],
    )


def _legs(sheet: Sheet) -> None:
    """One leg stands; the other is drawn up under the belly."""
    sheet.line(EARTH, _put([(34, -262), (26, -150), (14, -128), (16, 6)]), 15, 11, rough=0.5)
    sheet.fill(EARTH, _put(ellipse(17, -134, 10, 12, 12)), rough=0.4)
    sheet.gouge(OCHRE, [(*_put([(12, -122), (13, -4)]), 4), (*_put([(28, -240), (22, -150)]), 5)])
    sheet.line(EARTH, _put([(70, -252), (104, -196), (46, -168)]), 15, 9, rough=0.5)
    toes = (((46, -168), (24, -148)), ((46, -168), (40, -136)), ((46, -168), (58, -140)))
    sheet.gouge(EARTH, [(*_put([a, b]), 9) for a, b in toes])


def _rings(sheet: Sheet) -> None:
    """Rings on the water round the standing leg."""
    x, y = FEET[0] + 18, FEET[1] + 8
    for size in (26, 58, 100, 150):
        ring = ellipse(x, y, size, size * 0.17, 20)
        picks = [(ring[i], ring[(i + 2) % 20], 5.0) for i in range(0, 20, 2) if sheet.random.random() < 0.8]
        sheet.gouge(PAPER if size < 110 else SKY, picks)


def _reeds(
    sheet: Sheet, left: float, right: float, foot: float, count: int, inks: tuple[str, ...], tall: float
) -> None:
    for _ in range(count):
        x, foot = sheet.random.uniform(left, right), foot + sheet.random.uniform(-9, 9)
        edge = (
            min(1.0, min(abs(x - left), abs(right - x)) / 400 + 0.45)
            if left > 0
            else 1.1 - 0.62 * max(0.0, x) / right
        )
        edge = edge if left < 0 else 0.42 + 0.62 * (x - left) / (right - left)
        height = tall * edge * sheet.random.uniform(0.55, 1.15)
        lean = sheet.random.gauss(0, 0.07) * height
        colour = sheet.random.choice(inks)
        stem = smooth(
            [(x, foot), (x + lean * 0.2, foot - height * 0.5), (x + lean, foot - height)],
            closed=False,
            steps=5,
        )
        sheet.fill(colour, ribbon(stem, tall / 48, 1.5), rough=0)
        kind = sheet.random.random()
        if kind < 0.62:
            start, side = stem[int(len(stem) * sheet.random.uniform(0.25, 0.6))], sheet.random.choice((-1, 1))
            tip = (start[0] + side * tall * 0.15, start[1] - tall * sheet.random.uniform(0.1, 0.26))
            bow = (start[0] + side * tall * 0.04, (start[1] + tip[1]) / 2 - tall * 0.05)
            sheet.fill(
                colour, ribbon(smooth([start, bow, tip], closed=False, steps=5), tall / 40, 1), rough=0
            )
        elif kind > 0.84 and tall > 400:
            end = stem[-1]
            sheet.line(
                EARTH if colour in (NIGHT, INK) else NIGHT,
                [(end[0] - lean * 0.05, end[1] + 62), end],
                17,
                13,
                rough=0.5,
            )
