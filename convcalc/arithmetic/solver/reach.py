"""Which strides and net extents lead to the wanted output, by the equation of between.py.

With one position along both axes there is nowhere to step to: the strides that give it make the
same layer, and only the smallest of them is yielded.
"""

from collections.abc import Iterator

from convcalc.arithmetic.solver.progression import NO_END, last, meet, size, span
from convcalc.arithmetic.solver.search import Search
from convcalc.layer import Pair


def strides(search: Search, x: range, y: range, floored: bool = False) -> Iterator[Pair]:
    """Yield the strides for which some of the net extents give the wanted positions.

    (n - 1) S = W - v bounds S by the largest and the least v; floored, (n - 1) S <= W - v < n S.
    A stride beyond W - v + 1 along both axes gives one position, as that one does.
    """
    floored |= search.allow_floor
    numbers = search.stride.numbers
    largest = numbers.start
    wanted = search.positions or (None, None)
    sides = zip(search.given, wanted, (x, y), (0, search.stride.more), strict=False)
    for side, positions, nets, more in sides:
        if not size(nets):
            return
        room = span(side - last(nets), side - nets.start)
        if positions == 1 and not floored:
            room = span(0, 0)
        largest = max(largest, last(room) + 1)
        if positions is not None and floored:
            numbers = meet(numbers, span(room.start // positions + 1 - more, NO_END))
        if positions is not None and positions > 1:
            least = 1 if floored else -(-room.start // (positions - 1)) - more
            numbers = meet(numbers, span(least, last(room) // (positions - 1) - more))
    yield from map(search.stride.at, meet(numbers, span(1, largest)))


def reaching(search: Search, stride: Pair, *nets: range) -> tuple[range, range]:
    """Return the net extents along width and height that give the wanted positions."""
    found = []
    wanted = search.positions or (None, None)
    for side, step, positions, among in zip(search.given, stride, wanted, nets, strict=False):
        if positions is not None:
            most = side - (positions - 1) * step
            allowed = span(most - (step - 1 if search.allow_floor else 0), most)
        elif search.allow_floor:
            allowed = span(among.start, side)
        else:
            allowed = range(among.start + (side - among.start) % step, side + 1, step)
        found.append(meet(among, allowed))
    return found[0], found[1]


def unrepeated(search: Search, stride: Pair, nets: range, taller: int) -> range:
    """Return the net extents for which the stride before does not give one position already."""
    if stride.x == search.stride.numbers.start:
        return nets
    width, height, _ = search.given
    most = max(width - stride.x, height - taller - stride.y) + 1
    return range(nets.start, min(nets.stop, most + 1), nets.step)
