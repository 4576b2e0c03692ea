"""Run a layer by every algorithm that can, on the same data, and set them beside each other."""

import time
import tracemalloc
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from convcalc.compute.experiments.forward_run import Operands
from convcalc.compute.forward.choose import ALGORITHMS, choose, forward
from convcalc.compute.tools.progress import Progress
from convcalc.compute.tools.tiling import whole
from convcalc.compute.tools.tuning import LOOPS, MOST_WORKSPACE
from convcalc.compute.tools.windows import tile_patches
from convcalc.layer import ConvLayer
from convcalc.shapes import Array, output_shape, require_finite

ROUNDS = 5
"""Timed runs of each algorithm, taking turns."""


@dataclass(frozen=True)
class Compared:
    """One algorithm: the median of its seconds, what it multiplies and takes, how far it is off.

    `workspace` is the most bytes it held beyond operands and output; `difference` its largest
    from the float64 reference, relative to the largest output.
    """

    name: str
    seconds: float
    multiplications: int
    workspace: int
    difference: float


@dataclass(frozen=True)
class Comparison:
    """The algorithms that ran, which of them is `auto`'s choice, and why others did not run."""

    layer: ConvLayer
    operands: Operands
    dtype: str
    ran: list[Compared]
    chosen: str
    left_out: dict[str, str]


def needs(layer: ConvLayer, dtype: np.dtype[Any]) -> dict[str, int]:
    """Return the bytes of a comparison beside its operands."""
    return {
        "outputs": 2 * layer.output.cells * dtype.itemsize,
        "workspace": MOST_WORKSPACE,
        "float64 reference": reference_bytes(layer),
    }


def work(layer: ConvLayer) -> int:
    """Return the multiply-adds of a comparison."""
    names = [name for name in ALGORITHMS if why_not(layer, name) is None]
    return layer.multiply_adds * (1 + sum(1 + _rounds(name) for name in names))


def why_not(layer: ConvLayer, name: str) -> str | None:
    """Return why an algorithm takes no part, or None."""
    if name == "definition" and layer.multiply_adds > LOOPS:
        return f"its loops are run up to {LOOPS:,} multiply-adds; asked for alone, it runs them"
    return ALGORITHMS[name].refusal(layer)


@np.errstate(all="ignore")
def compare(layer: ConvLayer, operands: Operands, progress: Progress) -> Comparison:
    """Run each algorithm once for its workspace and result, then all in turn for the time.

    Raises ConvcalcError when an output overflows the type it is computed in.
    """
    arrays = operands.x, operands.weights, operands.bias
    expected = reference(layer, *arrays)
    progress(layer.multiply_adds)
    largest = float(np.abs(expected).max()) or 1.0
    left_out = {name: why for name in ALGORITHMS if (why := why_not(layer, name))}
    seconds: dict[str, list[float]] = {name: [] for name in ALGORITHMS if name not in left_out}
    seen = {}
    for name in seconds:
        tracemalloc.start()
        try:
            output = forward(layer, *arrays, algorithm=name, progress=progress)
            workspace = max(0, tracemalloc.get_traced_memory()[1] - output.nbytes)
        finally:
            tracemalloc.stop()
        require_finite(f"output by {name}", output)
        seen[name] = workspace, float(np.abs(output - expected).max()) / largest
    for turn in range(ROUNDS):
        for name, so_far in seconds.items():
            if turn < _rounds(name):
                start = time.perf_counter()
                forward(layer, *arrays, algorithm=name, progress=progress)
                so_far.append(time.perf_counter() - start)
    ran = [
        Compared(name, median(taken), ALGORITHMS[name].cost(layer).multiplications, *seen[name])
        for name, taken in seconds.items()
    ]
    return Comparison(layer, operands, operands.x.dtype.name, ran, choose(layer), left_out)


def reference(layer: ConvLayer, x: Array, weights: Array, bias: Array | None) -> Array:
    """Return the output (H_out, W_out, K) in float64: the definition, one tap after the other."""
    output = np.zeros(output_shape(layer))
    for tile in whole(layer).by_group(layer):
        seen = tile_patches(layer, tile, x, output.dtype)
        for m, n in np.ndindex(seen.shape[2:4]):
            taps = weights[tile.weights][:, m, n].astype(output.dtype)
            output[tile.outputs] += seen[:, :, m, n] @ taps.T
    return output if bias is None else output + bias


def reference_bytes(layer: ConvLayer) -> int:
    """Return the memory the reference needs: padded input, one tap's weights, the output thrice."""
    x, y = layer.axes
    taps = layer.filters // layer.groups * layer.filter.depth
    return 8 * (x.padded * y.padded * layer.filter.depth + taps + 3 * layer.output.cells)


def _rounds(name: str) -> int:
    return 1 if name == "definition" else ROUNDS
