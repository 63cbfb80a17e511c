"""The reading room on a Sunday: tall windows on the left, shelves on the right, long light across the floor."""

from __future__ import annotations

from pictures.bodies import child, sitter
from pictures.inks import BRICK, EARTH, INK, MIST, NIGHT, OCHRE, PAPER, RIVER, RUST, SAND, SKY, SLATE, mix
from pictures.people import stander
from pictures.shapes import View, between, ellipse
from pictures.sheet import Sheet

VIEW = View(eye=(0.9, 2.1, 0), focal=900, centre=(930, 500))
LEFT, RIGHT, END, CEILING = -4.2, 4.6, 19.0, 6.4
BAYS = (0.0, 3.6, 7.2, 10.8, 14.4)
WARM = mix(SAND, OCHRE, 0.35)
FLOOR = mix(EARTH, BRICK, 0.25)


def draw() -> Sheet:
    sheet = Sheet("Salle de lecture", seed=7, ground=INK)
    _room(sheet)
    _light(sheet)
    _windows(sheet)
    _shelves(sheet)
    for z in (15.2, 11.6, 8.0):
        _table(sheet, z)
    stander(sheet, *VIEW.at(3.1, 0, 9.2), 1.72 * VIEW.scale(9.2), RIVER, hair=NIGHT)
    _table(sheet, 4.6)
    child(sheet, *VIEW.at(3.0, 0, 4.3), VIEW.scale(4.3))
    return sheet


def _room(sheet: Sheet) -> None:
    end = VIEW.all((LEFT, 0, END), (LEFT, CEILING, END), (RIGHT, CEILING, END), (RIGHT, 0, END))
    ceiling = VIEW.all(
        (LEFT, CEILING, 1.5), (LEFT, CEILING, END), (RIGHT, CEILING, END), (RIGHT, CEILING, 1.5)
    )
    floor = VIEW.all((LEFT, 0, 1), (LEFT, 0, END), (RIGHT, 0, END), (RIGHT, 0, 1))
    sheet.fill(SLATE, ceiling)
    sheet.fill(FLOOR, floor)
    sheet.fill(mix(SAND, RIVER, 0.35), end)
    for at in range(18):
        z = 2.2 + at * 0.95
        beam = VIEW.all(
            (LEFT, CEILING, z), (LEFT, CEILING, z + 0.34), (RIGHT, CEILING, z + 0.34), (RIGHT, CEILING, z)
        )
        sheet.fill(NIGHT, beam, rough=0.6)
    sheet.fill(
        mix(FLOOR, NIGHT, 0.35),
        VIEW.all((LEFT, 0, 1), (LEFT, 0, END), (LEFT + 1.1, 0, END), (LEFT + 1.1, 0, 1)),
        rough=1,
    )
    for x in (at * 0.44 + LEFT for at in range(21)):
        z = 3.2
        while z < END:
            reach = min(END, z + sheet.random.uniform(1.2, 2.4))
            sheet.gouge(NIGHT, [(VIEW.at(x, 0, z), VIEW.at(x, 0, reach), 26 / z)])
            z = reach + 0.08
    door = VIEW.all((-0.1, 0, END), (-0.1, 3, END), (1.5, 3, END), (1.5, 0, END))
    clock = VIEW.at(0.7, 4.5, END)
    sheet.hatch(SLATE, end, 90, 9, 4, tone=lambda x, y: (x - 720) / 330, length=40)
    sheet.fill(NIGHT, door)
    sheet.fill(NIGHT, ellipse(*clock, 26, 26), rough=0)
    sheet.fill(PAPER, ellipse(*clock, 20, 20), rough=0)
    sheet.line(INK, [(clock[0], clock[1] - 15), clock, (clock[0] + 11, clock[1] + 4)], 3, rough=0)


def _light(sheet: Sheet) -> None:
    """The sun through each window, lying across the floor and slanting away from us."""
    for z in BAYS:
        for low, high in ((0.15, 1.05), (1.25, 2.15)):
            patch = VIEW.all(
                (-3.0, 0, z + low + 0.8),
                (3.4, 0, z + low + 2.6),
                (3.4, 0, z + high + 2.6),
                (-3.0, 0, z + high + 0.8),
            )
            sheet.fill(WARM, patch, rough=1.5)
            sheet.hatch(
                FLOOR,
                patch,
                6,
                max(7, min(20, 50 / (z + 1))),
                min(9, 24 / (z + 1) + 1.6),
                length=46,
                tone=lambda x, y: (x - 500) / 900,
            )


