"""All layers between two volumes, as families: one stride, dilation and net extent each.

Along a row of W pixels let E = d (F - 1) + 1 be the filter's extent, T the pad of both sides and
v = E - T the net extent. The room W - E + T is W - v, so filter and pad matter to the output only
through v. For n positions

    exactly     W - v = (n - 1) S                    one v for each stride
    floored     (n - 1) S <= W - v < n S             S of them
    any n       v = W (mod S), or any v when floored

Width and height must both hold, with the same filter, stride and pad where these are one number.
For each v the filters are an arithmetic progression, since E = v + T with T = 2 P even, and each
filter fixes its pad. So strides and net extents are gone through; filters and pads never are.
"""

from collections.abc import Iterator
from typing import NamedTuple

from convcalc.arithmetic.solver.progression import last, meet, size, span
from convcalc.arithmetic.solver.reach import NO_END, moved, reaching, strides, unrepeated
from convcalc.arithmetic.solver.search import Choice, Search
from convcalc.layer import Pad, Pair


class Family(NamedTuple):
    """Layers alike in all but their filter, whose width may be any of `filters`, and their pad."""

    groups: int
    dilation: Pair
    stride: Pair
    net: Pair
    filters: range
    exact: bool


def extent(filter: int, dilation: int) -> int:
    """Pixels from a filter's first to its last."""
    return dilation * (filter - 1) + 1


def extents(filter: Pair, dilation: Pair) -> Pair:
    """Pixels from a filter's first to its last, along width and height."""
    return Pair(extent(filter.x, dilation.x), extent(filter.y, dilation.y))


def pad_of(search: Search, family: Family, filter: Pair) -> Pad:
    """Return the pad T = E - v of one filter, an odd pixel on the right and at the bottom.

    Under `same` T may come out negative: nothing is missing, and nothing is added.
    """
    if search.pads.fixed is not None:
        return search.pads.fixed
    covered = extents(filter, family.dilation)
    x, y = (max(e - v, 0) for e, v in zip(covered, family.net, strict=True))
    return Pad(x // 2, x - x // 2, y // 2, y - y // 2)


def families(search: Search, own_pads: bool = False) -> Iterator[Family | None]:
    """Yield the families that give the wanted output, and None for a step that found none.

    With `own_pads` width and height have each the pad they need, the odd pixel after the row;
    otherwise all four sides have the same pad, or the fixed one.
    """
    find = _same if search.pads.same else _own if own_pads else _equal
    for groups in search.group_numbers():
        filters = search.affordable(groups)
        for number in search.dilation.numbers:
            if not size(filters.numbers):
                break
            dilation = search.dilation.at(number)
            blocks: Iterator[Choice] = iter([filters])
            if find is _equal and dilation.x != dilation.y:  # how E differs then depends on F
                blocks = (filters._replace(numbers=span(f, f)) for f in filters.numbers)
            for block in blocks:
                yield None
                yield from find(search, groups, dilation, block)
            if filters.more == 0:  # one pixel has nothing to dilate
                filters = Choice(meet(filters.numbers, span(2, NO_END)))


def _equal(search: Search, groups: int, dilation: Pair, filter: Choice) -> Iterator[Family | None]:
    """Yield the families whose pad is one number, on top of the fixed pad where there is one."""
    fixed = search.pads.fixed or Pad(0, 0, 0, 0)
    least, most = (0, 0) if search.pads.fixed else (search.pads.least, search.pads.most)
    low = extents(filter.at(filter.numbers.start), dilation)
    high = extent(last(filter.numbers), dilation.x)
    base_x, base_y = fixed.left + fixed.right, fixed.top + fixed.bottom
    taller = (low.y - base_y) - (low.x - base_x)  # the net extent along the height, less width's
    nets = span(
        max(0, -taller) if most is None else low.x - base_x - 2 * most, high - base_x - 2 * least
    )
    for stride in strides(search, nets, moved(nets, taller)):
        x, y = reaching(search, stride, nets, moved(nets, taller))
        yield None
        for net in unrepeated(search, stride, meet(x, moved(y, -taller)), taller):
            # d (F - 1) = v - 1 + T, whose parity T = base + 2 P cannot change
            reach = net - 1 + base_x
            numbers = meet(filter.numbers, _steps(reach + 2 * least, dilation.x))
            if most is not None:
                numbers = meet(numbers, span(1, (reach + 2 * most) // dilation.x + 1))
            both = Pair(net, net + taller)
            yield Family(groups, dilation, stride, both, numbers, _tiles(search, stride, both))


def _steps(least: int, dilation: int) -> range:
    """Return the F with d (F - 1) at least `least` and of its parity."""
    if dilation % 2 == 0:
        return range(-(-least // dilation) + 1, NO_END if least % 2 == 0 else 0)
    first = -(-least // dilation)
    return range(first + (first - least) % 2 + 1, NO_END, 2)


def _own(search: Search, groups: int, dilation: Pair, filter: Choice) -> Iterator[Family | None]:
    """Yield the families where each side has the pad it needs for the wanted positions."""
    least, most = search.pads.least, search.pads.most
    low = extents(filter.at(filter.numbers.start), dilation)
    high = extents(filter.at(last(filter.numbers)), dilation)
    x, y = (
        span(0 if most is None else e0 - 2 * most, e1 - 2 * least)
        for e0, e1 in zip(low, high, strict=True)
    )
    for stride in strides(search, x, y):
        yield None
        nets = reaching(search, stride, x, y)
        if all(map(size, nets)):
            net = Pair(*(v.start for v in nets))
            numbers = _needing(net, dilation, filter, least, most)
            yield Family(groups, dilation, stride, net, numbers, True)


def _same(search: Search, groups: int, dilation: Pair, filter: Choice) -> Iterator[Family | None]:
    """Yield the families of the pad `same`, whose positions are n = ceil(W / S).

    That is 1 <= W - (n - 1) S <= S, as if a single pixel's filter were floored. Filters smaller
    than this net extent need no pad, and leave pixels over.
    """
    pixel = span(1, 1)
    for stride in strides(search, pixel, pixel, floored=True):
        net = Pair(
            (search.input.width - 1) % stride.x + 1, (search.input.height - 1) % stride.y + 1
        )
        numbers = _needing(net, dilation, filter, 0, None)
        yield Family(groups, dilation, stride, net, numbers, True)
        if search.allow_floor:
            smaller = meet(filter.numbers, span(1, numbers.start - 1))
            yield Family(groups, dilation, stride, net, smaller, False)


def _needing(net: Pair, dilation: Pair, filter: Choice, least: int, most: int | None) -> range:
    """Return the filters with 2 least <= T <= 2 most along both axes, where T = d (F - 1) + 1 - v.

    Without a most, T = E must be even: of an odd one a side would have more than half.
    """
    numbers = filter.numbers
    for v, d, more in zip(net, dilation, (0, filter.more), strict=True):
        reach = v - 1 + 2 * least
        numbers = meet(numbers, span(-(-reach // d) + 1 - more, NO_END))
        if most is not None:
            numbers = meet(numbers, span(1, (v - 1 + 2 * most) // d + 1 - more))
        elif v == 0:
            numbers = meet(numbers, moved(_steps(1, d), -more))
    return numbers


def _tiles(search: Search, stride: Pair, net: Pair) -> bool:
    """Whether the stride divides the room W - v along both axes."""
    return (search.input.width - net.x) % stride.x == (search.input.height - net.y) % stride.y == 0
