"""A layer one neuron at a time: what a pass has seen, summed and added up after each step.

Forward, the neuron at one position of filter k multiplies its window with its weights:

    output[k, position] = bias + sum over c, m, n of weights[c, m, n] * window[c, m, n]

Backward, the same weights get upstream * window from that position, because each weight was
multiplied with one pixel of the window and the loss changes by `upstream` per unit of output.
Shared, the positions of a depth slice use one filter, so their contributions are added up;
unshared, each goes to the position's own filter. All numbers are exact Python integers, which
a class can check by hand; nothing here needs NumPy.
"""

from itertools import accumulate
from operator import add, mul
from typing import NamedTuple

from convcalc.arithmetic.limits import require_small
from convcalc.arithmetic.numbers import Block, Numbers, each, total
from convcalc.layer import ConvLayer

Filling = tuple[tuple[tuple[int | None, ...], ...], ...]
"""Numbers by depth slice, row and column; None where no step has been yet."""


class Mode(NamedTuple):
    """Which lesson: one filter a slice or one a position; the output or the gradient."""

    shared: bool = True
    gradient: bool = False

    def __str__(self) -> str:
        return f"{self.direction}, {self.sharing}"

    @property
    def sharing(self) -> str:
        """The word for who uses a filter."""
        return "shared" if self.shared else "unshared"

    @property
    def direction(self) -> str:
        """The word for the pass."""
        return "gradient" if self.gradient else "forward"


class State(NamedTuple):
    """What there is to see after one step. Rows and columns are those of the padded input."""

    mode: Mode
    step: int
    filter: int
    position: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    channels: tuple[int, ...]
    window: Block
    weights: Block
    bias: int | None
    upstream: int
    products: Block
    """Weights times window, or in gradient mode upstream times window."""

    running: tuple[int, ...]
    """The sum after the bias, and after each channel's products; in gradient mode none."""

    output: Filling
    """The output so far; in gradient mode the upstream gradient so far."""

    gradient: Block
    """In gradient mode the gradient so far: a slice's where shared, this position's where not."""

    bias_gradient: int
    parameters: int
    """How many parameters the steps so far have used."""


class Walk:
    """Every step of a layer: filter after filter, each along the rows of its depth slice.

    Raises BadRequest for a layer too large to go through.
    """

    def __init__(self, layer: ConvLayer, numbers: Numbers) -> None:
        require_small(layer)
        self.layer, self.numbers = layer, numbers
        self.positions = layer.output.width * layer.output.height
        self._sums: dict[tuple[int, int, bool], int] = {}
        self._added: tuple[int, int, Block] = (-1, -1, ())

    def __len__(self) -> int:
        return self.layer.neurons

    def padded(self, row: int, column: int, channel: int) -> int | None:
        """Return a number of the padded input, None for a zero of the pad."""
        y, x = row - self.layer.pad.top, column - self.layer.pad.left
        if 0 <= y < self.layer.input.height and 0 <= x < self.layer.input.width:
            return self.numbers.input(y, x, channel)
        return None

    def state(self, step: int, mode: Mode) -> State:
        """Return what there is to see after a step, counted from 0."""
        layer, (k, position) = self.layer, divmod(step, self.positions)
        own = None if mode.shared else position
        rows, columns = self._seen(position)
        window, weights = self._window(k, position), self.numbers.weights(k, own)
        upstream = self.numbers.upstream(k, position)
        products = self._contribution(k, position) if mode.gradient else each(mul, weights, window)
        bias = self.numbers.bias(k, own) if layer.bias else None
        sums = [] if mode.gradient else accumulate(map(total, products), initial=bias or 0)
        summed = range(position + 1) if mode.shared else [position]
        return State(
            mode=mode,
            step=step,
            filter=k,
            position=position,
            rows=rows,
            columns=columns,
            channels=self._channels(k),
            window=window,
            weights=weights,
            bias=bias,
            upstream=upstream,
            products=products,
            running=tuple(sums),
            output=self._so_far(step, mode),
            gradient=self._gradient(k, position) if mode == (True, True) else products,
            bias_gradient=sum(self.numbers.upstream(k, at) for at in summed),
            parameters=(k + 1 if mode.shared else step + 1) * per_filter(layer),
        )

    def _seen(self, position: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the rows and columns of the padded input that a position's window sees."""
        x, y = self.layer.axes
        row, column = divmod(position, x.positions)
        return (
            tuple(row * y.stride + tap * y.dilation for tap in range(y.filter)),
            tuple(column * x.stride + tap * x.dilation for tap in range(x.filter)),
        )

    def _channels(self, k: int) -> tuple[int, ...]:
        """Return the input channels that a filter sees: those of its group."""
        depth = self.layer.filter.depth
        group = k * self.layer.groups // self.layer.filters
        return tuple(range(group * depth, (group + 1) * depth))

    def _window(self, k: int, position: int) -> Block:
        rows, columns = self._seen(position)
        return tuple(
            tuple(tuple(self.padded(row, column, c) or 0 for column in columns) for row in rows)
            for c in self._channels(k)
        )

    def _sum(self, k: int, position: int, shared: bool) -> int:
        """Return a neuron's output."""
        if (k, position, shared) not in self._sums:
            own = None if shared else position
            products = each(mul, self.numbers.weights(k, own), self._window(k, position))
            bias = self.numbers.bias(k, own) if self.layer.bias else 0
            self._sums[k, position, shared] = bias + sum(map(total, products))
        return self._sums[k, position, shared]

    def _so_far(self, step: int, mode: Mode) -> Filling:
        width, height, filters = self.layer.output

        def left_behind(at: int) -> int | None:
            k, position = divmod(at, self.positions)
            if at > step:
                return None
            if mode.gradient:
                return self.numbers.upstream(k, position)
            return self._sum(k, position, mode.shared)

        values = map(left_behind, range(filters * height * width))
        return tuple(
            tuple(tuple(next(values) for _ in range(width)) for _ in range(height))
            for _ in range(filters)
        )

    def _contribution(self, k: int, position: int) -> Block:
        upstream = self.numbers.upstream(k, position)
        return each(lambda pixel: upstream * pixel, self._window(k, position))

    def _gradient(self, k: int, position: int) -> Block:
        """Return the contributions of a slice's positions up to this one, added up."""
        of, last, added = self._added
        if of != k or last > position:
            last, added = 0, self._contribution(k, 0)
        for at in range(last + 1, position + 1):
            added = each(add, added, self._contribution(k, at))
        self._added = k, position, added
        return added


def per_filter(layer: ConvLayer) -> int:
    """Return the parameters of one filter: its weights and its bias."""
    return layer.weights_per_neuron + layer.bias
