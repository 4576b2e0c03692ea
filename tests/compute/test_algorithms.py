"""Every algorithm of the forward pass against SciPy, by its formulas, and within its workspace."""

import json
import os
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.generated import DEPTHWISE, SQUARE, layers
from support.reference import forward_by_scipy, operands, relative_difference
from threadpoolctl import threadpool_info

from convcalc import BadRequest, ConvLayer, forward
from convcalc.compute.experiments import compare
from convcalc.compute.experiments.forward_run import Operands
from convcalc.compute.forward import depthwise, im2col, job, mec, transforms, winograd_engine
from convcalc.compute.forward.choose import ALGORITHMS, choose
from convcalc.compute.forward.definition import forward_by_definition
from convcalc.compute.forward.job import Job
from convcalc.compute.tools import threads
from convcalc.shapes import Array, input_shape, output_shape, weights_shape

FAST = [name for name in ALGORITHMS if name != "definition"]


def run(name: str, layer: ConvLayer, *arrays: Array | None) -> Array:
    assume(ALGORITHMS[name].refusal(layer) is None)
    return forward(layer, *arrays, algorithm=name)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("name", FAST)
@given(layers() | SQUARE | DEPTHWISE, st.integers(0, 2**32))
@settings(max_examples=80, deadline=None)
def test_each_algorithm_equals_scipy(name: str, layer: ConvLayer, seed: int) -> None:
    x, weights, bias = operands(layer, seed, "float64")
    y = run(name, layer, x, weights, bias)
    assert relative_difference(y, forward_by_scipy(layer, x, weights, bias)) <= 1e-12
    single = [None if array is None else array.astype("float32") for array in (x, weights, bias)]
    terms = forward_by_scipy(layer, *(None if a is None else np.abs(a) for a in (x, weights, bias)))
    assert np.abs(run(name, layer, *single) - y).max() <= 1e-5 * terms.max()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["im2col", "mec", "depthwise"])
