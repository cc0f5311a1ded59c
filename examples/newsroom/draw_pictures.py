"""Draws the pictures of the sample newsroom, the same at each run: python draw_pictures.py"""

import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw

FOLDER = Path(__file__).parent / "pictures"
WIDTH, HEIGHT = 1280, 720
SCALE = 2  # drawn larger and shrunk, so that edges are smooth
COLOURS = 96  # few enough for small files
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


def harbour(scene: Scene) -> None:
    scene.bands(0, HORIZON, "#8fb8cf", "#fbe3c0", 9)
    scene.disc(930, 300, 58, "#fff3d6")
    hill = [(0, 330), (180, 250), (420, 300), (640, 240), (900, 330), (1280, 290)]
    scene.shape([*hill, (1280, 460), (0, 460)], "#9fb7a5")
    walls = ("#d98e73", CHALK, "#7fa3b5", "#e6c98f", "#c3685d", "#a9bda0", "#efe0c8")
    for index in range(13):
        width, height = 72 + 9 * (index % 3), 92 + 38 * ((index * 5) % 4)
        scene.house(40 + index * 94, 455, width, height, walls[index % len(walls)])
    scene.box(0, 452, WIDTH, 34, STONE)
    scene.bands(486, HEIGHT, "#5f95a8", "#2f6580", 6)
    scene.ripples(486, HEIGHT, "#8dbac4", 46)
    scene.mirror(930, 500, 90, 200, "#f3dfb6")
    for x, y, size, hull in ((250, 590, 52, RED), (620, 545, 38, "#2f5d7c"), (1050, 640, 64, MOSS)):
        scene.boat(x, y, size, hull)
    for x, y, size in ((340, 130, 26), (420, 165, 18), (760, 110, 22)):
        scene.gull(x, y, size)


def ferry(scene: Scene) -> None:
    scene.bands(0, HORIZON, "#5da3cf", "#d9eef2", 9)
    scene.cloud(260, 170, 74, "#f3fafb")
    scene.cloud(1010, 120, 56, "#f3fafb")
    isle = [(860, 430), (960, 380), (1080, 366), (1190, 398), (1280, 384), (1280, 440), (860, 440)]
    scene.shape(isle, "#7ba17b")
    scene.bands(HORIZON, HEIGHT, "#3f8db0", "#1f5b82", 7)
    scene.ripples(HORIZON, HEIGHT, "#7fbad0", 60)
    scene.shape([(210, 470), (1080, 470), (1010, 580), (270, 580)], INK)
    scene.shape([(222, 490), (1070, 490), (1058, 506), (234, 506)], RED)
    scene.box(280, 390, 690, 80, CHALK)
    scene.box(360, 318, 500, 72, "#e9e2cf")
    scene.shape([(700, 318), (860, 318), (836, 262), (724, 262)], CHALK)
    scene.box(738, 276, 90, 22, SLATE)
    scene.shape([(440, 318), (530, 318), (522, 214), (448, 214)], RED)
    scene.box(447, 228, 77, 18, INK)
    for deck, count, start in ((412, 16, 306), (338, 11, 386)):
        for window in range(count):
            scene.box(start + window * 42, deck, 22, 24, SLATE)
    scene.line([(900, 318), (900, 230)], INK, 5)
    scene.shape([(903, 232), (960, 246), (903, 262)], GOLD)
    for puff in range(5):
        scene.disc(470 - puff * 52, 178 - puff * 20, 20 + puff * 9, "#e3edf0")
    foam = [(x, 580 + 8 * math.sin(x / 23)) for x in range(150, 1140, 10)]
    scene.line(foam, "#d8eef3", 9)
    for x, y, size in ((150, 300, 30), (980, 250, 24), (1120, 210, 18), (90, 240, 18)):
        scene.gull(x, y, size, "#ffffff")


