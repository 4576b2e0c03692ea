"""Which cells of its input a cell of a layer's output sees, along one axis.

Most layers put a window on the input: cell i sees the `window` cells from i * step - before on.
Layers that make a volume larger put that window on an input spread out by `spread`, whose cells
are `spread` apart with nothing between them: of these it sees

    ceil((i * step - before) / spread)  to  floor((i * step - before + window - 1) / spread)
"""

from typing import NamedTuple


class Sight(NamedTuple):
    """A window on the cells before, each `spread` apart.

    >>> Sight(window=3, step=2, before=1).cells(4, 4)
    (7, 9)
    >>> Sight(window=4, before=2, spread=2).cells(3, 3)
    (1, 2)
    """

    window: int = 1
    step: int = 1
    before: int = 0
    spread: int = 1

    def cells(self, first: int, last: int) -> tuple[int, int]:
        """Return the first and the last cell of the input that some cells of the output see."""
        return (
            -((self.before - first * self.step) // self.spread),
            (last * self.step - self.before + self.window - 1) // self.spread,
        )


ITSELF = Sight()
"""A cell sees only the cell in its place."""
