"""Each kind's pass: its definition against hand-worked numbers, its engine against that."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.networks import OPTIONS, layer_of, weights_of

from convcalc import ConvLayer, Volume
from convcalc.compute.passes import transposed
from convcalc.compute.passes.call import Call
from convcalc.compute.passes.kinds import HOMES, PASSES
from convcalc.layer import kinds
from convcalc.layer.activation import FUNCTIONS
from convcalc.shapes import Array

BRANCHES = ("add", "concat")


def filled(layer: Any, inputs: list[Array], weights: dict[str, Array], **call: Any) -> Array:
    """The output of the engine, in an array that was full of other numbers."""
    width, height, depth = layer.output
    output = np.full((height, width, depth), 77, inputs[0].dtype)
    PASSES[layer.kind].fill(Call(layer, inputs, weights, output, **call))
    return output


def both(kind: str, inputs: Any, options: dict[str, Any], **weights: Any) -> list[Any]:
    """What a layer makes of inputs by definition, and by its engine the same."""
    arrays = [np.array(one, float) for one in inputs]
    first, *others = (Volume(x.shape[1], x.shape[0], x.shape[2]) for x in arrays)
    more = {"others": others} if others else {}
    layer = kinds.KINDS[kind](input=first, **options, **more)
    own = {name: np.array(array, float) for name, array in weights.items()}
    assert {name: array.shape for name, array in own.items()} == PASSES[kind].shapes(layer)
    expected = PASSES[kind].definition(layer, arrays, own)
    assert np.allclose(filled(layer, arrays, own), expected, rtol=1e-12, atol=1e-12)
    return expected.tolist()


def column(*numbers: float) -> list[list[list[float]]]:
    return [[list(numbers)]]


def grid(*rows: list[float]) -> list[list[list[float]]]:
    return [[[one] for one in row] for row in rows]


def test_every_kind_has_a_pass() -> None:
    assert HOMES.keys() == kinds.HOMES.keys()
    assert {*OPTIONS, *BRANCHES, "conv1d"} == HOMES.keys(), "and is generated here"


def test_the_largest_number_of_each_window() -> None:
    x = grid([1, 2, -3], [4, 9, -1], [0, -7, -5])
    assert both("pool", [x], {"window": 2, "stride": 1}) == grid([9, 9], [9, 9])
    rounded_up = {"window": 2, "stride": 2, "ceil": True}
    assert both("pool", [x], rounded_up) == grid([9, -1], [0, -5])
    assert both("pool", [grid([-1, -2])], {"window": 2, "pad": 1}) == grid([-1, -2])
    assert both("globalpool", [x], {"mode": "max"}) == column(9)


def test_the_mean_of_each_window() -> None:
    x = grid([1, 2, 3], [4, 5, 6], [7, 8, 9])
    mean = {"window": 2, "stride": 2, "mode": "average"}
    assert both("pool", [x], mean) == grid([(1 + 2 + 4 + 5) / 4])
    corners = grid([1 / 4, (2 + 3) / 4], [(4 + 7) / 4, (5 + 6 + 8 + 9) / 4])
    assert both("pool", [x], mean | {"pad": 1}) == corners
    without_pad = grid([1, (2 + 3) / 2], [(4 + 7) / 2, (5 + 6 + 8 + 9) / 4])
    assert both("pool", [x], mean | {"pad": 1, "count_pad": False}) == without_pad
    what_sticks_out_never_counts = grid([3, (3 + 6) / 2], [(7 + 8) / 2, 9])
    assert both("pool", [x], mean | {"ceil": True}) == what_sticks_out_never_counts
    assert both("globalpool", [x], {}) == column(45 / 9)


def test_a_dense_layer_flattens_in_the_order_of_memory() -> None:
    x = [[[1, 2], [3, 4]]]  # two pixels of two channels
    y = both("dense", [x], {"units": 2}, weights=[[1, 10, 100, 1000], [1, 0, 0, -1]], bias=[7, 5])
    assert y == column(1 + 20 + 300 + 4000 + 7, 1 - 4 + 5)
    assert both("flatten", [x], {}) == column(1, 2, 3, 4)


def test_a_transposed_convolution_lays_its_filter_on_the_output() -> None:
    w = np.array([1, 2, 3]).reshape(1, 1, 3, 1)
    x = grid([1, 10])
    stride_2 = {"filter": (3, 1), "filters": 1, "stride": 2}
    assert both("transposed", [x], stride_2, weights=w, bias=[0]) == grid([1, 2, 3 + 10, 20, 30])
    cut = stride_2 | {"pad": (1, 0), "output_pad": (1, 0), "bias": False}
    assert both("transposed", [x], cut, weights=w) == grid([2, 13, 20, 30])
    beyond = stride_2 | {"output_pad": (1, 0)}
    assert both("transposed", [x], beyond, weights=w, bias=[5]) == grid([6, 7, 18, 25, 35, 5])


def test_a_transposed_convolutions_weights_are_by_channel_that_comes_in() -> None:
    w = np.array([[1, 2], [3, 4]]).reshape(2, 1, 1, 2)
    y = both("transposed", [[[[1, 10]]]], {"filter": 1, "filters": 2, "bias": False}, weights=w)
    assert y == column(1 * 1 + 10 * 3, 1 * 2 + 10 * 4)
    two = {"filter": 1, "filters": 4, "groups": 2, "bias": False}
    assert both("transposed", [[[[1, 10]]]], two, weights=w) == column(1, 2, 30, 40)


def test_batch_normalisation_with_given_statistics() -> None:
    variance = [4 - 1e-5, 9 - 1e-5]
    x = [[[3, 7], [5, 1]]]
    norm = {"mean": [1, 4], "variance": variance}
    assert np.allclose(both("batchnorm", [x], {"affine": False}, **norm), [[[1, 1], [2, -1]]])
    scaled = both("batchnorm", [x], {}, **norm, scale=[10, 100], shift=[0.5, 0])
    assert np.allclose(scaled, [[[10.5, 100], [20.5, -100]]])


def test_local_response_normalisation_over_two_neighbours_on_each_side() -> None:
    y = both("lrn", [column(100, 200, 0, 300)], {"size": 5})
    shares = {100: 1e4 + 4e4, 200: 1e4 + 4e4 + 9e4, 0: 1, 300: 4e4 + 9e4}
    expected = [x / (2 + 1e-4 / 5 * share) ** 0.75 for x, share in shares.items()]
    assert np.allclose(y, column(*expected), rtol=1e-12)
    even = both("lrn", [column(100, 200, 300)], {"size": 2})  # the one before takes part
    shares = {100: 1e4, 200: 1e4 + 4e4, 300: 4e4 + 9e4}
    expected = [x / (2 + 1e-4 / 2 * share) ** 0.75 for x, share in shares.items()]
    assert np.allclose(even, column(*expected), rtol=1e-12)


OF_MINUS_2_AND_4 = {
    "relu": (0, 4),
    "relu6": (0, 4),
    "leakyrelu": (-0.02, 4),
    "elu": (math.exp(-2) - 1, 4),
    "gelu": (-2 * 0.022750131948179, 4 * 0.999968328758167),  # from a table of Φ
    "silu": (-2 / (1 + math.e**2), 4 / (1 + math.e**-4)),
    "hardswish": (-2 / 6, 4),
    "hardsigmoid": (1 / 6, 1),
    "sigmoid": (1 / (1 + math.e**2), 1 / (1 + math.e**-4)),
    "tanh": (-0.964027580075817, 0.999329299739067),
    "softmax": (1 / (1 + math.e**6), 1 / (1 + math.e**-6)),
    "identity": (-2, 4),
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_activations(function: str) -> None:
    y = both("activation", [column(-2, 4)], {"function": function})
    assert np.allclose(y, column(*OF_MINUS_2_AND_4[function]), rtol=1e-12, atol=1e-12)


def test_relu6_ends_at_6_and_softmax_is_of_each_cell() -> None:
    assert both("activation", [column(7, 6.5)], {"function": "relu6"}) == column(6, 6)
    halves = both("activation", [grid([1000, -1000])], {"function": "softmax"})
    assert halves == grid([1, 1])


def test_what_repeats_joins_and_hands_on() -> None:
    assert both("upsample", [grid([1, 2])], {"factor": (2, 1)}) == grid([1, 1, 2, 2])
    assert both("upsample", [grid([1, 2])], {"factor": (1, 2)}) == grid([1, 2], [1, 2])
    three = [grid([1, 2]), grid([10, 20]), grid([100, 200])]
    assert both("add", three, {}) == grid([111, 222])
    assert both("concat", three, {}) == [[[1, 10, 100], [2, 20, 200]]]
    assert both("dropout", [grid([1, 2])], {}) == grid([1, 2])


def test_a_table_leaves_channels_out_whatever_their_weights() -> None:
    w = np.array([[1, 2, np.inf], [np.nan, 1e300, 3]]).reshape(2, 1, 1, 3)
    table = {"filter": 1, "table": [[0, 1], [2]]}
    assert both("tabled", [column(1, 10, 100)], table, weights=w, bias=[5, 0]) == column(26, 300)


def test_a_local_layer_has_weights_and_biases_for_each_position() -> None:
    w = np.array([2.0, 3.0]).reshape(1, 2, 1, 1, 1, 1)
    y = both("local", [grid([1, 10])], {"filter": 1, "filters": 1}, weights=w, bias=[[[5], [7]]])
    assert y == grid([2 + 5, 30 + 7])


def test_a_series_is_a_row() -> None:
    w = np.array([1.0, 10.0]).reshape(1, 1, 2, 1)
    layer = ConvLayer(input=(3, 1), filter=2, filters=1)
    y = filled(layer, [np.array(grid([1.0, 2, 3]))], {"weights": w, "bias": np.array([0.5])})
    assert y.tolist() == grid([21.5, 32.5])


@pytest.mark.parametrize("kind", sorted(OPTIONS))
@given(st.data(), st.tuples(*[st.integers(1, 7)] * 2, st.integers(1, 4)), st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_engines_are_the_definitions(
    kind: str, data: st.DataObject, sides: tuple[int, int, int], seed: int
) -> None:
    layer = layer_of(kind, data.draw(OPTIONS[kind]), Volume(*sides))
    width, height, depth = layer.input
    x = np.random.default_rng(seed).standard_normal((height, width, depth))
    weights = weights_of(layer, seed)
    expected = PASSES[kind].definition(layer, [x], weights)
    before = x.copy()
    found = filled(layer, [x], weights)
    assert np.array_equal(x, before), "the input is the caller's"
    assert np.allclose(found, expected, rtol=1e-12, atol=1e-12)
    if PASSES[kind].rewrites:
        output = x.reshape(found.shape)
        PASSES[kind].fill(Call(layer, [x], weights, output))
        assert np.array_equal(output, found), "written over its input"


@pytest.mark.parametrize("kind", BRANCHES)
@given(st.integers(1, 4), st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_joining_is_the_definition_too(kind: str, branches: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    inputs = [rng.standard_normal((3, 2, 4)) for _ in range(branches)]
    layer = kinds.KINDS[kind](input=(2, 3, 4), others=[(2, 3, 4)] * (branches - 1))
    expected = PASSES[kind].definition(layer, inputs, {})
    assert np.allclose(filled(layer, inputs, {}), expected, rtol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(OPTIONS))
def test_engines_agree_on_volumes_of_many_tiles(kind: str) -> None:
    """Large enough for several tiles and threads: cut and whole are the same."""
    options: dict[str, Any] = {
        "conv": {"filter": 3, "filters": 1, "pad": 1, "stride": 2},
        "local": {"filter": 2, "filters": 1, "stride": 3},
        "tabled": {"filter": 2, "table": [[0], [1, 2]]},
        "transposed": {"filter": 3, "stride": 2, "filters": 1, "pad": 1, "output_pad": 1},
        "pool": {"window": 3, "stride": 2, "mode": "average", "pad": 1, "ceil": True},
        "dense": {"units": 3},
        "activation": {"function": "silu"},
        "upsample": {"factor": 2},
        "lrn": {"size": 3},
    }.get(kind, {})
    layer = layer_of(kind, options, Volume(300, 400, 3))
    x = np.random.default_rng(1).standard_normal((400, 300, 3))
    weights = weights_of(layer, 1)
    expected = PASSES[kind].definition(layer, [x], weights)
    assert np.allclose(filled(layer, [x], weights), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", ["conv", "local", "tabled", "transposed", "dense"])
@given(st.data(), st.integers(0, 2**32))
@settings(max_examples=10, deadline=None)
def test_progress_comes_to_the_multiply_adds(kind: str, data: st.DataObject, seed: int) -> None:
    layer = layer_of(kind, data.draw(OPTIONS[kind]), Volume(6, 5, 4))
    heard: list[int] = []
    x = np.random.default_rng(seed).standard_normal((5, 6, 4))
    filled(layer, [x], weights_of(layer, seed), progress=heard.append)
    if kind == "tabled":  # what is not connected is multiplied by 0
        assert sum(heard) >= layer.connections[-1].multiply_adds
    else:
        assert sum(heard) == layer.connections[-1].multiply_adds


@given(st.data(), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_the_idea_of_a_transposed_convolution(data: st.DataObject, seed: int) -> None:
    options = data.draw(OPTIONS["transposed"]) | {"groups": 1, "bias": False}
    layer = layer_of("transposed", options, Volume(4, 3, 2))
    x, weights = np.random.default_rng(seed).standard_normal((3, 4, 2)), weights_of(layer, seed)
    expected = PASSES["transposed"].definition(layer, [x], weights)
    laid = transposed.idea(layer, x, weights["weights"])
    height, width, _ = laid.shape
    assert np.allclose(laid, expected[:height, :width], atol=1e-12)
    assert not expected[height:].any()
    assert not expected[:, width:].any()
