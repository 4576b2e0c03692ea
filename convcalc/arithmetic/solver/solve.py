"""Which layers lead from a volume to another: all of them counted, the usual ones listed first.

The order is by what one meets in practice:

    1. filters that tile the input, before those that are floored
    2. odd filters with a stride no larger than the filter and less pad than filter; then even
       ones; then the rest, which skip pixels or have as much pad as filter
    3. small numbers: dilation, then filter, stride, groups, pad
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import merge, nsmallest
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from convcalc.arithmetic.solver.families import families
from convcalc.arithmetic.solver.family import Family
from convcalc.arithmetic.solver.progression import meet, size, span
from convcalc.arithmetic.solver.search import Search
from convcalc.layer import ConvLayer

if TYPE_CHECKING:
    from convcalc.arithmetic.solver.nearest import Near

MOST_STEPS = 20_000
"""So many strides and net extents are gone through; each holds any number of layers."""

Key = tuple[int, ...]
END = object()


class Solution(NamedTuple):
    """A layer that fits, and the widths and heights of the inputs at which it does.

    The layer is at the smallest of these; where the input is known they are its own.
    """

    layer: ConvLayer
    widths: range
    heights: range


@dataclass(frozen=True)
class Solutions:
    """The first layers of all that fit, and how many fit: at least, unless `complete`.

    The `search` is the one that found them, with any number for the only option that is
    unknown where the usual ones do not fit. `own_pads` says that no equal pad fits, and that each
    side has the one it needs.
    """

    search: Search
    found: list[Solution]
    total: int
    complete: bool
    own_pads: bool

    @property
    def layers(self) -> list[ConvLayer]:
        """The layers that were found."""
        return [one.layer for one in self.found]

    @property
    def nearest(self) -> "list[Near]":
        """What comes nearest where nothing fits, one thing given up at a time."""
        from convcalc.arithmetic.solver.nearest import nearest

        return [] if self.total else nearest(self.search)


def solve(search: Search, limit: int = 20) -> Solutions:
    """Return the layers that fit what is known, at most `limit` of them.

    Raises BadRequest where neither an input nor an output is known.

    >>> from convcalc.layer import Pair, Volume
    >>> search = Search(input=Volume(227, 227, 3), positions=Pair(55, 55))
    >>> [f"{layer.filter.width}/{layer.stride}/{layer.pad}" for layer in solve(search).layers]
    ['11/4/0', '13/4/1', '15/4/2']
    """
    complete = True
    wider = [one for name, one in search.wider().items() if search.unknown == [name]]
    for tried in [search, *wider]:
        for own_pads in pad_rules(tried):
            found = _gather(tried, limit, own_pads)
            complete &= found.complete
            if found.total:
                return found
    return replace(found, complete=complete)


def pad_rules(search: Search) -> list[bool]:
    """Return whether sides may have their own pads, in the order to try: not if equal pads fit.

    Own pads are for exact fits of a wanted output, which say what each side needs.
    """
    wanted = search.pads.free and search.positions and search.input and not search.allow_floor
    return [False, True] if wanted else [False]


def _gather(search: Search, limit: int, own_pads: bool) -> Solutions:
    steps = families(search, own_pads)
    pieces = [
        piece
        for family in islice(steps, MOST_STEPS)
        if family is not None
        for piece in _pieces(family)
    ]
    # the first layers of all are among those of the pieces that begin first
    soonest = nsmallest(limit, pieces, key=lambda piece: piece.key(piece.family.filters.start))
    first = islice(merge(*map(_keyed, soonest), key=itemgetter(0)), limit)
    return Solutions(
        search,
        [Solution(family.layer(width), *family.inputs(width)) for _, width, family in first],
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
        family = self.family
        zeros = -family.net.x if family.net else family.pad.left if family.pad else 0
        filters = family.search.filters
        return (
            not family.exact,
            self.rank,
            family.dilation.x,
            filter,
            family.stride.x,
            family.groups,
            zeros,
            filters.start if filters else 0,
        )


def _pieces(family: Family) -> Iterator[_Piece]:
    """Cut a family where its filters stop being unusual, and into odd and even."""
    filters, usual = family.filters, family.usual_from
    odd, even = (meet(filters, range(usual + (usual + i) % 2, filters.stop, 2)) for i in (1, 0))
    cut = ((meet(filters, span(filters.start, usual - 1)), 2), (odd, 0), (even, 1))
    for numbers, rank in cut:
        if size(numbers):
            yield _Piece(family._replace(filters=numbers), rank)


def _keyed(piece: _Piece) -> Iterator[tuple[Key, int, Family]]:
    return ((piece.key(width), width, piece.family) for width in piece.family.filters)
