"""What `solve` is told: the input, the output that is wanted, and what each option may be."""

from math import isqrt
from typing import NamedTuple

from convcalc.arithmetic.solver.progression import last, meet, size, span
from convcalc.errors import BadRequest
from convcalc.layer import Pad, Pair, Volume

MOST_GROUPS = 10_000
"""So many numbers of groups are tried at most: each needs its own division."""


class Choice(NamedTuple):
    """The numbers an option may be along the width; along the height it is `more` than that.

    A range is the same number along both axes, so `more` is 0. The pair 5x3 is the one number 5
    and -2 more.
    """

    numbers: range
    more: int = 0

    def at(self, number: int) -> Pair:
        """Return the pair that has this number along the width."""
        return Pair(number, number + self.more)

    def __str__(self) -> str:
        least, most = self.numbers.start, self.numbers.stop - 1
        return str(self.at(least)) if least == most else f"{least}..{most}"


class Pads(NamedTuple):
    """The pads a layer may have: a fixed one, TensorFlow's `same`, or a range for every side.

    Without a most, no side has more than half the filter's extent.
    """

    least: int = 0
    most: int | None = None
    fixed: Pad | None = None
    same: bool = False

    @property
    def free(self) -> bool:
        """Whether there is a pad left to find."""
        return self.fixed is None and not self.same

    def __str__(self) -> str:
        if self.fixed or self.same:
            return str(self.fixed or "same")
        most = "half the filter" if self.most is None else self.most
        return f"{self.least}" if self.least == self.most else f"{self.least}..{most}"


class Search(NamedTuple):
    """What is known of a layer; `positions` is the output's width and height, if wanted.

    `filters` are the numbers of filters allowed: of these the largest is taken that the groups
    divide and the `budget` of parameters pays for. Without filters and budget it is the smallest.
    """

    input: Volume
    positions: Pair | None = None
    filter: Choice = Choice(span(1, 16))
    stride: Choice = Choice(span(1, 16))
    pads: Pads = Pads()
    dilation: Choice = Choice(span(1, 1))
    groups: range = span(1, 1)
    filters: range | None = None
    bias: bool = True
    budget: int | None = None
    allow_floor: bool = False

    def group_numbers(self) -> list[int]:
        """Return the groups that divide the input's depth and some number of filters.

        Raises BadRequest where there are none, or too many to try.
        """
        depth = self.input.depth
        tried = meet(self.groups, span(1, depth))
        text = str(Choice(self.groups))
        if size(tried) > MOST_GROUPS:
            problem = f"are more than {MOST_GROUPS:,} numbers to try"
            raise BadRequest("groups", text, problem, "give one number, or a smaller range")
        fit = [groups for groups in tried if depth % groups == 0 and self._multiples(groups)]
        if not fit:
            filters = "" if self.filters is None else f" and of --filters {Choice(self.filters)}"
            raise BadRequest(
                "groups",
                text,
                f"has no divisor of the input's depth {depth}{filters}",
                "give a divisor, or leave it out for 1",
            )
        return fit

    def affordable(self, groups: int) -> Choice:
        """Return the filter sizes F x (F + more) of which the budget pays for enough filters.

        K filters of F (F + more) D / G weights and a bias each are at most the budget B when
        F (F + more) <= (B // K - bias) G // D; the larger root of that parabola is the most.
        """
        if self.budget is None:
            return self.filter
        fewest = self._multiples(groups).start
        cells = (self.budget // fewest - self.bias) * groups // self.input.depth
        more = self.filter.more
        most = (isqrt(max(more**2 + 4 * cells, 0)) - more) // 2 if cells > 0 else 0
        return Choice(meet(self.filter.numbers, span(1, most)), more)

    def price(self, filter: Pair, groups: int) -> int:
        """Return the parameters of one filter."""
        return filter.x * filter.y * (self.input.depth // groups) + self.bias

    def least_price(self, filter: Pair, groups: int) -> int:
        """Return the parameters of the fewest filters allowed."""
        return self.price(filter, groups) * self._multiples(groups).start

    def filters_of(self, filter: Pair, groups: int) -> int:
        """Return how many filters of one size there are to be."""
        allowed = self._multiples(groups)
        if self.budget is not None:
            allowed = meet(allowed, span(1, self.budget // self.price(filter, groups)))
        elif self.filters is None:
            return allowed.start
        return last(allowed)

    def _multiples(self, groups: int) -> range:
        """Return the allowed numbers of filters that the groups divide."""
        if self.filters is None:
            return range(groups, groups * (1 + (self.budget or 1)) + 1, groups)
        return meet(self.filters, range(groups, self.filters.stop, groups))
