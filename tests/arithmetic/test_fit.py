"""Fit, repairs, ladder and derivation, against sliding windows and sweeps over neighbours."""

import re
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.generated import layers, parsed_layer, slide, windows_of

from convcalc import ConvLayer
from convcalc.arithmetic.connections import ladder
from convcalc.arithmetic.derivation import (
    derivation,
    essentials,
    output_steps,
)
from convcalc.arithmetic.fit import (
    exact_positions,
    fits,
    misfit,
    repairs,
)
from convcalc.arithmetic.use import Use
from convcalc.numerals import memory, ratio


def tiles(layer: ConvLayer) -> bool:
    """Whether the last window ends on the last pixel, along both axes."""
    across, down = windows_of(layer)
    return (
        across[-1][-1] == layer.input.width + layer.pad.right - 1
        and down[-1][-1] == layer.input.height + layer.pad.bottom - 1
    )


@pytest.mark.slow
@given(layers(side=20))
def test_fit_and_leftovers_are_what_sliding_leaves(layer: ConvLayer) -> None:
    across, down = windows_of(layer)
    x, y = layer.axes
    assert fits(layer) == tiles(layer)
    assert x.unused == layer.input.width + layer.pad.right - 1 - across[-1][-1]
    assert y.unused == layer.input.height + layer.pad.bottom - 1 - down[-1][-1]


@pytest.mark.slow
@given(layers(side=20))
def test_exact_positions_count_the_leftover_as_part_of_a_stride(layer: ConvLayer) -> None:
    for axis, windows in zip(layer.axes, windows_of(layer), strict=True):
        leftover = axis.size + axis.after - 1 - windows[-1][-1]
        assert exact_positions(axis) == len(windows) + Fraction(leftover, axis.stride)


@pytest.mark.slow
@given(layers(side=20))
def test_a_layer_knows_how_it_fits(layer: ConvLayer) -> None:
    across, down = windows_of(layer)
    columns = layer.input.width + layer.pad.right - 1 - across[-1][-1]
    rows = layer.input.height + layer.pad.bottom - 1 - down[-1][-1]
    assert layer.fit.exact == bool(layer.fit) == (columns == rows == 0)
    assert (layer.fit.unused_columns, layer.fit.unused_rows) == (columns, rows)
    assert layer.fit.width == len(across) + Fraction(columns, layer.stride.x)
    assert layer.fit.height == len(down) + Fraction(rows, layer.stride.y)
    for side in (layer.fit.width, layer.fit.height):
        assert isinstance(side, int if side == int(side) else Fraction)
    seen = "the filter tiles the input evenly" if layer.fit.exact else misfit(layer)
    assert str(layer.fit) == layer.fit.words == seen


@pytest.mark.slow
@given(layers(side=30))
def test_every_repair_fits_and_changes_one_option(layer: ConvLayer) -> None:
    assume(not tiles(layer))
    for repair in repairs(layer):
        assert tiles(repair.layer)
        changed = {
            name
            for name in ("input", *layer.made_of)
            if getattr(layer, name) != getattr(repair.layer, name)
        }
        assert changed == {repair.option}
        typed = {
            "input": str(layer.input),
            "filter": f"{layer.filter.width}x{layer.filter.height}",
            "filters": str(layer.filters),
            "stride": f"{layer.stride.x}x{layer.stride.y}",
            "dilation": str(layer.dilation),
            "groups": str(layer.groups),
            "pad": "x".join(map(str, layer.pad)),
            "bias": layer.bias,
        }
        assert parsed_layer(**typed | {repair.option: repair.value}) == repair.layer


@pytest.mark.slow
@given(st.integers(1, 40), st.integers(1, 9), st.integers(2, 9), st.integers(0, 6))
def test_repairs_are_the_nearest_there_are(size: int, filter: int, stride: int, pad: int) -> None:
    def fitting(size: int, stride: int, pad: int) -> bool:
        windows = slide(size, pad, pad, filter, stride, 1)
        return bool(windows) and windows[-1][-1] == size + pad - 1

    assume(size + 2 * pad >= filter and not fitting(size, stride, pad))
    layer = ConvLayer(input=(size, size, 1), filter=filter, stride=stride, pad=pad, filters=1)
    found: dict[str, list[ConvLayer]] = {}
    for repair in repairs(layer):
        found.setdefault(repair.option, []).append(repair.layer)

    strides = [s for s in range(1, 120) if fitting(size, s, pad)]
    assert abs(found["stride"][0].stride.x - stride) == min(abs(s - stride) for s in strides)
    pads = [p for p in range(80) if fitting(size, stride, p)]
    if pads:
        assert abs(found["pad"][0].pad.left - pad) == min(abs(p - pad) for p in pads)
    else:
        assert all(repair.pad == layer.replace(pad="same").pad for repair in found.get("pad", []))
    smaller = [s for s in range(1, size) if fitting(s, stride, pad)]
    larger = next(s for s in range(size + 1, 200) if fitting(s, stride, pad))
    sizes = {repaired.input.width for repaired in found["input"]}
    assert sizes == {larger} | ({smaller[-1]} if smaller else set())
    distances = [abs(repaired.input.width - size) for repaired in found["input"]]
    assert distances == sorted(distances)


