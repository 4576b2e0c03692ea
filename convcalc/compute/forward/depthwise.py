"""Depthwise layers: every depth slice has filters of its own, so no matrix product can help.

im2col would make a product for each slice, of a few columns each. Instead take one tap of all
filters after the other, and whole rows of the picture: W_out * K numbers of the input times the
tap's weights, repeated along the row, are added to a row of the output. Only the pad is copied,
and all is done in runs as long as a row.

With N neurons: N * FW * FH multiplications, and as many numbers read; a workspace of 1 MiB for
each thread, and one more. The sums are rounded as those of im2col are.
"""

from functools import partial

import numpy as np

from convcalc.arithmetic.solver.progression import size
from convcalc.compute.forward.job import Cost, Job
from convcalc.compute.tools.patches import patches
from convcalc.compute.tools.threads import carve, cores
from convcalc.compute.tools.tuning import ROWS_TILE, WORKSPACE
from convcalc.compute.tools.windows import covered, padded, patches_of
from convcalc.layer import ConvLayer
from convcalc.shapes import Array, output_shape


def idea(layer: ConvLayer, x: Array, weights: Array, bias: Array | int = 0) -> Array:
    """Return the output (H_out, W_out, K): what each tap sees times its weights, added up.

    `x` is (H, W, D), `weights` (K, FH, FW, 1), `bias` (K,). With a group for each depth slice.
    """
    seen = patches(layer, x)  # (H_out, W_out, FH, FW, D)
    each = layer.filters // layer.input.depth  # so many filters look at each slice
    output = np.zeros(output_shape(layer), np.result_type(x, weights))
    for m, n in np.ndindex(weights.shape[1:3]):
        output += np.repeat(seen[:, :, m, n], each, axis=2) * weights[:, m, n, 0]
    return output + bias


def refusal(layer: ConvLayer, tile_bytes: int = ROWS_TILE) -> str | None:
    """Return why the layer cannot be run so, or None."""
    if layer.groups == 1 or layer.groups != layer.input.depth:
        return "the layer is not depthwise, with a group for each depth slice"
    if 8 * _padded_numbers(layer, 1) > tile_bytes:
        return "its rows are too long to be taken at once"
    return None


def cost(layer: ConvLayer) -> Cost:
    """Return the cost: each tap moves the input to the output."""
    workspace = min(cores() * ROWS_TILE, WORKSPACE) + ROWS_TILE
    return Cost(layer.multiply_adds, layer.multiply_adds, workspace)


def fill(job: Job, tile_bytes: int = ROWS_TILE) -> None:
    """Fill the output by adding up the taps over whole rows."""
    layer = job.layer
    taps = job.weights[:, :, :, 0].transpose(1, 2, 0)[:, :, None]  # (FH, FW, 1, K)
    taps = taps.astype(job.output.dtype)
    in_runs = layer.stride.x == 1 and taps.nbytes * layer.output.width <= tile_bytes
    if in_runs:
        taps = np.tile(taps, layer.output.width).reshape(*taps.shape[:2], -1)

    def products(rows: range, own: Array, target: Array) -> None:
        seen = _seen(layer, rows, job.x, own, in_runs)
        np.einsum("mni...,mn...->i...", seen, taps, out=target.reshape(seen.shape[2:]))

    job.fill_rows(products, partial(_padded_numbers, layer), tile_bytes)


def _seen(layer: ConvLayer, rows: range, x: Array, own: Array, in_runs: bool) -> Array:
    """Return what each tap sees from some rows, a view (FH, FW, rows, W_out, K).

    Where the pixels adjoin, each row may be one run (W_out * K).
    """
    slab = padded(layer, x, *covered(layer, rows), own.dtype, own)
    times = layer.filters // layer.groups
    if times > 1 or not slab[0].flags.c_contiguous:
        _, repeated = carve(own, slab.shape, (*slab.shape, times))
        repeated[...] = slab[..., None]
        slab = repeated.reshape(*slab.shape[:2], -1)
    shape = (len(rows), layer.output.width, layer.filter.height, layer.filter.width, layer.filters)
    seen = patches_of(layer, slab, shape).transpose(2, 3, 0, 1, 4)
    return seen.reshape(*seen.shape[:3], -1) if in_runs else seen


def _padded_numbers(layer: ConvLayer, rows: int) -> int:
    """Return how many numbers some output rows look at: padded, and once for each filter."""
    down, across = covered(layer, range(rows))
    return size(down) * size(across) * (layer.input.depth + layer.filters)
