"""Random operands, the same for the same seed whatever else is drawn.

The inputs have mean 0 and variance 1. A sum of n products of independent such numbers with
weights of variance v has variance n v, so weights of variance 1 / n (LeCun's rule, n the
weights per neuron) keep the outputs at variance 1.
"""

from typing import Any

import numpy as np

from convcalc.compute.tools.progress import Progress, nobody
from convcalc.compute.tools.tiling import Tile
from convcalc.compute.tools.tuning import DRAWN_AT_ONCE, RANDOM_TILE
from convcalc.layer import ConvLayer, Volume
from convcalc.shapes import Array, output_shape, weights_shape

INPUT, WEIGHTS, UPSTREAM, UNSHARED, BIAS = range(5)
"""Independent streams of one seed."""


def random_input(
    layer: ConvLayer, seed: int, dtype: np.dtype[Any], progress: Progress = nobody
) -> Array:
    """Return a standard normal input (H, W, D)."""
    return random_volume(layer.input, seed, dtype, progress)


def random_volume(
    volume: Volume, seed: int, dtype: np.dtype[Any], progress: Progress = nobody
) -> Array:
    """Return a volume (H, W, D) of standard normal numbers."""
    width, height, depth = volume
    return _normal(INPUT, (height, width, depth), seed, dtype, progress)


def random_weights(
    layer: ConvLayer, seed: int, dtype: np.dtype[Any], progress: Progress = nobody
) -> Array:
    """Return normal shared weights (K, FH, FW, D / groups) of variance 1 / weights per neuron."""
    weights = _normal(WEIGHTS, weights_shape(layer), seed, dtype, progress)
    weights *= dtype.type(layer.weights_per_neuron**-0.5)
    return weights


def random_bias(layer: ConvLayer, seed: int, dtype: np.dtype[Any]) -> Array:
    """Return a standard normal bias for every neuron (H_out, W_out, K)."""
    return _normal(BIAS, output_shape(layer), seed, dtype, nobody)


def random_upstream(layer: ConvLayer, seed: int, dtype: np.dtype[Any]) -> Array:
    """Return a standard normal upstream gradient (H_out, W_out, K)."""
    return _normal(UPSTREAM, output_shape(layer), seed, dtype, nobody)


class RandomUnshared:
    """Unshared weights made on the spot: weight n of the layer is number n of one long stream.

    They are uniform between -a and a; the variance a^2 / 3 is 1 / weights per neuron, LeCun's
    rule again. The generator can jump to any number of its stream, so a tile needs no other.
    """

    tile_bytes = RANDOM_TILE
    group_by_group = True

    def __init__(self, layer: ConvLayer, seed: int, dtype: np.dtype[Any]) -> None:
        self._layer, self._seed, self.dtype = layer, np.random.SeedSequence([seed, UNSHARED]), dtype
        self._reach = (3 / layer.weights_per_neuron) ** 0.5

    def of(self, tile: Tile) -> Array:
        """Return the weights (rows, columns, filters, FH, FW, D / groups) of a run of neurons."""
        layer, per_group = self._layer, self._layer.filters // self._layer.groups
        group, within = divmod(tile.filters.start, per_group)
        row = group * layer.output.height + tile.rows.start
        neuron = (row * layer.output.width + tile.columns.start) * per_group + within
        # a step of the generator makes 64 bits: two float32 numbers, or one float64
        steps, odd = divmod(neuron * layer.weights_per_neuron * self.dtype.itemsize, 8)
        generator = np.random.Generator(np.random.PCG64DXSM(self._seed).advance(steps))
        if odd:
            generator.random(1, self.dtype.type)
        weights: Array = generator.random(tile.multiply_adds, self.dtype.type)
        weights -= 0.5
        weights *= self.dtype.type(2 * self._reach)
        neurons = len(tile.rows), len(tile.columns), len(tile.filters)
        return weights.reshape(*neurons, *weights_shape(layer)[1:])


def _normal(
    stream: int, shape: tuple[int, ...], seed: int, dtype: np.dtype[Any], progress: Progress
) -> Array:
    generator = np.random.default_rng([seed, stream])
    numbers = np.empty(shape, dtype)
    flat = numbers.reshape(-1)
    for start in range(0, flat.size, DRAWN_AT_ONCE):
        part = flat[start : start + DRAWN_AT_ONCE]
        generator.standard_normal(dtype=dtype.type, out=part)
        progress(part.size)
    return numbers
