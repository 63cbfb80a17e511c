"""A ripening vault: rows of cheese wheels on planks, a cheesemaker turning one."""

from __future__ import annotations

import math

from pictures.bodies import cheesemaker
from pictures.inks import EARTH, INK, NIGHT, OCHRE, PAPER, RIVER, RUST, SAND, SLATE, STONE, mix
from pictures.shapes import View, between, ellipse
from pictures.sheet import Sheet

VIEW = View(eye=(-0.25, 1.65, 0), focal=1080, centre=(690, 500))
HALF, SPRING, END = 2.7, 2.5, 17.0
LEVELS = (0.3, 0.82, 1.34, 1.86, 2.38)
FRONT = 1.15


def draw() -> Sheet:
    sheet = Sheet("Cave d’affinage", seed=12, ground=NIGHT)
    _vault(sheet)
    _floor(sheet)
    z = END - 0.8
    while z > 0.7:
        for side in (-1, 1):
            _wheels(sheet, side, z)
        if abs(z - 8.2) < 0.31:
            _lamp(sheet, 8.0)
        z -= 0.62
    cheesemaker(sheet, *VIEW.at(0.18, 0, 3.9), VIEW.scale(3.9))
    return sheet


def _ring(z: float) -> list[tuple[float, float]]:
    return VIEW.all(
        *(
            (HALF * math.cos(t), SPRING + 1.5 * math.sin(t), z)
            for t in (math.pi * (1 - at / 24) for at in range(25))
        )
    )


def _vault(sheet: Sheet) -> None:
    whole = [*_ring(1.8), *VIEW.all((HALF, 0, 1.8), (-HALF, 0, 1.8))]
    sheet.fill(mix(SLATE, NIGHT, 0.3), whole)
    end = [*VIEW.all((-HALF, 0, END)), *_ring(END), *VIEW.all((HALF, 0, END))]
    strokes = []
    for course in range(1, 25):
        t = math.pi * course / 25
        x, y = HALF * math.cos(t), SPRING + 1.5 * math.sin(t)
        z = 2.0
        while z < END:
            reach = z + sheet.random.uniform(0.4, 1.2)
            glow = max(0.15, 1 - abs(z - 8) / 8)
            strokes.append((VIEW.at(x, y, z), VIEW.at(x, y, min(END, reach)), 30 / z * glow + 1.4))
            z = reach + 0.1
    sheet.gouge(mix(STONE, RIVER, 0.45), strokes[::1])
    for at in range(24):
        z = 2.3 + at * 0.62
        ring = _ring(z)
        picks = [i for i in range(24) if sheet.random.random() < 0.45]
        sheet.gouge(NIGHT, [(ring[i], ring[i + 1], 26 / z + 1) for i in picks])
    sheet.fill(mix(STONE, EARTH, 0.4), end)
    with sheet.clip(end):
        sheet.hatch(INK, end, 0, 12, 5, length=30)
    x, y = VIEW.at(0, 0, END)
    door = [(x - 30, y), *ellipse(x, y - 95, 30, 30, 12, 180, 360), (x + 30, y)]
    sheet.fill(NIGHT, door)


def _floor(sheet: Sheet) -> None:
    floor = VIEW.all((-HALF, 0, 1.5), (-HALF, 0, END), (HALF, 0, END), (HALF, 0, 1.5))
    sheet.fill(EARTH, floor)
    strokes = []
    z = 2.4
    while z < END:
        strokes += [
            (VIEW.at(x, 0, z), VIEW.at(x + 0.5, 0, z), 30 / z + 0.8)
            for x in (at * 0.55 - 2.5 + (z * 7 % 0.5) for at in range(10))
        ]
        z *= 1.075
    sheet.gouge(NIGHT, strokes)
    glow = VIEW.all((-0.9, 0, 6), (-0.7, 0, 10.5), (0.7, 0, 10.5), (0.9, 0, 6))
    sheet.hatch(SAND, glow, 0, 8, 6, length=50)
    sheet.hatch(SAND, VIEW.all((-0.9, 0, 2.6), (-0.9, 0, 6), (0.9, 0, 6), (0.9, 0, 2.6)), 0, 24, 6, length=70)


