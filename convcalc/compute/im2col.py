"""The fast forward pass: every window becomes a row, then one matrix product does the sums.

The definition multiplies each window with each filter. Write the windows as the rows of a
matrix, FW * FH * D / groups numbers each, and the filters as the columns of another: the
product holds every output. The windows overlap, so NumPy shows them as a strided view of the
input; only the product needs them side by side, and they are copied piece by piece (see
`pieces`). The pad is added to the few rows a piece looks at, never to the whole input.
"""

import numpy as np

from convcalc.arrays import Array, checked_operands, output_shape, result_dtype
from convcalc.compute.pieces import pieces
from convcalc.compute.progress import Progress, nobody
from convcalc.compute.windows import windows
from convcalc.layer import ConvLayer


def forward(
    layer: ConvLayer,
    x: Array,
    weights: Array,
    bias: Array | None = None,
    *,
    progress: Progress = nobody,
) -> Array:
    """Return the layer's output (H_out, W_out, K), with shared weights.

    `x` is (H, W, D), `weights` (K, FH, FW, D / groups), `bias` (K,) or None. The output is
    float32, or float64 where an operand needs it. Beyond operands and output the pass takes
    at most 64 MiB. `progress` is called with the multiply-adds of each piece when it is done.

    Raises BadRequest when a shape does not match the layer.

    >>> import numpy as np
    >>> layer = ConvLayer(input=(4, 4, 1), filter=2, stride=2, filters=1)
    >>> forward(layer, np.arange(16.0).reshape(4, 4, 1), np.ones((1, 2, 2, 1)))[:, :, 0]
    array([[10., 18.],
           [42., 50.]])
    """
    checked_operands(layer, x, weights, bias)
    dtype = result_dtype(x, weights, bias)
    output = np.zeros(output_shape(layer), dtype)
    if bias is not None:
        output += bias
    copies_weights = weights.dtype != dtype or not weights.flags.c_contiguous
    for piece in pieces(layer, dtype.itemsize, copies_weights):
        rows = windows(layer, piece, x, dtype).reshape(piece.positions, -1)
        columns = weights[piece.weights].reshape(len(piece.filters), -1).T
        target = output[piece.outputs]
        target += (rows @ columns.astype(dtype, copy=False)).reshape(target.shape)
        progress(piece.multiply_adds)
    return output
