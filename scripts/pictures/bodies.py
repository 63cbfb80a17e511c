"""Larger people, all from behind: readers on chairs, a child on the floor, a cheesemaker, a ropemaker."""

from __future__ import annotations

from dataclasses import dataclass

from pictures.inks import BRICK, EARTH, INK, MIST, NIGHT, OCHRE, PAPER, RIVER, RUST, SAND, SLATE, STONE, mix
from pictures.shapes import Point, Polygon, ellipse, placed, ribbon, smooth
from pictures.sheet import Sheet

Mark = tuple[float, float, float, float, float]  # from, to, width
SKIN = mix(BRICK, PAPER, 0.49)


@dataclass(frozen=True)
class Body:
    """Someone on the sheet: (x, y) is the floor under them, `metre` their scale. Shapes are in metres, y downwards."""

    sheet: Sheet
    x: float
    y: float
    metre: float

    def put(self, points: Polygon, *, curved: bool = False) -> list[Point]:
        return placed(smooth(points, steps=5) if curved else points, self.x, self.y, self.metre)

    def fill(self, colour: str, *shapes: Polygon, curved: bool = False, rough: float = 0.4) -> None:
        for shape in shapes:
            self.sheet.fill(colour, self.put(shape, curved=curved), rough=rough)

    def line(self, colour: str, points: Polygon, start: float, end: float | None = None) -> None:
        end = start if end is None else end
        self.sheet.line(colour, self.put(points), start * self.metre, end * self.metre, rough=0.3)

    def limb(self, colour: str, points: Polygon, start: float, end: float) -> None:
        curve = self.put(smooth(points, closed=False))
        self.sheet.fill(colour, ribbon(curve, start * self.metre, end * self.metre), rough=0.3)

    def cuts(self, colour: str, *marks: Mark) -> None:
        strokes = [(*self.put([(ax, ay), (bx, by)]), width * self.metre) for ax, ay, bx, by, width in marks]
        self.sheet.gouge(colour, strokes)

    def hatch(
        self, colour: str, shape: Polygon, angle: float, gap: float, width: float, length: float = 50
    ) -> None:
        self.sheet.hatch(colour, self.put(shape), angle, gap, width, length=length)


# fmt: off
SEATED = [
    (-0.05, -1.1), (0.05, -1.1), (0.17, -1.04), (0.235, -0.92), (0.26, -0.68), (0.22, -0.5), (0.2, -0.42),
    (-0.2, -0.42), (-0.22, -0.5), (-0.26, -0.68), (-0.235, -0.92), (-0.17, -1.04),
]
SEATED_HEAD = [
    (-0.06, -1.14), (-0.098, -1.22), (-0.085, -1.33), (0, -1.375), (0.085, -1.33), (0.098, -1.22), (0.06, -1.14),
]
CHILD = [
    (-0.2, -0.02), (-0.23, -0.3), (-0.17, -0.5), (-0.05, -0.56), (0.05, -0.56), (0.17, -0.5), (0.23, -0.3), (0.2, -0.02),
]
CHILD_LEGS = [(-0.36, 0), (-0.4, -0.08), (-0.2, -0.17), (0.2, -0.17), (0.4, -0.08), (0.36, 0.0), (0, 0.03)]
TORSO = [
    (-0.06, -1.5), (0.07, -1.5), (0.21, -1.43), (0.24, -1.3), (0.2, -1.05), (0.21, -0.76),
    (-0.21, -0.76), (-0.2, -1.05), (-0.25, -1.3), (-0.21, -1.43),
]
LEG = [(-0.11, -0.85), (0.11, -0.85), (0.09, -0.45), (0.08, -0.1), (-0.09, -0.1), (-0.1, -0.45)]
BOOT = [(-0.1, -0.16), (0.09, -0.16), (0.12, 0), (-0.11, 0)]
APRON = [
    (-0.235, -1.0), (0.225, -1.0), (0.235, -0.56), (0.1, -0.54), (0.03, -0.92), (-0.05, -0.92), (-0.12, -0.54), (-0.25, -0.56),
]
SCARF = [
    (-0.1, -1.6), (-0.115, -1.7), (-0.07, -1.79), (0.02, -1.815), (0.11, -1.79), (0.14, -1.7), (0.12, -1.6), (0.03, -1.55),
    (-0.05, -1.55),
]
STANDING_LEG = [
    (-0.17, -0.86), (0.02, -0.86), (0.0, -0.5), (-0.01, -0.1), (0.0, 0.0), (-0.16, 0.0), (-0.15, -0.12), (-0.18, -0.5),
]
RAISED_LEG = [
    (0.0, -0.86), (0.18, -0.86), (0.19, -0.55), (0.16, -0.3), (0.17, -0.14), (0.04, -0.12), (0.05, -0.3), (0.02, -0.5),
]
WORK_APRON = [
    (-0.22, -1.02), (0.22, -1.02), (0.23, -0.68), (0.08, -0.66), (0.05, -0.9), (-0.05, -0.9), (-0.08, -0.66), (-0.23, -0.68),
]
# fmt: on


