"""Every patch becomes a row, then one matrix product does the sums.

The definition multiplies each patch, the numbers in a window, with each filter. Write the patches
as the rows of a matrix, FW * FH * D / groups numbers each, and the filters as the columns of
another: the product holds every output. Windows overlap, so NumPy shows the patches as a strided
view of the input; only the product needs their numbers side by side, and they are copied tile by
tile (see `tiles`). A 1x1 patch is the pixel itself: those are not copied at all. The pad is added
to the few rows a tile looks at, never to the whole input.

With N neurons at P positions: N * FW * FH * D / groups multiplications, P * FW * FH * D numbers
copied, 20 MiB of workspace at most. Each output is one sum of products: in float32 it is off by
less than 2e-6 of what the terms of the largest add up to without their signs.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from convcalc.compute.forward.job import Cost, Job, moved_in_runs
from convcalc.compute.tools.patches import patches
from convcalc.compute.tools.threads import cores, spread
from convcalc.compute.tools.tiling import Tile, tiles, tiles_for_threads
from convcalc.compute.tools.tuning import IM2COL_TILE, TURNED_FROM, WORKSPACE
from convcalc.compute.tools.windows import tile_patches
from convcalc.layer import ConvLayer
from convcalc.shapes import Array, output_shape


def idea(layer: ConvLayer, x: Array, weights: Array, bias: Array | int = 0) -> Array:
    """Return the output (H_out, W_out, K): a matrix of patches times a matrix of filters.

    `x` is (H, W, D), `weights` (K, FH, FW, D / groups), `bias` (K,).
    """
    seen, per_group = patches(layer, x), layer.filters // layer.groups
    products = []
    for k in range(0, layer.filters, per_group):
        channels = layer.channels_of(k)
        rows = seen[..., channels].reshape(layer.positions, -1)  # (positions, FH * FW * D / groups)
        columns = weights[k : k + per_group].reshape(per_group, -1).T  # (..., K / groups)
        products.append(rows @ columns)
    return np.concatenate(products, axis=1).reshape(output_shape(layer)) + bias


def fill(job: Job, tile_bytes: int = IM2COL_TILE) -> None:
    """Fill the output by one matrix product of all patches and all filters, tile by tile."""
    layer, x, weights, _, output, progress = job
    dtype, bias = output.dtype, job.bias_row()
    by_tap = weights.transpose(1, 2, 3, 0)
    if output[:, :, 0].size > TURNED_FROM and weights.size * dtype.itemsize <= tile_bytes:
        by_tap = np.ascontiguousarray(by_tap, dtype)
    in_order = weights.flags.c_contiguous or by_tap.flags.c_contiguous
    copies_weights = by_tap.dtype != dtype or not in_order
    limit = max(4, min(tile_bytes, WORKSPACE // cores() // 2) // dtype.itemsize)

    def fill_whole(whole: Tile, own: Array) -> None:
        for tile in tiles(layer, whole, limit, copies_weights):
            filters = by_tap[*tile.weights[1:], tile.weights[0]]
            columns = filters.astype(dtype, copy=False).reshape(tile.window, -1)
            target = in_rows(output[tile.outputs])
            rows = _patch_rows(layer, tile, x, own).reshape(*target.shape[:2], -1)
            if tile.starts_windows:
                np.matmul(rows, columns, out=target)
            else:
                target += rows @ columns
            progress(tile.multiply_adds)
        if bias is not None:
            output[whole.outputs] += bias[whole.outputs[1:]]

    wholes = list(tiles_for_threads(layer, cores()))
    copied = max(whole.slab(layer) + whole.positions * whole.window for whole in wholes)
    spread(fill_whole, wholes, min(limit, copied), dtype)


def cost(layer: ConvLayer) -> Cost:
    """Return the cost: every window is copied, unless it is 1x1, in runs of the filter's width.

    The weights are read, to be laid out for the product, by each thread.
    """
    taps, depth = layer.filter.width * layer.filter.height, layer.filter.depth
    copied = 0 if taps == 1 else layer.positions * taps * layer.input.depth
    run = depth if layer.groups > 1 or layer.dilation.x > 1 else layer.filter.width * depth
    moved = moved_in_runs(copied, run) + layer.parameters.shared.weights
    return Cost(layer.multiply_adds, moved, WORKSPACE + IM2COL_TILE)


def in_rows(target: Array) -> Array:
    """Return outputs (rows, columns, filters) as (1, rows * columns, filters) where they adjoin."""
    rows, columns, filters = target.shape
    row, column, one = target.strides
    if rows > 1 and row != columns * column:
        return target
    return as_strided(target, (1, rows * columns, filters), (0, column, one))


def _patch_rows(layer: ConvLayer, tile: Tile, x: Array, own: Array) -> Array:
    """Return the patches, the numbers of each side by side, copied to the end of `own`."""
    seen = tile_patches(layer, tile, x, own.dtype, own)
    if seen.shape[2:4] == (1, 1):
        return seen
    side_by_side = own[own.size - seen.size :].reshape(seen.shape)
    side_by_side[...] = seen
    return side_by_side
