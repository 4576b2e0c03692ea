"""A contact sheet: every feature map as a labelled tile of one PNG."""

import math
from typing import IO, NamedTuple

from PIL import Image, ImageDraw

from convcalc.compute.experiments.stats import Maps
from convcalc.compute.tools.progress import Progress
from convcalc.errors import BadRequest
from convcalc.layer import Layer
from convcalc.numerals import counted
from convcalc.present.screens.pictures import as_bytes, normalised
from convcalc.present.slides.lettering import font, length, write

LEAST, MOST = 96, 256
"""A tile's longer side in pixels: small maps are enlarged, large ones reduced, to lie between."""

LINE, MARGIN, LETTERS = 14, 6, 11
"""Pixels of a line of text, around everything, and the size of the letters."""

MOST_PIXELS = 64_000_000

BYTES_PER_CELL = 24
"""What drawing one map takes for each of its values: three copies in float64."""


class Layout(NamedTuple):
    """Sizes in pixels: of one tile, of a tile with its label, of the sheet; tiles in a row."""

    tile: tuple[int, int]
    cell: tuple[int, int]
    sheet: tuple[int, int]
    across: int


def sheet_layout(layer: Layer) -> Layout:
    """Return the layout of a sheet of all feature maps of a layer.

    Raises BadRequest for more maps than a picture can hold.
    """
    width, height, maps = layer.output
    longer = max(height, width)
    side = LEAST // longer * longer if longer < LEAST else min(longer, MOST)
    tile = max(round(width * side / longer), 1), max(round(height * side / longer), 1)
    cell = max(tile[0], LEAST) + MARGIN, tile[1] + 3 * LINE + MARGIN
    square = math.isqrt((maps * cell[1] - 1) // cell[0]) + 1  # rounded up, however many maps
    across = min(square, maps)
    sheet = (
        max(across * cell[0], math.ceil(length(str(layer), LETTERS)) + MARGIN) + MARGIN,
        -(-maps // across) * cell[1] + 2 * LINE + 2 * MARGIN,
    )
    if sheet[0] * sheet[1] > MOST_PIXELS:
        raise BadRequest(
            "save",
            "a picture",
            f"{counted(maps, 'feature map')} are more than one picture can show",
            "save them as .npy",
        )
    return Layout(tile, cell, sheet, across)


def write_sheet(maps: Maps, file: IO[bytes], progress: Progress) -> None:
    """Write feature maps as PNG: black a map's least, white its most.

    Each tile carries its map's number and the two values its black and its white stand for.
    `progress` is called with 1 for each map.
    """
    layout = sheet_layout(maps.layer)
    sheet = Image.new("L", layout.sheet, 255)
    draw, letters = ImageDraw.Draw(sheet), font(LETTERS)
    write(draw, (MARGIN, MARGIN + LINE / 2), str(maps.layer), 0, LETTERS)
    draw.text((MARGIN, MARGIN + LINE), "each map from its least (black) to its most", 96, letters)
    for k, figures in enumerate(maps.map_stats(maps.layer.output.depth)):
        left = MARGIN + k % layout.across * layout.cell[0]
        top = 2 * LINE + 2 * MARGIN + k // layout.across * layout.cell[1]
        tile = Image.fromarray(as_bytes(normalised(maps.output[:, :, k])))
        sheet.paste(tile.resize(layout.tile, Image.Resampling.BOX), (left, top))
        right, bottom = left + layout.tile[0], top + layout.tile[1]
        draw.rectangle((left - 1, top - 1, right, bottom), outline=200)
        labels = (f"map {k}", *(f"{name} {figures[name]:.3g}" for name in ("min", "max")))
        for line, text in enumerate(labels):
            draw.text((left, bottom + line * LINE), text, 96 if line else 0, letters)
        progress(1)
    sheet.save(file, "PNG")
