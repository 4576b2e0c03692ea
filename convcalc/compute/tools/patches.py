"""What each neuron sees, cut out of the padded input, and the way back: im2col and col2im.

A patch is the numbers in a neuron's window, FH x FW x D. These two are for reading and for small
layers; the passes take patches tile by tile, see `windows`.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convcalc.layer import ConvLayer
from convcalc.shapes import Array


def pad(layer: ConvLayer, x: Array) -> Array:
    """Return the input (H, W, D) with its pad of zeros around height and width."""
    left, right, top, bottom = layer.pad
    return np.pad(x, ((top, bottom), (left, right), (0, 0)))


def patches(layer: ConvLayer, x: Array) -> Array:
    """Return the patch of every position: a view (H_out, W_out, FH, FW, D) of the padded input.

    >>> layer = ConvLayer(input=(4, 3, 1), filter=(2, 3), filters=1)
    >>> patches(layer, np.arange(12).reshape(3, 4, 1))[0, 1, :, :, 0]
    array([[ 1,  2],
           [ 5,  6],
           [ 9, 10]])
    """
    across, down = layer.axes
    everywhere = sliding_window_view(pad(layer, x), (down.extent, across.extent), axis=(0, 1))
    at_strides = everywhere[:: down.stride, :: across.stride]  # (H_out, W_out, D, extents)
    taps = at_strides[..., :: down.dilation, :: across.dilation]  # (H_out, W_out, D, FH, FW)
    return taps.transpose(0, 1, 3, 4, 2)


def col2im(layer: ConvLayer, values: Array) -> Array:
    """Return the sums (H, W, D) of patches (H_out, W_out, FH, FW, D) where they overlap.

    It is the transpose of `patches`: each number goes back to its pixel, and the pad falls away.
    """
    across, down = layer.axes
    total = np.zeros((down.padded, across.padded, layer.input.depth), values.dtype)
    for i, j in np.ndindex(values.shape[:2]):
        total[np.ix_(down.window(i), across.window(j))] += values[i, j]
    return total[down.before :, across.before :][: down.size, : across.size]
