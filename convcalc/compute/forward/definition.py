"""The forward pass as it is defined, one multiplication at a time: slow, and right.

    y[i, j, k] = b[k] + sum over m, n, c of  x[i S + m d - P, j S + n d - P, c] * w[k, m, n, c]

A pixel outside the input is a zero of the pad. Every faster path is tested against this one.
One multiplication for each weight of each neuron, nothing copied, rounded as float64 is.
"""

import numpy as np

from convcalc.compute.forward.job import Cost, Job
from convcalc.layer import ConvLayer
from convcalc.shapes import Array, checked, output_shape


def cost(layer: ConvLayer) -> Cost:
    """Return the cost: one multiplication after the other, and nothing is copied."""
    return Cost(layer.multiply_adds, 0, 0)


def forward_by_definition(
    layer: ConvLayer, x: Array, weights: Array, bias: Array | None = None
) -> Array:
    """Return the output (H_out, W_out, K) of nested loops, in Python floats (float64).

    `x` is (H, W, D), `weights` (K, FH, FW, D / groups), `bias` (K,) or None, untied
    (H_out, W_out, K).

    Raises BadRequest when a shape does not match the layer.
    """
    checked(layer, x=x, weights=weights, bias=bias)
    output = np.empty(output_shape(layer))
    fill(Job(layer, x, weights, bias, output))
    return output


def fill(job: Job) -> None:
    """Fill the output by nested loops, each sum rounded once to the output's type."""
    layer, x, weights, _, output, progress = job
    bias = None if job.bias is None else np.broadcast_to(job.bias, output.shape)
    for i, j, k in np.ndindex(output.shape):
        own_bias = 0.0 if bias is None else float(bias[i, j, k])
        output[i, j, k] = neuron(layer, x, weights[k], i, j, k) + own_bias
        progress(layer.weights_per_neuron)


def neuron(layer: ConvLayer, x: Array, weights: Array, i: int, j: int, k: int) -> float:
    """Return what neuron (i, j, k) makes of its window with weights (FH, FW, D / groups)."""
    across, down = layer.axes
    total = 0.0
    for m, row in enumerate(down.pixels(i)):
        for n, column in enumerate(across.pixels(j)):
            if row is not None and column is not None:  # otherwise the pixel is pad, and 0
                for c, channel in enumerate(layer.channels_of(k)):
                    total += float(x[row, column, channel]) * float(weights[m, n, c])
    return total
