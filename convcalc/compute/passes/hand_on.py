"""Layers that change no number: flatten, and dropout where nothing is trained."""

import numpy as np

from convcalc.compute.passes.call import Call, Inputs, Pass, Weights
from convcalc.layer import Layer
from convcalc.shapes import Array


def definition(layer: Layer, inputs: Inputs, weights: Weights) -> Array:
    """Return the input's numbers in the output's shape; the channels of a pixel are neighbours."""
    width, height, depth = layer.output
    return np.array([float(one) for one in inputs[0].ravel()]).reshape(height, width, depth)


def fill(call: Call) -> None:
    """Copy the numbers, unless the output is the input already."""
    x = call.inputs[0].reshape(call.output.shape)
    if not np.may_share_memory(x, call.output):
        call.output[...] = x


HAND_ON = Pass(definition, fill, rewrites=True)
