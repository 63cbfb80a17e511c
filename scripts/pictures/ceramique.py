"""Ceramics shown in a brick kiln hall: a jar on its plinth, shelves of pots, the kiln's mouth at the back."""

from __future__ import annotations

import math

from pictures.inks import (
    BRICK,
    EARTH,
    INK,
    MIST,
    NIGHT,
    OCHRE,
    PAPER,
    RUST,
    SAND,
    SKY,
    SLATE,
    STONE,
    mix,
)
from pictures.people import stander
from pictures.pots import BEAKER, BOTTLE, BOWL, JAR, VASE, pot
from pictures.shapes import View, ellipse, placed
from pictures.sheet import Sheet, Stroke

VIEW = View(eye=(-0.5, 1.7, 0), focal=980, centre=(960, 560))
HALF, SPRING, END = 4.4, 2.6, 20.0
CLAYS = (
    (SAND, ""), (OCHRE, ""), (PAPER, SLATE), (MIST, ""), (STONE, OCHRE), (SKY, ""), (PAPER, ""), (STONE, ""),
)  # fmt: skip
WALL = mix(BRICK, INK, 0.3)


def draw() -> Sheet:
    sheet = Sheet("Céramiques dans la halle aux fours", seed=31, ground=WALL)
    _vault(sheet)
    _kiln(sheet)
    _floor(sheet)
    _shelves(sheet)
    stander(sheet, *VIEW.at(1.2, 0, 11.5), 1.72 * VIEW.scale(11.5), SLATE, hair=NIGHT)
    stander(sheet, *VIEW.at(2.05, 0, 11.2), 1.62 * VIEW.scale(11.2), OCHRE, hair=RUST)
    _plinth(sheet, 2.9, 7.4, 0.9, (BOWL, 0.4, MIST, ""))
    _plinth(sheet, -1.15, 4.2, 1.0, (JAR, 0.9, OCHRE, ""))
    _crack(sheet, *VIEW.at(-1.15, 1.0, 4.62), 0.9 * VIEW.scale(4.62))
    _plinth(sheet, 1.55, 3.9, 0.72, (VASE, 0.66, MIST, SLATE))
    return sheet


def _ring(z: float, height: float = HALF) -> list[tuple[float, float]]:
    """The vault's half circle at depth z, from the left springing to the right."""
    return VIEW.all(
        *(
            (HALF * math.cos(t), SPRING + height * math.sin(t), z)
            for t in (math.pi * (1 - at / 26) for at in range(27))
        )
    )


def _vault(sheet: Sheet) -> None:
    for at in range(9):
        z = 2.2 + at * 2.2
        bay = [*_ring(z), *_ring(z + 2.2)[::-1]]
        sheet.fill(mix(BRICK, INK, 0.16 + 0.05 * at), bay, rough=1)
    sheet.gouge(NIGHT, [stroke for course in range(1, 66) for stroke in _course(sheet, course)])
    for at in range(5):
        z = 3.2 + at * 3.8
        inner, outer = _ring(z), _ring(z + 0.55)
        sheet.fill(mix(SAND, BRICK, 0.45) if at else RUST, [*inner, *outer[::-1]], rough=1)
        sheet.gouge(NIGHT, [(a, b, 30 / z) for a, b in zip(inner, outer, strict=True)])
        sheet.gouge(NIGHT, [(inner[i], inner[i + 1], 26 / z) for i in range(26)])
    for side in (-1, 1):
        x = HALF * side
        sheet.fill(mix(RUST, INK, 0.25 if side < 0 else 0.5), VIEW.upright(x, 0, SPRING, 2, END))
        for course in range(18):
            height = SPRING * course / 18
            sheet.line(NIGHT, VIEW.all((x, height, 2.4), (x, height, END)), 7, 1.4, rough=0.6)