def test_a_huge_misfit_is_repaired_without_a_search() -> None:
    # room = 10^30 - 3 = 999...997 leaves 1 column over at stride 4
    layer = ConvLayer(input=(10**30, 10**30, 1), filter=3, stride=4, filters=1)
    repaired = {repair.option: repair.layer for repair in repairs(layer)}
    assert all(fits(repaired[option]) for option in ("stride", "input"))
    assert repaired["input"].input.width in (10**30 - 1, 10**30 + 3)


def test_misfits_are_named_whole() -> None:
    layer = ConvLayer(input=(224, 224, 3), filter=11, stride=4, filters=96)
    assert misfit(layer) == (
        "(224 − 11 + 2·0)/4 + 1 = 213/4 + 1 = 54.25, floored to 54 (width, height): "
        "the last column and the last row are never looked at"
    )


def test_leftover_pad_is_called_pad() -> None:
    # ResNet's stem: 224 - 7 + 2*3 = 223 leaves one column, and that column is pad
    layer = ConvLayer(input=(224, 224, 3), filter=7, stride=2, pad=3, filters=64)
    assert misfit(layer).endswith(
        "the last column (pad) and the last row (pad) are never looked at"
    )
    # 11 + 2*1 - 2 = 11 leaves 11 mod 4 = 3 columns: one of pad, two of the picture
    layer = ConvLayer(input=(11, 6, 1), filter=2, stride=4, pad=1, filters=1)
    assert misfit(layer) == (
        "(11 − 2 + 2·1)/4 + 1 = 11/4 + 1 = 3.75, floored to 3 (width); "
        "(6 − 2 + 2·1)/4 + 1 = 6/4 + 1 = 2.5, floored to 2 (height): "
        "the last 3 columns (1 of them pad) and the last 2 rows (1 of them pad) "
        "are never looked at"
    )


@pytest.mark.parametrize(
    ("size", "filter", "stride", "sentence"),
    [
        (8, 1, 3, "7/3 + 1 = 3 1/3, floored to 3"),
        (224, 11, 7, "213/7 + 1 = 31 3/7, floored to 31"),
        (10, 4, 9, "6/9 + 1 = 1 2/3, floored to 1"),
        (10, 3, 8, "7/8 + 1 = 1.875, floored to 1"),
        (66, 1, 64, "65/64 + 1 = 2.015625, floored to 2"),
        (130, 1, 128, "129/128 + 1 = 2 1/128, floored to 2"),
    ],
)
def test_the_fraction_told_is_the_one_that_is_floored(
    size: int, filter: int, stride: int, sentence: str
) -> None:
    layer = ConvLayer(input=(size, 1, 1), filter=(filter, 1), stride=(stride, 1), filters=1)
    assert f" = {sentence} (width): the last " in misfit(layer)


def done(text: str) -> Fraction:
    """Do a sum as it is written, in fractions."""
    python = re.sub("[0-9]+", r"Fraction(\g<0>)", text.replace("·", "*").replace("−", "-"))
    return eval(python)


@pytest.mark.slow
@given(layers().filter(lambda layer: not fits(layer)))
def test_every_sum_of_a_misfit_is_right(layer: ConvLayer) -> None:
    sum_told = r"([^; ][^;]*?) = (\d+)/(\d+) \+ 1 = ([^,]+), floored to (\d+)"
    sums = re.findall(sum_told, misfit(layer))
    across, down = windows_of(layer)
    sides = [
        (layer.input.width + layer.pad.right - 1 - across[0][-1], layer.stride.x, len(across)),
        (layer.input.height + layer.pad.bottom - 1 - down[0][-1], layer.stride.y, len(down)),
    ]
    # what the first window can move, by how much it moves, where it stands: told where uneven
    uneven = [side for side in sides if side[0] % side[1]]
    told = [(int(room), int(step), int(places)) for _, room, step, _, places in sums]
    assert told == uneven or (sides[0] == sides[1] and told == uneven[:1])
    for worked, room, step, positions, places in sums:
        exact = Fraction(int(room), int(step)) + 1
        assert done(worked) == sum(map(Fraction, positions.split())) == exact
        assert int(places) == exact.numerator // exact.denominator


