"""What each mistake makes of a layer: its wrong counts and its wrong sizes, each a step to show."""

from collections.abc import Iterator
from typing import NamedTuple

from convcalc.arithmetic.answers.mistakes import MISTAKES, Mistake
from convcalc.arithmetic.derivation import Result, Step, output_letters, output_steps, results
from convcalc.arithmetic.formula import holds, work_out
from convcalc.arithmetic.formulas import DEPTH, SIZE
from convcalc.layer import Layer
from convcalc.layer.symbols import Letters


class Finding(NamedTuple):
    """By which steps a number comes about, and the right ones where those are wrong."""

    name: str
    steps: list[Step]
    right: list[Step]

    @property
    def value(self) -> int:
        """The number that comes about."""
        return self.steps[-1].value


def wrong_counts(layer: Layer) -> Iterator[Finding]:
    """Yield every number that a mistake makes of one of the layer's, where it is not the right one.

    >>> from convcalc.layer import ConvLayer
    >>> found = wrong_counts(ConvLayer(input=(32, 32, 3), filter=3, filters=32))
    >>> next((one.name, one.value) for one in found)
    ('forgot the depth', 320)
    """
    for mistake in MISTAKES.get(layer.kind, ()):
        wrong, right = _made(layer, mistake)
        for one, other in zip(wrong, right, strict=True):
            yield from _finding(mistake.name, [one], [other])
        if mistake.of == SIZE and wrong:
            yield from _from_sizes(layer, mistake.name, wrong)


def wrong_sizes(layer: Layer) -> Iterator[Finding]:
    """Yield what mistakes make of the output's width and height, in a step each or in one."""
    for mistake in MISTAKES.get(layer.kind, ()):
        if mistake.of == SIZE:
            wrong, right = _made(layer, mistake)
            if wrong:
                yield Finding(mistake.name, wrong, right)
    right = output_steps(layer)
    if len(right) > 1:
        width, height = right
        swapped = [height._replace(name=width.name), width._replace(name=height.name)]
        yield Finding("swapped width and height", swapped, right)


def wrong_depths(layer: Layer) -> Iterator[Finding]:
    """Yield what mistakes make of the output's depth, where it is not the right one."""
    for mistake in MISTAKES.get(layer.kind, ()):
        if mistake.of == DEPTH:
            wrong, right = _made(layer, mistake)
            yield from _finding(mistake.name, wrong, right)


def _finding(name: str, wrong: list[Step], right: list[Step]) -> Iterator[Finding]:
    if wrong and wrong[-1].value != right[-1].value:
        yield Finding(name, wrong, right)


def _made(layer: Layer, mistake: Mistake) -> tuple[list[Step], list[Step]]:
    """Return what a mistake makes of each result it is of, and the right steps; nothing if none."""
    wrong, right = [], []
    for one in results(layer):
        if one.formula.name == mistake.of and holds(mistake.when, one.letters):
            wrong.append(_step(one, mistake.text, one.letters, mistake.why))
            right.append(one.step)
    return wrong, right


def _step(one: Result, text: str, letters: Letters, why: str) -> Step:
    made = work_out(text, letters, one.shorts)
    return Step(one.name, made.formula, made.substituted, made.value, why)


def _from_sizes(layer: Layer, name: str, sizes: list[Step]) -> Iterator[Finding]:
    """Yield what a wrong size of the output makes of the counts that are made of it."""
    if min(size.value for size in sizes) < 1:
        return
    wrong_output = output_letters([size.value for size in sizes])
    for one in results(layer):
        if any(letter in one.formula.text for letter in wrong_output):
            wrong = _step(one, one.formula.text, {**one.letters, **wrong_output}, sizes[0].why)
            yield from _finding(name, [*sizes, wrong], [*output_steps(layer), one.step])
