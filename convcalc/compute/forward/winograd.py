"""Winograd's minimal filtering: fewer multiplications, more additions.

A filter of three taps g makes four neighbouring outputs y from six inputs d: twelve products.
Take taps and outputs as the coefficients of two polynomials: their product has six, and its
values at six points determine it. So six products are enough, one at each point, and read
backwards (the transposition principle) multiplying polynomials becomes filtering:

    y = A ((G g) * (B d))      * element by element; A 4x6, G 6x3, B 6x6: see `transforms`

Along both axes, 36 products make a tile of 4x4 outputs instead of 144: F(4x4, 3x3). The same
six points make 2x2 outputs of a 5x5 filter, 36 products instead of 100. The sum over the depth
is taken between the transforms: one matrix product, (tiles x D) by (D x K), for each of the 36.
The transforms are small matrix products too, first along the height, then along the width.

With T tiles: 36 * T * D * K multiplications and those of the transforms (see `cost`), 36 numbers
for each tile and channel, filter and channel, and tile and filter moved from stage to stage, 28
MiB of workspace at most.

The price is rounding, since large terms cancel: with the points 0, 1, -1, 1/2, -2 and infinity
outputs are off by up to about 5e-6, in float32, of what their terms add up to without their
signs, several times more than a plain sum. A tile is mixed as a whole: what is infinite or no
number in it, or near the largest float, reaches all its outputs.
Winograd 1980; for layers, Lavin and Gray 2016; on the points, Barabasz and others 2020.
"""

from collections.abc import Callable
from math import prod

import numpy as np

from convcalc.compute.forward.cost import Cost
from convcalc.compute.forward.transforms import POINTS, transforms
from convcalc.compute.tools.progress import Progress
from convcalc.compute.tools.threads import Item, carve, cores, spread
from convcalc.compute.tools.tiling import WORKSPACE, even, span
from convcalc.compute.tools.windows import padded, strided
from convcalc.layer import ConvLayer
from convcalc.shapes import Array, bias_row

PRODUCTS = POINTS**2

IN_CACHE, MOST = 7 * 2**10, 2**15
"""Tiles times channels, or filters times channels, that one thread works on at a time."""

PRODUCT = 2**14
"""Numbers that are moved in the time that one product takes to begin."""

MANY = 56
"""Tiles or filters that make a product fast, even where they then leave the cache."""

VECTORS = 32
"""Filters in whole vectors of a processor, two at a time, are multiplied faster than others."""

KEPT = 12 * 2**20
"""Bytes kept of what is transformed once and used again: of the weights or of the input."""

Block = tuple[range, range]
"""Some tiles: their rows and columns."""


def refusal(layer: ConvLayer) -> str | None:
    """Return why the layer cannot be run so, or None."""
    if layer.filter.width != layer.filter.height or not 2 <= layer.filter.width < POINTS:
        return f"the filter is not square, of 2x2 to {POINTS - 1}x{POINTS - 1}"
    if layer.stride != (1, 1) or layer.dilation != (1, 1):
        return "tiles need stride 1 and dilation 1"
    if layer.groups > 1:
        return "the layer has groups"
    if layer.input.depth > MOST:
        return "the input is too deep for its tiles to be taken at once"
    return None


def cost(layer: ConvLayer) -> Cost:
    """Return the cost: 36 products for each tile, channel and filter, and the transforms.

    To transform a column of n numbers by an m x n matrix takes m n multiplications. Along the
    height, the columns of the input belong to two tiles each; along the width, there are six.
    """
    tiles, depth, filters = prod(_tiles(layer)), layer.input.depth, layer.filters
    taps, side = layer.filter.width, _side(layer)
    down, across = _tiles(layer)
    columns = down * (side * across + taps - 1) + tiles * POINTS
    of_input = columns * depth * PRODUCTS
    of_weights = filters * depth * PRODUCTS * taps**2
    of_outputs = tiles * filters * side * POINTS * (POINTS + side)
    copied = 4 * tiles * depth + depth * filters + 3 * tiles * filters
    moved = PRODUCTS * (copied + PRODUCT)
    return Cost(
        PRODUCTS * tiles * depth * filters + of_input + of_weights + of_outputs,
        moved,
        KEPT + WORKSPACE,
    )


def fill(
    layer: ConvLayer,
    x: Array,
    weights: Array,
    bias: Array | None,
    output: Array,
    progress: Progress,
) -> None:
    """Fill the output by Winograd's algorithm; what is larger is cut for threads.

    With more tiles than filters, transformed weights are kept and tiles pass by; otherwise
    transformed tiles are kept and filters pass by.
    """
    this = _Pass(layer, x, weights, bias, output, progress)
    whole = range(_tiles(layer)[0]), range(_tiles(layer)[1])
    if prod(_tiles(layer)) >= layer.filters:
        for filters in even(layer.filters, this.most_kept, 1):
            this.tiles_pass_by(whole, filters)
    else:
        for block in _blocks(whole, this.most_kept, 1):
            this.filters_pass_by(block)


