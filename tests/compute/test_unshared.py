"""Layers that share nothing: against loops over neurons, and the same bits whatever the blocks."""

import os
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.generated import layers
from support.reference import by_windows

from convcalc import BadRequest, ConvLayer, forward, forward_unshared
from convcalc.compute.data.own_weights import FromFile, InHand, tied
from convcalc.compute.data.random import RandomUnshared, random_input
from convcalc.compute.forward.unshared import forward_in_tiles, unshared_tiles
from convcalc.compute.tools.threads import in_threads
from convcalc.files.arrays import ArrayFile
from convcalc.files.regular import RegularFile
from convcalc.shapes import Array, input_shape, output_shape, unshared_weights_shape, weights_shape

FLOAT32, FLOAT64 = np.dtype("float32"), np.dtype("float64")
NOTES = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)

HERE = os.pathsep.join(str(folder) for folder in Path(__file__).parents[:2])
"""Where another process finds this module, and what tests share."""


def operands(layer: ConvLayer, seed: int) -> tuple[Array, Array, Array | None]:
    rng = np.random.default_rng(seed)
    bias = rng.standard_normal(output_shape(layer)) if layer.bias else None
    return (
        rng.standard_normal(input_shape(layer)),
        rng.standard_normal(unshared_weights_shape(layer)),
        bias,
    )


@pytest.mark.slow
@given(layers(side=8), st.integers(0, 2**32))
@settings(max_examples=150)
def test_every_neuron_uses_its_own_weights(layer: ConvLayer, seed: int) -> None:
    x, weights, bias = operands(layer, seed)
    expected = by_windows(layer, x, weights, bias)
    done: list[int] = []
    y = forward_unshared(layer, x, weights, bias, progress=done.append)
    assert y.dtype == np.float64
    assert np.abs(y - expected).max() <= 1e-12 * (np.abs(expected).max() or 1)
    assert sum(done) == weights.size


