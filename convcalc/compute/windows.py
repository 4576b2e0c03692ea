"""The windows of a piece of the work, as a view: the pad is added to the few rows it looks at."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convcalc.arrays import Array
from convcalc.compute.pieces import Piece
from convcalc.layer import ConvLayer


def windows(layer: ConvLayer, piece: Piece, x: Array, dtype: np.dtype[Any]) -> Array:
    """Return a view (rows, columns, filter rows, filter columns, channels) of all windows."""
    (step_y, step_x), (hole_y, hole_x) = layer.stride[::-1], layer.dilation[::-1]
    height = (len(piece.filter_rows) - 1) * hole_y + 1
    width = (len(piece.filter_columns) - 1) * hole_x + 1
    views = sliding_window_view(_slab(layer, piece, x, dtype), (height, width), (0, 1))
    return views[::step_y, ::step_x, :, ::hole_y, ::hole_x].transpose(0, 1, 3, 4, 2)


def add_windows(layer: ConvLayer, piece: Piece, values: Array, target: Array) -> None:
    """Add values (rows, columns, filter rows, filter columns, channels) where their pixels are.

    The reverse of `windows`: `target` is (H, W, D), and what falls on the pad is dropped. The
    windows overlap, so they are added tap by tap or window by window, whichever are fewer.
    """
    (step_y, step_x), (hole_y, hole_x) = layer.stride[::-1], layer.dilation[::-1]
    rows, columns, taps_y, taps_x, channels = values.shape
    covered = piece.covered(layer)
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
    inside, pixels = _inside(layer, piece)
    target[pixels] += slab[inside]


def _slab(layer: ConvLayer, piece: Piece, x: Array, dtype: np.dtype[Any]) -> Array:
    """Return the part of the padded input that the piece looks at: a view where it has no pad."""
    rows, columns = piece.covered(layer)
    inside, pixels = _inside(layer, piece)
    part = x[pixels]
    if part.shape[:2] == (len(rows), len(columns)) and x.dtype == dtype:
        return part
    slab = np.zeros((len(rows), len(columns), len(piece.channels)), dtype)
    slab[inside] = part
    return slab


def _inside(
    layer: ConvLayer, piece: Piece
) -> tuple[tuple[slice, slice], tuple[slice, slice, slice]]:
    """Return which part of the piece's slab is not pad, and where that part is in the input."""
    rows, columns = piece.covered(layer)
    slab_rows, pixel_rows = _without_pad(rows, layer.pad.top, layer.input.height)
    slab_columns, pixel_columns = _without_pad(columns, layer.pad.left, layer.input.width)
    first = piece.first_channel + piece.channels.start
    channels = slice(first, first + len(piece.channels))
    return (slab_rows, slab_columns), (pixel_rows, pixel_columns, channels)


def _without_pad(covered: range, before: int, size: int) -> tuple[slice, slice]:
    """Return which of the covered pixels are in the input, from both ends' point of view."""
    first = min(max(covered.start - before, 0), size)
    last = max(min(covered.stop - before, size), first)
    start = first - covered.start + before
    return slice(start, start + last - first), slice(first, last)
