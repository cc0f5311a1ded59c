"""Draws the pictures of the sample newsroom, the same at each run: python draw_pictures.py"""

from collections.abc import Callable
from pathlib import Path

from drawing import HEIGHT, WIDTH, Scene
from PIL import Image
from sea_scenes import ferry, fishing_boat, harbour, lighthouse, quay, sea_wall, storm
from town_scenes import council_hall, library, market, school, theatre

FOLDER = Path(__file__).parent / "pictures"
COLOURS = 96  # few enough for small files

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
