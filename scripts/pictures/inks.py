"""The six inks every drawing is printed with, and their tints."""

from __future__ import annotations

INK = "#22303a"
RIVER = "#3f6f73"
OCHRE = "#d19a3f"
BRICK = "#a8452f"
PAPER = "#f3ead8"
SKY = "#c9d6d2"


def mix(first: str, second: str, share: float) -> str:
    """The tint with `share` (0 to 1) of the second ink in the first."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


NIGHT = mix(INK, "#000000", 0.28)
SLATE = mix(INK, RIVER, 0.45)
MIST = mix(SKY, RIVER, 0.35)
SAND = mix(PAPER, OCHRE, 0.38)
RUST = mix(BRICK, INK, 0.45)
EARTH = mix(OCHRE, INK, 0.5)
STONE = mix(SKY, OCHRE, 0.25)
