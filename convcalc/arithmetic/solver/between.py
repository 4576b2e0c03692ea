"""All layers between two volumes: one family for each stride, dilation and net extent.

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

from convcalc.arithmetic.solver.family import Family, extent, extents
from convcalc.arithmetic.solver.progression import NO_END, last, meet, moved, size, span
from convcalc.arithmetic.solver.reach import reaching, strides, unrepeated
from convcalc.arithmetic.solver.search import Choice, Search
from convcalc.layer import Pad, Pair


def equal(search: Search, groups: int, dilation: Pair, filter: Choice) -> Iterator[Family | None]:
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
            exact = _tiles(search, stride, both)
            yield Family(search, groups, dilation, stride, numbers, exact, net=both)


def _steps(least: int, dilation: int) -> range:
    """Return the F with d (F - 1) at least `least` and of its parity."""
    if dilation % 2 == 0:
        return range(-(-least // dilation) + 1, NO_END if least % 2 == 0 else 0)
    first = -(-least // dilation)
    return range(first + (first - least) % 2 + 1, NO_END, 2)


def own(search: Search, groups: int, dilation: Pair, filter: Choice) -> Iterator[Family | None]:
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
            yield Family(search, groups, dilation, stride, numbers, True, net=net)


def same(search: Search, groups: int, dilation: Pair, filter: Choice) -> Iterator[Family | None]:
    """Yield the families of the pad `same`, whose positions are n = ceil(W / S).

    That is 1 <= W - (n - 1) S <= S, as if a single pixel's filter were floored. Filters smaller
    than this net extent need no pad, and leave pixels over.
    """
    pixel = span(1, 1)
    for stride in strides(search, pixel, pixel, floored=True):
        net = Pair(
            (search.given.width - 1) % stride.x + 1, (search.given.height - 1) % stride.y + 1
        )
        numbers = _needing(net, dilation, filter, 0, None)
        yield Family(search, groups, dilation, stride, numbers, True, net=net)
        if search.allow_floor:
            smaller = meet(filter.numbers, span(1, numbers.start - 1))
            yield Family(search, groups, dilation, stride, smaller, False, net=net)


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
    return (search.given.width - net.x) % stride.x == (search.given.height - net.y) % stride.y == 0
