"""The bank on our side of the Lène in winter: dry grass, and a bare willow on the right."""

from __future__ import annotations

import math

from pictures.inks import EARTH, NIGHT, OCHRE, SAND
from pictures.shapes import Point, between, ribbon
from pictures.sheet import Sheet


def near_bank(sheet: Sheet) -> None:
    _grass(sheet)
    _willow(sheet)


def _grass(sheet: Sheet) -> None:
    bank = [
        (-20, 806),
        (110, 838),
        (260, 905),
        (470, 962),
        (760, 1002),
        (1050, 1046),
        (1150, 1080),
        (-20, 1080),
    ]
    sheet.fill(EARTH, bank, rough=5)
    with sheet.clip(bank):
        sheet.hatch(NIGHT, bank, 18, 11, 7, tone=lambda x, y: 0.3 + (y - 850) / 260, length=70)
        sheet.hatch(SAND, bank, 16, 22, 6, tone=lambda x, y: 0.9 - (y - 820) / 200, length=48)
    strokes = []
    for _ in range(260):
        x = sheet.random.uniform(0, 1000)
        y = 830 + x * 0.2 + sheet.random.uniform(0, 60)
        lean, tall = sheet.random.gauss(6, 13), sheet.random.uniform(30, 95)
        strokes.append(((x, y + 20), (x + lean, y - tall), sheet.random.uniform(3, 6)))
    sheet.gouge(NIGHT, strokes[:190])
    sheet.gouge(SAND, strokes[190:230])
    sheet.gouge(OCHRE, strokes[230:])


def _willow(sheet: Sheet) -> None:
    """The bare tree that frames the right side."""
    trunk = [(1545, 1067), (1532, 900), (1552, 720), (1528, 520), (1540, 330), (1510, 160)]
    sheet.fill(NIGHT, ribbon(trunk, 92, 22), rough=3)
    _branch(sheet, (1540, 640), -128, 190, 26, 5)
    _branch(sheet, (1535, 420), -60, 170, 22, 5)
    _branch(sheet, (1530, 330), -140, 180, 20, 5)
    _branch(sheet, (1512, 165), -100, 120, 18, 4)
    bark = [
        (1502, 1067),
        (1490, 890),
        (1520, 700),
        (1504, 520),
        (1523, 520),
        (1545, 700),
        (1520, 890),
        (1536, 1067),
    ]
    sheet.hatch(EARTH, bark, 86, 8, 6, length=46)
    sheet.hatch(SAND, bark, 86, 19, 4, length=34)
    sheet.fill(NIGHT, [(1370, 1080), (1480, 1015), (1620, 985), (1620, 1080)], rough=4)


def _branch(sheet: Sheet, start: Point, angle: float, length: float, width: float, depth: int) -> None:
    turn = math.radians(angle)
    middle = (start[0] + math.cos(turn) * length / 2, start[1] + math.sin(turn) * length / 2)
    bent = turn + sheet.random.uniform(-0.25, 0.25)
    end = (middle[0] + math.cos(bent) * length / 2, middle[1] + math.sin(bent) * length / 2)
    sheet.line(NIGHT, [start, middle, end], width, width * 0.55, rough=1)
    if depth:
        for side in (-1, 1):
            share = sheet.random.uniform(0.45, 0.9)
            _branch(
                sheet,
                between(start, end, share),
                angle + side * sheet.random.uniform(18, 42),
                length * sheet.random.uniform(0.55, 0.75),
                width * 0.5,
                depth - 1,
            )
        _branch(sheet, end, math.degrees(bent) - 6, length * 0.6, width * 0.5, depth - 1)
