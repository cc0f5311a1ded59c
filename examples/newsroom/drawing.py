"""The sheet on which a picture is drawn, its colours, and what several pictures show."""

import random
from collections.abc import Sequence

from PIL import Image, ImageColor, ImageDraw

WIDTH, HEIGHT = 1280, 720
SCALE = 2  # drawn larger and shrunk, so that edges are smooth
HORIZON = 430

Points = Sequence[tuple[float, float]]

INK, SLATE, STONE, CHALK = "#22304a", "#4a5d78", "#b9b3a4", "#f6f1e4"
RED, RUST, GOLD, MOSS = "#c8473d", "#a8623c", "#f2c14e", "#6f8f5f"


class Scene:
    """A sheet of paper with 1280 by 720 places."""

    def __init__(self, name: str) -> None:
        self.sheet = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
        self.pen = ImageDraw.Draw(self.sheet)
        self.chance = random.Random(name)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        self.shape(corners, colour)

    def shape(self, points: Points, colour: str) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        self.oval(x - radius, y - radius, 2 * radius, 2 * radius, colour)

    def oval(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        edges = (x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE)
        self.pen.ellipse(edges, fill=colour)

    def line(self, points: Points, colour: str, width: float = 4) -> None:
        placed = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(placed, fill=colour, width=round(width * SCALE), joint="curve")

    def bands(self, top: float, bottom: float, above: str, below: str, count: int) -> None:
        """A slow change of colour, in flat steps."""
        step = (bottom - top) / count
        for band in range(count):
            self.box(0, top + band * step, WIDTH, step + 1, mixed(above, below, band / (count - 1)))

    def ripples(self, top: float, bottom: float, colour: str, count: int) -> None:
        for _ in range(count):
            depth = self.chance.random() ** 0.8
            x, y = self.chance.uniform(-40, WIDTH), top + 14 + depth * (bottom - top - 20)
            self.line([(x, y), (x + 18 + 60 * depth, y)], colour, 2 + 2 * depth)

    def cloud(self, x: float, y: float, size: float, colour: str) -> None:
        for shift, radius in ((-1.1, 0.42), (-0.35, 0.75), (0.45, 0.6), (1.15, 0.36)):
            self.disc(x + shift * size, y - radius * size, radius * size, colour)
        self.box(x - 1.1 * size, y - 0.5 * size, 2.25 * size, 0.5 * size, colour)

    def gull(self, x: float, y: float, size: float, colour: str = CHALK) -> None:
        left = [(x - size, y - size * 0.35), (x - size * 0.45, y - size * 0.5), (x, y)]
        right = [(x, y), (x + size * 0.45, y - size * 0.5), (x + size, y - size * 0.35)]
        self.line([*left, *right], colour, max(2, size / 7))

    def house(self, x: float, base: float, width: float, height: float, wall: str) -> None:
        self.box(x, base - height, width, height, wall)
        roof = [(x - 6, base - height), (x + width / 2, base - height - width * 0.5)]
        self.shape([*roof, (x + width + 6, base - height)], mixed(wall, INK, 0.55))
        for column in range(2):
            for row in range(int(height // 52)):
                left, top = x + width * (0.2 + 0.38 * column), base - height + 16 + row * 48
                self.box(left, top, width * 0.22, 26, mixed(GOLD, CHALK, 0.4))

    def boat(self, x: float, y: float, size: float, hull: str) -> None:
        """A fishing boat; `x` is its middle and `y` its waterline."""
        bow, stern = x + 1.6 * size, x - 1.4 * size
        sides = [(stern, y - 0.55 * size), (bow, y - 0.75 * size)]
        self.shape([*sides, (x + 1.15 * size, y), (x - 1.15 * size, y)], hull)
        stripe = [(stern, y - 0.55 * size), (bow, y - 0.75 * size)]
        self.line(stripe, CHALK, 0.09 * size)
        self.box(x - 0.75 * size, y - 1.3 * size, 0.8 * size, 0.7 * size, CHALK)
        self.box(x - 0.6 * size, y - 1.18 * size, 0.5 * size, 0.25 * size, SLATE)
        self.line([(x + 0.4 * size, y - 0.6 * size), (x + 0.4 * size, y - 2.1 * size)], INK, 5)
        self.line([(x + 0.4 * size, y - 2 * size), (bow, y - 0.75 * size)], INK, 2)
        self.line([(x + 0.4 * size, y - 2 * size), (stern, y - 0.55 * size)], INK, 2)

    def mirror(self, x: float, top: float, width: float, length: float, colour: str) -> None:
        """A light on the water, in strips."""
        for strip in range(int(length // 18)):
            wide = width * (1 - 0.4 * strip * 18 / length) * self.chance.uniform(0.6, 1.1)
            self.box(x - wide / 2, top + strip * 18, wide, 6, colour)


def mixed(one: str, other: str, share: float) -> str:
    pairs = zip(ImageColor.getrgb(one), ImageColor.getrgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
