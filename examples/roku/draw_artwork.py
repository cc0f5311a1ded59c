"""Draws the icons and the splash screen: `python examples/roku/draw_artwork.py` (needs Pillow).

A lighthouse at night, in the colours of the channel.
"""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent / "images"
SIZES = {
    "icon_hd": (290, 218),
    "icon_fhd": (540, 405),
    "splash_hd": (1280, 720),
}
NIGHT = "#10202E"
SEA = "#1D3244"
TOWER = "#E8EEF4"
STRIPE = "#B3261E"
LAMP = "#F2B84B"
BEAM = "#6B5C3B"
SMOOTH = 4  # drawn this much larger, and made smaller


def draw(width: int, height: int) -> Image.Image:
    picture = Image.new("RGB", (width * SMOOTH, height * SMOOTH), NIGHT)
    pen = ImageDraw.Draw(picture)
    unit = min(width, height) * SMOOTH / 100
    middle = width * SMOOTH / 2
    top = height * SMOOTH / 2 - 34 * unit

    def shape(colour: str, *points: tuple[float, float]) -> None:
        """In units, from the lamp's roof."""
        pen.polygon([(middle + x * unit, top + y * unit) for x, y in points], fill=colour)

    shape(BEAM, (0, 10), (-62, 0), (-62, 26), (0, 14))
    shape(BEAM, (0, 10), (62, 0), (62, 26), (0, 14))
    pen.rectangle((0, top + 62 * unit, width * SMOOTH, height * SMOOTH), fill=SEA)
    shape(TOWER, (-7, 18), (7, 18), (11, 66), (-11, 66))
    shape(STRIPE, (-8, 30), (8, 30), (9, 42), (-9, 42))
    shape(STRIPE, (-10, 54), (10, 54), (11, 66), (-11, 66))
    shape(LAMP, (-5, 6), (5, 6), (5, 16), (-5, 16))
    shape(STRIPE, (-8, 6), (0, 0), (8, 6))
    shape(TOWER, (-10, 16), (10, 16), (10, 19), (-10, 19))
    shape(SEA, (-24, 70), (-14, 64), (14, 64), (24, 70))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, size in SIZES.items():
        colours = draw(*size).quantize(32, dither=Image.Dither.NONE)
        colours.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
