"""docs/performance.md shows no figure that its medians do not give; and the benchmark runs."""

import importlib.util
import json
import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.generated import parsed_layer

from convcalc import ConvLayer
from convcalc.compute.forward.choose import ALGORITHMS, choose

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
FIGURES: dict[str, Any] = json.loads((ROOT / "docs" / "performance.json").read_bytes())
LAYERS: dict[str, Any] = FIGURES["layers"]
DENSE = [
    "227x227x3 F11 S4 K96",
    "224x224x3 F7 S2 P3 K64",
    "224x224x3 F3 P1 K64",
    "224x224x64 F3 P1 K64",
    "112x112x128 F3 P1 K128",
    "56x56x256 F3 P1 K256",
    "28x28x512 F3 P1 K512",
    "14x14x512 F3 P1 K512",
    "56x56x256 F1 K64",
    "28x28x32 F5 P2 K96",
]
DEPTHWISE = "112x112x64 F3 P1 K64 G64"


def section(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    assert found
    return found[1]


def table(name: str) -> dict[str, dict[str, str]]:
    """The cells of a table by the first cell of their row and by their head."""
    lines = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in section(name).splitlines()
    ]
    heads, _, *rows = lines
    return {row[0]: dict(zip(heads[1:], row[1:], strict=True)) for row in rows}


def over(layer: str, name: str, others: list[str]) -> float | None:
    ms = LAYERS[layer]["ms"]
    times = [ms[other] for other in others if other in ms]
    return ms[name] / min(times) if times and name in ms else None


def shown(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.1g}"


def test_the_layers_are_those_of_the_benchmark() -> None:
    assert list(LAYERS) == [*DENSE, DEPTHWISE]


PEERS = {
    "torch": ["torch"],
    "torch, better layout": ["torch", "torch channels_last"],
    "JAX": ["JAX"],
    "ONNX Runtime": ["ONNX Runtime"],
    "SciPy": ["SciPy"],
}


@pytest.mark.parametrize("head", PEERS)
def test_each_ratio_to_another_library_is_that_of_the_medians(head: str) -> None:
    column = {layer: cells[head] for layer, cells in table("peers").items()}
    ratios = {layer: over(layer, "auto", PEERS[head]) for layer in LAYERS}
    of_dense = [ratios[layer] for layer in DENSE]
    mean = worst = None
    if all(of_dense):
        mean = math.prod(of_dense) ** (1 / 10)
        worst = sorted(of_dense)[-1]
    expected = {layer: shown(ratio) for layer, ratio in ratios.items()}
    assert column == expected | {
        "geometric mean, dense": shown(mean),
        "largest, dense": shown(worst),
    }


def test_each_figure_of_an_algorithm_is_that_of_the_medians() -> None:
    own = [name for name in ALGORITHMS if name != "definition"]
    rows = table("algorithms")
    largest = rows.pop("largest")
    assert list(rows) == list(LAYERS)
    for layer, cells in rows.items():
        figures = LAYERS[layer]
        expected = {head: shown(over(layer, head.strip("`"), own)) for head in [*own, "`auto`"]}
        expected["`auto` took"] = figures["chosen"]
        expected["workspace"] = f"{figures['workspace']['auto'] / 1024 / 1024:.1f}"
        expected["difference"] = f"{figures['difference']['auto']:.1e}"
        expected["torch's"] = f"{figures['difference']['torch']:.1e}"
        assert cells == expected
    for head in ["`auto`", "workspace", "difference", "torch's"]:
        assert largest.pop(head) == max((cells[head] for cells in rows.values()), key=float)
    assert not any(largest.values())


def test_each_exponent_is_the_slope_of_the_logarithms() -> None:
    rows = table("growth")
    assert list(rows) == list(FIGURES["growth"])
    for what, cells in rows.items():
        sizes = FIGURES["growth"][what]["sizes"]
        multiply_adds = [layer_of(text).multiply_adds for text in FIGURES["growth"][what]["layers"]]
        slopes = {"multiply-adds": slope(sizes, multiply_adds)}
        for name, times in FIGURES["growth"][what]["ms"].items():
            slopes[name] = slope(sizes, times)
        assert cells.pop("from") == f"{sizes[0]} to {sizes[-1]}"
        assert float(cells.pop("multiply-adds")) == pytest.approx(slopes.pop("multiply-adds"))
        assert cells == {name: shown(value) for name, value in slopes.items()}