@given(SQUARE | DEPTHWISE, st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_plain_sums_are_exact_on_integers(name: str, layer: ConvLayer, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.integers(-9, 10, input_shape(layer))
    weights = rng.integers(-9, 10, weights_shape(layer))
    assert np.array_equal(run(name, layer, x, weights), forward_by_definition(layer, x, weights))


MODULES = {
    "im2col": im2col,
    "mec": mec,
    "depthwise": depthwise,
    "winograd": winograd_engine,
}
SMALL: dict[str, dict[str, Any]] = {
    "im2col": {"tile_bytes": 3000},
    "mec": {"tile_bytes": 9000},
    "depthwise": {"tile_bytes": 9000},
    "winograd": {"limits": winograd_engine.Limits(stage=12, most=60, many=2, kept=36 * 8 * 30)},
}
"""Little at a time, so that small layers too are cut."""


@pytest.mark.slow
@pytest.mark.parametrize("name", FAST)
@pytest.mark.parametrize("cores", [1, 2, 5])
@given(SQUARE | DEPTHWISE, st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_threads_and_small_pieces_change_nothing_but_rounding(
    name: str, cores: int, layer: ConvLayer, seed: int
) -> None:
    x, weights, bias = operands(layer, seed, "float64")
    done: list[int] = []
    assume(ALGORITHMS[name].refusal(layer) is None)
    if name in ("mec", "depthwise"):
        assume(MODULES[name].refusal(layer, **SMALL[name]) is None)
    y = np.empty(output_shape(layer))
    with pytest.MonkeyPatch.context() as patch:
        for at in (MODULES[name], job, threads):
            patch.setattr(at, "cores", lambda: cores)
        threads._pool.cache_clear()
        ALGORITHMS[name].fill(Job(layer, x, weights, bias, y, done.append), **SMALL[name])
    threads._pool.cache_clear()
    assert relative_difference(y, forward_by_scipy(layer, x, weights, bias)) <= 1e-12
    assert sum(done) == layer.output.cells * weights[0].size


@pytest.mark.parametrize("name", FAST)
def test_operands_of_any_type_and_order(name: str) -> None:
    groups = 3 if name == "depthwise" else 1
    layer = ConvLayer(input=(7, 6, 3), filter=3, pad=1, filters=6, groups=groups)
    rng = np.random.default_rng(1)
    x = rng.integers(0, 255, input_shape(layer)).astype("uint8")
    weights = rng.standard_normal(weights_shape(layer)).astype("float16")
    turned = np.asfortranarray(x), weights[::-1, ::-1][::-1, ::-1]
    y = forward(layer, *turned, algorithm=name)
    assert y.dtype == "float32"
    assert relative_difference(y, forward_by_scipy(layer, x, weights, None)) <= 2e-5


# Winograd's algorithm, by its own arithmetic


@pytest.mark.parametrize("taps", [2, 3, 4, 5])
def test_the_transforms_filter(taps: int) -> None:
    a, g, b = transforms.transforms(taps)
    rng = np.random.default_rng(taps)
    for _ in range(20):
        d, weights = rng.integers(-9, 10, 6), rng.integers(-9, 10, taps)
        expected = [sum(d[i + n] * weights[n] for n in range(taps)) for i in range(7 - taps)]
        assert np.allclose(a @ ((g @ weights) * (b @ d)), expected, atol=1e-12)


def test_the_transforms_are_nearly_exact() -> None:
    # at the point 2 away from the others: G divides by the distances to 0, 1, -1 and 1/2
    _, g, _ = transforms.transforms(3)
    distance = Fraction(-2) * -3 * -1 * Fraction(-5, 2)
    assert g[4].tolist() == [float(Fraction((-2) ** power) / distance) for power in range(3)]


@pytest.mark.parametrize(
    ("side", "depth", "filters", "filter", "most"),
    [(56, 64, 64, 3, 6e-6), (28, 256, 32, 3, 8e-6), (28, 64, 64, 5, 6e-6), (30, 64, 64, 4, 6e-6)],
)
@pytest.mark.parametrize("positive", [False, True], ids=["normal", "after a ReLU"])
def test_winograds_error_is_as_stated(
    side: int, depth: int, filters: int, filter: int, most: float, positive: bool
) -> None:
    layer = ConvLayer(input=(side, side, depth), filter=filter, pad=1, filters=filters)
    x, weights, _ = operands(layer, 3, "float32")
    x = np.abs(x) if positive else x
    exact = compare.reference(layer, x, weights, None)
    assert relative_difference(forward(layer, x, weights, algorithm="winograd"), exact) <= most


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        ("im2col", {"input": (56, 56, 256), "filter": 3, "pad": 1, "filters": 16}),
        ("im2col", {"input": (227, 227, 3), "filter": 11, "stride": 4, "filters": 32}),
        ("mec", {"input": (56, 56, 64), "filter": 3, "pad": 1, "filters": 16}),
        ("depthwise", {"input": (56, 56, 64), "filter": 5, "pad": 2, "filters": 64, "groups": 64}),
    ],
)
def test_plain_sums_are_off_by_less_than_stated(name: str, spec: dict[str, Any]) -> None:
    layer = ConvLayer(**spec)
    arrays = operands(layer, 3, "float32")
    exact = compare.reference(layer, *arrays)
    assert relative_difference(forward(layer, *arrays, algorithm=name), exact) < 2e-6


def counted(layer: ConvLayer, name: str) -> int:
    """Count the multiplications of all matrix products and element-wise sums of one pass."""
    found: list[int] = []
    lock = threading.Lock()

    class Counting:
        def __getattr__(self, attribute: str) -> Any:
            return getattr(np, attribute)

        def matmul(self, left: Array, right: Array, out: Array) -> None:
            np.matmul(left, right, out=out)
            with lock:
                found.append(out.size * left.shape[-1])

        def einsum(self, formula: str, seen: Array, *others: Array, **named: Any) -> Array:
            if "out" in named:  # the tables of a transform are not part of the pass
                found.append(seen.size)
            return np.einsum(formula, seen, *others, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MODULES[name], "np", Counting())
        x, weights, bias = operands(layer, 0, "float32")
        forward(layer, x, weights, bias, algorithm=name)
    return sum(found)


@pytest.mark.parametrize(
    ("name", "layer", "expected"),
    [
        # 5·5·3 positions and filters, 3·3·2 weights each
        ("im2col", ConvLayer(input=(7, 7, 2), filter=3, filters=3), 5 * 5 * 3 * 18),
        ("mec", ConvLayer(input=(7, 7, 2), filter=3, filters=3), 5 * 5 * 3 * 18),
        ("depthwise", ConvLayer(input=(7, 7, 2), filter=3, filters=2, groups=2), 5 * 5 * 2 * 9),
        # 2x2 tiles: 36 products each for 2 channels and 5 filters; B on 2 rows of tiles with
        # 10 columns, then on 4·6 columns; G⊗G on 9 taps; A on 4·6·5 columns, then on 4·4·5
        (
            "winograd",
            ConvLayer(input=(8, 8, 2), filter=3, pad=1, filters=5),
            36 * 4 * 10 + 36 * 2 * (2 * 10 + 4 * 6) + 36 * 9 * 10 + 24 * 4 * 5 * (6 + 4),
        ),
    ],
)
def test_multiplications_are_those_of_the_formula(
    name: str, layer: ConvLayer, expected: int
) -> None:
    assert ALGORITHMS[name].cost(layer).multiplications == expected
    assert counted(layer, name) == expected


@pytest.mark.parametrize(
    ("name", "spec", "expected"),
    [
        # 25 windows of 18 numbers in runs of 6, each as long as 16; and 54 weights
        ("im2col", {"input": (7, 7, 2), "filter": 3, "filters": 3}, 450 * 16 // 6 + 54),
        # with holes, and with groups, runs are the 2 channels
        ("im2col", {"input": (9, 9, 2), "filter": 3, "dilation": 2, "filters": 3}, 450 * 8 + 54),
        ("im2col", {"input": (7, 7, 4), "filter": 3, "groups": 2, "filters": 2}, 900 * 8 + 36),
        ("im2col", {"input": (4, 4, 20), "filter": 1, "filters": 2}, 40),  # pixels are windows
        # 5 strips of 7 rows and 6 numbers; the input; and half of 5 times 54 weights
        ("mec", {"input": (7, 7, 2), "filter": 3, "filters": 3}, 210 * 16 // 6 + 98 + 135),
        (
            "mec",
            {"input": (9, 7, 2), "filter": 3, "dilation": (2, 1), "filters": 3},
            210 * 8 + 126 + 135,
        ),
        ("depthwise", {"input": (7, 7, 2), "filter": 3, "filters": 2, "groups": 2}, 450),
        # 4 tiles, 2 channels, 5 filters: four stages of inputs, one of weights, three of sums
        ("winograd", {"input": (8, 8, 2), "filter": 3, "pad": 1, "filters": 5}, 36 * (102 + 2**14)),
    ],
)
def test_what_is_moved_is_by_the_formula(name: str, spec: dict[str, Any], expected: int) -> None:
    assert ALGORITHMS[name].cost(ConvLayer(**spec)).moved == expected


def test_the_definition_multiplies_what_the_formula_says() -> None:
    layer = ConvLayer(input=(4, 4, 2), filter=2, filters=3)
    assert ALGORITHMS["definition"].cost(layer) == (3 * 3 * 3 * 8, 0, 0)


# choosing


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"input": (224, 224, 64), "filter": 3, "pad": 1, "filters": 64}, "winograd"),
        ({"input": (224, 224, 3), "filter": 3, "pad": 1, "filters": 64}, "mec"),
        ({"input": (227, 227, 3), "filter": 11, "stride": 4, "filters": 96}, "im2col"),
        ({"input": (56, 56, 256), "filter": 1, "filters": 64}, "im2col"),
        ({"input": (112, 112, 64), "filter": 3, "filters": 64, "groups": 64}, "depthwise"),
    ],
)
def test_auto_chooses_by_the_layer(spec: dict[str, Any], expected: str) -> None:
    assert choose(ConvLayer(**spec)) == expected


