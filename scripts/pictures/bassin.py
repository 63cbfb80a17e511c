"""A map of the Lène's basin above Saint-Aubert: hachured relief, the three tributaries, the reservoir."""

from __future__ import annotations

import math

from pictures.inks import BRICK, EARTH, INK, NIGHT, OCHRE, PAPER, RIVER, SAND, SKY, SLATE, mix
from pictures.shapes import Point, Polygon, between, box, ellipse, ribbon, roughened, smooth
from pictures.sheet import Sheet

GROUND = mix(SKY, RIVER, 0.22)
LENE = [
    (560, 60),
    (610, 110),
    (655, 170),
    (690, 250),
    (668, 330),
    (716, 420),
    (790, 492),
    (880, 560),
    (925, 640),
    (985, 700),
    (1004, 780),
    (1050, 860),
    (1042, 950),
    (1090, 1100),
]
AUNE = [
    (70, 420),
    (150, 372),
    (240, 402),
    (318, 372),
    (402, 424),
    (486, 410),
    (566, 452),
    (640, 438),
    (726, 432),
]
VIRE = [
    (1196, 70),
    (1150, 130),
    (1164, 200),
    (1090, 260),
    (1080, 336),
    (1012, 392),
    (990, 470),
    (930, 520),
    (890, 568),
]
SORBE = [
    (1540, 402),
    (1462, 442),
    (1420, 520),
    (1340, 540),
    (1286, 612),
    (1200, 640),
    (1150, 712),
    (1060, 742),
    (1000, 766),
]
STREAMS = (
    [(210, 250), (226, 330), (262, 398)], [(330, 560), (372, 500), (398, 428)], [(150, 520), (180, 450), (160, 376)],
    [(520, 590), (560, 520), (570, 456)], [(480, 250), (500, 330), (488, 408)], [(820, 190), (770, 260), (690, 290)],
    [(900, 300), (960, 350), (1012, 392)], [(1400, 330), (1390, 430), (1425, 516)],
    [(1500, 660), (1440, 640), (1300, 604)], [(1330, 800), (1270, 730), (1206, 642)], [(1250, 440), (1270, 520), (1284, 610)],
    [(640, 720), (760, 690), (926, 642)], [(800, 850), (900, 800), (1002, 782)], [(1230, 940), (1140, 900), (1050, 862)], [(430, 120), (520, 150), (645, 158)],
)  # fmt: skip
# Valleys beyond the watershed, where only their slopes are drawn.
BEYOND = (
    [(-20, 90), (120, 110), (250, 60), (300, -20)], [(-20, 250), (60, 210), (140, 120)], [(-20, 700), (160, 740), (330, 830), (420, 1090)],
    [(330, 830), (470, 800)], [(160, 740), (200, 900), (150, 1090)], [(640, 1090), (700, 1010), (860, 1040)], [(760, -20), (820, 40), (900, 60), (960, -20)],
    [(1420, -20), (1470, 110), (1560, 180), (1620, 190)], [(1620, 800), (1540, 880), (1440, 940), (1400, 1090)], [(1440, 940), (1320, 1040)],
)  # fmt: skip
BASIN = [
    (440, 40), (330, 150), (190, 200), (60, 300), (24, 420), (90, 560), (260, 640), (420, 690), (560, 790), (720, 900), (900, 960), (1046, 985),
    (1230, 1010), (1400, 880), (1540, 720), (1590, 560), (1575, 380), (1450, 260), (1360, 120), (1220, 30), (1080, 70), (950, 150), (850, 130),
    (740, 60), (600, 24),
]  # fmt: skip
LAKE = [
    (596, 96),
    (634, 108),
    (664, 150),
    (700, 196),
    (712, 246),
    (690, 276),
    (668, 250),
    (652, 206),
    (610, 176),
    (566, 176),
    (600, 146),
]


def draw() -> Sheet:
    sheet = Sheet("Bassin de la Lène", seed=640, ground=GROUND)
    rivers = [smooth(one, closed=False, steps=5) for one in (LENE, AUNE, VIRE, SORBE, *STREAMS)]
    basin = roughened(smooth(BASIN, steps=4), 3, sheet.random)
    sheet.fill(PAPER, basin, rough=0)
    _lowland(sheet, rivers)
    beyond = [point for one in BEYOND for point in smooth(one, closed=False, steps=8)]
    _relief(sheet, [*beyond, *(point for river in rivers for point in river)], basin)
    _woods(sheet)
    _divide(sheet, basin)
    _rivers(sheet, rivers)
    _lake(sheet)
    _places(sheet)
    _names(sheet)
    return sheet


