"""The forward pass as it is defined, one multiplication at a time: slow, and right.

    y[i, j, k] = b[k] + sum over m, n, c of  x[i S + m d - P, j S + n d - P, c] * w[k, m, n, c]

A pixel outside the input is a zero of the pad. Every faster path is tested against this one.
"""

from collections.abc import Iterator

import numpy as np

from convcalc.compute.arrays import Array, checked_operands
from convcalc.layer import ConvLayer


def forward_by_definition(
    layer: ConvLayer, x: Array, weights: Array, bias: Array | None = None
) -> Array:
    """Return the output (H_out, W_out, K) of nested loops, in Python floats (float64).

    `x` is (H, W, D), `weights` (K, FH, FW, D / groups), `bias` (K,) or None.
    Raises BadRequest when a shape does not match the layer.
    """
    checked_operands(layer, x, weights, bias)
    width, height, filters = layer.output
    output = np.empty((height, width, filters))
    for i in range(height):
        for j in range(width):
            for k in range(filters):
                total = 0.0 if bias is None else float(bias[k])
                for pixel, weight in _window(layer, x, weights, i, j, k):
                    total += pixel * weight
                output[i, j, k] = total
    return output


def _window(
    layer: ConvLayer, x: Array, weights: Array, i: int, j: int, k: int
) -> Iterator[tuple[float, float]]:
    """Yield the pixel and the weight of every connection of neuron (i, j, k)."""
    depth = layer.filter.depth
    first_channel = k // (layer.filters // layer.groups) * depth
    for m in range(layer.filter.height):
        row = i * layer.stride.y + m * layer.dilation.y - layer.pad.top
        for n in range(layer.filter.width):
            column = j * layer.stride.x + n * layer.dilation.x - layer.pad.left
            if 0 <= row < layer.input.height and 0 <= column < layer.input.width:
                for c in range(depth):
                    yield float(x[row, column, first_channel + c]), float(weights[k, m, n, c])
