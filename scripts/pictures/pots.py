"""Thrown pots: a profile turned on the wheel, lit from the left."""

from __future__ import annotations

from pictures.inks import NIGHT, mix
from pictures.shapes import Point, ellipse, smooth
from pictures.sheet import Sheet

# Half width at each height, from the foot (0) to the rim (1); widths are shares of the height.
VASE = [
    (0, 0.17),
    (0.05, 0.18),
    (0.3, 0.31),
    (0.55, 0.36),
    (0.74, 0.27),
    (0.86, 0.13),
    (0.93, 0.12),
    (1, 0.17),
]
JAR = [(0, 0.26), (0.1, 0.31), (0.45, 0.43), (0.75, 0.38), (0.9, 0.25), (1, 0.27)]
BOWL = [(0, 0.3), (0.1, 0.3), (0.14, 0.42), (0.5, 0.85), (1, 1.05)]
BOTTLE = [(0, 0.2), (0.08, 0.22), (0.4, 0.25), (0.55, 0.2), (0.66, 0.08), (0.92, 0.065), (1, 0.1)]
BEAKER = [(0, 0.3), (0.2, 0.33), (0.7, 0.36), (1, 0.4)]


def pot(
    sheet: Sheet,
    x: float,
    y: float,
    height: float,
    profile: list[Point],
    clay: str,
    *,
    glaze: str = "",
    seen: float = 0.12,
) -> None:
    """A pot standing at (x, y); `seen` is the height of its ellipses to their width: how far we look down on it."""
    widths = smooth([(level, half) for level, half in profile], closed=False, steps=5)
    right = [(x + half * height, y - level * height) for level, half in widths]
    left = [(2 * x - px, py) for px, py in right]
    foot_half, rim_half = widths[0][1] * height, widths[-1][1] * height
    foot = ellipse(x, y, foot_half, foot_half * seen, 14, 0, 180)
    body = [*left[::-1], *foot[::-1], *right]
    sheet.fill(clay, body, rough=0.5)
    with sheet.clip(body):
        if glaze:
            _glaze(sheet, x, y, height, widths, glaze, seen)
        _turned(sheet, x, y, height, widths, mix(clay, NIGHT, 0.7), seen)
    rim = ellipse(x, y - height, rim_half, max(2.0, rim_half * seen), 24)
    sheet.fill(mix(clay, NIGHT, 0.75), rim, rough=0)
    sheet.gouge(
        mix(clay, "#f3ead8", 0.65),
        [
            (
                (x - rim_half, y - height),
                (x + rim_half * 0.4, y - height + rim_half * seen),
                max(2.0, height * 0.014),
            )
        ],
    )


def _glaze(
    sheet: Sheet, x: float, y: float, height: float, widths: list[Point], glaze: str, seen: float
) -> None:
    """The shoulder dipped, the edge running down in drops."""
    top, edge = y - height * 1.05, y - height * 0.42
    wide = max(half for _, half in widths) * height
    drops = [
        (x + wide * (1.1 - at * 0.22), edge + sheet.random.uniform(-0.05, 0.13) * height) for at in range(11)
    ]
    sheet.fill(
        glaze,
        [(x - wide * 1.1, top), (x + wide * 1.1, top), *smooth(drops, closed=False, steps=4)],
        rough=0.4,
    )


def _turned(
    sheet: Sheet, x: float, y: float, height: float, widths: list[Point], shade: str, seen: float
) -> None:
    """Throwing rings: short arcs that gather on the dark side, and a few lights on the other."""
    dark, light = [], []
    step = max(1, round(5 / max(2.0, height / len(widths))))
    for level, half in widths[1:-1:step]:
        wide, line = half * height, y - level * height
        start = sheet.random.uniform(0.0, 0.28)
        dark.append(
            ((x + wide * start, line + wide * seen * 0.9), (x + wide * 1.02, line), max(2.2, height * 0.024))
        )
        if sheet.random.random() < 0.5:
            light.append(
                (
                    (x - wide * 0.86, line + wide * seen * 0.4),
                    (x - wide * 0.5, line + wide * seen * 0.8),
                    max(2.0, height * 0.017),
                )
            )
    sheet.gouge(shade, dark)
    sheet.gouge("#f3ead8", light)
