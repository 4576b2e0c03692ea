"""Are the gradients right? Ask the definition of a derivative, one entry at a time.

With the loss L = sum of upstream * output, moving one entry of an operand by h either way gives

    dL/dentry = (L(entry + h) - L(entry - h)) / 2 h

It uses the forward pass only: nothing of the backward pass is believed. L is linear in every
operand, so but for rounding this central difference is the same for every h, wherever it is taken.
Beside large numbers rounding is all that is left of it: outputs of 1e19 have no digit for a bias
that moves by 1. So it is taken where there is nothing beside it: h is 1, all other entries of the
operand are 0, and so is the input while the bias moves. Then an output that moves, moves by exactly
the number its entry is multiplied with, and dL/dentry is a sum of n products, as the gradient is.

Two right sums of n products differ by rounding only. Let T be what the products add up to without
their signs, and eps the distance from 1 to the next number. A product or a sum of two is off by
eps / 2 of itself at most, so a sum of n products, in any order, by n eps T / 2 (Jeannerod and Rump
2013); and a product below the smallest normal number, tiny, by tiny at most. Both together:

    |gradient - dL/dentry| <= n (eps T + tiny)

in the gradient's type. What is farther off is wrong. What is not is right if it is as near as half
a thousandth of dL/dentry (of T, where that is 0), itself known to n (eps T + tiny) of float64. In
between the check cannot tell: a gradient wrong by a thousandth never passes for right.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from convcalc.compute.backward import Gradients, own_gradients
from convcalc.compute.forward.choose import choose, forward
from convcalc.compute.forward.definition import neuron
from convcalc.compute.tools.progress import Progress, nobody
from convcalc.compute.tools.tiling import whole
from convcalc.layer import ConvLayer
from convcalc.shapes import Array, require_finite

TO_SHOW = 1e-3
"""The error, relative to a gradient, that never passes for right."""


class Check(NamedTuple):
    """How far off the worst of some entries is, and how much of that rounding explains.

    Both are relative to what the terms of that entry add up to without their signs. Of `untold`
    entries it cannot tell whether they are right: they could be wrong by `TO_SHOW`.
    """

    name: str
    entries: int
    difference: float
    tolerance: float
    untold: int

    @property
    def passed(self) -> bool:
        """Whether rounding explains the difference; one that is not a number never passes."""
        return self.difference <= self.tolerance

    @property
    def can_tell(self) -> bool:
        """Whether it can of any entry."""
        return self.untold < self.entries


def check_sum(total: Array, shared: Array, size: Array, positions: int) -> Check:
    """Check that the positions' own gradients of every weight add up to the shared one.

    `size` is what they add up to without their signs. Raises ConvcalcError when that overflows.
    """
    explained = _rounding(size, positions, total.dtype)
    return _check("the sum of the positions' gradients", total, shared, size, explained)


def check_gradients(
    layer: ConvLayer,
    x: Array,
    weights: Array,
    upstream: Array,
    gradients: Gradients,
    count: int,
    seed: int,
    progress: Progress = nobody,
) -> Iterator[Check]:
    """Yield checks of up to `count` entries of each gradient, and of neurons' own weights.

    Whatever type the gradients were computed in, the differences are in float64. Raises
    ConvcalcError when the terms of a gradient overflow that without their signs.
    """
    if not count:
        return
    rng = np.random.default_rng([seed, count])
    upstream = upstream.astype(np.float64, copy=False)
    fastest = choose(layer)
    # Winograd's mixes the numbers of a tile: the small ones are rounded as the large ones are
    plain = "im2col" if fastest == "winograd" else fastest
    run = partial(forward, layer, algorithm=plain, progress=progress)
    outputs: dict[str, Callable[[Array], Array]] = {
        "input": lambda moved: run(moved, weights),
        "weights": lambda moved: run(x, moved),
        "bias": lambda moved: run(np.zeros(x.shape), weights, moved),
    }
    for name, output in outputs.items():
        gradient = getattr(gradients, name)
        if gradient is not None:
            operand = np.zeros(gradient.shape)
            entries = [
                _entry(gradient[place], central_difference(output, operand, place), upstream)
                for place in _places(gradient.shape, count, rng)
            ]
            yield _check_differences(f"the gradient of {name}", entries, gradient.dtype)
    # neurons' own gradients: each weight moved for one neuron only
    entries, own = [], np.zeros(weights.shape[1:])
    for i, j, k in _places(upstream.shape, count, rng):
        [place] = _places(own.shape, 1, rng)
        position = whole(layer)._replace(rows=range(i, i + 1), columns=range(j, j + 1))
        gradient = own_gradients(layer, position, x, upstream, upstream.dtype)[0, 0, k]
        moves = central_difference(partial(neuron, layer, x, i=i, j=j, k=k), own, place)
        entries.append(_entry(gradient[place], moves, upstream[i, j, k]))
    yield _check_differences("the gradient of neurons' own weights", entries, gradient.dtype)


def central_difference(
    output: Callable[[Array], Array | float], operand: Array, place: tuple[int, ...]
) -> Array:
    """Return the derivative of each output by one entry of an operand of zeros, left as it was."""
    operand[place] = 1
    above = np.asarray(output(operand))
    operand[place] = -1
    below = output(operand)
    operand[place] = 0
    return (above - below) / 2


def _entry(gradient: float, moves: Array, upstream: Array) -> tuple[Any, ...]:
    """Return a gradient, and the loss's derivative from that of every output: a sum of products.

    Then what they add up to without their signs, and how many they are.
    """
    products = moves * upstream
    terms = np.count_nonzero((moves != 0) & (upstream != 0))
    return gradient, products.sum(), np.abs(products).sum(), terms


def _check_differences(name: str, entries: list[tuple[Any, ...]], dtype: np.dtype[Any]) -> Check:
    found, expected, size, terms = np.array(entries, np.float64).T
    doubt = _rounding(size, terms, np.dtype(np.float64))
    return _check(name, found, expected, size, _rounding(size, terms, dtype), doubt)


def _check(
    name: str, found: Array, expected: Array, size: Array, explained: Array, doubt: Array | int = 0
) -> Check:
    """Judge entries where rounding explains so much, and what is expected is off by `doubt`."""
    require_finite(f"check of {name}", size)
    off = np.abs(np.subtract(found, expected, dtype=np.float64))
    wrong = ~(off <= explained)
    near = TO_SHOW / 2 * np.where(expected == 0, size, np.abs(expected))
    unit = np.where(size > 0, size, np.where(off > 0, off, 1))
    worst = np.argmax(np.where(wrong | ~wrong.any(), off / unit, -1))
    return Check(
        name,
        size.size,
        float((off / unit).flat[worst]),
        float((explained / unit).flat[worst]),
        int(np.count_nonzero(~(off + doubt <= near))),
    )


def _rounding(size: Array, terms: Array | int, dtype: np.dtype[Any]) -> Array:
    """Return how far apart rounding may put two sums of the terms, one of them in this type."""
    kind = np.finfo(dtype)
    explained: Array = terms * (float(kind.eps) * size + float(kind.tiny))
    return explained


def _places(shape: tuple[int, ...], count: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """Return up to `count` different places in an array."""
    size = int(np.prod(shape))
    chosen = rng.choice(size, min(count, size), replace=False, shuffle=False)
    return [tuple(int(i) for i in np.unravel_index(place, shape)) for place in chosen]
