"""Winograd's algorithm as it is run: many tiles at a time, transformed once, in threads.

The idea is in `winograd`. Here what is transformed once and used again is kept, tiles are taken
many at a time, and every step is one matrix product: both transforms, and for each of the 36
points (tiles x D) by (D x K). The transforms go along the height first, then along the width.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numpy as np

from convcalc.compute.forward.job import Job
from convcalc.compute.forward.transforms import POINTS, transforms
from convcalc.compute.forward.winograd import PRODUCTS, side_of_tile, tile_counts
from convcalc.compute.tools.threads import Item, carve, cores, spread
from convcalc.compute.tools.tiling import even, span
from convcalc.compute.tools.tuning import (
    VECTORS,
    WINOGRAD_KEPT,
    WINOGRAD_MANY,
    WINOGRAD_MOST,
    WINOGRAD_STAGE,
    WORKSPACE,
)
from convcalc.compute.tools.windows import padded, strided
from convcalc.shapes import Array

Whole = TypeVar("Whole")
Tiles = tuple[range, range]
"""Some of Winograd's tiles: their rows and columns."""


class Limits(NamedTuple):
    """How much is taken at a time; each is explained in `tuning`."""

    stage: int = WINOGRAD_STAGE
    most: int = WINOGRAD_MOST
    many: int = WINOGRAD_MANY
    kept: int = WINOGRAD_KEPT


def fill(job: Job, limits: Limits = Limits()) -> None:  # noqa: B008
    """Fill the output by Winograd's algorithm; what is larger is cut for threads.

    With more tiles than filters, transformed weights are kept and tiles pass by; otherwise
    transformed tiles are kept and filters pass by.
    """
    engine, (down, across) = _Engine(job, limits), tile_counts(job.layer)
    whole = range(down), range(across)
    if down * across >= job.layer.filters:
        for filters in even(job.layer.filters, engine.most_kept, 1):
            engine.tiles_pass_by(whole, filters)
    else:
        for some in _cut(whole, engine.most_kept, 1):
            engine.filters_pass_by(some)


