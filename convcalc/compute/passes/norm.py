"""Normalisation: batch normalisation with given statistics, and local response normalisation.

At inference a batch's statistics are given, and what batch normalisation does to a channel is
one factor and one summand:

    scale (x − mean) / √(variance + 1e-5) + shift  =  x factor + summand

Local response normalisation divides a cell by (k + alpha / size Σ x²)^beta, the sum over `size`
channels around it, with AlexNet's k 2, alpha 1e-4 and beta 0.75. That alpha is divided by the size
is the frameworks' convention; AlexNet's paper does not divide.
"""

import numpy as np

from convcalc.compute.passes.call import Call, Inputs, Pass, Shapes, Weights
from convcalc.compute.tools.threads import cores
from convcalc.compute.tools.tuning import ROWS_TILE
from convcalc.layer.norm import BatchNorm, LocalResponseNorm
from convcalc.shapes import Array

EPSILON = 1e-5
"""What is added to a variance, so that it is never 0."""

K, ALPHA, BETA = 2, 1e-4, 0.75
"""Of local response normalisation."""


def shapes(layer: BatchNorm) -> Shapes:
    """Return (D,) for mean and variance, and for scale and shift where it has them."""
    names = ("scale", "shift", "mean", "variance")
    return dict.fromkeys(names[0 if layer.affine else 2 :], (layer.input.depth,))


def definition(layer: BatchNorm, inputs: Inputs, weights: Weights) -> Array:
    """Return the output (H, W, D), cell by cell."""
    y = np.empty(inputs[0].shape)
    for i, j, c in np.ndindex(y.shape):
        deviation = (float(weights["variance"][c]) + EPSILON) ** 0.5
        y[i, j, c] = (float(inputs[0][i, j, c]) - float(weights["mean"][c])) / deviation
        if layer.affine:
            y[i, j, c] = y[i, j, c] * float(weights["scale"][c]) + float(weights["shift"][c])
    return y


def as_line(weights: Weights) -> tuple[Array, Array]:
    """Return each channel's factor and summand, in float64.

    >>> one = np.array([1.0])
    >>> as_line({"scale": 6 * one, "shift": 5 * one, "mean": 2 * one, "variance": 9 * one - 1e-5})
    (array([2.]), array([1.]))
    """
    mean, variance = (weights[name].astype(np.float64) for name in ("mean", "variance"))
    factor = weights.get("scale", 1) / np.sqrt(variance + EPSILON)
    return factor, weights.get("shift", 0) - mean * factor


def with_norm(convolution: Weights, norm: Weights) -> dict[str, Array]:
    """Return the weights of a convolution that does what a batch normalisation behind it does."""
    weights = convolution["weights"]
    factor, summand = as_line(norm)
    return {
        "weights": weights * factor.astype(weights.dtype)[:, None, None, None],
        "bias": (convolution.get("bias", 0) * factor + summand).astype(weights.dtype),
    }


def fill(call: Call) -> None:
    """Fill the output, some rows at a time."""
    width, dtype = call.layer.output.width, call.output.dtype
    factor, summand = (np.tile(part.astype(dtype), width) for part in as_line(call.weights))

    def scaled(x: Array, y: Array) -> None:
        np.multiply(x, factor, out=y)
        y += summand

    call.by_rows(scaled)


BATCH_NORM = Pass(definition, fill, shapes, rewrites=True)


def definition_of_lrn(layer: LocalResponseNorm, inputs: Inputs, weights: Weights) -> Array:
    """Return the output (H, W, D): each cell with its neighbours in depth, as far as there are."""
    (x,), depth = inputs, layer.input.depth
    y = np.empty(x.shape)
    for i, j, c in np.ndindex(y.shape):
        around = range(max(0, c - layer.size // 2), min(depth, c + (layer.size - 1) // 2 + 1))
        squares = sum(float(x[i, j, other]) ** 2 for other in around)
        y[i, j, c] = float(x[i, j, c]) / (K + ALPHA / layer.size * squares) ** BETA
    return y


def fill_lrn(call: Call) -> None:
    """Fill the output; a power of 0.75 is a root times a root of a root."""
    size, depth = call.layer.size, call.layer.input.depth
    before = size // 2

    def normalised(x: Array, y: Array) -> None:
        cells = x.reshape(-1, depth)
        squares = np.square(cells)
        sums = np.zeros_like(cells)
        for other in range(-before, size - before):
            start, stop = max(0, -other), min(depth, depth - other)
            if start < stop:
                sums[:, start:stop] += squares[:, start + other : stop + other]
        sums *= ALPHA / size
        sums += K
        root = np.sqrt(sums)
        root *= np.sqrt(root)
        np.divide(cells, root, out=y.reshape(-1, depth))

    call.by_rows(normalised)


def workspace(layer: LocalResponseNorm) -> int:
    """Return the bytes of squares, sums and roots in all threads."""
    return 4 * cores() * max(ROWS_TILE, 8 * layer.input.width * layer.input.depth)


LOCAL_RESPONSE_NORM = Pass(definition_of_lrn, fill_lrn, workspace=workspace, rewrites=True)
