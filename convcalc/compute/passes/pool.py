"""Pooling: the largest number or the mean of each window, channel by channel.

The largest of a window is the largest of its rows' largest, and so with sums: along the height
first, whole rows at a time, then along the width. A window of F x F takes 2 F steps in place of
F², and a pad is never built: each tap skips the positions whose pixel is none.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from convcalc.compute.passes.call import Call, Inputs, Pass, Weights
from convcalc.compute.tools.threads import carve, cores, spread
from convcalc.compute.tools.tiling import even, span
from convcalc.compute.tools.tuning import ROWS_TILE
from convcalc.layer import Axis
from convcalc.layer.pool import GlobalPool, Pool
from convcalc.shapes import Array

Combine = Callable[..., Any]


def definition(layer: Pool, inputs: Inputs, weights: Weights) -> Array:
    """Return the output (H_out, W_out, D) of loops over the cells that each window sees."""
    (x,), (width, height, depth) = inputs, layer.output
    y = np.empty((height, width, depth))
    across, down = layer.axes
    for i, j, c in np.ndindex(y.shape):
        pixels = [(row, column) for row in down.pixels(i) for column in across.pixels(j)]
        seen = [float(x[row, column, c]) for row, column in pixels if None not in (row, column)]
        if layer.mode == "max":
            y[i, j, c] = max(seen)
        else:
            in_pad = [p for p in down.window(i) if p < down.padded]
            counted = len(in_pad) * len([p for p in across.window(j) if p < across.padded])
            y[i, j, c] = sum(seen) / (counted if layer.count_pad else len(seen))
    return y


def fill(call: Call) -> None:
    """Fill the output, some rows at a time."""
    layer, (x,), y = call.layer, call.inputs, call.output
    across, down = layer.axes
    combine, start = (np.maximum, -np.inf) if layer.mode == "max" else (np.add, 0)
    shares = [counts(axis, layer.count_pad) for axis in (down, across)]

    def work(rows: range, own: Array) -> None:
        (high,) = carve(own, (len(rows), *x.shape[1:]))
        target = y[span(rows)]
        _along(down, rows, x, high, combine, start)
        columns = range(across.positions)
        _along(across, columns, high.swapaxes(0, 1), target.swapaxes(0, 1), combine, start)
        if layer.mode == "average":
            target /= np.outer(shares[0][span(rows)], shares[1])[..., None].astype(y.dtype)

    row = x[0].size
    most = max(1, ROWS_TILE // (row * x.itemsize))
    cut = even(len(y), most, cores())
    spread(work, cut, row * max(map(len, cut)), x.dtype)


def _along(
    axis: Axis, positions: range, x: Array, target: Array, combine: Combine, start: float
) -> None:
    """Combine what some positions see along the arrays' first axis, tap by tap."""
    target[...] = start
    for tap in range(axis.filter):
        shift = tap * axis.dilation - axis.before  # position p sees pixel p * stride + shift
        first = max(positions.start, -(shift // axis.stride))
        last = min(positions.stop, (axis.size - 1 - shift) // axis.stride + 1)
        if first < last:
            pixels = slice(first * axis.stride + shift, last * axis.stride + shift, axis.stride)
            part = target[first - positions.start : last - positions.start]
            combine(part, x[pixels][: last - first], out=part)


def counts(axis: Axis, count_pad: bool) -> Array:
    """Return how many cells of each window count, along an axis: what sticks out never does.

    >>> counts(Axis("width", size=4, filter=3, stride=2, before=1, after=1, up=True), True)
    array([3, 3, 2])
    >>> counts(Axis("width", size=4, filter=3, stride=2, before=1, after=1, up=True), False)
    array([2, 3, 1])
    """
    first = np.arange(axis.positions) * axis.stride
    last = first + axis.filter
    if count_pad:
        return np.minimum(last, axis.padded) - first
    ends = axis.before, axis.before + axis.size
    return np.minimum(last, ends[1]) - np.maximum(first, ends[0])


def workspace(layer: Pool) -> int:
    """Return the bytes of rows, combined along the height, in all threads."""
    return cores() * max(ROWS_TILE, 8 * layer.input.width * layer.input.depth)


POOL = Pass(definition, fill, workspace=workspace)


def definition_of_global(layer: GlobalPool, inputs: Inputs, weights: Weights) -> Array:
    """Return the output (1, 1, D): each channel's largest number or mean."""
    cells = [[float(one) for one in inputs[0][..., c].ravel()] for c in range(layer.input.depth)]
    pooled = max if layer.mode == "max" else lambda numbers: sum(numbers) / len(numbers)
    return np.array([[[pooled(one) for one in cells]]])


def fill_global(call: Call) -> None:
    """Fill the output; means are summed in float64."""
    pooled = np.max if call.layer.mode == "max" else partial(np.mean, dtype=np.float64)
    call.output[...] = pooled(call.inputs[0], axis=(0, 1))


GLOBAL_POOL = Pass(definition_of_global, fill_global)
