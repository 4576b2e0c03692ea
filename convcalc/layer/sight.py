"""Which cells of its input a cell of a layer's output sees, along one axis.

Most layers put a window on the input: cell i sees the `window` cells from i * step - before on,
or with a dilation every `gap`-th of them. Layers that make a volume larger put that window on an
input spread out: its cells lie at the multiples of `spread`, and between them there is nothing.
"""

from itertools import islice
from math import gcd
from typing import NamedTuple


class Sight(NamedTuple):
    """A window on the cells before, which are `spread` apart, at every `gap`-th place.

    >>> list(Sight(window=3, step=2, before=1).cells(4))
    [7, 8, 9]
    >>> list(Sight(window=4, before=2, spread=2).cells(3))
    [1, 2]
    """

    window: int = 1
    step: int = 1
    before: int = 0
    spread: int = 1
    gap: int = 1

    def cells(self, cell: int) -> range:
        """Return the cells of the input that a cell of the output sees."""
        start = cell * self.step - self.before
        places = range(start, start + self.window, self.gap)
        every = self.spread // gcd(self.gap, self.spread)
        for first in islice(places, every):
            if first % self.spread == 0:
                apart = self.gap * every
                return range(
                    first // self.spread, places[-1] // self.spread + 1, apart // self.spread
                )
        return range(0)


ITSELF = Sight()
"""A cell sees only the cell in its place."""
