"""Random operands and filter banks: their statistics, symmetries and sums."""

import numpy as np
import pytest

from convcalc import BadRequest, ConvLayer, forward
from convcalc.compute.data.banks import BANKS, bank_weights
from convcalc.compute.data.random import random_input, random_weights

FLOAT64 = np.dtype("float64")


def layer_of(
    filter: int | tuple[int, int], depth: int = 3, filters: int = 8, groups: int = 1
) -> ConvLayer:
    return ConvLayer(input=(40, 40, depth), filter=filter, filters=filters, groups=groups)


def test_random_outputs_have_unit_variance() -> None:
    layer = ConvLayer(input=(100, 100, 8), filter=5, filters=32, groups=2)
    x = random_input(layer, 3, FLOAT64)
    weights = random_weights(layer, 3, FLOAT64)
    # 80,000 inputs and 3,200 weights: standard errors of the variances 0.5 % and 2.5 %
    assert abs(x.var() - 1) < 0.03
    assert abs(weights.var() * 100 - 1) < 0.1
    # 294,912 outputs, but of only 32 filters: each filter's own norm varies by 1/sqrt(50)
    assert abs(forward(layer, x, weights).var() - 1) < 0.15


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_seed_repeats_and_its_streams_are_independent(dtype: str) -> None:
    layer = layer_of(40, depth=3, filters=1)
    kind = np.dtype(dtype)
    x, weights = random_input(layer, 1, kind), random_weights(layer, 1, kind)
    assert x.dtype == weights.dtype == kind
    assert np.array_equal(x, random_input(layer, 1, kind))
    assert not np.array_equal(x, random_input(layer, 2, kind))
    assert abs(np.corrcoef(x.ravel(), weights.ravel())[0, 1]) < 0.1


SIZES: list[tuple[str, int | tuple[int, int]]] = [
    ("edges", 2),
    ("edges", 3),
    ("edges", (7, 4)),
    ("edges", 11),
    ("blur", 3),
    ("blur", (1, 5)),
    ("blur", 9),
    ("sharpen", 3),
    ("sharpen", (5, 1)),
    ("sharpen", (3, 9)),
    ("gabor", 3),
    ("gabor", (5, 8)),
    ("gabor", 11),
]


@pytest.mark.parametrize(("name", "filter"), SIZES)
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("filters", [1, 4, 96])
def test_banks_fill_any_layer_with_different_filters(
    name: str, filter: int | tuple[int, int], depth: int, filters: int
) -> None:
    layer = layer_of(filter, depth, filters)
    weights = bank_weights(name, layer, FLOAT64)
    assert weights.shape == (filters, layer.filter.height, layer.filter.width, depth)
    assert np.isfinite(weights).all()
    for k in range(filters):
        differences = np.abs(weights[:k] - weights[k]).max(axis=(1, 2, 3), initial=0)
        assert (differences > 1e-6).all(), f"filter {k} repeats another"


@pytest.mark.parametrize(("name", "filter"), SIZES)
def test_what_banks_answer_on_an_even_area(name: str, filter: int | tuple[int, int]) -> None:
    weights = bank_weights(name, layer_of(filter, filters=24), FLOAT64)
    sums = weights.sum(axis=(1, 2, 3))
    expected = {"edges": 0, "blur": 1, "sharpen": 1, "gabor": 0}[name]
    assert np.allclose(sums, expected, atol=1e-12)


def test_edges_answer_their_own_edge_most() -> None:
    layer = ConvLayer(input=(9, 9, 3), filter=9, filters=4)
    horizontal, vertical, falling, rising = bank_weights("edges", layer, FLOAT64)
    rows, columns = np.indices((9, 9)) - 4
    pictures = {
        "brighter below": rows > 0,
        "brighter right": columns > 0,
        "brighter below right": rows + columns > 0,
        "brighter below left": rows - columns > 0,
    }
    for wanted, weights in zip(pictures, (horizontal, vertical, falling, rising), strict=True):
        answers = {
            name: (weights * picture[:, :, None]).sum() for name, picture in pictures.items()
        }
        assert max(answers, key=lambda name: answers[name]) == wanted
        assert 0.5 < answers[wanted] <= 1 + 1e-12


