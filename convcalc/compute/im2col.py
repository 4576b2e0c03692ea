"""The fast forward pass: every window becomes a row, then one matrix product does the sums.

The definition multiplies each window with each filter. Write the windows as the rows of a
matrix, FW * FH * D / groups numbers each, and the filters as the columns of another: the
product holds every output. The windows overlap, so NumPy shows them as a strided view of the
input; only the product needs them side by side, and they are copied piece by piece (see
`pieces`). The pad is added to the few rows a piece looks at, never to the whole input.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convcalc.compute.arrays import Array, checked_operands, output_shape, result_dtype
from convcalc.compute.pieces import Piece, pieces
from convcalc.layer import ConvLayer


def forward(
    layer: ConvLayer,
    x: Array,
    weights: Array,
    bias: Array | None = None,
    *,
    progress: Callable[[int], None] = lambda multiply_adds: None,
) -> Array:
    """Return the layer's output (H_out, W_out, K), with shared weights.

    `x` is (H, W, D), `weights` (K, FH, FW, D / groups), `bias` (K,) or None. The output is
    float32, or float64 where an operand needs it. Beyond operands and output the pass takes
    at most 64 MiB. `progress` is called with the multiply-adds of each piece when it is done.

    Raises BadRequest when a shape does not match the layer.

    >>> import numpy as np
    >>> layer = ConvLayer(input=(4, 4, 1), filter=2, stride=2, filters=1)
    >>> forward(layer, np.arange(16.0).reshape(4, 4, 1), np.ones((1, 2, 2, 1)))[:, :, 0]
    array([[10., 18.],
           [42., 50.]])
    """
    checked_operands(layer, x, weights, bias)
    dtype = result_dtype(x, weights, bias)
    output = np.zeros(output_shape(layer), dtype)
    if bias is not None:
        output += bias
    depth, filters = layer.filter.depth, layer.filters // layer.groups
    copies_weights = weights.dtype != dtype or not weights.flags.c_contiguous
    for group in range(layer.groups):
        x_group = x[:, :, group * depth : (group + 1) * depth]
        weights_group = weights[group * filters : (group + 1) * filters]
        output_group = output[:, :, group * filters : (group + 1) * filters]
        for piece in pieces(layer, dtype.itemsize, copies_weights):
            _add_piece(layer, piece, x_group, weights_group, output_group)
            progress(piece.multiply_adds)
    return output


def _add_piece(layer: ConvLayer, piece: Piece, x: Array, weights: Array, output: Array) -> None:
    windows = _windows(layer, piece, x, output.dtype)
    part = weights[
        _span(piece.filters),
        _span(piece.filter_rows),
        _span(piece.filter_columns),
        _span(piece.channels),
    ]
    matrix = part.reshape(len(piece.filters), -1).astype(output.dtype, copy=False)
    product = windows.reshape(piece.positions, -1) @ matrix.T
    target = output[_span(piece.rows), _span(piece.columns), _span(piece.filters)]
    target += product.reshape(target.shape)


def _windows(layer: ConvLayer, piece: Piece, x: Array, dtype: np.dtype[Any]) -> Array:
    """Return a view (rows, columns, filter rows, filter columns, channels) of all windows."""
    (step_y, step_x), (hole_y, hole_x) = layer.stride[::-1], layer.dilation[::-1]
    height = (len(piece.filter_rows) - 1) * hole_y + 1
    width = (len(piece.filter_columns) - 1) * hole_x + 1
    views = sliding_window_view(_slab(layer, piece, x, dtype), (height, width), (0, 1))
    return views[::step_y, ::step_x, :, ::hole_y, ::hole_x].transpose(0, 1, 3, 4, 2)


def _slab(layer: ConvLayer, piece: Piece, x: Array, dtype: np.dtype[Any]) -> Array:
    """Return the padded input's part that the piece looks at: a view where no pad is in it."""
    rows, columns = piece.covered(layer)
    x = x[:, :, _span(piece.channels)]
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


def _span(numbers: range) -> slice:
    return slice(numbers.start, numbers.stop)