def _windows(sheet: Sheet) -> None:
    wall = VIEW.all((LEFT, 0, 1), (LEFT, CEILING, 1), (LEFT, CEILING, END), (LEFT, 0, END))
    sheet.fill(INK, wall)
    sheet.hatch(SLATE, wall, 90, 15, 6, tone=lambda x, y: 0.2 + x / 900, length=70)
    for z in BAYS:
        outer = _arch(z, 0.0)
        sheet.fill(NIGHT, outer, rough=1)
        glass = _arch(z, 0.14)
        sheet.fill(SKY, glass, rough=0.8)
        with sheet.clip(glass):
            sheet.hatch(PAPER, glass, -24, 20, 13, length=160)
            trees = VIEW.all(
                (LEFT, 1, z), (LEFT, 2.3, z), (LEFT, 2.0, z + 1), (LEFT, 2.5, z + 2.3), (LEFT, 1, z + 2.3)
            )
            sheet.fill(MIST, trees, rough=4)
            sheet.hatch(SLATE, trees, 70, 12, 5, length=40)
        for share in (0.34, 0.67):
            at = z + 2.3 * share
            sheet.line(NIGHT, VIEW.all((LEFT, 0.9, at), (LEFT, 5.3, at)), 55 / max(at, 2.0), rough=0.3)
        for height in (2.0, 3.1, 4.2):
            sheet.line(
                NIGHT,
                VIEW.all((LEFT, height, z + 0.1), (LEFT, height, z + 2.2)),
                46 / max(z, 1.6),
                46 / (z + 2.2),
                rough=0.3,
            )
        sill = VIEW.all(
            (LEFT, 0.9, z - 0.1),
            (LEFT + 0.35, 0.9, z - 0.1),
            (LEFT + 0.35, 0.9, z + 2.4),
            (LEFT, 0.9, z + 2.4),
        )
        sheet.fill(SAND, sill, rough=0.5)


def _arch(z: float, inset: float) -> list[tuple[float, float]]:
    """A round-headed opening in the left wall, 2.3 m wide."""
    middle, half = z + 1.15, 1.15 - inset
    head = ellipse(0, 0, half, 0.75 - inset, 14, 180, 360)
    return VIEW.all(
        (LEFT, 0.9 + inset, middle - half),
        *((LEFT, 4.75 - y, middle + x) for x, y in head),
        (LEFT, 0.9 + inset, middle + half),
    )


def _shelves(sheet: Sheet) -> None:
    wall = VIEW.all((RIGHT, 0, 1), (RIGHT, CEILING, 1), (RIGHT, CEILING, END), (RIGHT, 0, END))
    sheet.fill(NIGHT, wall)
    covers = (BRICK, RIVER, OCHRE, SAND, SLATE, RUST, MIST, BRICK, EARTH)
    levels = [0.25 + 0.52 * at for at in range(8)]
    for level in levels:
        z = 2.2
        while z < END - 0.4:
            thick = sheet.random.uniform(0.07, 0.2) * (1 + z / 30)
            tall = sheet.random.uniform(0.28, 0.42)
            if sheet.random.random() < 0.94 and z % 2.9 > 0.3:
                sheet.fill(
                    sheet.random.choice(covers),
                    VIEW.all(
                        (RIGHT, level, z),
                        (RIGHT, level + tall, z),
                        (RIGHT, level + tall, z + thick),
                        (RIGHT, level, z + thick),
                    ),
                    rough=0,
                )
            z += thick + 0.03
        sheet.line(EARTH, VIEW.all((RIGHT, level - 0.03, 2), (RIGHT, level - 0.03, END)), 15, 3.4, rough=0.4)
    for at in range(6):
        z = 2.9 * (at + 1)
        post = VIEW.all(
            (RIGHT - 0.25, 0, z), (RIGHT - 0.25, 4.5, z), (RIGHT, 4.5, z + 0.28), (RIGHT, 0, z + 0.28)
        )
        sheet.fill(RUST, post, rough=0.5)
        sheet.gouge(OCHRE, [(VIEW.at(RIGHT - 0.25, 0.2, z), VIEW.at(RIGHT - 0.25, 4.3, z), 26 / z)])
    cornice = VIEW.all(
        (RIGHT - 0.3, 4.4, 1.5), (RIGHT - 0.3, 4.75, 1.5), (RIGHT - 0.3, 4.75, END), (RIGHT - 0.3, 4.4, END)
    )
    sheet.fill(RUST, cornice, rough=0.8)
    sheet.hatch(NIGHT, cornice, 22, 9, 4, length=60)