def _relief(sheet: Sheet, water: list[Point], basin: Polygon) -> None:
    """Hachures down every slope: none on valley floors and crests, heavier away from the north-west light."""
    light, dark, beyond = [], [], []
    step = 15
    for row in range(-1, 1067 // step + 2):
        for column in range(-1, 1600 // step + 2):
            x = column * step + (row % 2) * step / 2 + sheet.random.uniform(-4, 4)
            y = row * step + sheet.random.uniform(-4, 4)
            px, py = min(water, key=lambda p: (p[0] - x) ** 2 + (p[1] - y) ** 2)
            away = math.hypot(x - px, y - py) or 1.0
            nx, ny = (x - px) / away, (y - py) / away
            high = max(0.35, 1.15 - y / 1100)
            steep = math.exp(-(((away - 62) / 34) ** 2)) * high
            if steep < 0.14:
                continue
            shade = 0.5 - (nx * 0.75 + ny * 0.65) * 0.5
            half = (6 + 8 * steep) * sheet.random.uniform(0.8, 1.2)
            stroke = (
                (x - nx * half, y - ny * half),
                (x + nx * half, y + ny * half),
                1.2 + 5.6 * steep * (0.25 + shade),
            )
            (beyond if not _inside(x, y, basin) else dark if shade > 0.5 else light).append(stroke)
    sheet.gouge(mix(GROUND, SLATE, 0.4), beyond)
    sheet.gouge(mix(EARTH, SAND, 0.25), light)
    sheet.gouge(mix(SLATE, EARTH, 0.4), dark)


def _inside(x: float, y: float, polygon: Polygon) -> bool:
    ends = [*polygon[1:], polygon[0]]
    crossings = [
        (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax
        for (ax, ay), (bx, by) in zip(polygon, ends, strict=True)
    ]
    return sum(crossings) % 2 == 1


def _lowland(sheet: Sheet, rivers: list[list[Point]]) -> None:
    """The valley floors, tinted, with strips of fields."""
    for river, start, end in zip(rivers[:4], (30, 34, 34, 34), (150, 80, 80, 80), strict=True):
        sheet.fill(mix(PAPER, OCHRE, 0.3), ribbon(river, start, end), rough=3)
    for stream in rivers[4:]:
        sheet.fill(mix(PAPER, OCHRE, 0.3), ribbon(stream, 6, 34), rough=2)
    for river, reach in zip(rivers[:4], (58, 32, 32, 32), strict=True):
        for x, y in river[len(river) // 3 :: 3]:
            dx, turn = (
                sheet.random.choice((-1, 1)) * reach * sheet.random.uniform(0.6, 1),
                sheet.random.uniform(0, 180),
            )
            field = ellipse(x + dx, y + sheet.random.uniform(-8, 8), 21, 13, 4, turn, turn + 359)
            sheet.hatch(sheet.random.choice((OCHRE, mix(RIVER, OCHRE, 0.5))), field, turn, 6, 3.4, length=24)


def _woods(sheet: Sheet) -> None:
    """Woodland on the crests: little trees cut one by one, the nearest last."""
    trees = []
    for cx, cy, rx, ry, count in (
        (330, 268, 110, 44, 26),
        (860, 250, 70, 40, 16),
        (1350, 320, 60, 40, 16),
        (470, 620, 120, 40, 26),
        (1420, 690, 90, 50, 20),
        (700, 590, 90, 40, 16),
        (250, 500, 60, 26, 8),
        (1100, 560, 56, 50, 10),
    ):
        for _ in range(count):
            t, reach = sheet.random.uniform(0, 6.28), math.sqrt(sheet.random.random())
            trees.append((cx + rx * reach * math.cos(t), cy + ry * reach * math.sin(t)))
    for x, y in sorted(trees, key=lambda p: p[1]):
        size = sheet.random.uniform(9, 13)
        sheet.fill(NIGHT, ellipse(x + size * 0.7, y + size * 0.25, size * 0.9, size * 0.3, 10), rough=0)
        sheet.fill(RIVER, [(x - size * 0.75, y), (x, y - size * 2.1), (x + size * 0.75, y)], rough=0.6)
        sheet.gouge(
            NIGHT, [((x + size * 0.3, y - size * 0.1), (x + size * 0.08, y - size * 1.6), size * 0.34)]
        )
        sheet.gouge(SKY, [((x - size * 0.4, y - size * 0.3), (x - size * 0.06, y - size * 1.5), size * 0.16)])


def _divide(sheet: Sheet, basin: Polygon) -> None:
    """The watershed: a line of short brick-red cuts."""
    strokes = []
    for at in range(0, len(basin) - 1, 2):
        strokes.append((basin[at], between(basin[at], basin[at + 1], 0.95), 5.0))
    sheet.gouge(BRICK, strokes)


def _rivers(sheet: Sheet, rivers: list[list[Point]]) -> None:
    for stream in rivers[4:]:
        sheet.fill(RIVER, ribbon(stream, 2, 6), rough=0)
    widths = ((6, 27), (5, 17), (5, 16), (5, 15))
    for river, (start, end) in zip(rivers[:4], widths, strict=True):
        sheet.fill(PAPER, ribbon(river, start + 7, end + 8), rough=0)
    for river, (start, end) in list(zip(rivers[:4], widths, strict=True))[::-1]:
        sheet.fill(RIVER, ribbon(river, start, end), rough=0.5)
        middle = river[len(river) // 3 :]
        sheet.gouge(SKY, [(a, b, end * 0.13) for a, b in zip(middle[::4], middle[2::4], strict=False)])


def _lake(sheet: Sheet) -> None:
    shore = smooth(LAKE, steps=5)
    sheet.fill(PAPER, [(x + (x - 645) * 0.1, y + (y - 180) * 0.1) for x, y in shore], rough=1)
    sheet.fill(RIVER, shore, rough=1)
    sheet.hatch(SKY, shore, 0, 12, 4, length=30)
    sheet.line(NIGHT, [(664, 290), (722, 262)], 13, rough=0.6)
    sheet.gouge(PAPER, [((668, 288), (718, 264), 3)])


def _places(sheet: Sheet) -> None:
    """Saint-Aubert as blocks on both banks; villages as two or three roofs."""
    for _ in range(64):
        t, reach = sheet.random.uniform(0, 6.28), math.sqrt(sheet.random.random())
        x, y = 1046 + 86 * reach * math.cos(t), 862 + 66 * reach * math.sin(t)
        if abs(x - 1046) > 22:
            _roof(sheet, x, y, sheet.random.uniform(8, 13))
    sheet.line(NIGHT, [(1006, 884), (1092, 870)], 8, rough=0.3)
    sheet.fill(NIGHT, box(1092, 812, 14, 42), [(1088, 814), (1099, 776), (1110, 814)], rough=0.4)
    for x, y in (
        (752, 176),
        (300, 442),
        (612, 492),
        (1200, 380),
        (960, 330),
        (1530, 470),
        (1210, 700),
        (800, 620),
        (420, 470),
        (1090, 470),
    ):
        for dx, dy in ((0, 0), (17, 5), (4, 14)):
            _roof(sheet, x + dx, y + dy, 8)


def _roof(sheet: Sheet, x: float, y: float, size: float) -> None:
    sheet.fill(INK, box(x - size * 0.6, y, size * 1.3, size * 0.62), rough=0)
    sheet.fill(
        BRICK,
        [
            (x - size * 0.75, y),
            (x - size * 0.3, y - size * 0.6),
            (x + size * 0.5, y - size * 0.6),
            (x + size * 0.85, y),
        ],
        rough=0,
    )


def _names(sheet: Sheet) -> None:
    sheet.label("Lène", 792, 424, 62, turn=40, colour=SLATE, slanted=True)
    sheet.label("Aune", 296, 352, 62, turn=3, colour=SLATE, slanted=True)
    sheet.label("Vire-Noire", 1096, 408, 56, turn=-50, colour=SLATE, slanted=True)
    sheet.label("Sorbe", 1352, 616, 62, turn=-8, colour=SLATE, slanted=True)
    sheet.label("Hautefontaine", 726, 128, 46, colour=INK)
    sheet.label("Saint-Aubert-sur-Lène", 246, 1012, 52, colour=INK, bold=True)
