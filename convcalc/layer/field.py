"""The receptive field of a stack: which pixels of the network's input a cell sees, along one axis.

Of a volume whose cell i sees the pixels i * jump + first to i * jump + last, the next layer's cell
i sees the cells i * step - before to i * step - before + window - 1, and so the pixels

    i * (jump * step) + first - before * jump    to    the same + size - 1 + (window - 1) * jump

Where branches meet, a cell sees what it sees through any of them. Pads are seen as if there were
pixels. The rule is that of Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional
Neural Networks" (2019); the filter size, which the course notes call the receptive field of a
neuron, is the field of the first layer.

Behind a layer that enlarges, the jump is a fraction, and fields differ from cell to cell: so many
cells are followed as it takes until they repeat, and the largest field is given. Where branches
meet whose jumps differ, fields grow from cell to cell, and the cells at both ends are followed.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from math import floor, gcd, lcm
from typing import TYPE_CHECKING, NamedTuple, Union

from convcalc.layer.sight import Sight

if TYPE_CHECKING:
    from fractions import Fraction

Number = Union[int, "Fraction"]
Ends = tuple[int, int] | None
"""The first and the last pixel that a cell sees, or nothing."""

MOST_FOLLOWED = 50_000
"""Cells followed in all; where more were needed, a field is the largest that it could be."""


class Field(NamedTuple):
    """How many pixels a cell sees, how far apart neighbours' fields begin, the middle of cell 0's.

    Pixel 0 has its middle at 0.
    """

    size: int
    jump: Number
    centre: Number


class Link(NamedTuple):
    """A layer's sight along the axis, its sources (-1 is the input), its output's size."""

    sight: Sight
    sources: Sequence[int]
    size: int


def fields(links: Sequence[Link]) -> Iterator[Field]:
    """Yield the field of each layer's cells.

    >>> conv, pool = Sight(3), Sight(2, step=2)
    >>> [one.size for one in fields([Link(conv, [-1], 10), Link(pool, [0], 5), Link(conv, [1], 3)])]
    [3, 4, 8]
    """
    follower = _Follower(MOST_FOLLOWED)
    seen: dict[int, tuple[_Strand, ...]] = {-1: (_Strand(1, 0, 0, ((0, 0),)),)}
    jumps: dict[int, Number] = {-1: 1}
    for place, (sight, sources, size) in enumerate(links):
        before = min(jumps[source] for source in sources)
        jumps[place] = _whole(_over(before, sight.spread) * (sight.step or 1))
        seen[place] = follower.joined(
            follower.through(strand, sight) for source in sources for strand in seen[source]
        )
        yield _field(seen[place], size, jumps[place])


class _Strand(NamedTuple):
    """What cells see through layers that are all `jump` pixels a cell.

    Cell i sees nothing before i * jump + first and behind i * jump + last; exactly, cells 0, 1, ...
    see the pixels between the `ends`, until these repeat. Without ends they are not known.
    """

    jump: Number
    first: Number
    last: Number
    ends: tuple[Ends, ...]

    def at(self, cell: int) -> Ends:
        """Return the ends of any cell."""
        turns, place = divmod(cell, len(self.ends))
        found = self.ends[place]
        on = int(turns * len(self.ends) * self.jump)
        return found and (found[0] + on, found[1] + on)

    def ends_of(self, cells: range, several: int) -> Ends:
        """Return what cells see together, of which `several` at either end see the ends."""
        return _hull(map(self.at, [*islice(cells, several), *islice(reversed(cells), several)]))

    @property
    def in_order(self) -> bool:
        """Whether of some cells the first sees the first pixel, and the last the last."""
        several = [*self.ends, self.at(len(self.ends))]
        seen = [ends for ends in several if ends is not None]
        return len(seen) == len(several) and all(
            one[0] <= other[0] and one[1] <= other[1] for one, other in pairwise(seen)
        )


class _Follower:
    """Follows cells back to the input, so many as are `left` to be followed."""

    def __init__(self, left: int) -> None:
        self.left = left

    def through(self, strand: _Strand, sight: Sight) -> _Strand:
        """Return what cells see through a layer."""
        jump = _over(strand.jump, sight.spread)
        before, behind = sight.before * jump, (sight.window - 1 - sight.before) * jump
        return _Strand(
            _whole(jump * sight.step),
            _whole(strand.first - before),
            _whole(strand.last + behind),
            self._ends(strand, sight),
        )

    def _ends(self, strand: _Strand, sight: Sight) -> tuple[Ends, ...]:
        """Return the ends of the cells behind a layer until they repeat, or give up."""
        if not strand.ends:
            return ()
        period = len(strand.ends)
        cells = period * sight.spread // gcd(sight.step, period * sight.spread)
        several = 1 if strand.in_order else period
        if not self.may_follow(cells * several):
            return ()
        return tuple(strand.ends_of(sight.cells(cell), several) for cell in range(cells))

    def joined(self, several: Iterable[_Strand]) -> tuple[_Strand, ...]:
        """Return what cells see through any of several layers, by jump."""
        found: dict[Number, _Strand] = {}
        for strand in several:
            same = found.get(strand.jump)
            found[strand.jump] = strand if same is None else self._union(same, strand)
        strands = tuple(found.values())
        if len(strands) < 3 or self.may_follow(len(strands)):
            return strands
        return _outermost(strands)

    def may_follow(self, cells: int) -> bool:
        """Whether so many more cells may be followed; one, as in most networks, always may."""
        if cells > max(1, self.left):
            return False
        self.left -= cells > 1 and cells
        return True

    def _union(self, one: _Strand, other: _Strand) -> _Strand:
        cells = lcm(len(one.ends), len(other.ends))
        known = range(cells if self.may_follow(cells) else 0)
        return _Strand(
            one.jump,
            min(one.first, other.first),
            max(one.last, other.last),
            tuple(_hull([one.at(cell), other.at(cell)]) for cell in known),
        )


def _outermost(strands: Sequence[_Strand]) -> tuple[_Strand, ...]:
    """Return two strands, the slowest and the fastest, that see all that some see, and more."""
    first, last = min(one.first for one in strands), max(one.last for one in strands)
    jumps = [one.jump for one in strands]
    return tuple(_Strand(jump, first, last, ()) for jump in (min(jumps), max(jumps)))


def _field(strands: Sequence[_Strand], size: int, jump: Number) -> Field:
    """Return the largest field of a volume's cells."""
    middle = min(one.first for one in strands) + max(one.last for one in strands)
    if all(one.ends for one in strands):
        several = lcm(*(len(one.ends) for one in strands))
        cells = {*range(min(several, size))}
        if len(strands) > 1:
            cells |= {*range(max(0, size - several), size)}
        seen = [_hull([one.at(cell) for one in strands]) for cell in cells]
        most = max(ends[1] - ends[0] + 1 if ends else 0 for ends in seen)
    else:
        most = 1 + floor(
            max(
                max(one.last + cell * one.jump for one in strands)
                - min(one.first + cell * one.jump for one in strands)
                for cell in (0, size - 1)
            )
        )
    return Field(most, jump, _over(middle, 2))


def _over(number: Number, count: int) -> Number:
    """Return a number divided by another, exactly."""
    if count == 1:
        return number
    from fractions import Fraction

    return _whole(Fraction(number) / count)


def _whole(number: Number) -> Number:
    """Return a number as an integer where it is one."""
    return number.numerator if number.denominator == 1 else number


def _hull(several: Iterable[Ends]) -> Ends:
    """Return the outermost ends."""
    seen = [ends for ends in several if ends is not None]
    return (min(ends[0] for ends in seen), max(ends[1] for ends in seen)) if seen else None
