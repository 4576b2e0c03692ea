"""Unshared layers: whole processes against torch, VGG's second layer, and reading memory once.

    python tests/benchmarks/unshared.py [--rounds N] [--save docs/performance.json]

Contenders take turns in processes of their own; figures are medians, the ratios are what counts.
torch and Flax take part where they are installed. Peak memory is each process's own.
"""

import importlib.util
import os
import subprocess
import sys
import time
from statistics import median

import numpy as np
from page import keep, process_options
from ratios import in_milliseconds

from convcalc import ConvLayer, forward_unshared
from convcalc.shapes import input_shape, unshared_weights_shape

NOTES = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
VGG = ConvLayer(input=(224, 224, 64), filter=3, pad=1, filters=64)
CONVCALC = "from convcalc.__main__ import main; main({!r}.split())"
OWN = "convcalc, the notes' layer"
TORCH = """
import torch
torch.set_num_threads({cores})
x, weights = torch.randn(1, 3, 227, 227), torch.randn(3025, 363, 96)
windows = torch.nn.functional.unfold(x, 11, stride=4)[0].t().unsqueeze(1)
print(torch.baddbmm(torch.zeros(3025, 1, 96), windows, weights).std())
"""
FLAX = """
import jax
from flax import linen as nn
layer = nn.ConvLocal(features=96, kernel_size=(11, 11), strides=(4, 4), padding="VALID")
x = jax.random.normal(jax.random.key(1), (1, 227, 227, 3))
y, _ = layer.init_with_output(jax.random.key(2), x)
print(y.std())
"""
PEERS = {"torch": TORCH, "flax": FLAX}


def contenders() -> dict[str, str]:
    """Return scripts by name: the peers that are installed run the notes' layer."""
    forward = "forward --unshared --seed 1 "
    cores = len(os.sched_getaffinity(0))
    return {
        OWN: CONVCALC.format(forward + "--input 227x227x3 --filter 11 --stride 4 --filters 96"),
        "convcalc, VGG's second": CONVCALC.format(
            forward + "--input 224x224x64 --filter 3 --pad 1 --filters 64"
        ),
    } | {
        f"{name}, the notes' layer": script.format(cores=cores)
        for name, script in PEERS.items()
        if importlib.util.find_spec(name)
    }


def whole_process(script: str) -> tuple[float, float]:
    """Return the seconds and the peak megabytes of a new Python that runs a script."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return time.perf_counter() - start, usage.ru_maxrss * 1024 / 1e6


def in_hand(rounds: int) -> float:
    """Return the time of `forward_unshared` over that of `weights.sum()`, weights in memory."""
    rng = np.random.default_rng(1)
    x = rng.random(input_shape(NOTES), np.float32)
    weights = rng.random(unshared_weights_shape(NOTES), np.float32)
    times: dict[str, list[float]] = {"sum": [], "forward": []}
    for _ in range(rounds):
        start = time.perf_counter()
        weights.sum()
        middle = time.perf_counter()
        forward_unshared(NOTES, x, weights)
        times["sum"].append(middle - start)
        times["forward"].append(time.perf_counter() - middle)
    return median(times["forward"]) / median(times["sum"])


def main() -> None:
    """Run everything in turn and print medians, peaks and ratios."""
    asked = process_options(__doc__, rounds=5)
    scripts = contenders()
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in scripts}
    for _ in range(asked.rounds):
        for name, script in scripts.items():
            runs[name].append(whole_process(script))
    seconds = {name: median(s for s, _ in values) for name, values in runs.items()}
    for name, values in runs.items():
        print(f"{name:28} {seconds[name]:6.2f} s  {max(peak for _, peak in values):6.1f} MB")
    notes, vgg = seconds[OWN], seconds["convcalc, VGG's second"]
    for name in PEERS:
        peer = seconds.get(f"{name}, the notes' layer")
        print(f"convcalc / {name}: {notes / peer:.2f}" if peer else f"{name} is not installed")
    per_parameter = (vgg / VGG.parameters.unshared.total) / (
        notes / NOTES.parameters.unshared.total
    )
    print(f"time per parameter, VGG's second / the notes' layer: {per_parameter:.2f}")
    print(f"weights in hand, forward_unshared / weights.sum(): {in_hand(max(asked.rounds, 9)):.2f}")
    if asked.save:
        keep(asked.save, {"unshared": in_milliseconds(seconds)})


if __name__ == "__main__":
    main()
