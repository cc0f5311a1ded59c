"""What is seen from the water and the shore."""

import math

from drawing import CHALK, GOLD, HEIGHT, HORIZON, INK, MOSS, RED, SLATE, STONE, WIDTH, Scene


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
