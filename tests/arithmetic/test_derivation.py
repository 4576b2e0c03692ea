"""The derivation: every step's arithmetic done again."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.budget import examples
from support.generated import huge_layers, layers, windows_of
from support.sums import evaluate

from convcalc import ConvLayer
from convcalc.arithmetic.derivation import derivation
from convcalc.arithmetic.use import Use


def counted(layer: ConvLayer) -> dict[str, int]:
    """What the steps should come to, by the notes' own sums."""
    sides = []
    for size, before, after, filter, stride, dilation in (
        (layer.input.width, *layer.pad[:2], layer.filter[0], layer.stride.x, layer.dilation.x),
        (layer.input.height, *layer.pad[2:], layer.filter[1], layer.stride.y, layer.dilation.y),
    ):
        last = size + before + after - ((filter - 1) * dilation + 1)
        sides.append(last // stride + 1)
    width, height = sides
    each = layer.filter[0] * layer.filter[1] * (layer.input.depth // layer.groups)
    bias = 1 if layer.bias else 0
    one = each + bias
    neurons = width * height * layer.filters
    whole = layer.input.width * layer.input.height * layer.input.depth
    (left, right, top, bottom), deep = layer.pad, layer.input.depth // layer.groups
    padded = (left + layer.input.width + right, top + layer.input.height + bottom)
    shared = layer.filters * each + (neurons if layer.bias == "untied" else layer.filters) * bias
    kept = 2 * (neurons + shared)
    return {
        "width": width,
        "height": height,
        "depth of the output volume": layer.filters,
        "padded volume": (*padded, layer.input.depth),
        "neurons": neurons,
        "weights per neuron": each,
        "shape of the weights, channels last": (layer.filters, *layer.filter[1::-1], deep),
        "shape of the weights, channels first": (layer.filters, deep, *layer.filter[1::-1]),
        "im2col matrix": (each, width * height),
        "biases per neuron": one - each,
        "fully connected parameters": neurons * (whole + one - each),
        "unshared parameters": neurons * one,
        "shared parameters": shared,
        "parameters of a dense layer": layer.filters * (whole + one - each),
        "sharing factor": width * height,
        "multiply-adds": neurons * each,
        "FLOPs": 2 * neurons * each,
        "multiplications": neurons * each,
        "additions": neurons * (one - 1),
        "multiplications and additions": neurons * (each + one - 1),
        "connections": neurons * one,
        "activations": neurons,
        "bytes of the activations": 4 * neurons,
        "numbers of input and output": whole + neurons,
        "bytes of input and output": 4 * (whole + neurons),
        "numbers kept in training": kept,
        "bytes kept in training": 4 * kept,
        "bytes of the fully connected parameters": 4 * neurons * (whole + one - each),
        "bytes of the unshared parameters": 4 * neurons * one,
        "bytes of the shared parameters": 4 * shared,
    }


@pytest.mark.slow
@given(st.one_of(layers(side=30, untied=True), huge_layers()))
@settings(max_examples=examples(2000))
def test_every_step_does_the_sum_it_shows(layer: ConvLayer) -> None:
    steps = derivation(layer)
    for step in steps:
        assert evaluate(step.substituted) == step.value, step
    expected = counted(layer)
    sides = {"width, height": ("width", "height")}
    values = {name: step.value for step in steps for name in sides.get(step.name, (step.name,))}
    assert values == expected
    assert list(values) == list(expected)


@pytest.mark.slow
@given(
    layers(side=30, untied=True),
    st.sampled_from([("float16", 2), ("float32", 4), ("float64", 8)]),
)
def test_every_step_has_a_formula_and_one_sentence(
    layer: ConvLayer, dtype: tuple[str, int]
) -> None:
    across, down = windows_of(layer)
    steps = derivation(layer, Use(dtype[0]))
    for step in steps:
        assert re.fullmatch(r"[A-Z][^.]*\.", step.why), step
        assert evaluate(step.substituted) == step.value
        if "parameters" in step.name:
            assert layer.bias or "1" not in step.formula
    assert steps[-1].value == dtype[1] * layer.parameters.shared.total
    assert f"{dtype[0]} number takes {dtype[1]} bytes" in steps[-1].why
    assert f"{len(across)}x{len(down)}x{layer.filters}" in str(steps)


@pytest.mark.slow
@given(layers(side=25))
@settings(max_examples=300)
def test_the_words_count_the_steps_of_the_filter(layer: ConvLayer) -> None:
    by_name = {name: step for step in derivation(layer) for name in step.name.split(", ")}
    for axis, windows in zip(layer.axes, windows_of(layer), strict=True):
        why = by_name[axis.name].why
        left = axis.size + axis.after - 1 - windows[-1][-1]
        row = "padded row" if axis.before + axis.after else "row"
        if len(windows) == 1 and not left:
            assert why == f"The filter covers the whole {row}: the start is its only position."
            continue
        steps = {0: "no step", 1: "1 step"}.get(len(windows) - 1, f"{len(windows) - 1} steps")
        stay = "stays" if left == 1 else "stay"
        end = f"; {left} of its pixels {stay} unseen" if left else ""
        room = f"there is room for {steps} of {axis.stride}{end}."
        assert why == f"After the start at the edge of the {row} {room}"
