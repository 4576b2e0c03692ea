"""`forward --at`: one neuron's arithmetic, against slices of a padded copy and the output."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from support.generated import layers
from support.reference import by_windows, forward_by_scipy, operands

from convcalc import ConvLayer
from convcalc.compute.data.own_weights import InHand, tied
from convcalc.compute.data.random import RandomUnshared
from convcalc.compute.experiments.forward_run import Operands, run_forward
from convcalc.compute.experiments.one_neuron import Place, cell_of
from convcalc.compute.tools.progress import nobody
from convcalc.shapes import output_shape, unshared_weights_shape

SMALL = "--input 9x8x2 --filter 3x2 --stride 2x1 --pad 1x0 --filters 4 --groups 2 --seed 3".split()


@pytest.mark.slow
@given(layers(), st.sampled_from(["shared", "unshared", "tied"]), st.booleans(), st.data())
@settings(max_examples=500)
def test_the_cell_is_the_outputs(
    layer: ConvLayer, sharing: str, relu: bool, data: st.DataObject
) -> None:
    x, weights, bias = operands(layer, 0, "float64")
    own, expected = None, forward_by_scipy(layer, x, weights, bias)
    everyones = np.broadcast_to(weights, unshared_weights_shape(layer))
    if sharing == "unshared":
        rng = np.random.default_rng(5)
        everyones = rng.standard_normal(unshared_weights_shape(layer))
        bias = rng.standard_normal(output_shape(layer)) if layer.bias else None
        own, expected = InHand(everyones), by_windows(layer, x, everyones, bias)
    elif sharing == "tied":
        own = tied(layer, weights)
        bias = None if bias is None else np.broadcast_to(bias, output_shape(layer))
    width, height, depth = layer.output
    column, row, k = (data.draw(st.integers(0, size - 1)) for size in (width, height, depth))
    run = run_forward(
        layer, Operands(x, weights, bias, "", "", 0, own, sharing == "tied"), relu, nobody
    )
    cell = cell_of(run, Place(column, row, k))

    value = max(expected[row, column, k], 0) if relu else expected[row, column, k]
    assert cell.value == pytest.approx(value, abs=1e-12)
    assert cell.output == pytest.approx(value, abs=1e-12)
    # the expressions mean what they say
    names: dict[str, Any] = {"np": np, "x": x, "w": weights if own is None else everyones}
    names["padded"] = eval(cell.padded, names) if cell.padded else None
    assert np.array_equal(eval(cell.seen, names), cell.window)
    assert np.array_equal(eval(cell.used, names), cell.weights)
    assert np.array_equal(cell.products, cell.window * cell.weights)
    assert cell.sum == pytest.approx(sum(cell.products.ravel().tolist()), abs=1e-12)
    own_bias = 0 if bias is None else bias[..., k] if bias.ndim == 1 else bias[row, column, k]
    assert cell.bias == own_bias
    # every other cell that has the very same weights and bias at its disposal
    assert cell.others == len([1 for _ in np.ndindex(height, width)]) - 1
    assert bool(cell.padded) == any(layer.pad)


@pytest.mark.slow
@given(layers(), st.data())
def test_random_unshared_weights_are_those_that_ran(layer: ConvLayer, data: st.DataObject) -> None:
    x, weights, bias = operands(layer, 0, "float32")
    bias = None if bias is None else np.zeros(output_shape(layer), np.float32)
    own = RandomUnshared(layer, 4, np.dtype("float32"))
    run = run_forward(layer, Operands(x, weights, bias, "", "", 4, own), False, nobody)
    place = [data.draw(st.integers(0, size - 1)) for size in layer.output]
    cell = cell_of(run, Place(*place))
    assert cell.value == pytest.approx(cell.output, abs=1e-4)
    assert cell.output == run.output[place[1], place[0], place[2]]


def record(run: Run, *arguments: object) -> dict[str, Any]:
    code, out, err = run("forward", *arguments, "--format", "json")
    assert code == 0, err
    loaded: dict[str, Any] = json.loads(out)
    return loaded


def test_by_hand(run: Run, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.arange(1.0, 13.0).reshape(3, 4, 1))
    np.save(tmp_path / "w.npy", np.array([[1.0, -1.0], [2.0, 0.5]]).reshape(1, 2, 2, 1))
    np.save(tmp_path / "b.npy", np.array([0.25]))
    words = ["forward", tmp_path / "x.npy", "--weights", tmp_path / "w.npy"]
    words += ["--bias", tmp_path / "b.npy", "--at", "2,1,0"]
    # rows 1 and 2, columns 2 and 3: 7·1 − 8·1 + 11·2 + 12·0.5 = 27, and 0.25
    assert run(*words).out == (
        "4x3x1 → 3x2x1: 1 filter of 2x2x1, stride 1, pad 0\n"
        "\n"
        f"input: {tmp_path}/x.npy\n"
        f"weights: {tmp_path}/w.npy\n"
        "\n"
        "column 2, row 1, slice 0: in NumPy output[1, 2, 0]\n"
        "it sees x[1:3, 2:4, 0:1] and multiplies with w[0]\n"
        "\n"
        "depth 0\n"
        "input   weights   products\n"
        " 7  8     1  -1    7 -8\n"
        "11 12     2 0.5   22  6\n"
        "sum of the products: 27\n"
        "\n"
        "with the bias: 27 + 0.25 = 27.25\n"
        "output[1, 2, 0] has 27.25, in float32; rounding has it off by 0\n"
        "\n"
        "Shared: 5 other cells of depth slice 0 (3·2 − 1) use the same 4 weights.\n"
        "Unshared, no other cell would.\n"
    )
    found = record(run, *words[1:])["cell"]
    assert found == {
        "at": {"column": 2, "row": 1, "slice": 0},
        "index": [1, 2, 0],
        "padded": None,
        "input_slice": "x[1:3, 2:4, 0:1]",
        "weights_slice": "w[0]",
        "inputs": [[[7], [8]], [[11], [12]]],
        "weights": [[[1], [-1]], [[2], [0.5]]],
        "products": [[[7], [-8]], [[22], [6]]],
        "sum": 27,
        "bias": 0.25,
        "value": 27.25,
        "output": 27.25,
        "other_cells": {"shared": 5, "unshared": 0},
    }


def test_who_else_uses_the_weights_and_relu(run: Run) -> None:
    spec = ["forward", *SMALL, "--at", "4,6,3"]
    # floor((9 − 3 + 2)/2) + 1 = 5 columns, 8 − 2 + 1 = 7 rows: 35 cells in a slice
    said = " ".join(run(*spec).out.split())
    assert "Shared: 34 other cells of depth slice 3 (5·7 − 1) use the same 6 weights." in said
    said = " ".join(run(*spec, "--unshared").out.split())
    assert "Unshared: no other cell uses these 6 weights. Shared, 34 other cells" in said
    said = " ".join(run(*spec, "--tied").out.split())
    assert "Tied: the 6 weights are this cell's own, a copy of what 34 other cells" in said
    outputs = [record(run, *SMALL, "--at", f"{n},0,0")["cell"] for n in range(5)]
    negative = next(n for n, one in enumerate(outputs) if one["output"] < 0)
    cut = run("forward", *SMALL, "--at", f"{negative},0,0", "--relu").out
    assert re.search(r"ReLU: max\(0, -[0-9.]+\) = 0\n", cut)
    assert record(run, *SMALL, "--at", f"{negative},0,0", "--relu")["cell"]["value"] == 0


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_it_keeps_to_the_width(columns: int, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("--version")
    monkeypatch.setenv("COLUMNS", str(columns))
    for size in (2, 3, 5, 6, 11):
        spec = f"--input 20x20x9 --filter {size} --pad 2 --filters 1 --seed 1 --at 0,4,0".split()
        out = run("forward", *spec).out
        assert max(map(len, out.splitlines())) <= columns
        assert ("…" in out) == (size > 5)
        assert out.count("sum of the products") == 3
        assert "of the 6 other depths" in " ".join(out.split())


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("5,0,0", "--at 5,0,0: there is no column 5; columns are 0 to 4"),
        ("0,7,0", "--at 0,7,0: there is no row 7; rows are 0 to 6"),
        ("0,0,4", "--at 0,0,4: there is no slice 4; slices are 0 to 3"),
        ("-1,0,0", "--at -1,0,0: there is no column -1; columns are 0 to 4"),
        ("3,4", "--at 3,4: is 2 of the 3 numbers needed"),
        ("a,0,0", "--at a,0,0: has a part that is not a whole number (a)"),
        ("", "--at '': is not a whole number"),
    ],
)
def test_no_such_cell_is_refused_by_name(at: str, message: str, run: Run) -> None:
    remedy = "give COLUMN,ROW,SLICE of the output 5x7x4, for example 0,0,0"
    assert run("forward", *SMALL, "--at", at) == (2, "", f"convcalc: {message}; {remedy}\n")


def test_a_far_tap_takes_no_memory() -> None:
    """Pad and dilation so large that the window as a block would fill any machine."""
    layer = ConvLayer(input=(1, 1, 1), filter=3, dilation=10**9, pad=10**9, filters=1)
    x, weights = np.full((1, 1, 1), 2.0), np.arange(9.0).reshape(1, 3, 3, 1)
    run = run_forward(layer, Operands(x, weights, None, "", "", 0), False, nobody)
    cell = cell_of(run, Place(0, 0, 0))
    assert cell.sum == 2 * 4
    assert cell.seen == "padded[0:2000000001:1000000000, 0:2000000001:1000000000, 0:1]"
