"""Which layers lead from a volume to another: all of them counted, the usual ones listed first.

The order is by what one meets in practice:

    1. filters that tile the input, before those that are floored
    2. odd filters with a stride no larger than the filter and less pad than filter; then even
       ones; then the rest, which skip pixels or have as much pad as filter
    3. small numbers: dilation, then filter, stride, groups, pad
"""

from collections.abc import Iterator
from heapq import merge, nsmallest
from itertools import islice
from typing import NamedTuple

from convcalc.arithmetic.solver.families import Family, families, pad_of
from convcalc.arithmetic.solver.progression import meet, size
from convcalc.arithmetic.solver.search import Search
from convcalc.layer import ConvLayer

MOST_STEPS = 20_000
"""So many strides and net extents are gone through; each holds any number of layers."""

Key = tuple[int, ...]
END = object()


class Solutions(NamedTuple):
    """The first layers of all that fit, and how many fit: at least, unless `complete`.

    `own_pads` says that no equal pad fits, and that each side has the one it needs.
    """

    layers: list[ConvLayer]
    total: int
    complete: bool
    own_pads: bool


def solve(search: Search, limit: int = 20) -> Solutions:
    """Return the layers that fit what is known, at most `limit` of them.

    >>> from convcalc.layer import Pair, Volume
    >>> search = Search(input=Volume(227, 227, 3), positions=Pair(55, 55))
    >>> [f"{layer.filter.width}/{layer.stride}/{layer.pad}" for layer in solve(search).layers]
    ['11/4/0', '13/4/1', '15/4/2']
    """
    complete = True
    for own_pads in pad_rules(search):
        found = _gather(search, limit, own_pads)
        complete &= found.complete
        if found.total:
            return found
    return found._replace(complete=complete)


def pad_rules(search: Search) -> list[bool]:
    """Return whether sides may have their own pads, in the order to try: not if equal pads fit.

    Own pads are for exact fits of a wanted output, which say what each side needs.
    """
    wanted = search.pads.free and search.positions is not None and not search.allow_floor
    return [False, True] if wanted else [False]


def _gather(search: Search, limit: int, own_pads: bool) -> Solutions:
    steps = families(search, own_pads)
    pieces = [
        piece
        for family in islice(steps, MOST_STEPS)
        if family is not None
        for piece in _pieces(family, search.filter.more)
    ]
    # the first layers of all are among those of the pieces that begin first
    soonest = nsmallest(limit, pieces, key=lambda piece: piece.key(piece.family.filters.start))
    ordered = merge(*map(_keyed, soonest))
    return Solutions(
        [layer_of(search, family, width) for _, width, family in islice(ordered, limit)],
        sum(size(piece.family.filters) for piece in pieces),
        next(steps, END) is END,
        own_pads,
    )


class _Piece(NamedTuple):
    """The part of a family whose filters are equally usual."""

    family: Family
    rank: int

    def key(self, filter: int) -> Key:
        """Return the place of one of its layers in the order of all."""
        groups, dilation, stride, net, _, exact = self.family
        return (not exact, self.rank, dilation.x, filter, stride.x, groups, -net.x)


def _pieces(family: Family, more: int) -> Iterator[_Piece]:
    """Cut a family where its filters stop being smaller than the stride, and into odd and even."""
    filters = family.filters
    large = max(family.stride.x, family.stride.y - more)
    odd, even = (meet(filters, range(large + (large + i) % 2, filters.stop, 2)) for i in (1, 0))
    unusual = 0 if min(family.net) >= 1 else 2  # v < 1: as much pad as filter
    cut = (
        (meet(filters, range(filters.start, large)), 2),
        (odd, unusual),
        (even, unusual or 1),
    )
    for numbers, rank in cut:
        if size(numbers):
            yield _Piece(family._replace(filters=numbers), rank)


def _keyed(piece: _Piece) -> Iterator[tuple[Key, int, Family]]:
    return ((piece.key(width), width, piece.family) for width in piece.family.filters)


def layer_of(search: Search, family: Family, filter: int) -> ConvLayer:
    """Return one layer of a family, with as many filters as the search allows."""
    sides = search.filter.at(filter)
    return ConvLayer(
        input=search.input,
        filter=sides,
        filters=search.filters_of(sides, family.groups),
        stride=family.stride,
        pad=pad_of(search, family, sides),
        dilation=family.dilation,
        groups=family.groups,
        bias=search.bias,
    )
