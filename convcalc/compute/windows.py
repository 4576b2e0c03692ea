"""The windows of a piece of the work, as a view: the pad is added to the few rows it looks at."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convcalc.compute.arrays import Array
from convcalc.compute.pieces import Piece
from convcalc.layer import ConvLayer


def windows(layer: ConvLayer, piece: Piece, x: Array, dtype: np.dtype[Any]) -> Array:
    """Return a view (rows, columns, filter rows, filter columns, channels) of all windows."""
    (step_y, step_x), (hole_y, hole_x) = layer.stride[::-1], layer.dilation[::-1]
    height = (len(piece.filter_rows) - 1) * hole_y + 1
    width = (len(piece.filter_columns) - 1) * hole_x + 1
    views = sliding_window_view(_slab(layer, piece, x, dtype), (height, width), (0, 1))
    return views[::step_y, ::step_x, :, ::hole_y, ::hole_x].transpose(0, 1, 3, 4, 2)


def _slab(layer: ConvLayer, piece: Piece, x: Array, dtype: np.dtype[Any]) -> Array:
    """Return the padded input's part that the piece looks at: a view where no pad is in it."""
    rows, columns = piece.covered(layer)
    channels = piece.channels
    x = x[:, :, piece.first_channel + channels.start : piece.first_channel + channels.stop]
    top, left = rows.start - layer.pad.top, columns.start - layer.pad.left
    bottom, right = rows.stop - layer.pad.top, columns.stop - layer.pad.left
    height, width = layer.input.height, layer.input.width
    inside = x[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    if inside.shape[:2] == (len(rows), len(columns)) and x.dtype == dtype:
        return inside
    slab = np.zeros((len(rows), len(columns), len(piece.channels)), dtype)
    slab[
        max(-top, 0) : max(min(bottom, height) - top, 0),
        max(-left, 0) : max(min(right, width) - left, 0),
    ] = inside
    return slab
