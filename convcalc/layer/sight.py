"""Which cells of its input a cell of a layer's output sees, along one axis.

Most layers put a window on the input: cell i sees the `window` cells from i * step - before on,
or with a dilation every `gap`-th of them. Layers that make a volume larger put that window on an
input spread out: its cells lie at the multiples of `spread`, and between them there is nothing.
Where every cell sees the whole input, the window is as large and the `step` is 0.
"""

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
        common = gcd(self.gap, self.spread)
        if start % common:
            return range(0)
        every = self.spread // common  # of so many places in the window one has a cell
        skipped = -start // common * pow(self.gap // common, -1, every) % every
        first, stop = start + skipped * self.gap, start + self.window
        return range(first // self.spread, -(-stop // self.spread), self.gap // common)


ITSELF = Sight()
"""A cell sees only the cell in its place."""
