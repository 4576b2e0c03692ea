"""What each algorithm of the forward pass is handed, and the cost by which one is chosen."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from convcalc.compute.tools.progress import Progress, nobody
from convcalc.compute.tools.threads import cores, spread
from convcalc.compute.tools.tiling import even, span
from convcalc.compute.tools.tuning import LINE, LONG_ROW, LONG_RUN
from convcalc.layer import ConvLayer
from convcalc.shapes import Array


class Cost(NamedTuple):
    """Multiplications, numbers moved (as if in long runs), and bytes of workspace at most."""

    multiplications: int
    moved: int
    workspace: int


def moved_in_runs(numbers: int, run: int) -> int:
    """Return how many numbers could be moved in long runs in the time these take in short ones.

    >>> moved_in_runs(900, run=9), moved_in_runs(900, run=100)
    (1600, 900)
    """
    return numbers * max(run, LINE) // run


class Job(NamedTuple):
    """A layer, operands that are checked, and the output (H_out, W_out, K) to be filled."""

    layer: ConvLayer
    x: Array
    weights: Array
    bias: Array | None
    output: Array
    progress: Progress = nobody

    def bias_row(self) -> Array | None:
        """Return the bias as (W_out, K): repeated, if short, for long runs are added faster.

        >>> layer = ConvLayer(input=(3, 1, 1), filter=1, filters=2)
        >>> Job(layer, np.ones((1, 3, 1)), np.ones(2), np.array([5, 7]), None).bias_row().ravel()
        array([5, 7, 5, 7, 5, 7])
        """
        if self.bias is None:
            return None
        row = np.broadcast_to(self.bias, (self.layer.output.width, self.layer.filters))
        short = self.layer.filters < LONG_RUN and row.size < LONG_ROW
        return np.ascontiguousarray(row) if short else row

    def fill_rows(
        self,
        products: Callable[[range, Array, Array], None],
        numbers: Callable[[int], int],
        tile_bytes: int,
    ) -> None:
        """Fill the output, some rows at a time: by products(rows, own, target), and the bias.

        Of `own`, a thread's numbers, `numbers` tells how many so many rows need: each further row
        as many.
        """
        layer, output, bias = self.layer, self.output, self.bias_row()

        def fill(rows: range, own: Array) -> None:
            target = output[span(rows)]
            products(rows, own, target)
            if bias is not None:
                target += bias
            self.progress(target.size * layer.weights_per_neuron)

        at_a_time = tile_bytes // output.itemsize - numbers(1)
        cut = even(layer.output.height, 1 + at_a_time // (numbers(2) - numbers(1)), cores())
        spread(fill, cut, numbers(max(map(len, cut))), output.dtype)
