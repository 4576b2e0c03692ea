"""Small pictures in a terminal: two pixels to a character in colour, one shade without."""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.style import Style
from rich.text import Text

from convcalc.compute.experiments.stats import mean
from convcalc.present.screens.blocks import flow
from convcalc.present.screens.lines import GAP
from convcalc.shapes import Array

SHADES = " ░▒▓█"
ASCII_SHADES = " .:-=+*#%@"


class Tile(NamedTuple):
    """A picture to be: values (H, W) or (H, W, 3), its caption, whether to stretch the values."""

    values: Array
    caption: list[str]
    stretch: bool


def input_tile(x: Array, caption: list[str]) -> Tile:
    """Show the input in colour where its depth is 3 or 4, otherwise its first depth slice."""
    values = x[:, :, :3] if x.shape[2] in (3, 4) else x[:, :, 0]
    in_range = values.min() >= 0 and values.max() <= 1
    return Tile(values, caption, stretch=not in_range)


def normalised(values: Array) -> Array:
    """Return a map stretched to 0 to 1; a map of one value becomes middle grey."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.full(values.shape, 0.5)
    values = values.astype(np.float64)
    if math.isinf(high - low):
        values, low, high = values / 2, low / 2, high / 2
    return (values - low) / (high - low)


def as_bytes(values: Array) -> npt.NDArray[np.uint8]:
    """Return values 0 to 1 as grey levels 0 to 255."""
    levels: Array = np.rint(np.clip(values, 0, 1) * 255)
    return levels.astype(np.uint8)


def tiles_across(console: Console) -> tuple[int, int]:
    """Return how many pictures stand side by side, and the columns of each."""
    count = min(max(console.width // 20, 1), 8)
    return count, max(min((console.width - GAP * (count - 1)) // count, 24), 1)


def picture(values: Array, columns: int, console: Console, stretch: bool) -> list[Text]:
    """Return lines that draw (H, W) or (H, W, 3) values, `columns` wide less blanks at their end.

    The values are 0 to 1, or are stretched to that once they are small. A character is about
    twice as high as wide, so it shows two pixels, one above the other.
    """
    height, width = values.shape[:2]
    rows = min(max(round(columns * height / width / 2), 1), columns)
    small = _resized(values, columns, 2 * rows)
    pixels = as_bytes(normalised(small) if stretch else small)
    pixels = pixels.reshape(rows, 2, columns, 3)
    ascii_only = console.encoding == "ascii"
    fine = console.color_system in ("truecolor", "256") and not console.no_color
    if fine and not ascii_only:
        return [_half_blocks(above, below) for above, below in pixels]
    shades = ASCII_SHADES if ascii_only else SHADES
    levels = pixels.mean(axis=(1, 3)) * len(shades) // 256
    return [Text("".join(shades[int(level)] for level in row).rstrip()) for row in levels]


def _resized(values: Array, width: int, height: int) -> Array:
    """Return (H, W) or (H, W, 3) values as (height, width, 3), each pixel a mean of its area."""
    small = _means(_means(values, height).swapaxes(0, 1), width).swapaxes(0, 1)
    return np.broadcast_to(small if small.ndim == 3 else small[..., None], (height, width, 3))


def _means(rows: Array, count: int) -> Array:
    """Return `count` rows: the mean of each such part of the rows, or the nearest of too few."""
    if len(rows) <= count:
        return rows[(2 * np.arange(count) + 1) * len(rows) // (2 * count)]
    edges = (np.arange(count + 1) * len(rows) + count // 2) // count
    return np.stack([mean(rows[start:stop], 0) for start, stop in pairwise(edges)])


def _half_blocks(above: Array, below: Array) -> Text:
    line = Text()
    for top, bottom in zip(above.tolist(), below.tolist(), strict=True):
        line.append(
            "▀", Style.parse(f"rgb({','.join(map(str, top))}) on rgb({','.join(map(str, bottom))})")
        )
    return line


def print_tiles(console: Console, tiles: list[Tile]) -> None:
    """Print pictures side by side, as many as the width takes, each over its caption lines."""
    across, columns = tiles_across(console)
    for start in range(0, len(tiles), across):
        if start:
            console.print()
        shelf = tiles[start : start + across]
        drawn = [picture(tile.values, columns, console, tile.stretch) for tile in shelf]
        rows = max(map(len, drawn))
        for lines in drawn:
            lines[0].pad_right(columns - len(lines[0]))
            lines += [Text()] * (rows - len(lines))
        blocks = [
            [*lines, *map(Text, tile.caption)] for lines, tile in zip(drawn, shelf, strict=True)
        ]
        for line in flow(blocks, console.width):
            console.print(line, soft_wrap=True)
