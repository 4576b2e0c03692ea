"""Where branches come together: added cell by cell, or laid one behind the other in depth."""

import numpy as np

from convcalc.compute.passes.call import Call, Inputs, Pass, Weights
from convcalc.layer.merge import Add, Concat
from convcalc.shapes import Array


def definition_of_add(layer: Add, inputs: Inputs, weights: Weights) -> Array:
    """Return the sums (H, W, D), cell by cell."""
    y = np.zeros(inputs[0].shape)
    for place in np.ndindex(y.shape):
        y[place] = sum(float(x[place]) for x in inputs)
    return y


def fill_add(call: Call) -> None:
    """Fill the output by one addition after the other."""
    first, *others = call.inputs
    if not others:
        call.output[...] = first
    for other in others:
        np.add(first, other, out=call.output)
        first = call.output


ADD = Pass(definition_of_add, fill_add, rewrites=True)


def definition_of_concat(layer: Concat, inputs: Inputs, weights: Weights) -> Array:
    """Return the output (H, W, D of all), cell by cell."""
    width, height, depth = layer.output
    y = np.empty((height, width, depth))
    for i, j in np.ndindex(height, width):
        y[i, j] = [float(value) for x in inputs for value in x[i, j]]
    return y


def fill_concat(call: Call) -> None:
    """Fill the output, one input's channels after the other's."""
    np.concatenate(call.inputs, axis=2, out=call.output)


CONCAT = Pass(definition_of_concat, fill_concat)