class _Pass:
    """What one pass works with: operands, transforms in its type, and how much at once."""

    def __init__(
        self,
        layer: ConvLayer,
        x: Array,
        weights: Array,
        bias: Array | None,
        output: Array,
        progress: Progress,
    ) -> None:
        self.layer, self.x, self.output, self.progress = layer, x, output, progress
        self.dtype = dtype = output.dtype
        self.side, self.taps = _side(layer), layer.filter.width
        self.weights = weights
        self.a, g, self.b = (matrix.astype(dtype) for matrix in transforms(self.taps))
        self.g = np.einsum("un,vm->uvmn", g, g).reshape(PRODUCTS, -1)
        self.row = None if bias is None else bias_row(layer, bias)
        depth, number = layer.input.depth, PRODUCTS * dtype.itemsize
        self.most = max(min(MOST, WORKSPACE // cores() // 2 // number), depth)
        self.most_kept = min(max(1, KEPT // number // depth), self.most)

    def tiles_pass_by(self, whole: Block, filters: range) -> None:
        """Transform some filters, and make their outputs of all tiles."""
        depth = self.layer.input.depth
        kept = np.empty((PRODUCTS, depth, len(filters)), self.dtype)

        def transform(some: range, own: Array) -> None:
            kept[:, :, span(some)] = self._weights(filters[span(some)], own)

        def meet(block: Block, own: Array) -> None:
            first, second = own.reshape(2, -1)
            self._outputs(block, filters, self._inputs(block, first, second), kept, first, second)

        most = self._at_once(depth)
        self._spread(transform, even(len(filters), most, cores()), most * depth)
        wide = max(depth, len(filters))
        most = self._at_once(wide)
        self._spread(meet, _blocks(whole, most, cores()), most * wide)

    def filters_pass_by(self, whole: Block) -> None:
        """Transform some tiles, and make all filters' outputs of them."""
        (rows, columns), depth = whole, self.layer.input.depth
        kept = np.empty((PRODUCTS, len(rows), len(columns), depth), self.dtype)

        def transform(block: Block, own: Array) -> None:
            kept[:, span(block[0]), span(block[1])] = self._inputs(
                (rows[span(block[0])], columns[span(block[1])]), *own.reshape(2, -1)
            )

        def meet(filters: range, own: Array) -> None:
            first, second = own.reshape(2, -1)
            self._outputs(whole, filters, kept, self._weights(filters, second), first, second)

        within = range(len(rows)), range(len(columns))
        most = self._at_once(depth)
        self._spread(transform, _blocks(within, most, cores()), most * depth)
        tiles = len(rows) * len(columns)
        wide = max(depth, tiles)
        most = self._at_once(wide, -(-tiles // VECTORS) * VECTORS)
        self._spread(meet, even(self.layer.filters, most, cores()), most * wide)

    def _at_once(self, channels: int, many: int = MANY) -> int:
        """Return how many tiles or filters of so many channels a thread is to take at a time."""
        return min(max(IN_CACHE // channels, many), self.most // channels)

    def _spread(self, work: Callable[[Item, Array], None], items: list[Item], stage: int) -> None:
        """Give each thread two stages of tiles or filters times channels."""
        spread(work, items, 2 * PRODUCTS * stage, self.dtype)

    def _weights(self, filters: range, scratch: Array) -> Array:
        """Return G g G' of some filters, a view (36, D, filters) of `scratch`."""
        (taken,) = carve(scratch, (PRODUCTS, len(filters), self.layer.input.depth))
        taps = self.weights[span(filters)].astype(self.dtype, copy=False)
        taps = taps.reshape(len(filters), self.taps**2, -1)
        np.matmul(self.g, taps, out=taken.transpose(1, 0, 2))
        return taken.transpose(0, 2, 1)

    def _inputs(self, block: Block, first: Array, second: Array) -> Array:
        """Return B d B' of some tiles (36, rows, columns, D), in `second`."""
        (rows, columns), side, depth = block, self.side, self.layer.input.depth
        more = self.taps - 1
        down = range(side * rows.start, side * rows.stop + more)
        across = range(side * columns.start, side * columns.stop + more)
        slab = padded(self.layer, self.x, down, across, slice(None), self.dtype, first)
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
        self, block: Block, filters: range, inputs: Array, taps: Array, first: Array, second: Array
    ) -> None:
        """Multiply transformed tiles and filters, and write A m A' where the outputs are."""
        (rows, columns), side, count = block, self.side, len(filters)
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
        if self.row is None:
            target[...] = outputs
        else:
            np.add(outputs, self.row[left : left + width, span(filters)], out=target)
        self.progress(target.size * self.layer.weights_per_neuron)


def _side(layer: ConvLayer) -> int:
    """Return how many outputs along one side of a tile its points can make."""
    return POINTS + 1 - layer.filter.width


def _tiles(layer: ConvLayer) -> tuple[int, int]:
    """Return how many tiles there are along height and width; the last ones may stick out."""
    side = _side(layer)
    return -(-layer.output.height // side), -(-layer.output.width // side)


def _blocks(tiles: Block, most: int, threads: int) -> list[Block]:
    """Cut tiles into blocks of at most `most`, each some whole rows or part of one."""
    rows, columns = tiles
    across = even(len(columns), most, 1)
    down = even(len(rows), max(1, most // len(columns)), threads)
    return [(rows[span(lines)], columns[span(part)]) for lines in down for part in across]
