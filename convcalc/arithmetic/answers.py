"""Did I get it right? Hold an answer against every number of the layer and every known mistake.

A mistake is named only if its arithmetic gives exactly the answer; and none where the answer is
the number of shared parameters or the size of the output, however else it might come about.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from convcalc.arithmetic.derivation import (
    Step,
    depth_step,
    derivation,
    output_steps,
    weight_step,
)
from convcalc.arithmetic.wrong import Finding, wrong_counts, wrong_sizes
from convcalc.errors import BadRequest
from convcalc.layer import ConvLayer
from convcalc.layer.parse import numbers

REMEDY = "give a count such as 34,944, or a size such as 55x55x96 or 55x55"

COUNT = re.compile("[0-9]+|[0-9]{1,3}(?:([, _'\u00a0\u2009\u202f])[0-9]{3})(?:\\1[0-9]{3})*")

MOST_DIGITS = 4000
"""Python prints integers of up to 4,300 digits."""


class Verdict(NamedTuple):
    """An answer, what it is right for, the mistakes that give it, and where to compare if none."""

    answer: str
    right: list[Finding]
    mistakes: list[Finding]
    compare: Step | None


def read_answer(text: str) -> tuple[int, ...]:
    """Return a count as one number, or the two or three sides of a size.

    Raises BadRequest for anything else.

    >>> read_answer("34,944"), read_answer("55x55x96")
    ((34944,), (55, 55, 96))
    """
    text = text.strip()
    if COUNT.fullmatch(text):
        digits = re.sub("[^0-9]", "", text)
        if len(digits) > MOST_DIGITS:
            raise BadRequest("answer", text, f"has more than {MOST_DIGITS} digits", REMEDY)
        return (int(digits),)
    if not re.search("[xX×]", text):
        raise BadRequest("answer", text, "is not a whole number", REMEDY)
    sides = numbers("answer", text, REMEDY)
    if len(sides) > 3 or min(sides) < 0:
        raise BadRequest("answer", text, "is not a size", REMEDY)
    return sides


def judge(layer: ConvLayer, answer: tuple[int, ...], dtype: str = "float32") -> Verdict:
    """Return what an answer is for a layer.

    >>> layer = ConvLayer(input=(32, 32, 3), filter=3, filters=32)
    >>> [mistake.name for mistake in judge(layer, (288,)).mistakes]
    ['forgot the depth and the biases']
    """
    if len(answer) > 1:
        text, right = "x".join(map(str, answer)), list(_right_size(layer, answer))
        mistakes = _different(wrong_sizes(layer, answer))
        pairs = zip(_sides(layer), answer, strict=False)
        first = next((step for step, side in pairs if step.value != side), None)
    else:
        text, right = f"{answer[0]:,}", list(_right_counts(layer, answer[0], dtype))
        known = answer[0] == layer.parameters.shared.total
        mistakes = [] if known else _different(wrong_counts(layer, answer[0]))
        first = weight_step(layer)
    return Verdict(text, right, mistakes, None if right or mistakes else first)


def _right_size(layer: ConvLayer, size: tuple[int, ...]) -> Iterator[Finding]:
    if size == layer.output:
        yield Finding("output volume", [*output_steps(layer), depth_step(layer)], [])
    elif size == layer.output[:2]:
        yield Finding("width and height of the output", output_steps(layer), [])


def _right_counts(layer: ConvLayer, number: int, dtype: str) -> Iterator[Finding]:
    for step in (*derivation(layer, dtype), *_further_counts(layer)):
        if step.value == number:
            yield Finding(step.name, [step], [])


def _further_counts(layer: ConvLayer) -> Iterator[Step]:
    """Yield counts that are right, and that the derivation goes past."""
    counts, n = layer.parameters, layer.weights_per_neuron
    width, height, depth = layer.input
    inputs = f"{width}·{height}·{depth}"
    for name, formula, substituted, value in (
        ("shared weights", "K·weights per neuron", f"{layer.filters}·{n}", counts.shared.weights),
        (
            "unshared weights",
            "neurons·weights per neuron",
            f"{layer.neurons}·{n}",
            counts.unshared.weights,
        ),
        (
            "fully connected weights",
            "neurons·W·H·D",
            f"{layer.neurons}·{inputs}",
            counts.fully_connected.weights,
        ),
        (
            "fully connected parameters",
            "neurons·(W·H·D + biases per neuron)",
            f"{layer.neurons}·({inputs} + {int(layer.bias)})",
            counts.fully_connected.total,
        ),
    ):
        yield Step(name, formula, substituted, value, "")


def _sides(layer: ConvLayer) -> tuple[Step, Step, Step]:
    """Return the steps of width, height and depth; one step may stand for the first two."""
    steps = output_steps(layer)
    return steps[0], steps[-1], depth_step(layer)


def _different(findings: Iterator[Finding]) -> list[Finding]:
    """Return the findings without those that say the same thing twice."""
    return list({(one.name, tuple(one.steps)): one for one in findings}.values())
