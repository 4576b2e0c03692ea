"""The spec: what it accepts, what it refuses and in which words, and its counts by brute force."""

import copy
import pickle
from contextlib import suppress
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.generated import layers, parsed_layer, windows_of

from convcalc import BadRequest, ConvLayer, Volume
from convcalc.layer import Pad

NOTES = {"input": (227, 227, 3), "filter": 11, "stride": 4, "filters": 96}


def test_the_course_notes_example() -> None:
    layer = ConvLayer(**NOTES)
    assert layer.output == Volume(55, 55, 96)  # (227 - 11) / 4 + 1 = 55
    assert layer.neurons == 290_400
    assert layer.weights_per_neuron == 363
    assert layer.parameters.unshared == (105_415_200, 290_400)
    assert layer.parameters.unshared.total == 105_705_600
    assert layer.parameters.shared == (34_848, 96)
    assert layer.parameters.shared.total == 34_944
    # 227 * 227 * 3 = 154,587 inputs to each of 290,400 neurons
    assert layer.parameters.fully_connected.total == 44_892_064_800 + 290_400
    assert layer.multiply_adds == 105_415_200


@pytest.mark.parametrize(
    ("spec", "output", "shared", "unshared"),
    [
        # AlexNet's second layer: 5*5*48 = 1200 weights, 2 groups
        (
            {"input": (27, 27, 96), "filter": 5, "pad": 2, "filters": 256, "groups": 2},
            (27, 27, 256),
            256 * 1201,
            27 * 27 * 256 * 1201,
        ),
        # VGG's second layer: 3*3*64 = 576
        (
            {"input": (224, 224, 64), "filter": 3, "pad": 1, "filters": 64},
            (224, 224, 64),
            64 * 577,
            1_852_899_328,
        ),
        # ResNet's stem: floor((224 - 7 + 6) / 2) + 1 = floor(111.5) + 1 = 112
        (
            {
                "input": (224, 224, 3),
                "filter": 7,
                "stride": 2,
                "pad": 3,
                "filters": 64,
                "bias": False,
            },
            (112, 112, 64),
            64 * 147,
            112 * 112 * 64 * 147,
        ),
        # depthwise: every filter sees one channel
        (
            {"input": (112, 112, 64), "filter": 3, "pad": 1, "filters": 64, "groups": 64},
            (112, 112, 64),
            64 * 10,
            112 * 112 * 64 * 10,
        ),
        # dilation 2 spreads 3 taps over 5 pixels: 10 - 5 + 1 = 6
        ({"input": (10, 10, 1), "filter": 3, "dilation": 2, "filters": 1}, (6, 6, 1), 10, 360),
        # everything rectangular: (7 - 3)/2 + 1 = 3 and (5 - 2 + 2*1)/1 + 1 = 6
        (
            {"input": (7, 5, 2), "filter": (3, 2), "stride": (2, 1), "pad": (0, 1), "filters": 4},
            (3, 6, 4),
            4 * 13,
            3 * 6 * 4 * 13,
        ),
        # TensorFlow's same: ceil(5 / 2) = 3
        (
            {"input": (5, 5, 1), "filter": 2, "stride": 2, "pad": "same", "filters": 1},
            (3, 3, 1),
            5,
            45,
        ),
    ],
)
def test_layers_worked_by_hand(
    spec: dict[str, Any], output: tuple[int, ...], shared: int, unshared: int
) -> None:
    layer = ConvLayer(**spec)
    assert layer.output == output
    assert layer.parameters.shared.total == shared
    assert layer.parameters.unshared.total == unshared


@pytest.mark.slow
@given(layers())
def test_output_is_the_number_of_windows(layer: ConvLayer) -> None:
    across, down = windows_of(layer)
    assert layer.output == (len(across), len(down), layer.filters)


