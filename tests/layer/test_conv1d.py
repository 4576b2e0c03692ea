"""Layers of one dimension: what two numbers as input make, and what they take."""

import pickle
from typing import Any

import pytest
from support.generated import parsed_layer

from convcalc import BadRequest, ConvLayer, Volume
from convcalc.layer import Pad, Pair, Recipe, Series

ASKED: dict[str, Any] = {"input": (60, 1), "filter": 40, "filters": 7}


def test_sixty_samples_one_channel_seven_filters_of_forty() -> None:
    layer = ConvLayer(**ASKED)
    assert str(layer) == "60x1 → 21x7: 7 filters of 40x1, stride 1, pad 0"
    assert layer.output == Series(21, 1, 7)  # 60 − 40 + 1 = 21 places
    assert layer.neurons == 147  # 21·7
    assert layer.weights_per_neuron == 40  # 40·1
    assert layer.multiply_adds == 5880  # 147·40
    assert layer.parameters.shared == (280, 7)  # 7·40, a bias each
    assert layer.parameters.unshared == (5880, 147)
    assert layer.parameters.fully_connected == (8820, 147)  # 147·60


def test_everything_a_series_can_have() -> None:
    layer = ConvLayer(
        input=(20, 6), filter=3, stride=2, dilation=4, pad=(1, 2), groups=3, filters=9, bias=False
    )
    # the filter covers 4·2 + 1 = 9 of 1 + 20 + 2 = 23: (23 − 9)/2 + 1 = 8
    assert str(layer) == (
        "20x6 → 8x9: 9 filters of 3x2, stride 2, pad left 1, right 2, dilation 4, 3 groups, no bias"
    )
    assert (layer.stride, layer.dilation, layer.pad) == (Pair(2, 1), Pair(4, 1), Pad(1, 2, 0, 0))
    assert layer.parameters.shared == (54, 0)  # 9·3·2


@pytest.mark.parametrize(
    ("pad", "ends", "said"),
    [
        (2, (2, 2, 0, 0), "2"),
        ((1, 3), (1, 3, 0, 0), "1x3"),
        ("valid", (0, 0, 0, 0), "0"),
        # ceil(10/3) = 4 places need 3·3 + 4 = 13 samples: 3 more, the odd one behind
        ("same", (1, 2, 0, 0), "1x2"),
    ],
)
def test_pads(pad: Any, ends: tuple[int, ...], said: str) -> None:
    layer = ConvLayer(input=(10, 1), filter=4, stride=3, pad=pad, filters=1)
    assert (layer.pad, str(layer.pad)) == (ends, said)


def test_it_is_not_the_layer_of_height_1() -> None:
    series = ConvLayer(**ASKED)
    volume = ConvLayer(input=(60, 1, 1), filter=(40, 1), filters=7)
    assert series != volume
    assert len({series, volume, ConvLayer(**ASKED)}) == 2
    assert str(volume) == "60x1x1 → 21x1x7: 7 filters of 40x1x1, stride 1, pad 0"
    assert series == pickle.loads(pickle.dumps(series)) == series.replace()
    assert series.replace(input=(50, 2)) == ConvLayer(input=(50, 2), filter=40, filters=7)
    assert series.replace(input=volume.input) == volume


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "ConvLayer(input=(60, 1), filter=40, filters=7)"),
        (
            {"stride": 2, "pad": (0, 1), "bias": False},
            "ConvLayer(input=(60, 1), filter=40, stride=2, pad=(0, 1), filters=7, bias=False)  "
            "# (60 − 40 + 0 + 1)/2 + 1 = 21/2 + 1 = 11.5, floored to 11 (length): the last sample "
            "(pad) is never looked at",
        ),
    ],
)
def test_its_repr_is_the_call_that_makes_it(changes: dict[str, Any], shown: str) -> None:
    layer = ConvLayer(**ASKED | changes)
    assert repr(layer) == shown
    assert eval(shown) == layer


@pytest.mark.parametrize(
    "options",
    ["--filter 40 --filters 7", "--filter 4 --stride 3 --pad 1x2 --dilation 2 --filters 5"],
)
def test_it_is_typed_and_bound_as_it_was_said(options: str) -> None:
    texts = dict(zip(*[iter(options.replace("--", "").split())] * 2, strict=True))
    layer = parsed_layer(input="60x1", **texts)
    recipe = Recipe.of(layer)
    assert recipe.command(layer.input) == f"convcalc params --input 60x1 {options}"
    assert recipe.at(layer.input) == layer
    assert recipe.query(layer.input)["input"] == "60x1"
    assert Recipe.read(recipe.kind, recipe.texts()).at(layer.input) == layer


TWO = "two are for an input of WIDTHxHEIGHTxDEPTH"
ENDS = "in one dimension give a number from 0 up, LEFTxRIGHT such as 2x0, same or valid"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"filter": (40, 2)},
            "filter 40x2: has depth 2, where the input's depth divided by the groups is 1; "
            "give 40x1, or 40 alone",
        ),
        (
            {"filter": (40, 1, 1)},
            "filter 40x1x1: is 3 numbers where 1 or 2 are needed; "
            f"in one dimension give one number such as 11; {TWO}",
        ),
        *(
            (
                {option: (2, 1)},
                f"{option} 2x1: is 2 numbers where 1 is needed; "
                f"in one dimension give one number such as 2; {TWO}",
            )
            for option in ("stride", "dilation")
        ),
        ({"pad": (1, 1, 0, 0)}, f"pad 1x1x0x0: is 4 numbers where 1 or 2 are needed; {ENDS}"),
        ({"pad": "most"}, f"pad most: is not a pad; {ENDS}"),
        (
            {"filter": 31, "dilation": 2},
            "filter 31: its length 31, 61 with the dilation, is more than the 60 samples of the "
            "padded input; give a length of at most 30, or a pad of at least 1",
        ),
        (
            {"input": (1, 60)},
            "filter 40: its length 40 is more than the 1 sample of the padded input; "
            "depth comes last: give input=(60, 1)",
        ),
        (
            {"groups": 2},
            "groups 2: does not divide the 1 input channel evenly; give a divisor of both the "
            "input's depth 1 and the 7 filters",
        ),
    ],
)
def test_refusals(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        ConvLayer(**ASKED | changes)
    assert str(refusal.value) == message


def test_two_numbers_in_an_option_as_text_are_refused_alike() -> None:
    for option, text, wanted in (
        ("filter", "40x1x1", "1 or 2 are needed"),
        ("stride", "2x2", "1 is needed"),
        ("dilation", "1x1", "1 is needed"),
        ("pad", "1x1x1x1", "1 or 2 are needed"),
    ):
        texts = {"filter": "40", "filters": "7"} | {option: text}
        with pytest.raises(BadRequest, match=f"{option} {text}: .*{wanted}; in one dimension"):
            parsed_layer(input="60x1", **texts)


def test_a_filter_may_say_its_depth() -> None:
    assert ConvLayer(**ASKED | {"filter": (40, 1)}) == ConvLayer(**ASKED | {"filter": 40})
    deep = parsed_layer(input="60x6", filter="5x3", filters="4", groups="2")
    assert str(deep) == "60x6 → 56x4: 4 filters of 5x3, stride 1, pad 0, 2 groups"


def test_a_series_among_volumes() -> None:
    assert Volume.of((60, 1)) == Series(60, 1, 1)
    assert str(Volume.of((60, 1, 1))) == "60x1x1"
    assert str(Series(1, 1, 60).depth_last) == "60x1"
    assert Series(60, 1, 1).depth_last is None
    assert Series(4, 1, 4).depth_last is None