def council_hall(scene: Scene) -> None:
    scene.bands(0, 520, "#a9cfe0", "#f6ecd6", 8)
    scene.cloud(200, 150, 60, "#f8fbfa")
    scene.cloud(1120, 200, 50, "#f8fbfa")
    scene.box(0, 518, WIDTH, 110, "#93ad7b")
    for index, x in enumerate((20, 130, 1040, 1150)):
        scene.house(x, 540, 100, 120 + 30 * (index % 2), ("#c98a6b", "#8ea9b0")[index % 2])
    scene.box(300, 260, 680, 300, "#e4d8bd")
    scene.shape([(270, 262), (640, 130), (1010, 262)], "#cdbf9f")
    scene.shape([(340, 250), (640, 146), (940, 250)], "#e9dfc8")
    scene.disc(640, 208, 26, SLATE)
    scene.disc(640, 208, 20, CHALK)
    scene.line([(640, 208), (640, 194)], INK, 3)
    scene.line([(640, 208), (651, 213)], INK, 3)
    scene.box(282, 262, 716, 22, "#b9aa88")
    for column in range(6):
        x = 334 + column * 116
        if column < 5:
            scene.box(x + 38, 330, 72, 210, "#8a99a3")
        scene.box(x, 290, 32, 250, CHALK)
        scene.box(x + 22, 290, 10, 250, "#d8ccb2")
        scene.box(x - 8, 284, 48, 14, "#cdbf9f")
        scene.box(x - 8, 536, 48, 14, "#cdbf9f")
    scene.box(604, 370, 72, 170, RUST)
    scene.box(638, 370, 4, 170, INK)
    for step in range(4):
        wide = 716 + step * 56
        scene.box(640 - wide / 2, 548 + step * 18, wide, 19, mixed(STONE, CHALK, 0.5 - step * 0.15))
    scene.box(0, 618, WIDTH, 110, "#86a36f")
    scene.shape([(560, 618), (720, 618), (860, 720), (420, 720)], "#d9cba8")
    scene.line([(640, 132), (640, 40)], INK, 5)
    scene.shape([(643, 42), (730, 56), (716, 70), (730, 92), (643, 86)], "#2f6f8f")
    scene.shape([(643, 58), (722, 70), (643, 73)], CHALK)
    for x in (180, 1100):
        scene.box(x - 7, 520, 14, 104, RUST)
        scene.disc(x, 480, 62, "#5f8457")
        scene.disc(x - 22, 458, 34, "#739a66")


def lighthouse(scene: Scene) -> None:
    scene.bands(0, HORIZON + 40, "#283a63", "#f0a67a", 11)
    for _ in range(34):
        x, y = scene.chance.uniform(0, WIDTH), scene.chance.uniform(0, 170)
        scene.disc(x, y, scene.chance.uniform(1.2, 2.6), "#dfe4ee")
    scene.shape([(858, 208), (0, 60), (0, 250)], "#5d6486")
    scene.shape([(858, 208), (0, 112), (0, 206)], "#8c869a")
    scene.shape([(882, 208), (1280, 150), (1280, 270)], "#5d6486")
    scene.bands(HORIZON + 40, HEIGHT, "#6b6f95", "#2b3d66", 6)
    scene.ripples(HORIZON + 40, HEIGHT, "#b98f95", 40)
    rock = [(560, 720), (600, 610), (680, 560), (760, 520), (980, 508), (1120, 540), (1280, 530)]
    scene.shape([*rock, (1280, 720)], "#33435a")
    grass = [(690, 556), (760, 520), (980, 508), (1120, 540), (1280, 530), (1280, 556), (960, 546)]
    scene.shape(grass, "#5b7560")
    scene.shape([(822, 520), (842, 250), (898, 250), (918, 520)], CHALK)
    for row in range(3):
        top, bottom = 290 + row * 78, 328 + row * 78
        left, right = 842 - 20 * (top - 250) / 270, 898 + 20 * (top - 250) / 270
        low_left, low_right = 842 - 20 * (bottom - 250) / 270, 898 + 20 * (bottom - 250) / 270
        scene.shape([(left, top), (right, top), (low_right, bottom), (low_left, bottom)], RED)
    scene.box(828, 240, 84, 12, INK)
    scene.box(848, 186, 44, 54, "#fff0b8")
    for x in (848, 868, 888):
        scene.box(x, 186, 4, 54, INK)
    scene.shape([(838, 188), (870, 150), (902, 188)], RED)
    scene.house(960, 530, 120, 62, CHALK)
    scene.boat(250, 590, 44, "#1f2d49")


