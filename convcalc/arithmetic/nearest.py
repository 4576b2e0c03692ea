"""Where nothing fits: what comes nearest, one thing given up at a time."""

from collections.abc import Iterator
from heapq import nsmallest
from itertools import islice
from typing import NamedTuple

from convcalc.arithmetic.families import Family, families
from convcalc.arithmetic.progression import size
from convcalc.arithmetic.search import Search
from convcalc.arithmetic.solve import MOST_STEPS, pad_rules, solve
from convcalc.layer import ConvLayer, Pair


class Near(NamedTuple):
    """A layer that fits when one thing is given up: the `budget`, the exact `fit`, the `output`."""

    given_up: str
    layer: ConvLayer


def nearest(search: Search) -> list[Near]:
    """Return what comes nearest to a search without solutions.

    The smallest budget that pays for a solution; a layer that is floored to the output; the exact
    output fewest pixels away, width and height added.
    """
    near = []
    if search.budget is not None:
        prices = [
            search.least_price(search.filter.at(family.filters.start), family.groups)
            for own_pads in pad_rules(search)
            for family in _some(search._replace(budget=None), own_pads)
        ]
        if prices:
            near += _first("budget", search._replace(budget=min(prices)))
    if not search.allow_floor:
        near += _first("fit", search._replace(allow_floor=True))
    if search.positions is not None:
        wide, high = search.positions
        anywhere = search._replace(positions=None)
        outputs = {_output(search, family) for family in _some(anywhere)}
        by_distance = nsmallest(
            1, outputs, key=lambda at: (abs(at.x - wide) + abs(at.y - high), at)
        )
        for output in by_distance:
            near += _first("output", search._replace(positions=output))
    return near


def _some(search: Search, own_pads: bool = False) -> Iterator[Family]:
    for family in islice(families(search, own_pads), MOST_STEPS):
        if family is not None and size(family.filters):
            yield family


def _first(given_up: str, search: Search) -> list[Near]:
    return [Near(given_up, layer) for layer in solve(search, limit=1).layers]


def _output(search: Search, family: Family) -> Pair:
    width, height, _ = search.input
    (x, y), step = family.net, family.stride
    return Pair((width - x) // step.x + 1, (height - y) // step.y + 1)
