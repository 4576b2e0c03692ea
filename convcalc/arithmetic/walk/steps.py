"""A layer one neuron at a time: what a pass has seen, summed and added up after each step.

Forward, the neuron at one position of filter k multiplies its window with its weights:

    output[k, position] = bias + sum over c, m, n of weights[c, m, n] * window[c, m, n]

Backward, the same weights get upstream * window from that position, because each weight was
multiplied with one pixel of the window and the loss changes by `upstream` per unit of output.
Shared, the positions of a depth slice use one filter, so their contributions are added up;
unshared, each goes to the position's own filter. All numbers are exact Python integers, which
a class can check by hand; nothing here needs NumPy.

A number is made when it is asked for: what is not drawn is never worked out.
"""

from collections.abc import Iterator
from functools import cache
from itertools import chain, product
from operator import mul
from typing import NamedTuple

from convcalc.arithmetic.walk.limits import require_small
from convcalc.arithmetic.walk.numbers import Grid, Numbers, each
from convcalc.layer import ConvLayer


class Mode(NamedTuple):
    """What is gone through: one filter a slice or one a position; the output or the gradient."""

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


class Walk:
    """Every step of a layer: filter after filter, each along the rows of its depth slice.

    Raises BadRequest for a layer too large to go through.
    """

    def __init__(self, layer: ConvLayer, numbers: Numbers) -> None:
        require_small(layer)
        self.layer, self.numbers = layer, numbers
        self.x, self.y = layer.axes
        self.positions = layer.positions
        self.padded, self.neuron = cache(self._padded), cache(self._neuron)

    def __len__(self) -> int:
        return self.layer.neurons

    def __reduce__(self) -> tuple[type["Walk"], tuple[ConvLayer, Numbers]]:
        return Walk, (self.layer, self.numbers)

    def state(self, step: int, mode: Mode) -> "State":
        """Return what there is to see after a step, counted from 0."""
        return State(self, mode, step)

    def _padded(self, row: int, column: int, channel: int) -> int | None:
        """Return a number of the padded input, None for a zero of the pad."""
        y, x = row - self.y.before, column - self.x.before
        if 0 <= y < self.y.size and 0 <= x < self.x.size:
            return self.numbers.input(y, x, channel)
        return None

    def _neuron(self, k: int, position: int, shared: bool) -> int:
        """Return what one neuron puts out."""
        own = None if shared else position
        weights = chain.from_iterable(chain.from_iterable(self.numbers.weights(k, own)))
        taps = product(self.layer.channels_of(k), *self.seen(position))
        window = (self.padded(row, column, channel) or 0 for channel, row, column in taps)
        products: Iterator[int] = map(mul, weights, window)
        return sum(products, start=self.bias(k, position, shared) or 0)

    def bias(self, k: int, position: int, shared: bool) -> int | None:
        """Return the bias that a filter has at a position; None without biases."""
        one = shared and not self.layer.untied
        return self.numbers.bias(k, None if one else position) if self.layer.bias else None

    def seen(self, position: int) -> tuple[range, range]:
        """Return the rows and columns of the padded input that a position's window sees."""
        row, column = divmod(position, self.x.positions)
        return self.y.window(row), self.x.window(column)


class State:
    """What there is to see after one step. Rows and columns are those of the padded input."""

    def __init__(self, walk: Walk, mode: Mode, step: int) -> None:
        self.walk, self.mode, self.step = walk, mode, step
        self.filter, self.position = divmod(step, walk.positions)
        self.rows, self.columns = walk.seen(self.position)
        self.channels = walk.layer.channels_of(self.filter)
        self._own = None if mode.shared else self.position
        self.products, self.gradient = cache(self._products), cache(self._gradient)

    @property
    def bias(self) -> int | None:
        """The bias of the neuron, None where there are none."""
        return self.walk.bias(self.filter, self.position, self.mode.shared)

    @property
    def upstream(self) -> int:
        """The gradient that arrives at the neuron."""
        return self.walk.numbers.upstream(self.filter, self.position)

    @property
    def value(self) -> int:
        """What the neuron puts out."""
        return self.walk.neuron(self.filter, self.position, self.mode.shared)

    @property
    def parameters(self) -> int:
        """How many parameters the steps so far have used."""
        layer, steps = self.walk.layer, self.step + 1
        filters = self.filter + 1 if self.mode.shared else steps
        biases = steps if layer.untied else filters
        return filters * layer.weights_per_neuron + biases * layer.biases_per_neuron

    @property
    def bias_gradient(self) -> int:
        """The gradient of the bias so far: a slice's where shared, this position's where not."""
        if self.walk.layer.untied:
            return self.upstream
        return sum(self.walk.numbers.upstream(self.filter, at) for at in self._summed)

    def window(self, index: int) -> Grid:
        """Return what the neuron sees of one of its channels."""
        channel, padded = self.channels[index], self.walk.padded
        return tuple(
            tuple(padded(row, column, channel) or 0 for column in self.columns) for row in self.rows
        )

    def weights(self, index: int) -> Grid:
        """Return the weights of one of the neuron's channels."""
        return self.walk.numbers.weights(self.filter, self._own)[index]

    def output(self, k: int, position: int) -> int | None:
        """Return a number of the output so far, in gradient mode of the upstream gradient.

        None where no step has been yet.
        """
        if k * self.walk.positions + position > self.step:
            return None
        if self.mode.gradient:
            return self.walk.numbers.upstream(k, position)
        return self.walk.neuron(k, position, self.mode.shared)

    def _products(self, index: int) -> Grid:
        """Return weights times window, or in gradient mode upstream times window."""
        if self.mode.gradient:
            return each(self.upstream.__mul__, self.window(index))
        return each(mul, self.weights(index), self.window(index))

    def _gradient(self, index: int) -> Grid:
        """Return one channel's gradient so far, added up like that of the bias."""
        channel, padded = self.channels[index], self.walk.padded
        arrived = [self.walk.numbers.upstream(self.filter, at) for at in self._summed]
        seen = [self.walk.seen(at) for at in self._summed]

        def added(m: int, n: int) -> int:
            return sum(
                upstream * (padded(rows[m], columns[n], channel) or 0)
                for upstream, (rows, columns) in zip(arrived, seen, strict=True)
            )

        down, across = range(len(self.rows)), range(len(self.columns))
        return tuple(tuple(added(m, n) for n in across) for m in down)

    @property
    def _summed(self) -> range:
        """The positions whose contributions are added up: they use the same weights."""
        return range(0 if self.mode.shared else self.position, self.position + 1)


def per_filter(layer: ConvLayer) -> int:
    """Return the parameters of one filter: its weights and its bias."""
    return layer.weights_per_neuron + layer.biases_per_neuron
