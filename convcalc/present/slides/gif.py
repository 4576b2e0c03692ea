"""The steps as an animated GIF, drawn by Pillow."""

from collections.abc import Iterable
from functools import cache
from typing import IO

from PIL import Image, ImageColor, ImageDraw

from convcalc.present.slides.drawing import (
    FAINT,
    HEIGHT,
    INK,
    OWNERS,
    PAPER,
    SECONDS,
    WIDTH,
    WINDOW,
    Box,
    Hatch,
    Shape,
)
from convcalc.present.slides.lettering import write

SHADES = 24
"""Steps from a background to the ink, for the edges of the letters."""


def write_gif(file: IO[bytes], scenes: Iterable[list[Shape]]) -> None:
    """Write pictures as an endless GIF."""
    first, *others = (paint(scene) for scene in scenes)
    milliseconds = round(1000 * SECONDS)
    first.save(
        file, "GIF", save_all=True, append_images=others, duration=milliseconds, loop=0, disposal=1
    )


def paint(scene: list[Shape]) -> Image.Image:
    """Return a picture in the palette that all frames have."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    for shape in scene:
        if isinstance(shape, Box):
            right, bottom = shape.x + shape.width, shape.y + shape.height
            draw.rectangle((shape.x, shape.y, right, bottom), shape.fill, shape.line, shape.thick)
        elif isinstance(shape, Hatch):
            for line in shape.lines:
                draw.line(line, FAINT)
        else:
            place, look = (shape.x, shape.y), {"bold": shape.bold, "centred": shape.centred}
            write(draw, place, shape.text, INK, shape.size, **look)
    return image.quantize(palette=_palette(), dither=Image.Dither.NONE)


@cache
def _palette() -> Image.Image:
    """Return a picture with every colour there is: each background, fading into the ink."""
    colours = [ImageColor.getrgb(WINDOW), ImageColor.getrgb(FAINT)]
    for background in (PAPER, *OWNERS):
        for shade in range(SHADES + 1):
            channels = ImageColor.getrgb(background)
            colours.append(tuple(round(c * shade / SHADES) for c in channels))  # type: ignore[arg-type]
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in colours for channel in colour])
    return palette
