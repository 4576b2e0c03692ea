"""Gradients: worked by hand, against central differences, and added up over positions."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.generated import layers
from support.reference import by_windows, forward_by_scipy

from convcalc import BadRequest, ConvcalcError, ConvLayer, backward, backward_unshared
from convcalc.compute.backward import Gradients, own_gradients
from convcalc.compute.experiments import backward_run
from convcalc.compute.experiments import gradient_check as checks
from convcalc.compute.experiments.backward_run import (
    add_own_gradients,
    gradient_over_positions,
    run_backward,
)
from convcalc.compute.experiments.forward_run import Operands
from convcalc.compute.experiments.gradient_check import Check, check_gradients, check_sum
from convcalc.compute.forward.choose import choose
from convcalc.compute.tools import tiling
from convcalc.shapes import Array, input_shape, output_shape, unshared_weights_shape, weights_shape


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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
@given(layers(), st.integers(0, 2**32), st.integers(100, 3000))
@settings(max_examples=60)
def test_any_workspace_gives_the_same_gradients(
    layer: ConvLayer, seed: int, workspace: int
) -> None:
    x, weights, upstream = operands(layer, seed)
    whole = backward(layer, x, weights, upstream)
    cut = backward(layer, x, weights, upstream, workspace=workspace)
    for one, other in ((whole.input, cut.input), (whole.weights, cut.weights)):
        assert np.allclose(one, other, atol=1e-10)


@pytest.mark.slow
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


def test_a_central_difference_is_the_slope_of_every_output() -> None:
    operand = np.zeros((2, 3))

    def output(moved: Array) -> Array:  # constants fall out
        return np.array([5 + 7 * moved[1, 2], 1e3 - moved[1, 2] + moved[0, 0], moved[0, 1]])

    assert checks.central_difference(output, operand, (1, 2)).tolist() == [7, -1, 0]
    assert not operand.any()


@pytest.mark.parametrize("name", ["input", "weights", "bias"])
def test_a_wrong_gradient_is_caught(name: str) -> None:
    layer = ConvLayer(input=(6, 5, 2), filter=3, pad=1, filters=3)
    x, weights, upstream = operands(layer, 0)
    right = backward(layer, x, weights, upstream)
    found = list(check_gradients(layer, x, weights, upstream, right, 20, 0))
    assert [check.name for check in found] == [
        "the gradient of input",
        "the gradient of weights",
        "the gradient of bias",
        "the gradient of neurons' own weights",
    ]
    assert [check.entries for check in found] == [20, 20, 3, 20]
    assert all(check.passed and check.difference < 1e-12 for check in found)
    wrong: Gradients = right._replace(**{name: getattr(right, name) * 1.001})
    failed = {
        check.name
        for check in check_gradients(layer, x, weights, upstream, wrong, 20, 0)
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
    monkeypatch.setattr(backward_run, "backward", slightly_wrong)
    with pytest.raises(ConvcalcError, match="is wrong: it is off by"):
        run_backward(layer, run, upstream, 5, None, lambda done: None)


LAYERS = [
    ConvLayer(input=(8, 9, 3), filter=3, filters=2),
    ConvLayer(input=(9, 8, 4), filter=(3, 2), stride=(2, 1), pad=(1, 0), filters=4, groups=2),
    ConvLayer(input=(7, 6, 3), filter=3, pad="same", dilation=2, filters=3, groups=3),
]
SCALES = {  # of input, weights and upstream, each and together
    "float64": [
        (1.0, 1.0, 1.0),
        *[(scale, 1.0, 1.0) for scale in (1e-150, 1e19, 1e150, 1e300)],
        *[(1.0, scale, 1.0) for scale in (1e-150, 1e19, 1e150, 1e300)],
        *[(1.0, 1.0, scale) for scale in (1e-150, 1e19, 1e150, 1e300)],
        *[(scale, scale, scale) for scale in (1e-150, 1e-19, 1e19, 1e150)],
        (1e150, 1e-150, 1e150),
        (1e-150, 1e150, 1e-150),
        (1e300, 1.0, 1e-300),
    ],
    "float32": [
        (1.0, 1.0, 1.0),
        *[(scale, 1.0, 1.0) for scale in (1e-30, 1e18, 1e36)],
        *[(1.0, scale, 1.0) for scale in (1e-30, 1e18, 1e36)],
        *[(1.0, 1.0, scale) for scale in (1e-30, 1e18, 1e36)],
        *[(scale, scale, scale) for scale in (1e-16, 1e18)],
        (1e34, 1.0, 1e-34),
    ],
}
AT_EVERY_SCALE = pytest.mark.parametrize(
    ("dtype", "scales"), [(dtype, scales) for dtype in SCALES for scales in SCALES[dtype]]
)


def scaled(layer: ConvLayer, dtype: str, scales: tuple[float, ...]) -> list[Array]:
    """Random input, weights and upstream times these."""
    drawn = operands(layer, 0)
    return [(a * scale).astype(dtype) for a, scale in zip(drawn, scales, strict=True)]


def checked(layer: ConvLayer, x: Array, weights: Array, upstream: Array, count: int) -> list[Check]:
    """The checks of a run, which ends in ConvcalcError when one does not pass."""
    run = Operands(x, weights, None, "", "", 0)
    return run_backward(layer, run, upstream, count, None, lambda done: None).checks


@pytest.mark.slow
@AT_EVERY_SCALE
@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_right_gradients_pass_at_every_scale(
    layer: ConvLayer, dtype: str, scales: tuple[float, ...]
) -> None:
    found = checked(layer, *scaled(layer, dtype, scales), 20)
    assert [check.name for check in found if check.untold] == []
    # every gradient is as near as its terms' rounding, whatever the scale
    assert max(check.difference for check in found) < np.finfo(dtype).eps * 8


@pytest.mark.slow
@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize(
    ("dtype", "large"), [("float64", 1e19), ("float32", 1e19), ("float64", 1e150)]
)
@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_right_gradients_pass_with_one_large_number(
    layer: ConvLayer, dtype: str, large: float, which: int
) -> None:
    arrays = [np.ones(a.shape, dtype) for a in operands(layer, 0)]
    arrays[which].flat[arrays[which].size // 2] = large
    assert all(check.untold == 0 for check in checked(layer, *arrays, 20))


@pytest.mark.slow
@given(layers(side=7), st.integers(0, 2**32), st.booleans())
@settings(max_examples=150)
def test_right_gradients_pass_with_numbers_of_all_sizes(
    layer: ConvLayer, seed: int, double: bool
) -> None:
    rng = np.random.default_rng(seed)
    dtype, reach = (np.float64, 150) if double else (np.float32, 18)
    arrays = [
        (a * 10 ** rng.uniform(-reach, reach, a.shape)).astype(dtype) for a in operands(layer, seed)
    ]
    checked(layer, *arrays, 10)


@pytest.mark.slow
def test_numbers_are_checked_by_their_own_size_where_tiles_would_mix_them() -> None:
    layer = ConvLayer(input=(32, 32, 64), filter=3, pad=1, filters=64)
    assert choose(layer) == "winograd"
    x, weights, upstream = operands(layer, 0)
    x[:, 7::8] *= 1e19  # in the tile of columns 4 to 7, but unseen from column 5
    upstream[:, np.arange(32) % 8 != 5] = 0
    right = backward(layer, x, weights, upstream)
    for check in check_gradients(layer, x, weights, upstream, right, 2, 0):
        assert check.passed
        assert check.untold == 0


def without_a_position(upstream: Array) -> Array:
    """The upstream gradient where one position says nothing: its largest."""
    i, j, _ = np.unravel_index(np.abs(upstream).argmax(), upstream.shape)
    less = upstream.copy()
    less[i, j] = 0
    return less


WRONG = {
    "by a thousandth more": lambda gradient, less: gradient * (1 + 1e-3),
    "by a thousandth less": lambda gradient, less: gradient * (1 - 1e-3),
    "without a position": lambda gradient, less: less,
    "the sign turned": lambda gradient, less: -gradient,
    "taps swapped": lambda gradient, less: (
        gradient[::-1] if gradient.ndim < 4 else gradient[:, ::-1]
    ),
}


@pytest.mark.slow
@AT_EVERY_SCALE
@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_wrong_gradients_are_called_wrong_at_every_scale(
    dtype: str,
    scales: tuple[float, ...],
    wrong: Callable[[Array, Array], Array],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wrongly(*arguments: Any) -> Array:
        own = own_gradients(*arguments)[0, 0]
        return wrong(own, np.zeros_like(own))[None, None]

    layer = LAYERS[0]
    x, weights, upstream = scaled(layer, dtype, scales)
    right = backward(layer, x, weights, upstream)
    less = backward(layer, x, weights, without_a_position(upstream))
    pairs = [(a, b) for a, b in zip(right, less, strict=True) if a is not None and b is not None]
    gradients = Gradients(*(wrong(a, b).astype(dtype) for a, b in pairs))
    monkeypatch.setattr(checks, "own_gradients", wrongly)
    found = list(check_gradients(layer, x, weights, upstream, gradients, 40, 0))
    assert [check.passed for check in found] == [False] * 4
    # nor do the positions' own gradients add up to the wrong ones
    own = add_own_gradients(layer, x, upstream, lambda done: None)
    assert check_sum(own.total, right.weights, own.size, 42).passed
    assert not check_sum(own.total, gradients.weights, own.size, 42).passed


def even(layer: ConvLayer, value: float, dtype: str) -> list[Array]:
    """Ones for input and weights, and an upstream gradient that is the same everywhere."""
    ones = [np.ones(a.shape, dtype) for a in operands(layer, 0)]
    return [*ones[:2], ones[2] * np.dtype(dtype).type(value)]


def cancelling(layer: ConvLayer) -> list[Array]:
    """An even input, and an upstream gradient that adds up to 0 but for rounding."""
    x, weights, upstream = operands(layer, 0)
    return [np.full_like(x, 0.1), weights, upstream - upstream.mean((0, 1))]


LARGE = ConvLayer(input=(400, 400, 1), filter=1, filters=2)
HIDDEN = {  # right gradients that rounding could have made, or a mistake
    "below float64": (LAYERS[0], scaled(LAYERS[0], "float64", (1e-160, 1, 1e-160)), "weights, own"),
    "below float32": (LAYERS[0], scaled(LAYERS[0], "float32", (1e-25, 1, 1e-25)), "weights"),
    "all below": (LAYERS[0], scaled(LAYERS[0], "float64", (1e-160,) * 3), "input, weights, own"),
    "only rounding left": (LAYERS[0], cancelling(LAYERS[0]), "sum, weights, bias"),
    "160,000 even terms": (LARGE, even(LARGE, 0.1, "float32"), "sum, weights, bias"),
}


@pytest.mark.parametrize(("layer", "arrays", "names"), HIDDEN.values(), ids=HIDDEN)
def test_what_rounding_hides_is_not_told(layer: ConvLayer, arrays: list[Array], names: str) -> None:
    found = checked(layer, *arrays, 5)
    short = ["sum", "input", "weights", "bias", "own"]
    told = dict(zip(short, found, strict=True))
    assert ", ".join(name for name in told if not told[name].can_tell) == names
    assert all(check.untold in (0, check.entries) for check in found)


@pytest.mark.slow
@given(layers(side=7), st.integers(0, 2**32), st.sampled_from(SCALES["float32"]), st.booleans())
@settings(max_examples=100)
def test_a_gradient_wrong_by_a_thousandth_never_passes_for_right(
    layer: ConvLayer, seed: int, scales: tuple[float, ...], double: bool
) -> None:
    dtype = np.float64 if double else np.float32
    arrays = [
        (a * scale).astype(dtype) for a, scale in zip(operands(layer, seed), scales, strict=True)
    ]
    right = backward(layer, *arrays)
    factor = dtype(1.001)
    wrong = Gradients(*(None if a is None else a * factor for a in right))
    for check in list(check_gradients(layer, *arrays, wrong, 10, 0))[:-1]:
        zeros = check.passed and check.difference == 0  # a gradient of nothing but zeros is right
        assert zeros or not check.passed or check.untold == check.entries


def test_own_gradients_that_do_not_add_up_make_the_run_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    layer = ConvLayer(input=(6, 5, 2), filter=3, filters=3)
    x, weights, upstream = operands(layer, 0)

    def doubled(*arguments: object) -> backward_run.OwnGradients:
        right = add_own_gradients(layer, x, upstream, lambda done: None)
        return right._replace(total=right.total * (1 + 1e-8))

    monkeypatch.setattr(backward_run, "add_own_gradients", doubled)
    with pytest.raises(ConvcalcError, match="the sum of the positions' gradients is wrong"):
        run_backward(
            layer, Operands(x, weights, None, "", "", 0), upstream, 0, None, lambda done: None
        )


def test_a_sum_that_overflows_is_not_called_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = LAYERS[0]
    arrays = scaled(layer, "float32", (1.0, 1.0, 1.0))

    def overflowing(*arguments: object) -> backward_run.OwnGradients:
        right = add_own_gradients(layer, arrays[0], arrays[2], lambda done: None)
        return right._replace(total=right.total + np.float32(np.inf))

    monkeypatch.setattr(backward_run, "add_own_gradients", overflowing)
    with pytest.raises(
        ConvcalcError, match=r"^the sum of the positions' gradients overflows float32"
    ):
        checked(layer, *arrays, 0)


def test_a_sum_is_judged_by_the_number_and_size_of_its_terms() -> None:
    # eps is 2.2e-16: 1000 terms that add up to 1e6 without signs explain 2.2e-7
    def judged(total: float, shared: float = 0, size: float = 1e6, positions: int = 1000) -> Check:
        return check_sum(*(np.array([float(a)]) for a in (total, shared, size)), positions)

    assert judged(2e-7).passed
    assert judged(2e-7).difference == 2e-7 / 1e6
    assert judged(2e-7).tolerance == pytest.approx(2.2e-13, rel=0.01)
    assert not judged(2.5e-7).passed
    assert not judged(2e-7, positions=900).passed
    assert not judged(2e-7, size=9e5).passed
    assert not judged(np.nan).passed
    assert judged(0, size=0).passed
    assert not judged(1e-300, size=0).passed
    assert judged(2e-7, shared=1e-7).untold == 1  # which of the two it is
    assert judged(1 + 2e-7, shared=1).untold == 0
    assert judged(2e-7, shared=0).untold == 0  # next to nothing of its terms


def test_the_worst_entry_is_a_wrong_one() -> None:
    # off by 1e-5 of terms that have hardly a digit, and by 1e-9 of terms that have them all
    total, shared = np.array([1e-300 + 1e-305, 1 + 1e-9]), np.array([1e-300, 1])
    check = check_sum(total, shared, shared, 1000)
    assert not check.passed
    assert check.difference == pytest.approx(1e-9, rel=1e-3)
    assert check_sum(total[:1], shared[:1], shared[:1], 1000).passed


@pytest.mark.parametrize("passes", [backward, backward_unshared])
def test_wrong_arrays_are_refused_by_name(passes) -> None:  # type: ignore[no-untyped-def]
    layer = ConvLayer(input=(3, 3, 1), filter=2, filters=1)
    shape = weights_shape(layer) if passes is backward else unshared_weights_shape(layer)
    right = {"x": np.ones((3, 3, 1)), "weights": np.ones(shape), "upstream": np.ones((2, 2, 1))}
    passes(layer, **right)
    for name in right:
        with pytest.raises(BadRequest, match=f"^{name} of shape"):
            passes(layer, **right | {name: np.ones((1, 1))})


@pytest.mark.slow
@given(layers(), st.integers(100, 20_000))
def test_runs_hold_all_positions_in_order_and_little_memory(
    layer: ConvLayer, tile_bytes: int
) -> None:
    width, height, filters = layer.output
    seen = []
    for run in tiling.position_tiles(layer, 8, tile_bytes):
        seen += [(i, j) for i in run.rows for j in run.columns]
        own_gradients = run.positions * filters * layer.weights_per_neuron
        assert 8 * own_gradients <= tile_bytes or run.positions == 1
        assert len(run.rows) == 1 or len(run.columns) == width
    assert seen == [(i, j) for i in range(height) for j in range(width)]


def test_progress_adds_up_to_the_work() -> None:
    layer = ConvLayer(input=(8, 7, 4), filter=3, filters=6, groups=2)
    x, weights, upstream = operands(layer, 0)
    done: list[int] = []
    run_backward(layer, Operands(x, weights, None, "", "", 0), upstream, 4, None, done.append)
    assert sum(done) == backward_run.work(layer, 4)
