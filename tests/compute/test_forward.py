"""The forward pass against SciPy, against the definition, and within its workspace."""

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.generated import layers
from support.reference import forward_by_scipy, operands, relative_difference

from convcalc import BadRequest, ConvLayer, forward
from convcalc.compute.forward import im2col
from convcalc.compute.forward.definition import forward_by_definition
from convcalc.compute.forward.job import Job
from convcalc.compute.tools import tiling
from convcalc.compute.tools.tuning import WORKSPACE
from convcalc.shapes import input_shape, output_shape, weights_shape

TOLERANCE = {"float32": 1e-5, "float64": 1e-12}


@pytest.mark.slow
@given(layers(), st.integers(0, 2**32), st.sampled_from(["float32", "float64"]))
@settings(max_examples=300, deadline=None)
def test_forward_equals_scipy(layer: ConvLayer, seed: int, dtype: str) -> None:
    x, weights, bias = operands(layer, seed, dtype)
    y = forward(layer, x, weights, bias)
    assert y.dtype == dtype
    assert y.shape == output_shape(layer)
    assert relative_difference(y, forward_by_scipy(layer, x, weights, bias)) <= TOLERANCE[dtype]


@pytest.mark.slow
@given(layers(side=7, depth=2, filters=2), st.integers(0, 2**32))
@settings(max_examples=100, deadline=None)
def test_the_definition_equals_scipy(layer: ConvLayer, seed: int) -> None:
    x, weights, bias = operands(layer, seed, "float64")
    y = forward_by_definition(layer, x, weights, bias)
    assert relative_difference(y, forward_by_scipy(layer, x, weights, bias)) <= 1e-12


