"""Random operands, the same for the same seed whatever else is drawn.

The inputs have mean 0 and variance 1. A sum of n products of independent such numbers with
weights of variance v has variance n v, so weights of variance 1 / n (LeCun's rule, n the
weights per neuron) keep the outputs at variance 1.
"""

from typing import Any

import numpy as np

from convcalc.compute.arrays import Array, input_shape, weights_shape
from convcalc.layer import ConvLayer

INPUT, WEIGHTS = range(2)
"""Independent streams of one seed."""


def random_input(layer: ConvLayer, seed: int, dtype: np.dtype[Any]) -> Array:
    """Return a standard normal input (H, W, D)."""
    return _normal(INPUT, input_shape(layer), seed, dtype)


def random_weights(layer: ConvLayer, seed: int, dtype: np.dtype[Any]) -> Array:
    """Return normal shared weights (K, FH, FW, D / groups) of variance 1 / weights per neuron."""
    weights = _normal(WEIGHTS, weights_shape(layer), seed, dtype)
    weights *= dtype.type(layer.weights_per_neuron**-0.5)
    return weights


def _normal(stream: int, shape: tuple[int, ...], seed: int, dtype: np.dtype[Any]) -> Array:
    generator = np.random.default_rng([seed, stream])
    return generator.standard_normal(shape, dtype.type)
