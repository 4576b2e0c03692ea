"""Formulas as data: each does, by Python's own arithmetic, what the layer says of itself."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.budget import examples
from support.evaluator import by_python, written_out
from support.generated import huge_layers, layers

from convcalc import ConvLayer
from convcalc.arithmetic.answers.judging import judge
from convcalc.arithmetic.answers.mistakes import MISTAKES
from convcalc.arithmetic.derivation import derivation, results
from convcalc.arithmetic.formula import holds, say, work_out
from convcalc.arithmetic.formulas import FORMULAS, SHORTS, SIZE
from convcalc.arithmetic.use import USUAL, Use
from convcalc.layer.symbols import Symbol
from convcalc.present.page.builder import tables
from convcalc.present.screens.explanation import derivation_record, explained_in_markdown
from convcalc.present.text.latex import explained_in_latex
from convcalc.present.text.record import layer_record


def letters_of(layer: ConvLayer) -> dict[str, dict[str, int]]:
    """The letters' numbers, of the layer and along each axis, without asking for its symbols."""
    pad, sides = layer.pad, {}
    for side, size, field, step, hole, before, after in (
        ("width", layer.input[0], layer.filter[0], layer.stride[0], layer.dilation[0], *pad[:2]),
        ("height", layer.input[1], layer.filter[1], layer.stride[1], layer.dilation[1], *pad[2:]),
    ):
        sides[side] = {
            "W": size,
            "F": field,
            "S": step,
            "d": hole,
            "P": before,
            "B": bool(layer.bias),
        }
        sides[side] |= {"P_before": before, "P_after": after}
    whole = dict(zip("WHD", layer.input, strict=True)) | {"K": layer.filters, "G": layer.groups}
    whole |= {"FW": layer.filter[0], "FH": layer.filter[1], "B": int(bool(layer.bias))}
    whole |= {"W_out": layer.output[0], "H_out": layer.output[1], "bytes each": 4, "type": 4}
    whole |= dict(zip(("P_left", "P_right", "P_top", "P_bottom"), pad, strict=True))
    whole |= {"untied": int(layer.bias == "untied"), "batch": 1, "states": 0, "optimizer": 0}
    return sides | {"": whole}


def used(use: Use) -> dict[str, int]:
    """The numbers of a use, without asking it for them."""
    size = {"float16": 2, "float32": 4, "float64": 8}[use.dtype]
    states = {"none": 0, "momentum": 1, "adam": 2}[use.optimizer]
    named = {"type": size, "bytes each": size, "batch": use.batch}
    return named | {"states": states, "optimizer": states}


USES = st.builds(
    Use,
    st.sampled_from(["float16", "float32", "float64"]),
    st.one_of(st.just(1), st.integers(2, 10**9)),
    st.sampled_from(["none", "momentum", "adam"]),
)


def further_properties(layer: ConvLayer, use: Use) -> dict[str, int | tuple[int, ...]]:
    """What else the formulas say of a layer: each by a sum of its own, from the layer's sizes."""
    (width, height, depth), (across, down, count) = layer.input, layer.output
    left, right, top, bottom = layer.pad
    own, (fw, fh) = depth // layer.groups, layer.filter[:2]
    n, places, bias = fw * fh * own, across * down, 1 if layer.bias else 0
    macs, neurons, per_group = places * count * n, places * count, count // layer.groups
    shared = count * n + bias * (neurons if layer.bias == "untied" else count)
    inputs, outputs = use.batch * width * height * depth, use.batch * neurons
    kept = 2 * outputs + shared * (2 + used(use)["states"])
    size = used(use)["bytes each"]
    return {
        "padded volume": (left + width + right, top + height + bottom, depth),
        "shape of the weights, channels last": (count, fh, fw, own),
        "shape of the weights, channels first": (count, own, fh, fw),
        "shape of the weights, in Keras's order": (fh, fw, own, count),
        "im2col matrix": (n, places),
        "im2col matrix, a row for each window": (places, n),
        "weights as a matrix, a row for each filter": (per_group, n),
        "output as a matrix, a row for each filter": (per_group, places),
        "parameters of a dense layer": count * (width * height * depth + bias),
        "FLOPs": macs + macs,
        "FLOPs with the biases": macs + macs + neurons,
        "multiplications": macs,
        "additions": neurons * (n - 1) + neurons * bias,
        "multiplications and additions": neurons * (2 * n - 1 + bias),
        "multiplications and additions without the biases": macs + neurons * (n - 1),
        "connections": macs + neurons * bias,
        "multiply-adds of the batch": use.batch * macs,
        "FLOPs of the batch": 2 * use.batch * macs,
        "activations": outputs,
        "bytes of the activations": outputs * size,
        "numbers of the input": inputs,
        "bytes of the input": inputs * size,
        "numbers of input and output": inputs + outputs,
        "bytes of input and output": (inputs + outputs) * size,
        "numbers kept in training": kept,
        "bytes kept in training": kept * size,
    }


def properties(layer: ConvLayer, size: int = 4) -> dict[str, int]:
    """What the layer says of itself, by the formulas' names."""
    counts = layer.parameters._asdict().items()
    named = {key.replace("_", " "): count for key, count in counts}
    work = {way.key.replace("_", " "): way.multiply_adds for way in layer.connections}
    return {
        "width": layer.axes[0].positions,
        "height": layer.axes[1].positions,
        "depth of the output volume": layer.output.depth,
        "neurons": layer.neurons,
        "weights per neuron": layer.weights_per_neuron,
        "biases per neuron": int(bool(layer.bias)),
        "sharing factor": layer.positions,
        "multiply-adds": layer.multiply_adds,
        "fully connected multiply-adds": work["fully connected"],
        **{f"{name} parameters": count.total for name, count in named.items()},
        **{f"{name} weights": count.weights for name, count in named.items()},
        **{f"bytes of the {name} parameters": size * count.total for name, count in named.items()},
    }


