"""`convcalc params`: golden outputs, whose figures are added up again by the tests."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.cases import CASES, NOTES
from support.generated import layers, parsed_layer, windows_of

from convcalc import ConvLayer

GOLDEN = Path(__file__).parents[1] / "golden"

FORMATS = ("table", "json", "csv", "markdown", "latex")


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("form", FORMATS)
def test_output_is_as_agreed(name: str, form: str, run: Run, pytestconfig: pytest.Config) -> None:
    code, out, err = run("params", *CASES[name].split(), "--format", form)
    assert code == 0
    path = GOLDEN / f"{name}.{form}.txt"
    text = out + (f"--- stderr\n{err}" if err else "")
    if pytestconfig.getoption("--update"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_table_at_every_width(
    width: int, run: Run, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    run("--version")
    monkeypatch.setenv("COLUMNS", str(width))
    _, out, _ = run("params", *NOTES.split())
    assert max(map(len, out.splitlines())) <= width
    assert len(out.splitlines()) <= 24, "it has to fit on one screen"
    path = GOLDEN / f"notes.{width}.txt"
    if pytestconfig.getoption("--update"):
        path.write_text(out, encoding="utf-8")
    assert out == path.read_text(encoding="utf-8")


def figures(text: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)]


def expected_counts(name: str) -> tuple[int, int, int, list[tuple[int, int]]]:
    """Neurons, positions, multiply-adds and the ladder's weights and biases, from windows."""
    layer = parsed_layer(**spec_of(CASES[name]))
    if name == "thirty_digits":
        positions = 249999999999999999999999999998**2
    else:
        across, down = windows_of(layer)
        positions = len(across) * len(down)
    neurons = positions * layer.filters
    per_neuron = layer.filter.width * layer.filter.height * (layer.input.depth // layer.groups)
    inputs = layer.input.width * layer.input.height * layer.input.depth
    bias = 0 if "--no-bias" in CASES[name] else 1
    return (
        neurons,
        positions,
        neurons * per_neuron,
        [
            (neurons * inputs, neurons * bias),
            (neurons * per_neuron, neurons * bias),
            (layer.filters * per_neuron, layer.filters * bias),
        ],
    )


def spec_of(command: str) -> dict[str, Any]:
    words = command.replace("--no-bias", "--bias ").split()
    options = dict(re.findall(r"--(\w+) (\S+)", command))
    options.pop("dtype", None)
    return options | ({"bias": False} if "--bias" in words else {})


@pytest.mark.parametrize("name", CASES)
def test_golden_figures_add_up(name: str) -> None:
    neurons, positions, multiply_adds, rungs = expected_counts(name)
    size = {"float16": 2}.get(spec_dtype(name), 4)

    record = json.loads((GOLDEN / f"{name}.json.txt").read_text().split("--- stderr")[0])
    assert (record["neurons"], record["multiply_adds"]) == (neurons, multiply_adds)
    assert record["sharing_factor"] == positions
    for key, (weights, biases) in zip(
        ("fully_connected", "unshared", "shared"), rungs, strict=True
    ):
        total = weights + biases
        assert record["parameters"][key] == {
            "weights": weights,
            "biases": biases,
            "total": total,
            "bytes": size * total,
            "multiply_adds": multiply_adds if key == "shared" else weights,
        }

    text = (GOLDEN / f"{name}.csv.txt").read_text().split("--- stderr")[0]
    for row, (weights, biases) in zip(csv.DictReader(io.StringIO(text)), rungs, strict=True):
        assert (int(row["weights"]), int(row["biases"])) == (weights, biases)
        assert int(row["parameters"]) == weights + biases
        assert int(row["bytes"]) == size * (weights + biases)
        assert int(row["neurons"]) == neurons

    for form in ("markdown", "table", "latex"):
        text = (GOLDEN / f"{name}.{form}.txt").read_text(encoding="utf-8")
        found = set(figures(text.replace("{,}", ",")))
        wanted = {neurons, positions, multiply_adds}
        for weights, biases in rungs:
            wanted |= {weights, biases, weights + biases} - {0}
        assert wanted <= found, f"{form} lacks {wanted - found}"


def spec_dtype(name: str) -> str:
    match = re.search(r"--dtype (\w+)", CASES[name])
    return match[1] if match else "float32"


@pytest.mark.slow
@given(layers(side=30), st.sampled_from([("float16", 2), ("float32", 4), ("float64", 8)]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_json_says_what_sliding_finds(run: Run, layer: ConvLayer, dtype: tuple[str, int]) -> None:
    code, out, err = run(
        "params",
        "--format",
        "json",
        "--dtype",
        dtype[0],
        "--input",
        layer.input,
        "--filter",
        f"{layer.filter.width}x{layer.filter.height}",
        "--stride",
        f"{layer.stride.x}x{layer.stride.y}",
        "--pad",
        "x".join(map(str, layer.pad)),
        "--filters",
        layer.filters,
        "--dilation",
        f"{layer.dilation.x}x{layer.dilation.y}",
        "--groups",
        layer.groups,
        *([] if layer.bias else ["--no-bias"]),
    )
    across, down = windows_of(layer)
    left_over = (
        layer.input.width + layer.pad.right - 1 - across[-1][-1],
        layer.input.height + layer.pad.bottom - 1 - down[-1][-1],
    )
    record = json.loads(out)
    assert code == 0
    assert record["output"] == {"width": len(across), "height": len(down), "depth": layer.filters}
    assert (record["fit"]["unused_columns"], record["fit"]["unused_rows"]) == left_over
    assert record["fit"]["exact"] == (left_over == (0, 0))
    assert ("never looked at" in err) == (left_over != (0, 0))
    per_neuron = layer.filter.width * layer.filter.height * layer.input.depth // layer.groups
    shared = layer.filters * (per_neuron + layer.bias)
    assert record["parameters"]["shared"]["bytes"] == dtype[1] * shared
    assert record["parameters"]["unshared"]["total"] == shared * len(across) * len(down)


def test_json_has_the_agreed_keys(run: Run) -> None:
    record = json.loads(run("params", *NOTES.split(), "--format", "json").out)
    assert list(record) == [
        "dimensions",
        "input",
        "filter",
        "filters",
        "stride",
        "dilation",
        "pad",
        "groups",
        "bias",
        "output",
        "fit",
        "neurons",
        "weights_per_neuron",
        "multiply_adds",
        "flops",
        "parameters",
        "padded",
        "weights_shape",
        "im2col",
        "sharing_factor",
        "multiplications",
        "additions",
        "operations",
        "connections",
        "activations",
        "training",
    ]
    assert record["dimensions"] == 2
    assert record["filter"] == {"width": 11, "height": 11, "depth": 3}
    assert record["stride"] == {"x": 4, "y": 4}
    assert record["pad"] == {"left": 0, "right": 0, "top": 0, "bottom": 0}
    assert record["fit"] == {
        "exact": True,
        "width": "55",
        "height": "55",
        "unused_columns": 0,
        "unused_rows": 0,
    }


def test_a_misfit_in_json_is_an_exact_fraction(run: Run) -> None:
    record = json.loads(run("params", *CASES["misfit"].split(), "--format", "json").out)
    assert record["fit"] == {
        "exact": False,
        "width": "217/4",
        "height": "217/4",
        "unused_columns": 1,
        "unused_rows": 1,
    }


def test_strict_refuses_a_misfit(run: Run) -> None:
    code, out, err = run("params", *CASES["misfit"].split(), "--strict")
    assert (code, out) == (2, "")
    assert err == (
        "convcalc: --stride 4: (224 − 11 + 2·0)/4 + 1 = 213/4 + 1 = 54.25, floored to 54 "
        "(width, height): the last column and the last row are never looked at; "
        "what fits: --pad same, --stride 3, --input 223x223x3 or 227x227x3\n"
    )
    assert run("params", *NOTES.split(), "--strict").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            "--filter 11 --filters 96",
            "--input is missing; give WIDTHxHEIGHTxDEPTH, for example 227x227x3, "
            "or LENGTHxCHANNELS such as 60x1",
        ),
        (
            "--input 9x9x1 --filters 96",
            "--filter is missing; give a size such as 11, or WIDTHxHEIGHT such as 5x3",
        ),
        ("--input 9x9x1 --filter 3", "--filters is missing; give how many, for example 96"),
        (
            "--input 9 --filter 3 --filters 1",
            "--input 9: is 1 number where 2 or 3 are needed; "
            "give WIDTHxHEIGHTxDEPTH, for example 227x227x3, or LENGTHxCHANNELS such as 60x1",
        ),
        (
            "--input 9x9x1 --filter 3 --filters 1 --stride -1",
            "--stride -1: must be at least 1; "
            "give a number from 1 up, or one each along width and height such as 2x1",
        ),
        (
            "--input 9x9x1 --filter 3 --filters 1 --format xml",
            "--format xml: is none of the choices; give table, json, csv, markdown or latex",
        ),
        ("--inptu 9x9x1", "--inptu: is no option of params; the nearest is --input"),
    ],
)
def test_refusals_name_the_option(arguments: str, message: str, run: Run) -> None:
    assert run("params", *arguments.split()) == (2, "", f"convcalc: {message}\n")
