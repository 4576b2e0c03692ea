"""Where nothing fits: what comes nearest, one thing given up at a time."""

from heapq import nsmallest
from itertools import islice
from typing import NamedTuple

from convcalc.arithmetic.solver.families import Family, families
from convcalc.arithmetic.solver.progression import size
from convcalc.arithmetic.solver.search import Search
from convcalc.arithmetic.solver.solve import END, MOST_STEPS, pad_rules, solve
from convcalc.layer import ConvLayer, Pair


class Near(NamedTuple):
    """A layer that fits when one thing is given up: the `budget`, the exact `fit`, the `output`.

    It is the nearest, where `certain`; otherwise there was too much to look through.
    """

    given_up: str
    layer: ConvLayer
    certain: bool


def nearest(search: Search) -> list[Near]:
    """Return what comes nearest to a search without solutions.

    The smallest budget that pays for a solution; a layer that is floored to the output; the exact
    output fewest pixels away, width and height added.
    """
    near = []
    if search.budget is not None:
        some = [_some(search._replace(budget=None), own_pads) for own_pads in pad_rules(search)]
        prices = [
            search.least_price(search.filter.at(family.filters.start), family.groups)
            for found, _ in some
            for family in found
        ]
        if prices:
            affordable = search._replace(budget=min(prices))
            near += _first("budget", affordable, all(all_seen for _, all_seen in some))
    if not search.allow_floor:
        near += _first("fit", search._replace(allow_floor=True), True)
    if search.positions is not None:
        wide, high = search.positions
        found, all_seen = _some(search._replace(positions=None))
        outputs = {_output(search, family) for family in found}
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


def _first(given_up: str, search: Search, certain: bool) -> list[Near]:
    found = solve(search, limit=1)
    return [Near(given_up, layer, certain and found.complete) for layer in found.layers]


def _output(search: Search, family: Family) -> Pair:
    width, height, _ = search.input
    (x, y), step = family.net, family.stride
    return Pair((width - x) // step.x + 1, (height - y) // step.y + 1)