@pytest.mark.slow
@given(layers() | SQUARE | DEPTHWISE)
def test_auto_chooses_what_can_run_and_costs_least(layer: ConvLayer) -> None:
    chosen = ALGORITHMS[choose(layer)]
    assert chosen.refusal(layer) is None
    for name in FAST:
        if ALGORITHMS[name].refusal(layer) is None:
            cost, least = ALGORITHMS[name].cost(layer), chosen.cost(layer)
            assert (
                least.multiplications + 20 * least.moved <= cost.multiplications + 20 * cost.moved
            )


@pytest.mark.parametrize(
    ("name", "spec", "message"),
    [
        ("fft", {}, "algorithm fft: is none that is known; give auto, definition, im2col, mec, "),
        ("winograd", {"stride": 2}, "algorithm winograd: cannot run it: tiles need stride 1 "),
        ("winograd", {"filter": (3, 5)}, "cannot run it: the filter is not square, of 2x2 to 5x5;"),
        ("winograd", {"filter": 6}, "cannot run it: the filter is not square, of 2x2 to 5x5;"),
        ("winograd", {"groups": 2}, "cannot run it: the layer has groups; give auto, definition, "),
        ("mec", {"dilation": 2}, "cannot run it: the rows of a dilated window do not adjoin;"),
        ("mec", {"groups": 2}, "cannot run it: the layer has groups; give auto, definition, "),
        ("mec", {"filters": 20000}, "its weights are too many to be read again for each row; "),
        ("mec", {"input": (10**6, 9, 4)}, "cannot run it: its rows are too long to be copied at"),
        ("depthwise", {}, "cannot run it: the layer is not depthwise, with a group for each "),
        ("depthwise", {"input": (10**6, 9, 4), "groups": 4}, "its rows are too long to be taken"),
    ],
)
def test_what_an_algorithm_cannot_run_is_refused(
    name: str, spec: dict[str, Any], message: str
) -> None:
    layer = ConvLayer(**{"input": (9, 9, 4), "filter": 3, "filters": 4} | spec)
    with pytest.raises(BadRequest) as refusal:
        choose(layer, name)
    assert message in str(refusal.value)


