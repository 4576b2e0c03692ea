"""What an experiment says it needs is enough, and its work is what the bar is told."""

import dataclasses
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from convcalc import ConvLayer
from convcalc.compute.data.own_weights import tied
from convcalc.compute.data.random import (
    RandomUnshared,
    random_input,
    random_upstream,
    random_weights,
)
from convcalc.compute.experiments import backward_run, forward_run, shift
from convcalc.compute.experiments.forward_run import Operands
from convcalc.compute.tools.progress import Progress
from convcalc.layer import Pair

LAYER = ConvLayer(input=(120, 110, 8), filter=3, pad=1, filters=64)
DTYPE = np.dtype("float32")
X, WEIGHTS = random_input(LAYER, 1, DTYPE), random_weights(LAYER, 1, DTYPE)
OPERANDS = Operands(X, WEIGHTS, None, "", "", 1)
TIED = dataclasses.replace(OPERANDS, own=tied(LAYER, WEIGHTS), tied=True)
OUTPUT = 120 * 110 * 64 * 4


def shared(progress: Progress) -> Any:
    return forward_run.run_forward(LAYER, OPERANDS, False, progress)


def unshared(progress: Progress) -> Any:
    return forward_run.run_forward(LAYER, TIED, False, progress)


def backward(progress: Progress) -> Any:
    upstream = random_upstream(LAYER, 1, DTYPE)
    return backward_run.run_backward(LAYER, OPERANDS, upstream, 1, None, progress)


def shifted(progress: Progress) -> Any:
    own = RandomUnshared(LAYER, 1, DTYPE)
    return shift.run_shift(LAYER, OPERANDS, own, Pair(1, 0), progress)


RUNS = {
    "shared": (shared, forward_run.needs(LAYER, DTYPE, False), LAYER.multiply_adds),
    "unshared": (unshared, forward_run.needs(LAYER, DTYPE, True), LAYER.multiply_adds),
    "backward": (backward, backward_run.needs(LAYER, DTYPE), backward_run.work(LAYER, 1)),
    "shift": (shifted, shift.needs(LAYER, DTYPE), shift.work(LAYER)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_a_run_takes_what_it_needs_and_does_its_work(name: str) -> None:
    run: Callable[[Progress], Any]
    run, needs, work = RUNS[name]
    done: list[int] = []
    tracemalloc.start()
    try:
        kept = run(done.append)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept
    assert OUTPUT < peak <= sum(needs.values())
    assert sum(done) == work


def test_an_output_is_counted_as_often_as_it_is_held() -> None:
    # 120 * 110 positions of 64 filters; shared beside unshared; before, after and what they differ
    assert forward_run.needs(LAYER, DTYPE, False)["output"] == OUTPUT
    assert forward_run.needs(LAYER, DTYPE, True)["output"] == 2 * OUTPUT
    assert shift.needs(LAYER, DTYPE)["outputs"] == 6 * OUTPUT
    assert shift.needs(LAYER, DTYPE)["shifted input"] == 120 * 110 * 8 * 4