def _course(sheet: Sheet, course: int) -> list[Stroke]:
    """The joints of one course of the vault's bricks: along it, and to the next course."""
    turn, step = math.pi * course / 66, 0.048
    x, y = HALF * math.cos(turn), SPRING + HALF * math.sin(turn)
    next_x, next_y = HALF * math.cos(turn + step), SPRING + HALF * math.sin(turn + step)
    strokes = []
    z = 1.9 + sheet.random.uniform(0, 0.5)
    while z < END:
        reach = z + sheet.random.uniform(0.35, 0.8) * (1 + z / 12)
        strokes.append((VIEW.at(x, y, z), VIEW.at(x, y, min(END, reach)), 15 / z + 0.9))
        z = reach + 0.12
    for at in range(22):
        z = 2.2 + 0.62 * at + (course % 2) * 0.3
        if sheet.random.random() < 0.42:
            strokes.append((VIEW.at(x, y, z), VIEW.at(next_x, next_y, z), 12 / z + 1))
    return strokes


def _kiln(sheet: Sheet) -> None:
    """The end wall with the walled kiln and its lit mouth."""
    end = [*VIEW.all((-HALF, 0, END)), *_ring(END), *VIEW.all((HALF, 0, END))]
    sheet.fill(mix(SAND, BRICK, 0.35), end)
    with sheet.clip(end):
        sheet.hatch(BRICK, end, 0, 9, 4, length=34)
        sheet.hatch(RUST, end, 90, 24, 3, length=9)
    oculus = VIEW.at(0, 5.2, END)
    sheet.fill(NIGHT, ellipse(*oculus, 46, 46), rough=1)
    sheet.fill(PAPER, ellipse(*oculus, 37, 37), rough=1)
    for turn in (0, 90):
        dx, dy = 38 * math.cos(math.radians(turn)), 38 * math.sin(math.radians(turn))
        sheet.line(NIGHT, [(oculus[0] - dx, oculus[1] - dy), (oculus[0] + dx, oculus[1] + dy)], 5, rough=0)
    x, base = VIEW.at(0, 0, END)
    for half, tall, colour in ((92, 172, RUST), (74, 152, NIGHT), (58, 122, OCHRE), (36, 84, PAPER)):
        arch = [(x - half, base), *ellipse(x, base - tall + half, half, half, 18, 180, 360), (x + half, base)]
        sheet.fill(colour, arch, rough=1)
    for at in range(15):
        t = math.pi + math.pi * at / 14
        sheet.gouge(
            NIGHT,
            [
                (
                    (x + 76 * math.cos(t), base - 80 + 76 * math.sin(t)),
                    (x + 93 * math.cos(t), base - 80 + 93 * math.sin(t)),
                    4,
                )
            ],
        )


def _floor(sheet: Sheet) -> None:
    floor = VIEW.all((-HALF, 0, 1.5), (-HALF, 0, END), (HALF, 0, END), (HALF, 0, 1.5))
    sheet.fill(STONE, floor)
    path = VIEW.all((-1.2, 0, 1.5), (-0.7, 0, END), (0.7, 0, END), (2.6, 0, 1.5))
    sheet.fill(SAND, path, rough=3)
    for at in range(24):
        z = 2.6 + at * 0.75
        sheet.line(EARTH, VIEW.all((-HALF, 0, z), (HALF, 0, z)), 14 / z + 0.6, rough=0.6)
    for at in range(12):
        x = -HALF + at * 0.8
        sheet.line(EARTH, VIEW.all((x, 0, 2.4), (x, 0, END)), 6, 1, rough=0.6)
    sheet.hatch(EARTH, floor, 0, 9, 6, length=90, tone=lambda x, y: abs(x - 880) / 620 - 0.25)


def _shelves(sheet: Sheet) -> None:
    """Shelves along both walls, filled from the far end."""
    for side in (-1, 1):
        x = (HALF - 0.7) * side
        for level in (0.35, 1.05, 1.75, 2.45):
            if level < VIEW.eye[1]:
                board = VIEW.level(level, x, HALF * side, 2.2, END - 1)
                sheet.fill(mix(OCHRE, RUST, 0.45) if side < 0 else RUST, board, rough=0.6)
                sheet.hatch(NIGHT, board, 6 * -side, 11, 4, length=80)
            _pots(sheet, side, level)
            if level > VIEW.eye[1]:
                sheet.fill(NIGHT, VIEW.level(level - 0.07, x, HALF * side, 2.2, END - 1), rough=0.4)
            edge = VIEW.upright(x, level - 0.07, level, 2.2, END - 1)
            sheet.fill(OCHRE if side < 0 else EARTH, edge, rough=0.6)
        for at in range(6):
            z = 18.5 - at * 3.0
            sheet.line(NIGHT, VIEW.all((x, 0, z), (x, 3.0, z)), 60 / z + 2, rough=0.5)


