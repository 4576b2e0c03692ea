"""Winograd's minimal filtering: fewer multiplications, more additions.

A filter of three taps g makes four neighbouring outputs y from six inputs d: twelve products.
Take taps and outputs as the coefficients of two polynomials: their product has six, and its
values at six points determine it. So six products are enough, one at each point, and read
backwards (the transposition principle) multiplying polynomials becomes filtering:

    y = A ((G g) * (B d))      * element by element; A 4x6, G 6x3, B 6x6: see `transforms`

Along both axes, 36 products make a tile of 4x4 outputs instead of 144: F(4x4, 3x3). The same
six points make 2x2 outputs of a 5x5 filter, 36 products instead of 100. The sum over the depth
is taken between the transforms: one matrix product, (tiles x D) by (D x K), for each of the 36.
The transforms are small matrix products too, first along the height, then along the width.

With T tiles: 36 * T * D * K multiplications and those of the transforms (see `cost`), 36 numbers
for each tile and channel, filter and channel, and tile and filter moved from stage to stage, 28
MiB of workspace at most.

The price is rounding, since large terms cancel: with the points 0, 1, -1, 1/2, -2 and infinity
outputs are off by up to about 5e-6, in float32, of what their terms add up to without their
signs, several times more than a plain sum. A tile is mixed as a whole: what is infinite or no
number in it, or near the largest float, reaches all its outputs.
Winograd 1980; for layers, Lavin and Gray 2016; on the points, Barabasz and others 2020.
"""

import numpy as np

from convcalc.compute.forward.job import Cost
from convcalc.compute.forward.transforms import POINTS, transforms
from convcalc.compute.tools.patches import pad
from convcalc.compute.tools.tuning import PRODUCT_START, WINOGRAD_KEPT, WINOGRAD_MOST, WORKSPACE
from convcalc.layer import ConvLayer
from convcalc.shapes import Array, output_shape

PRODUCTS = POINTS**2
"""A tile's inputs, and the products that make its outputs."""


def one_tile(d: Array, g: Array) -> Array:
    """Return a tile's outputs (K, side, side): of inputs (D, 6, 6) and filters (K, D, FH, FW).

    For each channel and filter there are 36 products; side is 7 - FH.
    """
    A, G, B = transforms(g.shape[-1])
    products = (G @ g @ G.T) * (B @ d @ B.T)  # (K, D, 6, 6)
    outputs: Array = A @ products.sum(axis=1) @ A.T
    return outputs


def idea(layer: ConvLayer, x: Array, weights: Array, bias: Array | int = 0) -> Array:
    """Return the output (H_out, W_out, K), tile by tile; the last ones may stick out.

    `x` is (H, W, D), `weights` (K, F, F, D), `bias` (K,). Stride and dilation are 1.
    """
    (down, across), side = tile_counts(layer), side_of_tile(layer)
    height, width, filters = output_shape(layer)
    stick_out = (0, side * down - height), (0, side * across - width), (0, 0)
    channels = np.pad(pad(layer, x), stick_out).transpose(2, 0, 1)
    output = np.empty((side * down, side * across, filters))
    for i, j in np.ndindex(down, across):
        top, left = side * i, side * j
        d = channels[:, top : top + POINTS, left : left + POINTS]
        y = one_tile(d, weights.transpose(0, 3, 1, 2))
        output[top : top + side, left : left + side] = y.transpose(1, 2, 0)
    return output[:height, :width] + bias


def refusal(layer: ConvLayer) -> str | None:
    """Return why the layer cannot be run so, or None."""
    if layer.filter.width != layer.filter.height or not 2 <= layer.filter.width < POINTS:
        return f"the filter is not square, of 2x2 to {POINTS - 1}x{POINTS - 1}"
    if layer.stride != (1, 1) or layer.dilation != (1, 1):
        return "tiles need stride 1 and dilation 1"
    if layer.groups > 1:
        return "the layer has groups"
    if layer.input.depth > WINOGRAD_MOST:
        return "the input is too deep for its tiles to be taken at once"
    return None


def cost(layer: ConvLayer) -> Cost:
    """Return the cost: 36 products for each tile, channel and filter, and the transforms.

    To transform a column of n numbers by an m x n matrix takes m n multiplications. Along the
    height, the columns of the input belong to two tiles each; along the width, there are six.
    """
    (down, across), side, taps = tile_counts(layer), side_of_tile(layer), layer.filter.width
    tiles, depth, filters = down * across, layer.input.depth, layer.filters
    columns = down * (side * across + taps - 1) + tiles * POINTS
    of_input = columns * depth * PRODUCTS
    of_weights = filters * depth * PRODUCTS * taps**2
    of_outputs = tiles * filters * side * POINTS * (POINTS + side)
    copied = 4 * tiles * depth + depth * filters + 3 * tiles * filters
    multiplications = PRODUCTS * tiles * depth * filters + of_input + of_weights + of_outputs
    moved = PRODUCTS * (copied + PRODUCT_START)
    return Cost(multiplications, moved, WINOGRAD_KEPT + WORKSPACE)


def side_of_tile(layer: ConvLayer) -> int:
    """Return how many outputs along one side of a tile its points can make."""
    return POINTS + 1 - layer.filter.width


def tile_counts(layer: ConvLayer) -> tuple[int, int]:
    """Return how many tiles there are along height and width; the last ones may stick out."""
    side = side_of_tile(layer)
    return -(-layer.output.height // side), -(-layer.output.width // side)
