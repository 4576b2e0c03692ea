"""Are the gradients right? Ask the definition of a derivative, one entry at a time.

With the loss L = sum of upstream * output, moving one entry of an operand by h either way gives

    dL/dentry = (L(entry + h) - L(entry - h)) / 2 h

L is linear in every entry, so this central difference has no error but that of rounding, and h
may be as large as the operand. It uses the forward pass only: nothing of the backward pass is
believed. Rounding is in proportion to the terms a gradient is the sum of, which may cancel; so
differences are measured against what the terms add up to without their signs.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from convcalc.arrays import Array
from convcalc.compute.algorithms import forward
from convcalc.compute.backward import Gradients, backward, own_gradients
from convcalc.compute.definition import neuron
from convcalc.compute.pieces import whole_groups
from convcalc.compute.progress import Progress, nobody
from convcalc.layer import ConvLayer

TOLERANCE = {"float64": 1e-6, "float32": 1e-4}
"""Largest difference from central differences that passes, relative to the terms' sizes."""

SUM_TOLERANCE = {"float64": 1e-10, "float32": 1e-4}
"""Largest difference between the sum of own gradients and the shared one, likewise."""


class Check(NamedTuple):
    """How far off a gradient is at the worst of some entries, relative to the terms' sizes."""

    name: str
    entries: int
    difference: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether rounding explains the difference; one that is not a number never passes."""
        return self.difference <= self.tolerance


def sizes_of_terms(layer: ConvLayer, x: Array, weights: Array, upstream: Array) -> Gradients:
    """Return what the terms of each gradient add up to without their signs."""
    return backward(layer, np.abs(x), np.abs(weights), np.abs(upstream))


def check_sum(total: Array, shared: Array, terms: Array) -> Check:
    """Check that the positions' own gradients of every weight add up to the shared one."""
    difference = float(np.abs(total - shared).max())
    return Check(
        "the sum of the positions' gradients",
        total.size,
        difference / (float(terms.max()) or 1.0),
        SUM_TOLERANCE[shared.dtype.name],
    )


def check_gradients(
    layer: ConvLayer,
    x: Array,
    weights: Array,
    upstream: Array,
    gradients: Gradients,
    terms: Gradients,
    count: int,
    seed: int,
    progress: Progress = nobody,
) -> Iterator[Check]:
    """Yield checks of up to `count` entries of each gradient, and of neurons' own weights.

    Whatever type the gradients were computed in, the differences are in float64.
    """
    rng = np.random.default_rng([seed, count])
    x, weights, upstream = (array.astype(np.float64) for array in (x, weights, upstream))
    bias = np.zeros(layer.filters) if layer.bias else None

    def output() -> Array:
        return forward(layer, x, weights, bias, progress=progress)

    for name, operand in (("input", x), ("weights", weights), ("bias", bias)):
        if operand is not None and count:
            gradient, size = getattr(gradients, name), getattr(terms, name)
            pairs = [
                (central_difference(output, upstream, operand, place), float(gradient[place]))
                for place in _places(operand.shape, count, rng)
            ]
            tolerance = TOLERANCE[gradient.dtype.name]
            yield Check(f"the gradient of {name}", len(pairs), _worst(pairs, size), tolerance)
    if count:
        yield _check_neurons(layer, x, weights, upstream, count, rng)


def central_difference(
    output: Callable[[], Array | float],
    upstream: Array | float,
    operand: Array,
    place: tuple[int, ...],
) -> float:
    """Return the derivative of the loss by one entry of an operand, which is left as it was."""
    value = operand[place]
    step = float(np.abs(operand).max()) or 1.0
    operand[place] = value + step
    above = output()
    operand[place] = value - step
    below = output()
    operand[place] = value
    return float(np.sum((above - below) * upstream)) / (2 * step)


def _check_neurons(
    layer: ConvLayer,
    x: Array,
    weights: Array,
    upstream: Array,
    count: int,
    rng: np.random.Generator,
) -> Check:
    """Check entries of neurons' own gradients, each moved for that one neuron only."""
    pairs, largest = [], 0.0
    whole = next(whole_groups(layer))
    for i, j, k in _places(upstream.shape, count, rng):
        [place] = _places(weights.shape[1:], 1, rng)
        own = weights[k].copy()
        position = whole._replace(rows=range(i, i + 1), columns=range(j, j + 1))
        gradient = own_gradients(layer, position, x, upstream, np.dtype(np.float64))[0, 0, k]
        alone = partial(neuron, layer, x, own, i, j, k)
        numeric = central_difference(alone, upstream[i, j, k], own, place)
        pairs.append((numeric, float(gradient[place])))
        largest = max(largest, float(np.abs(gradient).max()))
    worst = _worst(pairs, np.array(largest))
    return Check("the gradient of neurons' own weights", len(pairs), worst, TOLERANCE["float64"])


def _places(shape: tuple[int, ...], count: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """Return up to `count` different places in an array."""
    size = int(np.prod(shape))
    chosen = rng.choice(size, min(count, size), replace=False, shuffle=False)
    return [tuple(int(i) for i in np.unravel_index(place, shape)) for place in chosen]


def _worst(pairs: list[tuple[float, float]], terms: Array) -> float:
    return max(abs(a - b) for a, b in pairs) / (float(terms.max()) or 1.0)
