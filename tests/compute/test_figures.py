"""What runs carry for their presenters, on layers small enough to work out by hand."""

import io

import numpy as np
import pytest

from convcalc import ConvcalcError, ConvLayer
from convcalc.compute.data.own_weights import tied
from convcalc.compute.experiments.backward_run import BackwardRun, run_backward
from convcalc.compute.experiments.forward_run import Operands, run_forward
from convcalc.compute.experiments.one_neuron import Place, cell_of
from convcalc.compute.experiments.shift import run_shift
from convcalc.compute.tools.progress import nobody
from convcalc.layer import Pair


def operands(x: list[float], weights: list[list[float]], depth: int = 1) -> Operands:
    """A row of pixels, and filters one pixel high that see all of its depth."""
    pixels = np.array(x).reshape(1, -1, depth)
    filters = np.array(weights).reshape(len(weights), 1, -1, depth)
    return Operands(pixels, filters, None, "", "", 0)


def test_a_forward_run_has_figures_of_input_output_and_maps() -> None:
    layer = ConvLayer(input=(3, 1, 1), filter=1, filters=2, bias=False)
    run = run_forward(layer, operands([1, 2, 6], [[1], [-10]]), False, nobody)
    assert run.input_stats == {"min": 1, "max": 6, "mean": 3}
    assert run.output_stats == {"min": -60, "max": 6, "mean": (9 - 90) / 6}
    assert list(run.map_stats(1)) == [{"min": 1, "max": 6, "mean": 3}]
    assert list(run.map_stats(2))[1] == {"min": -60, "max": -10, "mean": -30}
    rectified = run_forward(layer, operands([1, 2, 6], [[1], [-10]]), True, nobody)
    assert list(rectified.map_stats(2))[1] == {"min": 0, "max": 0, "mean": 0}


def test_a_cell_adds_its_products_up_depth_by_depth() -> None:
    layer = ConvLayer(input=(2, 1, 4), filter=(2, 1), filters=1, bias=False)
    run = run_forward(
        layer, operands([1, 2, 3, 4, 5, 6, 7, 8], [[1, 1, 1, 1, 10, 10, 10, 10]], 4), False, nobody
    )
    cell = cell_of(run, Place(0, 0, 0))
    assert cell.by_depth == [1 + 50, 2 + 60, 3 + 70, 4 + 80]
    assert (cell.sum_after(1), cell.sum_after(3), cell.sum_after(4)) == (62 + 73 + 84, 84, 0)


def test_the_strongest_map_is_that_of_the_largest_answer_whatever_its_sign() -> None:
    layer = ConvLayer(input=(4, 1, 1), filter=1, filters=3, bias=False)
    given = operands([1, 2, 3, 4], [[2], [-5], [3]])
    run = run_shift(layer, given, tied(layer, given.weights), Pair(1, 0), nobody)
    assert run.strongest == 1


def backward_run(learning_rate: float | None = None) -> BackwardRun:
    """Two filters over pixels 1, 2, 3: windows (1, 2) and (2, 3).

    Filter 0 has upstream 1 and 2: own gradients (1, 2) and (4, 6), together (5, 8). Filter 1 has
    1 and -9: own gradients (1, 2) and (-18, -27), together (-17, -25), the largest.
    """
    layer = ConvLayer(input=(3, 1, 1), filter=(2, 1), filters=2, bias=False)
    upstream = np.array([[[1.0, 1.0], [2.0, -9.0]]])
    given = operands([1, 2, 3], [[5, 6], [7, 8]])
    return run_backward(layer, given, upstream, 0, learning_rate, nobody)


def test_samples_begin_with_the_largest_gradient_and_carry_every_position() -> None:
    run = backward_run()
    assert (run.largest, run.difference, run.spread) == (25, 0, None)
    assert run.gradient_stats["weights"] == {"min": -25, "max": 8, "mean": (5 + 8 - 17 - 25) / 4}
    first, second = run.samples
    assert first[:4] == ((1, 0, 1, 0), 8, -25, -25)
    assert second[:4] == ((1, 0, 0, 0), 7, -17, -17)
    assert (first.own.tolist(), second.own.tolist()) == ([[2, -27]], [[1, -18]])
    assert first._replace(total=-24.5).difference == 0.5


@pytest.mark.parametrize("rate", [0.5, -0.5])
def test_a_step_drives_the_weight_apart_whose_own_gradients_differ_most(rate: float) -> None:
    run = backward_run(rate)
    assert run.spread is not None
    assert run.spread.weight == (1, 0, 1, 0)  # from 2 to -27: 29 apart
    assert run.spread.stats == {"min": 1.5, "max": 14.5, "mean": (3 + 4 + 19 + 29) / 4 / 2}
    first = run.samples[0]
    assert run.stepped(first, first.shared) == 8 + rate * 25
    assert run.stepped(first, 2.0) == 8 - rate * 2


def test_own_gradients_come_in_order_and_tell_how_far_they_are() -> None:
    run, done = backward_run(), []
    bytes_written = io.BytesIO()
    for block in run.own_gradients(done.append):
        bytes_written.write(np.ascontiguousarray(block).data)
    found = np.frombuffer(bytes_written.getvalue()).reshape(1, 2, 2, 2)
    assert found.tolist() == [[[[1, 2], [1, 2]], [[4, 6], [-18, -27]]]]
    assert sum(done) == run.layer.multiply_adds == 2 * 2 * 2


def test_a_step_too_large_for_its_type_is_refused() -> None:
    with pytest.raises(ConvcalcError, match="learning step overflows"):
        backward_run(1e308)
