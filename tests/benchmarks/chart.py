"""Bars of time over that of torch's better layout, on a log axis: left of the line is faster.

Bars differ in lightness as well as in colour, and each ends in its figure.
"""

from math import log10
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from ratios import LAYOUTS, number, ratio

BARS = {
    "auto": ("convcalc", "#003f6b"),
    "torch": ("torch, default layout", "#d98200"),
    "JAX": ("JAX", "#6fb0da"),
    "ONNX Runtime": ("ONNX Runtime", "#d3d3d3"),
}
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)

WIDTH, LEFT, RIGHT, TOP, BAR, GAP = 1720, 460, 60, 190, 26, 28
TITLE = ImageFont.load_default(36)
FONT = ImageFont.load_default(26)
SMALL = ImageFont.load_default(21)


def draw(figures: dict[str, Any], path: Path) -> None:
    """Draw a group of bars for each layer to a picture file."""
    groups = {
        layer: {name: found for name in BARS if (found := ratio(row["ms"], name, LAYOUTS))}
        for layer, row in figures["layers"].items()
    }
    ratios = [1.0, *(value for group in groups.values() for value in group.values())]
    low, high = min(ratios) / 1.4, max(ratios) * 1.4
    names = [name for name in BARS if any(name in group for group in groups.values())]
    block = BAR * len(names) + GAP
    bottom = TOP + block * len(groups)
    picture = Image.new("RGB", (WIDTH, bottom + 70), "white")
    pen = ImageDraw.Draw(picture)

    def x(value: float) -> int:
        return round(LEFT + log10(value / low) / log10(high / low) * (WIDTH - LEFT - RIGHT))

    pen.text((30, 50), "Time over that of torch's better layout", "black", TITLE, "lm")
    across = 30.0
    for name in names:
        label, colour = BARS[name]
        pen.rectangle((across, 104, across + 30, 128), colour)
        pen.text((across + 42, 116), label, "black", FONT, "lm")
        across += pen.textlength(label, FONT) + 90
    for tick in TICKS:
        if low <= tick <= high:
            pen.line((x(tick), TOP - 16, x(tick), bottom), "#dddddd", 2)
            pen.text((x(tick), bottom + 32), f"{tick:g}", "black", FONT, "mm")
    pen.text((x(1) - 16, TOP - 28), "faster", "black", FONT, "rm")
    pen.text((x(1) + 16, TOP - 28), "slower", "black", FONT, "lm")
    for row, (layer, group) in enumerate(groups.items()):
        top = TOP + row * block + GAP // 2
        pen.text((LEFT - 60, top + BAR * len(names) // 2), layer, "black", FONT, "rm")
        for place, name in enumerate(names):
            if name in group:
                value, y = group[name], top + place * BAR
                left, right = sorted((x(1), x(value)))
                pen.rectangle((left, y, right, y + BAR - 4), BARS[name][1])
                end, anchor = (right + 10, "lm") if value >= 1 else (left - 10, "rm")
                pen.text(
                    (end, y + BAR // 2 - 2),
                    number(value),
                    "black",
                    SMALL,
                    anchor,
                    stroke_width=4,
                    stroke_fill="white",
                )
    pen.line((x(1), TOP - 46, x(1), bottom), "black", 4)
    picture.save(path, optimize=True)
