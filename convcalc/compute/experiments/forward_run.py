"""A pass that was run: what went in, what came out, how long it took, what it needed."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from convcalc.compute.data.own_weights import UnsharedWeights
from convcalc.compute.experiments.stats import Stats, map_stats, stats
from convcalc.compute.forward.choose import choose, forward
from convcalc.compute.forward.unshared import forward_in_tiles
from convcalc.compute.tools.memory import peak_memory
from convcalc.compute.tools.progress import Progress
from convcalc.compute.tools.tuning import MOST_WORKSPACE
from convcalc.layer import ConvLayer
from convcalc.shapes import Array, Scale, require_finite


@dataclass(frozen=True)
class Operands:
    """The arrays a pass runs on, what to call them, and the seed of the random ones.

    `scale` tells what values an input had that is an image.

    `own` are the weights of an unshared layer. They are `tied` when every position has the same,
    and those are then `weights`; otherwise `weights` are those of the shared layer beside it.
    """

    x: Array
    weights: Array
    bias: Array | None
    source: str
    weights_name: str
    seed: int
    own: UnsharedWeights | None = None
    tied: bool = False
    scale: Scale | None = None


@dataclass(frozen=True)
class Beside:
    """An unshared pass beside the shared one: peak memory of the process, the shared seconds.

    `difference` is how far the two outputs are apart where the weights are tied, relative to the
    largest output.
    """

    peak_bytes: int | None
    shared_seconds: float
    difference: float | None


@dataclass(frozen=True)
class ForwardRun:
    """A forward pass: the output (H_out, W_out, K) and the seconds the pass alone took.

    `algorithm` is the one a shared pass was run by. The figures are of the input and of the output.
    """

    layer: ConvLayer
    operands: Operands
    relu: bool
    output: Array
    seconds: float
    input_stats: Stats
    output_stats: Stats
    algorithm: str | None = None
    beside: Beside | None = None

    def map_stats(self, count: int) -> Iterator[Stats]:
        """Yield the figures of the first so many feature maps, of which there may be a million."""
        return map_stats(self.output[:, :, :count])


def needs(layer: ConvLayer, dtype: np.dtype[Any], unshared: bool) -> dict[str, int]:
    """Return the bytes of a run beside its operands; the shared output stands beside unshared."""
    output = layer.output.cells * dtype.itemsize
    return {"output": output * (2 if unshared else 1), "workspace": MOST_WORKSPACE}


@np.errstate(all="ignore")
def run_forward(
    layer: ConvLayer, operands: Operands, relu: bool, progress: Progress, algorithm: str = "auto"
) -> ForwardRun:
    """Run the forward pass, shared (by an algorithm) or unshared, with ReLU if asked.

    Raises BadRequest when the algorithm cannot run the layer, ConvcalcError when the output
    overflows the type it is computed in.
    """
    x, weights, bias = operands.x, operands.weights, operands.bias
    name = choose(layer, algorithm) if operands.own is None else None
    start = time.perf_counter()
    if operands.own is None:
        output = forward(layer, x, weights, bias, algorithm=algorithm, progress=progress)
    else:
        output = forward_in_tiles(layer, x, operands.own, bias, progress=progress)
    seconds = time.perf_counter() - start
    beside = _beside(layer, operands, output) if operands.own else None
    require_finite("output by winograd" if name == "winograd" else "output", output)
    if relu:
        np.maximum(output, 0, out=output)
    return ForwardRun(layer, operands, relu, output, seconds, stats(x), stats(output), name, beside)


def _beside(layer: ConvLayer, operands: Operands, output: Array) -> Beside:
    """Run the shared layer on the same input; compare where the weights are the same."""
    peak = peak_memory()
    start = time.perf_counter()
    shared = forward(layer, operands.x, operands.weights)
    seconds = time.perf_counter() - start
    difference = None
    if operands.tied:
        if operands.bias is not None:
            shared += operands.bias
        largest = float(np.abs(shared).max()) or 1.0
        shared -= output
        difference = float(np.abs(shared, out=shared).max()) / largest
    return Beside(peak, seconds, difference)
