"""An old orchard in blossom, a ladder in the nearest tree."""

from __future__ import annotations

import math

from pictures.inks import BRICK, EARTH, INK, MIST, NIGHT, OCHRE, PAPER, RIVER, RUST, SAND, SKY, SLATE, mix
from pictures.people import stander, walker
from pictures.shapes import Point, View, box, ellipse, ribbon, smooth
from pictures.sheet import Sheet, Stroke

VIEW = View(eye=(0, 1.9, 0), focal=1100, centre=(1010, 560))
GRASS = mix(mix(RIVER, OCHRE, 0.46), PAPER, 0.1)
BLOSSOM = mix(PAPER, BRICK, 0.2)
SHADE = mix(BLOSSOM, RIVER, 0.5)


def draw() -> Sheet:
    sheet = Sheet("Orchard in spring", seed=26, ground=SKY)
    _sky(sheet)
    _hills(sheet)
    _meadow(sheet)
    for z in (44, 34, 27, 21.5, 17, 13.2):
        for x in (-12.4, -5.6, 2.6, 9.6):
            if not (x < -10 and z < 18):
                _tree(sheet, x, z + sheet.random.uniform(-0.6, 0.6), sheet.random.uniform(4.2, 5.0))
    stander(sheet, *VIEW.at(-1.15, 0, 14), 1.68 * VIEW.scale(14), BRICK, hair=RUST)
    walker(sheet, *VIEW.at(0.1, 0, 14.6), 1.74 * VIEW.scale(14.6), SLATE, flip=True, hat=OCHRE)
    _near_tree(sheet)
    _ladder(sheet)
    _near_blossom(sheet)
    _grass(sheet)
    return sheet


def _sky(sheet: Sheet) -> None:
    sheet.hatch(PAPER, box(-20, 0, 1640, 480), -3, 17, 10, length=210,
                tone=lambda x, y: 0.45 + 0.7 * math.sin(x / 260 - y / 70))  # fmt: skip
    sheet.hatch(MIST, box(-20, 0, 1640, 170), -3, 17, 7, tone=lambda x, y: 0.9 - y / 180, length=180)


def _hills(sheet: Sheet) -> None:
    far = [
        (-20, 470),
        (260, 420),
        (560, 452),
        (860, 392),
        (1200, 430),
        (1460, 380),
        (1620, 396),
        (1620, 600),
        (-20, 600),
    ]
    near = [
        (-20, 520),
        (300, 500),
        (700, 518),
        (1080, 482),
        (1400, 500),
        (1620, 470),
        (1620, 600),
        (-20, 600),
    ]
    sheet.fill(MIST, far, rough=4)
    sheet.hatch(RIVER, far, 12, 12, 5, tone=lambda x, y: (y - 390) / 110, length=80)
    sheet.fill(mix(GRASS, SKY, 0.4), near, rough=4)
    sheet.hatch(GRASS, near, -8, 12, 6, length=120)
    for x in range(-10, 1620, 34):
        y = 520 - 30 * math.sin((x + 200) / 420) + sheet.random.uniform(-4, 6)
        sheet.fill(
            RIVER, ellipse(x, y, sheet.random.uniform(14, 26), sheet.random.uniform(8, 15), 12), rough=2
        )
    for x, y, wide in ((1180, 492, 70), (1262, 498, 46), (690, 512, 52)):
        _farm(sheet, x, y, wide)


def _farm(sheet: Sheet, x: float, y: float, wide: float) -> None:
    sheet.fill(PAPER, box(x, y - wide * 0.4, wide, wide * 0.45), rough=0.6)
    eaves, ridge = y - wide * 0.38, y - wide * 0.78
    roof = [(x - 5, eaves), (x + wide * 0.16, ridge), (x + wide * 0.84, ridge), (x + wide + 5, eaves)]
    sheet.fill(BRICK, roof, rough=0.6)
    for at in (0.2, 0.62):
        sheet.fill(INK, box(x + wide * at, y - wide * 0.25, wide * 0.12, wide * 0.16), rough=0)


def _meadow(sheet: Sheet) -> None:
    meadow = [(-20, 566), (1620, 562), (1620, 1090), (-20, 1090)]
    sheet.fill(GRASS, meadow, rough=3)
    lane = VIEW.all((-2.4, 0, 2), (-2.2, 0, 60), (-0.4, 0, 60), (1.0, 0, 2))
    sheet.fill(mix(GRASS, SAND, 0.55), lane, rough=4)
    sheet.hatch(
        mix(GRASS, RIVER, 0.55),
        meadow,
        0,
        13,
        8,
        length=60,
        tone=lambda x, y: 0.35 + 0.5 * math.sin(x / 130 + y / 37),
    )
    sheet.hatch(mix(GRASS, SAND, 0.6), meadow, 4, 19, 7, length=70, tone=lambda x, y: 0.75 - (y - 560) / 700)