def test_filters_of_three_by_three_are_what_the_formulas_say() -> None:
    layer = ConvLayer(input=(9, 9, 2), filter=3, filters=1)
    side = np.exp(-1 / (2 * 0.75**2))  # a bell of deviation 3/4, one pixel from its middle
    total = 1 + 4 * side + 4 * side**2
    bell = np.array([[side**2, side, side**2], [side, 1, side], [side**2, side, side**2]]) / total
    pixel = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    below = np.array([[-side, -1, -side], [0, 0, 0], [side, 1, side]]) / (1 + 2 * side)
    for name, expected in (("blur", bell), ("sharpen", 2 * pixel - bell), ("edges", below)):
        weights = bank_weights(name, layer, FLOAT64)
        # two channels see half each
        assert np.allclose(weights[0], expected[:, :, None] / 2), name
    two = bank_weights("sharpen", layer.replace(filters=2), FLOAT64)[:, :, :, 0] * 2
    assert np.allclose(two, [pixel + amount * (pixel - bell) for amount in (2 / 3, 4 / 3)])


def test_reversed_edges_are_the_negatives() -> None:
    weights = bank_weights("edges", layer_of(5, filters=8), FLOAT64)
    assert np.allclose(weights[4:], -weights[[0, 1, 2, 3]], atol=1e-12)


def test_blurs_widen_and_sharpeners_strengthen() -> None:
    layer = layer_of(9, filters=5)
    centres = bank_weights("blur", layer, FLOAT64)[:, 4, 4, 0]
    assert (np.diff(centres) < 0).all()
    strengths = np.abs(bank_weights("sharpen", layer, FLOAT64)).sum(axis=(1, 2, 3))
    assert (np.diff(strengths) > 0).all()


def test_gabors_have_norm_one_and_opposite_colours() -> None:
    weights = bank_weights("gabor", layer_of(11, filters=96), FLOAT64)
    assert np.allclose((weights**2).sum(axis=(1, 2, 3)), 1)
    grey = [
        k
        for k in range(96)
        if np.allclose(weights[k, :, :, 0], weights[k, :, :, 2])
        and np.allclose(weights[k, :, :, 0], weights[k, :, :, 1])
    ]
    coloured = [k for k in range(96) if k not in grey]
    assert len(grey) == 64
    # a grey pixel says nothing to a colour filter
    assert np.allclose(weights[coloured].sum(axis=3), 0, atol=1e-12)


def test_depthwise_filters_differ_too() -> None:
    weights = bank_weights("edges", layer_of(3, depth=6, filters=12, groups=6), FLOAT64)
    assert weights.shape == (12, 3, 3, 1)
    assert len({one.tobytes() for one in weights}) == 12


def test_progress_counts_every_number_made() -> None:
    layer = ConvLayer(input=(1200, 1000, 2), filter=5, filters=7)
    made: list[int] = []
    x = random_input(layer, 1, FLOAT64, made.append)
    assert sum(made) == x.size
    assert len(made) > 1
    # drawn in parts, the numbers are those drawn at once
    assert np.array_equal(x, np.random.default_rng([1, 0]).standard_normal(x.shape))
    made.clear()
    assert bank_weights("gabor", layer, FLOAT64, made.append).size == sum(made)


@pytest.mark.parametrize(
    ("name", "filter", "message"),
    [
        (
            "edges",
            (1, 5),
            "filter 1x5: the bank edges needs a filter with 2 pixels across; "
            "give sides of at least 2, or take random weights",
        ),
        (
            "blur",
            1,
            "filter 1: the bank blur needs a filter with 3 pixels across; "
            "give a side of at least 3, or take random weights",
        ),
        (
            "sharpen",
            4,
            "filter 4: the bank sharpen needs a filter with a middle pixel; "
            "give odd sides, such as 3 or 5, or take random weights",
        ),
        (
            "sharpen",
            1,
            "filter 1: the bank sharpen needs a filter with 3 pixels across; "
            "give a side of at least 3, or take random weights",
        ),
        (
            "gabor",
            (9, 2),
            "filter 9x2: the bank gabor needs a filter with 3 pixels across; "
            "give sides of at least 3, or take random weights",
        ),
    ],
)
def test_banks_refuse_filters_they_make_no_sense_for(
    name: str, filter: int | tuple[int, int], message: str
) -> None:
    with pytest.raises(BadRequest) as refusal:
        bank_weights(name, layer_of(filter), FLOAT64)
    assert str(refusal.value) == message


def test_the_help_names_every_bank() -> None:
    from convcalc.cli.forward import forward as command

    text = next(option.help for option in command.params if option.name == "weights")
    assert all(name in text for name in ("random", *BANKS))
