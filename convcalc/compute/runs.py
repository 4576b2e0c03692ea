"""A pass that was run: what went in, what came out, how long it took."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from convcalc.compute.arrays import Array
from convcalc.compute.im2col import forward
from convcalc.errors import ConvcalcError
from convcalc.layer import ConvLayer


@dataclass(frozen=True)
class Operands:
    """The arrays a pass runs on, what to call them, and the seed of the random ones."""

    x: Array
    weights: Array
    bias: Array | None
    source: str
    weights_name: str
    seed: int


@dataclass(frozen=True)
class ForwardRun:
    """A forward pass: the output (H_out, W_out, K) and the seconds the pass alone took."""

    layer: ConvLayer
    operands: Operands
    relu: bool
    output: Array
    seconds: float


def run_forward(
    layer: ConvLayer, operands: Operands, relu: bool, progress: Callable[[int], None]
) -> ForwardRun:
    """Run the shared forward pass, with ReLU if asked.

    Raises ConvcalcError when the output overflows the type it is computed in.
    """
    start = time.perf_counter()
    with np.errstate(all="ignore"):
        output = forward(layer, operands.x, operands.weights, operands.bias, progress=progress)
        if relu:
            np.maximum(output, 0, out=output)
    seconds = time.perf_counter() - start
    if not (np.isfinite(output.min()) and np.isfinite(output.max())):
        raise ConvcalcError(
            f"the output overflows {output.dtype}; try --dtype float64 or smaller values"
        )
    return ForwardRun(layer, operands, relu, output, seconds)
