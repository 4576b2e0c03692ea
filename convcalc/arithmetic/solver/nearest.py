"""Where nothing fits: what comes nearest, one thing given up at a time."""

from collections.abc import Iterator
from heapq import nsmallest
from itertools import islice
from typing import NamedTuple

from convcalc.arithmetic.solver.budget import Budget
from convcalc.arithmetic.solver.families import families
from convcalc.arithmetic.solver.family import Family
from convcalc.arithmetic.solver.progression import NO_END, last, meet, size, span
from convcalc.arithmetic.solver.search import Choice, Pads, Search
from convcalc.arithmetic.solver.solve import END, MOST_STEPS, Solution, pad_rules, solve
from convcalc.layer import Pair


class Near(NamedTuple):
    """A layer that fits when one thing is given up.

    That is a limit (the `budget` is that of parameters), the exact number of `parameters`, the
    usual numbers of an option, the pad of an input that is looked for, the exact `fit`, the
    `output`. It is the nearest, where `certain`;
    otherwise there was too much to look through.
    """

    given_up: str
    solution: Solution
    certain: bool


def nearest(search: Search) -> list[Near]:
    """Return what comes nearest to a search without solutions.

    The smallest limit that pays for a solution; the number of parameters least away; a larger
    filter, stride or pad, or the most pad that an input can have; a layer that is floored to the
    output; the exact output fewest pixels away, width and height added.
    """
    near = []
    for name, limit in search.budget._asdict().items():
        if limit is not None:
            near += _limit(search, name)
    near += _parameters(search)
    for name, wider in search.wider().items():
        if search.unknown != [name]:
            near += _first(name, wider, True) if name == "pad" else _larger(name, wider)
    near += _less_pad(search)
    if not search.allow_floor and search.input is not None:
        near += _first("fit", search._replace(allow_floor=True), True)
    if search.positions is not None and search.input is not None:
        wide, high = search.positions
        found, all_seen = _some(search._replace(positions=None))
        outputs = {family.positions for family in found}
        by_distance = nsmallest(
            1, outputs, key=lambda at: (abs(at.x - wide) + abs(at.y - high), at)
        )
        for output in by_distance:
            near += _first("output", search._replace(positions=output), all_seen)
    return near


def _some(search: Search, own_pads: bool = False) -> tuple[list[Family], bool]:
    """Return the families of a search that hold layers, and whether these are all there are."""
    steps = families(search, own_pads)
    found = [
        family
        for family in islice(steps, MOST_STEPS)
        if family is not None and size(family.filters)
    ]
    return found, next(steps, END) is END


def _by_any_pads(search: Search) -> tuple[list[Family], bool]:
    some = [_some(search, own_pads) for own_pads in pad_rules(search)]
    return [family for found, _ in some for family in found], all(seen for _, seen in some)


def _limit(search: Search, name: str) -> list[Near]:
    """Return the layer that costs least of all that fit without a limit."""
    found, all_seen = _by_any_pads(search._replace(budget=search.budget._replace(**{name: None})))
    prices = [
        family.search._replace(budget=Budget(**{name: 1}))
        .costs(search.area(family.positions))[name]
        .price(family.search.weights(_smallest(family), family.groups))
        * family.search.multiples(family.groups).start
        for family in found
    ]
    if not prices:
        return []
    budget = search.budget._replace(**{name: min(prices)})
    given_up = "budget" if name == "params" else f"max_{name}"
    return _first(given_up, search._replace(budget=budget), all_seen)


def _smallest(family: Family) -> Pair:
    return family.search.filter.at(family.filters.start)


def _parameters(search: Search) -> list[Near]:
    """Return a layer whose parameters are least away from the number asked for."""
    wanted = search.parameters
    if wanted is None:
        return []
    found, all_seen = _by_any_pads(search._replace(parameters=None))
    totals = (total for family in found for total in _totals(family, wanted, search.known_depth))
    looked = islice(totals, MOST_STEPS)
    best = nsmallest(1, looked, key=lambda total: (abs(total - wanted), total))
    certain = all_seen and next(totals, END) is END
    return [
        near
        for total in best
        for near in _first("parameters", search._replace(parameters=total), certain)
    ]


def _totals(family: Family, wanted: int, depth: int | None) -> Iterator[int]:
    """Yield the parameters that are just below and just above those wanted, filter by filter."""
    search, groups = family.search, family.groups
    for width in family.filters:
        sides = search.filter.at(width)
        weights = search.weights(sides, groups)
        allowed = search.multiples(groups)
        if any(search.budget):
            cells = search.area(family.positions)
            allowed = meet(allowed, span(1, search.filters_of(sides, groups, cells)))
        if depth is not None:
            around = _around(allowed, wanted, weights + search.bias)
            yield from (number * (weights + search.bias) for number in around)
        else:
            for number in meet(allowed, span(1, wanted)):
                channels = _around(span(1, NO_END), wanted // number - search.bias, weights)
                yield from (number * (weights * one + search.bias) for one in channels)
        if allowed.start * (weights + search.bias) >= wanted:  # larger filters are further away
            return


def _less_pad(search: Search) -> list[Near]:
    """Return a layer with less pad, where so much would make an output without any input."""
    pads = search.pads
    if search.input is not None or pads.same:
        return []
    most = max(pads.fixed) if pads.fixed else pads.least
    found, all_seen = _some(search._replace(pads=Pads(0, most)))
    numbers = {family.pad.left for family in found if family.pad}
    return [
        near
        for pad in sorted(numbers)[-1:]
        for near in _first("pad", search._replace(pads=Pads(pad, pad)), all_seen)
    ]


def _larger(name: str, wider: Search) -> list[Near]:
    """Return a layer with the smallest filter or stride that is larger than the usual ones."""
    found, all_seen = _by_any_pads(wider)
    numbers = [family.filters.start if name == "filter" else family.stride.x for family in found]
    near = []
    for least in nsmallest(1, numbers):
        only = Choice(span(least, least))
        search = wider._replace(filter=only) if name == "filter" else wider._replace(stride=only)
        near += _first(name, search, all_seen)
    return near


def _around(numbers: range, product: int, factor: int) -> list[int]:
    """Return which numbers times a factor come just below a product, and just above it."""
    below = meet(numbers, span(0, product // factor))
    above = meet(numbers, span(product // factor + 1, NO_END))
    return [last(below)] * (size(below) > 0) + [above.start] * (size(above) > 0)


def _first(given_up: str, search: Search, certain: bool) -> list[Near]:
    found = solve(search, limit=1)
    return [Near(given_up, one, certain and found.complete) for one in found.found]
