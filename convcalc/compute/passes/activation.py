"""Functions of each cell, and softmax over a cell's channels.

Their constants are the frameworks' own: 0.01 for leaky ReLU's slope, 1 for ELU's alpha; GELU is
x times the normal distribution's share below x, not its approximation by tanh.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from convcalc.compute.passes.call import Call, Inputs, Pass, Weights
from convcalc.compute.tools.threads import cores
from convcalc.compute.tools.tuning import ROWS_TILE
from convcalc.layer.activation import Activation
from convcalc.shapes import Array

SLOPE = 0.01
"""Of leaky ReLU where a cell is negative."""


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def _hard_sigmoid(x: float) -> float:
    return min(max(x + 3, 0), 6) / 6


OF_ONE_CELL: dict[str, Callable[[float], float]] = {
    "relu": lambda x: max(x, 0.0),
    "relu6": lambda x: min(max(x, 0.0), 6.0),
    "leakyrelu": lambda x: x if x > 0 else SLOPE * x,
    "elu": lambda x: x if x > 0 else math.expm1(x),
    "gelu": lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2,
    "silu": lambda x: x * _sigmoid(x),
    "hardswish": lambda x: x * _hard_sigmoid(x),
    "hardsigmoid": _hard_sigmoid,
    "sigmoid": _sigmoid,
    "tanh": math.tanh,
    "identity": lambda x: x,
}


def definition(layer: Activation, inputs: Inputs, weights: Weights) -> Array:
    """Return the output (H, W, D), cell by cell."""
    y = np.array(inputs[0], np.float64)
    for i, j in np.ndindex(y.shape[:2]):
        if layer.function == "softmax":
            powers = [math.exp(value - max(y[i, j])) for value in y[i, j]]
            y[i, j] = [power / sum(powers) for power in powers]
        else:
            y[i, j] = [OF_ONE_CELL[layer.function](float(value)) for value in y[i, j]]
    return y


def _sigmoids(x: Array) -> Array:
    shares: Array = 1 / (1 + np.exp(-x))
    return shares


def _hard_sigmoids(x: Array) -> Array:
    return np.clip(x / 6 + 0.5, 0, 1)


def _normal_shares(x: Array) -> Array:
    """Return the normal distribution's shares below x; erf is Python's, of one number at a time."""
    erf = np.fromiter(map(math.erf, (x * math.sqrt(0.5)).flat), x.dtype, x.size)
    return (1 + erf.reshape(x.shape)) / 2


OF_MANY: dict[str, Callable[[Array, Array], Any]] = {
    "relu": lambda x, y: np.maximum(x, 0, out=y),
    "relu6": lambda x, y: np.clip(x, 0, 6, out=y),
    "leakyrelu": lambda x, y: np.maximum(x, SLOPE * x, out=y),
    "elu": lambda x, y: np.maximum(x, np.expm1(np.minimum(x, 0)), out=y),
    "gelu": lambda x, y: np.multiply(x, _normal_shares(x), out=y),
    "silu": lambda x, y: np.multiply(x, _sigmoids(x), out=y),
    "hardswish": lambda x, y: np.multiply(x, _hard_sigmoids(x), out=y),
    "hardsigmoid": lambda x, y: np.copyto(y, _hard_sigmoids(x)),
    "sigmoid": lambda x, y: np.copyto(y, _sigmoids(x)),
    "tanh": lambda x, y: np.tanh(x, out=y),
    "identity": lambda x, y: np.copyto(y, x),
}
"""What fills y, which may be x."""


def fill(call: Call) -> None:
    """Fill the output, some rows at a time."""
    depth = call.layer.output.depth

    def softmax(x: Array, y: Array) -> None:
        cells = x.reshape(-1, depth)
        powers = np.exp(cells - cells.max(axis=1, keepdims=True))
        np.divide(powers, powers.sum(axis=1, keepdims=True), out=y.reshape(-1, depth))

    function = call.layer.function
    call.by_rows(softmax if function == "softmax" else OF_MANY[function])


def workspace(layer: Activation) -> int:
    """Return the bytes of what is worked out on the way, in all threads."""
    on_the_way = 0 if layer.function in ("relu", "relu6", "tanh", "identity") else 4
    return on_the_way * cores() * max(ROWS_TILE, 8 * layer.input.width * layer.input.depth)


ACTIVATION = Pass(definition, fill, workspace=workspace, rewrites=True)