def market(scene: Scene) -> None:
    scene.bands(0, 430, "#9cc7d6", "#f4ead2", 8)
    for index in range(9):
        wall = ("#cf9a7c", "#e9dcc0", "#8fabb3", "#d9b98a")[index % 4]
        scene.house(-20 + index * 150, 430, 128, 150 + 36 * (index % 3), wall)
    scene.box(0, 425, WIDTH, 300, "#c9bda4")
    for row in range(5):
        y = 452 + row * row * 9 + row * 22
        scene.line([(0, y), (WIDTH, y)], "#b8ab90", 2)
    for stall, (x, colour) in enumerate(((70, RED), (480, "#2f6f8f"), (890, MOSS))):
        scene.box(x + 10, 330, 10, 260, RUST)
        scene.box(x + 300, 330, 10, 260, RUST)
        scene.box(x + 20, 352, 280, 140, mixed(colour, INK, 0.65))
        for strip in range(8):
            left = x + strip * 40
            tint = colour if strip % 2 == 0 else CHALK
            scene.shape([(left + 14, 270), (left + 40, 270), (left + 40, 340), (left, 340)], tint)
            scene.disc(left + 20, 340, 20, tint)
        scene.box(x, 490, 320, 104, "#a9794f")
        scene.box(x, 490, 320, 12, "#c79a68")
        for box in range(4):
            left = x + 12 + box * 76
            scene.box(left, 464, 68, 30, "#d9b98a")
            for fish in range(4):
                body = left + 4 + fish * 15
                scene.oval(body, 452 + fish % 2 * 4, 30, 14, ("#9fb6c2", "#c7d3d6")[fish % 2])
        scene.disc(x + 160, 412, 24, ("#e0b090", "#c98f6f", "#eac3a0")[stall])
        scene.shape([(x + 118, 492), (x + 130, 440), (x + 190, 440), (x + 202, 492)], CHALK)
        scene.box(x + 138, 382, 44, 16, INK)
    for x, y, size in ((260, 120, 26), (640, 90, 32), (980, 150, 22), (1130, 90, 18)):
        scene.gull(x, y, size, "#ffffff")
    for x in (420, 830):
        scene.box(x, 600, 60, 62, "#a9794f")
        scene.box(x, 618, 60, 5, INK)
        scene.box(x, 642, 60, 5, INK)


def storm(scene: Scene) -> None:
    scene.bands(0, HEIGHT, "#333e52", "#6d8290", 10)
    for puff in range(12):
        scene.disc(puff * 118, 34 + 34 * (puff * 5 % 3), 92 + 14 * (puff % 2), "#29334a")
    bolt = [(930, 190), (880, 300), (918, 300), (868, 420), (962, 276), (922, 276), (968, 190)]
    scene.shape(bolt, "#f6e7a8")
    for depth, colour in enumerate(("#5a7788", "#48687c", "#36556c")):
        peak, length = 330 + depth * 74, 150 - depth * 18
        crest = [
            (x, peak + 84 * abs(math.sin(x / length + depth * 1.9)) ** 0.7)
            for x in range(0, WIDTH + 8, 8)
        ]
        scene.shape([*crest, (WIDTH, HEIGHT), (0, HEIGHT)], colour)
        scene.line(crest, "#c9d8dc", 5)
    scene.shape([(700, 720), (730, 512), (1280, 500), (1280, 720)], "#6f6a62")
    scene.shape([(724, 512), (1280, 498), (1280, 524), (722, 536)], "#948d80")
    for row in range(4):
        for column in range(7):
            joint = 730 + column * 92 + (row % 2) * 40
            scene.line([(joint, 546 + row * 46), (joint, 586 + row * 46)], "#59544d", 3)
        scene.line([(712, 544 + row * 46), (WIDTH, 540 + row * 46)], "#59544d", 3)
    for drop in range(150):
        height = (drop / 150) ** 0.7
        angle = -1.75 + scene.chance.uniform(-0.75, 0.75) * (0.4 + 0.6 * height)
        left, top = 712 + 330 * height * math.cos(angle), 556 + 390 * height * math.sin(angle)
        radius = scene.chance.uniform(0.7, 1.3) * (5 + 38 * (1 - height) ** 1.5)
        scene.disc(left, top, radius, ("#e4edef", "#e4edef", "#c9d8dc")[drop % 3])
    scene.box(1120, 380, 16, 122, INK)
    scene.disc(1128, 372, 20, RED)
    for _ in range(90):
        left, top = scene.chance.uniform(0, 1320), scene.chance.uniform(0, HEIGHT)
        scene.line([(left, top), (left - 16, top + 44)], "#90a3ae", 2)


