"""What a pass is handed, and what each kind's pass says of itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from convcalc.compute.tools.progress import Progress, nobody
from convcalc.compute.tools.threads import cores, spread
from convcalc.compute.tools.tiling import even, span
from convcalc.compute.tools.tuning import ROWS_TILE
from convcalc.layer import Layer
from convcalc.shapes import Array

Inputs = Sequence[Array]
Weights = Mapping[str, Array]
Shapes = dict[str, tuple[int, ...]]


class Call(NamedTuple):
    """A layer, its inputs (H, W, D), its weights by name, and the output to be filled.

    All arrays are of one type, inputs and output without gaps.
    """

    layer: Any
    inputs: Inputs
    weights: Weights
    output: Array
    progress: Progress = nobody

    def by_rows(self, fill: Callable[[Array, Array], None]) -> None:
        """Do fill(rows of the input, rows of the output), both (rows, W * D), some at a time.

        `fill` may be handed the same rows twice, where the output is the input.
        """
        x, y = (array.reshape(len(array), -1) for array in (self.inputs[0], self.output))

        def work(rows: range, _: Array) -> None:
            fill(x[span(rows)], y[span(rows)])

        most = max(1, ROWS_TILE // (y.shape[1] * y.itemsize))
        spread(work, even(len(y), most, cores()), 0, y.dtype)


def no_shapes(layer: Layer) -> Shapes:
    """Return nothing: there are no weights."""
    return {}


def no_workspace(layer: Layer) -> int:
    """Return 0: nothing is copied."""
    return 0


class Pass(NamedTuple):
    """How a kind is run.

    `definition` returns the output in float64, by loops over every cell; `fill` fills an output
    in the same way but fast. `shapes` are those of the weights by name, `workspace` are bytes
    taken beside operands and output. Where `rewrites` is set, the output may be the first input.
    """

    definition: Callable[[Any, Inputs, Weights], Array]
    fill: Callable[[Call], None]
    shapes: Callable[[Any], Shapes] = no_shapes
    workspace: Callable[[Any], int] = no_workspace
    rewrites: bool = False
