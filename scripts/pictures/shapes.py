"""Points and polygons: roughening, smoothing, hatching, perspective. Pixels, y downwards; metres in a `View`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

Point = tuple[float, float]
Polygon = Sequence[Point]
Place = tuple[float, float, float]
Tone = Callable[[float, float], float]


@dataclass(frozen=True)
class View:
    """An eye with a shift lens: verticals stay vertical. x right, y up, z away from the eye, in metres."""

    eye: Place
    focal: float = 1200.0
    centre: Point = (800.0, 533.0)
    yaw: float = 0.0

    def at(self, x: float, y: float, z: float) -> Point:
        """Where a place falls on the sheet; what lies behind the eye is drawn from 20 cm in front of it."""
        x, y, z = x - self.eye[0], y - self.eye[1], z - self.eye[2]
        cos, sin = math.cos(self.yaw), math.sin(self.yaw)
        x, z = x * cos - z * sin, max(0.2, x * sin + z * cos)
        return self.centre[0] + self.focal * x / z, self.centre[1] - self.focal * y / z

    def all(self, *places: Place) -> list[Point]:
        return [self.at(*place) for place in places]

    def level(self, y: float, x: float, to_x: float, z: float, to_z: float) -> list[Point]:
        """A level rectangle at height y."""
        return self.all((x, y, z), (x, y, to_z), (to_x, y, to_z), (to_x, y, z))

    def upright(self, x: float, low: float, high: float, z: float, to_z: float) -> list[Point]:
        """A rectangle of a wall that runs away from the eye at x."""
        return self.all((x, low, z), (x, high, z), (x, high, to_z), (x, low, to_z))

    def scale(self, z: float) -> float:
        """Pixels a metre at depth z, where the eye looks straight ahead."""
        return self.focal / max(0.2, z - self.eye[2])


def between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def box(x: float, y: float, width: float, height: float) -> list[Point]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def ellipse(
    x: float, y: float, rx: float, ry: float, steps: int = 28, start: float = 0, end: float = 360
) -> list[Point]:
    """Points on an ellipse between two angles in degrees, clockwise on the sheet from the right."""
    angles = [math.radians(start + (end - start) * at / steps) for at in range(steps + (end - start < 360))]
    return [(x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles]


def placed(points: Polygon, x: float, y: float, scale: float = 1.0, *, flip: bool = False) -> list[Point]:
    """A shape drawn round its own origin, put down elsewhere."""
    side = -scale if flip else scale
    return [(x + px * side, y + py * scale) for px, py in points]


def roughened(points: Polygon, amount: float, random: Random, *, closed: bool = True) -> list[Point]:
    """The outline as a knife would leave it: short straight facets a little off the line."""
    rough: list[Point] = []
    ends = [*points[1:], points[0]] if closed else list(points[1:])
    for a, b in zip(points, ends, strict=False):
        length = math.dist(a, b)
        rough.append(a)
        steps = min(60, int(length / 17))
        for step in range(1, steps):
            x, y = between(a, b, (step + random.uniform(-0.3, 0.3)) / steps)
            off = random.uniform(-amount, amount)
            rough.append((x - (b[1] - a[1]) / length * off, y + (b[0] - a[0]) / length * off))
    if not closed:
        rough.append(points[-1])
    return rough


def smooth(points: Polygon, *, closed: bool = True, steps: int = 6) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    count = len(points)
    curve: list[Point] = []
    for at in range(count if closed else count - 1):
        if closed:
            p = [points[(at + near) % count] for near in (-1, 0, 1, 2)]
        else:
            p = [points[min(count - 1, max(0, at + near))] for near in (-1, 0, 1, 2)]
        curve += [_catmull(p, step / steps) for step in range(steps)]
    return curve if closed else [*curve, points[-1]]


def _catmull(p: list[Point], t: float) -> Point:
    weights = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3)
    x, y = (sum(w * q[axis] for w, q in zip(weights, p, strict=True)) / 2 for axis in (0, 1))
    return x, y


def ribbon(points: Polygon, start: float, end: float) -> list[Point]:
    """The outline of a line drawn through the points, `start` pixels wide at its beginning, `end` at its end."""
    left, right = [], []
    for at, (x, y) in enumerate(points):
        before, after = points[max(0, at - 1)], points[min(len(points) - 1, at + 1)]
        length = math.dist(before, after) or 1.0
        half = (start + (end - start) * at / max(1, len(points) - 1)) / 2
        nx, ny = -(after[1] - before[1]) / length * half, (after[0] - before[0]) / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return left + right[::-1]


def chords(
    polygon: Polygon, angle: float, gap: float, random: Random, *, unrest: float = 0.15
) -> list[tuple[Point, Point]]:
    """Parallel lines across a polygon, `angle` degrees from the horizontal, about `gap` pixels apart."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    turned = [(x * cos + y * sin, -x * sin + y * cos) for x, y in polygon]
    level = min(y for _, y in turned) + gap * random.uniform(0.2, 0.8)
    bottom = max(y for _, y in turned)
    found = []
    while level < bottom:
        meets = sorted(
            ax + (level - ay) / (by - ay) * (bx - ax)
            for (ax, ay), (bx, by) in zip(turned, [*turned[1:], turned[0]], strict=True)
            if (ay <= level) != (by <= level)
        )
        for left, right in zip(meets[::2], meets[1::2], strict=False):
            found.append(
                (
                    (left * cos - level * sin, left * sin + level * cos),
                    (right * cos - level * sin, right * sin + level * cos),
                )
            )
        level += gap * random.uniform(1 - unrest, 1 + unrest)
    return found