def test_each_ratio_of_whole_processes_is_that_of_the_medians() -> None:
    ms = FIGURES["startup"] | FIGURES["unshared"]
    lines = [line.split("|")[1:-1] for line in section("processes").splitlines()[2:]]
    rows = [[cell.strip() for cell in line] for line in lines]
    assert [(own, other) for own, other, _ in rows] == [
        ("params --format json", "click"),
        ("params", "click and a rich table"),
        ("params", "torchinfo"),
        ("convcalc, the notes' layer", "torch, the notes' layer"),
        ("convcalc, the notes' layer", "flax, the notes' layer"),
    ]
    for own, other, ratio in rows:
        assert ratio == shown(ms[own] / ms[other])


def slope(sizes: list[float], times: list[float]) -> float:
    """The least-squares line through the logarithms, by its formula."""
    xs, ys = [math.log(size) for size in sizes], [math.log(time) for time in times]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    above = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True))
    return above / sum((a - x) ** 2 for a in xs)


def layer_of(text: str) -> ConvLayer:
    """A layer from its name, read here for itself."""
    found = re.fullmatch(r"(\d+x\d+x\d+) F(\d+)(?: S(\d+))?(?: P(\d+))? K(\d+)(?: G(\d+))?", text)
    assert found, text
    volume, filter, stride, pad, filters, groups = found.groups()
    return parsed_layer(
        input=volume,
        filter=filter,
        filters=filters,
        stride=stride or "1",
        pad=pad or "0",
        groups=groups or "1",
    )


def test_the_machine_and_the_versions_are_those_of_the_run() -> None:
    text, machine = " ".join(section("machine").split()), FIGURES["machine"]
    assert text.startswith(
        f"{machine['processor']}, {machine['cores']} cores; {machine['threads']} threads."
    )
    for name, version in FIGURES["versions"].items():
        assert f"{name} {version}" in text
    assert f"Medians of {FIGURES['rounds']} rounds, with turns of {FIGURES['seconds']:g} s" in text


def test_auto_still_takes_what_it_took() -> None:
    """If not, the page is out of date: run the benchmark again."""
    taken = {layer: choose(layer_of(layer)) for layer in LAYERS}
    assert taken == {layer: figures["chosen"] for layer, figures in LAYERS.items()}


def test_all_outputs_were_right_and_the_workspace_small() -> None:
    for figures in LAYERS.values():
        assert set(figures["difference"]) == set(figures["ms"])
        assert max(figures["difference"].values()) <= 2e-5
        assert max(figures["workspace"].values()) <= 32 * 2**20


SMALL = ["9x8x6 F3 P1 K4", "9x9x6 F3 S2 P1 K12 G6", "9x9x4 F1 S2 K8 G2"]


@pytest.mark.slow
def test_the_benchmark_runs(tmp_path: Path) -> None:
    """Without peers too: they are named, and every output is compared."""
    script = ROOT / "tests" / "benchmarks" / "forward.py"
    page, saved = tmp_path / "figures.md", tmp_path / "figures.json"
    markers = ["machine", "peers", "algorithms", "growth", "processes"]
    page.write_text("".join(f"<!-- {name} -->\nold\n<!-- end -->\n" for name in markers))
    saved.write_text('{"startup": {"params": 3, "torchinfo": 8}}')
    asked = [*"--rounds 1 --seconds 0 --no-growth --save".split(), saved, "--layers", *SMALL]
    done = subprocess.run([sys.executable, script, *asked], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    figures = json.loads(saved.read_bytes())
    assert list(figures["layers"]) == SMALL
    for name, package in [("torch", "torch"), ("JAX", "jax"), ("SciPy", "scipy")]:
        absent = importlib.util.find_spec(package) is None
        assert (name in figures["missing"]) == absent == (f"{name} takes no part" in done.stdout)
    for layer, took_part in zip(SMALL, ["winograd", "depthwise", "im2col"], strict=True):
        row = figures["layers"][layer]
        assert {"auto", "im2col", took_part} <= set(row["difference"]) == set(row["ms"])
        assert 0 <= max(row["difference"].values()) < 1e-5
        assert f"| {layer} " in page.read_text()
    assert "old" not in page.read_text()
    assert figures["startup"] == {"params": 3, "torchinfo": 8}
    assert re.search(r"\| params +\| torchinfo +\| 0.38 \|", page.read_text())


def test_the_benchmark_compares_with_the_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    from convcalc.compute.forward.definition import forward_by_definition

    monkeypatch.syspath_prepend(ROOT / "tests" / "benchmarks")
    contenders = importlib.import_module("contenders")
    benchmark = importlib.import_module("forward")
    for text in SMALL:
        layer = layer_of(text)
        x, weights, bias = contenders.data_of(layer)
        exact = forward_by_definition(layer, *(array.astype(float) for array in (x, weights, bias)))
        assert abs(benchmark.reference(layer) - exact).max() < 1e-12
