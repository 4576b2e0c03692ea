"""FLOPs, shapes and memory: against a layer that is run, built and kept, and counted meanwhile."""

from collections import Counter
from itertools import product
from typing import ClassVar

import numpy as np
import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from support.budget import examples
from support.generated import layers, windows_of

from convcalc import ConvLayer
from convcalc.arithmetic.answers.judging import judge
from convcalc.arithmetic.derivation import lines_beside, results
from convcalc.arithmetic.use import Use
from convcalc.shapes import Array

NOTES = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)


class Counted(int):
    """A whole number that tells when it is multiplied or added to."""

    done: ClassVar[Counter[str]] = Counter()

    def __mul__(self, other: int) -> "Counted":
        self.done["multiplications"] += 1
        return Counted(int(self) * int(other))

    def __add__(self, other: int) -> "Counted":
        self.done["additions"] += 1
        return Counted(int(self) + int(other))


def run(layer: ConvLayer) -> Counter[str]:
    """Do every neuron's sum, and return how many products and additions that took.

    A neuron is connected to each number that it multiplies, and to the bias that it adds.
    """
    Counted.done = Counter()
    across, down = windows_of(layer)
    channels = layer.input.depth // layer.groups
    for _, columns, rows in product(range(layer.filters), across, down):
        seen = [*product(rows, columns, range(channels))]
        products = [Counted(row + column + 1) * Counted(c) for row, column, c in seen]
        total, *rest = products
        for one in rest:
            total = total + one
        if layer.bias:
            total = total + Counted(1)
        Counted.done["connections"] += len(products) + (1 if layer.bias else 0)
    return Counted.done


@pytest.mark.slow
@given(layers(side=7, depth=2, filters=2, untied=True))
@settings(max_examples=examples(2000))
def test_every_product_and_every_addition_is_counted(layer: ConvLayer) -> None:
    done, found = run(layer), {one.name: one.value for one in results(layer)}
    for name in ("multiplications", "additions", "connections"):
        assert found[name] == done[name]
    assert found["multiply-adds"] == done["multiplications"]
    assert found["FLOPs"] == 2 * done["multiplications"]
    assert found["multiplications and additions"] == done["multiplications"] + done["additions"]
    if layer.bias:
        without = done["multiplications"] + done["additions"] - layer.neurons
        assert found["multiplications and additions without the biases"] == without
        assert found["FLOPs with the biases"] == 2 * done["multiplications"] + layer.neurons