def _tree(sheet: Sheet, x: float, z: float, tall: float) -> None:
    """A standard tree in blossom, its shadow thrown to the right."""
    px, py = VIEW.at(x, 0, z)
    unit = VIEW.scale(z)
    shadow = ellipse(px + unit * 0.9, py + unit * 0.1, unit * 2.0, unit * 0.3, 24)
    sheet.fill(mix(RIVER, INK, 0.35), shadow, rough=3)
    sheet.hatch(GRASS, shadow, 0, max(6, unit * 0.11), max(2, unit * 0.05), length=unit)
    crown = (px, py - unit * tall * 0.62)
    sheet.fill(
        NIGHT,
        ribbon(
            [
                (px - unit * 0.05, py + unit * 0.05),
                (px, py - unit * 1.2),
                (px + unit * 0.12, py - unit * tall * 0.6),
            ],
            unit * 0.34,
            unit * 0.16,
        ),
        rough=1.5,
    )
    for turn in (-150, -125, -60, -35):
        t = math.radians(turn)
        sheet.line(
            NIGHT,
            [
                (px, py - unit * 1.1),
                (px + unit * 1.5 * math.cos(t), py - unit * 1.1 + unit * 1.7 * math.sin(t)),
            ],
            unit * 0.15,
            unit * 0.05,
            rough=1,
        )
    _crown(sheet, crown, unit * 1.75, unit * tall * 0.36)


def _crown(sheet: Sheet, middle: Point, rx: float, ry: float) -> None:
    """Clumps of blossom: shade below right, paper lights above left, dark gaps between."""
    clumps = []
    for at in range(11):
        t = at * 2.4
        reach = math.sqrt((at + 0.5) / 11) * 0.78
        clumps.append(
            (
                middle[0] + rx * reach * math.cos(t),
                middle[1] + ry * reach * math.sin(t),
                sheet.random.uniform(0.32, 0.46),
            )
        )
    for cx, cy, size in clumps:
        sheet.fill(SHADE, _leafy(sheet, cx + rx * 0.05, cy + ry * 0.1, rx * size, ry * size), rough=0)
    for cx, cy, size in clumps:
        sheet.fill(
            BLOSSOM,
            _leafy(sheet, cx - rx * 0.05, cy - ry * 0.08, rx * size * 0.82, ry * size * 0.76),
            rough=0,
        )
    sheet.gouge(RIVER, _cuts(sheet, clumps, rx, ry, 0.9, 0.5))
    sheet.gouge(BRICK, _cuts(sheet, clumps, rx, ry, 0.25, 0.0)[::6])
    sheet.gouge(PAPER, _cuts(sheet, clumps, rx, ry, -0.55, 1.0))
    if rx > 70:
        _blossoms(sheet, clumps, rx, ry)


def _leafy(sheet: Sheet, x: float, y: float, rx: float, ry: float) -> list[Point]:
    """A clump's outline, nicked all round."""
    count = max(14, min(44, round(rx * 0.7)))
    nicks = [1 + sheet.random.uniform(-0.02, 0.05) - (0.09 if at % 2 else 0) for at in range(count)]
    turns = [at * 2 * math.pi / count for at in range(count)]
    return [
        (x + rx * nick * math.cos(t), y + ry * nick * math.sin(t))
        for nick, t in zip(nicks, turns, strict=True)
    ]


def _cuts(
    sheet: Sheet, clumps: list[tuple[float, float, float]], rx: float, ry: float, side: float, spread: float
) -> list[Stroke]:
    """Petal-sized cuts: on the lit upper left of each clump (`side` < 0) or its shaded lower right (`side` > 0)."""
    strokes = []
    half = min(11.0, rx * 0.055)
    for cx, cy, size in clumps:
        for _ in range(round(7 + rx * 0.085)):
            t = math.pi / 4 * (1 if side > 0 else 5) + sheet.random.gauss(0, 0.5 + abs(spread) * 0.5)
            reach = size * (abs(side) ** 0.3) * math.sqrt(sheet.random.uniform(0.1, 1.05))
            x, y = cx + rx * reach * math.cos(t), cy + ry * reach * math.sin(t)
            turn, long = t + 1.57 + sheet.random.gauss(0, 0.5), half * sheet.random.uniform(0.7, 1.3)
            dx, dy = long * math.cos(turn), long * math.sin(turn)
            strokes.append(((x - dx, y - dy), (x + dx, y + dy), long * 0.62))
    return strokes


def _blossoms(sheet: Sheet, clumps: list[tuple[float, float, float]], rx: float, ry: float) -> None:
    """Whole flowers, where the tree is near enough to see them: five petals and a heart."""
    petals, hearts, leaves = [], [], []
    for cx, cy, size in clumps:
        for _ in range(4):
            t, reach = sheet.random.uniform(0, 6.3), math.sqrt(sheet.random.random()) * size * 0.9
            x, y = cx + rx * reach * math.cos(t), cy + ry * reach * math.sin(t)
            big, turn = sheet.random.uniform(9, 13), sheet.random.random()
            for at in range(5):
                angle = turn + at * 1.257
                petals.append(((x, y), (x + big * math.cos(angle), y + big * math.sin(angle)), big * 0.5))
            hearts.append(((x - 3, y), (x + 3, y + 1), 3.0))
        t = sheet.random.uniform(0, 6.3)
        x, y = cx + rx * size * math.cos(t), cy + ry * size * math.sin(t)
        leaves += [
            ((x, y), (x + 22 * math.cos(t + at), y + 22 * math.sin(t + at)), 7.0) for at in (-0.6, 0.2, 1.0)
        ]
    sheet.gouge(mix(RIVER, OCHRE, 0.35), leaves)
    sheet.gouge(PAPER, petals)
    sheet.gouge(BRICK, hearts)