def _wheels(sheet: Sheet, side: int, z: float) -> None:
    """One place of every shelf at depth z: the plank's piece, then the wheels on it."""
    to_z, front, wall = z + 0.62, FRONT * side, HALF * side
    for level in LEVELS:
        if level < VIEW.eye[1]:
            sheet.fill(RUST, VIEW.level(level, front, wall, z, to_z), rough=0)
        else:
            sheet.fill(NIGHT, VIEW.level(level - 0.07, front, wall, z, to_z), rough=0)
        for x in (FRONT + 1.05, FRONT + 0.34)[0 if z > 1.5 else 1 :]:
            _wheel(sheet, x * side, level, z + 0.31, side)
        sheet.fill(mix(OCHRE, RUST, 0.45), VIEW.upright(front, level - 0.08, level, z, to_z), rough=0.4)
        sheet.gouge(NIGHT, [(VIEW.at(front, level - 0.08, z), VIEW.at(front, level - 0.08, to_z), 26 / z)])
    if z > 2.2 and round((END - z) / 0.62) % 4 == 1:
        post = VIEW.upright(front, 0, 2.9, z, z + 0.12)
        sheet.fill(NIGHT, post, rough=0.5)
        sheet.gouge(OCHRE, [(between(post[0], post[3], 0.3), between(post[1], post[2], 0.3), 12 / z + 1)])


def _wheel(sheet: Sheet, x: float, level: float, z: float, side: int) -> None:
    px, py = VIEW.at(x, level, z)
    unit = VIEW.scale(z)
    radius, tall = 0.285 * unit, 0.15 * unit
    low, high = (radius * (VIEW.eye[1] - height) / z for height in (level, level + 0.15))
    light = max(0.0, 1 - abs(z - 7.4) / 8)
    rind = mix(
        mix(OCHRE, EARTH, 0.6), mix(OCHRE, PAPER, 0.35), round(light * sheet.random.uniform(0.75, 1) * 4) / 4
    )
    across = [-math.cos(math.pi * at / 20) for at in range(21)]
    bulge = [math.sqrt(1 - share * share) for share in across]
    bottom = [(px + radius * share, py + low * round_) for share, round_ in zip(across, bulge, strict=True)]
    top = [
        (px + radius * share, py - tall + high * round_) for share, round_ in zip(across, bulge, strict=True)
    ]
    sheet.fill(rind, [*top, *bottom[::-1]], rough=0)
    dark = range(11, 21) if side > 0 else range(9, -1, -1)
    shade = [(top[at], bottom[at], unit * 0.007 * (0.4 + abs(across[at])) * 1.4) for at in dark]
    sheet.gouge(mix(RUST, NIGHT, 0.4), shade)
    if high > 0:
        sheet.fill(mix(rind, PAPER, 0.55), ellipse(px, py - tall, radius, high, 24), rough=0)
        lines = [(k, 0.75 * math.sqrt(1 - k * k)) for k in (-0.6, -0.25, 0.1, 0.45, 0.75)]
        sheet.gouge(
            rind,
            [
                (
                    (px - radius * half, py - tall + high * k),
                    (px + radius * half, py - tall + high * k),
                    high * 0.12,
                )
                for k, half in lines
            ],
        )


def _lamp(sheet: Sheet, z: float) -> None:
    x, y = VIEW.at(0, 3.0, z)
    sheet.line(NIGHT, [VIEW.at(0, 4.0, z), (x, y)], 4, rough=0)
    rays = []
    for at in range(30):
        t = math.radians(at * 12 + sheet.random.uniform(-3, 3))
        rays.append(
            (
                (x + 34 * math.cos(t), y + 22 + 34 * math.sin(t)),
                (x + 105 * math.cos(t), y + 22 + 105 * math.sin(t)),
                5,
            )
        )
    sheet.gouge(mix(OCHRE, PAPER, 0.4), rays)
    sheet.fill(NIGHT, [(x - 42, y + 20), (x - 12, y - 6), (x + 12, y - 6), (x + 42, y + 20)], rough=0.4)
    sheet.fill(PAPER, ellipse(x, y + 20, 24, 19, 14, 0, 180), rough=0)
