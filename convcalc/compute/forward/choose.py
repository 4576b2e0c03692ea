"""The forward pass, by whichever of its algorithms costs the layer least.

All give the same outputs but for rounding; which is fastest depends on the layer. Each has its
idea in its own module, a reason not to run some layers, and its cost as a formula: numbers to
multiply and numbers to move. `auto` takes the one with the smallest estimate

    multiplications + MOVING * numbers moved

The definition is not among its choices. What decides is the layer alone, never the data.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from convcalc.compute.forward import definition, depthwise, im2col, mec, winograd, winograd_engine
from convcalc.compute.forward.job import Cost, Job
from convcalc.compute.tools.progress import Progress, nobody
from convcalc.compute.tools.tuning import MOVING
from convcalc.errors import BadRequest, most_alike, told
from convcalc.layer import ConvLayer
from convcalc.shapes import Array, checked, output_shape


def runs_all(layer: ConvLayer) -> str | None:
    """Return None: there is no layer that cannot be run so."""


class Algorithm(NamedTuple):
    """A way to compute the forward pass: what fills the output, its cost, why it cannot."""

    fill: Callable[[Job], None]
    cost: Callable[[ConvLayer], Cost]
    refusal: Callable[[ConvLayer], str | None] = runs_all

    def estimate(self, layer: ConvLayer) -> int:
        """Return the time it takes, in multiplications of a large matrix product."""
        cost = self.cost(layer)
        return cost.multiplications + MOVING * cost.moved


ALGORITHMS = {
    "definition": Algorithm(definition.fill, definition.cost),
    "im2col": Algorithm(im2col.fill, im2col.cost),
    "mec": Algorithm(mec.fill, mec.cost, mec.refusal),
    "winograd": Algorithm(winograd_engine.fill, winograd.cost, winograd.refusal),
    "depthwise": Algorithm(depthwise.fill, depthwise.cost, depthwise.refusal),
}


@lru_cache
def choose(layer: ConvLayer, algorithm: str = "auto") -> str:
    """Return the name of the algorithm to run: the one asked for, or the best by its cost.

    Raises BadRequest when there is no such algorithm, or it cannot run the layer.

    >>> choose(ConvLayer(input=(224, 224, 64), filter=3, pad=1, filters=64))
    'winograd'
    """
    fast = [name for name in ALGORITHMS if name != "definition"]
    able = [name for name in fast if ALGORITHMS[name].refusal(layer) is None]
    if algorithm == "auto":
        return min(able, key=lambda name: ALGORITHMS[name].estimate(layer))
    if algorithm not in ALGORITHMS:
        names = ["auto", *ALGORITHMS]
        remedy = told(most_alike(algorithm, names), f"give {', '.join(names)}")
        raise BadRequest("algorithm", algorithm, "is none that is known", remedy)
    why_not = ALGORITHMS[algorithm].refusal(layer)
    if why_not is not None:
        others = ", ".join(["auto", "definition", *able])
        raise BadRequest("algorithm", algorithm, f"cannot run it: {why_not}", f"give {others}")
    return algorithm


def forward(
    layer: ConvLayer,
    x: Array,
    weights: Array,
    bias: Array | None = None,
    *,
    algorithm: str = "auto",
    progress: Progress = nobody,
) -> Array:
    """Return the layer's output (H_out, W_out, K), with shared weights.

    `x` is (H, W, D), `weights` (K, FH, FW, D / groups), `bias` (K,) or None, untied
    (H_out, W_out, K). The output is float32, or float64 where an operand needs it; in float32
    every output is within 2e-5 of the exact one, relative to what the terms of the largest add up
    to without their signs.
    `algorithm` is a name of ALGORITHMS, or "auto": the fastest for the layer by its cost. Beyond
    operands and output the pass takes at most 32 MiB.
    `progress` is called with multiply-adds of the layer as they are done, from any thread.

    Raises BadRequest when a shape does not match the layer, or the algorithm cannot run it.

    >>> import numpy as np
    >>> layer = ConvLayer(input=(4, 4, 1), filter=2, stride=2, filters=1)
    >>> forward(layer, np.arange(16.0).reshape(4, 4, 1), np.ones((1, 2, 2, 1)))[:, :, 0]
    array([[10., 18.],
           [42., 50.]])
    """
    name = choose(layer, algorithm)
    dtype = checked(layer, x=x, weights=weights, bias=bias)
    output = np.empty(output_shape(layer), dtype)
    run(ALGORITHMS[name], Job(layer, x, weights, bias, output, progress))
    return output


def run(algorithm: Algorithm, job: Job) -> None:
    """Fill a job's output; untied biases, one for each neuron, are added when that is done."""
    untied = job.bias if job.layer.untied else None
    algorithm.fill(job if untied is None else job._replace(bias=None))
    if untied is not None:
        np.add(job.output, untied, out=job.output)
