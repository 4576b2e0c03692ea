"""All inputs before a wanted output: one family for each stride, dilation and pad.

The equation of between.py is turned round once more: n positions that tile look at

    W = (n - 1) S + E - T

pixels, whatever the filter. So strides and pads are gone through; filters never are. W has to be a
pixel at least, floored W + S - 1, which bounds the filters from below.
"""

from collections.abc import Iterator

from convcalc.arithmetic.solver.family import Family, covering, extents
from convcalc.arithmetic.solver.progression import last, meet, span
from convcalc.arithmetic.solver.search import Choice, Pads, Search
from convcalc.errors import BadRequest
from convcalc.layer import Pad, Pair

OUTPUT_OR_INPUT = "give --input WIDTHxHEIGHTxDEPTH, or --output WIDTHxHEIGHT to look for inputs"


def before(search: Search, groups: int, dilation: Pair, filter: Choice) -> Iterator[Family | None]:
    """Yield the families of layers whose output is the wanted one, whatever their input.

    Raises BadRequest where no output is wanted.
    """
    if search.positions is None:
        raise BadRequest("input", None, "is missing", OUTPUT_OR_INPUT)
    strides = search.stride.numbers
    if search.positions == (1, 1) and not (search.allow_floor or search.pads.same):
        strides = strides[:1]  # there is nowhere to step to, and all others are the same layer
    for stride in map(search.stride.at, strides):
        if search.pads.same:
            yield Family(search, groups, dilation, stride, filter.numbers, True)
            continue
        for pad in _pads(search.pads, dilation, filter):
            yield None
            zeros = Pair(pad.left + pad.right, pad.top + pad.bottom)
            numbers = filter.numbers
            if search.pads.free and search.pads.most is None:
                numbers = covering(filter, dilation, zeros)
            steps = Pair(*((n - 1) * s for n, s in zip(search.positions, stride, strict=True)))
            least = Pair(*(1 + t - s for t, s in zip(zeros, steps, strict=True)))
            tiling = meet(numbers, covering(filter, dilation, least))
            yield Family(search, groups, dilation, stride, tiling, True, pad=pad)
            if search.allow_floor:
                over = Pair(*(e - s + 1 for e, s in zip(least, stride, strict=True)))
                smaller = meet(covering(filter, dilation, over), span(1, tiling.start - 1))
                rest = meet(numbers, smaller)
                yield Family(search, groups, dilation, stride, rest, False, pad=pad)


def _pads(pads: Pads, dilation: Pair, filter: Choice) -> Iterator[Pad]:
    """Yield the pads to try: half the filter is at most half the largest."""
    if pads.fixed is not None:
        yield pads.fixed
        return
    half = extents(filter.at(last(filter.numbers)), dilation).x // 2
    for number in span(pads.least, half if pads.most is None else pads.most):
        yield Pad.of((number,))
