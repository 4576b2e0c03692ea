"""One backward pass: the neurons' own gradients, and what sharing makes of them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from convcalc.compute.backward import Gradients, backward, own_weight_gradients
from convcalc.compute.experiments.forward_run import Operands
from convcalc.compute.experiments.gradient_check import Check, check_gradients, check_sum
from convcalc.compute.experiments.stats import Stats, stats
from convcalc.compute.tools.progress import Progress
from convcalc.compute.tools.threads import cores, waiting
from convcalc.compute.tools.tiling import position_tiles
from convcalc.compute.tools.tuning import GRADIENTS_TILE, OWN_GRADIENT, WORKSPACE
from convcalc.compute.tools.windows import tile_patches
from convcalc.errors import ConvcalcError
from convcalc.layer import ConvLayer
from convcalc.shapes import Array, checked, require_finite, weights_shape

FORWARDS_PER_CHECK = 6
"""Two forward passes for an entry of each of three gradients."""

SAMPLES = 4
"""Weights that are looked at one by one."""

Weight = tuple[int, int, int, int]
"""Where a weight stands in (K, FH, FW, D / groups)."""


class OwnGradients(NamedTuple):
    """All positions' own gradients, added up, without their signs too, and each weight's range.

    Each is (K, FH, FW, D / groups): the positions themselves are too many to keep.
    """

    total: Array
    size: Array
    least: Array
    most: Array


class Sample(NamedTuple):
    """One weight: its value, its shared gradient, and the positions' own, (H_out, W_out)."""

    weight: Weight
    value: float
    shared: float
    total: float
    own: Array

    @property
    def difference(self) -> float:
        """How far the own gradients' total is off the shared gradient."""
        return self.total - self.shared


class Spread(NamedTuple):
    """How far a learning step drives weights apart between positions, unshared.

    The figures are over all weights; `weight` is the one that is driven farthest.
    """

    stats: Stats
    weight: Weight


@dataclass(frozen=True)
class BackwardRun:
    """A backward pass: shared gradients, the positions' own, and the checks of both.

    `gradient_stats` are the figures of each gradient, by its name. `largest` is the largest
    gradient of a weight, its sign left out. `spread` is what a step of learning would do to
    unshared weights.
    """

    layer: ConvLayer
    operands: Operands
    upstream: Array
    gradients: Gradients
    own: OwnGradients
    checks: list[Check]
    shared_seconds: float
    own_seconds: float
    learning_rate: float | None
    gradient_stats: dict[str, Stats]
    difference: float
    largest: float
    spread: Spread | None

    @cached_property
    def samples(self) -> list[Sample]:
        """Weights spread over the filter with the largest gradient, that one's first."""
        shared = self.gradients.weights
        k, *largest = np.unravel_index(int(np.abs(shared).argmax()), shared.shape)
        spread = np.linspace(0, shared[k].size - 1, SAMPLES).astype(int)
        places = [largest, *(np.unravel_index(place, shared[k].shape) for place in spread)]
        weights = dict.fromkeys((int(k), int(m), int(n), int(c)) for m, n, c in places)
        return [
            Sample(
                weight,
                float(self.operands.weights[weight]),
                float(shared[weight]),
                float(self.own.total[weight]),
                gradient_over_positions(self.layer, self.operands.x, self.upstream, weight),
            )
            for weight in list(weights)[:SAMPLES]
        ]

    def own_gradients(self, progress: Progress) -> Iterator[Array]:
        """Yield every position's own gradients again, in order, a few positions at a time.

        All together they are (H_out, W_out, K, FH, FW, D / groups).
        """
        dtype = self.gradients.weights.dtype
        own = own_weight_gradients(self.layer, self.operands.x, self.upstream, dtype)
        for positions, gradients in own:
            yield gradients
            progress(positions.multiply_adds)

    def stepped(self, sample: Sample, gradient: float) -> float:
        """Return what a step of learning makes of a weight that has this gradient."""
        return sample.value - (self.learning_rate or 0.0) * gradient


