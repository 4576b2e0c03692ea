"""The forward pass against what people would run instead.

    python tests/benchmarks/forward.py [--threads N] [--save FILE.json] [--chart FILE.png]

Every contender has a process of its own, the same float32 data and the same number of threads;
they take turns, and a figure is the median over the rounds. What is not installed is named.
With `--save` the tables of the page beside the file are written anew. About four minutes.
"""

import argparse
import os
import platform
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from chart import draw
from contenders import CONTENDERS, data_of, installed, layer_of
from growth import growth
from page import algorithms_table, growth_table, keep, peers_table, report
from ratios import OWN
from workers import Worker, race, team

from convcalc import ConvLayer
from convcalc.compute.forward.choose import choose
from convcalc.compute.tools.threads import cores
from convcalc.errors import BadRequest
from convcalc.shapes import Array, output_shape

LAYERS = (
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
    "112x112x64 F3 P1 K64 G64",
)


def reference(layer: ConvLayer) -> Array:
    """Return the output in float64: for each tap, what it sees times its weights."""
    x, weights, bias = (array.astype(np.float64) for array in data_of(layer))
    (left, right, top, bottom), (across, down) = layer.pad, layer.stride
    padded = np.pad(x, ((top, bottom), (left, right), (0, 0)))
    height, width, filters = output_shape(layer)
    output = np.zeros((height, width, layer.groups, filters // layer.groups))
    for i in range(layer.filter.height):
        for j in range(layer.filter.width):
            seen = padded[i : i + height * down : down, j : j + width * across : across]
            seen = seen[:height, :width].reshape(height, width, layer.groups, -1)
            taps = weights[:, i, j].reshape(layer.groups, filters // layer.groups, -1)
            output += np.einsum("hwgd,gkd->hwgk", seen, taps, optimize=True)
    return output.reshape(height, width, filters) + bias


def checked(worker: Worker, layer: str, exact: Array) -> float:
    """Return a contender's largest difference from the exact output, over the largest output."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "output.npy"
        worker.ask("output", layer=layer, path=str(path))
        output = np.load(path)
    assert output.shape == exact.shape, f"{worker.name}: {output.shape}"
    assert output.dtype == np.float32, f"{worker.name}: {output.dtype}"
    return float(f"{np.abs(output - exact).max() / np.abs(exact).max():.2g}")


def run(workers: dict[str, Worker], layer: str, rounds: int, seconds: float) -> dict[str, Any]:
    """Return all figures of a layer."""
    spec = layer_of(layer)
    able = [name for name in workers if CONTENDERS[name].runs(spec)]
    exact = reference(spec)
    return {
        "chosen": choose(spec),
        "difference": {name: checked(workers[name], layer, exact) for name in able},
        "workspace": {
            name: workers[name].ask("workspace", layer=layer)
            for name in able
            if name in ("auto", *OWN)
        },
        "ms": race(workers, layer, rounds, seconds),
    }


def surroundings(threads: int) -> dict[str, Any]:
    """Return the machine and the versions of what takes part."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    versions = {"Python": platform.python_version(), "NumPy": np.__version__}
    versions[blas["name"]] = blas["version"]
    for package in ("torch", "torchinfo", "jax", "flax", "onnxruntime", "scipy"):
        if found := installed(package):
            versions[package] = found
    machine = {"processor": processor(), "cores": os.cpu_count(), "threads": threads}
    return {"machine": machine, "versions": versions}


def processor() -> str:
    """Return what the processor calls itself, and the widest arithmetic it has."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    known = dict(line.split(":", 1) for line in reversed(lines) if ":" in line)
    known = {name.strip(): text.strip() for name, text in known.items()}
    flags = known.get("flags", "").split()
    wide = [label for flag, label in WIDE.items() if flag in flags]
    return " with ".join([known.get("model name", platform.machine()), *wide[:1]])


WIDE = {"avx512f": "AVX-512", "avx2": "AVX2", "avx": "AVX"}


def options() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=cores(), help="default: all cores")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.2, help="for each turn")
    parser.add_argument("--layers", nargs="+", default=LAYERS, help='such as "56x56x256 F1 K64"')
    parser.add_argument("--no-growth", dest="growth", action="store_false")
    parser.add_argument("--save", type=Path, help="write all figures here, and the page's tables")
    parser.add_argument("--chart", type=Path, help="draw the ratios to torch here")
    asked = parser.parse_args()
    if not 1 <= asked.threads <= cores():
        parser.error(f"--threads {asked.threads}: this process may use 1 to {cores()}")
    if asked.rounds < 1:
        parser.error(f"--rounds {asked.rounds}: at least 1")
    for path in filter(None, (asked.save, asked.chart)):
        if not path.parent.is_dir():
            parser.error(f"{path}: there is no folder {path.parent}")
    if asked.chart and CONTENDERS["torch"].missing():
        parser.error("--chart: torch is not installed, and its time is the measure")
    for layer in asked.layers:
        try:
            layer_of(layer)
        except (BadRequest, KeyError, TypeError, ValueError):
            parser.error(f"--layers {layer!r}: give layers such as {LAYERS[1]!r}")
    return asked


def main() -> None:
    """Run everything, print it, and keep it where asked to."""
    asked = options()
    missing = {name: who.missing() for name, who in CONTENDERS.items()}
    figures = surroundings(asked.threads)
    figures["missing"] = [name for name, packages in missing.items() if packages]
    figures |= {"rounds": asked.rounds, "seconds": asked.seconds}
    for name in figures["missing"]:
        print(f"{name} takes no part: {' and '.join(missing[name])} not installed")
    present = [name for name, packages in missing.items() if not packages]
    with team(present, asked.threads) as workers:
        figures["layers"] = {}
        for layer in asked.layers:
            figures["layers"][layer] = run(workers, layer, asked.rounds, asked.seconds)
            print(report(layer, figures["layers"][layer]), flush=True)
        if asked.growth:
            figures["growth"] = growth(workers, asked.rounds, asked.seconds / 2)
    for table in (peers_table, algorithms_table, *([growth_table] if asked.growth else [])):
        print("\n" + table(figures), end="")
    if asked.save:
        keep(asked.save, figures)
    if asked.chart:
        draw(figures, asked.chart)


if __name__ == "__main__":
    main()
