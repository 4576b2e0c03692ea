"""Shift the input: shared outputs shift with it, to the last bit; unshared ones do not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.generated import layers

from convcalc import ConvLayer
from convcalc.compute.data.random import RandomUnshared
from convcalc.compute.experiments.forward_run import Operands
from convcalc.compute.experiments.shift import ShiftRun, output_shift, run_shift, shifted
from convcalc.layer import Pair
from convcalc.shapes import input_shape, weights_shape

FLOAT64 = np.dtype("float64")


def run(layer: ConvLayer, by: Pair, seed: int = 0) -> ShiftRun:
    rng = np.random.default_rng(seed)
    x, weights = rng.random(input_shape(layer)), rng.standard_normal(weights_shape(layer))
    own = RandomUnshared(layer, seed, FLOAT64)
    return run_shift(layer, Operands(x, weights, None, "", "", 0), own, by, lambda done: None)


def interior(layer: ConvLayer, by: Pair) -> int:
    """Count positions whose window holds only picture, in place and carried along by the shift."""
    count = 0
    steps = by.x // layer.stride.x, by.y // layer.stride.y
    for j in range(layer.output.width):
        for i in range(layer.output.height):
            fine = 0 <= j + steps[0] < layer.output.width
            fine = fine and 0 <= i + steps[1] < layer.output.height
            for tap in range(layer.filter.width):
                column = j * layer.stride.x + tap * layer.dilation.x - layer.pad.left
                fine = fine and 0 <= column < layer.input.width
                fine = fine and 0 <= column + by.x < layer.input.width
            for tap in range(layer.filter.height):
                row = i * layer.stride.y + tap * layer.dilation.y - layer.pad.top
                fine = fine and 0 <= row < layer.input.height
                fine = fine and 0 <= row + by.y < layer.input.height
            count += fine
    return count * layer.filters


@pytest.mark.slow
@given(layers(side=14), st.integers(-2, 2), st.integers(-2, 2), st.integers(0, 99))
@settings(max_examples=200)
def test_whole_strides_shift_the_output_exactly(
    layer: ConvLayer, columns: int, rows: int, seed: int
) -> None:
    by = Pair(columns * layer.stride.x, rows * layer.stride.y)
    found = run(layer, by, seed)
    assert (found.steps, found.exact) == ((columns, rows), True)
    assert found.shared.cells == found.unshared.cells == interior(layer, by)
    assert found.shared.equal == found.shared.cells
    assert found.shared.difference == 0
    if (columns, rows) == (0, 0):
        assert found.unshared.equal == found.unshared.cells
    elif found.unshared.cells:
        assert found.unshared.equal < found.unshared.cells
        assert found.unshared.difference > 0


@pytest.mark.slow
@given(layers(side=14), st.integers(-9, 9), st.integers(-9, 9))
def test_other_shifts_are_said_to_be_inexact(layer: ConvLayer, x: int, y: int) -> None:
    steps, exact = output_shift(layer, Pair(x, y))
    assert exact == (x % layer.stride.x == 0 and y % layer.stride.y == 0)
    assert abs(steps.x * layer.stride.x - x) * 2 <= layer.stride.x
    assert abs(steps.y * layer.stride.y - y) * 2 <= layer.stride.y


def test_half_a_stride_is_not_the_same_picture() -> None:
    found = run(ConvLayer(input=(40, 40, 3), filter=5, stride=4, filters=4), Pair(2, 0))
    assert not found.exact
    assert found.shared.cells > 0
    assert found.shared.equal < found.shared.cells


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ((0, 0), [[1, 2], [3, 4]]),
        ((1, 0), [[0, 1], [0, 3]]),
        ((-1, 0), [[2, 0], [4, 0]]),
        ((0, 1), [[0, 0], [1, 2]]),
        ((1, -1), [[0, 3], [0, 0]]),
        ((5, 5), [[0, 0], [0, 0]]),
        ((-2, 0), [[0, 0], [0, 0]]),
    ],
)
def test_zeros_move_in(by: tuple[int, int], expected: list[list[int]]) -> None:
    x = np.array([[1, 2], [3, 4]])[:, :, None]
    assert shifted(x, Pair(*by))[:, :, 0].tolist() == expected
