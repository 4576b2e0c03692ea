"""The unshared forward pass: every neuron has its own weights, read once and never again.

A neuron's output is the product of its window with its own weights. No weight is used twice, so
no matrix product can help: the pass is as fast as the weights arrive, from memory, from a file
or from a random generator. They are taken in tiles, by as many threads as there are cores;
each sum is made by one thread in one order, so tiles and threads change no bit of the output.
"""

from collections.abc import Iterator

import numpy as np

from convcalc.compute.data.own_weights import InHand, UnsharedWeights
from convcalc.compute.tools.patches import patches
from convcalc.compute.tools.progress import Progress, nobody
from convcalc.compute.tools.threads import in_threads
from convcalc.compute.tools.tiling import Tile, neuron_tiles, whole
from convcalc.compute.tools.windows import tile_patches
from convcalc.layer import ConvLayer
from convcalc.shapes import Array, checked, output_shape


def idea(layer: ConvLayer, x: Array, weights: Array, bias: Array | int = 0) -> Array:
    """Return the output (H_out, W_out, K): at each position its patch times its own weights.

    `x` is (H, W, D), `weights` (H_out, W_out, K, FH, FW, D / groups), `bias` (H_out, W_out, K). In
    the sum g is the group, k and c are a filter and a channel of it, and m, n are a tap.
    """
    (height, width, filters), groups = output_shape(layer), layer.groups
    taps = layer.filter.height, layer.filter.width
    seen = patches(layer, x).reshape(height, width, *taps, groups, -1)
    own = weights.reshape(height, width, groups, -1, *weights.shape[3:])
    outputs: Array = np.einsum("ijmngc,ijgkmnc->ijgk", seen, own)
    return outputs.reshape(height, width, filters) + bias


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
    `progress` is called with the multiply-adds of each tile when it is done.

    Raises BadRequest when a shape does not match the layer. A mapped file must not shrink before
    the pass is done, or the system ends the process.

    >>> import numpy as np
    >>> layer = ConvLayer(input=(3, 1, 1), filter=(2, 1), filters=1)
    >>> own = np.array([1.0, 1.0, 10.0, 10.0]).reshape(1, 2, 1, 1, 2, 1)
    >>> forward_unshared(layer, np.array([[[1.0], [2.0], [3.0]]]), own)[0, :, 0]
    array([ 3., 50.])
    """
    checked(layer, unshared=True, weights=weights)
    return forward_in_tiles(layer, x, InHand(weights), bias, progress=progress)


def forward_in_tiles(
    layer: ConvLayer,
    x: Array,
    weights: UnsharedWeights,
    bias: Array | None = None,
    *,
    progress: Progress = nobody,
    threads: int | None = None,
) -> Array:
    """Return the output of `forward_unshared` for weights that come in tiles."""
    dtype = np.result_type(checked(layer, unshared=True, x=x, bias=bias), weights.dtype)
    output = np.zeros(output_shape(layer), dtype)
    if bias is not None:
        output += bias
    add_in_tiles(layer, x, weights, output, progress=progress, threads=threads)
    return output


def add_in_tiles(
    layer: ConvLayer,
    x: Array,
    weights: UnsharedWeights,
    output: Array,
    *,
    progress: Progress = nobody,
    threads: int | None = None,
) -> None:
    """Add each neuron's sum to an output, in its type."""
    dtype = output.dtype

    def add(tile: Tile) -> int:
        own_weights = weights.of(tile)
        for part in tile.by_group(layer):
            target = output[part.outputs]
            taken = _in_runs(tile_patches(layer, part, x, dtype).reshape(*target.shape[:2], -1))
            first = part.filters.start - tile.filters.start
            own = own_weights[:, :, first : first + len(part.filters)].reshape(*target.shape, -1)
            own = _in_runs(own).astype(dtype, copy=False)
            target += np.einsum("ijkn,ijn->ijk", own, taken)
        return tile.multiply_adds

    cut = unshared_tiles(layer, dtype.itemsize, weights.tile_bytes, weights.group_by_group)
    for multiply_adds in in_threads(add, cut, threads):
        progress(multiply_adds)


def _in_runs(rows: Array) -> Array:
    """Return rows whose numbers lie side by side: only then are all summed in the same order."""
    return rows if rows.strides[-1] == rows.itemsize else np.ascontiguousarray(rows)


def unshared_tiles(
    layer: ConvLayer, itemsize: int, tile_bytes: int, group_by_group: bool
) -> Iterator[Tile]:
    """Yield tiles whose weights fill at most `tile_bytes`, but at least one neuron's.

    A tile is some whole rows of positions, or part of one row, or some filters of one position:
    where weights are numbered in the order group, position, filter, or without groups in the order
    position, filter, it is a run of them.
    """
    everything, order = whole(layer), ("rows", "columns", "filters")
    for part in everything.by_group(layer) if group_by_group else [everything]:
        yield from neuron_tiles(part, layer, tile_bytes // itemsize, order)
