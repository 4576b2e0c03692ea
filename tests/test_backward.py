"""Gradients: worked by hand, against central differences, and added up over positions."""

import numpy as np
import pytest
from generated import layers
from hypothesis import given, settings
from hypothesis import strategies as st
from test_forward import forward_by_scipy
from test_unshared import by_windows

import convcalc.compute.backward as backward_pass
from convcalc import BadRequest, ConvcalcError, ConvLayer, backward, backward_unshared
from convcalc.arrays import Array, input_shape, output_shape, unshared_weights_shape, weights_shape
from convcalc.compute import lesson, pieces
from convcalc.compute.backward import Gradients
from convcalc.compute.checks import check_gradients, check_sum, sizes_of_terms
from convcalc.compute.lesson import add_own_gradients, gradient_over_positions, run_backward
from convcalc.compute.runs import Operands


def operands(layer: ConvLayer, seed: int) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(seed)
    return (
        rng.standard_normal(input_shape(layer)),
        rng.standard_normal(weights_shape(layer)),
        rng.standard_normal(output_shape(layer)),
    )


def differences(loss, operand: Array, places: list[tuple[int, ...]]) -> list[float]:  # type: ignore[no-untyped-def]
    """Central differences of a loss by some entries of an operand."""
    found = []
    for place in places:
        value, moved = operand[place], []
        for step in (1e-2, -1e-2):
            operand[place] = value + step
            moved.append(loss())
        operand[place] = value
        found.append((moved[0] - moved[1]) / 2e-2)
    return found


def agree(loss, operand: Array, gradient: Array, rng: np.random.Generator) -> bool:  # type: ignore[no-untyped-def]
    """Whether some entries of a gradient are central differences, relative to its largest."""
    places = [tuple(int(i) for i in rng.integers(0, operand.shape)) for _ in range(4)]
    entries = [float(gradient[place]) for place in places]
    off = np.abs(np.subtract(differences(loss, operand, places), entries)).max()
    return bool(off <= 1e-6 * (np.abs(gradient).max() or 1))


@given(layers(side=9), st.integers(0, 2**32))
@settings(max_examples=120)
def test_shared_gradients_are_central_differences(layer: ConvLayer, seed: int) -> None:
    x, weights, upstream = operands(layer, seed)
    bias = np.zeros(layer.filters) if layer.bias else None
    gradients = backward(layer, x, weights, upstream)
    rng = np.random.default_rng(seed)

    def loss() -> float:
        return float((forward_by_scipy(layer, x, weights, bias) * upstream).sum())

    for operand, gradient in ((x, gradients.input), (weights, gradients.weights)):
        assert agree(loss, operand, gradient, rng)
    assert (gradients.bias is None) == (bias is None)
    if bias is not None and gradients.bias is not None:
        assert agree(loss, bias, gradients.bias, rng)


@given(layers(side=7, depth=2, filters=2), st.integers(0, 2**32))
@settings(max_examples=80)
def test_unshared_gradients_are_central_differences(layer: ConvLayer, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, _, upstream = operands(layer, seed)
    weights = rng.standard_normal(unshared_weights_shape(layer))
    gradients = backward_unshared(layer, x, weights, upstream)

    def loss() -> float:
        return float((by_windows(layer, x, weights, None) * upstream).sum())

    for operand, gradient in ((x, gradients.input), (weights, gradients.weights)):
        assert agree(loss, operand, gradient, rng)
    if layer.bias:
        assert np.array_equal(gradients.bias, upstream)
    else:
        assert gradients.bias is None


@given(layers(), st.integers(0, 2**32))
@settings(max_examples=150)
def test_positions_gradients_add_up_to_the_shared_ones(layer: ConvLayer, seed: int) -> None:
    x, weights, upstream = operands(layer, seed)
    shared = backward(layer, x, weights, upstream)
    everywhere = np.broadcast_to(weights, unshared_weights_shape(layer))
    own = backward_unshared(layer, x, everywhere, upstream)
    tolerance = 1e-10 * max(np.abs(shared.weights).max(), 1)
    assert np.abs(own.weights.sum((0, 1)) - shared.weights).max() <= tolerance
    assert np.abs(own.input - shared.input).max() <= 1e-10 * max(np.abs(shared.input).max(), 1)
    summary = add_own_gradients(layer, x, upstream, lambda done: None)
    assert np.abs(summary.total - shared.weights).max() <= tolerance
    assert np.array_equal(summary.least, own.weights.min((0, 1)))
    assert np.array_equal(summary.most, own.weights.max((0, 1)))


@given(layers(), st.integers(0, 2**32), st.integers(100, 3000))
@settings(max_examples=60)
def test_any_workspace_gives_the_same_gradients(
    layer: ConvLayer, seed: int, workspace: int
) -> None:
    x, weights, upstream = operands(layer, seed)
    whole = backward(layer, x, weights, upstream)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backward_pass, "WORKSPACE", workspace)
        cut = backward(layer, x, weights, upstream)
    for one, other in ((whole.input, cut.input), (whole.weights, cut.weights)):
        assert np.allclose(one, other, atol=1e-10)


