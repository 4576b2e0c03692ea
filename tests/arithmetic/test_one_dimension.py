"""What is told of a layer in one dimension: the numbers of height 1, in words of length alone."""

import re
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given
from support.generated import flattened, series, windows_of

from convcalc import ConvLayer
from convcalc.arithmetic.answers.judging import judge
from convcalc.arithmetic.answers.mistakes import MISTAKES
from convcalc.arithmetic.connections import ladder
from convcalc.arithmetic.derivation import derivation, output_of, results
from convcalc.arithmetic.fit import fits, misfit, repairs
from convcalc.arithmetic.formulas import FORMULAS, SHORTS

NEVER = re.compile(
    r"\bF?H(_out)?\b|P[WH]\b|P_(top|bottom)|\b[Hh]eight|\b[Ww]idth|[Pp]ixel|\bcolumn"
)
"""What no text about a series has in it."""

HEIGHT = re.compile(rf"{NEVER.pattern}|W_out|FW|\bW\b")
"""What nothing that is shown of one has in it, where the letters are its own."""


HEIGHT_AT = {
    "padded volume": 1,
    "shape of the weights, channels last": 1,
    "shape of the weights, channels first": 2,
}
"""Which side of a shape is left out of one."""


@given(series())
def test_every_count_is_that_of_height_1_and_of_sliding(
    layer: ConvLayer,
) -> None:
    flat, (length, channels) = flattened(layer), layer.input.sides
    windows, _ = windows_of(layer)
    seen = len(windows[0]) * (channels // layer.groups)
    neurons = len(windows) * layer.filters
    bias = int(layer.bias)
    assert layer.output.sides == (len(windows), layer.filters)
    assert (layer.neurons, layer.multiply_adds) == (neurons, neurons * seen)
    assert [tuple(way.parameters) for way in layer.connections] == [
        (neurons * length * channels, neurons * bias),
        (neurons * seen, neurons * bias),
        (layer.filters * seen, layer.filters * bias),
    ]
    assert [rung[2:] for rung in ladder(layer)] == [rung[2:] for rung in ladder(flat)]
    assert output_of(layer) == layer.output
    assert fits(layer) == (windows[-1][-1] == length + layer.pad.right - 1)


@given(series())
def test_every_step_says_the_same_number_without_a_height(
    layer: ConvLayer,
) -> None:
    flat = flattened(layer)
    ours = {step.name: step for step in derivation(layer)}
    theirs = {step.name: step for step in derivation(flat)}
    sides = ("width, height", "width", "height")
    assert [*ours] == ["length", *(name for name in theirs if name not in sides)]
    assert ours["length"].value == flat.output.width
    for name, step in ours.items():
        if name in HEIGHT_AT:
            place = HEIGHT_AT[name]
            assert step.value == theirs[name].value[:place] + theirs[name].value[place + 1 :]
        elif name != "length":
            assert step.value == theirs[name].value
        assert not HEIGHT.search(f"{step.name} {step.formula} {step.why}"), step
        sums = re.sub(r"\d+", lambda n: f"Fraction({n[0]})", step.substituted)
        plain = sums.replace("·", "*").replace("−", "-").replace("×", ",")
        assert eval(plain, {"Fraction": Fraction, "floor": floor}) == step.value


@given(series())
def test_what_does_not_fit_is_told_in_samples(
    layer: ConvLayer,
) -> None:
    flat = flattened(layer)
    if not fits(layer):
        left = layer.axes[0].unused
        samples = "sample" if left == 1 else f"{left} samples"
        assert f"(length): the last {samples}" in misfit(layer)
        assert not HEIGHT.search(misfit(layer))
    found = [(repair.option, repair.layer) for repair in repairs(layer)]
    for option, repaired in found:
        assert repaired.kind == layer.kind
        assert fits(repaired), option
    ours = [repair.value for repair in repairs(layer) if repair.option == "stride"]
    assert ours == [repair.value.split("x")[0] for repair in repairs(flat) if repair[0] == "stride"]


@pytest.mark.parametrize("table", [FORMULAS, MISTAKES, SHORTS])
def test_no_row_of_a_table_speaks_of_height(table: dict[str, tuple[Any, ...]]) -> None:
    for row in table["conv1d"]:
        texts = {field: text for field, text in row._asdict().items() if isinstance(text, str)}
        for field in ("name", "of", "recorded"):
            texts.pop(field, None)
        assert not NEVER.search(" | ".join(texts.values())), row


@given(series())
def test_no_mistake_speaks_of_height(layer: ConvLayer) -> None:
    answers = {one.values for one in results(layer)}
    length, channels = layer.input.sides
    answers |= {(length, layer.filters), (layer.output.width + 1, layer.filters), (21, 7)}
    answers |= {(length * channels,), (layer.filters * layer.filter.width,)}
    for answer in answers:
        verdict = judge(layer, "x".join(map(str, answer)))
        steps = [step for one in (*verdict.right, *verdict.mistakes) for step in one.steps]
        steps += [verdict.compare] if verdict.compare else []
        for step in steps:
            assert not HEIGHT.search(f"{step.name} {step.formula} {step.why}"), step


def test_answers_about_sixty_samples() -> None:
    layer = ConvLayer(input=(60, 1), filter=40, filters=7)
    assert [one.name for one in judge(layer, "21x7").right] == ["output volume"]
    assert "length" in [one.name for one in judge(layer, "21").right]
    assert [one.name for one in judge(layer, "20x7").mistakes] == ["forgot the + 1"]
    assert [one.name for one in judge(layer, "21x1").mistakes] == ["confused filters with depth"]
    assert [one.name for one in judge(layer, "60x7").mistakes] == ["used the input's size"]
    assert "shared parameters" in [one.name for one in judge(layer, "287").right]
    assert "forgot the biases" in [one.name for one in judge(layer, "280").mistakes]
    compare = judge(layer, "21x8").compare
    assert compare is not None
    assert compare.name == "depth of the output volume"
