"""Cut the work of a forward pass into tiles small enough for a fixed workspace.

A tile is a box of the six loops of the definition: output rows and columns, filters, and the
filter's own rows, columns and channels. Halving the box again and again, always across the
largest thing that would have to be copied, ends with tiles that fit, whatever the layer.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from convcalc.arithmetic.solver.progression import size
from convcalc.layer import Axis, ConvLayer

POSITIONS = ("rows", "columns")
WINDOW = ("filter_rows", "filter_columns", "channels")


class Tile(NamedTuple):
    """Half-open ranges of the six loops; a tile of several groups is to be taken `by_group`.

    `channels` counts within the filter's depth.
    """

    rows: range
    columns: range
    filters: range
    filter_rows: range
    filter_columns: range
    channels: range

    @property
    def outputs(self) -> tuple[slice, slice, slice]:
        """Where the tile's neurons are in an array (H_out, W_out, K)."""
        return *self.rows_and_columns, span(self.filters)

    @property
    def rows_and_columns(self) -> tuple[slice, slice]:
        """Where the tile's positions are in any array (H_out, W_out, ...)."""
        return span(self.rows), span(self.columns)

    def by_group(self, layer: ConvLayer) -> Iterator["Tile"]:
        """Yield what a tile has of each group that its filters are of."""
        each, start, stop = layer.filters // layer.groups, self.filters.start, self.filters.stop
        for first in range(start // each * each, stop, each):
            yield self._replace(filters=range(max(start, first), min(stop, first + each)))

    def channels_of_input(self, layer: ConvLayer) -> slice:
        """Where the tile's channels are in an input (H, W, D)."""
        first = layer.channels_of(self.filters.start).start
        return slice(first + self.channels.start, first + self.channels.stop)

    @property
    def weights(self) -> tuple[slice, slice, slice, slice]:
        """Where the tile's weights are in an array (K, FH, FW, D / groups)."""
        window = span(self.filter_rows), span(self.filter_columns), span(self.channels)
        return span(self.filters), *window

    @property
    def positions(self) -> int:
        """Windows in the tile."""
        return len(self.rows) * len(self.columns)

    @property
    def window(self) -> int:
        """Numbers of one window that the tile uses."""
        return len(self.filter_rows) * len(self.filter_columns) * len(self.channels)

    @property
    def starts_windows(self) -> bool:
        """Whether it has the first part of each of its windows; that tile comes first."""
        return (self.filter_rows.start, self.filter_columns.start, self.channels.start) == (0, 0, 0)

    @property
    def multiply_adds(self) -> int:
        """Work in the tile."""
        return self.positions * self.window * len(self.filters)

    def covered(self, layer: ConvLayer) -> tuple[range, range]:
        """Return the padded input's rows and columns that the tile looks at."""
        across, down = layer.axes
        rows = _covered(down, self.rows, self.filter_rows)
        return rows, _covered(across, self.columns, self.filter_columns)

    def slab(self, layer: ConvLayer) -> int:
        """How many numbers of the padded input the tile looks at."""
        rows, columns = self.covered(layer)
        return size(rows) * size(columns) * len(self.channels)

    def farthest(self, layer: ConvLayer) -> str:
        """Return the name of the range that reaches farthest over the input."""
        steps = {
            "rows": layer.stride.y,
            "columns": layer.stride.x,
            "filter_rows": layer.dilation.y,
            "filter_columns": layer.dilation.x,
            "channels": 1,
        }
        return max(steps, key=lambda name: (len(getattr(self, name)) - 1) * steps[name])

    def halves(self, *names: str) -> tuple["Tile", "Tile"] | None:
        """Cut across the longest of the named ranges; None when all have length 1."""
        name = max(names, key=lambda name: len(getattr(self, name)))
        whole = getattr(self, name)
        if len(whole) == 1:
            return None
        middle = len(whole) // 2
        return self._replace(**{name: whole[:middle]}), self._replace(**{name: whole[middle:]})

    def first_halves(self, *names: str) -> tuple["Tile", "Tile"] | None:
        """Cut across the first of the named ranges that can be cut."""
        return next(filter(None, (self.halves(name) for name in names)), None)


def whole(layer: ConvLayer) -> Tile:
    """Return the work of all groups as one tile."""
    (columns, rows, filters), (taps_x, taps_y, channels) = layer.output, layer.filter
    return Tile(*map(range, (rows, columns, filters, taps_y, taps_x, channels)))


def position_tiles(layer: ConvLayer, itemsize: int, tile_bytes: int) -> Iterator[Tile]:
    """Yield tiles of positions, with all filters, whose unshared weights fill `tile_bytes`.

    A tile is some whole rows or part of one row, and at least one position.
    """
    return neuron_tiles(whole(layer), layer, tile_bytes // itemsize, POSITIONS)


def neuron_tiles(
    tile: Tile, layer: ConvLayer, limit: int, names: tuple[str, ...]
) -> Iterator[Tile]:
    """Yield tiles with at most `limit` unshared weights and pixels, cut in the order of `names`.

    A range is cut only when those named before it have length 1.
    """

    def halves(tile: Tile) -> tuple[Tile, Tile] | None:
        too_large = tile.multiply_adds + tile.slab(layer) > limit
        return tile.first_halves(*names) if too_large else None

    return cut(tile, halves)


def tiles_for_threads(layer: ConvLayer, threads: int) -> Iterator[Tile]:
    """Yield tiles with outputs of their own, at least one for each thread where there are any.

    Positions are cut, for windows are copied; filters only where they are far more.
    """
    outputs = layer.output.cells

    def halves(tile: Tile) -> tuple[Tile, Tile] | None:
        if threads * tile.positions * len(tile.filters) <= outputs:
            return None
        if 16 * tile.positions < len(tile.filters):
            return tile.halves("filters")
        return tile.first_halves(*POSITIONS)

    for group in whole(layer).by_group(layer):
        yield from cut(group, halves)


def tiles(layer: ConvLayer, group: Tile, limit: int, copies_weights: bool = True) -> Iterator[Tile]:
    """Yield tiles of a shared pass, each copying at most `limit` numbers.

    What is cut is what makes the largest of the four copies large, so that the matrix product
    keeps the other sides long.
    """

    def halves(tile: Tile) -> tuple[Tile, Tile] | None:
        positions, window, filters = tile.positions, tile.window, len(tile.filters)
        weights_copied = copies_weights or window < layer.weights_per_neuron
        slab, windows, product = tile.slab(layer), positions * window, positions * filters
        weights = window * filters if weights_copied else 0
        if slab + windows + product + weights <= limit:
            return None
        largest = max(slab, windows, product, weights)
        if largest == slab:
            return tile.halves(tile.farthest(layer))
        if largest == windows:
            return tile.first_halves(*POSITIONS) if positions > window else tile.halves(*WINDOW)
        if largest == product:
            return tile.first_halves(*(POSITIONS if positions > filters else ("filters",)))
        return tile.halves(*(WINDOW if window > filters else ("filters",)))

    return cut(group, halves)


def cut(tile: Tile, halves: Callable[[Tile], tuple[Tile, Tile] | None]) -> Iterator[Tile]:
    """Yield, in order, the parts of a tile that `halves` cuts no further."""
    waiting = [tile]
    while waiting:
        tile = waiting.pop()
        cut_in_two = halves(tile)
        if cut_in_two is None:
            yield tile
        else:
            waiting += reversed(cut_in_two)


def even(total: int, most: int, threads: int) -> list[range]:
    """Cut range(total) into even ranges of at most `most`, one for each thread or a multiple.

    >>> even(10, 4, 2)
    [range(0, 2), range(2, 5), range(5, 7), range(7, 10)]
    """
    parts = min(total, -(-total // (most * threads)) * threads)
    ends = [total * part // parts for part in range(parts + 1)]
    return [range(*pair) for pair in pairwise(ends)]


def span(numbers: range) -> slice:
    """Return a range as a slice."""
    return slice(numbers.start, numbers.stop)


def _covered(axis: Axis, positions: range, taps: range) -> range:
    first = positions[0] * axis.stride + taps[0] * axis.dilation
    return range(first, positions[-1] * axis.stride + taps[-1] * axis.dilation + 1)
