"""Upsampling: every cell repeated along width and height."""

import numpy as np

from convcalc.compute.passes.call import Call, Inputs, Pass, Weights
from convcalc.layer.enlarge import Upsample
from convcalc.shapes import Array


def definition(layer: Upsample, inputs: Inputs, weights: Weights) -> Array:
    """Return the output (H_out, W_out, D): cell i repeats cell floor(i / factor)."""
    width, height, depth = layer.output
    y = np.empty((height, width, depth))
    for i, j, c in np.ndindex(y.shape):
        y[i, j, c] = inputs[0][i // layer.factor.y, j // layer.factor.x, c]
    return y


def fill(call: Call) -> None:
    """Fill the output, each cell by one copy."""
    (x,), (across, down) = call.inputs, call.layer.factor
    height, width, depth = x.shape
    repeated = call.output.reshape(height, down, width, across, depth)
    repeated[...] = x[:, None, :, None]


UPSAMPLE = Pass(definition, fill)