@given(layers(), st.integers(0, 2**32))
@settings(max_examples=60)
def test_one_weight_over_all_positions(layer: ConvLayer, seed: int) -> None:
    x, weights, upstream = operands(layer, seed)
    everywhere = np.broadcast_to(weights, unshared_weights_shape(layer))
    own = backward_unshared(layer, x, everywhere, upstream).weights
    rng = np.random.default_rng(seed)
    k, m, n, c = (int(i) for i in rng.integers(0, weights.shape))
    found = gradient_over_positions(layer, x, upstream, (k, m, n, c))
    assert np.array_equal(found, own[:, :, k, m, n, c])


def test_gradients_worked_by_hand() -> None:
    layer = ConvLayer(input=(2, 2, 1), filter=2, stride=1, pad=(1, 0, 0, 0), filters=1)
    x = np.array([[[1.0], [2.0]], [[3.0], [4.0]]])
    weights = np.array([[[[10.0], [20.0]], [[30.0], [40.0]]]])
    # two windows: [0 1; 0 3], the left column pad, and [1 2; 3 4]
    gradients = backward(layer, x, weights, np.array([[[1.0], [100.0]]]))
    assert gradients.weights.ravel().tolist() == [0 + 100, 1 + 200, 0 + 300, 3 + 400]
    assert gradients.input.ravel().tolist() == [20 + 1000, 2000, 40 + 3000, 4000]
    assert gradients.bias is not None
    assert gradients.bias.tolist() == [101]


def test_float32_operands_give_float32_gradients() -> None:
    layer = ConvLayer(input=(5, 5, 2), filter=3, pad=1, filters=2)
    x, weights, upstream = (array.astype(np.float32) for array in operands(layer, 0))
    for gradient in backward(layer, x, weights, upstream):
        assert gradient is not None
        assert gradient.dtype == np.float32


@pytest.mark.parametrize("name", ["input", "weights", "bias"])
def test_a_wrong_gradient_is_caught(name: str) -> None:
    layer = ConvLayer(input=(6, 5, 2), filter=3, pad=1, filters=3)
    x, weights, upstream = operands(layer, 0)
    right = backward(layer, x, weights, upstream)
    terms = sizes_of_terms(layer, x, weights, upstream)
    checks = list(check_gradients(layer, x, weights, upstream, right, terms, 20, 0))
    assert [check.name for check in checks] == [
        "the gradient of input",
        "the gradient of weights",
        "the gradient of bias",
        "the gradient of neurons' own weights",
    ]
    assert [check.entries for check in checks] == [20, 20, 3, 20]
    assert all(check.passed and check.difference < 1e-12 for check in checks)
    wrong: Gradients = right._replace(**{name: getattr(right, name) * 1.001})
    failed = {
        check.name
        for check in check_gradients(layer, x, weights, upstream, wrong, terms, 20, 0)
        if not check.passed
    }
    assert failed == {f"the gradient of {name}"}


