"""Shift the input, and see whether the output shifts with it.

Neuron (i + r, j + c) sees the shifted input where neuron (i, j) saw the input, when r and c
strides make up the shift. Shared weights then give it the same output; its own weights do not.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from convcalc.compute.data.own_weights import UnsharedWeights, tied
from convcalc.compute.experiments.forward_run import Operands
from convcalc.compute.forward.unshared import forward_in_tiles
from convcalc.compute.tools.progress import Progress
from convcalc.compute.tools.tuning import WORKSPACE
from convcalc.layer import Axis, ConvLayer, Pair
from convcalc.shapes import Array, require_finite


class BeforeAfter(NamedTuple):
    """Two outputs, (H_out, W_out, K), before and after a shift of the input, and how they agree.

    `cells` of the interior are compared, each with the one the shift takes it to; `difference`
    is the worst, `largest` the largest output in the interior.
    """

    before: Array
    after: Array
    cells: int
    equal: int
    difference: float
    largest: float


@dataclass(frozen=True)
class ShiftRun:
    """A layer run on an input and on the input moved, shared and unshared.

    `steps` is the shift in positions of the output; it is `exact` where the strides divide the
    shift, and otherwise the nearest there is. `strongest` is the shared feature map with the
    largest answer, wherever in the picture that is.
    """

    layer: ConvLayer
    operands: Operands
    by: Pair
    steps: Pair
    exact: bool
    moved: Array
    shared: BeforeAfter
    unshared: BeforeAfter
    strongest: int


def needs(layer: ConvLayer, dtype: np.dtype[Any]) -> dict[str, int]:
    """Return the bytes of a run beside its operands."""
    return {
        "shifted input": layer.input.cells * dtype.itemsize,
        "outputs": 6 * layer.output.cells * dtype.itemsize,
        "workspace": WORKSPACE,
    }


def work(layer: ConvLayer) -> int:
    """Return the work of a run, in multiply-adds: two passes shared, two unshared."""
    return 4 * layer.multiply_adds


@np.errstate(all="ignore")
def run_shift(
    layer: ConvLayer, operands: Operands, own: UnsharedWeights, by: Pair, progress: Progress
) -> ShiftRun:
    """Run the layer with the operands' filters everywhere, and with neurons' own weights.

    Tied weights make it a convolution. Each sum is made in one order whatever its position, so
    equal windows give equal outputs, to the last bit.

    Raises ConvcalcError when an output overflows the type it is computed in.
    """
    moved = shifted(operands.x, by)
    steps, exact = output_shift(layer, by)
    across, down = layer.axes
    rows, moved_rows = _interior(down, by.y, steps.y)
    columns, moved_columns = _interior(across, by.x, steps.x)

    def before_and_after(weights: UnsharedWeights) -> BeforeAfter:
        before = forward_in_tiles(layer, operands.x, weights, progress=progress)
        after = forward_in_tiles(layer, moved, weights, progress=progress)
        for output in (before, after):
            require_finite("output", output)
        here = before[rows, columns]
        differences = np.abs(here - after[moved_rows, moved_columns])
        return BeforeAfter(
            *(before, after, here.size, int((differences == 0).sum())),
            float(differences.max(initial=0.0)),
            float(np.abs(here).max(initial=0.0)),
        )

    shared, unshared = before_and_after(tied(layer, operands.weights)), before_and_after(own)
    strongest = int(np.abs(shared.before).max((0, 1)).argmax())
    return ShiftRun(layer, operands, by, steps, exact, moved, shared, unshared, strongest)


def shifted(x: Array, by: Pair) -> Array:
    """Return the input moved right by `by.x` and down by `by.y` pixels, zeros moving in.

    >>> shifted(np.arange(1, 5).reshape(1, 4, 1), Pair(1, 0)).ravel()
    array([0, 1, 2, 3])
    """
    moved = np.zeros_like(x)
    height, width = x.shape[:2]
    moved[max(by.y, 0) : max(height + by.y, 0), max(by.x, 0) : max(width + by.x, 0)] = x[
        max(-by.y, 0) : max(height - by.y, 0), max(-by.x, 0) : max(width - by.x, 0)
    ]
    return moved


def output_shift(layer: ConvLayer, by: Pair) -> tuple[Pair, bool]:
    """Return by how many positions the output shifts, and whether the strides make it exact."""
    steps = Pair(_nearest(by.x, layer.stride.x), _nearest(by.y, layer.stride.y))
    return steps, (steps.x * layer.stride.x, steps.y * layer.stride.y) == by


def _nearest(shift: int, stride: int) -> int:
    """Return shift / stride rounded to the nearest integer, halves towards zero."""
    size = (2 * abs(shift) + stride - 1) // (2 * stride)
    return size if shift > 0 else -size


def _interior(axis: Axis, shift: int, steps: int) -> tuple[slice, slice]:
    """Return the positions whose window sees input only, also when moved; and those it moves to."""

    def within(position: int, moved: int) -> bool:
        start = axis.window(position).start - axis.before
        return all(0 <= first <= axis.size - axis.extent for first in (start, start + moved))

    inside = [
        position
        for position in range(axis.positions)
        if 0 <= position + steps < axis.positions
        and within(position, shift)
        and within(position + steps, -shift)
    ]
    first, stop = (inside[0], inside[-1] + 1) if inside else (0, 0)
    return slice(first, stop), slice(first + steps, stop + steps)