def _pots(sheet: Sheet, side: int, level: float) -> None:
    z = END - 1.5
    while z > 3.0:
        if sheet.random.random() < 0.86:
            kind = sheet.random.choice((VASE, JAR, BOTTLE, BEAKER, BOWL, JAR))
            tall = 0.24 if kind is BOWL else sheet.random.uniform(0.36, 0.54)
            clay, glaze = sheet.random.choice(CLAYS)
            x, y = VIEW.at((HALF - 0.35) * side, level, z)
            seen = 0.02 + max(0.0, (VIEW.eye[1] - level) / z * 0.8)
            pot(sheet, x, y, tall * VIEW.scale(z), kind, clay, glaze=glaze, seen=seen)
        z -= sheet.random.uniform(0.62, 0.95)


def _plinth(
    sheet: Sheet, x: float, z: float, top: float, piece: tuple[list[tuple[float, float]], float, str, str]
) -> None:
    half = 0.42
    shadow = VIEW.all((x + half, 0, z), (x + half, 0, z + 0.8), (x + 2.6, 0, z + 1.4), (x + 2.3, 0, z + 0.5))
    sheet.fill(mix(EARTH, NIGHT, 0.4), shadow, rough=1)
    front = VIEW.all((x - half, 0, z), (x - half, top, z), (x + half, top, z), (x + half, 0, z))
    near = half if x < VIEW.eye[0] else -half
    side = VIEW.all((x + near, 0, z), (x + near, top, z), (x + near, top, z + 0.84), (x + near, 0, z + 0.84))
    sheet.fill(mix(STONE, INK, 0.55) if near > 0 else PAPER, side, rough=0.6)
    sheet.fill(PAPER, front, rough=0.8)
    sheet.hatch(
        mix(STONE, INK, 0.35),
        front,
        90,
        11,
        6,
        length=150,
        tone=lambda px, py: (px - front[0][0]) / (front[3][0] - front[0][0]) * 1.2 - 0.2,
    )
    lid = VIEW.all(
        (x - half, top, z), (x - half, top, z + 0.84), (x + half, top, z + 0.84), (x + half, top, z)
    )
    sheet.fill(SAND, lid, rough=0.6)
    kind, tall, clay, glaze = piece
    px, py = VIEW.at(x, top, z + 0.42)
    unit = VIEW.scale(z + 0.42)
    sheet.fill(EARTH, ellipse(px + unit * 0.16, py, unit * 0.3, unit * 0.05), rough=0)
    pot(sheet, px, py, tall * unit, kind, clay, glaze=glaze, seen=0.8 * (1.7 - top) / z)


def _crack(sheet: Sheet, x: float, y: float, height: float) -> None:
    """The great jar is split from its rim to its foot, and finely crazed."""
    split = [
        (-0.05, -1.0),
        (-0.02, -0.84),
        (-0.1, -0.7),
        (-0.03, -0.52),
        (-0.09, -0.33),
        (-0.02, -0.16),
        (-0.05, -0.02),
    ]
    sheet.line(NIGHT, placed(split, x, y, height), 6, 2.5, rough=2.2)
    crazes = [
        ((-0.1, -0.7), (-0.24, -0.62)),
        ((-0.03, -0.52), (0.14, -0.47)),
        ((-0.09, -0.33), (-0.25, -0.3)),
        ((-0.02, -0.84), (0.1, -0.78)),
        ((0.14, -0.47), (0.2, -0.36)),
    ]
    sheet.gouge(NIGHT, [(*placed([a, b], x, y, height), 2.6) for a, b in crazes])
