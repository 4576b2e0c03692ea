"""The patches of a tile of the work, as a view: the pad is added to the few rows it looks at."""

from math import prod
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
    pixels = x[:, :, tile.channels_of_input(layer)]
    slab = padded(layer, pixels, *tile.covered(layer), dtype, scratch)
    loops = tile.rows, tile.columns, tile.filter_rows, tile.filter_columns, tile.channels
    return patches_of(layer, slab, tuple(map(len, loops)))


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
    dtype: np.dtype[Any],
    scratch: Array | None = None,
) -> Array:
    """Return some rows and columns of the padded input, which may reach beyond the pad.

    It is a view of `x` where none of them are pad, otherwise of `scratch` or of a new array.
    """
    down, pixel_rows = _without_pad(rows, layer.pad.top, layer.input.height)
    across, pixel_columns = _without_pad(columns, layer.pad.left, layer.input.width)
    part = x[pixel_rows, pixel_columns]
    shape = (len(rows), len(columns), part.shape[2])
    if part.shape == shape and part.dtype == dtype:
        return part
    (slab,) = carve(np.empty(prod(shape), dtype) if scratch is None else scratch, shape)
    slab[: down.start] = slab[down.stop :] = 0
    slab[:, : across.start] = slab[:, across.stop :] = 0
    slab[down, across] = part
    return slab


def add_patches(layer: ConvLayer, tile: Tile, values: Array, target: Array) -> None:
    """Add values (rows, columns, filter rows, filter columns, channels) where their pixels are.

    It is col2im for a tile: `target` is (H, W, D), and what falls on the pad is dropped. The
    patches overlap, so they are added tap by tap or window by window, whichever are fewer.
    """
    positions, taps, channels = values.shape[:2], values.shape[2:4], values.shape[4]
    rows, columns = tile.covered(layer)
    slab = np.zeros((len(rows), len(columns), channels), values.dtype)
    sums = patches_of(layer, slab, values.shape)
    if prod(taps) <= prod(positions):
        for m, n in np.ndindex(taps):
            sums[:, :, m, n] += values[:, :, m, n]
    else:
        for i, j in np.ndindex(positions):
            sums[i, j] += values[i, j]
    down, pixel_rows = _without_pad(rows, layer.pad.top, layer.input.height)
    across, pixel_columns = _without_pad(columns, layer.pad.left, layer.input.width)
    target[pixel_rows, pixel_columns, tile.channels_of_input(layer)] += slab[down, across]


def patches_of(layer: ConvLayer, slab: Array, shape: tuple[int, ...]) -> Array:
    """Return a view of a slab's patches (rows, columns, filter rows, filter columns, channels)."""
    row, column, channel = slab.strides
    across, down = layer.axes
    strides = row * down.stride, column * across.stride
    holes = row * down.dilation, column * across.dilation
    return strided(slab, shape, (*strides, *holes, channel))


def _without_pad(covered: range, before: int, size: int) -> tuple[slice, slice]:
    """Return which of the covered pixels are in the input, from both ends' point of view."""
    first = min(max(covered.start - before, 0), size)
    last = max(min(covered.stop - before, size), first)
    start = first - covered.start + before
    return slice(start, start + last - first), slice(first, last)