@np.errstate(all="ignore")
def run_backward(
    layer: ConvLayer,
    operands: Operands,
    upstream: Array,
    checked_entries: int,
    learning_rate: float | None,
    progress: Progress,
) -> BackwardRun:
    """Run and check the backward pass, shared and unshared.

    Raises ConvcalcError when a gradient is not what central differences say, when the positions'
    own gradients do not add up to the shared one, or when something overflows.
    """
    x, weights = operands.x, operands.weights
    start = time.perf_counter()
    gradients = backward(layer, x, weights, upstream, progress=progress)
    middle = time.perf_counter()
    own = add_own_gradients(layer, x, upstream, progress)
    seconds = middle - start, time.perf_counter() - middle
    there = {name: found for name, found in gradients._asdict().items() if found is not None}
    for name, gradient in there.items():
        require_finite(f"gradient of {name}", gradient)
    require_finite("sum of the positions' gradients", own.total)
    checks = [
        check_sum(own.total, gradients.weights, own.size, layer.positions),
        *check_gradients(
            *(layer, x, weights, upstream, gradients), checked_entries, operands.seed, progress
        ),
    ]
    run = BackwardRun(
        *(layer, operands, upstream, gradients, own, checks, *seconds, learning_rate),
        gradient_stats={name: stats(gradient) for name, gradient in there.items()},
        difference=float(np.abs(own.total - gradients.weights).max()),
        largest=float(np.abs(gradients.weights).max()),
        spread=None if learning_rate is None else _spread(own, learning_rate),
    )
    for check in checks:
        if not check.passed:
            raise ConvcalcError(
                f"{check.name} is wrong: it is off by {check.difference:.2g} of its terms, "
                f"where rounding explains {check.tolerance:.0g}"
            )
    return run


def needs(layer: ConvLayer, dtype: np.dtype[Any]) -> dict[str, int]:
    """Return the bytes of a run beside its operands: the checks and sizes are in float64."""
    size, weights = dtype.itemsize, layer.parameters.shared.weights
    return {
        "upstream and outputs": 4 * 8 * layer.output.cells,
        "gradients": (size + 8) * layer.input.cells + (4 * size + 64) * weights,
        "own gradients": waiting(cores()) * max(GRADIENTS_TILE, size * weights),
        "workspace": 3 * WORKSPACE,
    }


def work(layer: ConvLayer, checked_entries: int) -> int:
    """Return the work of a run, in multiply-adds."""
    return layer.multiply_adds * (1 + OWN_GRADIENT + FORWARDS_PER_CHECK * checked_entries)


def add_own_gradients(
    layer: ConvLayer, x: Array, upstream: Array, progress: Progress
) -> OwnGradients:
    """Add up every position's own gradient, filter by filter, holding a few positions at a time."""
    dtype = checked(layer, x=x, upstream=upstream)
    total, size = np.zeros(weights_shape(layer), dtype), np.zeros(weights_shape(layer))
    least, most = np.full_like(total, np.inf), np.full_like(total, -np.inf)
    for positions, gradients in own_weight_gradients(layer, x, upstream, dtype):
        total += gradients.sum((0, 1))
        np.minimum(least, gradients.min((0, 1)), out=least)
        np.maximum(most, gradients.max((0, 1)), out=most)
        size += np.abs(gradients, out=gradients).sum((0, 1), np.float64)
        progress(OWN_GRADIENT * positions.multiply_adds)
    return OwnGradients(total, size, least, most)


def gradient_over_positions(layer: ConvLayer, x: Array, upstream: Array, weight: Weight) -> Array:
    """Return one weight's own gradient at every position, (H_out, W_out).

    It is the upstream gradient of the filter's depth slice times the pixel under that weight.
    """
    k, m, n, c = weight
    pixels = np.empty(upstream.shape[:2], x.dtype)
    for tile in position_tiles(layer, x.dtype.itemsize, GRADIENTS_TILE):
        alone = tile._replace(
            filters=range(k, k + 1),
            filter_rows=range(m, m + 1),
            filter_columns=range(n, n + 1),
            channels=range(c, c + 1),
        )
        pixels[tile.rows_and_columns] = tile_patches(layer, alone, x, x.dtype)[..., 0, 0, 0]
    return pixels * upstream[:, :, k]


def _spread(own: OwnGradients, learning_rate: float) -> Spread:
    """Return how far apart a step drives each weight; raise ConvcalcError when it overflows."""
    spread = (own.most - own.least) * abs(learning_rate)
    require_finite("learning step", spread)
    k, m, n, c = np.unravel_index(int(spread.argmax()), spread.shape)
    return Spread(stats(spread), (int(k), int(m), int(n), int(c)))