@pytest.mark.slow
@given(layers(side=9, untied=True))
@settings(max_examples=examples(2000))
def test_shapes_are_those_of_arrays_that_are_built(layer: ConvLayer) -> None:
    found = {one.name: one.values for one in results(layer) if len(one.values) > 1}
    (width, height, depth), (left, right, top, bottom) = layer.input, layer.pad
    padded = np.pad(np.zeros((height, width, depth)), ((top, bottom), (left, right), (0, 0)))
    assert found["padded volume"] == (padded.shape[1], padded.shape[0], padded.shape[2])
    across, down = windows_of(layer)
    own = depth // layer.groups
    columns = [
        padded[np.ix_([row + top for row in rows], [at + left for at in places], range(own))]
        for rows, places in product(down, across)
    ]
    matrix = np.stack([window.ravel() for window in columns], axis=1)
    assert found["im2col matrix"] == matrix.shape
    assert found["im2col matrix, a row for each window"] == matrix.T.shape
    filters = np.stack([columns[0]] * layer.filters)
    assert found["shape of the weights, channels last"] == filters.shape
    assert found["shape of the weights, channels first"] == filters.transpose(0, 3, 1, 2).shape
    assert found["shape of the weights, in Keras's order"] == filters.transpose(1, 2, 3, 0).shape
    rows = filters[: layer.filters // layer.groups].reshape(layer.filters // layer.groups, -1)
    assert found["weights as a matrix, a row for each filter"] == rows.shape
    if len(down) > 1:
        name = "output as a matrix, a row for each filter"
        assert found[name] == (rows @ matrix).shape


USES = st.builds(
    Use,
    st.sampled_from(["float16", "float32", "float64"]),
    st.integers(1, 4),
    st.sampled_from(["none", "momentum", "adam"]),
)


@pytest.mark.slow
@given(layers(untied=True), USES)
@settings(max_examples=examples(2000))
def test_memory_is_that_of_arrays_that_are_kept(layer: ConvLayer, use: Use) -> None:
    across, down = windows_of(layer)

    def array(*shape: int) -> Array:
        return np.empty(shape, use.dtype)

    def size(*arrays: Array) -> int:
        return sum(one.nbytes for one in arrays)

    place = (len(down), len(across), layer.filters)
    inputs = array(use.batch, layer.input.height, layer.input.width, layer.input.depth)
    outputs = array(use.batch, *place)
    own = layer.input.depth // layer.groups
    parameters = [array(layer.filters, layer.filter.height, layer.filter.width, own)]
    if layer.bias:
        parameters.append(array(*(place if layer.bias == "untied" else place[2:])))
    state = {"none": 0, "momentum": 1, "adam": 2}[use.optimizer] * parameters
    kept = [outputs, np.empty_like(outputs), *parameters, *map(np.empty_like, parameters), *state]
    found = {one.name: one.value for one in results(layer, use)}
    assert found["bytes of the input"] == size(inputs)
    assert found["bytes of the activations"] == size(outputs)
    assert found["bytes of input and output"] == size(inputs, outputs)
    assert found["bytes kept in training"] == size(*kept)
    assert found["bytes of the shared parameters"] == size(*parameters)
    assert found["activations"] == outputs.size
    assert found["numbers kept in training"] == sum(one.size for one in kept)


@pytest.mark.slow
@given(layers(untied=True), USES)
def test_a_batch_multiplies_work_and_activations_and_no_parameters(
    layer: ConvLayer, use: Use
) -> None:
    one, many = ({r.name: r.value for r in results(layer, u)} for u in (Use(), use))
    for name in ("activations", "numbers of the input", "numbers of input and output"):
        assert many[name] == use.batch * one[name]
    if use.batch > 1:
        assert many["multiply-adds of the batch"] == use.batch * one["multiply-adds"]
        assert many["FLOPs of the batch"] == use.batch * one["FLOPs"]
    for name in one:
        if name.endswith(("parameters", "weights")) and "bytes" not in name:
            assert many[name] == one[name]


@pytest.mark.parametrize(
    ("layer", "answer", "right"),
    [
        # 224 + 2·3 - 7 = 217, 217/2 is 108; 109·109·64 = 760,384 neurons of 7·7·3 = 147 weights;
        # floored (224 + 6 - 7)/2 = 111 and so 112·112·64·147 = 118,013,952, and twice that
        ("224x224x3 7 2 3 64 no", "236,027,904", "FLOPs"),
        ("224x224x3 7 2 3 64 no", "118,013,952", "multiply-adds"),
        # 2·147 - 1 = 293 operations of each of 112·112·64 = 802,816 neurons
        ("224x224x3 7 2 3 64 no", "235225088", "multiplications and additions"),
        ("224x224x3 7 2 3 64 yes", "235225088", "multiplications and additions without the biases"),
        ("224x224x3 7 2 3 64 yes", "236,830,720", "FLOPs with the biases"),
        # LeNet's C1: 28·28·6 neurons, each with 25 connections and one to its bias
        ("32x32x1 5 1 0 6 yes", "122304", "connections"),
        ("15x15x8 5 1 2 4 yes", "19x19x8", "padded volume"),
        ("227x227x3 11 4 0 96 yes", "363x3025", "im2col matrix"),
        ("227x227x3 11 4 0 96 yes", "3025x363", "im2col matrix, a row for each window"),
        ("227x227x3 11 4 0 96 yes", "96x363", "weights as a matrix, a row for each filter"),
        ("227x227x3 11 4 0 96 yes", "96x3025", "output as a matrix, a row for each filter"),
        ("227x227x3 11 4 0 96 yes", "96x11x11x3", "shape of the weights, channels last"),
        ("227x227x3 11 4 0 96 yes", "96x3x11x11", "shape of the weights, channels first"),
        ("227x227x3 11 4 0 96 yes", "11x11x3x96", "shape of the weights, in Keras's order"),
        # 300·300·3 = 270,000 weights and a bias for each of 100
        ("300x300x3 300 1 0 100 yes", "27,000,100", "shared parameters"),
        ("300x300x3 5 1 0 100 yes", "27,000,100", "parameters of a dense layer"),
        # 3·3·3 = 27 weights of each of 32 filters, a bias for each of 30·30·32 neurons
        ("32x32x3 3 1 0 32 untied", "29664", "shared parameters"),
    ],
)
def test_what_is_asked_is_recognised(layer: str, answer: str, right: str) -> None:
    input, filter, stride, pad, filters, bias = layer.split()
    made = ConvLayer(
        input=tuple(map(int, input.split("x"))),
        filter=int(filter),
        stride=int(stride),
        pad=int(pad),
        filters=int(filters),
        bias={"yes": True, "no": False}.get(bias, bias),
    )
    assert right in [one.name for one in judge(made, answer).right]


@pytest.mark.parametrize(
    ("pad", "formula", "substituted"),
    [
        (2, "(W + 2·P) × (H + 2·P) × D", "(9 + 2·2) × (7 + 2·2) × 3"),
        ((2, 1), "(W + 2·PW) × (H + 2·PH) × D", "(9 + 2·2) × (7 + 2·1) × 3"),
        ((1, 1, 2, 2), "(W + 2·PW) × (H + 2·PH) × D", "(9 + 2·1) × (7 + 2·2) × 3"),
        (
            (0, 1, 2, 2),
            "(W + P_left + P_right) × (H + 2·PH) × D",
            "(9 + 0 + 1) × (7 + 2·2) × 3",
        ),
        (
            (2, 2, 1, 0),
            "(W + 2·PW) × (H + P_top + P_bottom) × D",
            "(9 + 2·2) × (7 + 1 + 0) × 3",
        ),
    ],
)
def test_pads_that_are_one_number_have_one_letter(
    pad: int | tuple[int, ...], formula: str, substituted: str
) -> None:
    layer = ConvLayer(input=(9, 7, 3), filter=3, filters=1, pad=pad)
    step = next(one.step for one in results(layer) if one.name == "padded volume")
    assert (step.formula, step.substituted) == (formula, substituted)


def test_batch_and_optimizer_are_said_beside_the_table() -> None:
    # 55·55·96 = 290,400 activations of 64 images, 4 bytes each
    lines = lines_beside(NOTES, Use(batch=64))
    assert lines["activations"] == "18,585,600·4 = 74,342,400 bytes"
    assert lines["multiply-adds of the batch"].startswith("64·105,415,200 = 6,746,572,800, FLOPs ")
    # 2·18,585,600 + 2·34,944 = 37,241,088; with Adam's two numbers 4·34,944, and one image
    assert lines["numbers kept in training"].startswith("37,241,088·4 = 148,964,352 bytes: ")
    alone = lines_beside(NOTES, Use(optimizer="adam"))["numbers kept in training"]
    assert alone.startswith("720,576·4 = 2,882,304 bytes: ")
    assert alone.endswith("2 numbers of adam for a parameter")
    assert not {"numbers kept in training", "multiply-adds of the batch"} & {*lines_beside(NOTES)}


def test_a_filter_as_large_as_the_input_is_called_a_dense_layer() -> None:
    said = "100·(300·300·3 + 1) = 27,000,100: the filter is as large as the input, so this is a "
    dense = ConvLayer(input=(300, 300, 3), filter=300, filters=100)
    line = lines_beside(dense)["parameters of a dense layer"]
    assert line == f"{said}fully connected layer of 100 neurons"
    for other in (
        dense.replace(filter=(300, 299)),
        dense.replace(pad=1),
        dense.replace(input=(300, 300, 4), groups=2),
        ConvLayer(input=(2, 3, 1), filter=(3, 2), pad=(1, 0), filters=1),
    ):
        assert "parameters of a dense layer" not in lines_beside(other)


def test_multiplied_by_the_batch_is_a_mistake_with_a_name(run: Run) -> None:
    spec = "params --input 32x32x3 --filter 3 --filters 32 --batch 16"
    # 16·32·(3·3·3 + 1) = 14,336
    out = run(*spec.split(), "--answer", "14336").out
    assert "multiplied by the batch" in out
    assert "The whole batch uses the same parameters." in out
    assert [one.name for one in judge(NOTES, "34944", Use(batch=16)).right] == ["shared parameters"]


def test_bad_batches_and_optimizers_are_refused_by_name(run: Run) -> None:
    spec = "params --input 9x9x1 --filter 3 --filters 1".split()
    for option, value in (("--batch", "0"), ("--batch", "1.5"), ("--optimizer", "sgd")):
        code, out, err = run(*spec, option, value)
        assert (code, out) == (2, "")
        assert err.startswith(f"convcalc: {option} {value}: ")
