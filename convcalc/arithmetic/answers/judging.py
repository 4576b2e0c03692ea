"""Did I get it right? Hold an answer against every number of the layer and every known mistake.

A mistake is named only if its arithmetic gives exactly the answer; and none where the answer is
the number of shared parameters or the size of the output, however else it might come about.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from convcalc.arithmetic.answers.wrong import Finding, wrong_counts, wrong_depths, wrong_sizes
from convcalc.arithmetic.derivation import Step, depth_step, output_steps, results
from convcalc.arithmetic.use import USUAL, Use
from convcalc.errors import BadRequest
from convcalc.layer import Layer
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


def judge(layer: Layer, answer: tuple[int, ...], use: Use = USUAL) -> Verdict:
    """Return what an answer is for a layer.

    >>> from convcalc.layer import ConvLayer
    >>> layer = ConvLayer(input=(32, 32, 3), filter=3, filters=32)
    >>> [mistake.name for mistake in judge(layer, (288,)).mistakes]
    ['forgot the depth and the biases']
    """
    if len(answer) > 1:
        return _judge_size(layer, answer)
    number = answer[0]
    right = [one for one in results(layer, use) if one.value == number]
    mistakes = []
    if not any(one.formula.settles for one in right):
        mistakes = _different(one for one in wrong_counts(layer) if one.value == number)
    compare = None
    if not right and not mistakes:
        compare = next(one.step for one in results(layer) if one.formula.compare)
    found = [Finding(one.name, [one.step], []) for one in right]
    return Verdict(f"{number:,}", found, mistakes, compare)


def _judge_size(layer: Layer, size: tuple[int, ...]) -> Verdict:
    steps, depth = output_steps(layer), depth_step(layer)
    right, mistakes = [], []
    if size == layer.output:
        right = [Finding("output volume", [*steps, depth], [])]
    elif size == layer.output[:2]:
        right = [Finding("width and height of the output", steps, [])]
    else:
        mistakes = _different(_size_mistakes(layer, size, depth))
    compare = None
    if not right and not mistakes:
        sides = zip((steps[0], steps[-1], depth), size, strict=False)
        compare = next(step for step, side in sides if step.value != side)
    return Verdict("x".join(map(str, size)), right, mistakes, compare)


def _size_mistakes(layer: Layer, size: tuple[int, ...], depth: Step) -> Iterator[Finding]:
    """Yield the mistakes that together explain a size, of which some side is wrong."""
    sides: list[Finding] = []
    depths: list[Finding] = []
    if size[:2] != layer.output[:2]:
        sides = [one for one in wrong_sizes(layer) if (one.steps[0].value, one.value) == size[:2]]
        if not sides:
            return
    if len(size) > 2 and size[2] != depth.value:
        depths = [one for one in wrong_depths(layer) if one.value == size[2]]
        if not depths:
            return
    yield from sides
    yield from depths


def _different(findings: Iterator[Finding]) -> list[Finding]:
    """Return the findings without those that say the same thing twice."""
    return list({(one.name, tuple(one.steps)): one for one in findings}.values())