def sea_wall(scene: Scene) -> None:
    scene.bands(0, HORIZON, "#b6d3dc", "#f5efe0", 8)
    scene.cloud(330, 160, 60, "#ffffff")
    scene.bands(HORIZON, HEIGHT, "#5b9bb0", "#2f6c87", 6)
    scene.ripples(HORIZON, HEIGHT, "#9cc9d2", 40)
    wall = [(560, 720), (700, 436), (760, 436), (1280, 640), (1280, 720)]
    scene.shape([(500, 430), (760, 424), (1280, 560), (1280, 720), (180, 720)], "#a39c8d")
    scene.shape([(500, 430), (560, 428), (420, 720), (180, 720)], "#7f786b")
    scene.shape(wall, "#c8bfae")
    for row in range(1, 8):
        share = (row / 8) ** 1.6
        y = 430 + 290 * share
        left, right = 500 - 320 * share, min(WIDTH, 740 + 900 * share)
        scene.line([(left, y), (right, y)], "#8d8678", 3)
        shift = 0.5 * (row % 2)
        for joint in range(9):
            x = left + (right - left) * (joint + shift) / 9
            scene.line([(x, y), (x - (640 - x) * -0.06, y + 20 + 60 * share)], "#8d8678", 3)
    scene.box(1008, 150, 22, 400, GOLD)
    scene.line([(700, 176), (1210, 150)], GOLD, 14)
    scene.line([(1019, 96), (760, 172)], INK, 3)
    scene.line([(1019, 96), (1200, 150)], INK, 3)
    scene.shape([(1008, 152), (1019, 92), (1030, 152)], GOLD)
    scene.box(1032, 168, 56, 52, INK)
    scene.box(1040, 176, 30, 24, "#9cc9d2")
    scene.box(1150, 158, 58, 44, SLATE)
    scene.line([(776, 176), (776, 320)], INK, 3)
    scene.box(730, 320, 92, 60, "#b3aa99")
    scene.box(958, 540, 124, 30, INK)
    for x, y, size in ((200, 260, 24), (270, 300, 16), (560, 220, 18)):
        scene.gull(x, y, size, SLATE)


def theatre(scene: Scene) -> None:
    scene.bands(0, HEIGHT, "#1d1830", "#33274a", 6)
    scene.shape([(640, 60), (1010, 560), (270, 560)], "#4b3d63")
    scene.shape([(640, 60), (900, 560), (380, 560)], "#6a5878")
    scene.oval(270, 500, 740, 120, "#8f7a83")
    scene.shape([(120, 560), (1160, 560), (1280, 720), (0, 720)], "#7a4f35")
    scene.oval(300, 548, 680, 80, "#b98d5c")
    for board in range(9):
        x = 160 + board * 120
        scene.line([(x, 560), (640 + (x - 640) * 1.3, 720)], "#643f2a", 3)
    for x, y, size in ((430, 600, 92), (640, 560, 72), (850, 600, 92), (640, 660, 108)):
        hull = [(x - size, y - size * 0.42), (x + size, y - size * 0.42)]
        scene.shape([*hull, (x + size * 0.66, y), (x - size * 0.66, y)], "#a9794f")
        scene.line(hull, "#e2bd84", 6)
        scene.shape(
            [
                (x - size * 0.2, y - size * 0.44),
                (x, y - size * 1.1),
                (x + size * 0.2, y - size * 0.44),
            ],
            INK,
        )
        scene.disc(x, y - size * 1.14, size * 0.16, "#e7bd97")
    scene.disc(640, 70, 26, "#fff0b8")
    scene.box(634, 0, 12, 50, INK)
    for side in (0, 1):
        for fold in range(6):
            near = fold * 40
            colour = ("#9c2f33", "#b83c3d")[fold % 2]
            edge = 250 - near
            points = [(near, 0), (near + 42, 0), (near + 30 - edge * 0.02, 650), (near - 12, 650)]
            if side:
                points = [(WIDTH - x, y) for x, y in points]
            scene.shape(points, colour)
    for swag in range(8):
        scene.oval(swag * 160 - 10, -70, 180, 150, ("#8a282d", "#a83639")[swag % 2])
    scene.box(0, 0, WIDTH, 22, GOLD)
    for seat in range(12):
        scene.oval(20 + seat * 106, 668, 86, 120, "#15111f")


