"""What each mistake makes of a layer: its wrong counts and its wrong sizes, each a step to show."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from convcalc.arithmetic.derivation import (
    Step,
    axis_symbols,
    depth_step,
    neuron_step,
    output_steps,
    shared_step,
    unshared_step,
    weight_step,
)
from convcalc.arithmetic.mistakes import (
    ALONG_AN_AXIS,
    OF_NEURONS,
    OF_SHARED,
    OF_UNSHARED,
    Mistake,
)
from convcalc.arithmetic.sums import evaluated, put_in
from convcalc.layer import ConvLayer


class Finding(NamedTuple):
    """By which steps an answer comes about, and the right ones where those are wrong."""

    name: str
    steps: list[Step]
    right: list[Step]


def wrong_counts(layer: ConvLayer, number: int) -> Iterator[Finding]:
    """Yield the mistakes that give this number."""
    for right, mistakes in (
        (shared_step(layer), OF_SHARED),
        (unshared_step(layer), OF_UNSHARED),
        (neuron_step(layer), OF_NEURONS),
    ):
        for mistake in mistakes:
            if mistake.bias in (None, layer.bias):
                wrong = _wrong_count(layer, right.name, mistake)
                if wrong.value == number != right.value:
                    yield Finding(mistake.name, [wrong], [right])
    for name, steps in _wrong_output_steps(layer):
        for wrong, right in zip(steps, output_steps(layer), strict=True):
            if wrong.value == number != right.value:
                yield Finding(name, [wrong], [right])
        yield from _wrong_neurons(layer, name, steps, number)


def _wrong_neurons(
    layer: ConvLayer, name: str, steps: list[Step], number: int
) -> Iterator[Finding]:
    """Yield a mistake about the output's size where the neurons counted with it are these."""
    width, height, right = steps[0].value, steps[-1].value, neuron_step(layer)
    if width > 0 < height and width * height * layer.filters == number != right.value:
        text = f"{width}·{height}·{layer.filters}"
        wrong = right._replace(substituted=text, value=number, why=steps[0].why)
        yield Finding(name, [*steps, wrong], [*output_steps(layer), right])


def wrong_sizes(layer: ConvLayer, size: tuple[int, ...]) -> Iterator[Finding]:
    """Yield the mistakes that give this size of the output."""
    depth = list(_wrong_depth(layer, size))
    if depth and depth[0].steps[0].value != size[2]:
        return
    across, down = _axis_steps(layer)
    if size[:2] != layer.output[:2]:
        found = [
            Finding(name, steps, output_steps(layer))
            for name, steps in _wrong_output_steps(layer)
            if (steps[0].value, steps[-1].value) == size[:2]
        ]
        if (down.value, across.value) == size[:2]:
            swapped = [down._replace(name="width"), across._replace(name="height")]
            found.append(Finding("swapped width and height", swapped, [across, down]))
        if not found:
            return
        yield from found
    yield from depth


def _wrong_depth(layer: ConvLayer, size: tuple[int, ...]) -> Iterator[Finding]:
    """Yield the input's depth in place of the output's, where the size has not the latter."""
    right = depth_step(layer)
    if len(size) > 2 and size[2] != right.value:
        depth = layer.input.depth
        why = "The output has a depth slice for each filter."
        wrong = Step(right.name, "D", f"{depth}", depth, why)
        yield Finding("confused filters with depth", [wrong], [right])


def _axis_steps(layer: ConvLayer) -> tuple[Step, Step]:
    """Return the steps of width and height, one of which may stand for both."""
    steps = output_steps(layer)
    return steps[0], steps[-1]


def _wrong_output_steps(layer: ConvLayer) -> Iterator[tuple[str, list[Step]]]:
    """Yield what each mistake makes of the output's width and height."""
    right = output_steps(layer)
    letters = [("W", "F")] if len(right) == 1 else [("W", "FW"), ("H", "FH")]
    for mistake in ALONG_AN_AXIS:
        yield (
            mistake.name,
            [
                _step(step.name, mistake, mistake.formula, axis_symbols(axis, *letter))
                for axis, step, letter in zip(layer.axes, right, letters, strict=False)
            ],
        )


def _wrong_count(layer: ConvLayer, name: str, mistake: Mistake) -> Step:
    """Return what a mistake makes of a count, as a step of that name."""
    once_more = r"(\1 + 1)" if layer.bias else r"\1"
    formula = re.sub("<(.*)>", once_more, mistake.formula)
    return _step(name, mistake, formula, _symbols(layer))


def _symbols(layer: ConvLayer) -> dict[str, tuple[str, str]]:
    numbers = {
        "K": layer.filters,
        "D": layer.input.depth,
        "W": layer.input.width,
        "H": layer.input.height,
        "FW": layer.filter.width,
        "FH": layer.filter.height,
        "W_out": layer.output.width,
        "H_out": layer.output.height,
    }
    one = weight_step(layer)
    grouped = layer.groups > 1
    return {letter: (letter, str(number)) for letter, number in numbers.items()} | {
        "n": (one.formula, one.substituted),
        "FILTERS": ("K/G", f"{layer.filters}/{layer.groups}")
        if grouped
        else ("K", f"{layer.filters}"),
    }


def _step(name: str, mistake: Mistake, formula: str, symbols: dict[str, tuple[str, str]]) -> Step:
    letters, numbers = put_in(formula, symbols | {"ceil": ("ceil", "ceil")})
    whole = all(evaluated(part).denominator == 1 for part in re.findall(r"\[(.*)\]", numbers))
    floor = r"\1" if whole else r"floor(\1)"
    letters, numbers = (re.sub(r"\[(.*)\]", floor, text) for text in (letters, numbers))
    return Step(name, letters, numbers, int(evaluated(numbers)), mistake.why)
