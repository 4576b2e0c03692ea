"""The receptive field of a stack: which pixels of the network's input a cell sees, along one axis.

Of a volume whose cell i sees the pixels i * jump + first to i * jump + last, the next layer's cell
i sees the cells i * step - before to i * step - before + window - 1, and so the pixels

    i * (jump * step) + first - before * jump    to    the same + size - 1 + (window - 1) * jump

Where branches meet, a cell sees what it sees through any of them. Pads are seen as if there were
pixels. The rule is that of Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional
Neural Networks" (2019); the filter size, which the course notes call the receptive field of a
neuron, is the field of the first layer.

Behind a layer that enlarges, neighbouring cells may see as much as each other, and fields differ
from cell to cell; there each cell is followed back to the input, and the largest field is given.
"""

from collections.abc import Iterable, Sequence
from math import lcm
from typing import TYPE_CHECKING, NamedTuple

from convcalc.layer.sight import Sight

if TYPE_CHECKING:
    from fractions import Fraction


class Field(NamedTuple):
    """What cell 0 sees, and how far apart the fields of neighbours begin, in pixels."""

    first: int
    last: int
    jump: "int | Fraction"

    @property
    def size(self) -> int:
        """How many pixels a cell sees."""
        return self.last - self.first + 1

    @property
    def centre(self) -> "int | Fraction":
        """Where the middle of cell 0's field lies; pixel 0 has its middle at 0."""
        from fractions import Fraction

        middle = Fraction(self.first + self.last, 2)
        return middle.numerator if middle.denominator == 1 else middle


PIXEL = Field(0, 0, 1)


class Link(NamedTuple):
    """A layer's sight along the axis, its sources (-1 is the input), its output's size."""

    sight: Sight
    sources: Sequence[int]
    size: int


def fields(links: Sequence[Link]) -> list[Field]:
    """Return the field of each layer's cells.

    >>> conv, pool = Sight(3), Sight(2, step=2)
    >>> [one.size for one in fields([Link(conv, [-1], 10), Link(pool, [0], 5), Link(conv, [1], 3)])]
    [3, 4, 8]
    """
    found: list[Field] = []
    spread: list[bool] = []
    for place, (sight, sources, size) in enumerate(links):
        before = [PIXEL if source < 0 else found[source] for source in sources]
        jumps = {one.jump for one in before}
        uneven = sight.spread > 1 or len(jumps) > 1
        uneven |= any(source >= 0 and spread[source] for source in sources)
        spread.append(uneven)
        if uneven:
            found.append(_followed(links, place, size, min(jumps) * sight.step, sight.spread))
        else:
            found.append(_joined(_next(one, sight) for one in before))
    return found


def _next(field: Field, sight: Sight) -> Field:
    jump = int(field.jump)
    first = field.first - sight.before * jump
    return Field(first, first + field.size - 1 + (sight.window - 1) * jump, jump * sight.step)


def _joined(several: Iterable[Field]) -> Field:
    firsts, lasts, jumps = zip(*several, strict=True)
    return Field(min(firsts), max(lasts), jumps[0])


MOST_FOLLOWED = 64
"""Cells followed back at most; fields repeat after as many as all enlarging multiplies to."""


def _followed(
    links: Sequence[Link], place: int, size: int, jump: "int | Fraction", spread: int
) -> Field:
    """Return the largest field of the cells in the middle, as that of the first such cell."""
    from fractions import Fraction

    jump = Fraction(jump, spread)
    period = lcm(*(link.sight.spread for link in links[: place + 1]))
    middle = max(0, size // 2 - period // 2)
    cells = range(middle, min(size, middle + min(period, MOST_FOLLOWED)))
    seen = [pixels(links, place, cell) for cell in cells]
    first, last = max(seen, key=lambda ends: ends[1] - ends[0])
    cell = cells[seen.index((first, last))]
    shift = -(-cell * jump.numerator // jump.denominator)
    whole = jump.numerator if jump.denominator == 1 else jump
    return Field(first - shift, last - shift, whole)


def pixels(links: Sequence[Link], place: int, cell: int) -> tuple[int, int]:
    """Return the first and the last pixel of the input that one cell of a layer sees."""
    wanted = {place: (cell, cell)}
    for one in range(place, -1, -1):
        if one in wanted:
            cells = links[one].sight.cells(*wanted[one])
            for source in links[one].sources:
                first, last = wanted.get(source, cells)
                wanted[source] = (min(first, cells[0]), max(last, cells[1]))
    return wanted[-1]