def school(scene: Scene) -> None:
    scene.bands(0, HEIGHT, "#86bfdc", "#eef3df", 9)
    scene.disc(1080, 130, 52, "#fff2bf")
    scene.cloud(300, 140, 62, "#ffffff")
    scene.cloud(760, 200, 44, "#ffffff")
    scene.bands(430, 560, "#4f96b5", "#3a7fa3", 3)
    scene.ripples(430, 540, "#93c7d8", 24)
    green = [(0, 520), (220, 462), (560, 430), (900, 440), (1280, 520), (1280, 720), (0, 720)]
    scene.shape(green, "#84a865")
    scene.shape([(0, 620), (400, 560), (900, 600), (1280, 570), (1280, 720), (0, 720)], "#72975a")
    scene.shape([(610, 560), (680, 560), (800, 720), (560, 720)], "#e0cfa4")
    scene.box(410, 350, 470, 214, CHALK)
    scene.shape([(384, 352), (440, 258), (850, 258), (906, 352)], "#b2564a")
    scene.box(604, 190, 82, 100, CHALK)
    scene.shape([(590, 192), (645, 116), (700, 192)], "#b2564a")
    scene.disc(645, 228, 22, SLATE)
    scene.shape([(632, 240), (636, 220), (654, 220), (658, 240)], GOLD)
    scene.box(614, 448, 62, 116, "#2f6f8f")
    scene.disc(664, 508, 5, GOLD)
    for x in (442, 524, 704, 786):
        scene.box(x, 410, 60, 74, SLATE)
        scene.box(x + 27, 410, 6, 74, CHALK)
        scene.box(x, 444, 60, 6, CHALK)
    for post in range(22):
        scene.box(20 + post * 58 + (post > 9) * 60, 606, 10, 44, CHALK)
    for left, right in ((14, 552), (660, 1280)):
        scene.box(left, 618, right - left, 7, CHALK)
    for x, coat in ((330, RED), (372, GOLD), (950, "#2f5d7c"), (995, RUST), (1036, MOSS)):
        scene.shape([(x - 14, 640), (x - 7, 588), (x + 7, 588), (x + 14, 640)], coat)
        scene.disc(x, 578, 11, "#e7bd97")
    scene.box(140, 400, 8, 150, RUST)
    scene.shape([(148, 404), (230, 416), (148, 446)], GOLD)


def library(scene: Scene) -> None:
    scene.box(0, 0, WIDTH, HEIGHT, "#4a3528")
    scene.box(0, 640, WIDTH, 80, "#6b4a35")
    spines = (RED, "#2f6f8f", GOLD, MOSS, CHALK, RUST, "#7b6a93", "#d98e73", "#3f5878")
    for shelf in range(5):
        base = 130 + shelf * 124
        for left, right in ((30, 420), (860, 1250)):
            scene.box(left, base - 108, right - left, 108, "#33241b")
            x = left + 8.0
            while x < right - 34:
                width, height = scene.chance.uniform(16, 34), scene.chance.uniform(62, 98)
                colour = scene.chance.choice(spines)
                scene.box(x, base - height, width, height, colour)
                scene.box(x, base - height + 14, width, 5, mixed(colour, CHALK, 0.6))
                x += width + 2
            scene.box(left - 10, base, right - left + 20, 14, "#8a6244")
    scene.box(480, 60, 320, 400, "#8a6244")
    scene.box(500, 80, 280, 360, "#20304f")
    scene.disc(700, 170, 46, "#f5ecc8")
    scene.disc(722, 156, 42, "#20304f")
    for _ in range(22):
        scene.disc(scene.chance.uniform(508, 772), scene.chance.uniform(88, 330), 2, CHALK)
    scene.shape([(500, 440), (500, 400), (600, 352), (680, 390), (780, 366), (780, 440)], "#16223a")
    scene.box(634, 80, 12, 360, "#8a6244")
    scene.box(500, 254, 280, 12, "#8a6244")
    scene.oval(430, 640, 420, 60, "#8f3b3b")
    scene.box(470, 540, 340, 18, "#a9794f")
    scene.box(492, 556, 16, 110, "#8a6244")
    scene.box(772, 556, 16, 110, "#8a6244")
    scene.shape([(560, 540), (636, 522), (640, 532), (644, 522), (720, 540)], CHALK)
    scene.box(744, 500, 8, 40, GOLD)
    scene.shape([(712, 502), (730, 462), (766, 462), (784, 502)], "#f7e3a1")


