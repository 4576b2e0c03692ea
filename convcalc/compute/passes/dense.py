"""Dense layers: a matrix times a vector, each weight read once.

The cells of a volume are taken in NumPy's order: row by row, pixel by pixel, their channels side
by side. A framework that has channels first flattens them in another order. No weight is used
twice, so the pass is as fast as weights arrive from memory, and each thread takes some units.
"""

import numpy as np

from convcalc.compute.passes.call import Call, Inputs, Pass, Shapes, Weights
from convcalc.compute.tools.threads import cores, spread
from convcalc.compute.tools.tiling import even, span
from convcalc.compute.tools.tuning import IN_HAND_TILE
from convcalc.layer.dense import Dense
from convcalc.shapes import Array


def shapes(layer: Dense) -> Shapes:
    """Return (units, cells), and (units,) for the biases."""
    return {"weights": (layer.units, layer.input.cells)} | (
        {"bias": (layer.units,)} if layer.bias else {}
    )


def definition(layer: Dense, inputs: Inputs, weights: Weights) -> Array:
    """Return the output (1, 1, units) of loops over units and cells."""
    cells = inputs[0].ravel()
    y = np.zeros((1, 1, layer.units))
    for unit in range(layer.units):
        for cell, value in enumerate(cells):
            y[0, 0, unit] += float(value) * float(weights["weights"][unit, cell])
    return y + weights.get("bias", 0)


def fill(call: Call) -> None:
    """Fill the output, some units at a time."""
    cells, weights, y = call.inputs[0].reshape(-1), call.weights["weights"], call.output[0, 0]

    def work(units: range, _: Array) -> None:
        np.dot(weights[span(units)], cells, out=y[span(units)])
        call.progress(len(units) * cells.size)

    most = max(1, IN_HAND_TILE // (cells.size * y.itemsize))
    spread(work, even(y.size, most, cores()), 0, y.dtype)
    if "bias" in call.weights:
        y += call.weights["bias"]


DENSE = Pass(definition, fill, shapes)
