"""The patches of a tile of the work, as a view: the pad is added to the few rows it looks at."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from convcalc.compute.tools.threads import carve
from convcalc.compute.tools.tiling import Tile
from convcalc.layer import ConvLayer
from convcalc.shapes import Array


def tile_patches(
    layer: ConvLayer, tile: Tile, x: Array, dtype: np.dtype[Any], scratch: Array | None = None
) -> Array:
    """Return a view (rows, columns, filter rows, filter columns, channels) of all patches.

    Where the tile looks at pad, it is a view of `scratch`, or of a new array.
    """
    (step_y, step_x), (hole_y, hole_x) = layer.stride[::-1], layer.dilation[::-1]
    first = tile.first_channel + tile.channels.start
    channels = slice(first, first + len(tile.channels))
    slab = padded(layer, x, *tile.covered(layer), channels, dtype, scratch)
    row, column, channel = slab.strides
    shape = (
        *(len(tile.rows), len(tile.columns)),
        *(len(tile.filter_rows), len(tile.filter_columns), len(tile.channels)),
    )
    steps = (row * step_y, column * step_x, row * hole_y, column * hole_x, channel)
    return strided(slab, shape, steps)


def covered(layer: ConvLayer, rows: range) -> tuple[range, range]:
    """Return the padded input's rows and columns that whole rows of the output look at."""
    x, y = layer.axes
    down = range(rows.start * y.stride, (rows.stop - 1) * y.stride + y.extent)
    return down, range((x.positions - 1) * x.stride + x.extent)


def strided(array: Array, shape: tuple[int, ...], steps: tuple[int, ...]) -> Array:
    """Return a view of an array, with steps in bytes; a step that is never taken may be any."""
    taken = tuple(step if size > 1 else 0 for step, size in zip(steps, shape, strict=True))
    return as_strided(array, shape, taken)


def padded(
    layer: ConvLayer,
    x: Array,
    rows: range,
    columns: range,
    channels: slice,
    dtype: np.dtype[Any],
    scratch: Array | None = None,
) -> Array:
    """Return some rows and columns of the padded input, which may reach beyond the pad.

    It is a view of `x` where none of them are pad, otherwise of `scratch` or of a new array.
    """
    down, pixel_rows = _without_pad(rows, layer.pad.top, layer.input.height)
    across, pixel_columns = _without_pad(columns, layer.pad.left, layer.input.width)
    part = x[pixel_rows, pixel_columns, channels]
    shape = (len(rows), len(columns), part.shape[2])
    if part.shape == shape and part.dtype == dtype:
        return part
    if scratch is None:
        slab = np.empty(shape, dtype)
    else:
        (slab,) = carve(scratch, shape)
    slab[: down.start] = slab[down.stop :] = 0
    slab[:, : across.start] = slab[:, across.stop :] = 0
    slab[down, across] = part
    return slab


def add_patches(layer: ConvLayer, tile: Tile, values: Array, target: Array) -> None:
    """Add values (rows, columns, filter rows, filter columns, channels) where their pixels are.

    It is col2im for a tile: `target` is (H, W, D), and what falls on the pad is dropped. The
    patches overlap, so they are added tap by tap or window by window, whichever are fewer.
    """
    (step_y, step_x), (hole_y, hole_x) = layer.stride[::-1], layer.dilation[::-1]
    rows, columns, taps_y, taps_x, channels = values.shape
    covered = tile.covered(layer)
    slab = np.zeros((len(covered[0]), len(covered[1]), channels), values.dtype)
    if taps_y * taps_x <= rows * columns:
        for m, n in np.ndindex(taps_y, taps_x):
            slab[
                m * hole_y : m * hole_y + (rows - 1) * step_y + 1 : step_y,
                n * hole_x : n * hole_x + (columns - 1) * step_x + 1 : step_x,
            ] += values[:, :, m, n]
    else:
        for i, j in np.ndindex(rows, columns):
            slab[
                i * step_y : i * step_y + (taps_y - 1) * hole_y + 1 : hole_y,
                j * step_x : j * step_x + (taps_x - 1) * hole_x + 1 : hole_x,
            ] += values[i, j]
    down, pixel_rows = _without_pad(covered[0], layer.pad.top, layer.input.height)
    across, pixel_columns = _without_pad(covered[1], layer.pad.left, layer.input.width)
    first = tile.first_channel + tile.channels.start
    target[pixel_rows, pixel_columns, first : first + channels] += slab[down, across]


def _without_pad(covered: range, before: int, size: int) -> tuple[slice, slice]:
    """Return which of the covered pixels are in the input, from both ends' point of view."""
    first = min(max(covered.start - before, 0), size)
    last = max(min(covered.stop - before, size), first)
    start = first - covered.start + before
    return slice(start, start + last - first), slice(first, last)
