"""The steps of a layer against their definition, spelt out number by number."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import correlate
from support.generated import layers, windows_of

from convcalc import BadRequest, ConvLayer, backward
from convcalc.arithmetic.walk.integers import small
from convcalc.arithmetic.walk.numbers import Numbers, small_numbers
from convcalc.arithmetic.walk.steps import Mode, State, Walk
from convcalc.present.slides.panels import View, board

modes = st.builds(Mode, st.booleans(), st.booleans())
SEED = 3


@pytest.mark.slow
@given(layers(side=6, depth=2, filters=2), modes, st.data())
def test_a_state_is_what_its_definition_says(layer: ConvLayer, mode: Mode, data: st.DataObject):
    width, height, filters = layer.output
    walk = Walk(layer, small_numbers(layer, SEED))
    assert len(walk) == width * height * filters
    step = data.draw(st.integers(0, len(walk) - 1))
    state = walk.state(step, mode)
    every_place = list(product(range(filters), range(height), range(width)))
    k, row, column = every_place[step]
    assert (state.filter, state.position, state.step) == (k, row * width + column, step)
    assert state.mode == mode

    across, down = windows_of(layer)  # in pixels of the input, before its pad
    assert [*state.rows] == [y + layer.pad.top for y in down[row]]
    assert [*state.columns] == [x + layer.pad.left for x in across[column]]
    depth = layer.input.depth // layer.groups
    group = next(g for g in range(layer.groups) if k < (g + 1) * filters // layer.groups)
    assert [*state.channels] == [*range(group * depth, group * depth + depth)]

    def pixel(y: int, x: int, c: int) -> int:
        inside = 0 <= y < layer.input.height and 0 <= x < layer.input.width
        return small(SEED, "input", y, x, c) if inside else 0

    def own(place: tuple[int, int, int]) -> tuple[int, ...]:
        return (place[0],) if mode.shared else (place[1], place[2], place[0])

    def upstream(place: tuple[int, int, int]) -> int:
        return small(SEED, "upstream", place[1], place[2], place[0])

    taps = list(product(range(depth), range(layer.filter.height), range(layer.filter.width)))

    def seen(place: tuple[int, int, int], c: int, m: int, n: int) -> int:
        of = next(g for g in range(layer.groups) if place[0] < (g + 1) * filters // layer.groups)
        return pixel(down[place[1]][m], across[place[2]][n], of * depth + c)

    def weight(place: tuple[int, int, int], c: int, m: int, n: int) -> int:
        return small(SEED, "weights", *own(place), m, n, c)

    def neuron(place: tuple[int, int, int]) -> int:
        bias = small(SEED, "bias", *own(place)) if layer.bias else 0
        return bias + sum(weight(place, *tap) * seen(place, *tap) for tap in taps)

    here = every_place[step]
    together = [p for p in every_place[: step + 1] if p[0] == k] if mode.shared else [here]
    for tap in taps:
        c, m, n = tap
        assert state.window(c)[m][n] == seen(here, *tap)
        assert state.weights(c)[m][n] == weight(here, *tap)
        factor = upstream(here) if mode.gradient else weight(here, *tap)
        assert state.products(c)[m][n] == factor * seen(here, *tap)
        assert state.gradient(c)[m][n] == sum(upstream(p) * seen(p, *tap) for p in together)
    assert state.upstream == upstream(here)
    assert state.bias == (small(SEED, "bias", *own(here)) if layer.bias else None)
    assert state.bias_gradient == sum(map(upstream, together))

    assert state.value == neuron(here)
    for index, place in enumerate(every_place):
        left = None if index > step else upstream(place) if mode.gradient else neuron(place)
        assert state.output(place[0], place[1] * width + place[2]) == left

    one = layer.filter.width * layer.filter.height * depth + (1 if layer.bias else 0)
    used = {own(place) for place in every_place[: step + 1]}
    assert state.parameters == one * len(used)


@pytest.mark.slow
@given(layers(side=6, depth=2, filters=2), modes)
def test_the_last_state_has_every_parameter_there_is(layer: ConvLayer, mode: Mode) -> None:
    walk = Walk(layer, small_numbers(layer, 0))
    kinds = layer.parameters
    whole = kinds.shared if mode.shared else kinds.unshared
    assert walk.state(len(walk) - 1, mode).parameters == whole.total


@pytest.mark.slow
@given(layers(side=6, depth=2, filters=2), st.permutations(range(8)), modes)
def test_the_order_of_asking_changes_nothing(
    layer: ConvLayer, order: list[int], mode: Mode
) -> None:
    walk, all_of_it = Walk(layer, small_numbers(layer, 5)), View(40, 16)
    for step in order:
        if step < len(walk):
            alone = Walk(layer, small_numbers(layer, 5)).state(step, mode)
            assert board(walk.state(step, mode), all_of_it) == board(alone, all_of_it)


def test_the_output_is_scipys_and_the_gradient_the_backward_pass() -> None:
    layer = ConvLayer(input=(7, 6, 2), filter=(3, 2), stride=(2, 1), pad=1, filters=2)
    numbers = small_numbers(layer, 11)
    x = np.array([[[numbers.input(r, c, d) for d in range(2)] for c in range(7)] for r in range(6)])
    w = np.array([numbers.weights(k, None) for k in range(2)])  # (K, D, FH, FW)
    walk = Walk(layer, numbers)
    width, height, filters = layer.output

    def output_of(state: State) -> np.ndarray:
        whole = [[state.output(k, at) for at in range(width * height)] for k in range(filters)]
        return np.array(whole).reshape(filters, height, width)

    last = walk.state(len(walk) - 1, Mode())
    padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
    for k in range(2):
        whole = correlate(padded, w[k].transpose(1, 2, 0), "valid")[:, ::2, 0]
        assert (output_of(last)[k] == whole + numbers.bias(k, None)).all()
    up = output_of(walk.state(len(walk) - 1, Mode(gradient=True))).transpose(1, 2, 0)
    found = backward(layer, x, w.transpose(0, 2, 3, 1), up.astype(float))
    for k in range(2):
        state = walk.state((k + 1) * walk.positions - 1, Mode(gradient=True))
        gradient = np.array([state.gradient(c) for c in range(2)])
        assert (gradient.transpose(1, 2, 0) == found.weights[k]).all()
        assert found.bias is not None
        assert state.bias_gradient == found.bias[k]


def test_the_sums_are_exact_beyond_any_float() -> None:
    layer = ConvLayer(input=(2, 1, 1), filter=1, filters=1)
    huge = 10**40 + 1
    numbers = Numbers(
        input=lambda row, column, channel: huge,
        weights=lambda k, position: (((huge,),),),
        bias=lambda k, position: 7,
        upstream=lambda k, position: 2,
    )
    walk = Walk(layer, numbers)
    assert walk.state(0, Mode()).value == 10**80 + 2 * 10**40 + 8
    assert walk.state(1, Mode(gradient=True)).gradient(0) == ((4 * 10**40 + 4,),)


@pytest.mark.parametrize(
    ("layer", "problem", "remedy"),
    [
        (
            ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96),
            "290,400 neurons where 10,000 are the most",
            "try --input 19x19x3 --filters 1",
        ),
        (
            ConvLayer(input=(20, 20, 64), filter=5, filters=8),
            "3,276,800 multiply-adds where 200,000 are the most",
            "try --input 7x7x64 --filters 1",
        ),
        (
            ConvLayer(input=(10**30, 1, 1), filter=1, stride=10**30, filters=1),
            f"1{',000' * 10} pixels with the pad where 100,000 are the most",
            "leave the layer out for a small one",
        ),
        (
            ConvLayer(input=(400, 300, 1), filter=11, stride=10, filters=1),
            "120,000 pixels with the pad where 100,000 are the most",
            "try --input 31x31x1 --filters 1",
        ),
    ],
)
def test_a_layer_too_large_is_refused_with_a_smaller_one(
    layer: ConvLayer, problem: str, remedy: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        Walk(layer, small_numbers(layer, 1))
    assert str(refused.value) == (
        f"input {layer.input}: makes a layer too large to step through, {problem}; {remedy}"
    )
    if remedy.startswith("try"):
        input, filters = remedy.split()[2::2]
        layer = layer.replace(input=tuple(map(int, input.split("x"))), filters=int(filters))
        assert len(Walk(layer, small_numbers(layer, 1))) == 9
