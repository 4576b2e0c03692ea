"""Weights of an unshared layer, every neuron's own: from an array, from a file, or tied.

Random ones are made on the spot, see `random`.
"""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from convcalc.compute.tools.tiling import Tile
from convcalc.compute.tools.tuning import FILE_TILE, IN_HAND_TILE
from convcalc.layer import ConvLayer
from convcalc.shapes import Array, unshared_weights_shape, weights_shape


class UnsharedWeights(Protocol):
    """Unshared weights that come in tiles: from an array, from a file, or made on the spot."""

    dtype: np.dtype[Any]
    tile_bytes: int
    group_by_group: bool
    """Whether tiles come in the order group, position, filter; else position, filter."""

    def of(self, tile: Tile) -> Array:
        """Return the weights (rows, columns, filters, FH, FW, D / groups) of a tile."""


class InHand:
    """Weights (H_out, W_out, K, FH, FW, D / groups) in an array, mapped or not."""

    tile_bytes = IN_HAND_TILE
    group_by_group = True

    def __init__(self, weights: Array) -> None:
        self._weights, self.dtype = weights, weights.dtype

    def of(self, tile: Tile) -> Array:
        """Return a view of the array."""
        return self._weights[tile.outputs]


class FromFile:
    """Weights that are read in runs, in the order of (H_out, W_out, K, FH, FW, D / groups).

    `numbers(start, count)` returns so many of them.
    """

    tile_bytes = FILE_TILE
    group_by_group = False

    def __init__(
        self, layer: ConvLayer, dtype: np.dtype[Any], numbers: Callable[[int, int], Array]
    ) -> None:
        self._layer, self.dtype, self._numbers = layer, dtype, numbers

    def of(self, tile: Tile) -> Array:
        """Return the weights of a run of neurons; raise what `numbers` raises."""
        layer = self._layer
        position = tile.rows.start * layer.output.width + tile.columns.start
        neuron = position * layer.filters + tile.filters.start
        weights = self._numbers(neuron * layer.weights_per_neuron, tile.multiply_adds)
        neurons = len(tile.rows), len(tile.columns), len(tile.filters)
        return weights.reshape(*neurons, *weights_shape(layer)[1:])


def tied(layer: ConvLayer, weights: Array) -> InHand:
    """Return unshared weights that are the same (K, FH, FW, D / groups) at every position."""
    return InHand(np.broadcast_to(weights, unshared_weights_shape(layer)))
