"""A small cable ferry crossing an estuary, seen from the slipway it has just left."""

from __future__ import annotations

import math
from itertools import pairwise

from pictures.cable_ferry import at_ferry, cable_ferry
from pictures.inks import (
    BRICK,
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
    STONE,
    mix,
)
from pictures.people import stander
from pictures.shapes import box, ellipse, ribbon, smooth
from pictures.sheet import Sheet

HORIZON = 500.0


def draw() -> Sheet:
    sheet = Sheet("Cable ferry on the estuary", seed=44, ground=SKY)
    _sky(sheet)
    _far_shore(sheet)
    _water(sheet)
    cable_ferry(sheet)
    _slipway(sheet)
    _cable(sheet)
    _waiting(sheet)
    for x, y, span in ((620, 210, 70), (480, 150, 46), (1430, 150, 52), (1330, 100, 36), (330, 96, 32)):
        _gull(sheet, x, y, span)
    return sheet


def _sky(sheet: Sheet) -> None:
    sheet.hatch(MIST, box(-20, 0, 1640, 210), 0, 15, 8, tone=lambda x, y: 1 - y / 210, length=190)
    clouds = (
        [
            (640, 330),
            (700, 262),
            (800, 250),
            (870, 170),
            (1010, 150),
            (1120, 196),
            (1230, 186),
            (1330, 250),
            (1460, 262),
            (1620, 330),
            (1620, 350),
            (640, 350),
        ],
        [(-20, 250), (90, 214), (200, 224), (290, 286), (400, 300), (470, 350), (-20, 356)],
    )
    for cloud in clouds:
        sheet.fill(PAPER, smooth(cloud, steps=4), rough=4)
        with sheet.clip(smooth(cloud, steps=4)):
            sheet.hatch(
                SKY, box(-20, 200, 1640, 170), 0, 13, 7, tone=lambda x, y: (y - 215) / 110, length=120
            )
    sheet.hatch(SAND, box(-20, 350, 1640, 90), 0, 13, 9, tone=lambda x, y: (y - 330) / 80, length=220)


def _far_shore(sheet: Sheet) -> None:
    hills = [
        (-20, 440),
        (200, 396),
        (430, 420),
        (700, 380),
        (900, 344),
        (1130, 372),
        (1350, 330),
        (1620, 372),
    ]
    hills += [(1620, 510), (-20, 510)]
    sheet.fill(MIST, hills, rough=4)
    sheet.hatch(SLATE, hills, 14, 11, 5, tone=lambda x, y: (y - 350) / 130, length=70)
    fields = [
        (-20, 478),
        (320, 462),
        (640, 474),
        (980, 440),
        (1300, 452),
        (1620, 430),
        (1620, 512),
        (-20, 512),
    ]
    sheet.fill(mix(RIVER, OCHRE, 0.45), fields, rough=3)
    sheet.hatch(mix(OCHRE, SAND, 0.5), fields, -7, 15, 6, length=90)
    x = 905.0
    while x < 1330:
        wide = sheet.random.uniform(24, 40)
        _house(sheet, x, 506 - sheet.random.choice((0, 0, 16)), wide, sheet.random.uniform(20, 36))
        x += wide * sheet.random.uniform(0.75, 1.15)
    sheet.fill(SAND, box(1088, 402, 24, 104), rough=0.5)
    sheet.fill(SLATE, [(1084, 402), (1100, 346), (1116, 402)], rough=0.4)
    sheet.fill(EARTH, [(-20, 503), (1620, 500), (1620, 512), (-20, 514)], rough=1.5)


def _house(sheet: Sheet, x: float, y: float, wide: float, tall: float) -> None:
    """A house of the far village, its doorstep at (x, y)."""
    walls = (PAPER, SAND, mix(PAPER, BRICK, 0.3), PAPER, SKY)
    sheet.fill(sheet.random.choice(walls), box(x, y - tall, wide, tall), rough=0.4)
    eaves, ridge = y - tall, y - tall - 14
    roof = [(x - 3, eaves), (x + wide * 0.2, ridge), (x + wide * 0.8, ridge), (x + wide + 3, eaves)]
    sheet.fill(sheet.random.choice((SLATE, BRICK, RUST)), roof, rough=0.4)
    for at in (0.2, 0.6):
        sheet.fill(INK, box(x + wide * at, y - tall * 0.75, 5, 8), rough=0)


def _water(sheet: Sheet) -> None:
    water = [(-20, 510), (1620, 508), (1620, 1090), (-20, 1090)]
    sheet.fill(RIVER, water, rough=1.5)
    flat = [(1620, 640), (1380, 664), (1240, 706), (1330, 742), (1500, 748), (1480, 800), (1620, 846)]
    sheet.ripples(SLATE, water, HORIZON, gap=0.05, tone=lambda x, y: 0.3 + (y - 560) / 700)
    sheet.ripples(
        SKY,
        water,
        HORIZON,
        gap=0.055,
        tone=lambda x, y: 0.55 + 0.4 * math.sin(x / 240 + y / 70) - (y - 560) / 800,
    )
    sheet.ripples(PAPER, water, HORIZON, gap=0.1, width=0.016, tone=lambda x, y: 0.6)
    sheet.fill(mix(EARTH, SAND, 0.35), smooth(flat, steps=4), rough=3)
    with sheet.clip(smooth(flat, steps=4)):
        sheet.hatch(EARTH, flat, -4, 10, 6, length=60)
        sheet.hatch(SKY, flat, -4, 30, 6, length=70)
    for x, y, tall in ((1290, 716, 120), (1402, 690, 92), (1550, 780, 160)):
        sheet.line(NIGHT, [(x, y), (x + 6, y - tall)], 8, 5, rough=0.6)
        sheet.line(NIGHT, [(x + 2, y - tall * 0.75), (x + 16, y - tall * 0.95)], 4, 3, rough=0.3)


