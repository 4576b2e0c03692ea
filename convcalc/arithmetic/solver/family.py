"""Layers alike in all but the size of their filter, and what is left to say of each."""

from typing import Any, NamedTuple

from convcalc.arithmetic.solver.progression import NO_END, meet, span
from convcalc.arithmetic.solver.search import Choice, Search
from convcalc.layer import ConvLayer, Pad, Pair


class Family(NamedTuple):
    """Layers alike in all but their filter, whose width may be any of `filters`, and one thing.

    Between two volumes that is the pad, of which the `net` extent tells; where the input is looked
    for it is the input, and the `pad` is known, or `same`. The `search` says what else is known.
    """

    search: Search
    groups: int
    dilation: Pair
    stride: Pair
    filters: range
    exact: bool
    net: Pair | None = None
    pad: Pad | None = None

    @property
    def positions(self) -> Pair:
        """The width and height of the output."""
        if self.net is None:
            return self.search.positions or Pair(1, 1)
        width, height, _ = self.search.given
        (x, y), step = self.net, self.stride
        return Pair((width - x) // step.x + 1, (height - y) // step.y + 1)

    @property
    def usual_from(self) -> int:
        """The first filter that is no smaller than the stride, and larger than the pad."""
        more = self.search.filter.more
        least = max(self.stride.x, self.stride.y - more)
        if self.net is not None:
            return least if min(self.net) >= 1 else NO_END
        if self.pad is not None:
            left, right, top, bottom = self.pad
            zeros = Pair(left + right + 1, top + bottom + 1)
            least = max(least, covering(self.search.filter, self.dilation, zeros).start)
        return least

    def afforded(self) -> "Family":
        """Return the filters of which the limits pay for enough at these positions."""
        if not any(self.search.budget):
            return self
        affordable = self.search.affordable(self.groups, self.search.area(self.positions))
        return self._replace(filters=meet(self.filters, affordable))

    def inputs(self, filter: int) -> tuple[range, range]:
        """Return the widths and the heights of the inputs that one filter leads from.

        n positions look at W = (n - 1) S + E - T pixels, and floored leave up to S - 1 over. With
        `same` they are n = ceil(W / S), and the last window begins inside the row.
        """
        if self.search.input is not None:
            width, height, _ = self.search.input
            return span(width, width), span(height, height)
        covered = extents(self.search.filter.at(filter), self.dilation)
        ranges = []
        for axis, (n, step, e) in enumerate(zip(self.positions, self.stride, covered, strict=True)):
            over = step - 1 if self.search.allow_floor else 0
            if self.pad is None:
                first = (n - 1) * step + 1
                over = max(over, min(step, e) - 1)
            else:
                first = (n - 1) * step + e - sum(self.pad[2 * axis : 2 * axis + 2])
            ranges.append(span(max(first, 1), first + over))
        return ranges[0], span(1, 1) if self.search.series else ranges[1]

    def pad_of(self, filter: int) -> Pad | str:
        """Return the pad T = E - v of one filter, an odd pixel on the right and at the bottom.

        Under `same` T may come out negative: nothing is missing, and nothing is added.
        """
        if self.net is None:
            return self.pad or "same"
        if self.search.pads.fixed is not None:
            return self.search.pads.fixed
        covered = extents(self.search.filter.at(filter), self.dilation)
        x, y = (max(e - v, 0) for e, v in zip(covered, self.net, strict=True))
        return Pad(x // 2, x - x // 2, y // 2, y - y // 2)

    def layer(self, filter: int) -> ConvLayer:
        """Return one layer, with as many filters as the search allows, at its smallest input."""
        search, sides = self.search, self.search.filter.at(filter)
        widths, heights = self.inputs(filter)
        depth = search.known_depth or self.groups
        pad = self.pad_of(filter)
        common: dict[str, Any] = {
            "filters": search.filters_of(sides, self.groups, search.area(self.positions)),
            "groups": self.groups,
            "bias": search.bias,
        }
        if search.series:
            return ConvLayer(
                input=(widths.start, depth),
                filter=sides.x,
                stride=self.stride.x,
                pad=pad[:2] if isinstance(pad, Pad) else pad,
                dilation=self.dilation.x,
                **common,
            )
        return ConvLayer(
            input=(widths.start, heights.start, depth),
            filter=sides,
            stride=self.stride,
            pad=pad,
            dilation=self.dilation,
            **common,
        )


def extent(filter: int, dilation: int) -> int:
    """Pixels from a filter's first to its last."""
    return dilation * (filter - 1) + 1


def extents(filter: Pair, dilation: Pair) -> Pair:
    """Pixels from a filter's first to its last, along width and height."""
    return Pair(extent(filter.x, dilation.x), extent(filter.y, dilation.y))


def covering(filter: Choice, dilation: Pair, least: Pair) -> range:
    """Return the filters whose extents are at least so large."""
    numbers = filter.numbers
    for pixels, d, more in zip(least, dilation, (0, filter.more), strict=True):
        numbers = meet(numbers, span(-(-(pixels - 1) // d) + 1 - more, NO_END))
    return numbers