# workspace and threads


@pytest.mark.slow
@pytest.mark.parametrize(
    "spec",
    [
        {"input": (227, 227, 3), "filter": 11, "stride": 4, "filters": 96},
        {"input": (224, 224, 3), "filter": 3, "pad": 1, "filters": 64},
        {"input": (224, 224, 64), "filter": 3, "pad": 1, "filters": 64},
        {"input": (28, 28, 512), "filter": 3, "pad": 1, "filters": 512},
        {"input": (28, 28, 32), "filter": 5, "pad": 2, "filters": 96},
        {"input": (112, 112, 64), "filter": 3, "pad": 1, "filters": 64, "groups": 64},
        {"input": (8, 8, 3000), "filter": 3, "pad": 1, "filters": 300},
        {"input": (224, 224, 32), "filter": 11, "pad": 5, "filters": 32, "groups": 32},
        {"input": (60, 60, 8), "filter": 3, "filters": 4000},
    ],
    ids=str,
)
@pytest.mark.parametrize("cores", [2, 16])
def test_the_workspace_is_within_the_formula_and_32_mib(
    spec: dict[str, Any], cores: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = ConvLayer(**spec)
    x = np.ones(input_shape(layer), np.float32)
    weights = np.ones(weights_shape(layer), np.float32)
    for at in (im2col, mec, depthwise, winograd_engine, job, threads):
        monkeypatch.setattr(at, "cores", lambda: cores)
    threads._pool.cache_clear()
    for name in FAST:
        if ALGORITHMS[name].refusal(layer) is None:
            tracemalloc.start()
            try:
                y = forward(layer, x, weights, algorithm=name)
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
            limit = min(ALGORITHMS[name].cost(layer).workspace, 32 * 2**20)
            assert peak - y.nbytes <= limit, name
    threads._pool.cache_clear()


def product_threads() -> list[int]:
    """Threads of the library under NumPy; SciPy brings another, which no pass uses."""
    return [info["num_threads"] for info in threadpool_info() if "numpy" in info["filepath"]]


def test_products_are_single_threaded_during_a_pass_in_any_thread() -> None:
    layer = ConvLayer(input=(64, 64, 8), filter=3, pad=1, filters=8)
    arrays = operands(layer, 0, "float32")
    before = product_threads()

    def one_pass() -> None:
        seen: list[list[int]] = []
        forward(layer, *arrays, progress=lambda done: seen.append(product_threads()))
        assert seen
        assert seen == [[1] * len(before)] * len(seen)
        assert product_threads() == before

    one_pass()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(one_pass).result()


def test_passes_at_a_time_are_right_and_give_products_their_threads_back() -> None:
    layer = ConvLayer(input=(64, 64, 8), filter=3, pad=1, filters=8)
    arrays = operands(layer, 0, "float32")
    before, expected = product_threads(), forward_by_scipy(layer, *arrays)
    with ThreadPoolExecutor(4) as pool:
        outputs = list(pool.map(lambda _: forward(layer, *arrays), range(40)))
    assert all(relative_difference(output, expected) <= 1e-5 for output in outputs)
    assert product_threads() == before


@pytest.mark.parametrize("name", FAST)
def test_a_pass_that_is_interrupted_stops_and_cleans_up(name: str) -> None:
    class Interrupted(Exception):
        pass

    def interrupt(done: int) -> None:
        raise Interrupted

    groups = 8 if name == "depthwise" else 1
    layer = ConvLayer(input=(64, 64, 8), filter=3, pad=1, filters=8, groups=groups)
    arrays = operands(layer, 0, "float32")
    before = product_threads()
    with pytest.raises(Interrupted):
        forward(layer, *arrays, algorithm=name, progress=interrupt)
    assert product_threads() == before
    expected = forward_by_scipy(layer, *arrays)
    assert relative_difference(forward(layer, *arrays, algorithm=name), expected) <= 2e-5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_a_forked_process_has_helpers_of_its_own() -> None:
    layer = ConvLayer(input=(64, 64, 8), filter=3, pad=1, filters=8)
    arrays = operands(layer, 0, "float32")
    expected = forward(layer, *arrays)
    child = os.fork()
    if child == 0:
        os._exit(0 if np.array_equal(forward(layer, *arrays), expected) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


# the command


SPEC = "--input 20x18x6 --filter 3 --pad 1 --filters 8 --seed 1"


@pytest.mark.slow
def test_every_algorithm_gives_the_commands_output(run: Run, tmp_path: Path) -> None:
    outputs = {}
    for name in ["auto", "definition", "im2col", "mec", "winograd"]:
        path = tmp_path / f"{name}.npy"
        result = run(*f"forward {SPEC} --algorithm {name} --save {path} --format json".split())
        assert result.code == 0, result.err
        ran = json.loads(result.out)["algorithm"]
        assert ran == ("mec" if name == "auto" else name)
        outputs[name] = np.load(path)
    for output in outputs.values():
        assert relative_difference(output, outputs["definition"]) <= 2e-5


def test_the_screen_says_which_algorithm_ran(run: Run) -> None:
    assert "multiply-adds in float32, by mec\n" in run(*f"forward {SPEC}".split()).out


@pytest.mark.slow
def test_the_comparison(run: Run) -> None:
    record = json.loads(run(*f"forward {SPEC} --compare --format json".split()).out)
    rows = record["algorithms"]
    assert list(rows) == ["definition", "im2col", "mec", "winograd"]
    assert record["left_out"] == {
        "depthwise": "the layer is not depthwise, with a group for each depth slice"
    }
    assert record["algorithm"] == "mec"
    for name, row in rows.items():
        assert row["seconds"] > 0
        assert 0 <= row["difference"] <= (2e-5 if name == "winograd" else 2e-6)
        if name != "winograd":
            assert row["multiplications"] == 20 * 18 * 8 * 54
    assert rows["definition"]["workspace_bytes"] < rows["im2col"]["workspace_bytes"]


@pytest.mark.slow
def test_the_comparison_on_a_screen(run: Run) -> None:
    lines = run(*f"forward {SPEC} --compare".split()).out.splitlines()
    heading = lines.index(next(line for line in lines if "multiplications  workspace" in line))
    assert [line.split()[0] for line in lines[heading + 1 : heading + 5]] == [
        *("definition", "im2col", "mec", "winograd")
    ]
    assert "155,520" in lines[heading + 2]
    assert "auto chooses mec, by its cost" in lines


def test_the_definition_is_left_out_where_it_takes_long(run: Run) -> None:
    spec = "--input 227x227x3 --filter 11 --stride 4 --filters 96"
    record = json.loads(run(*f"forward {spec} --compare --format json".split()).out)
    assert "definition" not in record["algorithms"]
    assert record["left_out"]["definition"] == (
        "its loops are run up to 10,000,000 multiply-adds; asked for alone, it runs them"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            "--compare --save out.npy",
            "--compare goes without --save: it runs every algorithm, and keeps no output; "
            "leave out --compare or --save",
        ),
        (
            "--compare --tied",
            "--compare goes without --tied: it runs every algorithm, and keeps no output; "
            "leave out --compare or --tied",
        ),
        (
            "--algorithm mec --unshared",
            "--algorithm mec: is for shared layers; leave out --unshared",
        ),
        (
            "--algorithm strassen",
            "--algorithm strassen: is none that is known; give auto, definition, im2col, mec, "
            "winograd, depthwise",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(run: Run, options: str, message: str) -> None:
    result = run(*f"forward {SPEC} {options}".split())
    assert (result.code, result.out, result.err) == (2, "", f"convcalc: {message}\n")


def test_help_names_every_algorithm(run: Run) -> None:
    text = " ".join(run(*"forward --help".split()).out.split())
    assert all(name in text for name in ALGORITHMS)


@pytest.mark.slow
@given(layers(side=7, depth=2, filters=4) | DEPTHWISE, st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_the_reference_is_the_definition(layer: ConvLayer, seed: int) -> None:
    x, weights, bias = operands(layer, seed, "float32")
    found = compare.reference(layer, x, weights, bias)
    assert relative_difference(found, forward_by_definition(layer, x, weights, bias)) <= 1e-13


@pytest.mark.parametrize("name", FAST)
def test_steps_that_are_never_taken_may_be_any(name: str) -> None:
    groups = 2 if name == "depthwise" else 1
    layer = ConvLayer(input=(3, 3, 2), filter=3, filters=2, groups=groups)
    if name != "winograd":
        layer = layer.replace(stride=(10**30, 10**30))
    arrays = operands(layer, 0, "float64")
    expected = forward_by_definition(layer, *arrays)
    assert relative_difference(forward(layer, *arrays, algorithm=name), expected) <= 1e-12


@pytest.mark.parametrize(
    "layer",
    [
        ConvLayer(input=(100, 80, 16), filter=3, pad=1, filters=8),
        ConvLayer(input=(100, 80, 16), filter=3, pad=2, filters=32, groups=16),
        ConvLayer(input=(300, 20, 3), filter=5, stride=2, filters=40),
    ],
)
def test_the_reference_needs_the_memory_that_is_asked_for(layer: ConvLayer) -> None:
    arrays = operands(layer, 0, "float32")
    tracemalloc.start()
    try:
        compare.reference(layer, *arrays)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.5 * peak < compare.reference_bytes(layer)
    assert peak < compare.reference_bytes(layer) + 100_000


@pytest.mark.slow
def test_a_comparison_does_the_work_it_says(run: Run) -> None:
    layer = ConvLayer(input=(20, 18, 6), filter=3, pad=1, filters=8)
    done: list[int] = []
    operands_of_a_run = Operands(*operands(layer, 0, "float32"), "here", "there", 0)
    compare.compare(layer, operands_of_a_run, done.append)
    # the reference; one traced and five timed runs of three algorithms; the definition, twice
    assert sum(done) == compare.work(layer) == (1 + 3 * 6 + 2) * 20 * 18 * 8 * 54


CROPPED = [
    ("im2col", ConvLayer(input=(8, 8, 4), filter=3, filters=4)),
    ("mec", ConvLayer(input=(8, 8, 4), filter=3, filters=4)),
    ("winograd", ConvLayer(input=(8, 8, 4), filter=3, filters=4)),
    ("depthwise", ConvLayer(input=(8, 8, 4), filter=3, filters=4, groups=4)),
    ("depthwise", ConvLayer(input=(8, 8, 4), filter=3, filters=8, groups=4)),
]


@pytest.mark.parametrize(("name", "layer"), CROPPED, ids=str)
def test_parts_of_larger_arrays_are_fine(name: str, layer: ConvLayer) -> None:
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((*weights_shape(layer)[:3], layer.filter.depth + 2))
    for x in (
        rng.standard_normal((8, 8, 6))[:, :, :4],
        rng.standard_normal((8, 11, 4))[:, 2:10],
        rng.standard_normal((4, 8, 8)).transpose(1, 2, 0),
    ):
        part = weights[..., 1:-1]
        expected = forward_by_definition(layer, x, part)
        assert relative_difference(forward(layer, x, part, algorithm=name), expected) <= 1e-12


def test_a_comparison_that_overflows_is_one_sentence(run: Run, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.full((9, 9, 2), 3e38, np.float32))
    np.save(tmp_path / "w.npy", np.full((2, 3, 3, 2), 1e30, np.float32))
    for form in ("json", "table"):
        options = ["--weights", tmp_path / "w.npy", "--compare", "--format", form]
        code, out, err = run("forward", tmp_path / "x.npy", *options)
        assert (code, out) == (1, "")
        assert err == (
            "convcalc: the output by definition overflows float32; try float64 or smaller values\n"
        )


def test_a_helper_that_fails_stops_the_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "cores", lambda: 2)
    threads._pool.cache_clear()
    done: list[int] = []

    def work(item: int, own: Array) -> None:
        done.append(item)
        if item == 3:
            raise ValueError("three")

    with pytest.raises(ValueError, match="three"):
        threads.spread(work, range(10_000), 1, np.dtype(np.float32))
    threads._pool.cache_clear()
    assert len(done) < 10_000


def test_without_a_thread_to_start_the_caller_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def submit(self, *call: Any) -> None:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threads, "cores", lambda: 4)
    monkeypatch.setattr(threads, "_pool", Full)
    done: list[int] = []
    threads.spread(lambda item, own: done.append(item), range(9), 1, np.dtype(np.float32))
    assert done == list(range(9))


def test_a_relu_does_not_hide_an_overflow(run: Run, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.full((5, 5, 2), -3e38, np.float32))
    np.save(tmp_path / "w.npy", np.full((2, 3, 3, 2), 2, np.float32))
    options = ["--weights", tmp_path / "w.npy", "--relu"]
    for name in ("auto", "definition", "im2col"):
        code, out, err = run("forward", tmp_path / "x.npy", *options, "--algorithm", name)
        assert (code, out) == (1, "")
        assert err == ("convcalc: the output overflows float32; try float64 or smaller values\n")


def test_the_definition_is_rounded_to_the_type_asked_for() -> None:
    layer = ConvLayer(input=(5, 5, 2), filter=3, filters=2)
    arrays = operands(layer, 0, "float32")
    y = forward(layer, *arrays, algorithm="definition")
    assert y.dtype == "float32"
    assert np.array_equal(y, forward_by_definition(layer, *arrays).astype("float32"))
