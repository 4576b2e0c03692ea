"""A contact sheet: every feature map as a labelled tile of one PNG."""

import math
from typing import IO, Any, NamedTuple

import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from convcalc.errors import BadRequest
from convcalc.layer import Volume
from convcalc.present.pictures import as_bytes, normalised
from convcalc.present.screen import to_ascii

Array = npt.NDArray[Any]

LEAST, MOST = 96, 256
"""A tile's longer side in pixels: small maps are enlarged, large ones reduced, to lie between."""

LEAST_ACROSS = 4
LABEL, MARGIN, HEADER = 28, 6, 36
MOST_PIXELS = 64_000_000

BYTES_PER_CELL = 24
"""What drawing one map takes for each of its values: three copies in float64."""


class Layout(NamedTuple):
    """Sizes in pixels: of one tile and of the sheet; and how many tiles stand in a row."""

    tile: tuple[int, int]
    sheet: tuple[int, int]
    across: int


def sheet_layout(output: Volume) -> Layout:
    """Return the layout of a sheet of all feature maps of an output.

    Raises BadRequest for more maps than a picture can hold.
    """
    width, height, maps = output
    longer = max(height, width)
    side = LEAST // longer * longer if longer < LEAST else min(longer, MOST)
    tile = max(round(width * side / longer), 1), max(round(height * side / longer), 1)
    cell_width, cell_height = _cell(tile)
    square = math.isqrt((maps * cell_height - 1) // cell_width) + 1  # rounded up
    across = min(max(square, LEAST_ACROSS), max(maps, LEAST_ACROSS))
    sheet = across * cell_width + MARGIN, -(-maps // across) * cell_height + MARGIN + HEADER
    if sheet[0] * sheet[1] > MOST_PIXELS:
        raise BadRequest(
            "save",
            f"{maps:,} feature maps",
            "are more than one picture can show",
            "save them as .npy",
        )
    return Layout(tile, sheet, across)


def write_sheet(output: Array, title: str, file: IO[bytes]) -> None:
    """Write the maps of an output (H_out, W_out, K) as PNG: black a map's least, white its most.

    Each tile carries its map's number and the two values its black and its white stand for.
    """
    height, width, maps = output.shape
    layout = sheet_layout(Volume(width, height, maps))
    sheet = Image.new("L", layout.sheet, 255)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(11)
    draw.text((MARGIN, MARGIN), to_ascii(title), 0, font)
    draw.text(
        (MARGIN, MARGIN + 14), "from black to white in each map: its least to its most", 96, font
    )
    cell_width, cell_height = _cell(layout.tile)
    for k in range(maps):
        left = MARGIN + k % layout.across * cell_width
        top = HEADER + MARGIN + k // layout.across * cell_height
        one = output[:, :, k]
        tile = Image.fromarray(as_bytes(normalised(one)))
        sheet.paste(tile.resize(layout.tile, Image.Resampling.BOX), (left, top))
        right, bottom = left + layout.tile[0], top + layout.tile[1]
        draw.rectangle((left - 1, top - 1, right, bottom), outline=200)
        draw.text((left, bottom + 1), f"map {k}", 0, font)
        draw.text((left, bottom + 14), f"{one.min():.3g} to {one.max():.3g}", 96, font)
    sheet.save(file, "PNG")


def _cell(tile: tuple[int, int]) -> tuple[int, int]:
    """Return the width and height that a tile takes with its label."""
    return max(tile[0], LEAST) + MARGIN, tile[1] + LABEL + MARGIN
