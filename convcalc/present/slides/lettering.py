"""Text in pictures: in Pillow's own font, and the signs that it lacks drawn as lines."""

import re
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

Stroke = tuple[tuple[float, float], ...]

SIGNS: dict[str, tuple[float, tuple[Stroke, ...]]] = {
    "→": (1, (((0.08, 0), (0.92, 0)), ((0.64, 0.24), (0.92, 0), (0.64, -0.24)))),
    "−": (0.6, (((0.06, 0), (0.54, 0)),)),
    "×": (0.6, (((0.1, 0.2), (0.5, -0.2)), ((0.1, -0.2), (0.5, 0.2)))),
    "≈": (
        0.6,
        tuple(
            tuple((0.05 + 0.1 * i, y + 0.06 * (0, 1, 0.6, -0.6, -1, 0)[i]) for i in range(6))
            for y in (0.1, -0.1)
        ),
    ),
}
"""How wide a sign is and its strokes, in ems: from the left, and up from where a minus stands."""

THICK = 0.09
"""Thickness of the strokes in ems, about that of the font's letters."""

FINE = 4
"""A sign is drawn so many times as large and then reduced, so that its edges are smooth."""


def write(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    ink: Any,
    size: int,
    *,
    bold: bool = False,
    centred: bool = False,
) -> None:
    """Write a line of text: its height's middle at `place`, and its left end or its middle."""
    x, y = place
    x -= length(text, size) / 2 if centred else 0
    for part in _parts(text):
        if part in SIGNS:
            sign = _sign(part, size, bold)
            top = round(y + _axis(size) - sign.height / 2)
            draw.bitmap((round(x), top), sign, ink)
        else:
            draw.text((x, y), part, ink, font(size), "lm", stroke_width=0.5 if bold else 0)
        x += length(part, size)


def length(text: str, size: int) -> float:
    """Return how many pixels wide a text is."""
    return sum(
        SIGNS[part][0] * size if part in SIGNS else font(size).getlength(part)
        for part in _parts(text)
    )


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return Pillow's own font."""
    return ImageFont.load_default(size)


def _parts(text: str) -> list[str]:
    """Return a text's signs, and what stands between them."""
    return [part for part in re.split(f"([{''.join(SIGNS)}])", text) if part]


@cache
def _axis(size: int) -> float:
    """Return how far below the middle of a line a plus has its middle, and so any sign."""
    drawn = Image.new("L", (size, 2 * size))
    ImageDraw.Draw(drawn).text((0, size), "+", 255, font(size), "lm")
    _, top, _, bottom = drawn.getbbox() or (0, size, 0, size)
    return (top + bottom) / 2 - size


@cache
def _sign(sign: str, size: int, bold: bool) -> Image.Image:
    """Return a sign as a mask, white on black, as high as the font."""
    wide, strokes = SIGNS[sign]
    em = FINE * size
    mask = Image.new("L", (round(wide * em), em))
    draw = ImageDraw.Draw(mask)
    for stroke in strokes:
        points = [(across * em, em / 2 - up * em) for across, up in stroke]
        draw.line(points, 255, round(THICK * em) + FINE * bold, "curve")
    return mask.resize((round(wide * size), size), Image.Resampling.BOX)