def _slipway(sheet: Sheet) -> None:
    """Wet setts running down into the water."""
    slip = [(-20, 800), (180, 762), (420, 790), (640, 860), (860, 960), (1010, 1090), (-20, 1090)]
    sheet.fill(STONE, slip, rough=4)
    with sheet.clip(slip):
        for row in range(17):
            y = 772 + row * 13 + row * row * 0.55
            step = 34 + row * 5
            joints = [(-30 + at * step + (row % 2) * step / 2, y) for at in range(50)]
            sheet.gouge(
                SLATE,
                [
                    ((x, y + x * 0.10 - 20), (x + step * 0.9, y + (x + step) * 0.10 - 20), 4 + row * 0.25)
                    for x, y in joints
                ],
            )
            sheet.gouge(
                SLATE, [((x, y + x * 0.10 - 20), (x - 4, y + 12 + row + x * 0.10 - 20), 4) for x, y in joints]
            )
        wet = [
            (180, 750),
            (430, 780),
            (660, 850),
            (880, 950),
            (1030, 1090),
            (880, 1090),
            (700, 960),
            (520, 870),
            (330, 812),
        ]
        sheet.hatch(NIGHT, wet, 32, 12, 8, length=60)
        sheet.hatch(RIVER, wet, 30, 30, 6, length=50)
    foam = [(170, 757), (420, 783), (645, 853), (866, 953), (1015, 1080)]
    sheet.gouge(PAPER, [(a, b, 8) for a, b in pairwise(foam)])


def _cable(sheet: Sheet) -> None:
    """From the winch post on the slipway to the hull, and on to the other shore."""
    for across in (3.4,):
        start, hull = (150.0, 742.0), at_ferry(-9.6, 0.9, -across)
        sag = [
            (
                start[0] + (hull[0] - start[0]) * t,
                start[1] + (hull[1] - start[1]) * t + 46 * math.sin(math.pi * t),
            )
            for t in (at / 14 for at in range(15))
        ]
        sheet.fill(NIGHT, ribbon(sag, 9, 5), rough=0)
        sheet.gouge(SKY, [(a, b, 2) for a, b in zip(sag[::2], sag[1::2], strict=False)])
    sheet.fill(NIGHT, [(96, 900), (112, 690), (196, 690), (214, 900)], rough=2)
    sheet.hatch(EARTH, [(108, 890), (120, 700), (146, 700), (142, 890)], 88, 10, 6, length=50)
    sheet.fill(NIGHT, ellipse(158, 738, 52, 52, 26), rough=1)
    sheet.fill(RUST, ellipse(158, 738, 40, 40, 26), rough=1)
    sheet.fill(NIGHT, ellipse(158, 738, 12, 12, 14), rough=0)
    for at in range(6):
        t = math.radians(at * 60 + 15)
        sheet.gouge(NIGHT, [((158, 738), (158 + 38 * math.cos(t), 738 + 38 * math.sin(t)), 8)])
    sheet.fill(NIGHT, box(84, 672, 142, 24), rough=1.5)
    sheet.gouge(OCHRE, [((90, 678), (222, 680), 5)])


def _waiting(sheet: Sheet) -> None:
    """Someone with a bicycle, too late for this crossing."""
    x, y = 452.0, 968.0
    sheet.fill(SLATE, [(x - 90, y + 4), (x + 130, y + 6), (x + 330, y - 26), (x + 120, y - 20)], rough=1)
    for wx in (x + 62, x + 232):
        rim = ellipse(wx, y - 64, 62, 64, 36)
        sheet.fill(NIGHT, ribbon([*rim, rim[0], rim[1]], 9, 9), rough=0)
        sheet.gouge(
            NIGHT,
            [
                ((wx, y - 64), (wx + 58 * math.cos(t), y - 64 + 60 * math.sin(t)), 2.5)
                for t in (at * 0.785 for at in range(8))
            ],
        )
    frame = (
        [(62, -64), (108, -140), (196, -142)],
        [(62, -64), (140, -64), (196, -142)],
        [(108, -150), (140, -64)],
        [(232, -64), (194, -168), (176, -176)],
        [(92, -160), (126, -160)],
    )
    for line in frame:
        sheet.line(
            BRICK if line[0] != (92, -160) else NIGHT, [(x + px, y + py) for px, py in line], 8, rough=0
        )
    stander(sheet, x - 8, y + 12, 316, OCHRE, hair=RUST)


def _gull(sheet: Sheet, x: float, y: float, span: float) -> None:
    wings = smooth(
        [
            (x - span, y - span * 0.12),
            (x - span * 0.45, y - span * 0.3),
            (x, y),
            (x + span * 0.5, y - span * 0.34),
            (x + span, y - span * 0.05),
        ],
        closed=False,
    )
    sheet.fill(SLATE, ribbon([(px, py + span * 0.06) for px, py in wings], span * 0.05, span * 0.05), rough=0)
    sheet.fill(PAPER, ribbon(wings, span * 0.12, span * 0.1), rough=0)
    sheet.fill(PAPER, ellipse(x, y + span * 0.03, span * 0.22, span * 0.09, 14), rough=0)
    sheet.gouge(NIGHT, [(wings[0], wings[4], span * 0.06), (wings[-1], wings[-5], span * 0.06)])
