"""Are the gradients right? Ask the definition of a derivative, one entry at a time.

With the loss L = sum of upstream * output, moving one entry of an operand by h either way gives

    dL/dentry = (L(entry + h) - L(entry - h)) / 2 h

L is linear in every entry, so this central difference has no error but that of rounding, and h
may be large. It uses the forward pass only: nothing of the backward pass is believed.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from convcalc.arrays import Array
from convcalc.compute.backward import Gradients, own_gradients
from convcalc.compute.definition import neuron
from convcalc.compute.im2col import forward
from convcalc.compute.pieces import whole_groups
from convcalc.layer import ConvLayer

STEP = 0.5
TOLERANCE = {"float64": 1e-6, "float32": 1e-4}
"""Largest difference that passes, relative to the largest entry of the gradient."""


class Check(NamedTuple):
    """How far a gradient is from central differences, relative to its largest entry."""

    name: str
    entries: int
    difference: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether the gradient is right to the tolerance."""
        return self.difference <= self.tolerance


def check_gradients(
    layer: ConvLayer,
    x: Array,
    weights: Array,
    upstream: Array,
    gradients: Gradients,
    count: int,
    seed: int,
    progress: Callable[[int], None] = lambda multiply_adds: None,
) -> Iterator[Check]:
    """Yield checks of `count` entries of each shared gradient, and of neurons' own gradients.

    Whatever type the gradients were computed in, the differences are in float64.
    """
    rng = np.random.default_rng([seed, count])
    x, weights, upstream = (array.astype(np.float64) for array in (x, weights, upstream))
    bias = np.zeros(layer.filters)

    def loss() -> float:
        own_bias = bias if layer.bias else None
        return float((forward(layer, x, weights, own_bias, progress=progress) * upstream).sum())

    operands = {"input": (x, gradients.input), "weights": (weights, gradients.weights)}
    if gradients.bias is not None:
        operands["bias"] = (bias, gradients.bias)
    for name, (operand, gradient) in operands.items():
        places = [tuple(rng.integers(0, operand.shape)) for _ in range(count)]
        pairs = [(central_difference(loss, operand, place), gradient[place]) for place in places]
        largest = float(np.abs(gradient).max())
        yield Check(name, count, _worst(pairs, largest), TOLERANCE[gradient.dtype.name])

    yield _check_neurons(layer, x, weights, upstream, count, rng)


def _check_neurons(
    layer: ConvLayer,
    x: Array,
    weights: Array,
    upstream: Array,
    count: int,
    rng: np.random.Generator,
) -> Check:
    """Check entries of neurons' own gradients, each moved for that one neuron only."""
    pairs = []
    whole = next(whole_groups(layer))
    for _ in range(count):
        i, j, k = (int(place) for place in rng.integers(0, upstream.shape))
        place = tuple(rng.integers(0, weights.shape[1:]))
        own = weights[k].copy()
        loss = partial(_neuron_loss, layer, x, own, upstream, i, j, k)
        position = whole._replace(rows=range(i, i + 1), columns=range(j, j + 1))
        gradient = own_gradients(layer, position, x, upstream, np.dtype(np.float64))[0, 0, k]
        pairs.append((central_difference(loss, own, place), float(gradient[place])))
    largest = max((abs(gradient) for _, gradient in pairs), default=0.0)
    return Check("own weights", count, _worst(pairs, largest), TOLERANCE["float64"])


def _neuron_loss(
    layer: ConvLayer, x: Array, own: Array, upstream: Array, i: int, j: int, k: int
) -> float:
    return float(upstream[i, j, k]) * neuron(layer, x, own, i, j, k)


def central_difference(loss: Callable[[], float], operand: Array, place: tuple[int, ...]) -> float:
    """Return the derivative of the loss by one entry of an operand, which is left as it was."""
    value = operand[place]
    operand[place] = value + STEP
    above = loss()
    operand[place] = value - STEP
    below = loss()
    operand[place] = value
    return (above - below) / (2 * STEP)


def _worst(pairs: list[tuple[float, float]], largest: float) -> float:
    return max((abs(a - b) for a, b in pairs), default=0.0) / (largest or 1.0)