def _table(sheet: Sheet, z: float) -> None:
    """A long table across the room, its lamps, and the readers on our side of it."""
    unit = VIEW.scale(z)
    a, b, deep, top = -2.5, 2.2, 1.1, 0.78
    board = VIEW.level(top, a, b, z, z + deep)
    shade = VIEW.all((a + 0.4, 0, z + 0.5), (b, 0, z + 0.5), (b + 1.8, 0, z + 1.5), (a + 2.2, 0, z + 1.5))
    sheet.fill(NIGHT, shade, rough=1)
    for x in (a + 0.1, b - 0.2):
        sheet.fill(NIGHT, VIEW.all((x, 0, z), (x, top, z), (x + 0.12, top, z), (x + 0.12, 0, z)), rough=0.4)
    sheet.fill(OCHRE, board, rough=0.8)
    gap, width = max(4, unit * 0.05), max(2, unit * 0.028)
    sheet.hatch(SAND, board, 0, gap, width, length=90, tone=lambda x, y: 1.2 - (x - 300) / 800)
    edge = VIEW.all((a, top, z), (b, top, z), (b, top - 0.11, z), (a, top - 0.11, z))
    sheet.fill(RUST, edge, rough=0.6)
    for x in (-1.6, -0.1, 1.4):
        _lamp(sheet, x + 0.25, z + deep / 2)
        book = VIEW.level(top, x - 0.28, x + 0.28, z + 0.12, z + 0.42)
        sheet.fill(PAPER, book, rough=0)
        fold = [between(book[0], book[3], 0.5), between(book[1], book[2], 0.5)]
        sheet.line(INK, fold, max(1.5, unit / 90), rough=0)
    _readers(sheet, z)


def _readers(sheet: Sheet, z: float) -> None:
    places = {4.6: (-1.75, 1.3), 8.0: (-1.6, -0.1), 11.6: (1.3,), 15.2: (-0.2, 1.2)}[z]
    looks = ((BRICK, NIGHT), (RIVER, RUST), (SAND, INK), (MIST, EARTH), (SLATE, RUST))
    for at, x in enumerate(places):
        shadow = (
            (x - 0.25, 0, z - 0.45),
            (x + 0.25, 0, z - 0.3),
            (x + 2.2, 0, z + 0.15),
            (x + 2.0, 0, z - 0.2),
        )
        sheet.fill(NIGHT, VIEW.all(*shadow), rough=0.6)
        coat, hair = looks[(at + int(z)) % 5]
        sitter(sheet, *VIEW.at(x, 0, z - 0.35), VIEW.scale(z - 0.35), coat, hair=hair)


def _lamp(sheet: Sheet, x: float, z: float) -> None:
    unit = VIEW.scale(z)
    foot = VIEW.at(x, 0.78, z)
    sheet.line(NIGHT, [foot, (foot[0], foot[1] - unit * 0.42)], max(2.5, unit * 0.03), rough=0)
    hood = [
        (foot[0] - unit * 0.2, foot[1] - unit * 0.38),
        (foot[0] - unit * 0.12, foot[1] - unit * 0.52),
        (foot[0] + unit * 0.12, foot[1] - unit * 0.52),
        (foot[0] + unit * 0.2, foot[1] - unit * 0.38),
    ]
    sheet.fill(RIVER, hood, rough=0)
    sheet.gouge(
        SKY, [(hood[0], hood[3], unit * 0.02), (hood[1], (hood[1][0] + unit * 0.03, hood[0][1]), unit * 0.02)]
    )