@pytest.mark.slow
@given(layers(), st.sampled_from([("float16", 2), ("float32", 4), ("float64", 8)]))
def test_the_ladder_weighs_and_compares(layer: ConvLayer, dtype: tuple[str, int]) -> None:
    across, down = windows_of(layer)
    name, size = dtype
    rungs = ladder(layer, Use(name))
    assert [rung.parameters for rung in rungs] == list(layer.parameters)
    for rung in rungs:
        assert rung.bytes == size * (rung.parameters.weights + rung.parameters.biases)
        assert rung.times * layer.parameters.shared.total == rung.parameters.total
    assert layer.positions == len(across) * len(down)
    assert layer.parameters.unshared.total == layer.positions * layer.parameters.shared.total


def evaluate(text: str) -> Fraction:
    """Do a step's arithmetic with exact fractions, reading the signs as the class does."""
    plain = text.translate(str.maketrans({"·": "*", "−": "-"}))
    numbers = re.sub(r"\d+", r"Fraction(\g<0>)", plain)
    return eval(numbers, {"Fraction": Fraction, "floor": lambda value: value.__floor__()})


@pytest.mark.slow
@given(layers(side=30))
@settings(max_examples=300)
def test_every_step_does_the_sum_it_shows(layer: ConvLayer) -> None:
    across, down = windows_of(layer)
    for step in derivation(layer):
        values = step.value if isinstance(step.value, tuple) else (step.value,)
        assert tuple(map(evaluate, step.substituted.split(" × "))) == values
    values = [step.value for step in output_steps(layer)]
    assert values in ([len(across), len(down)], [len(across)])
    if len(values) == 1:
        assert len(across) == len(down)


def test_steps_show_formula_and_numbers() -> None:
    layer = ConvLayer(
        input=(28, 14, 6), filter=(5, 3), stride=(2, 1), pad="same", filters=4, dilation=2, groups=2
    )
    assert [step[:4] for step in essentials(layer)] == [
        (
            "width",
            "(W − (d·(FW − 1) + 1) + P_before + P_after)/S + 1",
            "(28 − (2·(5 − 1) + 1) + 3 + 4)/2 + 1",
            14,
        ),
        ("height", "(H − (d·(FH − 1) + 1) + 2·P)/S + 1", "(14 − (2·(3 − 1) + 1) + 2·2)/1 + 1", 14),
        ("neurons", "W_out·H_out·K", "14·14·4", 784),
        ("weights per neuron", "FW·FH·D/G", "5·3·6/2", 45),
        ("multiply-adds", "neurons·weights per neuron", "784·45", 35280),
        ("FLOPs", "2·multiply-adds", "2·35280", 70560),
    ]


def test_no_input_of_no_rows_is_offered() -> None:
    # one row and a pad of 1 are 3; a filter of 2 leaves 1, and 1 - 1 rows would be none
    layer = ConvLayer(input=(9, 1, 1), filter=(1, 2), stride=(1, 2), pad=(0, 1), filters=1)
    assert [repair.value for repair in repairs(layer) if repair.option == "input"] == ["9x2x1"]


@pytest.mark.slow
@given(st.integers(0, 10**25))
def test_memory_is_rounded_to_a_tenth_and_says_so(count: int) -> None:
    text = memory(count)
    figure, unit = text.removeprefix("≈").split()
    size = 1000 ** ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"].index(unit)
    shown = Fraction(figure.replace(",", "")) * size
    assert (shown == count) == (not text.startswith("≈"))
    assert abs(shown - count) <= Fraction(size, 20)
    assert shown < 1000 * size or unit == "EB"


@given(st.integers(1, 10**12), st.integers(1, 10**6))
def test_ratios_are_rounded_to_a_whole_and_say_so(top: int, bottom: int) -> None:
    text = ratio(top, bottom)
    shown = int(text.removeprefix("≈").replace(",", ""))
    assert (shown * bottom == top) == (not text.startswith("≈"))
    assert abs(shown - Fraction(top, bottom)) <= Fraction(1, 2)