def sitter(sheet: Sheet, x: float, y: float, metre: float, coat: str, *, hair: str = NIGHT) -> None:
    """Someone seated on a chair with the back to us; (x, y) is the floor under the seat."""
    body = Body(sheet, x, y, metre)
    for side in (-0.19, 0.19):
        body.line(NIGHT, [(side, -0.45), (side * 1.12, 0)], 0.045)
    body.fill(coat, SEATED, curved=True, rough=0)
    folds = (
        (-0.2, -0.92, -0.17, -0.5),
        (-0.03, -0.98, -0.02, -0.55),
        (0.07, -0.9, 0.1, -0.52),
        (0.2, -0.92, 0.17, -0.5),
    )
    body.cuts(mix(coat, NIGHT, 0.65), *((*fold, 0.03) for fold in folds))
    body.line(mix(coat, PAPER, 0.6), [(-0.225, -0.95), (-0.245, -0.8), (-0.25, -0.66)], 0.03, 0.01)
    body.fill(mix(SKIN, INK, 0.25), [(-0.05, -1.2), (0.05, -1.2), (0.06, -1.08), (-0.06, -1.08)], rough=0)
    body.fill(SKIN, ellipse(-0.1, -1.22, 0.025, 0.04, 10), ellipse(0.1, -1.22, 0.025, 0.04, 10), rough=0)
    body.fill(hair, SEATED_HEAD, curved=True, rough=0)
    locks = ((-0.05, -1.34, -0.06, -1.19), (-0.01, -1.35, -0.01, -1.17), (0.04, -1.34, 0.045, -1.18))
    body.cuts(mix(hair, PAPER, 0.35), *((*lock, 0.014) for lock in locks))
    for height in (-0.84, -0.68, -0.52):
        body.line(NIGHT, [(-0.21, height), (0, height - 0.02), (0.21, height)], 0.05)
    for side in (-1, 1):
        body.line(NIGHT, [(0.2 * side, -0.4), (0.215 * side, -0.86)], 0.045)
    body.line(NIGHT, [(-0.23, -0.43), (0.23, -0.43)], 0.06)


def child(sheet: Sheet, x: float, y: float, metre: float) -> None:
    """A child reading on the floor beside a heap of books."""
    body = Body(sheet, x, y, metre)
    body.fill(NIGHT, [(-0.4, 0.03), (0.5, 0.05), (1.1, -0.08), (0.3, -0.1)])
    for low, left, colour in (
        (0, 0.42, BRICK),
        (-0.055, 0.45, SAND),
        (-0.11, 0.4, RIVER),
        (-0.165, 0.435, OCHRE),
    ):
        body.fill(
            colour, [(left, low), (left + 0.3, low), (left + 0.3, low - 0.05), (left, low - 0.05)], rough=0
        )
    body.fill(SLATE, CHILD_LEGS, curved=True)
    body.fill(OCHRE, CHILD, curved=True)
    body.hatch(EARTH, [(-0.02, -0.5), (0.2, -0.48), (0.22, -0.05), (0.04, -0.03)], 82, 8, 4)
    body.fill(SKIN, [(-0.045, -0.6), (0.045, -0.6), (0.05, -0.53), (-0.05, -0.53)], rough=0)
    body.fill(NIGHT, ellipse(0, -0.69, 0.095, 0.115, 18), rough=0)
    for side in (-1, 1):
        body.line(NIGHT, [(side * 0.07, -0.63), (side * 0.12, -0.55), (side * 0.11, -0.44)], 0.05, 0.02)