@pytest.mark.slow
@given(layers(side=8))
@settings(max_examples=60)
def test_counts_are_the_sizes_of_the_arrays(layer: ConvLayer) -> None:
    across, down = windows_of(layer)
    one_filter = (layer.filter.height, layer.filter.width, layer.input.depth // layer.groups)
    unshared = np.zeros((len(down), len(across), layer.filters, *one_filter), np.uint8)
    shared = np.zeros((layer.filters, *one_filter), np.uint8)
    positions = np.zeros((len(down), len(across), layer.filters), np.uint8)
    inputs = np.zeros((layer.input.height, layer.input.width, layer.input.depth), np.uint8)

    assert layer.neurons == positions.size
    assert layer.weights_per_neuron == shared[0].size
    assert layer.multiply_adds == unshared.size
    counts = layer.parameters
    assert counts.unshared.weights == unshared.size
    assert counts.shared.weights == shared.size
    assert counts.fully_connected.weights == positions.size * inputs.size
    if layer.bias:
        biases = (counts.fully_connected.biases, counts.unshared.biases, counts.shared.biases)
        assert biases == (positions.size, positions.size, layer.filters)
    else:
        assert counts.fully_connected.biases == counts.unshared.biases == 0
        assert counts.shared.biases == 0
    for count in counts:
        assert count.total == count.weights + count.biases


@pytest.mark.slow
@given(layers(side=40))
def test_every_layer_with_same_has_one_position_per_stride(layer: ConvLayer) -> None:
    same = layer.replace(pad="same")
    assert same.output.width == len(range(0, layer.input.width, layer.stride.x))
    assert same.output.height == len(range(0, layer.input.height, layer.stride.y))
    # no more pad than needed, the odd pixel right and bottom
    assert same.pad.right - same.pad.left in (0, 1)
    assert same.pad.bottom - same.pad.top in (0, 1)
    for total, replacement in (
        (same.pad.left + same.pad.right, lambda pad: Pad(0, pad, same.pad.top, same.pad.bottom)),
        (same.pad.top + same.pad.bottom, lambda pad: Pad(same.pad.left, same.pad.right, 0, pad)),
    ):
        if total:
            # with one pixel less the filter perhaps does not even fit once
            with suppress(BadRequest):
                assert layer.replace(pad=replacement(total - 1)).output != same.output


@pytest.mark.slow
@given(layers())
def test_valid_is_no_pad(layer: ConvLayer) -> None:
    with suppress(BadRequest):  # without its pad the filter perhaps does not fit
        assert layer.replace(pad="valid").pad == (0, 0, 0, 0)
    assert ConvLayer(**NOTES, pad="valid").output == (55, 55, 96)


def test_thirty_digit_sides_are_exact() -> None:
    side = 10**30
    layer = ConvLayer(input=(side, side, 3), filter=11, stride=4, filters=96)
    # (10^30 - 12) / 4 = 249999999999999999999999999997, and one more position
    assert layer.output.width == 249999999999999999999999999998
    positions = 249999999999999999999999999998**2
    assert layer.parameters.unshared.total == positions * 96 * 364
    assert layer.parameters.fully_connected.weights == positions * 96 * side * side * 3


@pytest.mark.parametrize(
    ("spec", "shown"),
    [
        ({}, "ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)"),
        (
            {"pad": "same", "filter": 4, "stride": 1},
            # 227 positions of 4 pixels need 227 + 3: of the 3, one goes before and two after
            "ConvLayer(input=(227, 227, 3), filter=4, pad=(1, 2, 1, 2), filters=96)",
        ),
        (
            {"filter": (3, 5), "stride": (2, 1), "pad": (0, 2), "dilation": (1, 2), "bias": False},
            "ConvLayer(input=(227, 227, 3), filter=(3, 5), stride=(2, 1), pad=(0, 2), "
            "dilation=(1, 2), filters=96, bias=False)",
        ),
        (
            {"groups": 3, "stride": 1, "pad": (1, 2, 1, 2)},
            "ConvLayer(input=(227, 227, 3), filter=11, pad=(1, 2, 1, 2), groups=3, filters=96)",
        ),
        (
            {"input": (226, 227, 3)},  # 226 - 11 = 215 = 53 * 4 + 3
            "ConvLayer(input=(226, 227, 3), filter=11, stride=4, filters=96)  "
            "# (226 − 11 + 2·0)/4 + 1 = 215/4 + 1 = 54.75, floored to 54 (width): "
            "the last 3 columns are never looked at",
        ),
    ],
)
def test_the_repr_is_the_call_that_makes_the_layer(spec: dict[str, Any], shown: str) -> None:
    layer = ConvLayer(**NOTES | spec)
    assert repr(layer) == shown
    assert repr(eval(shown)) == shown


def test_a_layer_answers_to_nothing_only_a_tuple_should() -> None:
    layer = ConvLayer(**NOTES)
    assert not isinstance(layer, tuple)
    for name in ("count", "index", "_replace", "_fields", "_asdict", "__iter__", "__getitem__"):
        assert not hasattr(layer, name), name
    for wrong in (len, list, sorted, lambda it: it[0], lambda it: it < it, lambda it: it + it):
        with pytest.raises(TypeError):
            wrong(layer)
    fields = (layer.input, layer.filter, 96, layer.stride, layer.pad, layer.dilation, 1, True)
    assert layer != fields
    assert layer not in [fields, layer.input, (227, 227, 3)]


def test_counts_show_their_totals() -> None:
    assert repr(ConvLayer(**NOTES).parameters) == (
        "Parameters(\n"
        "    fully_connected=Count(weights=44892064800, biases=290400, total=44892355200),\n"
        "    unshared=Count(weights=105415200, biases=290400, total=105705600),\n"
        "    shared=Count(weights=34848, biases=96, total=34944),\n"
        ")"
    )


@pytest.mark.slow
@given(layers())
def test_a_layer_equals_its_copy_and_its_repr(layer: ConvLayer) -> None:
    assert eval(repr(layer), {"ConvLayer": ConvLayer}) == layer
    assert layer.replace() == layer
    assert hash(layer.replace()) == hash(layer)


@pytest.mark.slow
@given(layers())
def test_a_layer_is_copied_and_pickled(layer: ConvLayer) -> None:
    assert copy.deepcopy(layer) == layer
    assert pickle.loads(pickle.dumps(layer)) == layer


@given(st.lists(st.integers(1, 10**40), min_size=3, max_size=3), st.sampled_from("xX×"))
def test_volumes_are_read_with_any_separator(sides: list[int], separator: str) -> None:
    text = separator.join(map(str, sides))
    layer = parsed_layer(input=text, filter="1", filters="1")
    assert layer.input == tuple(sides)
    assert prod(sides) == layer.input.cells


def test_a_layer_is_printed_in_one_line() -> None:
    layer = ConvLayer(
        input=(28, 14, 6),
        filter=(5, 3),
        stride=(2, 1),
        pad="same",
        filters=4,
        dilation=2,
        groups=2,
        bias=False,
    )
    assert str(layer) == (
        "28x14x6 → 14x14x4: 4 filters of 5x3x3, stride 2x1, "
        "pad left 3, right 4, top 2, bottom 2, dilation 2, 2 groups, no bias"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"stride": 0},
            "stride 0: must be at least 1; give a number from 1 up, or one each "
            "along width and height such as 2x1",
        ),
        ({"filters": 96.0}, "filters 96.0: is not a whole number; give a number from 1 up"),
        ({"filters": True}, "filters True: is not a whole number; give a number from 1 up"),
        (
            {"input": (227,)},
            "input 227: is 1 number where 3 are needed; give WIDTHxHEIGHTxDEPTH, for example "
            "227x227x3, or LENGTHxCHANNELS such as 60x1",
        ),
        (
            {"filter": 228},
            "filter 228: its width 228 is more than the 227 columns of the padded "
            "input; give a width of at most 227, or a pad of at least 1",
        ),
        (
            {"filter": (1, 120), "dilation": 2},
            "filter 1x120: its height 120, 239 with the "
            "dilation, is more than the 227 rows of the padded input; give a height of at most "
            "114, or a pad of at least 6",
        ),
        (
            {"groups": 2},
            "groups 2: does not divide the 3 input channels evenly; give a divisor "
            "of both the input's depth 3 and the 96 filters",
        ),
        (
            {"groups": 3, "filters": 95},
            "groups 3: does not divide the 95 filters evenly; give a "
            "divisor of both the input's depth 3 and the 95 filters",
        ),
        (
            {"pad": -1},
            "pad -1: must be at least 0; give a number from 0 up, WIDTHxHEIGHT such as "
            "2x0, same or valid",
        ),
        (
            {"pad": "some"},
            "pad some: is not a pad; give a number from 0 up, WIDTHxHEIGHT such as "
            "2x0, same or valid",
        ),
        (
            {"filter": Volume(11, 11, 4)},
            "filter 11x11x4: has depth 4, where the input's depth "
            "divided by the groups is 3; give 11x11x3, or 11x11 alone",
        ),
        (
            {"filters": 10**600},
            f"filters 1{'0' * 28}...{'0' * 28}: has more than 600 digits; give a number from 1 up",
        ),
    ],
)
def test_refusals_name_argument_value_problem_and_remedy(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadRequest) as refusal:
        ConvLayer(**NOTES | changes)
    assert str(refusal.value) == message
    assert refusal.value.exit_code == 2


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("input", "227x227x3x1"),
        ("input", "227/227/3"),
        ("input", "227x227x3.0"),
        ("input", "٣x3x3"),
        ("filter", "11x"),
        ("filter", "1_1"),
        ("stride", "four"),
        ("filters", "9x6"),
        ("groups", ""),
    ],
)
def test_text_that_is_no_number_is_refused(option: str, text: str) -> None:
    spec = {"input": "227x227x3", "filter": "11", "filters": "96"} | {option: text}
    with pytest.raises(BadRequest, match=f"^{option} "):
        parsed_layer(**spec)


@pytest.mark.slow
@given(layers(), st.integers(1, 4))
def test_the_pad_a_refusal_suggests_is_the_least_that_works(layer: ConvLayer, extra: int) -> None:
    width, *others = layer.input
    assume(width > 4 or width >= min(others))  # or what a refusal suggests is the depth last
    too_wide = (layer.input.width - 1) // layer.dilation.x + 1 + extra
    spec = {"input": layer.input, "filter": (too_wide, 1), "filters": 1, "dilation": layer.dilation}
    uneven = (0, extra - 1, 0, 0)
    with pytest.raises(BadRequest) as refusal:
        ConvLayer(**spec, pad=uneven)
    pad = int(str(refusal.value).rsplit(" ", 1)[1])
    width = int(str(refusal.value).split("at most ")[1].split(",")[0])
    assert ConvLayer(**spec, pad=pad).output.width >= 1
    assert ConvLayer(**spec | {"filter": (width, 1)}, pad=uneven).output.width >= 1
    with pytest.raises(BadRequest):
        ConvLayer(**spec, pad=pad - 1)
    with pytest.raises(BadRequest):
        ConvLayer(**spec | {"filter": (width + 1, 1)}, pad=uneven)
