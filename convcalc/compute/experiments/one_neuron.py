"""One neuron's arithmetic: its window, its weights, their products, and what becomes of the sum.

    y[i, j, k] = b[k] + sum of  x[window of (i, j), channels of k's group] * w[k]

The products are taken and summed in float64, apart from the pass that made the output, which
summed in its own type and order; the two differ by that rounding only.
"""

from typing import NamedTuple

import numpy as np

from convcalc.compute.experiments.forward_run import ForwardRun
from convcalc.compute.tools.tiling import whole
from convcalc.layer import Axis, ConvLayer, Volume
from convcalc.shapes import Array, require_finite

BYTES_PER_WEIGHT = 512
"""What one cell takes for each of its weights: arrays in float64, and the numbers as text."""


class Place(NamedTuple):
    """A cell of the output volume, in a volume's order: which column, which row, which slice."""

    column: int
    row: int
    slice: int

    def among(self, output: Volume) -> dict[str, int]:
        """Return its numbers by name, those that tell cells of such an output apart."""
        numbers = self._asdict() | {"position": self.column}
        return {name: numbers[name] for name in names_of(output)}


def names_of(output: Volume) -> tuple[str, ...]:
    """Return the names of a cell's numbers, in the order of the volume's sides."""
    return ("position", "slice") if output.dimensions == 1 else Place._fields


class OneNeuron(NamedTuple):
    """One cell of an output. `window`, `weights` and `products` are (FH, FW, D / groups).

    `by_depth` is what the products of each depth add up to, `sum` what all of them do.
    `seen` is the window as a NumPy expression of the input x, padded where the layer has a pad;
    `used` the weights as one of w. `value` is what the arithmetic gives, after ReLU where the
    pass had it, `output` what the pass gave. Shared, `others` are as many cells that use the same
    weights.
    """

    place: Place
    first_channel: int
    padded: str | None
    seen: str
    used: str
    window: Array
    weights: Array
    products: Array
    by_depth: list[float]
    sum: float
    bias: float
    value: float
    output: float
    others: int

    @property
    def before_relu(self) -> float:
        """The sum with the bias."""
        return self.sum + self.bias

    @property
    def rounding(self) -> float:
        """How far the pass is off what the arithmetic gives."""
        return abs(self.output - self.value)

    def sum_after(self, depths: int) -> float:
        """Return what the products add up to behind the first depths."""
        return sum(self.by_depth[depths:])


def bytes_of_cell(layer: ConvLayer) -> int:
    """Return the bytes that one cell's arithmetic takes, and its text."""
    return BYTES_PER_WEIGHT * layer.weights_per_neuron


def cell_of(run: ForwardRun, place: Place) -> OneNeuron:
    """Return the arithmetic of one cell of a pass, shared or unshared."""
    layer, operands = run.layer, run.operands
    j, i, k = place
    channels = layer.channels_of(k)
    window = _window(layer, operands.x, i, j, channels).astype(np.float64)
    if operands.own is None:
        weights, used = operands.weights[k], f"w[{k}]"
    else:
        neuron = whole(layer)._replace(
            rows=range(i, i + 1), columns=range(j, j + 1), filters=range(k, k + 1)
        )
        weights, used = operands.own.of(neuron)[0, 0, 0], f"w[{i}, {j}, {k}]"
    weights = weights.astype(np.float64)
    with np.errstate(all="ignore"):
        products = window * weights
        by_depth, total = products.sum((0, 1)).tolist(), float(products.sum())
    require_finite("sum of the products", np.asarray(total))
    biases = 0 if operands.bias is None else operands.bias
    bias = float(np.broadcast_to(biases, run.output.shape)[i, j, k])
    value = total + bias
    x, y = layer.axes
    depth = f"{channels.start}:{channels.stop}"
    pads = f"({y.before}, {y.after}), ({x.before}, {x.after}), (0, 0)"
    padded = f"np.pad(x, ({pads}))" if any(layer.pad) else None
    return OneNeuron(
        place=place,
        first_channel=channels.start,
        padded=padded,
        seen=f"{'padded' if padded else 'x'}[{_slice(y, i)}, {_slice(x, j)}, {depth}]",
        used=used,
        window=window,
        weights=weights,
        products=products,
        by_depth=by_depth,
        sum=total,
        bias=bias,
        value=max(value, 0.0) if run.relu else value,
        output=float(run.output[i, j, k]),
        others=layer.positions - 1,
    )


def _window(layer: ConvLayer, x: Array, i: int, j: int, channels: range) -> Array:
    """Return the window (FH, FW, D / groups) of position (i, j), with zeros where it is pad."""
    across, down = layer.axes
    lines = down.pixels(i), across.pixels(j)
    window = np.zeros((*map(len, lines), len(channels)), x.dtype)
    inside = [[n for n, pixel in enumerate(line) if pixel is not None] for line in lines]
    pixels = [[pixel for pixel in line if pixel is not None] for line in lines]
    window[np.ix_(*inside)] = x[np.ix_(*pixels, channels)]
    return window


def _slice(axis: Axis, position: int) -> str:
    seen = axis.window(position)
    return f"{seen.start}:{seen.stop}" + (f":{seen.step}" if seen.step > 1 else "")
