"""Small people: walkers seen from the side, standing people from behind. No faces."""

from __future__ import annotations

from pictures.inks import BRICK, INK, NIGHT, PAPER, mix
from pictures.shapes import ellipse, placed, smooth
from pictures.sheet import Sheet

# One metre of height, the feet at the origin, walking to the right.
LEGS = (
    [
        (-0.05, -0.5),
        (0.07, -0.5),
        (0.085, -0.27),
        (0.15, -0.03),
        (0.21, -0.015),
        (0.2, 0),
        (0.09, 0),
        (0.03, -0.25),
    ],
    [
        (-0.05, -0.5),
        (0.05, -0.5),
        (-0.01, -0.25),
        (-0.13, -0.06),
        (-0.1, -0.01),
        (-0.14, 0),
        (-0.2, -0.06),
        (-0.075, -0.27),
    ],
)
COAT = [
    (-0.03, -0.845), (0.05, -0.835), (0.1, -0.76), (0.11, -0.62), (0.1, -0.5), (0.125, -0.36),
    (-0.12, -0.34), (-0.09, -0.5), (-0.115, -0.66), (-0.095, -0.79),
]  # fmt: skip
ARM = [
    (-0.02, -0.79),
    (0.04, -0.77),
    (0.05, -0.6),
    (0.12, -0.47),
    (0.09, -0.44),
    (-0.01, -0.57),
    (-0.04, -0.7),
]
STANDING_LEGS = (
    [(-0.09, -0.45), (0, -0.45), (-0.012, -0.02), (-0.03, 0), (-0.1, 0), (-0.075, -0.04)],
    [(0, -0.45), (0.09, -0.45), (0.08, -0.04), (0.11, 0), (0.03, 0), (0.015, -0.02)],
)
BACK = [
    (-0.045, -0.845), (0.045, -0.845), (0.125, -0.8), (0.155, -0.7), (0.165, -0.5), (0.16, -0.42), (0.125, -0.42),
    (0.12, -0.36), (-0.12, -0.36), (-0.125, -0.42), (-0.16, -0.42), (-0.165, -0.5), (-0.155, -0.7), (-0.125, -0.8),
]  # fmt: skip


def walker(
    sheet: Sheet, x: float, y: float, height: float, coat: str, *, flip: bool = False, hat: str = ""
) -> None:
    """Someone walking to the right (`flip`: to the left), the feet at (x, y)."""
    for leg in LEGS:
        sheet.fill(NIGHT, placed(leg, x, y, height, flip=flip), rough=0)
    sheet.fill(INK, placed(ellipse(0.03, -0.915, 0.055, 0.072, 14), x, y, height, flip=flip), rough=0)
    sheet.fill(coat, placed(smooth(COAT), x, y, height, flip=flip), rough=0)
    sheet.fill(mix(coat, INK, 0.45), placed(smooth(ARM), x, y, height, flip=flip), rough=0)
    if hat:
        cap = [(-0.04, -0.93), (-0.02, -0.99), (0.05, -1.0), (0.085, -0.94)]
        sheet.fill(hat, placed(cap, x, y, height, flip=flip), rough=0)
    _scarf(sheet, x, y, height)


def stander(sheet: Sheet, x: float, y: float, height: float, coat: str, *, hair: str = INK) -> None:
    """Someone standing with the back to us, the feet at (x, y)."""
    skin = mix(BRICK, PAPER, 0.5)
    for leg in STANDING_LEGS:
        sheet.fill(NIGHT, placed(leg, x, y, height), rough=0)
    sheet.fill(coat, placed(smooth(BACK), x, y, height), rough=0)
    sheet.fill(
        skin, placed([(-0.03, -0.9), (0.03, -0.9), (0.035, -0.82), (-0.035, -0.82)], x, y, height), rough=0
    )
    sheet.fill(skin, placed(ellipse(0, -0.91, 0.062, 0.022, 12), x, y, height), rough=0)
    sheet.fill(hair, placed(ellipse(0, -0.925, 0.055, 0.072, 16), x, y, height), rough=0)
    folds = [(-0.11, -0.72, -0.115, -0.44), (0.0, -0.7, 0.01, -0.4), (0.115, -0.72, 0.12, -0.44)]
    strokes = [
        ((x + a * height, y + b * height), (x + c * height, y + d * height), height * 0.018)
        for a, b, c, d in folds
    ]
    sheet.gouge(mix(coat, INK, 0.6), strokes)
    _scarf(sheet, x, y, height)


def _scarf(sheet: Sheet, x: float, y: float, height: float) -> None:
    sheet.gouge(
        PAPER,
        [((x - 0.06 * height, y - 0.825 * height), (x + 0.07 * height, y - 0.83 * height), 0.03 * height)],
    )
