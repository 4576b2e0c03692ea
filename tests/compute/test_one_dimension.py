"""The passes on a layer of one dimension: those of height 1, and by sliding along the samples."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from support.generated import flattened, series, windows_of

from convcalc import ConvLayer, backward, forward, forward_unshared
from convcalc.shapes import input_shape, output_shape, unshared_weights_shape, weights_shape


@given(series(length=20), st.integers(0, 2**32 - 1))
def test_every_pass_is_that_of_height_1(layer: ConvLayer, seed: int) -> None:
    rng, flat = np.random.default_rng(seed), flattened(layer)
    draw = lambda shape: rng.integers(-4, 5, shape).astype(np.float64)  # noqa: E731
    x, weights, upstream = map(
        draw, (input_shape(layer), weights_shape(layer), output_shape(layer))
    )
    own, bias = draw(unshared_weights_shape(layer)), draw(layer.filters) if layer.bias else None
    y = forward(layer, x, weights, bias)
    np.testing.assert_array_equal(y, forward(flat, x, weights, bias))
    np.testing.assert_array_equal(
        forward_unshared(layer, x, own, None), forward_unshared(flat, x, own, None)
    )
    for ours, theirs in zip(
        backward(layer, x, weights, upstream), backward(flat, x, weights, upstream), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)
    windows, _ = windows_of(layer)
    per_group = layer.filters // layer.groups
    for k in range(layer.filters):
        first = k // per_group * layer.filter.depth
        for position, window in enumerate(windows):
            total = 0.0 if bias is None else bias[k]
            for tap, sample in enumerate(window):
                if 0 <= sample < layer.input.width:
                    for channel in range(layer.filter.depth):
                        total += weights[k, 0, tap, channel] * x[0, sample, first + channel]
            assert y[0, position, k] == total