@pytest.mark.slow
@given(st.one_of(layers(side=30, untied=True), huge_layers()), USES)
@settings(max_examples=examples(2000))
def test_every_formula_evaluates_to_the_layers_own_number(layer: ConvLayer, use: Use) -> None:
    letters, shorts = letters_of(layer), SHORTS["conv"]
    own = properties(layer, used(use)["bytes each"])
    known = own | further_properties(layer, use)
    named = letters[""] | {n: v for n, v in known.items() if isinstance(v, int)} | used(use)
    seen = set()
    for formula in FORMULAS["conv"]:
        sides = ("width", "height") if formula.name == SIZE else ("",)
        for side in sides:
            numbers = letters[side] if side else named
            values = [
                by_python(written_out(part, numbers, shorts), numbers)
                for part in formula.text.split(" × ")
            ]
            name = side or formula.name
            if not formula.when or by_python(formula.when, numbers):
                assert values == [*known[name]] if values[1:] else values == [known[name]], name
            seen.add(name)
    assert seen == set(known)
    when = {"with the biases": layer.bias, "without the biases": layer.bias}
    when |= {"of the batch": use.batch > 1, "output as a matrix": layer.output.height > 1}
    found = results(layer, use)
    for result in found:
        for name in [result.name] if result.name in known else result.name.split(", "):
            assert result.value == known[name]
    missing = {name for name in known if any(end in name and not when[end] for end in when)}
    told = {name for one in found for name in {one.name, *one.name.split(", ")}}
    assert set(known) - told == missing


@pytest.mark.slow
@given(st.one_of(layers(side=30, untied=True), huge_layers()))
@settings(max_examples=examples(2000))
def test_every_mistake_evaluates_alike_by_python(layer: ConvLayer) -> None:
    letters, shorts = letters_of(layer), SHORTS["conv"]
    named = {n: v for n, v in further_properties(layer, USUAL).items() if isinstance(v, int)}
    named |= letters[""] | properties(layer) | {"it": 139776, "g": 4}
    along = dict(
        zip(("width", "height"), (axis.symbols("W", "F") for axis in layer.axes), strict=True)
    )
    for mistake in MISTAKES["conv"]:
        for side in ("width", "height") if mistake.of == SIZE else ("",):
            numbers = letters[side] if side else named
            symbols = along.get(
                side, {name: Symbol(name, number) for name, number in named.items()}
            )
            ours = work_out(mistake.text, symbols, shorts)
            expected = by_python(written_out(mistake.text, numbers, shorts), numbers)
            assert Fraction(ours.numerator, ours.denominator) == expected, mistake
            if mistake.when:
                condition = written_out(mistake.when, numbers, shorts)
                assert holds(mistake.when, symbols, shorts) == bool(by_python(condition, numbers))


LETTERS = {name: Symbol(name, number) for name, number in {"W": 9, "S": 4, "K": 1, "Z": 0}.items()}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("no braces", "no braces"),
        ("{W} of {S·1000,}", "9 of 4,000"),
        ("{W/S~}, {W/3~}, {W/7~}", "2.25, 3, 1 2/7"),
        ("{(W − K)/S:}", "(9 − 1)/4"),
        ("{W!}", "W"),
        ("{neurons=}", "2·3 = 6"),
        ("{Z|none|some} {S|none|some}", "none some"),
        ("{Z|none|one|#} {K|none|one|#} {S·500|none|one|#}", "none one 2,000"),
        ("a{S||{Z|, {W} and {K|x|y}|c}}d", "a, 9 and yd"),
    ],
)
def test_what_depends_on_the_layer_is_put_in(sentence: str, expected: str) -> None:
    assert say(sentence, LETTERS, (), {"neurons": "2·3 = 6"}) == expected


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(FORMULAS["conv"])))
def test_a_changed_formula_changes_everything_that_shows_it(
    place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = ConvLayer(input=(9, 7, 4), filter=3, stride=2, pad=1, filters=6, groups=2)

    def shown() -> dict[str, Any]:
        results.cache_clear()
        values = {one.values for one in results(layer, use)}
        return {
            "derivation": derivation(layer, use),
            "json": layer_record(layer, use) | derivation_record(layer, use),
            "latex": explained_in_latex(layer, use),
            "markdown": explained_in_markdown(layer, use),
            "page": tables(layer)["formulas"],
            "answers": {
                n: [one.name for one in judge(layer, "x".join(map(str, n)), use).right]
                for n in values
            },
        }

    use = Use(batch=2, optimizer="adam")
    before, table = shown(), FORMULAS["conv"]
    first, *rest = table[place].text.split(" × ")
    changed = table[place]._replace(text=" × ".join([f"({first})·2", *rest]))
    monkeypatch.setitem(FORMULAS, "conv", (*table[:place], changed, *table[place + 1 :]))
    after = shown()
    results.cache_clear()
    kept = {name for name, value in before.items() if after[name] == value}
    assert kept <= ({*before} - {"answers"} if changed.further else set())
