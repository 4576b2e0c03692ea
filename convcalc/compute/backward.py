"""The backward pass: from the gradient of the output to those of input, weights and bias.

The output is linear in each operand, so with u the gradient of a loss by the output

    y[i, j, k] = b[k] + sum over n of  window[i, j, n] * w[k, n]
    dL/dw of neuron (i, j, k)  =  u[i, j, k] * window[i, j]
    dL/db of neuron (i, j, k)  =  u[i, j, k]
    dL/dwindow[i, j]           =  sum over k of  u[i, j, k] * w[k]

Unshared, every neuron keeps its own gradient. Shared, the neurons of a depth slice use the same
weights, so the chain rule adds their gradients up over all positions (i, j): that sum, and
nothing else, is the gradient of a convolution's filter. The gradient of a pixel is the sum over
all windows it is in, in both cases.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from convcalc.compute.tools.patches import col2im, patches
from convcalc.compute.tools.progress import Progress, nobody
from convcalc.compute.tools.threads import in_threads
from convcalc.compute.tools.tiling import Tile, position_tiles, tiles, whole
from convcalc.compute.tools.tuning import GRADIENTS_TILE, WORKSPACE
from convcalc.compute.tools.windows import add_patches, tile_patches
from convcalc.layer import ConvLayer
from convcalc.shapes import Array, checked, output_shape


class Gradients(NamedTuple):
    """Gradients in the shapes of input, weights and bias; None for a layer without bias."""

    input: Array
    weights: Array
    bias: Array | None


def idea(layer: ConvLayer, x: Array, weights: Array, upstream: Array) -> Gradients:
    """Return the gradients of a layer with shared weights: sums over positions (i, j).

    `x` is (H, W, D), `weights` (K, FH, FW, D / groups), `upstream` (H_out, W_out, K). In the sums
    g is the group, k and c are a filter and a channel of it, and m, n are a tap.
    """
    (height, width, _), groups = output_shape(layer), layer.groups
    taps = layer.filter.height, layer.filter.width
    seen = patches(layer, x).reshape(height, width, *taps, groups, -1)
    u = upstream.reshape(height, width, groups, -1)
    w = weights.reshape(groups, -1, *weights.shape[1:])
    of_weights = np.einsum("ijgk,ijmngc->gkmnc", u, seen).reshape(weights.shape)
    of_patches = np.einsum("ijgk,gkmnc->ijmngc", u, w).reshape(height, width, *taps, -1)
    return Gradients(
        col2im(layer, of_patches), of_weights, _of_bias(layer, upstream, upstream.dtype)
    )


def backward(
    layer: ConvLayer,
    x: Array,
    weights: Array,
    upstream: Array,
    *,
    progress: Progress = nobody,
    workspace: int = WORKSPACE,
) -> Gradients:
    """Return the gradients of a layer with shared weights.

    `x` is (H, W, D), `weights` (K, FH, FW, D / groups), `upstream`, the gradient of the output,
    (H_out, W_out, K). Computed in float32, or float64 where an operand needs it. `progress` is
    called with the multiply-adds of each tile of the forward pass that has been gone back over;
    `workspace` are the bytes a tile may copy.

    Raises BadRequest when a shape does not match the layer.

    >>> import numpy as np
    >>> layer = ConvLayer(input=(3, 1, 1), filter=(2, 1), filters=1)
    >>> x = np.array([[[1.0], [2.0], [3.0]]])
    >>> g = backward(layer, x, np.array([[[[5.0], [7.0]]]]), np.array([[[1.0], [10.0]]]))
    >>> g.weights.ravel(), g.bias  # 1*1 + 10*2, 1*2 + 10*3; 1 + 10
    (array([21., 32.]), array([11.]))
    >>> g.input.ravel()  # 1*5, 1*7 + 10*5, 10*7
    array([ 5., 57., 70.])
    """
    dtype = checked(layer, x=x, weights=weights, upstream=upstream)
    of_input, of_weights = np.zeros(x.shape, dtype), np.zeros(weights.shape, dtype)
    limit = workspace // dtype.itemsize
    groups = whole(layer).by_group(layer)
    for tile in chain.from_iterable(tiles(layer, group, limit) for group in groups):
        taken = tile_patches(layer, tile, x, dtype)
        filters = weights[tile.weights].astype(dtype, copy=False)
        arriving = upstream[tile.outputs].astype(dtype, copy=False).reshape(tile.positions, -1)
        slices = arriving.T @ taken.reshape(tile.positions, -1)
        of_weights[tile.weights] += slices.reshape(filters.shape)
        leaving = arriving @ filters.reshape(len(filters), -1)
        add_patches(layer, tile, leaving.reshape(taken.shape), of_input)
        progress(tile.multiply_adds)
    return Gradients(of_input, of_weights, _of_bias(layer, upstream, dtype))


def _of_bias(layer: ConvLayer, upstream: Array, dtype: np.dtype[Any]) -> Array | None:
    """Return the gradient of the bias: added up over the positions, unless it is untied."""
    if not layer.bias:
        return None
    return upstream.astype(dtype) if layer.untied else upstream.sum((0, 1), dtype)


def backward_unshared(layer: ConvLayer, x: Array, weights: Array, upstream: Array) -> Gradients:
    """Return the gradients of a layer in which every neuron has its own weights.

    `weights` is (H_out, W_out, K, FH, FW, D / groups), and so is their gradient; the gradient of
    the bias is (H_out, W_out, K). Otherwise as `backward`.

    Raises BadRequest when a shape does not match the layer.
    """
    dtype = checked(layer, unshared=True, x=x, weights=weights, upstream=upstream)
    of_input, of_weights = np.zeros(x.shape, dtype), np.empty(weights.shape, dtype)
    for positions, gradients in own_weight_gradients(layer, x, upstream, dtype):
        of_weights[positions.rows_and_columns] = gradients
        for tile in positions.by_group(layer):
            arriving = upstream[tile.outputs].astype(dtype, copy=False)
            leaving = np.einsum("ijk,ijkmnc->ijmnc", arriving, weights[tile.outputs], dtype=dtype)
            add_patches(layer, tile, leaving, of_input)
    return Gradients(of_input, of_weights, upstream.astype(dtype) if layer.bias else None)


def own_weight_gradients(
    layer: ConvLayer, x: Array, upstream: Array, dtype: np.dtype[Any]
) -> Iterator[tuple[Tile, Array]]:
    """Yield every neuron's own gradient (rows, columns, K, FH, FW, D / groups), tile by tile.

    The tiles come in the order of an array; only a few are in memory at a time. The
    gradients do not depend on the weights.
    """
    cut = position_tiles(layer, dtype.itemsize, GRADIENTS_TILE)
    return in_threads(lambda tile: (tile, own_gradients(layer, tile, x, upstream, dtype)), cut)


def own_gradients(
    layer: ConvLayer, positions: Tile, x: Array, upstream: Array, dtype: np.dtype[Any]
) -> Array:
    """Return the gradients (rows, columns, K, FH, FW, D / groups) of all neurons at positions."""
    own = [
        upstream[tile.outputs].astype(dtype, copy=False)[..., None, None, None]
        * tile_patches(layer, tile, x, dtype)[:, :, None]
        for tile in positions.by_group(layer)
    ]
    return own[0] if len(own) == 1 else np.concatenate(own, axis=2)
