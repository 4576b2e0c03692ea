"""Whole networks against torch: the time of a forward pass, and the memory beyond what it must.

    python tests/benchmarks/network_forward.py [--rounds N] [SPEC ...]

Both have the same float32 weights in hand, in processes of their own, and take turns while the
other sleeps; torch in its default layout and in channels_last. Figures are medians, the ratios
are what counts. Memory is convcalc's: the peak of the whole process, and what of it is beyond the
weights and the two largest neighbouring activations.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from convcalc.compute.network.run import forward
from convcalc.compute.network.weights import RandomWeights
from convcalc.compute.tools.memory import peak_memory
from convcalc.compute.tools.threads import cores
from convcalc.gallery.spec import find
from convcalc.layer.network import Network

SPECS = ("vgg16",)
OWN = "convcalc"
LAYOUTS = {"torch": "contiguous_format", "torch channels_last": "channels_last"}
MIB = 2**20
SETTLED = 0.05
"""Seconds after a turn in which threads of torch still spin, waiting for work."""


def weights_and_neighbours(network: Network) -> tuple[int, int]:
    """Return the bytes of the weights, and of the two largest neighbouring activations."""
    weights = sum(array.nbytes for own in RandomWeights(network).values() for array in own.values())
    cells = max(one.layer.input.cells + one.layer.output.cells for one in network.layers)
    return weights, 4 * cells


def work(who: str, spec: str) -> None:
    """Answer lines on the input: "time" with seconds, "peak" with bytes."""
    network = find(spec).at()
    width, height, depth = network.input
    x = np.random.default_rng(1).standard_normal((height, width, depth), np.float32)
    weights = dict(RandomWeights(network, 1))
    run: Callable[[], Any]
    if who == OWN:
        run = lambda: forward(network, x, weights)  # noqa: E731
    else:
        import torch
        from torch_network import TorchNetwork

        torch.set_num_threads(cores())
        by_torch = TorchNetwork(network, weights, LAYOUTS[who])
        seen = by_torch.input(x)
        run = lambda: by_torch(seen)  # noqa: E731
    run()
    for line in sys.stdin:
        if line.strip() == "peak":
            print(peak_memory(), flush=True)
            continue
        start = time.perf_counter()
        run()
        print(time.perf_counter() - start, flush=True)


class Worker:
    """A contender's process."""

    def __init__(self, who: str, spec: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--work", json.dumps([who, spec])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), str(cores())),
        )

    def ask(self, question: str) -> float:
        """Return the answer to a question."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{question}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


def race(spec: str, rounds: int) -> None:
    """Run a network by all in turn, and print medians, ratios and memory."""
    names = [OWN, *(LAYOUTS if importlib.util.find_spec("torch") else ())]
    workers = {name: Worker(name, spec) for name in names}
    times: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            times[name].append(workers[name].ask("time"))
            time.sleep(SETTLED)
    peak = workers[OWN].ask("peak")
    for worker in workers.values():
        worker.process.communicate()
    seconds = {name: median(values) for name, values in times.items()}
    for name, taken in seconds.items():
        least = min(times[name])
        ratio = "" if name == OWN else f"  convcalc / {name}: {seconds[OWN] / taken:.2f}"
        print(f"{spec:14} {name:20} {1e3 * taken:8.1f} ms, least {1e3 * least:8.1f}{ratio}")
    weights, neighbours = weights_and_neighbours(find(spec).at())
    beyond = (peak - weights - neighbours) / MIB
    print(
        f"{spec:14} peak {peak / MIB:.1f} MiB: weights {weights / MIB:.1f}, neighbouring "
        f"activations {neighbours / MIB:.1f}, beyond them {beyond:.1f}"
    )


def main() -> None:
    """Race each network, or be a contender."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--work", type=json.loads, help=argparse.SUPPRESS)
    parser.add_argument("specs", nargs="*", metavar="SPEC", default=SPECS)
    asked = parser.parse_args()
    if asked.work:
        work(*asked.work)
        return
    for spec in asked.specs:
        race(spec, asked.rounds)


if __name__ == "__main__":
    main()
