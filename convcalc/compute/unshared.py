"""The unshared forward pass: every neuron has its own weights, read once and never again.

A neuron's output is the product of its window with its own weights. No weight is used twice, so
no matrix product can help: the pass is as fast as the weights arrive, from memory, from a file
or from a random generator. They are taken in blocks, by as many threads as there are cores;
each sum is made by one thread in one order, so blocks and threads change no bit of the output.
"""

import mmap
from collections.abc import Iterator
from threading import Lock
from typing import Any, Protocol

import numpy as np

from convcalc.arrays import (
    Array,
    checked,
    checked_bias,
    input_shape,
    output_shape,
    result_dtype,
    unshared_weights_shape,
)
from convcalc.compute.pieces import Piece, runs, whole_groups
from convcalc.compute.progress import Progress, nobody
from convcalc.compute.threads import in_threads
from convcalc.compute.windows import windows
from convcalc.errors import BadRequest
from convcalc.layer import ConvLayer

HELD_BYTES = 32 * 2**20
"""How much of a mapped file may stay in this process's memory."""


class UnsharedWeights(Protocol):
    """Unshared weights that come in blocks: from an array, from a file, or made on the spot."""

    dtype: np.dtype[Any]
    block_bytes: int

    def block(self, piece: Piece) -> Array:
        """Return the weights (rows, columns, filters, FH, FW, D / groups) of a piece."""


class InHand:
    """Weights (H_out, W_out, K, FH, FW, D / groups) in an array, mapped or not."""

    block_bytes = 16 * 2**20
    """Large: memory is read fastest in long runs."""

    def __init__(self, weights: Array) -> None:
        self._weights, self.dtype = weights, weights.dtype

    def block(self, piece: Piece) -> Array:
        """Return a view of the array."""
        return self._weights[piece.outputs]


class FromFile(InHand):
    """Weights in a memory-mapped file, which this process lets go of again after reading them."""

    def __init__(self, name: str, weights: Array, dtype: np.dtype[Any]) -> None:
        super().__init__(weights)
        self._name, self.dtype, self._held, self._lock = name, dtype, 0, Lock()
        self._file = weights.base
        while isinstance(self._file, np.ndarray):
            self._file = self._file.base

    def block(self, piece: Piece) -> Array:
        """Return a view of the file; raise BadRequest where it is not finite."""
        view = super().block(piece)
        if not np.isfinite(view).all():
            raise BadRequest("weights", self._name, "holds NaN or infinity", "give finite numbers")
        with self._lock:
            self._held += view.nbytes
            if self._held > HELD_BYTES and hasattr(mmap, "MADV_DONTNEED"):
                self._held = 0
                if isinstance(self._file, mmap.mmap):
                    self._file.madvise(mmap.MADV_DONTNEED)
        return view


def tied(layer: ConvLayer, weights: Array) -> InHand:
    """Return unshared weights that are the same (K, FH, FW, D / groups) at every position."""
    return InHand(np.broadcast_to(weights, unshared_weights_shape(layer)))


def forward_unshared(
    layer: ConvLayer,
    x: Array,
    weights: Array,
    bias: Array | None = None,
    *,
    progress: Progress = nobody,
) -> Array:
    """Return the layer's output (H_out, W_out, K) when no neuron shares its weights.

    `x` is (H, W, D), `weights` (H_out, W_out, K, FH, FW, D / groups) and may be memory-mapped,
    `bias` (H_out, W_out, K) or None. The output is float32, or float64 where an operand needs it.
    `progress` is called with the multiply-adds of each block when it is done.

    Raises BadRequest when a shape does not match the layer.

    >>> import numpy as np
    >>> layer = ConvLayer(input=(3, 1, 1), filter=(2, 1), filters=1)
    >>> own = np.array([1.0, 1.0, 10.0, 10.0]).reshape(1, 2, 1, 1, 2, 1)
    >>> forward_unshared(layer, np.array([[[1.0], [2.0], [3.0]]]), own)[0, :, 0]
    array([ 3., 50.])
    """
    checked("weights", weights, unshared_weights_shape(layer))
    return forward_in_blocks(layer, x, InHand(weights), bias, progress=progress)


def forward_in_blocks(
    layer: ConvLayer,
    x: Array,
    weights: UnsharedWeights,
    bias: Array | None = None,
    *,
    progress: Progress = nobody,
    threads: int | None = None,
) -> Array:
    """Return the output of `forward_unshared` for weights that come in blocks."""
    checked("x", x, input_shape(layer))
    checked_bias(layer, bias, output_shape(layer))
    dtype = np.result_type(result_dtype(x, bias), weights.dtype)
    output = np.zeros(output_shape(layer), dtype)
    if bias is not None:
        output += bias

    def add(piece: Piece) -> int:
        target = output[piece.outputs]
        taken = _in_runs(windows(layer, piece, x, dtype).reshape(*target.shape[:2], -1))
        own = _in_runs(weights.block(piece).reshape(*target.shape, -1))
        target += np.einsum("ijkn,ijn->ijk", own.astype(dtype, copy=False), taken)
        return piece.multiply_adds

    for multiply_adds in in_threads(
        add, blocks(layer, dtype.itemsize, weights.block_bytes), threads
    ):
        progress(multiply_adds)
    return output


def _in_runs(rows: Array) -> Array:
    """Return rows whose numbers lie side by side: only then are all summed in the same order."""
    return rows if rows.strides[-1] == rows.itemsize else np.ascontiguousarray(rows)


def blocks(layer: ConvLayer, itemsize: int, block_bytes: int) -> Iterator[Piece]:
    """Yield pieces whose weights fill at most `block_bytes`, but at least one neuron's.

    A block is some whole rows of positions, or part of one row, or some filters of one position:
    where weights are numbered in the order group, position, filter, it is a run of them.
    """
    for whole in whole_groups(layer):
        yield from runs(whole, layer, block_bytes // itemsize, ("rows", "columns", "filters"))
