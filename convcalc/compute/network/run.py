"""A network that was run: what came out, of which layers how long it took, what was on top."""

import time
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from convcalc.compute.experiments.stats import Stats, map_stats, stats
from convcalc.compute.network.schedule import Schedule
from convcalc.compute.network.weights import NetworkWeights, RandomWeights, checked, require_paths
from convcalc.compute.passes.call import Call
from convcalc.compute.passes.kinds import PASSES
from convcalc.compute.passes.norm import with_norm
from convcalc.compute.tools.memory import require_memory
from convcalc.compute.tools.progress import Progress, nobody
from convcalc.errors import BadRequest
from convcalc.layer import Layer
from convcalc.layer.network import INPUT, Network, Placed
from convcalc.shapes import Array, require_finite

MOST_ON_TOP = 5
"""How many of the last dense layer's units are named."""


@dataclass(frozen=True)
class Ran:
    """A layer that was run: its seconds, and its output's figures before it is written over."""

    placed: Placed
    seconds: float
    output_stats: Stats


class Chosen(NamedTuple):
    """A layer's output (H_out, W_out, K), and the path it is called by."""

    name: str
    layer: Layer
    output: Array

    def map_stats(self, count: int) -> Iterator[Stats]:
        """Yield the figures of the first so many feature maps."""
        return map_stats(self.output[:, :, :count])


@dataclass(frozen=True)
class NetworkRun:
    """A network's forward pass: the input, its layers, the output, and a layer that was chosen.

    `top` are the largest outputs of the last dense layer, `top_of`, each with its unit from 0 up;
    without a dense layer there are none.
    """

    network: Network
    x: Array
    input_stats: Stats
    layers: tuple[Ran, ...]
    output: Array
    chosen: Chosen
    top_of: str | None
    top: tuple[tuple[int, float], ...]

    @property
    def seconds(self) -> float:
        """What all layers took."""
        return sum(one.seconds for one in self.layers)


def needs(
    network: Network, dtype: np.dtype[Any], kept: Collection[int] = (), made: bool = True
) -> dict[str, int]:
    """Return the bytes of a run at the moment when most are taken, by name.

    Random weights are `made` layer by layer; otherwise all of them are there already.
    """
    return {
        "input": network.input.cells * dtype.itemsize,
        **Schedule.of(network, kept).peak(dtype.itemsize, made),
    }


@np.errstate(all="ignore")
def forward(
    network: Network,
    x: Array,
    weights: NetworkWeights | None = None,
    *,
    seed: int = 0,
    progress: Progress = nobody,
) -> Array:
    """Return a network's output (H_out, W_out, K) for an input (H, W, D).

    `weights` maps each layer's path to its arrays by name; without them they are random, the same
    for the same `seed`. It is computed in float32, or in float64 where the input is. `progress`
    is called with multiply-adds as they are done, from any thread.

    Raises BadRequest for an input or weights that are not the network's, NotEnoughMemory before
    memory is taken that is not free.
    """
    dtype = checked_type(network, x)
    require_memory(needs(network, dtype, made=weights is None))
    x = np.ascontiguousarray(x, dtype)
    given = RandomWeights(network, seed, dtype) if weights is None else weights
    ((_, output, _),) = deque(_steps(Schedule.of(network), x, given, progress), maxlen=1)
    return output


@np.errstate(all="ignore")
def run_network(
    network: Network,
    x: Array,
    weights: NetworkWeights,
    chosen: int = -1,
    progress: Progress = nobody,
) -> NetworkRun:
    """Run a network as `forward` does, and tell what happened; the `chosen` output is kept.

    Raises what `forward` raises, and ConvcalcError where an output overflows its type.
    """
    x = np.ascontiguousarray(x, checked_type(network, x))
    dense = [place for place, one in enumerate(network.layers) if one.layer.kind == "dense"]
    chosen %= len(network.layers)
    ran: list[Ran] = []
    top: tuple[tuple[int, float], ...] = ()
    for place, output, seconds in _steps(Schedule.of(network, [chosen]), x, weights, progress):
        placed = network.layers[place]
        require_finite(f"output of {placed.path}", output)
        ran.append(Ran(placed, seconds, stats(output)))
        if place == chosen:
            maps = Chosen(placed.path, placed.layer, output)
        if dense and place == dense[-1]:
            top = _largest(output.reshape(-1))
    top_of = network.layers[dense[-1]].path if dense else None
    return NetworkRun(network, x, stats(x), tuple(ran), output, maps, top_of, top)


def checked_type(network: Network, x: Array) -> np.dtype[Any]:
    """Return the type to compute in; raise BadRequest where an input is not the network's."""
    width, height, depth = network.input
    if not isinstance(x, np.ndarray) or x.dtype.kind not in "biuf":
        what = x.dtype if isinstance(x, np.ndarray) else type(x).__name__
        remedy = "give a NumPy array of integers or floats"
        raise BadRequest("x", what, "is not an array of real numbers", remedy)
    if x.shape != (height, width, depth):
        problem = f"does not match {network.name}"
        remedy = f"the network needs shape {(height, width, depth)}"
        raise BadRequest("x", f"of shape {x.shape}", problem, remedy)
    return np.result_type(x.dtype, np.float32)


def _steps(
    schedule: Schedule, x: Array, weights: NetworkWeights, progress: Progress
) -> Iterator[tuple[int, Array, float]]:
    """Run layer after layer, and let go of what nobody needs any more.

    Yields each layer's place, output and seconds. The clock runs while a layer works, not while
    its weights are fetched or made.
    """
    network, outputs = schedule.network, {INPUT: x}
    require_paths(network, weights)
    for place, one in enumerate(network.layers):
        arrays = _arrays(one, weights, x.dtype)
        behind = schedule.taken_in(place)
        norm = None if behind is None else _arrays(network.layers[behind], weights, x.dtype)
        start = time.perf_counter()
        inputs = [outputs[source] for source in one.sources]
        width, height, depth = one.layer.output
        if schedule.rewrites(place):
            output = inputs[0].reshape(height, width, depth)
        else:
            output = np.empty((height, width, depth), x.dtype)
        if not schedule.is_taken_in(place):
            arrays = arrays if norm is None else with_norm(arrays, norm)
            PASSES[one.layer.kind].fill(Call(one.layer, inputs, arrays, output, progress))
        outputs[place] = output
        seconds = time.perf_counter() - start
        del arrays, norm, inputs
        for source in schedule.released(place):
            del outputs[source]
        yield place, output, seconds


def _arrays(placed: Placed, weights: NetworkWeights, dtype: np.dtype[Any]) -> dict[str, Array]:
    """Return a layer's weights, checked; nothing where it has none."""
    has_some = PASSES[placed.layer.kind].shapes(placed.layer)
    return checked(placed, weights[placed.path], dtype) if has_some else {}


def _largest(numbers: Array) -> tuple[tuple[int, float], ...]:
    """Return the largest of some numbers and where they are, largest first.

    >>> _largest(np.array([1.0, 9.0, 4.0]))
    ((1, 9.0), (2, 4.0), (0, 1.0))
    """
    order = np.argsort(-numbers, kind="stable")[:MOST_ON_TOP]
    return tuple((int(place), float(numbers[place])) for place in order)