@pytest.mark.slow
@given(layers(side=7, depth=2, filters=2), st.integers(0, 2**32))
@settings(max_examples=100, deadline=None)
def test_forward_equals_the_definition_bit_for_bit_on_integers(layer: ConvLayer, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.integers(-9, 10, input_shape(layer))
    weights = rng.integers(-9, 10, weights_shape(layer))
    bias = rng.integers(-9, 10, layer.filters) if layer.bias else None
    assert np.array_equal(
        forward(layer, x, weights, bias), forward_by_definition(layer, x, weights, bias)
    )


@pytest.mark.slow
@given(layers(), st.integers(0, 2**32), st.integers(40, 4000))
@settings(max_examples=200, deadline=None)
def test_any_workspace_gives_the_same_output(layer: ConvLayer, seed: int, workspace: int) -> None:
    x, weights, bias = operands(layer, seed, "float64")
    done: list[int] = []
    y = np.empty(output_shape(layer))
    im2col.fill(Job(layer, x, weights, bias, y, done.append), tile_bytes=workspace)
    assert relative_difference(y, forward_by_scipy(layer, x, weights, bias)) <= 1e-12
    assert sum(done) == layer.output.cells * weights[0].size


def test_one_filter_is_a_sum_of_products() -> None:
    layer = ConvLayer(input=(3, 2, 2), filter=2, filters=1)
    x = np.array([[[0, 1], [2, 3], [4, 5]], [[6, 7], [8, 9], [10, 11]]])
    weights = np.array([[[[1, 0], [0, 1]], [[2, 0], [0, -1]]]])
    bias = np.array([100])
    # rows 0 and 1, columns 0 and 1: 0*1 + 3*1 + 6*2 - 9*1 = 6; one column on: 2 + 5 + 16 - 11 = 12
    assert forward(layer, x, weights, bias)[0, :, 0].tolist() == [106, 112]


LARGE: list[dict[str, Any]] = [
    {"input": (227, 227, 3), "filter": 11, "stride": 4, "filters": 96},
    {"input": (224, 224, 64), "filter": 3, "pad": 1, "filters": 64},
    {"input": (1500, 1500, 3), "filter": 3, "pad": "same", "filters": 2},  # a wide picture
    {
        "input": (900, 900, 8),
        "filter": 800,
        "filters": 2,
        "stride": 100,
        "pad": 10,
    },  # a wide window
    {"input": (6_000_000, 1, 1), "filter": (5_900_000, 1), "filters": 3, "stride": 50_000},
    {"input": (1, 1, 6_000_000), "filter": 1, "filters": 4},  # only depth
    {"input": (2, 1, 1), "filter": 1, "filters": 12_000_000},  # only filters
]


@pytest.mark.slow
@pytest.mark.parametrize("spec", LARGE, ids=str)
@pytest.mark.parametrize("mixed", [False, True], ids=["float32", "mixed types"])
def test_the_workspace_stays_under_32_mib(spec: dict[str, Any], mixed: bool) -> None:
    layer = ConvLayer(**spec)
    x = np.ones(input_shape(layer), np.uint8 if mixed else np.float32)
    weights = np.ones(weights_shape(layer), np.float16 if mixed else np.float32)
    tracemalloc.start()
    try:
        y = forward(layer, x, weights)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - y.nbytes <= 32 * 2**20
    # ones times ones, summed over a window that lies inside: its number of weights, in float32
    middle = y[y.shape[0] // 2, y.shape[1] // 2]
    assert np.allclose(middle, layer.weights_per_neuron, rtol=1e-5)


@pytest.mark.parametrize(
    ("spec", "most"),
    [
        # a slab large through the holes of the filter, and a window larger than the workspace
        ({"input": (3000, 3000, 1), "filter": 3, "dilation": 1100, "filters": 1}, 20),
        ({"input": (309, 309, 64), "filter": 300, "filters": 96}, 2000),
        ({"input": (224, 224, 64), "filter": 3, "pad": 1, "filters": 64}, 64),
    ],
)
def test_work_is_cut_into_few_tiles(spec: dict[str, Any], most: int) -> None:
    layer = ConvLayer(**spec)
    limit = WORKSPACE // 4
    wholes = tiling.whole(layer).by_group(layer)
    cut = [tile for whole in wholes for tile in tiling.tiles(layer, whole, limit, False)]
    assert len(cut) <= most
    assert sum(tile.multiply_adds for tile in cut) == layer.neurons * layer.weights_per_neuron


@pytest.mark.parametrize(
    ("x", "weights", "expected"),
    [
        ("uint8", "float32", "float32"),
        ("float16", "float16", "float32"),
        ("float32", "float64", "float64"),
        ("int64", "float32", "float64"),
        ("bool", "int8", "float32"),
        (">f4", "<f4", "float32"),
    ],
)
def test_the_output_is_as_wide_as_its_operands_need(x: str, weights: str, expected: str) -> None:
    layer = ConvLayer(input=(3, 3, 1), filter=2, filters=1)
    y = forward(layer, np.ones((3, 3, 1), x), np.ones((1, 2, 2, 1), weights))
    assert y.dtype == expected
    assert (y == 4).all()


def test_operands_are_left_as_they_were() -> None:
    layer = ConvLayer(input=(5, 5, 2), filter=3, pad=1, filters=2)
    arrays = operands(layer, 0, "float32")
    copies = [np.copy(array) for array in arrays if array is not None]
    forward(layer, *arrays)
    assert all(np.array_equal(a, b) for a, b in zip(arrays, copies, strict=True) if a is not None)


def test_strided_and_read_only_operands_are_fine() -> None:
    layer = ConvLayer(input=(5, 4, 2), filter=3, pad=1, filters=2)
    x, weights, bias = operands(layer, 0, "float64")
    turned = np.asfortranarray(x)
    turned.flags.writeable = False
    backwards = weights[:, ::-1][:, ::-1]
    assert (
        relative_difference(
            forward(layer, turned, backwards, bias), forward_by_scipy(layer, x, weights, bias)
        )
        <= 1e-12
    )


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "x",
            np.ones((4, 5, 1)),
            "x of shape (4, 5, 1): does not match the layer; the layer needs shape (5, 4, 1)",
        ),
        (
            "weights",
            np.ones((1, 2, 3, 1)),
            "weights of shape (1, 2, 3, 1): does not match the "
            "layer; the layer needs shape (1, 3, 2, 1)",
        ),
        (
            "bias",
            np.ones((1, 1)),
            "bias of shape (1, 1): does not match the layer; the layer needs shape (1,)",
        ),
        (
            "x",
            np.ones((5, 4, 1), complex),
            "x complex128: is not an array of real numbers; "
            "give a NumPy array of integers or floats",
        ),
        (
            "x",
            [[[1.0]]],
            "x list: is not an array of real numbers; give a NumPy array of integers or floats",
        ),
    ],
)
def test_wrong_arrays_are_refused_by_name(name: str, value: Any, message: str) -> None:
    layer = ConvLayer(input=(4, 5, 1), filter=(2, 3), filters=1)
    right = {"x": np.ones((5, 4, 1)), "weights": np.ones((1, 3, 2, 1)), "bias": np.ones(1)}
    for passes in (forward, forward_by_definition):
        with pytest.raises(BadRequest) as refusal:
            passes(layer, **right | {name: value})
        assert str(refusal.value) == message


def test_a_layer_without_bias_takes_none() -> None:
    layer = ConvLayer(input=(1, 1, 1), filter=1, filters=1, bias=False)
    with pytest.raises(BadRequest, match="was given to a layer without bias"):
        forward(layer, np.ones((1, 1, 1)), np.ones((1, 1, 1, 1)), np.ones(1))
