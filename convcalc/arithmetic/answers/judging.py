"""Did I get it right? Hold an answer against every number of the layer and every known mistake.

A mistake is named only if its arithmetic gives exactly the answer; and none where the answer is
the number of shared parameters or the size of the output, however else it might come about.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from convcalc.arithmetic.answers.wrong import SIDES, Wrong, wrong_values
from convcalc.arithmetic.derivation import Step, depth_step, output_steps, results
from convcalc.arithmetic.formulas import DEPTH
from convcalc.arithmetic.use import USUAL, Use
from convcalc.errors import BadRequest
from convcalc.layer import Layer
from convcalc.layer.parse import numbers

REMEDY = "give a count such as 34,944, or a size such as 55x55x96 or 55x55"

COUNT = re.compile("[0-9]+|[0-9]{1,3}(?:([, _'\u00a0\u2009\u202f])[0-9]{3})(?:\\1[0-9]{3})*")

MOST_DIGITS = 4000
"""Python prints integers of up to 4,300 digits."""


class Right(NamedTuple):
    """What an answer is right as, and the steps to it."""

    name: str
    steps: list[Step]


class Verdict(NamedTuple):
    """An answer, what it is right for, the mistakes that give it, and where to compare if none."""

    answer: str
    right: list[Right]
    mistakes: list[Wrong]
    compare: Step | None

    @property
    def is_right(self) -> bool:
        """Whether the answer is a number, or the size, of the layer."""
        return bool(self.right)


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
        mistakes = _different(one for one in wrong_values(layer, use) if one.value == answer)
    compare = None
    if not right and not mistakes:
        compare = next(one.step for one in results(layer) if one.formula.compare)
    found = [Right(one.name, [one.step]) for one in right]
    return Verdict(f"{number:,}", found, mistakes, compare)


def _judge_size(layer: Layer, size: tuple[int, ...]) -> Verdict:
    steps, depth = output_steps(layer), depth_step(layer)
    right, mistakes = [], []
    output, places = layer.output.sides, layer.output.dimensions
    if size == output:
        right = [Right("output volume", [*steps, depth])]
    elif size == output[:places]:
        right = [Right(SIDES, steps)]
    else:
        mistakes = _size_mistakes(layer, size)
    compare = None
    if not right and not mistakes:
        sides = zip((*(2 * steps)[:places], depth), size, strict=False)
        compare = next(step for step, side in sides if step.value != side)
    return Verdict("x".join(map(str, size)), right, mistakes, compare)


def _size_mistakes(layer: Layer, size: tuple[int, ...]) -> list[Wrong]:
    """Return the mistakes that together explain a size: all of what is wrong with it, or none."""
    found = []
    output, places = layer.output.sides, layer.output.dimensions
    for of, part, right in (
        (SIDES, size[:places], output[:places]),
        (DEPTH, size[places:], output[places:]),
    ):
        if part and part != right:
            makers = [one for one in wrong_values(layer) if (one.of, one.value) == (of, part)]
            if not makers:
                return []
            found += makers
    return _different(found)


def _different(findings: Iterable[Wrong]) -> list[Wrong]:
    """Return the findings without those that say the same thing twice."""
    return list({(one.name, tuple(one.steps)): one for one in findings}.values())
