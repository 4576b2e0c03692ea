"""What `solve` is told: the input, the output that is wanted, and what each option may be."""

from typing import NamedTuple

from convcalc.arithmetic.solver.budget import Budget, Inequality, inequalities, sizes
from convcalc.arithmetic.solver.progression import NO_END, last, meet, size, span
from convcalc.errors import BadRequest
from convcalc.layer import Pad, Pair, Volume
from convcalc.layer.wording import INPUT

MOST_GROUPS = 10_000
"""So many numbers of groups are tried at most: each needs its own division."""


class Choice(NamedTuple):
    """The numbers an option may be along the width; along the height it is `more` than that.

    A range is the same number along both axes, so `more` is 0. The pair 5x3 is the one number 5
    and -2 more. `usual` numbers stand for an option nothing was said of: others may be tried.
    """

    numbers: range
    more: int = 0
    usual: bool = False

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


USUAL = Choice(span(1, 16), usual=True)


class Search(NamedTuple):
    """What is known of a layer; `positions` is the output's width and height, if wanted.

    Without an input the inputs that lead to these positions are looked for; their `depth` is then
    the one given, the one that `parameters` leave, or as small as the groups allow.

    `filters` are the numbers of filters allowed: of these the largest is taken that the groups
    divide and the `budget` pays for. Without filters and budget it is the smallest. With exactly so
    many `parameters` asked for, it is the one that makes them.

    A `series` has one axis: it is looked for as if its height were its width, and counted as it is.
    """

    input: Volume | None = None
    positions: Pair | None = None
    filter: Choice = USUAL
    stride: Choice = USUAL
    pads: Pads = Pads()
    dilation: Choice = Choice(span(1, 1))
    groups: range = span(1, 1)
    filters: range | None = None
    bias: bool = True
    budget: Budget = Budget()
    allow_floor: bool = False
    parameters: int | None = None
    depth: int | None = None
    series: bool = False

    @property
    def given(self) -> Volume:
        """The input as it is looked at; raises BadRequest where it is not known."""
        if self.input is None:
            raise BadRequest("input", None, "is missing", INPUT)
        width, height, depth = self.input
        return Volume(width, width if self.series else height, depth)

    @property
    def known_depth(self) -> int | None:
        """The depth of the input, where that is known."""
        return self.depth if self.input is None else self.input.depth

    @property
    def any_depth(self) -> bool:
        """Whether nothing that is known depends on the depth of the input."""
        return self.known_depth is None and self.parameters is None

    @property
    def wanted_cells(self) -> int | None:
        """How many positions are wanted in all."""
        return self.positions and self.area(self.positions)

    def area(self, sides: Pair) -> int:
        """Return the cells of a filter or an output of these sides."""
        return sides.x if self.series else sides.x * sides.y

    def sizes(self, cells: int) -> range:
        """Return the filter sizes of at most so many cells."""
        return span(1, cells) if self.series else sizes(cells, self.filter.more)

    @property
    def unknown(self) -> list[str]:
        """The options of the windows that may be more than one number."""
        choices = {"filter": self.filter, "stride": self.stride, "dilation": self.dilation}
        found = [name for name, choice in choices.items() if size(choice.numbers) != 1]
        return found + ["pad"] * (self.pads.free and self.pads.least != self.pads.most)

    def wider(self) -> dict[str, "Search"]:
        """Return the search with any number for each option that nothing was said of.

        Between an input and a wanted output only: any number that could make the output.
        """
        if self.input is None or self.positions is None:
            return {}
        zeros = self.pads.fixed or Pad.of((self.pads.most or 0,))
        room = span(
            1, max(self.input[:2]) + max(zeros.left + zeros.right, zeros.top + zeros.bottom)
        )
        found = {}
        if self.filter.usual:
            found["filter"] = self._replace(filter=Choice(room))
        if self.stride.usual:
            found["stride"] = self._replace(stride=Choice(room))
        if self.pads == Pads():
            step = last(self.stride.numbers) + max(self.stride.more, 0)
            covered = (last(self.filter.numbers) + max(self.filter.more, 0)) * (
                last(self.dilation.numbers) + max(self.dilation.more, 0)
            )
            most = (max(self.positions) * step + covered) // 2
            found["pad"] = self._replace(pads=Pads(0, most))
        return found

    def group_numbers(self) -> list[int]:
        """Return the groups that divide the input's depth and some number of filters.

        Raises BadRequest where there are none, or too many to try.
        """
        depth = self.known_depth
        most = min(depth or NO_END, self.filters.stop - 1 if self.filters else NO_END)
        tried = meet(self.groups, span(1, most))
        text = str(Choice(self.groups))
        if size(tried) > MOST_GROUPS:
            problem = f"are more than {MOST_GROUPS:,} numbers to try"
            raise BadRequest("groups", text, problem, "give one number, or a smaller range")
        fit = [g for g in tried if (depth or g) % g == 0 and self.multiples(g)]
        if not fit:
            divided = [
                "" if depth is None else f"the input's depth {depth}",
                "" if self.filters is None else f"--filters {Choice(self.filters)}",
            ]
            raise BadRequest(
                "groups",
                text,
                f"has no divisor of {' and of '.join(filter(None, divided))}",
                "give a divisor, or leave it out for 1",
            )
        return fit

    def costs(self, positions: int | None) -> dict[str, Inequality]:
        """Return what the limits ask for, at so many positions or at any."""
        return inequalities(self.budget, self.bias, positions)

    def weights(self, filter: Pair, groups: int) -> int:
        """Return the weights of one filter."""
        return self.area(filter) * ((self.known_depth or groups) // groups)

    def affordable(self, groups: int, positions: int | None) -> range:
        """Return the widths F of filters of which the limits pay for enough."""
        found = self.filter.numbers
        channels = (self.known_depth or groups) // groups
        for cost in self.costs(positions).values():
            weights = cost.weights(self.multiples(groups).start)
            if weights is not None:
                found = meet(found, self.sizes(weights // channels))
        return found

    def filters_of(self, filter: Pair, groups: int, positions: int) -> int:
        """Return how many filters of one size there are to be."""
        allowed = self.multiples(groups)
        weights = self.weights(filter, groups)
        most = [cost.most // cost.price(weights) for cost in self.costs(positions).values()]
        if most:
            allowed = meet(allowed, span(1, min(most)))
        elif self.filters is None:
            return allowed.start
        return last(allowed)

    def multiples(self, groups: int) -> range:
        """Return the allowed numbers of filters that the groups divide."""
        any_number = range(groups, NO_END, groups)
        return any_number if self.filters is None else meet(self.filters, any_number)
