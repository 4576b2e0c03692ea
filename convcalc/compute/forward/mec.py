"""Copy the windows along the width only; along the height they are a view of the copy.

Windows one above the other have rows in common. So put side by side only what one output
column sees: a strip FW * D numbers wide and as high as the input. Window i of that column is
then the strip's rows from i * S on, FH * FW * D numbers without a gap, and a matrix product can
read them where they are. For each position S * FW * D numbers are copied, not FH * FW * D. The
price is a product for each row of the output, fast only where rows are long.

With N neurons at P positions: N * FW * FH * D multiplications, P * S * FW * D numbers copied
(and the input, where it is padded), the weights read H_out times, a workspace of 1 MiB for each
thread and 4 MiB for the weights. The sums, and so their rounding, are those of im2col.

The idea is known as memory-efficient convolution, MEC (Cho and Brand, 2017).
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convcalc.arithmetic.solver.progression import size
from convcalc.compute.forward.job import Cost, Job, moved_in_runs
from convcalc.compute.tools.patches import pad
from convcalc.compute.tools.threads import carve, cores
from convcalc.compute.tools.tuning import MEC_WEIGHTS, ROWS_TILE, WORKSPACE
from convcalc.compute.tools.windows import covered, padded, strided
from convcalc.layer import ConvLayer
from convcalc.shapes import Array


def idea(layer: ConvLayer, x: Array, weights: Array, bias: Array | int = 0) -> Array:
    """Return the output (H_out, W_out, K): strips side by side, and one product for each row.

    `x` is (H, W, D), `weights` (K, FH, FW, D), `bias` (K,). Without groups, or holes in the height.
    """
    across, down = layer.axes
    seen = sliding_window_view(pad(layer, x), across.extent, axis=1)  # (H, every column, D, extent)
    taps = seen[:, :: across.stride, :, :: across.dilation]  # (H, W_out, D, FW)
    strips = np.ascontiguousarray(taps.transpose(1, 0, 3, 2))  # (W_out, H, FW, D): the only copy
    filters = weights.reshape(layer.filters, -1).T  # (FH * FW * D, K)
    firsts = range(0, down.positions * down.stride, down.stride)
    seen_by_rows = [strips[:, first : first + down.filter] for first in firsts]  # views
    return np.stack([row.reshape(len(row), -1) @ filters for row in seen_by_rows]) + bias


def refusal(layer: ConvLayer, tile_bytes: int = ROWS_TILE) -> str | None:
    """Return why the layer cannot be run so, or None."""
    if layer.groups > 1:
        return "the layer has groups"
    if layer.dilation.y > 1:
        return "the rows of a dilated window do not adjoin"
    if 8 * sum(_copied(layer, 1)) > tile_bytes:
        return "its rows are too long to be copied at once"
    if 8 * layer.parameters.shared.weights > MEC_WEIGHTS:
        return "its weights are too many to be read again for each row"
    return None


def cost(layer: ConvLayer) -> Cost:
    """Return the cost: strips are copied, and each row's product reads the weights again.

    To read a number is half of moving it.
    """
    height, depth = layer.output.height, layer.input.depth
    strips, slab = _copied(layer, height)
    run = depth if layer.dilation.x > 1 else layer.filter.width * depth
    read = height * layer.parameters.shared.weights // 2
    moved = moved_in_runs(strips, run) + slab + read
    workspace = min(cores() * ROWS_TILE, WORKSPACE) + MEC_WEIGHTS
    return Cost(layer.multiply_adds, moved, workspace)


def fill(job: Job, tile_bytes: int = ROWS_TILE) -> None:
    """Fill the output by one matrix product for each of its rows."""
    layer = job.layer
    columns = np.ascontiguousarray(job.weights.reshape(layer.filters, -1).T, job.output.dtype)

    def products(rows: range, own: Array, target: Array) -> None:
        np.matmul(_windows(layer, rows, job.x, own), columns, out=target)

    job.fill_rows(products, lambda rows: sum(_copied(layer, rows)), tile_bytes)


def _windows(layer: ConvLayer, rows: range, x: Array, own: Array) -> Array:
    """Return the windows (rows, W_out, FH * FW * D) of some rows, a view of strips in `own`."""
    width, depth = layer.output.width, layer.input.depth
    down, across = covered(layer, rows)
    shape = (width, len(down), layer.filter.width, depth)
    strips, scratch = carve(own, shape, (len(down), len(across), depth))
    slab = padded(layer, x, down, across, own.dtype, scratch)
    line, pixel, number = slab.strides
    steps = (layer.stride.x * pixel, line, layer.dilation.x * pixel, number)
    strips[...] = strided(slab, shape, steps)
    strip, line = strips.strides[:2]
    return strided(
        strips,
        (len(rows), width, layer.weights_per_neuron),
        (layer.stride.y * line, strip, own.itemsize),
    )


def _copied(layer: ConvLayer, rows: int) -> tuple[int, int]:
    """Return how many numbers the strips for some output rows hold, and their padded input."""
    down, across = covered(layer, range(rows))
    strip = layer.filter.width * layer.input.depth
    return layer.output.width * size(down) * strip, size(down) * size(across) * layer.input.depth