def test_a_wrong_gradient_makes_the_run_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = ConvLayer(input=(6, 5, 2), filter=3, filters=3)
    x, weights, upstream = operands(layer, 0)
    run = Operands(x, weights, None, "here", "there", 0)

    def slightly_wrong(*arguments: object, **options: object) -> Gradients:
        right = backward(layer, x, weights, upstream)
        return right._replace(weights=right.weights + 1e-3)

    run_backward(layer, run, upstream, 5, None, lambda done: None)
    monkeypatch.setattr(lesson, "backward", slightly_wrong)
    with pytest.raises(ConvcalcError, match="is wrong: it is off by"):
        run_backward(layer, run, upstream, 5, None, lambda done: None)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
@pytest.mark.parametrize("cancelling", [False, True])
def test_right_gradients_pass_whatever_their_size(scale: float, cancelling: bool) -> None:
    layer = ConvLayer(input=(12, 11, 2), filter=3, filters=3)
    x, weights, upstream = operands(layer, 0)
    x = np.full_like(x, 0.1) if cancelling else x * scale
    if cancelling:  # the upstream of every depth slice adds up to 0, and so do the gradients
        upstream = (upstream - upstream.mean((0, 1))) * scale
    run_backward(
        layer, Operands(x, weights, None, "", "", 0), upstream, 30, None, lambda done: None
    )


def test_own_gradients_that_do_not_add_up_make_the_run_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    layer = ConvLayer(input=(6, 5, 2), filter=3, filters=3)
    x, weights, upstream = operands(layer, 0)

    def doubled(*arguments: object) -> lesson.OwnGradients:
        right = add_own_gradients(layer, x, upstream, lambda done: None)
        return right._replace(total=right.total * (1 + 1e-8))

    monkeypatch.setattr(lesson, "add_own_gradients", doubled)
    with pytest.raises(ConvcalcError, match="the sum of the positions' gradients is wrong"):
        run_backward(
            layer, Operands(x, weights, None, "", "", 0), upstream, 0, None, lambda done: None
        )


def test_a_sum_is_judged_by_the_size_of_its_terms() -> None:
    terms = np.array([1e6])
    assert check_sum(np.array([1e-5]), np.array([0.0]), terms).passed
    assert not check_sum(np.array([1e-3]), np.array([0.0]), terms).passed
    assert not check_sum(np.array([np.nan]), np.array([0.0]), terms).passed


@pytest.mark.parametrize("passes", [backward, backward_unshared])
def test_wrong_arrays_are_refused_by_name(passes) -> None:  # type: ignore[no-untyped-def]
    layer = ConvLayer(input=(3, 3, 1), filter=2, filters=1)
    shape = weights_shape(layer) if passes is backward else unshared_weights_shape(layer)
    right = {"x": np.ones((3, 3, 1)), "weights": np.ones(shape), "upstream": np.ones((2, 2, 1))}
    passes(layer, **right)
    for name in right:
        with pytest.raises(BadRequest, match=f"^{name} of shape"):
            passes(layer, **right | {name: np.ones((1, 1))})


@given(layers(), st.integers(100, 20_000))
def test_runs_hold_all_positions_in_order_and_little_memory(
    layer: ConvLayer, run_bytes: int
) -> None:
    width, height, filters = layer.output
    seen = []
    for run in pieces.position_runs(layer, 8, run_bytes):
        seen += [(i, j) for i in run.rows for j in run.columns]
        own_gradients = run.positions * filters * layer.weights_per_neuron
        assert 8 * own_gradients <= run_bytes or run.positions == 1
        assert len(run.rows) == 1 or len(run.columns) == width
    assert seen == [(i, j) for i in range(height) for j in range(width)]


def test_progress_adds_up_to_the_work() -> None:
    layer = ConvLayer(input=(8, 7, 4), filter=3, filters=6, groups=2)
    x, weights, upstream = operands(layer, 0)
    done: list[int] = []
    run_backward(layer, Operands(x, weights, None, "", "", 0), upstream, 4, None, done.append)
    assert sum(done) == lesson.work(layer, 4)