class _Engine:
    """What one pass works with: operands, transforms in its type, and how much at once."""

    def __init__(self, job: Job, limits: Limits) -> None:
        self.layer, self.x, self.weights, _, self.output, self.progress = job
        self.limits, self.bias, self.dtype = limits, job.bias_row(), job.output.dtype
        self.side, self.taps = side_of_tile(job.layer), job.layer.filter.width
        self.a, g, self.b = (matrix.astype(self.dtype) for matrix in transforms(self.taps))
        self.g = np.einsum("un,vm->uvmn", g, g).reshape(PRODUCTS, -1)
        depth, number = job.layer.input.depth, PRODUCTS * self.dtype.itemsize
        self.most = max(min(limits.most, WORKSPACE // cores() // 2 // number), depth)
        self.most_kept = min(max(1, limits.kept // number // depth), self.most)

    def tiles_pass_by(self, whole: Tiles, filters: range) -> None:
        """Transform some filters, and make their outputs of all tiles."""
        depth = self.layer.input.depth
        kept = np.empty((PRODUCTS, depth, len(filters)), self.dtype)

        def transform(some: range, first: Array, second: Array) -> None:
            kept[:, :, span(some)] = self._weights(filters[span(some)], first)

        def meet(some: Tiles, first: Array, second: Array) -> None:
            self._outputs(some, filters, self._inputs(some, first, second), kept, first, second)

        self._spread(transform, even, len(filters), depth)
        self._spread(meet, _cut, whole, max(depth, len(filters)))

    def filters_pass_by(self, whole: Tiles) -> None:
        """Transform some tiles, and make all filters' outputs of them."""
        (rows, columns), depth = whole, self.layer.input.depth
        kept = np.empty((PRODUCTS, len(rows), len(columns), depth), self.dtype)

        def transform(some: Tiles, first: Array, second: Array) -> None:
            down, across = span(some[0]), span(some[1])
            kept[:, down, across] = self._inputs((rows[down], columns[across]), first, second)

        def meet(filters: range, first: Array, second: Array) -> None:
            self._outputs(whole, filters, kept, self._weights(filters, second), first, second)

        tiles = len(rows) * len(columns)
        vectors = -(-tiles // VECTORS) * VECTORS
        self._spread(transform, _cut, (range(len(rows)), range(len(columns))), depth)
        self._spread(meet, even, self.layer.filters, max(depth, tiles), vectors)

    def _spread(
        self,
        work: Callable[[Item, Array, Array], None],
        cut: Callable[[Whole, int, int], list[Item]],
        whole: Whole,
        channels: int,
        many: int = 0,
    ) -> None:
        """Do work(some, first, second) for tiles or filters of so many channels, many at a time.

        A thread has two stages to itself, each with room for the channels of what it takes.
        """
        limits = self.limits
        most = min(max(limits.stage // channels, many or limits.many), self.most // channels)
        items, numbers = cut(whole, most, cores()), 2 * PRODUCTS * most * channels
        spread(lambda some, own: work(some, *own.reshape(2, -1)), items, numbers, self.dtype)

    def _weights(self, filters: range, scratch: Array) -> Array:
        """Return G g G' of some filters, a view (36, D, filters) of `scratch`."""
        (taken,) = carve(scratch, (PRODUCTS, len(filters), self.layer.input.depth))
        taps = self.weights[span(filters)].astype(self.dtype, copy=False)
        taps = taps.reshape(len(filters), self.taps**2, -1)
        np.matmul(self.g, taps, out=taken.transpose(1, 0, 2))
        return taken.transpose(0, 2, 1)

    def _inputs(self, some: Tiles, first: Array, second: Array) -> Array:
        """Return B d B' of some tiles (36, rows, columns, D), in `second`."""
        (rows, columns), side, depth = some, self.side, self.layer.input.depth
        more = self.taps - 1
        down = range(side * rows.start, side * rows.stop + more)
        across = range(side * columns.start, side * columns.stop + more)
        slab = padded(self.layer, self.x, down, across, self.dtype, first)
        lines = np.ascontiguousarray(slab).reshape(len(down), -1)
        line, number = lines.strides
        shape = (len(rows), POINTS, lines.shape[1])
        (high,) = carve(second, shape)
        np.matmul(self.b, strided(lines, shape, (side * line, line, number)), out=high)
        row, point, number = high.strides
        (wide,) = carve(first, (POINTS, POINTS, len(rows), len(columns), depth))
        pixel = depth * number
        wide[...] = strided(high, wide.shape, (pixel, point, row, side * pixel, number))
        (taken,) = carve(second, wide.shape)
        np.matmul(self.b, wide.reshape(POINTS, -1), out=taken.reshape(POINTS, -1))
        return taken.reshape(PRODUCTS, len(rows), len(columns), depth)

    def _outputs(
        self, some: Tiles, filters: range, inputs: Array, taps: Array, first: Array, second: Array
    ) -> None:
        """Multiply transformed tiles and filters, and write A m A' where the outputs are."""
        (rows, columns), side, count = some, self.side, len(filters)
        tiles = len(rows) * len(columns)
        (sums,) = carve(first, (PRODUCTS, tiles, count))
        np.matmul(inputs.reshape(PRODUCTS, tiles, -1), taps, out=sums)
        (wide,) = carve(second, (side, POINTS * tiles * count))
        np.matmul(self.a, sums.reshape(POINTS, -1), out=wide)
        (high,) = carve(first, (side, side, len(rows), len(columns), count))
        np.matmul(self.a, wide.reshape(side, POINTS, -1), out=high.reshape(side, side, -1))
        (pixels,) = carve(second, (len(rows), side, len(columns), side, count))
        pixels[...] = high.transpose(2, 1, 3, 0, 4)
        top, left = side * rows.start, side * columns.start
        target = self.output[top : side * rows.stop, left : side * columns.stop, span(filters)]
        height, width = target.shape[:2]
        outputs = pixels.reshape(side * len(rows), -1, count)[:height, :width]
        if self.bias is None:
            target[...] = outputs
        else:
            np.add(outputs, self.bias[left : left + width, span(filters)], out=target)
        self.progress(target.size * self.layer.weights_per_neuron)


def _cut(whole: Tiles, most: int, threads: int) -> list[Tiles]:
    """Cut tiles into sets of at most `most`, each some whole rows or part of one."""
    rows, columns = whole
    across = even(len(columns), most, 1)
    down = even(len(rows), max(1, most // len(columns)), threads)
    return [(rows[span(lines)], columns[span(part)]) for lines in down for part in across]
