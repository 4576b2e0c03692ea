"""Transposed convolution: each cell lays its filter on the output, and what overlaps adds up.

It is what the backward pass of a convolution does with the gradient of its output: that
convolution goes from this layer's output to its input, with the same filter, stride, pad,
dilation and groups. So its weights have that convolution's shape (D, FH, FW, K / groups): a
filter for each channel that comes in, as deep as what it is laid on.
"""

import numpy as np

from convcalc.compute.passes.call import Call, Inputs, Pass, Shapes, Weights
from convcalc.compute.tools.patches import col2im
from convcalc.compute.tools.tiling import tiles, whole
from convcalc.compute.tools.tuning import WORKSPACE
from convcalc.compute.tools.windows import add_patches
from convcalc.layer import ConvLayer
from convcalc.layer.enlarge import Transposed
from convcalc.shapes import Array


def shapes(layer: Transposed) -> Shapes:
    """Return (D, FH, FW, K / groups), and (K,) for the biases."""
    width, height = layer.filter
    weights = layer.input.depth, height, width, layer.filters // layer.groups
    return {"weights": weights} | ({"bias": (layer.filters,)} if layer.bias else {})


def definition(layer: Transposed, inputs: Inputs, weights: Weights) -> Array:
    """Return the output (H_out, W_out, K): cell by cell, each filter scaled and laid down."""
    (x,), w, (width, height, filters) = inputs, weights["weights"], layer.output
    y = np.zeros((height, width, filters))
    (left, _, top, _), (sx, sy), (dx, dy) = layer.pad, layer.stride, layer.dilation
    each, depth = filters // layer.groups, layer.input.depth // layer.groups
    for i, j, c in np.ndindex(x.shape):
        for m, n, k in np.ndindex(w.shape[1:]):
            row, column = i * sy + m * dy - top, j * sx + n * dx - left
            if 0 <= row < height and 0 <= column < width:
                y[row, column, c // depth * each + k] += float(x[i, j, c]) * float(w[c, m, n, k])
    return y + weights.get("bias", 0)


def back(layer: Transposed) -> ConvLayer:
    """Return the convolution that goes the other way: its output is this layer's input.

    Its own input is what the filters reach of this layer's output; the output pad may add more.

    >>> layer = Transposed(input=(7, 7, 8), filter=4, stride=2, pad=1, filters=3)
    >>> print(back(layer))
    14x14x3 → 7x7x8: 8 filters of 4x4x3, stride 2, pad 1, no bias
    """
    reached, after = [], []
    before = layer.pad.left, layer.pad.top
    for side, axis in enumerate(("x", "y")):
        stride, dilation = getattr(layer.stride, axis), getattr(layer.dilation, axis)
        extent = dilation * (getattr(layer.filter, axis) - 1) + 1
        laid = (layer.input[side] - 1) * stride + extent - before[side]
        reached.append(min(layer.output[side], laid))
        after.append(laid - reached[-1])
    return ConvLayer(
        input=(*reached, layer.filters),
        filter=layer.filter,
        stride=layer.stride,
        pad=(before[0], after[0], before[1], after[1]),
        dilation=layer.dilation,
        groups=layer.groups,
        filters=layer.input.depth,
        bias=False,
    )


def idea(layer: Transposed, x: Array, weights: Array) -> Array:
    """Return the sums where filters reach, (H, W, K): one product, and col2im.

    `x` is (H, W, D), `weights` (D, FH, FW, K). Without groups.
    """
    way_back = back(layer)
    laid = np.einsum("ijc,cmnk->ijmnk", x, weights)
    return col2im(way_back, laid)


def fill(call: Call) -> None:
    """Fill the output: tile by tile, the filters laid down by a matrix product are added up."""
    layer, (x,), weights, y = call.layer, call.inputs, call.weights["weights"], call.output
    way_back = back(layer)
    y[...] = call.weights.get("bias", 0)
    reached = y[: way_back.input.height, : way_back.input.width]
    limit = WORKSPACE // y.itemsize
    for group in whole(way_back).by_group(way_back):
        for tile in tiles(way_back, group, limit):
            cells = x[tile.outputs].reshape(tile.positions, -1)
            laid = cells @ weights[tile.weights].reshape(cells.shape[1], -1)
            sizes = map(len, (tile.filter_rows, tile.filter_columns, tile.channels))
            laid = laid.reshape(len(tile.rows), len(tile.columns), *sizes)
            add_patches(way_back, tile, laid, reached)
            call.progress(tile.multiply_adds)


def workspace(layer: Transposed) -> int:
    """Return the bytes a tile copies, and its sums beside it."""
    return 2 * WORKSPACE


TRANSPOSED = Pass(definition, fill, shapes, workspace)
