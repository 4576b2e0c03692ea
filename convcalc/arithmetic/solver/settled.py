"""Exactly so many parameters: the filters, their number and the depth that come to it.

K filters of F (F + more) c weights, c channels each, and a bias B make

    K (F (F + more) c + B) = P

so K divides P, and what is left over, P / K - B, is divided by the channels or by the filter's
cells. Whichever is fewer, the numbers of filters or their sizes, is gone through.
"""

from collections.abc import Iterator
from math import isqrt

from convcalc.arithmetic.solver.budget import Budget
from convcalc.arithmetic.solver.progression import last, meet, size, span
from convcalc.arithmetic.solver.search import Search


def settled(search: Search, groups: int) -> Iterator[Search | None]:
    """Yield searches that parameters say nothing of any more, and None for a step that found none.

    Without parameters that is the search itself; with them each has one filter size, one number of
    filters and one depth.
    """
    total, depth = search.parameters, search.known_depth
    if total is None:
        yield search
        return
    filters = search._replace(budget=Budget(params=total)).affordable(groups, None)
    if not size(filters):
        return
    most = total // (search.weights(search.filter.at(filters.start), groups) + search.bias)
    numbers = meet(search.multiples(groups), span(1, most))
    if depth is None:
        found = _by_both(search, total, filters, numbers)
    elif size(filters) <= size(numbers):
        found = _by_filter(search, total, filters, numbers, depth // groups)
    else:
        found = _by_number(search, total, filters, numbers, depth // groups)
    for one in found:
        yield one and _settled(search, groups, *one)


Found = tuple[int, int, int]
"""A filter's width, how many filters there are, and the channels each sees."""


def _by_filter(
    search: Search, total: int, filters: range, numbers: range, channels: int
) -> Iterator[Found | None]:
    """Go through the filter sizes: each leaves one number of filters."""
    for width in filters:
        number, left = divmod(total, _cells(search, width) * channels + search.bias)
        yield None if left or number not in numbers else (width, number, channels)


def _by_number(
    search: Search, total: int, filters: range, numbers: range, channels: int
) -> Iterator[Found | None]:
    """Go through the numbers of filters: each leaves one filter size."""
    for number in _divisors(total, numbers):
        yield None
        if number:
            cells, left = divmod(total // number - search.bias, channels)
            width = last(search.sizes(cells))
            if not left and width in filters and _cells(search, width) == cells:
                yield width, number, channels


def _by_both(search: Search, total: int, filters: range, numbers: range) -> Iterator[Found | None]:
    """Go through both: each leaves one depth."""
    for width in filters:
        for number in _divisors(total, numbers):
            yield None
            if number:
                weights = total // number - search.bias
                channels, left = divmod(weights, _cells(search, width))
                if not left:
                    yield width, number, channels


def _cells(search: Search, width: int) -> int:
    return search.area(search.filter.at(width))


def _divisors(product: int, among: range) -> Iterator[int | None]:
    """Yield the divisors of a number that are among some, and None for one that is not.

    >>> sorted(filter(None, _divisors(12, range(2, 7, 2))))
    [2, 4, 6]
    """
    root = isqrt(product)
    if size(among) <= 2 * root:
        yield from (number if product % number == 0 else None for number in among)
        return
    for number in span(1, root):
        pair = {number, product // number} if product % number == 0 else {0}
        yield from (one if one in among else None for one in pair)


def _settled(search: Search, groups: int, filter: int, number: int, channels: int) -> Search:
    return search._replace(
        filter=search.filter._replace(numbers=span(filter, filter)),
        filters=span(number, number),
        depth=channels * groups,
        parameters=None,
    )
