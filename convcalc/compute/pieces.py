"""Cut the work of a forward pass into pieces small enough for a fixed workspace.

A piece is a box of the six loops of the definition: output rows and columns, filters, and the
filter's own rows, columns and channels. Halving the box again and again, always across the
largest thing that would have to be copied, ends with pieces that fit, whatever the layer.
"""

from collections.abc import Iterator
from typing import NamedTuple

from convcalc.layer import ConvLayer

WORKSPACE = 16 * 2**20
"""Bytes one piece may copy: enough for large products, small enough to stay near the cache."""


class Piece(NamedTuple):
    """Half-open ranges of the six loops, within one group."""

    rows: range
    columns: range
    filters: range
    filter_rows: range
    filter_columns: range
    channels: range

    @property
    def positions(self) -> int:
        """Windows in the piece."""
        return len(self.rows) * len(self.columns)

    @property
    def window(self) -> int:
        """Numbers of one window that the piece uses."""
        return len(self.filter_rows) * len(self.filter_columns) * len(self.channels)

    @property
    def multiply_adds(self) -> int:
        """Work in the piece."""
        return self.positions * self.window * len(self.filters)

    def covered(self, layer: ConvLayer) -> tuple[range, range]:
        """Return the padded input's rows and columns that the piece looks at."""
        return (
            _covered(self.rows, self.filter_rows, layer.stride.y, layer.dilation.y),
            _covered(self.columns, self.filter_columns, layer.stride.x, layer.dilation.x),
        )

    def halves(self, *names: str) -> tuple["Piece", "Piece"] | None:
        """Cut across the longest of the named ranges; None when all have length 1."""
        name = max(names, key=lambda name: len(getattr(self, name)))
        whole = getattr(self, name)
        if len(whole) == 1:
            return None
        middle = len(whole) // 2
        return self._replace(**{name: whole[:middle]}), self._replace(**{name: whole[middle:]})


def pieces(layer: ConvLayer, itemsize: int, copies_weights: bool) -> Iterator[Piece]:
    """Yield the pieces of one group's work, each copying at most WORKSPACE bytes."""
    whole = Piece(
        range(layer.output.height),
        range(layer.output.width),
        range(layer.filters // layer.groups),
        range(layer.filter.height),
        range(layer.filter.width),
        range(layer.filter.depth),
    )
    waiting = [whole]
    while waiting:
        piece = waiting.pop()
        halves = _too_large(piece, layer, whole, WORKSPACE // itemsize, copies_weights)
        if halves is None:
            yield piece
        else:
            waiting += reversed(halves)


def _too_large(
    piece: Piece, layer: ConvLayer, whole: Piece, limit: int, copies_weights: bool
) -> tuple[Piece, Piece] | None:
    """Return the two halves of a piece that would copy more than `limit` numbers."""
    rows, columns = piece.covered(layer)
    slab = len(rows) * len(columns) * len(piece.channels)
    windows = piece.positions * piece.window
    product = piece.positions * len(piece.filters)
    weights = piece.window * len(piece.filters)
    if not copies_weights and piece.window == whole.window:
        weights = 0
    if slab + windows + product + weights <= limit:
        return None
    window = ("filter_rows", "filter_columns", "channels")
    if weights == max(slab, windows, product, weights):
        return piece.halves("filters") or piece.halves(*window)
    if piece.positions > 1:
        return piece.halves("rows", "columns")
    return piece.halves("filters", *window)


def _covered(positions: range, taps: range, stride: int, dilation: int) -> range:
    first = positions[0] * stride + taps[0] * dilation
    return range(first, positions[-1] * stride + taps[-1] * dilation + 1)
