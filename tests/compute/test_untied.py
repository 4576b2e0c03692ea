"""Untied biases: shared weights, and one bias for each neuron."""

from pathlib import Path

import numpy as np
import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from support.generated import layers
from support.reference import forward_by_scipy, operands, relative_difference

from convcalc import BadRequest, ConvLayer, backward, forward
from convcalc.arithmetic.connections import ladder
from convcalc.arithmetic.walk.numbers import small_numbers
from convcalc.arithmetic.walk.steps import Mode, Walk
from convcalc.compute.backward import idea
from convcalc.compute.forward.choose import ALGORITHMS
from convcalc.compute.forward.definition import forward_by_definition
from convcalc.compute.passes.call import Call
from convcalc.compute.passes.convolution import CONV
from convcalc.shapes import output_shape

SPEC = "--input 6x5x2 --filter 3 --filters 2 --seed 1".split()


@pytest.mark.slow
@given(layers(side=10, dilation=(3, 1)), st.integers(0, 2**32 - 1))
@settings(max_examples=200)
def test_every_algorithm_adds_each_neurons_own_bias(layer: ConvLayer, seed: int) -> None:
    layer = layer.replace(bias="untied")
    x, weights, _ = operands(layer.replace(bias=False), seed, "float64")
    bias = np.random.default_rng(seed).standard_normal(output_shape(layer))
    expected = forward_by_scipy(layer, x, weights, None) + bias
    assert relative_difference(forward_by_definition(layer, x, weights, bias), expected) < 1e-12
    for name, algorithm in ALGORITHMS.items():
        if algorithm.refusal(layer) is None:
            found = forward(layer, x, weights, bias, algorithm=name)
            assert relative_difference(found, expected) < 1e-10, name


def test_a_bias_is_an_output_of_its_own_shape_and_no_other() -> None:
    layer = ConvLayer(input=(3, 1, 1), filter=(2, 1), filters=1, bias="untied")
    x, weights = np.array([[[1.0], [2.0], [3.0]]]), np.array([[[[5.0], [7.0]]]])
    # 1·5 + 2·7 + 10 = 29, 2·5 + 3·7 + 20 = 51
    y = forward(layer, x, weights, np.array([[[10.0], [20.0]]]))
    assert y.ravel().tolist() == [29, 51]
    with pytest.raises(BadRequest, match=r"the layer needs shape \(1, 2, 1\)"):
        forward(layer, x, weights, np.array([10.0]))


def test_the_gradient_of_a_bias_is_what_arrives_at_its_neuron() -> None:
    layer = ConvLayer(input=(3, 1, 1), filter=(2, 1), filters=1, bias="untied")
    x, weights = np.array([[[1.0], [2.0], [3.0]]]), np.array([[[[5.0], [7.0]]]])
    upstream = np.array([[[1.0], [10.0]]])
    for gradients in (backward(layer, x, weights, upstream), idea(layer, x, weights, upstream)):
        assert gradients.bias is not None
        assert gradients.bias.shape == (1, 2, 1)
        assert gradients.bias.ravel().tolist() == [1, 10]
        assert gradients.weights.ravel().tolist() == [21, 32]  # as if they were shared


def test_they_are_counted_one_for_each_neuron() -> None:
    layer = ConvLayer(input=(32, 32, 3), filter=3, filters=32, bias="untied")
    # 3·3·3 = 27 weights; 30·30·32 = 28,800 neurons, each with a bias in every way to connect
    assert layer.parameters.shared == (32 * 27, 28_800)
    assert layer.parameters.unshared == (28_800 * 27, 28_800)
    assert layer.parameters.fully_connected == (28_800 * 3072, 28_800)
    assert [rung.parameters for rung in ladder(layer)] == list(layer.parameters)
    assert str(layer).endswith(", untied biases")


@pytest.mark.parametrize("bias", ["yes", "no", "Untied", ""])
def test_python_knows_no_other_word(bias: str) -> None:
    with pytest.raises(BadRequest, match=r"^bias .*give True, False or 'untied'$"):
        ConvLayer(input=(9, 9, 1), filter=3, filters=1, bias=bias)