@pytest.mark.slow
@given(layers(), st.integers(0, 2**32))
def test_tied_weights_make_a_convolution(layer: ConvLayer, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(input_shape(layer)).astype(np.float32)
    weights = rng.standard_normal(weights_shape(layer)).astype(np.float32)
    shared = forward(layer, x, weights)
    y = forward_in_tiles(layer, x, tied(layer, weights))
    assert y.dtype == np.float32
    assert np.abs(y - shared).max() <= 1e-5 * (np.abs(shared).max() or 1)


@pytest.mark.slow
@given(layers(), st.integers(0, 2**32), st.sampled_from([FLOAT32, FLOAT64]), st.integers(8, 5000))
@settings(max_examples=300)
def test_blocks_and_threads_change_no_bit(
    layer: ConvLayer, seed: int, dtype: np.dtype[Any], tile_bytes: int
) -> None:
    x = random_input(layer, seed, dtype)
    whole = forward_in_tiles(layer, x, RandomUnshared(layer, seed, dtype), threads=1)
    weights = RandomUnshared(layer, seed, dtype)
    weights.tile_bytes = tile_bytes
    assert np.array_equal(forward_in_tiles(layer, x, weights, threads=2), whole)


@pytest.mark.slow
def test_the_example_is_the_same_to_the_last_bit_with_one_thread_and_two() -> None:
    x = random_input(NOTES, 1, FLOAT32)
    outputs = []
    for threads, tile_bytes in ((1, 2**21), (2, 2**21), (2, 2**18)):
        weights = RandomUnshared(NOTES, 1, FLOAT32)
        weights.tile_bytes = tile_bytes
        outputs.append(forward_in_tiles(NOTES, x, weights, threads=threads))
    assert np.array_equal(outputs[0], outputs[1])
    assert np.array_equal(outputs[0], outputs[2])
    assert abs(outputs[0].var() - 1) < 0.05


@pytest.mark.slow
@given(layers(side=8), st.integers(0, 2**32), st.sampled_from([FLOAT32, FLOAT64]))
@settings(max_examples=60)
def test_random_weights_are_numbers_of_one_stream(
    layer: ConvLayer, seed: int, dtype: np.dtype[Any]
) -> None:
    weights = RandomUnshared(layer, seed, dtype)
    count = layer.multiply_adds
    generator = np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence([seed, 3])))
    stream = generator.random(count, dtype.type)
    height, width, filters = output_shape(layer)
    # in the order group, position, filter of the group
    in_order = stream.reshape(layer.groups, height, width, filters // layer.groups, -1)
    expected = (in_order.astype(float) - 0.5) * 2 * (3 / layer.weights_per_neuron) ** 0.5
    for tile in unshared_tiles(layer, dtype.itemsize, 300, weights.group_by_group):
        made = weights.of(tile)
        group, first = divmod(tile.filters.start, filters // layer.groups)
        own = expected[group][tile.rows_and_columns][:, :, first : first + len(tile.filters)]
        assert np.allclose(made.reshape(own.shape), own, atol=1e-6)
        assert made.shape[3:] == weights_shape(layer)[1:]


def test_random_weights_have_variance_one_over_the_weights_per_neuron() -> None:
    layer = ConvLayer(input=(40, 40, 3), filter=5, filters=8)
    block = RandomUnshared(layer, 1, FLOAT64).of(next(unshared_tiles(layer, 8, 2**30, True)))
    # 777,600 numbers of variance 1/75
    assert abs(block.var() * 75 - 1) < 0.01
    assert abs(block.mean()) < 0.001
    assert np.unique(block).size == block.size


@pytest.mark.slow
@pytest.mark.parametrize(
    "layer",
    [
        NOTES,
        ConvLayer(input=(60, 60, 64), filter=3, pad=1, filters=64),
        ConvLayer(input=(40, 40, 64), filter=3, pad=1, filters=64, groups=64),
        ConvLayer(input=(300, 300, 3), filter=300, filters=20),
    ],
    ids=str,
)
def test_memory_is_flat_whatever_the_layer(layer: ConvLayer) -> None:
    x = random_input(layer, 1, FLOAT32)
    weights = RandomUnshared(layer, 1, FLOAT32)
    tracemalloc.start()
    try:
        y = forward_in_tiles(layer, x, weights, threads=2)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - y.nbytes < 24 * 2**20


def from_file(layer: ConvLayer, path: Path, dtype: np.dtype[Any]) -> FromFile:
    """Return the weights in a file, read in blocks."""
    file = ArrayFile(RegularFile("weights", path, "give another"), 6)
    return FromFile(layer, dtype, lambda start, count: file.numbers(start, count, dtype))


@pytest.mark.slow
@given(layers(side=8), st.integers(0, 2**32), st.integers(8, 5000))
@settings(max_examples=150)
def test_weights_are_read_in_runs_of_their_own_order(
    layer: ConvLayer, seed: int, tile_bytes: int
) -> None:
    x, own, bias = operands(layer, seed)
    in_order = own.ravel()
    asked: list[tuple[int, int]] = []

    def numbers(start: int, count: int) -> Array:
        asked.append((start, count))
        return in_order[start : start + count]

    weights = FromFile(layer, FLOAT64, numbers)
    weights.tile_bytes = tile_bytes
    done: list[int] = []
    y = forward_in_tiles(layer, x, weights, bias, progress=done.append, threads=2)
    expected = by_windows(layer, x, own, bias)
    assert np.abs(y - expected).max() <= 1e-12 * (np.abs(expected).max() or 1)
    assert np.array_equal(y, forward_unshared(layer, x, own, bias))
    assert sum(done) == own.size
    ends = [0] + [start + count for start, count in sorted(asked)]
    assert [start for start, _ in sorted(asked)] == ends[:-1]
    assert ends[-1] == own.size
    assert all(8 * count <= max(tile_bytes, 8 * layer.weights_per_neuron) for _, count in asked)


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("stored", [FLOAT32, FLOAT64, np.dtype(">f2"), np.dtype("i1")], ids=str)
def test_weights_in_a_file_are_those_in_hand(
    tmp_path: Path, stored: np.dtype[Any], groups: int
) -> None:
    layer = ConvLayer(input=(30, 30, 4), filter=5, filters=16, groups=groups)
    rng = np.random.default_rng(0)
    x = rng.standard_normal(input_shape(layer))
    weights = (9 * rng.random(unshared_weights_shape(layer))).astype(stored)
    np.save(tmp_path / "w.npy", weights)
    expected = forward_unshared(layer, x, weights)
    mapped = np.load(tmp_path / "w.npy", mmap_mode="r")
    assert np.array_equal(forward_unshared(layer, x, mapped), expected)
    streamed = from_file(layer, tmp_path / "w.npy", FLOAT64)
    assert np.array_equal(forward_in_tiles(layer, x, streamed), expected)


@pytest.mark.slow
def test_weights_in_a_file_are_not_held(tmp_path: Path) -> None:
    """Half a gigabyte goes by; the process holds little of it at any time."""
    import subprocess
    import sys

    script = (
        "import sys, numpy as np\n"
        "from pathlib import Path\n"
        "from convcalc import ConvLayer\n"
        "from convcalc.shapes import unshared_weights_shape\n"
        "from convcalc.compute.tools.memory import peak_memory\n"
        "from convcalc.compute.forward.unshared import forward_in_tiles\n"
        "from test_unshared import from_file\n"
        "layer = ConvLayer(input=(64, 64, 8), filter=7, filters=96)\n"
        "shape = unshared_weights_shape(layer)\n"
        "np.lib.format.open_memmap(sys.argv[1], 'w+', np.float32, shape)\n"
        "before = peak_memory()\n"
        "weights = from_file(layer, Path(sys.argv[1]), np.dtype('f4'))\n"
        "forward_in_tiles(layer, np.ones((64, 64, 8), np.float32), weights)\n"
        "print(4 * np.prod(shape), peak_memory() - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "w.npy")],
        env=os.environ | {"PYTHONPATH": HERE},
        capture_output=True,
        text=True,
        check=True,
    )
    size, grown = map(int, done.stdout.split())
    assert size > 500_000_000
    assert grown < 150_000_000


def test_work_is_handed_out_a_little_at_a_time() -> None:
    handed: list[int] = []

    def items() -> Any:
        for number in range(1000):
            handed.append(number)
            yield number

    results = in_threads(lambda number: number * number, items(), threads=2)
    assert next(results) == 0
    assert len(handed) < 20
    assert list(results) == [number**2 for number in range(1, 1000)]


def test_what_goes_wrong_in_a_thread_goes_wrong_outside() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_threads(lambda number: 1 // number, [2, 1, 0, 1]))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "weights",
            np.ones((1, 2, 2, 1)),
            "weights of shape (1, 2, 2, 1): does not match the "
            "layer; the layer needs shape (2, 2, 1, 2, 2, 1)",
        ),
        (
            "bias",
            np.ones(1),
            "bias of shape (1,): does not match the layer; the layer needs shape (2, 2, 1)",
        ),
        (
            "x",
            np.ones((3, 3)),
            "x of shape (3, 3): does not match the layer; the layer needs shape (3, 3, 1)",
        ),
    ],
)
def test_wrong_arrays_are_refused_by_name(name: str, value: Array, message: str) -> None:
    layer = ConvLayer(input=(3, 3, 1), filter=2, filters=1)
    right = {"x": np.ones((3, 3, 1)), "weights": np.ones((2, 2, 1, 2, 2, 1)), "bias": None}
    with pytest.raises(BadRequest) as refusal:
        forward_unshared(layer, **right | {name: value})
    assert str(refusal.value) == message


def test_integers_are_taken_as_they_are() -> None:
    layer = ConvLayer(input=(3, 1, 1), filter=(2, 1), filters=1)
    weights = np.arange(4).reshape(1, 2, 1, 1, 2, 1)
    # 1*0 + 2*1 = 2 and 2*2 + 3*3 = 13
    y = forward_unshared(layer, np.array([[[1], [2], [3]]]), weights)
    assert y[0, :, 0].tolist() == [2, 13]
    assert InHand(weights).dtype == weights.dtype
