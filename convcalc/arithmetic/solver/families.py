"""All layers that a search describes, as families: whatever is known or looked for."""

from collections.abc import Callable, Iterator

from convcalc.arithmetic.solver.before import before
from convcalc.arithmetic.solver.between import equal, own, same
from convcalc.arithmetic.solver.family import Family
from convcalc.arithmetic.solver.progression import NO_END, meet, size, span
from convcalc.arithmetic.solver.search import Choice, Search
from convcalc.arithmetic.solver.settled import settled
from convcalc.layer import Pair

Find = Callable[[Search, int, Pair, Choice], Iterator[Family | None]]


def families(search: Search, own_pads: bool = False) -> Iterator[Family | None]:
    """Yield the families that give the wanted output, and None for a step that found none.

    With `own_pads` width and height have each the pad they need, the odd pixel after the row;
    otherwise all four sides have the same pad, or the fixed one.
    """
    find = same if search.pads.same else own if own_pads else equal
    if search.input is None:
        find = before
    for groups in search.group_numbers():
        for one in settled(search, groups):
            yield None
            for family in _dilated(one, groups, find) if one else ():
                yield family and family.afforded()


def _dilated(search: Search, groups: int, find: Find) -> Iterator[Family | None]:
    filters = search.filter._replace(numbers=search.affordable(groups, search.wanted_cells))
    for number in search.dilation.numbers:
        if not size(filters.numbers):
            break
        dilation = search.dilation.at(number)
        blocks: Iterator[Choice] = iter([filters])
        if find is equal and dilation.x != dilation.y:  # how E differs then depends on F
            blocks = (filters._replace(numbers=span(f, f)) for f in filters.numbers)
        for block in blocks:
            yield None
            yield from find(search, groups, dilation, block)
        if filters.more == 0:  # one pixel has nothing to dilate
            filters = Choice(meet(filters.numbers, span(2, NO_END)))
