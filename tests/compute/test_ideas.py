"""Each algorithm's idea against the definition, and each engine against its idea."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.generated import DEPTHWISE, layers, windows_of
from support.reference import operands, relative_difference

from convcalc import ConvLayer, backward, forward, forward_unshared
from convcalc.compute import backward as backward_pass
from convcalc.compute.forward import depthwise, im2col, mec, unshared, winograd
from convcalc.compute.forward.choose import ALGORITHMS
from convcalc.compute.forward.definition import forward_by_definition, neuron
from convcalc.compute.forward.transforms import POINTS
from convcalc.compute.tools.patches import col2im, patches
from convcalc.shapes import Array, input_shape, output_shape, unshared_weights_shape, weights_shape

FEW_TILES = st.builds(
    lambda width, height, depth, filters, side, pad: ConvLayer(
        input=(width, height, depth), filter=side, pad=pad, filters=filters
    ),
    *[st.integers(5, 10)] * 2,
    *[st.integers(1, 3)] * 2,
    st.integers(2, 5),
    st.integers(0, 2),
)

IDEAS: dict[str, tuple[Any, Any]] = {
    "im2col": (im2col.idea, layers(side=8)),
    "mec": (mec.idea, layers(side=8, groups=1, dilation=(3, 1))),
    "depthwise": (depthwise.idea, DEPTHWISE),
    "winograd": (winograd.idea, FEW_TILES),
}
EXACT = [name for name in IDEAS if name != "winograd"]


def test_every_algorithm_has_an_idea() -> None:
    assert set(IDEAS) == set(ALGORITHMS) - {"definition"}


def integers(layer: ConvLayer, seed: int) -> tuple[Array, Array, Array | int]:
    rng = np.random.default_rng(seed)
    x = rng.integers(-9, 10, input_shape(layer))
    bias = rng.integers(-9, 10, layer.filters) if layer.bias else 0
    return x, rng.integers(-9, 10, weights_shape(layer)), bias


@pytest.mark.parametrize("name", EXACT)
@given(st.data(), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_ideas_and_engines_are_the_definition_to_the_bit(
    name: str, data: st.DataObject, seed: int
) -> None:
    idea, strategy = IDEAS[name]
    layer = data.draw(strategy)
    x, weights, bias = integers(layer, seed)
    given = bias if isinstance(bias, np.ndarray) else None
    y = idea(layer, x, weights, bias)
    assert np.array_equal(y, forward_by_definition(layer, x, weights, given))
    assert np.array_equal(y, forward(layer, x, weights, given, algorithm=name))


@pytest.mark.slow
@pytest.mark.parametrize("name", IDEAS)
@given(st.data(), st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_ideas_and_engines_are_the_definition_but_for_rounding(
    name: str, data: st.DataObject, seed: int
) -> None:
    idea, strategy = IDEAS[name]
    layer = data.draw(strategy)
    x, weights, bias = operands(layer, seed, "float64")
    y = idea(layer, x, weights, *([] if bias is None else [bias]))
    assert y.shape == output_shape(layer)
    engine = forward(layer, x, weights, bias, algorithm=name)
    assert relative_difference(y, engine) <= 1e-12
    expected = forward_by_definition(layer, x, weights, bias)
    assert relative_difference(y, expected) <= 1e-12


def test_one_tile_is_36_products_for_each_channel_and_filter() -> None:
    rng = np.random.default_rng(0)
    d, g = rng.integers(-9, 10, (2, POINTS, POINTS)), rng.integers(-9, 10, (5, 2, 3, 3))
    expected = [
        [[(d[:, i : i + 3, j : j + 3] * filter).sum() for j in range(4)] for i in range(4)]
        for filter in g
    ]
    assert np.allclose(winograd.one_tile(d, g), expected, atol=1e-10)


@given(layers(side=8), st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_unshared_it_is_the_definition_with_each_neurons_own(layer: ConvLayer, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.integers(-9, 10, input_shape(layer))
    weights = rng.integers(-9, 10, unshared_weights_shape(layer))
    bias = rng.integers(-9, 10, output_shape(layer)) if layer.bias else None
    expected = np.zeros(output_shape(layer)) if bias is None else bias.astype(float)
    for i, j, k in np.ndindex(expected.shape):
        expected[i, j, k] += neuron(layer, x, weights[i, j, k], i, j, k)
    y = unshared.idea(layer, x, weights, *([] if bias is None else [bias]))
    assert np.array_equal(y, expected)
    assert np.array_equal(y, forward_unshared(layer, x, weights, bias))


@given(layers(side=7, depth=2, filters=2), st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_backward_it_is_one_product_after_the_other(layer: ConvLayer, seed: int) -> None:
    x, weights, _ = integers(layer, seed)
    upstream = np.random.default_rng(seed + 1).integers(-9, 10, output_shape(layer))
    of_input, of_weights = np.zeros(x.shape), np.zeros(weights.shape)
    across, down = windows_of(layer)
    for i, j, k in np.ndindex(upstream.shape):
        for m, n, c in np.ndindex(weights.shape[1:]):
            row, column, channel = down[i][m], across[j][n], layer.channels_of(k)[c]
            if 0 <= row < x.shape[0] and 0 <= column < x.shape[1]:
                of_input[row, column, channel] += upstream[i, j, k] * weights[k, m, n, c]
                of_weights[k, m, n, c] += upstream[i, j, k] * x[row, column, channel]
    idea = backward_pass.idea(layer, x, weights, upstream)
    engine = backward(layer, x, weights, upstream)
    for found in (idea, engine):
        assert np.array_equal(found.input, of_input)
        assert np.array_equal(found.weights, of_weights)
        assert (found.bias is None) == (not layer.bias)
        if found.bias is not None:
            assert found.bias.tolist() == [upstream[..., k].sum() for k in range(layer.filters)]


@given(layers(side=8), st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_col2im_is_the_transpose_of_patches(layer: ConvLayer, seed: int) -> None:
    """By its definition: both ways of moving are linear, and <patches(x), v> = <x, col2im(v)>."""
    rng = np.random.default_rng(seed)
    x = rng.integers(-9, 10, input_shape(layer))
    seen = patches(layer, x)
    values = rng.integers(-9, 10, seen.shape)
    back = col2im(layer, values)
    assert back.shape == x.shape
    assert (seen * values).sum() == (x * back).sum()