def test_a_walk_has_a_bias_for_each_position() -> None:
    layer = ConvLayer(input=(3, 2, 1), filter=2, filters=2, bias="untied")  # 2x1x2
    numbers = small_numbers(layer, 1)
    walk = Walk(layer, numbers)
    for step in range(4):
        k, position = divmod(step, 2)
        state = walk.state(step, Mode(shared=True, gradient=False))
        assert state.bias == numbers.bias(k, position)
        tied = Walk(layer.replace(bias=False), numbers).state(step, state.mode)
        assert state.value == tied.value + numbers.bias(k, position)
        # 4 weights of each filter so far, and a bias of each step
        assert state.parameters == (k + 1) * 4 + step + 1
        arrived = walk.state(step, Mode(shared=True, gradient=True))
        assert arrived.bias_gradient == numbers.upstream(k, position)


def test_forward_draws_them_or_reads_them(run: Run, tmp_path: Path) -> None:
    drawn, read, saved = tmp_path / "drawn.npy", tmp_path / "read.npy", tmp_path / "none.npy"
    run("forward", *SPEC, "--no-bias", "--save", str(saved))
    assert run("forward", *SPEC, "--bias", "untied", "--save", str(drawn)).code == 0
    bias = np.load(drawn) - np.load(saved)
    assert len(np.unique(bias.round(6))) == bias.size == 4 * 3 * 2
    own = np.arange(24, dtype=np.float32).reshape(3, 4, 2)
    np.save(tmp_path / "bias.npy", own)
    told = run("forward", *SPEC, "--bias", str(tmp_path / "bias.npy"), "--save", str(read))
    assert "untied biases" in told.out
    assert np.abs(np.load(read) - np.load(saved) - own).max() < 1e-5


def test_backward_checks_their_gradient(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "g.npz"
    code, out, _ = run("backward", *SPEC, "--bias", "untied", "--save", str(target))
    assert code == 0
    assert "gradient of bias, 3x4x2" in out
    saved = np.load(target)
    assert np.array_equal(saved["bias"], saved["upstream"])


def test_no_bias_and_untied_contradict_each_other(run: Run) -> None:
    for command in ("params", "forward", "backward", "demo"):
        code, out, err = run(command, *SPEC[:6], "--bias", "untied", "--no-bias")
        assert (code, out) == (2, "")
        assert err == "convcalc: --bias untied: contradicts --no-bias; give one or the other\n"


@pytest.mark.parametrize(
    ("framework", "has"),
    [("keras", "Keras's Conv2D"), ("flax", "Flax's Conv"), ("numpy", ""), ("pytorch", "")],
)
def test_a_framework_writes_them_or_says_that_it_has_none(
    framework: str, has: str, run: Run
) -> None:
    spec = "params --input 6x5x2 --filter 3 --filters 2 --bias untied --as"
    code, out, err = run(*spec.split(), framework)
    if has:
        why = f"{has} has one bias for each filter; give --bias yes, or --as pytorch or numpy"
        assert (code, out, err) == (2, "", f"convcalc: --bias untied: {why}\n")
    else:
        assert "parameters 60" in out  # 2·3·3·2 weights and 4·3·2 biases
        assert ("(2, 3, 4)" if framework == "pytorch" else "(3, 4, 2)") in out


def test_a_network_runs_them_too() -> None:
    layer = ConvLayer(input=(6, 5, 2), filter=3, filters=2, bias="untied")
    shapes = CONV.shapes(layer)
    assert shapes == {"weights": (2, 3, 3, 2), "bias": (3, 4, 2)}
    rng = np.random.default_rng(1)
    x = rng.standard_normal((5, 6, 2))
    weights = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    call = Call(layer, (x,), weights, np.empty(output_shape(layer)))
    CONV.fill(call)
    expected = forward_by_scipy(layer, x, weights["weights"], None) + weights["bias"]
    assert relative_difference(call.output, expected) < 1e-12
    assert relative_difference(CONV.definition(layer, (x,), weights), expected) < 1e-12
