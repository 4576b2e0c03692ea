"""Which strides and net extents lead to the wanted output; see families for the equation."""

from collections.abc import Iterator

from convcalc.arithmetic.progression import last, meet, size, span
from convcalc.arithmetic.search import Search
from convcalc.layer import Pair

NO_END = 10**2000
"""Beyond any number a layer may have."""


def moved(numbers: range, by: int) -> range:
    """Return the numbers with something added to each."""
    return range(numbers.start + by, numbers.stop + by, numbers.step)


def strides(search: Search, x: range, y: range, floored: bool = False) -> Iterator[Pair]:
    """Yield the strides for which some of the net extents give the wanted positions.

    (n - 1) S = W - v bounds S by the largest and the least v; floored, (n - 1) S <= W - v < n S.
    """
    numbers = search.stride.numbers
    sides = zip(search.input, search.positions or (), (x, y), (0, search.stride.more), strict=False)
    for side, positions, nets, more in sides:
        if not size(nets):
            return
        room = span(side - last(nets), side - nets.start)
        if floored or search.allow_floor:
            numbers = meet(numbers, span(room.start // positions + 1 - more, NO_END))
        elif positions > 1:
            numbers = meet(numbers, span(-(-room.start // (positions - 1)) - more, NO_END))
        if positions > 1:
            numbers = meet(numbers, span(1, last(room) // (positions - 1) - more))
    yield from map(search.stride.at, numbers)


def reaching(search: Search, stride: Pair, *nets: range) -> tuple[range, range]:
    """Return the net extents along width and height that give the wanted positions."""
    found = []
    wanted = search.positions or (None, None)
    for side, step, positions, among in zip(search.input, stride, wanted, nets, strict=False):
        if positions is not None:
            most = side - (positions - 1) * step
            allowed = span(most - (step - 1 if search.allow_floor else 0), most)
        elif search.allow_floor:
            allowed = span(among.start, side)
        else:
            allowed = range(among.start + (side - among.start) % step, side + 1, step)
        found.append(meet(among, allowed))
    return found[0], found[1]
