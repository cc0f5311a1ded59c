"""Houses and streets, outside and inside."""

from drawing import CHALK, GOLD, HEIGHT, INK, MOSS, RED, RUST, SLATE, STONE, WIDTH, Scene, mixed


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
