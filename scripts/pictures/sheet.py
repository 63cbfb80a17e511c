"""A sheet of 1600 × 1067 pixels and the tools that cut into it: fills, gouges, hatching, ripples."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from random import Random

from pictures.inks import PAPER
from pictures.shapes import Point, Polygon, Tone, between, chords, ribbon, roughened

WIDTH, HEIGHT = 1600, 1067
WHOLE = [(0.0, 0.0), (1600.0, 0.0), (1600.0, 1067.0), (0.0, 1067.0)]

Stroke = tuple[Point, Point, float]


class Sheet:
    """What is printed so far, bottom layer first. The seed makes every drawing the same each time."""

    def __init__(self, title: str, *, seed: int, ground: str) -> None:
        self.title = title
        self.random = Random(seed)
        self.parts: list[str] = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{ground}"/>']
        self.clips = 0

    def svg(self) -> str:
        body = "\n".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">\n'
            f"<title>{self.title}</title>\n{body}\n</svg>\n"
        )

    def fill(self, colour: str, *polygons: Polygon, rough: float = 1.6) -> None:
        """Flat ink, its edges cut by hand."""
        self._path(colour, (_outline(roughened(one, rough, self.random)) for one in polygons if len(one) > 2))

    def line(
        self, colour: str, points: Polygon, width: float, end: float | None = None, *, rough: float = 0.8
    ) -> None:
        """A line standing proud of the block, `width` pixels at its beginning and `end` at its end."""
        points = roughened(points, rough, self.random, closed=False)
        self._path(colour, [_outline(ribbon(points, width, width if end is None else end))])

    def gouge(self, colour: str, strokes: Iterable[Stroke]) -> None:
        """Strokes of the gouge, pointed at both ends, widest a little behind the middle."""
        self._path(colour, (self._lens(*stroke) for stroke in strokes))

    def hatch(
        self,
        colour: str,
        polygon: Polygon,
        angle: float = 0,
        gap: float = 9,
        width: float = 4,
        *,
        tone: Tone | None = None,
        length: float = 70,
    ) -> None:
        """Broken parallel gouges over a polygon, swelling with `tone` (0 none, 1 full width)."""
        self.gouge(colour, self._hatching(polygon, angle, gap, width, tone, length))

    def flecks(
        self,
        colour: str,
        polygon: Polygon,
        count: int,
        size: float = 12,
        width: float = 2.5,
        angle: float = 0,
    ) -> None:
        """Ridges the gouge left standing: short marks strewn over a polygon."""
        marks = chords(polygon, angle, 3, self.random)
        strokes = []
        for a, b in self.random.choices(marks, weights=[math.dist(*mark) for mark in marks], k=count):
            x, y = between(a, b, self.random.random())
            turn = math.radians(angle + self.random.gauss(0, 6))
            half = size * self.random.uniform(0.3, 0.8)
            dx, dy = half * math.cos(turn), half * math.sin(turn)
            strokes.append(((x - dx, y - dy), (x + dx, y + dy), width * self.random.uniform(0.5, 1.1)))
        self.gouge(colour, strokes)

    def label(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        *,
        colour: str,
        turn: float = 0,
        slanted: bool = False,
        bold: bool = False,
    ) -> None:
        """A place name on a map, from (x, y) rightwards, with a paper edge round its letters."""
        style = f"font:{'italic ' if slanted else ''}{'bold ' if bold else ''}{size}px 'DejaVu Serif',serif"
        self.parts.append(
            f'<text x="{x}" y="{y}" transform="rotate({turn} {x} {y})" fill="{colour}" stroke="{PAPER}" stroke-width="10" '
            f'stroke-linejoin="round" paint-order="stroke" style="{style}">{text}</text>'
        )

    def ripples(
        self,
        colour: str,
        polygon: Polygon,
        horizon: float,
        *,
        gap: float = 0.05,
        width: float = 0.02,
        tone: Tone | None = None,
    ) -> None:
        """Horizontal gouges on water, longer, wider and farther apart the farther below the horizon."""
        strokes = []
        for a, b in chords(polygon, 0, 2.5, self.random):
            depth = a[1] - horizon
            if depth < 3 or self.random.random() > 2.5 / max(2.5, depth * gap):
                continue
            x = a[0] - self.random.uniform(0, 60)
            while x < b[0]:
                reach = (18 + depth * 0.28) * self.random.uniform(0.5, 1.5)
                weight = tone(x + reach / 2, a[1]) if tone else 1.0
                y = a[1] + self.random.uniform(-1, 1) * depth * gap * 0.3
                if self.random.random() < weight:
                    left, right = max(a[0], x), min(b[0], x + reach)
                    if right - left > 6:
                        strokes.append(((left, y), (right, y), max(1.6, depth * width) * (0.5 + weight / 2)))
                x += reach * self.random.uniform(1.02, 1.5)
        self.gouge(colour, strokes)

    def mirror(self) -> None:
        """Everything printed so far, left for right."""
        self.parts = ['<g transform="matrix(-1 0 0 1 1600 0)">', *self.parts, "</g>"]

    @contextmanager
    def clip(self, *polygons: Polygon) -> Iterator[None]:
        """What is printed inside shows only within the polygons."""
        self.clips += 1
        outline = "".join(_outline(one) for one in polygons)
        self.parts.append(
            f'<clipPath id="c{self.clips}"><path d="{outline}"/></clipPath><g clip-path="url(#c{self.clips})">'
        )
        yield
        self.parts.append("</g>")

    def _hatching(
        self, polygon: Polygon, angle: float, gap: float, width: float, tone: Tone | None, length: float
    ) -> Iterator[Stroke]:
        for a, b in chords(polygon, angle, gap, self.random):
            whole = math.dist(a, b)
            at = -length * self.random.random() * 0.6
            while at < whole:
                reach = length * self.random.uniform(0.6, 1.4)
                start, end = max(0.0, at), min(whole, at + reach)
                at += reach + gap * self.random.uniform(-0.4, 0.5)
                if end - start < 3:
                    continue
                p, q = between(a, b, start / whole), between(a, b, end / whole)
                weight = tone((p[0] + q[0]) / 2, (p[1] + q[1]) / 2) if tone else 1.0
                if (
                    weight > 0.08
                    and max(p[0], q[0]) > -40
                    and min(p[0], q[0]) < 1640
                    and max(p[1], q[1]) > -40
                    and min(p[1], q[1]) < 1107
                ):
                    slim = min(1.0, weight, math.dist(p, q) / width / 4)
                    yield p, q, width * slim * self.random.uniform(0.8, 1.15)

    def _lens(self, a: Point, b: Point, width: float) -> str:
        length = math.dist(a, b) or 1.0
        nx, ny = -(b[1] - a[1]) / length * width, (b[0] - a[0]) / length * width
        x, y = between(a, b, self.random.uniform(0.45, 0.65))
        lean = self.random.uniform(-0.25, 0.25)
        up, down = 1 + lean, -1 + lean
        bends = [a, (x + nx * up, y + ny * up), b, (x + nx * down, y + ny * down), a]
        return _moved(bends, "q")

    def _path(self, colour: str, outlines: Iterable[str]) -> None:
        drawn = "".join(outlines)
        if drawn:
            self.parts.append(f'<path fill="{colour}" d="{drawn}"/>')


def _outline(points: Polygon) -> str:
    return _moved(points, "l") + "z"


def _moved(points: Polygon, how: str) -> str:
    """The points as relative steps of tenths of a pixel, written as short as SVG allows."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    steps = [value for (ax, ay), (bx, by) in pairwise(tenths) for value in ((bx - ax, by - ay))]
    if how == "q":  # a control point and the end after it both count from the curve's start
        starts = [tenths[at - at % 2] for at in range(len(tenths) - 1)]
        steps = [v for (sx, sy), (x, y) in zip(starts, tenths[1:], strict=True) for v in (x - sx, y - sy)]
    return f"M{_number(tenths[0][0])}{_joined(tenths[0][1])}{how}" + "".join(map(_joined, steps)).lstrip()


def _joined(tenths: int) -> str:
    number = _number(tenths)
    return number if number.startswith("-") else f" {number}"


def _number(tenths: int) -> str:
    return f"{tenths / 10:g}".replace("0.", ".", 1) if abs(tenths) < 10 else f"{tenths / 10:g}"