TRUNK = [(268, 1010), (262, 880), (290, 760), (276, 650), (306, 560), (322, 480)]
LIMBS = (
    ([(290, 700), (210, 560), (90, 440), (-30, 380)], 58, 26),
    ([(284, 640), (330, 480), (300, 300), (340, 120)], 60, 22),
    ([(290, 650), (430, 520), (560, 430), (720, 396)], 54, 14),
    ([(318, 430), (430, 330), (520, 190)], 30, 10),
    ([(200, 545), (170, 380), (90, 220)], 34, 12),
    ([(480, 486), (560, 520), (660, 522)], 18, 6),
)


def _near_tree(sheet: Sheet) -> None:
    shadow = [(150, 1000), (330, 985), (760, 955), (1180, 968), (1240, 1004), (900, 1030), (400, 1040)]
    sheet.fill(mix(RIVER, INK, 0.4), smooth(shadow), rough=4)
    sheet.hatch(GRASS, smooth(shadow), 0, 12, 6, length=80)
    trunk = ribbon(smooth(TRUNK, closed=False), 150, 54)
    sheet.fill(NIGHT, trunk, rough=4)
    sheet.fill(NIGHT, [(150, 1040), (196, 950), (334, 950), (396, 1044)], rough=4)
    for points, start, end in LIMBS:
        sheet.fill(NIGHT, ribbon(smooth(points, closed=False), start, end), rough=2)
    with sheet.clip(trunk):
        sheet.hatch(EARTH, box(190, 560, 90, 480), 84, 12, 8, length=54)
        sheet.hatch(SAND, box(190, 560, 46, 480), 84, 15, 5, length=40)


def _ladder(sheet: Sheet) -> None:
    """A fruit-picker's ladder, narrowing upwards, leaning on the right-hand limb."""
    left, right, top = (478.0, 1010.0), (640.0, 1024.0), (520.0, 330.0)
    for foot, head in ((left, (top[0] - 22, top[1])), (right, (top[0] + 26, top[1] + 6))):
        sheet.line(NIGHT, [(foot[0] + 5, foot[1]), (head[0] + 5, head[1])], 24, 16, rough=0.8)
        sheet.line(OCHRE, [foot, head], 16, 10, rough=0.8)
        sheet.gouge(SAND, [((foot[0] - 3, foot[1] - 20), (head[0] - 2, head[1] + 20), 4)])
    for at in range(1, 12):
        share = at / 12
        a = (left[0] + (top[0] - 22 - left[0]) * share, left[1] + (top[1] - left[1]) * share)
        b = (right[0] + (top[0] + 26 - right[0]) * share, right[1] + (top[1] + 6 - right[1]) * share)
        sheet.line(NIGHT, [(a[0] - 6, a[1] + 6), (b[0] + 8, b[1] + 6)], 15 - share * 6, rough=0.5)
        sheet.line(OCHRE, [(a[0] - 6, a[1]), (b[0] + 8, b[1])], 11 - share * 5, rough=0.5)


def _near_blossom(sheet: Sheet) -> None:
    places = ((40, 330, 150), (150, 180, 160), (330, 110, 170), (520, 150, 140), (690, 372, 92), (250, 330, 110), (60, 60, 150),
              (450, 20, 150), (640, 60, 110), (600, 300, 80), (420, 300, 76))  # fmt: skip
    for x, y, size in places:
        _crown(sheet, (x, y), size, size * 0.66)
    for x, y, size in ((590, 500, 44), (668, 520, 40), (120, 470, 60)):
        _crown(sheet, (x, y), size, size * 0.7)


def _grass(sheet: Sheet) -> None:
    blades, lights, flowers = [], [], []
    for _ in range(420):
        x = sheet.random.uniform(-20, 1620)
        y = sheet.random.uniform(1000, 1100)
        tall, lean = sheet.random.uniform(30, 90), sheet.random.gauss(0, 13)
        (blades if sheet.random.random() < 0.7 else lights).append(
            ((x, y), (x + lean, y - tall), sheet.random.uniform(4, 7))
        )
    for _ in range(120):
        x, y = sheet.random.uniform(640, 1600), sheet.random.uniform(690, 990)
        size = (y - 560) / 42
        flowers.append(((x - size, y), (x + size, y), size * 0.8))
    sheet.gouge(PAPER, flowers[::2])
    sheet.gouge(OCHRE, flowers[1::2])
    sheet.gouge(mix(RIVER, INK, 0.6), blades)
    sheet.gouge(mix(GRASS, SAND, 0.6), lights)