def cheesemaker(sheet: Sheet, x: float, y: float, metre: float) -> None:
    """Half turned to the shelf on the right, a wheel on edge between her hands."""
    body = Body(sheet, x, y, metre)
    body.fill(NIGHT, ellipse(0.12, -0.01, 0.5, 0.07))
    for shift in (-0.13, 0.12):
        body.fill(SLATE, [(px + shift, py) for px, py in LEG])
        body.fill(NIGHT, [(px + shift, py) for px, py in BOOT])
        body.cuts(
            NIGHT,
            (shift - 0.03, -0.8, shift - 0.02, -0.2, 0.025),
            (shift + 0.06, -0.7, shift + 0.05, -0.2, 0.03),
        )
    body.limb(mix(PAPER, SLATE, 0.5), [(0.18, -1.36), (0.42, -1.26), (0.64, -1.37)], 0.16, 0.08)
    _held_wheel(body)
    body.fill(PAPER, TORSO, curved=True)
    with sheet.clip(body.put(TORSO, curved=True)):
        body.hatch(MIST, [(-0.26, -1.45), (0.02, -1.5), (0.06, -0.7), (-0.26, -0.7)], 82, 9, 5)
        body.hatch(SLATE, [(-0.3, -1.35), (-0.12, -1.3), (-0.14, -0.7), (-0.3, -0.7)], 80, 11, 5)
    body.fill(RIVER, APRON)
    body.hatch(NIGHT, APRON, 84, 10, 4, 40)
    body.line(NIGHT, [(-0.23, -1.0), (0.22, -1.0)], 0.03)
    body.cuts(PAPER, (-0.01, -1.0, -0.06, -0.84, 0.035), (-0.01, -1.0, 0.05, -0.84, 0.035))
    arm = [(-0.16, -1.4), (0.02, -1.2), (0.3, -1.1), (0.55, -1.16)]
    body.limb(NIGHT, [(px, py + 0.012) for px, py in arm], 0.17, 0.095)
    body.limb(mix(PAPER, MIST, 0.25), arm, 0.155, 0.075)
    body.fill(SKIN, ellipse(0.6, -1.18, 0.06, 0.045, 12), ellipse(0.68, -1.4, 0.045, 0.04, 12), rough=0)
    body.fill(
        SKIN,
        [(-0.05, -1.62), (0.07, -1.62), (0.075, -1.48), (-0.055, -1.48)],
        ellipse(0.02, -1.63, 0.108, 0.05, 14),
    )
    body.fill(BRICK, SCARF, curved=True)
    body.fill(
        RUST, [(-0.02, -1.58), (0.02, -1.54), (0.07, -1.58), (0.09, -1.44), (0.03, -1.5), (-0.05, -1.43)]
    )
    folds = ((-0.07, -1.72, 0.0, -1.57), (0.0, -1.76, 0.02, -1.58), (0.1, -1.72, 0.05, -1.58))
    body.cuts(RUST, *((*fold, 0.028) for fold in folds))


def _held_wheel(body: Body) -> None:
    face = ellipse(0.78, -1.38, 0.13, 0.29, 26)
    rind = mix(OCHRE, EARTH, 0.4)
    body.fill(
        rind,
        [(px - 0.13, py + 0.01) for px, py in face],
        [(0.65, -1.66), (0.78, -1.67), (0.78, -1.09), (0.65, -1.08)],
    )
    body.fill(mix(OCHRE, PAPER, 0.5), face)
    body.hatch(OCHRE, ellipse(0.79, -1.38, 0.1, 0.24, 20), 60, 9, 4, 40)


def ropemaker(sheet: Sheet, x: float, y: float, metre: float, *, far: Point) -> None:
    """Walking backwards towards us, two yarns running from her waist to the spot `far`."""
    body = Body(sheet, x, y, metre)
    for dx in (-0.16, 0.2):
        start = body.put([(dx, -1.02)])[0]
        sheet.fill(NIGHT, ribbon([far, start], 3.5, 16), rough=0)
        sheet.fill(SAND, ribbon([far, start], 2, 10), rough=0)
    body.fill(mix(EARTH, NIGHT, 0.6), [(-0.2, 0.02), (0.25, 0.02), (1.5, -0.22), (1.3, -0.32)])
    body.fill(INK, RAISED_LEG)
    body.fill(SLATE, STANDING_LEG)
    body.fill(
        NIGHT,
        [(0.03, -0.2), (0.18, -0.2), (0.17, -0.06), (0.05, -0.04)],
        [(-0.17, -0.14), (0.0, -0.14), (0.01, 0.03), (-0.18, 0.03)],
    )
    body.cuts(NIGHT, (-0.1, -0.8, -0.08, -0.2, 0.036), (-0.04, -0.7, -0.05, -0.3, 0.028))
    for side in (-1, 1):
        arm = [(side * 0.2, -1.38), (side * 0.31, -1.15), (side * 0.22, -0.98)]
        body.limb(mix(BRICK, INK, 0.35) if side > 0 else BRICK, arm, 0.13, 0.09)
    body.fill(BRICK, TORSO, curved=True)
    with sheet.clip(body.put(TORSO, curved=True)):
        body.hatch(NIGHT, [(0.0, -1.5), (0.3, -1.5), (0.3, -0.7), (0.06, -0.7)], 82, 10, 6, 60)
        body.hatch(
            mix(BRICK, PAPER, 0.45), [(-0.26, -1.5), (-0.13, -1.5), (-0.14, -0.7), (-0.26, -0.7)], 84, 10, 4
        )
    for side in (-1, 1):
        body.line(STONE, [(-0.14 * side, -1.47), (0.1 * side, -0.98)], 0.04)
    body.fill(STONE, WORK_APRON)
    body.hatch(SLATE, [(0.0, -1.0), (0.22, -1.0), (0.23, -0.68), (0.05, -0.68)], 84, 9, 4, 40)
    body.fill(
        SKIN,
        [(-0.05, -1.6), (0.05, -1.6), (0.06, -1.47), (-0.06, -1.47)],
        ellipse(0, -1.63, 0.107, 0.04, 14),
        rough=0,
    )
    body.fill(NIGHT, ellipse(0, -1.67, 0.098, 0.125, 20), ellipse(0.0, -1.585, 0.05, 0.04, 12), rough=0)
    body.cuts(EARTH, *((-0.06 + k * 0.04, -1.77, -0.03 + k * 0.02, -1.6, 0.02) for k in range(4)))
