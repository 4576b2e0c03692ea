"""What a layer may cost at most, each limit as one inequality about its filters."""

from math import isqrt
from typing import NamedTuple

from convcalc.arithmetic.solver.progression import span

FLOPS_PER_MULTIPLY_ADD = 2
BYTES_PER_NUMBER = 4
"""Of a float32, which the numbers of an output are unless asked otherwise."""


class Budget(NamedTuple):
    """The most parameters of the shared layer, multiply-adds, FLOPs, bytes of the output."""

    params: int | None = None
    macs: int | None = None
    flops: int | None = None
    memory: int | None = None


class Inequality(NamedTuple):
    """K filters of c weights each are allowed where K (scale c + each) <= most."""

    scale: int
    each: int
    most: int

    def price(self, weights: int) -> int:
        """Return what one filter of so many weights costs."""
        return self.scale * weights + self.each

    def weights(self, filters: int) -> int | None:
        """Return the most weights each of so many filters may have; None if any, -1 if too many.

        >>> Inequality(1, 1, 20).weights(2), Inequality(0, 4, 20).weights(5)
        (9, None)
        """
        left = self.most // filters - self.each
        return max(left // self.scale, -1) if self.scale else None if left >= 0 else -1


def inequalities(budget: Budget, bias: bool, positions: int | None) -> dict[str, Inequality]:
    """Return the limits that are set, of those that hold whatever the positions where unknown."""
    n = positions
    known = {"params": (1, int(bias), budget.params)}
    if n is not None:
        known |= {
            "macs": (n, 0, budget.macs),
            "flops": (FLOPS_PER_MULTIPLY_ADD * n, 0, budget.flops),
            "memory": (0, BYTES_PER_NUMBER * n, budget.memory),
        }
    return {
        name: Inequality(scale, each, most)
        for name, (scale, each, most) in known.items()
        if most is not None
    }


def sizes(cells: int, more: int) -> range:
    """Return the F from 1 up with F (F + more) at most `cells`: up to the larger root.

    >>> sizes(121, 0), sizes(120, 0), sizes(15, -2)
    (range(1, 12), range(1, 11), range(1, 6))
    """
    root = (isqrt(max(more**2 + 4 * cells, 0)) - more) // 2
    return span(1, root if cells > 0 else 0)
