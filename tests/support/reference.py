"""The passes once more, by SciPy and by windows cut out one at a time."""

import numpy as np
from scipy.signal import correlate

from convcalc import ConvLayer
from convcalc.shapes import Array, input_shape, output_shape, weights_shape
from support.generated import windows_of


def operands(layer: ConvLayer, seed: int, dtype: str) -> tuple[Array, Array, Array | None]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(input_shape(layer)).astype(dtype)
    weights = rng.standard_normal(weights_shape(layer)).astype(dtype)
    bias = rng.standard_normal(layer.filters).astype(dtype) if layer.bias else None
    return x, weights, bias


def forward_by_scipy(layer: ConvLayer, x: Array, weights: Array, bias: Array | None) -> Array:
    """Correlate each depth slice with each filter's slice, holes filled with zeros; then stride."""
    pad = layer.pad
    padded = np.pad(x.astype(float), ((pad.top, pad.bottom), (pad.left, pad.right), (0, 0)))
    depth, per_group = weights.shape[3], layer.filters // layer.groups
    maps = []
    for k in range(layer.filters):
        total = 0.0 if bias is None else float(bias[k])
        for c in range(depth):
            holes = np.zeros(
                (
                    (layer.filter.height - 1) * layer.dilation.y + 1,
                    (layer.filter.width - 1) * layer.dilation.x + 1,
                )
            )
            holes[:: layer.dilation.y, :: layer.dilation.x] = weights[k, :, :, c]
            channel = padded[:, :, k // per_group * depth + c]
            total = total + correlate(channel, holes, mode="valid", method="direct")
        maps.append(total[:: layer.stride.y, :: layer.stride.x])
    return np.stack(maps, axis=2)


def relative_difference(found: Array, expected: Array) -> float:
    return float(np.abs(found - expected).max() / (np.abs(expected).max() or 1))


def by_windows(layer: ConvLayer, x: Array, weights: Array, bias: Array | None) -> Array:
    """Every neuron by itself: the pixels of its window, cut out of a padded copy, times its own."""
    pad = layer.pad
    padded = np.pad(x, ((pad.top, pad.bottom), (pad.left, pad.right), (0, 0)))
    across, down = windows_of(layer)
    depth, per_group = weights.shape[-1], layer.filters // layer.groups
    y = np.zeros(output_shape(layer))
    for i, rows in enumerate(down):
        for j, columns in enumerate(across):
            for k in range(layer.filters):
                first = k // per_group * depth
                window = padded[
                    np.ix_(
                        [row + pad.top for row in rows],
                        [column + pad.left for column in columns],
                        range(first, first + depth),
                    )
                ]
                y[i, j, k] = (window * weights[i, j, k]).sum()
    return y if bias is None else y + bias
