"""Networks run: as their layers' definitions say, over memory that is theirs, in no more of it."""

import math
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.networks import naively, network_weights, networks
from support.reference import relative_difference

from convcalc import BadRequest, ConvcalcError, Volume
from convcalc.compute.network import run as running
from convcalc.compute.network.run import forward, needs, run_network
from convcalc.compute.network.schedule import Schedule
from convcalc.compute.network.weights import RandomWeights
from convcalc.compute.passes.kinds import PASSES
from convcalc.errors import NotEnoughMemory
from convcalc.layer.network import Network
from convcalc.layer.notation import parse
from convcalc.shapes import Array


def network(text: str, *sides: int) -> Network:
    return Network.of("net", Volume(*sides), parse(text))


def normal(network: Network, seed: int = 0, dtype: str = "float64") -> Array:
    width, height, depth = network.input
    return np.random.default_rng(seed).standard_normal((height, width, depth)).astype(dtype)


@given(networks(), st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_a_network_is_what_its_layers_definitions_are(network: Network, seed: int) -> None:
    x, weights = normal(network, seed), network_weights(network, seed)
    expected = naively(network, x, weights)
    before = x.copy()
    assert relative_difference(forward(network, x, weights), expected[-1]) <= 1e-10
    assert np.array_equal(x, before), "the input is the caller's"


@given(networks(), st.integers(0, 2**32), st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_kept_is_not_written_over(network: Network, seed: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(network.layers) - 1))
    x, weights = normal(network, seed), network_weights(network, seed)
    expected = naively(network, x, weights)
    run = run_network(network, x, weights, place)
    assert relative_difference(run.chosen.output, expected[place]) <= 1e-10
    assert run.chosen.name == network.layers[place].path
    assert relative_difference(run.output, expected[-1]) <= 1e-10


@given(networks(), st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_in_float32_it_is_the_same_but_for_rounding(network: Network, seed: int) -> None:
    x, weights = normal(network, seed, "float32"), network_weights(network, seed, "float32")
    output = forward(network, x, weights)
    assert output.dtype == np.float32
    expected = naively(network, x, weights)
    scale = max(np.abs(one).max() for one in expected)
    assert np.abs(output - expected[-1]).max() <= 1e-4 * (scale or 1)


def test_worked_by_hand() -> None:
    small = network("conv2-1, relu, pool2 stride=1, fc-2", 3, 3, 1)
    x = np.arange(9.0).reshape(3, 3, 1)
    weights = {
        "conv1": {
            "weights": np.array([1.0, 0, 0, -1]).reshape(1, 2, 2, 1),
            "bias": np.array([5.0]),
        },
        "dense1": {"weights": np.array([[10.0], [100.0]]), "bias": np.array([1.0, 2.0])},
    }
    # every window has its last pixel 4 above its first: -4 + 5 = 1
    run = run_network(small, x, weights)
    assert run.output.tolist() == [[[11, 102]]]
    assert (run.top_of, run.top) == ("dense1", ((1, 102), (0, 11)))
    assert [one.placed.path for one in run.layers] == ["conv1", "relu1", "pool1", "dense1"]
    assert run.layers[0].output_stats == {"min": 1, "max": 1, "mean": 1}
    assert run.layers[-1].output_stats == {"min": 11, "max": 102, "mean": 56.5}


def test_both_ends_of_an_identity_are_the_same_numbers() -> None:
    doubled = network("conv1-2, add(|), relu", 2, 2, 1)
    x, weights = normal(doubled), network_weights(doubled, 1)
    once = naively(doubled, x, weights)[0]
    assert np.allclose(forward(doubled, x, weights), np.maximum(2 * once, 0))
    tripled = network("conv1-2, add(||relu), relu", 2, 2, 1)
    expected = np.maximum(2 * once + np.maximum(once, 0), 0)
    assert np.allclose(forward(tripled, x, weights), expected)


NORMS = {
    "nothing else reads it": ("conv3-2 pad=1, bn, relu", True),
    "a branch reads it too": ("conv3-2 pad=1, add(bn|)", False),
    "more weights than outputs": ("conv5-9, bn", False),
    "behind another kind": ("conv3-2 pad=1, relu, bn", False),
    "without a bias": ("conv3-2 pad=1 bias=no, bn affine=no", True),
    "depthwise": ("conv3-2 groups=2 pad=1, bn", True),
}


@pytest.mark.parametrize("case", NORMS)
def test_batch_normalisation_is_taken_in_where_nobody_else_reads(case: str) -> None:
    text, taken_in = NORMS[case]
    net = network(text, 6, 6, 2)
    schedule = Schedule.of(net)
    assert (schedule.taken_in(0) is not None) == taken_in
    x, weights = normal(net), network_weights(net, 3)
    expected = naively(net, x, weights)[-1]
    assert relative_difference(forward(net, x, weights), expected) <= 1e-12
    in_float32 = forward(net, x.astype("float32"), weights)
    assert relative_difference(in_float32, expected) <= 1e-5


def test_a_kept_convolution_takes_nothing_in() -> None:
    net = network("conv3-2 pad=1, bn", 6, 6, 2)
    assert Schedule.of(net).taken_in(0) == 1
    assert Schedule.of(net, kept=[0]).taken_in(0) is None


def test_memory_is_counted_by_hand() -> None:
    """8x8 to 6x6x4 (576 bytes), over which ReLU writes; beside it 6x6x3, then 7 channels joined."""
    net = network("conv3-4, relu, concat(|conv1-3), pool2, fc-10", 8, 8, 1)
    own = net.input.cells * 4
    joined = 4 * 36 * (4 + 3 + 7)
    found = needs(net, np.dtype("float32"), made=False)
    assert (found["input"], found["activations"], found["weights"]) == (own, 4 * 36 * 7, 0)
    lean = {kind: PASSES[kind]._replace(workspace=lambda layer: 0) for kind in ("conv", "pool")}
    with pytest.MonkeyPatch.context() as patch:
        for kind, of_kind in lean.items():
            patch.setitem(PASSES, kind, of_kind)
        assert needs(net, np.dtype("float32"), made=False)["activations"] == joined
        everything = needs(net, np.dtype("float32"), kept=range(5), made=False)
        assert everything["activations"] == 4 * (36 * (4 + 4 + 3 + 7) + 9 * 7 + 10)
        made = needs(net, np.dtype("float64"))
        assert made["weights"] == 8 * (63 * 10 + 10), "the dense layer's are most"


@given(networks(side=40), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_no_more_memory_is_taken_than_was_worked_out(network: Network, seed: int) -> None:
    x = normal(network, seed, "float32")
    expected = needs(network, x.dtype)
    forward(network, x)
    tracemalloc.start()
    try:
        forward(network, x)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= sum(expected.values()) + 300_000, expected


@pytest.mark.slow
def test_a_branch_is_released_where_it_ends() -> None:
    """Forty blocks of 4 MB outputs take as much as one."""
    net = network("conv1-16, 40*(add(conv1-16|), relu)", 256, 256, 1)
    x = normal(net, 0, "float32")
    forward(net, x)
    tracemalloc.start()
    forward(net, x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    one = 256 * 256 * 16 * 4
    assert 2 * one < peak < 2 * one + 34 * 2**20


def test_too_large_a_network_is_refused_before_memory_is_taken() -> None:
    large = network("conv1-1000000", 100000, 100000, 1)
    x = np.broadcast_to(np.float32(0), (100000, 100000, 1))
    with pytest.raises(NotEnoughMemory, match="activations"):
        forward(large, x)


def test_random_weights_are_the_same_for_the_same_seed() -> None:
    net = network("conv3-4, relu, fc-3", 6, 6, 2)
    x = normal(net)
    assert np.array_equal(forward(net, x), forward(net, x))
    assert np.array_equal(forward(net, x, seed=1), forward(net, x, RandomWeights(net, 1, x.dtype)))
    assert not np.array_equal(forward(net, x, seed=1), forward(net, x, seed=2))
    weights = RandomWeights(net)
    assert list(weights) == ["conv1", "dense1"]
    assert len(weights) == 2
    kept = dict(weights)
    assert np.array_equal(kept["conv1"]["weights"], weights["conv1"]["weights"])
    assert not kept["conv1"]["bias"].any()


def test_threads_change_no_random_number(monkeypatch: pytest.MonkeyPatch) -> None:
    net = network("fc-2000", 40, 40, 1)
    two = RandomWeights(net)["dense1"]["weights"]
    monkeypatch.setattr("convcalc.compute.tools.threads.cores", lambda: 1)
    assert np.array_equal(two, RandomWeights(net)["dense1"]["weights"])


NAMES = {
    "conv3-8, conv1: conv3-4, conv1-2": ["conv2", "conv1", "conv3"],
    "conv1: conv3-8, conv3-4, conv1: conv1-2": ["conv1", "conv2", "conv1_2"],
    "relu_1: (conv1-2), relu_1: relu, fc-3": ["relu_1/conv1", "relu_1_2", "dense1"],
}


@pytest.mark.parametrize("text", NAMES)
def test_no_two_layers_have_one_path_and_so_one_set_of_weights(text: str) -> None:
    net = network(text, 6, 6, 3)
    assert [one.path for one in net.layers] == NAMES[text]
    assert forward(net, normal(net)).shape[2] == net.output.depth


VARIANCES = {
    "conv3-8, relu": 2 / 27,
    "conv3-8, bn, relu": 2 / 27,
    "conv3-8, add(|), relu6": 2 / 27,
    "conv3-8, tanh": 2 / (27 + 8 * 9 * 100 / 144),
    "conv3-8, pool2, sigmoid": 2 / (27 + 8 * 9 * 100 / 144),
    "conv3-8, softmax": 1 / 27,
    "conv3-8": 1 / 27,
    "conv3-8, conv1-2, relu": 1 / 27,
    "conv3-3 groups=3, silu": 2 / 9,
    "fc-500, relu": 2 / 432,
    "deconv2-8 stride=2, relu": 2 / 3,  # one of four taps meets a cell of the output
    "local3-8, relu": 2 / 27,
}


@pytest.mark.parametrize("text", VARIANCES)
def test_weights_are_drawn_by_the_rule_of_what_follows(text: str) -> None:
    net = network(text, 12, 12, 3)
    expected = VARIANCES[text]
    weights = RandomWeights(net, 5, np.float64)
    assert math.isclose(weights.variance(0), expected, rel_tol=1e-12)
    drawn = weights[net.layers[0].path]["weights"]
    assert abs(drawn.mean()) < 4 * (expected / drawn.size) ** 0.5
    assert math.isclose(drawn.var(), expected, rel_tol=8 / drawn.size**0.5)
    assert np.abs(drawn).max() <= (3 * expected) ** 0.5


def test_signals_neither_fade_nor_grow_through_twenty_layers() -> None:
    deep = network("20*(conv3-32 pad=same, relu)", 16, 16, 3)
    assert 0.1 < forward(deep, normal(deep)).std() < 10


def test_weights_that_are_not_the_networks() -> None:
    net = network("conv3-4, bn, fc-3", 6, 6, 2)
    x, right = normal(net), network_weights(net, 0)
    conv = right["conv1"]
    wrong: dict[str, Any] = {
        "weights batchnorm1: is missing; give its scale, shift, mean, variance, arrays by name": {
            path: right[path] for path in ("conv1", "dense1")
        },
        "weights conv2: is no layer of net with weights; the nearest is conv1": right
        | {"conv2": conv},
        "weights conv1 kernel: is none of its arrays; give weights, bias": right
        | {"conv1": conv | {"kernel": conv["weights"]}},
        "weights conv1 weights: has shape (4, 2, 3, 3); the layer needs shape (4, 3, 3, 2)": right
        | {"conv1": {"weights": conv["weights"].transpose(0, 3, 1, 2)}},
        "weights conv1 weights: is missing, not an array of real numbers; "
        "give one of shape (4, 3, 3, 2)": right | {"conv1": {}},
        "weights conv1 bias: is complex128, not an array of real numbers; "
        "give one of shape (4,)": right | {"conv1": conv | {"bias": np.ones(4) * 1j}},
    }
    for message, weights in wrong.items():
        with pytest.raises(BadRequest) as error:
            forward(net, x, weights)
        assert str(error.value) == message
    without_bias = right | {"conv1": {"weights": conv["weights"]}}
    zeros = right | {"conv1": {"weights": conv["weights"], "bias": np.zeros(4)}}
    assert np.array_equal(forward(net, x, without_bias), forward(net, x, zeros))


def test_an_input_that_is_not_the_networks() -> None:
    net = network("relu", 3, 2, 1)
    with pytest.raises(BadRequest, match=r"x of shape \(3, 2, 1\).*needs shape \(2, 3, 1\)"):
        forward(net, np.ones((3, 2, 1)))
    for nothing in (np.ones((2, 3, 1), complex), [[[1], [2], [3]]]):
        with pytest.raises(BadRequest, match="is not an array of real numbers"):
            forward(net, nothing)  # type: ignore[arg-type]
    turned = np.asfortranarray(np.arange(-3, 3).reshape(2, 3, 1))
    assert forward(net, turned).tolist() == [[[0], [0], [0]], [[0], [1], [2]]]
    assert forward(net, np.ones((2, 3, 1), np.float16)).dtype == np.float32


def test_what_overflows_is_said() -> None:
    net = network("fc-1", 1, 1, 1)
    weights = {"dense1": {"weights": np.float32([[1e30]])}}
    with pytest.raises(ConvcalcError, match="output of dense1 overflows float32"):
        run_network(net, np.float32([[[1e30]]]), weights)


def test_without_a_dense_layer_nothing_is_on_top() -> None:
    net = network("conv1-2, gap, softmax", 2, 2, 1)
    run = run_network(net, normal(net), RandomWeights(net))
    assert (run.top_of, run.top) == (None, ())


def test_the_last_dense_layers_top_is_before_softmax_writes_over_it() -> None:
    net = network("fc-8, softmax", 2, 2, 1)
    weights = {"dense1": {"weights": np.arange(8.0)[:, None] * np.ones(4), "bias": np.zeros(8)}}
    run = run_network(net, np.ones((2, 2, 1)), weights)
    assert run.top == ((7, 28), (6, 24), (5, 20), (4, 16), (3, 12))
    assert run.seconds == sum(one.seconds for one in run.layers)
    assert running.MOST_ON_TOP == 5