def fishing_boat(scene: Scene) -> None:
    scene.bands(0, HORIZON, "#f0b27a", "#fbe6b8", 9)
    scene.disc(900, 350, 92, "#f7d489")
    scene.disc(900, 350, 72, "#fbe9b5")
    scene.shape([(0, 430), (140, 372), (300, 392), (430, 430)], "#b98c72")
    scene.bands(HORIZON, HEIGHT, "#6fa394", "#2c6a6b", 7)
    scene.ripples(HORIZON, HEIGHT, "#a8c9a9", 54)
    scene.mirror(900, 440, 150, 230, "#f5dca0")
    scene.boat(560, 590, 150, RED)
    for row in range(6):
        for column in range(5):
            left, top = 352 + column * 18 + row * 4, 470 + row * 9
            if top < 506 + column * 1.5:
                scene.disc(left, top, 5, ("#3f6f5f", "#577f66")[(row + column) % 2])
    for buoy in range(4):
        scene.disc(690 + buoy * 34, 486 - buoy * 3, 12, GOLD)
    wake = [(x, 592 + 7 * math.sin(x / 21)) for x in range(330, 800, 8)]
    scene.line(wake, "#dcecd8", 8)
    for _ in range(12):
        x, y = scene.chance.uniform(240, 700), scene.chance.uniform(110, 320)
        scene.gull(x, y, scene.chance.uniform(14, 30), "#fffaf0")


def quay(scene: Scene) -> None:
    scene.bands(0, HORIZON, "#141d36", "#3b4f77", 9)
    for _ in range(50):
        x, y = scene.chance.uniform(0, WIDTH), scene.chance.uniform(0, 300)
        scene.disc(x, y, scene.chance.uniform(1, 2.4), "#cdd6e6")
    scene.disc(1060, 120, 44, "#f3ecd0")
    far = [(0, 430), (0, 384), (200, 350), (430, 388), (700, 366), (1000, 396), (1280, 372)]
    scene.shape([*far, (1280, 430)], "#202d4b")
    for light in range(26):
        scene.box(30 + light * 48, 398 + 9 * math.sin(light * 1.7), 7, 7, GOLD)
    scene.bands(HORIZON, HEIGHT, "#2d4269", "#141f3b", 7)
    scene.ripples(HORIZON, HEIGHT, "#4d638c", 40)
    scene.mirror(1060, 440, 70, 250, "#c9c9bd")
    scene.shape([(0, 560), (760, 500), (840, 506), (300, 720), (0, 720)], "#56607a")
    scene.shape([(300, 720), (840, 506), (840, 526), (360, 720)], "#353e57")
    for x, base, tall in ((150, 600, 300), (420, 560, 230), (610, 536, 176), (740, 520, 132)):
        scene.disc(x + tall * 0.14, base - tall, tall * 0.2, "#6f7184")
        scene.line([(x, base), (x, base - tall), (x + tall * 0.14, base - tall)], "#0f1629", 7)
        scene.disc(x + tall * 0.14, base - tall + 8, tall * 0.06, "#ffe9a8")
        scene.oval(x - tall * 0.2, base - 6, tall * 0.7, tall * 0.09, "#8e8d8c")
    for x, y in ((330, 640), (520, 576), (660, 540)):
        scene.box(x, y - 34, 22, 34, "#0f1629")
        scene.box(x - 6, y - 38, 34, 9, "#0f1629")
    for x in (470, 640, 760):
        scene.mirror(x + 60, 570, 26, 120, "#e6c46a")


SCENES: dict[str, Callable[[Scene], None]] = {
    "harbour": harbour,
    "ferry": ferry,
    "council-hall": council_hall,
    "lighthouse": lighthouse,
    "market": market,
    "storm": storm,
    "sea-wall": sea_wall,
    "theatre": theatre,
    "school": school,
    "library": library,
    "fishing-boat": fishing_boat,
    "quay": quay,
}


def draw_pictures(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in SCENES.items():
        scene = Scene(name)
        draw(scene)
        for width in (WIDTH, WIDTH // 2):
            size = (width, width * HEIGHT // WIDTH)
            picture = scene.sheet.resize(size, Image.Resampling.BOX)
            flat = picture.quantize(COLOURS, dither=Image.Dither.NONE)
            flat.save(folder / f"{name}-{width}.png", optimize=True)


if __name__ == "__main__":
    draw_pictures(FOLDER)
