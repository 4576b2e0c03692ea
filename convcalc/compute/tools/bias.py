"""The bias of a row of outputs, in a form that is added fast."""

import numpy as np

from convcalc.compute.tools.tuning import LONG_ROW, LONG_RUN
from convcalc.layer import ConvLayer
from convcalc.shapes import Array


def bias_row(layer: ConvLayer, bias: Array | None) -> Array | None:
    """Return the bias (K,) as (W_out, K): repeated, if short, for it is added faster in long runs.

    None is no bias, and has no row.

    >>> bias_row(ConvLayer(input=(3, 1, 1), filter=1, filters=2), np.array([5, 7])).ravel()
    array([5, 7, 5, 7, 5, 7])
    """
    if bias is None:
        return None
    row = np.broadcast_to(bias, (layer.output.width, layer.filters))
    short = layer.filters < LONG_RUN and row.size < LONG_ROW
    return np.ascontiguousarray(row) if short else row
